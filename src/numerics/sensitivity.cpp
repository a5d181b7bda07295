#include "numerics/sensitivity.hpp"

#include "base/error.hpp"
#include "numerics/dense.hpp"
#include "numerics/distributions.hpp"
#include "numerics/random.hpp"
#include "numerics/statistics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace platen::numerics {
namespace {

Bounded around(double value, double half) { return {value, value - half, value + half}; }

/// Mean with Student's interval; without bounds for a single value.
Bounded student_mean(const std::vector<double>& sample) {
  Bounded out;
  if (sample.empty()) return out;
  out.value = mean(sample);
  if (sample.size() < 2) return out;
  const double n = static_cast<double>(sample.size());
  return around(out.value, student_quantile(0.975, n - 1.0) * standard_deviation(sample) / std::sqrt(n));
}

/// Standard deviation; its bounds from the jackknife of its logarithm.
Bounded jackknife_deviation(const std::vector<double>& sample) {
  Bounded out;
  if (sample.size() < 2) return out;
  const double n = static_cast<double>(sample.size()), centre = mean(sample);
  out.value = standard_deviation(sample);
  const double squares = out.value * out.value * (n - 1.0);
  if (sample.size() < 4 || !(out.value > 1e-12 * std::abs(centre))) return out; // no scatter: nothing to be unsure of
  std::vector<double> logs;
  for (const double v : sample) {
    const double left = squares - (v - centre) * (v - centre) * n / (n - 1.0);
    if (left > 1e-12 * squares) logs.push_back(0.5 * std::log(left / (n - 2.0)));
  }
  if (logs.size() < sample.size()) return out; // one value makes all of the scatter
  const double half = student_quantile(0.975, n - 1.0) * standard_deviation(logs) * (n - 1.0) / std::sqrt(n);
  return {out.value, out.value * std::exp(-half), out.value * std::exp(half)};
}

void need_whole(std::size_t results, std::size_t factors, std::size_t block, std::string_view what) {
  if (factors == 0 || results == 0 || results % block != 0)
    throw Error("B004", fmt::format("{} of {} factors needs a multiple of {} results, got {}", what, factors, block, results));
}

/// What the estimators sum over rows, factor by factor; zero where something is missing.
struct Products {
  std::vector<double> once, twice;              ///< of A and B: sums of the values and of their squares per row
  std::vector<double> present;                  ///< how many of the row's A and B there are
  std::vector<std::vector<double>> first, total; ///< per factor (S14), (S15)
  std::vector<std::vector<double>> used;         ///< per factor: 1 where A, B and AB are there
  std::vector<bool> whole;                       ///< per factor: nothing is missing
};

Products products(std::span<const double> y, std::size_t k, double centre) {
  const std::size_t rows = y.size() / (k + 2);
  Products p{std::vector<double>(rows), std::vector<double>(rows), std::vector<double>(rows), {}, {}, {}, std::vector<bool>(k, true)};
  p.first = p.total = p.used = std::vector<std::vector<double>>(k, std::vector<double>(rows));
  for (std::size_t j = 0; j < rows; ++j) {
    const double* row = y.data() + j * (k + 2);
    const double a = row[0] - centre, b = row[k + 1] - centre;
    for (const double v : {a, b})
      if (std::isfinite(v)) {
        p.once[j] += v;
        p.twice[j] += v * v;
        p.present[j] += 1.0;
      }
    for (std::size_t i = 0; i < k; ++i) {
      const double ab = row[i + 1] - centre;
      if (!std::isfinite(a + b + ab)) {
        p.whole[i] = false;
        continue;
      }
      p.first[i][j] = b * (ab - a);
      p.total[i][j] = 0.5 * (a - ab) * (a - ab);
      p.used[i][j] = 1.0;
    }
  }
  return p;
}

/// First-order and total indices of every factor for rows of these weights (S16), then 1 - sum of the first (S17): 2 k + 1 numbers.
void weighted(const Products& p, std::span<const double> weights, std::span<double> out) {
  const std::size_t rows = weights.size(), k = p.first.size();
  const auto sum = [&](const std::vector<double>& v) { return dot(weights.data(), v.data(), rows); };
  const double count = sum(p.present), middle = sum(p.once) / count;
  const double variance = sum(p.twice) / count - middle * middle;
  double alone = 0.0;
  for (std::size_t i = 0; i < k; ++i) {
    const double used = p.whole[i] ? static_cast<double>(rows) : sum(p.used[i]); // weights sum to the rows
    out[2 * i] = sum(p.first[i]) / used / variance;
    out[2 * i + 1] = sum(p.total[i]) / used / variance;
    alone += out[2 * i];
  }
  out[2 * k] = 1.0 - alone;
}

/// 95 % bounds of each of `width` numbers over rows drawn with replacement.
std::vector<Bounded> resampled(const Products& p, std::size_t width, const Resampling& resampling) {
  const std::size_t rows = p.once.size();
  const auto samples = static_cast<std::size_t>(std::max(1, resampling.samples));
  std::vector<std::vector<double>> drawn(width);
  std::vector<double> weights(rows), one(width);
  for (std::size_t s = 0; s < samples; ++s) {
    RandomStream stream(resampling.seed, "sobol rows", s);
    std::fill(weights.begin(), weights.end(), 0.0);
    for (std::size_t j = 0; j < rows; ++j)
      weights[std::min(static_cast<std::size_t>(stream.uniform() * static_cast<double>(rows)), rows - 1)] += 1.0;
    weighted(p, weights, one);
    for (std::size_t w = 0; w < width; ++w)
      if (std::isfinite(one[w])) drawn[w].push_back(one[w]);
  }
  weighted(p, std::vector<double>(rows, 1.0), one);
  std::vector<Bounded> out(width);
  for (std::size_t w = 0; w < width; ++w) {
    out[w].value = one[w];
    if (rows < 2 || drawn[w].size() < samples / 2) continue;
    out[w].low = std::min(one[w], quantile(drawn[w], 0.025));
    out[w].high = std::max(one[w], quantile(drawn[w], 0.975));
  }
  return out;
}

} // namespace

std::vector<MorrisEffect> morris_effects(std::span<const double> points, std::span<const double> results, std::size_t factors) {
  const std::size_t block = factors + 1;
  need_whole(results.size(), factors, block, "a Morris study");
  if (points.size() != results.size() * factors) throw Error("B004", "a Morris study needs the coordinates of every result");
  std::vector<std::vector<double>> effects(factors), magnitudes(factors);
  std::vector<MorrisEffect> out(factors);
  for (std::size_t i = 1; i < results.size(); ++i) {
    if (i % block == 0) continue; // another trajectory begins
    const double *here = points.data() + i * factors, *before = here - factors;
    for (std::size_t f = 0; f < factors; ++f) {
      const double moved = here[f] - before[f];
      if (moved == 0.0) continue;
      const double effect = (results[i] - results[i - 1]) / moved; // (S11)
      if (!std::isfinite(effect)) {
        ++out[f].missing;
        continue;
      }
      effects[f].push_back(effect);
      magnitudes[f].push_back(std::abs(effect));
    }
  }
  for (std::size_t f = 0; f < factors; ++f) { // (S12), (S13)
    out[f].effects = effects[f].size();
    out[f].mean = student_mean(effects[f]);
    out[f].mean_absolute = student_mean(magnitudes[f]);
    out[f].mean_absolute.low = std::max(0.0, out[f].mean_absolute.low);
    out[f].deviation = jackknife_deviation(effects[f]);
  }
  return out;
}

SobolIndices sobol_indices(std::span<const double> results, std::size_t factors, const Resampling& resampling) {
  const std::size_t block = factors + 2;
  need_whole(results.size(), factors, block, "a study of Sobol indices");
  SobolIndices out;
  out.rows = results.size() / block;
  out.factors.resize(factors);
  std::vector<double> plain; // A and B: a fair sample of the cube
  for (std::size_t j = 0; j < out.rows; ++j)
    for (const std::size_t part : {std::size_t{0}, factors + 1})
      if (const double v = results[j * block + part]; std::isfinite(v)) plain.push_back(v);
  out.missing = 2 * out.rows - plain.size();
  out.mean = plain.empty() ? std::numeric_limits<double>::quiet_NaN() : mean(plain);
  out.variance = plain.size() < 2 ? std::numeric_limits<double>::quiet_NaN() : std::pow(standard_deviation(plain), 2);
  const Products p = products(results, factors, out.mean);
  for (std::size_t i = 0; i < factors; ++i) {
    out.factors[i].rows = static_cast<std::size_t>(std::count(p.used[i].begin(), p.used[i].end(), 1.0));
    out.factors[i].missing = out.rows - out.factors[i].rows;
  }
  if (!(out.variance > 1e-24 * out.mean * out.mean)) return out;
  const std::vector<Bounded> all = resampled(p, 2 * factors + 1, resampling);
  for (std::size_t i = 0; i < factors; ++i) {
    if (out.factors[i].rows == 0) continue;
    out.factors[i].first = all[2 * i];
    out.factors[i].total = all[2 * i + 1];
    out.factors[i].total.low = std::max(0.0, all[2 * i + 1].low);
  }
  out.interactions = all[2 * factors];
  return out;
}

} // namespace platen::numerics

#pragma once
// Logs whose clock is known, and what the readings can tell about it at best (Cramer and Rao).

#include "align/estimate.hpp"
#include "numerics/random.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

namespace platen::align::test {

using numerics::RandomStream;

/// What a load-cell logger does to a pressure.
struct Logger {
  double interval = 10.0, begin = 0.0, end = 0.0;  ///< s, on the data's clock
  double offset = 0.0, drift = 0.0;                ///< data = log + offset + drift (log - first)
  double noise = 0.0, memory = 0.0, quantum = 0.0; ///< Pa, correlation of neighbours, Pa
  double lost = 0.0;                               ///< share of readings lost one by one
  std::vector<std::pair<double, double>> gaps;     ///< of the data's clock
};

/// A log, and for every reading the true time it was taken at.
struct Case {
  Log log;
  std::vector<double> true_time;
  double step = 0.0; ///< of a reading's index, for noise with a memory: readings lost in between
  std::vector<std::size_t> index;
};

inline Case record_log(const Logger& logger, const std::function<double(double)>& pressure,
                       RandomStream& random) {
  Case out;
  const double first = logger.begin - logger.offset; // the log's clock when it begins
  double e = logger.noise * random.normal();
  const auto n = static_cast<std::size_t>((logger.end - logger.begin) / logger.interval);
  for (std::size_t k = 0; k < n; ++k) {
    const double since = logger.interval * static_cast<double>(k);
    const double t = logger.begin + since + logger.drift * since;
    e = logger.memory * e + std::sqrt(1.0 - logger.memory * logger.memory) * logger.noise * random.normal();
    double p = pressure(t) + e;
    if (logger.quantum > 0.0) p = logger.quantum * std::round(p / logger.quantum);
    const bool lost = random.uniform() < logger.lost ||
                      std::any_of(logger.gaps.begin(), logger.gaps.end(),
                                  [&](const auto& g) { return t > g.first && t < g.second; });
    if (lost) continue;
    out.log.time.push_back(first + since);
    out.log.value.push_back(p);
    out.true_time.push_back(t);
    out.index.push_back(k);
  }
  return out;
}

/// Information of one rounded reading of mean `mean` about its mean, 1/Pa^2: the sum over steps of
/// (dp/dmean)^2/p.
inline double information(double mean, double sigma, double quantum) {
  if (quantum <= 0.0) return 1.0 / (sigma * sigma);
  const auto cdf = [&](double x) { return 0.5 * std::erfc(-(x - mean) / (sigma * std::sqrt(2.0))); };
  const auto pdf = [&](double x) {
    return std::exp(-0.5 * (x - mean) * (x - mean) / (sigma * sigma)) / (sigma * std::sqrt(2.0 * M_PI));
  };
  const double middle = quantum * std::round(mean / quantum);
  double sum = 0.0;
  const int reach = 2 + static_cast<int>(8.0 * sigma / quantum);
  for (int k = -reach; k <= reach; ++k) {
    const double a = middle + quantum * (k - 0.5), b = a + quantum;
    const double p = cdf(b) - cdf(a), d = pdf(a) - pdf(b);
    if (p > 1e-300) sum += d * d / p;
  }
  return sum;
}

/// Standard deviations that no unbiased estimate can go below, with the columns of `nuisance` unknown too.
struct Bound {
  double offset = 0.0, drift = 0.0;
};
/// @param slope dP/dt at each reading; @param since s from the pivot. Readings outside [from, to] tell
/// nothing.
inline Bound bound(const Case& c, const Logger& logger, const std::vector<double>& mean,
                   const std::vector<double>& slope, std::vector<std::vector<double>> columns, double pivot,
                   double from, double to) {
  std::vector<double> at_pivot;
  for (std::size_t i = 0; i < slope.size(); ++i) at_pivot.push_back(slope[i] * (c.log.time[i] - pivot));
  columns.insert(columns.begin(), at_pivot);
  columns.insert(columns.begin(), slope);
  const std::size_t p = columns.size();
  std::vector<double> F(p * p, 0.0), row(p), before(p);
  for (std::size_t i = 0; i < slope.size(); ++i) {
    if (c.true_time[i] < from || c.true_time[i] > to) continue;
    double weight = 0.0, remembered = 0.0;
    if (logger.memory > 0.0) { // readings without rounding tell more: the bound is the stricter one
      remembered = i > 0 ? std::pow(logger.memory, static_cast<double>(c.index[i] - c.index[i - 1])) : 0.0;
      weight = 1.0 / (logger.noise * logger.noise * (1.0 - remembered * remembered));
    } else {
      weight = information(mean[i], logger.noise, logger.quantum);
    }
    for (std::size_t a = 0; a < p; ++a)
      row[a] = columns[a][i] - (i > 0 ? remembered * columns[a][i - 1] : 0.0);
    for (std::size_t a = 0; a < p; ++a)
      for (std::size_t b = 0; b < p; ++b) F[a * p + b] += weight * row[a] * row[b];
  }
  F[p + 1] += 1.0 / (2e-4 * 2e-4); // what the estimate knows of clocks beforehand: docs/theory/clocks.md
  // Scaled, then inverted by Gauss and Jordan with pivots.
  std::vector<double> scale(p);
  for (std::size_t a = 0; a < p; ++a) scale[a] = F[a * p + a] > 0.0 ? 1.0 / std::sqrt(F[a * p + a]) : 1.0;
  std::vector<std::vector<double>> m(p, std::vector<double>(2 * p, 0.0));
  for (std::size_t a = 0; a < p; ++a) {
    for (std::size_t b = 0; b < p; ++b) m[a][b] = F[a * p + b] * scale[a] * scale[b];
    m[a][p + a] = 1.0;
  }
  for (std::size_t k = 0; k < p; ++k) {
    std::size_t best = k;
    for (std::size_t a = k; a < p; ++a)
      if (std::abs(m[a][k]) > std::abs(m[best][k])) best = a;
    std::swap(m[k], m[best]);
    const double d = m[k][k];
    for (double& v : m[k]) v /= d;
    for (std::size_t a = 0; a < p; ++a) {
      if (a == k) continue;
      const double f = m[a][k];
      for (std::size_t b = 0; b < 2 * p; ++b) m[a][b] -= f * m[k][b];
    }
  }
  return {scale[0] * std::sqrt(m[0][p]), scale[1] * std::sqrt(m[1][p + 1])};
}

/// Errors over their bounds and over the stated uncertainties, counted over many cases.
struct Tally {
  std::size_t asked = 0, answered = 0, inside = 0, inside_drift = 0, far = 0;
  double ratio = 0.0, ratio_drift = 0.0, worst = 0.0, claimed = 0.0, known = 0.0, known_drift = 0.0;

  void add(const Estimate& e, const Bound& b, double offset_error, double drift_error) {
    ++answered;
    ratio += offset_error * offset_error / (b.offset * b.offset);
    ratio_drift += drift_error * drift_error / (b.drift * b.drift);
    claimed += e.offset_sigma / b.offset;
    const double z = std::abs(offset_error) / e.offset_sigma, zd = std::abs(drift_error) / e.drift_sigma;
    inside += z <= 1.959964 ? 1 : 0;
    inside_drift += zd <= 1.959964 ? 1 : 0;
    far += z > 5.0 || zd > 5.0 ? 1 : 0;
    worst = std::max({worst, z, zd});
  }
  double rms() const { return std::sqrt(ratio / static_cast<double>(answered)); }
  double rms_drift() const { return std::sqrt(ratio_drift / static_cast<double>(answered)); }
  double share(std::size_t n) const { return static_cast<double>(n) / static_cast<double>(answered); }
};

} // namespace platen::align::test

#include "numerics/statistics.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <vector>

namespace platen::numerics {
namespace {

void need(std::size_t have, std::size_t wanted, const char* what) {
  if (have < wanted) throw Error("B004", fmt::format("{} needs at least {} values, got {}", what, wanted, have));
}

void need_equal(std::size_t x, std::size_t y) {
  if (x != y) throw Error("B004", fmt::format("a line needs as many x as y, got {} and {}", x, y));
}

[[noreturn]] void one_abscissa() { throw Error("B004", "a line needs two different x"); }

/// Reorders `sample`.
double quantile_of(std::vector<double>& sample, double p) {
  const double position = p * static_cast<double>(sample.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const auto nth = sample.begin() + static_cast<std::ptrdiff_t>(below);
  std::nth_element(sample.begin(), nth, sample.end());
  const double share = position - static_cast<double>(below);
  if (share == 0.0) return *nth;
  return *nth + share * (*std::min_element(nth + 1, sample.end()) - *nth);
}

constexpr std::size_t most_points_for_all_pairs = 300;

std::vector<double> pair_slopes(std::span<const double> x, std::span<const double> y) {
  std::vector<double> slopes;
  const auto add = [&](std::size_t i, std::size_t j) {
    if (x[i] != x[j]) slopes.push_back((y[j] - y[i]) / (x[j] - x[i]));
  };
  const std::size_t n = x.size();
  if (n > most_points_for_all_pairs) {
    const std::size_t gap = (n + 1) / 2; // with an odd number the middle point has no partner
    for (std::size_t i = 0; i + gap < n; ++i) add(i, i + gap);
  } else {
    slopes.reserve(n * (n - 1) / 2);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = i + 1; j < n; ++j) add(i, j);
  }
  return slopes;
}

} // namespace

double mean(std::span<const double> sample) {
  need(sample.size(), 1, "a mean");
  double sum = 0;
  for (const double v : sample) sum += v;
  return sum / static_cast<double>(sample.size());
}

double standard_deviation(std::span<const double> sample) {
  need(sample.size(), 2, "a standard deviation");
  const double centre = mean(sample);
  double sum = 0;
  for (const double v : sample) sum += (v - centre) * (v - centre);
  return std::sqrt(sum / static_cast<double>(sample.size() - 1));
}

double quantile(std::span<const double> sample, double p) {
  need(sample.size(), 1, "a quantile");
  if (!(p >= 0.0 && p <= 1.0)) throw Error("B004", fmt::format("a quantile needs 0 <= p <= 1, got {}", p));
  std::vector<double> copy(sample.begin(), sample.end());
  return quantile_of(copy, p);
}

double median(std::span<const double> sample) { return quantile(sample, 0.5); }

double median_absolute_deviation(std::span<const double> sample) {
  const double centre = median(sample);
  std::vector<double> away;
  away.reserve(sample.size());
  for (const double v : sample) away.push_back(std::abs(v - centre));
  return quantile_of(away, 0.5);
}

double robust_sigma(std::span<const double> sample) {
  return 1.482602218505602 * median_absolute_deviation(sample); // 1 / quantile of the normal distribution at 3/4
}

LineFit fit_line(std::span<const double> x, std::span<const double> y) {
  need_equal(x.size(), y.size());
  need(x.size(), 2, "a line");
  const auto n = static_cast<double>(x.size());
  const double mx = mean(x);
  const double my = mean(y);
  double sxx = 0, sxy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    sxx += (x[i] - mx) * (x[i] - mx);
    sxy += (x[i] - mx) * (y[i] - my);
  }
  if (!(sxx > 0.0)) one_abscissa();
  LineFit fit;
  fit.slope = sxy / sxx;
  fit.intercept = my - fit.slope * mx;
  double squares = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double r = y[i] - my - fit.slope * (x[i] - mx);
    squares += r * r;
  }
  fit.residual = x.size() > 2 ? std::sqrt(squares / (n - 2.0)) : std::numeric_limits<double>::quiet_NaN();
  fit.slope_error = fit.residual / std::sqrt(sxx);
  fit.intercept_error = fit.residual * std::sqrt(1.0 / n + mx * mx / sxx);
  return fit;
}

RobustLine theil_sen(std::span<const double> x, std::span<const double> y) {
  need_equal(x.size(), y.size());
  need(x.size(), 2, "a line");
  std::vector<double> slopes = pair_slopes(x, y);
  if (slopes.empty()) one_abscissa();
  RobustLine line;
  line.slope = quantile_of(slopes, 0.5);
  std::vector<double> rest;
  rest.reserve(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) rest.push_back(y[i] - line.slope * x[i]);
  line.intercept = quantile_of(rest, 0.5);
  return line;
}

} // namespace platen::numerics

#include "calibrate/convergence.hpp"

#include "numerics/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace platen::calibrate {
namespace {

double squared(double x) { return x * x; }

double autocovariance(std::span<const double> chain, double mean, std::size_t lag) {
  double sum = 0.0;
  for (std::size_t k = 0; k + lag < chain.size(); ++k) sum += (chain[k] - mean) * (chain[k + lag] - mean);
  return sum / static_cast<double>(chain.size());
}

} // namespace

Convergence convergence(const std::vector<std::vector<double>>& chains) {
  std::vector<std::span<const double>> halves;
  for (const std::vector<double>& chain : chains) {
    const std::size_t half = chain.size() / 2;
    halves.push_back(std::span(chain).first(half));
    halves.push_back(std::span(chain).last(half));
  }
  const double n = static_cast<double>(halves[0].size()), m = static_cast<double>(halves.size());
  std::vector<double> means;
  double within = 0.0;
  for (const auto& half : halves) {
    means.push_back(numerics::mean(half));
    within += squared(numerics::standard_deviation(half)) / m;
  }
  const double between = squared(numerics::standard_deviation(means)); // of the means
  const double variance = within * (n - 1.0) / n + between;
  Convergence out;
  if (!(variance > 0.0)) return {std::numeric_limits<double>::infinity(), 0.0}; // nothing ever moved
  out.r_hat = within > 0.0 ? std::sqrt(variance / within) : std::numeric_limits<double>::infinity();
  const auto correlation = [&](std::size_t lag) {
    double sum = 0.0;
    for (std::size_t k = 0; k < halves.size(); ++k) sum += autocovariance(halves[k], means[k], lag) * n / (n - 1.0) / m;
    return 1.0 - (within - sum) / variance;
  };
  // Sums of neighbouring lags are positive and fall for a reversible chain: the rest is noise.
  double time = -1.0, last = std::numeric_limits<double>::infinity();
  for (std::size_t lag = 0; lag + 1 < halves[0].size(); lag += 2) {
    const double pair = std::min(correlation(lag) + correlation(lag + 1), last);
    if (!(pair > 0.0)) break;
    time += 2.0 * pair;
    last = pair;
  }
  out.effective = n * m / std::max(time, 1.0 / std::log10(n * m));
  return out;
}

} // namespace platen::calibrate

#include "assess/trace.hpp"

#include "assess/evidence.hpp"
#include "assess/thresholds.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace platen::assessing {
namespace {

constexpr std::size_t least_second_differences = 6;

/// Second differences do not see a trend; 0.6745 and sqrt 6 make the median of their magnitudes a standard deviation.
double from_second_differences(std::vector<double>& magnitudes) {
  return magnitudes.empty() ? 0.0 : numerics::median(magnitudes) / (0.6745 * std::sqrt(6.0));
}

} // namespace

double rounding_blur(const std::vector<double>& raw, double noise) {
  double quantum = std::numeric_limits<double>::infinity();
  for (std::size_t k = 1; k < raw.size(); ++k)
    if (const double d = std::abs(raw[k] - raw[k - 1]); d > 1e-7) quantum = std::min(quantum, d);
  if (!std::isfinite(quantum) || quantum >= 1e-3) quantum = noise * std::sqrt(12.0); // the same number in every row
  return noise < 0.5 * quantum ? quantum / std::sqrt(12.0) : 0.0;
}

double voltage_resolution(const Rows& rows, const Segments& segments) {
  constexpr std::size_t least_changes = 16;
  constexpr double small_changes = 10.0, whole = 0.05, nearly_all = 0.95; // steps; share of a step; share of the changes
  constexpr double equal = 1e-7;                                          // V; less is what single precision makes of one number
  std::vector<double> changes;
  for (const HalfCycle& h : segments.half_cycles)
    for (std::size_t k = h.first + 1; k <= h.last; ++k)
      if (const double d = std::abs(rows.voltage[k] - rows.voltage[k - 1]); d > equal) changes.push_back(d);
  if (changes.size() < least_changes) return 0.0;
  const double step = *std::min_element(changes.begin(), changes.end());
  if (step > thresholds::coarsest_step) return 0.0;
  std::size_t small = 0, multiples = 0;
  for (const double d : changes) {
    if (d > small_changes * step) continue;
    ++small;
    if (std::abs(d / step - std::round(d / step)) < whole) ++multiples;
  }
  return small >= least_changes && static_cast<double>(multiples) >= nearly_all * static_cast<double>(small) ? step : 0.0;
}

double noise_of(const std::vector<double>& raw) {
  std::vector<double> second;
  double quantum = std::numeric_limits<double>::infinity();
  for (std::size_t k = 1; k < raw.size(); ++k) {
    const double d = std::abs(raw[k] - raw[k - 1]);
    if (d > 1e-7) quantum = std::min(quantum, d);
    if (k + 1 < raw.size()) second.push_back(std::abs(raw[k + 1] - 2.0 * raw[k] + raw[k - 1]));
  }
  // the smallest step of the numbers bounds what they can resolve
  const double rounding = std::isfinite(quantum) && quantum < 1e-3 ? quantum / std::sqrt(12.0) : 0.0;
  return std::max(from_second_differences(second), rounding);
}

NoiseModel noise_model(const std::vector<double>& raw) {
  NoiseModel out;
  std::vector<double> means(raw), second;
  for (std::size_t level = 1; level < noise_rows.size(); ++level) {
    const std::size_t blocks = means.size() / 2; // each level halves the one before
    if (blocks < least_second_differences + 2) break;
    for (std::size_t b = 0; b < blocks; ++b) means[b] = 0.5 * (means[2 * b] + means[2 * b + 1]);
    means.resize(blocks);
    second.clear();
    for (std::size_t b = 1; b + 1 < blocks; ++b) second.push_back(std::abs(means[b + 1] - 2.0 * means[b] + means[b - 1]));
    out.deviation[level] = from_second_differences(second);
  }
  return out;
}

double NoiseModel::at(std::size_t rows) const {
  std::size_t level = 0;
  while (level + 1 < noise_rows.size() && noise_rows[level + 1] <= rows) ++level;
  return deviation[level] * std::sqrt(static_cast<double>(noise_rows[level]) / static_cast<double>(std::max<std::size_t>(1, rows)));
}

void weigh(Evidence& evidence, double error, int side) {
  evidence.error = error;
  evidence.side = side;
  if (!std::isfinite(evidence.figure)) return;
  const double beyond = side * (evidence.figure - evidence.threshold);
  if (!(error > 0) || !std::isfinite(error)) evidence.strength = beyond > 0 ? 1.0 : 0.0;
  else evidence.strength = 0.5 * std::erfc(-beyond / (std::sqrt(2.0) * error));
}

} // namespace platen::assessing

#include "align/log.hpp"

#include "numerics/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace platen::align {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t window_rows = 5;
constexpr double window_time = 20.0; // s; a screw is turned within it
constexpr double usual_differences = 6.0;
constexpr double share_of_pressure = 0.02;
constexpr std::size_t most_windows = 20000; // of a long log: differences are then taken less densely

/// The log without missing readings.
struct Readings {
  std::vector<double> time, value;
  explicit Readings(const Log& log) {
    for (std::size_t i = 0; i < log.time.size(); ++i)
      if (std::isfinite(log.value[i])) {
        time.push_back(log.time[i]);
        value.push_back(log.value[i]);
      }
  }
  /// Median of `count` readings from `first` on; empty at the ends.
  std::optional<double> level(std::ptrdiff_t first, std::size_t count) const {
    if (first < 0 || static_cast<std::size_t>(first) + count > value.size()) return std::nullopt;
    return numerics::median(std::span(value).subspan(static_cast<std::size_t>(first), count));
  }
};

} // namespace

double usual_interval(std::span<const double> time) {
  std::vector<double> steps;
  for (std::size_t i = 1; i < time.size(); ++i)
    if (time[i] > time[i - 1]) steps.push_back(time[i] - time[i - 1]);
  if (steps.empty()) return 0.0;
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
  std::nth_element(steps.begin(), middle, steps.end());
  return *middle;
}

std::vector<double> resample(const Log& log, std::span<const double> at, double longest_gap) {
  std::vector<double> out(at.size(), nan);
  std::size_t k = 0; // log.time[k] <= at[i] < log.time[k + 1]
  for (std::size_t i = 0; i < at.size(); ++i) {
    const double t = at[i];
    if (log.time.empty() || !(t >= log.time.front()) || !(t <= log.time.back())) continue;
    const bool near = log.time[k] <= t && (k + 8 >= log.time.size() || t < log.time[k + 8]);
    if (!near)
      k = static_cast<std::size_t>(std::upper_bound(log.time.begin(), log.time.end(), t) - log.time.begin()) -
          1;
    while (k + 1 < log.time.size() && log.time[k + 1] <= t) ++k;
    if (log.time[k] == t) {
      out[i] = log.value[k];
      continue;
    }
    const double gap = log.time[k + 1] - log.time[k];
    if (gap > longest_gap) continue;
    const double share = (t - log.time[k]) / gap;
    out[i] = log.value[k] + share * (log.value[k + 1] - log.value[k]);
  }
  return out;
}

std::vector<Gap> find_gaps(const Log& log, double longest_gap) {
  std::vector<Gap> out;
  double last = nan;
  for (std::size_t i = 0; i < log.time.size(); ++i) {
    if (!std::isfinite(log.value[i])) continue;
    if (log.time[i] - last > longest_gap) out.push_back({last, log.time[i]});
    last = log.time[i];
  }
  return out;
}

std::vector<Jump> find_jumps(const Log& log) {
  const Readings rows(log);
  const double interval = usual_interval(rows.time);
  if (interval <= 0.0) return {};
  const auto width = std::max(window_rows, static_cast<std::size_t>(std::ceil(window_time / interval)));
  const std::size_t stride = std::max<std::size_t>(1, rows.value.size() / most_windows);
  std::vector<double> difference, size;
  std::vector<std::ptrdiff_t> at;
  const auto w = static_cast<std::ptrdiff_t>(width);
  for (std::ptrdiff_t i = w; i + w <= static_cast<std::ptrdiff_t>(rows.value.size());
       i += static_cast<std::ptrdiff_t>(stride)) {
    if (rows.time[static_cast<std::size_t>(i)] - rows.time[static_cast<std::size_t>(i - 1)] > 5.0 * interval)
      continue; // across a gap anything may have passed
    difference.push_back(*rows.level(i, width) - *rows.level(i - w, width));
    size.push_back(std::abs(difference.back()));
    at.push_back(i);
  }
  if (difference.size() < 10) return {};
  const double usual = 1.4826 * numerics::median(size);
  const double least =
      std::max(usual_differences * usual, share_of_pressure * std::abs(numerics::median(rows.value)));
  std::vector<Jump> out;
  for (std::size_t k = 0; k < difference.size(); ++k) {
    if (size[k] <= least) continue;
    std::size_t peak = k; // of the readings over which one jump is seen
    for (; k < difference.size() && size[k] > least && at[k] - at[peak] <= 2 * w; ++k)
      if (size[k] > size[peak]) peak = k;
    const auto before = rows.level(at[peak] - w, width);
    auto after = rows.level(at[peak] + 4 * w, width);
    if (!after) after = rows.level(static_cast<std::ptrdiff_t>(rows.value.size()) - w, width);
    if ((*after - *before) * difference[peak] < 0.5 * difference[peak] * difference[peak]) continue;
    const auto i = static_cast<std::size_t>(at[peak]);
    out.push_back({0.5 * (rows.time[i - 1] + rows.time[i]), difference[peak]});
  }
  return out;
}

} // namespace platen::align

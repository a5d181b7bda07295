#include "import/load/reading.hpp"

#include "numerics/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace platen::load {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double overload = 9.9e37;  // what SCPI instruments write (IEEE 488.2 practice: 9.9E37)
constexpr double no_reading = -9999; // what data loggers write
constexpr std::size_t run_of_saturation = 8;
constexpr std::size_t times_longer = 4;
constexpr std::size_t values_to_tell = 20;

/// The extreme value at which the readings look cut off.
struct Cut {
  std::size_t at_high = 0, at_low = 0, elsewhere = 0; ///< longest runs of one value
  double high = 0, low = 0;
  bool seen(std::size_t run) const { return run >= run_of_saturation && run >= times_longer * elsewhere; }
};

Cut longest_runs(std::span<const double> values) {
  Cut out;
  out.low = std::numeric_limits<double>::infinity();
  out.high = -out.low;
  std::set<double> different;
  for (const double v : values) {
    if (!std::isfinite(v)) continue;
    out.low = std::min(out.low, v);
    out.high = std::max(out.high, v);
    if (different.size() < values_to_tell) different.insert(v);
  }
  if (different.size() < values_to_tell) return {};
  std::size_t run = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) {
      run = 0;
      continue;
    }
    run = i > 0 && values[i] == values[i - 1] ? run + 1 : 1;
    std::size_t& longest = values[i] == out.high  ? out.at_high
                           : values[i] == out.low ? out.at_low
                                                  : out.elsewhere;
    longest = std::max(longest, run);
  }
  return out;
}

/// Load by the certificate's table; NaN outside of it.
double by_table(const std::vector<std::pair<double, double>>& table, double reading) {
  const auto after = std::lower_bound(table.begin(), table.end(), reading,
                                      [](const auto& row, double r) { return row.first < r; });
  if (after == table.end()) return nan;
  if (after == table.begin()) return after->first == reading ? after->second : nan;
  const auto before = after - 1;
  const double share = (reading - before->first) / (after->first - before->first);
  return before->second + share * (after->second - before->second);
}

} // namespace

void drop_lost(std::span<double> readings, const LoadCell& cell, Losses& losses) {
  const auto drop = [&](std::size_t i, std::size_t& count, std::size_t& first) {
    if (count++ == 0) first = i;
    readings[i] = nan;
  };
  for (std::size_t i = 0; i < readings.size(); ++i) {
    const double r = readings[i];
    const bool at_limit = (cell.high && r >= *cell.high) || (cell.low && r <= *cell.low);
    if (!std::isfinite(r) || r == no_reading)
      drop(i, losses.missing, losses.first_missing);
    else if (at_limit || std::abs(r) >= overload)
      drop(i, losses.saturated, losses.first_saturated);
  }
  if (cell.low || cell.high) return;
  const Cut cut = longest_runs(readings);
  const bool high = cut.seen(cut.at_high), low = cut.seen(cut.at_low);
  for (std::size_t i = 0; i < readings.size(); ++i)
    if ((high && readings[i] == cut.high) || (low && readings[i] == cut.low)) {
      drop(i, losses.saturated, losses.first_saturated);
      ++losses.guessed;
    }
}

std::optional<AtRest> at_rest(std::span<const double> time, std::span<const double> readings,
                              std::span<const double> temperature, double from, double to) {
  std::vector<double> values;
  double sum = 0.0;
  std::size_t warm = 0;
  for (std::size_t i = 0; i < readings.size(); ++i) {
    if (!(time[i] >= from && time[i] <= to) || !std::isfinite(readings[i])) continue;
    values.push_back(readings[i]);
    if (temperature.empty() || !std::isfinite(temperature[i])) continue;
    sum += temperature[i];
    ++warm;
  }
  if (values.empty()) return std::nullopt;
  AtRest out{numerics::median(values), std::nullopt};
  if (warm > 0) out.temperature = sum / static_cast<double>(warm);
  return out;
}

void to_pressure(std::span<double> readings, const LoadCell& cell, const Unit& unit,
                 std::optional<double> area, std::span<const double> temperature, double reference,
                 Losses& losses) {
  const double zero = cell.zero.value_or(0.0);
  const double gain = unit.dimension == dim::voltage ? cell.gain.value_or(1.0) : 1.0;
  const bool warm = !temperature.empty() && (cell.zero_per_kelvin != 0.0 || cell.span_per_kelvin != 0.0);
  for (std::size_t i = 0; i < readings.size(); ++i) {
    double& r = readings[i];
    if (std::isnan(r)) continue;
    const double warmer = warm ? temperature[i] - reference : 0.0;
    r = (r - zero - cell.zero_per_kelvin * warmer) / (1.0 + cell.span_per_kelvin * warmer);
    if (!std::isfinite(r)) { // no temperature was read
      r = nan;
      if (losses.missing++ == 0) losses.first_missing = i;
      continue;
    }
    if (cell.table.empty()) {
      r = r * unit.factor * gain + unit.offset;
    } else if (r = by_table(cell.table, r); std::isnan(r)) {
      if (losses.outside++ == 0) losses.first_outside = i;
      continue;
    }
    const bool force = cell.table.empty() ? unit.dimension != dim::pressure : !cell.table_is_pressure;
    if (force) r /= area.value_or(nan);
  }
}

} // namespace platen::load

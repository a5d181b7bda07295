#include "base/error.hpp"
#include "impedance/polarisation.hpp"

#include <cmath>
#include <fmt/format.h>

namespace platen::impedance {
namespace {

constexpr double least_voltage = 1e-3; // V: below it a cell is at rest
constexpr double share = 0.05, slack = 2e-3;

struct Stretch {
  std::size_t first = 0, last = 0;
  double length = -1.0;
};

Stretch longest(std::span<const double> time, std::span<const double> voltage, std::optional<double> wanted) {
  Stretch best;
  for (std::size_t k = 0; k < voltage.size();) {
    const double level = wanted.value_or(voltage[k]);
    const auto belongs = [&](double v) { return std::abs(v - level) <= std::max(slack, share * std::abs(level)); };
    if (!(std::abs(voltage[k]) > least_voltage) || !belongs(voltage[k])) {
      ++k;
      continue;
    }
    std::size_t last = k;
    while (last + 1 < voltage.size() && belongs(voltage[last + 1])) ++last;
    if (time[last] - time[k] > best.length) best = {k, last, time[last] - time[k]};
    k = last + 1;
  }
  return best;
}

} // namespace

Held held_voltage(const Record& record, std::optional<double> voltage) {
  const auto time = record.real(col::test_time), current = record.real(col::current);
  Held held;
  Stretch part{0, time.empty() ? 0 : time.size() - 1, 0.0};
  if (record.has(col::voltage)) part = longest(time, record.real(col::voltage), voltage);
  if (time.empty() || part.length < 0.0 || (!record.has(col::voltage) && !voltage))
    throw Error("D216", voltage ? fmt::format("the record holds no stretch at {} V", *voltage) : "the record holds no stretch at a constant voltage",
                std::nullopt, {"name the voltage that was applied: --voltage \"100 mV\""});
  // Time counts from the row before, where the voltage was not yet there; a record that begins with it counts from its own start.
  const double zero = part.first > 0 ? time[part.first - 1] : std::min(time[part.first], 0.0);
  double sum = 0.0;
  for (std::size_t k = part.first; k <= part.last; ++k) {
    if (!held.time.empty() && !(time[k] - zero > held.time.back())) continue; // repeated rows of an instrument
    held.time.push_back(time[k] - zero);
    held.current.push_back(current[k]);
    sum += record.has(col::voltage) ? record.real(col::voltage)[k] : *voltage;
  }
  held.voltage = sum / static_cast<double>(held.time.size());
  return held;
}

} // namespace platen::impedance

#include "base/error.hpp"
#include "impedance/polarisation.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
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

std::string volts(double v) { return fmt::format("{:.5g} V", v); }

/// Medians of ten pieces one after the other: what is left of a curve without its noise.
std::vector<double> pieces(std::span<const double> values) {
  std::vector<double> out;
  constexpr std::size_t count = 10;
  for (std::size_t k = 0; k < count && values.size() >= count; ++k) {
    const std::size_t from = k * values.size() / count, to = (k + 1) * values.size() / count;
    out.push_back(numerics::median(values.subspan(from, to - from)));
  }
  return out;
}

double span_of(const std::vector<double>& values) {
  if (values.empty()) return 0.0;
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return *high - *low;
}

/// Share of the rows in which the cycler says that it holds the current or rests.
double share_of_held_current(const Record& record, Stretch part) {
  if (!record.has(col::step_type)) return 0.0;
  const auto types = record.integer(col::step_type);
  const auto other = [](std::int32_t type) {
    const auto t = static_cast<StepType>(type);
    return t == StepType::cc_charge || t == StepType::cc_discharge || t == StepType::rest || t == StepType::pulse;
  };
  const auto from = types.begin() + static_cast<std::ptrdiff_t>(part.first), to = types.begin() + static_cast<std::ptrdiff_t>(part.last) + 1;
  return static_cast<double>(std::count_if(from, to, other)) / static_cast<double>(to - from);
}

/// @throws Error D218 when the steps or the curves say that not the voltage was held.
void need_held(const Record& record, Stretch part) {
  const auto refuse = [&](const std::string& why) {
    throw Error("D218", fmt::format("the voltage was not held: {}", why), std::nullopt,
                {"a polarisation is a step of constant voltage between electrodes that block ions"});
  };
  if (share_of_held_current(record, part) > 0.5) refuse("the steps are of constant current, or rests");
  if (!record.has(col::voltage)) return;
  const std::size_t count = part.last - part.first + 1;
  const auto voltage = record.real(col::voltage).subspan(part.first, count), current = record.real(col::current).subspan(part.first, count);
  const std::vector<double> v = pieces(voltage), i = pieces(current);
  if (v.empty()) return;
  const double level = std::abs(numerics::median(v)), wander = span_of(v);
  constexpr double holds = 5e-3, offset = 1e-3; // of the voltage; V
  if (wander > std::max(offset, holds * level))
    refuse(fmt::format("it wanders by {} around {} while the current changes by {:.3g} uA", volts(wander), volts(level), 1e6 * span_of(i)));
  // Within that, a voltage that moves certainly while the current stays is the answer to a current.
  std::vector<double> changes;
  for (std::size_t k = 1; k < voltage.size(); ++k) changes.push_back((voltage[k] - voltage[k - 1]) / std::sqrt(2.0));
  const double noise = numerics::standard_deviation(changes) / std::sqrt(static_cast<double>(count) / 10.0);
  const double most = std::abs(*std::max_element(i.begin(), i.end(), [](double a, double b) { return std::abs(a) < std::abs(b); }));
  if (most > 0.0 && wander > 10.0 * noise && span_of(i) / most < 0.1 * wander / level)
    refuse(fmt::format("it moves by {} while the current stays at {:.4g} uA", volts(wander), 1e6 * numerics::median(i)));
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
  need_held(record, part);
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

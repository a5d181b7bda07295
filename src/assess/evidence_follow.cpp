#include "assess/evidence.hpp"
#include "assess/thresholds.hpp"

#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen::assessing {
namespace {

Evidence without_reference(std::string name, double threshold, const Trace& trace) {
  return {std::move(name), std::numeric_limits<double>::quiet_NaN(), threshold, "1", false, trace.half_cycle.start,
          "not made: there is no earlier healthy half cycle to compare with"};
}

/// Whether a level lies further below its expectation (ohm) than noise and a zero error of the voltage can move it (A72): an error shared
/// by two half cycles in one direction drops out of their comparison as far as their currents are alike; between two directions it counts
/// twice, and a zero that wanders is known to no better than that.
bool beyond_errors(const Trace& trace, const Reference& before, double expected, double level) {
  const double current = trace.mean_current(), noise = thresholds::level_noise * trace.level_noise;
  const auto beyond = [&](double measure, double error) { return (measure - level) * current > noise + error; };
  const auto ratio = [&](double at) { return at > 0 ? current / at : 0.0; };
  if (before.direction == trace.half_cycle.direction) return beyond(expected, trace.offset_error * std::abs(ratio(before.current) - 1.0));
  const double across = trace.offset_error * (ratio(before.current) + 1.0);
  const bool own = before.own.low > 0 && beyond(std::max(expected, before.own.low / trace.thermal), trace.offset_error * std::abs(ratio(before.own.current) - 1.0));
  return own || beyond(expected, across);
}

} // namespace

Evidence follows_current(const Trace& trace, const Context& context) {
  const std::string name = "overpotential no longer follows the current";
  if (!context.before.known) return without_reference(name, thresholds::follow_share, trace);
  if (!trace.has_levels()) {
    Evidence e = without_reference(name, thresholds::follow_share, trace);
    e.reason = "not made: too few rows, or a voltage against the current: it was read before the switch";
    return e;
  }
  const double expected = context.before.low / trace.thermal; // ohm
  const double share = expected > 0 ? trace.low / expected : 1.0;
  const double threshold = context.before.settled ? thresholds::follow_share : thresholds::hard_share;
  Evidence e{name, share, threshold, "1", false, trace.half_cycle.start, {}};
  e.fired = share < threshold && beyond_errors(trace, context.before, expected, trace.low);
  if (expected > 0) weigh(e, std::hypot(trace.level_noise / trace.mean_current(), share * context.before.low_error / trace.thermal) / expected, -1);
  if (e.fired) e.time = first_below(trace, threshold * expected);
  e.reason = fmt::format("at {} the lowest level of the overpotential was {:.3g} mV, {:.0f} % of the {:.3g} mV that the earlier "
                         "half cycles lead one to expect (threshold {:.0f} %)",
                         say_current(trace.mean_current(), context.area), trace.low * trace.mean_current() * 1e3,
                         share * 100, expected * trace.mean_current() * 1e3, threshold * 100);
  return e;
}

Evidence mean_resistance(const Trace& trace, const Context& context) {
  const std::string name = "mean resistance below the earlier one";
  if (!context.before.settled) return without_reference(name, thresholds::mean_share, trace);
  const double expected = context.before.middle / trace.thermal; // ohm
  const double share = expected > 0 ? trace.middle / expected : 1.0;
  Evidence e{name, share, thresholds::mean_share, "1", false, trace.half_cycle.start, {}};
  e.fired = share < thresholds::mean_share &&
            beyond_errors(trace, context.before, expected, trace.middle);
  if (expected > 0) weigh(e, std::hypot(trace.middle_noise / trace.mean_current(), share * context.before.middle_error / trace.thermal) / expected, -1);
  e.reason = fmt::format("at {} the median resistance was {:.3g} ohm, {:.0f} % of the cell's own earlier {:.3g} ohm (threshold {:.0f} %)",
                         say_current(trace.mean_current(), context.area), trace.middle, share * 100, expected,
                         thresholds::mean_share * 100);
  return e;
}

} // namespace platen::assessing

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

/// How far noise and zero error can move a level from its expectation, V. A zero error shared by two half cycles at one current
/// drops out of their comparison.
double uncertainty(const Trace& trace, const Reference& before) {
  const double scale = before.current > 0 ? std::abs(trace.mean_current() / before.current - 1.0) : 1.0;
  return thresholds::level_noise * trace.level_noise + trace.offset_error * scale;
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
  e.fired = share < threshold && (expected - trace.low) * trace.mean_current() > uncertainty(trace, context.before);
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
            (expected - trace.middle) * trace.mean_current() > uncertainty(trace, context.before);
  if (expected > 0) weigh(e, std::hypot(trace.middle_noise / trace.mean_current(), share * context.before.middle_error / trace.thermal) / expected, -1);
  e.reason = fmt::format("at {} the median resistance was {:.3g} ohm, {:.0f} % of the cell's own earlier {:.3g} ohm (threshold {:.0f} %)",
                         say_current(trace.mean_current(), context.area), trace.middle, share * 100, expected,
                         thresholds::mean_share * 100);
  return e;
}

} // namespace platen::assessing

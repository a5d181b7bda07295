#include "assess/evidence.hpp"
#include "assess/thresholds.hpp"

#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen::assessing {

Evidence asymmetry(const Trace& trace, const Trace* previous, const Context& context) {
  Evidence e{"asymmetry of the two directions", std::numeric_limits<double>::quiet_NaN(), thresholds::asymmetry_share, "1", false,
             trace.half_cycle.start, {}};
  const bool pair = previous != nullptr && previous->half_cycle.step == trace.half_cycle.step &&
                    previous->half_cycle.direction == -trace.half_cycle.direction && previous->middle > 0;
  if (!pair || !context.before.settled || !context.before.ratio) {
    e.reason = "not made: no pair of half cycles in both directions before";
    return e;
  }
  const double ratio = trace.middle * trace.thermal / (previous->middle * previous->thermal);
  e.figure = ratio / *context.before.ratio;
  const double u = trace.middle * trace.mean_current(), other = previous->middle * previous->mean_current();
  weigh(e, e.figure * std::hypot(trace.middle_noise / u, previous->middle_noise / other), -1);
  // the other direction may have risen instead: voids
  const bool fallen = trace.middle * trace.thermal < (1.0 - thresholds::unequal_interfaces) * context.before.middle;
  const double missing = (thresholds::asymmetry_share * *context.before.ratio - ratio) * other;
  e.fired = e.figure < e.threshold && fallen && missing > thresholds::level_noise * trace.middle_noise + 2.0 * trace.offset_error;
  e.reason = fmt::format("at {} the resistance was {:.2f} times that of the other direction just before, {:.2f} times in earlier steps (threshold "
                         "{:.2f} of that)", say_current(trace.mean_current(), context.area), ratio, *context.before.ratio, e.threshold);
  return e;
}

Evidence recovery(const Trace& trace, const Trace* next, const Context& context) {
  Evidence e{"recovery at rest", std::numeric_limits<double>::quiet_NaN(), 1.0 + thresholds::recovery_share, "1", false,
             trace.half_cycle.end, {}};
  const double rest = next != nullptr ? next->half_cycle.start - trace.half_cycle.end : 0.0;
  const bool turned = next != nullptr && next->half_cycle.direction != trace.half_cycle.direction;
  if (rest < thresholds::rest_least || !context.before.settled || !(trace.end > 0) || (turned && !context.before.ratio)) {
    e.reason = fmt::format("not made: no rest of {:.0f} s follows, or nothing earlier to compare with", thresholds::rest_least);
    return e;
  }
  const double ratio = turned ? *context.before.ratio : 1.0; // of this direction to the other
  const double end = trace.end * trace.thermal, after = ratio * next->low * next->thermal, before = context.before.low;
  e.figure = after / end;
  const double noise = std::hypot(next->level_noise / next->mean_current(), e.figure * trace.level_noise / trace.mean_current());
  weigh(e, noise / trace.end, 1);
  const bool was_low = (before - end) * trace.mean_current() >
                       thresholds::recovery_share * before * trace.mean_current() + thresholds::level_noise * trace.level_noise + trace.offset_error;
  const bool came_back = after > (1.0 - thresholds::recovery_share) * before;
  e.fired = e.figure > e.threshold && was_low && came_back;
  e.reason = fmt::format("at {} the half cycle ended at {:.3g} ohm; after {:.0f} s without current the cell had at least {:.3g} ohm, {:.3g} ohm before "
                         "(threshold {:.2f} times the end)", say_current(trace.mean_current(), context.area), trace.end, rest, next->low,
                         before / trace.thermal, e.threshold);
  return e;
}

} // namespace platen::assessing

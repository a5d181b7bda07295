#include "assess/evidence.hpp"
#include "assess/thresholds.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen::assessing {
namespace {

constexpr std::size_t least_ratios = 3; ///< fewer have no spread

} // namespace

double over_neighbours(const Trace& trace, const Trace* previous, const Trace* next) {
  const auto other = [&](const Trace* t) { return t != nullptr && t->half_cycle.direction == -trace.half_cycle.direction && t->middle > 0; };
  if (!other(previous) || !other(next)) return std::numeric_limits<double>::quiet_NaN();
  return trace.middle * trace.thermal / std::min(previous->middle * previous->thermal, next->middle * next->thermal);
}

Evidence asymmetry(const Trace& trace, const Trace* previous, const Trace* next, const Context& context) {
  Evidence e{"asymmetry of the two directions", std::numeric_limits<double>::quiet_NaN(), thresholds::asymmetry_share, "1", false,
             trace.half_cycle.start, {}};
  const double ratio = over_neighbours(trace, previous, next);
  if (!std::isfinite(ratio) || !context.before.settled || context.before.ratios < least_ratios) {
    e.reason = "not made: it takes half cycles of the other direction before and after, here and thrice before";
    return e;
  }
  e.figure = ratio / *context.before.ratio;
  const double u = trace.middle * trace.mean_current();
  const auto share_of = [](const Trace& t) { return t.middle_noise / (t.middle * t.mean_current()); };
  weigh(e, e.figure * std::hypot(share_of(trace), std::max(share_of(*previous), share_of(*next))), -1);
  const double missing = u * (e.threshold / e.figure - 1.0); // V
  // what makes both directions better shows in the one after as well; the other one may have got worse instead: voids
  const bool fallen = trace.middle * trace.thermal < e.threshold * context.before.own_middle;
  const bool unusual = 1.0 - e.figure > thresholds::level_noise * context.before.ratio_spread;
  e.fired = e.figure < e.threshold && fallen && unusual &&
            missing > thresholds::level_noise * trace.middle_noise + 2.0 * trace.offset_error;
  e.reason = fmt::format("at {} the resistance was {:.2f} times the lower of the other direction's before and after, {:.2f} times in earlier half cycles "
                         "(threshold {:.2f} of that)", say_current(trace.mean_current(), context.area), ratio, *context.before.ratio, e.threshold);
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
                       thresholds::recovery_share * before * trace.mean_current() + thresholds::level_noise * trace.level_noise + 2.0 * trace.offset_error;
  const bool came_back = after > (1.0 - thresholds::recovery_share) * before;
  e.fired = e.figure > e.threshold && was_low && came_back;
  e.reason = fmt::format("at {} the half cycle ended at {:.3g} ohm; after {:.0f} s without current the cell had at least {:.3g} ohm, {:.3g} ohm before "
                         "(threshold {:.2f} times the end)", say_current(trace.mean_current(), context.area), trace.end, rest, next->low,
                         before / trace.thermal, e.threshold);
  return e;
}

} // namespace platen::assessing

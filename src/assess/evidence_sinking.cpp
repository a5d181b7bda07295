#include "assess/evidence.hpp"
#include "assess/thresholds.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen::assessing {
namespace {

constexpr std::size_t least_like = 2; ///< half cycles in this direction that show what is usual

} // namespace

double sunk_with(const Trace& trace, const Reference& before) {
  if (!std::isfinite(trace.sunk) || before.sunk.size() < least_like) return before.sunk_so_far;
  // what like half cycles fell by, and what they differ by, is theirs; those that sank already are among them
  const double usual = numerics::quantile(before.sunk, 0.25), differ = numerics::quantile(before.sunk, 0.75) - usual;
  const double allowed = thresholds::sink_drift + differ + 2.0 * trace.sunk_error;
  return std::min(0.0, before.sunk_so_far + (trace.sunk - usual) + allowed);
}

Evidence sinking(const Trace& trace, const Context& context) {
  const Reference& before = context.before;
  Evidence e{"resistance sinks within half cycles", std::numeric_limits<double>::quiet_NaN(), thresholds::sink_share, "1", false, trace.half_cycle.start, {}};
  if (!before.settled || before.course.empty() || !std::isfinite(trace.sunk) || before.sunk.size() < least_like ||
      std::abs(trace.pressure_change) > thresholds::pressure_change) {
    e.reason = "not made: no like half cycles show what falls are usual, or the stack pressure changed";
    return e;
  }
  e.figure = 0.0 - sunk_with(trace, before); // no minus zero
  weigh(e, trace.sunk_error, 1);
  const double course = before.course.back(), measure = std::min(std::isfinite(course) ? course : before.low, before.lowest) / trace.thermal;
  const double missing = ((1.0 - thresholds::below_course) * measure - trace.late) * trace.mean_current();
  const double scale = before.current > 0 ? std::abs(trace.mean_current() / before.current - 1.0) : 1.0;
  e.fired = e.figure > e.threshold && missing > thresholds::level_noise * trace.level_noise + trace.offset_error * scale;
  const double onset = (1.0 - thresholds::onset_share) * measure;
  if (e.fired) e.time = first_below(trace, trace.late < onset ? onset : (1.0 - thresholds::below_course) * measure);
  e.reason = fmt::format("up to the half cycle at {} the resistance sank within half cycles by {:.0f} % more than in like ones before (threshold {:.0f} %), to {:.3g} ohm; "
                         "the lowest before was {:.3g} ohm", say_current(trace.mean_current(), context.area), e.figure * 100, e.threshold * 100, trace.late, measure);
  return e;
}

} // namespace platen::assessing

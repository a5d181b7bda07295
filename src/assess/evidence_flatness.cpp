#include "assess/evidence.hpp"
#include "assess/thresholds.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen::assessing {

Evidence flatness(const Trace& trace, const Context& context) {
  Evidence e{"flat trace", std::numeric_limits<double>::quiet_NaN(), thresholds::flat_ratio, "1", false, trace.half_cycle.start, {}};
  if (!context.before.settled || context.before.shape < thresholds::flat_least) {
    e.reason = "not made: the earlier half cycles have no shape that could be lost";
    return e;
  }
  const double rounding = trace.middle > 0 ? 2.0 * trace.noise / (trace.middle * trace.mean_current()) : 0.0;
  e.figure = context.before.shape / std::max({trace.shape, rounding, 1e-6});
  e.fired = e.figure > thresholds::flat_ratio;
  const double shape = std::max({trace.shape, rounding, 1e-6}), u = trace.middle * trace.mean_current();
  const double blur = u > 0 ? 2.0 * trace.level_noise / u : 1.0; // a difference of two levels, each known to half of that
  // what noise blurs is the shape, not one over it
  const double left = shape / context.before.shape;
  const double error = std::hypot(blur, left * context.before.shape_spread) / context.before.shape;
  weigh(e, e.figure * e.figure * error, 1);
  e.fired = e.fired && 1.0 / thresholds::flat_ratio - left > error;
  e.reason = fmt::format("at {} the voltage varied by {:.2g} % over the half cycle, {:.2g} % in earlier ones: {:.2g} times flatter "
                         "(threshold {:.2g} times)",
                         say_current(trace.mean_current(), context.area), trace.shape * 100, context.before.shape * 100,
                         e.figure, thresholds::flat_ratio);
  return e;
}

} // namespace platen::assessing

#include "assess/evidence.hpp"
#include "assess/excursions.hpp"
#include "assess/thresholds.hpp"

#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen::assessing {
namespace {

/// What one excursion says for a short, nats: the logarithm of its odds, if healthy ones go up as often as down and those of a short up once in twenty times. Half of
/// the sum of both odds is 1, so that what is symmetrical gains nothing on the average.
const double down_says = std::log(1.9), up_says = std::log(0.1);

} // namespace

Swings count_swings(const Trace& trace, const Reference& before) {
  Swings out;
  out.nats = before.swings;
  out.restarts = before.swing_restarts;
  if (!before.settled || before.own_course.empty()) return out;
  const Least least{trace.noise, thresholds::swing_noise, thresholds::swing_share};
  for (const int side : {-1, 1})
    for (const Excursion& e : find_excursions(trace, side, least)) {
      if (e.depth < thresholds::swing_steps * trace.resolution) continue;
      const double course = before.own_course[trace.part_of(e.first)] / trace.thermal * trace.mean_current();
      const double level = trace.raw[e.first] - side * e.depth; // before it
      // contact that was lost comes back like that, and goes
      if (!(level < thresholds::drop_elevated * course)) continue;
      if (side < 0 && !(trace.raw[e.first] < course)) continue;
      (side < 0 ? out.downs : out.ups) += 1.0;
      out.said += side < 0 ? down_says : up_says;
      if (side < 0 && (out.downs == 1.0 || trace.time[e.first] < out.first)) out.first = trace.time[e.first];
    }
  out.said -= down_says / thresholds::swing_rare * static_cast<double>(trace.raw.size());
  out.nats = std::max(0.0, before.swings + out.said);
  if (before.swings + out.said < 0.0 && out.ups > 0.0) out.restarts += 1.0;
  return out;
}

Evidence one_sided(const Trace& trace, const Swings& here, const Context& context) {
  Evidence e{"voltage swings down only", std::numeric_limits<double>::quiet_NaN(), thresholds::swing_odds + std::log(1.0 + here.restarts), "1", false, trace.half_cycle.start, {}};
  if (!context.before.settled) {
    e.reason = "not made: there is no earlier course to compare with";
    return e;
  }
  e.figure = here.nats;
  weigh(e, down_says * std::sqrt(std::max(1.0, e.figure / down_says)), 1); // of a count
  e.fired = here.downs > 0.0 && here.said > 0.0 && e.figure >= e.threshold;
  if (here.downs > 0.0) e.time = here.first;
  e.reason = fmt::format("at {} the voltage swung down and came back {:.0f} times, up {:.0f} times; with the half cycles before, the odds that it does so by chance are e^-{:.1f} "
                         "(threshold e^-{:.1f})", say_current(trace.mean_current(), context.area), here.downs, here.ups, e.figure, e.threshold);
  return e;
}

} // namespace platen::assessing

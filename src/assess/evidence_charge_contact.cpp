#include "assess/full_cell.hpp"
#include "assess/thresholds.hpp"

#include <cmath>
#include <fmt/format.h>

namespace platen::assessing {
namespace {

/// Whether charge and discharge lie apart by so much more per current than in the last healthy cycles that noise does not explain it.
bool cycle_risen(const Stroke& stroke, double usual) {
  const double over = stroke.cycle_resistance - thresholds::contact_ratio * usual;
  return over * std::abs(stroke.half_cycle.current) > thresholds::level_noise * stroke.noise;
}

} // namespace

Evidence stroke_contact(const Stroke& stroke, const Earlier& earlier) {
  Evidence e{"resistance rises and capacity is lost", std::numeric_limits<double>::quiet_NaN(), thresholds::contact_rise, "1", false, stroke.half_cycle.end, {}};
  const int direction = stroke.half_cycle.direction;
  const double usual = earlier.usual_run(direction);
  if (!(usual > 0)) {
    e.reason = "not made: there is no earlier half cycle in this direction";
    return e;
  }
  for (const auto jump : {&Stroke::at_switch, &Stroke::after_switch}) {
    const double rise = stroke.*jump / earlier.usual_jump(direction, jump);
    if (std::isfinite(rise) && !(e.figure >= rise)) e.figure = rise;
  }
  if (stroke.passed_before > 0) {
    e.reason = "not made: it goes on with what the half cycle before began";
    return e;
  }
  // charge that was lost in between moves the two apart as well, but not what the voltage jumps by
  if (const double usual_cycle = earlier.recent_cycle_resistance(); cycle_risen(stroke, usual_cycle) && e.figure > thresholds::contact_rise) {
    e.figure = stroke.cycle_resistance / usual_cycle;
    e.threshold = thresholds::contact_ratio;
    e.fired = true;
    e.reason = fmt::format("at {} charge and discharge lay apart by {:.2g} times as much per current as in the last healthy cycles (threshold "
                           "{:.2g} times)", say_current(stroke.half_cycle.current, earlier.area), e.figure, e.threshold);
    return e;
  }
  // after a partial discharge a charge takes no more than that gave
  const double share = stroke.run_passed / (stroke.other_run > 0 ? std::min(usual, stroke.other_run) : usual);
  weigh(e, std::numeric_limits<double>::quiet_NaN(), 1);
  // it must have ended because it met the cut-off early; what a profile of the test switched off says nothing
  const double end = earlier.usual_end_of(direction), short_of = direction * (end - stroke.end_voltage);
  e.fired = share < thresholds::contact_capacity && e.figure > thresholds::contact_rise && short_of < thresholds::cutoff_missed;
  e.reason = fmt::format("the {} at {} passed {:.0f} % of the usual charge, and the voltage jumped {:.2g} times as much as usual where the current "
                         "was switched (thresholds {:.0f} %, {:.2g} times)", stroke.charging() ? "charge" : "discharge",
                         say_current(stroke.half_cycle.current, earlier.area), share * 100, e.figure, thresholds::contact_capacity * 100,
                         thresholds::contact_rise);
  return e;
}

} // namespace platen::assessing

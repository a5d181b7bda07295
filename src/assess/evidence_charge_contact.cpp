#include "assess/full_cell.hpp"
#include "assess/spectra.hpp"
#include "assess/thresholds.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <utility>

namespace platen::assessing {
namespace {

/// Whether charge and discharge lie apart by so much more per current than `resistance` (ohm) that noise does not explain it.
bool cycle_risen(const Stroke& stroke, double resistance) {
  const double over = stroke.cycle_resistance - resistance;
  return over * std::abs(stroke.half_cycle.current) > thresholds::level_noise * stroke.noise;
}

/// Fires with what charge and discharge lie apart by over `usual`, ohm.
void risen_to(Evidence& e, const Stroke& stroke, double usual, double threshold) {
  e.figure = stroke.cycle_resistance / usual;
  e.threshold = threshold;
  e.fired = true;
  weigh(e, stroke.noise / (std::abs(stroke.half_cycle.current) * usual), 1);
}

} // namespace

GrownArc arc_of_stroke(const std::vector<Stroke>& strokes, std::size_t k, const SpectraBeside& spectra, const Earlier& earlier) {
  const Stroke& stroke = strokes[k];
  const int direction = stroke.half_cycle.direction;
  // a run may be several half cycles: its rest comes after the last of them
  const auto rest_of = [&](std::size_t from) {
    std::size_t next = from + 1;
    while (next < strokes.size() && strokes[next].half_cycle.direction == direction) ++next;
    return std::pair{strokes[next - 1].half_cycle.end, next < strokes.size() ? strokes[next].half_cycle.start : std::numeric_limits<double>::infinity()};
  };
  // the charge transfer of a cathode depends on its state of charge: rests after half cycles that ended alike are compared
  const std::vector<const Stroke*>& before = stroke.charging() ? earlier.charges : earlier.discharges;
  const auto measure = [&](double time) {
    return std::any_of(before.begin(), before.end(), [&](const Stroke* s) {
      if (!(std::abs(s->end_voltage - stroke.end_voltage) < thresholds::cutoff_missed)) return false;
      const auto [from, to] = rest_of(static_cast<std::size_t>(s - strokes.data()));
      return time >= from && time < to;
    });
  };
  const auto [after, until] = rest_of(k);
  return spectra.arc_grown(after, until, earlier.began, measure,
                           fmt::format("the {} at {}", stroke.charging() ? "charge" : "discharge", say_current(stroke.half_cycle.current, earlier.area)));
}

Evidence stroke_contact(const Stroke& stroke, const Earlier& earlier, const GrownArc& arc) {
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
  const double usual_cycle = earlier.recent_cycle_resistance();
  // charge that was lost in between moves the two apart as well, but not what the voltage jumps by; diffusion in the particles is in the
  // first and not in the second: four times of one and twice of the other
  for (const double ratio : {thresholds::contact_ratio, thresholds::contact_rise}) {
    const double other = thresholds::contact_ratio * thresholds::contact_rise / ratio;
    if (!cycle_risen(stroke, ratio * usual_cycle) || !(e.figure > other)) continue;
    e.reason = fmt::format("at {} charge and discharge lay apart by {} times as much per current as in the last healthy cycles, and the voltage jumped "
                           "{} times as much as usual where the current was switched (thresholds {:.2g} and {:.2g} times)",
                           say_current(stroke.half_cycle.current, earlier.area), say_number(stroke.cycle_resistance / usual_cycle, 2),
                           say_number(e.figure, 2), ratio, other);
    risen_to(e, stroke, usual_cycle, ratio);
    return e;
  }
  if (const double with_arc = std::max(1.0 + arc.due() / usual_cycle, thresholds::contact_rise); cycle_risen(stroke, with_arc * usual_cycle)) {
    risen_to(e, stroke, usual_cycle, with_arc);
    e.reason = fmt::format("at {} charge and discharge lay apart by {} times as much per current as in the last healthy cycles (threshold {:.2g} times), and {}",
                           say_current(stroke.half_cycle.current, earlier.area), say_number(e.figure, 2), e.threshold, arc.evidence.reason);
    return e;
  }
  // after a partial discharge a charge takes no more than that gave
  const double share = stroke.run_passed / (stroke.other_run > 0 ? std::min(usual, stroke.other_run) : usual);
  weigh(e, std::numeric_limits<double>::quiet_NaN(), 1);
  // it must have ended because it met the cut-off early; what a profile of the test switched off says nothing
  const double end = earlier.usual_end_of(direction), short_of = direction * (end - stroke.end_voltage);
  e.fired = share < thresholds::contact_capacity && e.figure > thresholds::contact_rise && short_of < thresholds::cutoff_missed;
  e.reason = fmt::format("the {} at {} passed {:.0f} % of the usual charge, and the voltage jumped {} times as much as usual where the current "
                         "was switched (thresholds {:.0f} %, {:.2g} times)", stroke.charging() ? "charge" : "discharge",
                         say_current(stroke.half_cycle.current, earlier.area), share * 100, say_number(e.figure, 2), thresholds::contact_capacity * 100,
                         thresholds::contact_rise);
  return e;
}

} // namespace platen::assessing

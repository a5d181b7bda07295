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

namespace th = thresholds;

/// Whether charge and discharge lie apart by so much more per current than `resistance` (ohm) that noise does not explain it.
bool cycle_risen(const Stroke& stroke, double resistance) {
  const double over = stroke.cycle_resistance - resistance;
  return over * std::abs(stroke.half_cycle.current) > th::level_noise * stroke.noise;
}

/// Fires with what charge and discharge lie apart by over `usual`, ohm.
void risen_to(Evidence& e, const Stroke& stroke, double usual, double threshold) {
  e.figure = stroke.cycle_resistance / usual;
  e.threshold = threshold;
  e.fired = true;
  weigh(e, stroke.noise / (std::abs(stroke.half_cycle.current) * usual), 1);
}

/// A step of a discharge's resistance to a level that stays to its end.
struct ContactStep {
  double before = 0.0, rise = 0.0; ///< ohm, what charge and discharge lay apart by per current, and by how much the discharge's own resistance rose
  double time = 0.0;               ///< s, where it begins
};

/// (A90) The largest step.
ContactStep contact_step(const Stroke& charge, const Stroke& discharge) {
  constexpr int parts = 40;
  constexpr std::ptrdiff_t before = 8, within = 3, level = 4, end = 3; // of the parts: a fifth, a thirteenth, at least a tenth, and the steep end left out
  const Apart apart = apart_at_equal_charge(charge, discharge, parts);
  const std::vector<double>& r = apart.resistance;
  // the charge, which plates and so keeps its contact, is the measure of what it was at every state of charge
  const double own = 1.0 + std::abs(charge.half_cycle.current / discharge.half_cycle.current);
  ContactStep best;
  for (std::ptrdiff_t k = before; k + within + level + end < std::ssize(r); ++k) {
    const auto first = r.begin() + k - before + 1, after = r.begin() + k + within, last = r.end() - end;
    if (!std::all_of(first, last, [](double v) { return std::isfinite(v); })) continue;
    const double most_before = *std::max_element(first, r.begin() + k + 1);
    const auto [least, highest] = std::minmax_element(after, last);
    const double step = *least - most_before;
    if (!(most_before > 0.0 && own * step > best.rise && *highest - *least < step)) continue;
    const auto row = std::lower_bound(discharge.charge.begin(), discharge.charge.end() - 1, apart.charge[static_cast<std::size_t>(k)]);
    best = {most_before, own * step, discharge.time[static_cast<std::size_t>(row - discharge.charge.begin())]};
  }
  return best;
}

/// Contact lost within a discharge: other half cycles need not be known. What a cathode does as it empties comes slowly, and what it has learned
/// of its past (hysteresis) stays when the current is switched off; this came at once and went with the current.
bool lost_within(Evidence& e, const Stroke* before, const Stroke& stroke, const Earlier& earlier) {
  if (stroke.charging() || before == nullptr || !(stroke.at_switch > 0.0)) return false;
  const ContactStep step = contact_step(*before, stroke);
  const double ratio = 1.0 + step.rise / stroke.at_switch, current = std::abs(stroke.half_cycle.current);
  const double blur = th::level_noise * stroke.noise / current;
  if (!(step.rise - blur > (th::contact_ratio - 1.0) * stroke.at_switch && step.rise - blur > (th::contact_rise - 1.0) * step.before &&
        stroke.after_switch > step.rise))
    return false;
  e.figure = ratio;
  e.threshold = th::contact_ratio;
  e.time = step.time;
  e.fired = true;
  weigh(e, stroke.noise / (current * stroke.at_switch), 1);
  e.reason = fmt::format("within the discharge at {} the resistance rose from {} to {} ohm and stayed there, {} times what the voltage had jumped by at its "
                         "beginning (threshold {:.2g} times), and the voltage came back at once where the current was switched off",
                         say_current(stroke.half_cycle.current, earlier.area), say_number(step.before, 3), say_number(step.before + step.rise, 3),
                         say_number(ratio, 2), e.threshold);
  return true;
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
      if (!(std::abs(s->end_voltage - stroke.end_voltage) < th::cutoff_missed)) return false;
      const auto [from, to] = rest_of(static_cast<std::size_t>(s - strokes.data()));
      return time >= from && time < to;
    });
  };
  const auto [after, until] = rest_of(k);
  return spectra.arc_grown(after, until, earlier.began, measure,
                           fmt::format("the {} at {}", stroke.charging() ? "charge" : "discharge", say_current(stroke.half_cycle.current, earlier.area)));
}

Evidence stroke_contact(const Stroke& stroke, const Stroke* before, const Earlier& earlier, const GrownArc& arc) {
  Evidence e{"resistance rises and capacity is lost", std::numeric_limits<double>::quiet_NaN(), th::contact_rise, "1", false, stroke.half_cycle.end, {}};
  if (lost_within(e, before, stroke, earlier)) return e;
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
  for (const double ratio : {th::contact_ratio, th::contact_rise}) {
    const double other = th::contact_ratio * th::contact_rise / ratio;
    if (!cycle_risen(stroke, ratio * usual_cycle) || !(e.figure > other)) continue;
    e.reason = fmt::format("at {} charge and discharge lay apart by {} times as much per current as in the last healthy cycles, and the voltage jumped "
                           "{} times as much as usual where the current was switched (thresholds {:.2g} and {:.2g} times)",
                           say_current(stroke.half_cycle.current, earlier.area), say_number(stroke.cycle_resistance / usual_cycle, 2),
                           say_number(e.figure, 2), ratio, other);
    risen_to(e, stroke, usual_cycle, ratio);
    return e;
  }
  if (const double with_arc = std::max(1.0 + arc.due() / usual_cycle, th::contact_rise); cycle_risen(stroke, with_arc * usual_cycle)) {
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
  e.fired = share < th::contact_capacity && e.figure > th::contact_rise && short_of < th::cutoff_missed;
  e.reason = fmt::format("the {} at {} passed {:.0f} % of the usual charge, and the voltage jumped {} times as much as usual where the current "
                         "was switched (thresholds {:.0f} %, {:.2g} times)", stroke.charging() ? "charge" : "discharge",
                         say_current(stroke.half_cycle.current, earlier.area), share * 100, say_number(e.figure, 2), th::contact_capacity * 100,
                         th::contact_rise);
  return e;
}

} // namespace platen::assessing

#include "assess/full_cell.hpp"
#include "assess/lag_course.hpp"
#include "assess/thresholds.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen::assessing {

namespace {

/// Whether the charge after a discharge takes what was missing in it. Where contact was lost instead, or voids met the cut-off early, it is still
/// there, and the charge takes no more than the discharge gave. After a record's last discharge nothing tells (A97). `usual`: 1, what discharges give of the charge before.
bool was_lost(const std::vector<Stroke>& strokes, std::size_t discharge, double usual) {
  constexpr double most = 0.5;
  const Stroke& s = strokes[discharge];
  if (s.run_ends_record) return true;
  std::size_t next = discharge + 1;
  while (next < strokes.size() && !strokes[next].charging()) ++next;
  return next < strokes.size() && !strokes[next].run_broken && strokes[next].gaps == s.gaps &&
         strokes[next].run_passed - s.run_passed > most * (usual * s.other_run - s.run_passed);
}

/// Whether a charge went on beyond the fullest that the cell was before: contact that returns lets a charge take what those before did not reach. The
/// record's last charge may not have got so far (A97).
bool went_beyond(const Stroke& charge, double usual, const Earlier& earlier) {
  constexpr double most = 0.5;
  if (charge.run_ends_record) return true;
  return charge.net + charge.run_passed - earlier.highest_net(charge.gaps) > most * (charge.run_passed - usual * charge.other_run);
}

constexpr std::size_t least_cycles = 2;

/// 1, what the last half cycles like one passed of what the half cycle before them did (A97): a slower charge goes on to a fuller cell, a faster discharge meets its
/// cut-off early, so that steps of a ramp are compared with steps like them. Without the first cycle, whose charge takes more than any other, where that leaves two.
/// `least_before`: C, what was stopped early before it says nothing.
std::vector<double> balances_of(const Stroke& stroke, const std::vector<const Stroke*>& like, double least_before) {
  constexpr double same_step = 0.9;
  const auto step_to = [](const Stroke& s, const Stroke* before) { return before != nullptr ? std::abs(s.half_cycle.current / before->half_cycle.current) : 1.0; };
  const double step = step_to(stroke, like.empty() ? nullptr : like.back());
  std::vector<double> out;
  for (std::size_t k = like.size() > least_cycles ? 1 : 0; k < like.size(); ++k) {
    const Stroke& s = *like[k];
    const double its = step_to(s, k > 0 ? like[k - 1] : nullptr);
    const bool comparable_step = stroke.charging() ? step >= same_step * its : its >= same_step * step;
    if (comparable_step && s.passed_before == 0 && s.other_run > least_before && !s.after_gap && !s.run_broken) out.push_back(s.run_passed / s.other_run);
  }
  if (out.size() > static_cast<std::size_t>(thresholds::memory)) out.erase(out.begin(), out.end() - static_cast<std::ptrdiff_t>(thresholds::memory));
  return out;
}

} // namespace

Evidence unbalanced(const std::vector<Stroke>& strokes, std::size_t k, const Earlier& earlier) {
  const Stroke& stroke = strokes[k];
  const int direction = stroke.half_cycle.direction;
  Evidence e{"charge and discharge do not balance", std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN(), "1", false, stroke.half_cycle.end, {}};
  const auto& like = stroke.charging() ? earlier.charges : earlier.discharges;
  const double least_before = thresholds::contact_capacity * earlier.usual_run(-direction);
  const std::vector<double> usual = balances_of(stroke, like, least_before);
  if (usual.size() < least_cycles || !(stroke.other_run > least_before) || stroke.passed_before > 0 || stroke.after_gap || stroke.run_broken) {
    e.reason = "not made: it takes two earlier cycles at such currents, and a half cycle before";
    return e;
  }
  const double further = direction * (stroke.end_voltage - earlier.usual_end_of(direction));
  if ((stroke.charging() ? further : -further) > thresholds::cutoff_missed) {
    e.reason = "not made: its end is not that of the half cycles before";
    return e;
  }
  const double middle = numerics::median(usual), differ = numerics::standard_deviation(usual);
  // where a half cycle ends is known to a row, and so is where the one before did
  const double rows = 2.0 / static_cast<double>(std::max<std::size_t>(1, stroke.time.size()));
  const double least = std::max({usual.size() > least_cycles ? thresholds::efficiency_least : thresholds::efficiency_fall, thresholds::level_noise * differ, rows});
  e.figure = stroke.run_passed / stroke.other_run;
  e.threshold = middle + direction * least;
  weigh(e, std::hypot(differ, 0.25 * rows), direction);
  e.fired = direction * (e.figure - e.threshold) > 0 && (stroke.charging() ? went_beyond(stroke, middle, earlier) : was_lost(strokes, k, middle));
  e.reason = fmt::format("the {} at {} passed {:.1f} % of what the half cycle before did, {:.1f} % in earlier cycles (threshold {:.1f} %)", stroke.charging() ? "charge" : "discharge",
                         say_current(stroke.half_cycle.current, earlier.area), e.figure * 100, middle * 100, e.threshold * 100);
  return e;
}

Evidence fallen(const Stroke& stroke, const Earlier& earlier) {
  Evidence e{"sudden fall beside the course", stroke.dips, 1.0, "1", false, stroke.half_cycle.start, {}};
  weigh(e, std::sqrt(std::max(1.0, stroke.dips)), 1); // of a count
  e.fired = stroke.dips >= e.threshold && 2.0 * stroke.bumps <= stroke.dips;
  if (stroke.dips > 0.0) e.time = stroke.first_dip;
  e.reason = fmt::format("in the {} at {} the voltage fell suddenly beside its course {:.3g} times, and rose so {:.3g} times", stroke.charging() ? "charge" : "discharge",
                         say_current(stroke.half_cycle.current, earlier.area), stroke.dips, stroke.bumps);
  return e;
}

Evidence lagging(const std::vector<Stroke>& strokes, std::size_t k, bool asked, const Earlier& earlier) {
  constexpr double like_current = 1.5; // times: at other currents a half cycle has another course
  const Stroke& stroke = strokes[k];
  Evidence e{"voltage lags behind the charge", std::numeric_limits<double>::quiet_NaN(), thresholds::lag_gain, "1", false, stroke.half_cycle.end, {}};
  if (!asked) {
    e.reason = "not made: it decides nothing alone, and no other test of this half cycle fired";
    return e;
  }
  const auto course = !comparable(stroke) ? std::nullopt : lag_course(strokes, first_alike(strokes, k, like_current), k, stroke.half_cycle.end, LagQuestion::whether);
  if (!course) {
    e.reason = "not made: no earlier half cycle in this direction can be compared with it";
    return e;
  }
  e.figure = course->gain;
  weigh(e, 2.0 * std::sqrt(std::max(1.0, e.figure)), 1); // of chi squared so far from zero
  e.fired = e.figure > e.threshold && course->counts < stroke.half_cycle.end;
  e.time = std::max(stroke.half_cycle.start, course->counts);
  e.reason = fmt::format("up to the {} at {} a leak explains how the voltage lags behind the charge that passed, better by {:.3g} in chi squared than what half cycles differ by anyway "
                         "(threshold {:.0f})", stroke.charging() ? "charge" : "discharge", say_current(stroke.half_cycle.current, earlier.area), e.figure, e.threshold);
  return e;
}

} // namespace platen::assessing

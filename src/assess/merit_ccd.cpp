// The critical current density with its conditions: of the cell, of each direction, and as a current where there is no area.

#include "assess/merit_parts.hpp"
#include "assess/thresholds.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace platen::assessing {
namespace {

Condition number(std::string key, std::string name, std::optional<double> value, std::string unit, std::string from = "data") {
  return {std::move(key), std::move(name), value, std::move(unit), {}, value ? std::move(from) : ""};
}

/// The half cycles that a CCD rests on: the failing one, or the last.
std::size_t deciding(const Subject& s) { return std::min(s.end(), s.segments.half_cycles.size() - 1); }

void add_ramp(const Subject& s, const CriticalCurrentDensity& ccd, const char* unit, Merit& out) {
  const auto& steps = s.segments.current_steps;
  const double area = s.area.value_or(1.0);
  const std::size_t step = s.segments.half_cycles[deciding(s)].step;
  std::size_t most = 0;
  for (std::size_t k = 0; k <= step; ++k)
    if (k < step || step == 0) most = std::max(most, steps[k].last_half_cycle - steps[k].first_half_cycle + 1);
  out.conditions.push_back(number("ramp_start", "ramp from", steps.front().current / area, unit));
  out.conditions.push_back(number("grid", "grid of the ramp", ccd.grid > 0 ? std::optional(ccd.grid) : std::nullopt, unit));
  out.conditions.push_back(number("half_cycles_per_step", "half cycles per step", static_cast<double>(most), "1"));
}

Merit interval(const Subject& s, Merit out, const CriticalCurrentDensity& ccd, double relative) {
  set_ends(out, ccd.last_passed, ccd.failing_step);
  out.uncertainty = relative * ccd.failing_step.value_or(ccd.last_passed.value_or(0.0));
  out.conditions = step_conditions(s, deciding(s));
  add_ramp(s, ccd, out.unit.c_str(), out);
  if (const HalfCycle* h = s.failing())
    out.conditions.push_back({"direction", "failing half cycle", {}, "", say_direction(s, h->direction), "data"});
  if (out.bound == Bound::at_most) out.remark = "it failed at the first step: how much less it can bear is not known";
  return out;
}

/// What was passed in one direction: the short began in one of them.
Merit of_direction(const Subject& s, int direction) {
  const bool plus = direction > 0;
  Merit out = s.full() ? named(plus ? "ccd_charging" : "ccd_discharging", plus ? "CCD while charging" : "CCD while discharging", "A/m2")
                       : named(plus ? "ccd_plating_right" : "ccd_plating_left", plus ? "CCD, plating right" : "CCD, plating left", "A/m2");
  const HalfCycle& failing = *s.failing();
  const bool here = failing.direction == direction;
  std::optional<double> passed;
  std::size_t last = 0;
  for (std::size_t k = 0; k < s.end(); ++k) {
    const HalfCycle& h = s.segments.half_cycles[k];
    const double density = s.segments.current_steps[h.step].current / *s.area;
    if (h.direction != direction || (here && h.step == failing.step)) continue;
    if (density >= passed.value_or(0.0)) {
      passed = density;
      last = k;
    }
  }
  if (!passed && !here) return refused(std::move(out), "no half cycle in this direction came before the short");
  set_ends(out, passed, here ? s.judged.ccd->failing_step : std::nullopt);
  out.uncertainty = density_uncertainty(s, failing.step) * out.high.value_or(out.low.value_or(0.0));
  out.conditions = conditions(s, last, here ? *s.judged.onset_half_cycle : last);
  if (!here) out.remark = "the short began in the other direction";
  return out;
}

/// Without an area the ramp still says a current.
void add_current(const Subject& s, Merits& out) {
  const Outcome outcome = outcome_of(s.judged);
  const CcdAnswer answer = answer_ccd({s.record, s.rows, s.segments, outcome}, 1.0);
  Merit merit = named("critical_current", "critical current", "A");
  if (!answer.ccd) {
    const std::size_t step = s.segments.half_cycles[deciding(s)].step;
    const bool known = !outcome.from_start && outcome.verdict != Verdict::cannot_tell;
    out.figures.push_back(refused(std::move(merit), s.segments.current_steps.size() < 2 && known
                                                        ? fmt::format("a single current of {:.4g} mA was applied", s.segments.current_steps[step].current * 1e3)
                                                        : known ? "the currents are no ramp that one can be read from" : answer.refused));
    return;
  }
  const std::size_t step = s.segments.half_cycles[deciding(s)].step;
  merit = interval(s, std::move(merit), *answer.ccd, s.current_errors[step] / s.segments.current_steps[step].current);
  out.figures.push_back(std::move(merit));
}

} // namespace

void add_ccd(const Subject& s, Merits& out) {
  Merit merit = named("ccd", "critical current density", "A/m2");
  if (!s.judged.ccd) {
    out.figures.push_back(refused(std::move(merit), s.judged.ccd_refused));
    if (!s.area) add_current(s, out);
    return;
  }
  const std::size_t step = s.segments.half_cycles[deciding(s)].step;
  merit = interval(s, std::move(merit), *s.judged.ccd, density_uncertainty(s, step));
  if (merit.bound == Bound::at_least) {
    const Outcome outcome = outcome_of(s.judged);
    merit.remark = outcome.contact_lost ? "contact was lost above it" : answer_ccd({s.record, s.rows, s.segments, outcome}, s.area).remark;
    if (merit.remark.empty()) merit.remark = "the test ended without a short";
  }
  out.figures.push_back(std::move(merit));
  if (s.failing() == nullptr) return;
  for (const int direction : {1, -1}) out.figures.push_back(of_direction(s, direction));
}

} // namespace platen::assessing

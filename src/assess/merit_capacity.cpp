// Charge, resistance and life: cumulative capacity to failure, threshold capacity per half cycle, resistance against step, life at
// constant current.

#include "assess/merit_parts.hpp"
#include "assess/thresholds.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <map>

namespace platen::assessing {
namespace {

constexpr const char* not_seen = "already shorted when the record began: what went before is not known";

/// Magnitude of the charge that half cycle k passed before `until`, C.
double charge_before(const HalfCycle& h, double until) {
  if (h.end <= until) return std::abs(h.charge);
  return h.start < until && h.end > h.start ? std::abs(h.charge) * (until - h.start) / (h.end - h.start) : 0.0;
}

/// Everything that may be said of nothing: why there is no figure at all.
std::string nothing_to_say(const Subject& s) {
  if (s.judged.verdict == Verdict::cannot_tell) return "nothing can be said of the cell: " + s.judged.reason;
  return s.shorted_before() ? not_seen : std::string();
}

/// (U4)
Merit to_failure(const Subject& s) {
  Merit out = s.area ? named("capacity_to_failure", "cumulative areal capacity to failure", "C/m2") : named("charge_to_failure", "cumulative charge to failure", "C");
  if (std::string why = nothing_to_say(s); !why.empty()) return refused(std::move(out), std::move(why));
  const double until = s.judged.onset.value_or(s.rows.time.back());
  double charge = 0, scatter = 0;
  for (const HalfCycle& h : s.segments.half_cycles) {
    const double passed = charge_before(h, until);
    charge += passed;
    scatter += passed * s.current_errors[h.step] / s.segments.current_steps[h.step].current;
  }
  const double area = s.area.value_or(1.0);
  const double relative = s.area ? relative_uncertainty(s.record.cell, "area").value : 0.0;
  const double at_onset = s.failing() != nullptr ? std::abs(s.failing()->current) * onset_uncertainty(s) : 0.0;
  const double uncertainty = std::hypot(charge * relative, scatter, at_onset) / area;
  out.conditions = conditions(s, 0, std::min(s.end(), s.segments.half_cycles.size() - 1));
  out.conditions.push_back({"directions", "counted", {}, "", "both directions", "data"});
  if (s.failing() != nullptr) {
    set_exact(out, charge / area, uncertainty);
    return out;
  }
  set_ends(out, charge / area, std::nullopt);
  out.uncertainty = uncertainty;
  out.remark = "the test ended without a short";
  return out;
}

/// Most charge per step and direction without a short, and what the failing half cycle had passed.
std::vector<CapacityPoint> capacity_points(const Subject& s) {
  std::vector<CapacityPoint> out;
  const auto& hs = s.segments.half_cycles;
  std::map<std::pair<std::size_t, int>, std::size_t> place;
  const auto add = [&](std::size_t k, double charge, bool failed) {
    const double current = s.segments.current_steps[hs[k].step].current;
    CapacityPoint p{k, hs[k].direction, current, charge, {}, {}, failed};
    if (s.area) {
      p.current_density = current / *s.area;
      p.capacity = charge / *s.area;
    }
    out.push_back(p);
  };
  for (std::size_t k = 0; k < s.end(); ++k) {
    const auto [at, fresh] = place.emplace(std::pair(hs[k].step, hs[k].direction), out.size());
    if (fresh) add(k, std::abs(hs[k].charge), false);
    else if (CapacityPoint& p = out[at->second]; std::abs(hs[k].charge) > p.charge) {
      p.half_cycle = k;
      p.charge = std::abs(hs[k].charge);
      if (s.area) p.capacity = p.charge / *s.area;
    }
  }
  if (s.failing() != nullptr) add(s.end(), charge_before(*s.failing(), *s.judged.onset), true);
  return out;
}

/// (U5)
Merit threshold(const Subject& s, const std::vector<CapacityPoint>& points) {
  Merit out = s.area ? named("threshold_capacity", "threshold capacity of a half cycle", "C/m2") : named("threshold_charge", "threshold charge of a half cycle", "C");
  if (std::string why = nothing_to_say(s); !why.empty()) return refused(std::move(out), std::move(why));
  const double area = s.area.value_or(1.0);
  const double relative = s.area ? relative_uncertainty(s.record.cell, "area").value : 0.0;
  if (s.failing() == nullptr) {
    const auto most = std::max_element(points.begin(), points.end(), [](const CapacityPoint& a, const CapacityPoint& b) { return a.charge < b.charge; });
    set_ends(out, most->charge / area, std::nullopt);
    out.uncertainty = relative * *out.low;
    out.conditions = conditions(s, most->half_cycle, most->half_cycle);
    out.conditions.push_back(at_current(s, s.segments.half_cycles[most->half_cycle].step));
    out.remark = "passed without a short";
    return out;
  }
  const HalfCycle& h = *s.failing();
  const double charge = points.back().charge, row = std::abs(h.current) * onset_uncertainty(s);
  if (charge <= 2.0 * row * std::sqrt(12.0)) { // within two rows of the switch: it may have been there before
    set_ends(out, std::nullopt, std::max(charge, row) / area);
    out.remark = "the short was there when the half cycle began, or within its first rows";
  } else {
    set_exact(out, charge / area, std::nullopt);
    out.remark = "what the failing half cycle had passed when the short began; at this current, after what went before";
  }
  out.uncertainty = std::hypot(charge * relative, row) / area;
  out.conditions = step_conditions(s, s.end());
  out.conditions.push_back(at_current(s, h.step));
  out.conditions.push_back({"direction", "direction", {}, "", say_direction(s, h.direction), "data"});
  return out;
}

/// (U7) Standard uncertainty of a step's resistance: the noise of its rows, or the scatter of its half cycles where that is more.
double resistance_uncertainty(const Subject& s, std::size_t step) {
  const CurrentStep& c = s.segments.current_steps[step];
  std::vector<double> noises;
  std::map<int, std::vector<double>> each;
  double rows = 0;
  for (std::size_t k = c.first_half_cycle; k <= c.last_half_cycle; ++k) {
    const HalfCycle& h = s.segments.half_cycles[k];
    rows += 0.5 * static_cast<double>(h.last - h.first + 1);
    noises.push_back(row_noise(s, h));
    each[h.direction].push_back(s.judged.half_cycles[k].resistance);
  }
  double scatter = 0;
  for (const auto& [direction, values] : each)
    if (values.size() >= 2) scatter = std::max(scatter, numerics::standard_deviation(values) / std::sqrt(static_cast<double>(values.size())));
  const double noise = noises.empty() ? 0.0 : 1.2533 * numerics::median(noises) / (c.current * std::sqrt(std::max(1.0, rows)));
  return std::max(scatter, noise);
}

Merit resistance_of(const Subject& s, const ResistancePoint& p, std::string key, std::string name) {
  Merit out = named(std::move(key), std::move(name), s.area ? "ohm m2" : "ohm");
  if (p.asr) set_exact(out, *p.asr, *p.asr_uncertainty);
  else set_exact(out, p.resistance, p.resistance_uncertainty);
  const CurrentStep& step = s.segments.current_steps[p.step];
  out.conditions = conditions(s, step.first_half_cycle, step.last_half_cycle);
  out.conditions.push_back(at_current(s, p.step));
  return out;
}

/// The step at which a life is counted: the only one, or one that lasts and dwarfs the others.
std::optional<std::size_t> life_step(const Segments& segments) {
  const auto count = [](const CurrentStep& c) { return c.last_half_cycle - c.first_half_cycle + 1; };
  const auto& steps = segments.current_steps;
  const auto longest = std::max_element(steps.begin(), steps.end(), [&](const CurrentStep& a, const CurrentStep& b) { return count(a) < count(b); });
  if (steps.size() == 1) return 0;
  const std::size_t others = segments.half_cycles.size() - count(*longest);
  if (static_cast<double>(count(*longest)) < 2.0 * thresholds::life_cycles || count(*longest) < 3 * others) return std::nullopt;
  return static_cast<std::size_t>(longest - steps.begin());
}

} // namespace

void add_capacities(const Subject& s, Merits& out) {
  out.figures.push_back(to_failure(s));
  if (nothing_to_say(s).empty()) out.capacity = capacity_points(s);
  out.figures.push_back(threshold(s, out.capacity));
}

void add_resistances(const Subject& s, Merits& out) {
  const char* unit = s.area ? "ohm m2" : "ohm";
  const Merit plain = named("resistance_first", s.area ? "area-specific resistance, first step" : "resistance, first step", unit);
  std::string why = nothing_to_say(s);
  if (s.full()) why = "the voltage of a full cell is mostly that of its chemistry";
  if (!why.empty()) {
    out.figures.push_back(refused(plain, std::move(why)));
    return;
  }
  const std::size_t end = s.failing() != nullptr ? s.failing()->step : s.segments.current_steps.size();
  for (std::size_t k = 0; k < s.judged.steps.size(); ++k) {
    const StepAssessment& step = s.judged.steps[k];
    ResistancePoint p{k, step.current, {}, step.resistance, resistance_uncertainty(s, k), step.asr, {}, k >= end};
    if (s.area) p.current_density = step.current_density;
    if (p.asr) p.asr_uncertainty = std::hypot(p.resistance_uncertainty * *s.area, *p.asr * relative_uncertainty(s.record.cell, "area").value);
    out.resistance.push_back(p);
  }
  if (end == 0) {
    out.figures.push_back(refused(plain, "the short began in the first step"));
    return;
  }
  const ResistancePoint &first = out.resistance.front(), &last = out.resistance[end - 1];
  out.figures.push_back(resistance_of(s, first, plain.key, plain.name));
  if (end < 2) return;
  out.figures.push_back(resistance_of(s, last, "resistance_last", s.area ? "area-specific resistance, last step passed" : "resistance, last step passed"));
  Merit change = named("resistance_change", "change of the resistance over the ramp", "1");
  const double ratio = last.resistance / first.resistance;
  set_exact(change, ratio - 1.0, std::abs(ratio) * std::hypot(last.resistance_uncertainty / last.resistance, first.resistance_uncertainty / first.resistance));
  change.conditions = {at_current(s, first.step), at_current(s, last.step)};
  change.conditions[1].name += " of the last step passed";
  out.figures.push_back(std::move(change));
}

void add_life(const Subject& s, Merits& out) { // (U8)
  const Merit time = named("life_time", "life at constant current", "s");
  if (std::string why = nothing_to_say(s); !why.empty()) return out.figures.push_back(refused(time, std::move(why)));
  const auto step = life_step(s.segments);
  if (!step) return out.figures.push_back(refused(time, fmt::format("the current was changed: {} steps, none of which lasts and dwarfs the others", s.segments.current_steps.size())));
  const CurrentStep& c = s.segments.current_steps[*step];
  const auto& hs = s.segments.half_cycles;
  if (s.failing() != nullptr && s.end() < c.first_half_cycle) return out.figures.push_back(refused(time, "the short began before the current that lasts was applied"));
  const bool failed = s.failing() != nullptr && s.end() <= c.last_half_cycle;
  const double until = failed ? *s.judged.onset : hs[c.last_half_cycle].end;
  double charge = 0;
  std::size_t done = 0;
  for (std::size_t k = c.first_half_cycle; k <= c.last_half_cycle; ++k) {
    charge += charge_before(hs[k], until);
    if (k < s.end()) ++done;
  }
  const bool both = c.last_half_cycle > c.first_half_cycle && hs[c.first_half_cycle + 1].direction != hs[c.first_half_cycle].direction;
  Merit cycles = named("life_cycles", both ? "life in whole cycles" : "life in half cycles of one direction", "1");
  Merit passed = s.area ? named("life_capacity", "areal capacity passed in that life", "C/m2") : named("life_charge", "charge passed in that life", "C");
  const double relative = s.area ? density_uncertainty(s, *step) : s.current_errors[*step] / c.current;
  const double value[] = {until - hs[c.first_half_cycle].start, both ? std::floor(0.5 * static_cast<double>(done)) : static_cast<double>(done), charge / s.area.value_or(1.0)};
  const std::optional<double> uncertainty[] = {failed ? onset_uncertainty(s) : 0.0, std::nullopt, relative * value[2]};
  Merit figures[] = {time, cycles, passed};
  for (std::size_t k = 0; k < 3; ++k) {
    if (failed) set_exact(figures[k], value[k], uncertainty[k]);
    else set_ends(figures[k], value[k], std::nullopt);
    figures[k].uncertainty = uncertainty[k];
    if (!failed) figures[k].remark = s.failing() != nullptr ? "the short began after this current" : "the test ended without a short";
    figures[k].conditions = conditions(s, c.first_half_cycle, std::min(s.end(), c.last_half_cycle));
    figures[k].conditions.push_back(at_current(s, *step));
    out.figures.push_back(std::move(figures[k]));
  }
}

} // namespace platen::assessing

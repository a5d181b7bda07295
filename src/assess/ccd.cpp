#include "assess/ccd.hpp"

#include "assess/thresholds.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen::assessing {
namespace {

double duration(const HalfCycle& h) { return h.end - h.start; }

/// A half cycle ran its course when it took as long, or passed as much charge, as those before it.
bool ran_its_course(const HalfCycle& h, double usual_duration, double usual_charge) {
  return duration(h) >= thresholds::complete_share * usual_duration ||
         std::abs(h.charge) >= thresholds::complete_share * usual_charge;
}

/// Whether a step has as many half cycles as the steps before it, each run to its end.
bool complete(const Segments& segments, std::size_t index) {
  if (index + 1 < segments.current_steps.size()) return true; // the test went on to another current
  const CurrentStep& step = segments.current_steps[index];
  if (index == 0) return true;
  const CurrentStep& before = segments.current_steps[index - 1];
  if (step.last_half_cycle - step.first_half_cycle < before.last_half_cycle - before.first_half_cycle) return false;
  const HalfCycle& usual = segments.half_cycles[before.first_half_cycle];
  return ran_its_course(segments.half_cycles[step.last_half_cycle], duration(usual), std::abs(usual.charge));
}

bool one_level(const Segments& segments) {
  const auto [low, high] = std::minmax_element(segments.current_steps.begin(), segments.current_steps.end(),
                                               [](const CurrentStep& a, const CurrentStep& b) { return a.current < b.current; });
  return high->current <= 1.01 * low->current;
}

double usual_increment(const Segments& segments, double area) {
  std::vector<double> increments;
  for (std::size_t k = 1; k < segments.current_steps.size(); ++k) {
    const double d = segments.current_steps[k].current - segments.current_steps[k - 1].current;
    if (d > 0) increments.push_back(d / area);
  }
  return increments.empty() ? 0.0 : numerics::median(increments);
}

std::string refusal(const Ramp& ramp, const std::optional<double>& area) {
  const auto& [record, rows, segments, outcome] = ramp;
  if (outcome.verdict == Verdict::cannot_tell) return "nothing can be said of the cell: " + outcome.reason;
  if (outcome.from_start) return "the cell was already shorted when cycling began";
  const std::size_t step = segments.half_cycles[outcome.half_cycle.value_or(segments.half_cycles.size() - 1)].step;
  const std::string current = fmt::format("{:.4g} mA", segments.current_steps[step].current * 1e3);
  if (!area) {
    return outcome.half_cycle ? fmt::format("the area of the cell is not known; it shorted at {}", current)
                              : fmt::format("the area of the cell is not known; it was cycled up to {}", current);
  }
  if (one_level(segments)) return fmt::format("a single current of {} was applied: a CCD needs a ramp of several", current);
  return outcome.half_cycle ? no_ramp(ramp, area) : std::string();
}

/// Steps that count as passed come before `end`, the first one that did not.
std::optional<double> last_passed(const Segments& segments, std::size_t end, double below, double area) {
  std::optional<double> out;
  for (std::size_t k = 0; k < end; ++k) {
    const double density = segments.current_steps[k].current / area;
    if (density < below && complete(segments, k) && density > out.value_or(0.0)) out = density;
  }
  return out;
}

double charge_in_step(const Segments& segments, std::size_t index) {
  double most = 0;
  const CurrentStep& step = segments.current_steps[index];
  for (std::size_t k = step.first_half_cycle; k <= step.last_half_cycle; ++k)
    most = std::max(most, std::abs(segments.half_cycles[k].charge));
  return most;
}

/// Charge of a half cycle at the step that decides. A symmetric cell is given a time, short or not; a full cell's charge ends at a voltage that a short keeps it from.
std::optional<double> usual_charge(const Ramp& ramp, std::size_t end) {
  const bool goes_on = ramp.outcome.half_cycle && ramp.record.cell.configuration == Configuration::full;
  if (goes_on && end == 0) return std::nullopt;
  return charge_in_step(ramp.segments, goes_on ? end - 1 : std::min(end, ramp.segments.current_steps.size() - 1));
}

} // namespace

Outcome outcome_of(const Assessment& a) {
  Outcome out{.verdict = a.verdict, .reason = a.reason, .onset = a.onset, .half_cycle = a.onset_half_cycle, .window = a.window, .from_start = false, .contact_lost = {}};
  out.from_start = !a.onset && (a.verdict == Verdict::fake_stable || a.verdict == Verdict::soft_short || a.verdict == Verdict::hard_short);
  for (std::size_t k = 0; k < a.half_cycles.size() && !out.contact_lost; ++k)
    if (a.half_cycles[k].verdict == Verdict::contact_loss) out.contact_lost = k;
  return out;
}

CcdAnswer answer_ccd(const Ramp& ramp, const std::optional<double>& area) {
  const Segments& segments = ramp.segments;
  const Outcome& outcome = ramp.outcome;
  CcdAnswer answer;
  answer.refused = refusal(ramp, area);
  if (!answer.refused.empty()) return answer;
  CriticalCurrentDensity ccd;
  std::size_t end = segments.current_steps.size();
  double below = std::numeric_limits<double>::infinity();
  if (outcome.half_cycle) {
    end = segments.half_cycles[*outcome.half_cycle].step;
    below = segments.current_steps[end].current / *area;
    ccd.failing_step = below;
    below *= 0.99; // the same current applied once more is the same step of the ramp
  } else if (outcome.contact_lost) {
    end = segments.half_cycles[*outcome.contact_lost].step;
  } else if (ramp.record.cell.configuration != Configuration::full) {
    if (const auto cut = first_cut_short(ramp.rows, segments, segments.half_cycles.size())) {
      end = segments.half_cycles[cut->half_cycle].step;
      answer.remark = fmt::format("later half cycles were cut short by a voltage limit of {:.3g} V", cut->voltage);
    }
  }
  ccd.last_passed = last_passed(segments, end, below, *area);
  if (!ccd.last_passed && !ccd.failing_step) {
    answer.refused = answer.remark.empty() ? "no step was completed" : "no step was completed: " + answer.remark;
    return answer;
  }
  ccd.grid = ccd.failing_step && ccd.last_passed ? *ccd.failing_step - *ccd.last_passed : usual_increment(segments, *area);
  if (const auto charge = usual_charge(ramp, end)) ccd.capacity_per_half_cycle = *charge / *area;
  answer.ccd = ccd;
  return answer;
}

void find_ccd(const Ramp& ramp, const std::optional<double>& area, Assessment& out) {
  const Outcome& outcome = ramp.outcome;
  if (outcome.half_cycle && !outcome.from_start) out.steps[ramp.segments.half_cycles[*outcome.half_cycle].step].failed = true;
  CcdAnswer answer = answer_ccd(ramp, area);
  out.ccd = answer.ccd;
  out.ccd_refused = std::move(answer.refused);
}

double capacity_until(const Segments& segments, double until, double area) {
  double charge = 0;
  for (const HalfCycle& h : segments.half_cycles) {
    if (h.end <= until) charge += std::abs(h.charge);
    else if (h.start < until && h.end > h.start) charge += std::abs(h.charge) * (until - h.start) / (h.end - h.start);
  }
  return charge / area;
}

} // namespace platen::assessing

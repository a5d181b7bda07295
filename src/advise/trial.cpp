#include "advise/trial.hpp"

#include "simulate/limits.hpp"
#include "simulate/outcome.hpp"
#include "simulate/simulate.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace platen::advise {
namespace {

/// The ramp goes on to this multiple of the goal, so that the scatter of CCDs is seen; cells beyond are a lower bound.
constexpr double ramp_beyond = 1.5;
/// CCDs and swings below this share of the goal count as that in logarithms.
constexpr double least_share = 1e-3;

step::Ramp* ramp_of(Study& study) {
  for (Step& s : study.test)
    if (auto* ramp = std::get_if<step::Ramp>(&s.kind)) return ramp;
  return nullptr;
}

bool carries_current(const Step& s) {
  if (const auto* repeat = std::get_if<step::Repeat>(&s.kind)) return std::any_of(repeat->steps.begin(), repeat->steps.end(), carries_current);
  return std::holds_alternative<step::Ramp>(s.kind) || std::holds_alternative<step::ConstantCurrent>(s.kind);
}

/// Spectra take time to calculate and change nothing.
void drop_impedance(std::vector<Step>& test) {
  std::erase_if(test, [](const Step& s) {
    const auto* every = std::get_if<step::Every>(&s.kind);
    const bool only_spectra = every != nullptr && std::all_of(every->steps.begin(), every->steps.end(), [](const Step& inner) { return std::holds_alternative<step::MeasureImpedance>(inner.kind); });
    return only_spectra || std::holds_alternative<step::MeasureImpedance>(s.kind);
  });
}

void ask_capacity(Study& study, step::Ramp* ramp, double capacity, std::vector<std::string>& notes) {
  if (study.cell.cathode) {
    Cathode& c = *study.cell.cathode;
    if (c.areal_capacity >= capacity * (1.0 - 1e-9)) return;
    const double factor = capacity / c.areal_capacity;
    c.loading *= factor;
    c.areal_capacity = capacity;
    c.active_thickness *= factor;
    c.thickness *= factor;
    notes.push_back(fmt::format("the loading was raised to {}: {} in the first charge", show(c.loading, "mg/cm2", 3), show(capacity, "mAh/cm2", 3)));
  } else if (ramp != nullptr && ramp->capacity != capacity) {
    ramp->capacity = capacity;
    ramp->duration.reset();
    notes.push_back(fmt::format("every half cycle of the ramp moves {}", show(capacity, "mAh/cm2", 3)));
  }
}

} // namespace

Prepared prepared(Study study, const Goal& goal) {
  Prepared out;
  drop_impedance(study.test);
  step::Ramp* ramp = ramp_of(study);
  out.target.swing = goal.swing;
  out.target.about_swing = !goal.ccd && !goal.areal_capacity;
  if (!out.target.about_swing && ramp == nullptr)
    throw Error("C082", "the study's test has no ramp that could tell whether the goal is reached", study.test.empty() ? std::nullopt : std::optional(study.test.back().place),
                {"add a sentence such as \"Ramp from 0.2 mA/cm2 in steps of 0.1 mA/cm2, 15 min per half cycle, until short\""});
  if (out.target.about_swing && std::none_of(study.test.begin(), study.test.end(), carries_current))
    throw Error("C084", "the study's test has no cycles, so that its pressure does not swing", study.test.empty() ? std::nullopt : std::optional(study.test.back().place));
  if (goal.areal_capacity) ask_capacity(study, ramp, *goal.areal_capacity, out.notes);
  if (ramp != nullptr) {
    if (!out.target.about_swing) out.target.current_density = goal.ccd ? *goal.ccd : goal.current_density.value_or(ramp->start);
    if (goal.ccd && goal.current_density && goal.areal_capacity) out.target.current_density = std::max(*goal.ccd, *goal.current_density);
    // The swing alone shows in the first two steps; a CCD in those up to and somewhat beyond the goal.
    const double most = out.target.about_swing ? ramp->start + ramp->increment : ramp_beyond * out.target.current_density;
    const double steps = std::max(0.0, std::ceil((most - ramp->start) / ramp->increment - 1e-9));
    const double upper = ramp->start + steps * ramp->increment;
    ramp->upper = upper;
    // A ramp that begins above the goal asks more than the goal: its first step decides.
  }
  study.output.events_only = true;
  study.output.parts = true; // tells which law limits
  out.study = std::move(study);
  return out;
}

Study prepared_like(const Study& study, const Goal& goal) { return prepared(study, goal).study; }

Run run_cell(Study study, const Target& target, std::uint64_t seed, const work::Task& task) {
  Run out;
  study.seed = seed;
  try {
    const Record record = simulate(study, {.stop = task.stop, .progress = {}});
    const TestOutcome outcome = test_outcome(study, record);
    const bool shorted = outcome.end == TestEnd::shorted;
    const double carried = shorted ? outcome.continuous_ccd.value_or(0.0) : outcome.last_passed.value_or(0.0);
    const std::optional<double> swing = outcome.largest_swing ? outcome.largest_swing : outcome.first_swing;
    const bool carries = carried >= target.current_density * (1.0 - 1e-9);
    const bool steady = !target.swing || (swing && *swing <= *target.swing && (outcome.largest_swing || !shorted));
    out.cell.reached = carries && steady;
    out.value = target.about_swing ? swing.value_or(0.0) : carried;
    out.bounded = !target.about_swing && outcome.end == TestEnd::completed;
    const double scale = target.about_swing ? target.swing.value_or(1.0) : target.current_density;
    out.cell.quantity = std::log(std::max(out.value, least_share * std::max(scale, 1e-12)));
    if (!out.cell.reached) {
      if (carries) out.limit = "swing of the pressure";
      else if (outcome.end == TestEnd::voltage_limit || outcome.end == TestEnd::seat_lost) out.limit = label(outcome.end);
      else out.limit = label(limiting_law(record).value_or(physics::Limit::none));
    }
    out.done = true;
  } catch (const Error&) {
    // The solver failed or refused: the caller counts these.
  }
  return out;
}

} // namespace platen::advise

#include "calibrate/study_targets.hpp"

#include "base/error.hpp"
#include "calibrate/record_model.hpp"
#include "calibrate/weakest.hpp"
#include "simulate/simulate.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace platen::calibrate {
namespace {

bool asks(const std::vector<TargetEntry>& entries, Observed o) {
  return std::any_of(entries.begin(), entries.end(), [&](const TargetEntry& e) { return e.observed == o; });
}

std::optional<double> value_of(const TestOutcome& outcome, Observed o) {
  if (o == Observed::ccd) return ccd_of(outcome);
  if (o == Observed::life) return outcome.cycles;
  return o == Observed::first_swing ? outcome.first_swing : outcome.after_first_half_cycle;
}

} // namespace

StudyTargets::StudyTargets(const Study& study, std::vector<TargetEntry> entries, std::vector<Number> laws)
    : study_(asks(entries, Observed::ccd) ? until_short(study) : study), entries_(std::move(entries)), numbers_(std::move(laws)), laws_(numbers_.size()) {
  study_.seed = 0;
  study_.output.events_only = true;
  if (asks(entries_, Observed::ccd)) numbers_.push_back(scatter_number(ccd_scatter));
  if (asks(entries_, Observed::life)) numbers_.push_back(scatter_number(life_scatter));
}

std::vector<ComparedEvent> StudyTargets::events(std::span<const double> values, const work::Task& task) const {
  const Study study = with_numbers(study_, std::span(numbers_).first(laws_), values.first(laws_));
  TestOutcome outcome;
  try {
    outcome = test_outcome(study, simulate(study, task));
  } catch (const Error&) {
    return {}; // a corner of the numbers in which the laws cannot be integrated
  }
  std::vector<ComparedEvent> out;
  for (const TargetEntry& e : entries_) {
    const auto value = value_of(outcome, e.observed);
    if (!value) return {};
    ComparedEvent c{fmt::format("{} {}", e.name, label(e.observed)), e.group, e.observed, std::nullopt, e.value, e.deviation, *value, 0.0};
    if (!e.value) {
      c.seen = Seen{e.low.value_or(0.0), e.high.value_or(std::numeric_limits<double>::infinity())};
      c.scatter = e.observed == Observed::ccd ? values[laws_] : values.back();
      c.predicted = Population::of_flaws(c.predicted, loaded_flaws(study_), c.scatter).median;
    }
    out.push_back(std::move(c));
  }
  return out;
}

Problem problem_of(const std::shared_ptr<const StudyTargets>& targets) {
  Problem out;
  out.numbers = targets->numbers();
  for (const TargetEntry& e : targets->entries()) {
    const std::size_t count = e.value ? 1 : 2;
    out.terms.push_back({fmt::format("{} {}", e.name, label(e.observed)), e.group, out.residuals, count});
    out.residuals += count;
  }
  out.evaluate = [targets](std::span<const double> values, std::span<double> residuals, const work::Task& task) {
    const auto events = targets->events(values, task);
    if (events.empty()) return false;
    std::size_t at = 0;
    for (const ComparedEvent& e : events) {
      if (e.value) {
        residuals[at++] = (e.predicted - *e.value) / *e.deviation;
        continue;
      }
      const auto pair = weakest_residuals({e.predicted, e.scatter}, e.seen->low, e.seen->high);
      residuals[at++] = pair[0];
      residuals[at++] = pair[1];
    }
    return true;
  };
  return out;
}

} // namespace platen::calibrate

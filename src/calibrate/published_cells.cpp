#include "calibrate/published_cells.hpp"

#include "base/constants.hpp"
#include "base/error.hpp"
#include "simulate/outcome.hpp"
#include "simulate/simulate.hpp"
#include "targets/targets.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fmt/format.h>
#include <limits>

namespace platen::calibrate {
namespace {

constexpr double minute = 60.0, hour = 3600.0, nothing = std::numeric_limits<double>::quiet_NaN();
/// Of the solver: ten times what studies use moves no CCD by a thousandth, and takes two thirds of the time.
constexpr double tolerance = 1e-5;
/// Answers per cell that are kept: those of one Jacobian and some more.
constexpr std::size_t memory = 64;
/// A short at the first moment of a step says nothing of how far below that step the cell would have failed, and full cells do short
/// there: voids are largest when a charge begins. So each ramp is run on grids that are shifted by these shares of a step, the paper's own
/// first, and their CCDs are averaged: a staircase of a third of the step, which the scatter between cells covers.
constexpr std::array<double, 3> grid_shifts{0.0, -1.0 / 3.0, 1.0 / 3.0};
/// Ramps that have not failed up to here (A/m2) end: no row knows of a cell that carried more than 22.
constexpr double symmetric_end = 60.0, full_end = 40.0;

Step sentence(StepKind kind) { return {.kind = std::move(kind), .sentence = "", .place = {}}; }

step::Ramp* ramp_of(Study& study) {
  for (Step& s : study.test)
    if (auto* ramp = std::get_if<step::Ramp>(&s.kind)) return ramp;
  return nullptr;
}

/// A row of the record at 30 min, 10 h and 24 h instead of an output grid.
void split_day(Study& study) {
  const auto hold = std::get<step::Hold>(study.test.front().kind);
  study.test.front().kind = step::Hold{hold.pressure, 30 * minute, hold.temperature};
  study.test.insert(study.test.begin() + 1, {sentence(step::Rest{9.5 * hour}), sentence(step::Rest{14 * hour})});
}

/// 24 h at 40 degC, of which the rows speak of the first 30 min.
void shorten_warm(Study& study) {
  for (Step& s : study.test)
    if (auto* rest = std::get_if<step::Rest>(&s.kind)) rest->duration = 20 * minute;
}

void end_ramp(Study& study) {
  if (step::Ramp* ramp = ramp_of(study)) ramp->upper = study.cell.cathode ? full_end : symmetric_end;
}

Study prepared(Study study, std::string_view name, const Mechanisms& mechanisms) {
  study.mechanisms = mechanisms;
  study.output.events_only = true;
  study.output.relative_tolerance = tolerance;
  if (name == "hold-1440min") split_day(study);
  if (name.ends_with("40degC")) shorten_warm(study);
  if (name == "empty-fixture") study.test.front().kind = step::Hold{25e6, 30 * minute, constants::T_ref};
  end_ramp(study);
  return study;
}

/// Stack pressure (Pa) in the last row not after `t`.
double pressure_at(const Record& record, double t) {
  const auto time = record.real(col::test_time), pressure = record.real(col::stack_pressure);
  const auto after = std::upper_bound(time.begin(), time.end(), t + 1e-6);
  return pressure[static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, after - time.begin() - 1))];
}

/// The first of several rows at one instant: before the release that ends a hold.
double pressure_before(const Record& record, double t) {
  const auto time = record.real(col::test_time), pressure = record.real(col::stack_pressure);
  const auto at = std::lower_bound(time.begin(), time.end(), t - 1e-6);
  return at == time.end() ? pressure.back() : pressure[static_cast<std::size_t>(at - time.begin())];
}

/// Where the cell lost its contact instead of shorting the test ends at the step that it could not carry.
double ccd_of(const TestOutcome& outcome) { return outcome.continuous_ccd.value_or(outcome.last_passed.value_or(0.0)); }

/// Whether a test can depend on a number: springs alone have friction, full cells alone a cathode, and a fixture that is only pressed has
/// no flaw. All else does.
bool matters(const Study& study, double physics::Parameters::*member) {
  using P = physics::Parameters;
  if (member == &P::friction || member == &P::friction_stiffness) return study.fixture.kind == FixtureKind::springs;
  if (member == &P::current_focus) return study.cell.cathode.has_value();
  if (study.cell.configuration != Configuration::empty_fixture) return true;
  return member == &P::joint_stiffness || member == &P::joint_exponent || member == &P::seating_compliance || member == &P::seating_time_fast ||
         member == &P::seating_time_slow || member == &P::thermal_mismatch;
}

CellAnswer answer_of(const Study& study, const work::Task& task) {
  const Record record = simulate(study, task);
  const TestOutcome outcome = test_outcome(study, record);
  CellAnswer out{.ccd = nothing, .cycles = outcome.cycles, .first_swing = outcome.first_swing.value_or(nothing),
                 .largest_swing = outcome.largest_swing.value_or(nothing),
                 .after_first_half_cycle = outcome.after_first_half_cycle.value_or(nothing), .lost = {nothing, nothing, nothing}};
  const double begin = pressure_at(record, 0.0);
  const double end = record.real(col::test_time).back();
  for (std::size_t k = 0; k < out.lost.size(); ++k) {
    constexpr std::array<double, 3> times{30 * minute, 10 * hour, 24 * hour};
    if (end >= times[k] - 1.0) out.lost[k] = begin - pressure_before(record, times[k]);
  }
  out.unfailed = outcome.end == TestEnd::completed;
  out.ccd = ccd_of(outcome);
  return out;
}

/// The same, its CCD averaged over shifted grids.
CellAnswer averaged(const Study& study, const work::Task& task) {
  CellAnswer out = answer_of(study, task);
  Study shifted = study;
  if (ramp_of(shifted) == nullptr) return out;
  for (std::size_t k = 1; k < grid_shifts.size(); ++k) {
    shifted = study;
    ramp_of(shifted)->start += grid_shifts[k] * ramp_of(shifted)->increment;
    out.ccd += ccd_of(test_outcome(shifted, simulate(shifted, task)));
  }
  out.ccd /= static_cast<double>(grid_shifts.size());
  return out;
}

} // namespace

double averaged_ccd(Study study, const work::Task& task) {
  study.output.events_only = true;
  study.output.relative_tolerance = tolerance;
  end_ramp(study);
  double sum = 0.0;
  for (const double shift : grid_shifts) {
    Study shifted = study;
    step::Ramp* ramp = ramp_of(shifted);
    ramp->start += shift * ramp->increment;
    sum += ccd_of(test_outcome(shifted, simulate(shifted, {.stop = task.stop, .progress = {}})));
  }
  return sum / static_cast<double>(grid_shifts.size());
}

PublishedCells::PublishedCells(const Mechanisms& mechanisms) {
  for (Study& study : ham2022_studies()) {
    const std::string name = std::filesystem::path(study.sources.front().first).stem().string();
    if (study.cell.cathode) parameters_ = study.parameters;
    studies_.emplace(name, prepared(std::move(study), name, mechanisms));
  }
}

std::optional<CellAnswer> PublishedCells::answer(std::string_view study, const physics::Parameters& parameters, const work::Task& task) {
  const auto found = studies_.find(study);
  if (found == studies_.end()) throw Error("B021", fmt::format("no study of Ham et al. 2022 is called {}", study));
  std::vector<double> values;
  for (const auto member : members_)
    if (matters(found->second, member)) values.push_back(parameters.*member);
  {
    const std::lock_guard lock(mutex_);
    for (const Remembered& r : remembered_[found->first])
      if (r.values == values) return r.answer;
  }
  Study cell = found->second;
  for (const auto member : members_) cell.parameters.*member = parameters.*member;
  Remembered out{std::move(values), std::nullopt};
  try {
    out.answer = averaged(cell, {.stop = task.stop, .progress = {}});
  } catch (const Error&) { // the solver gave up: these numbers make no cell
  }
  const std::lock_guard lock(mutex_);
  auto& kept = remembered_[found->first];
  if (kept.size() >= memory) kept.erase(kept.begin());
  kept.push_back(out);
  return out.answer;
}

} // namespace platen::calibrate

#include "advise/bench_sheet.hpp"
#include "base/constants.hpp"
#include "physics/voids.hpp"
#include "targets/cells.hpp"
#include "targets/impedance.hpp"
#include "targets/rows.hpp"
#include "targets/targets.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

namespace platen {
namespace {

using namespace targets;
using Number = std::optional<double>;

constexpr std::string_view fixed = "fixed gap", springs = "springs";
constexpr double room = constants::T_ref, forty = constants::zero_celsius + 40.0;

/// Stack pressure (Pa) at a time after the hold began, which is where the test begins; the last row not after it.
double pressure_at(const Record& record, double t) {
  const auto time = record.real(col::test_time), pressure = record.real(col::stack_pressure);
  const auto after = std::upper_bound(time.begin(), time.end(), t);
  return pressure[static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, after - time.begin() - 1))];
}

/// Pressure lost (Pa) by a cell between the start of its hold and `t` (s).
double drop(const Record& record, double t) { return pressure_at(record, 0.0) - pressure_at(record, t); }

// The release follows at the same instant as the end of the hold, so the hold's last reading is just before.
constexpr double day_end = 24 * hour - 1.0;

const JudgedCell* day(Cells cells) {
  const JudgedCell* c = with_hold(cells, 24 * hour);
  return c != nullptr && c->record->has(col::stack_pressure) ? c : nullptr;
}

/// `ask` of the cell held for a day.
template <class Ask>
Number of_day(Cells cells, Ask ask) {
  const JudgedCell* c = day(cells);
  return c == nullptr ? std::nullopt : Number(ask(*c));
}

Number change_while_cycling(Cells cells) {
  const JudgedCell* c = day(cells);
  if (c == nullptr || !c->assessment->pressure.largest_change_while_cycling) return std::nullopt;
  return *c->assessment->pressure.largest_change_while_cycling / MPa;
}

/// Empty fixture and symmetric cell must both agree with the paper: the one further away from `paper` counts.
Number drop_in_half_an_hour(Cells cells, double temperature, double paper) {
  const JudgedCell* empty = pressed(cells, Configuration::empty_fixture, temperature);
  const JudgedCell* cell = pressed(cells, Configuration::symmetric, temperature);
  if (empty == nullptr || cell == nullptr) return std::nullopt;
  const double a = drop(*empty->record, 30 * minute) / MPa, b = drop(*cell->record, 30 * minute) / MPa;
  return std::abs(a - paper) > std::abs(b - paper) ? a : b;
}

Number failing_step(const JudgedCell* cell) {
  if (cell == nullptr || !cell->assessment->ccd || !cell->assessment->ccd->failing_step) return std::nullopt;
  return *cell->assessment->ccd->failing_step / mA_per_cm2;
}

Number ccd(Cells cells, std::string_view fixture, double loading, double pressure = 5.0) {
  return failing_step(full_cell(cells, Test::ramp, fixture, loading * mg_per_cm2, pressure * MPa));
}

/// The failing step, or the last one passed where the cell did not fail up to `wanted` (mA/cm2) at least: a test that ended
/// earlier says nothing.
Number least_ccd(Cells cells, std::string_view fixture, double loading, double wanted) {
  const JudgedCell* c = full_cell(cells, Test::ramp, fixture, loading * mg_per_cm2);
  if (const Number step = failing_step(c)) return step;
  if (c == nullptr || !c->assessment->ccd || !c->assessment->ccd->last_passed) return std::nullopt;
  const double passed = *c->assessment->ccd->last_passed / mA_per_cm2;
  return passed > wanted - 1e-6 ? Number(passed) : std::nullopt;
}

Number first_swing(Cells cells, std::string_view fixture, double loading) {
  const JudgedCell* c = full_cell(cells, Test::ramp, fixture, loading * mg_per_cm2);
  if (c == nullptr || c->assessment->pressure.cycles.empty()) return std::nullopt;
  return c->assessment->pressure.cycles.front().swing / MPa;
}

Number after_first_charge(Cells cells, std::string_view fixture, double loading) {
  const JudgedCell* c = full_cell(cells, Test::ramp, fixture, loading * mg_per_cm2);
  if (c == nullptr || !c->assessment->pressure.after_first_half_cycle) return std::nullopt;
  return *c->assessment->pressure.after_first_half_cycle / MPa;
}

/// Hold time (min) of the highest CCD; ties of the failing step go to the cell that passed more charge before it.
Number best_hold(Cells cells) {
  const JudgedCell* best = nullptr;
  std::size_t candidates = 0;
  for (const JudgedCell& c : cells) {
    if (!held_at_room_temperature(c) || !failing_step(&c)) continue;
    ++candidates;
    if (best == nullptr) {
      best = &c;
      continue;
    }
    const double gain = *failing_step(&c) - *failing_step(best);
    const bool later = c.assessment->capacity_to_failure.value_or(0) > best->assessment->capacity_to_failure.value_or(0);
    if (gain > 1e-6 || (std::abs(gain) <= 1e-6 && later)) best = &c;
  }
  if (candidates < 3) return std::nullopt;
  return *best->record->cell.contact_hold_time / minute;
}

/// Cycles of a life test at its one current: until the short (that cycle counts), or all of them.
struct Life {
  bool shorted = false;
  std::size_t cycles = 0;
};
std::optional<Life> life(Cells cells, std::string_view fixture) {
  const JudgedCell* c = full_cell(cells, Test::life, fixture, 25.5 * mg_per_cm2);
  if (c == nullptr || c->assessment->verdict == Verdict::cannot_tell) return std::nullopt;
  const std::size_t formation = c->assessment->steps.front().half_cycles / 2;
  if (!c->assessment->onset_cycle) return Life{false, c->assessment->steps.back().half_cycles / 2};
  if (*c->assessment->onset_cycle <= formation) return Life{true, 0};
  return Life{true, *c->assessment->onset_cycle - formation};
}

Number cycle_of_short(Cells cells) {
  const auto l = life(cells, fixed);
  return l && l->shorted ? Number(static_cast<double>(l->cycles)) : std::nullopt;
}

Number cycles_without_short(Cells cells) {
  const auto l = life(cells, springs);
  if (!l) return std::nullopt;
  return static_cast<double>(l->shorted && l->cycles > 0 ? l->cycles - 1 : l->cycles);
}

Number difference(const Number& a, const Number& b) { return a && b ? Number(*a - *b) : std::nullopt; }

/// A cell of the paper on springs: what the arithmetic and input rows are computed from.
const Study& on_springs() {
  static const Study study = [] {
    for (Study& s : ham2022_studies())
      if (s.cell.cathode && s.fixture.springs) return s;
    throw Error("B021", "no study of Ham et al. 2022 has springs");
  }();
  return study;
}

/// Thickness of lithium (um) that 1 mAh/cm2 plates.
Number lithium_thickness() {
  constexpr double charge = 1.0 * mA_per_cm2 * hour; // C/m2
  return charge / constants::F * on_springs().parameters.lithium_molar_volume / micrometre;
}

/// Each spring of the paper's fixture at 5 MPa, as the bench sheet has it.
SpringLoad at_5_MPa() { return spring_load(*on_springs().fixture.springs, 5 * MPa, on_springs().cell.area); }

/// The law that feeds a stripping interface, back as the thinning rate of a foil, um/h at 30 degC.
Number creep_rate(double pressure) {
  const physics::Parameters& p = on_springs().parameters;
  const double supply = physics::creep_supply(pressure, physics::supply_creep_temperature, p.supply_creep, p.supply_creep_exponent,
                                              p.supply_creep_activation);
  return supply * p.lithium_molar_volume / constants::F * hour / micrometre;
}

struct Evaluator {
  std::string_view id;
  Number (*value)(Cells);
};
constexpr std::array evaluators{
    Evaluator{"T01", [](Cells c) { return of_day(c, [](const JudgedCell& d) { return pressure_at(*d.record, 30 * minute) / MPa; }); }},
    Evaluator{"T02", [](Cells c) { return of_day(c, [](const JudgedCell& d) { return pressure_at(*d.record, day_end) / MPa; }); }},
    Evaluator{"T03", change_while_cycling},
    Evaluator{"T04", [](Cells c) { return drop_in_half_an_hour(c, room, 2.2); }},
    Evaluator{"T05", [](Cells c) { return drop_in_half_an_hour(c, forty, 5.6); }},
    Evaluator{"T06", [](Cells c) { return of_day(c, [](const JudgedCell& d) { return drop(*d.record, 10 * hour) / drop(*d.record, day_end); }); }},
    Evaluator{"T07", [](Cells c) { return failing_step(with_hold(c, 1 * minute)); }},
    Evaluator{"T08", [](Cells c) { return failing_step(with_hold(c, 30 * minute)); }},
    Evaluator{"T09", best_hold},
    Evaluator{"T10", [](Cells c) { return failing_step(with_hold(c, 24 * hour)); }},
    Evaluator{"T11", early_fall},
    Evaluator{"T12", electronic_conductivity},
    Evaluator{"T13", [](Cells) { return lithium_thickness(); }},
    Evaluator{"T14", [](Cells c) { return first_swing(c, fixed, 6.4); }},
    Evaluator{"T15", [](Cells c) { return first_swing(c, fixed, 25.5); }},
    Evaluator{"T16", [](Cells c) { return first_swing(c, fixed, 51.0); }},
    Evaluator{"T17", [](Cells c) { return least_ccd(c, fixed, 6.4, 1.0); }},
    Evaluator{"T18", [](Cells c) { return ccd(c, fixed, 12.8); }},
    Evaluator{"T19", [](Cells c) { return ccd(c, fixed, 25.5); }},
    Evaluator{"T20", [](Cells c) { return ccd(c, fixed, 51.0); }},
    Evaluator{"T21", [](Cells c) { return after_first_charge(c, fixed, 25.5); }},
    Evaluator{"T22", [](Cells c) { return after_first_charge(c, springs, 25.5); }},
    Evaluator{"T23", [](Cells c) { return ccd(c, springs, 25.5); }},
    Evaluator{"T25", [](Cells c) { return ccd(c, fixed, 12.8, 1.0); }},
    Evaluator{"T26", [](Cells c) { return ccd(c, springs, 12.8, 1.0); }},
    Evaluator{"T27", [](Cells c) { return ccd(c, fixed, 12.8, 3.0); }},
    Evaluator{"T28", [](Cells c) { return ccd(c, springs, 12.8, 3.0); }},
    Evaluator{"T29", [](Cells c) { return difference(ccd(c, springs, 12.8), ccd(c, fixed, 12.8)); }},
    Evaluator{"T30", cycle_of_short},
    Evaluator{"T31", cycles_without_short},
    Evaluator{"T32", [](Cells) { return Number(at_5_MPa().force / constants::lbf); }},
    Evaluator{"T33", [](Cells) { return Number(at_5_MPa().compression * 1e3); }},
    Evaluator{"T34", [](Cells) { return creep_rate(2.2 * MPa); }},
    Evaluator{"T35", [](Cells) { return creep_rate(3.5 * MPa); }},
    Evaluator{"T36", [](Cells c) { return ccd(c, springs, 12.8); }},
};

Number value_of(std::string_view id, Cells cells) {
  const auto found = std::find_if(evaluators.begin(), evaluators.end(), [&](const Evaluator& e) { return e.id == id; });
  return found == evaluators.end() ? std::nullopt : found->value(cells);
}

/// T24: the half cycle in which the cell shorted, in a word; empty when there is no such cell or no short.
std::string half_cycle_of_short(Cells cells) {
  const JudgedCell* c = full_cell(cells, Test::ramp, fixed, 25.5 * mg_per_cm2);
  if (c == nullptr || !c->assessment->onset_half_cycle) return {};
  return c->assessment->half_cycles[*c->assessment->onset_half_cycle].half_cycle.direction > 0 ? "charge" : "discharge";
}

std::string not_evaluated(std::string_view id) {
  if (id == "T11") return "no symmetric cell given with spectra over a day under 25 MPa";
  if (id == "T12") return "no pellet between blocking electrodes given that was polarised at 100 mV";
  return "no cell given that this row speaks of, or it did not fail";
}

std::string note(const TargetResult& result) {
  if (result.verdict == TargetVerdict::not_evaluated) return not_evaluated(result.target.id);
  if (!result.fitted.empty()) return fmt::format("fitted to this row or derived from it: {}", fmt::join(result.fitted, ", "));
  return result.target.target_class == "model" ? "nothing was fitted to this row" : "";
}

std::string tried(const TargetResult& result) {
  if (result.verdict != TargetVerdict::missed) return {};
  for (const auto& row : targets::published_rows("ham2022-tried", 2))
    if (row[0] == result.target.id) return row[1];
  return {};
}

TargetResult evaluate(Target target, Cells cells, const std::vector<FittedNumber>& fitted) {
  TargetResult out;
  for (const FittedNumber& number : fitted)
    if (std::find(number.rows.begin(), number.rows.end(), target.id) != number.rows.end()) out.fitted.push_back(number.key);
  if (target.compare == "equals") {
    out.platen_text = half_cycle_of_short(cells);
    if (!out.platen_text.empty()) out.verdict = out.platen_text == target.value_text ? TargetVerdict::met : TargetVerdict::missed;
  } else {
    out.platen = value_of(target.id, cells);
    if (out.platen) out.verdict = judge(target, *out.platen);
  }
  out.target = std::move(target);
  out.note = note(out);
  out.tried = tried(out);
  return out;
}

} // namespace

std::vector<TargetResult> evaluate_targets(std::span<const JudgedCell> cells) {
  const std::vector<FittedNumber> fitted = ham2022_fitted();
  std::vector<TargetResult> out;
  for (Target& target : ham2022_targets()) out.push_back(evaluate(std::move(target), cells, fitted));
  return out;
}

TargetCounts count(const std::vector<TargetResult>& results) {
  TargetCounts out;
  for (const TargetResult& r : results) {
    const bool met = r.verdict == TargetVerdict::met, evaluated = r.verdict != TargetVerdict::not_evaluated;
    ++out.rows;
    ++(met ? out.met : evaluated ? out.missed : out.not_evaluated);
    if (r.target.target_class != "model") continue;
    ++out.model;
    out.model_met += met ? 1 : 0;
    out.model_evaluated += evaluated ? 1 : 0;
    if (!r.fitted.empty()) continue;
    ++out.unfitted;
    out.unfitted_met += met ? 1 : 0;
    out.unfitted_evaluated += evaluated ? 1 : 0;
  }
  for (const FittedNumber& number : ham2022_fitted()) out.fitted_numbers += number.basis == "fitted" ? 1 : 0;
  return out;
}

} // namespace platen

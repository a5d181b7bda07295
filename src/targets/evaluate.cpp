#include "base/constants.hpp"
#include "targets/targets.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace platen {
namespace {

constexpr double minute = 60.0, hour = 3600.0, MPa = 1e6, mA_per_cm2 = 10.0;

/// A symmetric cell of Figures 1 and 2: contact hold at 25 MPa and room temperature.
bool held_at_room_temperature(const JudgedCell& c) {
  const CellInfo& cell = c.record->cell;
  return cell.configuration == Configuration::symmetric && cell.contact_hold_time && cell.contact_hold_pressure &&
         std::abs(*cell.contact_hold_pressure - 25 * MPa) < 0.05 * MPa &&
         std::abs(cell.contact_hold_temperature.value_or(constants::T_ref) - constants::T_ref) < 5.0;
}

const JudgedCell* with_hold(std::span<const JudgedCell> cells, double duration) {
  for (const JudgedCell& c : cells)
    if (held_at_room_temperature(c) && std::abs(*c.record->cell.contact_hold_time - duration) < 0.5) return &c;
  return nullptr;
}

/// Stack pressure (Pa) at a time after the hold began, which is where the test begins; the last row not after it.
double pressure_at(const Record& record, double t) {
  const auto time = record.real(col::test_time), pressure = record.real(col::stack_pressure);
  std::size_t k = 0;
  for (std::size_t i = 0; i < time.size() && time[i] <= t; ++i) k = i;
  return pressure[k];
}

std::optional<double> failing_step(const JudgedCell* cell) {
  if (cell == nullptr || !cell->assessment->ccd || !cell->assessment->ccd->failing_step) return std::nullopt;
  return *cell->assessment->ccd->failing_step / mA_per_cm2;
}

/// Hold time (min) of the highest CCD; ties of the failing step go to the cell that passed more charge before it.
std::optional<double> best_hold(std::span<const JudgedCell> cells) {
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

/// Pressure lost (Pa) by a cell between the start of its hold and `t` (s).
double drop(const Record& record, double t) { return pressure_at(record, 0.0) - pressure_at(record, t); }

std::optional<double> value_of(const Target& target, std::span<const JudgedCell> cells) {
  const JudgedCell* day = with_hold(cells, 24 * hour);
  // The release follows at the same instant as the end of the hold, so the hold's last reading is just before.
  const double day_end = 24 * hour - 1.0;
  const std::string& id = target.id;
  if (id == "T07") return failing_step(with_hold(cells, 1 * minute));
  if (id == "T08") return failing_step(with_hold(cells, 30 * minute));
  if (id == "T09") return best_hold(cells);
  if (id == "T10") return failing_step(day);
  if (day == nullptr) return std::nullopt;
  if (id == "T01") return pressure_at(*day->record, 30 * minute) / MPa;
  if (id == "T02") return pressure_at(*day->record, day_end) / MPa;
  if (id == "T06") return drop(*day->record, 10 * hour) / drop(*day->record, day_end);
  if (id == "T03" && day->assessment->pressure.largest_change_while_cycling)
    return *day->assessment->pressure.largest_change_while_cycling / MPa;
  return std::nullopt;
}

/// What the numbers of set Ham2022 owe to a row; a row that was fitted is no evidence.
std::string_view fitted_to(const std::string& id) {
  if (id == "T01" || id == "T02") return "three numbers of the fixture's seating are fitted to T01 and T02";
  if (id == "T06") return "in view when the slowest seating time was chosen";
  if (id == "T07" || id == "T08" || id == "T09" || id == "T10")
    return "seven numbers of contact, voids, flaw and intrusion are fitted to T07 to T10 together";
  if (id == "T03") return "nothing was fitted to this row";
  return {};
}

} // namespace

std::vector<TargetResult> evaluate_targets(std::span<const JudgedCell> cells) {
  std::vector<TargetResult> out;
  for (Target& target : ham2022_targets()) {
    TargetResult result;
    result.platen = value_of(target, cells);
    if (result.platen) {
      result.verdict = judge(target, *result.platen);
      result.note = fitted_to(target.id);
    } else {
      result.note = "no cell given that this row speaks of";
    }
    result.target = std::move(target);
    out.push_back(std::move(result));
  }
  return out;
}

} // namespace platen

#include "targets/cells.hpp"

#include "base/constants.hpp"

#include <cmath>

namespace platen::targets {
namespace {

constexpr double forty = constants::zero_celsius + 40.0; // degC, in K
constexpr double life_current = 0.5 * mA_per_cm2;        // of Figure S6

bool near(const std::optional<double>& value, double wanted, double tolerance) {
  return value && std::abs(*value - wanted) <= tolerance;
}

/// One current after the cycles of formation. A ramp in steps of 0.1 mA/cm2 never goes from 0.2 to 0.5.
bool is_life_test(const Assessment& a) {
  return a.steps.size() == 2 && std::abs(a.steps.back().current_density - life_current) < 0.01 * life_current &&
         a.steps.front().half_cycles >= 4 && a.steps.front().current_density < a.steps.back().current_density;
}

bool is_ramp(const Assessment& a) {
  for (std::size_t k = 1; k < a.steps.size(); ++k)
    if (a.steps[k].current_density <= a.steps[k - 1].current_density) return false;
  return !a.steps.empty() && !is_life_test(a);
}

bool pressed_at(const CellInfo& c, double temperature) {
  const bool held = near(c.contact_hold_pressure, 25 * MPa, 0.05 * MPa) && near(c.contact_hold_temperature, temperature, 5.0) &&
                    c.contact_hold_time.value_or(0) >= 30 * minute;
  // set to 25 MPa and left there, without a contact hold
  const bool set = !c.contact_hold_pressure && near(c.stack_pressure, 25 * MPa, 0.05 * MPa) && near(c.temperature, temperature, 5.0);
  return held || set;
}

} // namespace

bool held_at_room_temperature(const JudgedCell& c) {
  const CellInfo& cell = c.record->cell;
  return cell.configuration == Configuration::symmetric && cell.contact_hold_time && near(cell.contact_hold_pressure, 25 * MPa, 0.05 * MPa) &&
         std::abs(cell.contact_hold_temperature.value_or(constants::T_ref) - constants::T_ref) < 5.0;
}

const JudgedCell* with_hold(Cells cells, double duration) {
  const JudgedCell* found = nullptr;
  for (const JudgedCell& c : cells)
    if (held_at_room_temperature(c) && std::abs(*c.record->cell.contact_hold_time - duration) < 0.5 &&
        (found == nullptr || (c.record->spectra.empty() && !found->record->spectra.empty())))
      found = &c; // the cells for impedance are of another size, and are not cycled
  return found;
}

const JudgedCell* pressed(Cells cells, Configuration configuration, double temperature) {
  const JudgedCell* longest = nullptr;
  for (const JudgedCell& c : cells) {
    if (c.record->cell.configuration != configuration || !pressed_at(c.record->cell, temperature)) continue;
    if (!c.record->has(col::stack_pressure)) continue;
    const double hold = c.record->cell.contact_hold_time.value_or(0);
    if (longest == nullptr || hold > longest->record->cell.contact_hold_time.value_or(0)) longest = &c;
  }
  return longest;
}

const JudgedCell* full_cell(Cells cells, Test test, std::string_view fixture, double loading, double pressure) {
  for (const JudgedCell& c : cells) {
    const CellInfo& cell = c.record->cell;
    if (cell.configuration != Configuration::full || cell.fixture != fixture) continue;
    if (!near(cell.cathode_loading, loading, 0.01 * loading) || !near(cell.stack_pressure, pressure, 0.05 * MPa)) continue;
    if (!near(cell.temperature, forty, 2.0)) continue;
    if (test == Test::life ? is_life_test(*c.assessment) : is_ramp(*c.assessment)) return &c;
  }
  return nullptr;
}

} // namespace platen::targets

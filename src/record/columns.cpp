#include "record/columns.hpp"

#include <algorithm>
#include <array>

namespace platen {
namespace {

// Labels and units follow the Battery Data Format vocabulary, version 1.3 (docs/formats/bdf-csv.md says where ours
// departs from it). Required columns come first, as in that vocabulary.
constexpr std::array registry{
    ColumnInfo{col::test_time, "t", "s", "h", "Test Time", "s", ColumnKind::real,
               "Time since the first row of the test."},
    ColumnInfo{col::voltage, "U", "V", "V", "Voltage", "V", ColumnKind::real,
               "Voltage across the terminals; in a symmetric cell left minus right."},
    ColumnInfo{col::current, "I", "A", "mA", "Current", "A", ColumnKind::real,
               "Current; positive charges a full cell and plates the electrode called right of a symmetric one."},
    ColumnInfo{col::unix_time, "t", "s", "s", "Unix Time", "s", ColumnKind::real,
               "Time since 1970-01-01 00:00:00 UTC without leap seconds."},
    ColumnInfo{col::cycle_count, "n", "1", "1", "Cycle Count", "1", ColumnKind::integer,
               "Number of the cycle as the instrument shows it."},
    ColumnInfo{col::step_count, "k", "1", "1", "Step Count", "1", ColumnKind::integer,
               "Runs up by one whenever a step begins; never resets."},
    ColumnInfo{col::temperature, "T", "K", "degC", "Ambient Temperature", "degC", ColumnKind::real,
               "Temperature of the cell's surroundings (chamber, fixture)."},
    ColumnInfo{col::stack_pressure, "P", "Pa", "MPa", "Applied Pressure", "Pa", ColumnKind::real,
               "Stack pressure: force of the fixture over the area of the cell."},
    ColumnInfo{col::step_index, "", "1", "1", "Step Index", "1", ColumnKind::integer,
               "Number of the step in the instrument's program; repeats when the program loops."},
    ColumnInfo{col::step_type, "", "1", "", "Step Type", "", ColumnKind::integer,
               "What the step does; files show words (CC Chg, CC DChg, Rest ...)."},
    ColumnInfo{col::step_time, "t", "s", "h", "Step Time", "s", ColumnKind::real, "Time since the step began."},
    ColumnInfo{col::step_capacity, "Q", "C", "mAh", "Step Net Capacity", "Ah", ColumnKind::real,
               "Charge passed since the step began, signed like the current."},
    ColumnInfo{col::step_energy, "E", "J", "mWh", "Step Net Energy", "Wh", ColumnKind::real,
               "Energy put into the cell since the step began, signed."},
    ColumnInfo{col::net_capacity, "Q", "C", "mAh", "Net Capacity", "Ah", ColumnKind::real,
               "Integral of the current since the start of the test."},
    ColumnInfo{col::charging_capacity, "Q", "C", "mAh", "Charging Capacity", "Ah", ColumnKind::real,
               "Charge passed by positive currents since the start of the test; never resets."},
    ColumnInfo{col::discharging_capacity, "Q", "C", "mAh", "Discharging Capacity", "Ah", ColumnKind::real,
               "Charge passed by negative currents since the start of the test, as a positive number; never resets."},
    ColumnInfo{col::interpolated, "", "1", "1", "Interpolated", "1", ColumnKind::integer,
               "1: the row was filled in by the instrument, not measured."},
};

// Neware's words where Neware has one; "Impedance" is ours.
constexpr std::array<std::string_view, 18> step_type_labels{
    "Unknown", "Rest",    "CC Chg",  "CC DChg", "CV Chg", "CV DChg", "CCCV Chg",  "CCCV DChg", "CP Chg",
    "CP DChg", "CR Chg",  "CR DChg", "Pulse",   "SIM",    "Impedance", "Control", "Pause",     "End"};
static_assert(step_type_labels.size() == static_cast<std::size_t>(StepType::end) + 1);

} // namespace

std::span<const ColumnInfo> column_registry() { return registry; }

const ColumnInfo* find_column(std::string_view name) {
  const auto found = std::find_if(registry.begin(), registry.end(), [&](const ColumnInfo& c) { return c.name == name; });
  return found != registry.end() ? &*found : nullptr;
}

std::string_view step_type_label(StepType type) {
  const auto index = static_cast<std::size_t>(type);
  return index < step_type_labels.size() ? step_type_labels[index] : step_type_labels.front();
}

} // namespace platen

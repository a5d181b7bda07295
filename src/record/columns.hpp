#pragma once
// The one registry of column names, units and descriptions: files, tables, plots, docs and bindings all read it.

#include "base/units.hpp"

#include <span>
#include <string_view>

namespace platen {

enum class ColumnKind { real, integer };

/// One kind of column. Inside a Record values are SI; `bdf_name` and `bdf_unit` are what a Battery Data Format file shows.
struct ColumnInfo {
  std::string_view name;     ///< inside: "stack_pressure"
  std::string_view symbol;   ///< axis label, "P"
  std::string_view unit;     ///< SI, "Pa"; "1" for counts and pure numbers
  std::string_view shown_in; ///< unit people read, "MPa"
  std::string_view bdf_name; ///< "Applied Pressure"
  std::string_view bdf_unit; ///< "Pa"; the header is "Applied Pressure / Pa"
  ColumnKind kind = ColumnKind::real;
  std::string_view description;
};

/// Every column Platen knows, in the order files are written.
std::span<const ColumnInfo> column_registry();
/// @returns nullptr when there is no such column.
const ColumnInfo* find_column(std::string_view name);

/// Names used by code; each is in the registry (a test holds them together).
namespace col {
inline constexpr std::string_view test_time = "test_time";       ///< s since the first row of the test
inline constexpr std::string_view unix_time = "unix_time";       ///< s since 1970-01-01 UTC
inline constexpr std::string_view current = "current";           ///< A, positive charges a full cell / plates `right`
inline constexpr std::string_view voltage = "voltage";           ///< V
inline constexpr std::string_view stack_pressure = "stack_pressure"; ///< Pa
inline constexpr std::string_view temperature = "temperature";   ///< K
inline constexpr std::string_view step_index = "step_index";     ///< the program's step number, as the vendor shows it
inline constexpr std::string_view step_count = "step_count";     ///< runs up by one whenever a step begins
inline constexpr std::string_view step_type = "step_type";       ///< StepType as integer
inline constexpr std::string_view cycle_count = "cycle_count";   ///< as the vendor shows it
inline constexpr std::string_view step_time = "step_time";       ///< s since the step began
inline constexpr std::string_view step_capacity = "step_capacity"; ///< C passed in the step, signed like the current
inline constexpr std::string_view step_energy = "step_energy";   ///< J passed in the step, signed
inline constexpr std::string_view net_capacity = "net_capacity"; ///< C, integral of the current over the test
inline constexpr std::string_view charging_capacity = "charging_capacity";       ///< C
inline constexpr std::string_view discharging_capacity = "discharging_capacity"; ///< C
inline constexpr std::string_view interpolated = "interpolated"; ///< 1: filled in by the instrument, not measured
} // namespace col

/// What a step of a cycler does; `step_type` columns hold these numbers, files show `step_type_label`.
enum class StepType : int {
  unknown = 0, rest, cc_charge, cc_discharge, cv_charge, cv_discharge, cccv_charge, cccv_discharge,
  cp_charge, cp_discharge, cr_charge, cr_discharge, pulse, simulation, impedance, control, pause, end
};
/// "CC Chg", "CC DChg", "Rest", "CCCV Chg" ...: the words Neware's program uses, which most labs read.
std::string_view step_type_label(StepType type);

} // namespace platen

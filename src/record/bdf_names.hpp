#pragma once
// The names of columns in Battery Data Format files: "Voltage / V" (label) and "voltage_volt" (machine name).

#include "record/record.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace platen {

/// "Voltage / V" for a registry column; "name / unit" for any other.
std::string bdf_label(const Column& column);

/// What a heading of a file says.
struct BdfHeading {
  const ColumnInfo* info = nullptr; ///< the registry column it means, if any
  std::string name;                 ///< of the column inside; as written when the registry does not have it
  std::optional<std::string> unit;  ///< as written, or as the machine name spells it ("volt" is "V"); empty: none given
};

/// Reads a label or a machine name, of the registry or not. Names of registry columns ("stack_pressure") and earlier
/// names of the format ("Step ID") are understood too. Case and spaces do not matter.
BdfHeading read_bdf_heading(std::string_view text);

/// The number of a step type from its word ("CC Chg", "cc_chg"); empty when it is not one of ours.
std::optional<StepType> parse_step_type(std::string_view text);

} // namespace platen

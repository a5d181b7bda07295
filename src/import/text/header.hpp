#pragma once
// What a column's heading says: its name, its unit, and which column of the registry it is.
// docs/formats/delimited-text.md lists every name known here.

#include "import/text/units.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace platen::text {

/// "Ewe/V", "Current(A)", "Time (h)", "Voltage / V", "voltage_volt", "Load, lbf", "Cap. [Ah]" in two parts.
struct Heading {
  std::string raw;  ///< as in the file, UTF-8, trimmed
  std::string name; ///< "Ewe"
  std::string unit; ///< "V"; empty when the heading has none
};

Heading split_heading(std::string_view raw);

/// Lower case, words only: "Chg. Cap." is "chg cap", "<I>" is "i", "|Ewe|" is "|ewe|" (a modulus is not the
/// value).
std::string heading_key(std::string_view name);

/// A heading that Platen knows.
struct KnownHeading {
  std::string_view column;       ///< registry name
  int rank = 0;                  ///< smaller wins when two headings claim one column
  std::string_view assumed_unit; ///< taken when the file names none; empty for counts and dates
};
/// Looks a heading up by its name and the dimension of its unit. Empty: not known.
std::optional<KnownHeading> know_heading(const Heading& heading);

/// The unit of an auxiliary channel whose heading has none but whose name leaves no choice, as in Arbin's "Charge_Energy"
/// (Wh); empty otherwise.
std::string_view usual_unit(const Heading& heading);

/// Dimensions a registry column may be given in: its own, and force for `stack_pressure`.
bool fits_column(std::string_view column, const Dimension& dimension);
Dimension column_dimension(std::string_view column);

/// Name for a column that is not in the registry: "dQ/dV" is "dq_dv"; "T1" is "aux_temperature_1", as in
/// .ndax files.
std::string auxiliary_name(const Heading& heading);

} // namespace platen::text

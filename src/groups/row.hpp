#pragma once
// One cell as the statistics of groups see it: its CCD as an interval, and the conditions it was made and tested under.
// Files, tables and the library all become these rows.

#include "assess/assessment.hpp"
#include "base/units.hpp"
#include "record/cell_info.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace platen::groups {

/// A condition of one cell: a number with its dimension, or a word.
struct Factor {
  std::string name;              ///< "contact_hold_time"
  std::optional<double> number;  ///< SI; empty: a word
  Dimension dimension{};         ///< of `number`
  std::string shown_in;          ///< unit people read, "min"; empty: the one of `report::shown_unit`, or none
  std::string word;              ///< of a category, "springs"
};

/// One cell. Refused rows keep their name and reason, so that a comparison can say what it left out.
struct CcdRow {
  std::string name;                      ///< of the cell, unique where possible
  std::string source;                    ///< file, "cells.csv:12", "library" ...
  std::optional<double> last_passed;     ///< A/m2; empty: it failed in the first step
  std::optional<double> failing_step;    ///< A/m2; empty: no short seen, last_passed is a lower bound
  std::optional<double> grid;            ///< A/m2, the ramp's increment
  std::optional<double> capacity_per_half_cycle; ///< C/m2
  std::string refused;                   ///< why there is no CCD; empty: there is one
  std::vector<Factor> factors;           ///< at most one of each name

  const Factor* find(std::string_view factor) const noexcept; ///< nullptr: the row does not say
  /// Adds the factor or takes the place of the one of its name.
  void set(Factor factor);
};

/// The key of a factor that people call otherwise: "hold_time" is "contact_hold_time", "loading" is "cathode_loading",
/// "gap" is "fixture"; other names come back as they are.
std::string_view factor_key(std::string_view name);

/// Dimension of a factor that Platen knows (the numbers of a cell file); empty for words and names of one's own.
std::optional<Dimension> factor_dimension(std::string_view key);

/// Every number and word that is known of a cell: the keys of a cell file (docs/formats/cell-file.md), "configuration",
/// "electrolyte", "fixture".
std::vector<Factor> factors_of(const CellInfo& cell);

/// The row of an assessed record. Its CCD is refused where the assessment refused it, or where no step was completed.
CcdRow row_of(std::string name, std::string source, const Assessment& assessment, const CellInfo& cell);

} // namespace platen::groups

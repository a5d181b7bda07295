#pragma once
// Small tables of text with a heading line, and values that carry a unit in their heading or in themselves.

#include "base/error.hpp"
#include "base/units.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace platen::groups {

struct CsvHeading {
  std::string name; ///< lower case, "_" for blanks
  std::string unit; ///< of "name / unit", "name (unit)" or "name [unit]"; empty: none
};

struct CsvRow {
  std::size_t line = 0;
  std::vector<std::string> fields;
};

struct Csv {
  std::string name;
  std::vector<CsvHeading> headings;
  std::vector<CsvRow> rows;
  char decimal = '.';

  std::optional<std::size_t> column(std::string_view heading) const;
  Place place(const CsvRow& row) const;
};

/// Comma, semicolon or tab, whichever the heading line has most of; a decimal comma where fields are parted otherwise and no point is
/// there. Lines that begin with "#" and empty ones are left out. Faults: D461, D462.
Csv parse_csv(std::string_view text, const std::string& name, Diagnostics& faults);

/// A field that is a number with the unit of `heading` or its own; empty when it is no number with a unit that fits `wanted` (D463 is
/// added where it must be one). A blank field is empty without a fault.
std::optional<double> quantity_field(const Csv& csv, const CsvRow& row, std::size_t column, const Dimension& wanted, Diagnostics& faults);

/// "30 min" or "30" in two parts; empty when it does not begin with a number.
struct NumberAndUnit {
  double number = 0.0;
  std::string_view unit;
};
std::optional<NumberAndUnit> number_and_unit(std::string_view field, char decimal);

} // namespace platen::groups

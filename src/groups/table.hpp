#pragma once
// Tables people keep of their cells: CCD intervals, and the conditions of cells whose files do not say them. docs/formats/groups.md.

#include "base/error.hpp"
#include "groups/row.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace platen::groups {

/// Whether the headings of a text are those of a table of CCDs.
bool is_ccd_table(std::string_view text);

/// The rows of a table of CCDs: `cell`, `last_passed` and `failing_step` (or `ccd`), every other column is a factor.
/// `name` is shown in errors and sources. @throws Error with every fault: D461 (no such table), D462 (fields), D463 (units),
/// D464 (mixed), D465 (a CCD that cannot be).
std::vector<CcdRow> read_ccd_table(std::string_view text, const std::string& name);

/// One row of a mapping table: which file or cell, and what it says of it.
struct Mapped {
  std::string key; ///< as in the table: a path, a file's name, its stem, or a cell's name
  std::size_t line = 0;
  std::vector<Factor> factors;
  bool used = false;
};
/// The first column, or the one called `file` or `cell`, names the cell. @throws as above.
std::vector<Mapped> read_mapping(std::string_view text, const std::string& name);

/// Adds to each row what the mapping says of it; the mapping wins. Rows it does not name, and lines that name no row (D466), are warned of.
void apply_mapping(std::vector<CcdRow>& rows, std::vector<Mapped>& mapping, const std::string& name, Diagnostics& notes);

} // namespace platen::groups

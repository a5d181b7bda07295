#pragma once
// [columns] of cell files: which heading is which column of the registry.

#include "config/table.hpp"
#include "import/cell_file.hpp"

#include <map>
#include <string>

namespace platen {

/// Reads `"Ewe/V" = "voltage"` and `"Ewe/V" = { column = "voltage", unit = "V" }`; faults (D080, D081) are
/// collected.
/// @param log the mapping is one of a load-cell log, whose pressure may be a voltage as well.
std::map<std::string, ColumnMapping> read_columns(const config::Table& columns, bool log);

} // namespace platen

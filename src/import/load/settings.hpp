#pragma once
// [pressure_log] of a cell file. docs/formats/pressure-log.md.

#include "config/table.hpp"
#include "import/cell_file.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace platen::load {

/// `zone = "Europe/Berlin"` of a table; empty when there is none. A name the system does not know is a fault
/// (D400).
std::string read_zone(const config::Table& table);

/// The settings of a load-cell log; empty when the cell file has none. Faults (D082 to D084, D400 to D403 and
/// those of the quantities) are collected. @param folder of the cell file.
std::optional<PressureLog> read_pressure_log(const config::Table& table, const std::filesystem::path& folder);

} // namespace platen::load

#pragma once
// The small TOML next to a data file: what is known about the cell, and how to read the data where they do not say.

#include "record/cell_info.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace platen {

/// A column named by the user: which registry column it is and the unit its numbers are in.
struct ColumnMapping {
  std::string column; ///< registry name, "voltage"
  std::string unit;   ///< "mV"; empty: as the header says
};

/// A load-cell log beside the data.
struct PressureLog {
  std::filesystem::path file;
  std::string unit;              ///< MPa, N, kgf, lbf, V ...; empty: as the header says
  std::optional<double> gain;    ///< for V: N per V
  std::optional<double> zero;    ///< in the log's own unit, subtracted first
  double clock_offset = 0.0;     ///< s added to the log's time to get test time
  std::map<std::string, ColumnMapping> columns;
};

struct CellFile {
  CellInfo cell;
  std::map<std::string, ColumnMapping> columns; ///< header of the data file -> registry column
  std::optional<PressureLog> pressure_log;
  std::string path; ///< of the cell file itself, for provenance
  std::string text;
};

/// @throws Error with every fault of the file (unknown keys, bare numbers, wrong units).
CellFile read_cell_file(const std::filesystem::path& path);

} // namespace platen

#pragma once
// The small TOML next to a data file: what is known about the cell, and how to read the data where they do
// not say.

#include "record/cell_info.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace platen {

/// A column named by the user: which registry column it is and the unit its numbers are in.
struct ColumnMapping {
  std::string column; ///< registry name, "voltage"
  std::string unit;   ///< "mV"; empty: as the header says
};

/// What turns the readings of one load cell into a load. "Log's unit" is the unit of its readings.
struct LoadCell {
  std::string unit;           ///< MPa, N, kgf, lbf, V ...; empty: as the header says
  std::optional<double> gain; ///< for V: N per V
  std::optional<double> zero; ///< in the log's unit, subtracted first
  std::vector<std::pair<double, double>>
      table; ///< reading in the log's unit, load in N or Pa; rising; may be empty
  bool table_is_pressure = false;
  std::optional<double> low, high; ///< in the log's unit: readings at or beyond these are saturated
  double zero_per_kelvin = 0.0;    ///< log's unit per K
  double span_per_kelvin = 0.0;    ///< 1/K
};

/// A stretch of the log without load, from which the zero is taken.
struct ZeroInterval {
  double from = 0.0,
         to = 0.0; ///< s: since the log's first row, or since 1970 as the log's wall clock shows them
  bool dated = false;
};

/// How the log's clock is brought to that of the data.
enum class LogClock { stated, automatic };

/// A load-cell log beside the data. docs/formats/pressure-log.md.
struct PressureLog {
  std::filesystem::path file;
  LoadCell cell;
  std::vector<std::string> channels;   ///< headings of the load cells that carry the stack; empty: found
  std::map<std::string, LoadCell> own; ///< what is different for one of `channels`
  std::optional<ZeroInterval> zero_interval;
  std::optional<double> temperature_reference; ///< K, at which zero and span hold
  std::string zone;                            ///< of dates without one; empty: the data's
  std::optional<char> decimal;                 ///< '.' or ','
  std::optional<bool> day_first;               ///< of dates like 05/06/2024
  LogClock clock = LogClock::stated;
  double clock_offset = 0.0;          ///< s added to the log's time to get the data's
  bool has_offset = false;            ///< `clock_offset` was stated
  double clock_drift = 0.0;           ///< s per s by which the log's clock loses, counted from its first row
  std::optional<double> clock_search; ///< s: `automatic` looks no further than this from what is stated
  std::map<std::string, ColumnMapping> columns;
};

struct CellFile {
  CellInfo cell;
  std::map<std::string, ColumnMapping> columns; ///< header of the data file -> registry column
  std::string zone;                             ///< of dates without one in the data; empty: not said
  std::optional<PressureLog> pressure_log;
  std::vector<std::string> overrules;           ///< what a person says against verdicts of the assessment
  std::string path; ///< of the cell file itself, for provenance
  std::string text;
};

/// @throws Error with every fault of the file (unknown keys, bare numbers, wrong units).
CellFile read_cell_file(const std::filesystem::path& path);

} // namespace platen

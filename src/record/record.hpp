#pragma once
// The waist of the hourglass: one test of one cell, measured or simulated.

#include "base/error.hpp"
#include "record/analysis.hpp"
#include "record/cell_info.hpp"
#include "record/columns.hpp"
#include "record/spectrum.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace platen {

/// One column over the rows of a record. Registry columns carry the registry's unit (SI); others (auxiliary channels,
/// states of the simulator) bring their own SI unit and description.
struct Column {
  std::string name;
  std::string unit; ///< SI, "1" for pure numbers
  std::string description;
  std::variant<std::vector<double>, std::vector<std::int32_t>> values;
};

/// Something that happened at a time: "step", "contact lost", "soft short", "hard short", "cut-off", "warning" ...
struct Event {
  double time = 0.0; ///< test time, s
  std::string kind;
  std::string text; ///< one sentence for people
};

/// A line or a record of a file that could not be used.
struct Reject {
  Place place; ///< `line` counts lines of a text or records of a binary file, from 1
  std::string reason;
};

/// Where a record came from.
struct Provenance {
  std::string origin; ///< "measured" | "simulated" | "simulated through instrument"
  std::string program; ///< "platen 0.1.0 (commit)"
  std::string format; ///< "Neware ndax, ndc 17" | "delimited text" | "simulation"
  struct Source {
    std::string path;
    std::string sha256;
  };
  std::vector<Source> sources; ///< every file read, with its checksum
  std::uint64_t seed = 0;      ///< of the simulation or the instrument, 0: none
};

class Record {
public:
  std::size_t rows() const noexcept;

  bool has(std::string_view name) const noexcept { return find(name) != nullptr; }
  const Column* find(std::string_view name) const noexcept;
  /// Values of a real column, SI. @throws Error D060 naming the column and those that exist.
  std::span<const double> real(std::string_view name) const;
  std::span<double> real(std::string_view name);
  /// Values of an integer column. @throws Error D060 as above.
  std::span<const std::int32_t> integer(std::string_view name) const;

  /// Adds or replaces a registry column. @throws Error B003 when the name is not in the registry or lengths differ.
  void set(std::string_view name, std::vector<double> values);
  void set(std::string_view name, std::vector<std::int32_t> values);
  /// Adds or replaces any column. @throws Error B003 when lengths differ.
  void set(Column column);

  const std::vector<Column>& columns() const noexcept { return columns_; }

  CellInfo cell;                                ///< what is known about the cell
  std::map<std::string, std::string> metadata;  ///< whatever else the instrument's file said, as text
  std::vector<Event> events;                    ///< in order of time
  std::string study;                            ///< the resolved study as TOML; empty for measured records
  Provenance provenance;
  std::vector<Diagnostic> warnings;             ///< what a reader had to assume or leave out
  std::vector<Spectrum> spectra;                ///< in order of measurement; a file of impedance alone has no rows
  std::vector<Analysis> analyses;               ///< what was concluded from spectra and rows
  std::vector<Reject> rejects;                  ///< what a reader refused, at most `kept_rejects`

  static constexpr std::size_t kept_rejects = 100'000;

private:
  std::vector<Column> columns_;
};

} // namespace platen

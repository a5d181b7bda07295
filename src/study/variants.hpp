#pragma once
// Many variants of one study: a table of overrides, a row of which makes a study of its own. Format: docs/formats/overrides.md.
//
//   const OverrideTable table = read_overrides("ensemble.csv");
//   const Variants variants = Variants::read("cell.toml", table.columns);
//   for (std::size_t k = 0; k < table.rows(); ++k) simulate(variants.study(table.row(k), table.origin(k)));

#include "base/error.hpp"
#include "study/override_keys.hpp"
#include "study/study.hpp"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace platen {

/// What one column overrides. A value is a number in `unit`; of a column of words it is the word's index. NaN leaves the study as
/// it is.
struct OverrideColumn {
  std::string key;                ///< "contact.initial", "cell.cathode.loading", "mechanisms.fatigue", "values.hold"
  std::string unit;               ///< "um"; empty for pure numbers, switches and words
  std::vector<std::string> words; ///< of a column of words, "fixed gap", "springs"; empty: numbers
  Place place = {};               ///< for messages

  /// "flaw.depth [um]": as the heading of a table.
  std::string heading() const;
  /// A value as a table shows it: the shortest digits that read back, or the word; empty for NaN.
  std::string shown(double value) const;
};

struct OverrideTable {
  std::string name; ///< of the file
  std::vector<OverrideColumn> columns;
  std::vector<double> values;            ///< row after row
  std::vector<double> weights;           ///< of the rows, positive or zero; empty: there is no such column
  std::vector<std::string> explanations; ///< of the rows; empty: there is no such column
  std::vector<std::size_t> lines;        ///< where the rows stand

  std::size_t rows() const noexcept { return lines.size(); }
  std::span<const double> row(std::size_t k) const { return std::span(values).subspan(k * columns.size(), columns.size()); }
  /// "ensemble.csv:12"
  std::string origin(std::size_t k) const;
};

/// @throws Error with every fault of the table (C120 to C126), with line and column; D001 when it cannot be read.
OverrideTable read_overrides(const std::filesystem::path& path);
OverrideTable parse_overrides(std::string_view text, const std::string& name);

/// The table as its file. Values read back to the same numbers.
std::string overrides_csv(const OverrideTable& table);

/// Checks what a key may be overridden with; faults go to `diagnostics`, with `place`. `unit` is that of the numbers, and must be
/// empty for words. @returns the key; empty after a fault.
std::optional<OverrideKey> check_override(const OverrideColumn& column, Diagnostics& diagnostics);
/// The value of one field of such a column: a number in the column's unit within the key's limits, or a word, which is added to the
/// column where any may stand. NaN for an empty field, and after a fault.
double read_override(OverrideColumn& column, const OverrideKey& key, std::string_view field, const Place& place, Diagnostics& diagnostics);

/// One study and what is overridden in it. Made once, it gives any number of studies, from any thread, without reading a file again.
class Variants {
public:
  /// @throws Error with the faults of the study, as `read_study`; C125 with those of the columns: the study has not what they
  /// override.
  static Variants read(const std::filesystem::path& study, std::vector<OverrideColumn> columns);
  static Variants parse(std::string text, std::string name, const std::filesystem::path& folder, std::vector<OverrideColumn> columns);
  Variants(Variants&&) noexcept;
  Variants& operator=(Variants&&) noexcept;
  ~Variants();

  const std::vector<OverrideColumn>& columns() const noexcept;
  /// The study itself.
  const Study& base() const noexcept;
  /// The study with a value for each column. The same as if they stood in the file (test: variants give the study of the file).
  /// `origin` says where they come from, "ensemble.csv:12".
  /// @throws Error with everything that does not fit together (C050 to C114), which names `origin` and the values.
  Study study(std::span<const double> values, std::string_view origin = "override") const;

private:
  struct Parts;
  explicit Variants(std::unique_ptr<const Parts> parts);
  static Variants of(config::Document document, const std::string& stem, std::vector<OverrideColumn> columns);
  std::unique_ptr<const Parts> parts_;
};

} // namespace platen

#pragma once
// The table of a campaign: a line per run, in their order. Format: docs/formats/campaign.md.
//
//   # platen campaign ...
//   run,replicate,seed,values.hold [min],values.stack [MPa],status,reason,ccd [mA/cm2],end
//   0,0,0,1,1,done,,0.635,shorted

#include "base/error.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace platen::campaign {

struct TableColumn {
  std::string name; ///< "values.hold", "ccd"
  std::string unit; ///< "min"; empty: none
  std::string heading() const;
};

/// Columns in front of those of the axes, and between axes and results.
inline constexpr std::string_view run_column = "run", replicate_column = "replicate", seed_column = "seed";
inline constexpr std::string_view status_column = "status", reason_column = "reason";
inline constexpr std::string_view done_status = "done", failed_status = "failed";

struct TableHead {
  std::vector<std::string> comments; ///< lines before the heading, without "# "
  std::vector<TableColumn> axes, results;
};

/// One run as text: fields of axes and results in the order of the head; a failed run has empty results.
struct TableRow {
  std::uint64_t run = 0, replicate = 0, seed = 0;
  std::vector<std::string> axes;
  bool done = false;
  std::string reason; ///< why it failed
  std::vector<std::string> results;
};

/// Comments and heading, each line with its end.
std::string head_text(const TableHead& head);
/// "0,0,0,1,1," of a row: what is known before the run. Without a line end.
std::string row_start(const TableRow& row);
/// "done,,0.635,shorted": what the run came to. Without a line end, and never with one inside.
std::string row_end(const TableRow& row);

/// Reads a table row by row, holding one at a time.
class TableReader {
public:
  /// @throws Error D001 (unreadable), D525 (no table of a campaign).
  explicit TableReader(const std::filesystem::path& path);
  TableReader(std::string text, std::string name);
  ~TableReader();
  TableReader(const TableReader&) = delete;
  TableReader& operator=(const TableReader&) = delete;

  const TableHead& head() const noexcept { return head_; }
  /// Place of an axis or a result among those of its kind; by name.
  std::optional<std::size_t> axis(std::string_view name) const;
  std::optional<std::size_t> result(std::string_view name) const;
  /// @returns false behind the last row. @throws Error D525 with line for a row that does not fit the heading.
  bool next(TableRow& row);

private:
  struct Source;
  void read_head();
  bool line(std::string& out);
  [[noreturn]] void refuse(std::string message) const;

  std::string name_;
  std::unique_ptr<Source> source_;
  std::size_t line_ = 0;
  TableHead head_;
};

/// A table whole, as numbers where fields are numbers. For maps and indices.
struct NumberTable {
  TableHead head;
  std::vector<std::uint64_t> runs, replicates, seeds;
  std::vector<bool> done;
  std::vector<std::vector<double>> axes;          ///< column by column; NaN: a word, or empty
  std::vector<std::vector<std::string>> axis_words; ///< column by column; no rows for columns of numbers
  std::vector<std::vector<double>> results;       ///< column by column; NaN: empty, failed, or a word
  std::vector<std::vector<std::string>> result_words;

  std::size_t rows() const noexcept { return runs.size(); }
};
/// @throws as TableReader.
NumberTable read_table(const std::filesystem::path& path);

} // namespace platen::campaign

#pragma once
// Runs over time inside files of impedance programs: their rows become a flat text that the reader of
// delimited text understands, so that there is one way from columns to a record.

#include "import/import.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace platen::impedance_files {

/// Rows of a run, tab-separated under a line of headings, each with the line of the file it came from.
class FlatTable {
public:
  explicit FlatTable(std::vector<std::string> headings);
  /// One row; `line` must not go down.
  void add(std::size_t line, const std::vector<std::string_view>& fields);
  std::size_t rows() const noexcept { return rows_; }
  std::size_t columns() const noexcept { return columns_; }

  /// The record of the rows; line numbers in its warnings and rejects are those of the file.
  /// @throws as text::read_text.
  Record read(const std::string& name, const ImportOptions& options, const work::Task& task);

private:
  std::string text_;
  std::size_t columns_ = 0, rows_ = 0;
  std::size_t first_ = 0, last_ = 0; ///< lines of the file: of the first row and of the last one
};

} // namespace platen::impedance_files

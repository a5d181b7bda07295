#pragma once
// The rows of a sheet as lines of a text with tabs between the cells, so that everything known of text exports (headings, units,
// clocks, step types) holds for workbooks too.

#include "import/text/table.hpp"
#include "import/xlsx/markup.hpp"
#include "import/xlsx/workbook.hpp"

#include <cstddef>
#include <string>

namespace platen::xlsx {

/// What the tag of a cell says.
struct CellHead {
  std::size_t column = std::string_view::npos; ///< npos: not said
  std::size_t style = 0;
  char type = 'n'; ///< first letter of the type, `f` for the text of a formula
};

/// One line per row, numbered like the rows. Cells that are not there are empty fields; booleans are 1 and 0; a formula is the
/// value it had; numbers shown as dates are "2024-03-21 09:03:23.00000", those shown as times "144:02:18.000000".
class SheetLines : public text::LineSource {
public:
  SheetLines(Container& container, const Workbook& book, const SheetEntry& sheet)
      : markup_(container, sheet.member), book_(book) {}

  /// @throws Error D031, D382.
  bool next(text::Line& line) override;

  /// How many columns the table has: cells to the right of them are left out, and rows of fewer than a quarter of them are cut
  /// short, so that a table cannot be larger in memory than its cells justify.
  void expect_columns(std::size_t columns) noexcept { width_ = columns; }
  /// Numbers written as texts have decimal commas.
  void texts_have_commas(bool yes) noexcept { commas_ = yes; }

  /// Quotes in texts stay; otherwise they become apostrophes, since they would hold fields together.
  void keep_quotes() noexcept { keep_quotes_ = true; }

  std::uint64_t bytes() const noexcept { return markup_.size(); } ///< of the sheet's XML
  std::size_t numbers_with_comma() const noexcept { return with_comma_; }
  std::size_t numbers_with_point() const noexcept { return with_point_; } ///< among texts, as far as read

private:
  void read_row();
  void read_cell(const Token& cell);
  void add_cell(std::size_t column, const CellHead& head, std::string_view value);
  void add_text(std::string_view text);
  void add_number(std::string_view text, Shown shown);

  Markup markup_;
  const Workbook& book_;
  std::string line_, value_;
  std::size_t row_ = 0, column_ = 0, next_column_ = 0, cells_ = 0, width_ = 0;
  std::size_t with_comma_ = 0, with_point_ = 0;
  bool commas_ = false, keep_quotes_ = false;
};

/// The first rows of a sheet as text, at most a thousand lines and a megabyte; rows that are not there are empty lines.
struct Head {
  std::string text;
  bool texts_have_commas = false;
};
Head head_of(Container& container, const Workbook& book, const SheetEntry& sheet);

} // namespace platen::xlsx

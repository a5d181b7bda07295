#pragma once
// What a workbook says besides its cells: sheets, shared strings, which styles show dates.

#include "import/container.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace platen::xlsx {

struct SheetEntry {
  std::string name;
  std::string member; ///< inside the zip
};

/// How a number in a cell is meant.
enum class Shown : std::uint8_t { number, date, duration };

/// Strings that cells refer to by their number, one after another in one text.
class SharedStrings {
public:
  /// Empty when there is no such string.
  std::string_view at(std::size_t index) const noexcept {
    if (index >= ends_.size()) return {};
    const std::size_t from = index == 0 ? 0 : ends_[index - 1];
    return std::string_view(text_).substr(from, ends_[index] - from);
  }
  void read(Container& container, std::string_view member);

private:
  std::string text_;
  std::vector<std::size_t> ends_;
};

struct Workbook {
  std::vector<SheetEntry> sheets; ///< in the order in which they are shown
  std::vector<Shown> styles;      ///< by the number of a cell's style
  SharedStrings strings;
  bool from_1904 = false; ///< dates count from 1904-01-01

  Shown shown(std::size_t style) const noexcept { return style < styles.size() ? styles[style] : Shown::number; }
};

/// @throws Error D030 to D033 of the container; D380 when it holds no workbook, D382 when a part of it is no XML.
Workbook read_workbook(Container& container);

/// What a code of a number format shows: "yyyy-mm-dd hh:mm", "[h]:mm:ss", "0.00E+00".
Shown shown_by(std::string_view format_code);

} // namespace platen::xlsx

#pragma once
// One line of a small table of text: fields between marks, quoted where they hold the mark, and headings that carry a unit.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace platen {

struct CsvField {
  std::string text;        ///< without quotes and without blanks at its ends
  std::size_t column = 1;  ///< in the line, in bytes from 1
  std::size_t length = 1;  ///< as written
};

/// The fields of a line. A quote that is never closed ends with the line.
std::vector<CsvField> split_csv(std::string_view line, char delimiter);

/// Comma, semicolon or tab, whichever the line has most of.
char csv_delimiter(std::string_view line);

struct CsvName {
  std::string name;
  std::string unit; ///< of "name / unit", "name (unit)" or "name [unit]"; empty: none
};
CsvName csv_name(std::string_view heading);

} // namespace platen

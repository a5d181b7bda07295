#pragma once
// Numbers, texts and rows of a CSV as every writer of the room puts them.

#include "record/shown.hpp"

#include <span>
#include <string>
#include <string_view>

namespace platen::csv {

/// One column as the file shows it.
using Field = ShownColumn;

/// The shortest number that reads back exactly; nothing for NaN.
void append_number(std::string& out, double value);
/// Quoted where it must be; line ends become spaces, since a field is one line.
void append_quoted(std::string& out, std::string_view text);
/// Every row of the record, a line each.
void append_rows(std::string& out, const Record& record, std::span<const Field> fields);

} // namespace platen::csv

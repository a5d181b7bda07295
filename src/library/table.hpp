#pragma once
// Rows as SQL gives them.

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace platen::library {

using Value = std::variant<std::monostate, std::int64_t, double, std::string>; ///< NULL, INTEGER, REAL, TEXT

struct Table {
  std::string name;                     ///< of a table of the library; empty for an answer
  std::vector<std::string> columns;     ///< with the unit in the name where there is one
  std::vector<std::vector<Value>> rows;
  bool cut = false;                     ///< there were more rows than asked for
};

/// Comma-separated, one line of headings, numbers that read back exactly, nothing for NULL. Line ends within a text become spaces.
std::string to_csv(const Table& table);

} // namespace platen::library

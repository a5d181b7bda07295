#pragma once
// Where the values of each column stand in a row of the data module: from the codes in its head, and from rows and bytes
// where a code is not known.

#include "base/error.hpp"
#include "import/biologic/columns.hpp"
#include "import/biologic/modules.hpp"

#include <string>
#include <vector>

namespace platen::biologic {

struct Field {
  ColumnCode column;
  std::size_t offset = 0; ///< in a row
  bool known = true;      ///< false: the heading is "unknown_N"
};

struct Layout {
  std::string generation;       ///< "data version 3"
  std::size_t rows = 0;         ///< that are in the file as a whole
  std::size_t row_bytes = 0;
  std::string_view rows_begin;  ///< the rows, rows * row_bytes long
  std::vector<Field> fields;    ///< without the flags
  std::vector<const FlagBits*> flags;
  std::size_t flags_offset = 0; ///< of their byte in a row, where there are flags
};

/// @param notes gets what had to be assumed or left out (D322, D323, D327).
/// @throws Error D320 when the head is cut off or says nothing, D321 when the version is not known, D324 when the length of
/// a row cannot be told.
Layout read_layout(const Module& data, const std::string& file, Diagnostics& notes);

} // namespace platen::biologic

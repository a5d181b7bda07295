#pragma once
// The columns of a record as tables show them: in the order of the registry, in the units of Battery Data Format files.

#include "record/record.hpp"

#include <vector>

namespace platen {

struct ShownColumn {
  const Column* column = nullptr;
  Unit unit;          ///< of the file
  bool words = false; ///< step types are shown as words

  /// The value of a real column in the file's unit.
  double real(std::size_t row) const;
};

/// Registry columns in the registry's order, then all others as they came. The record must outlive them.
std::vector<ShownColumn> shown_columns(const Record& record);

} // namespace platen

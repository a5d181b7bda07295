#pragma once
// Files that are not read, told apart by their first bytes, each with what its owner can do.

#include <optional>
#include <string_view>

namespace platen {

struct Foreign {
  std::string_view name; ///< "BioLogic .mpr"
  std::string_view hint; ///< what to do
};

/// Empty: none of the kinds known here. Looks into zips by the names they hold.
std::optional<Foreign> foreign_format(std::string_view bytes);

} // namespace platen

#pragma once
// The cards and sets of data/, embedded when the library is built so that the program needs no data folder.

#include <span>
#include <string_view>

namespace platen::material {

struct BuiltInText {
  std::string_view name; ///< "LPSCl"
  std::string_view text; ///< the TOML file
};

std::span<const BuiltInText> built_in_cards();
std::span<const BuiltInText> built_in_sets();

} // namespace platen::material

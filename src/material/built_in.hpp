#pragma once
// The cards and sets of data/, embedded when the library is built.

#include "base/embedded.hpp"

#include <span>

namespace platen::material {

std::span<const EmbeddedText> built_in_cards();
std::span<const EmbeddedText> built_in_sets();

} // namespace platen::material

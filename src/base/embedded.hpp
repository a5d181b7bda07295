#pragma once
// Text files of data/ embedded when a room is built (cmake/PlatenEmbed.cmake), so that the program needs no data folder.

#include <string_view>

namespace platen {

struct EmbeddedText {
  std::string_view name; ///< the file's name without its ending, "LPSCl"
  std::string_view text;
};

} // namespace platen

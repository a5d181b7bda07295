#pragma once
// Members of a container for the fuzzer. They are put into a zip whose checksums are right, so that damage reaches what
// lies inside.

#include "../tests/import/ndax_builder.hpp"

#include <cstring>
#include <string_view>
#include <vector>

namespace platen::fuzz {

/// Takes the input apart: each member is preceded by its length as u16; the last takes what is left.
inline std::vector<std::string_view> parts_of(std::string_view input, std::size_t count) {
  std::vector<std::string_view> out;
  for (std::size_t k = 0; k < count; ++k) {
    std::uint16_t length = 0;
    if (input.size() >= 2 && k + 1 < count) {
      std::memcpy(&length, input.data(), 2);
      input.remove_prefix(2);
    }
    out.push_back(k + 1 < count ? input.substr(0, length) : input);
    input.remove_prefix(out.back().size());
  }
  return out;
}

} // namespace platen::fuzz

#include "base/number.hpp"

#include <charconv>
#include <cmath>

namespace platen {
const char* scan_long_number(const char* begin, const char* end, char decimal, double& out) noexcept {
  if (begin != end && *begin == '+') ++begin;
  if (decimal == '.') { // mostly nothing has to be put in another way
    const auto [stop, fault] = std::from_chars(begin, end, out);
    if (fault == std::errc() && stop == end) return end;
  }
  std::array<char, longest_number> copy{};
  if (static_cast<std::size_t>(end - begin) > copy.size()) return nullptr;
  char* to = copy.data();
  bool tiny = false, in_exponent = false;
  for (const char* p = begin; p != end; ++p) {
    char c = *p;
    if (c == decimal) c = '.';
    if (c == 'D' || c == 'd' || c == 'E') c = 'e';
    if (in_exponent && c == '-') tiny = true;
    if (c == 'e') in_exponent = true;
    *to++ = c;
  }
  // from_chars takes "e+5" in exponents, but not a plus in front.
  const auto [stop, fault] = std::from_chars(copy.data(), to, out);
  if (fault == std::errc::result_out_of_range && tiny) {
    out = 0.0;
    return end;
  }
  return fault == std::errc() && stop == to ? end : nullptr;
}

} // namespace platen

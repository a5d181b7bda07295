#include "import/charset.hpp"

#include <iconv.h>

namespace platen {

std::optional<std::string> to_utf8(std::string_view bytes, const char* encoding, bool replace) {
  const iconv_t handle = iconv_open("UTF-8", encoding);
  if (handle == reinterpret_cast<iconv_t>(-1)) return std::nullopt;
  std::string out(4 * bytes.size() + 16, '\0'); // three bytes for each byte replaced at most
  std::string from(bytes);                      // iconv wants char*, not const char*
  char* in = from.data();
  char* to = out.data();
  std::size_t left = from.size(), room = out.size();
  bool failed = false;
  while (left > 0 && !failed) {
    if (iconv(handle, &in, &left, &to, &room) != static_cast<std::size_t>(-1)) break;
    failed = !replace || room < 4;
    if (failed) break;
    for (const char c : std::string_view("\xEF\xBF\xBD")) *to++ = c;
    room -= 3;
    ++in;
    --left;
  }
  iconv_close(handle);
  if (failed) return std::nullopt;
  out.resize(out.size() - room);
  return out;
}

} // namespace platen

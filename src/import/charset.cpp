#include "import/charset.hpp"

#include <cerrno>
#include <iconv.h>

namespace platen {

std::optional<std::string> to_utf8(std::string_view bytes, const char* encoding, bool replace) {
  constexpr std::string_view replacement = "\xEF\xBF\xBD";
  const iconv_t handle = iconv_open("UTF-8", encoding);
  if (handle == reinterpret_cast<iconv_t>(-1)) return std::nullopt;
  std::string out(bytes.size() + bytes.size() / 2 + 16, '\0'); // two bytes of GBK become three
  char* in = const_cast<char*>(bytes.data());                  // iconv does not write to what it reads
  std::size_t left = bytes.size(), used = 0;
  bool failed = false;
  while (left > 0 && !failed) {
    char* to = out.data() + used;
    std::size_t room = out.size() - used;
    const bool done = iconv(handle, &in, &left, &to, &room) != static_cast<std::size_t>(-1);
    const int fault = errno;
    used = out.size() - room;
    if (done) break;
    if (fault == E2BIG) {
      out.resize(out.size() + left + 16);
      continue;
    }
    failed = !replace;
    if (failed) break;
    if (out.size() - used < replacement.size()) out.resize(out.size() + left + 16);
    out.replace(used, replacement.size(), replacement);
    used += replacement.size();
    ++in;
    --left;
  }
  iconv_close(handle);
  if (failed) return std::nullopt;
  out.resize(used);
  return out;
}

} // namespace platen

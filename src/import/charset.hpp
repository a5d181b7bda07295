#pragma once
// Text of other encodings as UTF-8.

#include <optional>
#include <string>
#include <string_view>

namespace platen {

/// `bytes`, which are in `encoding` ("GB18030", as iconv names it), as UTF-8. Empty when there is a byte sequence that
/// is no character, unless `replace` puts U+FFFD in its place.
std::optional<std::string> to_utf8(std::string_view bytes, const char* encoding, bool replace);

} // namespace platen

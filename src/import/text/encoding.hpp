#pragma once
// Bytes of a text file made readable: byte-order marks, UTF-16, old Mac line ends; single strings from
// Windows-1252.

#include <string>
#include <string_view>

namespace platen::text {

/// A file's text and how it was encoded, in words ("UTF-8", "UTF-16 little endian").
struct Decoded {
  std::string text;
  std::string encoding;
};

/// Takes the byte-order mark off and turns UTF-16, and what looks like Chinese in GB18030, into UTF-8. Other
/// text without a mark stays as it is: numbers are ASCII in every encoding met so far, and headers are cured
/// one by one with `to_utf8`. Lone carriage returns become line ends.
Decoded decode(std::string bytes);

/// Whether `bytes` cannot be text: NUL bytes (and no UTF-16 mark) or many control characters among the first
/// 64 kB.
bool looks_binary(std::string_view bytes) noexcept;

bool is_utf8(std::string_view s) noexcept;

/// `s` when it is UTF-8 already, else read as Windows-1252, which latin-1 files are part of ("\xB0" + "C" is
/// the degree Celsius of EC-Lab, "\xB5" + "A" its microampere).
std::string to_utf8(std::string_view s);

} // namespace platen::text

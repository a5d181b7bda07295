#include "import/text/encoding.hpp"

#include "import/charset.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace platen::text {
namespace {

void append_code_point(std::string& out, std::uint32_t c) {
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | c >> 6);
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | c >> 12);
    put(0x80 | (c >> 6 & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | c >> 18);
    put(0x80 | (c >> 12 & 0x3F));
    put(0x80 | (c >> 6 & 0x3F));
    put(0x80 | (c & 0x3F));
  }
}

std::string from_utf16(std::string_view bytes, bool little) {
  std::string out;
  out.reserve(bytes.size() / 2);
  const auto unit = [&](std::size_t i) {
    const auto a = static_cast<unsigned char>(bytes[i]);
    const auto b = static_cast<unsigned char>(bytes[i + 1]);
    return static_cast<std::uint32_t>(little ? a | b << 8 : a << 8 | b);
  };
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
    std::uint32_t c = unit(i);
    if (c >= 0xD800 && c < 0xDC00 && i + 3 < bytes.size()) {
      const std::uint32_t low = unit(i + 2);
      if (low >= 0xDC00 && low < 0xE000) {
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
        i += 2;
      }
    }
    append_code_point(out, c >= 0xD800 && c < 0xE000 ? 0xFFFD : c);
  }
  return out;
}

constexpr std::size_t sampled = std::size_t{1} << 20; ///< bytes that decide about the encoding

/// Whether the bytes are UTF-8, but for a character that their end cuts off.
bool begins_as_utf8(std::string_view sample) {
  constexpr std::size_t longest = 4;
  for (std::size_t cut = 0; cut < longest && cut <= sample.size(); ++cut)
    if (is_utf8(sample.substr(0, sample.size() - cut))) return true;
  return false;
}

/// Windows-1252 above 0x7F; the five unused places give the replacement character.
std::uint32_t windows_1252(unsigned char c) {
  static constexpr std::array<std::uint16_t, 32> low{
      0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
      0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
      0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};
  return c >= 0x80 && c < 0xA0 ? low[c - 0x80] : c;
}

/// Whether text that is not UTF-8 is Chinese in GB2312, GBK or GB18030. Its characters are pairs of bytes from 0xA1 on, and
/// words have two or more of them; the accents, degree and micro signs of latin-1 stand alone between ASCII letters.
bool looks_chinese(std::string_view sample) {
  const auto high = [](char c) { return static_cast<unsigned char>(c) >= 0x80; };
  std::size_t words = 0;
  for (auto at = std::find_if(sample.begin(), sample.end(), high); at != sample.end();) {
    const auto end = std::find_if_not(at, sample.end(), high);
    const bool pairs = (end - at) % 2 == 0 && std::all_of(at, end, [](char c) { return static_cast<unsigned char>(c) >= 0xA1; });
    if (!pairs && end != sample.end()) return false;
    if (end - at >= 4) ++words;
    at = std::find_if(end, sample.end(), high);
  }
  return words > 0;
}

} // namespace

Decoded decode(std::string bytes) {
  Decoded out{{}, "UTF-8 or a superset of ASCII"};
  if (bytes.starts_with("\xEF\xBB\xBF")) {
    bytes.erase(0, 3);
    out.encoding = "UTF-8 with byte-order mark";
  } else if (bytes.starts_with("\xFF\xFE")) {
    bytes = from_utf16(std::string_view(bytes).substr(2), true);
    out.encoding = "UTF-16 little endian";
  } else if (bytes.starts_with("\xFE\xFF")) {
    bytes = from_utf16(std::string_view(bytes).substr(2), false);
    out.encoding = "UTF-16 big endian";
  } else if (const std::string_view sample = std::string_view(bytes).substr(0, sampled); looks_chinese(sample) && !begins_as_utf8(sample)) {
    if (auto text = platen::to_utf8(bytes, "GB18030", true)) bytes = std::move(*text);
    out.encoding = "GB18030";
  }
  if (bytes.find('\n') == std::string::npos) std::replace(bytes.begin(), bytes.end(), '\r', '\n');
  out.text = std::move(bytes);
  return out;
}

bool looks_binary(std::string_view bytes) noexcept {
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) return false;
  const std::string_view head = bytes.substr(0, 65536);
  std::size_t control = 0;
  for (const char c : head) {
    if (c == '\0') return true;
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f' &&
        c != '\x1a')
      ++control;
  }
  return control * 50 > head.size();
}

bool is_utf8(std::string_view s) noexcept {
  for (std::size_t i = 0; i < s.size();) {
    const auto c = static_cast<unsigned char>(s[i]);
    const std::size_t more = c < 0x80                ? 0
                             : c >= 0xC2 && c < 0xE0 ? 1
                             : c >= 0xE0 && c < 0xF0 ? 2
                             : c >= 0xF0 && c < 0xF5 ? 3
                                                     : 4;
    if (more == 4 || i + more >= s.size()) return false;
    for (std::size_t k = 1; k <= more; ++k)
      if ((static_cast<unsigned char>(s[i + k]) & 0xC0) != 0x80) return false;
    i += more + 1;
  }
  return true;
}

std::string to_utf8(std::string_view s) {
  if (is_utf8(s)) return std::string(s);
  std::string out;
  for (const char c : s) append_code_point(out, windows_1252(static_cast<unsigned char>(c)));
  return out;
}

} // namespace platen::text

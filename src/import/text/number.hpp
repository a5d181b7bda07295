#pragma once
// Numbers as instruments write them: decimal point or comma, "E+002", "2,5E-3", "1D-3", "1.234,5". No locale,
// no allocation.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace platen::text {

/// Spaces and tabs off both ends.
std::string_view trim(std::string_view s) noexcept;

/// As `scan_number`, for the few numbers it cannot turn exactly into a double on its own.
const char* scan_long_number(const char* begin, const char* end, char decimal, double& out) noexcept;

/// Reads one number at `begin` (no leading spaces, no thousands marks). @returns where it ends, nullptr when
/// there is none. Exact: up to 19 digits below 2^53 with a power of ten within +-22 are one correctly rounded
/// multiplication or division (W. D. Clinger, "How to read floating point numbers accurately", 1990);
/// anything else goes to std::from_chars.
inline const char* scan_number(const char* begin, const char* end, char decimal, double& out) noexcept {
  constexpr std::array<double, 23> power{1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                         1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                         1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  const char* p = begin;
  const bool negative = p != end && *p == '-';
  if (p != end && (*p == '-' || *p == '+')) ++p;
  std::uint64_t mantissa = 0;
  long digits = 0, fraction = 0, exponent = 0;
  const auto take_digits = [&] {
    const char* first = p;
    for (; p != end; ++p) {
      const unsigned digit = static_cast<unsigned char>(*p) - unsigned{'0'};
      if (digit > 9) break;
      mantissa = mantissa * 10 + digit; // may wrap; `digits` tells
    }
    return p - first;
  };
  digits = take_digits();
  if (p != end && *p == decimal) {
    ++p;
    fraction = take_digits();
    digits += fraction;
  }
  if (digits == 0) return nullptr;
  if (p != end && (*p == 'E' || *p == 'e' || *p == 'D' || *p == 'd')) {
    const char* q = p + 1;
    const bool down = q != end && *q == '-';
    if (q != end && (*q == '-' || *q == '+')) ++q;
    const char* first = q;
    for (; q != end && *q >= '0' && *q <= '9'; ++q)
      if (exponent < 100000) exponent = exponent * 10 + (*q - '0');
    if (q != first) p = q;
    if (down) exponent = -exponent;
  }
  exponent -= fraction;
  if (digits > 19 || mantissa > (std::uint64_t{1} << 53) || exponent < -22 || exponent > 22)
    return scan_long_number(begin, p, decimal, out);
  double value = static_cast<double>(mantissa);
  if (exponent < 0)
    value /= power[static_cast<std::size_t>(-exponent)];
  else
    value *= power[static_cast<std::size_t>(exponent)];
  out = negative ? -value : value;
  return p;
}

/// A whole field: spaces around it, thousands marks in strict groups of three ("1,234.5", "1'234.5" where the
/// decimal mark is a point), "NaN" in any spelling (which gives NaN). Empty for anything else, infinities and
/// overflows included.
std::optional<double> parse_number(std::string_view field, char decimal) noexcept;

/// Whether `field` can only be a number with this decimal mark ("0,5" and "1,2345" with a comma), whether it
/// is a number either way ("1,234": with the comma as decimal or as thousands mark), or neither.
enum class Reading { no, either, certain };
Reading reads_as(std::string_view field, char decimal) noexcept;

} // namespace platen::text

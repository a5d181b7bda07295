#pragma once
// One number out of a text, fast and exact, with either decimal mark.

#include <array>
#include <cstddef>
#include <cstdint>

namespace platen {

inline constexpr std::size_t longest_number = 256; ///< characters; no instrument writes more, and a bound keeps copies on the stack

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

} // namespace platen

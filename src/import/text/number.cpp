#include "import/text/number.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace platen::text {
namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

bool same_word(std::string_view a, std::string_view lower) noexcept {
  if (a.size() != lower.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if ((a[i] >= 'A' && a[i] <= 'Z' ? static_cast<char>(a[i] + 32) : a[i]) != lower[i]) return false;
  return true;
}

bool is_nan_word(std::string_view s) noexcept {
  if (!s.empty() && (s.front() == '-' || s.front() == '+')) s.remove_prefix(1);
  for (const std::string_view word : {"nan", "nan(ind)", "1.#qnan", "1.#ind", "#n/a", "n/a"})
    if (same_word(s, word)) return true;
  return false;
}

std::optional<double> whole(std::string_view field, char decimal) noexcept {
  if (field.empty()) return std::nullopt; // its end may be the null pointer, which is also the scanner's "no number"
  double value = 0.0;
  const char* end = field.data() + field.size();
  return scan_number(field.data(), end, decimal, value) == end ? std::optional(value) : std::nullopt;
}

/// Length of the leading "-12" + "," + "345" + ... of `s` when it is grouped in threes by `mark` at least
/// once, else 0. A leading zero ("0,123") is never a thousands group.
std::size_t grouped(std::string_view s, char mark) noexcept {
  std::size_t i = 0;
  if (i < s.size() && (s[i] == '-' || s[i] == '+')) ++i;
  const std::size_t first = i;
  while (i < s.size() && is_digit(s[i])) ++i;
  if (i == first || i - first > 3 || s[first] == '0') return 0;
  std::size_t groups = 0;
  while (i < s.size() && s[i] == mark) {
    std::size_t k = 1;
    while (k < 4 && i + k < s.size() && is_digit(s[i + k])) ++k;
    if (k < 4 || (i + 4 < s.size() && is_digit(s[i + 4]))) return 0;
    i += 4;
    ++groups;
  }
  return groups > 0 ? i : 0;
}

/// No-break, thin and narrow spaces (UTF-8; 0xA0 in latin-1) as plain ones. `into` holds at least as much as `field`.
std::string_view with_plain_spaces(std::string_view field, std::array<char, longest_number>& into) noexcept {
  if (std::none_of(field.begin(), field.end(), [](char c) { return (c & 0x80) != 0; })) return field;
  std::size_t n = 0;
  while (!field.empty()) {
    std::size_t skipped = 1;
    char c = field.front();
    for (const std::string_view space : {"\xC2\xA0", "\xE2\x80\x89", "\xE2\x80\xAF", "\xA0"})
      if (field.starts_with(space)) {
        c = ' ';
        skipped = space.size();
        break;
      }
    into[n++] = c;
    field.remove_prefix(skipped);
  }
  return {into.data(), n};
}

} // namespace

std::optional<double> parse_number(std::string_view field, char decimal) noexcept {
  field = trim(field);
  if (const auto value = whole(field, decimal)) return value;
  if (is_nan_word(field)) return std::numeric_limits<double>::quiet_NaN();
  if (field.size() > longest_number) return std::nullopt;
  std::array<char, longest_number> plain{};
  field = with_plain_spaces(field, plain);
  for (const char mark : {decimal == '.' ? ',' : '.', '\'', ' '}) {
    const std::size_t length = grouped(field, mark);
    if (length == 0) continue;
    std::array<char, longest_number> copy{};
    std::size_t n = 0;
    for (std::size_t i = 0; i < field.size(); ++i)
      if (i >= length || field[i] != mark) copy[n++] = field[i];
    return whole({copy.data(), n}, decimal);
  }
  return std::nullopt;
}

Reading reads_as(std::string_view field, char decimal) noexcept {
  field = trim(field);
  if (!parse_number(field, decimal)) return Reading::no;
  const char other = decimal == '.' ? ',' : '.';
  return parse_number(field, other) ? Reading::either : Reading::certain;
}

} // namespace platen::text

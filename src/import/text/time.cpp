#include "import/text/time.hpp"

#include "import/text/number.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>

namespace platen::text {
namespace {

/// Reads from the front of a field; every `take` leaves it alone when it does not fit.
class Cursor {
public:
  explicit Cursor(std::string_view s) : s_(s) {}
  bool done() const noexcept { return s_.empty(); }
  char peek() const noexcept { return s_.empty() ? '\0' : s_.front(); }
  bool take(char c) noexcept {
    if (peek() != c) return false;
    s_.remove_prefix(1);
    return true;
  }
  bool take_spaces() noexcept {
    const bool any = peek() == ' ';
    while (take(' ')) {
    }
    return any;
  }
  /// A whole number of at most `most` digits; `width` receives how many there were.
  std::optional<std::int64_t> take_integer(std::size_t most, std::size_t* width = nullptr) noexcept {
    std::int64_t value = 0;
    const auto [stop, fault] = std::from_chars(s_.data(), s_.data() + s_.size(), value);
    const auto length = static_cast<std::size_t>(stop - s_.data());
    if (fault != std::errc() || value < 0 || s_.front() == '-' || length > most) return std::nullopt;
    if (width != nullptr) *width = length;
    s_.remove_prefix(length);
    return value;
  }
  /// ".952" or ",952" as a fraction of a second; 0 when there is none.
  double take_fraction() noexcept {
    if (peek() != '.' && peek() != ',') return 0.0;
    double value = 0.0, weight = 0.1;
    std::size_t n = 1;
    for (; n < s_.size() && s_[n] >= '0' && s_[n] <= '9'; ++n, weight /= 10) value += weight * (s_[n] - '0');
    if (n == 1) return 0.0;
    // One division rounds once, the sum above many times; beyond 15 digits the sum is good enough.
    if (n <= 16) {
      std::int64_t digits = 0;
      std::from_chars(s_.data() + 1, s_.data() + n, digits);
      double scale = 1.0;
      for (std::size_t k = 1; k < n; ++k) scale *= 10.0;
      value = static_cast<double>(digits) / scale;
    }
    s_.remove_prefix(n);
    return value;
  }
  std::string_view take_letters() noexcept {
    std::size_t n = 0;
    while (n < s_.size() && ((s_[n] | 0x20) >= 'a' && (s_[n] | 0x20) <= 'z')) ++n;
    const std::string_view word = s_.substr(0, n);
    s_.remove_prefix(n);
    return word;
  }

private:
  std::string_view s_;
};

int month_by_name(std::string_view word) noexcept {
  constexpr std::string_view names = "janfebmaraprmayjunjulaugsepoctnovdec";
  if (word.size() < 3) return 0;
  std::array<char, 3> low{};
  for (std::size_t i = 0; i < 3; ++i) low[i] = static_cast<char>(word[i] | 0x20);
  const std::size_t at = names.find(std::string_view(low.data(), 3));
  return at != std::string_view::npos && at % 3 == 0 ? static_cast<int>(at / 3) + 1 : 0;
}

struct Day {
  std::int64_t year = 0, month = 0, day = 0;
  bool swappable = false; ///< "05/06/2024"
};

std::optional<Day> take_day(Cursor& c, DateOrder order) noexcept {
  std::size_t width = 0;
  const auto first = c.take_integer(4, &width);
  if (!first) return std::nullopt;
  const char mark = c.peek();
  if (mark != '-' && mark != '/' && mark != '.') return std::nullopt;
  c.take(mark);
  Day out;
  if (const std::string_view word = c.take_letters(); !word.empty()) { // 17-May-2024
    const auto year = c.take(mark) ? c.take_integer(4) : std::nullopt;
    if (!year) return std::nullopt;
    return Day{*year, month_by_name(word), *first, false};
  }
  const auto second = c.take_integer(2);
  if (!second || !c.take(mark)) return std::nullopt;
  const auto third = c.take_integer(4, width == 4 ? nullptr : &width);
  if (!third || width != 4) return std::nullopt;
  if (*first > 31) return Day{*first, *second, *third, false};
  out = order == DateOrder::month_first ? Day{*third, *first, *second, true}
                                        : Day{*third, *second, *first, true};
  return out;
}

std::optional<double> seconds_of(const Day& d) noexcept {
  using namespace std::chrono;
  if (d.year < 1900 || d.year > 2200 || d.month < 1 || d.month > 12 || d.day < 1 || d.day > 31)
    return std::nullopt;
  const year_month_day date{year{static_cast<int>(d.year)}, month{static_cast<unsigned>(d.month)},
                            day{static_cast<unsigned>(d.day)}};
  if (!date.ok()) return std::nullopt;
  return 86400.0 * static_cast<double>(sys_days{date}.time_since_epoch().count());
}

/// "14:09:11.952", "2:29 PM": seconds since midnight.
std::optional<double> take_time_of_day(Cursor& c) noexcept {
  const auto hours = c.take_integer(2);
  if (!hours || !c.take(':')) return std::nullopt;
  const auto minutes = c.take_integer(2);
  if (!minutes) return std::nullopt;
  double seconds = 0.0;
  if (c.take(':')) {
    const auto whole = c.take_integer(2);
    if (!whole) return std::nullopt;
    seconds = static_cast<double>(*whole) + c.take_fraction();
  }
  std::int64_t hour = *hours;
  c.take_spaces();
  if ((c.peek() | 0x20) == 'a' || (c.peek() | 0x20) == 'p') {
    const std::string_view half = c.take_letters();
    if (half.size() != 2 || (half[1] | 0x20) != 'm' || hour < 1 || hour > 12) return std::nullopt;
    hour = hour % 12 + ((half[0] | 0x20) == 'p' ? 12 : 0);
  }
  if (hour > 24 || *minutes > 59 || seconds >= 61.0) return std::nullopt;
  return 3600.0 * static_cast<double>(hour) + 60.0 * static_cast<double>(*minutes) + seconds;
}

/// "Z", "+02:00", "-0530": seconds to subtract.
std::optional<double> take_zone(Cursor& c) noexcept {
  if (c.done() || c.take('Z') || c.take('z')) return 0.0;
  const double sign = c.peek() == '-' ? -1.0 : 1.0;
  if (!c.take('+') && !c.take('-')) return std::nullopt;
  std::size_t width = 0;
  auto hours = c.take_integer(4, &width);
  if (!hours) return std::nullopt;
  std::int64_t minutes = 0;
  if (width == 4) {
    minutes = *hours % 100;
    hours = *hours / 100;
  } else if (c.take(':')) {
    minutes = c.take_integer(2).value_or(60);
  }
  if (*hours > 14 || minutes > 59) return std::nullopt;
  return sign * (3600.0 * static_cast<double>(*hours) + 60.0 * static_cast<double>(minutes));
}

/// Two digits as a number; -1 for anything else.
int two_digits(const char* p) noexcept {
  const unsigned tens = static_cast<unsigned char>(p[0]) - unsigned{'0'}, ones = static_cast<unsigned char>(p[1]) - unsigned{'0'};
  return tens > 9 || ones > 9 ? -1 : static_cast<int>(10 * tens + ones);
}

/// "14:09:11", as nearly every row of a big file has it, in s; -1 for anything else, which the careful way then reads.
int plain_time(const char* p) noexcept {
  const int h = two_digits(p), m = two_digits(p + 3), s = two_digits(p + 6);
  if (h < 0 || m < 0 || m > 59 || s < 0 || s > 59 || p[2] != ':' || p[5] != ':') return -1;
  return 3600 * h + 60 * m + s;
}

/// "2024-05-17 14:09:11"; empty for anything else, which the careful way then reads.
std::optional<double> plain_date(std::string_view s) noexcept {
  if (s.size() != 19 || s[4] != '-' || s[7] != '-' || s[10] != ' ') return std::nullopt;
  const int century = two_digits(s.data()), year = two_digits(s.data() + 2), month = two_digits(s.data() + 5),
            day = two_digits(s.data() + 8), time = plain_time(s.data() + 11);
  if (century < 0 || year < 0 || month < 0 || day < 0 || time < 0 || time >= 86400) return std::nullopt;
  const auto midnight = seconds_of({100 * century + year, month, day, false});
  return midnight ? std::optional(*midnight + time) : std::nullopt;
}

} // namespace

std::optional<double> parse_duration(std::string_view field) noexcept {
  if (field.size() == 8)
    if (const int plain = plain_time(field.data()); plain >= 0) return plain;
  Cursor c(trim(field));
  auto first = c.take_integer(9);
  if (!first) return std::nullopt;
  std::int64_t days = 0;
  const bool dotted = c.peek() == '.' || c.peek() == '-';
  if (dotted || (c.peek() | 0x20) == 'd') {
    days = *first;
    if (dotted)
      c.take(c.peek());
    else if (c.take_letters().size() > 4)
      return std::nullopt;
    c.take_spaces();
    first = c.take_integer(2);
  }
  if (!first || !c.take(':')) return std::nullopt;
  const auto minutes = c.take_integer(2);
  if (!minutes || !c.take(':')) return std::nullopt;
  const auto whole = c.take_integer(2);
  if (!whole || *minutes > 59 || *whole > 60) return std::nullopt;
  const std::int64_t seconds = *whole + 60 * *minutes + 3600 * *first + 86400 * days;
  const double out = static_cast<double>(seconds) + c.take_fraction();
  return c.done() ? std::optional(out) : std::nullopt;
}

std::optional<double> parse_date(std::string_view field, DateOrder order) noexcept {
  if (const auto plain = plain_date(field)) return plain;
  Cursor c(trim(field));
  const auto day = take_day(c, order);
  if (!day) return std::nullopt;
  const auto midnight = seconds_of(*day);
  if (!midnight || c.done()) return midnight;
  if (!c.take('T') && !c.take_spaces()) return std::nullopt;
  const auto time = take_time_of_day(c);
  if (!time) return std::nullopt;
  c.take_spaces();
  const auto zone = take_zone(c);
  return zone && c.done() ? std::optional(*midnight + *time - *zone) : std::nullopt;
}

bool has_zone(std::string_view field) noexcept {
  Cursor c(trim(field));
  if (!take_day(c, DateOrder::month_first) || c.done()) return false;
  if (!c.take('T') && !c.take_spaces()) return false;
  if (!take_time_of_day(c)) return false;
  c.take_spaces();
  return !c.done() && take_zone(c).has_value();
}

bool is_ambiguous_date(std::string_view field) noexcept {
  Cursor c(trim(field));
  const auto day = take_day(c, DateOrder::month_first);
  return day && day->swappable && day->month != day->day && day->month <= 12 && day->day <= 12;
}

} // namespace platen::text

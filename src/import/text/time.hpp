#pragma once
// Clock times ("144:02:18") and dates ("05/17/2024 14:09:11.952") as instruments write them. No time zones: a
// date without one is taken as UTC, so that differences are right and a log from the same clock lines up.

#include <optional>
#include <string_view>

namespace platen::text {

/// "hh:mm:ss" with any number of hours, a fraction after a point or comma, and days before it ("1d
/// 02:03:04.5", "2-03:04:05", "1.02:03:04"). @returns seconds; empty when it is nothing of that kind.
std::optional<double> parse_duration(std::string_view field) noexcept;

/// What the first two numbers of "05/06/2024" are.
enum class DateOrder { month_first, day_first };

/// "2022-05-18 16:27:52.123", ISO 8601 with T, Z or an offset, "05/17/2024 14:09:11", "17.05.2024 14:09",
/// "10/12/2024 2:29:15 PM", "17-May-2024 12:00:00". Years have four digits. @returns seconds since 1970-01-01
/// UTC.
std::optional<double> parse_date(std::string_view field, DateOrder order) noexcept;

/// Whether the date says its offset from UTC: "2024-05-06T10:00:00Z", "2024-05-06 10:00:00+02:00".
bool has_zone(std::string_view field) noexcept;

/// Whether swapping day and month gives another date that exists too: "05/06/2024", not "05/17/2024" or
/// "2024-05-06".
bool is_ambiguous_date(std::string_view field) noexcept;

} // namespace platen::text

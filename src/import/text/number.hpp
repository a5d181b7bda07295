#pragma once
// Numbers as instruments write them: decimal point or comma, "E+002", "2,5E-3", "1D-3", "1.234,5". No locale,
// no allocation.

#include "base/number.hpp"
#include "base/text.hpp"

#include <optional>
#include <string_view>

namespace platen::text {

/// A whole field: spaces around it, thousands marks in strict groups of three ("1,234.5", "1'234.5", "1 234.5" also
/// with a no-break or thin space, where the decimal mark is a point), "NaN" in any spelling (which gives NaN). Empty for
/// anything else, infinities and
/// overflows included.
std::optional<double> parse_number(std::string_view field, char decimal) noexcept;

/// Whether `field` can only be a number with this decimal mark ("0,5" and "1,2345" with a comma), whether it
/// is a number either way ("1,234": with the comma as decimal or as thousands mark), or neither.
enum class Reading { no, either, certain };
Reading reads_as(std::string_view field, char decimal) noexcept;

} // namespace platen::text

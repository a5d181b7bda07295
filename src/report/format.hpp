#pragma once
// Numbers, units and words as people read them; text made safe for XML.

#include "assess/assessment.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace platen::report {

/// Text for an XML text node or attribute: markup characters escaped, bytes that are not UTF-8 and control characters that
/// XML forbids replaced by U+FFFD.
std::string escape(std::string_view text);

/// `value` with `digits` significant digits, ASCII: "2.03", "1.2e-8", "-" when not finite. No trailing zeros are invented
/// or dropped: 0.9 with 3 digits is "0.900"; digits left of the point are never rounded away below 100 000.
std::string number(double value, int digits = 3);
/// "0.4930 +- 0.0042", ASCII: the error with two digits and the value with as many places; "+- ?" where no error is known. What is beyond the
/// fixed notation of `number` is said as `number` says it.
std::string with_error(double value, double error);
/// Places behind the point that show two digits of an uncertainty.
int places_of(double uncertainty);
/// An ASCII number as printed in books: U+2212 for minus, powers of ten written out, an en dash for "-".
std::string typeset(std::string_view ascii_number);

/// "mA/cm2" -> "mA/cm²", "ohm" -> "Ω", "um" -> "µm", "degC" -> "°C".
std::string typeset_unit(std::string_view unit);

/// Prose with units and numbers in ASCII ("at 0.5 mA/cm2", "1.8e-6", "+-"), typeset: in UTF-8, and escaped for HTML.
std::string typeset_prose(std::string_view prose);
std::string typeset_words(std::string_view prose);

/// The unit people read for a quantity stored in SI: "A/m2" -> "mA/cm2". Where several fit, the magnitude decides
/// ("V" -> "mV" below 1 V). Unknown units come back unchanged.
std::string shown_unit(std::string_view si_unit, double magnitude = 0.0);

/// "2.03 mA/cm2": an SI value in the unit people read; "-" when not finite.
std::string quantity(double si, std::string_view si_unit, int digits = 3);
/// The same, typeset for HTML (already escaped).
std::string quantity_html(double si, std::string_view si_unit, int digits = 3);

/// A probability: "0.42", "< 0.001", "> 0.999".
std::string probability(double value);

/// Seconds as "42 s", "12.5 min", "7.42 h" or "12.3 d".
std::string duration(double seconds);

/// The CCD as one phrase: "last passed 2.03, failed at 2.15 mA/cm2", "no short up to 2.15 mA/cm2 (lower bound)",
/// "not stated: <why>".
std::string ccd_phrase(const Assessment& assessment);
/// The CCD as a table cell: "2.03 - 2.15", "> 2.15", "< 0.13", "-"; unit mA/cm2.
std::string ccd_interval(const std::optional<CriticalCurrentDensity>& ccd);

/// What stands in the place of an onset that is not there: "none seen", or that the short was there before the record.
std::string onset_missing(const Assessment& assessment);

/// Which of `count` rows a long table shows: `head` first ones, those around `focus`, `tail` last ones; all when they fit.
struct RowRange {
  std::size_t first, last; ///< inclusive
};
std::vector<RowRange> rows_shown(std::size_t count, std::size_t head, std::size_t tail,
                                 std::optional<std::size_t> focus = std::nullopt, std::size_t around = 0);

} // namespace platen::report

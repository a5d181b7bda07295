#include "report/format.hpp"

#include "base/units.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <fmt/format.h>

namespace platen::report {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD"; // U+FFFD

/// Length of the well-formed UTF-8 character at the front of `s`, 0 when it is not one (RFC 3629) or XML 1.0 forbids it.
std::size_t character_length(std::string_view s) {
  const auto byte = [&](std::size_t k) { return static_cast<std::uint8_t>(s[k]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return lead >= 0x20 && lead != 0x7F ? 1 : (lead == '\t' || lead == '\n' || lead == '\r') ? 1 : 0;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || s.size() < length) return 0;
  std::uint32_t code = lead & (0xFFU >> (length + 1));
  for (std::size_t k = 1; k < length; ++k) {
    if ((byte(k) & 0xC0) != 0x80) return 0;
    code = (code << 6) | (byte(k) & 0x3FU);
  }
  constexpr std::array<std::uint32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < smallest[length] || code > 0x10FFFF || surrogate || code == 0xFFFE || code == 0xFFFF) return 0;
  return length;
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

std::string superscript(std::string_view ascii) {
  constexpr std::array<std::string_view, 10> digits{"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string out;
  if (ascii.starts_with('-')) {
    out += "⁻";
    ascii.remove_prefix(1);
  }
  while (ascii.size() > 1 && ascii.front() == '0') ascii.remove_prefix(1); // "-07" is -7
  for (const char c : ascii)
    if (c >= '0' && c <= '9') out += digits[static_cast<std::size_t>(c - '0')];
  return out;
}

/// Whether all of a word is a unit, as `typeset_unit` knows them: "mA/cm2", "MPa/um".
bool is_unit(std::string_view word) {
  constexpr std::array<std::string_view, 20> parts{"ohm", "degC", "cm2", "cm3", "m2", "m3", "um", "uA", "uV", "uF", "mA", "A", "mAh", "V", "MPa", "K", "mg", "g", "h", "uA"};
  for (bool more = true; more;) {
    const std::size_t slash = word.find('/');
    more = slash != std::string_view::npos;
    if (std::find(parts.begin(), parts.end(), word.substr(0, slash)) == parts.end()) return false;
    if (more) word.remove_prefix(slash + 1);
  }
  return true;
}

bool is_number(std::string_view word) {
  double value = 0.0;
  const auto [end, fault] = std::from_chars(word.data(), word.data() + word.size(), value);
  return fault == std::errc{} && end == word.data() + word.size() && std::isfinite(value);
}

/// One word of prose; a sign of plus is no part of a number for std::from_chars.
std::string typeset_word(std::string_view word) {
  if (word == "+-") return "±";
  if (word == "<=") return "≤";
  if (word == ">=") return "≥";
  if (word.size() > 1 && word.front() == '+' && is_number(word.substr(1))) return "+" + typeset(word.substr(1));
  if (is_number(word)) return typeset(word);
  return is_unit(word) ? typeset_unit(word) : std::string(word);
}

} // namespace

std::string typeset_words(std::string_view prose) { return escape(typeset_prose(prose)); }

std::string typeset_prose(std::string_view prose) {
  constexpr std::string_view before = "([\"`", after = ",.;:)]\"`";
  std::string out;
  while (!prose.empty()) {
    const std::size_t length = std::min(prose.find(' '), prose.size());
    std::string_view word = prose.substr(0, length);
    const std::size_t from = std::min(word.find_first_not_of(before), word.size());
    const std::size_t last = word.find_last_not_of(after), to = last == std::string_view::npos ? from : std::max(from, last + 1);
    out += std::string(word.substr(0, from)) + typeset_word(word.substr(from, to - from)) + std::string(word.substr(to));
    prose.remove_prefix(length);
    const std::size_t next = std::min(prose.find_first_not_of(' '), prose.size());
    out += prose.substr(0, next);
    prose.remove_prefix(next);
  }
  return out;
}

std::string escape(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    if (length == 0) {
      out += replacement;
      text.remove_prefix(1);
      continue;
    }
    switch (text.front()) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
  return out;
}

std::string number(double value, int digits) {
  if (!std::isfinite(value)) return "-";
  if (value == 0.0) return "0";
  const double magnitude = std::abs(value);
  if (magnitude >= 1e5 || magnitude < 1e-3) {
    std::string text = fmt::format("{:.{}e}", value, digits - 1);
    const std::size_t e = text.find('e');
    const bool negative = text[e + 1] == '-';
    std::size_t exponent = e + 2;
    while (exponent + 1 < text.size() && text[exponent] == '0') ++exponent;
    return fmt::format("{}e{}{}", text.substr(0, e), negative ? "-" : "", text.substr(exponent));
  }
  const auto digits_left = [](double v) { return static_cast<int>(std::floor(std::log10(v))) + 1; };
  const double scale = std::pow(10.0, digits - digits_left(magnitude));
  const int left = digits_left(std::round(magnitude * scale) / scale); // 0.9996 is 1.00, not 1.000
  return fmt::format("{:.{}f}", value, std::max(0, digits - left));
}

int places_of(double uncertainty) { return std::clamp(1 - static_cast<int>(std::floor(std::log10(uncertainty))), 0, 6); }

std::string with_error(double value, double error) {
  constexpr int digits = 4;
  if (!std::isfinite(error)) return number(value, digits) + " +- ?";
  constexpr double most_places = 1e-6; // of an error; a record without noise has smaller ones
  const double larger = std::max(std::abs(value), error);
  if (!std::isfinite(value) || !(error >= most_places) || larger >= 1e5 || larger < 1e-3) return fmt::format("{} +- {}", number(value, digits), number(error, 2));
  const int places = places_of(error);
  std::string text = fmt::format("{:.{}f}", value, places);
  if (text.front() == '-' && text.find_first_not_of("-0.") == std::string::npos) text.erase(0, 1); // no minus before nothing
  return fmt::format("{} +- {:.{}f}", text, error, places);
}

std::string typeset(std::string_view ascii) {
  if (ascii == "-") return "–";
  std::string out(ascii);
  if (const std::size_t e = out.find('e'); e != std::string::npos)
    out = out.substr(0, e) + "×10" + superscript(std::string_view(out).substr(e + 1));
  if (!out.empty() && out.front() == '-') out.replace(0, 1, "−");
  return out;
}

std::string typeset_unit(std::string_view unit) {
  std::string out(unit);
  if (out == "1") return "";
  replace_all(out, "ohm", "Ω");
  replace_all(out, "degC", "°C");
  replace_all(out, "cm2", "cm²");
  replace_all(out, "cm3", "cm³");
  replace_all(out, "m2", "m²");
  replace_all(out, "m3", "m³");
  replace_all(out, "um", "µm");
  replace_all(out, "uA", "µA");
  replace_all(out, "uV", "µV");
  replace_all(out, "uF", "µF");
  replace_all(out, "^0.5", "^½");
  return out;
}

std::string shown_unit(std::string_view si_unit, double magnitude) {
  struct Rule {
    std::string_view si, shown, large;
    double from; ///< SI magnitude from which `large` reads better
  };
  constexpr std::array<Rule, 17> rules{{{"A/m2", "mA/cm2", "", 0},
                                        {"C/m2", "mAh/cm2", "", 0},
                                        {"ohm m2", "ohm cm2", "", 0},
                                        {"Pa", "MPa", "", 0},
                                        {"V", "mV", "V", 1.0},
                                        {"A", "mA", "A", 1.0},
                                        {"C", "mAh", "Ah", 3600.0},
                                        {"m", "um", "mm", 1e-3},
                                        {"m2", "cm2", "", 0},
                                        {"kg/m2", "mg/cm2", "", 0},
                                        {"kg", "mg", "g", 1e-3},
                                        {"S/m", "mS/cm", "", 0},
                                        {"J/mol", "kJ/mol", "", 0},
                                        {"m/s", "um/h", "", 0},
                                        {"Pa/m", "MPa/um", "", 0},
                                        {"kg/m3", "g/cm3", "", 0},
                                        {"C/kg", "mAh/g", "", 0}}};
  for (const Rule& rule : rules)
    if (rule.si == si_unit)
      return std::string(!rule.large.empty() && std::abs(magnitude) >= rule.from ? rule.large : rule.shown);
  return std::string(si_unit);
}

std::string quantity(double si, std::string_view si_unit, int digits) {
  if (!std::isfinite(si)) return "-";
  const std::string unit = shown_unit(si_unit, si);
  const double value = unit == si_unit ? si : in_unit(si, unit);
  return unit.empty() || unit == "1" ? number(value, digits) : number(value, digits) + " " + unit;
}

std::string quantity_html(double si, std::string_view si_unit, int digits) {
  if (!std::isfinite(si)) return "–";
  const std::string unit = shown_unit(si_unit, si);
  const std::string value = typeset(number(unit == si_unit ? si : in_unit(si, unit), digits));
  return unit.empty() || unit == "1" ? value : value + " " + escape(typeset_unit(unit));
}

std::string probability(double value) {
  if (!std::isfinite(value)) return "-";
  if (value < 0.001) return "< 0.001";
  if (value > 0.999) return "> 0.999";
  return fmt::format("{:.3f}", value);
}

std::string duration(double seconds) {
  if (!std::isfinite(seconds)) return "-";
  const auto shown = [&](double unit, std::string_view name) {
    std::string text = number(seconds / unit); // "30.0 min" would claim a precision that "30 min" does not
    if (text.find('.') != std::string::npos && text.find('e') == std::string::npos) {
      text.erase(text.find_last_not_of('0') + 1);
      if (text.back() == '.') text.pop_back();
    }
    return fmt::format("{} {}", text, name);
  };
  const double magnitude = std::abs(seconds);
  if (magnitude < 60.0) return shown(1.0, "s");
  if (magnitude < 2 * 3600.0) return shown(60.0, "min");
  if (magnitude < 10 * 86400.0) return shown(3600.0, "h");
  return shown(86400.0, "d");
}

std::string ccd_phrase(const Assessment& assessment) {
  if (!assessment.ccd)
    return assessment.ccd_refused.empty() ? "not stated" : "not stated: " + assessment.ccd_refused;
  const auto& ccd = *assessment.ccd;
  const auto shown = [](double si) { return number(in_unit(si, "mA/cm2")); };
  if (ccd.last_passed && ccd.failing_step)
    return fmt::format("last passed {}, failed at {} mA/cm2", shown(*ccd.last_passed), shown(*ccd.failing_step));
  if (ccd.failing_step) return fmt::format("failed at the first step, {} mA/cm2", shown(*ccd.failing_step));
  if (ccd.last_passed) return fmt::format("no short up to {} mA/cm2 (lower bound)", shown(*ccd.last_passed));
  return "not stated: no step was completed";
}

std::string ccd_interval(const std::optional<CriticalCurrentDensity>& ccd) {
  if (!ccd) return "-";
  const auto shown = [](double si) { return number(in_unit(si, "mA/cm2")); };
  if (ccd->last_passed && ccd->failing_step)
    return fmt::format("{} - {}", shown(*ccd->last_passed), shown(*ccd->failing_step));
  if (ccd->failing_step) return fmt::format("< {}", shown(*ccd->failing_step));
  if (ccd->last_passed) return fmt::format("> {}", shown(*ccd->last_passed));
  return "-";
}

std::string onset_missing(const Assessment& assessment) {
  const Verdict v = assessment.verdict;
  const bool shorted = v == Verdict::soft_short || v == Verdict::hard_short || v == Verdict::fake_stable;
  return shorted ? "not in the record" : "none seen";
}

std::vector<RowRange> rows_shown(std::size_t count, std::size_t head, std::size_t tail,
                                 std::optional<std::size_t> focus, std::size_t around) {
  if (count == 0) return {};
  std::vector<RowRange> wanted;
  if (head > 0) wanted.push_back({0, std::min(head, count) - 1});
  if (focus && *focus < count)
    wanted.push_back({*focus - std::min(*focus, around), std::min(*focus + around, count - 1)});
  if (tail > 0) wanted.push_back({count - std::min(tail, count), count - 1});
  std::vector<RowRange> out;
  for (const RowRange& range : wanted) {
    // a gap of one row would cost as much as the row itself
    if (!out.empty() && range.first <= out.back().last + 2) out.back().last = std::max(out.back().last, range.last);
    else out.push_back(range);
  }
  return out;
}

} // namespace platen::report

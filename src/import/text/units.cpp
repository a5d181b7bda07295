#include "import/text/units.hpp"

#include "base/constants.hpp"
#include "import/text/number.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace platen::text {
namespace {

struct Word {
  std::string_view word; ///< lower case
  std::string_view unit; ///< for parse_unit
};
constexpr std::array words{
    Word{"s", "s"},
    Word{"sec", "s"},
    Word{"sec.", "s"},
    Word{"secs", "s"},
    Word{"second", "s"},
    Word{"seconds", "s"},
    Word{"ms", "ms"},
    Word{"millisecond", "ms"},
    Word{"min", "min"},
    Word{"mins", "min"},
    Word{"minute", "min"},
    Word{"minutes", "min"},
    Word{"h", "h"},
    Word{"hr", "h"},
    Word{"hrs", "h"},
    Word{"hour", "h"},
    Word{"hours", "h"},
    Word{"a", "A"},
    Word{"amp", "A"},
    Word{"amps", "A"},
    Word{"ampere", "A"},
    Word{"amperes", "A"},
    Word{"ma", "mA"},
    Word{"milliampere", "mA"},
    Word{"ua", "uA"},
    Word{"v", "V"},
    Word{"volt", "V"},
    Word{"volts", "V"},
    Word{"mv", "mV"},
    Word{"millivolt", "mV"},
    Word{"ah", "Ah"},
    Word{"mah", "mAh"},
    Word{"wh", "Wh"},
    Word{"mwh", "mWh"},
    Word{"w", "W"},
    Word{"watt", "W"},
    Word{"watts", "W"},
    Word{"mw", "mW"},
    Word{"ohm", "ohm"},
    Word{"ohms", "ohm"},
    Word{"mohm", "mohm"},
    Word{"mo", "mohm"},
    Word{"celsius", "degC"},
    Word{"degc", "degC"},
    Word{"deg c", "degC"},
    Word{"deg. c", "degC"},
    Word{"k", "K"},
    Word{"kelvin", "K"},
    Word{"pa", "Pa"},
    Word{"pascal", "Pa"},
    Word{"kpa", "kPa"},
    Word{"mpa", "MPa"},
    Word{"bar", "bar"},
    Word{"psi", "psi"},
    Word{"n", "N"},
    Word{"newton", "N"},
    Word{"newtons", "N"},
    Word{"kn", "kN"},
    Word{"kgf", "kgf"},
    Word{"lbf", "lbf"},
    Word{"lb", "lb"},
    Word{"lbs", "lb"},
    Word{"kg", "kg"},
    Word{"c", "C"},
    Word{"hz", "Hz"},
    Word{"amp-hr", "Ah"},
    Word{"watt-hr", "Wh"},
};

std::string lower(std::string_view s) {
  std::string out(s);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

void replace_all(std::string& s, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = s.find(from, at)) != std::string::npos; at += to.size())
    s.replace(at, from.size(), to);
}

/// "mA.h" to "mAh", "V.g" to "V g", "cm²" to "cm2".
std::string tidy(std::string_view text) {
  std::string out(trim(text));
  const auto strange = [](char c) { return c == '.' || static_cast<unsigned char>(c) >= 0x80; };
  if (std::none_of(out.begin(), out.end(), strange)) return out;
  replace_all(out, "\xC2\xB2", "2");
  replace_all(out, "\xC2\xB3", "3");
  replace_all(out, "\xC2\xB7", ".");
  if (out.size() > 3 && out.starts_with("\xEF\xBF\xBD")) out.replace(0, 3, "u"); // "?F" was a microfarad
  replace_all(out, "A.h", "Ah");
  replace_all(out, "W.h", "Wh");
  for (std::size_t i = 1; i + 1 < out.size(); ++i)
    if (out[i] == '.' && std::isalnum(static_cast<unsigned char>(out[i - 1])) != 0 &&
        std::isalpha(static_cast<unsigned char>(out[i + 1])) != 0)
      out[i] = ' ';
  return out;
}

/// A degree sign comes through a wrong encoding as "?", as U+FFFD or as another letter.
bool is_celsius(std::string_view text) {
  for (const std::string_view spelling :
       {"C", "?C", "?",
        "\xC2\xB0"
        "C",
        "\xEF\xBF\xBD"
        "C",
        "\xEF\xBF\xBD", "\xE2\x84\x83",
        "\xC2\xBA"
        "C",
        "oC", "degC", "deg C", "deg. C", "\xEF\xBF\xBD\xEF\xBF\xBD", "\xC2\xB0", "celsius", "Celsius"})
    if (text == spelling) return true;
  return false;
}

std::optional<Unit> by_word(std::string_view text) {
  constexpr std::size_t longest = 11;
  if (text.size() > longest) return std::nullopt;
  static_assert(std::all_of(words.begin(), words.end(), [](const Word& w) { return w.word.size() <= longest; }));
  const std::string word = lower(text);
  const auto found = std::find_if(words.begin(), words.end(), [&](const Word& w) { return w.word == word; });
  return found != words.end() ? parse_unit(found->unit) : std::nullopt;
}

/// 53 lb or 5 kg on a load cell are pounds-force and kilograms-force.
Unit as_force(Unit unit) {
  if (unit.dimension == dim::mass) {
    unit.factor *= constants::g_n;
    unit.dimension = dim::force;
  }
  return unit;
}

} // namespace

bool is_unit_word(std::string_view word) {
  return by_word(word).has_value() || word == "\xC2\xB0"
                                              "C";
}

std::optional<Unit> read_unit(std::string_view text, std::optional<Dimension> wanted) {
  const std::string unit = tidy(text);
  if (unit.empty()) return std::nullopt;
  if (wanted == dim::temperature && is_celsius(trim(text))) return parse_unit("degC");
  if ((unit.size() == 4 && lower(unit) == "degf") || unit == "\xC2\xB0"
                                       "F") // (F - 32) / 1.8 + 273.15
    return Unit{1.0 / 1.8, constants::zero_celsius - 32.0 / 1.8, dim::temperature};
  auto out = parse_unit(unit);
  const bool force_wanted = wanted == dim::pressure || wanted == dim::force;
  const auto good = [&](const std::optional<Unit>& u) {
    return u &&
           (!wanted || u->dimension == *wanted || (force_wanted && as_force(*u).dimension == dim::force));
  };
  if (!good(out)) {
    const auto other = by_word(unit);
    if (good(other) || !out) out = other;
  }
  if (out && force_wanted) out = as_force(*out);
  return out;
}

bool is_clock_unit(std::string_view unit) {
  const std::string u = lower(unit);
  return u.starts_with("h:m") || u.starts_with("hh:mm") || u == "hms";
}

} // namespace platen::text

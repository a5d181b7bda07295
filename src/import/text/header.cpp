#include "import/text/header.hpp"

#include "import/text/chinese.hpp"
#include "import/text/number.hpp"
#include "import/text/units.hpp"
#include "record/columns.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace platen::text {
namespace {

struct Entry {
  std::string_view key;
  std::string_view column;
  int rank;
  std::string_view unit;
};

// Ranks: 0-9 says exactly this, 10-49 says so less exactly, 50 and more is a word with several meanings.
constexpr std::array known{
    Entry{"test time", col::test_time, 0, "s"},
    Entry{"testtime", col::test_time, 0, "s"},
    Entry{"total time", col::test_time, 1, "s"},
    Entry{"cumulative time", col::test_time, 1, "s"},
    Entry{"run time", col::test_time, 1, "s"},
    Entry{"elapsed time", col::test_time, 2, "s"},
    Entry{"time elapsed", col::test_time, 2, "s"},
    Entry{"total elapsed time", col::test_time, 2, "s"},
    Entry{"time since start", col::test_time, 2, "s"},
    Entry{"time", col::test_time, 50, "s"},
    Entry{"t", col::test_time, 51, "s"},
    Entry{"step time", col::step_time, 0, "s"},
    Entry{"steptime", col::step_time, 0, "s"},
    Entry{"time in step", col::step_time, 1, "s"},
    Entry{"relative time", col::step_time, 2, "s"},
    Entry{"unix time", col::unix_time, 0, ""},
    Entry{"absolute time", col::unix_time, 1, ""},
    Entry{"abs time", col::unix_time, 1, ""},
    Entry{"date time iso string", col::unix_time, 1, ""},
    Entry{"date time", col::unix_time, 2, ""},
    Entry{"datetime", col::unix_time, 2, ""},
    Entry{"date and time", col::unix_time, 2, ""},
    Entry{"realtime", col::unix_time, 3, ""},
    Entry{"real time", col::unix_time, 3, ""},
    Entry{"system time", col::unix_time, 3, ""},
    Entry{"timestamp", col::unix_time, 3, ""},
    Entry{"time stamp", col::unix_time, 3, ""},
    Entry{"dpt time", col::unix_time, 4, ""},
    Entry{"systime", col::unix_time, 3, ""},
    Entry{"date", col::unix_time, 5, ""},
    Entry{"current", col::current, 0, "A"},
    Entry{"cell current", col::current, 0, "A"},
    Entry{"i", col::current, 1, "A"},
    Entry{"amps", col::current, 1, "A"},
    Entry{"curr", col::current, 1, "A"},
    Entry{"ecell", col::voltage, 0, "V"},
    Entry{"ewe ece", col::voltage, 0, "V"},
    Entry{"cell voltage", col::voltage, 0, "V"},
    Entry{"voltage", col::voltage, 1, "V"},
    Entry{"volts", col::voltage, 1, "V"},
    Entry{"volt", col::voltage, 1, "V"},
    Entry{"potential", col::voltage, 2, "V"},
    Entry{"cell potential", col::voltage, 2, "V"},
    Entry{"ewe", col::voltage, 3, "V"},
    Entry{"stack pressure", col::stack_pressure, 0, ""},
    Entry{"applied pressure", col::stack_pressure, 0, ""},
    Entry{"cell pressure", col::stack_pressure, 1, ""},
    Entry{"pressure", col::stack_pressure, 2, ""},
    Entry{"surface pressure", col::stack_pressure, 3, ""},
    Entry{"applied force", col::stack_pressure, 10, ""},
    Entry{"stack force", col::stack_pressure, 10, ""},
    Entry{"axial force", col::stack_pressure, 10, ""},
    Entry{"force", col::stack_pressure, 11, ""},
    Entry{"load", col::stack_pressure, 12, ""},
    Entry{"load cell", col::stack_pressure, 12, ""},
    Entry{"temperature", col::temperature, 1, "degC"},
    Entry{"temp", col::temperature, 1, "degC"},
    Entry{"cell temperature", col::temperature, 0, "degC"},
    Entry{"ambient temperature", col::temperature, 2, "degC"},
    Entry{"chamber temperature", col::temperature, 2, "degC"},
    Entry{"step index", col::step_index, 0, ""},
    Entry{"step id", col::step_index, 1, ""},
    Entry{"ns", col::step_index, 1, ""},
    Entry{"step", col::step_index, 2, ""},
    Entry{"step no", col::step_index, 2, ""},
    Entry{"step number", col::step_index, 3, ""},
    Entry{"step count", col::step_count, 0, ""},
    Entry{"step type", col::step_type, 0, ""},
    Entry{"steptype", col::step_type, 0, ""},
    Entry{"step name", col::step_type, 1, ""},
    Entry{"step state", col::step_type, 1, ""},
    Entry{"state", col::step_type, 2, ""},
    Entry{"status", col::step_type, 2, ""},
    Entry{"md", col::step_type, 3, ""},
    Entry{"cycle index", col::cycle_count, 0, ""},
    Entry{"cycle count", col::cycle_count, 0, ""},
    Entry{"cycle number", col::cycle_count, 0, ""},
    Entry{"cycle no", col::cycle_count, 0, ""},
    Entry{"cycle id", col::cycle_count, 0, ""},
    Entry{"cycle c", col::cycle_count, 1, ""},
    Entry{"cycle", col::cycle_count, 1, ""},
    Entry{"cyc", col::cycle_count, 2, ""},
    Entry{"cyc#", col::cycle_count, 2, ""},
    Entry{"step capacity", col::step_capacity, 0, "Ah"},
    Entry{"step net capacity", col::step_capacity, 0, "Ah"},
    Entry{"capacity", col::step_capacity, 50, "Ah"},
    Entry{"step energy", col::step_energy, 0, "Wh"},
    Entry{"step net energy", col::step_energy, 0, "Wh"},
    Entry{"energy", col::step_energy, 50, "Wh"},
    Entry{"net capacity", col::net_capacity, 0, "Ah"},
    Entry{"q qo", col::net_capacity, 0, "Ah"},
    Entry{"charging capacity", col::charging_capacity, 0, "Ah"},
    Entry{"charge capacity", col::charging_capacity, 0, "Ah"},
    Entry{"chg cap", col::charging_capacity, 1, "Ah"},
    Entry{"q charge", col::charging_capacity, 2, "Ah"},
    Entry{"discharging capacity", col::discharging_capacity, 0, "Ah"},
    Entry{"discharge capacity", col::discharging_capacity, 0, "Ah"},
    Entry{"dchg cap", col::discharging_capacity, 1, "Ah"},
    Entry{"q discharge", col::discharging_capacity, 2, "Ah"},
};

// One letter, or a word that names a step or a test: these mean something only together with their unit.
struct WithUnit {
  std::string_view key;
  Dimension dimension;
  std::string_view column;
  int rank;
};
constexpr std::array with_unit{
    WithUnit{"test", dim::time, col::test_time, 0},     WithUnit{"step", dim::time, col::step_time, 0},
    WithUnit{"u", dim::voltage, col::voltage, 5},       WithUnit{"v", dim::voltage, col::voltage, 5},
    WithUnit{"e", dim::voltage, col::voltage, 5},       WithUnit{"p", dim::pressure, col::stack_pressure, 5},
    WithUnit{"f", dim::force, col::stack_pressure, 15}, WithUnit{"t", dim::temperature, col::temperature, 5},
};

bool ends_with_bracket(std::string_view s) { return !s.empty() && (s.back() == ')' || s.back() == ']'); }

/// "Current(A)" and "Cap. [Ah]": where the last bracket opens; npos when that is the first character,
/// "(Q-Qo)".
std::size_t opening_bracket(std::string_view s) {
  const std::size_t at = s.rfind(s.back() == ')' ? '(' : '[');
  return at == 0 ? std::string_view::npos : at;
}

Heading made(std::string_view raw, std::string_view name, std::string_view unit) {
  return {std::string(raw), std::string(trim(name)), std::string(trim(unit))};
}

/// Unit behind the last slash, or behind the one before when the last part only divides: "J/mA/cm2".
std::optional<Heading> split_at_slash(std::string_view raw) {
  std::size_t at = raw.rfind('/');
  if (at == std::string_view::npos || at == 0) return std::nullopt;
  const std::string_view last = trim(raw.substr(at + 1));
  for (const std::string_view under : {"cm2", "cm^2", "cm\xC2\xB2", "m2", "g", "kg"}) {
    if (last != under) continue;
    const std::size_t before = raw.rfind('/', at - 1);
    if (before != std::string_view::npos && before > 0 && read_unit(raw.substr(before + 1))) at = before;
    break;
  }
  const std::string_view unit = raw.substr(at + 1);
  const Heading out = made(raw, raw.substr(0, at), unit);
  if (!is_clock_unit(out.unit) && !read_unit(unit) && !read_unit(unit, dim::temperature)) return std::nullopt;
  return out;
}

Heading split_narrow(std::string_view raw);

bool is_known_key(std::string_view key) {
  return std::any_of(known.begin(), known.end(), [&](const Entry& e) { return e.key == key; });
}

} // namespace

std::string heading_key(std::string_view name) {
  std::string out;
  bool gap = false;
  for (const char c : name) {
    const auto u = static_cast<unsigned char>(c);
    if (std::isalnum(u) != 0 || u >= 0x80 || c == '|' || c == '#') {
      if (gap && !out.empty()) out += ' ';
      gap = false;
      out += u < 0x80 ? static_cast<char>(std::tolower(u)) : c;
    } else {
      gap = true;
    }
  }
  const bool foreign = std::any_of(out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  if (const std::string_view english = foreign ? english_heading(out) : std::string_view(); !english.empty()) return std::string(english);
  return out;
}

Heading split_heading(std::string_view raw) {
  if (std::any_of(raw.begin(), raw.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) {
    Heading out = split_narrow(narrow_marks(raw));
    out.raw = std::string(trim(raw));
    return out;
  }
  return split_narrow(raw);
}

namespace {

Heading split_narrow(std::string_view raw) {
  raw = trim(raw);
  if (ends_with_bracket(raw)) {
    const std::size_t at = opening_bracket(raw);
    if (at != std::string_view::npos)
      return made(raw, raw.substr(0, at), raw.substr(at + 1, raw.size() - at - 2));
  }
  if (raw.starts_with('<') && raw.ends_with('>')) // EC-Lab 11.5x writes "<Ewe/V>" for "<Ewe>/V" in files of OCV
    if (const auto split = split_at_slash(raw.substr(1, raw.size() - 2))) return made(raw, "<" + split->name + ">", split->unit);
  // EC-Lab: volts or milliamperes, whichever the step controls.
  if (raw == "control/V/mA") return made(raw, raw, "");
  if (auto split = split_at_slash(raw)) return *split;
  // Maccor: the unit is the name.
  if (raw == "Amp-hr") return made(raw, raw, "Ah");
  if (raw == "Watt-hr") return made(raw, raw, "Wh");
  if (is_known_key(heading_key(raw))) return made(raw, raw, "");
  for (const char mark : {',', '_', ' '}) {
    const std::size_t at = raw.rfind(mark);
    if (at == std::string_view::npos || at == 0) continue;
    const std::string_view last = trim(raw.substr(at + 1));
    if (is_unit_word(last)) return made(raw, raw.substr(0, at), last);
  }
  return made(raw, raw, "");
}

} // namespace

std::optional<KnownHeading> know_heading(const Heading& heading) {
  const std::string key = heading_key(heading.name);
  for (const WithUnit& w : with_unit) {
    if (w.key != key) continue;
    const auto unit = read_unit(heading.unit, w.dimension);
    if (unit && unit->dimension == w.dimension) return KnownHeading{w.column, w.rank, ""};
  }
  const auto found = std::find_if(known.begin(), known.end(), [&](const Entry& e) { return e.key == key; });
  if (found == known.end()) return std::nullopt;
  if (!heading.unit.empty() && !is_clock_unit(heading.unit) && found->column != col::unix_time) {
    const auto unit = read_unit(heading.unit, column_dimension(found->column));
    if (!unit || !fits_column(found->column, unit->dimension))
      return std::nullopt; // "Capacity (%)", "Cap.(mAh/g)"
  }
  return KnownHeading{found->column, found->rank, found->unit};
}

std::string_view usual_unit(const Heading& heading) {
  struct Usual {
    std::string_view key, unit;
  };
  constexpr std::array usual{Usual{"charge energy", "Wh"},       Usual{"discharge energy", "Wh"},
                             Usual{"internal resistance", "ohm"}, Usual{"dv dt", "V/s"},
                             Usual{"power", "W"}};
  const std::string key = heading_key(heading.name);
  const auto found = std::find_if(usual.begin(), usual.end(), [&](const Usual& u) { return u.key == key; });
  return found != usual.end() && heading.unit.empty() ? found->unit : std::string_view();
}

Dimension column_dimension(std::string_view column) {
  const ColumnInfo* info = find_column(column);
  const auto unit = info != nullptr ? parse_unit(info->unit) : std::nullopt;
  return unit ? unit->dimension : dim::none;
}

bool fits_column(std::string_view column, const Dimension& dimension) {
  return dimension == column_dimension(column) || (column == col::stack_pressure && dimension == dim::force);
}

std::string auxiliary_name(const Heading& heading) {
  std::string key = heading_key(heading.name);
  const auto unit = read_unit(heading.unit, dim::temperature);
  const auto numbered = [&](std::string_view start) {
    return key.starts_with(start) && key.size() > start.size() && key.size() <= start.size() + 3 &&
           std::all_of(key.begin() + static_cast<std::ptrdiff_t>(start.size()), key.end(),
                       [](char c) { return c >= '0' && c <= '9'; });
  };
  for (const std::string_view start : {"t", "temperature t", "temperature ", "aux temperature ", "aux temp "})
    if (numbered(start) && unit && unit->dimension == dim::temperature)
      return "aux_temperature_" + key.substr(start.size());
  for (const std::string_view start : {"v", "aux voltage "})
    if (numbered(start) && unit && unit->dimension == dim::voltage)
      return "aux_voltage_" + key.substr(start.size());
  std::string out;
  for (const char c : key) {
    if (c == '|' || c == '#') continue;
    out += c == ' ' ? '_' : c;
  }
  for (std::size_t at; (at = out.find("\xEF\xBF\xBD")) != std::string::npos;) out.erase(at, 3);
  return out.empty() ? "column" : out;
}

} // namespace platen::text

// Numbers and conditions of the checklist as people read them.

#include "report/checklist.hpp"

#include "report/format.hpp"
#include "report/text_columns.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace platen::report {
namespace {

std::string without_zeros(std::string text) {
  if (text.find('.') == std::string::npos || text.find('e') != std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string one(double value, const std::optional<double>& uncertainty) {
  constexpr double nothing = 1e-12;
  if (std::abs(value) < nothing) return "0";
  if (!uncertainty || !(*uncertainty > 0) || !std::isfinite(*uncertainty)) return without_zeros(number(value));
  return fmt::format("{:.{}f}", value, places_of(*uncertainty));
}

std::string set(std::string ascii, Letters letters) { return letters == Letters::typeset ? typeset(ascii) : ascii; }
std::string_view plus_minus(Letters letters) { return letters == Letters::typeset ? " ± " : " +- "; }
std::string unit_in(std::string_view unit, Letters letters) {
  return unit.empty() || unit == "1" ? "" : " " + (letters == Letters::typeset ? typeset_unit(unit) : std::string(unit));
}

struct Unit {
  std::string name;
  double factor = 1, offset = 0;
  double of(double si) const { return (si - offset) / factor; }
};

Unit unit_for(std::string_view si, std::string_view shown_in, double magnitude) {
  Unit out{std::string(shown_in)};
  if (out.name.empty()) out.name = si == "K" ? "degC" : shown_unit(si, magnitude);
  if (si == "s") out.name = std::abs(magnitude) < 60 ? "s" : std::abs(magnitude) < 7200 ? "min" : "h";
  if (si == "V" && std::abs(magnitude) < 0.1 && magnitude != 0) out.name = "mV";
  if (const auto unit = parse_unit(out.name)) {
    out.factor = unit->factor;
    out.offset = unit->offset;
  }
  return out;
}

/// The uncertainty in the unit shown; none where it is so small (a simulated record has no noise) that its digits would be those of nothing.
std::optional<double> telling(const std::optional<double>& uncertainty, double si, const Unit& unit) {
  constexpr double least = 5e-4;
  constexpr double nothing = 1e-12;
  if (!uncertainty || !(*uncertainty >= std::max(nothing * unit.factor, least * std::abs(si - unit.offset)))) return std::nullopt;
  return *uncertainty / unit.factor;
}

std::string words_of(const Condition& c) {
  if (c.key == "half_cycle_time" || c.key == "half_cycle_capacity") return "{} per half cycle";
  if (c.key == "ramp_start") return "ramp from {}";
  if (c.key == "grid") return "steps of {}";
  if (c.key == "half_cycles_per_step") return "{} half cycles per step";
  if (c.key == "current_density" || c.key == "current") return c.name == "current density" || c.name == "current" ? "at {}" : "{}";
  return "{}";
}

} // namespace

std::string sensible(double si, std::string_view si_unit, std::string_view shown_in, const std::optional<double>& uncertainty, Letters letters) {
  if (!std::isfinite(si)) return letters == Letters::typeset ? "–" : "-";
  const Unit unit = unit_for(si_unit, shown_in, si);
  const std::optional<double> u = telling(uncertainty, si, unit);
  std::string out = set(one(unit.of(si), u), letters);
  if (u && *u > 0 && std::isfinite(*u)) out += std::string(plus_minus(letters)) + fmt::format("{:.{}f}", *u, places_of(*u));
  return out + unit_in(unit.name, letters);
}

std::string shown(const Merit& m, Letters letters) {
  if (!m.refused.empty()) return letters == Letters::typeset ? "–" : "-";
  const double magnitude = m.high.value_or(m.low.value_or(0.0));
  if (m.key == "resistance_change") return sensible(magnitude, m.unit, "%", m.uncertainty, letters);
  if (m.bound != Bound::between) {
    const std::string sign = m.bound == Bound::exact ? "" : m.bound == Bound::at_least ? (letters == Letters::typeset ? "≥ " : ">= ") : (letters == Letters::typeset ? "≤ " : "<= ");
    return sign + sensible(magnitude, m.unit, "", m.uncertainty, letters);
  }
  const Unit unit = unit_for(m.unit, "", magnitude);
  const std::optional<double> u = telling(m.uncertainty, magnitude, unit);
  return set(one(unit.of(*m.low), u), letters) + " to " + sensible(magnitude, m.unit, "", m.uncertainty, letters);
}

std::string shown(const Condition& c, Letters letters) {
  if (!c.text.empty()) return c.text;
  if (!c.value) return c.name + " not reported";
  return fmt::format(fmt::runtime(words_of(c)), sensible(*c.value, c.unit, "", std::nullopt, letters));
}

std::string shown(const ChecklistItem& item, const Statement& s, Letters letters) {
  if (!s.value) return s.text;
  const std::string_view unit = item.shown_in;
  if (!s.high) return sensible(*s.value, item.unit, unit, s.uncertainty, letters);
  const Unit both = unit_for(item.unit, unit, *s.high);
  return set(one(both.of(*s.value), {}), letters) + " to " + sensible(*s.high, item.unit, unit, std::nullopt, letters);
}

std::string why_not(const Merits& merits, std::size_t k) {
  const std::string& why = merits.figures[k].refused;
  return k > 0 && why == merits.figures[k - 1].refused ? "not stated: as above" : "not stated: " + why;
}

std::string text(const Merits& merits) {
  std::vector<std::vector<std::string>> rows{{"figure of merit", "value", "obtained at"}};
  for (std::size_t k = 0; k < merits.figures.size(); ++k) {
    const Merit& m = merits.figures[k];
    if (!m.refused.empty()) {
      rows.push_back({m.name, "-", plain(why_not(merits, k))});
      continue;
    }
    std::string at;
    for (const Condition& c : m.conditions) {
      if (c.key == "area" || c.key == "half_cycles_per_step" || c.key == "half_cycle_capacity" || c.key == "seen_by") continue; // in the JSON and the report
      at += (at.empty() ? "" : ", ") + plain(shown(c, Letters::ascii));
    }
    rows.push_back({m.name, shown(m, Letters::ascii), at});
  }
  return columns(rows, "lrl");
}

std::string text(const Checklist& checklist) {
  std::vector<std::vector<std::string>> rows{{"condition", "", "value", "known from"}};
  for (const ChecklistItem& item : checklist.items) {
    if (item.statements.empty()) {
      rows.push_back({item.name, std::string(label(item.knowledge)), "-", item.knowledge == Knowledge::missing ? fmt::format("state `{}` in the cell file", item.key) : ""});
      continue;
    }
    for (std::size_t k = 0; k < item.statements.size(); ++k) {
      const Statement& s = item.statements[k];
      rows.push_back({k == 0 ? item.name : "", k == 0 ? std::string(label(item.knowledge)) : "", plain(shown(item, s, Letters::ascii)),
                      s.from + (s.place.empty() ? "" : ", " + plain(s.place))});
    }
  }
  std::string out = columns(rows, "llrl");
  for (const Contradiction& c : checklist.contradictions)
    out += fmt::format("contradiction: {}{}\n", plain(c.text),
                       std::isfinite(c.deviation) ? fmt::format(" ({:.1f} times their combined uncertainty{})", c.deviation, c.assumed ? ", some of it assumed" : "") : "");
  return out;
}

std::string summary(const Checklist& checklist) {
  const auto named = [&](Knowledge wanted) {
    std::string out;
    for (const ChecklistItem& item : checklist.items)
      if (item.knowledge == wanted) out += (out.empty() ? "" : ", ") + item.name;
    return out;
  };
  const std::size_t known = checklist.count(Knowledge::known) + checklist.count(Knowledge::contradicted), missing = checklist.count(Knowledge::missing);
  std::string out = fmt::format("{} of {} conditions known", known, known + missing);
  if (missing > 0) out += "; missing: " + named(Knowledge::missing);
  if (const std::string names = named(Knowledge::contradicted); !names.empty()) out += "; contradicted: " + names;
  return out;
}

} // namespace platen::report

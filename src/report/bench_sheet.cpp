#include "base/units.hpp"
#include "report/format.hpp"
#include "report/report.hpp"
#include "report/text_columns.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace platen::report {
namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string in(double si, std::string_view unit, int digits = 4) { return number(in_unit(si, unit), digits); }
std::string head(const BenchSheet& sheet) {
  Rows rows{{"area", show(sheet.area, "cm2")}};
  if (sheet.springs)
    rows.push_back({"springs", fmt::format("{} in parallel, each {} ({}), limit {} ({}), travel {}", sheet.springs->count,
                                           show(sheet.springs->rate, "N/mm"), show(sheet.springs->rate, "lbf/mm"),
                                           show(sheet.springs->load_limit, "N"), show(sheet.springs->load_limit, "lbf"),
                                           show(sheet.springs->travel, "mm"))});
  if (sheet.electrolyte_mass) rows.push_back({"electrolyte", show(*sheet.electrolyte_mass, "mg")});
  if (sheet.cathode_mass) rows.push_back({"cathode", show(*sheet.cathode_mass, "mg") + " of composite"});
  if (sheet.capacity) rows.push_back({"first charge", show(*sheet.capacity, "mAh")});
  return columns(rows, "ll");
}

std::string sentence_number(std::size_t sentence) { return sentence > 0 ? std::to_string(sentence) : "-"; }

std::string forces(const BenchSheet& sheet) {
  Rows rows{{"sentence", "pressure to set", "MPa", "N", "kgf", "lbf"}};
  const bool springs = std::any_of(sheet.pressures.begin(), sheet.pressures.end(), [](const PressureToSet& p) { return p.springs.has_value(); });
  for (const PressureToSet& p : sheet.pressures)
    rows.push_back({sentence_number(p.sentence), plain(p.what), in(p.pressure, "MPa"), in(p.force, "N"), in(p.force, "kgf"), in(p.force, "lbf")});
  std::string out = "\nForce on the cell\n" + columns(rows, "rlrrrr");
  if (!springs) return out;
  Rows each{{"sentence", "MPa", "N", "kgf", "lbf", "compression mm", "left to limit lbf", "left of travel mm"}};
  for (const PressureToSet& p : sheet.pressures)
    if (const auto& s = p.springs)
      each.push_back({sentence_number(p.sentence), in(p.pressure, "MPa"), in(s->force, "N"), in(s->force, "kgf"), in(s->force, "lbf"),
                      in(s->compression, "mm"), in(s->force_margin, "lbf"), in(s->travel_margin, "mm")});
  return out + "\nEach spring\n" + columns(each, "rrrrrrrr");
}

std::string stages(const BenchSheet& sheet) {
  if (sheet.stages.empty()) return "";
  Rows rows{{"sentence", "test", "ends at", "degC", "MPa at its end", "lowest", "highest"}};
  for (const Stage& s : sheet.stages)
    rows.push_back({sentence_number(s.sentence), plain(s.text), duration(s.end), in(s.temperature, "degC", 3), in(s.pressure, "MPa"),
                    in(s.lowest_pressure, "MPa"), in(s.highest_pressure, "MPa")});
  return "\nExpected pressure (simulated)\n" + columns(rows, "rlrrrrr");
}

/// What ends a step, as a cycler's program asks for it: "4.3 V or 15 min".
std::string limits(const CyclerStep& c) {
  std::vector<std::string> out;
  if (c.until_voltage) out.push_back(in(*c.until_voltage, "V") + " V");
  if (c.until_current) out.push_back(in(*c.until_current, "mA") + " mA");
  if (c.until_capacity) out.push_back(in(*c.until_capacity, "mAh") + " mAh");
  if (c.duration) out.push_back((c.mode == CyclerMode::interrupt ? "every " : "") + duration(*c.duration));
  if (c.mode == CyclerMode::loop) out.push_back(fmt::format("back to {}, {} times in all", c.back_to, c.times));
  return fmt::format("{}", fmt::join(out, " or "));
}

std::string cycler(const BenchSheet& sheet) {
  if (sheet.cycler.empty()) return "";
  Rows rows{{"step", "mode", "mA", "mA/cm2", "V", "until", "sentence", "note"}};
  for (std::size_t k = 0; k < sheet.cycler.size(); ++k) {
    const CyclerStep& c = sheet.cycler[k];
    rows.push_back({std::to_string(k + 1), std::string(label(c.mode)), c.current ? in(*c.current, "mA") : "",
                    c.current ? in(*c.current / sheet.area, "mA/cm2") : "", c.voltage ? in(*c.voltage, "V") : "", limits(c),
                    std::to_string(c.sentence), plain(c.note)});
  }
  return fmt::format("\nCycler\n{}Positive current charges a full cell and plates the right electrode of a symmetric one. A ramp until short is\n"
                     "listed to {:g} times the highest current density that the simulated cell bore ({:g} mA/cm2 where it could not be\n"
                     "simulated); a cycler does not see a short.\n",
                     columns(rows, "rlrrrlrl"), ramp_reserve, in_unit(ramp_end_unknown, "mA/cm2"));
}

} // namespace

std::string text(const BenchSheet& sheet) {
  std::string out = plain(sheet.name) + "\n";
  if (!sheet.description.empty()) out += plain(sheet.description) + "\n";
  return out + head(sheet) + forces(sheet) + stages(sheet) + cycler(sheet);
}

} // namespace platen::report

#include "study/sections.hpp"

#include "study/fields.hpp"

#include <array>

namespace platen {
namespace {

constexpr std::array mechanisms_table = std::to_array<MechanismInfo>({
    {"seating", &Mechanisms::seating, "one-way settling of the fixture's joints"},
    {"contact_closure", &Mechanisms::contact_closure, "creep of lithium into the interface's voids"},
    {"stripping_voids", &Mechanisms::stripping_voids, "voids opened when stripping outruns the supply"},
    {"intrusion", &Mechanisms::intrusion, "flaws deepened by static pressure"},
    {"filament", &Mechanisms::filament, "growth above the critical overpotential, and the short"},
    {"interphase", &Mechanisms::interphase, "parabolic growth of the interphase"},
    {"lithium_squeeze", &Mechanisms::lithium_squeeze, "sideways creep of the foil"},
    {"electronic_leakage", &Mechanisms::electronic_leakage, "electronic current through the electrolyte"},
    {"pressure_swing", &Mechanisms::pressure_swing, "rising pressure extends the flaw"},
    {"yielding_gap", &Mechanisms::yielding_gap, "a fixed gap gives way above a pressure"},
    {"uneven_current", &Mechanisms::uneven_current, "the composite cathode focuses the current"},
    {"fatigue", &Mechanisms::fatigue, "damage below the critical load adds up"},
});

} // namespace

std::span<const MechanismInfo> mechanism_registry() { return mechanisms_table; }

const std::vector<std::string>& fixture_kinds() {
  static const std::vector<std::string> kinds{"fixed gap", "springs"};
  return kinds;
}

void read_fixture(Study& study, const config::Table& fixture) {
  const bool springs = fixture.choice("kind", fixture_kinds(), "fixed gap") == "springs";
  study.fixture.kind = springs ? FixtureKind::springs : FixtureKind::fixed_gap;
  const config::Table table = fixture.table("springs");
  if (!table.exists()) {
    if (springs && !fixture.has("springs"))
      fixture.diagnostics().error("C056", "a fixture with springs must say which",
                                  fixture.value_place("kind"),
                                  {"add `springs = { count = 3, rate = \"5.5 lbf/mm\", load_limit = \"53 "
                                   "lbf\", travel = \"9.6 mm\" }`"});
    return;
  }
  Springs out;
  out.count = static_cast<int>(table.integer("count", 1, fields::most_springs));
  out.rate = table.quantity(fields::spring_rate);
  out.load_limit = table.quantity(fields::spring_load_limit);
  out.travel = table.quantity(fields::spring_travel);
  study.fixture.springs = out;
}

void read_mechanisms(Study& study, const config::Table& mechanisms) {
  for (const MechanismInfo& row : mechanisms_table)
    study.mechanisms.*row.member = mechanisms.flag(row.name, study.mechanisms.*row.member);
}

void read_output(Study& study, const config::Table& output) {
  study.output.interval = output.quantity(
      {.key = "interval", .dimension = dim::time, .unit = "s", .low = 1e-3, .high = 1e6, .fallback = "10 s"});
  study.output.events_only = output.flag("events_only", false);
  study.output.dynamic_capacitances =
      output.choice("capacitances", {"quasi-static", "dynamic"}, "quasi-static") == "dynamic";
  study.output.relative_tolerance =
      output.quantity(fields::tolerance);
}

} // namespace platen

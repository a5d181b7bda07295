// The study written back as one TOML file that needs no other.
#include "config/table.hpp"
#include "material/material.hpp"
#include "physics/compaction.hpp"
#include "study/read.hpp"
#include "study/sections.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace platen {
namespace {

/// "0.025 Pa": the shortest digits that read back to the same number, in SI.
std::string exact(double si, const Dimension& dimension) {
  return dimension == dim::none ? fmt::format("{}", si) : fmt::format("\"{} {}\"", si, si_unit(dimension));
}

/// The built-in `name`, or `otherwise` where it is one of the user's own whose numbers are all written below.
std::string built_in(const std::vector<std::string>& names, const std::string& name, const char* otherwise) {
  return std::find(names.begin(), names.end(), name) != names.end() ? name : otherwise;
}

bool thickness_is_derived(const Study& study) {
  const Cell& cell = study.cell;
  const physics::Parameters& p = study.parameters;
  const double density = physics::relative_density(study.fabrication.densification_pressure,
                                                   p.compaction_strength, p.compaction_offset);
  return cell.electrolyte_mass > 0.0 &&
         cell.electrolyte_thickness ==
             physics::pellet_thickness(cell.electrolyte_mass, cell.area, p.electrolyte_density, density);
}

std::string cell_toml(const Study& study) {
  const Cell& cell = study.cell;
  std::string out = fmt::format("\n[cell]\narea = {}\n", exact(cell.area, dim::area));
  if (cell.configuration == Configuration::empty_fixture) return out + "layers = []\n";
  const std::vector<std::string> cards = material::card_names();
  const std::string lithium = config::quoted(built_in(cards, cell.lithium, "Li"));
  std::string electrolyte =
      fmt::format("material = {}", config::quoted(built_in(cards, cell.electrolyte, "LPSCl")));
  if (cell.electrolyte_mass > 0.0)
    electrolyte += fmt::format(", mass = {}", exact(cell.electrolyte_mass, dim::mass));
  if (!thickness_is_derived(study))
    electrolyte += fmt::format(", thickness = {}", exact(cell.electrolyte_thickness, dim::length));
  if (cell.configuration == Configuration::blocking) return out + fmt::format("layers = [\n  {{ {} }},\n]\n", electrolyte);
  const std::string left =
      cell.cathode ? fmt::format("material = {}, loading = {}, loading_of = \"composite\"",
                                 config::quoted(built_in(cards, cell.cathode->material, "NCM811")),
                                 exact(cell.cathode->loading, dim::areal_mass))
                   : fmt::format("material = {}, thickness = {}", lithium, exact(cell.lithium_left, dim::length));
  return out + fmt::format("layers = [\n  {{ {} }},\n  {{ {} }},\n  {{ material = {}, thickness = {} }},\n]\n", left,
                           electrolyte, lithium, exact(cell.lithium_right, dim::length));
}

std::string fixture_toml(const Study& study) {
  std::string out = fmt::format("\n[fixture]\nkind = \"{}\"\n",
                                study.fixture.kind == FixtureKind::springs ? "springs" : "fixed gap");
  if (const auto& s = study.fixture.springs)
    out += fmt::format("springs = {{ count = {}, rate = {}, load_limit = {}, travel = {} }}\n", s->count,
                       exact(s->rate, dim::stiffness), exact(s->load_limit, dim::force),
                       exact(s->travel, dim::length));
  if (study.fabrication.densification_pressure > 0.0)
    out += fmt::format("\n[fabrication]\ndensification_pressure = {}\n",
                       exact(study.fabrication.densification_pressure, dim::pressure));
  return out;
}

std::string switches_toml(const Study& study) {
  std::string out = "\n[mechanisms]\n";
  for (const MechanismInfo& row : mechanism_registry())
    out += fmt::format("{} = {}\n", row.name, study.mechanisms.*row.member);
  const Output& o = study.output;
  return out +
         fmt::format("\n[output]\ninterval = {}\nevents_only = {}\ncapacitances = \"{}\"\ntolerance = {}\n",
                     exact(o.interval, dim::time), o.events_only,
                     o.dynamic_capacitances ? "dynamic" : "quasi-static", o.relative_tolerance);
}

std::string parameters_toml(const Study& study) {
  std::string out = "\n[override]\n";
  for (const physics::ParameterInfo& row : physics::parameter_registry()) {
    const double value = study.parameters.*row.member;
    if (row.home == physics::Home::cathode_card && !study.cell.cathode && value == 0.0) continue; // there is no cathode
    std::string basis = "stated", source, shown;
    for (const config::Resolved& r : study.resolved) {
      if (r.key != row.name || r.si != value) continue;
      basis = r.basis;
      source = r.source;
      shown = fmt::format(" # {} ({})", r.text, r.origin);
    }
    std::replace(shown.begin(), shown.end(), '\n', ' ');
    out += fmt::format("\"{}\" = {{ value = {}, basis = \"{}\", source = {} }}{}\n", row.name,
                       exact(value, row.dimension), basis, config::quoted(source), shown);
  }
  return out;
}

} // namespace

std::string resolved_toml(const Study& study) {
  std::string out = fmt::format("# Every value of the study, in SI: it needs no other file.\nname = {}\n",
                                config::quoted(study.name));
  if (!study.description.empty()) out += fmt::format("description = {}\n", config::quoted(study.description));
  out += fmt::format("set = {}\n",
                     config::quoted(built_in(material::set_names(), study.parameter_set, "Ham2022")));
  out += fmt::format("seed = {}\ntemperature = {}\ntest = [\n", study.seed,
                     exact(study.temperature, dim::temperature));
  for (const Step& step : study.test) out += fmt::format("  {},\n", config::quoted(step.sentence));
  out += "]\n";
  return out + cell_toml(study) + fixture_toml(study) + switches_toml(study) + parameters_toml(study);
}

} // namespace platen

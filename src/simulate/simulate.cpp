#include "simulate/simulate.hpp"

#include "base/file.hpp"
#include "simulate/runner.hpp"
#include "study/read.hpp"

namespace platen {
namespace {

/// Fills what a lab would write on the cell's sheet from the study.
void describe_cell(const Study& study, Record& record) {
  CellInfo& c = record.cell;
  c.name = study.name;
  c.configuration = study.cell.configuration;
  c.fixture = study.fixture.kind == FixtureKind::springs ? "springs" : "fixed gap";
  if (study.cell.area > 0) c.area = study.cell.area;
  if (study.fabrication.densification_pressure > 0) c.fabrication_pressure = study.fabrication.densification_pressure;
  if (study.cell.configuration != Configuration::empty_fixture) {
    c.electrolyte = study.cell.electrolyte;
    c.electrolyte_thickness = study.cell.electrolyte_thickness;
    if (study.cell.electrolyte_mass > 0) c.electrolyte_mass = study.cell.electrolyte_mass;
    c.electrolyte_conductivity = study.parameters.conductivity;
    c.conductivity_activation = study.parameters.conductivity_activation;
    if (study.cell.lithium_right > 0) c.lithium_thickness = study.cell.lithium_right;
  }
  if (study.cell.cathode) {
    c.cathode_loading = study.cell.cathode->loading;
    c.areal_capacity = study.cell.cathode->areal_capacity;
  }
  double T = study.temperature;
  for (const Step& step : study.test) {
    if (const auto* hold = std::get_if<step::Hold>(&step.kind)) {
      if (hold->temperature) T = *hold->temperature;
      c.contact_hold_pressure = hold->pressure;
      c.contact_hold_time = hold->duration;
      c.contact_hold_temperature = T;
    } else if (const auto* heat = std::get_if<step::Heat>(&step.kind)) {
      T = heat->temperature;
    } else if (const auto* release = std::get_if<step::Release>(&step.kind)) {
      c.stack_pressure = release->pressure;
    } else if (const auto* set = std::get_if<step::SetStackPressure>(&step.kind)) {
      c.stack_pressure = set->pressure;
    }
  }
  c.temperature = T;
}

} // namespace

Record simulate(const Study& study, const work::Task& task) {
  simulation::Runner runner(study, task);
  Record record = runner.run();
  describe_cell(study, record);
  record.study = resolved_toml(study);
  record.provenance.origin = "simulated";
  record.provenance.format = "simulation";
  record.provenance.seed = study.seed;
  for (const auto& [path, text] : study.sources) record.provenance.sources.push_back({path, sha256(text)});
  record.warnings = study.warnings;
  return record;
}

} // namespace platen

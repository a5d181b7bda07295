#include "simulate/simulate.hpp"

#include "base/file.hpp"
#include "simulate/runner.hpp"
#include "study/read.hpp"

namespace platen {
namespace {

/// The ramp as its sentence says it.
void describe_ramp(const step::Ramp& ramp, CellInfo& c) {
  c.ramp_start = ramp.start;
  c.ramp_increment = ramp.increment;
  c.half_cycle_time = ramp.duration;
  c.half_cycle_capacity = ramp.capacity;
  if (ramp.lower_voltage) c.lower_voltage = ramp.lower_voltage;
  if (ramp.upper_voltage) c.upper_voltage = ramp.upper_voltage;
}

/// Cut-offs of single charges and discharges, also of repeated ones.
void describe_cut_offs(const std::vector<Step>& steps, CellInfo& c) {
  for (const Step& step : steps) {
    if (const auto* repeat = std::get_if<step::Repeat>(&step.kind)) describe_cut_offs(repeat->steps, c);
    const auto* constant = std::get_if<step::ConstantCurrent>(&step.kind);
    if (constant == nullptr || !constant->voltage) continue;
    (constant->direction > 0 ? c.upper_voltage : c.lower_voltage) = constant->voltage;
  }
}

/// Whatever is known of a simulated cell is known from its study.
void say_known_from(CellInfo& c) {
  const KnownFrom study{"study", {}};
  c.known_from.emplace("configuration", study);
  for (const CellText& text : cell_texts())
    if (!(c.*text.member).empty()) c.known_from.emplace(text.key, study);
  for (const CellField& field : cell_fields())
    if (c.*field.member) c.known_from.emplace(field.key, study);
}

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
    c.electrolyte_true_density = study.parameters.electrolyte_density;
    c.electrolyte_density = study.cell.electrolyte_density * study.parameters.electrolyte_density;
    c.electrolyte_conductivity = study.parameters.conductivity;
    c.conductivity_activation = study.parameters.conductivity_activation;
    if (study.cell.lithium_right > 0) c.lithium_thickness = study.cell.lithium_right;
  }
  if (study.cell.cathode) {
    c.cathode_loading = study.cell.cathode->loading;
    c.areal_capacity = study.cell.cathode->areal_capacity;
    c.cathode_active_fraction = study.parameters.cathode_active_share;
    c.cathode = study.cell.cathode->material;
  }
  describe_cut_offs(study.test, c);
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
    } else if (const auto* ramp = std::get_if<step::Ramp>(&step.kind)) {
      describe_ramp(*ramp, c);
    }
  }
  c.temperature = T;
  say_known_from(c);
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

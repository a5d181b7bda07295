#include "record/cell_info.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace platen {
namespace {

constexpr std::array configurations{Configuration::unknown, Configuration::empty_fixture, Configuration::blocking, Configuration::symmetric,
                                    Configuration::full};

constexpr double infinity = std::numeric_limits<double>::infinity();

constexpr std::array texts{
    CellText{"name", "What the cell is called.", &CellInfo::name},
    CellText{"electrolyte", "Material of the electrolyte.", &CellInfo::electrolyte},
    CellText{"fixture", "How the stack pressure is kept.", &CellInfo::fixture},
    CellText{"cathode", "What the cathode is made of.", &CellInfo::cathode},
};

constexpr std::array fields{
    CellField{"area", dim::area, "cm2", "Area of the electrodes.", &CellInfo::area},
    CellField{"diameter", dim::length, "mm", "Diameter of the electrodes.", &CellInfo::diameter},
    CellField{"electrolyte_thickness", dim::length, "um", "Thickness of the pressed electrolyte.",
              &CellInfo::electrolyte_thickness},
    CellField{"electrolyte_mass", dim::mass, "mg", "Mass of electrolyte powder.", &CellInfo::electrolyte_mass},
    CellField{"electrolyte_density", dim::density, "g/cm3", "Density of the pressed electrolyte, pores included.",
              &CellInfo::electrolyte_density},
    CellField{"electrolyte_true_density", dim::density, "g/cm3", "Density of the electrolyte without pores.",
              &CellInfo::electrolyte_true_density},
    CellField{"electrolyte_conductivity", dim::conductivity, "mS/cm", "Ionic conductivity at 25 degC.",
              &CellInfo::electrolyte_conductivity},
    CellField{"conductivity_activation", dim::molar_energy, "kJ/mol", "Activation energy of that conductivity.",
              &CellInfo::conductivity_activation},
    CellField{"lithium_thickness", dim::length, "um", "Thickness of each lithium foil as assembled.",
              &CellInfo::lithium_thickness},
    CellField{"fabrication_pressure", dim::pressure, "MPa", "Pressure at which the electrolyte was densified.",
              &CellInfo::fabrication_pressure},
    CellField{"fabrication_time", dim::time, "min", "Time for which that pressure was held.", &CellInfo::fabrication_time},
    CellField{"contact_hold_pressure", dim::pressure, "MPa", "Pressure of the contact hold.",
              &CellInfo::contact_hold_pressure},
    CellField{"contact_hold_time", dim::time, "h", "Duration of the contact hold.", &CellInfo::contact_hold_time},
    CellField{"contact_hold_temperature", dim::temperature, "degC", "Temperature of the contact hold.",
              &CellInfo::contact_hold_temperature},
    CellField{"stack_pressure", dim::pressure, "MPa", "Stack pressure as set before cycling.",
              &CellInfo::stack_pressure},
    CellField{"temperature", dim::temperature, "degC", "Temperature while cycling.", &CellInfo::temperature},
    CellField{"cathode_loading", dim::areal_mass, "mg/cm2", "Mass of cathode composite per area.",
              &CellInfo::cathode_loading},
    CellField{"cathode_active_fraction", dim::none, "%", "Mass share of active material in the cathode composite.",
              &CellInfo::cathode_active_fraction, 0.0, 1.0},
    CellField{"cathode_specific_capacity", dim::specific_capacity, "mAh/g", "Capacity per mass of active material.",
              &CellInfo::cathode_specific_capacity},
    CellField{"areal_capacity", dim::areal_capacity, "mAh/cm2", "Capacity of the cathode per area.",
              &CellInfo::areal_capacity},
    CellField{"ramp_start", dim::current_density, "mA/cm2", "Current density of the first step of the ramp.",
              &CellInfo::ramp_start},
    CellField{"ramp_increment", dim::current_density, "mA/cm2", "Increment of the ramp.", &CellInfo::ramp_increment},
    CellField{"half_cycle_time", dim::time, "min", "Duration of a half cycle.", &CellInfo::half_cycle_time},
    CellField{"half_cycle_capacity", dim::areal_capacity, "mAh/cm2", "Areal capacity passed in a half cycle.",
              &CellInfo::half_cycle_capacity},
    CellField{"lower_voltage", dim::voltage, "V", "Lower cut-off voltage.", &CellInfo::lower_voltage, -infinity},
    CellField{"upper_voltage", dim::voltage, "V", "Upper cut-off voltage.", &CellInfo::upper_voltage, -infinity},
    CellField{"number_of_cells", dim::none, "1", "Cells made and tested alike, this one included.",
              &CellInfo::number_of_cells, 1.0},
    CellField{"current", dim::current, "mA", "A constant current that the data file lacks.", &CellInfo::current, -infinity},
};

} // namespace

std::string_view label(Configuration c) {
  switch (c) {
  case Configuration::empty_fixture: return "empty fixture";
  case Configuration::blocking: return "blocking";
  case Configuration::symmetric: return "symmetric";
  case Configuration::full: return "full";
  case Configuration::unknown: break;
  }
  return "unknown";
}

std::optional<Configuration> parse_configuration(std::string_view text) {
  const auto found = std::find_if(configurations.begin(), configurations.end(),
                                  [&](Configuration c) { return label(c) == text; });
  return found != configurations.end() ? std::optional(*found) : std::nullopt;
}

std::span<const CellField> cell_fields() { return fields; }

const CellField* find_cell_field(std::string_view key) {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const CellField& f) { return f.key == key; });
  return found != fields.end() ? &*found : nullptr;
}

std::span<const CellText> cell_texts() { return texts; }

void merge(CellInfo& into, const CellInfo& stated) {
  const auto take = [&](std::string_view key) {
    const auto carry = [&](auto& to, const auto& from) {
      to.erase(std::string(key));
      if (const auto found = from.find(key); found != from.end()) to.insert(*found);
    };
    carry(into.uncertainty, stated.uncertainty); // that of another value says nothing of this one
    carry(into.known_from, stated.known_from);
  };
  if (stated.configuration != Configuration::unknown) {
    into.configuration = stated.configuration;
    take("configuration");
  }
  for (const CellText& text : texts)
    if (!(stated.*text.member).empty()) {
      into.*text.member = stated.*text.member;
      take(text.key);
    }
  for (const CellField& field : fields)
    if (stated.*field.member) {
      into.*field.member = stated.*field.member;
      take(field.key);
    }
  for (const auto& [key, value] : stated.uncertainty) into.uncertainty.insert_or_assign(key, value);
}

} // namespace platen

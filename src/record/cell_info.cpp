#include "record/cell_info.hpp"

#include <algorithm>
#include <array>

namespace platen {
namespace {

constexpr std::array configurations{Configuration::unknown, Configuration::empty_fixture, Configuration::blocking, Configuration::symmetric,
                                    Configuration::full};

constexpr std::array fields{
    CellField{"area", dim::area, "cm2", "Area of the electrodes.", &CellInfo::area},
    CellField{"electrolyte_thickness", dim::length, "um", "Thickness of the pressed electrolyte.",
              &CellInfo::electrolyte_thickness},
    CellField{"electrolyte_mass", dim::mass, "mg", "Mass of electrolyte powder.", &CellInfo::electrolyte_mass},
    CellField{"electrolyte_conductivity", dim::conductivity, "mS/cm", "Ionic conductivity at 25 degC.",
              &CellInfo::electrolyte_conductivity},
    CellField{"conductivity_activation", dim::molar_energy, "kJ/mol", "Activation energy of that conductivity.",
              &CellInfo::conductivity_activation},
    CellField{"lithium_thickness", dim::length, "um", "Thickness of each lithium foil as assembled.",
              &CellInfo::lithium_thickness},
    CellField{"fabrication_pressure", dim::pressure, "MPa", "Pressure at which the electrolyte was densified.",
              &CellInfo::fabrication_pressure},
    CellField{"contact_hold_pressure", dim::pressure, "MPa", "Pressure of the contact hold.",
              &CellInfo::contact_hold_pressure},
    CellField{"contact_hold_time", dim::time, "h", "Duration of the contact hold.", &CellInfo::contact_hold_time},
    CellField{"contact_hold_temperature", dim::temperature, "degC", "Temperature of the contact hold.",
              &CellInfo::contact_hold_temperature},
    CellField{"stack_pressure", dim::pressure, "MPa", "Stack pressure as set before cycling.",
              &CellInfo::stack_pressure},
    CellField{"temperature", dim::temperature, "degC", "Temperature while cycling.", &CellInfo::temperature},
    CellField{"cathode_loading", dim::areal_mass, "mg/cm2", "Mass of cathode active material per area.",
              &CellInfo::cathode_loading},
    CellField{"areal_capacity", dim::areal_capacity, "mAh/cm2", "Capacity of the cathode per area.",
              &CellInfo::areal_capacity},
    CellField{"current", dim::current, "mA", "A constant current that the data file lacks.", &CellInfo::current},
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

} // namespace platen

#pragma once
// What is known about a cell besides its curves. Cell files, study files, HDF5 and the checklist share this one table.

#include "base/units.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace platen {

enum class Configuration { unknown, empty_fixture, blocking, symmetric, full };
std::string_view label(Configuration c); ///< "unknown", "empty fixture", "blocking", "symmetric", "full"
std::optional<Configuration> parse_configuration(std::string_view text);

struct CellInfo {
  std::string name;
  Configuration configuration = Configuration::unknown;
  std::string electrolyte; ///< material, "LPSCl"
  std::string fixture;     ///< "fixed gap" | "springs" | ""

  std::optional<double> area;                     ///< m2
  std::optional<double> electrolyte_thickness;    ///< m
  std::optional<double> electrolyte_mass;         ///< kg
  std::optional<double> electrolyte_conductivity; ///< S/m at 25 degC
  std::optional<double> conductivity_activation;  ///< J/mol
  std::optional<double> lithium_thickness;        ///< m
  std::optional<double> fabrication_pressure;     ///< Pa
  std::optional<double> contact_hold_pressure;    ///< Pa
  std::optional<double> contact_hold_time;        ///< s
  std::optional<double> contact_hold_temperature; ///< K
  std::optional<double> stack_pressure;           ///< Pa, as set before cycling
  std::optional<double> temperature;              ///< K, while cycling
  std::optional<double> cathode_loading;          ///< kg/m2
  std::optional<double> areal_capacity;           ///< C/m2
  std::optional<double> current;                  ///< A; a constant current the data file lacks
};

/// One row per optional number of CellInfo: key in cell files, dimension, unit people read, meaning.
struct CellField {
  std::string_view key;
  Dimension dimension;
  std::string_view shown_in;
  std::string_view description;
  std::optional<double> CellInfo::*member;
};
std::span<const CellField> cell_fields();

} // namespace platen

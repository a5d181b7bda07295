#pragma once
// What is known about a cell besides its curves. Cell files, study files, HDF5 and the checklist share this one table.

#include "base/units.hpp"

#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace platen {

enum class Configuration { unknown, empty_fixture, blocking, symmetric, full };
std::string_view label(Configuration c); ///< "unknown", "empty fixture", "blocking", "symmetric", "full"
std::optional<Configuration> parse_configuration(std::string_view text);

/// Where something about a cell is known from.
struct KnownFrom {
  std::string kind;  ///< "cell file", "study", "data file"
  std::string place; ///< "a12.cell.toml:7"; may be empty
  friend bool operator==(const KnownFrom&, const KnownFrom&) = default;
};

struct CellInfo {
  std::string name;
  Configuration configuration = Configuration::unknown;
  std::string electrolyte; ///< material, "LPSCl"
  std::string fixture;     ///< "fixed gap" | "springs" | "constant pressure" | ""
  std::string cathode;     ///< what it is made of, "NCM811 : LPSCl : VGCF = 66 : 31 : 3"

  std::optional<double> area;                     ///< m2
  std::optional<double> diameter;                 ///< m
  std::optional<double> electrolyte_thickness;    ///< m
  std::optional<double> electrolyte_mass;         ///< kg
  std::optional<double> electrolyte_density;      ///< kg/m3, pores included
  std::optional<double> electrolyte_true_density; ///< kg/m3, without pores
  std::optional<double> electrolyte_conductivity; ///< S/m at 25 degC
  std::optional<double> conductivity_activation;  ///< J/mol
  std::optional<double> lithium_thickness;        ///< m
  std::optional<double> fabrication_pressure;     ///< Pa
  std::optional<double> fabrication_time;         ///< s
  std::optional<double> contact_hold_pressure;    ///< Pa
  std::optional<double> contact_hold_time;        ///< s
  std::optional<double> contact_hold_temperature; ///< K
  std::optional<double> stack_pressure;           ///< Pa, as set before cycling
  std::optional<double> temperature;              ///< K, while cycling
  std::optional<double> cathode_loading;          ///< kg/m2, of the composite
  std::optional<double> cathode_active_fraction;  ///< 1, mass share of active material in the composite
  std::optional<double> cathode_specific_capacity; ///< C/kg of active material
  std::optional<double> areal_capacity;           ///< C/m2
  std::optional<double> ramp_start;               ///< A/m2
  std::optional<double> ramp_increment;           ///< A/m2
  std::optional<double> half_cycle_time;          ///< s
  std::optional<double> half_cycle_capacity;      ///< C/m2
  std::optional<double> lower_voltage;            ///< V, cut-off
  std::optional<double> upper_voltage;            ///< V, cut-off
  std::optional<double> number_of_cells;          ///< 1, made and tested alike, this one included
  std::optional<double> current;                  ///< A; a constant current the data file lacks

  std::map<std::string, double, std::less<>> uncertainty;    ///< standard uncertainty of a number, SI (K), by its key
  std::map<std::string, KnownFrom, std::less<>> known_from;  ///< by key; what is not here came with the data
};

/// One row per optional number of CellInfo: key in cell files, dimension, unit people read, meaning.
struct CellField {
  std::string_view key;
  Dimension dimension;
  std::string_view shown_in;
  std::string_view description;
  std::optional<double> CellInfo::*member;
  double low = 0.0, high = std::numeric_limits<double>::infinity(); ///< SI, what a cell file may say
};
std::span<const CellField> cell_fields();
/// @returns nullptr when there is no such number.
const CellField* find_cell_field(std::string_view key);

/// One row per free text of CellInfo.
struct CellText {
  std::string_view key, description;
  std::string CellInfo::*member;
};
std::span<const CellText> cell_texts();

/// Takes over whatever `stated` says, with its uncertainty and where it is known from.
void merge(CellInfo& into, const CellInfo& stated);

} // namespace platen

#pragma once
// Every number the laws need, SI, in one struct; and the one registry that names them for cards, sets, overrides and fits.

#include "base/units.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace platen::physics {

struct Parameters {
  // --- lithium (card `lithium`)
  double lithium_molar_volume = 0;       ///< V_m, m3/mol
  // --- solid electrolyte (card `electrolyte`)
  double conductivity = 0;               ///< kappa at 25 degC, S/m
  double conductivity_activation = 0;    ///< J/mol
  double electronic_conductivity = 0;    ///< S/m
  double electrolyte_density = 0;        ///< crystal density, kg/m3
  double relative_permittivity = 0;      ///< 1
  double fracture_toughness = 0;         ///< K_IC, Pa m^0.5
  double compaction_strength = 0;        ///< Heckel: 1/k, Pa
  double compaction_offset = 0;          ///< Heckel: A, 1
  // --- composite cathode (card `cathode`)
  double cathode_capacity = 0;           ///< of the active material, first charge to the full-charge voltage, C/kg
  double cathode_active_density = 0;     ///< crystal density of the active material, kg/m3
  double cathode_active_share = 0;       ///< mass of active material over mass of composite, 1
  double cathode_composite_density = 0;  ///< of the pressed composite, pores included, kg/m3
  double cathode_volume_change = 0;      ///< relative volume lost by the active material at full charge, 1
  double cathode_particle_radius = 0;    ///< m
  double cathode_diffusivity = 0;        ///< of lithium in the particle at 25 degC, m2/s
  double cathode_diffusivity_activation = 0; ///< J/mol
  double cathode_first_efficiency = 0;   ///< first discharge over first charge, 1
  double cathode_conductivity = 0;       ///< effective ionic conductivity of the composite at 25 degC, S/m
  double cathode_resistance = 0;         ///< charge transfer at 25 degC per geometric area, ohm m2
  double cathode_resistance_activation = 0; ///< J/mol
  double cathode_discharged = 0;         ///< x in Li_x MO2 as made, 1
  double cathode_charged = 0;            ///< x after the capacity has been taken out, 1
  // --- fixture
  double elastic_stiffness = 0;          ///< K_el, Pa/m
  double joint_stiffness = 0;            ///< K_5 at 5 MPa, Pa/m
  double joint_exponent = 0;             ///< q, 1
  double seating_compliance = 0;         ///< sum of J_k, m/Pa
  double seating_time_fast = 0;          ///< shortest tau_k at 25 degC, s
  double seating_time_slow = 0;          ///< longest tau_k at 25 degC, s
  double seating_activation = 0;         ///< J/mol
  double thermal_mismatch = 0;           ///< alpha_eff, m/K; positive lowers P on heating
  double friction = 0;                   ///< P_fr, Pa: Coulomb slider of the spring fixture
  double friction_stiffness = 0;         ///< of the slider while it sticks, Pa/m
  double yield_pressure = 0;             ///< P_y: above it a fixed gap gives way for good, Pa
  double yield_rate = 0;                 ///< c_r, m/(Pa s)
  // --- lithium foil squeezed out sideways
  double squeeze_rate = 0;               ///< h' at 25 MPa for a 100 um foil on a 10 mm disc without die, m/s
  double squeeze_escape = 0;             ///< share that the die lets escape, 1
  // --- contact
  double contact_initial = 0;            ///< theta_0, 1
  double contact_closure_time = 0;       ///< at 25 MPa and 25 degC, s
  double contact_linear_share = 0;       ///< share of the rate at 25 MPa that is linear in P, 1
  double contact_exponent = 0;           ///< n of the creep term, 1
  double contact_activation = 0;         ///< Q_c, J/mol
  double contact_spread = 0;             ///< v: relative variance of the rates at which single voids close, 1; 0: all alike
  double contact_spot_radius = 0;        ///< of the constriction term, m
  double current_focus = 0;              ///< local over mean current density that a composite cathode imposes, 1
  // --- voids opened by stripping
  double void_height = 0;                ///< w, m
  double void_spread = 0;                ///< s: a void that fills the share phi of its room takes phi^s of the contact, 1
  double supply_diffusion = 0;           ///< J_d at 40 degC, A/m2
  double supply_diffusion_activation = 0;///< J/mol
  double supply_creep = 0;               ///< J_c at 3.5 MPa and 30 degC, A/m2
  double supply_creep_exponent = 0;      ///< 1
  double supply_creep_activation = 0;    ///< J/mol
  // --- flaw, intrusion, filament
  double flaw_depth = 0;                 ///< a_0, m
  double intrusion_rate = 0;             ///< v_25 at 25 MPa and 25 degC, m/s
  double intrusion_exponent = 0;         ///< m, 1
  double intrusion_activation = 0;       ///< J/mol
  double filament_growth = 0;            ///< beta, 1
  double swing_extension = 0;            ///< m_s: flaw growth per ln P of rising pressure, in units of its first depth, 1
  double fatigue_exponent = 0;           ///< b: damage per half cycle is (load over critical load)^b, 1
  double filament_area_share = 0;        ///< cross-section of all filaments over the cell area, 1
  double soft_short_from = 0;            ///< L_f/L at which partial contact begins, 1
  double soft_short_resistance = 0;      ///< of the first partial contact, ohm (of the whole cell)
  double soft_short_flicker = 0;         ///< standard deviation of ln(conductance) while partial, 1
  double soft_short_flicker_time = 0;    ///< correlation time of that fluctuation, s
  double short_resistance = 0;           ///< of a bridged filament, ohm (of the whole cell)
  double short_closing_time = 0;         ///< from bridged to fully conducting, s
  // --- kinetics and interphase
  double interface_resistance = 0;       ///< Z at 25 degC, full contact, per side, ohm m2
  double interface_activation = 0;       ///< J/mol
  double interphase_growth = 0;          ///< k at 25 degC, m/s^0.5
  double interphase_activation = 0;      ///< of k, J/mol
  double interphase_conductivity = 0;    ///< S/m
  double interphase_charge = 0;          ///< lithium bound per thickness, C/m3
  // --- capacitances
  double double_layer_capacitance = 0;   ///< per interface, F/m2
  double grain_boundary_capacitance = 0; ///< F/m2
  double grain_boundary_share = 0;       ///< of the electrolyte's resistance, 1
  double interphase_capacitance = 0;     ///< per interface, F/m2
  double lead_resistance = 0;            ///< of rods and cables, ohm (of the whole cell)
  // --- scatter between cells
  double scatter_flaw_modulus = 0;       ///< Weibull modulus of the flaw strength, 1; 0: no scatter
  double scatter_stiffness = 0;          ///< log-normal sigma of K, 1
  double scatter_supply = 0;             ///< log-normal sigma of J_d, 1
};

/// Where the number normally comes from.
enum class Home { lithium_card, electrolyte_card, cathode_card, set };

/// One row per number. `name` is what cards (last part), sets and overrides call it: "contact.closure_time".
struct ParameterInfo {
  std::string_view name;
  Home home;
  Dimension dimension;
  std::string_view shown_in; ///< unit people read
  double low, high;          ///< SI, values outside are refused
  std::string_view description;
  double Parameters::*member;
};

std::span<const ParameterInfo> parameter_registry();
/// @returns nullptr when there is no such parameter.
const ParameterInfo* find_parameter(std::string_view name);

} // namespace platen::physics

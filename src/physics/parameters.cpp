#include "physics/parameters.hpp"

#include <algorithm>
#include <array>

namespace platen::physics {
namespace {

constexpr double MPa = 1e6;
constexpr double um = 1e-6;
constexpr double hour = 3600.0;
constexpr double mA_cm2 = 10.0;
constexpr double ohm_cm2 = 1e-4;

constexpr Dimension compliance = dim::length / dim::pressure;
constexpr Dimension mismatch = dim::length / dim::temperature;
constexpr Dimension volume_charge = dim::areal_capacity / dim::length;

using enum Home;
using P = Parameters;

// clang-format off
/// name, home, dimension, unit shown, low, high (SI), description, member. The limits are hard: what lies outside is a
/// slip of the pen, not an unusual cell.
constexpr std::array table = std::to_array<ParameterInfo>({
  {"lithium.molar_volume", lithium_card, dim::molar_volume, "cm3/mol", 5e-6, 50e-6, "molar volume of lithium", &P::lithium_molar_volume},

  {"electrolyte.conductivity", electrolyte_card, dim::conductivity, "mS/cm", 1e-6, 100.0, "ionic conductivity of the pressed pellet at 25 degC", &P::conductivity},
  {"electrolyte.conductivity_activation", electrolyte_card, dim::molar_energy, "eV", 0.0, 2e5, "activation energy of the ionic conductivity", &P::conductivity_activation},
  {"electrolyte.electronic_conductivity", electrolyte_card, dim::conductivity, "S/cm", 0.0, 1.0, "electronic conductivity", &P::electronic_conductivity},
  {"electrolyte.density", electrolyte_card, dim::density, "g/cm3", 500.0, 10000.0, "crystal density, without pores", &P::electrolyte_density},
  {"electrolyte.relative_permittivity", electrolyte_card, dim::none, "", 1.0, 1000.0, "relative permittivity, for the geometric capacitance", &P::relative_permittivity},
  {"electrolyte.fracture_toughness", electrolyte_card, dim::toughness, "MPa m^0.5", 1e3, 1e7, "fracture toughness K_IC", &P::fracture_toughness},
  {"electrolyte.compaction_strength", electrolyte_card, dim::pressure, "MPa", 1e6, 1e11, "Heckel compaction: pressure that divides the porosity by e", &P::compaction_strength},
  {"electrolyte.compaction_offset", electrolyte_card, dim::none, "", 0.0, 5.0, "Heckel compaction: ln(1/porosity) extrapolated to no pressure", &P::compaction_offset},

  {"cathode.capacity", cathode_card, dim::specific_capacity, "mAh/g", 1e4, 4e6, "first charge of the active material, per its mass", &P::cathode_capacity},
  {"cathode.active_density", cathode_card, dim::density, "g/cm3", 500.0, 20000.0, "crystal density of the active material", &P::cathode_active_density},
  {"cathode.active_share", cathode_card, dim::none, "", 0.01, 1.0, "active material over composite, by mass", &P::cathode_active_share},
  {"cathode.composite_density", cathode_card, dim::density, "g/cm3", 300.0, 20000.0, "density of the pressed composite, pores included", &P::cathode_composite_density},
  {"cathode.volume_change", cathode_card, dim::none, "", -0.5, 0.5, "relative volume that the active material loses at full charge", &P::cathode_volume_change},
  {"cathode.particle_radius", cathode_card, dim::length, "um", 1e-8, 1e-4, "radius of the active particles", &P::cathode_particle_radius},
  {"cathode.diffusivity", cathode_card, dim::diffusivity, "m2/s", 1e-19, 1e-9, "diffusivity of lithium in the active material at 25 degC", &P::cathode_diffusivity},
  {"cathode.diffusivity_activation", cathode_card, dim::molar_energy, "eV", 0.0, 2e5, "activation energy of the diffusivity", &P::cathode_diffusivity_activation},
  {"cathode.first_efficiency", cathode_card, dim::none, "", 0.3, 1.0, "first discharge over first charge", &P::cathode_first_efficiency},
  {"cathode.conductivity", cathode_card, dim::conductivity, "mS/cm", 1e-6, 100.0, "effective ionic conductivity of the composite at 25 degC", &P::cathode_conductivity},
  {"cathode.resistance", cathode_card, dim::asr, "ohm cm2", 1e-4 * ohm_cm2, 1e6 * ohm_cm2, "charge transfer of the composite at 25 degC, per cell area", &P::cathode_resistance},
  {"cathode.resistance_activation", cathode_card, dim::molar_energy, "eV", 0.0, 2e5, "activation energy of that resistance", &P::cathode_resistance_activation},
  {"cathode.discharged", cathode_card, dim::none, "", 0.3, 1.0, "lithium content x of Li_x MO2 as made", &P::cathode_discharged},
  {"cathode.charged", cathode_card, dim::none, "", 0.0, 0.9, "lithium content x once the capacity has been taken out", &P::cathode_charged},

  {"fixture.elastic_stiffness", set, dim::areal_stiffness, "MPa/um", 1e9, 1e14, "stiffness of frame, rods and bolts, without joints", &P::elastic_stiffness},
  {"fixture.joint_stiffness", set, dim::areal_stiffness, "MPa/um", 1e9, 1e14, "stiffness of the joints at 5 MPa", &P::joint_stiffness},
  {"fixture.joint_exponent", set, dim::none, "", 0.0, 4.0, "power of the pressure in the stiffness of the joints", &P::joint_exponent},
  {"fixture.seating_compliance", set, compliance, "um/MPa", 0.0, 1e-10, "settling of the joints per pressure once complete", &P::seating_compliance},
  {"fixture.seating_time_fast", set, dim::time, "s", 1e-2, 1e6, "shortest time of the settling, at 25 degC", &P::seating_time_fast},
  {"fixture.seating_time_slow", set, dim::time, "h", 1e-2, 1e8, "longest time of the settling, at 25 degC", &P::seating_time_slow},
  {"fixture.seating_activation", set, dim::molar_energy, "kJ/mol", 0.0, 2e5, "activation energy of the settling", &P::seating_activation},
  {"fixture.thermal_mismatch", set, mismatch, "um/K", -1e-5, 1e-5, "expansion of the frame beyond that of the stack; positive lowers the pressure on heating", &P::thermal_mismatch},
  {"fixture.friction", set, dim::pressure, "MPa", 0.0, 10 * MPa, "friction of guides and seats of the spring fixture", &P::friction},
  {"fixture.friction_stiffness", set, dim::areal_stiffness, "MPa/um", 1e9, 1e14, "stiffness of the spring fixture while friction holds it", &P::friction_stiffness},

  {"fixture.yield_pressure", set, dim::pressure, "MPa", 0.0, 100 * MPa, "pressure above which a fixed gap gives way for good", &P::yield_pressure},
  {"fixture.yield_rate", set, dim::velocity / dim::pressure, "um/h per MPa", 0.0, 1e-12, "rate of giving way per pressure above that", &P::yield_rate},

  {"squeeze.rate", set, dim::velocity, "um/h", 0.0, 1e-3, "thinning of a 100 um foil on a 10 mm disc at 25 MPa and 25 degC, free to escape", &P::squeeze_rate},
  {"squeeze.escape", set, dim::none, "", 0.0, 1.0, "share of that thinning that the die lets escape", &P::squeeze_escape},

  {"contact.initial", set, dim::none, "", 1e-4, 1.0, "contact fraction when foil and pellet are first pressed together", &P::contact_initial},
  {"contact.closure_time", set, dim::time, "min", 1e-3, 1e8, "time constant of contact closure at 25 MPa and 25 degC", &P::contact_closure_time},
  {"contact.linear_share", set, dim::none, "", 0.0, 1.0, "share of the closure rate at 25 MPa that is linear in the pressure", &P::contact_linear_share},
  {"contact.exponent", set, dim::none, "", 1.0, 12.0, "power of the pressure in the creep term of contact closure", &P::contact_exponent},
  {"contact.activation", set, dim::molar_energy, "kJ/mol", 0.0, 2e5, "activation energy of contact closure", &P::contact_activation},
  {"contact.spread", set, dim::none, "", 0.0, 10.0, "relative variance of the rates at which single voids of the contact close", &P::contact_spread},
  {"contact.spot_radius", set, dim::length, "um", 1e-9, 1e-3, "radius of the contact spots, for the constriction resistance", &P::contact_spot_radius},

  {"interface.current_focus", set, dim::none, "", 1.0, 10.0, "local over mean current density that a composite cathode imposes on the lithium", &P::current_focus},

  {"void.height", set, dim::length, "um", 1e-8, 1e-4, "height of the voids that stripping opens", &P::void_height},
  {"void.spread", set, dim::none, "", 1.0, 10.0, "power of the filled share in the contact that a void takes: 1 spreads at once, more deepens first", &P::void_spread},
  {"supply.diffusion", set, dim::current_density, "mA/cm2", 0.0, 100 * mA_cm2, "current density that self-diffusion feeds to a stripping interface at 40 degC", &P::supply_diffusion},
  {"supply.diffusion_activation", set, dim::molar_energy, "eV", 0.0, 2e5, "activation energy of the diffusive supply", &P::supply_diffusion_activation},
  {"supply.creep", set, dim::current_density, "mA/cm2", 0.0, 100 * mA_cm2, "current density that creep feeds to a stripping interface at 3.5 MPa and 30 degC", &P::supply_creep},
  {"supply.creep_exponent", set, dim::none, "", 0.0, 12.0, "power of the pressure in the creep supply", &P::supply_creep_exponent},
  {"supply.creep_activation", set, dim::molar_energy, "kJ/mol", 0.0, 2e5, "activation energy of the creep supply", &P::supply_creep_activation},

  {"flaw.depth", set, dim::length, "um", 1e-8, 1e-3, "depth of the worst flaw in the electrolyte's surface", &P::flaw_depth},
  {"intrusion.rate", set, dim::velocity, "um/h", 0.0, 1e-3 / hour, "deepening of the flaw by static pressure at 25 MPa and 25 degC", &P::intrusion_rate},
  {"intrusion.exponent", set, dim::none, "", 0.0, 12.0, "power of the pressure in the intrusion rate", &P::intrusion_exponent},
  {"intrusion.activation", set, dim::molar_energy, "kJ/mol", 0.0, 2e5, "activation energy of the intrusion", &P::intrusion_activation},

  {"flaw.swing_extension", set, dim::none, "", 0.0, 100.0, "extension of the flaw per ln P of rising pressure, in units of its first depth", &P::swing_extension},
  {"flaw.fatigue_exponent", set, dim::none, "", 0.0, 50.0, "power of the load in the damage of a half cycle", &P::fatigue_exponent},

  {"filament.growth", set, dim::none, "", 0.0, 1e6, "filament growth over plating velocity, per excess of the critical overpotential", &P::filament_growth},
  {"filament.area_share", set, dim::none, "", 0.0, 1.0, "cross-section of all filaments over the cell's area", &P::filament_area_share},
  {"short.soft_from", set, dim::none, "", 0.01, 0.9999, "length over the electrolyte's thickness at which a filament first makes partial contact", &P::soft_short_from},
  {"short.soft_resistance", set, dim::resistance, "ohm", 1e-3, 1e9, "resistance of the first partial contact", &P::soft_short_resistance},
  {"short.soft_flicker", set, dim::none, "", 0.0, 5.0, "standard deviation of the logarithm of a partial contact's conductance", &P::soft_short_flicker},
  {"short.soft_flicker_time", set, dim::time, "s", 1e-2, 1e5, "correlation time of that fluctuation", &P::soft_short_flicker_time},
  {"short.resistance", set, dim::resistance, "ohm", 1e-3, 1e6, "resistance of a bridged filament", &P::short_resistance},
  {"short.closing_time", set, dim::time, "s", 1e-2, 1e5, "time from the first bridge to full conduction", &P::short_closing_time},

  {"interface.resistance", set, dim::asr, "ohm cm2", 1e-4 * ohm_cm2, 1e6 * ohm_cm2, "Li | electrolyte resistance per side at 25 degC and full contact", &P::interface_resistance},
  {"interface.activation", set, dim::molar_energy, "eV", 0.0, 2e5, "activation energy of the interface resistance", &P::interface_activation},
  {"interphase.growth", set, dim::parabolic, "nm/h^0.5", 0.0, um, "parabolic growth constant of the interphase at 25 degC", &P::interphase_growth},
  {"interphase.activation", set, dim::molar_energy, "eV", 0.0, 2e5, "activation energy of the growth constant", &P::interphase_activation},
  {"interphase.conductivity", set, dim::conductivity, "S/cm", 1e-9, 100.0, "ionic conductivity of the interphase", &P::interphase_conductivity},
  {"interphase.charge", set, volume_charge, "uAh/cm2 per nm", 0.0, 1e12, "lithium bound per thickness of interphase", &P::interphase_charge},

  {"capacitance.double_layer", set, dim::areal_capacitance, "uF/cm2", 1e-6, 100.0, "double layer of one interface", &P::double_layer_capacitance},
  {"capacitance.grain_boundary", set, dim::areal_capacitance, "nF/cm2", 1e-9, 1.0, "grain boundaries of the pellet", &P::grain_boundary_capacitance},
  {"capacitance.grain_boundary_share", set, dim::none, "", 0.0, 1.0, "share of the pellet's resistance that lies in its grain boundaries", &P::grain_boundary_share},
  {"capacitance.interphase", set, dim::areal_capacitance, "nF/cm2", 1e-7, 1.0, "interphase of one interface", &P::interphase_capacitance},
  {"leads.resistance", set, dim::resistance, "ohm", 0.0, 1e4, "rods and cables", &P::lead_resistance},

  {"scatter.flaw_modulus", set, dim::none, "", 0.0, 100.0, "Weibull modulus of the flaws' strength between cells; 0 for none", &P::scatter_flaw_modulus},
  {"scatter.stiffness", set, dim::none, "", 0.0, 1.0, "standard deviation of ln(stiffness) between fixtures", &P::scatter_stiffness},
  {"scatter.supply", set, dim::none, "", 0.0, 1.0, "standard deviation of ln(diffusive supply) between cells", &P::scatter_supply},
});
// clang-format on

} // namespace

std::span<const ParameterInfo> parameter_registry() { return table; }

const ParameterInfo* find_parameter(std::string_view name) {
  const auto found = std::find_if(table.begin(), table.end(), [&](const ParameterInfo& row) { return row.name == name; });
  return found != table.end() ? &*found : nullptr;
}

} // namespace platen::physics

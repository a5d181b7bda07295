#pragma once
// Flaws, the overpotential that opens them, and the filament that follows. Theory: docs/theory/flaw.md.

#include "physics/arrhenius.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace platen::physics {

inline constexpr double intrusion_reference_pressure = 25e6; ///< Pa, where v_25 is quoted

/// Critical overpotential (V) of a surface flaw of depth `a` (m), equation (G1), Porz 2017:
///
///     eta_c = V_m K_IC / (1.12 F sqrt(pi a))
///
/// Griffith's criterion with the pressure that plating can build up, F eta / V_m. Range: a small against the pellet.
inline double critical_overpotential(double a, double K_IC, double V_m) {
  return V_m * K_IC / (1.12 * constants::F * std::sqrt(std::numbers::pi * a));
}

/// da/dt (m/s), equation (G2): lithium pressed into a flaw by the stack pressure alone. `arrhenius_factor` of the rate.
inline double intrusion_rate(double P, double v_25, double m, double arrhenius_factor) {
  return v_25 * power(std::max(P, 0.0) / intrusion_reference_pressure, m) * arrhenius_factor;
}

/// dL_f/dt (m/s), equation (G3): growth while plating at the local current density `i_local` (A/m2) once eta exceeds
/// eta_c. The corner at eta_c is rounded over 1 % of eta_c.
inline double filament_rate(double i_local, double eta, double eta_c, double beta, double V_m) {
  return beta * V_m / constants::F * i_local * positive_part(eta / eta_c - 1.0, 0.01);
}

/// Growth of a flaw (m), equation (M1): a pressure higher than any since it was set extends the flaw for good,
/// da = a_0 m_s d ln P_peak (assumed; rival H2), between two highest pressures.
inline double swing_extension(double peak_from, double peak_to, double a_0, double m_s) {
  return a_0 * m_s * std::log(peak_to / peak_from);
}

/// Damage at which the strength of a flaw counts as used up.
inline constexpr double damage_limit = 1.0 - 1e-6;

/// dD/dt (1/s), equation (M2): Miner's damage of a half cycle that lasts `half_cycle` (s) at a load over critical load. Twice
/// the critical load uses the strength up within milliseconds; what is beyond counts as that. A flaw whose strength is used
/// up counts no further.
inline double damage_rate(bool used_up, double load, double b, double half_cycle) {
  return used_up || load <= 0.0 ? 0.0 : power(std::min(load, 2.0), b) / half_cycle;
}

/// Closing of a bridge in [0, 1), equation (G7), at `t` (s) after a filament has spanned the electrolyte.
inline double bridge_closed(double t, double closing_time) { return -std::expm1(-t / closing_time); }

/// Conductance (S, of the whole cell) of a filament that spans `share` = L_f/L, equation (G4): nothing below `from`, then
/// partial contact with a flickering conductance, then a bridge. `flicker` is the standard normal fluctuation times its
/// sigma, `bridged` the closing in [0, 1].
inline double short_conductance(double share, double from, double R_soft, double R_hard, double flicker, double bridged) {
  const double partial = std::clamp((share - from) / (1.0 - from), 0.0, 1.0);
  return partial * std::exp(flicker) / R_soft + bridged / R_hard;
}

} // namespace platen::physics

#pragma once
// Flaws, the overpotential that opens them, and the filament that follows. Theory: docs/theory/flaw.md.

#include "physics/arrhenius.hpp"

#include <algorithm>
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
  return v_25 * std::pow(std::max(P, 0.0) / intrusion_reference_pressure, m) * arrhenius_factor;
}

/// dL_f/dt (m/s), equation (G3): growth while plating at the local current density `i_local` (A/m2) once eta exceeds
/// eta_c. The corner at eta_c is rounded over 1 % of eta_c.
inline double filament_rate(double i_local, double eta, double eta_c, double beta, double V_m) {
  return beta * V_m / constants::F * i_local * positive_part(eta / eta_c - 1.0, 0.01);
}

/// dP_peak/dt (Pa/s): the highest pressure so far follows the pressure up within a minute and never comes down.
inline double peak_rate(double P, double peak) {
  constexpr double follow = 60.0; // s, short against a half cycle
  return std::max(P - peak, 0.0) / follow;
}

/// da/dt (m/s), equation (M1): a pressure higher than any since it was set extends the flaw for good,
/// da = a_0 m_s d ln P_peak (assumed; rival H2).
inline double swing_rate(double peak, double peak_rate, double a_0, double m_s) { return a_0 * m_s * peak_rate / peak; }

/// dD/dt (1/s), equation (M2): Miner's damage of a half cycle that lasts `half_cycle` (s) at a load over critical load.
/// A flaw whose strength is used up counts no further.
inline double damage_rate(double damage, double load, double b, double half_cycle) {
  if (damage >= 1.0) return 0.0;
  return std::pow(std::max(load, 0.0), b) / half_cycle;
}

/// Conductance (S, of the whole cell) of a filament that spans `share` = L_f/L, equation (G4): nothing below `from`, then
/// partial contact with a flickering conductance, then a bridge. `flicker` is the standard normal fluctuation times its
/// sigma, `bridged` the closing state in [0, 1].
inline double short_conductance(double share, double from, double R_soft, double R_hard, double flicker, double bridged) {
  const double partial = std::clamp((share - from) / (1.0 - from), 0.0, 1.0);
  return partial * std::exp(flicker) / R_soft + bridged / R_hard;
}

} // namespace platen::physics

#pragma once
// Voids that stripping opens when lithium cannot follow. Theory: docs/theory/voids.md.

#include "physics/arrhenius.hpp"

#include <algorithm>

namespace platen::physics {

inline constexpr double supply_creep_pressure = 3.5e6;                               ///< Pa, where J_c is quoted
inline constexpr double supply_creep_temperature = constants::zero_celsius + 30.0;   ///< K
inline constexpr double supply_diffusion_temperature = constants::zero_celsius + 40.0; ///< K
/// Share of the contact that voids can take: islands remain however long one strips (assumed).
inline constexpr double void_limit = 0.97;
/// Current density (A/m2) that creep can feed to a stripping interface at 30 degC, equation (V2): a foil thinning rate read
/// as a supply velocity, J_c = J (P/3.5 MPa)^n.
inline double creep_supply(double P, double J, double n) { return J * std::pow(std::max(P, 0.0) / supply_creep_pressure, n); }
/// The same at `T` (K).
inline double creep_supply(double P, double T, double J, double n, double activation) {
  return creep_supply(P, J, n) * arrhenius(activation, T, supply_creep_temperature);
}

/// Current density (A/m2) that self-diffusion feeds, equation (V3), quoted at 40 degC.
inline double diffusion_supply(double T, double J, double activation) {
  return J * arrhenius(activation, T, supply_diffusion_temperature);
}

/// Contact left (1) by voids that fill the share `phi` of their room, equation (V4): 1 - phi^s. With s = 1 every bit of void
/// costs contact; with s > 1 voids deepen before they spread.
inline double contact_left(double phi, double spread) {
  return 1.0 - power(std::clamp(phi, 0.0, 1.0), spread);
}

/// Whether voids can both open and close, or are at one end of their range.
enum class VoidsAt { none, between, limit };

/// dphi/dt (1/s), equation (V1): w dphi/dt = (i - J) V_m/F. `stripping` is the current density (A/m2) that strips this
/// interface, negative while it plates; plating refills the voids first. At the ends of [0, void_limit] the rate that leads
/// outside is zero.
inline double void_rate(VoidsAt at, double stripping, double supply, double height, double V_m) {
  const double u = (stripping - supply) * V_m / (constants::F * height);
  if (at == VoidsAt::none) return std::max(u, 0.0);
  return at == VoidsAt::limit ? std::min(u, 0.0) : u;
}

} // namespace platen::physics

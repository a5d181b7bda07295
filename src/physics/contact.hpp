#pragma once
// Contact fraction theta of a lithium | electrolyte interface. Theory: docs/theory/contact.md.

#include "physics/arrhenius.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace platen::physics {

inline constexpr double contact_reference_pressure = 25e6; ///< Pa, where the closure time is quoted

/// dtheta/dt (1/s), equation (C1): two-term creep closure. The first term is dislocation creep of lithium against its
/// small-scale strength, the second diffusional and linear in P. `time` is 1/rate at 25 MPa and 25 degC, `a` the Arrhenius
/// factor. Range: 0 < theta <= 1, P >= 0.
inline double closure_rate(double theta, double P, double time, double linear_share, double n, double a) {
  const double p = std::max(P, 0.0) / contact_reference_pressure;
  return (1.0 - theta) * a / time * ((1.0 - linear_share) * std::pow(p, n) + linear_share * p);
}

/// Contact fraction after the integral `s` of the rate of (C1), equation (C4): voids whose rates are gamma distributed about their mean
/// with the relative variance `spread`; with none, the integral of (C1). Range: s >= 0, spread >= 0.
inline double closed_contact(double initial, double s, double spread) {
  return 1.0 - (1.0 - initial) * (spread > 0.0 ? std::exp(-std::log1p(spread * s) / spread) : std::exp(-s));
}

/// Area-specific constriction resistance (ohm m2), equation (C2): current lines crowd from the electrolyte into spots of
/// radius `spot` that cover `theta` (Cooper, Mikic, Yovanovich 1969, flux-tube factor (1 - sqrt(theta))^1.5).
inline double constriction_resistance(double theta, double spot, double kappa) {
  const double gap = 1.0 - std::sqrt(std::min(theta, 1.0));
  return std::numbers::pi * spot / (4.0 * kappa * theta) * gap * std::sqrt(gap);
}

} // namespace platen::physics

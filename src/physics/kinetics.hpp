#pragma once
// Charge transfer, conduction, interphase. Theory: docs/theory/electrical.md.

#include "physics/arrhenius.hpp"

#include <algorithm>
#include <cmath>

namespace platen::physics {

/// Exchange current density (A/m2) of an interface whose full-contact resistance is Z (ohm m2), equation (E3).
inline double exchange_current(double Z, double T) { return constants::R * T / (constants::F * Z); }

/// Overpotential (V) that drives `i` (A/m2, per geometric area) through contact `theta`, equation (E2): symmetric
/// Butler-Volmer inverted, eta = (2RT/F) asinh(i / (2 i0 theta)).
inline double charge_transfer_overpotential(double i, double i0, double theta, double T) {
  return 2.0 * constants::R * T / constants::F * std::asinh(i / (2.0 * i0 * theta));
}

/// Its inverse (A/m2).
inline double charge_transfer_current(double eta, double i0, double theta, double T) {
  return 2.0 * i0 * theta * std::sinh(constants::F * eta / (2.0 * constants::R * T));
}

/// d eta / d i (ohm m2) of the law above.
inline double charge_transfer_slope(double i, double i0, double theta, double T) {
  const double u = i / (2.0 * i0 * theta);
  return constants::R * T / (constants::F * i0 * theta * std::sqrt(1.0 + u * u));
}

/// d(d^2)/dt (m2/s) of a parabolic interphase d = k sqrt(t), equation (E4). The square is the state because it grows at a
/// constant rate; the thickness itself would start with an infinite one.
inline double interphase_square_rate(double k, double a) { return k * k * a * a; }

} // namespace platen::physics

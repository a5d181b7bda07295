#pragma once
// What holds the cell and what the load cell reads. Theory: docs/theory/fixture.md.

#include "physics/arrhenius.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace platen::physics {

inline constexpr double joint_reference_pressure = 5e6; ///< Pa, where K_5 is quoted

/// Tangent stiffness (Pa/m) of frame and joints in series, equation (F2): 1/K = 1/K_el + 1/(K_5 (P/5 MPa)^q).
/// Below 1 kPa the joint is held at its stiffness there, so that contact can be lost without dividing by zero.
inline double frame_stiffness(double P, double K_el, double K_5, double q) {
  const double joint = K_5 * std::pow(std::max(P, 1e3) / joint_reference_pressure, q);
  return K_el * joint / (K_el + joint);
}

/// A frame at one pressure.
struct Frame {
  double stiffness;    ///< (F2), Pa/m
  double displacement; ///< taken up since 5 MPa: the integral of dP/K, equation (F3), exact for P > 1 kPa; m
};

inline Frame frame_at(double P, double K_el, double K_5, double q) {
  const double p = std::max(P, 1e3) / joint_reference_pressure, hardened = std::pow(p, q), joint = K_5 * hardened;
  const double closed = std::abs(q - 1.0) < 1e-12 ? std::log(p) : (p / hardened - 1.0) / (1.0 - q);
  return {K_el * joint / (K_el + joint), (P - joint_reference_pressure) / K_el + joint_reference_pressure / K_5 * closed};
}

/// Displacement (m) the frame takes up between two pressures.
inline double frame_displacement(double P_from, double P_to, double K_el, double K_5, double q) {
  return frame_at(P_to, K_el, K_5, q).displacement - frame_at(P_from, K_el, K_5, q).displacement;
}

/// Number of one-way elements that stand for the continuous spectrum of seating times.
inline constexpr std::size_t seating_elements = 6;

/// The spectrum: equal compliances at times spaced evenly in log(tau), equation (F4). A flat spectrum is the log-time
/// creep of rough joints, cut off at `slow` so that it saturates.
struct Seating {
  std::array<double, seating_elements> compliance{}; ///< J_k, m/Pa
  std::array<double, seating_elements> time{};       ///< tau_k at 25 degC, s

  Seating(double total_compliance, double fast, double slow) {
    for (std::size_t k = 0; k < seating_elements; ++k) {
      const double share = static_cast<double>(k) / static_cast<double>(seating_elements - 1);
      compliance[k] = total_compliance / static_cast<double>(seating_elements);
      time[k] = fast * std::pow(slow / fast, share);
    }
  }
};

/// dx/dt (m/s) of one element, equation (F5): it settles while the load exceeds what it has settled for, never back.
/// `a` is the Arrhenius factor of the rate.
inline double seating_rate(double P, double x, double J, double tau, double a) {
  return std::max(J * P - x, 0.0) * a / tau;
}

/// d(friction stress)/d(displacement), Pa/m, equation (F7): Dahl's smooth Coulomb slider, sticking at `K_stick`.
/// `direction` is the sign of the displacement's rate.
inline double dahl_slope(double stress, double limit, double K_stick, double direction) {
  return K_stick * (1.0 - stress / limit * direction);
}

/// d(displacement lost)/dt (m/s), equation (M3): above `P_y` freshly plated lithium is pressed out of the stack for good
/// (assumed form; rival H4). Proportional to the excess pressure, and to the plated thickness (m) while that is thin.
inline double yield_rate(double P, double plated, double P_y, double rate) {
  constexpr double full_effect = 2e-6; ///< m
  return rate * positive_part(P - P_y, 1e4) * plated / (plated + full_effect);
}

/// Sideways creep of one lithium foil (m/s of thinning), equation (F8): squeeze flow of a power-law disc,
/// h' ~ P^n h^(n+2), scaled from the rate at 25 MPa for a 100 um foil, times the share that the die lets escape.
inline double squeeze_rate(double P, double thickness, double rate_25, double escape, double n, double a) {
  constexpr double P_ref = 25e6, h_ref = 100e-6;
  return escape * rate_25 * a * std::pow(std::max(P, 0.0) / P_ref, n) * std::pow(thickness / h_ref, n + 2.0);
}

} // namespace platen::physics

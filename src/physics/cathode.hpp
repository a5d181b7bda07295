#pragma once
// The composite cathode: open-circuit voltage, volume, diffusion in the particle. Theory: docs/theory/cathode.md.

#include "physics/arrhenius.hpp"

#include <array>
#include <cmath>

namespace platen::physics {

struct OpenCircuit {
  double voltage; ///< V
  double slope;   ///< dU/dx, V
};

/// Open-circuit voltage of NCM811 against lithium at content x of Li_x MO2, equation (Q1): Chen 2020, fitted there for x from
/// 0.26 to 0.91. Beyond x = 0.91 a steep fall is added so that a discharge ends.
inline OpenCircuit open_circuit(double x) {
  const auto tanh = [](double u) { return 1.0 - 2.0 / (std::exp(2.0 * u) + 1.0); };
  const double a = tanh(18.5138 * (x - 0.5542)), b = tanh(15.7890 * (x - 0.3117)), c = tanh(15.9308 * (x - 0.3120));
  const double fall = std::exp(150.0 * (x - 0.925));
  return {-0.8090 * x + 4.4875 - 0.0428 * a - 17.7326 * b + 17.5842 * c - fall,
          -0.8090 - 0.0428 * 18.5138 * (1.0 - a * a) - 17.7326 * 15.7890 * (1.0 - b * b) + 17.5842 * 15.9308 * (1.0 - c * c) -
              150.0 * fall};
}
inline double open_circuit_voltage(double x) { return open_circuit(x).voltage; }
inline double open_circuit_slope(double x) { return open_circuit(x).slope; }

/// Relative volume lost by the active material at state of charge y (0 as made, 1 full charge), equation (Q2): a fifth of
/// the change is spread evenly, the rest is the collapse of the c axis near full charge (de Biasi 2017, Koerver 2018:
/// 1 % at y = 0.7, 5.5 % at y = 1, recalled).
inline double volume_loss(double y, double at_full_charge) {
  const double collapse = y * y * y * y * y * y;
  return at_full_charge * (0.2 * y + 0.8 * collapse);
}
inline double volume_loss_slope(double y, double at_full_charge) {
  return at_full_charge * (0.2 + 4.8 * y * y * y * y * y);
}

/// Eigenvalues alpha_k^2 of diffusion in a sphere with a stated flux: roots of tan(alpha) = alpha, squared.
inline constexpr std::array<double, 2> particle_eigenvalues{20.190728556426629, 59.679515944109395};
inline constexpr std::size_t particle_modes = particle_eigenvalues.size();

/// One of the modes that stand for all faster ones, equation (Q7): its eigenvalue and how many of them it counts for.
struct FastMode {
  double eigenvalue, weight;
};
/// The third eigenvalue and six in a geometric series; the weights are fitted to the sphere's own sum over k >= 3 for s R^2/D = j z, z
/// from 3 to 1e5, its value at s = 0 exactly.
inline constexpr std::array<FastMode, 7> particle_fast_modes{{{118.89986887, 1.3020722764},
                                                              {395.0, 4.8597682087},
                                                              {1975.0, 11.4608291225},
                                                              {9875.0, 25.4215520161},
                                                              {49375.0, 57.0379015026},
                                                              {246875.0, 111.6999959252},
                                                              {1234375.0, 588.7992614072}}};

/// a_k^2 D/R^2 (1/s) of equation (Q4): how fast a mode decays by itself.
inline double particle_mode_decay(std::size_t k, double D, double radius) { return particle_eigenvalues[k] * D / (radius * radius); }

/// dq_k/dt (1/s) of one mode of the surface's deviation from the mean content, equation (Q4). `rate` is -dx_mean/dt (1/s).
inline double particle_mode_rate(double q, std::size_t k, double rate, double D, double radius) {
  return 2.0 / 3.0 * rate - particle_mode_decay(k, D, radius) * q;
}

/// The same of one of the fast modes, equation (Q7).
inline double particle_mode_rate(double q, const FastMode& mode, double rate, double D, double radius) {
  return 2.0 / 3.0 * mode.weight * rate - mode.eigenvalue * D / (radius * radius) * q;
}

/// What a fast mode settles at while `rate` stays, 1.
inline double particle_mode_settled(const FastMode& mode, double rate, double D, double radius) {
  return 2.0 / 3.0 * mode.weight * rate * radius * radius / (mode.eigenvalue * D);
}

/// Surface content minus mean content, equation (Q3): resolved modes plus the faster ones at their steady state
/// (the sum of 1/alpha_k^2 over all modes is 1/10).
inline double surface_deviation(const std::array<double, particle_modes>& q, double rate, double D, double radius) {
  double deviation = 0.0, rest = 0.1;
  for (std::size_t k = 0; k < particle_modes; ++k) {
    deviation -= q[k];
    rest -= 1.0 / particle_eigenvalues[k];
  }
  return deviation - 2.0 / 3.0 * rate * rest * radius * radius / D;
}

} // namespace platen::physics

#pragma once
// Distribution of relaxation times: which share of the resistance relaxes how fast. Theory: docs/theory/impedance.md, (H1) to
// (H5).

#include <complex>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace platen::impedance {

struct DrtOptions {
  double points_per_decade = 10.0;
  std::optional<double> smoothing; ///< lambda of (H2); by default chosen from the data, (H3)
  bool inductance = true;          ///< let wires take part
  bool capacitance = true;         ///< let a blocking electrode take part
  std::size_t samples = 200;       ///< for bands; 0: none
  std::uint64_t seed = 1;
};

struct DrtPeak {
  double tau = 0.0;        ///< where it is highest, s
  double resistance = 0.0; ///< its area up to the valleys beside it, ohm
  double tau_low = 0.0, tau_high = 0.0, resistance_low = 0.0, resistance_high = 0.0; ///< 95 % of the samples
  bool at_edge = false; ///< within the first or last half decade of the window: the data end here, not the peak
};

struct Drt {
  std::vector<double> tau;       ///< s, rising
  std::vector<double> gamma;     ///< ohm per unit of ln tau
  std::vector<double> low, high; ///< 95 % of the samples; empty without samples
  double resistance = 0.0;       ///< at infinite frequency, ohm
  double polarisation = 0.0;     ///< area of gamma, ohm
  double inductance = 0.0;       ///< H
  double elastance = 0.0;        ///< 1/C of a blocking electrode in series, 1/F; 0: none
  double smoothing = 0.0;        ///< lambda
  double noise = 0.0;            ///< standard deviation of a residual, relative to |Z|
  double residual = 0.0;         ///< root mean square of |dZ|/|Z|
  std::vector<std::complex<double>> model; ///< ohm, at the frequencies given
  std::vector<DrtPeak> peaks;    ///< by rising tau
};

/// Non-negative regularised distribution. `frequency` in Hz, `impedance` in ohm.
/// @throws Error D208, D209 (fewer than 5 points, or one that is not finite), D212 (the equations are singular).
Drt relaxation_times(std::span<const double> frequency, std::span<const std::complex<double>> impedance,
                     const DrtOptions& options = {});

} // namespace platen::impedance

#pragma once
// Fluctuation of a partial contact. Theory: docs/theory/flaw.md.

#include "numerics/random.hpp"

#include <cstdint>

namespace platen::simulation {

/// Equation (G5): an Ornstein-Uhlenbeck process drawn on a fixed grid of time and joined linearly, so that it depends on the
/// seed and the time alone.
class Flicker {
public:
  /// `sigma` standard deviation, `time` correlation time (s); none where either is zero.
  Flicker(std::uint64_t seed, double sigma, double time);
  /// The fluctuation, of mean 0 and standard deviation sigma, at `t` (s). Quickest when asked in the order of time.
  double at(double t);
  double sigma() const { return sigma_; }
  /// Exponent (1) of its mean effect: the mean of exp(at(t)) is exp of this.
  double mean_exponent() const { return 0.5 * sigma_ * sigma_; }

private:
  void move_to(std::uint64_t index);

  numerics::RandomStream stream_;
  double sigma_ = 0.0, spacing_ = 0.0, memory_ = 0.0, fresh_ = 0.0;
  std::uint64_t index_ = 0;       ///< of `from_`
  double from_ = 0.0, to_ = 0.0;  ///< draws at both ends of one interval of the grid
  bool drawn_ = false;
};

} // namespace platen::simulation

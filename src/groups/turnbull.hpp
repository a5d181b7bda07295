#pragma once
// The non-parametric estimate of how many cells pass a current density (Turnbull, J. R. Stat. Soc. B 38 (1976) 290).

#include "groups/sample.hpp"

#include <span>
#include <vector>

namespace platen::groups {

/// Probability on (low, high], A/m2: where in it is not known. low = high: a point; high infinite: beyond the last step.
struct Mass {
  double low = 0.0, high = 0.0;
  double probability = 0.0;
};

/// Largest and smallest share of cells that pass a current density under every way to place the masses.
struct Share {
  double low = 0.0, high = 1.0;
};

struct Turnbull {
  std::vector<Mass> masses; ///< innermost intervals (X2), rising; those of zero probability too
  double log_likelihood = 0.0;
  double gap = 0.0;     ///< (X4): by no more than this times the number of cells can the likelihood's logarithm still rise
  int iterations = 0;

  Share passing(double current_density) const; ///< P(CCD > current density)
  /// The interval (low, high] in which the estimate falls to 1 - p: for p = 0.5 the median. A/m2; high infinite: not reached.
  Interval quantile(double p) const;
};

/// Maximises (X3) by constrained Newton steps until (X4) holds to `tolerance`. `weights` (may be empty) count cells.
/// Source: Wang, J. R. Stat. Soc. B 69 (2007) 185, with the multiplier of the sum known to be the number of cells.
/// @throws Error B004 without cells, or when every weight is nil.
Turnbull turnbull(std::span<const Interval> sample, std::span<const double> weights = {}, double tolerance = 1e-10);

/// Whether a mass lies inside of an observation, the columns of (X3).
bool holds(const Interval& observation, const Mass& mass) noexcept;

} // namespace platen::groups

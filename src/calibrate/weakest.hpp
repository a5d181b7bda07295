#pragma once
// Cells that are meant to be equal fail where their weakest flaw does. Theory: docs/theory/calibration.md, docs/theory/scatter.md.

#include "study/study.hpp"

#include <array>
#include <cstddef>

namespace platen::calibrate {

/// How CCDs (or lives) of such cells are distributed: by (P1) those of single flaws are Weibull, and so is the least of several, (B15).
struct Population {
  double median = 0.0; ///< of the cells, any unit
  double sigma = 0.0;  ///< standard deviation of the logarithm, above zero

  /// Cells whose single flaws would fail at a median of `flaw`, `flaws` (one or more) of them in each.
  static Population of_flaws(double flaw, std::size_t flaws, double sigma);
  /// What a share `p` in (0, 1) of the cells does not reach.
  double quantile(double p) const;
};

/// Flaws that a test loads: one behind every lithium electrode that is plated in it; at least one.
std::size_t loaded_flaws(const Study& study);

/// Residuals of an observation between `low` and `high` in the unit of the population (`low` zero: failed at the first step; `high` infinite: never
/// seen to fail; not both). Their sum of squares is -2 ln P, equations (B3), (B4): the first is signed (above zero where the population says too much) and
/// runs through zero at the most probable median, so that its slope carries the curvature that Gauss and Newton need; the second holds what no
/// median can explain, and depends on sigma alone. A median of zero or an infinite one is taken as 1e-6 or 1e6 times the bound.
std::array<double, 2> weakest_residuals(const Population& cells, double low, double high);

/// -2 ln P of the same.
double weakest_deviance(const Population& cells, double low, double high);

} // namespace platen::calibrate

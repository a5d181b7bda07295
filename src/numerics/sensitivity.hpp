#pragma once
// Which factors move a result: Morris's elementary effects and Sobol's indices, each with bounds. docs/theory/sensitivity.md.
// A result that is not finite is missing: what needs it is left out and counted, never replaced.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace platen::numerics {

/// An estimate with its 95 % bounds; all NaN where there is nothing to estimate from.
struct Bounded {
  double value = std::numeric_limits<double>::quiet_NaN();
  double low = std::numeric_limits<double>::quiet_NaN(), high = std::numeric_limits<double>::quiet_NaN();
};

/// What one factor does when it moves across its whole range, in the unit of the result.
struct MorrisEffect {
  Bounded mean;          ///< mu: of the elementary effects, with their sign
  Bounded mean_absolute; ///< mu*: of their magnitudes
  Bounded deviation;     ///< sigma: how much the effect depends on where one stands
  std::size_t effects = 0, missing = 0;
};

/// Elementary effects of every factor from the results of a MorrisDesign, point by point, whose coordinates are `points`
/// (results.size() x factors): (S11) to (S13). Bounds: Student's for mu and mu*, jackknife of the logarithm for sigma.
/// @throws Error B004 when the lengths do not fit.
std::vector<MorrisEffect> morris_effects(std::span<const double> points, std::span<const double> results, std::size_t factors);

struct SobolIndex {
  Bounded first; ///< share of the variance that the factor explains alone
  Bounded total; ///< share that is left when all others are known
  std::size_t rows = 0, missing = 0;
};

struct SobolIndices {
  std::vector<SobolIndex> factors;
  double mean = 0.0, variance = 0.0; ///< of the result over the factors' ranges; unit of the result and its square
  Bounded interactions;              ///< 1 - sum of the first-order indices
  std::size_t rows = 0;              ///< of the design
  std::size_t missing = 0;           ///< results of A and B that are missing
};

struct Resampling {
  int samples = 1000; ///< rows drawn with replacement
  std::uint64_t seed = 1;
};

/// Sobol's indices from the results of a SaltelliDesign, point by point: first order by Saltelli et al. (2010), total by
/// Jansen (1999), (S14) to (S17). Bounds: 2.5 % and 97.5 % quantiles over rows drawn with replacement; the rows fill the
/// cube more evenly than chance, which the drawing does not know, so that the bounds are wide rather than narrow.
/// Where the result does not vary, the indices are NaN. @throws Error B004 when the lengths do not fit.
SobolIndices sobol_indices(std::span<const double> results, std::size_t factors, const Resampling& resampling = {});

} // namespace platen::numerics

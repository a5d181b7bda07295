#pragma once
// A share of trials and what it may be.

#include <cstddef>

namespace platen::numerics {

/// Both bounds of a confidence interval.
struct Bounds {
  double low = 0.0, high = 1.0;
};

/// Exact bounds of the probability behind `successes` of `trials`, at least `confidence` of the time (0 to 1); all of
/// [0, 1] without trials. Source: Clopper, Pearson, Biometrika 26 (1934) 404.
/// @throws Error B004 when there are more successes than trials, or the confidence is not between 0 and 1.
Bounds binomial_bounds(std::size_t successes, std::size_t trials, double confidence = 0.95);

} // namespace platen::numerics

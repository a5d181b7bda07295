#pragma once
// Quadratic functions minimised over numbers that may not be negative: non-negative least squares from its normal equations.

#include <cstddef>
#include <span>
#include <vector>

namespace platen::numerics {

/// Minimises x^T H x/2 - f^T x over x >= 0 for a symmetric positive definite H (n x n, row by row).
/// Block principal pivoting: whole groups of numbers enter and leave at once, with a fall-back that changes one at a time, so that
/// it ends after few factorisations and always. Keeps its memory and the last set of positive numbers, from which the next call starts.
/// Source: Portugal, Judice, Vicente, Math. Comp. 63 (1994) 625; Kim and Park, SIAM J. Sci. Comput. 33 (2011) 3261.
class NonnegativeQuadratic {
public:
  explicit NonnegativeQuadratic(std::size_t n);

  /// @returns false when H is not positive definite to rounding.
  bool minimise(std::span<const double> H, std::span<const double> f, std::span<double> x);

  /// Which numbers were positive at the end.
  const std::vector<bool>& positive() const { return positive_; }
  /// Starts the next call as if all numbers were positive.
  void forget();

private:
  bool solve(std::span<const double> H, std::span<const double> f, std::span<double> x);

  std::size_t n_;
  std::vector<bool> positive_;
  std::vector<std::size_t> members_, wrong_;
  std::vector<double> factor_, right_, slope_;
};

} // namespace platen::numerics

#pragma once
// Small dense linear algebra: some ten unknowns, called thousands of times, so nothing is allocated here.

#include <cstddef>
#include <span>

namespace platen::numerics {

/// Cholesky factor in place: the lower triangle of the symmetric `a` (n x n, row by row) becomes G with a = G G^T; the
/// upper triangle is neither read nor written. @returns false when a pivot is not above `floor` times its diagonal entry
/// (0: not positive): `a` is then partly overwritten.
bool cholesky(std::span<double> a, std::size_t n, double floor = 0.0);

/// Solves G G^T x = b in place.
void cholesky_solve(std::span<const double> factor, std::size_t n, std::span<double> b);

/// Solves G^T x = b in place: turns independent normal numbers into ones with the covariance (G G^T)^-1.
void cholesky_solve_transposed(std::span<const double> factor, std::size_t n, std::span<double> b);

/// Replaces the factor by the full inverse (G G^T)^-1, both triangles. `scratch` holds n numbers.
void cholesky_inverse(std::span<double> factor, std::size_t n, std::span<double> scratch);

/// Least squares min |A x - b| by Householder's reflections; `a` is rows x columns, column by column, rows >= columns; both
/// `a` and `b` are overwritten. Columns that depend on earlier ones to rounding get x = 0. @returns the sum of squares left.
double solve_least_squares(std::span<double> a, std::size_t rows, std::size_t columns, std::span<double> b,
                           std::span<double> x);

} // namespace platen::numerics

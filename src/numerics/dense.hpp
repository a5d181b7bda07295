#pragma once
// Small dense linear algebra: some ten unknowns, called thousands of times, so nothing is allocated here.

#include <cstddef>
#include <span>

namespace platen::numerics {

/// Sum of products, in four running sums: the order of additions is fixed, and the processor does them side by side.
inline double dot(const double* a, const double* b, std::size_t n) {
  double s0 = 0.0, s1 = 0.0, s2 = 0.0, s3 = 0.0;
  std::size_t i = 0;
  for (; i + 4 <= n; i += 4) {
    s0 += a[i] * b[i];
    s1 += a[i + 1] * b[i + 1];
    s2 += a[i + 2] * b[i + 2];
    s3 += a[i + 3] * b[i + 3];
  }
  for (; i < n; ++i) s0 += a[i] * b[i];
  return (s0 + s1) + (s2 + s3);
}

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

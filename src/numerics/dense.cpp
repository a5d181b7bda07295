#include "numerics/dense.hpp"

#include <cmath>
#include <limits>

namespace platen::numerics {

bool cholesky(std::span<double> a, std::size_t n, double floor) {
  for (std::size_t j = 0; j < n; ++j) {
    double* row = &a[j * n];
    const double diagonal = row[j];
    const double pivot = diagonal - dot(row, row, j);
    if (!(pivot > floor * diagonal) || !std::isfinite(pivot)) return false;
    row[j] = std::sqrt(pivot);
    for (std::size_t i = j + 1; i < n; ++i) {
      double* below = &a[i * n];
      below[j] = (below[j] - dot(below, row, j)) / row[j];
    }
  }
  return true;
}

void cholesky_solve(std::span<const double> factor, std::size_t n, std::span<double> b) {
  for (std::size_t i = 0; i < n; ++i) {
    const double* row = &factor[i * n];
    b[i] = (b[i] - dot(row, b.data(), i)) / row[i];
  }
  cholesky_solve_transposed(factor, n, b);
}

void cholesky_solve_transposed(std::span<const double> factor, std::size_t n, std::span<double> b) {
  for (std::size_t i = n; i-- > 0;) {
    const double* row = &factor[i * n];
    b[i] /= row[i];
    for (std::size_t k = 0; k < i; ++k) b[k] -= row[k] * b[i];
  }
}

void cholesky_inverse(std::span<double> factor, std::size_t n, std::span<double> scratch) {
  // The inverse of G, in place, then G^-T G^-1.
  for (std::size_t j = 0; j < n; ++j) {
    factor[j * n + j] = 1.0 / factor[j * n + j];
    for (std::size_t i = j + 1; i < n; ++i) {
      double sum = 0.0;
      for (std::size_t k = j; k < i; ++k) sum += factor[i * n + k] * factor[k * n + j];
      factor[i * n + j] = -sum / factor[i * n + i];
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = 0.0;
      for (std::size_t k = i; k < n; ++k) sum += factor[k * n + i] * factor[k * n + j];
      scratch[j] = sum;
    }
    // Row i of G^-1 is not needed below i any more; its place takes the result.
    for (std::size_t j = 0; j <= i; ++j) factor[i * n + j] = scratch[j];
  }
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < i; ++j) factor[j * n + i] = factor[i * n + j];
}

double solve_least_squares(std::span<double> a, std::size_t rows, std::size_t columns, std::span<double> b,
                           std::span<double> x) {
  constexpr double rounding = 64.0 * std::numeric_limits<double>::epsilon();
  std::size_t rank = 0; // a column that depends on earlier ones leaves its row to those after it
  for (std::size_t j = 0; j < columns; ++j) {
    double* v = &a[j * rows];
    double whole = 0.0, below = 0.0;
    for (std::size_t i = 0; i < rows; ++i) (i < rank ? whole : below) += v[i] * v[i];
    whole += below;
    x[j] = 0.0; // diagonal of R; 0 marks a column that depends on earlier ones
    if (!(below > rounding * rounding * whole)) continue;
    const double norm = std::copysign(std::sqrt(below), v[rank]);
    x[j] = -norm;
    v[rank] += norm;
    const double scale = 1.0 / (norm * v[rank]);
    const auto reflect = [&](double* u) {
      const double share = scale * dot(v + rank, u + rank, rows - rank);
      for (std::size_t i = rank; i < rows; ++i) u[i] -= share * v[i];
    };
    for (std::size_t k = j + 1; k < columns; ++k) reflect(&a[k * rows]);
    reflect(b.data());
    ++rank;
  }
  double left = 0.0;
  for (std::size_t i = rank; i < rows; ++i) left += b[i] * b[i];
  for (std::size_t j = columns; j-- > 0;) {
    if (x[j] == 0.0) continue;
    double sum = b[--rank];
    for (std::size_t k = j + 1; k < columns; ++k) sum -= a[k * rows + rank] * x[k];
    x[j] = sum / x[j];
  }
  return left;
}

} // namespace platen::numerics

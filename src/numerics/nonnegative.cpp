#include "numerics/nonnegative.hpp"

#include "numerics/dense.hpp"

#include <algorithm>
#include <cmath>

namespace platen::numerics {

NonnegativeQuadratic::NonnegativeQuadratic(std::size_t n)
    : n_(n), positive_(n, true), factor_(n * n), right_(n), slope_(n) {
  members_.reserve(n);
  wrong_.reserve(n);
}

void NonnegativeQuadratic::forget() { positive_.assign(n_, true); }

/// The minimum over the present members, without a bound, and the slopes of the others.
bool NonnegativeQuadratic::solve(std::span<const double> H, std::span<const double> f, std::span<double> x) {
  members_.clear();
  for (std::size_t i = 0; i < n_; ++i)
    if (positive_[i]) members_.push_back(i);
  const std::size_t m = members_.size();
  for (std::size_t a = 0; a < m; ++a) {
    const double* row = &H[members_[a] * n_];
    for (std::size_t b = 0; b <= a; ++b) factor_[a * m + b] = row[members_[b]];
    right_[a] = f[members_[a]];
  }
  if (!cholesky(factor_, m)) return false;
  cholesky_solve(factor_, m, std::span(right_).first(m));
  std::fill(x.begin(), x.end(), 0.0);
  for (std::size_t a = 0; a < m; ++a) x[members_[a]] = right_[a];
  for (std::size_t i = 0; i < n_; ++i) slope_[i] = positive_[i] ? 0.0 : dot(&H[i * n_], x.data(), n_) - f[i];
  return true;
}

bool NonnegativeQuadratic::minimise(std::span<const double> H, std::span<const double> f, std::span<double> x) {
  std::size_t fewest = n_ + 1;
  int whole_groups = 3;
  double size = 0.0; // what slopes are small against
  for (const double v : f) size = std::max(size, std::abs(v));
  const double level = -1e-12 * size;
  for (std::size_t round = 0; round < 50 * n_ + 50; ++round) {
    if (!solve(H, f, x)) return false;
    wrong_.clear();
    for (std::size_t i = 0; i < n_; ++i)
      if (positive_[i] ? x[i] < 0.0 : slope_[i] < level) wrong_.push_back(i);
    if (wrong_.empty()) break;
    if (wrong_.size() < fewest) {
      fewest = wrong_.size();
      whole_groups = 3;
    } else if (whole_groups > 0) {
      --whole_groups;
    } else {
      wrong_.erase(wrong_.begin(), wrong_.end() - 1); // the last one only: this cannot cycle
    }
    for (const std::size_t i : wrong_) positive_[i] = !positive_[i];
  }
  for (double& v : x) v = std::max(v, 0.0);
  return true;
}

} // namespace platen::numerics

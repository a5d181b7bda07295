#include "numerics/block_covariance.hpp"

#include "numerics/dense.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace platen::numerics {
namespace {

constexpr std::size_t lanes = 4; ///< columns side by side in memory: what one row does to them the processor does at once

/// Products of `wide` columns with four others, each set row by row, over n rows.
template <std::size_t wide> std::array<std::array<double, lanes>, wide> products(const double* a, const double* b, std::size_t n) {
  std::array<std::array<double, lanes>, wide> out{};
  for (std::size_t k = 0; k < n; ++k)
    for (std::size_t i = 0; i < wide; ++i)
      for (std::size_t j = 0; j < lanes; ++j) out[i][j] += a[k * wide + i] * b[k * lanes + j];
  return out;
}

} // namespace

BlockCovariance::BlockCovariance(BlockedRows rows, std::span<const double> shared) : rows_(std::move(rows)) {
  const std::size_t n = rows_.variance.size();
  shared_ = n > 0 ? shared.size() / n : 0;
  states_ = (n > 0 ? rows_.own.size() / n : 0) + (rows_.walk > 0.0 ? 1 : 0);
  foresee();
  const std::size_t panels = (shared_ + lanes - 1) / lanes, panel = n * lanes;
  white_.assign(panels * panel, 0.0);
  for (std::size_t c = 0; c < shared_; ++c)
    for (std::size_t k = 0; k < n; ++k) white_[c / lanes * panel + k * lanes + c % lanes] = shared[c * n + k];
  factor_.assign(shared_ * shared_, 0.0);
  for (std::size_t p = 0; p < panels; ++p) {
    whiten<lanes>(white_.data() + p * panel, 0);
    for (std::size_t q = 0; q <= p; ++q) {
      const auto block = products<lanes>(white_.data() + p * panel, white_.data() + q * panel, n);
      for (std::size_t i = p * lanes; i < std::min(shared_, (p + 1) * lanes); ++i)
        for (std::size_t j = q * lanes; j < std::min(i + 1, (q + 1) * lanes); ++j) factor_[i * shared_ + j] = block[i % lanes][j % lanes] + (i == j ? 1.0 : 0.0);
    }
  }
  if (!cholesky(factor_, shared_)) factor_.assign(factor_.size(), std::numeric_limits<double>::quiet_NaN());
  for (std::size_t i = 0; i < shared_; ++i) log_determinant_ += 2.0 * std::log(factor_[i * shared_ + i]);
}

/// What each row is foreseen by, and how well: root R of the states' covariance R R^T, kept as a root so that no rounding makes it negative.
void BlockCovariance::foresee() {
  const std::size_t n = rows_.variance.size(), own = states_ - (rows_.walk > 0.0 ? 1 : 0);
  does_.resize(n * states_);
  tells_.resize(n * states_);
  scale_.resize(n);
  std::vector<double> root(states_ * states_, 0.0), seen(states_);
  double walked = 0.0;
  for (std::size_t b = 0; b + 1 < rows_.begins.size(); ++b) {
    if (own < states_) walked = b == 0 ? 0.0 : std::hypot(std::sqrt(dot(root.data() + own * states_, root.data() + own * states_, states_)), rows_.walk);
    std::fill(root.begin(), root.end(), 0.0);
    for (std::size_t i = 0; i < states_; ++i) root[i * states_ + i] = i < own ? 1.0 : walked;
    for (std::size_t k = rows_.begins[b]; k < rows_.begins[b + 1]; ++k) {
      double* does = does_.data() + k * states_;
      double* tells = tells_.data() + k * states_;
      for (std::size_t i = 0; i < states_; ++i) does[i] = i < own ? rows_.own[i * n + k] : 1.0;
      for (std::size_t j = 0; j < states_; ++j) {
        seen[j] = 0.0;
        for (std::size_t i = 0; i < states_; ++i) seen[j] += root[i * states_ + j] * does[i];
      }
      const double variance = rows_.variance[k] + dot(seen.data(), seen.data(), states_);
      const double taken = 1.0 / (1.0 + std::sqrt(rows_.variance[k] / variance));
      for (std::size_t i = 0; i < states_; ++i) {
        tells[i] = dot(root.data() + i * states_, seen.data(), states_) / variance;
        for (std::size_t j = 0; j < states_; ++j) root[i * states_ + j] -= taken * tells[i] * seen[j];
      }
      scale_[k] = 1.0 / std::sqrt(variance);
      log_determinant_ += std::log(variance);
    }
  }
}

/// Turns columns, row by row, into their innovations; before row `from` they are 0.
template <std::size_t wide> void BlockCovariance::whiten(double* columns, std::size_t from) const {
  const std::size_t own = states_ - (rows_.walk > 0.0 ? 1 : 0);
  std::vector<std::array<double, wide>> state(states_);
  for (std::size_t b = 0; b + 1 < rows_.begins.size(); ++b) {
    std::fill(state.begin(), state.begin() + static_cast<std::ptrdiff_t>(own), std::array<double, wide>{});
    for (std::size_t k = std::max(from, rows_.begins[b]); k < rows_.begins[b + 1]; ++k) {
      const double* does = does_.data() + k * states_;
      const double* tells = tells_.data() + k * states_;
      double* row = columns + k * wide;
      std::array<double, wide> unforeseen;
      std::copy_n(row, wide, unforeseen.begin());
      for (std::size_t i = 0; i < states_; ++i)
        for (std::size_t c = 0; c < wide; ++c) unforeseen[c] -= does[i] * state[i][c];
      for (std::size_t i = 0; i < states_; ++i)
        for (std::size_t c = 0; c < wide; ++c) state[i][c] += tells[i] * unforeseen[c];
      for (std::size_t c = 0; c < wide; ++c) row[c] = unforeseen[c] * scale_[k];
    }
  }
}

void BlockCovariance::see(std::span<const double> column, Seen& out) const {
  const std::size_t n = scale_.size();
  const auto from = static_cast<std::size_t>(std::find_if(column.begin(), column.end(), [](double x) { return x != 0.0; }) - column.begin());
  out.white.assign(column.begin(), column.end());
  out.shared.resize(shared_);
  whiten<1>(out.white.data(), from);
  for (std::size_t c = 0; c < shared_; c += lanes) {
    const auto with = products<1>(out.white.data() + from, white_.data() + c * n + from * lanes, n - from)[0];
    std::copy_n(with.begin(), std::min(lanes, shared_ - c), out.shared.begin() + static_cast<std::ptrdiff_t>(c));
  }
  for (std::size_t i = 0; i < shared_; ++i) {
    const double* row = factor_.data() + i * shared_;
    out.shared[i] = (out.shared[i] - dot(row, out.shared.data(), i)) / row[i];
  }
}

BlockCovariance::Seen BlockCovariance::see(std::span<const double> column) const {
  Seen out;
  see(column, out);
  return out;
}

double BlockCovariance::product(const Seen& a, const Seen& b) const {
  return dot(a.white.data(), b.white.data(), a.white.size()) - dot(a.shared.data(), b.shared.data(), shared_);
}

std::vector<double> BlockCovariance::effects(const Seen& y) const {
  std::vector<double> out = y.shared;
  cholesky_solve_transposed(factor_, shared_, out);
  return out;
}

double BlockCovariance::error(std::size_t effect) const {
  std::vector<double> unit(shared_, 0.0);
  unit[effect] = 1.0;
  cholesky_solve(factor_, shared_, unit);
  return std::sqrt(unit[effect]);
}

} // namespace platen::numerics

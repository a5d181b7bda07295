#include "numerics/least_squares.hpp"

#include "numerics/dense.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace platen::numerics {
namespace {

double squares(std::span<const double> v) { return dot(v.data(), v.data(), v.size()); }

} // namespace

LeastSquares::LeastSquares(std::size_t residuals, std::size_t parameters)
    : m_(residuals), n_(parameters), r_(m_), trial_r_(m_), jacobian_(m_ * n_), trial_jacobian_(m_ * n_),
      normal_(n_ * n_), factor_(n_ * n_), gradient_(n_), scale_(n_), step_(n_), right_(n_), trial_x_(n_) {
  free_.reserve(n_);
}

void LeastSquares::normal_equations() {
  for (std::size_t j = 0; j < n_; ++j) {
    const double* a = &jacobian_[j * m_];
    gradient_[j] = dot(a, r_.data(), m_);
    for (std::size_t k = 0; k <= j; ++k) {
      const double sum = dot(a, &jacobian_[k * m_], m_);
      normal_[j * n_ + k] = sum;
      normal_[k * n_ + j] = sum;
    }
    scale_[j] = std::max(scale_[j], normal_[j * n_ + j]);
  }
}

/// A step of the damped normal equations over the parameters that may move, cut off at the bounds, into trial_x_ and step_.
bool LeastSquares::step(std::span<const double> x, std::span<const double> lower, std::span<const double> upper,
                        double damping) {
  free_.clear();
  for (std::size_t j = 0; j < n_; ++j) {
    const bool held = (x[j] <= lower[j] && gradient_[j] >= 0.0) || (x[j] >= upper[j] && gradient_[j] <= 0.0);
    if (!held && normal_[j * n_ + j] > 0.0) free_.push_back(j);
    trial_x_[j] = x[j];
    step_[j] = 0.0;
  }
  for (;;) {
    const std::size_t n = free_.size();
    if (n == 0) return false;
    for (std::size_t a = 0; a < n; ++a) {
      right_[a] = -gradient_[free_[a]];
      for (std::size_t b = 0; b <= a; ++b) factor_[a * n + b] = normal_[free_[a] * n_ + free_[b]];
      factor_[a * n + a] += damping * scale_[free_[a]];
    }
    if (!cholesky(factor_, n)) return false;
    cholesky_solve(factor_, n, std::span(right_).first(n));
    // A parameter that would leave its bounds goes to the bound, and the others are solved for again with it there.
    bool outside = false;
    for (std::size_t a = 0; a < n && !outside; ++a) {
      const std::size_t j = free_[a];
      const double wanted = x[j] + right_[a];
      if (wanted >= lower[j] && wanted <= upper[j]) continue;
      outside = true;
      trial_x_[j] = std::clamp(wanted, lower[j], upper[j]);
      const double moved = trial_x_[j] - x[j];
      step_[j] = moved;
      for (const std::size_t k : free_) gradient_[k] += normal_[k * n_ + j] * moved;
      free_.erase(free_.begin() + static_cast<std::ptrdiff_t>(a));
    }
    if (outside && free_.empty()) return true;
    if (outside) continue;
    for (std::size_t a = 0; a < n; ++a) {
      step_[free_[a]] = right_[a];
      trial_x_[free_[a]] = x[free_[a]] + right_[a];
    }
    return true;
  }
}

LeastSquaresResult LeastSquares::minimise(const Residuals& model, std::span<double> x, std::span<const double> lower,
                                          std::span<const double> upper, const LeastSquaresOptions& options) {
  LeastSquaresResult result;
  for (std::size_t j = 0; j < n_; ++j) x[j] = std::clamp(x[j], lower[j], upper[j]);
  std::fill(scale_.begin(), scale_.end(), 0.0);
  if (!model(x, r_, jacobian_)) {
    result.cost = std::numeric_limits<double>::infinity();
    return result;
  }
  result.cost = squares(r_);
  normal_equations();
  double damping = 1e-3, growth = 2.0;
  while (result.iterations < options.iterations) {
    ++result.iterations;
    if (!step(x, lower, upper, damping)) {
      // Nothing may move (a minimum in a corner of the bounds), or the equations are singular without more damping.
      if (free_.empty()) {
        result.converged = true;
        break;
      }
      normal_equations();
      damping *= growth;
      growth *= 2.0;
      if (!std::isfinite(damping)) break;
      continue;
    }
    bool small = true;
    double forecast = 0.0; // of the fall of the cost: -2 g.s - s.N.s, with g as it was before bounds were met
    for (std::size_t j = 0; j < n_; ++j) {
      small = small && std::abs(step_[j]) <= options.step_tolerance * (std::abs(x[j]) + options.step_tolerance);
      const double g = dot(&jacobian_[j * m_], r_.data(), m_);
      double curvature = 0.0;
      for (std::size_t k = 0; k < n_; ++k) curvature += normal_[j * n_ + k] * step_[k];
      gradient_[j] = g;
      forecast -= step_[j] * (2.0 * g + curvature);
    }
    if (small || forecast <= options.cost_tolerance * result.cost) {
      result.converged = true;
      break;
    }
    const bool finite = model(trial_x_, trial_r_, trial_jacobian_);
    const double cost = finite ? squares(trial_r_) : std::numeric_limits<double>::infinity();
    const double gain = (result.cost - cost) / forecast;
    if (std::isfinite(cost) && gain > 0.0) {
      std::copy(trial_x_.begin(), trial_x_.end(), x.begin());
      std::swap(r_, trial_r_);
      std::swap(jacobian_, trial_jacobian_);
      const bool level = result.cost - cost <= options.cost_tolerance * result.cost && damping < 1.0;
      result.cost = cost;
      normal_equations();
      const double u = 2.0 * gain - 1.0;
      damping = std::max(damping * std::max(1.0 / 3.0, 1.0 - u * u * u), 1e-15);
      growth = 2.0;
      if (level || cost == 0.0) {
        result.converged = true;
        break;
      }
    } else {
      damping *= growth;
      growth *= 2.0;
      if (!std::isfinite(damping)) break;
    }
  }
  return result;
}

std::vector<double> LeastSquares::covariance(std::span<const bool> held) const {
  constexpr double dependent = 1e-10;
  std::vector<double> covariance(n_ * n_, 0.0), scale(n_);
  std::vector<std::size_t> determined;
  std::vector<double> part(n_ * n_), scratch(n_);
  for (std::size_t j = 0; j < n_; ++j) {
    if (!held.empty() && held[j]) continue;
    scale[j] = std::sqrt(squares(std::span(jacobian_).subspan(j * m_, m_)));
    covariance[j * n_ + j] = std::numeric_limits<double>::infinity();
    if (scale[j] > 0.0 && std::isfinite(scale[j])) determined.push_back(j);
  }
  const auto fill = [&](std::span<const std::size_t> which) {
    const std::size_t n = which.size();
    for (std::size_t a = 0; a < n; ++a)
      for (std::size_t b = 0; b <= a; ++b) {
        const double sum = dot(&jacobian_[which[a] * m_], &jacobian_[which[b] * m_], m_);
        part[a * n + b] = sum / (scale[which[a]] * scale[which[b]]);
      }
    return cholesky(part, n, dependent);
  };
  // Of parameters that depend on one another a largest independent set is kept for the covariance of the rest; then each that
  // one left out could stand in for is undetermined too.
  std::vector<std::size_t> kept, replaceable;
  if (fill(determined)) {
    kept = determined;
  } else {
    for (const std::size_t j : determined) {
      std::vector<std::size_t> with = kept;
      with.push_back(j);
      if (fill(with)) kept = with;
    }
    for (const std::size_t j : kept)
      for (const std::size_t out : determined) {
        if (std::find(kept.begin(), kept.end(), out) != kept.end()) continue;
        std::vector<std::size_t> with = kept;
        std::replace(with.begin(), with.end(), j, out);
        if (fill(with)) {
          replaceable.push_back(j);
          break;
        }
      }
  }
  if (kept.empty() || !fill(kept)) return covariance;
  const std::size_t n = kept.size();
  cholesky_inverse(std::span(part).first(n * n), n, scratch);
  for (std::size_t a = 0; a < n; ++a)
    for (std::size_t b = 0; b < n; ++b)
      covariance[kept[a] * n_ + kept[b]] = part[a * n + b] / (scale[kept[a]] * scale[kept[b]]);
  for (const std::size_t j : replaceable) {
    for (std::size_t k = 0; k < n_; ++k) covariance[j * n_ + k] = covariance[k * n_ + j] = 0.0;
    covariance[j * n_ + j] = std::numeric_limits<double>::infinity();
  }
  return covariance;
}

} // namespace platen::numerics

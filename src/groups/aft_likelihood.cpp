#include "groups/aft_likelihood.hpp"

#include "numerics/dense.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

namespace platen::groups {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// ln(1 - exp(-a)) for a > 0 without cancellation.
double log1m_exp(double a) { return a > std::numbers::ln2 ? std::log1p(-std::exp(-a)) : std::log(-std::expm1(-a)); }

/// ln Phi(u); the asymptotic series (Abramowitz and Stegun 26.2.12) where erfc underflows.
double log_normal_probability(double u) {
  if (u > -35.0) return std::log(0.5 * std::erfc(-u / std::numbers::sqrt2));
  const double r = 1.0 / (u * u);
  return -0.5 * u * u - std::log(-u) - 0.5 * std::log(2.0 * std::numbers::pi) + std::log1p(-r * (1.0 - 3.0 * r * (1.0 - 5.0 * r)));
}

double log_share_value(Distribution distribution, double low, double high) {
  if (distribution == Distribution::weibull) {
    const double hazard_low = low == -infinity ? 0.0 : std::exp(low);
    if (high == infinity) return -hazard_low;
    return -hazard_low + log1m_exp(std::exp(high) - hazard_low);
  }
  if (low > 0.0) { // the upper tail mirrored, so that no difference of two ones is taken
    const double mirrored = -low;
    low = -high;
    high = mirrored;
  }
  const double upper = high == infinity ? 0.0 : log_normal_probability(high);
  if (low == -infinity) return upper;
  return upper + log1m_exp(upper - log_normal_probability(low));
}

/// Value, gradient and Hessian of the problem at (gamma, kappa).
struct Evaluation {
  double value = 0.0;
  std::vector<double> gradient, hessian;
};

void add(Evaluation& out, const double* x, std::size_t p, double t, double slope, double curvature) {
  // u = kappa t - x gamma: du = (-x, t)
  const std::size_t n = p + 1;
  const auto du = [&](std::size_t j) { return j < p ? -x[j] : t; };
  for (std::size_t j = 0; j < n; ++j) {
    out.gradient[j] += slope * du(j);
    for (std::size_t k = 0; k <= j; ++k) out.hessian[j * n + k] += curvature * du(j) * du(k);
  }
}

void add_mixed(Evaluation& out, const double* x, std::size_t p, double a, double b, double curvature) {
  const std::size_t n = p + 1;
  const auto du = [&](std::size_t j, double t) { return j < p ? -x[j] : t; };
  for (std::size_t j = 0; j < n; ++j)
    for (std::size_t k = 0; k <= j; ++k)
      out.hessian[j * n + k] += curvature * (du(j, a) * du(k, b) + du(j, b) * du(k, a));
}

Evaluation evaluate(const AftProblem& problem, std::span<const double> theta) {
  const std::size_t p = problem.columns, n = p + 1;
  const double kappa = theta[p];
  Evaluation out{0.0, std::vector<double>(n, 0.0), std::vector<double>(n * n, 0.0)};
  for (std::size_t i = 0; i < problem.cells(); ++i) {
    const double* x = &problem.x[i * p];
    const double eta = problem.shift - numerics::dot(x, theta.data(), p);
    const double low = problem.low[i], high = problem.high[i];
    if (low == high) {
      const LogDensity d = log_density(problem.distribution, kappa * low + eta);
      out.value += d.value + std::log(kappa) - problem.exact_log[i];
      add(out, x, p, low, d.slope, d.curvature);
      out.gradient[p] += 1.0 / kappa;
      out.hessian[p * n + p] -= 1.0 / (kappa * kappa);
      continue;
    }
    const LogShare s = log_share(problem.distribution, kappa * low + eta, kappa * high + eta);
    out.value += s.value;
    if (low != -infinity) add(out, x, p, low, s.by_low, s.by_low_low);
    if (high != infinity) add(out, x, p, high, s.by_high, s.by_high_high);
    if (low != -infinity && high != infinity) add_mixed(out, x, p, low, high, s.by_low_high);
  }
  if (!std::isfinite(out.value)) out.value = -infinity;
  return out;
}

/// Middle of the data and a scatter of a third of their spread, as gamma and kappa.
std::vector<double> first_guess(const AftProblem& problem) {
  std::vector<double> middles, theta(problem.columns + 1, 0.0);
  for (std::size_t i = 0; i < problem.cells(); ++i) {
    const double low = problem.low[i], high = problem.high[i];
    middles.push_back(low == -infinity ? high : high == infinity ? low : 0.5 * (low + high));
  }
  const auto [least, most] = std::minmax_element(middles.begin(), middles.end());
  const double kappa = problem.kappa.value_or(std::min(problem.largest_kappa, 1.0 / std::max(0.1, (*most - *least) / 3.0)));
  std::vector<double> a = std::vector<double>(problem.cells() * problem.columns), b = middles;
  for (std::size_t j = 0; j < problem.columns; ++j)
    for (std::size_t i = 0; i < problem.cells(); ++i) a[j * problem.cells() + i] = problem.x[i * problem.columns + j];
  if (problem.columns > 0)
    numerics::solve_least_squares(a, problem.cells(), problem.columns, b, std::span(theta).first(problem.columns));
  for (std::size_t j = 0; j < problem.columns; ++j) theta[j] *= kappa;
  theta[problem.columns] = kappa;
  return theta;
}

/// The step that solves the Newton system of the free variables, with as much added to its diagonal as it needs.
std::vector<double> newton_step(const Evaluation& at, std::size_t n, std::size_t free) {
  double largest = 1e-300;
  for (std::size_t j = 0; j < free; ++j) largest = std::max(largest, -at.hessian[j * n + j]);
  for (double damping = 0.0;; damping = damping == 0.0 ? 1e-12 * largest : 10.0 * damping) {
    std::vector<double> matrix(free * free), step(at.gradient.begin(), at.gradient.begin() + static_cast<std::ptrdiff_t>(free));
    for (std::size_t j = 0; j < free; ++j) {
      for (std::size_t k = 0; k <= j; ++k) matrix[j * free + k] = -at.hessian[j * n + k];
      matrix[j * free + j] += damping;
    }
    if (numerics::cholesky(matrix, free, 1e-14)) {
      numerics::cholesky_solve(matrix, free, step);
      return step;
    }
    if (damping > 1e6 * largest) return std::vector<double>(free, 0.0);
  }
}

} // namespace

LogDensity log_density(Distribution distribution, double u) {
  if (distribution == Distribution::weibull) return {u - std::exp(u), 1.0 - std::exp(u), -std::exp(u)};
  return {-0.5 * u * u - 0.5 * std::log(2.0 * std::numbers::pi), -u, -1.0};
}

LogShare log_share(Distribution distribution, double low, double high) {
  LogShare out;
  out.value = log_share_value(distribution, low, high);
  double at_low = 0.0, at_high = 0.0; // f over the share
  if (low != -infinity) {
    const LogDensity d = log_density(distribution, low);
    at_low = std::exp(d.value - out.value);
    out.by_low = -at_low;
    out.by_low_low = -at_low * d.slope - at_low * at_low;
  }
  if (high != infinity) {
    const LogDensity d = log_density(distribution, high);
    at_high = std::exp(d.value - out.value);
    out.by_high = at_high;
    out.by_high_high = at_high * d.slope - at_high * at_high;
  }
  out.by_low_high = at_low * at_high;
  return out;
}

AftMaximum maximise(const AftProblem& problem, const AftMaximum* start) {
  const std::size_t p = problem.columns, n = p + 1;
  std::vector<double> theta = first_guess(problem);
  if (start != nullptr && start->gamma.size() == p) {
    std::copy(start->gamma.begin(), start->gamma.end(), theta.begin());
    theta[p] = problem.kappa.value_or(start->kappa);
  }
  Evaluation at = evaluate(problem, theta);
  if (at.value == -infinity) { // narrow intervals far from the start: a wide scatter makes all possible
    for (std::size_t j = 0; j < p; ++j) theta[j] = problem.kappa ? theta[j] : theta[j] * 0.1 / theta[p];
    if (!problem.kappa) theta[p] = 0.1;
    at = evaluate(problem, theta);
  }
  AftMaximum out;
  bool held = problem.kappa.has_value();
  for (out.iterations = 0; out.iterations < 200; ++out.iterations) {
    const std::size_t free = held ? p : n;
    const std::vector<double> step = newton_step(at, n, free);
    const double forecast = std::inner_product(step.begin(), step.end(), at.gradient.begin(), 0.0);
    if (forecast < 1e-20 * (1.0 + std::abs(at.value)) || free == 0) {
      out.converged = true;
      break;
    }
    double length = 1.0;
    if (!held && theta[p] + step[p] > problem.largest_kappa) length = (problem.largest_kappa - theta[p]) / step[p];
    if (!held && theta[p] + step[p] <= 0.0) length = std::min(length, -0.9 * theta[p] / step[p]);
    const bool reaches_bound = !held && theta[p] + length * step[p] >= problem.largest_kappa * (1.0 - 1e-12);
    const double whole = length;
    std::vector<double> trial = theta;
    Evaluation there;
    for (;; length *= 0.5) {
      for (std::size_t j = 0; j < free; ++j) trial[j] = theta[j] + length * step[j];
      there = evaluate(problem, trial);
      if (there.value >= at.value || length < 1e-12) break;
    }
    if (there.value < at.value) {
      out.converged = forecast < 1e-8;
      break;
    }
    const double gained = there.value - at.value;
    theta = trial;
    at = std::move(there);
    if (reaches_bound && length == whole) held = out.at_bound = true;
    else if (out.at_bound && at.gradient[p] < 0.0) held = out.at_bound = false;
    if (gained < 1e-14 * (1.0 + std::abs(at.value)) && forecast < 1e-12) {
      out.converged = true;
      break;
    }
  }
  out.gamma.assign(theta.begin(), theta.begin() + static_cast<std::ptrdiff_t>(p));
  out.kappa = theta[p];
  out.value = at.value;
  out.hessian = at.hessian;
  for (std::size_t j = 0; j < n; ++j)
    for (std::size_t k = 0; k < j; ++k) out.hessian[k * n + j] = out.hessian[j * n + k];
  return out;
}

} // namespace platen::groups

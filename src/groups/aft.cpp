#include "groups/aft.hpp"

#include "base/error.hpp"
#include "groups/aft_likelihood.hpp"
#include "numerics/dense.hpp"
#include "numerics/distributions.hpp"
#include "numerics/random.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <functional>

namespace platen::groups {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double furthest = 20.0;   // of a coefficient times its column, ln: a factor of 5e8 in CCD is no finite effect
constexpr double flat = 1e-6;       // of ln likelihood

/// Where the scatter is a hundredth of the narrowest step, the likelihood cannot tell it from nil.
double largest_kappa(std::span<const Interval> sample) {
  double narrowest = infinity;
  bool exact = false;
  for (const Interval& i : sample) {
    exact = exact || i.exact();
    if (!i.exact() && !i.left_censored() && !i.right_censored()) narrowest = std::min(narrowest, std::log(i.high / i.low));
  }
  if (exact) return 1e6;
  return narrowest < infinity ? 100.0 / narrowest : 1e3;
}

AftProblem problem_of(Distribution distribution, std::span<const Interval> sample, const Design& design, std::optional<double> quantile) {
  if (sample.empty() || design.rows.size() != sample.size() * design.columns())
    throw Error("B004", fmt::format("a fit needs one row of its design per cell, got {} numbers for {} cells and {} columns",
                                    design.rows.size(), sample.size(), design.columns()));
  AftProblem out;
  out.distribution = distribution;
  out.x = design.rows;
  out.columns = design.columns();
  out.shift = quantile ? standard_quantile(distribution, *quantile) : 0.0;
  out.largest_kappa = largest_kappa(sample);
  for (const Interval& i : sample) {
    out.low.push_back(i.left_censored() ? -infinity : std::log(i.low));
    out.high.push_back(i.right_censored() ? infinity : std::log(i.high));
    out.exact_log.push_back(i.exact() ? std::log(i.high) : 0.0);
  }
  return out;
}

/// @throws Error D460 with the first column that follows from those before it.
void refuse_dependent(const Design& design, std::size_t cells) {
  const std::size_t p = design.columns();
  std::vector<double> gram(p * p, 0.0);
  for (std::size_t i = 0; i < cells; ++i)
    for (std::size_t j = 0; j < p; ++j)
      for (std::size_t k = 0; k <= j; ++k) gram[j * p + k] += design.rows[i * p + j] * design.rows[i * p + k];
  for (std::size_t n = 1; n <= p; ++n) {
    std::vector<double> part(n * n, 0.0);
    for (std::size_t j = 0; j < n; ++j)
      for (std::size_t k = 0; k <= j; ++k) part[j * n + k] = gram[j * p + k];
    if (!numerics::cholesky(part, n, 1e-10))
      throw Error("D460", fmt::format("the effect of `{}` cannot be told from that of what stands before it ({})", design.names[n - 1],
                                      fmt::join(design.names.begin(), design.names.begin() + static_cast<std::ptrdiff_t>(n) - 1, ", ")),
                  std::nullopt, {"these conditions change together in every cell: leave one out, or add cells that part them"});
  }
}

/// The problem with beta_k held at `value`: its part is taken off the logarithms and its column goes.
AftProblem with_held(const AftProblem& problem, std::size_t k, double value) {
  AftProblem out = problem;
  const std::size_t p = problem.columns;
  out.columns = p - 1;
  out.x.clear();
  for (std::size_t i = 0; i < problem.cells(); ++i) {
    const double* row = &problem.x[i * p];
    out.low[i] -= value * row[k];
    out.high[i] -= value * row[k];
    for (std::size_t j = 0; j < p; ++j)
      if (j != k) out.x.push_back(row[j]);
  }
  return out;
}

/// Covariance of (beta, ln sigma) from the curvature in (gamma, kappa); empty where it is not positive.
std::vector<double> covariance_of(const AftMaximum& best) {
  const std::size_t p = best.gamma.size(), n = p + 1;
  std::vector<double> turn(n * n, 0.0), out(n * n, 0.0), scratch(n);
  for (std::size_t j = 0; j < p; ++j) {
    turn[j * n + j] = best.kappa;
    turn[j * n + p] = -best.gamma[j];
  }
  turn[p * n + p] = -best.kappa;
  for (std::size_t a = 0; a < n; ++a)
    for (std::size_t b = 0; b < n; ++b)
      for (std::size_t c = 0; c < n; ++c)
        for (std::size_t d = 0; d < n; ++d) out[a * n + b] -= turn[c * n + a] * best.hessian[c * n + d] * turn[d * n + b];
  if (!numerics::cholesky(out, n, 1e-12)) return {};
  numerics::cholesky_inverse(out, n, scratch);
  return out;
}

/// Largest |x_k| of a column.
double reach(const AftProblem& problem, std::size_t k) {
  double out = 0.0;
  for (std::size_t i = 0; i < problem.cells(); ++i) out = std::max(out, std::abs(problem.x[i * problem.columns + k]));
  return out;
}

bool scatter_is_nil(const AftProblem& problem, const AftMaximum& best) {
  if (best.at_bound) return true;
  AftProblem narrower = problem;
  narrower.kappa = std::min(4.0 * best.kappa, problem.largest_kappa);
  return maximise(narrower).value > best.value - flat;
}

bool runs_away(const AftProblem& problem, const AftMaximum& best) {
  for (std::size_t k = 0; k < problem.columns; ++k) {
    const double beta = best.gamma[k] / best.kappa, far = furthest / std::max(reach(problem, k), 1e-300);
    for (const double away : {beta - far, beta + far})
      if (maximise(with_held(problem, k, away)).value > best.value - flat) return true;
  }
  return false;
}

/// The place between `inside` and further out in steps of `step` where `excess` changes its sign; infinite when it does not within `limit`.
double crossing(const std::function<double(double)>& excess, double inside, double step, double limit) {
  double near = inside, far = inside + step, at_far = excess(far), at_near = 0.0;
  bool known = false;
  while (at_far < 0.0) {
    if (std::abs(far - inside) > limit) return std::copysign(infinity, step);
    near = far;
    at_near = at_far;
    known = true;
    step *= 2.0;
    far += step;
    at_far = excess(far);
  }
  if (!known) at_near = excess(near);
  for (int round = 0; round < 100 && std::abs(far - near) > 1e-10 * (1.0 + std::abs(far)); ++round) {
    double middle = near - at_near * (far - near) / (at_far - at_near); // regula falsi, guarded: every third step halves
    if (round % 3 == 2 || !std::isfinite(middle)) middle = 0.5 * (near + far);
    const double there = excess(middle);
    if (there < 0.0) {
      near = middle;
      at_near = there;
    } else {
      far = middle;
      at_far = there;
    }
    if (std::abs(there) < 1e-11) return middle;
  }
  return 0.5 * (near + far);
}

double threshold(const AftFit& fit, Cut cut, double level) {
  const double z = numerics::normal_quantile(0.5 + 0.5 * level);
  if (cut == Cut::chi_square) return z * z;
  const double failed = static_cast<double>(fit.failed);
  const double freedom = std::max(1.0, failed - static_cast<double>(fit.beta.size()));
  const double t = numerics::student_quantile(0.5 + 0.5 * level, freedom);
  return std::max(z * z, failed * std::log1p(t * t / freedom)); // (X8)
}

} // namespace

std::string_view label(Distribution distribution) { return distribution == Distribution::weibull ? "Weibull" : "log-normal"; }

std::string_view label(Standing standing) {
  if (standing == Standing::regular) return "regular";
  return standing == Standing::no_scatter ? "no scatter seen" : "unbounded";
}

Design intercept_only(std::size_t cells) { return {{"intercept"}, std::vector<double>(cells, 1.0)}; }

double standard_quantile(Distribution distribution, double p) {
  return distribution == Distribution::weibull ? std::log(-std::log1p(-p)) : numerics::normal_quantile(p);
}

double AftFit::standard_error(std::size_t k) const {
  const std::size_t n = beta.size() + 1;
  return covariance.size() == n * n && k < n ? std::sqrt(covariance[k * n + k]) : std::numeric_limits<double>::quiet_NaN();
}

AftFit fit_aft(Distribution distribution, std::span<const Interval> sample, const Design& design, std::optional<double> quantile) {
  const AftProblem problem = problem_of(distribution, sample, design, quantile);
  refuse_dependent(design, sample.size());
  const AftMaximum best = maximise(problem);
  AftFit out;
  out.distribution = distribution;
  for (const double g : best.gamma) out.beta.push_back(g / best.kappa);
  out.sigma = 1.0 / best.kappa;
  out.log_likelihood = best.value;
  out.iterations = best.iterations;
  const Counts counts = count(sample);
  out.cells = counts.cells;
  out.failed = counts.failed();
  out.covariance = covariance_of(best);
  const bool wide = out.covariance.empty() || out.standard_error(out.beta.size()) > 2.0;
  bool far = out.covariance.empty();
  for (std::size_t k = 0; k < out.beta.size(); ++k) far = far || out.standard_error(k) * reach(problem, k) > 3.0;
  if (far && runs_away(problem, best)) out.standing = Standing::unbounded;
  else if ((wide || far || best.at_bound) && scatter_is_nil(problem, best)) out.standing = Standing::no_scatter;
  if (out.standing != Standing::regular) out.covariance.clear();
  return out;
}

Bounds profile_beta(const AftFit& fit, std::span<const Interval> sample, const Design& design, std::size_t k, Cut cut, double level,
                    std::optional<double> quantile) {
  const AftProblem problem = problem_of(fit.distribution, sample, design, quantile);
  const double allowed = threshold(fit, cut, level);
  const double size = std::max(reach(problem, k), 1e-300);
  const auto excess = [&](double value) {
    return 2.0 * (fit.log_likelihood - maximise(with_held(problem, k, value)).value) - allowed;
  };
  const double error = fit.standard_error(k);
  const double step = std::isfinite(error) ? error : 0.1 / size;
  return {crossing(excess, fit.beta[k], -step, 2.0 * furthest / size), crossing(excess, fit.beta[k], step, 2.0 * furthest / size)};
}

Bounds profile_sigma(const AftFit& fit, std::span<const Interval> sample, const Design& design, double level, std::optional<double> quantile) {
  AftProblem problem = problem_of(fit.distribution, sample, design, quantile);
  const double allowed = threshold(fit, Cut::chi_square, level);
  const auto excess = [&](double log_sigma) {
    problem.kappa = std::exp(-log_sigma);
    return 2.0 * (fit.log_likelihood - maximise(problem).value) - allowed;
  };
  const double at = std::log(fit.sigma), lowest = -std::log(problem.largest_kappa);
  const double low = fit.standing == Standing::regular ? crossing(excess, at, -0.3, at - lowest) : -infinity;
  const double high = crossing(excess, at, 0.3, 20.0);
  return {std::exp(low), std::exp(high)};
}

double aicc(double log_likelihood, std::size_t parameters, std::size_t cells) {
  const double k = static_cast<double>(parameters), n = static_cast<double>(cells);
  if (n <= k + 1.0) return infinity;
  return -2.0 * log_likelihood + 2.0 * k + 2.0 * k * (k + 1.0) / (n - k - 1.0);
}

} // namespace platen::groups

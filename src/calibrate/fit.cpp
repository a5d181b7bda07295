#include "calibrate/fit.hpp"

#include "base/error.hpp"
#include "calibrate/descent.hpp"
#include "numerics/dense.hpp"
#include "numerics/designs.hpp"
#include "numerics/random.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <optional>

namespace platen::calibrate {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

void check(const Problem& problem) {
  for (const Number& n : problem.numbers) {
    const bool positive = !n.logarithmic || n.low > 0.0;
    if (std::isfinite(n.low) && std::isfinite(n.high) && n.low < n.high && positive && n.start >= n.low && n.start <= n.high) continue;
    throw Error("B040", fmt::format("bounds {} to {} and start {} of `{}` do not go together", n.low, n.high, n.start, n.key));
  }
}

/// A point of the prior at u in (0, 1), cut off at the bounds; without a prior evenly between them.
double drawn(const Number& n, double u) {
  const double low = n.scaled(n.low), high = n.scaled(n.high);
  const double x = n.prior ? n.prior->mean + n.prior->deviation * numerics::normal_quantile(u) : low + u * (high - low);
  return n.unscaled(std::clamp(x, low, high));
}

/// Where the starts begin: the numbers' own start values, then the best of many points of the priors.
std::vector<std::vector<double>> beginnings(const Problem& problem, const FitOptions& options, const work::Task& task, const Kept& kept, std::string_view name) {
  std::vector<std::vector<double>> points(1);
  for (const Number& n : problem.numbers) points[0].push_back(n.start);
  if (options.starts <= 1) return points;
  const std::size_t wanted = options.starts - 1, tried = wanted * tried_per_start;
  const numerics::SobolSequence sequence(problem.numbers.size(), options.seed);
  std::vector<std::vector<double>> candidates(tried);
  std::vector<double> costs(tried);
  work::parallel_for(
      tried,
      [&](std::size_t k) {
        std::vector<double>& at = candidates[k];
        at.resize(problem.numbers.size());
        sequence.point(k, at);
        for (std::size_t j = 0; j < at.size(); ++j) at[j] = drawn(problem.numbers[j], at[j]);
        costs[k] = kept.made(fmt::format("{} candidate {}", name, k + 1), 1, [&] {
          std::vector<double> residuals(problem.residuals);
          return std::vector{posterior_cost(problem, at, residuals, {task.stop, {}})};
        })[0];
      },
      options.threads, {task.stop, {}});
  std::vector<std::size_t> order(tried);
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return costs[a] < costs[b]; });
  for (std::size_t k = 0; k < wanted; ++k) points.push_back(candidates[order[k]]);
  return points;
}

/// Whether a number stands at a bound and the cost falls beyond it.
AtBound standing(const Number& n, double value, double gradient) {
  const double x = n.scaled(value), low = n.scaled(n.low), high = n.scaled(n.high), near = 1e-9 * (high - low);
  if (x <= low + near && gradient > 0.0) return AtBound::low;
  if (x >= high - near && gradient < 0.0) return AtBound::high;
  return AtBound::inside;
}

std::vector<double> correlation_of(std::span<const double> covariance, std::size_t n) {
  std::vector<double> out(n * n, 0.0);
  for (std::size_t j = 0; j < n; ++j)
    for (std::size_t k = 0; k < n; ++k) {
      const double both = covariance[j * n + j] * covariance[k * n + k];
      if (j == k) out[j * n + k] = 1.0;
      else if (std::isfinite(both) && both > 0.0) out[j * n + k] = covariance[j * n + k] / std::sqrt(both);
    }
  return out;
}

/// What the solver knows at its end, of `out` at its values.
void tell_covariance(const Problem& problem, const numerics::LeastSquares& solver, Fit& out) {
  const std::size_t n = problem.numbers.size();
  const std::span<const double> residuals = solver.residuals();
  const std::size_t rows = residuals.size();
  out.residuals.assign(residuals.begin(), residuals.begin() + static_cast<std::ptrdiff_t>(problem.residuals));
  out.deviance = numerics::dot(out.residuals.data(), out.residuals.data(), out.residuals.size());
  out.at_bound.clear();
  out.jacobian.clear();
  const auto held = std::make_unique<bool[]>(n);
  for (std::size_t j = 0; j < n; ++j) {
    const double* column = &solver.jacobian()[j * rows];
    out.at_bound.push_back(standing(problem.numbers[j], out.values[j], numerics::dot(column, residuals.data(), rows)));
    held[j] = out.at_bound.back() != AtBound::inside;
    out.jacobian.insert(out.jacobian.end(), column, column + problem.residuals);
  }
  out.covariance = solver.covariance({held.get(), n});
  out.correlation = correlation_of(out.covariance, n);
}

} // namespace

double scale_of(const Number& number) {
  const double range = number.scaled(number.high) - number.scaled(number.low);
  return number.prior ? std::min(2.0 * number.prior->deviation, range) : range;
}

double posterior_cost(const Problem& problem, std::span<const double> values, std::span<double> residuals, const work::Task& task) {
  const FitOptions options;
  const Scaled scaled(problem, options, task);
  std::vector<double> all(scaled.rows());
  if (!scaled.residuals(scaled.scaled(values), all)) return infinity;
  std::copy_n(all.begin(), problem.residuals, residuals.begin());
  return numerics::dot(all.data(), all.data(), all.size());
}

double Fit::deviation(std::size_t number) const { return std::sqrt(covariance[number * values.size() + number]); }

Start descend(const Problem& problem, std::span<const double> from, std::span<const std::size_t> held, const FitOptions& options, const work::Task& task) {
  check(problem);
  const Scaled scaled(problem, options, task);
  return descend_scaled(scaled, from, held, options).start;
}

Fit fit(const Problem& problem, const FitOptions& options, const work::Task& task, const Kept& kept, std::string_view name) {
  check(problem);
  const std::vector<std::vector<double>> begins = beginnings(problem, options, task, kept, name);
  // Many starts share the cores among them, one start shares them among its derivatives.
  FitOptions inner = options;
  const bool side_by_side = begins.size() > 1;
  if (side_by_side) inner.threads = 1;
  const Scaled scaled(problem, inner, task);
  std::vector<std::optional<Descent>> descents(begins.size());
  work::parallel_for(
      begins.size(), [&](std::size_t k) { descents[k] = kept_descent(scaled, begins[k], inner, kept, fmt::format("{} start {}", name, k + 1)); },
      side_by_side ? options.threads : 1, task);
  const auto best = std::min_element(descents.begin(), descents.end(), [](const auto& a, const auto& b) { return a->start.cost < b->start.cost; });
  const Descent& end = **best;
  if (!std::isfinite(end.start.cost))
    throw Error("S020", "no start of the calibration could be simulated", std::nullopt, {"begin from numbers whose studies run with `platen simulate`"});

  Fit out;
  for (const auto& d : descents) out.starts.push_back(d->start);
  out.values = end.start.values;
  out.cost = end.start.cost;
  out.converged = end.start.converged;
  tell_covariance(problem, end.solver, out);
  return out;
}

void slopes_across(const Problem& problem, Fit& fit, unsigned threads, const work::Task& task) {
  FitOptions options;
  options.threads = threads;
  const Scaled usual(problem, options, task);
  const std::size_t n = problem.numbers.size(), rows = usual.rows();
  for (std::size_t j = 0; j < n; ++j) {
    const Number& number = problem.numbers[j];
    const double* column = &fit.jacobian[j * problem.residuals];
    double curvature = numerics::dot(column, column, problem.residuals);
    if (number.prior) curvature += 1.0 / (number.prior->deviation * number.prior->deviation);
    const double least = options.step * scale_of(number);
    options.steps.push_back(curvature > 0.0 ? std::clamp(1.0 / std::sqrt(curvature), least, scale_of(number)) : least);
  }
  const Scaled scaled(problem, options, task);
  const std::vector<double> at = scaled.scaled(fit.values);
  std::vector<double> residuals(rows), jacobian(rows * n);
  if (!scaled.residuals(at, residuals) || !scaled.jacobian(at, residuals, {}, true, jacobian)) return;
  numerics::LeastSquares solver(rows, n);
  const auto known = [&](std::span<const double>, std::span<double> r, std::span<double> j) {
    std::copy(residuals.begin(), residuals.end(), r.begin());
    std::copy(jacobian.begin(), jacobian.end(), j.begin());
    return true;
  };
  std::vector<double> x = at;
  solver.minimise(known, x, scaled.low(), scaled.high(), {.iterations = 0});
  tell_covariance(problem, solver, fit);
}

} // namespace platen::calibrate

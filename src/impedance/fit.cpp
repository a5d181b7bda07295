#include "impedance/fit.hpp"

#include "base/error.hpp"
#include "impedance/fit_problem.hpp"
#include "numerics/distributions.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <memory>

namespace platen::impedance {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr int draws_per_start = 6; ///< of which the one with the lowest cost is followed
constexpr double same_minimum = 1e-3;   // of the cost
constexpr double without_noise = 1e-10; // of the cost of no circuit at all: a perfect fit, wherever rounding left it

struct Minimum {
  double cost = infinite;
  std::vector<double> x;
};

/// Every minimum that was found, lowest first.
std::vector<Minimum> search(FitProblem& problem, const FitOptions& options) {
  std::vector<Minimum> found;
  const auto follow = [&](std::vector<double> x) {
    const double cost = problem.minimise(x, false).cost;
    if (std::isfinite(cost)) found.push_back({cost, std::move(x)});
  };
  if (!options.start.empty()) {
    if (options.start.size() != problem.circuit().parameters().size())
      throw Error("B004", fmt::format("a start needs {} numbers, got {}", problem.circuit().parameters().size(),
                                      options.start.size()));
    follow(problem.reduce(options.start));
  }
  for (std::size_t k = 0; k < options.starts; ++k) {
    numerics::RandomStream stream(options.seed, "circuit starts", k);
    std::vector<double> best;
    double lowest = infinite;
    for (int d = 0; d < (k == 0 ? 1 : draws_per_start); ++d) {
      auto x = problem.reduce(
          starting_values(problem.circuit(), problem.frequency(), problem.data(), k == 0 ? nullptr : &stream));
      const double cost = problem.cost(x);
      if (best.empty() || cost < lowest) {
        lowest = cost;
        best = std::move(x);
      }
    }
    follow(std::move(best));
  }
  std::sort(found.begin(), found.end(), [](const Minimum& a, const Minimum& b) { return a.cost < b.cost; });
  return found;
}

/// Equation (Z15): standard errors and intervals from the covariance at the minimum.
void judge(CircuitFit& result, const FitProblem& problem, std::span<const double> x, bool noise_known) {
  const std::size_t n = problem.coordinates();
  auto held = std::make_unique<bool[]>(n);
  for (std::size_t a = 0; a < n; ++a) held[a] = problem.at_bound(a, x[a]);
  const std::vector<double> covariance = problem.solver().covariance(std::span<const bool>(held.get(), n));
  const double freedom = static_cast<double>(problem.residual_count() - n);
  result.scatter = std::sqrt(result.cost / freedom);
  const double variance = noise_known ? 1.0 : result.cost / freedom;
  const double t = noise_known ? numerics::normal_quantile(0.975) : numerics::student_quantile(0.975, freedom);
  for (std::size_t k = 0; k < result.parameters.size(); ++k) {
    FittedParameter& p = result.parameters[k];
    p.standing = problem.standing(k);
    p.low = p.high = p.value;
    const auto a = problem.coordinate(k);
    if (!a) continue;
    const double error = std::sqrt(variance * covariance[*a * n + *a]);
    if (held[*a]) p.standing = Standing::at_bound;
    if (!std::isfinite(error)) p.standing = Standing::undetermined;
    if (p.standing != Standing::free) {
      p.standard_error = infinite;
      p.low = problem.is_scale(k) ? 0.0 : problem.lower[*a];
      p.high = problem.is_scale(k) ? infinite : problem.upper[*a];
      continue;
    }
    const bool scale = problem.is_scale(k);
    p.standard_error = scale ? p.value * error : error;
    p.low = scale ? p.value * std::exp(-t * error) : std::max(p.value - t * error, problem.lower[*a]);
    p.high = scale ? p.value * std::exp(t * error) : std::min(p.value + t * error, problem.upper[*a]);
  }
  for (std::size_t k = 0; k < result.parameters.size(); ++k) { // tied ones share the relative error of their source
    FittedParameter& p = result.parameters[k];
    if (p.standing != Standing::tied) continue;
    const FittedParameter& source = result.parameters[problem.source(k)];
    const double factor = p.value / source.value;
    p.standard_error = factor * source.standard_error;
    p.low = factor * source.low;
    p.high = factor * source.high;
  }
}

/// Equation (Z17).
double criterion(const CircuitFit& fit, std::size_t residuals, bool noise_known) {
  const double m = static_cast<double>(residuals);
  const double k = static_cast<double>(fit.free) + (noise_known ? 0.0 : 1.0);
  const double misfit = noise_known ? fit.cost : m * std::log(std::max(fit.cost, 1e-300) / m);
  if (m <= k + 1.0) return infinite;
  return misfit + 2.0 * k + 2.0 * k * (k + 1.0) / (m - k - 1.0);
}

} // namespace

std::string_view label(Weighting weighting) {
  switch (weighting) {
  case Weighting::modulus:
    return "modulus";
  case Weighting::unit:
    return "unit";
  case Weighting::proportional:
    return "proportional";
  case Weighting::noise:
    break;
  }
  return "noise";
}

std::string_view label(Standing standing) {
  switch (standing) {
  case Standing::free:
    return "free";
  case Standing::fixed:
    return "fixed";
  case Standing::tied:
    return "tied";
  case Standing::at_bound:
    return "at bound";
  case Standing::undetermined:
    break;
  }
  return "undetermined";
}

std::vector<double> CircuitFit::values() const {
  std::vector<double> all;
  for (const FittedParameter& p : parameters) all.push_back(p.value);
  return all;
}

CircuitFit fit(const Circuit& circuit, std::span<const double> frequency,
               std::span<const std::complex<double>> impedance, const FitOptions& options) {
  FitProblem problem(circuit, frequency, impedance, options);
  std::vector<Minimum> found = search(problem, options);
  if (found.empty()) throw Error("D211", fmt::format("no start gave {} a finite impedance", circuit.text()));

  std::vector<double> p(circuit.parameters().size());
  std::vector<double> x = found.front().x;
  problem.minimise(x, true);
  if (options.order) {
    problem.expand(x, p);
    x = problem.reduce(ordered(circuit, p, problem.pinned()));
  }
  const numerics::LeastSquaresResult end = problem.minimise(x, true);
  problem.expand(x, p);

  CircuitFit result;
  result.circuit = circuit.text();
  result.points = frequency.size();
  result.free = problem.coordinates();
  result.cost = end.cost;
  result.converged = end.converged;
  result.starts = options.starts + (options.start.empty() ? 0 : 1);
  result.agreeing = static_cast<std::size_t>(std::count_if(found.begin(), found.end(), [&](const Minimum& m) {
    return m.cost <= found.front().cost * (1.0 + same_minimum) + without_noise * problem.size();
  }));
  for (std::size_t k = 0; k < p.size(); ++k)
    result.parameters.push_back({circuit.parameters()[k].name, circuit.parameters()[k].unit, p[k]});
  result.model.resize(frequency.size());
  problem.model().evaluate(p, result.model);
  double sum = 0.0; // (Z14)
  for (std::size_t i = 0; i < impedance.size(); ++i) {
    const double share = std::abs(result.model[i] - impedance[i]) / std::abs(impedance[i]);
    sum += share * share;
    result.worst = std::max(result.worst, share);
  }
  result.residual = std::sqrt(sum / static_cast<double>(impedance.size()));
  const bool noise_known = options.weighting == Weighting::noise;
  judge(result, problem, x, noise_known);
  result.aicc = criterion(result, problem.residual_count(), noise_known);
  return result;
}

std::vector<CircuitFit> fit_series(const Circuit& circuit, std::span<const std::vector<double>> frequencies,
                                   std::span<const std::vector<std::complex<double>>> impedances,
                                   const FitOptions& options) {
  if (frequencies.size() != impedances.size())
    throw Error("B004", fmt::format("{} lists of frequencies and {} spectra", frequencies.size(), impedances.size()));
  std::vector<CircuitFit> all;
  FitOptions later = options;
  later.starts = (options.starts + 3) / 4;
  for (std::size_t k = 0; k < impedances.size(); ++k) {
    if (k > 0) later.start = all.back().values();
    all.push_back(fit(circuit, frequencies[k], impedances[k], k == 0 ? options : later));
  }
  return all;
}

} // namespace platen::impedance

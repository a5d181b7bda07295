#include "base/error.hpp"
#include "impedance/fit_problem.hpp"
#include "numerics/distributions.hpp"

#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen::impedance {
namespace {

/// The cost with one coordinate held, the others fitted anew from where they were left.
class Profile {
public:
  Profile(FitProblem& problem, std::size_t coordinate, std::vector<double> x)
      : problem_(problem), coordinate_(coordinate), best_(std::move(x)), x_(best_) {}

  void restart() { x_ = best_; }
  double operator()(double value) {
    const double low = problem_.lower[coordinate_], high = problem_.upper[coordinate_];
    problem_.lower[coordinate_] = problem_.upper[coordinate_] = value;
    x_[coordinate_] = value;
    const double cost = problem_.minimise(x_, true).cost;
    problem_.lower[coordinate_] = low;
    problem_.upper[coordinate_] = high;
    return cost;
  }
  double best() const { return best_[coordinate_]; }

private:
  FitProblem& problem_;
  std::size_t coordinate_;
  std::vector<double> best_, x_;
};

/// Where the profile meets `limit` on the way from its minimum to `bound`; nothing when it stays below.
std::optional<double> crossing(Profile& profile, double limit, double step, double bound) {
  profile.restart();
  double inside = profile.best(), outside = inside;
  for (;;) {
    outside = step > 0.0 ? std::fmin(outside + step, bound) : std::fmax(outside + step, bound);
    if (profile(outside) > limit) break;
    if (outside == bound) return std::nullopt;
    inside = outside;
    step *= 2.0;
  }
  for (int round = 0; round < 40 && std::abs(outside - inside) > 1e-6 * std::abs(outside - profile.best()); ++round) {
    const double middle = 0.5 * (inside + outside);
    (profile(middle) > limit ? outside : inside) = middle;
  }
  return 0.5 * (inside + outside);
}

} // namespace

ProfileInterval profile(const Circuit& circuit, std::span<const double> frequency,
                        std::span<const std::complex<double>> impedance, const FitOptions& options,
                        const CircuitFit& best, std::string_view parameter, double level) {
  FitProblem problem(circuit, frequency, impedance, options);
  const std::size_t k = circuit.find(parameter);
  const auto a = problem.coordinate(k);
  if (!a) throw Error("U110", fmt::format("{} is fixed or tied: it has no interval of its own", parameter));
  if (!(level > 0.0 && level < 1.0)) throw Error("B004", fmt::format("a level between 0 and 1 is needed, got {}", level));

  // Equation (Z16).
  const double freedom = static_cast<double>(problem.residual_count() - problem.coordinates());
  const bool noise_known = options.weighting == Weighting::noise;
  const double q = noise_known ? numerics::normal_quantile(0.5 + 0.5 * level)
                               : numerics::student_quantile(0.5 + 0.5 * level, freedom);
  const double limit = noise_known ? best.cost + q * q : best.cost * (1.0 + q * q / freedom);

  const FittedParameter& p = best.parameters[k];
  const bool scale = problem.is_scale(k);
  const double whole = problem.upper[*a] - problem.lower[*a];
  const double error = scale ? p.standard_error / p.value : p.standard_error;
  const double step = std::isfinite(error) && error > 0.0 ? std::fmin(error, 0.1 * whole) : 0.02 * whole;
  Profile cost(problem, *a, problem.reduce(best.values()));
  const auto low = crossing(cost, limit, -step, problem.lower[*a]);
  const auto high = crossing(cost, limit, step, problem.upper[*a]);
  ProfileInterval interval;
  interval.open_low = !low;
  interval.open_high = !high;
  const auto back = [&](double x) { return scale ? std::exp(x) : x; };
  interval.low = low ? back(*low) : (scale ? 0.0 : problem.lower[*a]);
  interval.high = high ? back(*high) : (scale ? std::numeric_limits<double>::infinity() : problem.upper[*a]);
  return interval;
}

} // namespace platen::impedance

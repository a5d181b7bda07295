#include "calibrate/draws.hpp"

#include "calibrate/fit.hpp"
#include "numerics/dense.hpp"
#include "numerics/random.hpp"

#include <algorithm>
#include <cmath>

namespace platen::calibrate {

double prior_variance(const Number& n) {
  if (n.prior) return n.prior->deviation * n.prior->deviation;
  return std::pow(n.scaled(n.high) - n.scaled(n.low), 2) / 12.0;
}

std::vector<double> covariance_factor(const Problem& problem, std::span<const double> covariance) {
  const std::size_t n = problem.numbers.size();
  std::vector<double> out(covariance.begin(), covariance.end());
  for (std::size_t j = 0; j < n; ++j) {
    double& variance = out[j * n + j];
    const double scale = scale_of(problem.numbers[j]);
    if (!std::isfinite(variance)) variance = prior_variance(problem.numbers[j]);
    variance += 1e-10 * scale * scale;
  }
  if (!numerics::cholesky(out, n)) out.clear();
  return out;
}

std::vector<std::vector<double>> normal_draws(const Problem& problem, std::span<const double> values, std::span<const double> covariance, std::size_t count, std::uint64_t seed) {
  const std::size_t n = problem.numbers.size();
  const std::vector<double> factor = covariance_factor(problem, covariance);
  std::vector<std::vector<double>> out;
  if (factor.empty()) return out;
  numerics::RandomStream random(seed, "draws of a posterior");
  for (std::size_t k = 0; k < count; ++k) {
    std::vector<double> z(n), draw(n);
    for (double& v : z) v = random.normal();
    for (std::size_t j = 0; j < n; ++j) {
      const Number& number = problem.numbers[j];
      draw[j] = std::clamp(number.unscaled(number.scaled(values[j]) + numerics::dot(&factor[j * n], z.data(), j + 1)), number.low, number.high);
    }
    out.push_back(std::move(draw));
  }
  return out;
}

} // namespace platen::calibrate

#include "impedance/fit_problem.hpp"

#include "base/error.hpp"
#include "impedance/kramers_kronig.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <numbers>

namespace platen::impedance {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double least_share = 0.01; ///< of |Z|, which proportional weights do not go below

std::vector<std::complex<double>> checked(std::span<const double> frequency,
                                          std::span<const std::complex<double>> impedance) {
  if (frequency.size() != impedance.size())
    throw Error("D209", fmt::format("a spectrum with {} frequencies and {} impedances", frequency.size(), impedance.size()));
  for (std::size_t i = 0; i < impedance.size(); ++i)
    if (!std::isfinite(impedance[i].real()) || !std::isfinite(impedance[i].imag()) || impedance[i] == 0.0)
      throw Error("D209", fmt::format("the impedance at {} Hz is zero or not finite", frequency[i]));
  return {impedance.begin(), impedance.end()};
}

} // namespace

FitProblem::FitProblem(const Circuit& circuit, std::span<const double> frequency,
                       std::span<const std::complex<double>> impedance, const FitOptions& options)
    : circuit_(circuit), frequency_(frequency.begin(), frequency.end()), z_(checked(frequency, impedance)),
      model_(circuit, frequency), p_(circuit.parameters().size()), value_(z_.size()), slope_(z_.size() * p_.size()),
      solver_(0, 0) {
  constrain(options);
  bound(options);
  weigh(options);
  if (residual_count() < free_.size() + 1)
    throw Error("D209", fmt::format("{} points cannot determine the {} parameters of {}", z_.size(), free_.size(),
                                    circuit_.text()));
  solver_ = numerics::LeastSquares(residual_count(), free_.size());
  call_ = [this](std::span<const double> x, std::span<double> r, std::span<double> jacobian) {
    return residuals(x, r, jacobian);
  };
}

void FitProblem::constrain(const FitOptions& options) {
  const std::size_t n = p_.size();
  source_.resize(n);
  factor_.assign(n, 1.0);
  fixed_.assign(n, 0.0);
  pinned_.assign(n, false);
  standing_.assign(n, Standing::free);
  for (std::size_t k = 0; k < n; ++k) source_[k] = k;
  for (const Constraint& c : options.constraints) {
    const std::size_t k = circuit_.find(c.parameter);
    pinned_[k] = true;
    if (c.fixed) {
      const ElementParameter& role = circuit_.role(k);
      if (!std::isfinite(*c.fixed) || *c.fixed < role.lower || *c.fixed > role.upper || (role.positive && *c.fixed <= 0.0))
        throw Error("U110", fmt::format("{} cannot be {} {}", c.parameter, *c.fixed, role.unit));
      fixed_[k] = *c.fixed;
      standing_[k] = Standing::fixed;
    }
    if (c.tied_to.empty()) continue;
    source_[k] = circuit_.find(c.tied_to);
    pinned_[source_[k]] = true;
    factor_[k] = c.factor;
    standing_[k] = Standing::tied;
    if (c.fixed || source_[k] == k || !(c.factor > 0.0) || circuit_.role(k).unit != circuit_.role(source_[k]).unit)
      throw Error("U110", fmt::format("{} cannot be tied to {}", c.parameter, c.tied_to), std::nullopt,
                  {"tie a parameter to another one of the same unit, with a positive factor, and do not fix it as well"});
  }
  for (std::size_t k = 0; k < n; ++k) {
    if (standing_[k] == Standing::tied && standing_[source_[k]] == Standing::tied)
      throw Error("U110", fmt::format("{} is tied to {}, which is tied itself", circuit_.parameters()[k].name,
                                      circuit_.parameters()[source_[k]].name));
    if (standing_[k] == Standing::free) free_.push_back(k);
  }
}

/// Bounds that no meaningful value meets, from the range of the data; tighter ones where the caller says so.
void FitProblem::bound(const FitOptions& options) {
  double least = infinite, most = 0.0, low = infinite, high = 0.0;
  for (std::size_t i = 0; i < z_.size(); ++i) {
    least = std::min(least, std::abs(z_[i]));
    most = std::max(most, std::abs(z_[i]));
    low = std::min(low, frequency_[i]);
    high = std::max(high, frequency_[i]);
  }
  const double R_low = 1e-6 * least, R_high = 1e5 * most;
  const double tau_low = 1e-3 / (2.0 * std::numbers::pi * high), tau_high = 1e4 / (2.0 * std::numbers::pi * low);
  for (const std::size_t k : free_) {
    const ElementParameter& role = circuit_.role(k);
    double from = role.lower, to = role.upper;
    if (role.unit == "ohm") from = R_low, to = R_high;
    if (role.unit == "s") from = tau_low, to = tau_high;
    if (role.unit == "F" || role.unit == "S s^n") from = std::min(tau_low, 1.0) / R_high, to = std::max(tau_high, 1.0) / R_low;
    if (role.unit == "H") from = R_low * tau_low, to = R_high * tau_high;
    if (role.unit == "ohm s^-0.5") from = R_low / std::sqrt(tau_high), to = R_high / std::sqrt(tau_low);
    if (role.unit == "1") from = std::max(from, 0.2);
    for (const Constraint& c : options.constraints) {
      if (c.parameter != circuit_.parameters()[k].name) continue;
      if (c.lower) from = *c.lower;
      if (c.upper) to = *c.upper;
      if (!(from < to) || from < role.lower || to > role.upper || (role.positive && !(from > 0.0)))
        throw Error("U110", fmt::format("{} cannot lie between {} and {}", c.parameter, from, to));
    }
    lower.push_back(role.positive ? std::log(from) : from);
    upper.push_back(role.positive ? std::log(to) : to);
  }
}

/// Equation (Z13).
void FitProblem::weigh(const FitOptions& options) {
  const std::size_t n = z_.size();
  weight_real_.resize(n);
  weight_imaginary_.resize(n);
  const bool estimated = options.weighting == Weighting::noise && options.noise_real.empty() && options.noise_imaginary.empty();
  const std::vector<double> noise = estimated ? noise_estimate(frequency_, z_) : std::vector<double>();
  if (options.weighting == Weighting::noise && !estimated && (options.noise_real.size() != n || options.noise_imaginary.size() != n))
    throw Error("D209", fmt::format("{} points need as many standard deviations of both parts", n));
  for (std::size_t i = 0; i < n; ++i) {
    double real = 1.0, imaginary = 1.0;
    const double size = std::abs(z_[i]);
    switch (options.weighting) {
    case Weighting::unit:
      break;
    case Weighting::modulus:
      real = imaginary = size;
      break;
    case Weighting::proportional:
      real = std::max(std::abs(z_[i].real()), least_share * size);
      imaginary = std::max(std::abs(z_[i].imag()), least_share * size);
      break;
    case Weighting::noise:
      real = estimated ? noise[i] : options.noise_real[i];
      imaginary = estimated ? noise[i] : options.noise_imaginary[i];
      if (!(real > 0.0) || !(imaginary > 0.0) || !std::isfinite(real + imaginary))
        throw Error("D209", fmt::format("the standard deviation at {} Hz is not positive", frequency_[i]));
      break;
    }
    weight_real_[i] = 1.0 / real;
    weight_imaginary_[i] = 1.0 / imaginary;
  }
}

void FitProblem::expand(std::span<const double> x, std::span<double> p) const {
  for (std::size_t k = 0; k < p.size(); ++k)
    if (standing_[k] == Standing::fixed) p[k] = fixed_[k];
  for (std::size_t a = 0; a < free_.size(); ++a) p[free_[a]] = is_scale(free_[a]) ? std::exp(x[a]) : x[a];
  for (std::size_t k = 0; k < p.size(); ++k)
    if (standing_[k] == Standing::tied) p[k] = factor_[k] * p[source_[k]];
}

std::vector<double> FitProblem::reduce(std::span<const double> p) const {
  std::vector<double> x(free_.size());
  for (std::size_t a = 0; a < free_.size(); ++a) {
    const double value = p[free_[a]];
    x[a] = std::clamp(is_scale(free_[a]) ? std::log(std::max(value, 1e-300)) : value, lower[a], upper[a]);
  }
  return x;
}

bool FitProblem::residuals(std::span<const double> x, std::span<double> r, std::span<double> jacobian) {
  const std::size_t n = z_.size();
  expand(x, p_);
  if (jacobian.empty())
    model_.evaluate(p_, value_);
  else
    model_.evaluate(p_, value_, slope_);
  for (std::size_t i = 0; i < n; ++i) {
    r[i] = weight_real_[i] * (value_[i].real() - z_[i].real());
    r[n + i] = weight_imaginary_[i] * (value_[i].imag() - z_[i].imag());
    if (!std::isfinite(r[i]) || !std::isfinite(r[n + i])) return false;
  }
  if (jacobian.empty()) return true;
  std::fill(jacobian.begin(), jacobian.end(), 0.0);
  for (std::size_t k = 0; k < p_.size(); ++k) {
    const auto a = coordinate(source_[k]);
    if (!a) continue;
    const double chain = is_scale(source_[k]) ? p_[k] : factor_[k];
    double* column = &jacobian[*a * 2 * n];
    const std::complex<double>* slope = &slope_[k * n];
    for (std::size_t i = 0; i < n; ++i) {
      column[i] += weight_real_[i] * chain * slope[i].real();
      column[n + i] += weight_imaginary_[i] * chain * slope[i].imag();
    }
  }
  for (const double v : jacobian)
    if (!std::isfinite(v)) return false;
  return true;
}

numerics::LeastSquaresResult FitProblem::minimise(std::span<double> x, bool polish) {
  const numerics::LeastSquaresOptions rough{.iterations = 60, .step_tolerance = 1e-6, .cost_tolerance = 1e-6};
  const numerics::LeastSquaresOptions fine{.iterations = 300, .step_tolerance = 1e-11, .cost_tolerance = 1e-14};
  return solver_.minimise(call_, x, lower, upper, polish ? fine : rough);
}

double FitProblem::cost(std::span<const double> x) {
  expand(x, p_);
  model_.evaluate(p_, value_);
  double sum = 0.0;
  for (std::size_t i = 0; i < z_.size(); ++i) {
    const double a = weight_real_[i] * (value_[i].real() - z_[i].real());
    const double b = weight_imaginary_[i] * (value_[i].imag() - z_[i].imag());
    sum += a * a + b * b;
  }
  return std::isfinite(sum) ? sum : infinite;
}

double FitProblem::size() const {
  double sum = 0.0;
  for (std::size_t i = 0; i < z_.size(); ++i) {
    const double a = weight_real_[i] * z_[i].real(), b = weight_imaginary_[i] * z_[i].imag();
    sum += a * a + b * b;
  }
  return sum;
}

std::optional<std::size_t> FitProblem::coordinate(std::size_t parameter) const {
  const auto found = std::lower_bound(free_.begin(), free_.end(), parameter);
  if (found == free_.end() || *found != parameter) return std::nullopt;
  return static_cast<std::size_t>(found - free_.begin());
}

bool FitProblem::at_bound(std::size_t coordinate, double x) const {
  const double near = 1e-9 * (upper[coordinate] - lower[coordinate]);
  return x <= lower[coordinate] + near || x >= upper[coordinate] - near;
}

} // namespace platen::impedance

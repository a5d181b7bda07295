#include "impedance/contact.hpp"

#include "base/error.hpp"
#include "numerics/distributions.hpp"
#include "numerics/least_squares.hpp"
#include "physics/contact.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

namespace platen::impedance {
namespace {

double asr_of(double theta, double perfect, double spot, double conductivity) {
  const double crowd = conductivity > 0.0 && spot > 0.0 ? physics::constriction_resistance(theta, spot, conductivity) : 0.0;
  return perfect / theta + crowd; // (Y5)
}

constexpr double least_theta = 1e-4;
constexpr double unknown = 10.0; // error of a logarithm that says nothing

/// (Y5) falls strictly with theta.
double invert(double asr, double perfect, double spot, double conductivity) {
  if (asr <= perfect) return 1.0;
  double low = least_theta, high = 1.0;
  if (asr >= asr_of(low, perfect, spot, conductivity)) return low;
  for (int round = 0; round < 60; ++round) {
    const double middle = std::sqrt(low * high);
    (asr_of(middle, perfect, spot, conductivity) > asr ? low : high) = middle;
  }
  return std::sqrt(low * high);
}

/// Hold time in units of seconds at 25 MPa: the bracket of (C1), by trapezoids.
std::vector<double> reduced_times(std::span<const ContactReading> readings, const ContactAssumptions& a) {
  const auto rate = [&](double P) { return physics::closure_rate(0.0, P, 1.0, a.linear_share, a.creep_exponent, 1.0); };
  std::vector<double> w;
  for (std::size_t k = 0; k < readings.size(); ++k) {
    const double before = k == 0 ? 0.0 : readings[k - 1].time;
    const double last = k == 0 ? readings[0].pressure : readings[k - 1].pressure;
    w.push_back((k == 0 ? 0.0 : w.back()) + 0.5 * (rate(last) + rate(readings[k].pressure)) * (readings[k].time - before));
  }
  return w;
}

void check(std::span<const ContactReading> readings) {
  if (readings.size() < 5) throw Error("D215", fmt::format("contact against time needs five readings, got {}", readings.size()));
  for (std::size_t k = 0; k < readings.size(); ++k) {
    const ContactReading& r = readings[k];
    if (!(r.asr.value > 0.0) || !(r.asr.error > 0.0) || !(r.pressure >= 0.0) || !(r.time >= 0.0) ||
        (k > 0 && !(r.time > readings[k - 1].time)))
      throw Error("D215", fmt::format("reading {} of the hold ({} s, {} Pa, {} ohm m2 with an error of {}): times must rise, resistances and "
                                      "errors be positive", k + 1, r.time, r.pressure, r.asr.value, r.asr.error));
  }
}

/// Parameters of (Y6): ln perfect, ln(theta0/(1 - theta0)), ln tau, beta.
struct Law {
  std::span<const ContactReading> readings;
  std::vector<double> w;
  ContactAssumptions a;

  double theta(std::span<const double> x, std::size_t k) const {
    const double initial = 1.0 / (1.0 + std::exp(-x[1]));
    return 1.0 - (1.0 - initial) * std::exp(-std::pow(w[k] / std::exp(x[2]), x[3]));
  }
  double log_asr(std::span<const double> x, std::size_t k) const {
    return std::log(asr_of(std::max(theta(x, k), least_theta), std::exp(x[0]), a.spot, a.conductivity));
  }
  bool operator()(std::span<const double> x, std::span<double> r, std::span<double> jacobian) const {
    const std::size_t n = readings.size();
    std::array<double, 4> y;
    for (std::size_t k = 0; k < n; ++k) {
      const double weight = readings[k].asr.value / readings[k].asr.error;
      r[k] = weight * (log_asr(x, k) - std::log(readings[k].asr.value));
      if (!std::isfinite(r[k])) return false;
      for (std::size_t j = 0; j < 4 && !jacobian.empty(); ++j) {
        // Smooth and cheap, so central differences do; a wrong last digit only costs a step.
        constexpr double h = 1e-5;
        std::copy(x.begin(), x.end(), y.begin());
        y[j] = x[j] + h;
        const double up = log_asr(y, k);
        y[j] = x[j] - h;
        jacobian[j * n + k] = weight * (up - log_asr(y, k)) / (2.0 * h);
      }
    }
    return true;
  }
};

struct Solution {
  std::vector<double> x, covariance;
  double cost = 0.0;
};

Solution solve(const Law& law) {
  double least = law.readings[0].asr.value, most = least;
  for (const ContactReading& r : law.readings) {
    least = std::min(least, r.asr.value);
    most = std::max(most, r.asr.value);
  }
  const double span = std::max(law.w.back(), 1e-12);
  const std::array<double, 4> lower{std::log(1e-3 * least), -7.0, std::log(1e-4 * span), 0.3};
  const std::array<double, 4> upper{std::log(1.5 * least), 7.0, std::log(1e4 * span), 1.0};
  numerics::LeastSquares solver(law.readings.size(), 4);
  Solution best;
  best.cost = HUGE_VAL;
  for (const double share : {0.95, 0.6, 0.2})
    for (const double late : {0.05, 0.2, 1.0}) {
      const double initial = std::clamp(share * least / most, 0.01, 0.9);
      std::vector<double> x{std::log(share * least), std::log(initial / (1.0 - initial)), std::log(late * span), 0.9};
      const auto result = solver.minimise(law, x, lower, upper, {.iterations = 400, .step_tolerance = 1e-9, .cost_tolerance = 1e-12});
      if (!(result.cost < best.cost)) continue;
      bool held[4];
      for (std::size_t j = 0; j < 4; ++j) held[j] = j > 0 && (x[j] <= lower[j] || x[j] >= upper[j]);
      best = {x, solver.covariance(held), result.cost};
      if (x[0] <= lower[0] || x[0] >= upper[0]) best.covariance[0] = HUGE_VAL; // pressed against a bound: not known
    }
  return best;
}

/// (Y7): errors of the reading, of the limit and of the radius, each by its effect on theta alone.
ContactPoint point(const ContactReading& r, double log_perfect, double log_perfect_error, double grown, const ContactAssumptions& a) {
  const double perfect = std::exp(log_perfect);
  ContactPoint p{r.time, r.pressure};
  p.theta = invert(r.asr.value, perfect, a.spot, a.conductivity);
  p.constriction = 1.0 - perfect / p.theta / asr_of(p.theta, perfect, a.spot, a.conductivity);
  // Slopes of ln theta from (Y5) itself, which stay whole where theta is at its limit of 1.
  const double whole = asr_of(p.theta, perfect, a.spot, a.conductivity);
  constexpr double h = 1e-4;
  const auto log_at = [&](double theta, double spot) { return std::log(asr_of(theta, perfect, spot, a.conductivity)); };
  const double by_theta = (std::log(whole) - log_at(p.theta * std::exp(-h), a.spot)) / h; // about -1
  const double by_spot = (log_at(p.theta, a.spot * std::exp(h)) - std::log(whole)) / h;
  const double by_perfect = perfect / p.theta / whole;
  const double radius = a.conductivity > 0.0 ? std::log(std::max(a.spot_factor, 1.0)) : 0.0;
  const double relative = std::hypot(grown * r.asr.error / r.asr.value, by_perfect * log_perfect_error, by_spot * radius) / std::abs(by_theta);
  p.error = p.theta * relative;
  constexpr double z = 1.959963984540054;
  p.low = p.theta * std::exp(-z * relative);
  p.high = std::min(1.0, p.theta * std::exp(z * relative));
  return p;
}

} // namespace

double theta_of(double asr, double perfect, const ContactAssumptions& a) { return invert(asr, perfect, a.spot, a.conductivity); }

ContactSeries contact_series(std::span<const ContactReading> readings, const ContactAssumptions& assumptions) {
  check(readings);
  const Law law{readings, reduced_times(readings, assumptions), assumptions};
  const Solution best = solve(law);
  ContactSeries series;
  const auto n = static_cast<double>(readings.size());
  const double grown = std::max(1.0, std::sqrt(best.cost / (n - 4.0)));
  const auto error = [&](std::size_t j) { return grown * std::sqrt(best.covariance[j * 4 + j]); };
  const double perfect = std::exp(best.x[0]), initial = 1.0 / (1.0 + std::exp(-best.x[1]));
  series.perfect = {perfect, perfect * error(0)};
  series.initial = {initial, initial * (1.0 - initial) * error(1)};
  series.time = {std::exp(best.x[2]), std::exp(best.x[2]) * error(2)};
  series.stretch = best.x[3];
  for (std::size_t k = 0; k < readings.size(); ++k) {
    const double off = law.log_asr(best.x, k) - std::log(readings[k].asr.value);
    series.residual += off * off / n;
    series.points.push_back(point(readings[k], best.x[0], std::min(error(0), unknown), grown, assumptions));
  }
  series.residual = std::sqrt(series.residual);
  series.settled = error(0) < 0.25 && error(0) > 0.0;
  series.assumes = {
      "the resistance per contacted area is the same at every time: no interphase grows and the temperature stays",
      error(0) < unknown
          ? fmt::format("full contact is where 1 - theta would have died away; that limit is {:.3g} ohm cm2, known to {:.0f} %",
                        1e4 * perfect, 100.0 * error(0))
          : std::string("full contact is where 1 - theta would have died away"),
      assumptions.conductivity > 0.0
          ? fmt::format("current crowds into spots of {:.2g} um radius, right within a factor of {:.2g}", 1e6 * assumptions.spot, assumptions.spot_factor)
          : std::string("current does not crowd: no conductivity of the electrolyte was given"),
      "both sides of the cell are alike"};
  if (!series.settled) {
    // All that is left: theta is at most 1 at the lowest reading, so at most the ratio of the two readings at any other.
    const auto lowest = std::min_element(readings.begin(), readings.end(), [](const auto& a, const auto& b) { return a.asr.value < b.asr.value; });
    for (std::size_t k = 0; k < readings.size(); ++k) {
      const double slack = 2.0 * std::hypot(readings[k].asr.error / readings[k].asr.value, lowest->asr.error / lowest->asr.value);
      series.points[k].low = 0.0;
      series.points[k].high = std::min(1.0, lowest->asr.value / readings[k].asr.value * std::exp(slack));
      series.points[k].theta = std::min(series.points[k].theta, series.points[k].high);
    }
    series.assumes.push_back("the series does not show where it ends: only upper limits of theta are known, and the ratio of two");
  }
  return series;
}

} // namespace platen::impedance

#include "impedance/kramers_kronig.hpp"

#include "base/error.hpp"
#include "numerics/dense.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <numbers>
#include <numeric>

namespace platen::impedance {
namespace {

using Complex = std::complex<double>;
constexpr double mu_limit = 0.85;     // Schoenleber et al.
constexpr double outlier = 5.0;       // standard deviations
constexpr double least_noise = 1e-3;  // of the modulus: what the sum itself may miss from point to point
constexpr double beyond = 2.0;        // the time constants reach so far past the window: constant phases have no end
constexpr std::size_t most_elements = 60;

void check(std::span<const double> frequency, std::span<const Complex> impedance) {
  if (frequency.size() != impedance.size() || frequency.size() < 5)
    throw Error("D209", fmt::format("a test of a spectrum needs 5 points, got {} frequencies and {} impedances",
                                    frequency.size(), impedance.size()));
  for (std::size_t i = 0; i < frequency.size(); ++i) {
    if (!(frequency[i] > 0.0) || !std::isfinite(frequency[i]))
      throw Error("D208", fmt::format("a spectrum needs positive frequencies; point {} has {} Hz", i + 1, frequency[i]));
    if (!std::isfinite(impedance[i].real()) || !std::isfinite(impedance[i].imag()) || impedance[i] == 0.0)
      throw Error("D209", fmt::format("the impedance at {} Hz is zero or not finite", frequency[i]));
  }
}

/// Least squares of (K1) for one number of relaxations. Memory is kept between calls.
class Relaxations {
public:
  Relaxations(std::span<const double> frequency, std::span<const Complex> z, const std::vector<bool>& left_out) {
    for (std::size_t i = 0; i < z.size(); ++i) {
      if (left_out[i]) continue;
      omega_.push_back(2.0 * std::numbers::pi * frequency[i]);
      z_.push_back(z[i]);
    }
    const auto [low, high] = std::minmax_element(omega_.begin(), omega_.end());
    shortest_ = 1.0 / (beyond * *high);
    longest_ = beyond / *low;
  }

  std::size_t points() const { return z_.size(); }
  double decades() const { return std::log10(longest_ / shortest_); }
  double tau(std::size_t k, std::size_t count) const {
    if (count < 2) return std::sqrt(shortest_ * longest_);
    return shortest_ * std::pow(longest_ / shortest_, static_cast<double>(k) / static_cast<double>(count - 1));
  }

  /// The sum of squares left; coefficients in `x`: resistances, R0, elastance 1/C, and last L when `inductance`.
  double solve(std::size_t count, bool inductance) {
    const std::size_t n = z_.size(), columns = count + 2 + (inductance ? 1 : 0);
    a_.resize(2 * n * columns);
    b_.resize(2 * n);
    x.resize(columns);
    const auto put = [&](std::size_t column, std::size_t i, Complex v) {
      a_[column * 2 * n + i] = v.real();
      a_[column * 2 * n + n + i] = v.imag();
    };
    for (std::size_t i = 0; i < n; ++i) {
      const double weight = 1.0 / std::abs(z_[i]);
      for (std::size_t k = 0; k < count; ++k) {
        const double w = omega_[i] * tau(k, count), s = weight / (1.0 + w * w);
        put(k, i, {s, -w * s});
      }
      put(count, i, weight);
      put(count + 1, i, {0.0, -weight / omega_[i]});
      if (inductance) put(count + 2, i, {0.0, weight * omega_[i]});
      b_[i] = weight * z_[i].real();
      b_[n + i] = weight * z_[i].imag();
    }
    return numerics::solve_least_squares(a_, 2 * n, columns, b_, x);
  }

  std::vector<double> x;

private:
  std::vector<double> omega_, a_, b_;
  std::vector<Complex> z_;
  double shortest_ = 0.0, longest_ = 0.0;
};

/// Equation (K2).
double overfit(std::span<const double> resistances) {
  double negative = 0.0, positive = 0.0;
  for (const double R : resistances) (R < 0.0 ? negative : positive) += std::abs(R);
  return positive > 0.0 ? 1.0 - negative / positive : 0.0;
}

/// AICc of a sum with so many relaxations, equation (Z17).
double criterion(const Relaxations& sum, double misfit, std::size_t count) {
  const auto m = static_cast<double>(2 * sum.points()), K = static_cast<double>(count + 4);
  return m > K + 1.0 ? m * std::log(std::max(misfit, 1e-300) / m) + 2.0 * K + 2.0 * K * (K + 1.0) / (m - K - 1.0) : HUGE_VAL;
}

/// Relaxations are added, from one per decade on, until mu falls below its limit; the last number above it is taken. A sum that is still
/// too poor then (a narrow arc between two time constants has negative neighbours from the start) goes on as long as AICc falls.
std::size_t choose(Relaxations& sum) {
  const std::size_t most = std::min(most_elements, sum.points() - 2);
  std::size_t count = std::min(most, static_cast<std::size_t>(std::ceil(sum.decades())) + 1);
  for (; count < most; ++count) {
    sum.solve(count + 1, true);
    if (overfit(std::span(sum.x).first(count + 1)) < mu_limit) break;
  }
  constexpr double certain = 6.0, enough = 0.1 * least_noise;
  constexpr int patience = 3;
  const auto m = static_cast<double>(2 * sum.points());
  double misfit = sum.solve(count, true), best = criterion(sum, misfit, count);
  for (std::size_t next = count + 1, failed = 0; next <= most && failed < patience && misfit > enough * enough * m; next += 1 + next / 8) {
    const double tried = sum.solve(next, true), value = criterion(sum, tried, next);
    if (value > best - certain) {
      ++failed;
      continue;
    }
    failed = 0;
    count = next;
    best = value;
    misfit = tried;
  }
  return count;
}

void evaluate(LinearKK& kk, const Relaxations& sum, std::size_t count, std::span<const double> frequency,
              std::span<const Complex> z) {
  for (std::size_t i = 0; i < z.size(); ++i) {
    const double omega = 2.0 * std::numbers::pi * frequency[i];
    Complex model = sum.x[count] + Complex(0.0, omega * sum.x[count + 2] - sum.x[count + 1] / omega); // (K1)
    for (std::size_t k = 0; k < count; ++k) model += sum.x[k] / Complex(1.0, omega * sum.tau(k, count));
    kk.model[i] = model;
    const Complex off = (z[i] - model) / std::abs(z[i]);
    kk.residual_real[i] = off.real();
    kk.residual_imaginary[i] = off.imag();
  }
}

/// The points that are fitted, by rising frequency.
std::vector<std::size_t> fitted(const LinearKK& kk, std::span<const double> frequency) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < frequency.size(); ++i)
    if (!kk.left_out[i]) order.push_back(i);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return frequency[a] < frequency[b]; });
  return order;
}

/// Equation (K3): noise from differences of neighbours in frequency, and what is left.
void split(LinearKK& kk, std::span<const double> frequency, std::size_t parameters) {
  const std::vector<std::size_t> order = fitted(kk, frequency);
  double squares = 0.0, changes = 0.0;
  for (const auto* part : {&kk.residual_real, &kk.residual_imaginary})
    for (std::size_t k = 0; k < order.size(); ++k) {
      squares += (*part)[order[k]] * (*part)[order[k]];
      const double change = k > 0 ? (*part)[order[k]] - (*part)[order[k - 1]] : 0.0;
      changes += 0.5 * change * change;
    }
  const auto n = static_cast<double>(2 * order.size());
  kk.residual = std::sqrt(squares / n);
  const double whole = squares / std::max(n - static_cast<double>(parameters), 1.0);
  kk.noise = std::sqrt(std::min(changes / std::max(n - 2.0, 1.0), whole));
  kk.violation = std::sqrt(std::max(whole - kk.noise * kk.noise, 0.0));
}

/// Points whose residual is far from those of their four neighbours: single ones, not runs, which a poor sum makes too. The two
/// at each end have too few neighbours to be told.
std::vector<bool> standing_out(const LinearKK& kk, std::span<const double> frequency) {
  std::vector<std::size_t> order(frequency.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return frequency[a] < frequency[b]; });
  std::vector<bool> out(frequency.size(), false);
  std::vector<double> distance(frequency.size(), 0.0);
  for (const auto* part : {&kk.residual_real, &kk.residual_imaginary})
    for (std::size_t k = 2; k + 2 < order.size(); ++k) {
      const std::array<double, 4> near{(*part)[order[k - 2]], (*part)[order[k - 1]], (*part)[order[k + 1]], (*part)[order[k + 2]]};
      const double off = std::abs((*part)[order[k]] - numerics::median(near));
      distance[order[k]] = std::max(distance[order[k]], off);
    }
  // Noise may differ over the spectrum, so a distance is held against those around it as well.
  std::vector<std::size_t> worst;
  for (std::size_t k = 2; k + 2 < order.size(); ++k) {
    const std::size_t from = k < 7 ? 0 : k - 7, to = std::min(order.size(), k + 8);
    std::vector<double> around;
    for (std::size_t m = from; m < to; ++m) around.push_back(distance[order[m]]);
    const double scale = std::max({kk.noise, least_noise, numerics::median(around)});
    if (distance[order[k]] > outlier * scale) worst.push_back(k);
  }
  std::sort(worst.begin(), worst.end(), [&](auto a, auto b) { return distance[order[a]] > distance[order[b]]; });
  for (const std::size_t k : worst)
    if (!out[order[k - 1]] && !out[order[k + 1]]) out[order[k]] = true;
  return out;
}

} // namespace

LinearKK linear_kk(std::span<const double> frequency, std::span<const Complex> impedance) {
  check(frequency, impedance);
  const std::size_t n = impedance.size();
  LinearKK kk;
  kk.model.resize(n);
  kk.residual_real.resize(n);
  kk.residual_imaginary.resize(n);
  kk.left_out.assign(n, false);
  std::size_t count = 0;
  for (int round = 0; round < 4; ++round) {
    Relaxations sum(frequency, impedance, kk.left_out);
    if (round == 0) count = choose(sum);
    const double without = sum.solve(count, false);
    const double misfit = sum.solve(count, true);
    kk.elements = count;
    kk.mu = overfit(std::span(sum.x).first(count));
    kk.resistance = sum.x[count];
    kk.inductance = sum.x[count + 2];
    const double freedom = std::max(1.0, static_cast<double>(2 * sum.points()) - static_cast<double>(count + 3));
    const double t = std::sqrt(std::max(without - misfit, 0.0) / std::max(misfit / freedom, 1e-300));
    kk.inductance_error = t > 0.0 ? std::abs(kk.inductance) / t : std::abs(kk.inductance);
    evaluate(kk, sum, count, frequency, impedance);
    split(kk, frequency, count + 3);
    const std::vector<bool> next = standing_out(kk, frequency);
    if (next == kk.left_out || round == 3) break;
    kk.left_out = next;
  }
  return kk;
}

std::vector<double> noise_estimate(std::span<const double> frequency, std::span<const Complex> impedance) {
  constexpr std::size_t near = 15;
  constexpr double least = 1e-6;
  const LinearKK kk = linear_kk(frequency, impedance);
  const std::vector<std::size_t> order = fitted(kk, frequency);
  std::vector<double> place, change; // ln f between two neighbours; half the square of what both parts change by
  for (std::size_t k = 1; k < order.size(); ++k) {
    const double real = kk.residual_real[order[k]] - kk.residual_real[order[k - 1]];
    const double imaginary = kk.residual_imaginary[order[k]] - kk.residual_imaginary[order[k - 1]];
    place.push_back(0.5 * std::log(frequency[order[k]] * frequency[order[k - 1]]));
    change.push_back(0.25 * (real * real + imaginary * imaginary));
  }
  std::vector<double> noise;
  for (std::size_t i = 0; i < frequency.size(); ++i) {
    const double here = std::log(frequency[i]);
    auto from = static_cast<std::size_t>(std::lower_bound(place.begin(), place.end(), here) - place.begin());
    from = std::min(from - std::min(from, near / 2), place.size() - std::min(place.size(), near));
    const std::size_t count = std::min(near, place.size());
    const double mean = std::accumulate(change.begin() + static_cast<std::ptrdiff_t>(from),
                                        change.begin() + static_cast<std::ptrdiff_t>(from + count), 0.0) / static_cast<double>(std::max<std::size_t>(count, 1));
    noise.push_back(std::abs(impedance[i]) * std::max(std::sqrt(mean), least)); // (K5)
  }
  return noise;
}

ZHit z_hit(std::span<const double> frequency, std::span<const Complex> impedance) {
  check(frequency, impedance);
  const std::size_t n = impedance.size();
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return frequency[a] > frequency[b]; });
  std::vector<double> u(n), phase(n), made(n);
  for (std::size_t k = 0; k < n; ++k) {
    u[k] = std::log(frequency[order[k]]);
    phase[k] = std::arg(impedance[order[k]]);
  }
  constexpr double gamma = -std::numbers::pi / 6.0;
  double integral = 0.0;
  for (std::size_t k = 0; k < n; ++k) {
    if (k > 0) integral += 0.5 * (phase[k] + phase[k - 1]) * (u[k] - u[k - 1]);
    // Slope of the phase through five neighbours: noise of one point counts little.
    const std::size_t from = k < 2 ? 0 : std::min(k - 2, n - 5), count = 5;
    const double slope = numerics::fit_line(std::span(u).subspan(from, count), std::span(phase).subspan(from, count)).slope;
    made[k] = 2.0 / std::numbers::pi * integral + gamma * slope; // (K4)
  }
  // The constant of integration from the middle half, where both ends are far.
  std::vector<double> middle, last;
  for (std::size_t k = n / 4; k < n - n / 4; ++k) middle.push_back(std::log(std::abs(impedance[order[k]])) - made[k]);
  const double constant = numerics::median(middle);
  ZHit hit;
  hit.modulus.resize(n);
  hit.deviation.resize(n);
  double squares = 0.0;
  for (std::size_t k = 0; k < n; ++k) {
    const std::size_t i = order[k];
    hit.modulus[i] = std::exp(made[k] + constant);
    hit.deviation[i] = std::log(std::abs(impedance[i])) - made[k] - constant;
    squares += hit.deviation[i] * hit.deviation[i];
    if (u[k] <= u[n - 1] + std::numbers::ln10) last.push_back(hit.deviation[i]);
  }
  hit.residual = std::sqrt(squares / static_cast<double>(n));
  hit.drift = numerics::median(last);
  return hit;
}

} // namespace platen::impedance

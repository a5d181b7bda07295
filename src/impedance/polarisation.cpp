#include "impedance/polarisation.hpp"

#include "base/error.hpp"
#include "numerics/dense.hpp"
#include "numerics/least_squares.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <functional>
#include <limits>

namespace platen::impedance {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double agreement = 0.05; // of the steady current: how well the last reading should know it

/// Readings averaged over pieces that are equal in the logarithm of time.
struct Binned {
  std::vector<double> time, current, weight; ///< weight: 1 over the standard error of the mean
};

void check(std::span<const double> time, std::span<const double> current, const PolarisationOptions& o) {
  if (time.size() != current.size() || time.size() < 20)
    throw Error("D216", fmt::format("a polarisation needs 20 readings, got {} times and {} currents", time.size(), current.size()));
  for (std::size_t k = 0; k < time.size(); ++k)
    if (!std::isfinite(current[k]) || !(time[k] >= 0.0) || !std::isfinite(time[k]) || (k > 0 && !(time[k] > time[k - 1])))
      throw Error("D216", fmt::format("reading {} of the polarisation ({} s, {} A): times must rise from 0, currents be numbers", k + 1,
                                      time[k], current[k]));
  if (!std::isfinite(o.voltage.value) || o.voltage.value == 0.0 || !(o.voltage.error >= 0.0) || !(o.leakage.error >= 0.0))
    throw Error("D216", fmt::format("a polarisation needs the voltage that was applied, got {} V", o.voltage.value));
}

double noise_of(std::span<const double> current) {
  // Second differences: a transient that bends slowly is not in them.
  std::vector<double> changes;
  for (std::size_t k = current.size() / 4; k + 2 < current.size(); ++k)
    changes.push_back((current[k] - 2.0 * current[k + 1] + current[k + 2]) / std::sqrt(6.0));
  return numerics::standard_deviation(changes);
}

/// The step of the readings when it is coarse enough for many to be equal.
double resolution_of(std::span<const double> current) {
  std::size_t equal = 0;
  double least = infinite;
  for (std::size_t k = 1; k < current.size(); ++k) {
    const double step = std::abs(current[k] - current[k - 1]);
    if (step == 0.0)
      ++equal;
    else
      least = std::min(least, step);
  }
  return 5 * equal > current.size() && std::isfinite(least) ? least : 0.0;
}

Binned bin(std::span<const double> time, std::span<const double> current, double noise) {
  Binned b;
  constexpr double pieces = 40.0; // per factor of ten
  const double first = time[0] > 0.0 ? time[0] : time[1];
  std::size_t k = 0;
  while (k < time.size()) {
    const double place = std::floor(pieces * std::log10(std::max(time[k], 0.5 * first)));
    double t = 0.0, i = 0.0, n = 0.0;
    for (; k < time.size() && std::floor(pieces * std::log10(std::max(time[k], 0.5 * first))) == place; ++k) {
      t += time[k];
      i += current[k];
      n += 1.0;
    }
    b.time.push_back(t / n);
    b.current.push_back(i / n);
    b.weight.push_back(std::sqrt(n) / noise);
  }
  return b;
}

/// One law of the fall, equation (D1): a limit and terms. Coordinates: limit, then amplitude and ln time (or exponent) of each.
struct Fall { // (D1)
  std::string name;
  std::size_t terms = 0;
  bool power = false; // else exponentials
  std::vector<double> x = {};
  double cost = infinite, limit_error = infinite, aicc = infinite;

  double at(std::span<const double> p, double t, std::span<double> slope) const {
    double sum = p[0];
    if (!slope.empty()) slope[0] = 1.0;
    for (std::size_t m = 0; m < terms; ++m) {
      const double a = p[1 + 2 * m], q = p[2 + 2 * m];
      const double shape = power ? std::pow(t, -q) : std::exp(-t / std::exp(q));
      sum += a * shape;
      if (slope.empty()) continue;
      slope[1 + 2 * m] = shape;
      slope[2 + 2 * m] = power ? -a * shape * std::log(t) : a * shape * t / std::exp(q);
    }
    return sum;
  }
};

/// Times on a coarse grid, in every combination; limit and amplitudes follow by linear least squares. The best three.
std::vector<std::vector<double>> starts(const Fall& law, const Binned& data, double unit, double duration) {
  const std::size_t m = data.time.size(), n = 1 + law.terms;
  std::vector<double> grid;
  const double first = std::log(0.2 * data.time[0] / duration);
  for (int k = 0; k < 9; ++k) grid.push_back(law.power ? 0.2 + 0.2 * k : first + (std::log(2.0) - first) * k / 8.0);
  std::vector<std::pair<double, std::vector<double>>> tried;
  std::vector<double> a(m * n), b(m), y(n);
  std::vector<std::size_t> chosen(law.terms);
  const std::function<void(std::size_t, std::size_t)> choose = [&](std::size_t depth, std::size_t from) {
    if (depth < law.terms) {
      for (std::size_t k = from; k < grid.size(); ++k) {
        chosen[depth] = k;
        choose(depth + 1, k + 1);
      }
      return;
    }
    for (std::size_t i = 0; i < m; ++i) {
      const double w = data.weight[i] * unit, t = std::max(data.time[i] / duration, 1e-9);
      a[i] = w;
      b[i] = w * data.current[i] / unit;
      for (std::size_t k = 0; k < law.terms; ++k)
        a[(k + 1) * m + i] = w * (law.power ? std::pow(t, -grid[chosen[k]]) : std::exp(-t / std::exp(grid[chosen[k]])));
    }
    const double left = numerics::solve_least_squares(a, m, n, b, y);
    std::vector<double> x{y[0]};
    for (std::size_t k = 0; k < law.terms; ++k) {
      x.push_back(y[k + 1]);
      x.push_back(grid[chosen[k]]);
    }
    tried.emplace_back(left, std::move(x));
  };
  choose(0, 0);
  std::sort(tried.begin(), tried.end(), [](const auto& u, const auto& v) { return u.first < v.first; });
  std::vector<std::vector<double>> best;
  for (std::size_t k = 0; k < std::min<std::size_t>(3, tried.size()); ++k) best.push_back(std::move(tried[k].second));
  return best;
}

/// Fits a law in units of the largest current and of the duration.
void fit(Fall& law, const Binned& data, double unit, double duration) {
  const std::size_t n = 1 + 2 * law.terms, m = data.time.size();
  if (m < n + 4) return;
  std::vector<double> slope(n);
  const numerics::Residuals model = [&](std::span<const double> x, std::span<double> r, std::span<double> jacobian) {
    for (std::size_t k = 0; k < m; ++k) {
      const double t = std::max(data.time[k] / duration, 1e-9), w = data.weight[k] * unit;
      r[k] = w * (law.at(x, t, jacobian.empty() ? std::span<double>{} : std::span<double>(slope)) - data.current[k] / unit);
      if (!std::isfinite(r[k])) return false;
      for (std::size_t j = 0; j < n && !jacobian.empty(); ++j) jacobian[j * m + k] = w * slope[j];
    }
    return true;
  };
  std::vector<double> lower(n, -infinite), upper(n, infinite);
  for (std::size_t j = 2; j < n; j += 2) {
    lower[j] = law.power ? 0.1 : std::log(0.03 * data.time[0] / duration + 1e-9);
    upper[j] = law.power ? 2.0 : std::log(3.0); // slower ones cannot be told from the limit
  }
  numerics::LeastSquares solver(m, n);
  for (std::vector<double> x : starts(law, data, unit, duration)) {
    const auto result = solver.minimise(model, x, lower, upper, {.iterations = 300, .step_tolerance = 1e-9, .cost_tolerance = 1e-12});
    if (!(result.cost < law.cost)) continue;
    law.cost = result.cost;
    law.x = x;
    law.limit_error = std::sqrt(solver.covariance()[0]);
  }
  // (D2): errors of slow drifts are in the scatter of the pieces, so it replaces the noise where it is larger.
  const auto M = static_cast<double>(m), K = static_cast<double>(n + 1);
  law.limit_error *= std::max(1.0, std::sqrt(law.cost / (M - static_cast<double>(n))));
  law.aicc = M * std::log(law.cost / M) + 2.0 * K + 2.0 * K * (K + 1.0) / (M - K - 1.0);
  law.limit_error *= unit;
}

std::vector<Fall> laws(const Binned& data, double unit, double duration) {
  std::vector<Fall> all;
  all.push_back({"constant", 0});
  all.push_back({"1 exponential", 1});
  all.push_back({"2 exponentials", 2});
  all.push_back({"3 exponentials", 3});
  all.push_back({"power of time", 1, true});
  for (Fall& law : all) fit(law, data, unit, duration);
  std::erase_if(all, [](const Fall& law) { return !std::isfinite(law.aicc) || !std::isfinite(law.limit_error); });
  std::sort(all.begin(), all.end(), [](const Fall& a, const Fall& b) { return a.aicc < b.aicc; });
  return all;
}

/// (D3): every law counts by how well it does; what they disagree on is part of the error.
Uncertain average(const std::vector<Fall>& all, double unit) {
  double weights = 0.0, mean = 0.0, variance = 0.0;
  const auto weight = [&](const Fall& law) { return std::exp(-0.5 * (law.aicc - all.front().aicc)); };
  for (const Fall& law : all) {
    weights += weight(law);
    mean += weight(law) * unit * law.x[0];
  }
  mean /= weights;
  for (const Fall& law : all) {
    const double off = unit * law.x[0] - mean;
    variance += weight(law) / weights * (law.limit_error * law.limit_error + off * off);
  }
  return {mean, std::sqrt(variance)};
}

void name_transients(Polarisation& p, const Fall& law, double unit) {
  if (law.power) return;
  for (std::size_t m = 0; m < law.terms; ++m) p.transients.push_back({unit * law.x[1 + 2 * m], p.duration * std::exp(law.x[2 + 2 * m]), ""});
  std::sort(p.transients.begin(), p.transients.end(), [](const auto& a, const auto& b) { return a.time < b.time; });
  for (std::size_t m = 0; m < p.transients.size(); ++m) p.transients[m].what = m == 0 ? "capacitive" : "ionic relaxation";
}

/// When the best law comes within 5 % of the steady current; 0: before the end, or never within a year.
double time_needed(const Fall& law, double unit, double duration, double steady) {
  const auto off = [&](double t) { return std::abs(unit * (law.at(law.x, t, {}) - law.x[0])); };
  double t = 1.0; // in durations
  while (off(t) > agreement * std::abs(steady) && t * duration < 3e7) t *= 1.05;
  return t > 1.0 && t * duration < 3e7 ? t * duration : 0.0;
}

void last_part(Polarisation& p, std::span<const double> time, std::span<const double> current) {
  const auto tail = [&](double share) {
    const auto from = std::lower_bound(time.begin(), time.end(), time.back() - share * p.duration) - time.begin();
    return std::min(static_cast<std::size_t>(from), time.size() - 5);
  };
  const std::size_t tenth = tail(0.1), third = tail(1.0 / 3.0);
  const auto part = current.subspan(tenth);
  p.last.value = numerics::mean(part);
  p.last.error = std::hypot(p.noise / std::sqrt(static_cast<double>(part.size())), p.resolution / std::sqrt(12.0));
  const numerics::LineFit line = numerics::fit_line(time.subspan(third), current.subspan(third));
  p.trend = line.slope;
  p.trend_error = line.slope_error;
}

void conclude(Polarisation& p, const PolarisationOptions& o) {
  const bool trend = std::abs(p.trend) > 3.0 * p.trend_error;
  const double apart = std::abs(p.last.value - p.steady.value);
  const bool off = apart > agreement * std::abs(p.steady.value) && apart > p.steady.error;
  p.stationary = !trend && !off;
  p.significant = std::abs(p.steady.value) > 3.0 * p.steady.error;
  if (off)
    p.warnings.push_back(fmt::format("{:.4g} s were not enough: the last tenth gives {:.3g} nA, the fall leads to {:.3g} nA ({:.3g} to {:.3g}){}", p.duration,
                                     1e9 * p.last.value, 1e9 * p.steady.value, 1e9 * (p.steady.value - 1.96 * p.steady.error),
                                     1e9 * (p.steady.value + 1.96 * p.steady.error),
                                     p.needed > 0.0 ? fmt::format("; {:.0f} s would have been", p.needed) : std::string()));
  else if (trend)
    p.warnings.push_back(fmt::format("the current still changes by {:+.2g} nA a minute over the last third", 6e10 * p.trend));
  if (!p.significant)
    p.warnings.push_back(fmt::format("the steady current cannot be told from zero: {:.2g} +- {:.2g} nA; quote an upper limit", 1e9 * p.steady.value,
                                     1e9 * p.steady.error));
  if (o.leakage.value == 0.0 && o.leakage.error == 0.0 && std::abs(p.steady.value) < 1e-7)
    p.warnings.push_back("the leakage of the instrument is not known, and matters below 100 nA: measure the empty fixture at the same voltage");
  if (std::abs(p.steady.value) < p.resolution)
    p.warnings.push_back(fmt::format("the steady current is below the step of the readings, {:.2g} nA", 1e9 * p.resolution));
}

} // namespace

Polarisation polarisation(std::span<const double> time, std::span<const double> current, const PolarisationOptions& o) {
  check(time, current, o);
  Polarisation p;
  p.duration = time.back();
  double unit = 0.0;
  for (const double i : current) unit = std::max(unit, std::abs(i));
  p.resolution = resolution_of(current);
  p.noise = std::max({noise_of(current), p.resolution / std::sqrt(12.0), 1e-9 * unit, 1e-18});
  if (unit == 0.0) unit = p.noise;
  const Binned data = bin(time, current, p.noise);
  const std::vector<Fall> all = laws(data, unit, p.duration);
  if (all.empty()) throw Error("D216", "the readings of the polarisation are too few for any law of its fall");
  p.steady = average(all, unit);
  // Readings that never leave one step of the instrument have its error in common.
  const double common = p.noise < 0.5 * p.resolution ? p.resolution / std::sqrt(12.0) : 0.0;
  p.steady.error = std::hypot(p.steady.error, common);
  p.law = all.front().name;
  name_transients(p, all.front(), unit);
  last_part(p, time, current);
  p.needed = time_needed(all.front(), unit, p.duration, p.steady.value - o.leakage.value);
  for (Uncertain* current_of : {&p.steady, &p.last}) {
    current_of->value -= o.leakage.value;
    current_of->error = std::hypot(current_of->error, o.leakage.error);
  }
  if (o.thickness && o.area) { // (D4)
    const double value = p.steady.value / o.voltage.value * o.thickness->value / o.area->value;
    if (!(o.thickness->value > 0.0) || !(o.area->value > 0.0))
      throw Error("D213", "a conductivity needs a positive thickness and area");
    const double per_current = o.thickness->value / (std::abs(o.voltage.value) * o.area->value);
    p.conductivity = Uncertain{value, std::hypot(per_current * p.steady.error, value * o.thickness->error / o.thickness->value,
                                                 value * std::hypot(o.area->error / o.area->value, o.voltage.error / o.voltage.value))};
  }
  conclude(p, o);
  return p;
}

} // namespace platen::impedance

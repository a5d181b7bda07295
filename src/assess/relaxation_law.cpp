#include "assess/relaxation_law.hpp"

#include "assess/relaxation.hpp"
#include "numerics/dense.hpp"
#include "numerics/least_squares.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace platen::assessing {
namespace {

constexpr double shortest = 0.3;  // of the interval between readings: a faster part is not seen
constexpr double longest = 30.0;  // times the hold: slower is a straight line in it
constexpr double least_exponent = 0.15, most_exponent = 1.0;
constexpr double penalty = 300.0; // by which a profile holds its value, in standard errors

std::size_t law_parameters(RelaxationKind kind) { return kind == RelaxationKind::logarithmic ? 3 : kind == RelaxationKind::stretched ? 4 : 5; }

/// Value of the law and its derivatives with its parameters.
double law(RelaxationKind kind, double t, const double* x, double* d) {
  switch (kind) {
  case RelaxationKind::logarithmic: { // (R11)
    const double tau = std::exp(x[2]), l = std::log1p(t / tau);
    if (d != nullptr) {
      d[0] = 1.0;
      d[1] = -l;
      d[2] = x[1] * t / (tau + t);
    }
    return x[0] - x[1] * l;
  }
  case RelaxationKind::stretched: { // (R12)
    const double s = t > 0.0 ? std::exp(x[3] * (std::log(t) - x[2])) : 0.0, e = std::exp(-s);
    if (d != nullptr) {
      d[0] = 1.0;
      d[1] = e;
      d[2] = x[1] * e * s * x[3];
      d[3] = t > 0.0 ? -x[1] * e * s * (std::log(t) - x[2]) : 0.0;
    }
    return x[0] + x[1] * e;
  }
  case RelaxationKind::two_exponentials: break; // (R13)
  }
  const double a = t * std::exp(-x[3]), b = t * std::exp(-x[4]), ea = std::exp(-a), eb = std::exp(-b);
  if (d != nullptr) {
    d[0] = 1.0;
    d[1] = ea;
    d[2] = eb;
    d[3] = x[1] * ea * a;
    d[4] = x[2] * eb * b;
  }
  return x[0] + x[1] * ea + x[2] * eb;
}

} // namespace

double relaxation_law(RelaxationKind kind, double t, const double* x) { return law(kind, t, x, nullptr); }

FittedLaw::FittedLaw(RelaxationKind kind, const HoldReadings& data) : kind_(kind), data_(&data) {
  const std::size_t n = law_parameters(kind);
  x_.assign(n + (data.temperature.empty() ? 0 : 1), 0.0);
  lower_.assign(x_.size(), -std::numeric_limits<double>::infinity());
  upper_.assign(x_.size(), std::numeric_limits<double>::infinity());
  const double fast = std::log(shortest * data.interval), slow = std::log(longest * data.length);
  for (std::size_t k = kind == RelaxationKind::two_exponentials ? 3 : 2; k < n; ++k) {
    lower_[k] = fast;
    upper_[k] = slow;
  }
  if (kind == RelaxationKind::stretched) {
    lower_[3] = least_exponent;
    upper_[3] = most_exponent;
  }
  bound_amplitudes();
  start();
  for (int round = 0; round < 3; ++round) {
    minimise(x_, nullptr, 0.0, 0.0);
    const std::vector<double> model = fitted();
    std::vector<double> rest(data.pressure.size());
    for (std::size_t i = 0; i < rest.size(); ++i)
      rest[i] = data.pressure[i] - model[i] - (data.temperature.empty() ? 0.0 : x_[n] * data.temperature[i]);
    noise_ = numerics::fit_noise(data.time, data.count, rest, derivatives(x_), data.limits);
  }
  minimise(x_, nullptr, 0.0, 0.0);
  find_covariance();
}

/// One over the standard deviation of a reading, in units of the white part's.
double FittedLaw::weight(std::size_t i) const { return 1.0 / std::sqrt(1.0 / data_->count[i] + noise_.shape.slow); }

/// (R10): what least squares that weighs readings one by one makes of errors that remember each other.
void FittedLaw::find_covariance() {
  const std::size_t n = data_->pressure.size(), k = x_.size();
  numerics::LeastSquares solver(n, k);
  std::vector<double> at = x_;
  solver.minimise([&](auto x, auto r, auto j) { return residuals(x, r, j); }, at, lower_, upper_, {.iterations = 3});
  naive_ = solver.covariance();
  for (double& v : naive_) v *= noise_.variance;
  covariance_ = naive_;
  if (!(noise_.shape.slow > 0.0)) return;
  const std::span<const double> jacobian = solver.jacobian();
  std::vector<double> meat(k * k), remembered(n * k); // the errors' correlations times the derivatives
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) {
      const double distance = std::abs(data_->time[i] - data_->time[j]);
      if (distance > 20.0 * noise_.shape.time) continue;
      const double shared = (noise_.shape.slow * std::exp(-distance / noise_.shape.time) + (i == j ? 1.0 / data_->count[i] : 0.0)) * weight(i) * weight(j);
      for (std::size_t a = 0; a < k; ++a) remembered[a * n + i] += shared * jacobian[a * n + j];
    }
  for (std::size_t a = 0; a < k; ++a)
    for (std::size_t b = 0; b < k; ++b) meat[a * k + b] = numerics::dot(jacobian.data() + a * n, remembered.data() + b * n, n);
  for (std::size_t a = 0; a < k; ++a)
    for (std::size_t b = 0; b < k; ++b) {
      if (!std::isfinite(naive_[a * k + b])) continue;
      double sum = 0.0;
      for (std::size_t c = 0; c < k; ++c)
        for (std::size_t d = 0; d < k; ++d)
          if (std::isfinite(naive_[a * k + c]) && std::isfinite(naive_[d * k + b])) sum += naive_[a * k + c] * meat[c * k + d] * naive_[d * k + b];
      covariance_[a * k + b] = sum / noise_.variance;
    }
}

/// Laws that end must end at a pressure, which is not negative; and what relaxes goes one way.
void FittedLaw::bound_amplitudes() {
  if (kind_ == RelaxationKind::logarithmic) return;
  lower_[0] = std::min(0.0, *std::min_element(data_->pressure.begin(), data_->pressure.end()));
  const std::size_t edge = std::max<std::size_t>(1, data_->pressure.size() / 10);
  const bool falls = numerics::median(std::span(data_->pressure).first(edge)) >= numerics::median(std::span(data_->pressure).last(edge));
  for (std::size_t k = 1; k <= (kind_ == RelaxationKind::stretched ? 1U : 2U); ++k) (falls ? lower_ : upper_)[k] = 0.0;
}

/// The best of a grid of times, the rest of the parameters by linear least squares.
void FittedLaw::start() {
  const std::size_t n = data_->pressure.size(), linear = kind_ == RelaxationKind::two_exponentials ? 3 : 2;
  const double from = std::log(data_->interval), to = std::log(3.0 * data_->length);
  constexpr int steps = 9;
  double best = std::numeric_limits<double>::infinity();
  std::vector<double> matrix(n * linear), right(n), solved(linear);
  const auto consider = [&](std::vector<double> x) {
    std::array<double, 5> d{};
    for (std::size_t k = 0; k < linear; ++k) x[k] = 1.0;
    for (std::size_t i = 0; i < n; ++i) {
      law(kind_, data_->time[i], x.data(), d.data());
      for (std::size_t k = 0; k < linear; ++k) matrix[k * n + i] = d[k];
      right[i] = data_->pressure[i];
    }
    const double left = numerics::solve_least_squares(matrix, n, linear, right, solved);
    if (!(left < best)) return;
    for (std::size_t k = 0; k < linear; ++k)
      if (solved[k] < lower_[k] || solved[k] > upper_[k]) return;
    best = left;
    std::copy(solved.begin(), solved.end(), x.begin());
    x_ = std::move(x);
  };
  for (int a = 0; a < steps; ++a) {
    std::vector<double> x = x_;
    x[kind_ == RelaxationKind::two_exponentials ? 3 : 2] = from + (to - from) * a / (steps - 1);
    if (kind_ == RelaxationKind::logarithmic) consider(x);
    if (kind_ == RelaxationKind::stretched)
      for (const double exponent : {0.25, 0.4, 0.6, 0.9}) {
        x[3] = exponent;
        consider(x);
      }
    if (kind_ == RelaxationKind::two_exponentials)
      for (int b = a + 1; b < steps; ++b) {
        x[4] = from + (to - from) * b / (steps - 1);
        consider(x);
      }
  }
  if (!std::isfinite(best)) { // no start goes one way: from the ends of the readings
    x_[0] = data_->pressure.back();
    for (std::size_t k = 1; k < linear; ++k) x_[k] = (data_->pressure.front() - data_->pressure.back()) / static_cast<double>(linear - 1);
    for (std::size_t k = linear; k < x_.size(); ++k) x_[k] = from + (to - from) * 0.3 * static_cast<double>(k);
  }
  for (std::size_t k = 0; k < x_.size(); ++k) x_[k] = std::clamp(x_[k], lower_[k], upper_[k]);
}

bool FittedLaw::residuals(std::span<const double> x, std::span<double> r, std::span<double> jacobian) const {
  const std::size_t n = data_->pressure.size(), m = jacobian.empty() ? 0 : jacobian.size() / x.size(), parameters = law_parameters(kind_);
  std::array<double, 6> d{};
  for (std::size_t i = 0; i < n; ++i) {
    double v = law(kind_, data_->time[i], x.data(), jacobian.empty() ? nullptr : d.data());
    if (!data_->temperature.empty()) {
      v += x[parameters] * data_->temperature[i];
      d[parameters] = data_->temperature[i];
    }
    r[i] = v - data_->pressure[i];
    for (std::size_t k = 0; k < x.size() && m > 0; ++k) jacobian[k * m + i] = d[k];
    if (!std::isfinite(r[i])) return false;
  }
  for (std::size_t i = 0; i < n; ++i) {
    const double w = weight(i);
    r[i] *= w;
    for (std::size_t k = 0; k < x.size() && m > 0; ++k) jacobian[k * m + i] *= w;
  }
  return true;
}

std::vector<std::vector<double>> FittedLaw::derivatives(const std::vector<double>& x) const {
  std::vector<std::vector<double>> out(x.size(), std::vector<double>(data_->pressure.size()));
  std::array<double, 6> d{};
  for (std::size_t i = 0; i < data_->pressure.size(); ++i) {
    law(kind_, data_->time[i], x.data(), d.data());
    if (!data_->temperature.empty()) d[law_parameters(kind_)] = data_->temperature[i];
    for (std::size_t k = 0; k < x.size(); ++k) out[k][i] = d[k];
  }
  return out;
}

std::vector<double> FittedLaw::fitted() const {
  std::vector<double> out;
  for (const double t : data_->time) out.push_back(law(kind_, t, x_.data(), nullptr));
  return out;
}

/// @returns the sum of whitened squares (MPa^2), without what holds g at `target`.
double FittedLaw::minimise(std::vector<double>& x, const std::function<double(const double*)>* g, double target, double weight) const {
  const std::size_t n = data_->pressure.size(), rows = n + (g != nullptr ? 1 : 0);
  numerics::LeastSquares solver(rows, x.size());
  const auto model = [&](std::span<const double> at, std::span<double> r, std::span<double> jacobian) {
    if (!residuals(at, r, jacobian)) return false;
    if (g == nullptr) return true;
    std::vector<double> moved(at.begin(), at.end());
    const double value = (*g)(moved.data());
    if (!std::isfinite(value)) return false;
    r[n] = weight * (value - target);
    for (std::size_t k = 0; k < at.size() && !jacobian.empty(); ++k) {
      const double step = 1e-6 * std::max(1e-2, std::abs(at[k]));
      moved[k] = at[k] + step;
      const double ahead = (*g)(moved.data());
      moved[k] = at[k] - step;
      const double behind = (*g)(moved.data());
      moved[k] = at[k];
      const double slope = (ahead - behind) / (2.0 * step);
      jacobian[k * rows + n] = std::isfinite(slope) ? weight * slope : 0.0;
    }
    return true;
  };
  const auto done = solver.minimise(model, x, lower_, upper_, {.iterations = 60, .step_tolerance = 1e-8, .cost_tolerance = 1e-9});
  const double held = g != nullptr ? weight * ((*g)(x.data()) - target) : 0.0;
  return done.cost - held * held;
}

double FittedLaw::error(std::size_t parameter) const { return std::sqrt(covariance(parameter, parameter)); }

double FittedLaw::error_of(const std::function<double(const double*)>& g) const { return error_with(covariance_, g); }

double FittedLaw::error_with(const std::vector<double>& covariance, const std::function<double(const double*)>& g) const {
  std::vector<double> slope, moved = x_;
  for (std::size_t k = 0; k < x_.size(); ++k) {
    const double step = 1e-5 * std::max(1e-2, std::abs(x_[k]));
    moved[k] = x_[k] + step;
    const double ahead = g(moved.data());
    moved[k] = x_[k] - step;
    slope.push_back((ahead - g(moved.data())) / (2.0 * step));
    moved[k] = x_[k];
  }
  double variance = 0.0;
  for (std::size_t a = 0; a < slope.size(); ++a)
    for (std::size_t b = 0; b < slope.size(); ++b)
      if (slope[a] != 0.0 && slope[b] != 0.0) variance += slope[a] * slope[b] * covariance[a * x_.size() + b];
  return std::sqrt(std::max(0.0, variance));
}

FittedLaw::Band FittedLaw::profile(const std::function<double(const double*)>& g, double threshold, double least, double most) const {
  const double here = g(x_.data());
  std::vector<double> x = x_;
  const double base = minimise(x, nullptr, 0.0, 0.0);
  const double guess = error_of(g), plain = error_with(naive_, g);
  if (std::isfinite(guess) && plain > 0.0 && std::isfinite(plain)) threshold *= std::max(1.0, guess * guess / (plain * plain));
  const double range = most - least;
  const double first = std::clamp(std::isfinite(guess) ? guess : range, 1e-6 * range, 0.1 * range);
  const double weight = penalty * std::sqrt(noise_.variance) / first;
  const auto side = [&](double sign, double end, bool& open) {
    double inside = here, outside = here, step = first;
    std::vector<double> from = x_;
    bool found = false;
    for (int k = 0; k < 40 && !found && inside != end; ++k, step *= 1.6) {
      outside = sign > 0.0 ? std::min(end, inside + step) : std::max(end, inside - step);
      std::vector<double> tried = from;
      const double rise = (minimise(tried, &g, outside, weight) - base) / noise_.variance;
      if (rise > threshold) {
        found = true;
      } else {
        inside = outside;
        from = std::move(tried);
      }
    }
    open = !found;
    if (!found) return end;
    for (int k = 0; k < 6; ++k) {
      const double middle = 0.5 * (inside + outside);
      std::vector<double> tried = from;
      const double rise = (minimise(tried, &g, middle, weight) - base) / noise_.variance;
      if (rise > threshold) {
        outside = middle;
      } else {
        inside = middle;
        from = std::move(tried);
      }
    }
    return 0.5 * (inside + outside);
  };
  Band out;
  out.low = side(-1.0, std::min(here, least), out.open_low);
  out.high = side(1.0, std::max(here, most), out.open_high);
  return out;
}

} // namespace platen::assessing

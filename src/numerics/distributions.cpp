#include "numerics/distributions.hpp"

#include "numerics/random.hpp"

#include <cmath>
#include <limits>
#include <numbers>

namespace platen::numerics {
namespace {

double beta_fraction(double a, double b, double x) {
  constexpr double tiny = 1e-300;
  const auto away = [](double v) { return std::abs(v) < tiny ? tiny : v; };
  double c = 1.0, d = 1.0 / away(1.0 - (a + b) * x / (a + 1.0)), h = d;
  for (int m = 1; m <= 1000; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1.0 / away(1.0 + even * d);
    c = away(1.0 + even / c);
    h *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1.0 / away(1.0 + odd * d);
    c = away(1.0 + odd / c);
    h *= d * c;
    if (std::abs(d * c - 1.0) < 1e-15) break;
  }
  return h;
}

/// P(a, x) by its series, for x < a + 1.
double gamma_series(double a, double x) {
  double term = 1.0 / a, sum = term;
  for (double k = a + 1.0; term > 1e-17 * sum; k += 1.0) sum += term *= x / k;
  return sum * std::exp(a * std::log(x) - x - std::lgamma(a));
}

/// Q(a, x) by Lentz's method, for x >= a + 1.
double gamma_fraction(double a, double x) {
  double b = x + 1.0 - a, c = 1e300, d = 1.0 / b, h = d;
  for (int m = 1; m <= 1000; ++m) {
    const double numerator = -m * (m - a);
    b += 2.0;
    d = 1.0 / (numerator * d + b);
    c = b + numerator / c;
    h *= d * c;
    if (std::abs(d * c - 1.0) < 1e-15) break;
  }
  return h * std::exp(a * std::log(x) - x - std::lgamma(a));
}

/// Where I_x(a, b) reaches p.
double beta_quantile(double p, double a, double b) {
  double low = 0.0, high = 1.0;
  for (int round = 0; round < 200 && high - low > 1e-16 * high; ++round) {
    const double middle = 0.5 * (low + high);
    (incomplete_beta(a, b, middle) < p ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

} // namespace

double incomplete_beta(double a, double b, double x) {
  if (!(x > 0.0)) return 0.0;
  if (x >= 1.0) return 1.0;
  const double front =
      std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log1p(-x));
  if (x < (a + 1.0) / (a + b + 2.0)) return front * beta_fraction(a, b, x) / a;
  return 1.0 - front * beta_fraction(b, a, 1.0 - x) / b;
}

double chi_square_tail(double x, double freedom) {
  if (!(x > 0.0)) return 1.0;
  const double a = 0.5 * freedom, half = 0.5 * x;
  return half < a + 1.0 ? 1.0 - gamma_series(a, half) : gamma_fraction(a, half);
}

ProbabilityRange binomial_interval(double hits, double trials, double level) {
  const double tail = 0.5 * (1.0 - level);
  return {hits > 0.0 ? beta_quantile(tail, hits, trials - hits + 1.0) : 0.0,
          hits < trials ? beta_quantile(1.0 - tail, hits + 1.0, trials - hits) : 1.0};
}

double student_probability(double t, double freedom) {
  const double tail = 0.5 * incomplete_beta(0.5 * freedom, 0.5, freedom / (freedom + t * t));
  return t > 0.0 ? 1.0 - tail : tail;
}

double student_quantile(double p, double freedom) {
  if (!(p > 0.0 && p < 1.0) || !(freedom > 0.0)) return std::numeric_limits<double>::quiet_NaN();
  if (p == 0.5) return 0.0;
  // Newton's steps from the normal quantile inside a bracket that shrinks; the density is known in closed form.
  const double side = p < 0.5 ? -1.0 : 1.0;
  const double wanted = p < 0.5 ? 1.0 - p : p;
  double low = 0.0, high = 1.0;
  while (student_probability(high, freedom) < wanted && high < 1e150) high *= 2.0;
  double t = std::fmin(std::abs(normal_quantile(wanted)), high);
  const double log_norm = std::lgamma(0.5 * (freedom + 1.0)) - std::lgamma(0.5 * freedom) - 0.5 * std::log(freedom * std::numbers::pi);
  for (int round = 0; round < 200; ++round) {
    const double off = student_probability(t, freedom) - wanted;
    (off > 0.0 ? high : low) = t;
    const double density = std::exp(log_norm - 0.5 * (freedom + 1.0) * std::log1p(t * t / freedom));
    double next = t - off / density;
    if (!(next > low && next < high)) next = 0.5 * (low + high);
    if (std::abs(next - t) <= 1e-14 * (1.0 + t)) return side * next;
    t = next;
  }
  return side * t;
}

} // namespace platen::numerics

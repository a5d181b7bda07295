#pragma once
// Roots of one function of one number, kept between two ends of opposite sign.

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace platen::numerics {

/// Brent's method: inverse quadratic and secant steps, bisection where they do not help. `f` maps a double to a double.
/// @param tolerance largest distance from the root, in the unit of the abscissa; machine precision is added.
/// @returns the root; empty when f has one sign at both ends, when f is NaN at a trial point, or after 200 steps
///   (bisection alone needs fewer from any finite bracket down to relative precision).
/// Source: Brent, "Algorithms for minimization without derivatives" (1973), chapter 4.
template <class F> std::optional<double> find_root(F&& f, double lower, double upper, double tolerance) {
  double a = lower, b = upper, fa = f(a), fb = f(b);
  if (fa == 0.0) return a;
  if (fb == 0.0) return b;
  if (std::isnan(fa) || std::isnan(fb) || std::signbit(fa) == std::signbit(fb)) return std::nullopt;
  double c = a, fc = fa, step = b - a, before = step;
  for (int k = 0; k < 200; ++k) {
    if (std::signbit(fb) == std::signbit(fc)) { // the root lies between a and b
      c = a, fc = fa;
      step = before = b - a;
    }
    if (std::abs(fc) < std::abs(fb)) { // b is always the best point so far
      a = b, b = c, c = a;
      fa = fb, fb = fc, fc = fa;
    }
    const double precision = 2.0 * std::numeric_limits<double>::epsilon() * std::abs(b) + 0.5 * tolerance;
    const double half = 0.5 * (c - b);
    if (std::abs(half) <= precision || fb == 0.0) return b;
    if (std::abs(before) >= precision && std::abs(fa) > std::abs(fb)) {
      const double s = fb / fa;
      double p, q;
      if (a == c) { // secant
        p = 2.0 * half * s;
        q = 1.0 - s;
      } else { // inverse quadratic
        const double r = fb / fc, t = fa / fc;
        p = s * (2.0 * half * t * (t - r) - (b - a) * (r - 1.0));
        q = (t - 1.0) * (r - 1.0) * (s - 1.0);
      }
      if (p > 0.0) q = -q;
      p = std::abs(p);
      if (2.0 * p < std::min(3.0 * half * q - std::abs(precision * q), std::abs(before * q))) {
        before = std::exchange(step, p / q);
      } else {
        step = before = half;
      }
    } else {
      step = before = half;
    }
    a = b, fa = fb;
    b += std::abs(step) > precision ? step : std::copysign(precision, half);
    fb = f(b);
    if (std::isnan(fb)) return std::nullopt;
  }
  return std::nullopt;
}

/// Newton's method inside a shrinking bracket: a step that would leave it, or that does not halve the previous one,
/// becomes a bisection. `f` maps a double to a pair (value, derivative).
/// @param tolerance largest last step, in the unit of the abscissa; machine precision is added.
/// @returns as `find_root`.
template <class F> std::optional<double> find_root_newton(F&& f, double lower, double upper, double tolerance) {
  const double at_lower = f(lower).first, at_upper = f(upper).first;
  if (at_lower == 0.0) return lower;
  if (at_upper == 0.0) return upper;
  if (std::isnan(at_lower) || std::isnan(at_upper) || std::signbit(at_lower) == std::signbit(at_upper)) return std::nullopt;
  if (at_lower > 0.0) std::swap(lower, upper); // f(lower) < 0 < f(upper) from here on
  double x = 0.5 * (lower + upper);
  double last = std::abs(upper - lower);
  for (int k = 0; k < 200; ++k) {
    const auto [value, slope] = f(x);
    if (std::isnan(value)) return std::nullopt;
    if (value == 0.0) return x;
    (value < 0.0 ? lower : upper) = x;
    const double newton = x - value / slope; // not finite for a zero slope: the test below then bisects
    const bool inside = (newton - lower) * (newton - upper) < 0.0;
    const double next = inside && std::abs(newton - x) < 0.5 * last ? newton : 0.5 * (lower + upper);
    last = std::abs(next - x);
    x = next;
    if (last <= tolerance + 2.0 * std::numeric_limits<double>::epsilon() * std::abs(x)) return x;
  }
  return std::nullopt;
}

} // namespace platen::numerics

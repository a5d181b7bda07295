#pragma once

#include "base/constants.hpp"

#include <algorithm>
#include <cmath>

namespace platen::physics {

/// Factor by which a thermally activated rate at `reference` (K) changes at `T` (K); activation in J/mol. Equation (T1).
inline double arrhenius(double activation, double T, double reference = constants::T_ref) {
  return std::exp(activation / constants::R * (1.0 / reference - 1.0 / T));
}

/// x^n for n >= 0. Whole exponents, which several laws have as they stand, need no logarithm.
inline double power(double x, double n) {
  if (n > 64.0 || n != std::floor(n)) return std::pow(x, n);
  double out = 1.0;
  for (auto left = static_cast<unsigned>(n); left > 0; left /= 2, x *= x)
    if (left % 2 == 1) out *= x;
  return out;
}

/// max(x, 0) with its corner rounded over |x| < `smooth` (same unit as x) by a parabola, equation (T2): the derivative is
/// continuous at x = 0, and there is exactly nothing below -smooth.
inline double positive_part(double x, double smooth) {
  if (x <= -smooth) return 0.0;
  if (x >= smooth) return x;
  return (x + smooth) * (x + smooth) / (4.0 * smooth);
}

} // namespace platen::physics

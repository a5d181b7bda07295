#pragma once

#include "base/constants.hpp"

#include <algorithm>
#include <cmath>

namespace platen::physics {

/// Factor by which a thermally activated rate at `reference` (K) changes at `T` (K); activation in J/mol. Equation (T1).
inline double arrhenius(double activation, double T, double reference = constants::T_ref) {
  return std::exp(activation / constants::R * (1.0 / reference - 1.0 / T));
}

/// max(x, 0) rounded over a width `smooth` (same unit as x) so that derivatives exist at x = 0. Equation (T2).
inline double positive_part(double x, double smooth) {
  return 0.5 * (x + std::sqrt(x * x + smooth * smooth));
}

} // namespace platen::physics

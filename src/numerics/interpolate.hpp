#pragma once
// Straight lines between points with ascending abscissae.

#include <span>

namespace platen::numerics {

/// What holds outside the abscissae.
enum class Outside {
  nan, ///< nothing is known there
  hold ///< the value at the nearest end
};

/// y at `at`, linear between neighbours; at an abscissa exactly its y. `x` strictly ascending, lengths equal.
/// NaN where `at` or a neighbour's y is NaN, or where there are no points.
/// @throws Error B004 when lengths differ.
double interpolate(std::span<const double> x, std::span<const double> y, double at, Outside outside);

} // namespace platen::numerics

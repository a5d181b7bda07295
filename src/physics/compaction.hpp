#pragma once
// How dense a pressed powder is. Theory: docs/theory/fabrication.md.

#include <cmath>

namespace platen::physics {

/// Relative density after pressing at `pressure` (Pa), equation (S1), Heckel 1961:
/// ln(1/(1-D)) = P/strength + offset. Valid for 0 to about 600 MPa on dry-pressed powders.
inline double relative_density(double pressure, double strength, double offset) {
  return 1.0 - std::exp(-(pressure / strength + offset));
}

/// Thickness (m) of `mass` (kg) on `area` (m2) at a relative density, equation (S2).
inline double pellet_thickness(double mass, double area, double crystal_density, double relative) {
  return mass / (area * crystal_density * relative);
}

} // namespace platen::physics

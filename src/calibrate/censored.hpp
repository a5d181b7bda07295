#pragma once
// A test that only says between which steps a cell failed, as residuals of a least-squares problem. Theory: docs/theory/calibration.md.

#include <array>

namespace platen::calibrate {

/// Residuals of an observation between `low` and `high` (any unit; `low` zero: failed at the first step; `high` infinite: never seen to
/// fail; not both) of which the model says
/// `value` in the same unit, where equal cells scatter log-normally with `sigma` > 0. Their sum of squares is -2 ln P, equations (B3), (B4):
/// the first is signed (above zero where the model says too much) and runs through zero at the most probable value, so that its slope carries the
/// curvature that Gauss and Newton need; the second holds what no value can explain, and depends on `sigma` alone.
/// A `value` of zero or an infinite one is taken as 1e-6 or 1e6 times the bound.
std::array<double, 2> censored_residuals(double value, double low, double high, double sigma);

/// -2 ln P of the same.
double censored_deviance(double value, double low, double high, double sigma);

} // namespace platen::calibrate

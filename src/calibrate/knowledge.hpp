#pragma once
// In words what data and priors say of each number.

#include "calibrate/calibrate.hpp"

namespace platen::calibrate {

/// Fills `knowledge` and `words` from the fit, the profiles and the posterior as far as they are there.
void tell_knowledge(Calibration& calibration);

} // namespace platen::calibrate

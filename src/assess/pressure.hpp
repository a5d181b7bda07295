#pragma once
// What the stack pressure did while current flowed.

#include "assess/assessment.hpp"

namespace platen::assessing {

/// Minimum, maximum and swing per cycle (two half cycles in opposite directions), and over all of the cycling (A20).
/// Everything is empty when the record has no stack pressure.
PressureAssessment assess_pressure(const Record& record, const Segments& segments);

} // namespace platen::assessing

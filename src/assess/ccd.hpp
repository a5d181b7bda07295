#pragma once
// Steps of the ramp, their resistances, and the critical current density as an interval on the ramp's grid.

#include "assess/verdict.hpp"

namespace platen::assessing {

/// Both directions of each step together (A1, A17).
std::vector<StepAssessment> assess_steps(const Rows& rows, const Segments& segments, const std::optional<double>& area);

/// (A18) Fills `ccd` or `ccd_refused` and marks the failed step.
void find_ccd(const Segments& segments, const Outcome& outcome, const std::optional<double>& area, Assessment& out);

/// Areal charge passed in both directions until `until` (A19), C/m2.
double capacity_until(const Segments& segments, double until, double area);

/// Fills the resistances of each half cycle from the record's own rows (A4, A17).
void describe_half_cycle(const Rows& rows, const Segments& segments, const Offset& offset, const std::optional<double>& area,
                         std::size_t index, HalfCycleAssessment& out);

} // namespace platen::assessing

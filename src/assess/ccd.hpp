#pragma once
// Steps of the ramp, their resistances, and the critical current density as an interval on the ramp's grid.

#include "assess/verdict.hpp"

namespace platen::assessing {

/// Both directions of each step together (A1, A17).
std::vector<StepAssessment> assess_steps(const Rows& rows, const Segments& segments, const std::optional<double>& area);

/// A ramp with what was judged of it.
struct Ramp {
  const Record& record;
  const Rows& rows;
  const Segments& segments;
  const Outcome& outcome;
};

struct CcdAnswer {
  std::optional<CriticalCurrentDensity> ccd; ///< empty: refused
  std::string refused;                       ///< why
  std::string remark;                        ///< what limits a lower bound
};
/// (A18) The interval, or the reason why the record cannot support one. With `area` 1 the CCD is a current in A.
CcdAnswer answer_ccd(const Ramp& ramp, const std::optional<double>& area);

/// (A18) Fills `ccd` or `ccd_refused` and marks the failed step.
void find_ccd(const Ramp& ramp, const std::optional<double>& area, Assessment& out);

/// The judgement again, from what an assessment says.
Outcome outcome_of(const Assessment& assessment);

/// The first half cycle before `end` that a voltage limit cut short: it took less than 90 % of the usual time, passed less than 90 %
/// of the usual charge of those before it, and others were cut at the same voltage after other times.
struct CutShort {
  std::size_t half_cycle = 0;
  double duration = 0, usual_duration = 0; ///< s
  double voltage = 0;                      ///< V, magnitude
};
std::optional<CutShort> first_cut_short(const Rows& rows, const Segments& segments, std::size_t end);

/// Why the steps of the record are none of a ramp that a CCD can be read from; empty when they are. Needs a short.
std::string no_ramp(const Ramp& ramp, const std::optional<double>& area);

/// Areal charge passed in both directions until `until` (A19), C/m2.
double capacity_until(const Segments& segments, double until, double area);

/// Fills the resistances of each half cycle from the record's own rows (A4, A17).
void describe_half_cycle(const Rows& rows, const Segments& segments, const Offset& offset, const std::optional<double>& area,
                         std::size_t index, HalfCycleAssessment& out);

} // namespace platen::assessing

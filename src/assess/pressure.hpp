#pragma once
// What the stack pressure did: jumps, cycles, stiffness, hysteresis, relaxation. Equations: docs/theory/pressure.md.

#include "assess/assessment.hpp"

#include <optional>
#include <vector>

namespace platen::assessing {

/// Minimum, maximum, swing and drift per cycle (two half cycles in opposite directions), and over all of the cycling (R4).
/// Quick: what `assess` has of every record. Everything is empty when the record has no stack pressure.
PressureAssessment assess_pressure(const Record& record, const Segments& segments);

/// The same, and all else that the readings tell: jumps, temperature, stiffness, loops, fixture, relaxation. Takes tenths of
/// a second. A record without current is one of holds alone: give it empty segments.
/// @param onset s: half cycles that end later are shorted and are left out of regressions, loops and the fixture's judgement.
/// @throws Error D060 when test_time is missing.
PressureAssessment analyse_pressure(const Record& record, const Segments& segments, const std::optional<double>& onset = std::nullopt);

/// Pressure that a fitted law says `t` s after the start of its hold, Pa.
double pressure_by(const RelaxationLaw& law, double t);

/// Replaces the pressure of an assessment by `analyse_pressure`, with its onset. Does nothing without a stack pressure.
void look_closely_at_pressure(const Record& record, Assessment& assessment);

/// dP/dQ in every half cycle that has a pressure (R6), jumps taken out: lithium that
/// is not plated does not push, so that in a fixed gap a slope that falls is a short seen from outside.
/// Half cycles with fewer than eight readings have no entry.
std::vector<HalfCyclePressure> pressure_of_half_cycles(const Record& record, const Segments& segments);

/// Takes the first long hold of `empty` from that of `loaded`, both counted from their starts (R16). Both were assessed by
/// `analyse_pressure`. @throws Error D440 when one of them has no hold to which a law was fitted.
FixtureComparison compare_with_empty(const PressureAssessment& loaded, const PressureAssessment& empty, const std::string& file);

} // namespace platen::assessing

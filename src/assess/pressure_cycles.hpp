#pragma once
// The pressure of a cell that is cycled: slopes, stiffness, loops, and what holds it.

#include "assess/pressure_series.hpp"

#include <optional>
#include <vector>

namespace platen::assessing {

/// Adds swing, drift and jumps to the cycles that `rows` knows by their times (R4).
void describe_cycles(const PressureSeries& series, std::vector<PressureCycle>& cycles);

/// (R6) for every half cycle with enough readings.
std::vector<HalfCyclePressure> half_cycle_slopes(const PressureSeries& series, const Segments& segments);

/// (R7) over the half cycles in `intact`; empty with fewer than two of them.
std::optional<PressureRegression> regress_pressure(const PressureSeries& series, const Segments& segments, const std::vector<char>& intact);

/// (R8) for each pair of an intact charge and the intact discharge after it.
std::vector<PressureLoop> pressure_loops(const PressureSeries& series, const Segments& segments, const std::vector<char>& intact);

/// (R9) from the slopes of intact half cycles.
FixtureJudgement judge_fixture(const Record& record, const std::vector<HalfCyclePressure>& slopes, const std::vector<char>& intact,
                               bool per_area);

} // namespace platen::assessing

#pragma once
// Runs a study in time: press, release, cycle, short.

#include "record/record.hpp"
#include "study/study.hpp"
#include "work/work.hpp"

namespace platen {

/// Runs the study's test from pressing to its end and returns what an ideal instrument would have recorded, on the
/// study's output grid. Deterministic for a study and its seed, on any number of cores.
/// @throws Error S0xx when the solver fails (names the states that were worst and what that usually means);
///   Cancelled.
Record simulate(const Study& study, const work::Task& task = {});

} // namespace platen

#pragma once
// The goal as a test: a study made ready for it, and one cell run through it.

#include "advise/ensemble.hpp"
#include "advise/odds.hpp"
#include "work/work.hpp"

#include <string>

namespace platen::advise {

/// What the test of a goal asks.
struct Target {
  double current_density = 0.0; ///< A/m2 to be carried; 0: only the swing counts
  std::optional<double> swing;  ///< Pa, at most
  bool about_swing = false;     ///< the goal is a swing alone
};

/// The study with what the goal asks of its test: areal capacity, a ramp that ends above the goal, no impedance.
/// @throws Error C082 (no ramp), C084 (no cycles).
struct Prepared {
  Study study;
  Target target;
  std::vector<std::string> notes; ///< what was changed, in words
};
Prepared prepared(Study study, const Goal& goal);
/// Makes an explanation's study ready in the same way.
Study prepared_like(const Study& study, const Goal& goal);

/// One cell of a parameter set.
struct Run {
  bool done = false;     ///< false: it could not be simulated
  Cell01 cell;
  double value = 0.0;    ///< A/m2 or Pa
  bool bounded = false;  ///< the ramp ended before the cell did: `value` is a lower bound
  std::string limit;     ///< what held it back; only where it missed
};

/// Simulates `study` (already turned) as the cell of a seed. What the simulator refuses is a run that is not done. @throws Cancelled.
Run run_cell(Study study, const Target& target, std::uint64_t seed, const work::Task& task);

} // namespace platen::advise

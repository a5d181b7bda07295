#pragma once
// Half cycles and current steps, found in the data themselves; a cycler's step columns are only hints.

#include "record/record.hpp"

#include <vector>

namespace platen {

/// A run of rows with one sign of the current and (within noise) one magnitude.
struct HalfCycle {
  std::size_t first = 0, last = 0;  ///< rows, inclusive
  int direction = 0;                ///< +1 or -1: sign of the current
  double current = 0.0;             ///< A, time-weighted mean, signed
  double start = 0.0, end = 0.0;    ///< test time, s; a half cycle starts where the current was switched
  double charge = 0.0;              ///< C, signed, integral of the recorded current
  std::size_t step = 0;             ///< index into `current_steps`
};

/// Consecutive half cycles at one magnitude of the current: one step of a ramp.
struct CurrentStep {
  std::size_t first_half_cycle = 0, last_half_cycle = 0; ///< inclusive
  double current = 0.0;                                  ///< A, magnitude
};

struct Segments {
  std::vector<HalfCycle> half_cycles;
  std::vector<CurrentStep> current_steps;
};

/// Splits a record by its current. Rests and open circuit belong to no half cycle. The threshold for "no current" and
/// for "the same current" comes from the noise of the recorded current itself.
/// Where every row carries one and the same current, or none is recorded and the cell file states a constant one, half
/// cycles are cut by the counters of cycles and steps and by gaps in time.
/// @throws Error D060 when test_time is missing, or current without one in `record.cell.current`.
Segments find_segments(const Record& record);

} // namespace platen

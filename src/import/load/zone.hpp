#pragma once
// Wall clocks that are put forward and back: local times of a named zone become seconds since 1970 UTC.

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace platen::load {

/// Whether the system's zone table has `name` ("America/Los_Angeles", "Etc/GMT+8").
bool is_zone(const std::string& name);

/// Local times in UTC, and what had to be decided on the way.
struct Zoned {
  std::vector<double> utc;
  std::size_t skipped = 0; ///< rows in an hour that the zone's clocks skipped: this clock was not put forward
  std::size_t first_skipped = 0;
  std::size_t doubtful = 0; ///< rows in an hour that came twice and nothing says which
  std::size_t first_doubtful = 0;
  std::size_t holes = 0; ///< repeated hours that were passed once, with exactly one hour missing after them
  std::size_t first_hole = 0;
};

/// Each of `local` (seconds since 1970 as the wall clock shows them, in the order they were written) in UTC.
/// In an hour that comes twice the rows before the clock goes back are the first pass and those after it the
/// second; a single pass belongs to the side that it joins without a gap. Rows in an hour that was skipped
/// show a clock that was not put forward: it keeps its old offset until it jumps or until both agree again.
/// @param interval usual time between rows, s. Requires is_zone(zone).
Zoned to_utc(std::span<const double> local, const std::string& zone, double interval);

} // namespace platen::load

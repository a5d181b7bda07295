#pragma once
// One time axis out of whatever a file has: test time, step time, dates, or a date and a time of day side by
// side.

#include "base/error.hpp"
#include "import/text/table.hpp"

#include <optional>
#include <vector>

namespace platen::text {

struct Clock {
  std::vector<double> test; ///< s
  std::vector<double> unix; ///< s since 1970-01-01; empty when unknown
  std::vector<double> step; ///< s since the step began; empty when unknown
  bool from_dates = false;  ///< `test` was made of dates
  bool local = false;       ///< `unix` is what a wall clock showed: its dates do not say their zone
};

/// Takes the time columns of `table` and makes test time of them, in the file's order of rows: a clock that
/// runs backwards is reported (D011), never sorted. Where only step time is there, steps are put end to end,
/// and pauses longer than 2 s between them come from the dates (D016). A time without a unit is held against
/// the dates (D013).
/// @param start what the file's preamble says of the start, s since 1970.
/// @throws Error D007 when there is no time at all.
Clock build_clock(TextTable& table, std::optional<double> start, Diagnostics& notes);

} // namespace platen::text

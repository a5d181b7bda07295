#pragma once
// Steps and cycles as EC-Lab counts them, from its columns mode, Ns and half cycle; for binary files and text exports.

#include "record/record.hpp"

#include <cstdint>
#include <vector>

namespace platen::biologic {

/// Adds `step_count` and `step_type` where the record has a column `mode` and neither of the two. A step ends where mode
/// or Ns change, and where Ns begins anew. Its type comes from the mode, the controlled value and the mean current;
/// potential sweeps have none.
void add_steps(Record& record);

/// Gives a record whose every row is at rest a current of 0 (D325 instead of D018).
void add_rest_current(Record& record, const Place& place);

/// Adds `cycle_count` where there is none: from the first rows of loops (counted from 1), else from `half cycle` as
/// EC-Lab counts cycles (two half cycles each, from 0).
void add_cycles(Record& record, const std::vector<std::int64_t>& loops);

} // namespace platen::biologic

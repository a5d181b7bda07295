#pragma once
// Records of files of one test, put together by time.

#include "record/record.hpp"

#include <string>
#include <vector>

namespace platen {

/// One file of a test.
struct TestPart {
  std::string name;  ///< of the file, for messages
  Record record;
  double offset = 0; ///< s added to its test time
};

/// One record of all rows and spectra, in order of test time; rows of equal time keep the order of the parts. Columns that
/// a part does not have are NaN there, whole numbers 0 (D337). `step_count` runs on, and goes up where the part changes and where a
/// spectrum was measured in between.
/// Metadata are those of the first part, warnings and rejects those of all. A column `file` numbers the parts from 1.
Record join_records(std::vector<TestPart> parts);

/// Where rows and sweeps of the parts lie in time: the number of runs of each part when all are put in order of time.
std::vector<std::size_t> runs_in_time(const std::vector<TestPart>& parts);

} // namespace platen

#pragma once
// A load-cell log beside the cycler's data becomes the record's stack pressure. docs/formats/pressure-log.md.

#include "import/cell_file.hpp"
#include "record/record.hpp"
#include "work/work.hpp"

#include <optional>
#include <span>
#include <vector>

namespace platen {

/// A log over its own clock: seconds, or seconds since 1970 where the log has dates.
struct LoadLog {
  std::vector<double> time;  ///< s, clock offset already added, rising
  std::vector<double> value; ///< Pa
  bool dated = false;
};

/// Values of the log at `at`: linear between neighbours, NaN outside the log and between neighbours further
/// apart than `longest_gap`. Nothing is invented where nothing was recorded. `at` need not be sorted.
std::vector<double> resample(const LoadLog& log, std::span<const double> at, double longest_gap);

/// Reads a load-cell log in Pa. @param area of the cell, m2, for logs of force or voltage.
/// @throws Error D001; D006, D008, D009 (as for data files); D085 to D088; Cancelled.
LoadLog read_load_log(const PressureLog& log, std::optional<double> area, Record& record,
                      const work::Task& task);

/// Reads the log and joins it on time: `stack_pressure` of `record` is replaced, an instrument's own is kept
/// as `stack_pressure_instrument`. Gaps of more than five sampling intervals (median) stay NaN.
/// @throws as read_load_log; Error D089 (the log has dates, the record has none), D090 (no common time).
void join_pressure_log(Record& record, const PressureLog& log, const work::Task& task);

} // namespace platen

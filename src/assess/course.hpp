#pragma once
// A record's resistance as one course: a few points of each half cycle, with all that a healthy cell's habits depend on.

#include "assess/trace.hpp"

#include <cstddef>
#include <vector>

namespace platen::assessing {

/// A half cycle's resistance is looked at in as many equal parts.
inline constexpr std::size_t course_resolution = 8;

/// Logarithm of the resistance in one part of a half cycle, or of a few alike half cycles in a row.
struct CoursePoint {
  std::size_t block = 0;     ///< which half cycle, or group of them
  double into = 0;           ///< 1, middle of the part within its half cycle
  double value = 0;          ///< 1, ln(resistance at 25 degC / ohm), linear in a zero error of the voltage
  double variance = 0;       ///< 1, of the instrument's noise
  double direction = 1;      ///< +1, -1
  double load = 0;           ///< 1, current over the largest
  double load_before = 0;    ///< 1, that of the half cycle before
  double per_volt = 0;       ///< 1/V, what a zero error of the voltage does to the value
  double time = 0;           ///< s, test time
  double under_current = 0;  ///< s, time under current until then
  double thermal = 0;        ///< 1, ln of what the temperature did to the resistance since the first half cycle
};

/// The points of one record, block by block.
struct Course {
  std::vector<CoursePoint> points;
  std::vector<std::size_t> first_of_block; ///< half cycle of the record with which each block begins
  std::vector<std::size_t> block_of;       ///< of each half cycle of the record; the number of blocks where it was left out
  double half_cycle = 0;                   ///< s, usual duration
  double group = 1;                        ///< half cycles of one direction in a block
  double zero = 0;                         ///< V, standard uncertainty of the zero
  bool temperature_logged = false;         ///< row by row
};

/// `counts`: half cycles that may be looked at. Half cycles without a clear voltage, and what follows a gap, are left out.
Course course_of(const std::vector<Trace>& traces, const std::vector<bool>& counts, bool temperature_logged);

/// s, from start to end.
double span_of(const Trace& trace);

} // namespace platen::assessing

#pragma once
// The zero error of the voltage of a symmetric cell, as it wanders through a test.

#include "record/segments.hpp"

#include <vector>

namespace platen::assessing {

struct Rows;

/// Zero error of the voltage (A1).
struct Offset {
  double value = 0;     ///< V, the median over the test
  bool known = false;   ///< two directions were measured, or a rest
  std::vector<double> times, values, errors; ///< s, V, V: the zero where it was seen, and two standard errors of it
  /// V at a test time (s): on straight lines between where it was seen.
  double at(double time) const;
  /// V, two standard errors at a test time (s): the larger of those before and after it.
  double error_at(double time) const;
  /// V, standard error of `value` where it stands for every moment of the test: how well the zero was seen, and how far it wanders.
  double typical_error() const;
};

/// From the voltage at rest and from pairs of half cycles of one step in both directions; 0 +- thresholds::unknown_offset where there are neither.
Offset find_offset(const Rows& rows, const Segments& segments);

} // namespace platen::assessing

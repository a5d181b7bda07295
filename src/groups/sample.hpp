#pragma once
// CCDs as censored observations: what a ramp can say of a cell is between which steps it failed.

#include "groups/row.hpp"

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

namespace platen::groups {

/// The CCD of one cell lies in (low, high], A/m2 (X1). low = 0: failed in the first step (left-censored); high infinite: no short
/// seen (right-censored); low = high: known as a number.
struct Interval {
  double low = 0.0;
  double high = std::numeric_limits<double>::infinity();

  bool left_censored() const noexcept { return low <= 0.0; }
  bool right_censored() const noexcept { return high == std::numeric_limits<double>::infinity(); }
  bool exact() const noexcept { return low == high; }
};

/// (X1) of a row that is not refused.
Interval interval_of(const CcdRow& row);

/// Ends that differ by less than `share` of the smaller neighbouring step become one value (their mean): 0.886 and 0.8861 mA/cm2 are
/// the same step of two files, and the estimate depends on whether intervals touch.
void merge_ends(std::vector<Interval>& intervals, double share = 0.02);

/// How many of each kind.
struct Counts {
  std::size_t cells = 0, left = 0, right = 0, exact = 0;
  std::size_t failed() const noexcept { return cells - right; } ///< cells whose short was seen
};
Counts count(std::span<const Interval> sample);

} // namespace platen::groups

#pragma once
// A second instrument's readings over its own clock, and that clock held against another one.
// docs/theory/clocks.md.

#include <cstddef>
#include <span>
#include <vector>

namespace platen::align {

/// A load-cell log: seconds of its own clock, or seconds since 1970 where it has dates.
struct Log {
  std::vector<double> time;        ///< s, rising
  std::vector<double> value;       ///< Pa; NaN where a reading is missing or saturated
  std::vector<double> temperature; ///< K, of the load cell; empty when the log has none
  bool dated = false;
};

/// Where the times of one clock fall on another: (W1).
struct ClockMap {
  double offset = 0.0; ///< s added at `pivot`
  double drift = 0.0;  ///< s per s by which the log's clock loses
  double pivot = 0.0;  ///< s, on the log's clock

  double to_data(double log_time) const { return log_time + offset + drift * (log_time - pivot); }
};

/// Median of the steps forward, s; 0 when there is none.
double usual_interval(std::span<const double> time);

/// Values of the log at `at`: linear between neighbours, NaN outside the log, between neighbours further
/// apart than `longest_gap`, and beside a reading that is missing. Nothing is invented where nothing was
/// recorded. `at` need not be sorted.
std::vector<double> resample(const Log& log, std::span<const double> at, double longest_gap);

/// A stretch in which the log says nothing.
struct Gap {
  double from = 0.0, to = 0.0; ///< s: the last reading before and the first after it
};
/// Stretches between readings further apart than `longest_gap`; missing readings are none.
std::vector<Gap> find_gaps(const Log& log, double longest_gap);

/// The load was changed by hand: a re-tightened screw, a fitted spring.
struct Jump {
  double time = 0.0; ///< s, on the log's clock: midway between the levels
  double size = 0.0; ///< Pa
};
/// Levels before and after are medians over a window of five readings and 20 s at least. A jump is a
/// difference between them of more than six times what such differences usually are and more than 2 % of the
/// usual pressure, that stays: after four more windows at least half of it is left.
std::vector<Jump> find_jumps(const Log& log);

} // namespace platen::align

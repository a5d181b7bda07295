#pragma once
// Axes: from a value to a place, and where the ticks go.

#include <string>
#include <string_view>
#include <vector>

namespace platen::report {

enum class Scale { linear, log };

/// A range on an axis, in the unit shown there. `low` < `high`; on a log scale both are positive.
struct Range {
  double low = 0.0, high = 1.0;
  Scale scale = Scale::linear;

  /// 0 at `low`, 1 at `high`; NaN for a value that has no place on a log scale.
  double place(double value) const;
};

struct Tick {
  double value = 0.0; ///< in the axis's unit
  std::string label;  ///< empty: a minor tick
};

/// Multiples of 1, 2 or 5 times a power of ten inside the range, about `about` of them, labelled with as many decimals as
/// the step needs.
std::vector<Tick> linear_ticks(double low, double high, int about);
/// Powers of ten labelled; 2 to 9 as minor ticks; where fewer than two powers fit, 1-2-5 are labelled too.
std::vector<Tick> log_ticks(double low, double high);

/// A unit for a time axis.
struct TimeUnit {
  std::string_view name; ///< "s", "min", "h", "d"
  double seconds;
};
/// The unit in which an axis of `span` seconds has short numbers: s below 3 min, min below 3 h, h below 10 d, else d.
TimeUnit time_unit(double span);
/// Ticks of an axis in hours or minutes also fall on quarters, halves, 6, 12, 24 ...: what a clock shows. In `unit`.
std::vector<Tick> time_ticks(double low, double high, const TimeUnit& unit, int about);
/// Ticks of a logarithmic axis of durations, at times people say: 1 min, 10 min, 1 h, 1 d ... Values in s.
std::vector<Tick> log_time_ticks(double low, double high);

/// The range of finite values in [low, high] widened so that no curve touches the frame, and never narrower than `least`.
Range padded(double low, double high, double least);

} // namespace platen::report

#include "assess/full_cell.hpp"
#include "assess/thresholds.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen::assessing {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t least_rows = 8;

/// Line through the rows with from <= time < to; empty with too few.
std::optional<numerics::LineFit> line_between(const Stroke& s, double from, double to) {
  std::vector<double> x, y;
  for (std::size_t k = 0; k < s.rest_time.size(); ++k)
    if (s.rest_time[k] >= from && s.rest_time[k] < to) {
      x.push_back(s.rest_time[k] - from);
      y.push_back(s.rest_voltage[k]);
    }
  if (x.size() < least_rows || !(x.back() > x.front())) return std::nullopt;
  return numerics::fit_line(x, y);
}

struct Leak {
  double share = nan, error = nan; ///< 1: current that the cell loses at rest, over the charging current
  double persists = nan;           ///< 1: slope in the last quarter over that in the third
  double since = 0;                ///< s
};

Leak leak_of(const Stroke& s) {
  Leak out;
  if (s.rest_time.empty()) return out;
  const double from = s.half_cycle.end, span = s.rest_time.back() - from;
  const double slope = s.end_slope, current = s.run_current;
  if (!(span >= thresholds::leak_rest) || !(slope > 0) || !(current > 0)) return out;
  const auto third = line_between(s, from + 0.5 * span, from + 0.75 * span);
  const auto last = line_between(s, from + 0.75 * span, from + 1.001 * span);
  if (!third || !last || !(third->slope < 0)) return out;
  out.share = -last->slope / slope / current;
  out.error = last->slope_error / slope / current;
  out.persists = last->slope / third->slope;
  out.since = from;
  return out;
}

double median_of(std::vector<double> values) { return values.empty() ? nan : numerics::median(values); }

} // namespace

Evidence self_discharge(const Stroke& charge, const Earlier& earlier) {
  Evidence e{"self-discharge at rest", nan, thresholds::leak_ratio, "1", false, charge.half_cycle.end, {}};
  std::vector<double> usual;
  for (const Stroke* s : earlier.charges)
    if (const Leak leak = leak_of(*s); leak.share > 0) usual.push_back(leak.share);
  const Leak here = leak_of(charge);
  const double before = median_of(usual);
  if (!std::isfinite(here.share) || !(before > 0)) {
    e.reason = fmt::format("not made: it takes rests of {:.0f} s after this charge and an earlier one", thresholds::leak_rest);
    return e;
  }
  e.figure = here.share / before;
  weigh(e, here.error / before, 1);
  e.fired = e.figure > e.threshold && here.persists > thresholds::leak_persists && (e.figure - e.threshold) > 3.0 * e.error;
  e.time = here.since;
  e.reason = fmt::format("at rest after the charge at {} the cell lost what {:.2g} % of that current would, {:.2g} % after earlier charges (threshold "
                         "{:.1f} times as much), and the loss slowed down to {:.0f} %", say_current(charge.half_cycle.current, earlier.area),
                         here.share * 100, before * 100, e.threshold, here.persists * 100);
  return e;
}

Evidence current_in_hold(const Stroke& charge, const Earlier& earlier) {
  Evidence e{"current rises at held voltage", nan, thresholds::hold_rise, "1", false, charge.half_cycle.end, {}};
  if (charge.hold_current.size() < 2 * least_rows && !std::isfinite(charge.least_current)) {
    e.reason = "not made: the charge does not end with a held voltage";
    return e;
  }
  if (!earlier.charges.empty() && charge.constant_passed < thresholds::stall_window * earlier.largest_charge()) {
    e.reason = "not made: the voltage was held nearly from the start, while voids were refilled";
    return e;
  }
  const std::vector<double> current = without_outliers(charge.hold_current, charge.last_of_record);
  const double set = charge.run_current;
  double least = std::min(current.front(), charge.least_current), rise = 0.0;
  std::size_t row = 0;
  for (std::size_t k = 0; k < current.size(); ++k) {
    least = std::min(least, current[k]);
    if (current[k] - least <= rise) continue;
    rise = current[k] - least;
    row = k;
  }
  e.figure = rise / set;
  weigh(e, std::sqrt(2.0) * charge.hold_noise / set, 1);
  e.fired = e.figure > e.threshold && rise > thresholds::jump_noise * charge.hold_noise;
  e.time = charge.hold_time[row];
  e.reason = fmt::format("while the voltage was held after the charge at {} the current rose again by {:.1f} % of it (a healthy one falls; threshold "
                         "{:.0f} %)", say_current(charge.half_cycle.current, earlier.area), e.figure * 100, e.threshold * 100);
  return e;
}

Evidence pressure_follows(const Stroke& charge, const Earlier& earlier) {
  constexpr double beyond = 3.0; // standard deviations of what earlier charges differ by: weather moves the pressure as well
  Evidence e{"pressure no longer follows the charge", nan, thresholds::push_share, "1", false, charge.half_cycle.start, {}};
  std::vector<double> slopes, errors;
  for (const Stroke* s : earlier.charges)
    if (s->push && std::isfinite(s->push->slope_error)) {
      slopes.push_back(s->push->slope);
      errors.push_back(s->push->slope_error);
    }
  const double usual = median_of(slopes), usual_error = median_of(errors);
  if (!charge.push || slopes.size() < 2 || !(usual > 0) || !(usual_error < thresholds::push_resolved * usual)) {
    e.reason = "not made: it takes two earlier charges that show a stack pressure which rises with the charge";
    return e;
  }
  e.figure = charge.push->slope / usual;
  const double read = std::hypot(charge.push->slope_error, e.figure * usual_error) / usual, differ = numerics::standard_deviation(slopes) / usual;
  weigh(e, std::hypot(read, differ), -1);
  e.fired = e.threshold - e.figure > std::max(thresholds::level_noise * read, beyond * differ);
  if (!charge.time.empty()) e.time = charge.time[charge.time.size() / 2];
  e.reason = fmt::format("in the later half of the charge at {} the stack pressure rose by {:.3g} kPa per mAh, by {:.3g} kPa per mAh in earlier charges: "
                         "{:.0f} % (threshold {:.0f} %; lithium that is not plated does not push)",
                         say_current(charge.half_cycle.current, earlier.area), charge.push->slope * 3.6e-3, usual * 3.6e-3, std::round(e.figure * 100) + 0.0,
                         e.threshold * 100);
  return e;
}

} // namespace platen::assessing

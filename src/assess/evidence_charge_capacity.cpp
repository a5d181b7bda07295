#include "assess/full_cell.hpp"
#include "assess/thresholds.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace platen::assessing {
namespace {

constexpr std::size_t least_cycles = 3; ///< fewer do not show how much efficiencies differ

/// Standard deviation of what earlier cycles did; NaN for fewer than two.
double spread(const std::vector<double>& values) {
  return values.size() < 2 ? std::numeric_limits<double>::quiet_NaN() : numerics::standard_deviation(values);
}

} // namespace

Evidence excess_charge(const Stroke& charge, const Stroke* discharge, const Earlier& earlier) {
  Evidence e{"charge beyond the capacity", std::numeric_limits<double>::quiet_NaN(), thresholds::charge_excess, "1", false,
             charge.half_cycle.start, {}};
  const bool stated = earlier.charges.empty() || earlier.discharges.empty(); // full and empty: only then a capacity was shown
  const double capacity = stated ? earlier.stated_capacity.value_or(0.0) : earlier.largest_run();
  if (charge.after_gap || (!stated && !std::isfinite(earlier.highest_net(charge.gaps)))) {
    e.reason = "not made: rows are missing before it, and what passed meanwhile is not known";
    return e;
  }
  if (!(capacity > 0) || (!stated && !earlier.charged_as_slowly(charge.half_cycle.current))) {
    e.reason = stated ? "not made: neither an earlier charge nor the areal capacity is known"
                      : "not made: no earlier charge was at so small a current, and a slower one takes more";
    return e;
  }
  if (stated) e.threshold = thresholds::stated_excess;
  // the fullest that the cell was before counts as full: a charge may follow a partial discharge, or the other way round
  const double full = stated ? charge.net - charge.passed_before + capacity : earlier.highest_net(charge.gaps);
  // and it must have passed that much itself: over hundreds of partial cycles the count of the charge drifts
  const double filled = 1.0 + (charge.net + charge.passed() - full) / capacity, passed = (charge.passed_before + charge.passed()) / capacity;
  e.figure = std::min(filled, passed);
  std::vector<double> charges;
  for (const Stroke* s : earlier.charges) charges.push_back(s->run_passed);
  weigh(e, spread(charges) / capacity, 1);
  const double until = std::max(full + (e.threshold - 1.0) * capacity - charge.net, e.threshold * capacity - charge.passed_before);
  const auto row = static_cast<std::size_t>(std::upper_bound(charge.charge.begin(), charge.charge.end(), until) - charge.charge.begin());
  if (row < charge.time.size()) e.time = charge.time[row];
  // a voltage above those at which charges ended before means that they stopped short of the capacity
  const double least = std::max(thresholds::charge_fall, thresholds::jump_noise * charge.noise);
  const auto rows = charge.voltage.begin() + static_cast<std::ptrdiff_t>(std::min(row + 1, charge.voltage.size()));
  const bool further = !stated && *std::max_element(charge.voltage.begin(), rows) > earlier.highest_end() + least;
  // what the discharge gives back was stored: contact that returned has made more of the cell available
  const bool stored = discharge != nullptr && !discharge->after_gap && discharge->run_passed > thresholds::efficiency_share * charge.run_passed;
  e.fired = e.figure > e.threshold && !further && !stored;
  e.reason = fmt::format("the charge at {} filled the cell to {:.2f} times {} (threshold {:.2f} times){}",
                         say_current(charge.half_cycle.current, earlier.area), e.figure,
                         stated ? "the stated capacity" : "the fullest that it was before", e.threshold,
                         further ? ", and went on to a higher voltage than those" : stored ? ", and the discharge gave it back" : "");
  return e;
}

Evidence cutoff_missed(const Stroke& charge, const Earlier& earlier) {
  Evidence e{"charge ends below the usual cut-off", std::numeric_limits<double>::quiet_NaN(), thresholds::cutoff_missed, "V", false,
             charge.half_cycle.end, {}};
  if (earlier.charges.empty()) {
    e.reason = "not made: no earlier charge shows where charges end";
    return e;
  }
  if (charge.passed() < thresholds::complete_share * earlier.largest_charge()) {
    e.reason = "not made: less was charged than in earlier cycles";
    return e;
  }
  e.figure = earlier.usual_end() - charge.end_voltage;
  e.fired = e.figure > std::max(e.threshold, thresholds::jump_noise * charge.noise);
  std::vector<double> ends;
  for (const Stroke* s : earlier.charges) ends.push_back(s->end_voltage);
  weigh(e, ends.size() < 2 ? charge.noise : std::hypot(charge.noise, spread(ends)), 1);
  e.reason = fmt::format("the charge at {} ended at {:.3f} V, earlier ones at {:.3f} V (threshold {:.0f} mV below)",
                         say_current(charge.half_cycle.current, earlier.area), charge.end_voltage, earlier.usual_end(), e.threshold * 1e3);
  return e;
}

Evidence efficiency(const Stroke& charge, const Stroke* discharge, const Earlier& earlier) {
  Evidence e{"coulombic efficiency", std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN(), "1", false,
             charge.half_cycle.end, {}};
  if (discharge == nullptr || !(charge.run_passed > 0) || earlier.efficiencies.empty() || charge.after_gap || discharge->after_gap) {
    e.reason = "not made: it takes two complete cycles";
    return e;
  }
  if (const double end = earlier.usual_end_of(-1); discharge->end_voltage > end + thresholds::cutoff_missed) {
    e.reason = fmt::format("not made: the discharge ended at {:.3f} V, earlier ones at {:.3f} V", discharge->end_voltage, end);
    return e;
  }
  if (const double rise = discharge->at_switch / earlier.usual_jump(-1, &Stroke::at_switch); rise > thresholds::contact_rise) {
    e.reason = fmt::format("not made: the discharge met its cut-off early, the resistance was {:.2g} times the usual", rise);
    return e;
  }
  std::vector<double> sorted = earlier.efficiencies;
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2), sorted.end());
  const double usual = sorted[sorted.size() / 2];
  e.figure = discharge->run_passed / charge.run_passed;
  const double differs = spread(earlier.efficiencies);
  // cycles that are alike make a small loss remarkable
  const bool alike = earlier.efficiencies.size() >= least_cycles && thresholds::level_noise * differs < thresholds::efficiency_fall;
  e.threshold = alike ? usual - std::max(thresholds::efficiency_least, thresholds::level_noise * differs) : thresholds::efficiency_share * usual;
  e.fired = e.figure < e.threshold;
  weigh(e, differs, -1);
  e.reason = fmt::format("of the charge at {} the discharge gave back {:.1f} %, {:.1f} % in earlier cycles (threshold {:.1f} %)",
                         say_current(charge.half_cycle.current, earlier.area), e.figure * 100, usual * 100, e.threshold * 100);
  return e;
}

} // namespace platen::assessing

#include "assess/full_cell.hpp"
#include "assess/thresholds.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace platen::assessing {

Evidence excess_charge(const Stroke& charge, const Earlier& earlier) {
  Evidence e{"charge beyond the capacity", std::numeric_limits<double>::quiet_NaN(), thresholds::charge_excess, "1", false,
             charge.half_cycle.start, {}};
  const double own = earlier.largest_charge();
  const bool stated = !(own > 0);
  const double capacity = stated ? earlier.stated_capacity.value_or(0.0) : own;
  if (!(capacity > 0)) {
    e.reason = "not made: neither an earlier charge nor the areal capacity is known";
    return e;
  }
  if (stated) e.threshold = thresholds::stated_excess;
  e.figure = charge.passed() / capacity;
  e.fired = e.figure > e.threshold;
  const auto row = std::upper_bound(charge.charge.begin(), charge.charge.end(), e.threshold * capacity);
  if (e.fired && row != charge.charge.end()) e.time = charge.time[static_cast<std::size_t>(row - charge.charge.begin())];
  e.reason = fmt::format("the charge at {} passed {:.2f} times {} (threshold {:.2f} times)", say_current(charge.half_cycle.current, earlier.area),
                         e.figure, stated ? "the stated capacity" : "what any earlier charge took", e.threshold);
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
  e.reason = fmt::format("the charge at {} ended at {:.3f} V, earlier ones at {:.3f} V (threshold {:.0f} mV below)",
                         say_current(charge.half_cycle.current, earlier.area), charge.end_voltage, earlier.usual_end(), e.threshold * 1e3);
  return e;
}

Evidence efficiency(const Stroke& charge, const Stroke* discharge, const Earlier& earlier) {
  Evidence e{"coulombic efficiency", std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN(), "1", false,
             charge.half_cycle.end, {}};
  if (discharge == nullptr || !(charge.passed() > 0) || earlier.efficiencies.empty()) {
    e.reason = "not made: it takes two complete cycles";
    return e;
  }
  std::vector<double> sorted = earlier.efficiencies;
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2), sorted.end());
  const double usual = sorted[sorted.size() / 2];
  e.figure = discharge->passed() / charge.passed();
  e.threshold = thresholds::efficiency_share * usual;
  e.fired = e.figure < e.threshold;
  e.reason = fmt::format("of the charge at {} the discharge gave back {:.1f} %, {:.1f} % in earlier cycles (threshold {:.1f} %)",
                         say_current(charge.half_cycle.current, earlier.area), e.figure * 100, usual * 100, e.threshold * 100);
  return e;
}

} // namespace platen::assessing

#include "assess/full_cell.hpp"
#include "assess/thresholds.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen::assessing {
namespace {

double step_that_counts(const Stroke& charge) { return std::max(thresholds::charge_fall, thresholds::jump_noise * charge.noise); }

/// First row after the last one (from `first` on) at which the voltage still had its highest value.
double began(const Stroke& charge, std::size_t first, std::size_t row, double highest) {
  const double near = std::max(0.2 * thresholds::charge_fall, 3.0 * charge.noise);
  while (row > first && charge.voltage[row - 1] < highest - near) --row;
  return charge.time[row];
}

} // namespace

ChargeFall find_charge_fall(const Stroke& charge, const Earlier& earlier) {
  ChargeFall out;
  const std::vector<double>& v = charge.voltage;
  const double fall = step_that_counts(charge);
  // Voids that the discharge opened are refilled first: until the voltage has risen, a fall is the end of that.
  bool risen = false;
  std::size_t first = 0;
  double low = v.front(), high = v.front();
  for (std::size_t k = 1; k < v.size(); ++k) {
    if (!risen) {
      low = std::min(low, v[k]);
      risen = v[k] > low + fall;
      high = v[k];
      first = k;
      continue;
    }
    high = std::max(high, v[k]);
    const double usual = earlier.voltage_at(charge.net + charge.charge[k], charge.gaps);
    const bool refill = !earlier.charges.empty() && !(v[k] < usual); // also where nothing is known at this charge
    if (v[k] > high - fall || refill) continue;
    if (!out.found) out = {true, high, v[k], charge.time[k], began(charge, first, k, high)};
    out.lowest = std::min(out.lowest, v[k]);
  }
  return out;
}

Evidence voltage_fall(const Stroke& charge, const ChargeFall& fall, const Earlier& earlier) {
  Evidence e{"voltage falls while charging", fall.found ? fall.highest - fall.lowest : 0.0, step_that_counts(charge), "V", fall.found,
             fall.found ? fall.time : charge.half_cycle.start, {}};
  weigh(e, std::sqrt(2.0) * charge.noise, 1);
  const std::string current = say_current(charge.half_cycle.current, earlier.area);
  e.reason = fall.found ? fmt::format("while charging at {} the voltage fell from {:.3f} V to {:.3f} V (a healthy charge rises; threshold "
                                      "{:.0f} mV)", current, fall.highest, fall.lowest, e.threshold * 1e3)
                        : fmt::format("while charging at {} the voltage did not fall by {:.0f} mV", current, e.threshold * 1e3);
  return e;
}

Evidence below_start(const Stroke& charge, const Earlier& earlier) {
  const bool known = std::isfinite(charge.before);
  const auto [low, high] = std::minmax_element(charge.voltage.begin(), charge.voltage.end());
  // Below 1 V: of a cell that never was there in a healthy charge, or that was nowhere else since the record began. A half cell with a
  // graphite or silicon electrode lives there.
  const bool never_there = earlier.lowest_in_charges() >= thresholds::full_cell_voltage;
  // what rises while it is charged stores the charge; what is negative has its poles swapped
  const bool flat = charge.voltage.back() - charge.voltage.front() < thresholds::charge_fall && *high > -thresholds::unknown_offset;
  const bool nowhere_else = flat && std::max(*high, charge.highest_before) < thresholds::full_cell_voltage;
  const double least = (earlier.charges.empty() ? nowhere_else : never_there) ? thresholds::full_cell_voltage
                                                                              : -std::numeric_limits<double>::infinity();
  const double level = std::max(least, known ? charge.before - thresholds::charge_below : least);
  Evidence e{"voltage below that before the charge", *low, level, "V", false, charge.half_cycle.start, {}};
  if (!std::isfinite(level)) {
    e.figure = e.threshold = std::numeric_limits<double>::quiet_NaN();
    e.reason = "not made: the voltage before the charge is not known, and nothing says that it should be above 1 V";
    return e;
  }
  e.fired = e.figure < level;
  weigh(e, known ? std::sqrt(2.0) * charge.noise : charge.noise, -1);
  for (std::size_t k = 0; k < charge.voltage.size() && e.fired; ++k)
    if (charge.voltage[k] < level) {
      e.time = k == 0 ? charge.half_cycle.start : charge.time[k];
      break;
    }
  const bool from_before = level > least;
  e.reason = fmt::format("while charging at {} the voltage {} {:.3f} V, {} {:.3f} V that {}", say_current(charge.half_cycle.current, earlier.area),
                         e.fired ? "fell to" : "was never below", e.figure, e.fired ? "less than the" : "not less than the",
                         from_before ? charge.before : level, from_before ? "the cell had before" : "this cell should have at least");
  return e;
}

} // namespace platen::assessing

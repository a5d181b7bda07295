#include "assess/full_cell.hpp"
#include "assess/thresholds.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace platen::assessing {
namespace {

/// Least rise of the voltage over `window` (C), after the first `window`; infinite when the charge is shorter than two.
/// Only where the charge in the cell lies between `from` and `to` (C), and the voltage below `limit` (V): held there it cannot rise.
double least_rise(const Stroke& charge, double window, double from, double to, double limit, double& time) {
  double least = std::numeric_limits<double>::infinity();
  std::size_t back = 0;
  for (std::size_t k = 0; k < charge.charge.size(); ++k) {
    if (charge.charge[k] < 2.0 * window || charge.net + charge.charge[k] - window < from || charge.net + charge.charge[k] > to) continue;
    if (charge.voltage[k] > limit) continue;
    while (charge.charge[back] < charge.charge[k] - window) ++back;
    const double rise = charge.voltage[k] - charge.voltage[back];
    if (rise >= least) continue;
    least = rise;
    time = charge.time[back];
  }
  return least;
}

} // namespace

Evidence stalled(const Stroke& charge, const Earlier& earlier) {
  Evidence e{"voltage stalls while charging", std::numeric_limits<double>::quiet_NaN(), thresholds::stall_share, "1", false,
             charge.half_cycle.start, {}};
  const double window = thresholds::stall_window * earlier.largest_charge();
  constexpr double inf = std::numeric_limits<double>::infinity();
  double ignored = 0;
  const double usual = earlier.least_rises.of(earlier.charges, window, [&](const Stroke& s) { return least_rise(s, window, -inf, inf, inf, ignored); });
  // where the last healthy charge was as well: the curve is not as steep everywhere
  const Stroke* last = earlier.charges.empty() ? nullptr : earlier.charges.back();
  const double rise = window > 0 && last->gaps == charge.gaps && !charge.after_gap ? least_rise(charge, window, last->net, inf, earlier.usual_end() - thresholds::cutoff_missed, e.time) : inf;
  if (!std::isfinite(usual) || !std::isfinite(rise) || !(usual > thresholds::jump_noise * charge.noise)) {
    e.reason = "not made: no earlier charge shows how fast the voltage rises";
    return e;
  }
  e.figure = rise / usual;
  weigh(e, std::sqrt(2.0) * charge.noise / usual * std::hypot(1.0, e.figure), -1);
  e.fired = e.figure < e.threshold;
  e.reason = fmt::format("while charging at {} the voltage rose by {:.1f} mV over {:.0f} % of the usual charge, by at least {:.1f} mV in earlier "
                         "ones", say_current(charge.half_cycle.current, earlier.area), rise * 1e3, thresholds::stall_window * 100, usual * 1e3);
  return e;
}

Evidence charge_jumps(const Stroke& charge, const Earlier& earlier) {
  Evidence e{"sudden falls while charging", 0.0, thresholds::jump_count, "1", false, charge.half_cycle.start, {}};
  const double fall = std::max(thresholds::charge_jump, thresholds::jump_noise * charge.noise);
  double low = charge.voltage.front();
  bool risen = false; // while voids are refilled the voltage falls fast too
  for (std::size_t k = 1; k < charge.voltage.size(); ++k) {
    low = std::min(low, charge.voltage[k]);
    risen = risen || charge.voltage[k] > low + fall;
    if (!risen || charge.voltage[k - 1] - charge.voltage[k] < fall) continue;
    if (e.figure == 0.0) e.time = charge.time[k];
    e.figure += 1.0;
  }
  e.fired = e.figure >= e.threshold;
  weigh(e, std::sqrt(std::max(1.0, e.figure)), 1); // of a count
  e.reason = fmt::format("while charging at {} the voltage fell suddenly {:.0f} times by more than {:.0f} mV (threshold {:.0f} times)",
                         say_current(charge.half_cycle.current, earlier.area), e.figure, fall * 1e3, e.threshold);
  return e;
}

} // namespace platen::assessing

#include "assess/evidence.hpp"
#include "assess/thresholds.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <tuple>
#include <utility>

namespace platen::assessing {
namespace {

/// The row with most resistance over the lowest that an earlier part of the half cycle had, and that, ohm.
std::pair<std::size_t, double> highest_over_earlier(const Trace& trace) {
  std::pair<std::size_t, double> out{0, trace.low};
  double lowest = std::numeric_limits<double>::infinity(), most = 0.0;
  std::size_t part = 0;
  for (std::size_t k = 0; k < trace.r.size(); ++k) {
    for (; part < trace.part_of(k); ++part)
      if (trace.course[part] < lowest) lowest = trace.course[part];
    const double base = std::max(lowest, trace.low); // not what capacitances hold back at first
    if (!(trace.low > 0 && trace.r[k] > most * base)) continue;
    most = trace.r[k] / base;
    out = {k, base};
  }
  return out;
}

} // namespace

Evidence contact(const Trace& trace, const Context& context, double open_voltage, double due) {
  Evidence e{"contact loss", 0.0, thresholds::contact_ratio, "1", false, trace.half_cycle.start, {}};
  // single rows count here: a cycler stops at its voltage limit after one or two of them
  std::size_t row = 0;
  double base = trace.low;
  if (context.before.known) {
    row = static_cast<std::size_t>(std::max_element(trace.r.begin(), trace.r.end()) - trace.r.begin());
    base = context.before.low / trace.thermal;
  } else {
    // a first half cycle is its own measure, up to the row: one that falls did not lose contact
    std::tie(row, base) = highest_over_earlier(trace);
  }
  e.figure = base > 0 ? trace.r[row] / base : 0.0;
  // where the spectrum says that an interface went, the current need only show that and no healthy habit
  const double ratio = base > 0 ? std::clamp(1.0 + due / base, thresholds::contact_rise, thresholds::contact_ratio) : thresholds::contact_ratio;
  e.threshold = ratio;
  const double above = (trace.r[row] - ratio * base) * trace.mean_current();
  const double blur = thresholds::level_noise * std::hypot(trace.noise, ratio * trace.level_noise);
  const bool risen = base > 0 && above > blur + (ratio - 1.0) * trace.offset_error;
  const bool open = open_voltage > thresholds::open_voltage;
  e.fired = risen || open;
  if (base > 0) weigh(e, std::hypot(trace.noise / trace.mean_current(), e.figure * context.before.low_error / trace.thermal) / base, 1);
  e.time = trace.time[row];
  for (std::size_t k = 0; risen && k <= row; ++k)
    if (trace.r[k] > ratio * base) {
      e.time = trace.time[k];
      break;
    }
  const std::string current = say_current(trace.mean_current(), context.area);
  if (open && !risen)
    e.reason = fmt::format("after the half cycle at {} the cell showed {:.3g} V without current (threshold {:.2g} V): an open circuit",
                           current, open_voltage, thresholds::open_voltage);
  else
    e.reason = fmt::format("at {} the overpotential rose to {} mV, {} times what the cell had before (threshold {:.2g} times)",
                           current, say_number(trace.u[row] * 1e3, 3), say_number(e.figure, 2), ratio);
  return e;
}

} // namespace platen::assessing

#include "assess/evidence.hpp"
#include "assess/thresholds.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace platen::assessing {

Evidence contact(const Trace& trace, const Context& context, double open_voltage) {
  Evidence e{"contact loss", 0.0, thresholds::contact_ratio, "1", false, trace.half_cycle.start, {}};
  const double base = context.before.known ? context.before.low / trace.thermal : trace.low;
  // single rows count here: a cycler stops at its voltage limit after one or two of them
  const auto top = std::max_element(trace.r.begin(), trace.r.end());
  e.figure = base > 0 ? *top / base : 0.0;
  const auto row = static_cast<std::size_t>(top - trace.r.begin());
  const double above = (*top - base) * trace.mean_current();
  const bool risen = e.figure > thresholds::contact_ratio && above > thresholds::level_noise * trace.noise + trace.offset_error;
  const bool open = open_voltage > thresholds::open_voltage;
  e.fired = risen || open;
  if (base > 0) weigh(e, std::hypot(trace.noise / trace.mean_current(), e.figure * context.before.low_error / trace.thermal) / base, 1);
  e.time = trace.time[row];
  for (std::size_t k = 0; risen && k <= row; ++k)
    if (trace.r[k] > thresholds::contact_ratio * base) {
      e.time = trace.time[k];
      break;
    }
  const std::string current = say_current(trace.mean_current(), context.area);
  if (open && !risen)
    e.reason = fmt::format("after the half cycle at {} the cell showed {:.3g} V without current (threshold {:.2g} V): an open circuit",
                           current, open_voltage, thresholds::open_voltage);
  else
    e.reason = fmt::format("at {} the overpotential rose to {:.3g} mV, {:.2g} times what the cell had before (threshold {:.2g} times)",
                           current, trace.u[row] * 1e3, e.figure, thresholds::contact_ratio);
  return e;
}

} // namespace platen::assessing

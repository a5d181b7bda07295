#include "assess/evidence.hpp"
#include "assess/thresholds.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen::assessing {
namespace {

/// What a scatter was compared with: the largest of three.
std::string held_against(double earlier, double before, double instrument) {
  if (earlier == before) return "that of earlier half cycles";
  if (earlier == instrument) return "the noise of the whole record";
  return fmt::format("{:.2g} % of the overpotential", thresholds::noise_share / thresholds::noise_ratio * 100);
}

} // namespace

Evidence noise(const Trace& trace, const Context& context) {
  Evidence e{"noise", std::numeric_limits<double>::quiet_NaN(), thresholds::noise_ratio, "1", false, trace.half_cycle.start, {}};
  if (!context.before.known) {
    e.reason = fmt::format("not made: nothing earlier to compare the scatter of {:.3g} mV with", trace.scatter * 1e3);
    return e;
  }
  const double u = trace.middle * trace.mean_current();
  // a scatter below noise_share of the overpotential is never remarkable, however quiet the cell was before
  const double earlier = std::max({context.before.scatter, trace.noise, thresholds::noise_share * u / thresholds::noise_ratio});
  e.figure = earlier > 0 ? trace.scatter / earlier : 0.0;
  e.fired = e.figure > thresholds::noise_ratio;
  // of a scatter from the median of n magnitudes: 1.17 / sqrt n
  weigh(e, 1.17 * e.figure / std::sqrt(static_cast<double>(std::max<std::size_t>(1, trace.u.size()))), 1);
  e.reason = fmt::format("at {} the voltage scattered by {:.3g} mV about its own trend, {:.2g} times {:.3g} mV, {} (threshold {:.0f} times)",
                         say_current(trace.mean_current(), context.area), trace.scatter * 1e3, e.figure, earlier * 1e3,
                         held_against(earlier, context.before.scatter, trace.noise), thresholds::noise_ratio);
  return e;
}

Evidence noise_bursts(const Trace& trace, const Context& context) {
  Evidence e{"noise bursts", std::numeric_limits<double>::quiet_NaN(), thresholds::noise_ratio, "1", false, trace.half_cycle.start, {}};
  if (!context.before.settled || !(trace.burst > 0) || !(context.before.burst > 0)) {
    e.reason = "not made: no earlier half cycle is long enough to compare with";
    return e;
  }
  const double u = trace.middle * trace.mean_current();
  const double earlier = std::max({context.before.burst, trace.noise, thresholds::noise_share * u / thresholds::noise_ratio});
  e.figure = trace.burst / earlier;
  e.fired = e.figure > thresholds::noise_ratio;
  weigh(e, 1.17 * e.figure / std::sqrt(21.0), 1);
  e.reason = fmt::format("at {} the noisiest stretch of 21 rows had {:.3g} mV, {:.2g} times {:.3g} mV, {} (threshold {:.0f} times)",
                         say_current(trace.mean_current(), context.area), trace.burst * 1e3, e.figure, earlier * 1e3,
                         held_against(earlier, context.before.burst, trace.noise), thresholds::noise_ratio);
  return e;
}

Evidence jumps(const Trace& trace, const Context& context) {
  Evidence e{"sudden reversible falls", 0.0, thresholds::jump_count, "1", false, trace.half_cycle.start, {}};
  const double u = trace.middle * trace.mean_current();
  const double quiet = std::max(trace.noise, context.before.known ? context.before.scatter : 0.0);
  const double least = std::max(thresholds::jump_noise * std::max(quiet, trace.rounding), thresholds::jump_share * u);
  const double base = context.before.known ? context.before.low / trace.thermal * trace.mean_current() : u;
  bool fallen = false;
  double from = 0.0;
  for (std::size_t k = 2; k < trace.u.size(); ++k) {
    const double change = trace.u[k] - trace.u[k - 2];
    // landing clearly below what the cell had before: contact that comes and goes stays above it
    if (!fallen && change < -least && trace.u[k] < (1.0 - thresholds::jump_share) * base) {
      fallen = true;
      from = trace.u[k - 2];
      if (e.figure == 0.0) e.time = trace.time[k];
      e.figure += 1.0;
    } else if (fallen && trace.u[k] > from - 0.5 * least) {
      fallen = false;
    }
  }
  e.fired = e.figure >= thresholds::jump_count;
  weigh(e, std::sqrt(std::max(1.0, e.figure)), 1); // of a count
  e.reason = fmt::format("at {} the voltage fell suddenly by more than {:.2g} mV and came back {} (threshold {:.0f})",
                         say_current(trace.mean_current(), context.area), least * 1e3, e.figure == 1.0 ? "once" : fmt::format("{:.0f} times", e.figure),
                         thresholds::jump_count);
  return e;
}

} // namespace platen::assessing

#include "assess/evidence.hpp"
#include "assess/thresholds.hpp"

#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen::assessing {

Evidence dips_that_come_back(const Trace& trace, const std::optional<EventCounts>& here, const Context& context) {
  Evidence e{"voltage dips and comes back", std::numeric_limits<double>::quiet_NaN(), thresholds::event_odds, "1", false, trace.half_cycle.start, {}};
  if (!here || std::abs(trace.pressure_change) > thresholds::pressure_change) {
    e.reason = "not made: there is no earlier course to compare with, or the stack pressure changed";
    return e;
  }
  const EventOdds odds = odds_of_events(*here, *context.events_before);
  e.threshold = odds.needed;
  e.figure = odds.nats;
  weigh(e, odds.nats / std::sqrt(std::max(1.0, odds.downs)), 1); // of a count
  e.fired = e.figure >= e.threshold;
  if (here->downs(odds.strength) > 0.0) e.time = here->first[odds.strength];
  const std::string current = say_current(trace.mean_current(), context.area);
  if (odds.downs > 0.0)
    e.reason = fmt::format("at {} the voltage dipped suddenly and came back {:.0f} times within {:.0f} rows, rose so {:.0f} times: a healthy cell does that with a chance of e^-{:.1f} "
                           "(threshold e^-{:.1f})", current, odds.downs, odds.rows, odds.ups, e.figure, e.threshold);
  else
    e.reason = fmt::format("at {} no sudden dip of the voltage came back", current);
  return e;
}

} // namespace platen::assessing

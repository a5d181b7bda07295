#pragma once
// Sudden departures of the voltage that come back, downwards and upwards alike: each side is the control of the other (A81).

#include "assess/beside.hpp"

#include <array>
#include <cstddef>
#include <vector>

namespace platen::assessing {

struct Event {
  std::size_t row = 0;  ///< first within the half cycle
  std::size_t rows = 1; ///< until the voltage was back
  int side = -1;        ///< +1 upwards
  double depth = 0.0;   ///< 1, of the expected voltage, from the rows before
  double error = 0.0;   ///< 1, its standard error
};

/// (A81) In the order of time. Cost: in proportion to the rows.
std::vector<Event> find_events(const Trace& trace, const Beside& beside);

inline constexpr std::size_t event_strengths = 3;
/// Events of one half cycle, by how clear they are, how long, and which way.
struct EventCounts {
  double rows = 0.0; ///< that were looked at
  std::array<std::array<std::array<double, 2>, 2>, event_strengths> of{}; ///< [strength][lasting][upwards]
  std::array<double, event_strengths> first{}; ///< s, of the first one downwards
  double downs(std::size_t strength) const { return of[strength][0][0] + of[strength][1][0]; }
  double ups(std::size_t strength) const { return of[strength][0][1] + of[strength][1][1]; }
  EventCounts& add(const EventCounts& other, double times);
  EventCounts& operator+=(const EventCounts& other);
};
EventCounts count_events(const Trace& trace, const Beside& beside);

/// What the events say for a short (A82).
struct EventOdds {
  double nats = 0.0;   ///< minus the logarithm of the chance that a healthy cell has so many more downwards
  double needed = 0.0; ///< nats, with the price of what was searched
  double downs = 0.0, ups = 0.0, rows = 0.0; ///< in the stretch that says it
  std::size_t strength = 0; ///< of those events
};
/// (A82) Nats: minus the logarithm of the largest chance that a healthy cell had so many events downwards in `since`, a part of `all`.
double unlike_healthy(const EventCounts& since, const EventCounts& all, std::size_t strength);
/// `sums`: of the first healthy half cycle, of the first two, and so on.
EventOdds odds_of_events(const EventCounts& here, const std::vector<EventCounts>& sums);

} // namespace platen::assessing

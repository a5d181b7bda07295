#include "assess/onset.hpp"

#include "assess/thresholds.hpp"

#include <algorithm>
#include <cmath>

namespace platen::assessing {
namespace {

/// What the cell was like in the healthy half cycles before `at`.
Reference reference_before(const std::vector<Trace>& traces, const std::vector<Judged>& judged, std::size_t at) {
  Memory memory;
  for (std::size_t k = 0; k < at; ++k)
    if (judged[k].result.verdict == Verdict::healthy) memory.add(traces[k]);
  return memory.reference(traces[at].half_cycle.direction);
}

/// Time at which the tests saw the short: the first sudden fall on the way to it, else what fired first.
double seen_at(const Trace& trace, const Judged& j, const Reference& before) {
  double time = j.drop.fired ? j.drop.time : trace.half_cycle.end;
  for (const Evidence* e : {&j.floor, &j.follow, &j.jumps})
    // low from the first row on, with a fall later: that is the charging of capacitances
    if (e->fired && !(j.drop.fired && e->time <= trace.half_cycle.start)) time = std::min(time, e->time);
  if (!j.drop.fired && !j.floor.fired && !j.follow.fired && !j.jumps.fired) time = trace.half_cycle.start;
  if (!std::isfinite(j.drop.figure)) return time; // switched off
  const Fall first = first_fall(trace, before, thresholds::onset_share);
  return first.found && first.time < time ? first.time : time;
}

/// The stretch of rows up to `last` whose resistance lies below the earlier one by onset_share.
struct Stretch {
  bool found = false;
  std::size_t first = 0;
  bool from_the_start = false;
};
Stretch low_stretch(const Trace& trace, const Reference& before, std::size_t last) {
  const std::size_t n = trace.r.size();
  const double expected = before.low / trace.thermal;
  const double resolved = thresholds::onset_share * expected * trace.mean_current() / thresholds::level_noise;
  if (!before.settled || !(resolved > 0) || last >= n) return {};
  const double rows = std::ceil(std::pow(trace.noise / resolved, 2)); // over which noise averages out far enough
  if (!(rows <= static_cast<double>(n) / 8.0)) return {};
  const std::size_t m = std::max<std::size_t>(1, static_cast<std::size_t>(rows));
  std::vector<double> sums(last + 2, 0.0);
  for (std::size_t k = 0; k <= last; ++k) sums[k + 1] = sums[k] + trace.r[k];
  const auto low = [&](std::size_t end) { // rows [end - m, end)
    return (sums[end] - sums[end - m]) / static_cast<double>(m) < (1.0 - thresholds::onset_share) * expected;
  };
  std::size_t end = last + 1;
  if (end < m) return {};
  while (end >= m && low(end)) --end;
  if (end == last + 1) return {};
  return {true, std::min(end - m / 2, last), end < m};
}

/// A short in the very last row of a half cycle: that row alone may have been read after the switch, but not when the next
/// half cycle is shorted from its first row and the half cycles before do not end like this.
bool ends_low(const std::vector<Trace>& traces, std::size_t at) {
  const auto low = [](const Trace& t) { return t.last_raw < (1.0 - thresholds::drop_share) * t.end; };
  return low(traces[at]) && (at == 0 || !low(traces[at - 1]));
}

} // namespace

Onset find_onset(const std::vector<Trace>& traces, const std::vector<Judged>& judged, std::size_t first) {
  const Trace& trace = traces[first];
  const Reference before = reference_before(traces, judged, first);
  Onset out{first, seen_at(trace, judged[first], before)};
  bool from_the_start = out.time <= trace.half_cycle.start;
  const auto row = static_cast<std::size_t>(std::lower_bound(trace.time.begin(), trace.time.end(), out.time) - trace.time.begin());
  if (!from_the_start && row > 0) {
    const Stretch stretch = low_stretch(trace, before, row - 1);
    if (stretch.found && !stretch.from_the_start) out.time = trace.time[stretch.first];
    from_the_start = stretch.found && stretch.from_the_start;
  }
  if (!from_the_start || first == 0 || judged[first - 1].result.verdict != Verdict::healthy) return out;
  const Trace& previous = traces[first - 1];
  const Stretch stretch = low_stretch(previous, reference_before(traces, judged, first - 1), previous.r.size() - 1);
  if (stretch.found && !stretch.from_the_start) return {first - 1, previous.time[stretch.first]};
  if (out.time <= trace.half_cycle.start && ends_low(traces, first - 1)) return {first - 1, previous.half_cycle.end};
  return out;
}

} // namespace platen::assessing

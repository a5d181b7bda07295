#include "assess/onset.hpp"

#include "assess/thresholds.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <span>

namespace platen::assessing {
namespace {

/// What the cell was like in the healthy half cycles before `at`.
Reference reference_before(const std::vector<Trace>& traces, const std::vector<Judged>& judged, std::size_t at) {
  Memory memory;
  for (std::size_t k = 0; k < at; ++k)
    if (judged[k].result.verdict == Verdict::healthy) memory.add(traces[k], nullptr, nullptr);
  return memory.reference(traces[at].half_cycle.direction, traces[at].mean_current());
}

/// Time at which the tests saw the short: the first sudden fall on the way to it, else what fired first.
double seen_at(const Trace& trace, const Judged& j, const Reference& before) {
  const bool fallen = j.drop.fired || j.small_drop.fired;
  double time = j.drop.fired ? j.drop.time : trace.half_cycle.end;
  if (j.small_drop.fired) time = std::min(time, j.small_drop.time);
  for (const Evidence* e : {&j.sinking, &j.brief_dips, &j.floor, &j.impedance_floor, &j.follow, &j.jumps})
    // low from the first row on, with a fall later: that is the charging of capacitances
    if (e->fired && !(fallen && e->time <= trace.half_cycle.start)) time = std::min(time, e->time);
  if (!fallen && !j.sinking.fired && !j.brief_dips.fired && !j.floor.fired && !j.impedance_floor.fired && !j.follow.fired && !j.jumps.fired) time = trace.half_cycle.start;
  if (!std::isfinite(j.drop.figure)) return time; // switched off
  const Fall first = first_fall(trace, before, thresholds::onset_share);
  return first.found && first.time < time ? first.time : time;
}

/// The stretch of rows up to `last` whose resistance lies below the earlier one by onset_share.
struct Stretch {
  bool found = false;
  std::size_t first = 0;
  bool from_the_start = false;
  std::size_t averaged = 1; ///< rows
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
  return {true, std::min(end - m / 2, last), end < m, m};
}

/// A short in the very last row of a half cycle: that row alone may have been read after the switch, but not when the next
/// half cycle is shorted from its first row and the half cycles before do not end like this.
bool ends_low(const std::vector<Trace>& traces, std::size_t at) {
  const auto low = [](const Trace& t) { return t.last_raw < (1.0 - thresholds::drop_share) * t.end; };
  return low(traces[at]) && (at == 0 || !low(traces[at - 1]));
}

/// Before the first row of a half cycle: since the last row of the half cycle before, or the record began.
double end_before(const std::vector<Trace>& traces, std::size_t index) {
  return index > 0 ? traces[index - 1].time.back() : traces[index].half_cycle.start;
}

std::size_t row_at(const Trace& trace, double time) {
  const auto row = static_cast<std::size_t>(std::lower_bound(trace.time.begin(), trace.time.end(), time) - trace.time.begin());
  return std::min(row, trace.time.size() - 1);
}

} // namespace

TimeWindow change_interval(const Trace& trace, std::size_t row, std::size_t averaged) {
  constexpr double likely = 3.84; // 95 % of chi squared with one degree of freedom
  const std::size_t n = trace.u.size(), reach = std::max<std::size_t>(8, 2 * averaged);
  const std::size_t lo = row > reach ? row - reach : 0, hi = std::min(n, row + reach + 1);
  const std::size_t m = std::max<std::size_t>(3, averaged);
  const std::size_t before_from = row > m + 1 ? row - m - 1 : 0, after_to = std::min(n, row + m + 1);
  if (row == 0 || row + 1 >= n) return {trace.time[row > 0 ? row - 1 : 0], trace.time[row]};
  const std::span<const double> u(trace.u);
  const double high = numerics::median(u.subspan(before_from, std::max<std::size_t>(1, row - before_from)));
  const double low = numerics::median(u.subspan(row, std::max<std::size_t>(1, after_to - row)));
  const double sigma = trace.noise_of_means.deviation[0];
  // misfit of a step whose first low row is k, less that of k = lo
  std::vector<double> misfit{0.0};
  for (std::size_t k = lo; k + 1 < hi; ++k)
    misfit.push_back(misfit.back() + std::pow(u[k] - high, 2) - std::pow(u[k] - low, 2));
  const double least = *std::min_element(misfit.begin(), misfit.end());
  const auto possible = [&](double x) { return x - least <= likely * sigma * sigma; };
  std::size_t first = lo + static_cast<std::size_t>(std::find_if(misfit.begin(), misfit.end(), possible) - misfit.begin());
  std::size_t last = hi - 1 - static_cast<std::size_t>(std::find_if(misfit.rbegin(), misfit.rend(), possible) - misfit.rbegin());
  while (first > lo && u[first - 1] < high - 3.0 * sigma) --first;
  while (last + 1 < hi && u[last] > 0.5 * (high + low) + 3.0 * sigma) ++last;
  return {first > 0 ? trace.time[first - 1] : trace.half_cycle.start, trace.time[std::min(last, n - 1)]};
}

TimeWindow window_in(const std::vector<Trace>& traces, const Judged& judged, std::size_t index) {
  const Trace& trace = traces[index];
  if (!judged.shorted && judged.contact.fired) {
    const std::size_t row = row_at(trace, judged.contact.time);
    return {row > 0 ? trace.time[row - 1] : end_before(traces, index), trace.time[row]};
  }
  if (judged.fall.found) return change_interval(trace, judged.fall.row, judged.fall.rows);
  double seen = trace.half_cycle.end;
  for (const Evidence* e : {&judged.sinking, &judged.brief_dips, &judged.floor, &judged.impedance_floor, &judged.follow, &judged.jumps})
    if (e->fired) seen = std::min(seen, e->time);
  if (seen <= trace.half_cycle.start) return {end_before(traces, index), trace.time.front()};
  const std::size_t row = row_at(trace, seen);
  return {trace.half_cycle.start, trace.time[row]};
}

namespace {

/// Where brief dips that lead up to the short began: no more than `memory` half cycles without one between them, nor one with brief rises.
Onset back_to_first_dip(const std::vector<Trace>& traces, const std::vector<Judged>& judged, Onset out) {
  const auto most = static_cast<std::size_t>(thresholds::memory);
  std::size_t without = 0;
  for (std::size_t k = out.half_cycle + 1; k-- > 0 && without < most;) {
    const Dips& d = judged[k].dips;
    const bool dips = d.dips > 0.0 && d.bumps == 0.0 && !judged[k].stated && (k == out.half_cycle || judged[k].result.verdict == Verdict::healthy);
    if (!dips || d.first >= out.time) {
      ++without;
      continue;
    }
    without = 0;
    const Trace& trace = traces[k];
    const std::size_t row = row_at(trace, d.first);
    out = {k, d.first, {trace.time[row > 0 ? row - 1 : 0], std::max(out.window.latest, d.first)}};
  }
  return out;
}

Onset onset_of_level(const std::vector<Trace>& traces, const std::vector<Judged>& judged, std::size_t first) {
  const Trace& trace = traces[first];
  const Reference before = reference_before(traces, judged, first);
  const double seen = seen_at(trace, judged[first], before);
  Onset out{first, seen, {}};
  bool from_the_start = out.time <= trace.half_cycle.start;
  std::size_t averaged = judged[first].fall.found ? judged[first].fall.rows : 1;
  const auto row = static_cast<std::size_t>(std::lower_bound(trace.time.begin(), trace.time.end(), out.time) - trace.time.begin());
  if (!from_the_start && row > 0) {
    const Stretch stretch = low_stretch(trace, before, row - 1);
    if (stretch.found && !stretch.from_the_start) out.time = trace.time[stretch.first];
    if (stretch.found) averaged = stretch.averaged;
    from_the_start = stretch.found && stretch.from_the_start;
  }
  if (from_the_start) {
    out.window = {end_before(traces, first), std::max(trace.time.front(), seen)};
  } else {
    out.window = change_interval(trace, row_at(trace, out.time), averaged);
    out.window.earliest = std::min(out.window.earliest, out.time);
    out.window.latest = std::max({out.window.latest, out.time, seen});
  }
  if (!from_the_start || first == 0 || judged[first - 1].result.verdict != Verdict::healthy || judged[first - 1].stated) return out;
  const Trace& previous = traces[first - 1];
  const Stretch stretch = low_stretch(previous, reference_before(traces, judged, first - 1), previous.r.size() - 1);
  if (stretch.found && !stretch.from_the_start) {
    TimeWindow window = change_interval(previous, stretch.first, stretch.averaged);
    window.latest = std::max(window.latest, seen);
    return {first - 1, previous.time[stretch.first], window};
  }
  if (out.time <= trace.half_cycle.start && ends_low(traces, first - 1)) {
    const std::size_t rows = previous.time.size();
    return {first - 1, previous.half_cycle.end, {previous.time[rows > 1 ? rows - 2 : 0], trace.time.front()}};
  }
  return out;
}

/// Nothing but the course of the whole record says that the half cycle is shorted.
bool by_course_alone(const Judged& j) {
  return j.course.fired && std::none_of(j.result.evidence.begin(), j.result.evidence.end(),
                                        [](const Evidence& e) { return e.fired && e.weight > 0 && e.name != course_leak_name; });
}

} // namespace

Onset find_onset(const std::vector<Trace>& traces, const std::vector<Judged>& judged, std::size_t first) {
  if (by_course_alone(judged[first])) return {judged[first].course_leak->half_cycle, judged[first].course_leak->onset, judged[first].course_leak->window};
  return back_to_first_dip(traces, judged, onset_of_level(traces, judged, first));
}

} // namespace platen::assessing

#include "assess/onset.hpp"

#include "assess/dating.hpp"
#include "assess/thresholds.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
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
  for (const Evidence* e : {&j.sinking, &j.dips, &j.floor, &j.impedance_floor, &j.follow, &j.jumps})
    // low from the first row on, with a fall later: that is the charging of capacitances
    if (e->fired && !(fallen && e->time <= trace.half_cycle.start)) time = std::min(time, e->time);
  if (!fallen && !j.sinking.fired && !j.dips.fired && !j.floor.fired && !j.impedance_floor.fired && !j.follow.fired && !j.jumps.fired) time = trace.half_cycle.start;
  if (!std::isfinite(j.drop.figure)) return time; // switched off
  const Fall first = first_fall(trace, before, thresholds::onset_share);
  return first.found && first.time < time ? first.time : time;
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

bool began_on_course(const std::vector<Trace>& traces, const std::vector<Judged>& judged, std::size_t at) {
  constexpr std::size_t rows = 3, few = 6;
  const std::optional<Beside> beside = beside_earlier(traces, judged, at);
  if (!beside || beside->rho.size() < few + rows) return false;
  const double level = numerics::median(std::span(beside->rho).subspan(rows));
  if (level > -thresholds::unequal_interfaces) return false;
  for (std::size_t k = 0; k < rows; ++k)
    if (beside->rho[k] > 0.5 * level && beside->rho[k] - level > thresholds::level_noise * beside->sigma[k]) return true;
  return false;
}

TimeWindow window_in(const std::vector<Trace>& traces, const Judged& judged, std::size_t index) {
  const Trace& trace = traces[index];
  if (!judged.shorted && judged.contact.fired) {
    const std::size_t row = row_at(trace, judged.contact.time);
    return {row > 0 ? trace.time[row - 1] : end_before(traces, index), trace.time[row]};
  }
  if (judged.fall.found) return change_interval(trace, judged.fall.row, judged.fall.rows);
  double seen = trace.half_cycle.end;
  for (const Evidence* e : {&judged.sinking, &judged.dips, &judged.floor, &judged.impedance_floor, &judged.follow, &judged.jumps})
    if (e->fired) seen = std::min(seen, e->time);
  if (seen <= trace.half_cycle.start) return {end_before(traces, index), trace.time.front()};
  const std::size_t row = row_at(trace, seen);
  return {trace.half_cycle.start, trace.time[row]};
}

namespace {

Onset onset_of_level(const std::vector<Trace>& traces, const std::vector<Judged>& judged, std::size_t first) {
  const Trace& trace = traces[first];
  const Reference before = reference_before(traces, judged, first);
  const double seen = seen_at(trace, judged[first], before);
  Onset out{first, seen, {}};
  const bool from_the_start = out.time <= trace.half_cycle.start;
  if (from_the_start) {
    out.window = {end_before(traces, first), std::max(trace.time.front(), seen)};
  } else {
    out.window = change_interval(trace, row_at(trace, out.time), judged[first].fall.found ? judged[first].fall.rows : 1);
    out.window.earliest = std::min(out.window.earliest, out.time);
    out.window.latest = std::max({out.window.latest, out.time, seen});
  }
  if (!from_the_start || first == 0 || judged[first - 1].result.verdict != Verdict::healthy || judged[first - 1].stated || !ends_low(traces, first - 1)) return out;
  const Trace& previous = traces[first - 1];
  const std::size_t rows = previous.time.size();
  return {first - 1, previous.half_cycle.end, {previous.time[rows > 1 ? rows - 2 : 0], trace.time.front()}};
}

/// A half cycle that the way back may go through.
bool open_to(const std::vector<Judged>& judged, std::size_t k) { return !judged[k].stated && judged[k].result.verdict == Verdict::healthy; }

Onset moved(const Trace& trace, std::size_t k, const Left& left, const Onset& from) {
  const std::size_t before = left.row > left.averaged ? left.row - left.averaged : 0;
  return {k, trace.time[left.row], {trace.time[before], std::max(from.window.latest, trace.time[left.row])}};
}

/// How far below the expected course a half cycle begins, 1, beyond what levels of like half cycles differ by.
double depth_at_first(const std::vector<Trace>& traces, const std::vector<Judged>& judged, std::size_t at) {
  constexpr std::size_t rows = 3;
  const std::optional<Beside> beside = beside_earlier(traces, judged, at);
  if (!beside || beside->rho.size() < rows) return 0.0;
  const double depth = -numerics::median(std::span(beside->rho).first(rows));
  return depth > 2.0 * beside->level_error ? depth : 0.0;
}

/// (A74) Back from where the short was found, as long as the resistance is low up to there: within the half cycle, and where it is low from its first row, over the end
/// of the half cycle before, or of the one before that, which has the same direction.
Onset back_while_low(const std::vector<Trace>& traces, const std::vector<Judged>& judged, Onset out, bool suddenly) {
  // what fell suddenly seldom sank before, and courses of half cycles differ
  const double by = suddenly ? thresholds::small_fall : thresholds::left_course;
  std::size_t until = row_at(traces[out.half_cycle], out.time);
  bool start = out.time <= traces[out.half_cycle].half_cycle.start;
  const std::size_t found = out.half_cycle;
  Onset lowest = out;
  for (std::size_t k = found;;) {
    if (!start) {
      const std::optional<Beside> beside = beside_earlier(traces, judged, k);
      const std::optional<Left> left = beside ? low_up_to(traces[k], *beside, until, by) : std::nullopt;
      if (!left) return out;
      if (!left->from_the_start) return moved(traces[k], k, *left, out);
      lowest = moved(traces[k], k, *left, out);
    }
    std::optional<std::size_t> next;
    for (std::size_t back = 1; back <= 2 && back <= k && !next; ++back) {
      if (!open_to(judged, k - back)) break;
      const std::optional<Beside> beside = beside_earlier(traces, judged, k - back);
      if (beside && low_up_to(traces[k - back], *beside, traces[k - back].raw.size() - 1, by)) next = k - back;
    }
    // low from its first row, and not before: it began there, or levels differ
    const double first = k == found ? depth_at_first(traces, judged, k) : std::numeric_limits<double>::infinity();
    if (!next) return first >= thresholds::small_fall ? lowest : out;
    out = lowest;
    k = *next;
    until = traces[k].raw.size() - 1;
    start = false;
  }
}

constexpr std::size_t clear = 1; ///< of the strengths of events: those that noise does not make

/// What the half cycles since the short was found show of it.
Habit habit_of(const std::vector<Trace>& traces, const std::vector<Judged>& judged, std::size_t found) {
  constexpr double rare = 5.0; // mean distances: chance leaves out that many in one of 150
  double falls = 0.0, rows = 0.0;
  const std::size_t last = std::min(judged.size(), found + static_cast<std::size_t>(thresholds::memory));
  for (std::size_t k = found; k < last; ++k) {
    if (judged[k].events) falls += judged[k].events->downs(clear) - judged[k].events->ups(clear);
    rows += static_cast<double>(traces[k].raw.size());
  }
  const bool stays = std::all_of(judged.begin() + static_cast<std::ptrdiff_t>(found), judged.end(), [](const Judged& j) { return j.shorted; });
  const Judged& j = judged[found];
  const double reach = falls >= thresholds::jump_count ? rare * rows / falls : 0.0;
  const bool restless = !stays || reach > 0.0 || j.noise.fired || j.bursts.fired || j.jumps.fired || j.dips.fired || !j.fall.found;
  return {reach, !stays, restless ? thresholds::left_course : thresholds::small_fall}; // what fell once and stays has no small falls of its own
}

/// (A75) Back to sudden falls before, which came back.
Onset back_to_sudden(const std::vector<Trace>& traces, const std::vector<Judged>& judged, Onset out, const Habit& habit) {
  const std::size_t at = out.half_cycle;
  std::size_t away = 0;
  for (std::size_t k = at + 1; k-- > 0 && static_cast<double>(away) <= farthest_sudden(habit);) {
    if (k != at && !open_to(judged, k)) break;
    std::size_t until = k == at ? row_at(traces[k], out.time) : traces[k].raw.size();
    const std::optional<Beside> beside = beside_earlier(traces, judged, k);
    while (beside) {
      const std::optional<Left> left = last_sudden(traces[k], *beside, until, away, habit);
      if (!left) break;
      out = moved(traces[k], k, *left, out);
      until = left->row;
      away = 0;
    }
    away += until;
  }
  return out;
}

/// (A83) Where the events began that are unlike a healthy cell's: the first of them in the stretch, of healthy half cycles up to `found`, that says most.
Onset first_event(const std::vector<Trace>& traces, const std::vector<Judged>& judged, std::size_t found, Onset out) {
  EventCounts all, since;
  std::size_t from = found;
  while (from > 0 && open_to(judged, from - 1)) --from;
  for (std::size_t k = from; k <= found; ++k) all += judged[k].events.value_or(EventCounts{});
  double most = 0.0;
  for (std::size_t k = found + 1; k-- > from;) {
    if (!judged[k].events) continue;
    since += *judged[k].events;
    for (std::size_t s = 0; s < event_strengths; ++s) {
      const double nats = judged[k].events->downs(s) > 0.0 ? unlike_healthy(since, all, s) : 0.0;
      if (nats <= most) continue;
      most = nats;
      const double time = judged[k].events->first[s];
      if (time < out.time) out = moved(traces[k], k, Left{row_at(traces[k], time), false, 1}, out);
    }
  }
  return out;
}

/// (A94) Rows that were recorded because the voltage jumped say when it did, between two that are even in time.
Onset sharpened(const std::vector<Trace>& traces, Onset out) {
  constexpr std::size_t few = 5;
  const Trace& trace = traces[out.half_cycle];
  const std::size_t row = row_at(trace, out.time);
  if (trace.recorded.empty() || row == 0 || out.time > trace.time[row]) return out;
  const auto place = [&](double time) { return std::upper_bound(trace.recorded_time.begin(), trace.recorded_time.end(), time) - trace.recorded_time.begin(); };
  const std::span<const double> between(trace.recorded.begin() + place(trace.time[row - 1]), trace.recorded.begin() + place(out.time));
  if (between.empty()) return out;
  const double before = numerics::median(std::span(trace.raw).subspan(row - std::min(row, few), std::min(row, few)));
  const double low = *std::min_element(between.begin(), between.end());
  if (before - low < thresholds::event_noise * trace.noise) return out;
  const auto first = std::find_if(between.begin(), between.end(), [&](double u) { return u < 0.5 * (before + low); });
  out.time = trace.recorded_time[static_cast<std::size_t>(&*first - trace.recorded.data())];
  out.window.earliest = std::min(out.window.earliest, out.time);
  return out;
}

/// Nothing but the course of the whole record says that the half cycle is shorted.
bool by_course_alone(const Judged& j) {
  return j.course.fired && std::none_of(j.result.evidence.begin(), j.result.evidence.end(),
                                        [](const Evidence& e) { return e.fired && e.weight > 0 && e.name != course_leak_name; });
}

} // namespace

Onset find_onset(const std::vector<Trace>& traces, const std::vector<Judged>& judged, std::size_t first) {
  constexpr int most = 8; // a short that flickers is followed from one half cycle to the next
  Onset out = by_course_alone(judged[first]) ? Onset{judged[first].course_leak->half_cycle, judged[first].course_leak->onset, judged[first].course_leak->window}
                                             : onset_of_level(traces, judged, first);
  if (judged[first].dips.fired) out = first_event(traces, judged, first, out);
  const Habit habit = habit_of(traces, judged, first);
  for (int k = 0; k < most; ++k) {
    const Onset before = back_to_sudden(traces, judged, back_while_low(traces, judged, out, judged[first].fall.found), habit);
    if (!(before.time < out.time)) break;
    out = before;
  }
  return sharpened(traces, out);
}

} // namespace platen::assessing

#include "record/segments.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace platen {
namespace {

// A current counts as none below this share of the largest one of the record (leakage, a cycler's zero error); below six
// standard deviations of its noise it counts as none anyway.
constexpr double smallest_share = 1e-3;
constexpr double noise_multiple = 6.0;
constexpr double small_share = 0.02;
constexpr std::size_t least_rows_when_small = 6;
// Two currents of one sign and one set value differ by the noise and by the cycler's repeatability (0.02 % of range or
// better is usual); the two directions also by twice its zero error.
constexpr double same_direction = 3e-3;
constexpr double both_directions = 2e-2;
constexpr double zero_share = 5e-3;    ///< of the largest current: less, in one direction only, may be an instrument's zero error
constexpr double jump_share = 5e-3;    ///< smallest change of the set current looked for within one direction
constexpr double jump_over_drift = 4.0; ///< a jump is that much larger than the changes beside it; a taper is not
constexpr double gap_multiple = 20.0;  ///< rows this many usual intervals apart belong to different half cycles
constexpr std::size_t glitch_rows = 2; ///< an interruption this short does not end a half cycle

double quantile(std::vector<double> values, double p) { // `record` stands below `numerics`
  if (values.empty()) return 0.0;
  const auto k = static_cast<std::size_t>(p * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(k), values.end());
  return values[k];
}

struct Rows {
  std::span<const double> time;
  std::vector<double> current; ///< A, gaps in the column filled with the value before
  std::vector<char> swept;     ///< 1: an impedance without that current was measured before the row; empty: none was
  std::vector<char> rest;      ///< 1: the instrument says that no current was set; empty: it says nothing
  double interval = 0;         ///< usual time between rows, s
  double noise = 0;            ///< standard deviation of the recorded current, A
  double none = 0;             ///< largest magnitude that counts as no current, A
  double small = 0;            ///< a current up to here must last to count: it may be a flickering last digit, A
};

std::vector<double> filled(std::span<const double> column) {
  std::vector<double> out(column.begin(), column.end());
  double before = 0.0;
  for (double& v : out) {
    if (!(std::abs(v) < 1e12)) v = before; // no instrument shows more; sums of larger numbers could overflow
    before = v;
  }
  return out;
}

/// Standard deviation of the noise in a piecewise constant signal from the differences of neighbours: the median does not
/// see the switching; the upper quartile takes over when quantisation makes most differences zero.
double noise_of(const std::vector<double>& differences) {
  const double by_median = quantile(differences, 0.5) / 0.6745;
  const double by_quartile = quantile(differences, 0.75) / 1.1503;
  return std::max(by_median, by_quartile) / std::sqrt(2.0);
}

/// The same where no current flows: there is little switching, and the last digit may flicker in few rows only.
double noise_at_rest(const std::vector<double>& differences) {
  return std::max(noise_of(differences), quantile(differences, 0.9) / 1.6449 / std::sqrt(2.0));
}

void measure_noise(Rows& rows) {
  double largest = 0.0;
  for (const double i : rows.current) largest = std::max(largest, std::abs(i));
  std::vector<double> on, off;
  for (std::size_t k = 1; k < rows.current.size(); ++k) {
    const double before = std::abs(rows.current[k - 1]), now = std::abs(rows.current[k]);
    const double difference = std::abs(rows.current[k] - rows.current[k - 1]);
    if (std::min(before, now) > small_share * largest) on.push_back(difference);
    else if (std::max(before, now) <= small_share * largest) off.push_back(difference);
  }
  rows.noise = noise_of(on);
  rows.none = std::max(noise_multiple * std::max(rows.noise, noise_at_rest(off)), smallest_share * largest);
  rows.small = small_share * largest;
}

double usual_interval(std::span<const double> time) {
  std::vector<double> intervals;
  for (std::size_t k = 1; k < time.size(); ++k)
    if (time[k] > time[k - 1]) intervals.push_back(time[k] - time[k - 1]);
  return quantile(std::move(intervals), 0.9);
}

int sign_at(const Rows& rows, std::size_t k) {
  const bool rest = !rows.rest.empty() && rows.rest[k] != 0;
  if (!(std::abs(rows.current[k]) > (rest ? std::max(rows.none, rows.small) : rows.none))) return 0;
  return rows.current[k] > 0 ? 1 : -1;
}

/// What the instrument calls a rest has no current but its own zero error.
void mark_rests(const Record& record, Rows& rows) {
  if (!record.has(col::step_type)) return;
  const auto type = record.integer(col::step_type);
  rows.rest.assign(rows.time.size(), 0);
  for (std::size_t k = 0; k < rows.rest.size(); ++k)
    rows.rest[k] = type[k] == static_cast<int>(StepType::rest) || type[k] == static_cast<int>(StepType::pause) ? 1 : 0;
}

/// A sweep around another dc current interrupts the current of the rows on both sides of it.
void mark_sweeps(const Record& record, Rows& rows) {
  constexpr double interrupted = 0.5; // of the current before
  if (record.spectra.empty() || !std::is_sorted(rows.time.begin(), rows.time.end())) return;
  rows.swept.assign(rows.time.size(), 0);
  for (const Spectrum& s : record.spectra) {
    if (!std::isfinite(s.start) || !s.dc_current) continue;
    const auto k = static_cast<std::size_t>(std::upper_bound(rows.time.begin(), rows.time.end(), s.start) - rows.time.begin());
    if (k == 0 || k == rows.time.size()) continue;
    if (std::abs(*s.dc_current) < interrupted * std::abs(rows.current[k - 1])) rows.swept[k] = 1;
  }
}

bool gap_before(const Rows& rows, std::size_t k) {
  if (!rows.swept.empty() && rows.swept[k] != 0) return true;
  return rows.interval > 0 && rows.time[k] - rows.time[k - 1] > gap_multiple * rows.interval;
}

struct Run {
  std::size_t first, last;
  int direction;
};

/// Cuts a run of one sign where the set current was changed. Within a taper (constant voltage) the changes beside a row
/// are of the same size, so that a taper stays in one piece. A row caught in the middle of a change belongs to neither side.
void cut_at_jumps(const Rows& rows, const Run& run, std::vector<Run>& out) {
  const auto& i = rows.current;
  const auto inside = [&](std::size_t k) { return k >= run.first && k <= run.last; };
  const auto change = [&](std::size_t from, std::size_t to) {
    return inside(from) && inside(to) ? std::abs(i[to] - i[from]) : 0.0;
  };
  std::size_t first = run.first;
  for (std::size_t k = run.first + 1; k <= run.last; ++k) {
    const double tolerance = std::max(8.0 * rows.noise, jump_share * std::max(std::abs(i[k]), std::abs(i[k - 1])));
    const double before = k >= 2 ? change(k - 2, k - 1) : 0.0;
    const double direct = change(k - 1, k);
    const double across = k < run.last ? change(k - 1, k + 1) : 0.0;
    const bool at_once = direct > tolerance && direct > jump_over_drift * std::max(before, change(k, k + 1));
    const bool in_two = !at_once && across > tolerance && std::min(direct, change(k, k + 1)) > 0.1 * across &&
                        across > jump_over_drift * std::max(before, change(k + 1, k + 2));
    if (!at_once && !in_two) continue;
    out.push_back({first, k - 1, run.direction});
    first = at_once ? k : k + 1;
    k = first;
  }
  out.push_back({first, run.last, run.direction});
}

std::vector<Run> runs_of_current(const Rows& rows) {
  std::vector<Run> out;
  const std::size_t n = rows.current.size();
  for (std::size_t k = 0; k < n;) {
    const int direction = sign_at(rows, k);
    std::size_t end = k + 1;
    while (end < n && sign_at(rows, end) == direction && !gap_before(rows, end)) ++end;
    if (direction != 0) cut_at_jumps(rows, {k, end - 1, direction}, out);
    k = end;
  }
  return out;
}

double median_magnitude(const Rows& rows, const Run& run) {
  std::vector<double> magnitudes;
  for (std::size_t k = run.first; k <= run.last; ++k) magnitudes.push_back(std::abs(rows.current[k]));
  return quantile(std::move(magnitudes), 0.5);
}

/// Whether runs below a current (A) are the zero error of an instrument: in one direction only, at one level, and
/// nowhere does less flow.
bool always_flows(const Rows& rows, const std::vector<Run>& runs, const std::vector<double>& levels, double below) {
  constexpr double same_level = 0.1, otherwise = 0.1;
  std::vector<double> small;
  std::size_t flowing = 0, none = 0;
  for (std::size_t k = 0; k < runs.size(); ++k) {
    if (levels[k] >= below) continue;
    small.push_back(levels[k]);
    flowing += runs[k].last - runs[k].first + 1;
  }
  if (small.size() < 2) return false;
  for (std::size_t k = 0; k < rows.current.size(); ++k) none += sign_at(rows, k) == 0 ? 1 : 0;
  const auto [least, most] = std::minmax_element(small.begin(), small.end());
  return static_cast<double>(none) < otherwise * static_cast<double>(flowing) && *most - *least <= std::max(noise_multiple * rows.noise, same_level * *most);
}

/// Drops what flows all the time, in one direction only: the zero error of a range much too large for the test.
void drop_zero_error(const Rows& rows, std::vector<Run>& runs) {
  double largest = 0.0;
  std::vector<double> levels;
  for (const Run& run : runs) {
    levels.push_back(median_magnitude(rows, run));
    largest = std::max(largest, levels.back());
  }
  const double below = (always_flows(rows, runs, levels, small_share * largest) ? small_share : zero_share) * largest;
  bool up = false, down = false;
  for (std::size_t k = 0; k < runs.size(); ++k)
    if (levels[k] < below) (runs[k].direction > 0 ? up : down) = true;
  if (up == down) return; // none, or a current that somebody set in both directions
  std::size_t kept = 0;
  for (std::size_t k = 0; k < runs.size(); ++k)
    if (levels[k] >= below) runs[kept++] = runs[k];
  runs.resize(kept, Run{0, 0, 0});
}

/// Cuts by the instrument's own counters and by gaps in time, for files that say nothing of the current.
std::vector<Run> runs_without_current(const Record& record, const Rows& rows) {
  std::vector<std::span<const std::int32_t>> counters;
  for (const auto name : {col::cycle_count, col::step_count})
    if (record.has(name)) counters.push_back(record.integer(name));
  std::vector<Run> out;
  const int direction = rows.current.front() > 0 ? 1 : -1;
  std::size_t first = 0;
  for (std::size_t k = 1; k <= rows.time.size(); ++k) {
    const bool ends = k == rows.time.size() || gap_before(rows, k) ||
                      std::any_of(counters.begin(), counters.end(), [&](auto c) { return c[k] != c[k - 1]; });
    if (!ends) continue;
    out.push_back({first, k - 1, direction});
    first = k;
  }
  return out;
}

bool same_magnitude(const Rows& rows, const Run& a, const Run& b) {
  const double first = median_magnitude(rows, a), second = median_magnitude(rows, b);
  return std::abs(first - second) <= std::max(noise_multiple * rows.noise, same_direction * first);
}

/// Joins what a glitch of one or two rows has cut, and drops single rows: they were taken in the middle of a change.
std::vector<Run> tidy(const Rows& rows, const std::vector<Run>& runs) {
  std::vector<Run> out;
  for (const Run& run : runs) {
    const std::size_t least = std::abs(rows.current[run.first]) <= rows.small ? least_rows_when_small : 2;
    if (run.last - run.first + 1 < least) continue;
    if (!out.empty()) {
      Run& before = out.back();
      const std::size_t between = run.first - before.last - 1;
      const double pause = rows.time[run.first] - rows.time[before.last];
      const bool glitch = between >= 1 && between <= glitch_rows && before.direction == run.direction &&
                          pause <= 2.0 * static_cast<double>(between + 1) * rows.interval;
      if (glitch && same_magnitude(rows, before, run)) {
        before.last = run.last;
        continue;
      }
    }
    out.push_back(run);
  }
  return out;
}

/// Test time at which the current of a run was switched on: the step clock says it where there is one; otherwise it is the
/// row before, which ended what came before, unless that row is further away than rows usually are.
double switched_on(const Record& record, const Rows& rows, const Run& run) {
  const double seen = rows.time[run.first];
  if (run.first == 0) return seen;
  const double before = rows.time[run.first - 1];
  if (const Column* clock = record.find(col::step_time); clock != nullptr) {
    const double since = record.real(col::step_time)[run.first];
    if (std::isfinite(since) && since >= 0 && seen - since >= before) return seen - since;
  }
  const bool near = seen >= before && seen - before <= 2.0 * rows.interval;
  return near ? before : seen;
}

/// Test time at which the current of a run was switched off: where the clock of the step after it began, if a cycler starts that at zero
/// with its first row; else the last row.
double switched_off(const Record& record, const Rows& rows, const Run& run) {
  const double last = rows.time[run.last];
  if (run.last + 1 >= rows.time.size() || record.find(col::step_time) == nullptr) return last;
  const double next = rows.time[run.last + 1], since = record.real(col::step_time)[run.last + 1];
  if (!(std::isfinite(since) && since >= 0)) return last;
  const double began = next - since;
  return began > last && began - last <= 2.0 * rows.interval ? began : last;
}

HalfCycle describe(const Record& record, const Rows& rows, const Run& run) {
  HalfCycle h;
  h.first = run.first;
  h.last = run.last;
  h.direction = run.direction;
  h.start = switched_on(record, rows, run);
  h.end = switched_off(record, rows, run);
  h.charge = rows.current[run.first] * std::max(0.0, rows.time[run.first] - h.start);
  for (std::size_t k = run.first + 1; k <= run.last; ++k) {
    const double dt = rows.time[k] - rows.time[k - 1];
    if (dt > 0) h.charge += 0.5 * (rows.current[k] + rows.current[k - 1]) * dt;
  }
  h.charge += rows.current[run.last] * (h.end - rows.time[run.last]);
  h.current = h.end > h.start ? h.charge / (h.end - h.start) : run.direction * median_magnitude(rows, run);
  return h;
}

/// The set current of a half cycle: the upper part where it tapers (a voltage limit was met), else the middle.
double set_current(const Rows& rows, const Run& run) {
  std::vector<double> magnitudes;
  for (std::size_t k = run.first; k <= run.last; ++k) magnitudes.push_back(std::abs(rows.current[k]));
  const double middle = quantile(magnitudes, 0.5), upper = quantile(std::move(magnitudes), 0.9);
  return upper - middle > std::max(3.0 * rows.noise, both_directions * middle) ? upper : middle;
}

/// Whether a half cycle continues the step whose levels so far are given (one per direction).
bool same_step(const Rows& rows, const std::optional<double>& same, const std::optional<double>& other, double level) {
  if (same) return std::abs(level - *same) <= std::max(noise_multiple * rows.noise / 2.0, same_direction * *same);
  return other && std::abs(level - *other) <= std::max(noise_multiple * rows.noise, both_directions * *other);
}

Segments assemble(const Record& record, const Rows& rows, const std::vector<Run>& runs) {
  Segments out;
  std::optional<double> level[2];
  double sum = 0.0;
  for (const Run& run : runs) {
    const double magnitude = set_current(rows, run);
    const std::size_t side = run.direction > 0 ? 0 : 1;
    if (out.current_steps.empty() || !same_step(rows, level[side], level[1 - side], magnitude)) {
      out.current_steps.push_back({out.half_cycles.size(), out.half_cycles.size(), 0.0});
      level[0] = level[1] = std::nullopt;
      sum = 0.0;
    }
    if (!level[side]) level[side] = magnitude;
    CurrentStep& step = out.current_steps.back();
    step.last_half_cycle = out.half_cycles.size();
    sum += magnitude;
    step.current = sum / static_cast<double>(step.last_half_cycle - step.first_half_cycle + 1);
    HalfCycle h = describe(record, rows, run);
    h.step = out.current_steps.size() - 1;
    out.half_cycles.push_back(h);
  }
  return out;
}

/// A current that is the same number in every row was not measured: it says nothing of half cycles.
bool never_changes(const std::vector<double>& current) {
  return current.front() != 0.0 && std::all_of(current.begin(), current.end(), [&](double i) { return i == current.front(); });
}

} // namespace

Segments find_segments(const Record& record) {
  Rows rows;
  rows.time = record.real(col::test_time);
  if (rows.time.empty()) return {};
  rows.interval = usual_interval(rows.time);
  const bool stated = !record.has(col::current) && record.cell.current && *record.cell.current != 0.0;
  if (stated) rows.current.assign(rows.time.size(), *record.cell.current);
  else rows.current = filled(record.real(col::current));
  mark_sweeps(record, rows);
  mark_rests(record, rows);
  if (stated || never_changes(rows.current)) return assemble(record, rows, tidy(rows, runs_without_current(record, rows)));
  measure_noise(rows);
  std::vector<Run> runs = runs_of_current(rows);
  drop_zero_error(rows, runs);
  return assemble(record, rows, tidy(rows, runs));
}

} // namespace platen

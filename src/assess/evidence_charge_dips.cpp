#include "assess/full_cell.hpp"
#include "assess/thresholds.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen::assessing {
namespace {

constexpr std::size_t left_out = 3; ///< rows after a switch of the current
constexpr std::size_t beside = 7;   ///< changes from row to row on either side that show how the course goes on: three of them may be events themselves
constexpr std::size_t least_beside = 4;
constexpr std::size_t least_rows = 24;
constexpr double crowded = 0.2;     ///< of the usual interval: rows recorded on a change of the voltage are read another way than those on the clock
constexpr double same_current = 0.005; ///< what a cycler keeps its current to
constexpr double hint = 0.7;        ///< of the least change that counts: enough for the beginning of what others show
constexpr double touched = 0.4;     ///< of a dip or a rise that a single row counts: somebody may have touched a cable

/// Rows of a half cycle at about the usual interval.
struct Course {
  int direction = 1;
  std::vector<double> time, charge, volts, current; ///< s, C, V, A
  double usual = 0;                                 ///< C, between rows
  double steady = 0;                                ///< A, by which the current may change from row to row
};
Course course_of(const Stroke& s) {
  Course out;
  out.direction = s.half_cycle.direction;
  std::vector<double> intervals;
  for (std::size_t k = 1; k < s.time.size(); ++k) intervals.push_back(s.time[k] - s.time[k - 1]);
  const double least = intervals.empty() ? 0.0 : crowded * numerics::median(intervals);
  for (std::size_t k = 0; k < s.time.size(); ++k) {
    if (!out.time.empty() && s.time[k] - out.time.back() < least) continue;
    out.time.push_back(s.time[k]);
    out.charge.push_back(s.charge[k]);
    out.volts.push_back(s.raw[k]);
    out.current.push_back(s.current[k]);
  }
  std::vector<double> between;
  for (std::size_t k = 1; k < out.charge.size(); ++k) between.push_back(out.charge[k] - out.charge[k - 1]);
  if (between.empty()) return out;
  out.usual = numerics::median(between);
  for (std::size_t k = 1; k < out.current.size(); ++k) between[k - 1] = std::abs(out.current[k] - out.current[k - 1]);
  out.steady = std::max(same_current * numerics::median(out.current), thresholds::jump_noise * numerics::median(between));
  return out;
}

/// Slope of the course, V/C: the median over the changes into the rows [from, to); NaN where they are too few.
double slope_beside(const Course& c, std::size_t from, std::size_t to) {
  std::array<double, beside> slopes{};
  std::size_t n = 0;
  for (std::size_t k = from; k < to && n < beside; ++k)
    if (const double dq = c.charge[k] - c.charge[k - 1]; dq > 0) slopes[n++] = (c.volts[k] - c.volts[k - 1]) / dq;
  if (n < least_beside) return std::numeric_limits<double>::quiet_NaN();
  const auto middle = slopes.begin() + static_cast<std::ptrdiff_t>(n / 2);
  std::nth_element(slopes.begin(), middle, slopes.begin() + static_cast<std::ptrdiff_t>(n));
  return *middle;
}

/// What the voltage does from one row to the next beside its course on both sides (A60), V; `bend`: what the course may do by itself.
struct Change {
  double size = 0, bend = 0;
};
Change change_into(const Course& c, std::size_t k) {
  if (std::abs(c.current[k] - c.current[k - 1]) > c.steady) return {}; // the cycler begins to hold the voltage
  const double dq = c.charge[k] - c.charge[k - 1], change = c.volts[k] - c.volts[k - 1];
  const double before = slope_beside(c, k > beside ? k - beside : 1, k), after = slope_beside(c, k + 1, std::min(c.volts.size(), k + 1 + beside));
  if (std::isnan(before)) return {};
  // rows that are missing hide how it went on
  if (!std::isnan(after)) return {change - 0.5 * (before + after) * dq, 0.5 * (std::abs(before - after) * dq + std::abs(before + after) * std::max(0.0, dq - 1.5 * c.usual))};
  if (c.direction < 0) return {}; // a discharge bends more and more towards its end
  return {change - before * dq, std::abs(before) * dq};
}

/// What it does from each row to the next; none over the first rows of the half cycle.
std::vector<Change> changes_of(const Course& c) {
  const std::size_t n = c.volts.size();
  std::vector<Change> out(n);
  for (std::size_t k = left_out; k < n; ++k) out[k] = change_into(c, k);
  return out;
}

/// Whether it is so much larger than what the rows beside it do the same way: waves, and bends of the course, go on for several rows.
bool sudden(const std::vector<Change>& changes, std::size_t k, double larger = 1.5) {
  const double sign = changes[k].size > 0 ? 1.0 : -1.0;
  const double around = std::max(sign * changes[k - 1].size, k + 1 < changes.size() ? sign * changes[k + 1].size : 0.0);
  return sign * changes[k].size > larger * around;
}

/// Where the voltage is beside the course that it had before anything happened. A charge that leaks lags behind, so changes alone do not add
/// up: where an earlier half cycle shows how the course goes on, that is the measure.
class Beside {
public:
  Beside(const Course& c, const Stroke* like) : course_(c), like_(like) {}
  /// V, after the change of `size` (V) into row k. Asked in the order of the rows that count.
  double after(std::size_t k, double size) {
    largest_ = std::max(largest_, std::abs(size));
    sum_ = std::clamp(sum_ + size, -largest_, largest_);
    if (first_ == 0) {
      first_ = k;
      std::vector<double> quiet;
      for (std::size_t j = k > quiet_rows ? k - quiet_rows : 0; j < k; ++j)
        if (const double r = residual(j); std::isfinite(r)) quiet.push_back(r);
      if (quiet.size() >= quiet_rows / 2) level_ = numerics::median(quiet);
    }
    const double r = residual(k) - level_;
    return std::isfinite(r) ? r : sum_;
  }

private:
  double residual(std::size_t k) const { return like_ == nullptr ? std::numeric_limits<double>::quiet_NaN() : course_.volts[k] - voltage_after(*like_, course_.charge[k]); }

  static constexpr std::size_t quiet_rows = 8;
  const Course& course_;
  const Stroke* like_;
  std::size_t first_ = 0;
  double level_ = std::numeric_limits<double>::quiet_NaN(), sum_ = 0.0, largest_ = 0.0; // V
};

} // namespace

double restless(const Stroke& s) {
  constexpr double nearly_all = 0.99;
  const std::vector<Change> changes = changes_of(course_of(s));
  if (changes.size() < least_rows) return std::numeric_limits<double>::quiet_NaN();
  std::vector<double> sizes;
  for (std::size_t k = left_out; k < changes.size(); ++k) sizes.push_back(sudden(changes, k) ? std::max(0.0, std::abs(changes[k].size) - changes[k].bend) : 0.0);
  return numerics::quantile(sizes, nearly_all);
}

namespace {

/// Whether what fell into row k is back soon, however it came back: then it was no loss of contact. The course meanwhile is no steeper than further
/// back or further on: at a knee it is steep for a few rows.
bool recovers(const Course& c, std::size_t k, double size) {
  constexpr double back = 0.7, within = 900.0; // of its depth; s
  constexpr std::size_t rows = 3;
  std::size_t end = k + 1;
  while (end < c.volts.size() && (end <= k + rows || c.time[end] - c.time[k] <= within)) ++end;
  const double before = slope_beside(c, k > 2 * beside ? k - 2 * beside : 1, k), after = slope_beside(c, end, c.volts.size());
  const double slope = std::isnan(after) ? before : std::max(before, after);
  for (std::size_t j = k + 1; j < end; ++j)
    if (c.volts[j] - c.volts[k - 1] - slope * (c.charge[j] - c.charge[k - 1]) > (1.0 - back) * size) return true;
  return false;
}

/// Adds up what happens suddenly in one half cycle.
class Count {
public:
  Count(Stroke& s, const Course& c, const Stroke* like) : stroke_(s), course_(c), beside_(c, like) {}

  /// The next change, of `size` (V) into row k, which is beyond `least` (V); `sudden`: and beyond those of the rows beside it.
  void add(std::size_t k, double size, double least, bool sudden) {
    const double before = off_;
    off_ = beside_.after(k, size);
    stroke_.changes.push_back({course_.time[k], size, off_});
    const bool undone = last_ + 1 == k && before * size < 0 && std::abs(before + size) < single_row * std::abs(size);
    if (undone && counted_ != nullptr) *counted_ -= 1.0 - touched;
    counted_ = nullptr;
    if (undone) open_ = false;
    else if (sudden) stroke_.charging() ? charging(k, size, least) : discharging(k, size, least);
    if (sudden) last_ = k;
  }

private:
  static constexpr double single_row = 0.3; ///< of a change: what two that undo each other may differ by

  void dip(double time) {
    if (stroke_.dips == 0.0) stroke_.first_dip = time;
    stroke_.dips += 1.0;
    counted_ = &stroke_.dips;
  }

  void charging(std::size_t k, double size, double least) {
    if (off_ < -least && size < 0) dip(course_.time[k]);
    else if (off_ > least && size > 0) *(counted_ = &stroke_.bumps) += 1.0;
  }

  /// A loss of contact lets the voltage fall as a leak does, and stay there: what comes back counts.
  void discharging(std::size_t k, double size, double least) {
    if (size < 0) {
      open_ = recovers(course_, k, size);
      if (open_) dip(course_.time[k]);
    } else {
      // a discharge does not raise the voltage: that is a leak that closes
      if (!open_ && course_.volts[k] - course_.volts[k - 1] > least) dip(course_.time[k]);
      else if (!open_) *(counted_ = &stroke_.bumps) += 1.0;
      open_ = false;
    }
  }

  Stroke& stroke_;
  const Course& course_;
  Beside beside_;
  double off_ = 0.0;
  std::size_t last_ = 0;
  bool open_ = false;          ///< a fall was counted, which a rise may end
  double* counted_ = nullptr;  ///< what the last change was counted as
};

} // namespace

void count_dips(Stroke& s, const Stroke* like, double usual, double quiet, double end) {
  const Course c = course_of(s);
  std::size_t n = c.volts.size();
  if (n < least_rows || c.time.back() - c.time.front() < thresholds::drop_span) return;
  // contact that is lost makes discharges restless
  const double noise = std::max({s.charging() ? thresholds::change_least : thresholds::dip_least, usual, std::sqrt(2.0) * thresholds::jump_noise * quiet});
  const std::vector<Change> changes = changes_of(c);
  if (s.charging() && std::isfinite(end)) n = static_cast<std::size_t>(std::find_if(c.volts.begin(), c.volts.end(), [&](double v) { return v > end - thresholds::dip_least; }) - c.volts.begin());
  Count count(s, c, like);
  for (std::size_t k = left_out; k < n; ++k) {
    const double least = noise + changes[k].bend;
    if (!(s.first_fall < c.time[k]) && changes[k].size < -hint * least && sudden(changes, k, 1.0)) s.first_fall = c.time[k];
    if (std::abs(changes[k].size) > least) count.add(k, changes[k].size, least, sudden(changes, k));
  }
}

Evidence charge_dips(const Stroke& stroke, double earlier_dips, double earlier_bumps, const Earlier& earlier) {
  Evidence e{"brief dips of the voltage", stroke.dips + earlier_dips, thresholds::jump_count, "1", false, stroke.half_cycle.start, {}};
  weigh(e, std::sqrt(std::max(1.0, e.figure)), 1); // of a count
  const double bumps = stroke.bumps + earlier_bumps;
  e.fired = stroke.dips > 0.0 && e.figure >= e.threshold && 2.0 * bumps <= e.figure;
  if (stroke.dips > 0.0) e.time = stroke.first_dip;
  e.reason = fmt::format("up to the {} at {} the voltage dipped briefly, or jumped against what the current does to it, {:.3g} times, and rose so {:.3g} times (single rows count {:.1g}; threshold {:.0f}, and "
                         "half as many rises)", stroke.charging() ? "charge" : "discharge", say_current(stroke.half_cycle.current, earlier.area), e.figure, bumps, touched, e.threshold);
  return e;
}

} // namespace platen::assessing

#include "assess/evidence.hpp"
#include "assess/thresholds.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen::assessing {
namespace {

/// Sudden falls at one window size: mean of `m` rows before row k against `m` rows after it; row k itself may have been
/// caught in the middle.
class Scan {
public:
  Scan(const Trace& trace, const std::vector<double>& sums, double base, std::size_t m)
      : trace_(trace), sums_(sums), base_(base), m_(m), smallest_(m + 1) {
    for (std::size_t after = 1; after <= m; ++after)
      smallest_[after] = thresholds::drop_noise * std::hypot(trace.noise_of_means.at(m), trace.noise_of_means.at(after));
  }

  bool applies() const {
    return 2 * m_ + 1 <= trace_.u.size() &&
           (m_ == 1 || static_cast<double>(m_ + 1) * trace_.interval <= thresholds::drop_span);
  }

  /// First row k whose fall passes (A5), or the number of rows; remembers the largest one it saw.
  std::size_t find(double share, Fall& largest) const {
    return first([&](const Means& here, std::size_t k) {
      if (here.share() > largest.share) largest = describe(here, k);
      return here.share() >= share;
    });
  }

  /// First row k whose fall passes (A45), or the number of rows; `course`: V, the lowest that is expected at a row.
  template <class Course> std::size_t find_below(Course course) const {
    constexpr double rare = thresholds::jump_noise / thresholds::drop_noise; // a small fall must be surer
    return first([&](const Means& here, std::size_t k) {
      return here.share() >= thresholds::small_fall && here.fall() > rare * smallest_[here.rows_after] &&
             here.after < (1.0 - thresholds::below_course) * course(k);
    });
  }

  /// The fall that begins at row `k`, at the row where it has gone furthest.
  Fall describe(std::size_t k) const {
    std::size_t deepest = k;
    for (std::size_t j = k + 1; j <= k + std::max<std::size_t>(2, m_) && j + 1 < trace_.u.size(); ++j)
      if (at(j).fall() > at(deepest).fall()) deepest = j;
    return describe(at(deepest), deepest);
  }

private:
  struct Means {
    double before, after;
    std::size_t rows_after;
    double fall() const { return before - after; }
    double share() const { return before > 0 ? (before - after) / before : 0.0; }
  };

  /// First row at which a significant fall that lasts and is no refill is `wanted`, or the number of rows.
  template <class Wanted> std::size_t first(Wanted wanted) const {
    const std::size_t n = trace_.u.size();
    double steepest_before = 0.0;
    const std::size_t history = 2 * m_ + 2;
    for (std::size_t k = m_; k + 1 < n || (k < n && trace_.last_of_record && m_ <= 2); ++k) {
      if (k >= m_ + history) steepest_before = std::max(steepest_before, at(k - history).fall());
      const Means here = at(k);
      if (!significant(here) || !lasts(here, k)) continue;
      if (not_a_refill(here, steepest_before, k >= m_ + history + 3) && wanted(here, k)) return k;
    }
    return n;
  }

  Means at(std::size_t k) const {
    const std::size_t n = trace_.u.size();
    const std::size_t from = k + 1 < n ? k + 1 : k;
    const std::size_t rows = std::min(m_, n - from);
    return {(sums_[k] - sums_[k - m_]) / static_cast<double>(m_),
            (sums_[from + rows] - sums_[from]) / static_cast<double>(rows), rows};
  }

  bool significant(const Means& x) const {
    return x.before > 0 && x.fall() > smallest_[x.rows_after];
  }

  /// A row or two that a cycler misread, or repeated while somebody touched a cable, are no level: of the rows on either side most must lie
  /// on the side of their mean, as far as there are any.
  bool lasts(const Means& x, std::size_t k) const {
    const std::size_t n = trace_.u.size(), from = k + 1 < n ? k + 1 : k;
    const double middle = x.before - 0.5 * x.fall();
    const std::size_t wanted = std::max(looked_at, m_), rows = std::min(wanted, n - from), earlier = std::min(wanted, k);
    return (rows < 3 || most(from, rows, [&](double u) { return u < middle; })) &&
           (earlier < 3 || most(k - earlier, earlier, [&](double u) { return u > middle; }));
  }

  template <class Is> bool most(std::size_t from, std::size_t rows, Is is) const {
    const auto begin = trace_.u.begin() + static_cast<std::ptrdiff_t>(from);
    return 2 * static_cast<std::size_t>(std::count_if(begin, begin + static_cast<std::ptrdiff_t>(rows), is)) > rows;
  }

  /// Voids opened by stripping are refilled once the current reverses: the overpotential then falls towards what the cell
  /// had before, fastest at the start. A short falls below that, or faster than anything since the reversal.
  bool not_a_refill(const Means& x, double steepest_before, bool has_history) const {
    const bool known = std::isfinite(base_);
    if (known && x.after < thresholds::drop_below_base * base_) return true;
    const bool elevated = known && x.before > thresholds::drop_elevated * base_;
    return has_history && !elevated && x.fall() > thresholds::drop_over_history * steepest_before;
  }

  Fall describe(const Means& x, std::size_t k) const {
    const std::size_t n = trace_.u.size();
    std::size_t steepest = std::max<std::size_t>(1, k);
    for (std::size_t j = std::max<std::size_t>(1, k - std::min(k, m_)); j <= std::min(n - 1, k + m_); ++j)
      if (trace_.u[j - 1] - trace_.u[j] > trace_.u[steepest - 1] - trace_.u[steepest]) steepest = j;
    const std::size_t left = k - 1, right = std::min(n - 1, k + 1);
    return {false, x.before, x.after, x.share(), trace_.time[steepest], trace_.time[right] - trace_.time[left], steepest, m_,
            x.before > 0 ? std::hypot(trace_.noise_of_means.at(x.rows_after), (1.0 - x.share()) * trace_.noise_of_means.at(m_)) / x.before : 0.0};
  }

  static constexpr std::size_t looked_at = 5; ///< rows, at least

  const Trace& trace_;
  const std::vector<double>& sums_;
  double base_;
  std::size_t m_;
  std::vector<double> smallest_; ///< V, significant fall by the number of rows after it
};

std::vector<double> running_sums(const std::vector<double>& u) {
  std::vector<double> sums(u.size() + 1, 0.0);
  for (std::size_t k = 0; k < u.size(); ++k) sums[k + 1] = sums[k] + u[k];
  return sums;
}

} // namespace

Fall first_fall(const Trace& trace, const Reference& before, double share) {
  const std::size_t n = trace.u.size();
  const std::vector<double> sums = running_sums(trace.u);
  const double base = before.known ? before.low / trace.thermal * trace.mean_current()
                                   : std::numeric_limits<double>::quiet_NaN();
  Fall first, largest;
  for (const std::size_t m : noise_rows) {
    const Scan scan(trace, sums, base, m);
    if (!scan.applies()) continue;
    const std::size_t k = scan.find(share, largest);
    if (k == n) continue;
    const Fall fall = scan.describe(k);
    if (!first.found || fall.time < first.time) first = fall;
    first.found = true;
  }
  return first.found ? first : largest;
}

Fall fall_below_course(const Trace& trace, const Reference& before) {
  Fall out;
  if (!before.settled || before.course.empty()) return out;
  const std::vector<double> sums = running_sums(trace.u);
  const double base = before.low / trace.thermal * trace.mean_current();
  const auto course = [&](std::size_t row) { return before.course[trace.part_of(row)] / trace.thermal * trace.mean_current(); };
  for (const std::size_t m : noise_rows) {
    const Scan scan(trace, sums, base, m);
    if (!scan.applies()) continue;
    const std::size_t k = scan.find_below(course);
    if (k == trace.u.size()) continue;
    const Fall fall = scan.describe(k);
    if (!out.found || fall.time < out.time) out = fall;
    out.found = true;
  }
  return out;
}

Evidence small_drop(const Trace& trace, const Fall& fall, const Context& context) {
  Evidence e{"sudden fall below the earlier course", fall.share, thresholds::small_fall, "1", fall.found, fall.time, {}};
  const std::string current = say_current(trace.mean_current(), context.area);
  if (!context.before.settled || std::abs(trace.pressure_change) > thresholds::pressure_change) {
    e.figure = std::numeric_limits<double>::quiet_NaN();
    e.fired = false;
    e.reason = "not made: there is no earlier course to compare with, or the stack pressure changed";
    return e;
  }
  weigh(e, fall.error, 1);
  if (fall.found)
    e.reason = fmt::format("at {} the voltage fell from {:.3g} mV to {:.3g} mV within {:.3g} s ({:.0f} %, threshold {:.0f} %), below all that "
                           "the cell had at that point of earlier half cycles", current, fall.before * 1e3, fall.after * 1e3, fall.span,
                           fall.share * 100, thresholds::small_fall * 100);
  else
    e.reason = fmt::format("at {} no sudden fall by {:.0f} % went below what the cell had at that point of earlier half cycles", current,
                           thresholds::small_fall * 100);
  return e;
}

Evidence voltage_drop(const Trace& trace, const Fall& fall, const Context& context) {
  Evidence e{std::string(voltage_drop_name), fall.share, thresholds::drop_share, "1", fall.found, fall.time, {}};
  weigh(e, fall.error, 1);
  const std::string current = say_current(trace.mean_current(), context.area);
  if (std::abs(trace.pressure_change) > thresholds::pressure_change) {
    e.fired = false;
    e.reason = fmt::format("not made: the stack pressure changed by {:.0f} % within the half cycle at {}", trace.pressure_change * 100, current);
    e.figure = std::numeric_limits<double>::quiet_NaN();
    e.strength = 0.0;
    return e;
  }
  if (fall.found)
    e.reason = fmt::format("at {} the voltage fell from {:.3g} mV to {:.3g} mV within {:.3g} s ({:.0f} %, threshold {:.0f} %)",
                           current, fall.before * 1e3, fall.after * 1e3, fall.span, fall.share * 100,
                           thresholds::drop_share * 100);
  else
    e.reason = fmt::format("at {} the largest sudden fall of the voltage was {:.0f} % (threshold {:.0f} %)", current,
                           fall.share * 100, thresholds::drop_share * 100);
  return e;
}

} // namespace platen::assessing

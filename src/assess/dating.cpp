#include "assess/dating.hpp"

#include "assess/thresholds.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace platen::assessing {
namespace {

constexpr std::size_t references = 3;     ///< like half cycles that are compared with
constexpr std::size_t least_rows = 6;
constexpr double like_duration = 0.1;     ///< half cycles whose durations differ by less are compared second by second, others by their parts
constexpr double like_shape = 0.5;       ///< of what levels of like half cycles differ by, their shapes do
constexpr double same_level = 0.02;       ///< levels of like half cycles differ by that much at least
constexpr double odds_against = 20.0;     ///< a sudden fall k rows before one that is known is believed at odds of 20 k^2: noise alone does it in one cell of 20
constexpr double sure = 5.0;              ///< standard errors, of means that join on to what is known to be shorted
constexpr std::array<std::size_t, 6> windows{1, 2, 4, 8, 16, 32};

/// Resistance (25 degC) of a half cycle at a time since its start, ohm; rows averaged over five where that does not blur the start.
class LikeCourse {
public:
  explicit LikeCourse(const Trace& trace) : trace_(trace) {
    constexpr double least = 0.05; // of the usual; right after a switch the voltage may have the other sign
    const std::size_t n = trace.raw.size();
    for (std::size_t k = 0; k < n; ++k) {
      const std::size_t half = std::min({std::size_t{2}, k, n - 1 - k});
      double sum = 0.0;
      for (std::size_t j = k - half; j <= k + half; ++j) sum += trace.u[j] / std::max(trace.current[j], 1e-3 * trace.mean_current());
      smooth_.push_back(std::max(sum / static_cast<double>(2 * half + 1), least * trace.middle) * trace.thermal);
    }
  }
  double duration() const { return trace_.half_cycle.end - trace_.half_cycle.start; }
  double at(double since) const {
    const double time = trace_.half_cycle.start + since;
    const auto above = static_cast<std::size_t>(std::lower_bound(trace_.time.begin(), trace_.time.end(), time) - trace_.time.begin());
    if (above == 0) return smooth_.front();
    if (above == smooth_.size()) return smooth_.back();
    const double span = trace_.time[above] - trace_.time[above - 1];
    const double x = span > 0 ? (time - trace_.time[above - 1]) / span : 1.0;
    return smooth_[above - 1] + x * (smooth_[above] - smooth_[above - 1]);
  }

private:
  const Trace& trace_;
  std::vector<double> smooth_;
};

bool same_pressure(const Trace& a, const Trace& b) {
  return !(a.pressure > 0 && b.pressure > 0) || std::abs(a.pressure - b.pressure) <= thresholds::pressure_change * a.pressure;
}

/// The last healthy half cycles before `at` in its direction, the last one first.
std::vector<std::size_t> like_before(const std::vector<Trace>& traces, const std::vector<Judged>& judged, std::size_t at) {
  std::vector<std::size_t> out;
  const auto most = 4 * static_cast<std::size_t>(thresholds::memory);
  for (std::size_t k = at; k-- > 0 && at - k <= most && out.size() < references;) {
    const Trace& t = traces[k];
    if (t.half_cycle.direction != traces[at].half_cycle.direction || judged[k].result.verdict != Verdict::healthy || judged[k].stated) continue;
    if (!same_pressure(t, traces[at])) break;
    if (t.raw.size() >= least_rows && t.middle > 0) out.push_back(k);
  }
  return out;
}

/// Noise of interfaces that flutter, in proportion to the current, ohm: what half cycles have more than the instrument.
double flutter_of(const std::vector<Trace>& traces, const std::vector<std::size_t>& like) {
  constexpr double chance = 1.3; // times the instrument's: a few dozen rows do not tell less from none
  std::vector<double> out;
  for (const std::size_t k : like) {
    const double all = noise_of(traces[k].raw), own = traces[k].noise;
    out.push_back(all > chance * own ? std::sqrt(all * all - own * own) / traces[k].mean_current() : 0.0);
  }
  return numerics::median(out);
}

/// The courses of like half cycles, as one.
class Expected {
public:
  Expected(const std::vector<Trace>& traces, const std::vector<std::size_t>& like) {
    for (const std::size_t k : like) courses_.emplace_back(traces[k]);
  }
  /// ln of the resistance (ohm at 25 degC) `since` s into a half cycle of `duration` s; NaN where there is none.
  double at(double since, double duration) const {
    double sum = 0.0;
    for (const LikeCourse& c : courses_) {
      const bool alike = std::abs(c.duration() / duration - 1.0) < like_duration;
      sum += std::log(c.at(alike ? since : since * c.duration() / duration));
    }
    return sum / static_cast<double>(courses_.size());
  }

private:
  std::vector<LikeCourse> courses_;
};

/// What the rows before the short lie at where they are highest: a leak that grows, or comes and goes, is in the others. Where that is further from the expected
/// course than like half cycles are from each other, the course.
double level_of(const Beside& b, std::size_t until) {
  constexpr double highest = 0.75, normal = 0.6745; // quantile, and that of the normal distribution
  std::vector<double> rows(b.rho.begin() + static_cast<std::ptrdiff_t>(b.first), b.rho.begin() + static_cast<std::ptrdiff_t>(until));
  if (rows.size() < least_rows) return 0.0;
  const double level = numerics::quantile(rows, highest) - normal * b.sigma[b.first + rows.size() / 2];
  return level < -3.0 * b.level_error ? 0.0 : level;
}

/// Where the rows just before one are highest, dips among them apart: the second highest of six.
double highest_before(const std::vector<double>& rho, std::size_t row) {
  constexpr std::size_t before = 6;
  double highest = -std::numeric_limits<double>::infinity(), second = highest;
  for (std::size_t j = row > before ? row - before : 0; j < row; ++j) {
    second = std::max(second, std::min(highest, rho[j]));
    highest = std::max(highest, rho[j]);
  }
  return row > 1 ? second : highest;
}

/// Mean error of m rows about row k.
double error_of(const Trace& trace, const Beside& b, std::size_t k, std::size_t m) { return b.sigma[k] * trace.noise_of_means.at(m) / trace.noise; }

/// Near the middle of a window that is the first to lie low: where the rows before and after differ most, if that is a step.
std::size_t steepest(const std::vector<double>& sums, std::size_t from, std::size_t to, std::size_t m, std::size_t row) {
  double most = thresholds::left_course;
  std::size_t out = row;
  for (std::size_t k = std::max(from + m, row > m ? row - m : 0); k + m <= to && k <= row + m; ++k) {
    const double step = (sums[k] - sums[k - m] - (sums[k + m] - sums[k])) / static_cast<double>(m);
    if (step <= most) continue;
    most = step;
    out = k;
  }
  return out;
}

} // namespace

std::optional<Beside> beside_earlier(const std::vector<Trace>& traces, const std::vector<Judged>& judged, std::size_t at) {
  const std::vector<std::size_t> like = like_before(traces, judged, at);
  const Trace& trace = traces[at];
  const double duration = trace.half_cycle.end - trace.half_cycle.start;
  if (like.empty() || trace.raw.size() < 3 || !(duration > 0)) return std::nullopt;
  const Expected expected(traces, like);
  Beside out;
  const double current = trace.mean_current(), interval = trace.interval;
  const double noise = std::hypot(trace.noise, flutter_of(traces, like) * current);
  const double scale = std::abs(current / traces[like.front()].mean_current() - 1.0);
  for (std::size_t k = 0; k < trace.raw.size(); ++k) {
    const double since = trace.time[k] - trace.half_cycle.start, here = expected.at(since, duration), u = std::exp(here) / trace.thermal * current;
    const double slope = 0.5 * std::abs(expected.at(since + 0.5 * interval, duration) - expected.at(since - 0.5 * interval, duration));
    const double r = trace.raw[k] / current * trace.thermal;
    out.rho.push_back(r / std::exp(here) - 1.0);
    out.sigma.push_back(std::sqrt(1.2 * std::pow(noise / u, 2) + std::pow(slope, 2) + std::pow(trace.resolution / u, 2) / 12.0));
  }
  out.level_error = std::max(same_level, trace.offset_error * scale / std::max(trace.middle * current, 1e-9));
  const auto level = [&](std::size_t k) { return std::log(traces[like[k]].middle * traces[like[k]].thermal); };
  for (std::size_t k = 1; k < like.size(); ++k) out.level_error = std::max(out.level_error, std::abs(level(k) - level(k - 1)));
  return std::isfinite(out.sigma.front()) ? std::optional(std::move(out)) : std::nullopt;
}

std::optional<Left> low_up_to(const Trace& trace, const Beside& beside, std::size_t until, double by) {
  const std::size_t n = std::min(until, beside.rho.size()), from = beside.first;
  if (n <= from) return std::nullopt;
  // above the expected course are voids, contact, nucleation: they go, and are no level to fall from
  const double level = std::min(level_of(beside, n), by > thresholds::left_course ? same_level : 2.0 * beside.level_error);
  std::vector<double> sums(beside.rho.size() + 1, 0.0);
  std::size_t end = n, averaged = 1;
  bool start = false;
  // a leak that grows is seen in single rows late, in means of many early
  for (const std::size_t m : windows) {
    if (start || end < from + m) break;
    const double least = std::max({by, like_shape * beside.level_error, sure * error_of(trace, beside, end - 1, m)});
    // a deep dip among the rows is no stretch
    for (std::size_t j = 0; j < beside.rho.size(); ++j) sums[j + 1] = sums[j] + std::max(beside.rho[j] - level, -2.0 * least);
    const auto low = [&](std::size_t k) { return (sums[k + m] - sums[k]) / static_cast<double>(m) < -least; };
    std::size_t k = end - m; // the window [k, k + m)
    if (!low(k)) continue;
    while (k > from && low(k - 1)) --k;
    // of a window that is the first one, the first rows may still be on the course
    start = k == from && (sums[from + (m + 3) / 4] - sums[from]) / static_cast<double>((m + 3) / 4) < -0.5 * least;
    end = start ? from : m > 1 ? steepest(sums, from, n, m, k + m / 2) : k;
    averaged = m;
  }
  if (end == n) return std::nullopt;
  return Left{end, start, averaged};
}

std::optional<Left> last_sudden(const Trace& trace, const Beside& beside, std::size_t until, std::size_t away, Sudden wanted) {
  const std::size_t n = std::min(until, beside.rho.size());
  const double level = level_of(beside, n);
  const auto risen = [&](double depth) {
    for (std::size_t j = std::max<std::size_t>(1, beside.first); j < n; ++j)
      if (beside.rho[j] > level + depth && beside.rho[j] - beside.rho[j - 1] > 0.5 * depth) return true;
    return false;
  };
  for (std::size_t k = n; k-- > std::max<std::size_t>(1, beside.first);) {
    const double rows = static_cast<double>(away + n - k), depth = std::min(level, highest_before(beside.rho, k)) - beside.rho[k];
    const double chance = std::sqrt(2.0 * std::log(odds_against * rows * rows)); // standard deviations
    if (depth < std::max(thresholds::left_course, chance * beside.sigma[k]) || depth * trace.raw[k - 1] < thresholds::swing_steps * trace.resolution) continue;
    if (beside.rho[k - 1] - beside.rho[k] < 0.5 * depth) continue;
    if (depth < wanted.depth) continue;
    if (wanted.lasting && !(k + 2 < beside.rho.size() && beside.rho[k + 1] < level - 0.5 * depth && beside.rho[k + 2] < level - 0.5 * depth)) continue;
    if (!risen(depth)) return Left{k, false, 1};
  }
  return std::nullopt;
}

} // namespace platen::assessing

#include "assess/beside.hpp"

#include "assess/thresholds.hpp"
#include "assess/verdict.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace platen::assessing {
namespace {

constexpr std::size_t references = 3; ///< like half cycles that are compared with
constexpr std::size_t least_rows = 6;
constexpr double like_duration = 0.1; ///< half cycles whose durations differ by less are compared second by second, others by their parts
constexpr double same_level = 0.02;   ///< levels of like half cycles differ by that much at least

/// The course of a half cycle, read at times that only grow.
class LikeCourse {
public:
  LikeCourse(const Trace& trace, double duration) : trace_(trace) {
    const double own = trace.half_cycle.end - trace.half_cycle.start;
    if (std::abs(own / duration - 1.0) >= like_duration) scale_ = own / duration;
  }
  /// ln of the resistance `since` s into a half cycle of that duration.
  double at(double since) {
    const double time = trace_.half_cycle.start + since * scale_;
    while (above_ < trace_.time.size() && trace_.time[above_] < time) ++above_;
    if (above_ == 0) return trace_.log_course.front();
    if (above_ == trace_.time.size()) return trace_.log_course.back();
    const double span = trace_.time[above_] - trace_.time[above_ - 1], before = trace_.log_course[above_ - 1];
    return before + (span > 0 ? (time - trace_.time[above_ - 1]) / span : 1.0) * (trace_.log_course[above_] - before);
  }

private:
  const Trace& trace_;
  double scale_ = 1.0;
  std::size_t above_ = 0; ///< first row at or after the time
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
    const double all = traces[k].own_noise, record = traces[k].noise;
    out.push_back(all > chance * record ? std::sqrt(all * all - record * record) / traces[k].mean_current() : 0.0);
  }
  return numerics::median(out);
}

} // namespace

std::vector<double> smooth_course(const Trace& trace) {
  constexpr double least = 0.05; // of the usual; right after a switch the voltage may have the other sign
  const std::size_t n = trace.r.size();
  std::vector<double> out;
  out.reserve(n);
  for (std::size_t k = 0; k < n; ++k) {
    const std::size_t half = std::min({std::size_t{2}, k, n - 1 - k});
    double sum = 0.0;
    for (std::size_t j = k - half; j <= k + half; ++j) sum += trace.r[j];
    out.push_back(std::log(std::max(sum / static_cast<double>(2 * half + 1), least * trace.middle) * trace.thermal));
  }
  return out;
}

std::optional<Beside> beside_earlier(const std::vector<Trace>& traces, const std::vector<Judged>& judged, std::size_t at) {
  const std::vector<std::size_t> like = like_before(traces, judged, at);
  const Trace& trace = traces[at];
  const std::size_t n = trace.raw.size();
  const double duration = trace.half_cycle.end - trace.half_cycle.start;
  if (like.empty() || n < 3 || !(duration > 0)) return std::nullopt;
  constexpr double infinite = std::numeric_limits<double>::infinity();
  std::vector<double> expected(n, 0.0), least(n, infinite), most(n, -infinite);
  for (const std::size_t l : like) {
    LikeCourse course(traces[l], duration);
    for (std::size_t k = 0; k < n; ++k) {
      const double log_ohm = course.at(trace.time[k] - trace.half_cycle.start);
      expected[k] += log_ohm / static_cast<double>(like.size());
      least[k] = std::min(least[k], log_ohm);
      most[k] = std::max(most[k], log_ohm);
    }
  }
  Beside out;
  for (std::size_t k = 0; k < n; ++k) out.range.push_back(like.size() > 1 ? most[k] - least[k] : 1.0);
  out.rho.reserve(n);
  out.sigma.reserve(n);
  const double current = trace.mean_current(), noise = std::hypot(trace.noise, flutter_of(traces, like) * current);
  const double variance = 1.2 * noise * noise + trace.resolution * trace.resolution / 12.0;
  for (std::size_t k = 0; k < n; ++k) {
    const double ohm = std::exp(expected[k]), u = ohm / trace.thermal * current;
    const std::size_t before = k > 0 ? k - 1 : 0, after = std::min(n - 1, k + 1);
    const double slope = 0.5 * (expected[after] - expected[before]) / static_cast<double>(after - before);
    out.rho.push_back(trace.raw[k] / u - 1.0);
    out.sigma.push_back(std::sqrt(variance / (u * u) + slope * slope));
  }
  const double scale = std::abs(current / traces[like.front()].mean_current() - 1.0);
  out.level_error = std::max(same_level, trace.offset_error * scale / std::max(trace.middle * current, 1e-9));
  const auto level = [&](std::size_t k) { return std::log(traces[like[k]].middle * traces[like[k]].thermal); };
  for (std::size_t k = 1; k < like.size(); ++k) out.level_error = std::max(out.level_error, std::abs(level(k) - level(k - 1)));
  return std::isfinite(out.sigma.front()) ? std::optional(std::move(out)) : std::nullopt;
}

} // namespace platen::assessing

#include "assess/trace.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <utility>

namespace platen::assessing {
namespace {

constexpr double crowded = 0.3;       ///< rows closer than this share of the usual interval were triggered, not timed
constexpr double crowded_share = 0.05; ///< of the rows; above it the rows are averaged, below it single ones are left out
constexpr std::size_t least_bins = 8;

struct Curve {
  std::vector<double> time, u, current;
  void add(double t, double v, double i) {
    time.push_back(t);
    u.push_back(v);
    current.push_back(i);
  }
};

/// Leaves out rows that follow another one too closely; the first and the last row stay.
Curve thinned(const Trace& trace, double interval) {
  Curve out;
  for (std::size_t k = 0; k < trace.time.size(); ++k)
    if (k == 0 || k + 1 == trace.time.size() || trace.time[k] - out.time.back() >= crowded * interval)
      out.add(trace.time[k], trace.u[k], trace.current[k]);
  return out;
}

/// Means over equal spans of time of the straight lines between the rows. A span is named by its end, as a timed row would be.
Curve averaged(const Trace& trace, double interval) {
  Curve out;
  const std::size_t n = trace.time.size();
  const double begin = trace.time.front(), end = trace.time.back();
  const auto bins = static_cast<std::size_t>((end - begin) / interval);
  std::size_t k = 0; // the row at or before the present time
  double t = begin, u = trace.u.front(), i = trace.current.front();
  for (std::size_t b = 1; b <= bins; ++b) {
    const double until = b == bins ? end : begin + static_cast<double>(b) * interval;
    const double from = t;
    double sum_u = 0, sum_i = 0;
    while (t < until) {
      while (k + 1 < n && trace.time[k + 1] <= t) ++k;
      if (k + 1 >= n) break;
      const double next = std::min(until, trace.time[k + 1]);
      const double x = (next - trace.time[k]) / (trace.time[k + 1] - trace.time[k]);
      const double next_u = trace.u[k] + x * (trace.u[k + 1] - trace.u[k]);
      const double next_i = trace.current[k] + x * (trace.current[k + 1] - trace.current[k]);
      sum_u += 0.5 * (u + next_u) * (next - t);
      sum_i += 0.5 * (i + next_i) * (next - t);
      t = next;
      u = next_u;
      i = next_i;
    }
    if (t > from) out.add(until, sum_u / (t - from), sum_i / (t - from));
  }
  return out;
}

} // namespace

void make_even_in_time(Trace& trace) {
  std::vector<double> intervals;
  for (std::size_t k = 1; k < trace.time.size(); ++k)
    if (trace.time[k] > trace.time[k - 1]) intervals.push_back(trace.time[k] - trace.time[k - 1]);
  if (intervals.size() < least_bins || !std::is_sorted(trace.time.begin(), trace.time.end())) return;
  const auto [shortest, longest] = std::minmax_element(intervals.begin(), intervals.end());
  if (*shortest >= crowded * *longest) return;
  // the largest intervals are the timed ones
  const double interval = numerics::quantile(intervals, 0.98);
  const auto close = std::count_if(intervals.begin(), intervals.end(), [&](double d) { return d < crowded * interval; });
  if (close == 0) return;
  const double span = trace.time.back() - trace.time.front();
  const bool average = static_cast<double>(close) > crowded_share * static_cast<double>(intervals.size()) &&
                       span > static_cast<double>(least_bins) * interval;
  Curve even = average ? averaged(trace, interval) : thinned(trace, interval);
  trace.recorded_time = std::exchange(trace.time, std::move(even.time));
  trace.recorded = std::exchange(trace.u, std::move(even.u));
  trace.current = std::move(even.current);
}

} // namespace platen::assessing

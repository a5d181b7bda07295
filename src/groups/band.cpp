#include "groups/band.hpp"

#include "numerics/distributions.hpp"
#include "numerics/random.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace platen::groups {
namespace {

struct Tally {
  std::size_t passed = 0, known = 0;
};

Tally tally(std::span<const Interval> sample, double at) {
  Tally out;
  for (const Interval& i : sample) {
    const bool passed = i.exact() ? i.low > at : i.low >= at;
    out.passed += passed ? 1 : 0;
    out.known += passed || i.high <= at ? 1 : 0;
  }
  return out;
}

Share binomial(const Tally& t, double level) {
  const auto range = numerics::binomial_interval(static_cast<double>(t.passed), static_cast<double>(t.known), level);
  return {range.low, range.high};
}

/// (X15) Quantiles over samples drawn with replacement, for the points that are not counted.
void resample(std::span<const Interval> sample, std::vector<BandPoint>& points, const BandOptions& options, const work::Task& task) {
  std::vector<std::vector<double>> low(points.size(), std::vector<double>(options.resamples)), high = low;
  const auto one = [&](std::size_t k) {
    numerics::RandomStream stream(options.seed, "resampled cells", k);
    std::vector<double> times(sample.size(), 0.0);
    for (std::size_t c = 0; c < sample.size(); ++c)
      times[std::min(sample.size() - 1, static_cast<std::size_t>(stream.uniform() * static_cast<double>(sample.size())))] += 1.0;
    const Turnbull estimate = turnbull(sample, times, 1e-6);
    for (std::size_t p = 0; p < points.size(); ++p) {
      const Share share = estimate.passing(points[p].at);
      low[p][k] = share.low;
      high[p][k] = share.high;
    }
  };
  work::parallel_for(options.resamples, one, 0, {.stop = task.stop, .progress = {}});
  const double tail = 0.5 * (1.0 - options.level);
  for (std::size_t p = 0; p < points.size(); ++p) {
    BandPoint& point = points[p];
    if (point.counted) continue;
    point.band = {std::min(numerics::quantile(low[p], tail), point.estimate.low),
                  std::max(numerics::quantile(high[p], 1.0 - tail), point.estimate.high)};
    // All that are known did the same: resampling cannot see what has not happened yet.
    const Tally t = tally(sample, point.at);
    if (t.known > 0 && (t.passed == 0 || t.passed == t.known)) {
      const Share wide = binomial(t, options.level);
      point.band = {std::min(point.band.low, wide.low), std::max(point.band.high, wide.high)};
    }
  }
}

} // namespace

std::vector<BandPoint> confidence_band(std::span<const Interval> sample, const Turnbull& estimate, const BandOptions& options,
                                       const work::Task& task) {
  std::set<double> ends;
  for (const Interval& i : sample) {
    if (i.low > 0.0) ends.insert(i.low);
    if (!i.right_censored()) ends.insert(i.high);
  }
  std::vector<BandPoint> out;
  for (const double at : ends) {
    const Tally t = tally(sample, at);
    BandPoint point{at, estimate.passing(at), {}, t.known == sample.size()};
    if (point.counted) point.band = binomial(t, options.level); // (X14)
    out.push_back(point);
  }
  if (std::any_of(out.begin(), out.end(), [](const BandPoint& p) { return !p.counted; })) resample(sample, out, options, task);
  return out;
}

} // namespace platen::groups

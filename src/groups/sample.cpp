#include "groups/sample.hpp"

#include <algorithm>
#include <cmath>

namespace platen::groups {
namespace {

/// Every end that is a current density, rising.
std::vector<double> ends_of(const std::vector<Interval>& intervals) {
  std::vector<double> out;
  for (const Interval& i : intervals) {
    if (i.low > 0.0) out.push_back(i.low);
    if (!i.right_censored()) out.push_back(i.high);
  }
  std::sort(out.begin(), out.end());
  return out;
}

double smallest_width(const std::vector<Interval>& intervals) {
  double out = std::numeric_limits<double>::infinity();
  for (const Interval& i : intervals)
    if (!i.right_censored() && i.high > i.low) out = std::min(out, i.high - i.low);
  return out;
}

} // namespace

Interval interval_of(const CcdRow& row) {
  return {row.last_passed.value_or(0.0), row.failing_step.value_or(std::numeric_limits<double>::infinity())};
}

void merge_ends(std::vector<Interval>& intervals, double share) {
  const double near = share * smallest_width(intervals);
  if (!std::isfinite(near)) return;
  const std::vector<double> ends = ends_of(intervals);
  std::vector<double> merged(ends.size());
  for (std::size_t first = 0; first < ends.size();) {
    std::size_t last = first;
    while (last + 1 < ends.size() && ends[last + 1] - ends[first] <= near) ++last;
    const double middle = 0.5 * (ends[first] + ends[last]);
    for (std::size_t k = first; k <= last; ++k) merged[k] = middle;
    first = last + 1;
  }
  const auto place = [&](double end) {
    return merged[static_cast<std::size_t>(std::lower_bound(ends.begin(), ends.end(), end) - ends.begin())];
  };
  for (Interval& i : intervals) {
    if (i.low > 0.0) i.low = place(i.low);
    if (!i.right_censored()) i.high = place(i.high);
  }
}

Counts count(std::span<const Interval> sample) {
  Counts out;
  for (const Interval& i : sample) {
    ++out.cells;
    if (i.right_censored()) ++out.right;
    else if (i.exact()) ++out.exact;
    else if (i.left_censored()) ++out.left;
  }
  return out;
}

} // namespace platen::groups

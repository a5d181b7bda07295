#include "assess/course.hpp"

#include "assess/thresholds.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace platen::assessing {
namespace {

constexpr std::size_t parts = course_resolution;
constexpr std::size_t least_rows = 8;      ///< of a half cycle
constexpr std::size_t most_blocks = 64;    ///< alike half cycles are put together beyond that
constexpr double complete = 0.9;           ///< of the usual duration
constexpr double alike = 0.02;             ///< relative, of currents
constexpr double most_rise = 2.0;          ///< 1, within a half cycle: voids that take half of the contact are no habit of (A56)
constexpr double resolved = 6.0;           ///< standard deviations that a part must have: the logarithm of less is biased

/// Means over the parts of one half cycle.
struct Parts {
  std::array<double, parts> voltage{}, current{}; ///< V, A
  std::array<std::size_t, parts> rows{};
};

/// `span`: s, what the whole half cycle lasts.
Parts parts_of(const Trace& t, double span) {
  Parts out;
  for (std::size_t k = 0; k < t.u.size(); ++k) {
    const double into = span > 0 ? std::clamp((t.time[k] - t.half_cycle.start) / span, 0.0, 0.999) : 0.0;
    const auto part = static_cast<std::size_t>(into * parts);
    out.voltage[part] += t.u[k];
    out.current[part] += t.current[k];
    ++out.rows[part];
  }
  for (std::size_t p = 0; p < parts; ++p)
    if (out.rows[p] > 0) {
      out.voltage[p] /= static_cast<double>(out.rows[p]);
      out.current[p] /= static_cast<double>(out.rows[p]);
    }
  return out;
}

/// Clocks and meters may say anything; what no test has would swamp all else.
bool sensible(const Trace& t) {
  constexpr double longest = 1e12, largest = 1e6; // s; V, A, 1
  const auto small = [](double x, double most) { return std::abs(x) < most; }; // false for NaN
  return small(t.half_cycle.start, longest) && small(t.half_cycle.end, longest) && span_of(t) > 0 && small(t.mean_current(), largest) && t.mean_current() > 1.0 / longest &&
         small(std::log(t.thermal), largest) && std::all_of(t.u.begin(), t.u.end(), [&](double u) { return small(u, largest); }) &&
         std::all_of(t.current.begin(), t.current.end(), [&](double i) { return small(i, largest); });
}

/// s, what each half cycle would have lasted: a gap or the end of the record may cut one short. By others at its current, or as those before
/// went by time or by charge.
std::vector<double> whole_spans(const std::vector<Trace>& traces) {
  std::vector<std::size_t> order;
  for (std::size_t h = 0; h < traces.size(); ++h)
    if (sensible(traces[h])) order.push_back(h);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return traces[a].mean_current() < traces[b].mean_current(); });
  std::vector<double> out(traces.size());
  for (std::size_t k = 0, end = 0; k < order.size(); k = end) {
    double longest = span_of(traces[order[k]]);
    for (end = k + 1; end < order.size() && traces[order[end]].mean_current() <= (1.0 + alike) * traces[order[k]].mean_current(); ++end)
      longest = std::max(longest, span_of(traces[order[end]]));
    for (std::size_t j = k; j < end; ++j) out[order[j]] = longest;
    const std::size_t h = order[k];
    if (end > k + 1 || h < 2) continue;
    const double before = span_of(traces[h - 1]);
    const bool by_time = std::abs(before - span_of(traces[h - 2])) < alike * before;
    out[h] = std::max(span_of(traces[h]), by_time ? before : before * traces[h - 1].mean_current() / traces[h].mean_current());
  }
  return out;
}

/// Half cycles of one direction that are put together.
struct Group {
  std::size_t block = 0, members = 0;
};

class CourseOf {
public:
  CourseOf(const std::vector<Trace>& traces, const std::vector<bool>& counts) : traces_(traces), spans_(whole_spans(traces)) {
    std::vector<std::size_t> usable;
    for (std::size_t h = 0; h < traces.size(); ++h) {
      began_.push_back(all_);
      if (!sensible(traces[h])) continue;
      all_ += span_of(traces[h]);
      most_ = std::max(most_, traces[h].mean_current());
      if (counts[h] && clear(h)) usable.push_back(h);
    }
    std::vector<double> resistances;
    for (const std::size_t h : usable) resistances.push_back(traces[h].middle);
    usual_ = resistances.empty() ? 0.0 : numerics::median(resistances);
    together_ = (usable.size() + most_blocks - 1) / std::max<std::size_t>(1, most_blocks);
    course_.block_of.assign(traces.size(), usable.size());
    for (const std::size_t h : usable) add(h);
    for (std::size_t& block : course_.block_of) block = std::min(block, course_.first_of_block.size());
    finish(usable);
  }
  Course take() { return std::move(course_); }

private:
  bool clear(std::size_t h) const {
    const Trace& t = traces_[h];
    if (t.u.size() < least_rows || !t.has_levels() || !sensible(t)) return false;
    const bool cut = h > 0 && span_of(t) < complete * spans_[h] && traces_[h - 1].half_cycle.direction == t.half_cycle.direction;
    if (cut) return false; // what follows a gap begins nobody knows where
    const Parts p = parts_of(t, spans_[h]);
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t k = 0; k < parts; ++k) {
      if (p.rows[k] == 0) continue;
      if (p.voltage[k] <= std::max(resolved * noise(t, p.rows[k]), thresholds::zero_wander) || p.voltage[k] > most_rise * least) return false;
      least = std::min(least, p.voltage[k]);
    }
    return true;
  }
  static double noise(const Trace& t, std::size_t rows) { return std::max(t.noise_of_means.at(rows), t.rounding); }

  std::size_t block_of(std::size_t h) {
    Group& g = groups_[traces_[h].half_cycle.direction > 0 ? 0 : 1];
    if (g.members == 0 || g.members == together_) {
      g = {course_.first_of_block.size(), 0};
      course_.first_of_block.push_back(h);
    }
    ++g.members;
    return g.block;
  }

  void add(std::size_t h) {
    const Trace& t = traces_[h];
    const double span = spans_[h], under = began_[h];
    const Parts p = parts_of(t, span);
    const std::size_t block = block_of(h);
    course_.block_of[h] = block;
    for (std::size_t k = 0; k < parts; ++k) {
      if (p.rows[k] == 0) continue;
      const double into = (static_cast<double>(k) + 0.5) / parts;
      CoursePoint q;
      q.block = block;
      q.into = into;
      q.variance = std::pow(noise(t, p.rows[k]) / p.voltage[k], 2);
      q.direction = t.half_cycle.direction;
      q.load = t.mean_current() / most_;
      q.load_before = h > 0 ? traces_[h - 1].mean_current() / most_ : 0.0;
      q.per_volt = q.direction / (usual_ * p.current[k]); // not of this voltage, which a leak lowers
      q.value = std::log(p.voltage[k] / p.current[k] * t.thermal);
      q.time = t.half_cycle.start + into * span;
      q.under_current = under + into * span;
      q.thermal = std::log(t.thermal / traces_.front().thermal);
      course_.points.push_back(q);
    }
  }

  /// Points of one block and part become one; blocks in the order of time.
  void finish(const std::vector<std::size_t>& usable) {
    constexpr std::array means{&CoursePoint::value, &CoursePoint::variance, &CoursePoint::load,          &CoursePoint::load_before, &CoursePoint::per_volt,
                               &CoursePoint::time,  &CoursePoint::thermal,  &CoursePoint::under_current};
    auto& points = course_.points;
    std::stable_sort(points.begin(), points.end(), [](const CoursePoint& a, const CoursePoint& b) { return a.block != b.block ? a.block < b.block : a.into < b.into; });
    std::vector<CoursePoint> out;
    for (std::size_t k = 0, end = 0; k < points.size(); k = end) {
      CoursePoint q = points[k];
      for (end = k + 1; end < points.size() && points[end].block == q.block && points[end].into == q.into; ++end)
        for (const auto member : means) q.*member += points[end].*member;
      const auto n = static_cast<double>(end - k);
      for (const auto member : means) q.*member /= n;
      q.variance /= n;
      out.push_back(q);
    }
    points = std::move(out);
    std::vector<double> spans;
    for (const std::size_t h : usable) spans.push_back(span_of(traces_[h]));
    if (!spans.empty()) course_.half_cycle = numerics::median(spans);
    course_.group = static_cast<double>(std::max<std::size_t>(1, together_));
    course_.zero = thresholds::zero_drift; // with a leak the zero may be another than without
  }

  const std::vector<Trace>& traces_;
  std::vector<double> spans_; ///< s
  std::vector<double> began_; ///< s under current, where each half cycle begins
  double all_ = 0.0;          ///< s under current
  Course course_;
  std::array<Group, 2> groups_{};
  double most_ = 0.0;  ///< A
  double usual_ = 0.0; ///< ohm
  std::size_t together_ = 1;
};

} // namespace

Course course_of(const std::vector<Trace>& traces, const std::vector<bool>& counts, bool temperature_logged) {
  Course out = CourseOf(traces, counts).take();
  out.temperature_logged = temperature_logged;
  return out;
}

double span_of(const Trace& trace) { return trace.half_cycle.end - trace.half_cycle.start; }

} // namespace platen::assessing

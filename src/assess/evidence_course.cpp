#include "assess/course_model.hpp"
#include "assess/evidence.hpp"
#include "assess/thresholds.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen::assessing {
namespace {

constexpr std::size_t parts = course_resolution;
constexpr std::size_t least_blocks = 6, healthy_blocks = 4; ///< of which the first few show what the cell is like

/// (A57) How a leak may come.
struct Leak {
  std::size_t block = 0; ///< first
  double from = 0;       ///< s under current
  double growing = 0;    ///< s under current until it is whole; 0: at once
  double power = 1;      ///< of the time, while it grows
  int direction = 0;     ///< in which it shows; 0: both
  double late = 0;       ///< 1, from here on within its half cycles
  double earlier = 1;    ///< 1, factor on `late` from one of its half cycles to the next
};

/// -1 where the leak is whole.
void shape_of(const Course& course, const Leak& leak, std::vector<double>& out) {
  out.resize(course.points.size());
  for (std::size_t k = 0; k < out.size(); ++k) {
    const CoursePoint& p = course.points[k];
    const double since = p.under_current - leak.from;
    const double late = leak.late > 0 && p.block > leak.block ? leak.late * std::pow(leak.earlier, static_cast<double>((p.block - leak.block) / 2)) : leak.late;
    const bool there = since >= 0.0 && p.block >= leak.block && (leak.direction == 0 || leak.direction * p.direction > 0) && p.into >= late;
    out[k] = !there ? 0.0 : leak.growing > 0.0 ? -std::min(1.0, std::pow(since / leak.growing, leak.power)) : -1.0;
  }
}

/// s under current, where each block begins.
std::vector<double> starts_of(const Course& course) {
  std::vector<double> out(course.first_of_block.size(), 0.0);
  for (std::size_t k = course.points.size(); k-- > 0;) out[course.points[k].block] = course.points[k].under_current - course.points[k].into * course.half_cycle;
  return out;
}

/// s under current, from there to the end of the record: what grows for longer is the same but for its size.
double rest_of(const Course& course, double from) { return std::max(1.0, course.points.back().under_current - from); }

std::vector<Leak> leaks_of(const Course& course) {
  const std::vector<double> starts = starts_of(course);
  const double half_cycle = course.half_cycle;
  std::vector<int> directions(starts.size());
  for (const CoursePoint& p : course.points) directions[p.block] = p.direction > 0 ? 1 : -1;
  std::vector<Leak> out;
  for (std::size_t b = healthy_blocks; b < starts.size(); ++b)
    for (const int direction : {0, directions[b]}) { // in one direction it begins in a half cycle of that direction
      for (const double into : {0.0, 0.25, 0.5, 0.75}) // a step between half cycles in both directions is no leak's alone
        if (direction != 0 || into > 0.0) out.push_back({b, starts[b] + into * half_cycle, 0.0, 1.0, direction, 0.0, 1.0});
      for (const double power : {1.0, 2.0})
        for (const double growing : direction == 0 ? std::vector<double>{1.0, 3.0, 9.0} : std::vector<double>{1.0}) // more slowly a zero wanders
          for (const double into : {0.0, 0.5}) {
            const double from = starts[b] + into * half_cycle;
            out.push_back({b, from, std::min(growing * half_cycle * course.group, rest_of(course, from)), power, direction, 0.0, 1.0});
          }
      if (direction == 0) continue;
      for (const double late : {0.2, 0.4, 0.6, 0.8})
        for (const double earlier : {1.0, 0.8, 0.6}) out.push_back({b, starts[b], 0.0, 1.0, direction, late, earlier});
    }
  return out;
}

/// What screws and pressure do: a step of either sign between two half cycles, in both directions.
std::vector<Leak> steps_between(const Course& course) {
  const std::vector<double> starts = starts_of(course);
  std::vector<Leak> out;
  for (std::size_t b = 1; b < starts.size(); ++b) out.push_back({b, starts[b], 0.0, 1.0, 0, 0.0, 1.0});
  return out;
}

struct Best {
  Leak leak;
  double square = 0;
};

Best best_of(const CourseModel& model, const Course& course, const std::vector<Leak>& leaks, bool falls) {
  Best best;
  std::vector<double> shape;
  for (const Leak& leak : leaks) {
    shape_of(course, leak, shape);
    const CourseModel::Gain gain = model.gain(shape);
    if (gain.square > best.square && (!falls || gain.size > 0)) best = {leak, gain.square};
  }
  return best;
}

/// A leak with its numbers changed: when it comes, when it is whole and by which power it grows, or how late in half cycles and how much earlier each time.
Leak changed(Leak leak, const Course& course, double step, double a, double b, double c) {
  if (leak.late > 0) {
    leak.late = std::clamp(leak.late + 0.2 * step * a, 1.0 / parts, 1.0);
    leak.earlier = std::clamp(leak.earlier + 0.1 * step * b, 0.5, 1.0);
  } else {
    step *= course.group;
    leak.from += step * a * course.half_cycle;
    if (leak.growing > 0) leak.power = std::clamp(leak.power + step / course.group * c, 1.0, 3.0);
    if (leak.growing > 0) leak.growing = std::min(std::max(step * course.half_cycle, leak.growing + step * (b - a) * course.half_cycle), rest_of(course, leak.from));
  }
  return leak;
}

/// The best leak around one: the grid of (A57) is coarse.
Best refined(const CourseModel& model, const Course& course, Best best) {
  if (best.leak.growing == 0 && best.leak.late == 0 && best.leak.direction != 0) return best; // it comes with a reversal
  constexpr int most_moves = 8;
  for (const double step : {1.0, 0.5, 0.25, 0.125})
    for (int move = 0; move < most_moves; ++move) {
      std::vector<Leak> around;
      for (const double a : {-1.0, 0.0, 1.0})
        for (const double b : {-1.0, 0.0, 1.0})
          for (const double c : {-1.0, 0.0, 1.0}) around.push_back(changed(best.leak, course, step, a, b, c));
      const Best next = best_of(model, course, around, true);
      if (next.square <= best.square) break;
      best = next;
    }
  return best;
}

/// Where the mean of the rows falls most.
struct FallIn {
  double time = 0, share = 0; ///< s, 1
};
FallIn fall_in(const Trace& trace, double earliest, double latest) {
  std::size_t from = 0, to = trace.r.size();
  while (from < to && trace.time[from] < earliest) ++from;
  while (to > from && trace.time[to - 1] > latest) --to;
  double all = 0.0, most = 0.0, before = 0.0;
  for (std::size_t k = from; k < to; ++k) all += trace.r[k];
  const auto n = static_cast<double>(to - from);
  FallIn out{0.5 * (earliest + latest), 0.0};
  for (std::size_t k = from + 1; k < to; ++k) {
    before += trace.r[k - 1];
    const auto m = static_cast<double>(k - from);
    const double fallen = before / m - (all - before) / (n - m), worth = fallen > 0 ? fallen * fallen * m * (n - m) : 0.0;
    if (worth <= most) continue;
    most = worth;
    out = {trace.time[k], fallen * m / before};
  }
  return out;
}

/// (A59) A leak that comes late in half cycles of one direction: the first of them that falls by two fifths of what the leak takes.
void date_late(const std::vector<Trace>& traces, const Leak& leak, double takes, CourseLeak& out) {
  for (std::size_t h = out.half_cycle; h < traces.size(); ++h) {
    if (traces[h].half_cycle.direction != leak.direction || traces[h].r.size() < 2) continue;
    const FallIn fall = fall_in(traces[h], traces[h].half_cycle.start + span_of(traces[h]) / parts, traces[h].half_cycle.end);
    if (fall.share < 0.4 * takes) continue;
    out.half_cycle = h;
    out.onset = fall.time;
    break;
  }
  out.window = {out.onset - span_of(traces[out.half_cycle]) / parts, out.onset + span_of(traces[out.half_cycle]) / parts};
}

/// (A59) Test time at which the leak began to show: of one that grows, when it takes half of small_fall.
void date(const std::vector<Trace>& traces, const Course& course, const Leak& leak, double amplitude, CourseLeak& out) {
  double from = leak.from;
  if (leak.growing > 0) from += leak.growing * std::pow(std::min(1.0, 0.5 * thresholds::small_fall / amplitude), 1.0 / leak.power);
  out.half_cycle = course.first_of_block[leak.block];
  double under = 0.0;
  for (std::size_t h = 0; h < out.half_cycle; ++h) under += span_of(traces[h]);
  while (leak.growing > 0 && out.half_cycle + 1 < traces.size() && under + span_of(traces[out.half_cycle]) <= from) under += span_of(traces[out.half_cycle++]);
  const Trace& trace = traces[out.half_cycle];
  const double into = std::max(0.0, from - under), part = span_of(trace) / parts;
  out.onset = trace.half_cycle.start + into;
  if (leak.late > 0) return date_late(traces, leak, -std::expm1(-amplitude), out);
  if (leak.growing == 0 && into > 0) out.onset = fall_in(trace, out.onset - part, out.onset + part).time;
  out.window = {out.onset - std::max(part, from - leak.from), out.onset + part};
  if (into == 0) out.window = {out.half_cycle > 0 ? traces[out.half_cycle - 1].time.back() : out.onset, trace.time.front()};
}

/// Whether the resistance falls below that of the last half cycles before in its direction, by half of what the leak is said to take: what
/// habits foretell beyond what they were seen to do is no measure.
bool ends_below(const Course& course, const Leak& leak, const std::vector<double>& shape, const CourseModel::Fitted& fitted) {
  constexpr double whole = 0.7; // of the largest share
  const double reached = *std::min_element(shape.begin(), shape.end());
  double fallen = 0.0, expected = 0.0;
  for (const double direction : {1.0, -1.0}) {
    std::array<std::vector<double>, parts> before;
    for (std::size_t k = shape.size(); k-- > 0;) {
      const CoursePoint& p = course.points[k];
      std::vector<double>& part = before[static_cast<std::size_t>(p.into * parts)];
      if (p.direction == direction && shape[k] == 0.0 && p.block <= leak.block && part.size() < static_cast<std::size_t>(thresholds::memory)) part.push_back(p.value - fitted.by_zero[k]);
    }
    for (std::size_t k = 0; k < shape.size(); ++k) {
      const CoursePoint& p = course.points[k];
      const std::vector<double>& part = before[static_cast<std::size_t>(p.into * parts)];
      if (p.direction != direction || shape[k] > whole * reached || part.empty()) continue;
      fallen += numerics::median(part) - p.value + fitted.by_zero[k];
      expected -= fitted.size * shape[k];
    }
  }
  return fallen > 0.5 * expected;
}

std::string_view words(const Leak& leak) {
  if (leak.growing > 0) return "that grows";
  if (leak.late > 0) return "that comes late in half cycles of one direction";
  return leak.direction != 0 ? "in one direction" : "that stays";
}

/// What the leak takes in each half cycle at most.
void share_out(const Course& course, const std::vector<double>& shape, const CourseModel::Fitted& fitted, CourseLeak& out) {
  std::vector<double> of_block(course.first_of_block.size() + 1, 0.0);
  for (std::size_t k = 0; k < shape.size(); ++k) {
    double& share = of_block[course.points[k].block];
    share = std::max(share, -std::expm1(fitted.size * shape[k]));
  }
  for (std::size_t h = 0; h < out.shares.size(); ++h) out.shares[h] = of_block[course.block_of[h]];
  const double reached = *std::min_element(shape.begin(), shape.end());
  constexpr double of_shape = 0.1; // relative, of the share: leaks have more shapes than those tried
  out.error = std::hypot(fitted.error * -reached * std::exp(fitted.size * reached), of_shape * std::expm1(fitted.size * reached));
}

} // namespace

CourseLeak find_course_leak(const std::vector<Trace>& traces, const std::vector<bool>& counts, bool temperature_logged) {
  CourseLeak out;
  out.shares.assign(traces.size(), 0.0);
  const Course course = course_of(traces, counts, temperature_logged);
  out.blocks = course.first_of_block.size();
  out.made = out.blocks >= least_blocks;
  if (!out.made) return out;
  CourseModel model(course);
  const double healthy = model.fit({}).likelihood;
  const std::vector<Leak> leaks = leaks_of(course);
  Best best = best_of(model, course, leaks, true);
  out.needed = std::log(static_cast<double>(leaks.size()) / thresholds::course_alarms);
  out.odds = 0.5 * best.square;
  constexpr double fitted_again = 3.0; // by which fitting the sizes with the leak may raise its odds
  if (fitted_again * out.odds < out.needed) return out;
  best = refined(model, course, best);
  std::vector<double> shape, rival;
  shape_of(course, best.leak, shape);
  const CourseModel::Fitted fitted = CourseModel(model).fit(shape);
  out.odds = fitted.likelihood - healthy;
  if (out.odds <= out.needed) return out;
  shape_of(course, best_of(model, course, steps_between(course), false).leak, rival);
  out.odds = fitted.likelihood - std::max(healthy, CourseModel(model).fit(rival).likelihood);
  out.found = out.odds > out.needed && (best.leak.direction != 0 || ends_below(course, best.leak, shape, fitted));
  if (!out.found) return out;
  out.how = words(best.leak);
  share_out(course, shape, fitted, out);
  date(traces, course, best.leak, fitted.size, out);
  return out;
}

Evidence in_course(const Trace& trace, const CourseLeak& leak, double share) {
  Evidence e{std::string(course_leak_name), std::numeric_limits<double>::quiet_NaN(), thresholds::small_fall, "1", false, trace.half_cycle.start, {}};
  if (!leak.made) {
    e.reason = fmt::format("not made: {} half cycles with a clear voltage, {} are needed", leak.blocks, least_blocks);
    return e;
  }
  e.figure = leak.found ? share : 0.0;
  weigh(e, leak.found ? leak.error : std::numeric_limits<double>::quiet_NaN(), 1);
  e.fired = leak.found && share >= thresholds::small_fall;
  e.time = std::max(leak.onset, trace.half_cycle.start);
  if (leak.found)
    e.reason = fmt::format("a leak {}, of up to {:.0f} % of the current, explains the course of the resistance over the record better than all habits of healthy cells and than a step between "
                           "half cycles: logarithm of the odds {:.0f} (threshold {:.0f}); it takes {:.0f} +- {:.0f} % in this half cycle",
                           leak.how, *std::max_element(leak.shares.begin(), leak.shares.end()) * 100, leak.odds, leak.needed, share * 100, std::max(1.0, leak.error * 100));
  else
    e.reason = fmt::format("the habits of healthy cells explain the course of the resistance over the record: logarithm of the odds for a leak at most {:.0f} (threshold {:.0f})", leak.odds, leak.needed);
  return e;
}

} // namespace platen::assessing

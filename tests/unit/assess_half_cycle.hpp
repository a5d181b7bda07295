#pragma once
// Half cycles and references of a symmetric cell given one by one: what a small test makes of them can be worked out by hand.

#include "assess/evidence.hpp"
#include "assess/thresholds.hpp"

#include <algorithm>
#include <functional>
#include <limits>

namespace platen::assessing::given {

inline constexpr double current = 1e-3, usual = 60.0, interval = 3.0; // A, ohm, s
inline constexpr std::size_t rows = 200;
inline constexpr double never = std::numeric_limits<double>::infinity();

/// A half cycle of 600 s at 1 mA whose resistance is given row by row; noise and zero are known perfectly until a test says otherwise.
inline Trace half_cycle(const std::function<double(std::size_t)>& ohm, int direction = 1, double start = 0.0) {
  Trace t;
  t.half_cycle.direction = direction;
  t.half_cycle.current = direction * current;
  t.half_cycle.start = start;
  t.half_cycle.end = start + interval * static_cast<double>(rows);
  t.interval = interval;
  for (std::size_t k = 0; k < rows; ++k) {
    t.time.push_back(start + interval * static_cast<double>(k + 1));
    t.r.push_back(ohm(k));
    t.u.push_back(ohm(k) * current);
    t.current.push_back(current);
  }
  t.raw = t.u;
  t.low = *std::min_element(t.r.begin(), t.r.end());
  t.middle = t.end = t.late = t.r.back();
  t.course.assign(course_parts, std::numeric_limits<double>::quiet_NaN());
  std::vector<double> sums(course_parts), counts(course_parts);
  for (std::size_t k = 0; k < rows; ++k) {
    sums[t.part_of(k)] += t.r[k];
    counts[t.part_of(k)] += 1.0;
  }
  for (std::size_t part = 0; part < course_parts; ++part) t.course[part] = sums[part] / counts[part];
  return t;
}
inline Trace level(double ohm, int direction = 1, double start = 0.0) { return half_cycle([=](std::size_t) { return ohm; }, direction, start); }
/// `before` ohm until 300 s, then `after`.
inline Trace step(double before, double after) { return half_cycle([=](std::size_t k) { return k < rows / 2 ? before : after; }); }

inline Context context() {
  Context c;
  c.area = 1e-4;
  c.before.known = c.before.settled = true;
  c.before.low = c.before.middle = c.before.own_middle = c.before.lowest = usual;
  c.before.current = c.before.own.current = current;
  c.before.own.low = usual;
  c.before.direction = 1;
  c.before.course.assign(course_parts, usual);
  c.before.ratio = 1.0;
  c.before.ratios = 3;
  return c;
}
template <class Change> Context changed(Change change) {
  Context c = context();
  change(c.before);
  return c;
}
template <class Change> Trace with(Trace t, Change change) {
  change(t);
  return t;
}

} // namespace platen::assessing::given

#include "align/course.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace platen::align {
namespace {

constexpr double shape_tolerance = 1e-6; // of the charge's range: far below any reading
constexpr double stroke_of_range = 0.05; // a change of direction is one by more than this part of the range
constexpr double flowing = 0.02;         // of the largest current
constexpr std::array backlashes{0.04, 0.15}; // of half the range: friction, seating
constexpr double lag_of_stroke = 0.03;
constexpr double settling = 4.0; // times that the first cycles' own part has fallen by e at the end

/// Median duration between turning points of at least `least`; the whole duration when there are none.
double usual_stroke(const std::vector<double>& time, const std::vector<double>& value, double least) {
  std::vector<double> turns{time.front()};
  double low = value.front(), high = low, low_at = time.front(), high_at = low_at;
  int direction = 0;
  for (std::size_t i = 1; i < value.size(); ++i) {
    if (value[i] >= high) {
      high = value[i];
      high_at = time[i];
    }
    if (value[i] <= low) {
      low = value[i];
      low_at = time[i];
    }
    if (direction >= 0 && value[i] < high - least) {
      if (direction > 0) turns.push_back(high_at);
      direction = -1;
      low = value[i];
      low_at = time[i];
    } else if (direction <= 0 && value[i] > low + least) {
      if (direction < 0) turns.push_back(low_at);
      direction = 1;
      high = value[i];
      high_at = time[i];
    }
  }
  turns.push_back(time.back());
  std::vector<double> strokes;
  for (std::size_t i = 1; i < turns.size(); ++i) strokes.push_back(turns[i] - turns[i - 1]);
  const auto middle = strokes.begin() + static_cast<std::ptrdiff_t>(strokes.size() / 2);
  std::nth_element(strokes.begin(), middle, strokes.end());
  return *middle;
}

/// Stays where it is until the curve is further away than `width`, then follows at that distance.
Polyline backlash(const Polyline& curve, double width) {
  const std::vector<double>&t = curve.time(), &q = curve.value();
  std::vector<double> time{t.front()}, value{q.front()};
  for (std::size_t k = 1; k < t.size(); ++k) {
    const double now = value.back();
    const double next = std::clamp(now, q[k] - width, q[k] + width);
    if (next != now) { // where in between it begins to follow
      const double touch = next > now ? now + width : now - width;
      const double share = std::clamp((touch - q[k - 1]) / (q[k] - q[k - 1]), 0.0, 1.0);
      const double at = t[k - 1] + share * (t[k] - t[k - 1]);
      if (at > time.back() && at < t[k]) {
        time.push_back(at);
        value.push_back(now);
      }
    }
    time.push_back(t[k]);
    value.push_back(next);
  }
  return {std::move(time), std::move(value)};
}

Polyline highest_so_far(const Polyline& curve) {
  const std::vector<double>&t = curve.time(), &q = curve.value();
  std::vector<double> time{t.front()}, value{q.front()};
  for (std::size_t k = 1; k < t.size(); ++k) {
    const double now = value.back();
    if (q[k] > now && q[k - 1] < now) {
      const double at = t[k - 1] + (now - q[k - 1]) / (q[k] - q[k - 1]) * (t[k] - t[k - 1]);
      if (at > time.back() && at < t[k]) {
        time.push_back(at);
        value.push_back(now);
      }
    }
    time.push_back(t[k]);
    value.push_back(std::max(now, q[k]));
  }
  return {std::move(time), std::move(value)};
}

/// What follows a curve with a time constant.
Polyline lagged(const Polyline& curve, double slowness) {
  const std::vector<double>&t = curve.time(), &q = curve.value();
  std::vector<double> time{t.front()}, value{q.front()};
  for (std::size_t k = 1; k < t.size(); ++k) {
    const double passed = t[k] - t[k - 1], rate = (q[k] - q[k - 1]) / passed;
    const double excess = value.back() - q[k - 1] + slowness * rate;
    const auto pieces = static_cast<std::size_t>(std::clamp(20.0 * passed / slowness, 1.0, 100.0));
    for (std::size_t n = 1; n <= pieces; ++n) { // dense where it bends
      const double share = static_cast<double>(n) / static_cast<double>(pieces);
      const double s = passed * share * share;
      time.push_back(t[k - 1] + s);
      value.push_back(q[k - 1] + rate * s - slowness * rate + excess * std::exp(-s / slowness));
    }
  }
  return {std::move(time), std::move(value)};
}

std::vector<double> integral(const std::vector<double>& time, const std::vector<double>& rate) {
  std::vector<double> out(time.size(), 0.0);
  for (std::size_t i = 1; i < time.size(); ++i) out[i] = out[i - 1] + rate[i - 1] * (time[i] - time[i - 1]);
  return out;
}

} // namespace

std::string_view label(Follows what) { return what == Follows::charge ? "plated charge" : "step edges"; }

Course course_of(const Record& record, std::string_view axis) {
  if (!record.has(col::current))
    throw Error("D420", "the data have no current, so there is nothing that the load-cell log could follow",
                std::nullopt, {"state the offset of the clocks: clock_offset = \"10 s\""});
  const auto time = record.real(axis), current = record.real(col::current);
  const bool counted = record.has(col::net_capacity);
  const auto net = counted ? record.real(col::net_capacity) : std::span<const double>();
  Course out;
  for (std::size_t i = 0; i < time.size(); ++i) {
    const double charge = counted ? net[i] : 0.0;
    if (!std::isfinite(time[i]) || !std::isfinite(current[i]) || !std::isfinite(charge)) continue;
    if (!out.time.empty() && time[i] <= out.time.back()) continue;
    // A row's current is what flowed until it, as a cycler's first row after a switch is one interval old.
    const double passed =
        out.time.empty() ? 0.0 : 0.5 * (current[i] + out.current.back()) * (time[i] - out.time.back());
    out.charge.push_back(counted ? charge : (out.charge.empty() ? 0.0 : out.charge.back() + passed));
    out.time.push_back(time[i]);
    out.current.push_back(current[i]);
  }
  return out;
}

Polyline Polyline::simplified(double tolerance) const {
  if (time_.size() < 3) return *this;
  Polyline out({time_.front()}, {value_.front()});
  std::size_t anchor = 0;
  double low = -std::numeric_limits<double>::infinity(), high = -low;
  for (std::size_t i = 1; i < time_.size(); ++i) {
    const double dt = time_[i] - time_[anchor], dv = value_[i] - value_[anchor];
    const double slope = dv / dt;
    if (slope < low || slope > high) { // no line from the anchor passes near all: the row before is a corner
      anchor = i - 1;
      out.time_.push_back(time_[anchor]);
      out.value_.push_back(value_[anchor]);
      const double dt1 = time_[i] - time_[anchor], dv1 = value_[i] - value_[anchor];
      low = (dv1 - tolerance) / dt1;
      high = (dv1 + tolerance) / dt1;
      continue;
    }
    low = std::max(low, (dv - tolerance) / dt);
    high = std::min(high, (dv + tolerance) / dt);
  }
  out.time_.push_back(time_.back());
  out.value_.push_back(value_.back());
  return out;
}

Polyline::Point Polyline::at(double t, std::size_t& hint) const {
  if (time_.size() < 2 || t <= time_.front()) return {value_.empty() ? 0.0 : value_.front(), 0.0};
  if (t >= time_.back()) return {value_.back(), 0.0};
  if (hint + 1 >= time_.size() || time_[hint] > t || (hint + 8 < time_.size() && time_[hint + 8] < t))
    hint = static_cast<std::size_t>(std::upper_bound(time_.begin(), time_.end(), t) - time_.begin()) - 1;
  while (time_[hint + 1] < t) ++hint;
  const double slope = (value_[hint + 1] - value_[hint]) / (time_[hint + 1] - time_[hint]);
  return {value_[hint] + slope * (t - time_[hint]), slope};
}

Patterns::Patterns(const Course& course, Follows follows, Detail detail, double interval)
    : follows_(follows), detail_(detail), width_(interval) {
  if (course.time.size() < 2) return;
  begin_ = course.time.front();
  end_ = course.time.back();
  if (follows == Follows::charge)
    set_charge(course);
  else
    set_edges(course);
}

void Patterns::set_charge(const Course& course) {
  const auto [low, high] = std::minmax_element(course.charge.begin(), course.charge.end());
  const double middle = 0.5 * (*low + *high), half = 0.5 * (*high - *low);
  any_ = half > 0.0;
  if (!any_) return;
  std::vector<double> scaled;
  for (const double q : course.charge) scaled.push_back((q - middle) / half);
  stroke_ = usual_stroke(course.time, scaled, 2.0 * stroke_of_range);
  charge_ = Polyline(course.time, std::move(scaled)).simplified(shape_tolerance);
  if (detail_ == Detail::plain) return;
  for (std::size_t k = 0; k < play_.size(); ++k) play_[k] = backlash(charge_, backlashes[k]);
  highest_ = highest_so_far(charge_);
  lagging_ = lagged(charge_, lag_of_stroke * stroke_);
}

void Patterns::set_edges(const Course& course) {
  double largest = 0.0;
  for (const double i : course.current) largest = std::max(largest, std::abs(i));
  any_ = largest > 0.0;
  if (!any_) return;
  std::vector<double> scaled, size;
  std::vector<double> switched{course.time.front()};
  int before = 2;
  for (std::size_t k = 0; k < course.time.size(); ++k) {
    // What flowed in the interval that begins here is what the next row says.
    const double i = course.current[std::min(k + 1, course.time.size() - 1)] / largest;
    scaled.push_back(i);
    size.push_back(std::abs(i));
    const int now = i > flowing ? 1 : i < -flowing ? -1 : 0;
    if (before != 2 && now != before) switched.push_back(course.time[k]);
    before = now;
  }
  std::vector<double> strokes;
  switched.push_back(course.time.back());
  for (std::size_t k = 1; k < switched.size(); ++k) strokes.push_back(switched[k] - switched[k - 1]);
  any_ = strokes.size() > 1;
  const auto middle = strokes.begin() + static_cast<std::ptrdiff_t>(strokes.size() / 2);
  std::nth_element(strokes.begin(), middle, strokes.end());
  stroke_ = *middle;
  signed_ = Polyline(course.time, integral(course.time, scaled)).simplified(shape_tolerance * stroke_);
  magnitude_ = Polyline(course.time, integral(course.time, size)).simplified(shape_tolerance * stroke_);
  const double slowness = stroke_ / 3.0;
  std::vector<double> time{begin_}, warm{0.0};
  for (std::size_t k = 0; k + 1 < course.time.size(); ++k) {
    const double target = size[k], from = warm.back(), passed = course.time[k + 1] - course.time[k];
    const auto pieces = static_cast<std::size_t>(std::clamp(20.0 * passed / slowness, 1.0, 60.0));
    for (std::size_t n = 1; n <= pieces; ++n) {
      const double t = passed * static_cast<double>(n) / static_cast<double>(pieces);
      time.push_back(course.time[k] + t);
      warm.push_back(target + (from - target) * std::exp(-t / slowness));
    }
  }
  warm_ = Polyline(std::move(time), std::move(warm));
}

Polyline::Point Patterns::smooth(const Polyline& integral, double t, std::size_t& low,
                                 std::size_t& high) const {
  const auto a = integral.at(t - 0.5 * width_, low), b = integral.at(t + 0.5 * width_, high);
  return {(b.value - a.value) / width_, (b.slope - a.slope) / width_};
}

Pattern Patterns::at(double t, Hints& hints) const {
  Pattern out;
  if (follows_ == Follows::charge) { // (W3)
    const auto q = charge_.at(t, hints[0]);
    const std::size_t powers = detail_ == Detail::plain ? 3 : 5;
    double below = 1.0;
    for (std::size_t k = 0; k < powers; ++k, below *= q.value) {
      out.value[k] = below * q.value;
      out.slope[k] = static_cast<double>(k + 1) * below * q.slope;
    }
    if (detail_ == Detail::plain) return out;
    for (std::size_t k = 0; k < play_.size(); ++k) {
      const auto p = play_[k].at(t, hints[1 + k]);
      out.value[5 + k] = p.value;
      out.slope[5 + k] = p.slope;
    }
    const auto late = lagging_.at(t, hints[3]);
    out.value[7] = late.value;
    out.slope[7] = late.slope;
    const double half = 0.5 * (end_ - begin_), s = (t - begin_) / half - 1.0;
    const auto changing = [&](std::size_t to, double value, double slope) {
      out.value[to] = s * value;
      out.slope[to] = s * slope + value / half;
    };
    changing(8, out.value[0], out.slope[0]);
    changing(9, out.value[1], out.slope[1]);
    for (std::size_t k = 5; k < 8; ++k) changing(k + 5, out.value[k], out.slope[k]);
    const auto fullest = highest_.at(t, hints[4]);
    out.value[13] = fullest.value;
    out.slope[13] = fullest.slope;
    out.value[14] = fullest.value * fullest.value;
    out.slope[14] = 2.0 * fullest.value * fullest.slope;
    for (std::size_t k = 15; k < 17; ++k, below *= q.value) { // a cathode's bends at its ends
      out.value[k] = below * q.value;
      out.slope[k] = static_cast<double>(k - 9) * below * q.slope;
    }
    const double first = std::exp(-settling * 0.5 * (s + 1.0)), fading = -settling * 0.5 / half * first;
    out.value[17] = first * q.value; // a first cycle is not like the others
    out.slope[17] = first * q.slope + fading * q.value;
    double power = fullest.value * fullest.value;
    for (std::size_t k = 18; k < 20; ++k, power *= fullest.value) { // what seats once, while the cell is filled
      out.value[k] = power * fullest.value;
      out.slope[k] = static_cast<double>(k - 15) * power * fullest.slope;
    }
    return out;
  }
  const auto sign = smooth(signed_, t, hints[0], hints[1]); // (W4)
  std::size_t low = hints[2], high = hints[2];
  const auto size = smooth(magnitude_, t, low, high);
  hints[2] = low;
  const auto warm = warm_.at(t, hints[3]);
  out.value = {sign.value, size.value, warm.value};
  out.slope = {sign.slope, size.slope, warm.slope};
  return out;
}

} // namespace platen::align

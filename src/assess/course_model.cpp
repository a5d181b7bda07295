#include "assess/course_model.hpp"

#include "assess/harmonics.hpp"
#include "assess/thresholds.hpp"
#include "numerics/dense.hpp"

#include <algorithm>
#include <cmath>

namespace platen::assessing {
namespace {

constexpr double trebled = 1.0;  ///< 1, size of what may treble a resistance
constexpr double half = 0.4;     ///< 1, of what may add half of it
constexpr double activation = 0.2; ///< 1, relative: what an activation energy is known to
constexpr double room = 0.12;    ///< 1, what 3 K do to a resistance
constexpr double sensor = 0.02;  ///< 1, what half a kelvin between cell and sensor does

/// Columns, each times its size.
struct Columns {
  const Course& course;
  std::vector<double> values;
  std::size_t count = 0;
  template <class Of> void add(double size, Of&& of) {
    for (const CoursePoint& p : course.points) values.push_back(size * of(p));
    ++count;
  }
};
using P = CoursePoint;

/// From half cycle to half cycle: drift, load, direction, native layers.
void add_slow(Columns& out) {
  const double span = std::max(1e-9, out.course.points.back().under_current);
  const auto progress = [span](const P& p) { return p.under_current / span; };
  out.add(trebled, [](const P&) { return 1.0; });
  out.add(half, [](const P& p) { return p.direction; });
  out.add(trebled, progress);
  out.add(trebled, [&](const P& p) { return std::pow(progress(p), 2); });
  out.add(trebled, [&](const P& p) { return std::sqrt(progress(p)); });
  out.add(half, [&](const P& p) { return p.direction * progress(p); });
  out.add(half, [](const P& p) { return p.load; });
  out.add(half, [](const P& p) { return p.load * p.load; });
  out.add(half, [](const P& p) { return p.direction * p.load; });
  for (const double time : {120.0, 400.0, 1500.0, 7200.0}) {
    out.add(trebled, [&](const P& p) { return std::exp(-p.under_current / time); });
    out.add(trebled, [&](const P& p) { return std::log1p(4.0 * std::exp(-p.under_current / time)); });
  }
}

/// What the record does not have, above all the temperature in the cell.
void add_weather(Columns& out) {
  out.add(activation, [](const P& p) { return p.thermal; });
  const double amplitude = out.course.temperature_logged ? sensor : room;
  each_harmonic(out.course.points.front().time, out.course.points.back().time, [&](double size, auto wave) { out.add(amplitude * size, [&](const P& p) { return wave(p.time); }); });
}

/// The voltage's zero and its drift.
void add_zero(Columns& out) {
  const double span = std::max(1e-9, out.course.points.back().under_current);
  for (const int power : {0, 1, 2}) out.add(out.course.zero, [&](const P& p) { return p.per_volt * std::pow(p.under_current / span, power); });
  each_harmonic(out.course.points.front().time, out.course.points.back().time, [&](double size, auto wave) { out.add(thresholds::zero_wander * size, [&](const P& p) { return p.per_volt * wave(p.time); }); });
}

/// Within half cycles: whatever course they have, as the load now and before and the direction change it.
void add_shapes(Columns& out) {
  for (std::size_t part = 0; part < course_resolution; ++part) {
    const auto in = [part](const P& p) { return static_cast<std::size_t>(p.into * course_resolution) == part ? 1.0 : 0.0; };
    out.add(half, in);
    out.add(half, [&](const P& p) { return p.direction * in(p); });
    for (const int power : {1, 2, 3}) out.add(half, [&](const P& p) { return std::pow(p.load, power) * in(p); });
    for (const int power : {1, 2}) out.add(half, [&](const P& p) { return std::pow(p.load_before, power) * in(p); });
  }
}

} // namespace

CourseModel::CourseModel(const Course& course) : course_(&course) {
  Columns habits{course, {}};
  add_slow(habits);
  add_weather(habits);
  add_shapes(habits);
  zeros_ = habits.count;
  add_zero(habits);
  habits_ = habits.count;
  shared_ = std::move(habits.values);
  for (std::size_t k = 0; k < course.points.size(); ++k) {
    if (k == 0 || course.points[k].block != course.points[k - 1].block) rows_.begins.push_back(k);
    values_.push_back(course.points[k].value);
  }
  rows_.begins.push_back(course.points.size());
}

/// Makes the covariance with the free sizes as they are: each block's noise, a level and a slope of its own, and steps from block to block.
void CourseModel::evaluate() {
  if (free_ == made_with_) return;
  rows_.variance.clear();
  rows_.own.assign(values_.size(), free_[levels]);
  for (const CoursePoint& p : course_->points) {
    rows_.variance.push_back(p.variance + free_[points] * free_[points]);
    rows_.own.push_back(free_[slopes] * (p.into - 0.5));
  }
  rows_.walk = free_[steps];
  covariance_.emplace(rows_, shared_);
  covariance_->see(values_, seen_);
  made_with_ = free_;
}

/// Logarithm, but for a constant.
double CourseModel::likelihood() const { return -0.5 * (covariance_->product(seen_, seen_) + covariance_->log_determinant()); }

/// Multiplies one free size by `ratio`, or divides it, as long as that helps.
void CourseModel::improve(Free size, double ratio, double& best) {
  constexpr double least = 1e-5, most = 1.0, helps = 1e-3;
  for (const double factor : {ratio, 1.0 / ratio}) {
    bool better = false;
    for (;;) {
      const double before = free_[size];
      free_[size] = std::clamp(before * factor, least, most);
      if (free_[size] == before) break;
      evaluate();
      const double now = likelihood();
      if (now <= best + helps) {
        free_[size] = before;
        break;
      }
      best = now;
      better = true;
    }
    if (better) return;
  }
}

CourseModel::Fitted CourseModel::fit(std::span<const double> shape) {
  shared_.resize(habits_ * values_.size());
  shared_.insert(shared_.end(), shape.begin(), shape.end());
  made_with_ = {};
  evaluate();
  double best = likelihood();
  for (const double ratio : {4.0, 2.0, 2.0})
    for (const Free size : {steps, levels, slopes, points}) improve(size, ratio, best);
  evaluate();
  Fitted out{likelihood(), 0.0, 0.0, by_zero()};
  if (shape.empty()) return out;
  out.size = covariance_->effects(seen_)[habits_];
  out.error = covariance_->error(habits_);
  return out;
}

std::vector<double> CourseModel::by_zero() const {
  const std::vector<double> sizes = covariance_->effects(seen_);
  const std::size_t rows = values_.size();
  std::vector<double> out(rows, 0.0);
  for (std::size_t c = zeros_; c < habits_; ++c)
    for (std::size_t k = 0; k < rows; ++k) out[k] += sizes[c] * shared_[c * rows + k];
  return out;
}

CourseModel::Gain CourseModel::gain(std::span<const double> shape) const {
  constexpr double rounding = 1e-12;
  const numerics::BlockCovariance::Seen c = covariance_->see(shape);
  const double own = numerics::dot(c.white.data(), c.white.data(), c.white.size()), left = covariance_->product(c, c), with = covariance_->product(c, seen_);
  return left > rounding * own ? Gain{with * with / left, with / left} : Gain{};
}

} // namespace platen::assessing

#include "assess/course_model.hpp"

#include "assess/thresholds.hpp"
#include "numerics/dense.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace platen::assessing {
namespace {

constexpr double trebled = 1.0;  ///< 1, size of what may treble a resistance
constexpr double half = 0.4;     ///< 1, of what may add half of it
constexpr double activation = 0.2; ///< 1, relative: what an activation energy is known to
constexpr double room = 0.12;    ///< 1, what 3 K do to a resistance
constexpr double sensor = 0.02;  ///< 1, what half a kelvin between cell and sensor does
constexpr double zero_wander = 0.25 * thresholds::zero_drift; ///< V, smoothly with the room
constexpr double day = 86400.0 / (2.0 * std::numbers::pi); ///< s, over which a room's temperature is alike

/// Columns, each times its size.
struct Columns {
  const Course& course;
  std::vector<double> values, sizes;
  template <class Of> void add(double size, Of&& of) {
    for (const CoursePoint& p : course.points) values.push_back(of(p));
    sizes.push_back(size);
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

/// Smooth in time: a Gaussian process of size 1 by its harmonics, `add`ed as size and function of the point.
template <class Add> void each_harmonic(const Course& course, Add&& add) {
  constexpr int most = 32;
  constexpr double least = 1e-3, margin = 0.1;
  const double begin = course.points.front().time, length = (1.0 + 2.0 * margin) * std::max(1.0, course.points.back().time - begin);
  for (int k = 1; k <= most; ++k) {
    const double frequency = std::numbers::pi * k / length;
    const double size = std::sqrt(2.0 / length * std::sqrt(2.0 * std::numbers::pi) * day) * std::exp(-0.25 * std::pow(frequency * day, 2));
    if (size < least) break;
    add(size, [=](const P& p) { return std::sin(frequency * (p.time - begin + margin * length)); });
  }
}

/// What the record does not have, above all the temperature in the cell.
void add_weather(Columns& out) {
  out.add(activation, [](const P& p) { return p.thermal; });
  const double amplitude = out.course.temperature_logged ? sensor : room;
  each_harmonic(out.course, [&](double size, auto&& wave) { out.add(amplitude * size, wave); });
}

/// The voltage's zero and its drift.
void add_zero(Columns& out) {
  const double span = std::max(1e-9, out.course.points.back().under_current);
  for (const int power : {0, 1, 2}) out.add(out.course.zero, [&](const P& p) { return p.per_volt * std::pow(p.under_current / span, power); });
  each_harmonic(out.course, [&](double size, auto&& wave) { out.add(zero_wander * size, [&](const P& p) { return p.per_volt * wave(p); }); });
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

CourseModel::CourseModel(const Course& course) : course_(&course), rows_(course.points.size()), blocks_(course.first_of_block.size()) {
  Columns habits{course, {}, {}};
  add_slow(habits);
  add_weather(habits);
  add_shapes(habits);
  zeros_ = habits.sizes.size();
  add_zero(habits);
  habits_ = habits.sizes.size();
  sizes_ = std::move(habits.sizes);
  raw_ = std::move(habits.values);
  for (std::size_t k = 0; k < rows_; ++k)
    if (k == 0 || course.points[k].block != course.points[k - 1].block) begins_.push_back(k);
  begins_.push_back(rows_);
}

/// Each block's own covariance: noise, a level and a slope of its own.
void CourseModel::whiten() {
  constexpr std::size_t m = course_resolution;
  factors_.assign(blocks_ * m * m, 0.0);
  determinant_ = 0.0;
  for (std::size_t b = 0; b < blocks_; ++b) {
    const std::size_t from = begins_[b], n = begins_[b + 1] - from;
    const std::span<double> factor(factors_.data() + b * m * m, n * n);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j <= i; ++j) {
        const CoursePoint &p = course_->points[from + i], &q = course_->points[from + j];
        factor[i * n + j] = free_[levels] * free_[levels] + free_[slopes] * free_[slopes] * (p.into - 0.5) * (q.into - 0.5) +
                            (i == j ? p.variance + free_[points] * free_[points] : 0.0);
      }
    numerics::cholesky(factor, n);
    for (std::size_t i = 0; i < n; ++i) determinant_ += 2.0 * std::log(factor[i * n + i]);
  }
  white_.resize(raw_.size());
  for (std::size_t c = 0; c * rows_ < raw_.size(); ++c) whiten(std::span(raw_).subspan(c * rows_, rows_), std::span(white_).subspan(c * rows_, rows_));
  ones_.resize(rows_);
  target_.resize(rows_);
  std::vector<double> column(rows_, 1.0);
  whiten(column, ones_);
  for (std::size_t k = 0; k < rows_; ++k) column[k] = course_->points[k].value;
  whiten(column, target_);
}

void CourseModel::whiten(std::span<const double> column, std::span<double> out) const {
  constexpr std::size_t m = course_resolution;
  for (std::size_t b = 0; b < blocks_; ++b) {
    const std::size_t from = begins_[b], n = begins_[b + 1] - from;
    const double* factor = factors_.data() + b * m * m;
    for (std::size_t i = 0; i < n; ++i) {
      double value = column[from + i];
      for (std::size_t j = 0; j < i; ++j) value -= factor[i * n + j] * out[from + j];
      out[from + i] = value / factor[i * n + i];
    }
  }
}

/// Products of all columns. A step from one block to the next is 1 in every block after it, so that its products are sums from the last block on.
void CourseModel::multiply() {
  const std::size_t dense = white_.size() / rows_, n = dense + blocks_ - 1;
  gram_.resize(n * n);
  projected_.assign(n, 0.0);
  for (std::size_t i = 0; i < dense; ++i) {
    const double* column = white_.data() + i * rows_;
    for (std::size_t j = 0; j <= i; ++j) gram_[i * n + j] = numerics::dot(column, white_.data() + j * rows_, rows_);
    projected_[i] = numerics::dot(column, target_.data(), rows_);
    double after = 0.0;
    for (std::size_t b = blocks_; b-- > 1;) {
      after += numerics::dot(column + begins_[b], ones_.data() + begins_[b], begins_[b + 1] - begins_[b]);
      gram_[(dense + b - 1) * n + i] = after;
    }
  }
  double ones = 0.0, target = 0.0;
  for (std::size_t b = blocks_; b-- > 1;) {
    ones += numerics::dot(ones_.data() + begins_[b], ones_.data() + begins_[b], begins_[b + 1] - begins_[b]);
    target += numerics::dot(ones_.data() + begins_[b], target_.data() + begins_[b], begins_[b + 1] - begins_[b]);
    for (std::size_t c = 1; c <= b; ++c) gram_[(dense + b - 1) * n + dense + c - 1] = ones;
    projected_[dense + b - 1] = target;
  }
}

/// Logarithm, by the factor of 1 + S B^T B S (Woodbury).
double CourseModel::likelihood() {
  const std::size_t n = projected_.size(), dense = n + 1 - blocks_;
  scale_.assign(n, 1.0);
  std::copy(sizes_.begin(), sizes_.end(), scale_.begin());
  std::fill(scale_.begin() + static_cast<std::ptrdiff_t>(dense), scale_.end(), free_[steps]);
  factor_.resize(n * n);
  solved_.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) factor_[i * n + j] = scale_[i] * scale_[j] * gram_[i * n + j];
    factor_[i * n + i] += 1.0;
    solved_[i] = scale_[i] * projected_[i];
  }
  numerics::cholesky(factor_, n);
  double determinant = determinant_, taken = 0.0;
  for (std::size_t i = 0; i < n; ++i) determinant += 2.0 * std::log(factor_[i * n + i]);
  numerics::cholesky_solve(factor_, n, solved_);
  for (std::size_t i = 0; i < n; ++i) taken += scale_[i] * projected_[i] * solved_[i];
  return -0.5 * (numerics::dot(target_.data(), target_.data(), rows_) - taken + determinant);
}

/// The likelihood with the sizes as they are; products are made again only where their sizes have changed.
double CourseModel::evaluate() {
  const std::array<double, 3> sizes{free_[points], free_[levels], free_[slopes]};
  if (sizes != made_with_) {
    whiten();
    multiply();
    made_with_ = sizes;
  }
  return likelihood();
}

/// Multiplies one free size by `ratio`, or divides it, as long as that helps.
void CourseModel::improve(Free size, double ratio, double& best) {
  constexpr double least = 1e-5, most = 1.0, helps = 1e-3;
  for (const double factor : {ratio, 1.0 / ratio}) {
    bool better = false;
    for (;;) {
      const double before = free_[size];
      free_[size] = std::clamp(before * factor, least, most);
      if (free_[size] == before) break;
      const double now = evaluate();
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
  raw_.resize(habits_ * rows_);
  raw_.insert(raw_.end(), shape.begin(), shape.end());
  made_with_ = {};
  double best = evaluate();
  for (const double ratio : {4.0, 2.0, 2.0})
    for (const Free size : {steps, levels, slopes, points}) improve(size, ratio, best);
  Fitted out{evaluate(), 0.0, 0.0, {}};
  out.by_zero = by_zero();
  const std::size_t n = projected_.size();
  if (!shape.empty()) {
    std::vector<double> unit(n, 0.0);
    unit[habits_] = 1.0;
    numerics::cholesky_solve(factor_, n, unit);
    out.size = solved_[habits_];
    out.error = std::sqrt(unit[habits_]);
  }
  const std::size_t dense = white_.size() / rows_;
  residual_ = target_;
  for (std::size_t c = 0; c < dense; ++c)
    for (std::size_t k = 0; k < rows_; ++k) residual_[k] -= scale_[c] * solved_[c] * white_[c * rows_ + k];
  double stepped = 0.0;
  for (std::size_t b = 1; b < blocks_; ++b) {
    stepped += scale_[dense + b - 1] * solved_[dense + b - 1];
    for (std::size_t k = begins_[b]; k < begins_[b + 1]; ++k) residual_[k] -= stepped * ones_[k];
  }
  return out;
}

std::vector<double> CourseModel::by_zero() const {
  std::vector<double> out(rows_, 0.0);
  for (std::size_t c = zeros_; c < habits_; ++c)
    for (std::size_t k = 0; k < rows_; ++k) out[k] += scale_[c] * solved_[c] * raw_[c * rows_ + k];
  return out;
}

std::vector<double> CourseModel::zero() {
  evaluate();
  const std::vector<double> shifts = by_zero();
  std::vector<double> out(blocks_, 0.0);
  for (std::size_t b = 0; b < blocks_; ++b) {
    for (std::size_t k = begins_[b]; k < begins_[b + 1]; ++k) out[b] += shifts[k] / course_->points[k].per_volt;
    out[b] /= static_cast<double>(begins_[b + 1] - begins_[b]);
  }
  return out;
}

CourseModel::Gain CourseModel::gain(std::span<const double> shape) const {
  const std::size_t n = scale_.size(), dense = n + 1 - blocks_;
  const auto first = static_cast<std::size_t>(std::find_if(shape.begin(), shape.end(), [](double x) { return x != 0.0; }) - shape.begin());
  if (first == rows_) return {};
  const std::size_t from = begins_[course_->points[first].block], rows = rows_ - from; // before, nothing is to be multiplied
  std::vector<double> white(rows_), inside(n);
  whiten(shape, white);
  const double own = numerics::dot(white.data(), white.data(), rows_), with = numerics::dot(residual_.data(), white.data(), rows_);
  for (std::size_t c = 0; c < dense; ++c) inside[c] = numerics::dot(white.data() + from, white_.data() + c * rows_ + from, rows);
  double after = 0.0;
  for (std::size_t b = blocks_; b-- > 1;) {
    after += numerics::dot(white.data() + begins_[b], ones_.data() + begins_[b], begins_[b + 1] - begins_[b]);
    inside[dense + b - 1] = after;
  }
  double taken = 0.0; // by the habits: |G^-1 S B^T c|^2
  for (std::size_t i = 0; i < n; ++i) {
    inside[i] = (scale_[i] * inside[i] - numerics::dot(factor_.data() + i * n, inside.data(), i)) / factor_[i * n + i];
    taken += inside[i] * inside[i];
  }
  constexpr double rounding = 1e-12;
  const double left = own - taken;
  return left > rounding * own ? Gain{with * with / left, with / left} : Gain{};
}

} // namespace platen::assessing

#pragma once
// What healthy symmetric cells do to their resistance in the course of a record, as one covariance (A56).

#include "assess/course.hpp"
#include "numerics/block_covariance.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace platen::assessing {

/// The covariance of healthy courses, whose free sizes are fitted to one course. Keeps a reference to the course.
class CourseModel {
public:
  explicit CourseModel(const Course& course);

  struct Fitted {
    double likelihood = 0;       ///< logarithm of the course's likelihood
    double size = 0, error = 0;  ///< 1, amplitude of the shape and its standard error
    std::vector<double> by_zero; ///< 1, what the voltage's zero does to each point's value
  };
  /// Fits the free sizes, from where they are, with `shape` (one number per point) as one more habit of size 1; empty: without.
  Fitted fit(std::span<const double> shape);

  struct Gain {
    double square = 0; ///< 1, (c^T V^-1 y)^2/(c^T V^-1 c): twice what the shape adds to the likelihood, the sizes unchanged
    double size = 0;   ///< 1, its amplitude
  };
  /// What a shape would add to the model as it was fitted without one.
  Gain gain(std::span<const double> shape) const;

private:
  enum Free : std::size_t { points, levels, slopes, steps, count };
  void evaluate();
  double likelihood() const;
  void improve(Free size, double ratio, double& best);
  std::vector<double> by_zero() const;

  const Course* course_;
  std::size_t habits_ = 0, zeros_ = 0; ///< habits; first of those that are the zero's
  numerics::BlockedRows rows_;
  std::vector<double> shared_, values_; ///< habits column by column, each times its size, then the shape; the points' values
  std::array<double, count> free_{2e-3, 5e-3, 5e-3, 5e-3};
  std::array<double, count> made_with_{}; ///< sizes of the covariance below
  std::optional<numerics::BlockCovariance> covariance_;
  numerics::BlockCovariance::Seen seen_; ///< of the values
};

} // namespace platen::assessing

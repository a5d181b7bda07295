#pragma once
// A problem with its priors in the fitted scale, with differences for derivatives: what the solver sees.

#include "calibrate/fit.hpp"
#include "numerics/least_squares.hpp"

#include <span>
#include <vector>

namespace platen::calibrate {

/// Residuals of a problem, then one per prior. Numbers that are held keep their place with a column of zeros.
class Scaled {
public:
  Scaled(const Problem& problem, const FitOptions& options, const work::Task& task);

  std::size_t rows() const { return problem_.residuals + priors_.size(); }
  std::size_t columns() const { return problem_.numbers.size(); }
  std::vector<double> low() const, high() const;
  std::vector<double> scaled(std::span<const double> values) const;
  std::vector<double> values(std::span<const double> x) const;

  /// false where a cell could not be simulated. @throws Cancelled.
  bool residuals(std::span<const double> x, std::span<double> out) const;
  /// d residual_i / d x_j at [j * rows() + i], equation (B6), on several threads; `at` are the residuals at x. Central ones stay inside the bounds.
  bool jacobian(std::span<const double> x, std::span<const double> at, std::span<const std::size_t> held, bool central, std::span<double> out) const;

private:
  bool column(std::span<const double> x, std::span<const double> at, std::size_t j, bool central, std::span<double> out) const;

  const Problem& problem_;
  const FitOptions& options_;
  const work::Task& task_;
  std::vector<std::size_t> priors_; ///< numbers that have one
};

/// One descent and what the solver knew at its end.
struct Descent {
  Start start;
  numerics::LeastSquares solver; ///< holds residuals and Jacobian of `Scaled`
};
/// Forward differences until they end, then central ones.
Descent descend_scaled(const Scaled& scaled, std::span<const double> from, std::span<const std::size_t> held, const FitOptions& options);

/// The same, found again with all that the solver knew where it was kept under `key`.
Descent kept_descent(const Scaled& scaled, std::span<const double> from, const FitOptions& options, const Kept& kept, const std::string& key);

} // namespace platen::calibrate

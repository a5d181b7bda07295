#pragma once
// Nonlinear least squares with bounds for small dense problems, by the method of Levenberg and Marquardt.

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace platen::numerics {

/// Fills `residuals`; when `jacobian` is not empty also d residual_i / d x_j at [j * residuals.size() + i].
/// @returns false where the residuals have no finite value: the step is then shortened.
using Residuals =
    std::function<bool(std::span<const double> x, std::span<double> residuals, std::span<double> jacobian)>;

struct LeastSquaresOptions {
  int iterations = 200;           ///< at most so many steps are tried
  double step_tolerance = 1e-10;  ///< stop when a step is smaller than this times (|x| + this)
  double cost_tolerance = 1e-13;  ///< stop when neither the step nor its forecast lowers the cost by this share
};

struct LeastSquaresResult {
  double cost = 0.0; ///< sum of squared residuals
  int iterations = 0;
  bool converged = false;
};

/// Keeps its memory between calls, so that a loop over many starts allocates once.
///
/// Why an own one: cminpack has no bounds and Ceres brings a logger, threads and GPL parts; a fit of eight parameters to 160
/// residuals spends its time in the model (bench/impedance.cpp).
class LeastSquares {
public:
  LeastSquares(std::size_t residuals, std::size_t parameters);

  /// Lowers the sum of squares from `x` on, in place; x stays within [lower, upper] (as long as x; infinite bounds are
  /// allowed). Steps follow the projected gradient: a parameter at a bound that pulls outwards is held there.
  /// Source: Marquardt 1963 with the damping of Nielsen (IMM-REP-1999-05) and the scaling of More (1978).
  LeastSquaresResult minimise(const Residuals& model, std::span<double> x, std::span<const double> lower,
                              std::span<const double> upper, const LeastSquaresOptions& options = {});

  /// At the end of the last `minimise`: residuals, their derivatives (column by column).
  std::span<const double> residuals() const { return r_; }
  std::span<const double> jacobian() const { return jacobian_; }

  /// (J^T J)^-1 at the end of the last `minimise`, row by row, over all parameters. Rows of parameters that the residuals do
  /// not determine (their column depends on others to 1e-10 of its square, or is zero) hold infinity on the diagonal and 0
  /// beside it; `held` parameters (may be empty) are treated as known: 0.
  std::vector<double> covariance(std::span<const bool> held = {}) const;

private:
  void normal_equations();
  bool step(std::span<const double> x, std::span<const double> lower, std::span<const double> upper, double damping);

  std::size_t m_, n_;
  std::vector<double> r_, trial_r_, jacobian_, trial_jacobian_, normal_, factor_, gradient_, scale_, step_, right_, trial_x_;
  std::vector<std::size_t> free_;
};

} // namespace platen::numerics

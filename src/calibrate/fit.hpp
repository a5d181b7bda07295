#pragma once
// The most probable numbers of a problem: least squares with bounds and priors from several starts. Theory: docs/theory/calibration.md.

#include "calibrate/kept.hpp"
#include "calibrate/problem.hpp"

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace platen::calibrate {

struct FitOptions {
  std::size_t starts = 1;    ///< the first begins at the numbers' start values, the others at the best of `tried_per_start` points of the priors
  std::uint64_t seed = 1;    ///< of those points
  unsigned threads = 0;      ///< 0: all cores; the result does not depend on it
  int iterations = 60;       ///< of one start
  /// Differences for the Jacobian are taken over this share of a number's scale, equation (B6): far above what the solver's tolerance leaves as
  /// jumps in a simulated CCD, far below where the laws bend.
  double step = 0.005;
  std::vector<double> steps = {}; ///< in the fitted scale, one per number, in place of `step`; empty: none
  bool near = false;         ///< the first start is all but there: central differences from the beginning
  bool rough = false;        ///< forward differences, once, and (B16) from there: what they miss of C is of second order in their steps
  double tolerance = 1e-4;   ///< a start ends when a step lowers -2 ln of the posterior by less than this
};
inline constexpr std::size_t tried_per_start = 8;

/// One start and where it led.
struct Start {
  std::vector<double> from, values; ///< SI
  double cost = std::numeric_limits<double>::infinity(); ///< -2 ln posterior but for a constant
  int iterations = 0;
  bool converged = false;
  bool simulated = false; ///< false: not even `from` could be simulated
};

enum class AtBound : int { low = -1, inside = 0, high = 1 };

struct Fit {
  std::vector<double> values;      ///< SI, one per number
  double cost = 0.0;               ///< sum of squares of residuals and priors, (B1): -2 ln posterior but for a constant
  double deviance = 0.0;           ///< of the residuals alone: -2 ln likelihood but for a constant
  std::vector<double> residuals;   ///< at `values`
  std::vector<double> jacobian;    ///< of the residuals by the numbers in the fitted scale, number by number
  std::vector<double> covariance;  ///< (B7) in the fitted scale with the priors, row by row; numbers at a bound are taken as known there: 0. Infinite
                                   ///< diagonal: not determined
  std::vector<double> correlation; ///< row by row; 0 beside numbers that have no finite variance
  std::vector<AtBound> at_bound;
  bool converged = false;          ///< the best start
  std::vector<Start> starts;

  /// Standard deviation in the fitted scale; infinite: not determined.
  double deviation(std::size_t number) const;
};

/// Least squares by numerics::LeastSquares with forward differences, and where that ends, with central ones. Held against Ceres in bench/calibrate_solvers.cpp.
/// Starts that have ended are found again in `kept`, under keys that begin with `name`.
/// @throws Error S020 when no start could be simulated; B040 when bounds or starts are no numbers; Cancelled.
Fit fit(const Problem& problem, const FitOptions& options = {}, const work::Task& task = {}, const Kept& kept = {}, std::string_view name = "fit");

/// The covariance again, with slopes across one deviation of each number to either side, as far as its bounds and twice that of its prior let it go: a
/// simulated CCD has kinks and small jumps, whose local slopes say nothing of an interval. As it was where such a cell could not be simulated.
void slopes_across(const Problem& problem, Fit& fit, unsigned threads, const work::Task& task = {});

/// One start from `from`; the numbers that are `held` (their places in the problem) stay at their values there.
Start descend(const Problem& problem, std::span<const double> from, std::span<const std::size_t> held, const FitOptions& options = {},
              const work::Task& task = {});

/// The length over which a number is thought to vary, in the fitted scale: two deviations of its prior, or its bounds' distance where that is less
/// or there is no prior.
double scale_of(const Number& number);

/// -2 ln posterior at `values` (SI) but for a constant; infinite where a cell could not be simulated. `residuals` as long as the problem's.
double posterior_cost(const Problem& problem, std::span<const double> values, std::span<double> residuals, const work::Task& task = {});

} // namespace platen::calibrate

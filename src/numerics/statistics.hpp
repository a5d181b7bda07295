#pragma once
// Summaries of samples that outliers do not spoil, and straight lines through points.

#include <cstddef>
#include <span>

namespace platen::numerics {

// Samples must be finite; their order does not matter. Each function @throws Error B004 when there are too few.

/// Mean; at least one value.
double mean(std::span<const double> sample);
/// Standard deviation with n - 1; at least two values.
double standard_deviation(std::span<const double> sample);
/// Quantile by linear interpolation between order statistics (type 7 of Hyndman and Fan, Am. Stat. 50 (1996) 361);
/// 0 <= p <= 1, at least one value.
double quantile(std::span<const double> sample, double p);
/// Median; at least one value.
double median(std::span<const double> sample);
/// Median absolute deviation from the median; at least one value.
double median_absolute_deviation(std::span<const double> sample);
/// 1.4826 MAD: estimates the standard deviation of normal data although up to half of them are spoilt.
double robust_sigma(std::span<const double> sample);

struct LineFit {
  double slope = 0, intercept = 0;
  double slope_error = 0, intercept_error = 0; ///< standard errors; NaN for two points
  double residual = 0;                         ///< standard deviation of the residuals with n - 2; NaN for two points
};
/// Ordinary least squares y = intercept + slope x; lengths equal, at least two different x.
LineFit fit_line(std::span<const double> x, std::span<const double> y);

struct RobustLine {
  double slope = 0, intercept = 0;
};
/// Theil-Sen: median of the slopes of all pairs, median of y - slope x. Above 300 points only pairs half the sample
/// apart are taken (Theil's incomplete method; `x` must then ascend), so that the cost stays linear.
/// Source: Theil, Proc. Kon. Ned. Akad. Wet. 53 (1950) 386; Sen, J. Am. Stat. Assoc. 63 (1968) 1379.
RobustLine theil_sen(std::span<const double> x, std::span<const double> y);

} // namespace platen::numerics

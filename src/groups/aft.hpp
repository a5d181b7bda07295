#pragma once
// CCDs as Weibull or log-normal numbers whose logarithm moves with conditions: accelerated-failure-time models.

#include "groups/sample.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace platen::groups {

enum class Distribution { weibull, log_normal };
std::string_view label(Distribution distribution); ///< "Weibull", "log-normal"

/// What an estimate is worth.
enum class Standing {
  regular,    ///< a maximum inside; standard errors hold for large groups
  no_scatter, ///< the likelihood rises until the scatter is nil: the steps are too coarse to show it
  unbounded,  ///< a coefficient runs away: a group without a seen short, or with nothing else
};
std::string_view label(Standing standing); ///< "regular", "no scatter seen", "unbounded"

/// Columns of known numbers, one row per cell, row by row. A column of ones is the intercept.
struct Design {
  std::vector<std::string> names;
  std::vector<double> rows;
  std::size_t columns() const noexcept { return names.size(); }
};
/// Ones alone, for a single sample.
Design intercept_only(std::size_t cells);

/// ln(CCD / (A/m2)) = sum of x_j beta_j + sigma W (X5).
struct AftFit {
  Distribution distribution = Distribution::weibull;
  Standing standing = Standing::regular;
  std::vector<double> beta;  ///< about the quantile asked for; the intercept is ln(A/m2)
  double sigma = 0.0;        ///< scatter of the logarithm; the Weibull shape is 1/sigma
  double log_likelihood = 0.0;
  std::vector<double> covariance; ///< of (beta, ln sigma), row by row; empty unless regular
  int iterations = 0;
  std::size_t cells = 0, failed = 0;

  double standard_error(std::size_t k) const; ///< of beta_k, or of ln sigma for k = beta.size(); NaN unless regular
};

/// Quantile p of the standardised W: ln(-ln(1-p)) or that of the normal distribution.
double standard_quantile(Distribution distribution, double p);

/// Maximises (X6) in the concave variables beta/sigma and 1/sigma. With `quantile` the intercept is the logarithm of that quantile of
/// the CCD rather than of the scale (Weibull) or median (log-normal).
/// @throws Error B004 when the lengths do not fit, D460 when columns depend on each other (the message names them).
AftFit fit_aft(Distribution distribution, std::span<const Interval> sample, const Design& design,
               std::optional<double> quantile = std::nullopt);

/// Where a likelihood-ratio test does not reject (X7).
struct Bounds {
  double low = 0.0, high = 0.0; ///< infinite where nothing bounds it
};

/// Which threshold a profile is cut at.
enum class Cut {
  chi_square,  ///< 3.84 at 95 %: right for many cells
  small_group, ///< (X8): right for few cells of a log-normal sample without censoring
};

/// The profile-likelihood interval of beta_k at `level`. Arguments as for the fit; `fit` is its answer.
Bounds profile_beta(const AftFit& fit, std::span<const Interval> sample, const Design& design, std::size_t k, Cut cut,
                    double level = 0.95, std::optional<double> quantile = std::nullopt);

/// The same of sigma. The threshold is that of chi-square.
Bounds profile_sigma(const AftFit& fit, std::span<const Interval> sample, const Design& design, double level = 0.95,
                     std::optional<double> quantile = std::nullopt);

/// Akaike's criterion with the correction for few cells (X9); infinite when there are too few cells for it.
double aicc(double log_likelihood, std::size_t parameters, std::size_t cells);

} // namespace platen::groups

#pragma once
// Least squares for readings over time whose errors remember each other: a white part, and a part that decays (Ornstein and
// Uhlenbeck's process). Uneven spacing and merged readings are allowed.

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

namespace platen::numerics {

/// (R18): covariance of readings i and j in units of `variance` (of one single reading's white part):
/// delta_ij / merged_i + slow exp(-|t_i - t_j| / time).
struct NoiseShape {
  double slow = 0.0; ///< variance of the part with memory over that of the white part, 1
  double time = 0.0; ///< memory, s
};

/// Turns readings with such errors into ones with independent errors of unit variance: the innovations of Kalman's filter, in
/// one pass. Source: Kalman 1960; exact for this process (Harvey, Forecasting, Structural Time Series Models, 1989, 3.4).
class NoiseFilter {
public:
  /// @param time s, not falling. @param merged readings averaged in each; empty: one.
  NoiseFilter(std::span<const double> time, std::span<const double> merged, const NoiseShape& shape);
  void whiten(std::span<double> column) const;
  /// ln det of the covariance in units of the variance.
  double log_determinant() const { return log_determinant_; }

private:
  std::vector<double> gain_, decay_, scale_;
  double log_determinant_ = 0.0;
};

/// What is known of an instrument's noise beforehand.
struct NoiseLimits {
  double least_variance = 0.0;                                     ///< of the white part of one reading
  double longest = std::numeric_limits<double>::infinity();        ///< memory, s
  double lead = 0.0; ///< of -2 ln of the restricted likelihood, by which a memory must do better than white noise to be taken for one
};

struct NoiseFit {
  NoiseShape shape;
  double variance = 0.0; ///< of the white part of one single reading, unit of the readings squared
  double cost = 0.0;     ///< -2 ln of the restricted likelihood, but for a constant
  double likelihood = 0.0; ///< -2 ln of the full likelihood at this noise, with all its constants: for criteria over models
};

/// The noise by restricted maximum likelihood, so that what the columns take from the residuals is allowed for.
/// @param residual of a model, one per time. @param columns the model's derivatives, each as long as `time`.
/// Source: Patterson and Thompson, Biometrika 58 (1971) 545.
NoiseFit fit_noise(std::span<const double> time, std::span<const double> merged, std::span<const double> residual,
                   const std::vector<std::vector<double>>& columns, const NoiseLimits& limits = {});

/// A linear model fitted with its noise.
struct LinearWithNoise {
  std::vector<double> coefficients, errors; ///< infinite error: earlier columns explain this one
  std::vector<double> residual;
  std::vector<double> covariance;           ///< of the coefficients, row by row
  NoiseFit noise;
};
/// Generalised least squares. Lengths equal, more readings than columns.
LinearWithNoise fit_linear(std::span<const double> time, std::span<const double> merged, std::span<const double> y,
                           const std::vector<std::vector<double>>& columns, const NoiseLimits& limits = {});
/// The same with a noise that is known.
LinearWithNoise fit_linear(std::span<const double> time, std::span<const double> merged, std::span<const double> y,
                           const std::vector<std::vector<double>>& columns, const NoiseFit& noise);

} // namespace platen::numerics

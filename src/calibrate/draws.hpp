#pragma once
// Draws of the normal distribution that a covariance describes, in the fitted scale of a problem's numbers.

#include "calibrate/problem.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace platen::calibrate {

/// Variance of a number in the fitted scale before any data: of its prior, or of an even spread between its bounds.
double prior_variance(const Number& number);

/// Cholesky factor of a covariance (row by row), with that of `prior_variance` where it is infinite and next to none for a number that stands at a bound. Empty where the
/// covariance is none.
std::vector<double> covariance_factor(const Problem& problem, std::span<const double> covariance);

/// `count` draws about `values`, SI, cut off at the bounds. Empty where the covariance is none.
std::vector<std::vector<double>> normal_draws(const Problem& problem, std::span<const double> values, std::span<const double> covariance, std::size_t count, std::uint64_t seed = 1);

} // namespace platen::calibrate

#pragma once
// The likelihood of censored logarithms in the variables in which it is concave.

#include "groups/aft.hpp"

#include <optional>
#include <span>
#include <vector>

namespace platen::groups {

/// ln(F(high) - F(low)) of a standardised variable with its derivatives by both ends; an infinite end has none.
struct LogShare {
  double value = 0.0;
  double by_low = 0.0, by_high = 0.0;
  double by_low_low = 0.0, by_low_high = 0.0, by_high_high = 0.0;
};
LogShare log_share(Distribution distribution, double low, double high);

/// ln f(u) with its first two derivatives.
struct LogDensity {
  double value = 0.0, slope = 0.0, curvature = 0.0;
};
LogDensity log_density(Distribution distribution, double u);

/// (X6) with u = kappa (ln t - offset) - x'gamma + shift: concave in gamma and kappa, because F is log-concave (Burridge,
/// J. R. Stat. Soc. B 43 (1981) 41).
struct AftProblem {
  Distribution distribution = Distribution::weibull;
  std::vector<double> low, high;  ///< ln(A/m2), offset taken off; infinite where open
  std::vector<double> exact_log;  ///< ln t of a known CCD, 0 otherwise
  std::vector<double> x;          ///< row by row
  std::size_t columns = 0;
  double shift = 0.0;
  std::optional<double> kappa;    ///< held there
  double largest_kappa = 1e6;

  std::size_t cells() const noexcept { return low.size(); }
};

struct AftMaximum {
  std::vector<double> gamma;
  double kappa = 1.0;
  double value = 0.0;
  std::vector<double> hessian; ///< of (gamma, kappa), row by row: negative definite at a regular maximum
  int iterations = 0;
  bool converged = false;
  bool at_bound = false;       ///< kappa stands at its largest
};

/// Newton's method with halved steps from `start` (may be empty).
AftMaximum maximise(const AftProblem& problem, const AftMaximum* start = nullptr);

} // namespace platen::groups

#pragma once
// Quantiles of distributions that intervals are made of.

namespace platen::numerics {

/// Regularised incomplete beta function I_x(a, b) for 0 <= x <= 1, a, b > 0; relative error about 1e-14.
/// Source: continued fraction of DLMF 8.17.22, by Lentz's method.
double incomplete_beta(double a, double b, double x);

/// P(T <= t) of Student's distribution with `freedom` > 0 degrees of freedom.
double student_probability(double t, double freedom);

/// Quantile of Student's distribution, 0 < p < 1, `freedom` > 0.
double student_quantile(double p, double freedom);

/// P(X > x) of the chi-square distribution with `freedom` > 0 degrees of freedom, x >= 0; relative error about 1e-13.
/// Source: series and continued fraction of the incomplete gamma function, DLMF 8.11.4 and 8.9.2.
double chi_square_tail(double x, double freedom);

struct ProbabilityRange {
  double low = 0.0, high = 1.0;
};
/// Clopper and Pearson's interval of a probability from `hits` among `trials` >= 1: covers it at least with `level`.
/// Source: Biometrika 26 (1934) 404.
ProbabilityRange binomial_interval(double hits, double trials, double level = 0.95);

} // namespace platen::numerics

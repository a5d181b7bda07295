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

} // namespace platen::numerics

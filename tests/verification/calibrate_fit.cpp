// Fits against problems whose answer is known, and independence of the number of threads.

#include "base/error.hpp"
#include "calibrate/fit.hpp"
#include "numerics/random.hpp"

#include "calibrate_problem.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace platen::calibrate {
namespace {

/// y = a + b t with independent errors of deviation 0.5, at t = 0 to 9.
Problem line(std::optional<Prior> of_slope = std::nullopt) {
  return problem({{"a", 0.0, -10.0, 10.0, false, std::nullopt, "1"}, {"b", 0.0, -10.0, 10.0, false, of_slope, "1"}}, 10,
                 [](Values v, Residuals r) {
                   numerics::RandomStream random(3, "line");
                   for (std::size_t k = 0; k < 10; ++k)
                     r[k] = (v[0] + v[1] * static_cast<double>(k) - (1.0 + 0.3 * static_cast<double>(k) + 0.5 * random.normal())) / 0.5;
                   return true;
                 });
}

/// Ordinary least squares of the same line from its sums.
struct Exact {
  double a, b, var_a, var_b, cov;
};
Exact exact_line(double prior_weight = 0.0, double prior_mean = 0.0) {
  std::vector<double> r(10);
  const Problem p = line();
  p.evaluate(std::vector<double>{0.0, 0.0}, r, {});
  double s = 0, t = 0, tt = 0, y = 0, ty = 0;
  for (std::size_t k = 0; k < 10; ++k) {
    const double x = static_cast<double>(k), v = -0.5 * r[k];
    s += 4.0, t += 4.0 * x, tt += 4.0 * x * x, y += 4.0 * v, ty += 4.0 * x * v;
  }
  tt += prior_weight, ty += prior_weight * prior_mean;
  const double det = s * tt - t * t;
  return {(tt * y - t * ty) / det, (s * ty - t * y) / det, tt / det, s / det, -t / det};
}

FitOptions exact_options() {
  FitOptions options;
  options.tolerance = 1e-12;
  return options;
}

TEST(CalibrateFit, FindsALineWithItsCovariance) {
  const Fit f = fit(line(), exact_options());
  const Exact e = exact_line();
  EXPECT_NEAR(f.values[0], e.a, 1e-6);
  EXPECT_NEAR(f.values[1], e.b, 1e-6);
  EXPECT_NEAR(f.covariance[0], e.var_a, 1e-6 * e.var_a);
  EXPECT_NEAR(f.covariance[3], e.var_b, 1e-6 * e.var_b);
  EXPECT_NEAR(f.correlation[1], e.cov / std::sqrt(e.var_a * e.var_b), 1e-6);
  EXPECT_TRUE(f.converged);
  EXPECT_EQ(f.at_bound[0], AtBound::inside);
}

TEST(CalibrateFit, APriorCountsAsOneMoreReading) {
  const Fit f = fit(line(Prior{0.1, 0.05}), exact_options());
  const Exact e = exact_line(400.0, 0.1);
  EXPECT_NEAR(f.values[1], e.b, 1e-6);
  EXPECT_NEAR(f.covariance[3], e.var_b, 1e-6 * e.var_b);
  EXPECT_NEAR(f.cost - f.deviance, std::pow((e.b - 0.1) / 0.05, 2), 1e-6);
}

TEST(CalibrateFit, HoldsANumberAtTheBoundThatPullsOutwards) {
  Problem p = line();
  p.numbers[1].high = 0.1;
  const Fit f = fit(p);
  EXPECT_EQ(f.at_bound[1], AtBound::high);
  EXPECT_DOUBLE_EQ(f.values[1], 0.1);
  EXPECT_EQ(f.deviation(1), 0.0);
  // With the slope known the intercept is a mean of ten readings.
  EXPECT_NEAR(f.covariance[0], 0.25 / 10.0, 1e-6);
}

TEST(CalibrateFit, FindsLogarithmicNumbersOverDecades) {
  // exp(-t/tau) read at a few times, from a hundred times too long on: the first step overshoots into a plateau, other starts do not.
  const double tau = 30.0;
  const auto model = [tau](Values v, Residuals r) {
    for (std::size_t k = 0; k < 6; ++k) {
      const double t = 10.0 * static_cast<double>(k);
      r[k] = (std::exp(-t / v[0]) - std::exp(-t / tau)) / 0.01;
    }
    return true;
  };
  FitOptions many;
  many.starts = 4;
  const Fit f = fit(problem({{"tau", 3000.0, 0.1, 1e5, true, std::nullopt, "s"}}, 6, model), many);
  EXPECT_NEAR(f.values[0], tau, 0.2 * f.deviation(0) * tau);
}

TEST(CalibrateFit, SeveralStartsLeaveALocalMinimum) {
  // (x^2 - 1)^2 tilted: minima near -1 (lower) and 1; the start is in the wrong one.
  const auto model = [](Values v, Residuals r) {
    r[0] = 3.0 * (v[0] * v[0] - 1.0);
    r[1] = v[0] + 1.5;
    return true;
  };
  Problem p = problem({{"x", 1.2, -3.0, 3.0, false, std::nullopt, "1"}}, 2, model);
  EXPECT_GT(fit(p).values[0], 0.5);
  FitOptions many;
  many.starts = 4;
  const Fit f = fit(p, many);
  EXPECT_LT(f.values[0], -0.5);
  EXPECT_EQ(f.starts.size(), 4u);
  EXPECT_GT(f.starts[0].cost, f.cost + 1.0);
}

TEST(CalibrateFit, SaysWhichNumbersNothingDetermines) {
  // Only the product is seen.
  const auto model = [](Values v, Residuals r) {
    r[0] = (std::log(v[0] * v[1]) - std::log(6.0)) / 0.1;
    r[1] = (v[2] - 4.0) / 0.1;
    return true;
  };
  const Fit f = fit(problem({{"a", 1.0, 0.01, 100.0, true, std::nullopt, "1"}, {"b", 1.0, 0.01, 100.0, true, std::nullopt, "1"},
                             {"c", 1.0, 0.0, 10.0, false, std::nullopt, "1"}, {"idle", 1.0, 0.0, 10.0, false, std::nullopt, "1"}},
                            2, model));
  EXPECT_NEAR(f.values[0] * f.values[1], 6.0, 1e-4);
  for (const std::size_t j : {0u, 1u, 3u}) EXPECT_TRUE(std::isinf(f.deviation(j))) << j;
  EXPECT_NEAR(f.deviation(2), 0.1, 1e-6);
}

TEST(CalibrateFit, StepsBackWhereACellCannotBeSimulated) {
  const auto model = [](Values v, Residuals r) {
    r[0] = std::sqrt(std::max(v[0], 0.0)) - 1.2;
    return v[0] > 0.5;
  };
  const Fit f = fit(problem({{"x", 8.0, 0.0, 10.0, false, std::nullopt, "1"}}, 1, model));
  EXPECT_NEAR(f.values[0], 1.44, 1e-3);
  EXPECT_THROW(fit(problem({{"x", 0.2, 0.0, 10.0, false, std::nullopt, "1"}}, 1, model)), Error);
}

TEST(CalibrateFit, IsTheSameToTheBitOnAnyNumberOfThreads) {
  FitOptions one, four;
  one.threads = 1, four.threads = 4;
  one.starts = four.starts = 3;
  const Fit a = fit(line(Prior{0.1, 0.05}), one), b = fit(line(Prior{0.1, 0.05}), four);
  EXPECT_EQ(a.values, b.values);
  EXPECT_EQ(a.covariance, b.covariance);
  for (std::size_t k = 0; k < 3; ++k) EXPECT_EQ(a.starts[k].cost, b.starts[k].cost);
}

TEST(CalibrateFit, BearsJumpsAsSimulatedCellsLeaveThem) {
  // A reading rounded to 1e-4, a thousandth of its deviation.
  const auto model = [](Values v, Residuals r) {
    for (std::size_t k = 0; k < 4; ++k) {
      const double t = 0.5 + static_cast<double>(k);
      r[k] = (std::round(1e4 * v[0] * std::exp(-v[1] * t)) / 1e4 - 2.0 * std::exp(-0.4 * t)) / 0.1;
    }
    return true;
  };
  const Fit f = fit(problem({{"a", 1.0, 0.1, 10.0, true, Prior{0.0, 2.0}, "1"}, {"b", 1.0, 0.01, 10.0, true, Prior{0.0, 2.0}, "1"}}, 4, model));
  // Priors of two decades' breadth pull by less than a fifth of the deviation.
  EXPECT_NEAR(std::log(f.values[0]), std::log(2.0), 0.2 * f.deviation(0));
  EXPECT_NEAR(std::log(f.values[1]), std::log(0.4), 0.2 * f.deviation(1));
  EXPECT_TRUE(f.converged);
}

} // namespace
} // namespace platen::calibrate

// Small linear algebra and nonlinear least squares with bounds.
#include "numerics/dense.hpp"
#include "numerics/distributions.hpp"
#include "numerics/least_squares.hpp"
#include "numerics/random.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <numbers>

namespace {

using namespace platen::numerics;
constexpr double infinite = std::numeric_limits<double>::infinity();

TEST(NumericsDense, CholeskySolvesAndInverts) {
  const std::vector<double> a{4, 2, -1, 2, 5, 3, -1, 3, 6};
  std::vector<double> g = a, b{1, 2, 3}, scratch(3);
  ASSERT_TRUE(cholesky(g, 3));
  cholesky_solve(g, 3, b);
  for (int i = 0; i < 3; ++i) {
    double sum = 0;
    for (int k = 0; k < 3; ++k) sum += a[3 * i + k] * b[k];
    EXPECT_NEAR(sum, i + 1, 1e-13);
  }
  cholesky_inverse(g, 3, scratch);
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) {
      double sum = 0;
      for (int k = 0; k < 3; ++k) sum += a[3 * i + k] * g[3 * k + j];
      EXPECT_NEAR(sum, i == j ? 1 : 0, 1e-13);
    }
}

TEST(NumericsDense, CholeskyRefusesWhatIsNotPositive) {
  std::vector<double> a{1, 2, 2, 1}, dependent{1, 1, 1, 1 + 1e-12};
  EXPECT_FALSE(cholesky(a, 2));
  EXPECT_FALSE(cholesky(dependent, 2, 1e-10));
}

TEST(NumericsDense, LeastSquaresOfAColumnThatDependsOnOthers) {
  // y = 1 + 2 x at four points, with a third column equal to the first.
  std::vector<double> a{1, 1, 1, 1, 0, 1, 2, 3, 1, 1, 1, 1}, b{1, 3, 5, 7}, x(3);
  EXPECT_NEAR(solve_least_squares(a, 4, 3, b, x), 0.0, 1e-25);
  EXPECT_NEAR(x[0], 1, 1e-13);
  EXPECT_NEAR(x[1], 2, 1e-13);
  EXPECT_EQ(x[2], 0);
}

TEST(NumericsDense, AColumnThatDependsOnEarlierOnesTakesNoRowFromThoseAfterIt) {
  // twice the same constant, then a line; what is left of y = 0, 1, 4, 9 beside constant and line: 1, -1, -1, 1
  std::vector<double> a{1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 2, 3}, b{0, 1, 4, 9}, x(3);
  EXPECT_NEAR(solve_least_squares(a, 4, 3, b, x), 4.0, 1e-12);
  EXPECT_NEAR(x[0], -1.0, 1e-12);
  EXPECT_EQ(x[1], 0.0);
  EXPECT_NEAR(x[2], 3.0, 1e-12);
}

TEST(NumericsDistributions, StudentQuantiles) {
  // Closed forms: one degree is tan, two are rational; the normal distribution for many.
  EXPECT_NEAR(student_quantile(0.975, 1), std::tan(std::numbers::pi * 0.475), 1e-9);
  EXPECT_NEAR(student_quantile(0.975, 2), 0.95 / std::sqrt(2 * 0.975 * 0.025), 1e-10);
  EXPECT_NEAR(student_quantile(0.975, 1e8), normal_quantile(0.975), 1e-6);
  EXPECT_NEAR(student_quantile(0.1, 7), -student_quantile(0.9, 7), 1e-12);
  for (const double nu : {1.0, 3.0, 10.0, 153.0})
    for (const double p : {0.01, 0.3, 0.8, 0.9999}) EXPECT_NEAR(student_probability(student_quantile(p, nu), nu), p, 1e-11);
  EXPECT_TRUE(std::isnan(student_quantile(1.0, 3)));
}

/// Rosenbrock's valley: minimum 0 at (1, 1).
bool valley(std::span<const double> x, std::span<double> r, std::span<double> j) {
  r[0] = 10 * (x[1] - x[0] * x[0]);
  r[1] = 1 - x[0];
  if (!j.empty()) {
    j[0] = -20 * x[0];
    j[1] = -1;
    j[2] = 10;
    j[3] = 0;
  }
  return true;
}

TEST(NumericsLeastSquares, FindsTheFootOfAValley) {
  LeastSquares solver(2, 2);
  std::vector<double> x{-1.2, 1};
  const auto result = solver.minimise(valley, x, std::vector<double>(2, -infinite), std::vector<double>(2, infinite));
  EXPECT_TRUE(result.converged);
  EXPECT_NEAR(x[0], 1, 1e-9);
  EXPECT_NEAR(x[1], 1, 1e-9);
}

TEST(NumericsLeastSquares, StopsAtBounds) {
  LeastSquares solver(2, 2);
  std::vector<double> x{-1.2, 1};
  const auto result = solver.minimise(valley, x, std::vector<double>{-2, -2}, std::vector<double>{0.5, 2});
  EXPECT_TRUE(result.converged);
  EXPECT_DOUBLE_EQ(x[0], 0.5); // along the bound the best is y = x^2
  EXPECT_NEAR(x[1], 0.25, 1e-9);
  EXPECT_NEAR(result.cost, 0.25, 1e-12);
  // A bound met by one parameter only: the other one is still free to go to its own best place.
  x = {0.2, -1};
  solver.minimise(valley, x, std::vector<double>{-2, -2}, std::vector<double>{2, 0.01});
  EXPECT_DOUBLE_EQ(x[1], 0.01);
  const double d = 2 * 100 * (0.01 - x[0] * x[0]) * (-2 * x[0]) - 2 * (1 - x[0]); // the slope along the bound
  EXPECT_NEAR(d, 0, 1e-5); // the cost is level there to 1e-13
}

TEST(NumericsLeastSquares, ShortensStepsThatLeaveTheModel) {
  LeastSquares solver(1, 1);
  const Residuals model = [](std::span<const double> x, std::span<double> r, std::span<double> j) {
    if (x[0] <= 0) return false;
    r[0] = std::log(x[0]);
    if (!j.empty()) j[0] = 1 / x[0];
    return true;
  };
  std::vector<double> x{30};
  EXPECT_TRUE(solver.minimise(model, x, std::vector<double>{-infinite}, std::vector<double>{infinite}).converged);
  EXPECT_NEAR(x[0], 1, 1e-8);
  x = {-1};
  EXPECT_EQ(solver.minimise(model, x, std::vector<double>{-infinite}, std::vector<double>{infinite}).cost, infinite);
}

TEST(NumericsLeastSquares, CovarianceTellsWhatIsNotDetermined) {
  // r = a + b + c t - y: only a + b and c are determined.
  LeastSquares solver(4, 3);
  const Residuals model = [](std::span<const double> x, std::span<double> r, std::span<double> j) {
    for (std::size_t i = 0; i < 4; ++i) {
      const double t = static_cast<double>(i);
      r[i] = x[0] + x[1] + x[2] * t - (1 + 2 * t);
      if (j.empty()) continue;
      j[i] = j[4 + i] = 1;
      j[8 + i] = t;
    }
    return true;
  };
  std::vector<double> x{0, 0, 0};
  solver.minimise(model, x, std::vector<double>(3, -infinite), std::vector<double>(3, infinite));
  const auto all = solver.covariance();
  EXPECT_EQ(all[0], infinite);
  EXPECT_EQ(all[4], infinite);
  EXPECT_NEAR(all[8], 0.2, 1e-12); // 1 / sum (t - mean)^2
  const bool held[] = {true, false, false};
  const auto some = solver.covariance(held);
  EXPECT_EQ(some[0], 0);
  EXPECT_NEAR(some[4], 0.7, 1e-12);
  EXPECT_NEAR(some[8], 0.2, 1e-12);
}

} // namespace

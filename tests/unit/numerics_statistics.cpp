#include "numerics/statistics.hpp"

#include "base/error.hpp"
#include "numerics/random.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <vector>

using namespace platen::numerics;
using Values = std::vector<double>;

TEST(Statistics, MedianAndQuantiles) {
  EXPECT_EQ(median(Values{3, 1, 2}), 2.0);
  EXPECT_EQ(median(Values{4, 1, 3, 2}), 2.5);
  EXPECT_EQ(quantile(Values{7}, 0.3), 7.0);
  // R: quantile(c(1, 2, 4, 8, 16), c(0, 0.1, 0.9, 1)) is 1, 1.4, 12.8, 16
  const Values powers{16, 1, 8, 2, 4};
  EXPECT_EQ(quantile(powers, 0.0), 1.0);
  EXPECT_NEAR(quantile(powers, 0.1), 1.4, 1e-14);
  EXPECT_NEAR(quantile(powers, 0.9), 12.8, 1e-14);
  EXPECT_EQ(quantile(powers, 1.0), 16.0);
  EXPECT_THROW(median(Values{}), platen::Error);
  EXPECT_THROW(quantile(powers, 1.1), platen::Error);
}

TEST(Statistics, MeanAndDeviation) {
  const Values v{2, 4, 4, 4, 5, 5, 7, 9};
  EXPECT_EQ(mean(v), 5.0);
  EXPECT_NEAR(standard_deviation(v), std::sqrt(32.0 / 7.0), 1e-15);
  EXPECT_THROW(standard_deviation(Values{1}), platen::Error);
}

TEST(Statistics, RobustSigmaIsNotSpoiltByOutliers) {
  EXPECT_EQ(median_absolute_deviation(Values{1, 1, 2, 2, 4, 6, 9}), 1.0); // the textbook example
  RandomStream s(3, "sigma");
  Values v(4001);
  for (double& x : v) x = 5.0 + 0.2 * s.normal();
  const double clean = robust_sigma(v);
  // asymptotic standard error of 1.4826 MAD: 1.167 sigma / sqrt(n)
  EXPECT_NEAR(clean, 0.2, 5.0 * 1.167 * 0.2 / std::sqrt(4001.0));
  for (std::size_t i = 0; i < 200; ++i) v[i] = 1e6;
  EXPECT_NEAR(robust_sigma(v), 0.2, 0.03);
}

TEST(Statistics, LineThroughFivePoints) {
  // Worked by hand: x = 1..5, y = 2.1 3.9 6.2 7.8 10.1; Sxx = 10, Sxy = 19.9, residual sum of squares 0.107
  const Values x{1, 2, 3, 4, 5}, y{2.1, 3.9, 6.2, 7.8, 10.1};
  const LineFit fit = fit_line(x, y);
  EXPECT_NEAR(fit.slope, 1.99, 1e-14);
  EXPECT_NEAR(fit.intercept, 0.05, 1e-13);
  EXPECT_NEAR(fit.residual, std::sqrt(0.107 / 3.0), 1e-13);
  EXPECT_NEAR(fit.slope_error, std::sqrt(0.107 / 3.0 / 10.0), 1e-13);
  EXPECT_NEAR(fit.intercept_error, std::sqrt(0.107 / 3.0 * (1.0 / 5.0 + 9.0 / 10.0)), 1e-13);
  EXPECT_THROW(fit_line(Values{1, 1}, Values{1, 2}), platen::Error);
  EXPECT_THROW(fit_line(Values{1, 2}, Values{1}), platen::Error);
  const LineFit two = fit_line(Values{0, 2}, Values{1, 5});
  EXPECT_EQ(two.slope, 2.0);
  EXPECT_TRUE(std::isnan(two.slope_error));
}

TEST(Statistics, LineKeepsItsDigitsFarFromTheOrigin) {
  Values x, y;
  for (int i = 0; i < 100; ++i) x.push_back(1e9 + i), y.push_back(3.0 + 0.5 * i);
  EXPECT_NEAR(fit_line(x, y).slope, 0.5, 1e-12);
}

TEST(Statistics, TheilSenIgnoresAFifthOfThePoints) {
  for (const int n : {30, 1001}) { // all pairs, and the incomplete method
    Values x, y;
    for (int i = 0; i < n; ++i) x.push_back(i), y.push_back(i % 5 == 0 ? 1e6 : 2.0 - 0.25 * i);
    const RobustLine line = theil_sen(x, y);
    EXPECT_NEAR(line.slope, -0.25, 1e-9) << n;
    EXPECT_NEAR(line.intercept, 2.0, 1e-6) << n;
  }
  EXPECT_THROW(theil_sen(Values{2, 2}, Values{1, 2}), platen::Error);
}

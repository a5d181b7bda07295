// Bounds of a share of trials.

#include "base/error.hpp"
#include "numerics/distributions.hpp"
#include "numerics/proportion.hpp"

#include <cmath>
#include <gtest/gtest.h>

namespace platen::numerics {
namespace {

/// P(X <= k) of a binomial distribution, summed up.
double binomial_at_most(std::size_t k, std::size_t n, double p) {
  const auto log_factorial = [](std::size_t m) { return std::lgamma(static_cast<double>(m) + 1.0); };
  double sum = 0.0;
  for (std::size_t i = 0; i <= k; ++i)
    sum += std::exp(log_factorial(n) - log_factorial(i) - log_factorial(n - i) + static_cast<double>(i) * std::log(p) +
                    static_cast<double>(n - i) * std::log1p(-p));
  return sum;
}

TEST(Proportion, BoundsAreWhatTheirDefinitionSays) {
  for (const auto& [k, n] : {std::pair<std::size_t, std::size_t>{1, 10}, {5, 10}, {9, 10}, {33, 44}, {343, 350}, {6, 700}}) {
    const Bounds b = binomial_bounds(k, n);
    EXPECT_NEAR(1.0 - binomial_at_most(k - 1, n, b.low), 0.025, 1e-9) << k << "/" << n;
    EXPECT_NEAR(binomial_at_most(k, n, b.high), 0.025, 1e-9) << k << "/" << n;
  }
}

TEST(Proportion, NoneAndAllHaveOneBound) {
  const Bounds none = binomial_bounds(0, 700);
  EXPECT_EQ(none.low, 0.0);
  EXPECT_NEAR(none.high, 1.0 - std::pow(0.025, 1.0 / 700.0), 1e-12);
  const Bounds all = binomial_bounds(700, 700);
  EXPECT_NEAR(all.low, std::pow(0.025, 1.0 / 700.0), 1e-12);
  EXPECT_EQ(all.high, 1.0);
}

TEST(Proportion, NothingIsKnownOfNoTrials) {
  const Bounds b = binomial_bounds(0, 0);
  EXPECT_EQ(b.low, 0.0);
  EXPECT_EQ(b.high, 1.0);
}

TEST(Proportion, RefusesMoreSuccessesThanTrials) {
  EXPECT_THROW(binomial_bounds(2, 1), Error);
  EXPECT_THROW(binomial_bounds(1, 2, 1.0), Error);
}

} // namespace
} // namespace platen::numerics

// The fluctuation of a partial contact: a function of seed and time alone, with the moments that (G5) states.

#include "simulate/flicker.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <vector>

namespace platen::simulation {
namespace {

TEST(Flicker, DoesNotKnowWhoAskedBefore) {
  Flicker forwards(3, 0.5, 30.0), backwards(3, 0.5, 30.0);
  std::vector<double> seen;
  for (int k = 0; k < 3000; ++k) seen.push_back(forwards.at(3.1 * k));
  for (std::size_t k = seen.size(); k-- > 0;) ASSERT_NEAR(backwards.at(3.1 * static_cast<double>(k)), seen[k], 1e-12) << k;
  Flicker late(3, 0.5, 30.0), other(4, 0.5, 30.0);
  EXPECT_NEAR(late.at(3.1 * 2000), seen[2000], 1e-12);
  EXPECT_NE(other.at(3.1 * 2000), seen[2000]);
}

TEST(Flicker, HasTheStatedMoments) {
  Flicker flicker(11, 0.5, 30.0);
  constexpr int n = 200000;
  double sum = 0.0, square = 0.0, product = 0.0, conductance = 0.0, before = 0.0;
  for (int k = 0; k < n; ++k) {
    const double z = flicker.at(7.5 * k); // on the grid
    sum += z;
    square += z * z;
    if (k >= 4) product += z * before;
    conductance += std::exp(z);
    before = flicker.at(7.5 * std::max(k - 3, 0)); // four points before the next
  }
  // The mean of so many draws that are correlated over eight points is good to 0.5 sqrt(8/200000) = 0.003.
  EXPECT_NEAR(sum / n, 0.0, 0.012);
  EXPECT_NEAR(square / n, 0.25, 0.01);
  EXPECT_NEAR(product / n / 0.25, std::exp(-1.0), 0.04);
  EXPECT_NEAR(std::log(conductance / n), flicker.mean_exponent(), 0.02);
  EXPECT_EQ(flicker.mean_exponent(), 0.125);
}

TEST(Flicker, CanBeNone) {
  EXPECT_EQ(Flicker(1, 0.0, 30.0).at(100.0), 0.0);
  EXPECT_EQ(Flicker(1, 0.5, 0.0).at(100.0), 0.0);
}

} // namespace
} // namespace platen::simulation

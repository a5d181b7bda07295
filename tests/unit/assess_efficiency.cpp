// The threshold of the coulombic efficiency (A27), worked out by hand: six standard deviations of earlier cycles.

#include "assess_strokes.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <vector>

namespace platen::assessing {
namespace {

Evidence judged(double given_back, const std::vector<double>& before) {
  const Stroke charge = stroke(rising);
  Stroke discharge = charge;
  discharge.half_cycle.direction = -1;
  discharge.run_passed = given_back * charge.run_passed;
  Earlier earlier;
  earlier.charges = {&charge};
  earlier.discharges = {&discharge};
  earlier.efficiencies = before;
  return efficiency(charge, &discharge, earlier);
}

TEST(AssessEfficiency, LiesSixDeviationsOfEarlierCyclesBelowTheUsual) {
  const std::vector<double> before{0.994, 0.990, 0.992}; // standard deviation 0.002
  EXPECT_NEAR(judged(0.99, before).threshold, 0.992 - 0.012, 1e-12);
  EXPECT_FALSE(judged(0.981, before).fired);
  EXPECT_TRUE(judged(0.979, before).fired);
  EXPECT_NEAR(judged(0.979, before).figure, 0.979, 1e-12);
}

TEST(AssessEfficiency, NoLossBelowOnePercentCountsHoweverAlikeCyclesWere) {
  const std::vector<double> before{0.992, 0.992, 0.992};
  EXPECT_NEAR(judged(0.99, before).threshold, 0.982, 1e-12);
  EXPECT_FALSE(judged(0.983, before).fired);
  EXPECT_TRUE(judged(0.981, before).fired);
}

TEST(AssessEfficiency, WhereSixDeviationsAreAFiveHundredthsCyclesAreNotAlike) {
  const auto apart = [](double deviation) { return judged(0.9, {0.98 - deviation, 0.98, 0.98 + deviation}).threshold; };
  EXPECT_NEAR(apart(0.0083), 0.98 - 6.0 * 0.0083, 1e-12);
  EXPECT_NEAR(apart(0.0084), 0.85 * 0.98, 1e-12);
  EXPECT_NEAR(judged(0.9, {0.99, 0.98}).threshold, 0.85 * 0.99, 1e-12) << "two do not show how much they differ";
}

} // namespace
} // namespace platen::assessing

#include "align/log.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace platen::align {
namespace {

TEST(AlignResample, IsLinearBetweenNeighbours) {
  const Log log{{0, 10, 20}, {1, 3, 2}, {}, false};
  const std::vector<double> at{0, 5, 10, 12, 20};
  EXPECT_EQ(resample(log, at, 50), (std::vector<double>{1, 2, 3, 2.8, 2}));
}

TEST(AlignResample, InventsNothing) {
  const Log log{{0, 10, 100, 110}, {1, 1, 1, 1}, {}, false};
  const std::vector<double> at{-0.001, 0, 10, 50, 100, 105, 110.001, std::nan("")};
  const std::vector<double> out = resample(log, at, 50);
  const std::vector<bool> known{false, true, true, false, true, true, false, false};
  for (std::size_t i = 0; i < at.size(); ++i) EXPECT_EQ(!std::isnan(out[i]), known[i]) << at[i];
}

TEST(AlignResample, FollowsTimesThatJump) {
  Log log;
  for (int i = 0; i < 1000; ++i) {
    log.time.push_back(i);
    log.value.push_back(2.0 * i);
  }
  const std::vector<double> at{5.5, 900.25, 3.25, 999.0, 0.0};
  EXPECT_EQ(resample(log, at, 5), (std::vector<double>{11.0, 1800.5, 6.5, 1998.0, 0.0}));
}

TEST(AlignResample, ALogOfOneRowOrNone) {
  EXPECT_TRUE(std::isnan(resample(Log{}, std::vector<double>{1.0}, 5)[0]));
  EXPECT_EQ(resample(Log{{1}, {7}, {}, false}, std::vector<double>{1.0}, 5)[0], 7.0);
}

} // namespace
} // namespace platen::align

#include "report/svg_line.hpp"

#include <algorithm>
#include <cmath>
#include <gmock/gmock.h>
#include <limits>
#include <random>

using namespace platen::report;

namespace {

struct Curve {
  std::vector<double> x, y;
};

/// Noise over 760 pixels with one single-row spike each way.
Curve noisy(std::size_t rows, std::size_t up, std::size_t down) {
  std::mt19937_64 random(20220101);
  std::uniform_real_distribution<double> unit(-1.0, 1.0);
  Curve c;
  for (std::size_t k = 0; k < rows; ++k) {
    c.x.push_back(760.0 * static_cast<double>(k) / static_cast<double>(rows));
    c.y.push_back(unit(random));
  }
  c.y[up] = 50.0;
  c.y[down] = -70.0;
  return c;
}

std::size_t points(const std::vector<std::vector<Point>>& strokes) {
  std::size_t n = 0;
  for (const auto& s : strokes) n += s.size();
  return n;
}

} // namespace

TEST(ReportLine, ThinningKeepsTheExtremesOfEveryPixelColumn) {
  const Curve c = noisy(100000, 31234, 71999);
  const auto strokes = thin(c.x, c.y, {}, {}, 0.0, 760.0);
  ASSERT_EQ(strokes.size(), 1u);
  EXPECT_LE(points(strokes), 4u * 761u);
  std::vector<double> low(761, 1e9), high(761, -1e9), thin_low(761, 1e9), thin_high(761, -1e9);
  for (std::size_t k = 0; k < c.x.size(); ++k) {
    const auto pixel = static_cast<std::size_t>(std::floor(c.x[k]));
    low[pixel] = std::min(low[pixel], c.y[k]);
    high[pixel] = std::max(high[pixel], c.y[k]);
  }
  for (const Point& p : strokes.front()) {
    const auto pixel = static_cast<std::size_t>(std::floor(p.x));
    thin_low[pixel] = std::min(thin_low[pixel], p.y);
    thin_high[pixel] = std::max(thin_high[pixel], p.y);
  }
  EXPECT_EQ(low, thin_low);
  EXPECT_EQ(high, thin_high);
}

TEST(ReportLine, ThinningKeepsTheOrderOfRows) {
  const Curve c = noisy(5000, 100, 4000);
  const auto strokes = thin(c.x, c.y, {}, {}, 0.0, 760.0);
  ASSERT_EQ(strokes.size(), 1u);
  EXPECT_TRUE(std::is_sorted(strokes.front().begin(), strokes.front().end(), [](Point a, Point b) { return a.x < b.x; }));
}

TEST(ReportLine, MissingValuesBreakTheStroke) {
  const double nan = std::nan("");
  const std::vector<double> x{0, 10, 20, 30, 40, 50, 60};
  const std::vector<double> y{1, 2, nan, 4, nan, 6, 7};
  const auto strokes = thin(x, y, {}, {}, 0.0, 100.0);
  ASSERT_EQ(strokes.size(), 3u);
  EXPECT_EQ(strokes[0].size(), 2u);
  EXPECT_EQ(strokes[1].size(), 1u) << "a single row between two gaps is still a measurement";
  EXPECT_EQ(strokes[2].size(), 2u);
  EXPECT_EQ(path_data(strokes), "M0,1L10,2M30,4h0M50,6L60,7");
}

TEST(ReportLine, AWindowKeepsThePiecesThatCrossItsEdges) {
  const std::vector<double> x{0, 10, 20, 30, 40, 50};
  const std::vector<double> y{0, 1, 2, 3, 4, 5};
  const auto strokes = thin(x, y, {}, {}, 18.0, 32.0);
  ASSERT_EQ(strokes.size(), 1u);
  EXPECT_EQ(path_data(strokes), "M10,1L20,2 30,3 40,4");
  const auto between = thin(x, y, {}, {}, 22.0, 28.0); // no row inside, but the line passes through
  ASSERT_EQ(between.size(), 1u);
  EXPECT_EQ(path_data(between), "M20,2L30,3");
}

TEST(ReportLine, TimeThatRunsBackwardsIsDrawnAsItIs) {
  const std::vector<double> x{0, 50, 20, 70};
  const std::vector<double> y{0, 1, 2, 3};
  EXPECT_EQ(path_data(thin(x, y, {}, {}, 0.0, 100.0)), "M0,0L50,1 20,2 70,3");
}

TEST(ReportLine, WildValuesStayDrawable) {
  const std::vector<double> x{0, 1, 2};
  const std::vector<double> y{1e300, -1e300, std::numeric_limits<double>::infinity()};
  for (const auto& stroke : thin(x, y, {}, {}, 0.0, 10.0))
    for (const Point& p : stroke) EXPECT_LE(std::abs(p.y), 1e5);
}

TEST(ReportLine, SimplifyingDropsOnlyWhatNobodySees) {
  std::vector<Point> straight;
  for (int k = 0; k <= 100; ++k) straight.push_back({static_cast<double>(k), 0.01 * (k % 2)});
  EXPECT_EQ(simplify(straight, 0.05).size(), 2u);
  straight[40].y = 3.0;
  const auto kept = simplify(straight, 0.05);
  EXPECT_TRUE(std::any_of(kept.begin(), kept.end(), [](Point p) { return p.x == 40.0 && p.y == 3.0; }));
}

TEST(ReportLine, PathsAreATenthOfAPixelFine) {
  EXPECT_EQ(path_data({{{-0.04, 0.06}, {12.34, -0.55}}}), "M0,0.1L12.3,-0.6");
}

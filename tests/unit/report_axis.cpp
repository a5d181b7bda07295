#include "report/svg_axis.hpp"

#include <cmath>
#include <gmock/gmock.h>
#include <limits>

using namespace platen::report;
using testing::ElementsAre;

namespace {

std::vector<std::string> labels(const std::vector<Tick>& ticks) {
  std::vector<std::string> out;
  for (const Tick& t : ticks)
    if (!t.label.empty()) out.push_back(t.label);
  return out;
}

std::vector<double> values(const std::vector<Tick>& ticks) {
  std::vector<double> out;
  for (const Tick& t : ticks) out.push_back(t.value);
  return out;
}

} // namespace

TEST(ReportAxis, ARangeWithoutNumbersHasNoTicks) {
  EXPECT_LT(linear_ticks(0.0, 5e-324, 5).size(), 2u);
}

TEST(ReportAxis, LinearTicksAreRoundAndInside) {
  EXPECT_THAT(labels(linear_ticks(0.0, 1.0, 5)), ElementsAre("0.0", "0.2", "0.4", "0.6", "0.8", "1.0"));
  EXPECT_THAT(labels(linear_ticks(-2.3, 2.3, 5)), ElementsAre("−2", "−1", "0", "1", "2"));
  EXPECT_THAT(labels(linear_ticks(4.87, 5.13, 5)), ElementsAre("4.90", "4.95", "5.00", "5.05", "5.10"));
  EXPECT_THAT(labels(linear_ticks(-5e-7, 5e-7, 5)), ElementsAre("−4e-7", "−2e-7", "0", "2e-7", "4e-7"));
  EXPECT_THAT(labels(linear_ticks(1.4e-6, 2.6e-6, 5)), ElementsAre("1.4e-6", "1.6e-6", "1.8e-6", "2e-6", "2.2e-6", "2.4e-6", "2.6e-6"));
  EXPECT_THAT(labels(linear_ticks(0.0, 700.0, 7)), ElementsAre("0", "100", "200", "300", "400", "500", "600", "700"));
}

TEST(ReportAxis, TicksStayWithinAnyRange) {
  for (double low : {-1e6, -3.7, 0.0, 1e-9, 4.9999})
    for (double span : {1e-7, 0.013, 1.0, 37.0, 8.1e5})
      for (int about : {2, 5, 10}) {
        const auto ticks = linear_ticks(low, low + span, about);
        EXPECT_GE(ticks.size(), 1u) << low << " " << span;
        EXPECT_LE(ticks.size(), 2u * static_cast<unsigned>(about) + 2u) << low << " " << span;
        for (const Tick& t : ticks) {
          EXPECT_GE(t.value, low - 1e-6 * span);
          EXPECT_LE(t.value, low + span + 1e-6 * span);
        }
      }
}

TEST(ReportAxis, OneNumberAloneIsNoScale) {
  EXPECT_THAT(labels(linear_ticks(-7.8, 8.2, 2)), ElementsAre("−5", "0", "5"));
  EXPECT_THAT(labels(linear_ticks(-9.0, 9.0, 2)), ElementsAre("−5", "0", "5"));
  EXPECT_THAT(labels(linear_ticks(1.2, 2.9, 1)), ElementsAre("1.5", "2.0", "2.5"));
}

TEST(ReportAxis, UselessRangesHaveNoTicks) {
  const double nan = std::nan("");
  EXPECT_TRUE(linear_ticks(1.0, 1.0, 5).empty());
  EXPECT_TRUE(linear_ticks(nan, 1.0, 5).empty());
  EXPECT_TRUE(linear_ticks(0.0, std::numeric_limits<double>::infinity(), 5).empty());
  EXPECT_TRUE(log_ticks(0.0, 1.0).empty());
  EXPECT_TRUE(log_time_ticks(-1.0, 1.0).empty());
}

TEST(ReportAxis, LogTicksLabelPowersOfTen) {
  EXPECT_THAT(labels(log_ticks(1.0, 1000.0)), ElementsAre("1", "10", "100", "1000"));
  EXPECT_THAT(labels(log_ticks(1.0, 20.0)), ElementsAre("1", "2", "5", "10", "20"));
  EXPECT_EQ(values(log_ticks(1.0, 10.0)).size(), 10u);
  EXPECT_THAT(labels(log_ticks(170.0, 270.0)), ElementsAre("180", "200", "220", "240", "260"));
}

TEST(ReportAxis, TimeUnitsFollowTheSpan) {
  EXPECT_EQ(time_unit(60.0).name, "s");
  EXPECT_EQ(time_unit(3600.0).name, "min");
  EXPECT_EQ(time_unit(86400.0).name, "h");
  EXPECT_EQ(time_unit(30 * 86400.0).name, "d");
}

TEST(ReportAxis, TimeTicksFallWhereAClockHasThem) {
  EXPECT_THAT(labels(time_ticks(0.0, 26.6, {"h", 3600.0}, 9)), ElementsAre("0", "3", "6", "9", "12", "15", "18", "21", "24"));
  EXPECT_THAT(labels(time_ticks(0.0, 60.0, {"min", 60.0}, 6)), ElementsAre("0", "10", "20", "30", "40", "50", "60"));
  EXPECT_THAT(labels(time_ticks(0.0, 2.0, {"h", 3600.0}, 8)), ElementsAre("0.00", "0.25", "0.50", "0.75", "1.00", "1.25", "1.50", "1.75", "2.00"));
}

TEST(ReportAxis, LogTimeTicksSayTimesPeopleSay) {
  EXPECT_THAT(labels(log_time_ticks(50.0, 90000.0)),
              ElementsAre("1 min", "5 min", "10 min", "30 min", "1 h", "2 h", "5 h", "10 h", "24 h"));
}

TEST(ReportAxis, PlacesOnBothScales) {
  EXPECT_DOUBLE_EQ((Range{2.0, 6.0, Scale::linear}.place(3.0)), 0.25);
  EXPECT_DOUBLE_EQ((Range{1.0, 100.0, Scale::log}.place(10.0)), 0.5);
  EXPECT_TRUE(std::isnan(Range{1.0, 100.0, Scale::log}.place(0.0)));
}

TEST(ReportAxis, PaddingNeverLetsARangeCollapse) {
  const Range flat = padded(5.0, 5.0, 0.2);
  EXPECT_LT(flat.low, 4.9);
  EXPECT_GT(flat.high, 5.1);
  const Range nothing = padded(std::nan(""), 1.0, 0.2);
  EXPECT_LT(nothing.low, nothing.high);
}

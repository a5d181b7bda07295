// Battery Data Format files of other writers.

#include "record/io.hpp"

#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>

using namespace platen;

namespace {
const std::filesystem::path folder = std::filesystem::path(PLATEN_SHARED_DATA) / "bdf";
} // namespace

#define NEED_SHARED_DATA()                                                                                            \
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "SHARED DATA ABSENT: " << folder

TEST(BdfFiles, Sample) {
  NEED_SHARED_DATA();
  const Record r = read_bdf_csv(folder / "sample.bdf.csv");
  ASSERT_EQ(r.rows(), 3u); // the last line has no line feed
  EXPECT_EQ(r.real(col::voltage)[1], 3.6);
  EXPECT_EQ(r.real(col::test_time)[1], 1.0);
  EXPECT_TRUE(r.warnings.empty());
}

TEST(BdfFiles, MachineNamesOfBasytec) {
  NEED_SHARED_DATA();
  const Record r = read_bdf_csv(folder / "DLR__LiLNMOHydra0b__20221125__POCV__25degC__Basytec.bdf.csv");
  EXPECT_EQ(r.rows(), 17860u);
  EXPECT_EQ(r.real(col::voltage)[0], 3.79767300543967);
  EXPECT_EQ(r.real(col::test_time)[1], 7.228800000000002);
  EXPECT_NEAR(r.real(col::temperature)[0], 299.20375, 1e-12);
  EXPECT_TRUE(r.warnings.empty());
}

TEST(BdfFiles, TheKnownTimeBugIsSeen) {
  NEED_SHARED_DATA();
  const Record r = read_bdf_csv(folder / "SINTEF__SLPBA842124HV__2024-10-23__Rate_25degC__Neware__Time_Bug.bdf.csv");
  EXPECT_EQ(r.rows(), 13086u);
  EXPECT_EQ(r.integer(col::cycle_count)[0], 1);
  EXPECT_EQ(r.find("temperature_t3")->unit, "K");
  const auto bug = std::find_if(r.warnings.begin(), r.warnings.end(), [](const Diagnostic& d) { return d.code == "D076"; });
  ASSERT_NE(bug, r.warnings.end());
  EXPECT_EQ(bug->place->line, 724u);
  EXPECT_NE(bug->message.find("19 times"), std::string::npos) << bug->message;
}

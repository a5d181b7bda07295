// What a campaign says while it runs and when it is done.
#include "report/campaign.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace platen;

TEST(ReportCampaign, ProgressHasRateAndTimeLeft) {
  EXPECT_EQ(report::progress(1200, 5000, 0, 1000, 2.0), "1200 of 5000 runs (24 %), 500 per second, 7.6 s left");
  EXPECT_EQ(report::progress(1200, 5000, 3, 0, 2.0), "1200 of 5000 runs (24 %), 3 failed") << "nothing new yet: no rate";
  EXPECT_EQ(report::progress(0, 0, 0, 0, 0.0), "0 of 0 runs (100 %)");
}

TEST(ReportCampaign, SaysTheFirstFailure) {
  report::CampaignDone done{"t.csv", "holds", 12, 0, 0, ""};
  EXPECT_EQ(report::text(done), "holds: 12 runs in t.csv\n");
  EXPECT_THAT(report::json(done), testing::HasSubstr("\"first_failed\": null"));
  done.failed = 2;
  done.first_failed = 5;
  done.reason = "C057: too much";
  EXPECT_EQ(report::text(done), "holds: 12 runs in t.csv\n2 failed, the first is run 5: C057: too much\n");
  EXPECT_THAT(report::json(done), testing::HasSubstr("\"reason\": \"C057: too much\""));
}

} // namespace

#include "base/error.hpp"
#include "campaign/read_explored.hpp"
#include "numerics/designs.hpp"

#include <cmath>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <functional>
#include <gmock/gmock.h>
#include <unistd.h>

using namespace platen;
using namespace platen::campaign;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

/// A table as its file, in a folder of its own.
NumberTable table_of(const std::string& text) {
  std::string pattern = (std::filesystem::temp_directory_path() / "platen-table-XXXXXX").string();
  EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
  const std::filesystem::path folder = pattern;
  std::ofstream(folder / "t.csv") << text;
  NumberTable out = read_table(folder / "t.csv");
  std::filesystem::remove_all(folder);
  return out;
}

std::string message_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

const std::string grid = "# design grid\n"
                         "run,replicate,seed,values.hold [min],fixture.kind,other,status,reason,ccd_continuous [mA/cm2],last_passed [mA/cm2],life [1],end\n"
                         "0,0,0,1,fixed gap,7,done,,0.5,0.4,3.5,shorted\n"
                         "1,0,0,1,springs,7,done,,,2.1,9,completed\n"
                         "2,0,0,10,fixed gap,7,failed,S001: gave up,,,,\n"
                         "3,0,0,10,springs,7,done,,1.5,1.4,6,shorted\n";

} // namespace

TEST(CampaignExplored, ReadsAxesResultsAndBounds) {
  const NumberTable table = table_of(grid);
  EXPECT_THAT(explorable(table), ElementsAre("ccd_continuous", "life", "last_passed"));
  const Explored e = explored(table, "ccd_continuous");
  ASSERT_EQ(e.axes.size(), 2u); // what does not vary is no axis
  EXPECT_EQ(e.axes[0].name, "hold");
  EXPECT_EQ(e.axes[0].unit, "min");
  EXPECT_THAT(e.axes[1].words, ElementsAre("fixed gap", "springs"));
  EXPECT_THAT(e.axes[1].values, ElementsAre(0, 1, 0, 1));
  EXPECT_EQ(e.result.name, "critical current density");
  EXPECT_EQ(e.result.values[1], 2.1); // no short up to there
  EXPECT_EQ(e.result.beyond[1], 1);
  EXPECT_TRUE(std::isnan(e.result.values[2]));
  EXPECT_EQ(e.result.beyond[2], 0); // a run that failed is no bound
  const Explored life = explored(table, "life");
  EXPECT_THAT(life.result.beyond, ElementsAre(0, 1, 0, 0));
}

TEST(CampaignExplored, ABoundThatTheTableLacksIsStillNoFailure) {
  std::string text = grid;
  text.replace(text.find("last_passed"), 11, "largest_sum");
  const Explored e = explored(table_of(text), "ccd_continuous");
  EXPECT_TRUE(std::isnan(e.result.values[1]));
  EXPECT_EQ(e.result.beyond[1], 1);
  EXPECT_EQ(tally(e.result).open, 1u);
  EXPECT_EQ(tally(e.result).missing, 1u);
}

TEST(CampaignExplored, CommentsSayHowThePointsWereMade) {
  const DesignNote note{"saltelli", {{"flaw.depth", true, 1.0, 14.0}, {"contact.initial", false, 0.02, 0.45}, {"fixture.kind", false, 0.0, 0.0}}};
  const DesignNote read = design_note(comments_of(note));
  EXPECT_EQ(read.design, "saltelli");
  ASSERT_EQ(read.axes.size(), 2u);
  EXPECT_TRUE(read.axes[0].log);
  EXPECT_EQ(read.axes[0].high, 14.0);
  EXPECT_EQ(read.axes[1].low, 0.02);
  // what a careless hand may leave
  EXPECT_TRUE(design_note({"axis a: log from 0 to 5", "axis b: linear from 5 to 1", "axis c: log from", "axis", "design"}).axes.empty());
}

TEST(CampaignExplored, MorrisAndReplicatesAreTakenTogether) {
  const numerics::MorrisDesign design(5, 2, 1);
  std::string text = "# design morris\n# axis a: log from 1 to 100\n# axis b: linear from 0 to 1\nrun,replicate,seed,a [um],b,status,reason,ccd [mA/cm2]\n";
  std::vector<double> u(2);
  for (std::uint64_t i = 0; i < design.points(); ++i) {
    design.point(i, u);
    for (int r = 0; r < 2; ++r) // two cells that differ by one
      text += fmt::format("{},{},{},{},{},done,,{}\n", 2 * i + r, r, r + 1, std::pow(100.0, u[0]), u[1], 8.0 * u[0] - u[1] + r);
  }
  const Explored e = explored(table_of(text), "ccd");
  EXPECT_EQ(e.sampling, Sampling::morris);
  EXPECT_EQ(e.runs(), 15u);
  const auto effects = morris(e);
  EXPECT_NEAR(effects[0].mean.value, 8.0, 1e-9);
  EXPECT_NEAR(effects[1].mean.value, -1.0, 1e-9);
  text.resize(text.rfind("\n", text.size() - 2) + 1); // a row is lost
  EXPECT_THAT(message_of([&] { explored(table_of(text), "ccd"); }), HasSubstr("are not those of the design"));
}

TEST(CampaignExplored, RefusesWhatCannotBeDrawn) {
  EXPECT_THAT(message_of([] { explored(table_of(grid), "lief"); }), testing::AllOf(HasSubstr("U006"), HasSubstr("did you mean `life`?")));
  EXPECT_THAT(message_of([] { explored(table_of(grid), "end"); }), HasSubstr("no numbers called `end`"));
  EXPECT_THAT(message_of([] { explored(table_of("run,replicate,seed,a,status,reason,ccd\n0,0,0,1,done,,2\n1,0,1,1,done,,3\n"), "ccd"); }), HasSubstr("nothing was varied"));
}

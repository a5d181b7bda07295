// What a user asks of a campaign's table.
#include "process.hpp"

namespace platen::test {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class CampaignShow : public Program {
protected:
  void SetUp() override {
    Program::SetUp();
    fs::create_directory_symlink(fs::path(PLATEN_SOURCE_DIR) / "studies", folder / "studies");
    write(folder / "study.toml", "extends = \"studies/ham2022/symmetric.toml\"\n");
  }
  void campaign(const std::string& text) {
    write(folder / "c.toml", "study = \"study.toml\"\n" + text);
    const Said said = run({"campaign", "c.toml", "--output", "t.csv"});
    ASSERT_EQ(said.code, 0) << said.err;
  }
  static inline const std::string two_axes = "[[axis]]\nkey = \"interface.resistance\"\nfrom = \"2 ohm cm2\"\nto = \"20 ohm cm2\"\n"
                                             "[[axis]]\nkey = \"short.soft_resistance\"\nfrom = \"5 ohm\"\nto = \"50 ohm\"\n";
};

TEST_F(CampaignShow, SobolIndicesFindTheNumberThatMatters) {
  campaign("design = \"saltelli\"\nruns = 16\n" + two_axes);
  const Said said = run({"campaign", "show", "t.csv", "--report", "r.html", "--figure", "f.svg"});
  ASSERT_EQ(said.code, 0) << said.err;
  EXPECT_THAT(said.out, AllOf(HasSubstr("critical current density (mA/cm2): 64 runs"), HasSubstr("share of the variance")));
  EXPECT_LT(said.out.find("interface.resistance"), said.out.find("short.soft_resistance")); // what a soft short has in ohms comes too late for a CCD
  EXPECT_THAT(said.err, AllOf(HasSubstr("figure: f.svg"), HasSubstr("report: r.html"), HasSubstr("results of the table: ccd_continuous, ccd")));
  EXPECT_THAT(slurp(folder / "r.html"), AllOf(HasSubstr("<svg"), HasSubstr("first order")));
  EXPECT_THAT(slurp(folder / "f.svg"), HasSubstr("xmlns=\"http://www.w3.org/2000/svg\""));
  const Said json = run({"campaign", "show", "t.csv", "--json", "--result", "life"});
  EXPECT_THAT(json.out, AllOf(HasSubstr("\"platen.campaign-findings/1\""), HasSubstr("\"sobol\""), HasSubstr("\"life in cycles\"")));
}

TEST_F(CampaignShow, MorrisEffectsAndMapsAndCurves) {
  campaign("design = \"morris\"\nruns = 4\n" + two_axes);
  EXPECT_THAT(run({"campaign", "show", "t.csv"}).out, AllOf(HasSubstr("12 runs"), HasSubstr("mu*")));
  campaign("[[axis]]\nkey = \"interface.resistance\"\nvalues = \"2, 5, 20 ohm cm2\"\n[[axis]]\nkey = \"flaw.depth\"\nvalues = \"2, 10 um\"\n");
  EXPECT_THAT(run({"campaign", "show", "t.csv"}).out, HasSubstr("flaw.depth (um) \\ interface.resistance (ohm cm2)"));
  campaign("[[axis]]\nkey = \"interface.resistance\"\nvalues = \"2, 5, 20 ohm cm2\"\n[[axis]]\nkey = \"mechanisms.intrusion\"\nvalues = [\"true\", \"false\"]\n");
  EXPECT_THAT(run({"campaign", "show", "t.csv"}).out, AllOf(HasSubstr("true"), HasSubstr("false"), HasSubstr("20")));
}

TEST_F(CampaignShow, RefusesWithAHint) {
  EXPECT_EQ(run({"campaign", "show"}).code, 2);
  const Said gone = run({"campaign", "show", "gone.csv"});
  EXPECT_EQ(gone.code, 3);
  EXPECT_THAT(gone.err, HasSubstr("D001"));
  write(folder / "other.csv", "time,voltage\n0,1\n");
  const Said other = run({"campaign", "show", "other.csv"});
  EXPECT_EQ(other.code, 3);
  EXPECT_THAT(other.err, HasSubstr("D525"));
  campaign("design = \"saltelli\"\nruns = 2\n" + two_axes);
  const Said unknown = run({"campaign", "show", "t.csv", "--result", "cdc"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.err, AllOf(HasSubstr("U006"), HasSubstr("did you mean `ccd`?")));
  std::string text = slurp(folder / "t.csv");
  text.resize(text.rfind('\n', text.size() - 2) + 1);
  write(folder / "short.csv", text);
  const Said cut = run({"campaign", "show", "short.csv"});
  EXPECT_EQ(cut.code, 3);
  EXPECT_THAT(cut.err, AllOf(HasSubstr("D526"), HasSubstr("7 runs of 2 factors")));
  const Said over = run({"campaign", "show", "t.csv", "--report", "t.csv"});
  EXPECT_EQ(over.code, 2);
  EXPECT_THAT(over.err, HasSubstr("U008"));
  EXPECT_THAT(run({"campaign", "show", "t.csv", "--resamples", "few"}).err, HasSubstr("U006"));
  campaign("[[axis]]\nkey = \"flaw.depth\"\nvalues = [\"3 um\"]\n");
  EXPECT_THAT(run({"campaign", "show", "t.csv"}).err, AllOf(HasSubstr("D526"), HasSubstr("nothing was varied")));
}

TEST_F(CampaignShow, TheExamplesAreCampaigns) {
  fs::create_directory_symlink(fs::path(PLATEN_SOURCE_DIR) / "examples", folder / "examples");
  for (const std::string name : {"fitted-morris", "hold-pressure-surface"}) {
    const Said said = run({"campaign", "examples/campaigns/" + name + ".toml", "--output", name + ".csv"});
    ASSERT_EQ(said.code, 0) << said.err;
    const Said shown = run({"campaign", "show", name + ".csv", "--figure", name + ".svg"});
    EXPECT_EQ(shown.code, 0) << shown.err;
    EXPECT_THAT(shown.out, AllOf(HasSubstr("interface.resistance"), Not(HasSubstr("no surface"))));
  }
}

} // namespace
} // namespace platen::test

// platen advise, as a user calls it.

#include "process.hpp"

#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace platen::test {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string studies = std::string(PLATEN_SOURCE_DIR) + "/studies/";
const std::string symmetric = studies + "ham2022/hold-1min.toml", full = studies + "examples/full-cell.toml";

class AdviseVerb : public Program {};

TEST_F(AdviseVerb, ChoosesSpringsAndRefusesTheHoldOnThem) {
  const Said said = run({"advise", full, "--springs", "built-in", "--json"});
  ASSERT_EQ(said.code, 0) << said.err;
  const auto springs = nlohmann::json::parse(said.out).at("springs");
  const auto& choices = springs.at("choices");
  const auto paper = std::find_if(choices.begin(), choices.end(), [](const auto& c) { return c.at("name") == "1804N16 (blue)" && c.at("count") == 3; });
  ASSERT_NE(paper, choices.end());
  EXPECT_TRUE(paper->at("will_do").get<bool>());
  EXPECT_NEAR(paper->at("at_set_pressure").at("force").at("value").get<double>(), 130.83, 0.01);
  EXPECT_NEAR(paper->at("at_set_pressure").at("compression").at("value").get<double>(), 5.348e-3, 1e-6);
  EXPECT_FALSE(paper->at("contact_hold").at("borne").get<bool>());
  EXPECT_THAT(run({"advise", full, "--springs", "built-in"}).out, HasSubstr("Not with the springs fitted: the contact hold at 25 MPa"));
}

TEST_F(AdviseVerb, AnswersInWordsJsonAndAsAPage) {
  const std::vector<std::string> few{"advise", symmetric, "--ccd", "1.2 mA/cm2", "--sets", "6", "--cells", "2"};
  auto with = [&](std::initializer_list<std::string> more) {
    std::vector<std::string> out = few;
    out.insert(out.end(), more);
    return out;
  };
  const Said said = run(with({"--report", "advice.html"}));
  ASSERT_EQ(said.code, 0) << said.err;
  EXPECT_THAT(said.out, HasSubstr("carries 1.2 mA/cm2 without a contact; wanted in 80 % of cells"));
  EXPECT_THAT(said.out, HasSubstr("What stands in the way"));
  EXPECT_THAT(said.out, HasSubstr("Single changes"));
  EXPECT_THAT(said.out, HasSubstr("Beyond the measurements"));
  const std::string page = slurp(folder / "advice.html");
  EXPECT_THAT(page, HasSubstr("Probability of reaching the goal against time and pressure of the contact hold"));
  EXPECT_THAT(page, HasSubstr("Pairs of changes"));
  const auto odds = nlohmann::json::parse(run(with({"--json"})).out).at("odds");
  const double now = odds.at("as_it_is").at("probability");
  // The terminal shows the changes that make a difference and counts the others; the answer as JSON has all.
  std::size_t same = 0;
  for (const auto& c : odds.at("changes")) {
    const double gain = c.at("gain").at("mean"), error = c.at("gain").at("standard_error");
    const bool tells = std::abs(gain) >= 0.02 && std::abs(gain) > 2.0 * error;
    if (!tells && c.at("knobs").size() == 1) ++same;
  }
  ASSERT_GT(same, 0u);
  EXPECT_THAT(said.out, HasSubstr(fmt::format("and {} that make no difference which the simulation could tell\n", same)));
  EXPECT_GE(now, 0.0);
  EXPECT_LE(now, 1.0);
  // A minute's hold is the paper's worst: some longer one does better.
  double best = 0.0;
  for (const auto& c : odds.at("changes"))
    if (c.at("knobs").size() == 1 && c.at("knobs").contains("hold_time")) best = std::max(best, c.at("probability").get<double>());
  EXPECT_GT(best, now);
  EXPECT_EQ(odds.at("ensemble").at("sets"), 6);
}

TEST_F(AdviseVerb, AGoalFileLimitsTheKnobs) {
  write(folder / "goal.toml", "[goal]\nccd = \"1.2 mA/cm2\"\n[knobs.hold_time]\nvalues = [\"10 min\", \"30 min\"]\ncost = 3\n[ensemble]\nsets = 4\ncells = 2\n");
  const auto changes = nlohmann::json::parse(run({"advise", symmetric, "--goal", "goal.toml", "--json"}).out).at("odds").at("changes");
  ASSERT_EQ(changes.size(), 2u);
  for (const auto& c : changes) {
    const double hold = c.at("knobs").at("hold_time").at("value");
    EXPECT_NEAR(c.at("cost").get<double>(), 0.05 + 3.0 * (hold - 60.0) / 3600.0, 1e-9);
  }
}

TEST_F(AdviseVerb, ATableOfOverridesIsTheEnsemble) {
  write(folder / "ensemble.csv", "weight,contact.initial [1],explanation\n1,0.1,little\n1,0.4,much\n");
  const Said said = run({"advise", symmetric, "--ccd", "1 mA/cm2", "--ensemble", "ensemble.csv", "--sets", "4", "--cells", "2", "--json"});
  ASSERT_EQ(said.code, 0) << said.err;
  const auto ensemble = nlohmann::json::parse(said.out).at("odds").at("ensemble");
  EXPECT_TRUE(ensemble.at("held_against_data").get<bool>());
  EXPECT_EQ(ensemble.at("mechanisms").size(), 2u);
}

TEST_F(AdviseVerb, BadInputIsNamed) {
  Said said = run({"advise", full});
  EXPECT_EQ(said.code, 2);
  EXPECT_THAT(said.err, HasSubstr("error[U005]"));
  said = run({"advise", full, "--ccd", "1.2"});
  EXPECT_EQ(said.code, 2);
  EXPECT_THAT(said.err, HasSubstr("error[U006]"));
  said = run({"advise", studies + "ham2022/empty-fixture.toml", "--ccd", "1.2 mA/cm2"});
  EXPECT_EQ(said.code, 2);
  EXPECT_THAT(said.err, HasSubstr("error[C082]"));
  write(folder / "springs.csv", "name,rate / lbf/mm,load_limit / lbf\nsoft,,50\nodd,-1,50\n");
  said = run({"advise", full, "--springs", "springs.csv"});
  EXPECT_EQ(said.code, 3);
  EXPECT_THAT(said.err, HasSubstr("error[D481]"));
  EXPECT_THAT(said.err, HasSubstr("error[D482]"));
  EXPECT_THAT(said.err, HasSubstr("springs.csv:3"));
  write(folder / "goal.toml", "[goal]\nccd = \"1 mA/cm2\"\nswig = \"1 MPa\"\n");
  said = run({"advise", full, "--goal", "goal.toml"});
  EXPECT_EQ(said.code, 2);
  EXPECT_THAT(said.err, HasSubstr("did you mean `swing`?"));
  said = run({"advise", full, "--springs", "nowhere.csv"});
  EXPECT_EQ(said.code, 3);
  EXPECT_THAT(said.err, HasSubstr("error[D001]"));
  said = run({"advise", full, "--springs", "built-in", "--report", full});
  EXPECT_EQ(said.code, 2);
  EXPECT_THAT(said.err, HasSubstr("error[U008]"));
}

TEST_F(AdviseVerb, HelpNamesItsFormats) {
  const Said said = run({"advise", "--help"});
  EXPECT_EQ(said.code, 0);
  for (const char* name : {"docs/formats/goal.md", "docs/formats/spring-catalogue.md", "--ccd", "--swing"}) EXPECT_THAT(said.out, HasSubstr(name));
}

} // namespace
} // namespace platen::test

// platen checklist, as a user calls it.

#include "process.hpp"

#include <nlohmann/json.hpp>

namespace platen::test {
namespace {

using testing::HasSubstr;

const std::string examples = std::string(PLATEN_SOURCE_DIR) + "/examples/";

class ChecklistVerb : public Program {};

TEST_F(ChecklistVerb, ListsWhatIsKnownFromWhichLine) {
  const Said said = run({"checklist", examples + "shorted.csv"});
  EXPECT_EQ(said.code, 0);
  EXPECT_THAT(said.out, testing::ContainsRegex("fabrication pressure +known +370 MPa  cell file, .*shorted.cell.toml:12"));
  EXPECT_THAT(said.out, testing::ContainsRegex("fabrication time +missing +-  state `fabrication_time` in the cell file"));
  EXPECT_THAT(said.out, HasSubstr(" conditions known; missing: number of cells"));
}

TEST_F(ChecklistVerb, TheParagraphIsOneLineOfUtf8) {
  const Said said = run({"checklist", examples + "shorted.csv", "--paragraph"});
  EXPECT_EQ(said.code, 0);
  EXPECT_EQ(std::count(said.out.begin(), said.out.end(), '\n'), 1);
  EXPECT_THAT(said.out, HasSubstr("held against the electrolyte at 25 MPa for 1 min at 25 °C"));
  EXPECT_THAT(said.out, HasSubstr("[not reported: fabrication time]"));
  EXPECT_THAT(said.out, HasSubstr("in steps of 0.127 mA/cm²"));
}

TEST_F(ChecklistVerb, ACellFileOnTheCommandLineCanContradictTheData) {
  write(folder / "wrong.toml", "configuration = \"symmetric\"\narea = \"0.785 cm2\"\nramp_start = \"0.1 mA/cm2\"\ntemperature = \"60 degC\"\nstack_pressure = \"5 MPa\"\n");
  const Said said = run({"checklist", examples + "shorted.csv", "--cell", "wrong.toml", "--json"});
  EXPECT_EQ(said.code, 0);
  const auto answer = nlohmann::json::parse(said.out);
  ASSERT_EQ(answer.at("cells").size(), 1u);
  const auto& contradictions = answer.at("cells")[0].at("contradictions");
  ASSERT_GE(contradictions.size(), 1u);
  EXPECT_EQ(contradictions[0].at("keys")[0], "ramp_start");
  EXPECT_THAT(contradictions[0].at("text").get<std::string>(), HasSubstr("they fit an area of 0.99"));
}

TEST_F(ChecklistVerb, SeveralFilesAreASet) {
  const Said said = run({"checklist", examples + "healthy.csv", examples + "shorted.csv", examples + "fake-stable.csv"});
  EXPECT_EQ(said.code, 0);
  EXPECT_TRUE(said.out.starts_with("3 cells\n")) << said.out;
  EXPECT_THAT(said.out, testing::ContainsRegex("contact hold time +30 min +1 min +30 min"));
}

TEST_F(ChecklistVerb, ASimulatedCellKnowsItsStudy) {
  write(folder / "s.toml", "extends = \"" + std::string(PLATEN_SOURCE_DIR) + "/studies/examples/first.toml\"\n");
  ASSERT_EQ(run({"simulate", "s.toml", "--output", "s.h5"}).code, 0);
  const Said said = run({"checklist", "s.h5"});
  EXPECT_THAT(said.out, testing::ContainsRegex("current density of the first step +known +0.127 mA/cm2  study"));
  EXPECT_THAT(said.out, testing::Not(HasSubstr("contradict"))) << "a study and its own record agree";
}

TEST_F(ChecklistVerb, BadInputIsNamed) {
  write(folder / "text.csv", "this is no measurement\n");
  write(folder / "bad.toml", "fabrication_time = \"3 MPa\"\n[uncertainty]\narea = \"1 %\"\n");
  const Said usage = run({"checklist", examples + "shorted.csv", "--json", "--paragraph"});
  EXPECT_EQ(usage.code, 2);
  EXPECT_THAT(usage.out, HasSubstr("U007")) << "with --json an error is JSON on standard output";
  const Said none = run({"checklist"});
  EXPECT_EQ(none.code, 2);
  EXPECT_THAT(none.err, HasSubstr("error[U005]"));
  const Said cell = run({"checklist", examples + "shorted.csv", "--cell", "bad.toml"});
  EXPECT_EQ(cell.code, 2);
  EXPECT_THAT(cell.err, HasSubstr("bad.toml:1:"));
  EXPECT_THAT(cell.err, HasSubstr("bad.toml:3:"));
  const Said data = run({"checklist", "text.csv"});
  EXPECT_EQ(data.code, 3);
  EXPECT_EQ(data.out, "");
  const Said one_bad = run({"checklist", "text.csv", examples + "shorted.csv", "--json"});
  EXPECT_EQ(one_bad.code, 3);
  EXPECT_EQ(nlohmann::json::parse(one_bad.out).at("cells").size(), 1u) << "the other is answered all the same";
  EXPECT_THAT(one_bad.err, HasSubstr("text.csv"));
}

} // namespace
} // namespace platen::test

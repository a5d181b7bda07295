// `platen pressure` on made-up logs: a hold of a load cell alone, an empty fixture beside it, and input that is refused.

#include "process.hpp"

#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace platen::test {
namespace {

using ::testing::HasSubstr;

/// A log in MPa that relaxes by `fall` as a stretched exponential of half an hour.
std::string hold(double fall, int seconds, const char* head = "t/s,P/MPa\n") {
  std::string out = head;
  for (int t = 0; t <= seconds; t += 10) {
    const double noise = 0.003 * std::sin(12.9898 * t + 78.233 * (t % 97)); // no random numbers needed
    out += fmt::format("{},{:.4f}\n", t, 25.0 - fall * (1.0 - std::exp(-std::pow(t / 1800.0, 0.6))) + noise);
  }
  return out;
}

class Pressure : public Program {};

TEST_F(Pressure, AnswersFromALogAlone) {
  write(folder / "hold.csv", hold(2.0, 36000));
  const Said said = run({"pressure", "hold.csv", "--report", "out/hold.html"});
  ASSERT_EQ(said.code, 0) << said.err;
  for (const char* word : {"hold 1: 10 h", "stretched exponential", "90 % of the change is over after", "P_inf"}) EXPECT_THAT(said.out, HasSubstr(word));
  EXPECT_THAT(said.err, HasSubstr("report: out/hold.html"));
  EXPECT_NE(slurp(folder / "out/hold.html").find("<svg"), std::string::npos);
}

TEST_F(Pressure, JsonGivesTheLawBack) {
  write(folder / "hold.csv", hold(2.0, 36000));
  const Said said = run({"pressure", "hold.csv", "--json"});
  ASSERT_EQ(said.code, 0) << said.err;
  const auto answer = nlohmann::json::parse(said.out);
  EXPECT_EQ(answer["schema"], "platen.pressure/1");
  const auto& law = answer["pressure"]["holds"][0]["laws"][0];
  EXPECT_EQ(law["law"], "stretched exponential");
  EXPECT_NEAR(law["parameters"]["tau"]["value"].get<double>(), 1800.0, 60.0);
  EXPECT_NEAR(law["parameters"]["beta"]["value"].get<double>(), 0.6, 0.02);
  EXPECT_NEAR(answer["pressure"]["holds"][0]["ninety_percent"]["value"].get<double>(), 1800.0 * std::pow(std::log(10.0), 1.0 / 0.6), 300.0);
}

TEST_F(Pressure, SubtractsTheEmptyFixture) {
  write(folder / "loaded.csv", hold(2.0, 36000));
  write(folder / "empty.csv", hold(1.5, 36000));
  const Said said = run({"pressure", "loaded.csv", "--empty-fixture", "empty.csv", "--json"});
  ASSERT_EQ(said.code, 0) << said.err;
  const auto answer = nlohmann::json::parse(said.out)["pressure"]["empty_fixture"];
  const double truth = -0.5e6 * (1.0 - std::exp(-std::pow(20.0, 0.6)));
  const auto& remains = answer["at"].back()["remains"]; // what passed before the first reading is not known
  const double error = remains["standard_error"].get<double>();
  EXPECT_LT(error, 0.06e6);
  EXPECT_NEAR(remains["value"].get<double>(), truth, 2.5 * error);
  EXPECT_NEAR(answer["share"]["value"].get<double>(), 0.75, 0.04);
  EXPECT_THAT(answer["reason"].get<std::string>(), ::testing::ContainsRegex("-0\\.([0-9]{3} \\+- 0\\.[0-9]{3}|[0-9]{2} \\+- 0\\.[0-9]{2}) MPa \\(95 %\\) remain")) << "as many places as the error";
}

TEST_F(Pressure, AssessShowsIt) {
  const Said said = run({"assess", std::string(PLATEN_SOURCE_DIR) + "/examples/healthy.csv", "--json"});
  ASSERT_EQ(said.code, 0) << said.err;
  const auto answer = nlohmann::json::parse(said.out)["pressure"];
  EXPECT_EQ(answer["jumps"].size(), 3u);
  EXPECT_EQ(answer["holds"].size(), 2u);
  EXPECT_EQ(answer["fixture"]["behaviour"], "cannot tell");
}

TEST_F(Pressure, RefusesAFileThatIsNotThere) {
  const Said said = run({"pressure", "none.csv"});
  EXPECT_EQ(said.code, 3);
  EXPECT_THAT(said.err, HasSubstr("D001"));
}

TEST_F(Pressure, RefusesALogWithoutALoad) {
  write(folder / "words.csv", "a,b\nx,y\nz,w\n");
  const Said said = run({"pressure", "words.csv"});
  EXPECT_EQ(said.code, 3);
  EXPECT_THAT(said.err, HasSubstr("error[D"));
}

TEST_F(Pressure, RefusesAZoneThatIsNone) {
  write(folder / "hold.csv", hold(2.0, 3600));
  const Said said = run({"pressure", "hold.csv", "--zone", "Nowhere/Land"});
  EXPECT_EQ(said.code, 2);
  EXPECT_THAT(said.err, HasSubstr("U006"));
}

TEST_F(Pressure, RefusesAnEmptyFixtureWithoutAHold) {
  write(folder / "hold.csv", hold(2.0, 3600));
  write(folder / "short.csv", hold(2.0, 100));
  const Said said = run({"pressure", "hold.csv", "--empty-fixture", "short.csv"});
  EXPECT_EQ(said.code, 3);
  EXPECT_THAT(said.err, HasSubstr("D440"));
}

} // namespace
} // namespace platen::test

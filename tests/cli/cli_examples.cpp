// The records that ./run shows, as they lie in examples/.

#include "process.hpp"

#include <nlohmann/json.hpp>

namespace platen::test {
namespace {

using ::testing::StartsWith;

class Examples : public Program {
protected:
  nlohmann::json assessed(const std::string& name) {
    const std::string path = PLATEN_SOURCE_DIR "/examples/" + name + ".csv";
    EXPECT_THAT(slurp(path), StartsWith("# origin: simulated through instrument\n# Not a measurement: ")) << name;
    const Said said = run({"assess", path, "--json"});
    EXPECT_EQ(said.code, 0) << said.err;
    return nlohmann::json::parse(said.out);
  }
};

TEST_F(Examples, HealthyHasALowerBound) {
  const auto answer = assessed("healthy");
  EXPECT_EQ(answer.at("verdict"), "healthy");
  EXPECT_EQ(answer.at("ccd").at("lower_bound"), true);
  EXPECT_TRUE(answer.at("onset").is_null());
}

TEST_F(Examples, ShortedHasAnInterval) {
  const auto answer = assessed("shorted");
  EXPECT_EQ(answer.at("verdict"), "hard short");
  EXPECT_TRUE(answer.at("ccd").at("failing_step").is_object());
}

TEST_F(Examples, FakeStableIsSeenAlthoughTheVoltageFollowsTheCurrent) {
  const auto answer = assessed("fake-stable");
  EXPECT_EQ(answer.at("verdict"), "fake stable");
  EXPECT_TRUE(answer.at("ccd").is_null());
  for (const auto& test : answer.at("evidence"))
    EXPECT_EQ(test.at("fired").get<bool>(), test.at("name") == "resistance below the ionic floor") << test;
}

} // namespace
} // namespace platen::test

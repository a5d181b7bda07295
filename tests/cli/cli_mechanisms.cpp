// Explanations compared and rows predicted, as a user asks for them.

#include "process.hpp"

#include "simulate/outcome.hpp"
#include "simulate/simulate.hpp"
#include "study/read.hpp"
#include "study/variants.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <set>

namespace platen::test {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using Json = nlohmann::json;

class Explained : public Program {
protected:
  const std::string examples = PLATEN_SOURCE_DIR "/examples/calibrate/";

  void refused(const std::vector<std::string>& words, const std::string& what, int code = 2) {
    const Said said = run(words);
    EXPECT_EQ(said.code, code) << said.out;
    EXPECT_THAT(said.err, HasSubstr(what));
  }

  /// A cell held at 25 MPa for so many minutes, with numbers of its own, so that no set matters.
  std::string study(const std::string& name, double minutes) {
    const std::string text = fmt::format("extends = \"{}cell.toml\"\nname = \"{}\"\ntest = [\"Hold at 25 MPa for {} min at 25 degC\", \"Release to 5 MPa\", \"Rest for 30 min\", "
                                         "\"Ramp from 0.1 mA/cm2 in steps of 0.1 mA/cm2, 15 min per half cycle, until short\"]\n"
                                         "[override]\n\"flaw.depth\" = \"4 um\"\n\"intrusion.rate\" = \"10 um/h\"\n\"contact.initial\" = 0.15\n\"contact.closure_time\" = \"13 min\"\n"
                                         "\"interface.resistance\" = \"5 ohm cm2\"\n\"filament.growth\" = 200\n\"void.height\" = \"3 um\"\n\"supply.diffusion\" = \"0.25 mA/cm2\"\n",
                                         examples, name, minutes);
    write(folder / (name + ".toml"), text);
    return text;
  }

  /// The CCDs of such cells, known to a few percent, and whether static pressure deepens flaws as the question.
  void write_holds(const std::vector<double>& minutes, bool deepens) {
    std::string text = "[numbers]\n\"flaw.depth\" = { low = \"0.5 um\", high = \"30 um\", prior = \"5 um\", factor = 2 }\n"
                       "\"intrusion.rate\" = { low = \"1 um/h\", high = \"100 um/h\", prior = \"8 um/h\", factor = 1.8 }\n"
                       "\"scatter.ccd\" = { low = 0.03, high = 0.12, prior = 0.06, factor = 1.3 }\n"
                       "[[explanation]]\nname = \"pressure deepens\"\nmechanisms = { intrusion = true }\n"
                       "[[explanation]]\nname = \"pressure does not\"\nmechanisms = { intrusion = false }\n"
                       "[[experiment]]\nstudy = \"long.toml\"\n[[experiment]]\nstudy = \"short.toml\"\n";
    for (const double m : minutes) {
      const std::string name = fmt::format("hold-{:.0f}", m);
      Study cell = parse_study(study(name, m), name + ".toml", folder);
      cell.mechanisms.intrusion = deepens;
      cell.output.events_only = true;
      const double ccd = *test_outcome(cell, simulate(cell)).continuous_ccd / 10.0;
      text += fmt::format("[[target]]\nname = \"{0}\"\nstudy = \"{0}.toml\"\nquantity = \"ccd\"\nlow = \"{1} mA/cm2\"\nhigh = \"{2} mA/cm2\"\n", name, 0.96 * ccd, 1.04 * ccd);
    }
    study("long", 2000.0);
    study("short", 12.0);
    write(folder / "holds.toml", text);
  }

  static const Json& explanation(const Json& answer, const std::string& name) {
    return *std::find_if(answer["ranking"].begin(), answer["ranking"].end(), [&](const Json& r) { return r["explanation"] == name; });
  }
};

TEST_F(Explained, RefusesWhatItCannotDo) {
  refused({"compare-mechanisms", "ham2023"}, "U012");
  write(folder / "notes.txt", "not a journal\n");
  refused({"compare-mechanisms", "--journal", "notes.txt"}, "D520", 3);
  refused({"compare-mechanisms", "--report", "a.html", "--ensemble", "a.html"}, "U008");
  refused({"compare-mechanisms", "--threads", "0"}, "U006");
  refused({"compare-mechanisms", "--stored", "--journal", "j"}, "U007");
  refused({"reproduce", "ham2022", "--output", "a.csv"}, "U007");
  refused({"reproduce", "ham2022", "--leave-one-figure-out", "--report", "a.html"}, "U007");
  EXPECT_EQ(slurp(folder / "notes.txt"), "not a journal\n");
}

TEST_F(Explained, RefusesFilesThatSayNothingToCompare) {
  write_holds({5.0, 20.0}, true);
  refused({"compare-mechanisms", "holds.toml", "--stored"}, "U007");
  refused({"compare-mechanisms", "holds.toml", "--report", "holds.toml"}, "U008");
  const std::string text = slurp(folder / "holds.toml");
  write(folder / "published.toml", "published = \"ham2022\"\n" + text);
  refused({"compare-mechanisms", "published.toml"}, "C207");
  write(folder / "rest.toml", "extends = \"short.toml\"\ntest = [\"Hold at 25 MPa for 5 min at 25 degC\", \"Rest for 30 min\"]\n");
  write(folder / "no-ramp.toml", text + "[[experiment]]\nstudy = \"rest.toml\"\n");
  refused({"compare-mechanisms", "no-ramp.toml"}, "has no ramp");
  std::string bare = text + "[[explanation]]\nname = \"none of the numbers\"\nnumbers = []\n";
  const std::size_t scatter = bare.find("\"scatter.ccd\"");
  write(folder / "nothing.toml", bare.erase(scatter, bare.find('\n', scatter) + 1 - scatter));
  refused({"compare-mechanisms", "nothing.toml", "--threads", "1"}, "`none of the numbers` has none of the numbers of this file");
  write(folder / "table.toml", "explanation = 3\n" + text.substr(0, text.find("[[explanation]]")));
  refused({"compare-mechanisms", "table.toml"}, "explanation");
}

TEST_F(Explained, TheTrueExplanationWinsWhereTheDataTell) {
  write_holds({5.0, 20.0, 60.0, 240.0, 480.0, 1440.0}, true);
  const Said said = run({"compare-mechanisms", "holds.toml", "--json", "--report", "page.html", "--ensemble", "ensemble.csv"});
  ASSERT_EQ(said.code, 0) << said.err;
  const Json answer = Json::parse(said.out);
  EXPECT_EQ(answer["groups_left_out"], 6);
  EXPECT_EQ(answer["subject"], "holds");
  const Json &truth = explanation(answer, "pressure deepens"), &other = explanation(answer, "pressure does not");
  EXPECT_EQ(answer["ranking"][0], truth);
  EXPECT_LT(truth["aicc"].get<double>(), other["aicc"].get<double>());
  EXPECT_EQ(truth["fitted_numbers"], 3);
  EXPECT_EQ(other["fitted_numbers"], 2);
  EXPECT_NEAR(truth["aicc"].get<double>(), truth["deviance"].get<double>() + 6.0 + 24.0 / 2.0, 1e-9);
  EXPECT_TRUE(truth["missed"].empty());
  EXPECT_FALSE(other["missed"].empty()) << "a flaw that stays cannot explain the fall with long holds";
  EXPECT_FALSE(other["survives"].get<bool>());
  EXPECT_THAT(slurp(folder / "page.html"), AllOf(HasSubstr("Rival explanations of holds"), HasSubstr("pressure deepens")));
  EXPECT_NO_THROW((void)read_overrides(folder / "ensemble.csv"));
  const OverrideTable ensemble = read_overrides(folder / "ensemble.csv");
  EXPECT_EQ(ensemble.rows(), 16u);
  EXPECT_EQ(ensemble.explanations.front(), "pressure deepens");
}

TEST_F(Explained, DataThatCannotTellSayWhichExperimentWould) {
  write_holds({2.0, 5.0, 10.0}, true);
  const Said said = run({"compare-mechanisms", "holds.toml"});
  ASSERT_EQ(said.code, 0) << said.err;
  EXPECT_THAT(said.out, AllOf(HasSubstr("These data cannot tell: of 2 explanations 2"), HasSubstr("The experiment that would tell most: "), HasSubstr("long.toml")));
  const Json answer = Json::parse(run({"compare-mechanisms", "holds.toml", "--json", "--threads", "1"}).out);
  EXPECT_TRUE(answer["ranking"][1]["survives"].get<bool>());
  EXPECT_GT(answer["undecided_bits"].get<double>(), 0.3);
  EXPECT_THAT(answer["experiments"][0]["study"].get<std::string>(), HasSubstr("long.toml"));
  EXPECT_GT(answer["experiments"][0]["gain_bits"].get<double>(), answer["experiments"][1]["gain_bits"].get<double>());
  EXPECT_LE(answer["experiments"][0]["gain_bits"].get<double>(), answer["undecided_bits"].get<double>() + 1e-9) << "no more than is open";
}

TEST_F(Explained, ASingleTargetIsRankedByAiccOrNotAtAll) {
  write_holds({5.0}, true);
  const Said said = run({"compare-mechanisms", "holds.toml"});
  ASSERT_EQ(said.code, 0) << said.err;
  EXPECT_THAT(said.out, AllOf(HasSubstr("undefined"), HasSubstr("These data cannot tell. There is a single record or target"), HasSubstr("AICc is undefined where 1 observations")));
}

TEST_F(Explained, ThePaperFromTheFitsThatTheProgramCarries) {
  const Said said = run({"compare-mechanisms", "ham2022", "--stored", "--json", "--ensemble", "e.csv", "--threads", "2"});
  ASSERT_EQ(said.code, 0) << said.err;
  const Json answer = Json::parse(said.out);
  EXPECT_EQ(answer["publication"], "ham2022");
  ASSERT_EQ(answer["ranking"].size(), 8u);
  ASSERT_EQ(answer["experiments"].size(), 13u);
  double weights = 0.0, before = 1.0;
  std::set<std::string> survivors;
  for (const Json& r : answer["ranking"]) {
    EXPECT_EQ(r["predicted"], 20) << r["explanation"] << ": every model row but those of Figure 1, once";
    EXPECT_LE(r["log_score"].get<double>(), before);
    before = r["log_score"].get<double>();
    weights += r["weight"].get<double>();
    if (r["survives"].get<bool>()) survivors.insert(r["explanation"]);
    const double k = r["fitted_numbers"].get<double>();
    EXPECT_NEAR(r["aicc"].get<double>(), r["deviance"].get<double>() + 2.0 * k + 2.0 * k * (k + 1.0) / (27.0 - k - 1.0), 1e-6);
  }
  EXPECT_NEAR(weights, 1.0, 1e-9);
  EXPECT_GE(survivors.size(), 2u);
  const OverrideTable ensemble = read_overrides(folder / "e.csv");
  EXPECT_EQ(std::set(ensemble.explanations.begin(), ensemble.explanations.end()), survivors);
  double gain = answer["undecided_bits"].get<double>();
  for (const Json& e : answer["experiments"]) {
    EXPECT_LE(e["gain_bits"].get<double>(), gain) << "highest first, and never more than is open";
    gain = e["gain_bits"].get<double>();
    EXPECT_EQ(e["expected"].size(), survivors.size());
  }
}

TEST_F(Explained, ThePredictionsThatTheProgramCarriesAreThoseOfItsFits) {
  const Said said = run({"reproduce", "ham2022", "--leave-one-figure-out", "--stored", "--output", "left.csv"});
  ASSERT_EQ(said.code, 0) << said.err;
  EXPECT_EQ(slurp(folder / "left.csv"), slurp(PLATEN_SOURCE_DIR "/data/calibrations/ham2022-left-out.csv"));
  EXPECT_THAT(said.out, HasSubstr("of 22 model rows"));
  refused({"reproduce", "ham2022", "--stored"}, "U007");
  refused({"reproduce", "ham2022", "--leave-one-figure-out", "--stored", "--starts", "2"}, "U007");
}

TEST_F(Explained, RecordsOfOnesOwnAreComparedWithOneNoise) {
  const std::string numbers = slurp(examples + "my-cell.toml");
  std::string text = numbers;
  for (const char* file : {"my-cell.csv", "my-cell-5min.csv", "cell.toml", "cell-5min.toml"}) {
    const std::string quoted = fmt::format("\"{}\"", file);
    for (std::size_t at = text.find(quoted); at != std::string::npos; at = text.find(quoted, at + quoted.size() + examples.size())) text.replace(at, quoted.size(), fmt::format("\"{}{}\"", examples, file));
  }
  text += "\n[[explanation]]\nname = \"contact closes\"\nmechanisms = { contact_closure = true }\n[[explanation]]\nname = \"contact stays\"\nmechanisms = { contact_closure = false }\n"
          "[[experiment]]\nstudy = \"" + examples + "cell-5min.toml\"\n";
  write(folder / "records.toml", text);
  const Said said = run({"compare-mechanisms", "records.toml", "--json"});
  ASSERT_EQ(said.code, 0) << said.err;
  const Json answer = Json::parse(said.out);
  // Two cells pressed for 20 and 5 min, simulated with contacts that close.
  EXPECT_EQ(answer["groups_left_out"], 2);
  EXPECT_EQ(answer["ranking"][0]["explanation"], "contact closes");
  const Json &truth = explanation(answer, "contact closes"), &other = explanation(answer, "contact stays");
  EXPECT_LT(truth["aicc"].get<double>(), other["aicc"].get<double>() - 10.0);
  EXPECT_TRUE(truth["missed"].empty()) << truth["missed"];
  EXPECT_TRUE(std::any_of(other["missed"].begin(), other["missed"].end(), [](const Json& m) { return m.get<std::string>().ends_with(" voltage"); })) << other["missed"];
  EXPECT_GT(other["behind"].get<double>(), 10.0);
}

TEST_F(Explained, AKilledComparisonGoesOnAndComesToTheSame) {
  write_holds({2.0, 5.0, 10.0, 20.0}, true);
  const std::vector<std::string> words{"compare-mechanisms", "holds.toml", "--journal", "fits", "--json", "--threads", "1"};
  const Said whole = run({"compare-mechanisms", "holds.toml", "--json", "--threads", "2"});
  ASSERT_EQ(whole.code, 0) << whole.err;
  const auto lines = [&] {
    const std::string text = slurp(folder / "fits");
    return std::count(text.begin(), text.end(), '\n');
  };
  long known = 1;
  for (int kill = 0; kill < 3; ++kill) { // each time a few fits later
    const pid_t child = ::fork();
    if (child == 0) become(words, {}, "/dev/null", "/dev/null");
    int status = 0;
    while (lines() < known + 2 && ::waitpid(child, &status, WNOHANG) == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    ::kill(child, SIGKILL);
    ::waitpid(child, &status, 0);
    EXPECT_GE(lines(), known) << "what was kept is kept";
    known = lines();
  }
  const Said again = run(words);
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_THAT(again.err, HasSubstr(fmt::format("{} pieces of work from before", known - 1))) << "every record but the first, which says whose they are";
  EXPECT_EQ(again.out, whole.out);
  const std::string journal = slurp(folder / "fits");
  write(folder / "holds.toml", slurp(folder / "holds.toml") + "# a comment more is another file\n");
  refused({"compare-mechanisms", "holds.toml", "--journal", "fits"}, "D522", 3);
  EXPECT_EQ(slurp(folder / "fits"), journal) << "what the user named is refused, not touched";
}

} // namespace
} // namespace platen::test

// Numbers fitted to records, as a user does it.

#include "process.hpp"

#include <nlohmann/json.hpp>

namespace platen::test {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

class Calibrate : public Program {
protected:
  const std::string example = PLATEN_SOURCE_DIR "/examples/calibrate/my-cell.toml";

  /// One number, one target: quick.
  void write_small() {
    std::filesystem::create_directories(folder / "in");
    write(folder / "in/small.toml", "[numbers]\n\"flaw.depth\" = { low = \"0.5 um\", high = \"30 um\", prior = \"3.4 um\", factor = 2 }\n"
                                    "[[target]]\nname = \"seen\"\nstudy = \"" PLATEN_SOURCE_DIR "/examples/calibrate/cell.toml\"\n"
                                    "quantity = \"ccd\"\nlow = \"0.5 mA/cm2\"\nhigh = \"0.6 mA/cm2\"\n");
  }
};

TEST_F(Calibrate, FindsTheNumbersBehindTheExample) {
  const Said said = run({"calibrate", example, "--output", "out", "--json", "--report", "page.html"});
  ASSERT_EQ(said.code, 0) << said.err;
  const Json answer = Json::parse(said.out);
  EXPECT_EQ(answer["schema"], "platen.calibrate/1");
  EXPECT_EQ(answer["numbers"][0]["key"], "interface.resistance");
  const double truth[] = {7.5e-4, 1080.0, 2.2e-6}; // studies/examples/my-cell.toml
  for (std::size_t j = 0; j < 3; ++j) {
    EXPECT_LE(answer["numbers"][j]["low_95"]["value"].get<double>(), truth[j]) << j;
    EXPECT_GE(answer["numbers"][j]["high_95"]["value"].get<double>(), truth[j]) << j;
  }
  EXPECT_EQ(answer["series"].size(), 4u);
  EXPECT_EQ(answer["events"].size(), 2u);
  EXPECT_THAT(slurp(folder / "out/set.toml"), HasSubstr("basis = \"fitted\""));
  EXPECT_THAT(slurp(folder / "out/posterior.csv"), HasSubstr("interface.resistance [ohm cm2],contact.closure_time [min],flaw.depth [um]"));
  EXPECT_THAT(slurp(folder / "page.html"), HasSubstr("What the data do not determine"));
  EXPECT_EQ(slurp(folder / "out/calibration.json"), said.out);

  // The set is one that a study can use.
  write(folder / "again.toml", "extends = \"" PLATEN_SOURCE_DIR "/examples/calibrate/cell.toml\"\nset = \"./out/set.toml\"\n");
  const Said validated = run({"validate", "again.toml"});
  EXPECT_EQ(validated.code, 0) << validated.err;
  EXPECT_THAT(validated.out, HasSubstr("fitted"));
}

TEST_F(Calibrate, IsTheSameOnAnyNumberOfThreads) {
  write_small();
  const Said one = run({"calibrate", "in/small.toml", "--output", "a", "--starts", "3", "--profiles", "--threads", "1", "--json"});
  const Said four = run({"calibrate", "in/small.toml", "--output", "b", "--starts", "3", "--profiles", "--threads", "4", "--json"});
  ASSERT_EQ(one.code, 0) << one.err;
  EXPECT_EQ(one.out, four.out);
}

TEST_F(Calibrate, GoesOnFromItsJournal) {
  write_small();
  const std::vector<std::string> words{"calibrate", "in/small.toml", "--output", "out", "--profiles", "--posterior", "50", "--json"};
  const Said first = run(words);
  ASSERT_EQ(first.code, 0) << first.err;
  // A power cut: the second half of the journal, and half a line, are gone.
  const std::string journal = slurp(folder / "out/journal");
  write(folder / "out/journal", journal.substr(0, journal.size() / 2));
  const Said again = run(words);
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_THAT(again.err, HasSubstr("pieces of work from before"));
  EXPECT_EQ(again.out, first.out);
}

TEST_F(Calibrate, KilledAtAnyInstantGoesOnWhereItWas) {
  std::filesystem::create_directories(folder / "in");
  write(folder / "in/cell.toml", "[numbers]\n\"flaw.depth\" = { low = \"0.5 um\", high = \"30 um\", prior = \"3.4 um\", factor = 2 }\n"
                                 "\"interface.resistance\" = { low = \"1 ohm cm2\", high = \"50 ohm cm2\", prior = \"5 ohm cm2\", factor = 2 }\n"
                                 "[[record]]\nfile = \"" PLATEN_SOURCE_DIR "/examples/calibrate/my-cell.csv\"\nstudy = \"" PLATEN_SOURCE_DIR
                                 "/examples/calibrate/cell.toml\"\nquantities = [\"voltage\", \"ccd\"]\n");
  const auto words = [](const char* output) {
    return std::vector<std::string>{"calibrate", "in/cell.toml", "--output", output, "--starts", "4", "--profiles", "--threads", "2", "--json"};
  };
  const auto lines = [&](std::string_view holding) {
    std::ifstream file(folder / "out/journal");
    std::size_t count = 0;
    for (std::string line; std::getline(file, line) && !file.eof();) count += line.find(holding) != std::string::npos ? 1 : 0;
    return count;
  };
  const Said whole = run(words("whole"));
  ASSERT_EQ(whole.code, 0) << whole.err;
  std::size_t killed = 0, within_the_fit = 0, within_profiles = 0, before = 0;
  // Killed once a few more pieces are kept than the time before, until nothing is left to do.
  for (bool over = false; !over;) {
    const pid_t child = ::fork();
    if (child == 0) become(words("out"), {}, "/dev/null", "/dev/null");
    int status = 0;
    while (!(over = ::waitpid(child, &status, WNOHANG) == child) && lines("") < before + 2 + before / 4) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    if (!over) {
      ::kill(child, SIGKILL);
      ::waitpid(child, &status, 0);
      ++killed;
      within_the_fit += lines(" fit start ") > 0 && lines(" profile ") == 0 ? 1 : 0;
      within_profiles += lines(" profile ") > 0 ? 1 : 0;
    }
    EXPECT_GE(lines(""), before) << "what was kept stays";
    before = lines("");
  }
  EXPECT_GT(killed, 5u);
  EXPECT_GT(within_the_fit, 0u) << "a start had ended";
  EXPECT_GT(within_profiles, 0u);
  const Said again = run(words("out"));
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(lines(""), before) << "nothing was done again";
  EXPECT_EQ(again.out, whole.out);
  for (const char* file : {"set.toml", "posterior.csv", "calibration.json", "report.html"}) EXPECT_EQ(slurp(folder / "out" / file), slurp(folder / "whole" / file)) << file;
}

TEST_F(Calibrate, RefusesBadInput) {
  write(folder / "bad.toml", "[numbers]\n\"flaw.dept\" = { low = \"1 um\", high = \"2 um\" }\n[[target]]\nstudy = \"x.toml\"\nquantity = \"ccd\"\nlow = \"1\"\n");
  const Said bad = run({"calibrate", "bad.toml", "--output", "out"});
  EXPECT_EQ(bad.code, 2);
  EXPECT_THAT(bad.err, HasSubstr("error[C200]"));
  EXPECT_THAT(bad.err, HasSubstr("did you mean `flaw.depth`?"));
  EXPECT_THAT(bad.err, HasSubstr("error[C006]"));
  EXPECT_FALSE(std::filesystem::exists(folder / "out"));

  const Said missing = run({"calibrate", "nowhere.toml", "--output", "out"});
  EXPECT_EQ(missing.code, 3);
  EXPECT_THAT(missing.err, HasSubstr("nowhere.toml"));

  const Said no_output = run({"calibrate", example});
  EXPECT_EQ(no_output.code, 2);
  EXPECT_THAT(no_output.err, HasSubstr("--output"));

  write(folder / "no-short.toml", "[numbers]\n\"flaw.depth\" = { low = \"1 um\", high = \"9 um\" }\n[[record]]\nfile = \"rest.csv\"\nstudy = \"" PLATEN_SOURCE_DIR
                                  "/examples/calibrate/cell.toml\"\nquantities = [\"voltage\"]\n");
  write(folder / "rest.csv", "Test Time / s,Voltage / V,Current / A\n0,0,0\n10,0,0\n20,0,0\n30,0,0\n");
  const Said rest = run({"calibrate", "no-short.toml", "--output", "out"});
  EXPECT_EQ(rest.code, 3) << rest.err;
  EXPECT_THAT(rest.err, HasSubstr("error[D540]"));
}

} // namespace
} // namespace platen::test

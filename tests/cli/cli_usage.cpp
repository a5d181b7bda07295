// What the program says when it is called wrongly, or asked about itself.

#include "process.hpp"

#include <nlohmann/json.hpp>
#include <pty.h>

namespace platen::test {
namespace {

struct Wrong {
  std::vector<std::string> words;
  std::string code, hint; ///< the hint must contain this
};

class Usage : public Program {};

TEST_F(Usage, MistakesAreNamedWithAHintAndExitWith2) {
  const std::vector<Wrong> mistakes = {
      {{}, "U002", "--help"},
      {{"asess", "a.csv"}, "U001", "did you mean `assess`?"},
      {{"frobnicate"}, "U001", "verbs: validate, bench-sheet, simulate"},
      {{"help", "simulat"}, "U001", "did you mean `simulate`?"},
      {{"assess", "--jsn", "a.csv"}, "U003", "did you mean `--json`?"},
      {{"assess", "-x", "a.csv"}, "U003", "platen assess --help"},
      {{"assess", "a.csv", "--cell"}, "U004", "platen assess --help"},
      {{"assess", "a.csv", "--cell", "b", "--cell", "c"}, "U004", "platen assess --help"},
      {{"assess"}, "U005", "FILE: "},
      {{"convert", "a.csv", "--to", "csv"}, "U005", "--output: "},
      {{"convert", "a.csv", "--to", "hdf4", "--output", "x"}, "U006", "did you mean `hdf5`?"},
      {{"simulate", "a.toml", "--seed", "-1"}, "U006", ""},
      {{"simulate", "a.toml", "--seed", "1e3"}, "U006", ""},
      {{"simulate", "a.toml", "--threads", "0"}, "U006", ""},
      {{"simulate", "a.toml", "--instrument-seed", "3"}, "U007", "--instrument"},
      {{"simulate", "a.toml", "--instrument", "--potentiostat"}, "U007", "leave one out"},
      {{"simulate", "a.toml", "--format", "csv", "--output", "a.h5"}, "U007", "--format"},
      {{"inspect", "a", "b"}, "U009", "platen inspect --help"},
      {{"simulate", "a.toml"}, "U011", ""},
      {{"pressure", "a.csv", "--unit", "MPaa"}, "U006", "kgf"},
      {{"pressure", "a.csv", "--unit", "mAh"}, "U006", "kgf"},
      {{"compare", "a.csv", "--by", "hold_time", "--scatter", "300"}, "U006", "20 %"},
      {{"validate", "a.toml"}, "U011", ""},
  };
  for (const Wrong& wrong : mistakes) {
    std::string line = "platen";
    for (const std::string& word : wrong.words) line += " " + word;
    SCOPED_TRACE(line);
    const Said said = run(wrong.words);
    EXPECT_EQ(said.code, 2);
    EXPECT_EQ(said.out, "");
    EXPECT_TRUE(said.err.starts_with("error[" + wrong.code + "]: ")) << said.err;
    const std::size_t hint = wrong.hint.empty() ? 0 : said.err.find("\nhint: ");
    ASSERT_NE(hint, std::string::npos) << said.err;
    EXPECT_NE(said.err.find(wrong.hint, hint), std::string::npos) << said.err;
  }
}

TEST_F(Usage, AllUnknownOptionsAreReportedTogether) {
  const Said said = run({"assess", "a.csv", "--jsn", "--cel", "x"});
  EXPECT_EQ(said.err, "error[U003]: `platen assess` has no option `--jsn`\nhint: did you mean `--json`?\n"
                      "error[U003]: `platen assess` has no option `--cel`\nhint: did you mean `--cell`?\n");
}

TEST_F(Usage, AllThatIsWrongIsReportedTogether) {
  write(folder / "a.csv", "cell,ccd / mA/cm2\na,1\n");
  const Said values = run({"compare", "a.csv", "--seed", "x", "--resamples", "3", "--grid", "-0.1 mA/cm2", "--median", "5 MPa", "--scatter", "0"});
  EXPECT_EQ(values.code, 2);
  for (const std::string option : {"`--seed x`", "`--resamples 3`", "`--grid -0.1 mA/cm2`", "`--median 5 MPa`", "`--scatter 0`"}) EXPECT_NE(values.err.find("error[U006]: " + option), std::string::npos) << option << values.err;
  const Said names = run({"convert", "--frm", "csv", "--to"});
  EXPECT_EQ(names.code, 2);
  EXPECT_NE(names.err.find("`--to` needs a value"), std::string::npos) << names.err;
  EXPECT_NE(names.err.find("has no option `--frm`"), std::string::npos) << names.err;
  const Said missing = run({"convert", "--jsn", "--outptu=x"});
  EXPECT_NE(missing.err.find("has no option `--jsn`"), std::string::npos) << missing.err;
  EXPECT_NE(missing.err.find("needs FILE"), std::string::npos) << missing.err;
  EXPECT_NE(missing.err.find("did you mean `--output`?"), std::string::npos) << missing.err;
  EXPECT_EQ(missing.err.find("needs `--output"), std::string::npos) << "it was misspelt, not left out";
}

TEST_F(Usage, MissingStudyNamesTheNearestOne) {
  write(folder / "hold-30min.toml", "");
  const Said said = run({"validate", "hold-30mn.toml"});
  EXPECT_EQ(said.code, 2);
  EXPECT_EQ(said.err, "error[U011]: there is no study file `hold-30mn.toml`\nhint: did you mean `hold-30min.toml`?\n");
}

TEST_F(Usage, WithJsonTheMistakeIsJsonOnStandardOutput) {
  const Said said = run({"assess", "--json"});
  EXPECT_EQ(said.code, 2);
  EXPECT_EQ(said.err, "");
  const auto answer = nlohmann::json::parse(said.out);
  ASSERT_EQ(answer.at("errors").size(), 1U);
  EXPECT_EQ(answer.at("errors")[0].at("code"), "U005");
  EXPECT_TRUE(answer.at("schema").is_string());
}

TEST_F(Usage, EveryVerbExplainsItselfWithExamples) {
  const Said overview = run({"--help"});
  EXPECT_EQ(overview.code, 0);
  EXPECT_EQ(overview.err, "");
  EXPECT_EQ(run({"help"}).out, overview.out);
  for (const std::string verb : {"validate", "bench-sheet", "simulate", "assess", "inspect", "convert", "targets", "reproduce", "version"}) {
    SCOPED_TRACE(verb);
    EXPECT_NE(overview.out.find("\n  " + verb + " "), std::string::npos);
    const Said said = run({verb, "--help"});
    EXPECT_EQ(said.code, 0);
    EXPECT_EQ(said.err, "");
    EXPECT_NE(said.out.find("Usage: platen " + verb + " [OPTIONS]"), std::string::npos) << said.out;
    EXPECT_NE(said.out.find("Examples:\n  platen " + verb), std::string::npos) << said.out;
    EXPECT_EQ(run({"help", verb}).out, said.out);
  }
}

TEST_F(Usage, AWordThatBeginsSeveralVerbsListsThem) {
  for (const std::vector<std::string>& words : {std::vector<std::string>{"library", "--help"}, {"help", "library"}, {"library", "-h"}}) {
    const Said said = run(words);
    EXPECT_EQ(said.code, 0);
    EXPECT_NE(said.out.find("library reassess"), std::string::npos) << said.out;
  }
  EXPECT_NE(run({"campaign", "--help"}).out.find("Usage: platen campaign [OPTIONS]"), std::string::npos) << "a verb of its own";
  EXPECT_EQ(run({"library"}).code, 2);
}

TEST_F(Usage, Version) {
  const Said said = run({"version"});
  EXPECT_EQ(said.code, 0);
  EXPECT_THAT(said.out, ::testing::MatchesRegex("platen [0-9]+\\.[0-9]+\\.[0-9]+ \\(([0-9a-f]{12}(\\+changes)?|unknown)\\)\n"));
  EXPECT_EQ(run({"--version"}).out, said.out);
  const auto answer = nlohmann::json::parse(run({"version", "--json"}).out);
  EXPECT_EQ("platen " + answer.at("version").get<std::string>() + " (" + answer.at("commit").get<std::string>() + ")\n", said.out);
}

TEST_F(Usage, ResultThatCannotBeWrittenIsAnError) {
  Options options;
  options.standard_output = "/dev/full";
  const Said said = run({"version"}, options);
  EXPECT_EQ(said.code, 3);
  EXPECT_TRUE(said.err.starts_with("error[D002]: cannot write to standard output: ")) << said.err;
}

TEST_F(Usage, AResultThatCannotBeWrittenIsToldBeforeTheWorkAndAlone) {
  const std::string nowhere = "a-file/page.html";
  std::ofstream(folder / "a-file") << "no folder";
  const std::string record = std::string(PLATEN_SOURCE_DIR) + "/examples/shorted.csv";
  for (const std::vector<std::string>& words : {std::vector<std::string>{"assess", record, "--report", nowhere}, {"compare", record, "--csv", nowhere}, {"corpus", "measure", "--report", nowhere},
                                                {"compare-mechanisms", "ham2022", "--stored", "--report", nowhere}, {"reproduce", "ham2022", "--report", nowhere}}) {
    std::vector<std::string> asked = words;
    asked.emplace_back("--json");
    const Said said = run(asked);
    EXPECT_EQ(said.code, 3) << words.front();
    const auto answer = nlohmann::json::parse(said.out, nullptr, false);
    ASSERT_FALSE(answer.is_discarded()) << "one answer, not two: " << said.out;
    EXPECT_EQ(answer["errors"][0]["code"], "D002") << said.out;
  }
  EXPECT_EQ(run({"assess", record, "--output", "judged.doc"}).out, "") << "before anything is judged";
}

TEST_F(Usage, EveryWrongOverruleIsTold) {
  const std::string record = std::string(PLATEN_SOURCE_DIR) + "/examples/shorted.csv";
  for (const auto& [first, second, code] : {std::array{"great", "cell: great, why", "D106"}, std::array{"half cycle 98: healthy, why", "half cycle 99: healthy, why", "D107"}}) {
    const auto answer = nlohmann::json::parse(run({"assess", record, "--overrule", first, "--overrule", second, "--json"}).out, nullptr, false);
    ASSERT_EQ(answer["errors"].size(), 2U) << answer;
    for (const auto& fault : answer["errors"]) EXPECT_EQ(fault["code"], code);
  }
}

TEST_F(Usage, EveryWrongValueIsToldAtOnce) {
  const std::string record = std::string(PLATEN_SOURCE_DIR) + "/examples/shorted.csv";
  const auto expect = [&](const std::vector<std::string>& words, const std::vector<std::string>& options) {
    const Said said = run(words);
    EXPECT_NE(said.code, 0);
    for (const std::string& option : options) EXPECT_NE(said.err.find(option), std::string::npos) << words.front() << ": " << said.err;
  };
  expect({"assess", record, "--overrule", "great", "--output", "judged.doc", "--cell", "none.toml"}, {"great", "judged.doc", "none.toml"});
  expect({"pressure", record, "--unit", "furlong", "--zone", "Nowhere/X", "--cell", "none.toml"}, {"`--unit furlong`", "`--zone Nowhere/X`", "none.toml"});
  expect({"dc", record, "--thickness", "3", "--area", "-1 cm2", "--leakage", "x"}, {"`--thickness 3`", "`--area -1 cm2`", "`--leakage x`"});
  expect({"eis", "fit", record, "--weights", "foo", "--starts", "x", "--fix", "R1", "--bounds", "R1=1"}, {"`--weights foo`", "`--starts x`", "--fix", "--bounds"});
  expect({"align", record, record, "--output", "j.h5", "--zone", "Nowhere/X", "--offset", "abc", "--within", "7"}, {"`--zone Nowhere/X`", "`--offset abc`", "`--within 7`"});
  expect({"library", "overrule", "A1", "--verdict", "nice", "--reason", " "}, {"`--verdict nice`", "`--reason` is blank"});
}

TEST_F(Usage, EscapeSequencesOfOthersDoNotReachTheTerminal) {
  const Said name = run({"assess", "\033[2Jgone.csv"});
  EXPECT_NE(name.err.find("?[2Jgone.csv"), std::string::npos) << name.err;
  write(folder / "a.toml", "name = 1 # \033]0;title\a\n");
  const Said line = run({"validate", "a.toml"});
  EXPECT_EQ(line.code, 2);
  EXPECT_EQ((name.err + line.err).find_first_of("\033\a"), std::string::npos) << line.err;
}

/// What the program says when stderr is a terminal.
class Terminal : public Program {
protected:
  static constexpr const char* no_terminal = "no pseudo-terminal";

  std::string on_terminal(const std::vector<std::string>& arguments, const Options& options) {
    int terminal = -1;
    const pid_t child = ::forkpty(&terminal, nullptr, nullptr, nullptr);
    if (child < 0) return no_terminal;
    if (child == 0) become(arguments, options, "", "");
    std::string said;
    char block[512];
    for (ssize_t got; (got = ::read(terminal, block, sizeof block)) > 0;) said.append(block, static_cast<std::size_t>(got));
    ::waitpid(child, nullptr, 0);
    ::close(terminal);
    return said;
  }
};

TEST_F(Terminal, ColourOnATerminalUnlessNoColorIsSet) {
  const std::string escape = "\033[1;31merror[U002]\033[0m";
  const std::string plain = on_terminal({}, {});
  if (plain == no_terminal) GTEST_SKIP() << "NO PSEUDO-TERMINAL: this system gives none, colour on a terminal is not tested";
  EXPECT_NE(plain.find(escape), std::string::npos);
  EXPECT_EQ(on_terminal({}, {.environment = {{"NO_COLOR", "1"}}}).find(escape), std::string::npos);
  EXPECT_NE(on_terminal({}, {.environment = {{"NO_COLOR", ""}}}).find(escape), std::string::npos)
      << "an empty NO_COLOR asks for nothing (no-color.org)";
  EXPECT_EQ(run({}).err.find('\033'), std::string::npos) << "a file is no terminal";
}

} // namespace
} // namespace platen::test

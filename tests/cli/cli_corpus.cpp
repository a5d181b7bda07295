// Labelled cells, as a user makes and measures them.

#include "process.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace platen::test {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

class Corpus : public Program {};

const std::vector<std::string> small{"corpus", "measure", "--cells", "20", "--threads", "2"};

std::vector<std::string> with(std::vector<std::string> words, const std::vector<std::string>& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

TEST_F(Corpus, MeasuresWithTextCsvAndReport) {
  const Said said = run(with(small, {"--csv", "out/cells.csv", "--report", "out/judge.html"}));
  ASSERT_EQ(said.code, 0) << said.err;
  for (const char* part : {"40 labelled cells", "development seeds", "=== simulated: 20 cells", "=== described: 20 cells", "=== all: 40 cells", "hard shorts found",
                           "Operating curve", "What each test contributes", "95 % bounds"})
    EXPECT_THAT(said.out, HasSubstr(part));
  const std::string csv = slurp(folder / "out/cells.csv");
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 41);
  EXPECT_THAT(csv, HasSubstr("simulated,1000000,"));
  EXPECT_THAT(csv, HasSubstr("described,1000019,"));
  EXPECT_THAT(slurp(folder / "out/judge.html"), HasSubstr("operating"));
}

TEST_F(Corpus, AnswersAsJsonTheSameOnAnyNumberOfThreads) {
  const auto words = [](const char* threads) {
    return std::vector<std::string>{"corpus", "measure", "--cells", "12", "--set", "evaluation-1", "--json", "--no-ablation", "--threads", threads};
  };
  const Said one = run(words("1"));
  ASSERT_EQ(one.code, 0) << one.err;
  EXPECT_EQ(one.out, run(words("4")).out);
  const Json answer = Json::parse(one.out);
  EXPECT_EQ(answer["schema"], "platen.corpus/1");
  EXPECT_EQ(answer["set"], "evaluation-1");
  ASSERT_EQ(answer["summaries"].size(), 3u);
  std::size_t cells = 0;
  for (const Json& row : answer["summaries"][2]["confusion"])
    for (const auto& [verdict, count] : row["called"].items()) cells += count.get<std::size_t>();
  EXPECT_EQ(cells, 24u);
  EXPECT_TRUE(answer["summaries"][0]["tests"].empty());
}

TEST_F(Corpus, WritesACellThatTheJudgeReads) {
  const Said made = run({"corpus", "write", "--cell", "3", "--output", "a/cell.csv"});
  ASSERT_EQ(made.code, 0) << made.err;
  EXPECT_THAT(made.out, HasSubstr("label: "));
  EXPECT_THAT(slurp(folder / "a/cell.csv"), HasSubstr("# label: "));
  EXPECT_THAT(slurp(folder / "a/cell.cell.toml"), HasSubstr("configuration = "));
  const Said csv = run({"assess", "a/cell.csv"});
  EXPECT_EQ(csv.code, 0) << csv.err;
  ASSERT_EQ(run({"corpus", "write", "--cell", "3", "--output", "cell.h5"}).code, 0);
  const Said hdf5 = run({"assess", "cell.h5"});
  EXPECT_EQ(hdf5.code, 0) << hdf5.err;
  const auto verdict = [](const std::string& text) { return text.substr(0, text.find('\n')); };
  EXPECT_EQ(verdict(csv.out), verdict(hdf5.out));
}

TEST_F(Corpus, RefusesWhatItCannotDo) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases{
      {{"corpus", "measure", "--cells", "0"}, "U006"},          {{"corpus", "measure", "--set", "evalution"}, "did you mean `evaluation-1`"},
      {{"corpus", "measure", "--generator", "real"}, "U006"},   {{"corpus", "measure", "--csv", "a", "--report", "a"}, "U008"},
      {{"corpus", "measure", "file.csv"}, "U009"},              {{"corpus", "write"}, "U005"},
      {{"corpus", "write", "--output", "cell.txt"}, "U007"},    {{"corpus", "write", "--output", "c.h5", "--cell", "1000000"}, "U006"},
      {{"corpus"}, "corpus measure"}};
  for (const auto& [words, what] : cases) {
    const Said said = run(words);
    EXPECT_EQ(said.code, 2) << what;
    EXPECT_THAT(said.err, HasSubstr(what));
    EXPECT_EQ(said.out, "");
  }
}

} // namespace
} // namespace platen::test

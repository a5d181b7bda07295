// The published rows fitted, as the set of the program and its headline come about: the whole commands, stopped after a step or two.

#include "process.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <sstream>

namespace platen::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Json = nlohmann::json;

class PublishedRows : public Program {
protected:
  static std::vector<std::string> pieces(const std::string& text, char mark) {
    std::vector<std::string> out;
    std::istringstream in(text);
    for (std::string piece; std::getline(in, piece, mark);) out.push_back(piece);
    return out;
  }
  /// Lines of a set that no calibration writes: neither its head nor a fitted number.
  static std::vector<std::string> not_fitted(const std::string& set) {
    std::vector<std::string> out;
    for (const std::string& line : pieces(set, '\n'))
      if (!line.starts_with("#") && line.find("basis = \"fitted\"") == std::string::npos) out.push_back(line);
    return out;
  }
};

TEST_F(PublishedRows, AreFittedToAWholeSet) {
  const Said said = run({"calibrate", "ham2022", "--output", "out", "--iterations", "1", "--json"});
  ASSERT_EQ(said.code, 1) << "one step is no convergence: " << said.err;
  const Json answer = Json::parse(said.out);
  EXPECT_FALSE(answer["converged"].get<bool>());
  EXPECT_EQ(answer["numbers"].size(), 21u);
  EXPECT_EQ(answer["terms"].size(), 27u);
  const std::string set = slurp(folder / "out/set.toml"), own = slurp(PLATEN_SOURCE_DIR "/data/sets/Ham2022.toml");
  EXPECT_THAT(set, HasSubstr("21 numbers are fitted at once to 27 rows"));
  EXPECT_EQ(not_fitted(set), not_fitted(own)) << "the rest of the set is as the program has it";
  const auto lines = pieces(set, '\n');
  EXPECT_EQ(std::count_if(lines.begin(), lines.end(), [](const std::string& l) { return l.find("basis = \"fitted\"") != std::string::npos; }), 20);

  write(folder / "again.toml", "extends = \"" PLATEN_SOURCE_DIR "/studies/examples/first.toml\"\nset = \"./out/set.toml\"\n");
  const Said validated = run({"validate", "again.toml"});
  EXPECT_EQ(validated.code, 0) << validated.err;
}

TEST_F(PublishedRows, ArePredictedByAFitWithoutTheirFigure) {
  const std::vector<std::string> words{"reproduce", "ham2022", "--leave-one-figure-out", "--figure", "4", "--iterations", "1", "--journal", "fits.txt", "--output", "rows.csv", "--json"};
  const Said said = run(words);
  ASSERT_EQ(said.code, 0) << said.err;
  const Json answer = Json::parse(said.out);
  EXPECT_EQ(answer["fitted_numbers"], 21);
  std::vector<std::string> rows;
  for (const Json& row : answer["rows"]) {
    rows.push_back(row["row"]);
    EXPECT_EQ(row["figure"], "4");
  }
  EXPECT_THAT(rows, ElementsAre("T21", "T22", "T23", "T24"));
  EXPECT_EQ(answer["model_rows"], 3) << "T22 is of class fitted";
  EXPECT_THAT(slurp(folder / "rows.csv"), HasSubstr("\n4,T23,model,"));

  // What was fitted, as the journal has it: all rows but those of the figure (T19 is told of in Figure 4 as well), with as many numbers.
  const std::string journal = slurp(folder / "fits.txt");
  const auto fits = pieces(journal, '\n');
  ASSERT_EQ(fits.size(), 2u) << "a heading and one fit";
  const auto fields = pieces(fits[1], '\t');
  ASSERT_EQ(fields.size(), 6u);
  EXPECT_EQ(fields[1], "4");
  EXPECT_EQ(pieces(fields[2], ' ').size(), 21u);
  EXPECT_EQ(pieces(fields[3], ' ').at(4), "23");

  // A figure alone can be asked of the fits that the program carries, too.
  const Said stored = run({"reproduce", "ham2022", "--leave-one-figure-out", "--figure", "4", "--stored", "--json"});
  ASSERT_EQ(stored.code, 0) << stored.err;
  EXPECT_EQ(Json::parse(stored.out)["rows"].size(), 4u);

  const Said again = run(words);
  EXPECT_EQ(again.out, said.out);
  EXPECT_EQ(slurp(folder / "fits.txt"), journal) << "taken from the journal, not fitted again";
}

TEST_F(PublishedRows, RefuseWhatNobodyAskedTheFitsFor) {
  const auto refused = [&](const std::vector<std::string>& words, const char* code, const char* what) {
    const Said said = run(words);
    EXPECT_EQ(said.code, 2) << said.out;
    EXPECT_THAT(said.err, HasSubstr(code));
    EXPECT_THAT(said.err, HasSubstr(what));
  };
  refused({"reproduce", "ham2022", "--leave-one-figure-out", "--figure", "7"}, "U006", "one of 1, 2, 3, 4, 5, S6");
  refused({"reproduce", "ham2022", "--figure", "4"}, "U007", "--leave-one-figure-out");
  refused({"reproduce", "ham2022", "--leave-one-figure-out", "--iterations", "none"}, "U006", "--iterations");
  refused({"reproduce", "ham2022", "--leave-one-figure-out", "--stored", "--iterations", "1"}, "U007", "--stored");
  refused({"calibrate", "ham2022", "--output", "out", "--iterations", "0"}, "U006", "--iterations");
  EXPECT_FALSE(std::filesystem::exists(folder / "out"));
}

} // namespace
} // namespace platen::test

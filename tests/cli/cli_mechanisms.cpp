// Explanations compared and rows predicted, as a user asks for them. The fits themselves take an hour: here only what is refused.

#include "process.hpp"

namespace platen::test {
namespace {

using ::testing::HasSubstr;

class Explained : public Program {};

TEST_F(Explained, RefusesWhatItCannotDo) {
  const auto refused = [&](const std::vector<std::string>& words, const char* what) {
    const Said said = run(words);
    EXPECT_EQ(said.code, 2) << said.out;
    EXPECT_THAT(said.err, HasSubstr(what));
  };
  refused({"compare-mechanisms", "ham2023"}, "U012");
  write(folder / "notes.txt", "not a journal\n");
  refused({"compare-mechanisms", "--journal", "notes.txt"}, "U014");
  refused({"compare-mechanisms", "--report", "a.html", "--ensemble", "a.html"}, "U008");
  refused({"compare-mechanisms", "--threads", "0"}, "U006");
  refused({"reproduce", "ham2022", "--output", "a.csv"}, "U007");
  refused({"reproduce", "ham2022", "--leave-one-figure-out", "--report", "a.html"}, "U007");
  EXPECT_EQ(slurp(folder / "notes.txt"), "not a journal\n");
}

} // namespace
} // namespace platen::test

// A library survives its writers: killed at any instant, and two at once. Every cell is whole or not there.

#include "process.hpp"

#include "library/library.hpp"

#include <algorithm>
#include <random>

namespace platen::test {
namespace {

namespace fs = std::filesystem;

class LibraryKill : public Program {
protected:
  static constexpr int cells = 12;

  void SetUp() override {
    Program::SetUp();
    const std::string text = slurp(fs::path(PLATEN_SOURCE_DIR) / "examples" / "shorted.csv");
    const std::string cell = slurp(fs::path(PLATEN_SOURCE_DIR) / "examples" / "shorted.cell.toml");
    for (int k = 0; k < cells; ++k) { // a comment more makes other data of them
      write(folder / ("c" + std::to_string(k) + ".csv"), "# " + std::to_string(k) + "\n" + text);
      write(folder / ("c" + std::to_string(k) + ".cell.toml"), cell);
    }
    ASSERT_EQ(run({"library", "init"}).code, 0);
  }

  std::vector<std::string> add(int from, int to) const {
    std::vector<std::string> words{"library", "add", "--threads", "2", "--note", "x"};
    for (int k = from; k < to; ++k) words.push_back("c" + std::to_string(k) + ".csv");
    return words;
  }

  pid_t start(const std::vector<std::string>& words) {
    const pid_t child = ::fork();
    if (child == 0) become(words, {}, "/dev/null", "/dev/null");
    return child;
  }

  static int end(pid_t child) {
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  library::Library open(library::Access access = library::Access::read) { return {folder / "library.sqlite", access}; }

  /// @returns how many cells there are, each with everything that an add writes.
  std::size_t expect_whole(library::Library& library) {
    const auto faults = library.check();
    EXPECT_TRUE(faults.empty()) << (faults.empty() ? "" : render(faults.front()));
    const auto known = library.cells(true);
    for (const library::Known& cell : known) {
      const library::Shown shown = library.show(cell);
      for (const library::Table& table : shown.tables) {
        const std::size_t wanted = table.name == "overrules" || table.name == "study_values" ? 0 : table.name == "preparation" ? 14 : table.name == "files" ? 2 : 1;
        EXPECT_EQ(table.rows.size(), wanted) << cell.name << ": " << table.name;
      }
      EXPECT_TRUE(shown.answer.ends_with("}")) << cell.name;
    }
    return known.size();
  }
};

TEST_F(LibraryKill, AtAnyInstantWhileAdding) {
  constexpr int kills = 60;
  std::mt19937 random(20221101);
  std::size_t before = 0, with_journal = 0, interrupted = 0, at_once = 0;
  double span = 400.0; // ms; follows how long adding takes here, so that instants from the first to the last are met
  for (int k = 0; k < kills; ++k) {
    const auto begun = std::chrono::steady_clock::now();
    const pid_t child = start(add(0, cells));
    std::this_thread::sleep_for(std::chrono::duration<double, std::milli>(std::uniform_real_distribution<double>(0.0, span)(random)));
    ::kill(child, SIGKILL);
    const int code = end(child);
    const double lasted = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun).count();
    interrupted += code == 128 + SIGKILL ? 1 : 0;
    ASSERT_TRUE(code == 128 + SIGKILL || code == 0) << code;
    if (code == 0) span = std::max(5.0, 0.9 * std::min(span, lasted));
    std::error_code none;
    with_journal += fs::exists(folder / "library.sqlite-journal", none) ? 1 : 0;
    library::Library library = open();
    const std::size_t now = expect_whole(library);
    EXPECT_GE(now, before) << "what was stored once stays";
    at_once += now > before + 1 ? 1 : 0;
    before = now;
    if (now == cells) { // begin anew
      fs::remove(folder / "library.sqlite");
      ASSERT_EQ(run({"library", "init"}).code, 0);
      before = 0;
    }
  }
  RecordProperty("killed", static_cast<int>(interrupted));
  RecordProperty("with_journal", static_cast<int>(with_journal));
  EXPECT_GT(interrupted, static_cast<std::size_t>(kills) / 3) << "most instants must lie within the adding, or nothing is tested";
  ASSERT_EQ(run(add(0, cells)).code, 0);
  library::Library library = open();
  EXPECT_EQ(expect_whole(library), static_cast<std::size_t>(cells)) << "and adding goes on where it was stopped";
}

TEST_F(LibraryKill, AtAnyInstantWhileJudgingAgain) {
  ASSERT_EQ(run(add(0, 6)).code, 0);
  std::mt19937 random(7);
  for (int k = 0; k < 20; ++k) {
    const pid_t child = start({"library", "reassess", "--all"});
    std::this_thread::sleep_for(std::chrono::duration<double, std::milli>(std::uniform_real_distribution<double>(0.0, 120.0)(random)));
    ::kill(child, SIGKILL);
    end(child);
    library::Library library = open();
    EXPECT_TRUE(library.check().empty());
    EXPECT_EQ(library.cells(true).size(), 6u);
    const auto odd = library.query("SELECT cell FROM judgements GROUP BY cell HAVING sum(is_current) <> 1", 0, nullptr);
    EXPECT_TRUE(odd.rows.empty());
  }
}

TEST_F(LibraryKill, TwoWritersAtOnce) {
  const pid_t one = start(add(0, 8)), other = start(add(4, cells)); // four cells are wanted by both
  EXPECT_EQ(end(one), 0);
  EXPECT_EQ(end(other), 0);
  library::Library library = open();
  EXPECT_EQ(expect_whole(library), static_cast<std::size_t>(cells));
}

TEST_F(LibraryKill, TwoWritersOfWhichOneIsKilled) {
  std::mt19937 random(11);
  for (int k = 0; k < 8; ++k) {
    const pid_t one = start(add(0, 8)), other = start(add(4, cells));
    std::this_thread::sleep_for(std::chrono::duration<double, std::milli>(std::uniform_real_distribution<double>(0.0, 150.0)(random)));
    ::kill(one, SIGKILL);
    end(one);
    EXPECT_EQ(end(other), 0) << "a killed writer must not keep the other one out";
    library::Library library = open();
    EXPECT_GE(expect_whole(library), 8u);
    fs::remove(folder / "library.sqlite");
    ASSERT_EQ(run({"library", "init"}).code, 0);
  }
}

TEST_F(LibraryKill, CtrlCStopsBetweenCells) {
  const pid_t child = start(add(0, cells));
  std::this_thread::sleep_for(std::chrono::milliseconds(40));
  ::kill(child, SIGINT);
  const int code = end(child);
  EXPECT_TRUE(code == 130 || code == 0) << code;
  library::Library library = open();
  const std::size_t stored = expect_whole(library);
  EXPECT_EQ(code == 0, stored == cells);
  EXPECT_FALSE(fs::exists(folder / "library.sqlite-journal"));
}

} // namespace
} // namespace platen::test

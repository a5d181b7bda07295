// platen-mpi writes the table of `platen campaign`, with any number of ranks, whichever of them is killed.
#include "campaign_files.hpp"

#include <algorithm>
#include <random>

namespace platen::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class RanksOfACampaign : public Campaigns {
protected:
  static inline const std::string program = (fs::path(PLATEN_PROGRAM).parent_path() / "platen-mpi").string();

  void SetUp() override {
    Campaigns::SetUp();
    if (!fs::exists(program)) GTEST_SKIP() << "PLATEN-MPI ABSENT: " << program << " is not built";
  }

  static std::vector<std::string> words(int ranks, const std::string& output, const std::vector<std::string>& more) {
    std::vector<std::string> out{"--oversubscribe", "--bind-to", "none", "-n", std::to_string(ranks), program, "campaign", "c.toml", "--output", output};
    out.insert(out.end(), more.begin(), more.end());
    return out;
  }

  /// OpenMPI refuses root, whom it takes for a mistake, and keeps what it allocated to the end of the process.
  static Options options() {
    return {.environment = {{"OMPI_ALLOW_RUN_AS_ROOT", "1"}, {"OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1"}, {"ASAN_OPTIONS", "detect_leaks=0"}}, .program = "mpirun"};
  }

  Said on_ranks(int ranks, const std::string& output, const std::vector<std::string>& more = {}) { return run(words(ranks, output, more), options()); }

  /// The ranks that run in the test's folder.
  std::vector<pid_t> ranks_here() const {
    std::vector<pid_t> out;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator("/proc", none)) {
      const std::string name = entry.path().filename().string();
      if (name.find_first_not_of("0123456789") != std::string::npos) continue;
      if (fs::read_symlink(entry.path() / "exe", none) != fs::path(program)) continue;
      if (fs::read_symlink(entry.path() / "cwd", none) == fs::canonical(folder)) out.push_back(std::stoi(name));
    }
    std::sort(out.begin(), out.end());
    return out;
  }
};

TEST_F(RanksOfACampaign, WriteTheTableOfTheThreads) {
  ASSERT_EQ(campaign("threads.csv", {"--threads", "4"}).code, 0);
  for (const int ranks : {1, 2, 4}) {
    const Said said = on_ranks(ranks, "ranks.csv");
    ASSERT_EQ(said.code, 0) << said.err;
    EXPECT_EQ(said.out, "holds: 240 runs in ranks.csv\n") << "said once";
    EXPECT_EQ(table("ranks.csv"), table("threads.csv")) << ranks;
    EXPECT_FALSE(fs::exists(folder / "ranks.csv.journal"));
  }
}

TEST_F(RanksOfACampaign, ARankThatIsKilledLosesNothingThatWasKept) {
  ASSERT_EQ(campaign("threads.csv").code, 0);
  std::mt19937 random(5);
  std::size_t killed = 0, with_results = 0;
  for (int k = 0; k < 4; ++k) {
    const std::size_t before = kept("t.csv.journal");
    const pid_t job = ::fork();
    if (job == 0) become(words(3, "t.csv", {"--resume"}), options(), "/dev/null", "/dev/null");
    // wait for new results to come, then kill one of the ranks, the first among them at times
    int status = 0;
    bool over = false;
    const std::size_t aim = before + 1 + random() % 25;
    while (!(over = ::waitpid(job, &status, WNOHANG) == job) && kept("t.csv.journal") < aim) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    const std::vector<pid_t> ranks = over ? std::vector<pid_t>{} : ranks_here();
    if (!ranks.empty()) ::kill(ranks[random() % ranks.size()], SIGKILL);
    if (!over) ::waitpid(job, &status, 0);
    if (fs::exists(folder / "t.csv")) { // it was done before
      EXPECT_EQ(table("t.csv"), table("threads.csv"));
      fs::remove(folder / "t.csv");
      continue;
    }
    ++killed;
    const std::size_t now = kept("t.csv.journal");
    EXPECT_GE(now, std::min(aim, std::size_t{240})) << "what was kept stays";
    with_results += now < 240 ? 1 : 0;
    while (!ranks_here().empty()) std::this_thread::sleep_for(std::chrono::milliseconds(5)); // mpirun ends them
  }
  EXPECT_GT(killed, 1u);
  EXPECT_GT(with_results, 0u) << "some must be killed within the campaign";
  // threads go on where ranks were killed
  const Said said = campaign("t.csv", {"--resume"});
  ASSERT_EQ(said.code, 0) << said.err;
  EXPECT_EQ(table("t.csv"), table("threads.csv"));
}

TEST_F(RanksOfACampaign, StopOnCtrlCAndSayHowToGoOn) {
  write(folder / "c.toml", grid + "[[axis]]\nkey = \"contact.initial\"\nfrom = 0.1\nto = 0.5\ncount = 200\n");
  Options stopped = options();
  stopped.interrupt_once_there_is = "t.csv.journal";
  const Said said = run(words(2, "t.csv", {}), stopped);
  EXPECT_NE(said.code, 0);
  EXPECT_LT(kept("t.csv.journal"), 48000u);
  EXPECT_FALSE(fs::exists(folder / "t.csv"));
  EXPECT_THAT(said.err, HasSubstr("go on with: mpirun -n 2 platen-mpi campaign c.toml --output t.csv --resume"));
}

TEST_F(RanksOfACampaign, FaultsAreToldOnce) {
  write(folder / "c.toml", "study = \"study.toml\"\ndesing = \"grid\"\n");
  const Said said = on_ranks(3, "t.csv");
  EXPECT_EQ(said.code, 2);
  EXPECT_EQ(said.err.find("C004"), said.err.rfind("C004"));
  EXPECT_THAT(said.err, HasSubstr("did you mean `design`?"));
  EXPECT_THAT(on_ranks(2, "t.csv", {"--threads", "2"}).err, AllOf(HasSubstr("U004"), HasSubstr("start more ranks")));
  write(folder / "c.toml", grid);
  write(folder / "t.csv.journal", "");
  const Said begun = on_ranks(2, "t.csv");
  EXPECT_EQ(begun.code, 2);
  EXPECT_THAT(begun.err, HasSubstr("U040"));
  EXPECT_EQ(on_ranks(2, "t.csv", {"--resume"}).code, 0);
}

} // namespace
} // namespace platen::test

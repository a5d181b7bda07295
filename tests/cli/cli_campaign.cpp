// Campaigns as a user runs them: the same table whoever runs it and however often it is stopped.
#include "campaign_files.hpp"

#include "campaign/table.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <sys/resource.h>
#include <set>

namespace platen::test {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(Campaigns, WriteATableInTheOrderOfTheRuns) {
  const Said said = campaign("t.csv");
  ASSERT_EQ(said.code, 0) << said.err;
  EXPECT_EQ(said.out, "holds: 240 runs in t.csv\n");
  EXPECT_FALSE(fs::exists(folder / "t.csv.journal"));
  const campaign::NumberTable t = campaign::read_table(folder / "t.csv");
  ASSERT_EQ(t.rows(), 240u);
  for (std::size_t k = 0; k < t.rows(); ++k) {
    EXPECT_EQ(t.runs[k], k);
    EXPECT_EQ(t.replicates[k], k % 3);
    EXPECT_EQ(t.seeds[k], 1 + k % 3);
    EXPECT_TRUE(t.done[k]);
    EXPECT_EQ(t.axes[1][k], (std::array{1.0, 5.0, 10.0, 20.0})[k / 3 % 4]);
  }
  EXPECT_EQ(t.axes[0].front(), 1.0);
  EXPECT_EQ(t.axes[0].back(), 300.0);
  EXPECT_EQ(t.result_words[3].front(), "shorted");
  EXPECT_EQ(t.head.results[0].unit, "mA/cm2");
  EXPECT_EQ(t.head.results[4].unit, "Pa");
}

TEST_F(Campaigns, AgreeWithTheStudyRunAlone) {
  ASSERT_EQ(campaign("t.csv").code, 0);
  const campaign::NumberTable t = campaign::read_table(folder / "t.csv");
  write(folder / "alone.toml", "extends = \"study.toml\"\nseed = 2\n[values]\nhold = \"300 min\"\nstack = \"10 MPa\"\n");
  const Said said = run({"simulate", "alone.toml", "--output", "out", "--json"});
  ASSERT_EQ(said.code, 0) << said.err;
  const std::size_t at = 19 * 12 + 2 * 3 + 1; // last hold, third pressure, second cell
  EXPECT_EQ(t.axes[0][at], 300.0);
  EXPECT_EQ(t.axes[1][at], 10.0);
  const std::size_t failing = said.out.find("\"failing_step\"");
  ASSERT_NE(failing, std::string::npos);
  EXPECT_NEAR(t.results[0][at] * 10.0, std::strtod(said.out.c_str() + said.out.find("\"value\": ", failing) + 9, nullptr), 1e-9) << "the judge reads the same step";
}

TEST_F(Campaigns, AreTheSameWithAnyNumberOfThreads) {
  for (const char* threads : {"1", "2", "4", "7"}) ASSERT_EQ(campaign(std::string(threads) + ".csv", {"--threads", threads}).code, 0);
  EXPECT_EQ(table("1.csv"), table("2.csv"));
  EXPECT_EQ(table("1.csv"), table("4.csv"));
  EXPECT_EQ(table("1.csv"), table("7.csv"));
}

TEST_F(Campaigns, KilledAtAnyInstantLoseAtMostTheRunsInFlight) {
  using milliseconds = std::chrono::duration<double, std::milli>;
  constexpr std::size_t threads = 3, kills = 25;
  const auto start = std::chrono::steady_clock::now();
  ASSERT_EQ(campaign("whole.csv", {"--threads", std::to_string(threads)}).code, 0);
  std::mt19937 random(20221101);
  std::size_t with_results = 0, resumed = 0;
  double span = milliseconds(std::chrono::steady_clock::now() - start).count(); // follows how long the whole takes here
  for (std::size_t k = 0; k < kills; ++k) {
    const std::size_t before = kept("t.csv.journal");
    const auto begun = std::chrono::steady_clock::now();
    const pid_t child = ::fork();
    if (child == 0) become({"campaign", "c.toml", "--output", "t.csv", "--resume", "--threads", std::to_string(threads)}, {}, "/dev/null", "/dev/null");
    std::this_thread::sleep_for(milliseconds(std::uniform_real_distribution<double>(0.0, span)(random)));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
    if (fs::exists(folder / "t.csv")) { // killed or not, a table is there whole; begin anew
      EXPECT_EQ(table("t.csv"), table("whole.csv"));
      span = std::max(20.0, 0.8 * std::min(span, milliseconds(std::chrono::steady_clock::now() - begun).count()));
      fs::remove(folder / "t.csv");
      continue;
    }
    const std::size_t now = kept("t.csv.journal");
    EXPECT_GE(now, before) << "what was kept stays";
    EXPECT_LE(now, 240u) << "and is not done again";
    if (now == before) span *= 1.25; // it had hardly begun
    with_results += now > 0 && now < 240 ? 1 : 0;
    resumed += before > 0 && now > before ? 1 : 0;
  }
  EXPECT_GT(with_results, 4u) << "most instants must lie within the campaign, or nothing is tested";
  EXPECT_GT(resumed, 2u);
  ASSERT_EQ(campaign("t.csv", {"--resume"}).code, 0);
  EXPECT_EQ(table("t.csv"), table("whole.csv"));
}

TEST_F(Campaigns, StoppedByCtrlCSayHowToGoOn) {
  write(folder / "c.toml", grid + "[[axis]]\nkey = \"contact.initial\"\nfrom = 0.1\nto = 0.5\ncount = 20\n");
  const Said said = campaign("t.csv", {"--threads", "2"}, {.interrupt_once_there_is = "t.csv.journal"});
  ASSERT_EQ(said.code, 130) << said.err;
  EXPECT_THAT(said.err, AllOf(HasSubstr("of 4800 runs are done and kept in t.csv.journal"), HasSubstr("go on with: platen campaign c.toml --output t.csv --resume")));
  const std::size_t done = kept("t.csv.journal");
  EXPECT_LT(done, 4800u);
  const Said refused = campaign("t.csv");
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("U040"), HasSubstr("--resume goes on with it")));
  EXPECT_EQ(kept("t.csv.journal"), done);
}

TEST_F(Campaigns, GoOnFromATornJournalOnly) {
  ASSERT_EQ(campaign("whole.csv").code, 0);
  // a journal of the first half, made by cutting one that is complete: the table cannot be written where a folder stands in its way
  fs::create_directories(folder / "t.csv" / "in the way");
  EXPECT_EQ(campaign("t.csv").code, 3);
  const std::string complete = slurp(folder / "t.csv.journal");
  ASSERT_EQ(kept("t.csv.journal"), 240u);
  fs::remove_all(folder / "t.csv");
  std::mt19937 random(3);
  for (int k = 0; k < 6; ++k) {
    write(folder / "t.csv.journal", complete.substr(0, random() % complete.size()));
    const std::size_t before = kept("t.csv.journal");
    const Said said = campaign("t.csv", {"--resume"});
    ASSERT_EQ(said.code, 0);
    EXPECT_EQ(said.err, before > 0 ? std::to_string(before) + " of 240 runs were done before\n" : "");
    EXPECT_EQ(table("t.csv"), table("whole.csv"));
  }
  std::string damaged = complete;
  damaged[complete.size() / 2] ^= 1;
  write(folder / "t.csv.journal", damaged);
  const Said said = campaign("t.csv", {"--resume"});
  EXPECT_EQ(said.code, 3);
  EXPECT_THAT(said.err, HasSubstr("D521"));
  EXPECT_EQ(slurp(folder / "t.csv.journal"), damaged) << "what is refused is not touched";
}

TEST_F(Campaigns, AJournalOfAnotherIsRefused) {
  fs::create_directories(folder / "t.csv" / "in the way");
  EXPECT_EQ(campaign("t.csv").code, 3);
  fs::remove_all(folder / "t.csv");
  const std::string journal = slurp(folder / "t.csv.journal");
  write(folder / "study.toml", slurp(folder / "study.toml") + "# a comment more is another study\n");
  const Said other = campaign("t.csv", {"--resume"});
  EXPECT_EQ(other.code, 3);
  EXPECT_THAT(other.err, AllOf(HasSubstr("D522"), HasSubstr("it is of: campaign "), HasSubstr("asked for: campaign ")));
  const std::string text = journal.substr(9, journal.find('\n') - 9), version = text.substr(0, text.find(" of platen")) + " of platen 0.0.9 (0123456789ab)";
  char sum[16];
  std::snprintf(sum, sizeof sum, "%08x ", work::crc32(version));
  write(folder / "t.csv.journal", sum + version + journal.substr(journal.find('\n')));
  const Said older = campaign("t.csv", {"--resume"});
  EXPECT_EQ(older.code, 3);
  EXPECT_THAT(older.err, AllOf(HasSubstr("D522"), HasSubstr("platen 0.0.9 (0123456789ab)")));
}

TEST_F(Campaigns, AFailedRunIsARowWithItsReason) {
  write(folder / "study.toml", "extends = \"studies/ham2022/full-12.8-springs.toml\"\n"
                               "test = [\"Hold at 25 MPa for 30 min\", \"Release to {stack}\", \"Fit springs if any\", \"Rest for 1 h\"]\n"
                               "[values]\nstack = \"5 MPa\"\n");
  write(folder / "c.toml", "name = \"springs\"\nstudy = \"study.toml\"\nresults = [\"end\", \"final.stack_pressure\"]\n"
                           "[[axis]]\nkey = \"values.stack\"\nvalues = \"1, 5, 12, 13 MPa\"\n[[axis]]\nkey = \"fixture.kind\"\nvalues = [\"fixed gap\", \"springs\"]\n");
  const Said said = campaign("t.csv");
  EXPECT_EQ(said.code, 0);
  EXPECT_THAT(said.out, AllOf(HasSubstr("8 runs in t.csv"), HasSubstr("2 failed, the first is run 5: C057: 12 MPa on 3 springs")));
  const campaign::NumberTable t = campaign::read_table(folder / "t.csv");
  ASSERT_EQ(t.rows(), 8u);
  for (std::size_t k = 0; k < 8; ++k) EXPECT_EQ(t.done[k], k != 5 && k != 7) << k;
  EXPECT_TRUE(std::isnan(t.results[1][5]));
  EXPECT_GT(t.results[1][4], 1e6);
  EXPECT_THAT(campaign("t.csv", {"--json"}).out, HasSubstr("\"run\": 5"));
}

TEST_F(Campaigns, AllFaultsOfAFileTogether) {
  write(folder / "c.toml", "study = \"study.toml\"\ndesing = \"grid\"\nruns = 5\nresults = [\"ccd\", \"cdd\", \"ccd\"]\n"
                           "[[axis]]\nkey = \"values.hold\"\nfrom = \"1 min\"\nto = \"10 MPa\"\ncount = 3\n"
                           "[[axis]]\nkey = \"flaw.dept\"\nvalues = [\"1 um\"]\n"
                           "[[axis]]\nkey = \"contact.initial\"\nfrom = 0.5\nto = 0.2\ncount = 3\n"
                           "[[axis]]\nkey = \"flaw.depth\"\ndistribution = \"normal\"\nmean = \"5 um\"\nsigma = \"1 um\"\n"
                           "[[axis]]\nkey = \"contact.closure_time\"\nvalues = [\"20 min\", \"30\"]\n");
  const Said said = campaign("t.csv");
  EXPECT_EQ(said.code, 2);
  EXPECT_THAT(said.err, AllOf(HasSubstr("C004"), HasSubstr("did you mean `design`?"), HasSubstr("C130"), HasSubstr("a grid has no `runs`"),
                              HasSubstr("there is no result `cdd`"), HasSubstr("asked for twice"), HasSubstr("C007"), HasSubstr("c.toml:8:")));
  EXPECT_THAT(said.err, AllOf(HasSubstr("C120"), HasSubstr("did you mean `flaw.depth`?"), HasSubstr("`from` must lie below `to`"),
                              HasSubstr("a grid takes values, not a distribution"), HasSubstr("C006"), HasSubstr("c.toml:25:")));
  EXPECT_FALSE(fs::exists(folder / "t.csv.journal"));
}

TEST_F(Campaigns, MoreFaults) {
  const auto said = [&](const std::string& text) {
    write(folder / "c.toml", text);
    return campaign("t.csv").err;
  };
  const std::string axis = "[[axis]]\nkey = \"contact.initial\"\nfrom = 0.2\nto = 0.5\n";
  EXPECT_THAT(said("design = \"grid\"\n"), HasSubstr("missing key `study`"));
  EXPECT_THAT(said("study = \"none.toml\"\n" + axis + "count = 2\n"), HasSubstr("D001"));
  EXPECT_THAT(said("study = \"study.toml\"\ndesign = \"sobol\"\nruns = 8\n" + axis + "count = 2\n"), HasSubstr("`count` belongs to a grid"));
  EXPECT_THAT(said("study = \"study.toml\"\ndesign = \"sobol\"\n" + axis), HasSubstr("missing key `runs`"));
  EXPECT_THAT(said("study = \"study.toml\"\ndesign = \"latin hypercube\"\nruns = 8\n"), HasSubstr("needs an axis"));
  EXPECT_THAT(said("study = \"study.toml\"\n" + axis), HasSubstr("needs a `count`"));
  EXPECT_THAT(said("study = \"study.toml\"\nseeds = \"own\"\n" + axis + "count = 2\n"), HasSubstr("no use without `replicates`"));
  EXPECT_THAT(said("study = \"study.toml\"\nresults = [\"final.contacts\"]\n" + axis + "count = 2\n"), AllOf(HasSubstr("C132"), HasSubstr("c.toml:2:12")));
  EXPECT_THAT(said("study = \"study.toml\"\ndesign = \"list\"\ntable = \"l.csv\"\n"), HasSubstr("D001"));
  write(folder / "l.csv", "flaw.dept [um],seed\n1,1.5\n");
  EXPECT_THAT(said("study = \"study.toml\"\ndesign = \"list\"\ntable = \"l.csv\"\nrun = 3\n"), AllOf(HasSubstr("C120"), HasSubstr("whole number"), HasSubstr("C004")));
  EXPECT_THAT(said("study = \"study.toml\"\nreplicates = 1000000\n" + axis + "count = 1000000\n"), HasSubstr("more than 1000000000 runs"));
  EXPECT_THAT(run({"campaign", "c.toml"}).err, HasSubstr("--output"));
  EXPECT_THAT(campaign("study.toml").err, AllOf(HasSubstr("error"), Not(HasSubstr("B001"))));
}

TEST_F(Campaigns, OfEveryDesign) {
  const std::string axes = "[[axis]]\nkey = \"contact.initial\"\nfrom = 0.1\nto = 0.5\n[[axis]]\nkey = \"flaw.depth\"\ndistribution = \"log-normal\"\n"
                           "median = \"5 um\"\nsigma = 0.3\n[[axis]]\nkey = \"mechanisms.fatigue\"\nvalues = [\"true\", \"false\"]\n";
  const auto rows = [&](const std::string& top, const std::string& rest) {
    write(folder / "c.toml", "study = \"study.toml\"\nresults = [\"ccd\"]\n" + top + rest);
    const Said said = campaign("t.csv");
    EXPECT_EQ(said.code, 0) << said.err;
    return campaign::read_table(folder / "t.csv");
  };
  const auto lhs = rows("design = \"latin hypercube\"\nruns = 40\n", axes);
  ASSERT_EQ(lhs.rows(), 40u);
  std::set<int> slices;
  for (const double value : lhs.axes[0]) slices.insert(static_cast<int>((value - 0.1) / 0.4 * 40));
  EXPECT_EQ(slices.size(), 40u) << "one point in every slice";
  EXPECT_EQ(std::count(lhs.axis_words[2].begin(), lhs.axis_words[2].end(), "true"), 20);
  const auto below = std::count_if(lhs.axes[1].begin(), lhs.axes[1].end(), [](double value) { return value < 5.0; });
  EXPECT_EQ(below, 20) << "half of a log-normal lies below its median";
  EXPECT_EQ(rows("design = \"sobol\"\nruns = 16\n", axes).rows(), 16u);
  EXPECT_EQ(rows("design = \"morris\"\nruns = 5\n", axes).rows(), 20u);
  EXPECT_EQ(rows("design = \"saltelli\"\nruns = 4\n", axes).rows(), 20u);
  write(folder / "l.csv", "contact.initial,values.hold [min],explanation\n0.3,,\"no hold stated, the study's\"\n0.2,10,\n");
  const auto list = rows("design = \"list\"\ntable = \"l.csv\"\nreplicates = 2\nseeds = \"own\"\nfirst_seed = 7\n", "");
  ASSERT_EQ(list.rows(), 4u);
  EXPECT_EQ(list.seeds, (std::vector<std::uint64_t>{7, 8, 9, 10}));
  EXPECT_TRUE(std::isnan(list.axes[1][0]));
  EXPECT_EQ(list.axes[1][2], 10.0);
}

TEST_F(Campaigns, PlainNumbersAreInTheUnitOfTheKey) {
  const auto rows = [&](const std::string& axis) {
    write(folder / "c.toml", "study = \"study.toml\"\nresults = [\"end\"]\n[[axis]]\n" + axis);
    const Said said = campaign("t.csv");
    EXPECT_EQ(said.code, 0) << said.err;
    return said.code == 0 ? campaign::read_table(folder / "t.csv").axes.at(0) : std::vector<double>{};
  };
  EXPECT_EQ(rows("key = \"flaw.depth [um]\"\nvalues = [3, 4.5]\n"), (std::vector<double>{3.0, 4.5}));
  EXPECT_EQ(rows("key = \"flaw.depth [um]\"\nvalues = [\"3\", \"0.0045 mm\"]\n"), (std::vector<double>{3.0, 4.5})) << "texts with a unit are converted to it";
  EXPECT_THAT(table("t.csv"), HasSubstr("flaw.depth [um]"));
  EXPECT_EQ(rows("key = \"values.hold [min]\"\nvalues = [1, 2]\n"), (std::vector<double>{1.0, 2.0}));
  EXPECT_EQ(rows("key = \"contact.initial\"\nvalues = [0.2, 0.3]\n"), (std::vector<double>{0.2, 0.3}));
  EXPECT_EQ(rows("key = \"flaw.depth [um]\"\nfrom = 2\nto = \"6 um\"\ncount = 3\n"), (std::vector<double>{2.0, 4.0, 6.0}));
  const auto said = [&](const std::string& axis) {
    write(folder / "c.toml", "study = \"study.toml\"\n[[axis]]\n" + axis);
    return campaign("t.csv").err;
  };
  EXPECT_THAT(said("key = \"flaw.depth\"\nvalues = [3, 4]\n"), HasSubstr("C121")) << "a bare number where a unit belongs";
  EXPECT_THAT(said("key = \"flaw.depth [min]\"\nvalues = [3, 4]\n"), HasSubstr("C121"));
  EXPECT_THAT(said("key = \"flaw.depth [um]\"\nvalues = [3, -4]\n"), HasSubstr("C123"));
  EXPECT_THAT(said("key = \"flaw.depth [um]\"\nvalues = [3, \"4 um\"]\n"), HasSubstr("c.toml:4:11"));
}

TEST_F(Campaigns, AMaximinHypercubePushesItsPointsApart) {
  const auto nearest = [&](const std::string& pairing) {
    write(folder / "c.toml", "study = \"study.toml\"\nresults = [\"end\"]\ndesign = \"latin hypercube\"\nruns = 20\n" + pairing +
                                 "[[axis]]\nkey = \"contact.initial\"\nfrom = 0.1\nto = 0.5\n[[axis]]\nkey = \"flaw.depth [um]\"\nfrom = 2\nto = 6\n");
    const Said said = campaign("t.csv");
    EXPECT_EQ(said.code, 0) << said.err;
    const campaign::NumberTable t = campaign::read_table(folder / "t.csv");
    double least = 2.0;
    for (std::size_t a = 0; a < t.rows(); ++a)
      for (std::size_t b = 0; b < a; ++b) least = std::min(least, std::hypot((t.axes[0][a] - t.axes[0][b]) / 0.4, (t.axes[1][a] - t.axes[1][b]) / 4.0));
    return least;
  };
  EXPECT_GT(nearest("pairing = \"maximin\"\n"), 1.2 * nearest("pairing = \"random\"\n"));
  write(folder / "c.toml", "study = \"study.toml\"\ndesign = \"latin hypercube\"\nruns = 1001\npairing = \"maximin\"\n[[axis]]\nkey = \"contact.initial\"\nfrom = 0.1\nto = 0.5\n");
  EXPECT_THAT(campaign("t.csv").err, HasSubstr("at most 1000 runs"));
  write(folder / "c.toml", "study = \"study.toml\"\ndesign = \"sobol\"\nruns = 8\npairing = \"maximin\"\n[[axis]]\nkey = \"contact.initial\"\nfrom = 0.1\nto = 0.5\n");
  EXPECT_THAT(campaign("t.csv").err, HasSubstr("pairing"));
}

TEST_F(Campaigns, JudgedResultsAreThoseOfTheJudge) {
  write(folder / "c.toml", "study = \"study.toml\"\nresults = [\"ccd\", \"judged.ccd\", \"judged.verdict\"]\n[[axis]]\nkey = \"values.hold\"\nvalues = \"1, 30 min\"\n");
  ASSERT_EQ(campaign("t.csv").code, 0);
  const auto t = campaign::read_table(folder / "t.csv");
  for (std::size_t k = 0; k < 2; ++k) {
    EXPECT_NEAR(t.results[1][k], t.results[0][k], 1e-6);
    EXPECT_EQ(t.result_words[2][k], "hard short");
  }
}

TEST_F(Campaigns, MemoryDoesNotGrowWithTheRuns) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "the address sanitizer keeps what is freed";
#endif
  write(folder / "short.toml", "extends = \"studies/ham2022/symmetric.toml\"\ntest = [\"Hold at 25 MPa for 1 s\"]\n");
  const auto peak = [&](int runs) { // kB
    write(folder / "c.toml", "study = \"short.toml\"\ndesign = \"latin hypercube\"\nruns = " + std::to_string(runs) +
                                 "\nresults = [\"duration\", \"end\", \"final.stack_pressure\"]\n"
                                 "[[axis]]\nkey = \"contact.initial\"\nfrom = 0.1\nto = 0.5\n[[axis]]\nkey = \"flaw.depth\"\nfrom = \"1 um\"\nto = \"9 um\"\n");
    const pid_t child = ::fork();
    if (child == 0) become({"campaign", "c.toml", "--output", "t.csv", "--threads", "2"}, {}, "/dev/null", "/dev/null");
    int status = 0;
    rusage usage{};
    ::wait4(child, &status, 0, &usage);
    EXPECT_EQ(status, 0);
    return usage.ru_maxrss;
  };
  const long few = peak(500), many = peak(50000);
  EXPECT_GT(fs::file_size(folder / "t.csv"), 4'000'000u) << "held, the rows would show";
  EXPECT_LT(many - few, 2000) << few << " kB and " << many << " kB";
}

TEST_F(Campaigns, TheExamplesRun) {
  for (const char* name : {"hold-pressure", "loading-fixture"}) {
    const std::string file = (fs::path(PLATEN_SOURCE_DIR) / "examples" / "campaigns" / (std::string(name) + ".toml")).string();
    const Said said = run({"campaign", file, "--output", "t.csv", "--progress"});
    EXPECT_EQ(said.code, 0) << said.err;
    EXPECT_THAT(said.out, Not(HasSubstr("failed")));
  }
}

} // namespace
} // namespace platen::test

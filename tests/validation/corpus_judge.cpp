// The judge before labelled cells of the evaluation set: the aims as shown figures, and a guard against getting worse.

#include "referee/measure.hpp"
#include "report/corpus.hpp"

#include <algorithm>
#include <cstdio>
#include <gtest/gtest.h>

namespace platen::referee {
namespace {

Plan plan(corpus::Set set, std::size_t cells, unsigned threads) {
  Plan p;
  p.set = set;
  p.cells = cells;
  p.threads = threads;
  p.ablation = false;
  return p;
}

TEST(CorpusJudge, SetsAreDisjointAndHoldEveryKind) {
  const std::vector<std::string> sets = corpus::set_labels();
  EXPECT_EQ(sets.front(), corpus::label(corpus::Set::development));
  EXPECT_EQ(sets.back(), corpus::label(corpus::Set::last));
  for (std::size_t k = 0; k < sets.size(); ++k) {
    EXPECT_EQ(corpus::label(corpus::set_of(sets[k])), sets[k]);
    EXPECT_EQ(corpus::seed_of(corpus::set_of(sets[k]), 0), 1'000'000 * (k + 1)) << "what a seed makes must not change with the number of sets";
  }
  const std::vector<Judged> cells = judge_cells(plan(corpus::Set::development, 100, 0));
  for (const Summary& s : summaries(cells)) {
    if (s.name == "all") continue;
    const std::size_t kinds = corpus::kinds(s.name == "simulated" ? corpus::Generator::simulated : corpus::Generator::described).size();
    EXPECT_EQ(s.kinds.size(), kinds) << "any hundred cells in a row hold every kind";
  }
}

TEST(CorpusJudge, SameAnswersOnAnyNumberOfThreads) {
  const auto csv = [](unsigned threads) { return report::csv(judge_cells(plan(corpus::Set::development, 60, threads))); };
  const std::string one = csv(1);
  EXPECT_EQ(one, csv(4));
  EXPECT_EQ(std::count(one.begin(), one.end(), '\n'), 121);
}

/// Lower (or upper) 95 % bound of the figures of this very run when the guard was last set; not an aim.
struct Guard {
  const char* aim;
  double simulated, described;
};

TEST(CorpusJudge, AimsOnTheEvaluationSet) {
  const std::vector<Judged> cells = judge_cells(plan(corpus::set_of("evaluation-1"), 500, 2));
  const std::vector<Summary> all = summaries(cells);
  std::printf("%-10s %-52s %8s %-42s %s\n", "cells", "what was asked", "aim", "figure (counts; 95 % bounds)", "");
  for (const Summary& s : all)
    for (const Aim& a : s.aims)
      std::printf("%-10s %-52s %6g %% %-42s %s\n", s.name.c_str(), a.name.c_str(), 100.0 * a.wanted, report::rate_phrase(a.rate).c_str(),
                  !a.met() ? "no such cells" : *a.met() ? "met" : "MISSED");
  // A figure that falls below the bound of what it was has got worse, chance apart.
  constexpr Guard guards[] = {{"hard shorts found", 0.963, 0.948},
                              {"soft shorts longer than 2 min found", 0.681, 0.614},
                              {"onset of found hard shorts within a sample or 30 s", 0.820, 0.802},
                              {"onset of found soft shorts within a sample or 30 s", 0.492, 0.477},
                              {"healthy cells called shorted", 0.015, 0.029}};
  for (const Guard& g : guards)
    for (const Summary& s : all) {
      if (s.name == "all") continue;
      const auto aim = std::find_if(s.aims.begin(), s.aims.end(), [&](const Aim& a) { return a.name == g.aim; });
      ASSERT_NE(aim, s.aims.end());
      ASSERT_GT(aim->rate.of, 10u) << s.name << ": " << g.aim;
      const double bound = s.name == "simulated" ? g.simulated : g.described;
      if (aim->at_least) {
        EXPECT_GE(aim->rate.value(), bound) << s.name << ": " << g.aim;
      } else {
        EXPECT_LE(aim->rate.value(), bound) << s.name << ": " << g.aim;
      }
    }
}

} // namespace
} // namespace platen::referee

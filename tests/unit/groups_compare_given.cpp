// What `compare` takes from its parts: fits, tests, plan and notes of made-up groups.

#include "groups/compare.hpp"

#include <algorithm>
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace platen::groups {
namespace {

using testing::HasSubstr;

CcdRow cell(double low, double high, double minutes, const std::string& word = "x") {
  CcdRow row;
  row.name = "c";
  if (low > 0.0) row.last_passed = low;
  if (std::isfinite(high)) row.failing_step = high;
  row.set({"soak", 60.0 * minutes, dim::time, "min", {}});
  row.set({"word", {}, {}, {}, word});
  return row;
}

CompareOptions quick(const std::string& by) {
  CompareOptions out;
  out.by = by;
  out.simulations = 50;
  out.resamples = 50;
  out.deals = 200;
  return out;
}

/// Six cells each at 1 and 30 min, and at 5 min where `three`.
std::vector<CcdRow> groups(bool three) {
  std::vector<CcdRow> out;
  for (int k = 0; k < 6; ++k) {
    out.push_back(cell(5.0 + k, 6.0 + k, 1.0, "a"));
    out.push_back(cell(11.0 + k, 12.0 + k, 30.0, "b"));
    if (three) out.push_back(cell(9.0 - k, 10.0 - k, 5.0, "c"));
  }
  return out;
}

constexpr double open = std::numeric_limits<double>::infinity();

TEST(GroupsCompareGiven, FitsAreThoseOfTheGroupAlone) {
  const Comparison c = compare(groups(false), quick("soak"));
  ASSERT_EQ(c.groups.size(), 2u);
  const Group& g = c.groups[0];
  ASSERT_EQ(g.fits.size(), 2u);
  EXPECT_LE(g.fits[0].aicc, g.fits[1].aicc);
  const Design design = intercept_only(6);
  for (const GroupFit& f : g.fits) {
    const AftFit middle = fit_aft(f.fit.distribution, g.sample, design, 0.5), tenth = fit_aft(f.fit.distribution, g.sample, design, 0.1);
    EXPECT_NEAR(f.median, std::exp(middle.beta[0]), 1e-9);
    EXPECT_NEAR(f.tenth, std::exp(tenth.beta[0]), 1e-9);
    EXPECT_NEAR(f.aicc, -2.0 * middle.log_likelihood + 4.0 + 12.0 / 3.0, 1e-9) << "two numbers of six cells";
    const Bounds b = profile_beta(middle, g.sample, design, 0, Cut::small_group, 0.95, 0.5), t = profile_beta(tenth, g.sample, design, 0, Cut::small_group, 0.95, 0.1);
    EXPECT_NEAR(f.median_bounds.low, std::exp(b.low), 1e-9);
    EXPECT_NEAR(f.median_bounds.high, std::exp(b.high), 1e-9);
    EXPECT_NEAR(f.tenth_bounds.low, std::exp(t.low), 1e-9);
    EXPECT_NEAR(f.tenth_bounds.high, std::exp(t.high), 1e-9);
  }
}

TEST(GroupsCompareGiven, GroupsThatCannotBeFittedSayWhy) {
  const Comparison c = compare({cell(0, 3, 1), cell(0, 3, 1), cell(5, 6, 2), cell(6, 7, 2), cell(7, open, 3), cell(8, open, 3)}, quick("soak"));
  ASSERT_EQ(c.groups.size(), 3u);
  EXPECT_THAT(c.groups[0].no_fit, HasSubstr("every short came in the first step"));
  EXPECT_TRUE(c.groups[1].no_fit.empty());
  EXPECT_THAT(c.groups[2].no_fit, HasSubstr("no short was seen"));
}

TEST(GroupsCompareGiven, StepsOfTwoFilesAreOne) {
  const Comparison c = compare({cell(5.0, 6.0, 1), cell(6.004, 7.0, 1), cell(4.0, 5.003, 1)}, quick("soak"));
  EXPECT_EQ(c.groups[0].sample[0].high, c.groups[0].sample[1].low);
  EXPECT_EQ(c.groups[0].turnbull.masses.size(), 3u);
}

TEST(GroupsCompareGiven, TestsHaveTheirOwnScoresAndATrendNeedsThreeNumbers) {
  const Comparison two = compare(groups(false), quick("soak")), three = compare(groups(true), quick("soak")), words = compare(groups(true), quick("word"));
  EXPECT_FALSE(two.trend);
  EXPECT_FALSE(words.trend) << "words have no order";
  ASSERT_TRUE(three.trend && three.log_rank && three.wilcoxon);
  std::vector<Interval> pooled;
  std::vector<double> place;
  std::vector<std::size_t> group;
  for (std::size_t g = 0; g < 3; ++g) {
    std::vector<Interval> sample = three.groups[g].sample;
    std::sort(sample.begin(), sample.end(), [](const Interval& a, const Interval& b) { return a.low < b.low; });
    for (const Interval& i : sample) {
      pooled.push_back(i);
      place.push_back(static_cast<double>(g));
      group.push_back(g);
    }
  }
  const Turnbull all = turnbull(pooled);
  const auto log_rank = scores_of(Scores::log_rank, pooled, all), wilcoxon = scores_of(Scores::wilcoxon, pooled, all);
  EXPECT_NEAR(three.trend->statistic, permute_trend(log_rank, place, {.deals = 1}).statistic, 1e-9);
  EXPECT_NEAR(three.log_rank->statistic, permute_groups(log_rank, group, {.deals = 1}).statistic, 1e-9);
  EXPECT_NEAR(three.wilcoxon->statistic, permute_groups(wilcoxon, group, {.deals = 1}).statistic, 1e-9);
  EXPECT_GT(std::abs(three.wilcoxon->statistic - three.log_rank->statistic), 1e-3);
}

TEST(GroupsCompareGiven, APlanTakesTheRampAndTheScatterOfTheCells) {
  std::vector<CcdRow> rows = groups(false);
  const double grids[] = {0.5, 0.5, 0.5, 2.0};
  for (std::size_t k = 0; k < 4; ++k) rows[k].grid = grids[k];
  const Comparison c = compare(rows, quick("soak"));
  ASSERT_TRUE(c.plan) << c.no_plan;
  const PlanQuestion& q = c.plan->question;
  EXPECT_NEAR(q.difference, 2.0, 1e-12) << "0.2 mA/cm2";
  EXPECT_NEAR(q.ramp.increment, 0.5, 1e-12) << "the usual grid";
  EXPECT_NEAR(q.ramp.start, 0.5, 1e-12) << "the first step";
  EXPECT_NEAR(q.median, c.groups[0].fits[0].median, 1e-9);
  const auto within = regress(c.rows, [&] {
    std::vector<Interval> sample(c.rows.size());
    for (const Group& g : c.groups)
      for (std::size_t k = 0; k < g.members.size(); ++k) sample[g.members[k]] = g.sample[k];
    return sample;
  }(), std::vector<Term>{{"soak", Term::Kind::category}});
  EXPECT_NEAR(q.sigma, within.front().fit.sigma, 1e-9);
  EXPECT_EQ(q.distribution, within.front().distribution);
  EXPECT_NEAR(q.ramp.cap, std::max(17.0, (q.median + 2.0) * std::exp(2.0 * q.sigma)), 1e-9);
  CompareOptions far = quick("soak");
  far.difference = 30.0;
  EXPECT_NEAR(compare(rows, far).plan->question.ramp.cap, (q.median + 30.0) * std::exp(2.0 * q.sigma), 1e-9) << "a cap below the higher median would hide it";
  far.scatter = 0.3;
  far.median = 8.0;
  far.grid = 0.25;
  far.start = 2.0;
  far.cap = 60.0;
  const PlanQuestion said = compare(rows, far).plan->question;
  EXPECT_EQ(said.sigma, 0.3);
  EXPECT_EQ(said.median, 8.0);
  EXPECT_EQ(said.ramp.increment, 0.25);
  EXPECT_EQ(said.ramp.start, 2.0);
  EXPECT_EQ(said.ramp.cap, 60.0);
}

TEST(GroupsCompareGiven, ACapThatNoCellReachedIsTheHighestStepThatWasTried) {
  std::vector<CcdRow> rows = groups(false);
  rows.push_back(cell(90.0, 91.0, 30.0, "b"));
  EXPECT_NEAR(compare(rows, quick("soak")).plan->question.ramp.cap, 91.0, 1e-9);
}

TEST(GroupsCompareGiven, TheBetterDistributionIsPlannedWith) {
  std::vector<CcdRow> rows; // a long tail downwards is Weibull's, one upwards the log-normal's
  const double up[] = {5.0, 5.2, 5.4, 5.7, 6.2, 7.0, 9.0, 14.0}, down[] = {3.0, 6.0, 8.0, 9.0, 9.5, 9.8, 10.0, 10.1};
  for (const double x : up) {
    rows.push_back(cell(x, x + 0.1, 1.0));
    rows.push_back(cell(2.0 * x, 2.0 * x + 0.1, 30.0));
  }
  EXPECT_EQ(compare(rows, quick("soak")).plan->question.distribution, Distribution::log_normal);
  rows.clear();
  for (const double x : down) {
    rows.push_back(cell(x, x + 0.1, 1.0));
    rows.push_back(cell(2.0 * x, 2.0 * x + 0.1, 30.0));
  }
  EXPECT_EQ(compare(rows, quick("soak")).plan->question.distribution, Distribution::weibull);
}

std::string notes_of(const Comparison& c) {
  std::string out;
  for (const std::string& note : c.notes) out += note + "\n";
  return out;
}

TEST(GroupsCompareGiven, NotesSayWhatToKeepInMind) {
  std::vector<CcdRow> rows;
  for (int k = 0; k < 4; ++k) rows.push_back(cell(5.0 + k, 6.0 + k, 1.0));
  for (int k = 0; k < 5; ++k) rows.push_back(cell(7.0, 8.0, 30.0));
  for (std::size_t k = 0; k < rows.size(); ++k) rows[k].set({"seed", k < 4 ? 3.0 + static_cast<double>(k) : 0.0, dim::none, "", {}});
  rows[0].set({"seed", 0.0, dim::none, "", {}}); // no seed, as five of the other group
  const std::string apart = notes_of(compare(rows, quick("soak")));
  EXPECT_THAT(apart, HasSubstr("fewer than five cells: 1 min;"));
  EXPECT_THAT(apart, HasSubstr("30 min: the steps of the ramp are too coarse to show a scatter"));
  EXPECT_THAT(apart, testing::Not(HasSubstr("same seeds")));
  rows[5].set({"seed", 4.0, dim::none, "", {}});
  EXPECT_THAT(notes_of(compare(rows, quick("soak"))), HasSubstr("same seeds (4)")) << "and no seed that one group alone has";
  EXPECT_THAT(notes_of(compare(groups(false), quick("soak"))), testing::Not(HasSubstr("so few cells")));
  std::vector<CcdRow> few;
  for (int k = 0; k < 3; ++k) {
    few.push_back(cell(5.0 + k, 6.0 + k, 1.0));
    few.push_back(cell(15.0 + k, 16.0 + k, 30.0));
  }
  EXPECT_THAT(notes_of(compare(few, quick("soak"))), HasSubstr("so few cells cannot give a p-value below 0.1, whatever they do"));
}

TEST(GroupsCompareGiven, WhatChangesWithTheGroupsIsNamed) {
  std::vector<CcdRow> rows = groups(false);
  EXPECT_THAT(notes_of(compare(rows, quick("soak"))), HasSubstr("changes with the groups as well: word;"));
  for (CcdRow& row : rows) row.set({"configuration", {}, {}, {}, "symmetric"});
  for (std::size_t k = 0; k < rows.size(); ++k) rows[k].set({"seed", static_cast<double>(k % 2), dim::none, "", {}});
  EXPECT_THAT(notes_of(compare(rows, quick("soak"))), testing::AllOf(HasSubstr("as well: word;"), testing::Not(HasSubstr("configuration")))) << "alike in all cells";
  rows[4].set({"word", {}, {}, {}, "b"});
  EXPECT_THAT(notes_of(compare(rows, quick("soak"))), testing::Not(HasSubstr("as well"))) << "one cell tells them apart";
  EXPECT_THAT(notes_of(compare(groups(false), quick(""))), testing::Not(HasSubstr("as well"))) << "there is one group";
}

TEST(GroupsCompareGiven, SymmetricAndFullCellsInOneGroupAreTold) {
  std::vector<CcdRow> rows = groups(false);
  for (std::size_t k = 0; k < rows.size(); ++k) rows[k].set({"configuration", {}, {}, {}, k == 3 ? "full" : "symmetric"});
  EXPECT_THAT(notes_of(compare(rows, quick("soak"))), HasSubstr("cells of several kinds (symmetric, full) stand in one group"));
  EXPECT_THAT(notes_of(compare(rows, quick("configuration"))), testing::Not(HasSubstr("several kinds"))) << "each kind has its group";
}

} // namespace
} // namespace platen::groups

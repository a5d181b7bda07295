// Counting: what a judge said, held against what was true.

#include "base/error.hpp"
#include "referee/measure.hpp"
#include "report/corpus.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

namespace platen::referee {
namespace {

using corpus::Condition;

/// Ten half cycles of 900 s; those from `first` to `last` (from 0) are called shorted.
Assessment assessment(Verdict verdict, int first, int last, std::optional<double> onset) {
  Assessment a;
  a.verdict = verdict;
  a.onset = onset;
  for (int k = 0; k < 10; ++k) {
    HalfCycleAssessment h;
    h.half_cycle.start = 900.0 * k;
    h.half_cycle.end = 900.0 * (k + 1);
    const bool called = k >= first && k <= last;
    h.verdict = called ? Verdict::soft_short : Verdict::healthy;
    h.score = called ? 0.8 : 0.1;
    a.half_cycles.push_back(h);
  }
  return a;
}

/// A soft short from `start` to `end` in rows 10 s apart.
corpus::Label soft(double start, double end) {
  corpus::Label l;
  l.condition = Condition::soft_short;
  l.kind = "dips with recovery";
  l.shorts = {{start, end, 0.4}};
  l.onset_from = start;
  l.onset_to = start + 100.0;
  l.duration = end - start;
  l.share = 0.4;
  l.interval = 10.0;
  return l;
}

TEST(RefereeAnswer, ShortInItsOwnHalfCycleIsFound) {
  const Answer a = answer_of(assessment(Verdict::soft_short, 4, 5, 3700.0), soft(3650.0, 5000.0));
  EXPECT_TRUE(a.alarm);
  EXPECT_TRUE(a.found);
  EXPECT_FALSE(a.early);
  EXPECT_DOUBLE_EQ(*a.onset_error, 0.0) << "between the leak's beginning and its first tenth";
  EXPECT_DOUBLE_EQ(a.score_in_short, 0.8);
}

TEST(RefereeAnswer, AlarmElsewhereFindsNothing) {
  const Answer a = answer_of(assessment(Verdict::soft_short, 1, 2, 950.0), soft(3650.0, 5000.0));
  EXPECT_TRUE(a.alarm);
  EXPECT_FALSE(a.found);
  EXPECT_TRUE(a.early);
  EXPECT_DOUBLE_EQ(*a.onset_error, -2700.0);
  EXPECT_DOUBLE_EQ(a.score, 0.8);
  EXPECT_DOUBLE_EQ(a.score_in_short, 0.1);
}

TEST(RefereeAnswer, AShortIsFoundInTheHalfCycleBesideItWithinTheTolerance) {
  const auto found = [](double start, double end) { return answer_of(assessment(Verdict::soft_short, 4, 4, 3700.0), soft(start, end)).found; }; // 3600 to 4500 s
  EXPECT_TRUE(found(3500.0, 3580.0));
  EXPECT_FALSE(found(3500.0, 3560.0));
  EXPECT_TRUE(found(4520.0, 4600.0));
  EXPECT_FALSE(found(4540.0, 4600.0));
}

TEST(RefereeAnswer, LateOnsetCountsFromTheFirstTenth) {
  EXPECT_DOUBLE_EQ(*answer_of(assessment(Verdict::soft_short, 4, 5, 4000.0), soft(3650.0, 5000.0)).onset_error, 250.0);
}

TEST(RefereeAnswer, WithinTheToleranceNothingIsEarly) {
  const Answer a = answer_of(assessment(Verdict::soft_short, 4, 5, 3630.0), soft(3650.0, 5000.0));
  EXPECT_DOUBLE_EQ(*a.onset_error, -20.0);
  EXPECT_FALSE(a.early);
}

TEST(RefereeJudged, HalfCyclesAreCountedByWhatWasTrueOfThem) {
  std::vector<double> t, i, v;
  for (int k = 1; k <= 360; ++k) { // four half cycles of 900 s
    const double current = (k - 1) / 90 % 2 == 0 ? 1e-3 : -1e-3;
    t.push_back(10.0 * k);
    i.push_back(current);
    v.push_back(60.0 * current);
  }
  corpus::Cell cell;
  cell.record.set(col::test_time, t);
  cell.record.set(col::current, i);
  cell.record.set(col::voltage, v);
  cell.record.cell.configuration = Configuration::symmetric;
  cell.label = soft(950.0, 970.0);
  const HalfCycles few = judge_cell(cell, false).half_cycles;
  EXPECT_EQ(few.before, 1u);
  EXPECT_EQ(few.during, 0u) << "20 s are less than a tenth of the half cycle";
  EXPECT_EQ(few.after, 2u);
  cell.label = soft(950.0, 1100.0);
  EXPECT_EQ(judge_cell(cell, false).half_cycles.during, 1u);
  for (std::size_t k = 0; k < t.size(); ++k) t[k] *= 0.1; // 90 s each
  cell.record.set(col::test_time, t);
  cell.label = soft(95.0, 104.5);
  EXPECT_EQ(judge_cell(cell, false).half_cycles.during, 0u) << "more than a tenth, but less than ten seconds";
}

TEST(RefereeAnswer, HealthyVerdictIsNoAlarm) {
  const Answer a = answer_of(assessment(Verdict::contact_loss, 4, 5, std::nullopt), soft(3650.0, 5000.0));
  EXPECT_FALSE(a.alarm);
  EXPECT_FALSE(a.found);
  EXPECT_FALSE(answer_of(assessment(Verdict::contact_loss, 4, 5, 3700.0), soft(3650.0, 5000.0)).onset_error) << "of a short that was not called";
}

TEST(RefereeAnswer, ToleranceIsASampleWhereThatIsLonger) {
  corpus::Label l = soft(0.0, 10.0);
  EXPECT_DOUBLE_EQ(tolerance(l), 30.0);
  l.interval = 60.0;
  EXPECT_DOUBLE_EQ(tolerance(l), 60.0);
}

Judged judged(const corpus::Label& label, Verdict verdict, bool found, double score) {
  Judged j;
  j.label = label;
  j.answer.verdict = verdict;
  j.answer.alarm = verdict == Verdict::soft_short;
  j.answer.found = found;
  j.answer.score = j.answer.score_in_short = score;
  return j;
}

corpus::Label healthy() {
  corpus::Label l;
  l.kind = "healthy";
  return l;
}

TEST(RefereeSummary, CountsEveryCellOnce) {
  std::vector<Judged> cells;
  for (int k = 0; k < 8; ++k) cells.push_back(judged(soft(3650.0, 5000.0), k < 6 ? Verdict::soft_short : Verdict::healthy, k < 6, k < 6 ? 0.7 : 0.2));
  cells.push_back(judged(soft(3650.0, 3700.0), Verdict::healthy, false, 0.1)); // 50 s: not asked for
  for (int k = 0; k < 20; ++k) cells.push_back(judged(healthy(), k < 1 ? Verdict::soft_short : Verdict::healthy, false, k < 1 ? 0.9 : 0.3));
  cells[0].answer.onset_error = -100.0;
  cells[1].answer.onset_error = 20.0;
  cells[2].answer.onset_error = 100.0;
  cells.push_back(judged(soft(3650.0, 3700.0), Verdict::soft_short, false, 0.1));
  cells.back().label.condition = Condition::faint_leak;
  const Summary s = summarise(cells, "made up");
  const auto aim = [&](std::string_view name) { return *std::find_if(s.aims.begin(), s.aims.end(), [&](const Aim& a) { return a.name == name; }); };
  EXPECT_EQ(aim("soft shorts longer than 2 min found").rate.hits, 6u);
  EXPECT_EQ(aim("soft shorts longer than 2 min found").rate.of, 8u);
  EXPECT_FALSE(*aim("soft shorts longer than 2 min found").met());
  EXPECT_EQ(aim("onset of found soft shorts within a sample or 30 s").rate.hits, 1u) << "too early is as wrong as too late";
  EXPECT_EQ(aim("onset of found soft shorts within a sample or 30 s").rate.of, 6u);
  EXPECT_EQ(aim("healthy cells called shorted").rate.hits, 1u);
  EXPECT_FALSE(*aim("healthy cells called shorted").met());
  EXPECT_FALSE(aim("hard shorts found").met()) << "there is none";
  std::size_t all = 0;
  for (const auto& row : s.confusion)
    for (const std::size_t n : row) all += n;
  EXPECT_EQ(all, cells.size());
  EXPECT_EQ(s.confusion[3][0], 3u) << "soft shorts called healthy";
  EXPECT_EQ(s.confusion[0][2], 1u) << "healthy ones called soft shorts";
  EXPECT_EQ(s.by_duration[1].rate.of, 1u) << "30 s to 2 min";
  EXPECT_EQ(s.by_duration[3].rate.of, 8u) << "10 min to 1 h";
  EXPECT_EQ(s.by_share[3].rate.of, 10u) << "35 to 60 %, faint leaks among them";
  const OperatingPoint& half = s.curve[9];
  EXPECT_NEAR(half.score, 0.5, 1e-12);
  EXPECT_EQ(half.soft.hits, 6u);
  EXPECT_EQ(half.alarms.hits, 1u);
  EXPECT_EQ(s.curve[4].alarms.hits, 20u) << "at 0.25 every healthy cell";
}

TEST(RefereeSummary, ATestIsWorthWhatIsLostWithoutIt) {
  std::vector<Judged> cells{judged(soft(3650.0, 5000.0), Verdict::soft_short, true, 0.7), judged(soft(3650.0, 5000.0), Verdict::soft_short, true, 0.7),
                            judged(healthy(), Verdict::soft_short, false, 0.6)};
  cells[0].without = {{"noise", false, false}};
  cells[1].without = {{"noise", true, true}};
  cells[2].without = {{"noise", false, false}};
  const Summary s = summarise(cells, "made up");
  ASSERT_EQ(s.tests.size(), 1u);
  EXPECT_EQ(s.tests[0].made, 3u);
  EXPECT_EQ(s.tests[0].lost, 1u);
  EXPECT_EQ(s.tests[0].found.hits, 1u);
  EXPECT_EQ(s.tests[0].alarms_less, 1u);
  EXPECT_EQ(s.tests[0].alarms_more, 0u);
}

TEST(RefereeSummary, WhatWasSeenElsewhereOrNotFoundCountsForNothing) {
  Judged elsewhere = judged(soft(3650.0, 5000.0), Verdict::soft_short, false, 0.9), faint = judged(soft(3650.0, 5000.0), Verdict::soft_short, true, 0.9);
  elsewhere.answer.score_in_short = 0.1;
  elsewhere.answer.onset_error = -2000.0;
  elsewhere.half_cycles = {4, 1, 2, 0, 0, 0};
  elsewhere.without = {{"noise", true, false}};
  faint.label.condition = Condition::faint_leak;
  faint.label.kind = "faint leak";
  faint.half_cycles = {4, 2, 2, 2, 0, 0};
  Judged quiet = judged(healthy(), Verdict::healthy, false, 0.1);
  quiet.without = {{"noise", false, false}};
  const Summary s = summarise({elsewhere, faint, quiet}, "made up");
  EXPECT_EQ(s.curve[9].soft.hits, 0u) << "its score is not that of the short";
  EXPECT_EQ(s.onset.count, 0u);
  EXPECT_EQ(s.before.of, 4u);
  EXPECT_EQ(s.during.of, 2u);
  const auto row = std::find_if(s.kinds.begin(), s.kinds.end(), [](const KindRow& k) { return k.kind == "faint leak"; });
  ASSERT_NE(row, s.kinds.end());
  EXPECT_EQ(row->alarms.of, 0u);
  EXPECT_EQ(row->faint.hits, 1u);
  ASSERT_EQ(s.tests.size(), 1u);
  EXPECT_EQ(s.tests[0].lost, 0u) << "it was not found with the test either";
  EXPECT_EQ(s.tests[0].alarms_less, 0u);
}

TEST(RefereeSummary, WhoKnowsTheHabitsSaysWhatCouldBeFoundAndDated) {
  Judged hidden = judged(soft(3650.0, 5000.0), Verdict::healthy, false, 0.1), missed = hidden, late = judged(soft(3650.0, 5000.0), Verdict::soft_short, true, 0.9);
  hidden.bound = Bound{.known = 20.0, .habits = 1.0, .within = 1.0, .told_after = 5.0};
  missed.bound = Bound{.known = 20.0, .habits = 20.0, .within = 1.0, .told_after = 5.0};
  late.bound = Bound{.known = 20.0, .habits = 20.0, .within = 20.0, .told_after = 500.0};
  late.answer.onset_error = 0.0;
  const Summary s = summarise({hidden, missed, late}, "made up");
  const Possible& soft_ones = s.possible.at(1);
  EXPECT_EQ(soft_ones.cells, 3u);
  EXPECT_EQ(soft_ones.hidden, 1u);
  EXPECT_EQ(soft_ones.missed, 1u);
  EXPECT_EQ(s.dated.at(1).told.hits, 0u);
  EXPECT_EQ(s.dated.at(1).told.of, 1u);
  EXPECT_EQ(s.dated.at(1).by_luck.hits, 1u);
}

TEST(RefereeSummary, RatesSayTheirBounds) {
  EXPECT_EQ(report::rate_phrase({0, 0}), "-");
  EXPECT_EQ(report::rate_phrase({0, 700}), "0.0 % (0 of 700; 0.0 to 0.5 %)");
  EXPECT_EQ(report::duration_bin({0.0, 30.0, {}}), "up to 30 s");
  EXPECT_EQ(report::share_bin({0.1, 0.2, {}}), "10 to 20 %");
}

TEST(RefereeMeasure, StopsWhenAsked) {
  std::atomic<bool> stop{false};
  std::size_t reports = 0;
  const work::Task task{&stop, [&](double) { stop = ++reports == 3; }};
  Plan plan;
  plan.cells = 10'000;
  plan.threads = 1;
  plan.ablation = false;
  EXPECT_THROW(judge_cells(plan, task), Cancelled);
  EXPECT_EQ(reports, 3u);
}

} // namespace
} // namespace platen::referee

// Limits of any judge: on twins made by hand, where the answer can be written down.

#include "referee/bound.hpp"
#include "referee/measure.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

namespace platen::referee {
namespace {

/// Ten half cycles of 900 s at 1 mA, rows 10 s apart, 60 ohm; `leaked` in volts of a row's time.
template <class Leaked> corpus::Twins twins(double noise, double onset, Leaked leaked) {
  corpus::Twins out;
  std::vector<double> t, i, v;
  for (int k = 1; k <= 900; ++k) {
    const double current = (k - 1) / 90 % 2 == 0 ? 1e-3 : -1e-3;
    t.push_back(10.0 * k);
    i.push_back(current);
    v.push_back(60.0 * current);
    out.twin.healthy.push_back(60.0 * current);
    out.twin.leaked.push_back(leaked(10.0 * k, current));
    out.twin.noise.push_back(noise);
  }
  out.cell.record.set(col::test_time, t);
  out.cell.record.set(col::current, i);
  out.cell.record.set(col::voltage, v);
  out.cell.label.condition = corpus::Condition::soft_short;
  out.cell.label.onset_from = out.cell.label.onset_to = onset;
  out.cell.label.interval = 10.0;
  return out;
}

double dip(double time, double current) { return time > 4000.0 && time <= 4100.0 ? (current > 0 ? -3e-3 : 3e-3) : 0.0; }

TEST(RefereeBound, ALeakCountsInNoiseOfItsRows) {
  const Bound b = bound_of(twins(1e-3, 4005.0, dip));
  EXPECT_NEAR(b.known, std::sqrt(10.0 * 9.0), 1e-9) << "ten rows of three standard deviations";
  EXPECT_LT(b.habits, b.known);
  EXPECT_GT(b.habits, 0.85 * b.known) << "no habit dips";
  EXPECT_LE(b.within, b.known);
  EXPECT_GT(b.within, 0.8 * b.known);
  EXPECT_NEAR(*b.told_after, 5.0, 1e-9) << "its first row is told";
}

TEST(RefereeBound, NoiseHidesAndDelays) {
  const Bound b = bound_of(twins(6e-3, 4005.0, dip)); // rows of half a standard deviation
  EXPECT_NEAR(b.known, std::sqrt(10.0 * 0.25), 1e-9);
  EXPECT_FALSE(b.told_after) << "2.5 in all, 3.84 is asked for";
  const Bound longer = bound_of(twins(6e-3, 4005.0, [](double t, double i) { return t > 4000.0 ? (i > 0 ? -3e-3 : 3e-3) : 0.0; }));
  EXPECT_NEAR(*longer.told_after, 155.0, 1e-9) << "the 16th row";
}

TEST(RefereeBound, WhatIsToldIsCountedFromTheLeaksBeginningToItsFirstTenth) {
  EXPECT_NEAR(*bound_of(twins(1e-3, 4055.0, dip)).told_after, 5.0, 1e-9) << "what went before is not the leak's";
  corpus::Twins slow = twins(1e-3, 4005.0, dip);
  slow.cell.label.onset_to = 4045.0;
  EXPECT_NEAR(*bound_of(slow).told_after, -35.0, 1e-9);
}

TEST(RefereeBound, AHabitTreblesAResistance) {
  const auto drift = [](double t, double i) { return 2.0 * 60.0 * i * (t - 10.0) / 8990.0; };
  EXPECT_LT(bound_of(twins(1e-4, 10.0, drift)).habits, 2.0);
}

TEST(RefereeBound, WhatAHabitCouldBeIsLeftOut) {
  const auto bend = [](double t, double i) { return -0.05 * 60.0 * i * std::pow((t - 10.0) / 8990.0, 2.0); }; // over the whole test, as interfaces drift
  const Bound b = bound_of(twins(1e-4, 10.0, bend));
  EXPECT_GT(b.known, 100.0);
  EXPECT_LT(b.habits, 0.02 * b.known);
}

TEST(RefereeBound, WhoComparesNoHalfCyclesSeesNoStepBetweenThem) {
  const auto step = [](double t, double i) { return t > 4500.0 ? -0.2 * 60.0 * i : 0.0; }; // at a reversal
  const Bound b = bound_of(twins(1e-4, 4505.0, step));
  EXPECT_LT(b.within, 0.01 * b.known);
  EXPECT_GT(b.habits, 5.0) << "levels are known to a hundredth, the step is a fifth";
  EXPECT_GT(b.habits, 10.0 * b.within);
  EXPECT_LT(b.habits, 0.2 / bound_level * std::sqrt(10.0)) << "however little noise: ten half cycles, each known to a hundredth";
}

TEST(RefereeBound, RowsWithoutATwinSayNothing) {
  corpus::Twins cut = twins(1e-3, 4005.0, dip);
  for (std::size_t k = 405; k < cut.twin.leaked.size(); ++k) cut.twin.healthy[k] = cut.twin.leaked[k] = std::nan("");
  EXPECT_NEAR(bound_of(cut).known, std::sqrt(5.0 * 9.0), 1e-9);
  cut.cell.label.onset_from.reset();
  EXPECT_EQ(bound_of(cut).known, 0.0);
}

TEST(RefereeBound, PowerIsThatOfTheBestTest) {
  EXPECT_NEAR(power(0.0), bound_alarms, 1e-12);
  EXPECT_NEAR(power(3.0902323), 0.5, 1e-6);
  EXPECT_NEAR(power(3.0902323 + 2.3263479), 0.99, 1e-6);
}

TEST(RefereeTwins, TheCellIsTheSameAndAHealthyOneHasNoLeak) {
  for (const corpus::Generator g : {corpus::Generator::simulated, corpus::Generator::described}) {
    std::size_t leaks = 0;
    for (std::uint64_t n = 0; n < 40; ++n) {
      const std::uint64_t seed = corpus::seed_of(corpus::Set::development, n);
      const corpus::Cell cell = corpus::make_cell(g, seed);
      const corpus::Twins both = corpus::make_twins(g, seed);
      const auto v = cell.record.real(col::voltage), again = both.cell.record.real(col::voltage);
      ASSERT_TRUE(std::equal(v.begin(), v.end(), again.begin(), again.end())) << seed;
      ASSERT_EQ(both.twin.leaked.size(), v.size());
      double most = 0.0, before = 0.0;
      const auto t = cell.record.real(col::test_time);
      for (std::size_t k = 0; k < v.size(); ++k) {
        if (!std::isfinite(both.twin.leaked[k])) continue;
        most = std::max(most, std::abs(both.twin.leaked[k]));
        if (cell.label.onset_from && t[k] < *cell.label.onset_from - 60.0) before = std::max(before, std::abs(both.twin.leaked[k]));
      }
      if (cell.label.condition == corpus::Condition::healthy && g == corpus::Generator::described) {
        EXPECT_LT(most, 1e-12) << seed;
      }
      if (!cell.label.onset_from || cell.label.share < 0.2) continue;
      ++leaks;
      EXPECT_GT(most, 1e-5) << seed;
      EXPECT_LT(before, 0.05 * most) << seed << ": before the leak both are alike";
    }
    EXPECT_GT(leaks, 8u);
  }
}

TEST(RefereeBound, IsMeasuredOnShortsWhereAskedFor) {
  Plan plan;
  plan.cells = 30;
  plan.ablation = false;
  plan.bound = true;
  plan.threads = 2;
  const std::vector<Judged> cells = judge_cells(plan);
  for (const Judged& j : cells) {
    const corpus::Condition c = j.label.condition;
    EXPECT_EQ(j.bound.has_value(), c == corpus::Condition::soft_short || c == corpus::Condition::hard_short || c == corpus::Condition::fake_stable);
    if (!j.bound) continue;
    EXPECT_LE(j.bound->habits, j.bound->known * (1.0 + 1e-6)) << j.seed << ": who knows less finds less";
    EXPECT_LE(j.bound->within, j.bound->known * (1.0 + 1e-6)) << j.seed;
  }
  const Summary s = summarise(cells, "all");
  ASSERT_EQ(s.possible.size(), 2u);
  for (const Possible& p : s.possible) {
    EXPECT_LE(p.found + p.missed, p.cells);
    EXPECT_LE(p.habits, p.known + 1e-6);
  }
  plan.bound = false;
  EXPECT_TRUE(summarise(judge_cells(plan), "all").possible.empty());
}

} // namespace
} // namespace platen::referee

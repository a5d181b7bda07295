// Dips that come back (A82, A49), falls within half cycles (A47), the first sudden fall of a charge (A50): on curves made for it.

#include "assess/assessment.hpp"
#include "assess/full_cell.hpp"
#include "assess/thresholds.hpp"
#include "assess_strokes.hpp"
#include "assess_waveforms.hpp"

#include <cmath>
#include <functional>
#include <gtest/gtest.h>
#include <limits>

namespace platen {
namespace {

using waveforms::symmetric;

constexpr std::string_view dips_name = "voltage dips and comes back", sinks_name = "resistance sinks within half cycles";

/// 7 % for 40 s, once in each half cycle from the eighth on, each time later.
double one_dip(std::size_t h, double x) {
  const double from = 100.0 + 60.0 * (static_cast<double>(h) - 8.0);
  return h >= 8 && x > from && x <= from + 40.0 ? 0.93 : 1.0;
}

TEST(AssessDips, OneDipInEachHalfCycleAddsUp) {
  const Assessment a = assess(symmetric(one_dip));
  EXPECT_FALSE(waveforms::evidence_of(a, 8, dips_name).fired) << "one dip";
  const Evidence& e = waveforms::evidence_of(a, 10, dips_name);
  EXPECT_TRUE(e.fired) << e.reason;
  EXPECT_GT(e.weight, 0.5);
  EXPECT_EQ(a.verdict, Verdict::soft_short) << a.reason;
  ASSERT_TRUE(a.onset);
  EXPECT_NEAR(*a.onset, 8 * 600.0 + 105.0, 10.0) << "the first dip, two half cycles before the test had seen enough";
  EXPECT_EQ(*a.onset_half_cycle, 8u);
}

TEST(AssessDips, ContactThatComesAndGoesIsNoDip) {
  const Assessment a = assess(symmetric([](std::size_t h, double x) { return 2.0 - one_dip(h, x); })); // rises
  EXPECT_EQ(a.verdict, Verdict::healthy) << a.reason;
  const Assessment both = assess(symmetric([](std::size_t h, double x) { return h >= 8 && x > 550.0 && x <= 590.0 ? 1.2 : one_dip(h, x); }));
  for (std::size_t h = 0; h < 16; ++h) EXPECT_FALSE(waveforms::evidence_of(both, h, dips_name).fired) << h;
}

TEST(AssessDips, ATouchedCableCountsLittle) {
  // one row in each half cycle, and that row and the next
  const Assessment one = assess(symmetric([](std::size_t h, double x) { return h >= 8 && std::abs(x - 305.0) < 1.0 ? 0.8 : 1.0; }));
  const Assessment two = assess(symmetric([](std::size_t h, double x) { return h >= 8 && x > 304.0 && x < 311.0 ? 0.8 : 1.0; }));
  for (const Assessment* a : {&one, &two}) {
    EXPECT_EQ(a->verdict, Verdict::healthy) << a->reason;
    EXPECT_LT(waveforms::evidence_of(*a, 10, dips_name).figure, waveforms::evidence_of(*a, 10, dips_name).threshold - 3.0);
  }
}

/// The resistance falls by 6 % per half cycle, each time within it, from the eighth on: no comparison with the last six half cycles asks for so little.
double sinks(std::size_t h, double x) { return h < 8 ? 1.0 : std::max(0.7, 1.0 - 0.06 * (static_cast<double>(h - 8) + x / 600.0)); }

TEST(AssessDips, WhatSinksWithinHalfCyclesAddsUp) {
  const Assessment a = assess(symmetric(sinks));
  EXPECT_EQ(a.verdict, Verdict::soft_short) << a.reason;
  ASSERT_TRUE(a.onset_half_cycle);
  EXPECT_GE(*a.onset_half_cycle, 8u);
  const auto fired = [&](std::size_t h) { return waveforms::evidence_of(a, h, sinks_name).fired; };
  EXPECT_TRUE(fired(*a.onset_half_cycle + 1) || fired(*a.onset_half_cycle + 2) || fired(*a.onset_half_cycle + 3)) << "it takes that long to add up";
  EXPECT_GE(*a.onset, 8 * 600.0 + 200.0) << "where 2 % are gone";
  EXPECT_LE(*a.onset, 8 * 600.0 + 1000.0) << "where 10 % are, followed back from where the test fired";
  // the very same levels, reached between half cycles: somebody tightened screws, the temperature rose
  const Assessment between = assess(symmetric([](std::size_t h, double) { return sinks(h, 0.0); }));
  for (std::size_t h = 0; h < 16; ++h) EXPECT_FALSE(waveforms::evidence_of(between, h, sinks_name).fired) << h;
  EXPECT_EQ(between.verdict, Verdict::healthy) << between.reason;
}

TEST(AssessDips, WhatEveryHalfCycleFallsByIsItsHabit) {
  const Assessment a = assess(symmetric([](std::size_t, double x) { return 1.0 + 0.5 * std::exp(-x / 200.0); })); // voids that are refilled
  EXPECT_EQ(a.verdict, Verdict::healthy) << a.reason;
}

TEST(AssessDips, LoadThatOpensMoreVoidsEndsAtTheSameLevel) {
  const Assessment a = assess(symmetric([](std::size_t h, double x) { return 1.0 + 0.06 * static_cast<double>(h) * std::exp(-x / 200.0); }));
  EXPECT_EQ(a.verdict, Verdict::healthy) << a.reason;
}

} // namespace
} // namespace platen

namespace platen::assessing {
namespace {

/// A made-up stroke whose dips are counted as those of a record are.
template <class Voltage> Stroke counted(int direction, Voltage voltage) {
  Stroke s = stroke(voltage, direction);
  s.raw = s.voltage;
  s.voltage = without_outliers(s.voltage, false);
  count_dips(s, nullptr, thresholds::dip_least, s.noise, std::numeric_limits<double>::quiet_NaN());
  return s;
}

double dipped(double row) { return std::fmod(row, 150.0) >= 100.0 && std::fmod(row, 150.0) < 120.0 ? 8e-3 : 0.0; } // four times 200 s

TEST(AssessChargeDips, AChargeThatFallsAndADischargeThatRisesAllOfASudden) {
  EXPECT_DOUBLE_EQ(counted(1, [](double k) { return rising(k) - dipped(k); }).dips, 4.0);
  EXPECT_DOUBLE_EQ(counted(-1, [](double k) { return 4.0 - 5e-4 * k - dipped(k); }).dips, 4.0) << "their ends";
  EXPECT_DOUBLE_EQ(counted(-1, [](double k) { return 4.0 - 5e-4 * k + (k >= 300 ? 8e-3 : 0.0); }).dips, 1.0) << "a leak that closes";
  EXPECT_DOUBLE_EQ(counted(-1, [](double k) { return 4.0 - 5e-4 * k - (k >= 300 ? 8e-3 : 0.0); }).dips, 0.0) << "what a discharge does anyway";
  EXPECT_DOUBLE_EQ(counted(1, rising).dips, 0.0);
  EXPECT_DOUBLE_EQ(counted(-1, [](double k) { return 4.0 - 5e-4 * k; }).dips, 0.0);
  EXPECT_DOUBLE_EQ(counted(-1, [](double k) { return 4.0 - 1e-3 * std::exp(k / 90.0); }).dips, 0.0) << "the knee of a discharge";
  EXPECT_DOUBLE_EQ(counted(1, [](double k) { return 3.6 + 0.5 * std::exp(-k / 20.0) + 1e-4 * k; }).dips, 0.0) << "voids are refilled";
}

TEST(AssessChargeDips, ThreeDecideOneDoesNot) {
  const Stroke one = counted(1, [](double k) { return rising(k) - (k >= 100 && k < 120 ? 8e-3 : 0.0); });
  EXPECT_FALSE(charge_dips(one, 0.0, 0.0, {}).fired);
  EXPECT_TRUE(charge_dips(one, 2.0, 0.0, {}).fired) << "with two in the half cycles before";
  EXPECT_FALSE(charge_dips(one, 2.0, 3.0, {}).fired) << "a reading that goes both ways";
  EXPECT_FALSE(charge_dips(counted(1, rising), 5.0, 0.0, {}).fired) << "none here";
  EXPECT_NEAR(charge_dips(one, 2.0, 0.0, {}).time, 1010.0, 1e-9);
}

TEST(AssessChargeDips, TheFirstSuddenFallIsHeldAgainstTheRowsBefore) {
  numerics::RandomStream draws(9, "flicker");
  std::vector<double> flicker;
  for (int k = 0; k < 600; ++k) flicker.push_back(0.02 * std::abs(draws.normal()));
  Stroke s = counted(1, [&](double k) { return rising(k) - (k >= 200 ? 0.02 + flicker[static_cast<std::size_t>(k)] : 0.0); });
  s.noise = 0.02; // of the whole record, most of which flickers
  ASSERT_TRUE(first_jump(s, 6000.0));
  EXPECT_NEAR(*first_jump(s, 6000.0), 2010.0, 10.0);
  EXPECT_FALSE(first_jump(s, 1900.0)) << "later than it may be";
  EXPECT_FALSE(first_jump(counted(1, rising), 6000.0));
}

} // namespace
} // namespace platen::assessing

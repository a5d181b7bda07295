// When a short that is established began (A71 to A76): on curves made for it.

#include "assess_waveforms.hpp"

#include <cmath>
#include <gtest/gtest.h>

namespace platen {
namespace {

using waveforms::symmetric;

double at(std::size_t half_cycle, double into) { return 600.0 * static_cast<double>(half_cycle) + into; }

TEST(AssessDating, ALeakThatGrowsIsDatedToWhereItBeginsToCount) {
  // from 200 s into the tenth half cycle on by 0.05 % per second, to half of the voltage
  const auto share = [](std::size_t h, double x) { return std::clamp(5e-4 * (at(h, x) - at(10, 200.0)), 0.0, 0.5); };
  for (const double noise : {1e-4, 6e-4, 2e-3}) {
    const Assessment a = assess(symmetric([&](std::size_t h, double x) { return 1.0 - share(h, x); }, noise));
    ASSERT_TRUE(a.onset) << a.reason;
    EXPECT_GE(*a.onset, at(10, 240.0)) << "2 %, noise " << noise;
    EXPECT_LE(*a.onset, at(10, 400.0)) << "10 %, noise " << noise;
    EXPECT_LE(a.window->earliest, *a.onset);
    EXPECT_GE(a.window->latest, *a.onset);
  }
}

TEST(AssessDating, StepsBeforeTheOneThatIsFoundAreFollowedBack) {
  // 16 % from the second row on, half of the voltage after four minutes
  const Assessment a = assess(symmetric([](std::size_t h, double x) { return h < 9 || (h == 9 && x < 8.0) ? 1.0 : h == 9 && x < 240.0 ? 0.84 : 0.4; }));
  ASSERT_TRUE(a.onset) << a.reason;
  EXPECT_NEAR(*a.onset, at(9, 10.0), 5.0);
  EXPECT_EQ(*a.onset_half_cycle, 9u);
}

/// A dip of 40 % for one row in the seventh half cycle, and what comes from the ninth on.
Record dip_before(double later_to, double later_until) {
  return symmetric([=](std::size_t h, double x) {
    if (h == 7 && std::abs(x - 305.0) < 1.0) return 0.6;
    return h >= 9 && at(h, x) < later_until ? later_to : 1.0;
  });
}

TEST(AssessDating, WhatCameAndWentBeforeAShortThatComesAndGoesIsPartOfIt) {
  const Assessment opens = assess(dip_before(0.5, at(9, 400.0)));
  ASSERT_TRUE(opens.onset) << opens.reason;
  EXPECT_NEAR(*opens.onset, at(7, 305.0), 5.0);
  // of a short that stays it was rather somebody's hand
  const Assessment stays = assess(dip_before(0.1, 1e9));
  ASSERT_TRUE(stays.onset) << stays.reason;
  EXPECT_GE(*stays.onset, at(8, 595.0));
}

TEST(AssessDating, VoidsThatOpenWiderEachTimeMoveNoOnset) {
  // the course of each half cycle differs from the last: up to 60 % more within it, gone soon after the reversal
  const auto voids = [](std::size_t h, double x) {
    const double wide = 0.04 * static_cast<double>(h), into = x / 600.0;
    return 1.0 + wide * into * into + wide * std::exp(-6.0 * into);
  };
  const Assessment a = assess(symmetric([&](std::size_t h, double x) { return voids(h, x) * (at(h, x) < at(11, 350.0) ? 1.0 : 0.3); }));
  ASSERT_TRUE(a.onset) << a.reason;
  EXPECT_NEAR(*a.onset, at(11, 350.0), 10.0);
}

TEST(AssessDating, AScrewIsNotTurnedWhileRowsShowTheEarlierLevel) {
  const Assessment between = assess(symmetric([](std::size_t h, double) { return h < 8 ? 1.0 : 0.6; }));
  EXPECT_EQ(between.verdict, Verdict::cannot_tell) << between.reason;
  const Assessment within = assess(symmetric([](std::size_t h, double x) { return h < 8 || (h == 8 && x < 8.0) ? 1.0 : 0.6; })); // one row, which is no fall to any other test
  EXPECT_TRUE(within.verdict == Verdict::soft_short || within.verdict == Verdict::fake_stable) << label(within.verdict) << ": " << within.reason;
  ASSERT_TRUE(within.onset);
  EXPECT_NEAR(*within.onset, at(8, 10.0), 10.0);
}

/// A ramp of eight steps, a half cycle of 600 s each way, 30 ohm; `zero` V off; from `from` on `left` of the voltage in one direction.
Record ramp(double zero, std::size_t from, double left) {
  numerics::RandomStream draws(3, "dating");
  std::vector<double> t, i, v;
  for (std::size_t h = 0; h < 16; ++h) {
    const double current = (h % 2 == 0 ? 1.0 : -1.0) * 1e-4 * static_cast<double>(h / 2 + 1);
    for (double x = 5.0; x <= 600.0; x += 5.0) {
      t.push_back(at(h, x));
      i.push_back(current);
      v.push_back(zero + 30.0 * current * (h >= from && h % 2 == 0 ? left : 1.0) + 1e-5 * draws.normal());
    }
  }
  return waveforms::symmetric_record(std::move(t), std::move(i), std::move(v));
}

TEST(AssessZero, AShortInOneDirectionDoesNotMoveIt) {
  const Assessment a = assess(ramp(1e-3, 4, 0.3)); // of the lower half of the currents, half have it
  EXPECT_NEAR(a.voltage_offset, 1e-3, 2e-4);
  ASSERT_TRUE(a.onset) << a.reason;
  EXPECT_NEAR(*a.onset, at(4, 5.0), 10.0) << "and no first step looks shorted because of it";
}

TEST(AssessZero, BetweenTwoDirectionsItCountsTwice) {
  // 3 mV and 0.8 mV by a zero that was off by 1.1 mV in the first step and came back: the second half cycle is no short beside the first
  numerics::RandomStream draws(5, "dating");
  std::vector<double> t, i, v;
  for (std::size_t h = 0; h < 10; ++h) {
    const double current = (h % 2 == 0 ? 1.0 : -1.0) * 1e-4 * static_cast<double>(h / 2 + 1), zero = h < 2 ? 7e-4 : 0.0;
    for (double x = 5.0; x <= 600.0; x += 5.0) {
      t.push_back(at(h, x));
      i.push_back(current);
      v.push_back(zero + 10.0 * current + 1e-5 * draws.normal());
    }
  }
  const Assessment a = assess(waveforms::symmetric_record(std::move(t), std::move(i), std::move(v)));
  EXPECT_EQ(a.verdict, Verdict::healthy) << a.reason;
}

TEST(AssessHealth, AnOldShortIsNotExcludedWithoutGeometryAndSpectra) {
  Record record = symmetric([](std::size_t, double) { return 1.0; });
  EXPECT_NE(assess(record).reason.find("older than the record"), std::string::npos);
  record.cell.area = 1e-4;
  record.cell.electrolyte_thickness = 5e-4;
  record.cell.electrolyte_conductivity = 0.2;
  const Assessment known = assess(record);
  EXPECT_EQ(known.verdict, Verdict::healthy) << known.reason;
  EXPECT_EQ(known.reason.find("older than the record"), std::string::npos) << known.reason;
}

} // namespace
} // namespace platen

// When a short that is established began (A71 to A76): on curves made for it.

#include "assess_waveforms.hpp"

#include <cmath>
#include <functional>
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

/// Half of the voltage for 200 s of the 13th half cycle, and before that `depth` less for `rows` rows from 305 s into half cycle `earlier` on.
double onset_with(std::size_t earlier, double depth, double rows) {
  const Assessment a = assess(symmetric([=](std::size_t h, double x) {
    if (h == earlier && x > 304.0 && x < 304.0 + 5.0 * rows) return 1.0 - depth;
    return h == 12 && x > 299.0 && x < 501.0 ? 0.5 : 1.0;
  }));
  return a.onset.value_or(-1.0);
}

TEST(AssessDating, AFallIsTheShortsWhereAHealthyCellWouldSeldomHaveHadIt) {
  EXPECT_NEAR(onset_with(10, 0.08, 3), at(10, 305.0), 5.0) << "240 rows before: three rows are nobody's hand";
  EXPECT_NEAR(onset_with(10, 0.08, 1), at(12, 300.0), 5.0) << "one row may be";
  EXPECT_NEAR(onset_with(10, 0.40, 1), at(10, 305.0), 5.0) << "but hardly takes 40 %";
  EXPECT_NEAR(onset_with(8, 0.08, 3), at(12, 300.0), 5.0) << "480 rows are too many for that";
}

TEST(AssessDating, FallsThatRisesEqualAreNoHabitOfTheShort) {
  // one row in the twelfth half cycle, 120 before the short; from then on three falls and as many rises in each
  const auto onset = [](double rise) {
    return assess(symmetric([=](std::size_t h, double x) {
      if (h == 11 && std::abs(x - 305.0) < 1.0) return 0.92;
      if (h == 12 && x > 299.0 && x < 501.0) return 0.5;
      for (const double fall : {520.0, 550.0, 580.0}) {
        if (h >= 12 && std::abs(x - fall) < 1.0) return 0.92;
        if (h >= 12 && std::abs(x - fall - 15.0) < 1.0) return 1.0 + rise;
      }
      return 1.0;
    })).onset.value_or(-1.0);
  };
  EXPECT_NEAR(onset(0.08), at(12, 300.0), 5.0);
  EXPECT_NEAR(onset(0.0), at(11, 305.0), 5.0) << "without them they are";
}

/// Four dips by a fifth in each half cycle from the eleventh on; `before`: what the tenth does.
Assessment dipping(const std::function<double(std::size_t, double)>& before) {
  return assess(symmetric([=](std::size_t h, double x) {
    for (const double dip : {105.0, 225.0, 345.0, 465.0})
      if (h >= 10 && std::abs(x - dip) < 1.0) return 0.8;
    return before(h, x);
  }));
}

TEST(AssessDating, TheFirstAndTheLastRowsOfAHalfCycleCount) {
  const Assessment last = dipping([](std::size_t h, double x) { return h == 9 && x > 599.0 ? 0.8 : 1.0; });
  ASSERT_TRUE(last.onset) << last.reason;
  EXPECT_NEAR(*last.onset, at(9, 600.0), 5.0);
  const Assessment first = dipping([](std::size_t h, double x) { return h == 9 && x < 16.0 ? 0.8 : 1.0; });
  ASSERT_TRUE(first.onset) << first.reason;
  EXPECT_NEAR(*first.onset, at(9, 5.0), 5.0);
  // where no two half cycles begin alike, that one does is nothing
  const Assessment never_alike = dipping([](std::size_t h, double x) { return x > 16.0 ? 1.0 : h == 9 ? 0.8 : 1.0 + 0.05 * std::cos(2.0 * static_cast<double>(h / 2)); });
  ASSERT_TRUE(never_alike.onset) << never_alike.reason;
  EXPECT_NEAR(*never_alike.onset, at(10, 105.0), 5.0);
}

/// Rows every 30 s; in the tenth half cycle the voltage falls to a tenth at 304 s, and from 306 s on `triggered` rows are recorded 2 s apart.
Assessment with_triggered(int triggered) {
  numerics::RandomStream draws(7, "dating");
  std::vector<double> t, i, v;
  const auto add = [&](std::size_t h, double x) {
    t.push_back(at(h, x));
    i.push_back(h % 2 == 0 ? 1e-3 : -1e-3);
    v.push_back(60.0 * i.back() * (at(h, x) < at(9, 304.0) ? 1.0 : 0.1) + 1e-4 * draws.normal());
  };
  for (std::size_t h = 0; h < 12; ++h)
    for (double x = 30.0; x <= 600.0; x += 30.0) {
      add(h, x);
      for (int k = 0; h == 9 && x == 300.0 && k < triggered; ++k) add(h, 306.0 + 2.0 * k);
    }
  return assess(waveforms::symmetric_record(std::move(t), std::move(i), std::move(v)));
}

TEST(AssessDating, ARowThatTheFallTriggeredSaysWhenItFell) {
  EXPECT_NEAR(with_triggered(0).onset.value_or(-1.0), at(9, 330.0), 1.0) << "no row is nearer";
  for (const int rows : {1, 10}) { // left out for crowding; averaged
    const Assessment a = with_triggered(rows);
    ASSERT_TRUE(a.onset) << a.reason;
    EXPECT_NEAR(*a.onset, at(9, 306.0), 1.0) << rows;
    EXPECT_LE(a.window->earliest, *a.onset);
    EXPECT_GE(a.window->latest, *a.onset);
  }
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

// Slopes, swings, loops and the fixture's behaviour, worked out by hand from readings that are given.

#include "pressure_given.hpp"

#include "numerics/distributions.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace platen;
using namespace platen::assessing;
using testing::HasSubstr;

namespace {

constexpr double level = 5e6, full = 7200.0; // Pa, C/m2

/// A charge and a discharge of `readings` each, `times` over.
given::Pressures cycled(std::size_t readings, const std::function<double(double, double, int)>& law, int times = 1) {
  given::Pressures p;
  for (int k = 0; k < times; ++k) {
    p.stroke(readings, 0.0, full, [&](double q, double t) { return law(q, t, 1); });
    p.stroke(readings, full, 0.0, [&](double q, double t) { return law(q, t, -1); });
  }
  return p;
}

// --- half cycles --------------------------------------------------------------------------------------------------------------

TEST(PressureHalfCycles, SlopesAreThoseOfTheWholeAndOfItsLastTwoFifths) {
  const auto law = [](double q, double, int side) { // what friction holds back gives way at six tenths of either stroke
    const double done = side > 0 ? q / full : 1.0 - q / full, past = std::max(0.0, done - 0.59) * full;
    return level + side * (2.0 * done * full + 18.0 * past);
  };
  given::Pressures p = cycled(101, law);
  p.shake(3.0);
  p.series.spoiled[20] = 1; // a spike
  p.series.clean[20] = 9e6;
  const auto slopes = half_cycle_slopes(p.series, p.segments);
  ASSERT_EQ(slopes.size(), 2u);
  for (const HalfCyclePressure& h : slopes) {
    EXPECT_NEAR(h.end_slope.value, 20.0, 0.05) << h.direction;
    EXPECT_GT(h.slope.value, 4.0);
    EXPECT_LT(h.slope.value, 14.0);
    EXPECT_NEAR(h.charge, full, 0.03 * full) << "a magnitude (of merged readings)";
    EXPECT_GT(h.slope.error, h.end_slope.error * 0.1);
  }
  EXPECT_EQ(slopes[0].readings, 100u);
  EXPECT_EQ(slopes[1].direction, -1);
  EXPECT_LT(slopes[0].pressure, level + 20.0 * full) << "the spike is in no mean";
}

TEST(PressureHalfCycles, ErrorsAreNoSmallerThanThoseOfALineThroughTheReadings) {
  int below = 0, far = 0;
  const auto law = [](double q, double, int) { return level + 10.0 * q; };
  // sum of (q - mean)^2 = n/12 (n + 1)/(n - 1) full^2; noise that may remember makes an error larger, never smaller
  const double expected = 3e3 / (full * std::sqrt(80.0 / 12.0 * 81.0 / 79.0));
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    given::Pressures p = cycled(80, law);
    p.shake(3e3, seed);
    const HalfCyclePressure h = half_cycle_slopes(p.series, p.segments).front();
    below += h.slope.error < 0.8 * expected ? 1 : 0;
    far += std::abs(h.slope.value - 10.0) > 2.0 * h.slope.error ? 1 : 0;
  }
  EXPECT_LE(below, 1);
  EXPECT_LE(far, 4);
}

// --- cycles -------------------------------------------------------------------------------------------------------------------

TEST(PressureSwings, AJumpASpikeAndARestAreNoSwing) {
  given::Pressures p;
  p.stroke(100, 0.0, full, [](double q, double) { return level + 10.0 * q; });
  p.rest(10, full, [](double) { return 9e6; });
  p.stroke(100, full, 0.0, [](double q, double) { return level + 10.0 * q + 500.0; });
  const double end = p.series.time.back();
  std::vector<PressureCycle> cycles{{1, 4e6, 9e6, 5e6, 0.0, end, 5e6, 0}};
  std::vector<PressureCycle> one = cycles;
  describe_cycles(p.series, one);
  EXPECT_EQ(one[0].jumps, 0u);
  EXPECT_NEAR(one[0].swing, 5e6, 1e-6) << "as read, where there was no jump";
  EXPECT_NEAR(one[0].drift, 500.0, 10.0 * full / 99.0 * 5.0) << "last readings less first ones, medians of four";
  p.series.jumps = {{JumpKind::spike, 100.0, 120.0, 1e6, 0.0, {}, ""}, {JumpKind::by_hand, end + 100.0, end + 110.0, 1e6, 0.0, {}, ""}};
  one = cycles;
  describe_cycles(p.series, one);
  EXPECT_EQ(one[0].jumps, 0u) << "a spike is none, and one after the cycle is not in it";
  p.series.jumps.push_back({JumpKind::by_hand, 100.0, 110.0, 1e6, 0.0, {}, ""});
  one = cycles;
  describe_cycles(p.series, one);
  EXPECT_EQ(one[0].jumps, 1u);
  EXPECT_NEAR(one[0].swing, 10.0 * full + 500.0, 1e-3) << "of the readings under current, the jump taken out";
}

TEST(PressureSwings, WhatTheTemperatureDidIsNoSwingThoughItsLegReachesBeyondTheCycle) {
  given::Pressures p = cycled(100, [](double q, double, int) { return level + 10.0 * q; });
  for (std::size_t k = 0; k < p.series.size(); ++k) p.series.pressure[k] -= 40.0 * p.series.time[k]; // taken out of `clean`
  std::vector<PressureCycle> one{{1, 4e6, 9e6, 5e6, 0.0, p.series.time.back(), 5e6, 0}};
  describe_cycles(p.series, one);
  EXPECT_NEAR(one[0].swing, 10.0 * full, 10.0 * full / 50.0) << "medians of three round the corner";
  one = {{1, 4e6, 9e6, 5e6, 0.0, p.series.time.back(), 5e6, 0}};
  p.series.pressure = p.series.clean;
  describe_cycles(p.series, one);
  EXPECT_NEAR(one[0].swing, 5e6, 1e-6) << "nothing was taken out: as read";
}

TEST(PressureSwings, NoiseAloneMakesTheSwingThatIsSaidAndDriftsWithinTheirErrors) {
  double swings = 0.0, said = 0.0;
  int held = 0;
  constexpr int cells = 60;
  for (std::uint64_t seed = 1; seed <= cells; ++seed) {
    given::Pressures p = cycled(150, [](double, double, int) { return level; });
    p.shake(5e3, seed);
    p.series.noise = p.series.resolution = 5e3;
    p.series.pressure.assign(p.series.size(), level); // so that the swing is that of `clean`, in medians of three
    std::vector<PressureCycle> one{{1, level, level, 0.0, 0.0, p.series.time.back(), 0.0, 0}};
    describe_cycles(p.series, one);
    swings += one[0].swing / cells;
    said += one[0].swing_of_noise / cells;
    held += std::abs(one[0].drift) < 1.96 * one[0].drift_error ? 1 : 0;
  }
  EXPECT_NEAR(swings, said, 0.06 * said);
  EXPECT_GE(held, 53) << "of 60, 95 % are 57";
  EXPECT_LE(held, 60);
}

// --- regression ---------------------------------------------------------------------------------------------------------------

TEST(PressureRegressionGiven, LevelsDriftAndBrokenHalfCyclesAreToldFromTheSlope) {
  const auto law = [](double q, double t, int) { return level + 10.0 * q + 3.0 * t; };
  given::Pressures p = cycled(60, law, 4);
  p.shake(600.0);
  for (std::size_t k = 0; k < p.series.size(); ++k) {
    const std::size_t lift = k < 90 ? 0 : k < 250 ? 1 : k < 390 ? 2 : 3;
    p.series.level[k] = lift;
    p.series.clean[k] += lift == 1 ? 1e6 : lift == 2 ? -7e5 : lift == 3 ? 4e5 : 0.0;
    if (p.series.half_cycle[k] == 7) p.series.clean[k] -= 30.0 * p.series.charge[k]; // shorted: its lithium does not push
  }
  std::vector<char> intact = p.all_intact();
  intact[7] = 0;
  const auto r = regress_pressure(p.series, p.segments, intact);
  ASSERT_TRUE(r);
  EXPECT_EQ(r->levels, 4u);
  EXPECT_EQ(r->half_cycles, 7u);
  EXPECT_NEAR(r->slope.value, 10.0, 0.06);
  EXPECT_NEAR(r->drift.value, 3.0, 3.0 * r->drift.error + 0.01);
  EXPECT_LT(r->drift.error, 1.5);
  const double per_lithium = 96485.33212 / 13.0e-6; // C/m3
  EXPECT_NEAR(r->stiffness->value, r->slope.value * per_lithium, 1e-9 * r->stiffness->value);
  EXPECT_NEAR(r->stiffness->error, r->slope.error * per_lithium, 1e-9 * r->stiffness->value);
  EXPECT_NEAR(std::hypot(r->noise, r->slow_noise), 600.0, 60.0);
  p.series.per_area = false;
  EXPECT_FALSE(regress_pressure(p.series, p.segments, intact)->stiffness);
}

TEST(PressureRegressionGiven, NoiseThatRemembersIsToldFromThatWhichDoesNot) {
  const auto law = [](double q, double, int) { return level + 10.0 * q; };
  double white = 0.0, slow = 0.0, memory = 0.0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    given::Pressures p = cycled(60, law, 5);
    p.shake(300.0, seed);
    const std::vector<double> kicks = given::white(p.series.size(), 100 + seed);
    double state = 1500.0 * kicks[0];
    const double keep = std::exp(-10.0 / 60.0);
    for (std::size_t k = 0; k < p.series.size(); ++k) {
      p.series.clean[k] += state;
      state = keep * state + 1500.0 * std::sqrt(1.0 - keep * keep) * kicks[k];
    }
    const auto r = regress_pressure(p.series, p.segments, p.all_intact());
    ASSERT_TRUE(r);
    white += 0.2 * r->noise;
    slow += 0.2 * r->slow_noise;
    memory += 0.2 * r->memory;
  }
  EXPECT_NEAR(white, 300.0, 150.0);
  EXPECT_NEAR(slow, 1500.0, 300.0);
  EXPECT_NEAR(memory, 60.0, 25.0);
}

// --- loops --------------------------------------------------------------------------------------------------------------------

TEST(PressureLoops, AGridBetweenFewReadingsIsInterpolated) {
  const auto line = [](double q, double, int) { return level + 10.0 * q; };
  given::Pressures p = cycled(12, line); // fewer readings than points of the grid
  const auto loops = pressure_loops(p.series, p.segments, p.all_intact());
  ASSERT_EQ(loops.size(), 1u);
  for (std::size_t g = 0; g < loops[0].charge.size(); ++g) EXPECT_NEAR(loops[0].charging[g], level + 10.0 * loops[0].charge[g], 1e-3) << g;
  EXPECT_NEAR(loops[0].swing, 10.0 * full, 1e-3);
  EXPECT_NEAR(loops[0].area.value, 0.0, 1.0);
}

TEST(PressureLoops, AGridAmongManyReadingsFollowsABend) {
  const auto bent = [](double q, double, int) { return level + 2e5 * std::pow(q / full, 4.0); };
  given::Pressures p = cycled(800, bent);
  const PressureLoop l = pressure_loops(p.series, p.segments, p.all_intact()).at(0);
  for (std::size_t g = 2; g + 2 < l.charge.size(); ++g) // a line through a fortieth of the range misses a bend by f'' w^2/24
    EXPECT_NEAR(l.charging[g], bent(l.charge[g], 0.0, 1), 2e5 * 12.0 / (24.0 * 40.0 * 40.0) + 1.0) << g;
}

TEST(PressureLoops, TheGapAndTheAreaAreThoseOfFriction) {
  const auto law = [](double q, double, int side) { return level + 3e5 * std::pow(2.0 * q / full - 1.0, 4.0) + side * 5e4; };
  given::Pressures p = cycled(200, law);
  p.series.resolution = 1400.0;
  const PressureLoop l = pressure_loops(p.series, p.segments, p.all_intact()).at(0);
  EXPECT_NEAR(l.gap.value, 1e5, 5.0) << "a course of fourth degree is followed";
  EXPECT_NEAR(l.gap.error, 1400.0 / std::sqrt(200.0) * std::sqrt(2.0), 5.0) << "never less than the resolution of all readings, on both sides";
  EXPECT_NEAR(l.area.value, 1e5 * full, 1e5 * full * 0.002);
  EXPECT_NEAR(l.area.error, l.gap.error * full, 1e-6 * l.gap.error * full);
  // the same, discharged first
  given::Pressures turned;
  turned.stroke(200, full, 0.0, [&](double q, double t) { return law(q, t, -1); });
  turned.stroke(200, 0.0, full, [&](double q, double t) { return law(q, t, 1); });
  EXPECT_NEAR(pressure_loops(turned.series, turned.segments, turned.all_intact()).at(0).gap.value, 1e5, 5.0);
}

TEST(PressureLoops, AGapsErrorIsThatOfTwoCoursesOfFourthDegree) {
  std::vector<double> errors;
  for (std::uint64_t seed = 0; seed < 21; ++seed) {
    given::Pressures p = cycled(80, [](double q, double, int) { return level + 10.0 * q; });
    p.shake(3e3, seed);
    errors.push_back(pressure_loops(p.series, p.segments, p.all_intact()).at(0).gap.error);
  }
  std::sort(errors.begin(), errors.end());
  // leverage of the middle of evenly spaced readings: 225/64 over their number, twice; noise that may remember makes it larger
  const double expected = 3e3 * std::sqrt(2.0 * 225.0 / 64.0 / 80.0);
  EXPECT_NEAR(errors[3], expected, 0.15 * expected);
  EXPECT_LT(errors[10], 1.15 * expected) << "white noise is not taken for one that remembers";
}

TEST(PressureLoops, ASlowerLoggerIsLateInChargesAndDischarges) {
  for (const std::size_t repeats : {2U, 3U, 6U}) { // readings that stand for so many rows
    given::Pressures p = cycled(240, [](double q, double, int) { return level + 300.0 * q; });
    p.shake(100.0);
    for (std::size_t k = 0; k < p.series.size(); ++k)
      if (k % repeats != 0) p.series.pressure[k] = p.series.clean[k] = p.series.pressure[k - 1];
    const PressureLoop l = pressure_loops(p.series, p.segments, p.all_intact()).at(0);
    const double late = 0.5 * 10.0 * static_cast<double>(repeats - 1) * 2.0 * 300.0 * full / 2390.0; // Pa, of the mean row, both ways
    EXPECT_NEAR(l.gap.value, -late, 0.2 * late) << repeats;
    EXPECT_LT(std::abs(l.gap.value), 1.96 * l.gap.error) << repeats;
    EXPECT_LT(l.gap.error, 3.0 * late) << repeats;
  }
}

TEST(PressureLoops, WhatDriftsMeanwhileIsTakenOut) {
  const auto law = [](double q, double t, int side) { return level + 10.0 * q - 20.0 * t + side * 5e4; };
  given::Pressures p = cycled(101, law, 2);
  p.series.resolution = 1000.0;
  const auto loops = pressure_loops(p.series, p.segments, p.all_intact());
  ASSERT_EQ(loops.size(), 2u);
  EXPECT_NEAR(loops[0].gap.value, 1e5, 20.0);
  EXPECT_NEAR(loops[0].area.value, 1e5 * full, 0.002 * 1e5 * full);
  EXPECT_NEAR(loops[1].gap.value, 1e5 + 20.0 * 1010.0, 40.0) << "no charge follows: the drift stays in";
  const double one = 1000.0 / std::sqrt(101.0); // half of the way from one charge to the next: (1 - s)^2 + s^2 + 1
  EXPECT_NEAR(loops[0].gap.error, one * std::sqrt(1.5), 0.01 * one);
}

TEST(PressureLoops, NeedTwoDirectionsOfOneRange) {
  given::Pressures same;
  same.stroke(60, 0.0, full, [](double q, double) { return level + q; });
  same.stroke(60, 0.0, full, [](double q, double) { return level + q; }); // charged once more
  EXPECT_TRUE(pressure_loops(same.series, same.segments, same.all_intact()).empty());
  given::Pressures part;
  part.stroke(60, 0.0, full, [](double q, double) { return level + q; });
  part.stroke(60, full, 0.6 * full, [](double q, double) { return level + q; });
  EXPECT_TRUE(pressure_loops(part.series, part.segments, part.all_intact()).empty()) << "they share four tenths";
  given::Pressures enough = cycled(60, [](double q, double, int) { return level + q; });
  EXPECT_EQ(pressure_loops(enough.series, enough.segments, {1, 0}).size(), 0u) << "one of them is shorted";
}

// --- fixture ------------------------------------------------------------------------------------------------------------------

constexpr double percent = 0.01 / 36000.0; ///< of the pressure per mAh/cm2, in m2/C

HalfCyclePressure pushing(std::size_t k, int direction, double figure, double error, double pressure = level) {
  HalfCyclePressure h;
  h.half_cycle = k;
  h.direction = direction;
  h.pressure = pressure;
  h.end_slope = {figure * percent * pressure, error * percent * pressure};
  return h;
}

Record full_cell() {
  Record r;
  r.cell.configuration = Configuration::full;
  return r;
}

FixtureJudgement judged(const std::vector<HalfCyclePressure>& slopes) { return judge_fixture(full_cell(), slopes, std::vector<char>(slopes.size(), 1), true); }

TEST(PressureFixture, TheWholeIntervalMustLieBeyondALimit) {
  using enum FixtureBehaviour;
  // one half cycle each way: 1.2533 errors, and Student's 12.7 with one degree of freedom
  const double reach = 1.2533 * numerics::student_quantile(0.975, 1.0);
  const FixtureJudgement one = judged({pushing(0, 1, 10.0, 0.1), pushing(1, -1, 10.0, 0.1)});
  EXPECT_EQ(one.behaviour, fixed_gap);
  EXPECT_NEAR(one.figure->error, 1.2533 * 0.1 * percent, 1e-9 * percent);
  EXPECT_NEAR(one.low, (10.0 - reach * 0.1) * percent, 1e-6 * percent);
  EXPECT_NEAR(one.high, (10.0 + reach * 0.1) * percent, 1e-6 * percent);
  EXPECT_EQ(judged({pushing(0, 1, 10.0, 0.15), pushing(1, -1, 10.0, 0.15)}).behaviour, cannot_tell) << "its lower end is below 8 %";
  EXPECT_EQ(judged({pushing(0, 1, 0.5, 0.02), pushing(1, -1, 0.5, 0.02)}).behaviour, constant_pressure);
  EXPECT_EQ(judged({pushing(0, 1, 0.5, 0.05), pushing(1, -1, 0.5, 0.05)}).behaviour, cannot_tell) << "its upper end is above 1 %";
}

TEST(PressureFixture, TheDirectionThatYieldsMoreTells) {
  const FixtureJudgement j = judged({pushing(0, 1, 12.0, 0.001), pushing(1, -1, 9.0, 0.001)});
  EXPECT_NEAR(j.figure->value, 9.0 * percent, 1e-9 * percent);
}

TEST(PressureFixture, HalfCyclesThatScatterSaySo) {
  std::vector<HalfCyclePressure> slopes;
  for (std::size_t k = 0; k < 9; ++k) slopes.push_back(pushing(k, 1, 10.0 + 0.5 * (static_cast<double>(k) - 4.0), 0.001));
  // deviations from the median: 0, 0.5 twice, 1 twice, ...: their median is 1
  EXPECT_NEAR(judged(slopes).figure->error, 1.2533 * 1.482602218505602 * 1.0 / 3.0 * percent, 1e-6 * percent);
}

TEST(PressureFixture, ShortedHalfCyclesAndThoseWithoutAPressureTakeNoPart) {
  std::vector<HalfCyclePressure> slopes{pushing(0, 1, 10.0, 0.01), pushing(1, 1, 2.0, 0.01), pushing(2, 1, 11.0, 0.01), pushing(3, 1, 12.0, 0.01)};
  slopes[3].pressure = 0.0;
  const FixtureJudgement j = judge_fixture(full_cell(), slopes, {1, 0, 1, 1}, true);
  EXPECT_NEAR(j.figure->value, 10.5 * percent, 1e-9 * percent);
}

TEST(PressureFixture, NothingIsSaidWhereNothingCanBe) {
  const std::vector<HalfCyclePressure> slopes{pushing(0, 1, 10.0, 0.01), pushing(1, -1, 10.0, 0.01)};
  Record r;
  EXPECT_THAT(judge_fixture(r, slopes, {1, 1}, true).reason, HasSubstr("only a full cell moves its fixture"));
  r.cell.configuration = Configuration::symmetric;
  EXPECT_THAT(judge_fixture(r, slopes, {1, 1}, true).reason, HasSubstr("one side gains the lithium that the other loses"));
  EXPECT_THAT(judge_fixture(full_cell(), slopes, {1, 1}, false).reason, HasSubstr("the area of the cell is not known"));
  EXPECT_THAT(judge_fixture(full_cell(), {}, {}, true).reason, HasSubstr("no half cycle has readings"));
}

} // namespace

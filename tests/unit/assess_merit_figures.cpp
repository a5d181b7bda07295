// Capacity, threshold, resistance, life and the CCD of each direction, worked out by hand from half cycles and a judgement that are given.

#include "assess_given.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace platen;
using namespace platen::assessing;
using given::condition;
using testing::HasSubstr;

namespace {

const double row_error = given::interval / std::sqrt(12.0); // s

// --- CCD ----------------------------------------------------------------------------------------------------------------------

TEST(MeritFigures, TheHalfCyclesPerStepAreThoseOfStepsThatRanTheirCourse) {
  std::vector<given::Half> all = given::both_ways(3);
  for (const int sign : {1, -1}) all.push_back({sign, 3.0, 900.0, 2});
  given::Case c = given::make(all);
  c.fail(7, 100.0, 20.0, 30.0);
  EXPECT_DOUBLE_EQ(*condition(c.figure("ccd"), "half_cycles_per_step").value, 2.0) << "the failing step had four";
}

TEST(MeritFigures, ARampThatFailsAtOnceHasTheHalfCyclesOfItsFirstStepAndMayHaveNoGrid) {
  given::Case c = given::make({{1, 2.0}, {-1, 2.0}, {1, 1.0, 900.0, 1}, {-1, 1.0, 900.0, 1}});
  c.fail(0, 100.0, {}, 20.0);
  c.judged.ccd->grid = 0.0; // the current never rises
  EXPECT_DOUBLE_EQ(*condition(c.figure("ccd"), "half_cycles_per_step").value, 2.0);
  EXPECT_FALSE(condition(c.figure("ccd"), "grid").value);
}

TEST(MeritFigures, ADirectionPassedItsLargestCurrentNotItsLast) {
  given::Case c = given::make({{1, 1.0}, {-1, 1.0}, {1, 2.0, 900.0, 1}, {-1, 2.0, 900.0, 1}, {1, 1.5, 900.0, 2}, {-1, 1.5, 900.0, 2}, {1, 4.0, 900.0, 3}});
  c.fail(6, 100.0, 20.0, 40.0);
  EXPECT_NEAR(*c.figure("ccd_plating_right").low, 20.0, 1e-9);
  EXPECT_NEAR(*c.figure("ccd_plating_left").low, 20.0, 1e-9);
}

TEST(MeritFigures, ACcdIsAsUncertainAsItsFailingStep) {
  given::Case c = given::make(given::both_ways(3));
  c.flicker(2, 0.1e-3);
  c.fail(4, 100.0, 20.0, 30.0);
  const double relative = std::hypot(0.02, 0.1 / std::sqrt(12.0) / 3.0);
  EXPECT_NEAR(*c.figure("ccd").uncertainty, 30.0 * relative, 1e-9);
  EXPECT_NEAR(*c.figure("ccd_plating_right").uncertainty, 30.0 * relative, 1e-9);
  EXPECT_NEAR(*c.figure("ccd_plating_left").uncertainty, 20.0 * relative, 1e-9) << "only what it passed is known";
}

TEST(MeritFigures, ADirectionThatNeverRanIsRefused) {
  given::Case c = given::make({{1, 1.0}, {1, 2.0, 900.0, 1}, {1, 3.0, 900.0, 2}});
  c.fail(2, 100.0, 20.0, 30.0);
  EXPECT_THAT(c.figure("ccd_plating_left").refused, HasSubstr("no half cycle in this direction"));
  const Merit right = c.figure("ccd_plating_right");
  EXPECT_EQ(right.bound, Bound::between);
  EXPECT_NEAR(*right.low, 20.0, 1e-9);
}

TEST(MeritFigures, ADirectionHasTheConditionsOfItsLastHalfCycleAtThatCurrent) {
  given::Case c = given::make(given::both_ways(3, 2)); // plus, minus, plus, minus in every step
  c.set_each(col::temperature, [](std::size_t k) { return k == 6 ? 290.0 : k == 7 ? 310.0 : k == 8 ? 330.0 : 300.0; });
  c.fail(8, 890.0, 20.0, 30.0);
  EXPECT_NEAR(*condition(c.figure("ccd_plating_left"), "temperature").value, 310.0, 1e-9) << "the seventh, not the fifth";
  EXPECT_NEAR(*condition(c.figure("ccd_plating_right"), "temperature").value, 310.0, 1e-9) << "median from the sixth to the short";
}

TEST(MeritFigures, WithoutAnAreaACurrentHasItsOwnUncertainty) {
  given::Case c = given::make(given::both_ways(3));
  c.record.cell.area = std::nullopt;
  c.flicker(2, 0.1e-3);
  c.fail(4, 100.0);
  const Merit i = c.figure("critical_current");
  ASSERT_EQ(i.bound, Bound::between) << i.refused;
  EXPECT_NEAR(*i.uncertainty, 0.1e-3 / std::sqrt(12.0), 1e-12);
  EXPECT_NEAR(*condition(i, "ramp_start").value, 1e-3, 1e-12);
}

TEST(MeritFigures, WithoutAnAreaWhyThereIsNoCurrentIsSaid) {
  given::Case old = given::make(given::both_ways(3));
  old.record.cell.area = std::nullopt;
  old.judged.verdict = Verdict::fake_stable;
  EXPECT_THAT(old.figure("critical_current").refused, HasSubstr("already shorted"));
  given::Case single = given::make(given::both_ways(1, 3));
  single.record.cell.area = std::nullopt;
  single.fail(3, 100.0);
  EXPECT_THAT(single.figure("critical_current").refused, HasSubstr("a single current of 1 mA"));
  given::Case falls = given::make({{1, 1.0}, {-1, 1.0}, {1, 3.0, 900.0, 1}, {-1, 3.0, 900.0, 1}, {1, 2.0, 900.0, 2}});
  falls.record.cell.area = std::nullopt;
  falls.fail(4, 100.0);
  EXPECT_THAT(falls.figure("critical_current").refused, HasSubstr("no ramp that one can be read from"));
}

// --- charge -------------------------------------------------------------------------------------------------------------------

TEST(MeritFigures, CapacityToFailureAddsEveryErrorOfU4) {
  std::vector<given::Half> all = given::both_ways(2);
  for (int k = 0; k < 4; ++k) all.push_back({k % 2 == 0 ? 1 : -1, 3.0, 300.0, 2}); // after the short
  given::Case c = given::make(all);
  c.flicker(0, 0.01e-3);
  c.flicker(1, 0.1e-3);
  c.fail(3, 445.0, 10.0, 20.0);
  const Merit m = c.figure("capacity_to_failure");
  ASSERT_EQ(m.bound, Bound::exact);
  const double charge = 1e-3 * 890.0 * 2.0 + 2e-3 * 890.0 + 2e-3 * 445.0;
  EXPECT_NEAR(*m.value(), charge / given::area, 1e-6);
  const double scatter = (1.78 * 0.01e-3 / 1e-3 + 2.67 * 0.1e-3 / 2e-3) / std::sqrt(12.0);
  EXPECT_NEAR(*m.uncertainty, std::hypot(0.02 * charge, scatter, 2e-3 * row_error) / given::area, 1e-6);
  EXPECT_NEAR(*condition(m, "half_cycle_time").value, 900.0, 1e-9) << "the half cycles after it do not count";
  EXPECT_EQ(condition(m, "directions").text, "both directions");
}

TEST(MeritFigures, WithoutAShortTheThresholdIsTheLargestHalfCycleWithItsConditions) {
  std::vector<given::Half> all = given::both_ways(3);
  all[2].duration = 600.0;
  all.push_back({1, 3.0, 1200.0, 2}); // larger than the one before it in this step and direction
  all.push_back({-1, 3.0, 300.0, 2});
  given::Case c = given::make(all);
  c.set_each(col::temperature, [](std::size_t k) { return 300.0 + static_cast<double>(k); });
  const Merit m = c.figure("threshold_capacity");
  EXPECT_EQ(m.bound, Bound::at_least);
  EXPECT_NEAR(*m.low, 3e-3 * 1190.0 / given::area, 1e-6);
  EXPECT_NEAR(*m.uncertainty, 0.02 * *m.low, 1e-6);
  EXPECT_NEAR(*condition(m, "temperature").value, 306.0, 1e-9) << "of the half cycle that it is";
  EXPECT_NEAR(*condition(m, "current_density").value, 30.0, 1e-9);
  const Merits merits = c.merits();
  ASSERT_EQ(merits.capacity.size(), 6u);
  EXPECT_EQ(merits.capacity[4].half_cycle, 6u);
  EXPECT_NEAR(*merits.capacity[4].capacity, 3e-3 * 1190.0 / given::area, 1e-6);
  EXPECT_NEAR(merits.capacity[5].charge, 3e-3 * 890.0, 1e-9) << "the smaller one that came later";
}

TEST(MeritFigures, AShortWithinTwoRowsOfTheSwitchIsAnUpperBound) {
  given::Case c = given::make(given::both_ways(3));
  const auto threshold = [&](double after) {
    c.fail(4, after, 20.0, 30.0);
    return c.figure("threshold_capacity");
  };
  EXPECT_EQ(threshold(25.0).bound, Bound::exact);
  EXPECT_NEAR(*threshold(25.0).value(), 3e-3 * 25.0 / given::area, 1e-6);
  EXPECT_EQ(threshold(15.0).bound, Bound::at_most) << "more than one row, less than two";
  EXPECT_NEAR(*threshold(15.0).high, 3e-3 * 15.0 / given::area, 1e-6);
  EXPECT_NEAR(*threshold(1.0).high, 3e-3 * row_error / given::area, 1e-6) << "no better known than the rows are apart";
  const Merit m = threshold(300.0);
  EXPECT_NEAR(*m.uncertainty, std::hypot(0.02 * 0.9, 3e-3 * row_error) / given::area, 1e-6);
  EXPECT_NEAR(*condition(m, "half_cycle_time").value, 900.0, 1e-9) << "as the one before it was meant to last";
  EXPECT_EQ(condition(m, "direction").text, "plating right (positive current)");
}

// --- resistance ---------------------------------------------------------------------------------------------------------------

given::Case noisy_steps() {
  given::Case c = given::make(given::both_ways(3));
  std::uint64_t state = 7; // numbers that look random
  c.set_voltage([&](std::size_t k, std::size_t) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    const double noise = static_cast<double>(state >> 40) / 16777216.0 - 0.5;
    return c.half(k).current * given::resistance + (k < 2 ? 4e-3 : 40e-3) * noise;
  });
  return c;
}

double noise_of_half(const given::Case& c, std::size_t k) {
  return noise_of({c.rows.voltage.begin() + static_cast<std::ptrdiff_t>(c.half(k).first), c.rows.voltage.begin() + static_cast<std::ptrdiff_t>(c.half(k).last) + 1});
}

TEST(MeritFigures, AResistanceHasTheNoiseOfItsRowsAndTheArea) {
  const given::Case c = noisy_steps();
  const Merits m = c.merits();
  ASSERT_EQ(m.resistance.size(), 3u);
  for (std::size_t step = 0; step < 3; ++step) { // (U7): 2 half cycles of 90 rows, of which the later halves count
    const double noise = 0.5 * (noise_of_half(c, 2 * step) + noise_of_half(c, 2 * step + 1));
    const double expected = 1.2533 * noise / (1e-3 * static_cast<double>(step + 1) * std::sqrt(90.0));
    EXPECT_GT(expected, 0.05);
    EXPECT_NEAR(m.resistance[step].resistance_uncertainty, expected, 1e-9 * expected);
    EXPECT_NEAR(*m.resistance[step].asr_uncertainty, std::hypot(expected * given::area, 0.02 * 60.0 * given::area), 1e-12);
  }
  const Merit change = *m.find("resistance_change");
  EXPECT_NEAR(*change.value(), 0.0, 1e-12);
  EXPECT_NEAR(*change.uncertainty, std::hypot(m.resistance[0].resistance_uncertainty, m.resistance[2].resistance_uncertainty) / 60.0, 1e-12);
  EXPECT_EQ(change.conditions.at(1).name, "current density of the last step passed");
}

TEST(MeritFigures, ASingleStepBeforeTheShortHasNoChange) {
  given::Case c = given::make(given::both_ways(2));
  c.fail(2, 100.0, 10.0, 20.0);
  const Merits m = c.merits();
  EXPECT_NE(m.find("resistance_first"), nullptr);
  EXPECT_EQ(m.find("resistance_last"), nullptr);
  EXPECT_EQ(m.find("resistance_change"), nullptr);
  EXPECT_FALSE(m.resistance.at(0).shorted);
  EXPECT_TRUE(m.resistance.at(1).shorted) << "the step in which it began";
  c.fail(0, 100.0, {}, 10.0);
  EXPECT_THAT(c.figure("resistance_first").refused, HasSubstr("the short began in the first step"));
}

TEST(MeritFigures, AFullCellHasNoResistance) {
  given::Case c = given::make(given::both_ways(2));
  c.record.cell.configuration = Configuration::full;
  EXPECT_THAT(c.figure("resistance_first").refused, HasSubstr("mostly that of its chemistry"));
  EXPECT_TRUE(c.merits().resistance.empty());
}

// --- life ---------------------------------------------------------------------------------------------------------------------

std::vector<given::Half> lasting(std::size_t before, std::size_t at, std::size_t after) {
  std::vector<given::Half> out;
  std::size_t step = 0;
  const auto add = [&](std::size_t count, double current) {
    for (std::size_t k = 0; k < count; ++k) out.push_back({k % 2 == 0 ? 1 : -1, current, 900.0, step});
    if (count > 0) ++step;
  };
  add(before, 0.2);
  add(at, 1.0);
  add(after, 2.0);
  return out;
}

TEST(MeritFigures, ALifeWantsTenHalfCyclesAndThreeTimesTheOthers) {
  EXPECT_NEAR(*given::make(lasting(0, 4, 0)).figure("life_time").low, 4 * 900.0 - 10.0, 1e-9) << "the only current, however few";
  EXPECT_NEAR(*given::make(lasting(2, 10, 0)).figure("life_time").low, 10 * 900.0 - 10.0, 1e-9);
  EXPECT_THAT(given::make(lasting(2, 8, 0)).figure("life_time").refused, HasSubstr("the current was changed"));
  EXPECT_THAT(given::make(lasting(4, 10, 0)).figure("life_time").refused, HasSubstr("the current was changed")) << "2.5 times";
  EXPECT_NEAR(*given::make(lasting(4, 12, 0)).figure("life_time").low, 12 * 900.0 - 10.0, 1e-9);
}

TEST(MeritFigures, AShortBeforeOrAfterTheCurrentThatLasts) {
  given::Case before = given::make(lasting(2, 12, 0));
  before.fail(1, 100.0);
  EXPECT_THAT(before.figure("life_time").refused, HasSubstr("before the current that lasts"));
  given::Case after = given::make(lasting(0, 12, 2));
  after.fail(13, 100.0, 10.0, 20.0);
  const Merit time = after.figure("life_time");
  EXPECT_EQ(time.bound, Bound::at_least);
  EXPECT_NEAR(*time.low, 12 * 900.0 - 10.0, 1e-9);
  EXPECT_THAT(time.remark, HasSubstr("the short began after this current"));
  EXPECT_NEAR(*after.figure("life_capacity").low, 12 * 890.0 * 10.0, 1e-6);
  EXPECT_THAT(given::make(lasting(0, 12, 2)).figure("life_time").remark, HasSubstr("ended without a short"));
}

TEST(MeritFigures, ALifeIsAsUncertainAsItsOnsetAndItsCurrent) {
  std::vector<given::Half> all = lasting(0, 12, 0);
  for (std::size_t k = 6; k < 12; ++k) all[k].duration = 300.0;
  given::Case c = given::make(all);
  c.flicker(0, 0.1e-3);
  c.fail(5, 450.0);
  const Merit time = c.figure("life_time"), capacity = c.figure("life_capacity");
  EXPECT_NEAR(*time.value(), 5 * 900.0 + 450.0, 1e-9);
  EXPECT_NEAR(*time.uncertainty, row_error, 1e-12);
  EXPECT_NEAR(*capacity.uncertainty / *capacity.value(), std::hypot(0.02, 0.1 / std::sqrt(12.0)), 1e-9);
  EXPECT_NEAR(*condition(time, "half_cycle_time").value, 900.0, 1e-9) << "what came after the short is no condition";
  EXPECT_DOUBLE_EQ(*c.figure("life_cycles").value(), 2.0) << "five half cycles without a short";
}

TEST(MeritFigures, ALifeInOneDirectionIsCountedInHalfCycles) {
  std::vector<given::Half> all = lasting(0, 6, 0);
  for (given::Half& h : all) h.direction = 1;
  given::Case c = given::make(all);
  c.fail(5, 450.0);
  EXPECT_DOUBLE_EQ(*c.figure("life_cycles").value(), 5.0);
  EXPECT_THAT(c.figure("life_cycles").name, HasSubstr("one direction"));
}

} // namespace

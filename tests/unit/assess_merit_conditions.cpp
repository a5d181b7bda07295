// Uncertainties (U1) to (U3) and the conditions of figures, worked out by hand.

#include "assess_given.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace platen;
using namespace platen::assessing;
using given::condition;

namespace {

const double root12 = std::sqrt(12.0);

TEST(MeritConditions, TheCurrentOfAStepScattersBetweenItsHalfCyclesWhereTheVoltageIsNotHeld) {
  given::Case c = given::make({{1, 1.0}, {-1, 1.0}});
  const HalfCycle &a = c.half(0), &b = c.half(1);
  for (std::size_t row = b.first; row <= b.last; ++row) c.rows.current[row] = -1.02e-3;
  const std::size_t from = a.first + 60; // a held voltage: the current tapers by small steps to a half
  for (std::size_t row = from; row <= a.last; ++row)
    c.rows.current[row] = 1e-3 * (1.0 - 0.5 * static_cast<double>(row - from) / static_cast<double>(a.last - from));
  EXPECT_NEAR(current_uncertainties(c.rows, c.segments).at(0), 0.02e-3 / std::sqrt(2.0), 1e-9) << "of 1.00 and 1.02 mA, not of their means";
}

TEST(MeritConditions, TheLastDigitOfTheCurrentIsItsSmallestChange) {
  given::Case c = given::make({{1, 1.0}, {-1, 1.0}, {1, 2.0, 900.0, 1}});
  const HalfCycle& a = c.half(0);
  for (std::size_t row = a.first; row <= a.last; ++row) c.rows.current[row] = row % 2 == 0 ? 1.000e-3 : 1.002e-3;
  c.rows.current[a.first + 11] += 8e-6; // one larger change among them
  for (std::size_t row = c.half(1).first; row <= c.half(1).last; ++row) c.rows.current[row] = -1.002e-3;
  const std::vector<double> errors = current_uncertainties(c.rows, c.segments);
  EXPECT_NEAR(errors.at(0), 2e-6 / root12, 1e-12);
  EXPECT_EQ(errors.at(1), 0.0) << "no change is seen";
}

TEST(MeritConditions, ACurrentDensityHasTheErrorsOfAreaAndCurrent) {
  given::Case c = given::make(given::both_ways(3));
  c.flicker(2, 0.1e-3);
  EXPECT_NEAR(density_uncertainty(c.subject(), 2), std::hypot(0.02, 0.1e-3 / root12 / 3e-3), 1e-12);
  EXPECT_NEAR(density_uncertainty(c.subject(), 1), 0.02, 1e-12);
  c.record.cell.uncertainty = {{"area", 0.05 * given::area}};
  EXPECT_NEAR(density_uncertainty(c.subject(), 1), 0.05, 1e-12);
}

TEST(MeritConditions, AnOnsetIsKnownToTheRowsBesideIt) {
  given::Case c = given::make(given::both_ways(2));
  c.fail(2, 100.0);
  EXPECT_NEAR(onset_uncertainty(c.subject()), 10.0 / root12, 1e-12);
  c.judged.onset = c.rows.time.front();
  EXPECT_EQ(onset_uncertainty(c.subject()), 0.0) << "nothing lies before it";
}

TEST(MeritConditions, AHalfCycleRunsToTheSwitchUnlessAPauseFollows) {
  const given::Case c = given::make({{1, 1.0}, {-1, 1.0}, {1, 1.0, 900.0, 0, 600.0}, {-1, 1.0}});
  EXPECT_NEAR(as_run(c.segments, 0).time, 900.0, 1e-9) << "the row of the switch is the next half cycle's";
  EXPECT_NEAR(as_run(c.segments, 0).charge, 0.9, 1e-12);
  EXPECT_NEAR(as_run(c.segments, 1).time, 890.0, 1e-9) << "ten minutes of pause are none of it";
  EXPECT_NEAR(as_run(c.segments, 1).charge, 0.89, 1e-12);
  EXPECT_NEAR(as_run(c.segments, 3).time, 890.0, 1e-9) << "the record ends";
  Segments with_rows = c.segments; // rows of a short rest lie between
  with_rows.half_cycles[1].first += 1;
  EXPECT_NEAR(as_run(with_rows, 0).time, 890.0, 1e-9);
}

TEST(MeritConditions, AreMediansOfWhatWasMeasuredBeforeTheShort) {
  given::Case c = given::make({{1, 1.0, 600.0}, {-1, 1.0, 900.0}, {1, 1.0, 1200.0}});
  c.record.cell.area = 2e-4;
  c.set_each(col::temperature, [](std::size_t k) { return k == 1 ? 310.0 : 300.0; });
  const std::vector<Condition> whole = conditions(c.subject(), 0, 2);
  EXPECT_NEAR(*condition(whole, "half_cycle_time").value, 900.0, 1e-9);
  EXPECT_NEAR(*condition(whole, "half_cycle_capacity").value, 0.9 / 2e-4, 1e-9);
  EXPECT_NEAR(*condition(whole, "temperature").value, 300.0, 1e-9);
  EXPECT_EQ(condition(whole, "temperature").from, "data");
  c.fail(2, 300.0);
  const std::vector<Condition> cut = conditions(c.subject(), 0, 2);
  EXPECT_NEAR(*condition(cut, "half_cycle_time").value, 600.0, 1e-9) << "of 600, 900 and the 300 s before the short";
  EXPECT_NEAR(*condition(cut, "half_cycle_capacity").value, 0.6 / 2e-4, 1e-9);
}

TEST(MeritConditions, AThermometerThatMissesRowsTellsTheOthers) {
  given::Case c = given::make({{1, 1.0}});
  std::vector<double> kelvin(c.rows.time.size(), 300.0);
  for (std::size_t k = 0; k < kelvin.size(); k += 2) kelvin[k] = std::numeric_limits<double>::quiet_NaN();
  c.record.set(col::temperature, kelvin);
  EXPECT_DOUBLE_EQ(*condition(conditions(c.subject(), 0, 0), "temperature").value, 300.0);
}

TEST(MeritConditions, WhatWasMeasuredAfterTheShortIsNone) {
  given::Case c = given::make(given::both_ways(2));
  c.fail(3, 300.0);
  std::vector<double> temperature(c.rows.time.size(), 300.0), pressure(c.rows.time.size(), 5e6);
  for (std::size_t row = 0; row < temperature.size(); ++row) {
    if (c.rows.time[row] > *c.judged.onset) temperature[row] = 400.0;
    if (row % 3 == 0) pressure[row] = std::numeric_limits<double>::quiet_NaN();
  }
  c.record.set(col::temperature, temperature);
  c.record.set(col::stack_pressure, pressure);
  const std::vector<Condition> failing = conditions(c.subject(), 3, 3);
  EXPECT_NEAR(*condition(failing, "temperature").value, 300.0, 1e-9) << "31 of 90 rows lie before it";
  EXPECT_NEAR(*condition(failing, "stack_pressure").value, 5e6, 1e-6) << "rows without a reading say nothing";
}

TEST(MeritConditions, AHalfCycleThatTheShortEndedHasTheTimeOfTheOneBeforeAndItsOwnTemperature) {
  given::Case c = given::make({{1, 1.0, 600.0}, {-1, 1.0, 900.0}, {1, 1.0, 1200.0}, {-1, 1.0, 1200.0}});
  c.set_each(col::temperature, [](std::size_t k) { return 300.0 + static_cast<double>(k); });
  c.fail(2, 300.0);
  const std::vector<Condition> failing = step_conditions(c.subject(), 2);
  EXPECT_NEAR(*condition(failing, "half_cycle_time").value, 900.0, 1e-9);
  EXPECT_NEAR(*condition(failing, "half_cycle_capacity").value, 0.9 / given::area, 1e-9);
  EXPECT_NEAR(*condition(failing, "temperature").value, 302.0, 1e-9);
  EXPECT_NEAR(*condition(step_conditions(c.subject(), 1), "half_cycle_time").value, 900.0, 1e-9) << "it ran its course: its own";
  c.fail(0, 300.0);
  EXPECT_NEAR(*condition(step_conditions(c.subject(), 0), "half_cycle_time").value, 300.0, 1e-9) << "there is none before it";
}

TEST(MeritConditions, EveryShortThatNobodySawBeginIsOlderThanTheRecord) {
  given::Case c = given::make(given::both_ways(3));
  for (const Verdict v : {Verdict::fake_stable, Verdict::soft_short, Verdict::hard_short}) {
    c.judged.verdict = v;
    EXPECT_TRUE(c.subject().shorted_before()) << label(v);
    EXPECT_THAT(c.figure("capacity_to_failure").refused, testing::HasSubstr("already shorted"));
  }
  for (const Verdict v : {Verdict::healthy, Verdict::contact_loss, Verdict::cannot_tell}) {
    c.judged.verdict = v;
    EXPECT_FALSE(c.subject().shorted_before()) << label(v);
  }
  c.fail(3, 10.0);
  EXPECT_FALSE(c.subject().shorted_before());
}

TEST(MeritConditions, AnAreaOfNothingIsNoArea) {
  given::Case c = given::make(given::both_ways(3));
  c.record.cell.area = 0.0;
  EXPECT_EQ(c.figure("charge_to_failure").unit, "C");
}

} // namespace

// Figures of merit of made-up ramps whose every number is known, and why there is none where a record cannot support one.

#include "assess_waveforms.hpp"

#include "assess/assessment.hpp"
#include "assess/thresholds.hpp"

#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace platen;
using testing::HasSubstr;
using waveforms::Fault;

namespace {

constexpr double area = 0.785e-4, grid = 1.27; // m2, A/m2

waveforms::Ramp ordinary() {
  waveforms::Ramp p;
  p.noise = 2e-4;
  p.quantum = 1e-4;
  p.offset = 3e-3;
  return p;
}

waveforms::Ramp shorting(std::size_t step) {
  waveforms::Ramp p = ordinary();
  p.fault = Fault::hard;
  p.failing_step = step;
  p.life_after = 300.0;
  return p;
}

Merit figure(const Assessment& a, std::string_view key) {
  const Merit* m = a.merit.find(key);
  if (m == nullptr) throw std::runtime_error("no figure " + std::string(key));
  return *m;
}

Condition condition(const Merit& m, std::string_view key) {
  for (const Condition& c : m.conditions)
    if (c.key == key) return c;
  throw std::runtime_error("no condition " + std::string(key));
}

/// A record of half cycles given one by one, 60 ohm: current (A), duration (s), and the voltage at which it ends (V, 0: none).
struct Piece {
  double current, duration, limit = 0, resistance = 60.0;
};
Record pieces(const std::vector<Piece>& all, double pause_after_third = 0.0) {
  std::vector<double> time, current, voltage;
  double clock = 0.0;
  std::size_t index = 0;
  for (const Piece& p : all) {
    if (++index == 4) clock += pause_after_third;
    for (double t = 10.0; t <= p.duration + 1e-9; t += 10.0) {
      const double v = p.current * p.resistance;
      time.push_back(clock + t);
      current.push_back(p.current);
      voltage.push_back(p.limit > 0 && t + 10.0 > p.duration ? std::copysign(p.limit, v) : v);
      if (p.limit > 0 && t + 20.0 > p.duration) voltage.back() = std::copysign(p.limit, v);
    }
    clock += p.duration;
  }
  return waveforms::record_of(Configuration::symmetric, time, current, voltage, 1e-4);
}

/// Both directions of steps 1, 2, 3 ... mA, each for 15 min; the last one shorted to 2 ohm from its start.
std::vector<Piece> ramp_of(std::size_t steps, bool shorted) {
  std::vector<Piece> out;
  for (std::size_t s = 1; s <= steps; ++s)
    for (const int sign : {1, -1}) out.push_back({sign * 1e-3 * static_cast<double>(s), 900.0, 0.0, shorted && s == steps ? 2.0 : 60.0});
  return out;
}

TEST(Merit, ACcdCarriesItsConditionsAndItsUncertainty) {
  waveforms::Waveform w = waveforms::make(shorting(12));
  w.record.cell.stack_pressure = 5e6;
  w.record.cell.known_from = {{"area", {"cell file", "a.cell.toml:3"}}};
  w.record.cell.uncertainty = {{"area", 0.01 * area}};
  const Assessment a = assess(w.record);
  const Merit ccd = figure(a, "ccd");
  EXPECT_EQ(ccd.bound, Bound::between);
  EXPECT_NEAR(*ccd.low, 12 * grid, 1e-9);
  EXPECT_NEAR(*ccd.high, 13 * grid, 1e-9);
  EXPECT_NEAR(*ccd.uncertainty, 0.01 * 13 * grid, 1e-3) << "the area alone: this current has no noise";
  EXPECT_NEAR(*condition(ccd, "temperature").value, 298.15, 1e-9);
  EXPECT_EQ(condition(ccd, "temperature").from, "data file");
  EXPECT_NEAR(*condition(ccd, "stack_pressure").value, 5e6, 1e-6);
  EXPECT_EQ(condition(ccd, "area").from, "cell file");
  EXPECT_NEAR(*condition(ccd, "grid").value, grid, 1e-9);
  EXPECT_NEAR(*condition(ccd, "ramp_start").value, grid, 1e-9);
  EXPECT_NEAR(*condition(ccd, "half_cycle_time").value, 900.0, 1e-9) << "of the half cycle before the one that the short ended";
  EXPECT_DOUBLE_EQ(*condition(ccd, "half_cycles_per_step").value, 2.0);
  EXPECT_THAT(condition(ccd, "direction").text, HasSubstr("plating right"));
}

TEST(Merit, AnAreaWithoutAnUncertaintyIsAssumedToBeKnownToTwoPercentAndNoiseOfTheCurrentAddsToIt) {
  waveforms::Ramp p = shorting(12);
  const double quiet = *figure(assess(waveforms::make(p).record), "ccd").uncertainty;
  EXPECT_NEAR(quiet, 0.02 * 13 * grid, 1e-3);
  waveforms::Waveform w = waveforms::make(p);
  for (double& i : w.record.real(col::current)) i = 2e-4 * std::round(i / 2e-4); // a cycler that shows 0.2 mA
  const Merit ccd = figure(assess(w.record), "ccd");
  ASSERT_TRUE(ccd.refused.empty()) << ccd.refused;
  EXPECT_GT(*ccd.uncertainty, quiet * 0.9);
}

TEST(Merit, WhatIsNotKnownIsAConditionAllTheSame) {
  waveforms::Waveform w = waveforms::make(shorting(9));
  w.record.cell.temperature = std::nullopt;
  const Merit ccd = figure(assess(w.record), "ccd");
  EXPECT_FALSE(condition(ccd, "temperature").value);
  EXPECT_EQ(condition(ccd, "temperature").from, "");
  EXPECT_FALSE(condition(ccd, "stack_pressure").value);
}

TEST(Merit, EachDirectionHasItsOwnInterval) {
  waveforms::Ramp p = shorting(12);
  p.failing_direction = -1;
  const Assessment a = assess(waveforms::make(p).record);
  const Merit left = figure(a, "ccd_plating_left"), right = figure(a, "ccd_plating_right");
  EXPECT_EQ(left.bound, Bound::between);
  EXPECT_NEAR(*left.low, 12 * grid, 1e-9);
  EXPECT_NEAR(*left.high, 13 * grid, 1e-9);
  EXPECT_EQ(right.bound, Bound::at_least) << "the same step was passed while plating right";
  EXPECT_NEAR(*right.low, 13 * grid, 1e-9);
  EXPECT_FALSE(right.high);
  EXPECT_THAT(right.remark, HasSubstr("in the other direction"));
}

TEST(Merit, CapacityToFailureAndThresholdAreWhatWasPassed) {
  waveforms::Ramp p = shorting(12);
  p.failing_moment = 0.5;
  const waveforms::Waveform w = waveforms::make(p);
  const Assessment a = assess(w.record);
  const Merit total = figure(a, "capacity_to_failure"), threshold = figure(a, "threshold_capacity");
  EXPECT_EQ(total.bound, Bound::exact);
  EXPECT_NEAR(*total.value(), grid * 900.0 * (2.0 * 78.0 + 0.5 * 13.0), 13 * grid * 20.0);
  EXPECT_NEAR(*total.uncertainty / *total.value(), 0.02, 1e-3);
  EXPECT_EQ(threshold.bound, Bound::exact);
  EXPECT_NEAR(*threshold.value(), 13 * grid * 450.0, 13 * grid * 11.0);
  EXPECT_NEAR(*condition(threshold, "current_density").value, 13 * grid, 1e-9);
  const double row = 13 * grid * 10.0 / std::sqrt(12.0);
  EXPECT_NEAR(*threshold.uncertainty, std::hypot(0.02 * *threshold.value(), row), 0.05 * row);
  ASSERT_EQ(a.merit.capacity.size(), 25u) << "two directions of twelve steps, and the failing half cycle";
  EXPECT_TRUE(a.merit.capacity.back().failed);
  EXPECT_NEAR(*a.merit.capacity[0].capacity, grid * 900.0, grid * 11.0);
  EXPECT_FALSE(a.merit.capacity[0].failed);
}

TEST(Merit, WithoutAShortEverythingIsALowerBound) {
  const Assessment a = assess(waveforms::make(ordinary()).record);
  for (const char* key : {"ccd", "capacity_to_failure", "threshold_capacity"}) {
    EXPECT_EQ(figure(a, key).bound, Bound::at_least) << key;
    EXPECT_TRUE(figure(a, key).low) << key;
    EXPECT_FALSE(figure(a, key).remark.empty()) << key;
  }
  EXPECT_NEAR(*figure(a, "ccd").low, 17 * grid, 1e-9);
  EXPECT_EQ(a.merit.find("ccd_plating_left"), nullptr);
}

TEST(Merit, ResistanceAgainstStepHasItsUncertaintyAndEndsBeforeTheShort) {
  waveforms::Ramp p = shorting(12);
  p.drift = -0.4;
  const Assessment a = assess(waveforms::make(p).record);
  ASSERT_EQ(a.merit.resistance.size(), 13u);
  EXPECT_FALSE(a.merit.resistance[11].shorted);
  EXPECT_TRUE(a.merit.resistance[12].shorted);
  const Merit first = figure(a, "resistance_first"), last = figure(a, "resistance_last"), change = figure(a, "resistance_change");
  EXPECT_NEAR(*first.value(), 60.0 * area, 0.03 * 60.0 * area);
  EXPECT_NEAR(*condition(last, "current_density").value, 12 * grid, 1e-9);
  EXPECT_LT(*change.value(), -0.08);
  EXPECT_NEAR(*change.value(), *last.value() / *first.value() - 1.0, 1e-9);
  EXPECT_LT(*change.uncertainty, 0.01) << "the area cancels";
  EXPECT_GT(*first.uncertainty, 0.019 * 60.0 * area) << "the area does not";
}

TEST(Merit, HalfCyclesThatDifferWidenAResistance) {
  // Two half cycles each way at 1 mA, of 55 and 65 ohm: standard deviation 7.07 ohm, of their mean 5 ohm, on 1 cm2.
  std::vector<Piece> all{{1e-3, 900.0, 0, 55.0}, {-1e-3, 900.0, 0, 55.0}, {1e-3, 900.0, 0, 65.0}, {-1e-3, 900.0, 0, 65.0}};
  const std::vector<Piece> next = ramp_of(3, false);
  all.insert(all.end(), next.begin() + 2, next.end());
  const Assessment a = assess(pieces(all));
  ASSERT_FALSE(a.merit.resistance.empty());
  EXPECT_NEAR(a.merit.resistance.front().resistance_uncertainty, 5.0, 0.05);
}

TEST(Merit, NoiseWidensAResistanceAsTheSquareRootOfItsRows) {
  waveforms::Ramp p = ordinary();
  p.quantum = 0;
  const auto uncertainty = [&](double noise) {
    p.noise = noise;
    return assess(waveforms::make(p).record).merit.resistance.front().resistance_uncertainty;
  };
  const double expected = 1.2533 * 5e-4 / (grid * area * std::sqrt(90.0)); // two halves of 90 rows
  double mean = 0; // of ten instruments: one says its noise to a tenth
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    p.seed = seed;
    mean += 0.1 * uncertainty(5e-4);
  }
  EXPECT_NEAR(mean, expected, 0.15 * expected);
  EXPECT_NEAR(uncertainty(1e-3) / uncertainty(5e-4), 2.0, 0.3);
}

TEST(Merit, TheIntervalOfThePlatedSideIsGivenWhereStrippingCostNoContact) {
  const Assessment a = assess(waveforms::make(shorting(12)).record);
  const Merit strip = figure(a, "critical_stripping"), plate = figure(a, "critical_plating");
  EXPECT_EQ(strip.bound, Bound::at_least) << strip.refused;
  EXPECT_NEAR(*strip.low, 12 * grid, 1e-9);
  EXPECT_EQ(plate.bound, Bound::between) << plate.refused;
  EXPECT_NEAR(*plate.low, 12 * grid, 1e-9);
  EXPECT_NEAR(*plate.high, 13 * grid, 1e-9);
}

TEST(Merit, VoidsGiveACriticalStrippingCurrentAndThenPlatingAloneCannotBeTold) {
  waveforms::Ramp p = shorting(14);
  p.voids = 3.0; // rises by 3 (s/17)^3 of the interface, half of the resistance, at step s: 10 % from s = 7 on
  const Assessment a = assess(waveforms::make(p).record);
  const Merit strip = figure(a, "critical_stripping"), plate = figure(a, "critical_plating");
  ASSERT_EQ(strip.bound, Bound::between) << strip.refused;
  EXPECT_NEAR(*strip.high, 7.5 * grid, 1.6 * grid);
  EXPECT_NEAR(*strip.high - *strip.low, grid, 1e-9) << "the grid of the ramp";
  EXPECT_THAT(strip.remark, HasSubstr("rises"));
  EXPECT_EQ(plate.bound, Bound::at_least);
  EXPECT_LE(*plate.low, *strip.low + 1e-9);
  EXPECT_THAT(plate.remark, HasSubstr("need not be that of plating"));
}

TEST(Merit, AThirdElectrodeTellsWhoseVoidsTheyAre) {
  waveforms::Waveform w = waveforms::make(shorting(14));
  std::vector<double> left, right;
  const auto v = w.record.real(col::voltage), i = w.record.real(col::current);
  const Segments s = find_segments(w.record);
  std::vector<double> share(v.size(), 0.0);
  for (const HalfCycle& h : s.half_cycles)
    if (h.direction < 0 && h.step >= 5) // the right electrode, stripped by negative current
      for (std::size_t k = h.first; k <= h.last; ++k) share[k] = 0.5 * std::pow(double(k - h.first) / double(h.last - h.first), 2.0);
  for (std::size_t k = 0; k < v.size(); ++k) {
    const double half = 0.5 * (v[k] - 3e-3);
    right.push_back(-half * (1.0 + share[k]));
    left.push_back(half); // their difference is not the voltage, whose noise must not matter
  }
  w.record.set(Column{"ewe", "V", "left", left});
  w.record.set(Column{"ece", "V", "right", right});
  const Merit strip = figure(assess(w.record), "critical_stripping");
  ASSERT_EQ(strip.bound, Bound::between) << strip.refused;
  EXPECT_NEAR(*strip.high, 6 * grid, 1e-9);
  EXPECT_THAT(condition(strip, "electrode").text, HasSubstr("right"));
  EXPECT_THAT(condition(strip, "seen_by").text, HasSubstr("third"));
}

TEST(Merit, StrippingIsRefusedWhereSomethingElseMovesTheResistance) {
  waveforms::Waveform w = waveforms::make(shorting(12));
  std::vector<double> temperature, pressure;
  for (std::size_t k = 0; k < w.record.rows(); ++k) {
    const double x = double(k) / double(w.record.rows());
    temperature.push_back(298.15 + 10.0 * x);
    pressure.push_back(5e6 * (1.0 - 0.5 * x));
  }
  Record warm = w.record, slack = w.record;
  warm.set(col::temperature, temperature);
  slack.set(col::stack_pressure, pressure);
  EXPECT_THAT(figure(assess(warm), "critical_stripping").refused, HasSubstr("temperature moved"));
  EXPECT_THAT(figure(assess(slack), "critical_plating").refused, HasSubstr("stack pressure moved"));
  waveforms::Ramp loud = shorting(12);
  loud.noise = 0.05;
  loud.interval = 30.0;
  EXPECT_THAT(figure(assess(waveforms::make(loud).record), "critical_stripping").refused, testing::Not(testing::IsEmpty()));
}

TEST(Merit, AShortAtTheFirstStepIsAnUpperBoundAndSaysSo) {
  waveforms::Ramp p = shorting(0);
  p.life_after.reset(); // the ramp goes on
  const Merit ccd = figure(assess(waveforms::make(p).record), "ccd");
  EXPECT_EQ(ccd.bound, Bound::at_most) << ccd.refused;
  EXPECT_THAT(ccd.remark, HasSubstr("failed at the first step"));
}

TEST(Merit, WhatAStepPassedBeforeItFailedInTheSameDirectionIsNotPassed) {
  waveforms::Ramp p = shorting(12);
  p.cycles_per_step = 3; // it fails in the last of them
  const Merit right = figure(assess(waveforms::make(p).record), "ccd_plating_right");
  EXPECT_EQ(right.bound, Bound::between);
  EXPECT_NEAR(*right.low, 12 * grid, 1e-9);
}

TEST(Merit, AThresholdIsNoBetterKnownThanTheRowOfItsShort) {
  waveforms::Ramp p = shorting(12);
  p.failing_moment = 0.1;
  p.interval = 30.0;
  const Merit early = figure(assess(waveforms::make(p).record), "threshold_capacity");
  ASSERT_TRUE(early.uncertainty) << early.refused;
  EXPECT_GT(*early.uncertainty, 13 * grid * 6.0) << "30 s / sqrt 12, while 2 % of 90 s are 1.8 s";
  p.failing_moment = 0.03; // in its first row
  const Merit first = figure(assess(waveforms::make(p).record), "threshold_capacity");
  EXPECT_EQ(first.bound, Bound::at_most) << "it may have been there before the half cycle";
}

TEST(Merit, TheCapacityOfAStepIsThatOfItsLargestHalfCycle) {
  std::vector<Piece> all{{1e-3, 900.0}, {-1e-3, 900.0}, {1e-3, 600.0}, {-1e-3, 600.0}, {2e-3, 900.0}, {-2e-3, 900.0}, {3e-3, 900.0}, {-3e-3, 900.0}};
  const Assessment a = assess(pieces(all));
  ASSERT_FALSE(a.merit.capacity.empty()) << a.reason;
  EXPECT_NEAR(a.merit.capacity.front().charge, 0.9, 0.02);
  std::swap(all[0].duration, all[2].duration);
  EXPECT_NEAR(assess(pieces(all)).merit.capacity.front().charge, 0.9, 0.02) << "whichever comes first";
}

TEST(Merit, ContactThatComesBackAfterStrippingIsNotLostFromThereOn) {
  waveforms::Waveform w = waveforms::make(shorting(14));
  std::vector<double> left, right;
  const auto v = w.record.real(col::voltage);
  std::vector<double> share(v.size(), 0.0);
  for (const HalfCycle& h : find_segments(w.record).half_cycles)
    if (h.direction < 0 && h.step == 8)
      for (std::size_t k = h.first; k <= h.last; ++k) share[k] = 0.5 * std::pow(double(k - h.first) / double(h.last - h.first), 2.0);
  for (std::size_t k = 0; k < v.size(); ++k) {
    const double half = 0.5 * (v[k] - 3e-3);
    right.push_back(-half * (1.0 + share[k]));
    left.push_back(half);
  }
  w.record.set(Column{"ewe", "V", "left", left});
  w.record.set(Column{"ece", "V", "right", right});
  const Merit strip = figure(assess(w.record), "critical_stripping");
  EXPECT_EQ(strip.bound, Bound::at_least) << strip.refused;
}

TEST(Merit, ARiseByStrippingIsToldWhereSixStandardErrorsAreLessThanItsThreshold) {
  waveforms::Ramp p = shorting(12);
  p.quantum = 0;
  const auto told = [&](double noise, double interval) {
    p.noise = noise;
    p.interval = interval;
    return figure(assess(waveforms::make(p).record), "critical_stripping").refused.empty();
  };
  // two medians over a tenth of 90 rows each, at the largest current that passed
  const double u = 60.0 * 12 * grid * area;
  const double limit = thresholds::stripping_rise / thresholds::rise_noise * u / (1.2533 * std::sqrt(2.0 / 9.0));
  EXPECT_TRUE(told(0.7 * limit, 10.0));
  EXPECT_FALSE(told(1.5 * limit, 10.0));
  EXPECT_TRUE(told(1.5 * limit, 2.0)) << "five times the rows";
}

TEST(Merit, WithoutAnAreaTheRampSaysACurrent) {
  waveforms::Waveform w = waveforms::make(shorting(12));
  w.record.cell.area = std::nullopt;
  const Assessment a = assess(w.record);
  EXPECT_THAT(figure(a, "ccd").refused, HasSubstr("area"));
  const Merit i = figure(a, "critical_current");
  EXPECT_EQ(i.unit, "A");
  EXPECT_EQ(i.bound, Bound::between) << i.refused;
  EXPECT_NEAR(*i.low, 12 * grid * area, 1e-12);
  EXPECT_NEAR(*i.high, 13 * grid * area, 1e-12);
  EXPECT_EQ(a.merit.find("capacity_to_failure"), nullptr);
  EXPECT_EQ(figure(a, "charge_to_failure").unit, "C");
  EXPECT_EQ(figure(a, "resistance_first").unit, "ohm");
}

TEST(Merit, AShortOlderThanTheRecordHasNoFigures) {
  waveforms::Ramp p = ordinary();
  p.fault = Fault::shorted_before;
  const Assessment a = assess(waveforms::make(p).record);
  for (const Merit& m : a.merit.figures) EXPECT_THAT(m.refused, HasSubstr("already shorted")) << m.key;
  EXPECT_TRUE(a.merit.capacity.empty());
}

TEST(Merit, NothingIsSaidOfARecordThatCannotBeJudged) {
  Record r = waveforms::make(ordinary()).record;
  r.cell.configuration = Configuration::empty_fixture;
  for (const Merit& m : assess(r).merit.figures) EXPECT_THAT(m.refused, HasSubstr("empty fixture")) << m.key;
  Record none;
  for (const auto name : {col::test_time, col::voltage, col::current}) none.set(name, std::vector<double>{});
  ASSERT_EQ(assess(none).merit.figures.size(), 1u);
  EXPECT_THAT(assess(none).merit.figures.front().refused, HasSubstr("no half cycle"));
}

// --- what a CCD cannot be read from -------------------------------------------------------------------------------------------

TEST(Merit, ARampOfPiecesHasACcd) {
  const Assessment a = assess(pieces(ramp_of(6, true)));
  ASSERT_TRUE(a.ccd) << a.ccd_refused << a.reason;
  EXPECT_NEAR(*a.ccd->failing_step, 60.0, 1e-6);
  EXPECT_NEAR(*a.ccd->last_passed, 50.0, 1e-6);
}

TEST(Merit, ACurrentThatHadStoppedRisingHasNoCcd) {
  std::vector<Piece> all = ramp_of(5, false);
  for (int k = 0; k < 6; ++k) all.push_back({(k % 2 == 0 ? 1 : -1) * 5.4e-3, 900.0, 0.0, k >= 4 ? 2.0 : 60.0});
  const Assessment a = assess(pieces(all));
  ASSERT_TRUE(a.onset) << a.reason;
  EXPECT_FALSE(a.ccd);
  EXPECT_THAT(a.ccd_refused, HasSubstr("had stopped rising at the current limit (the last step was 0.4 mA/cm2 instead of 1 mA/cm2)"));
}

TEST(Merit, AShortBelowWhatWasPassedIsNoCcd) {
  std::vector<Piece> all = ramp_of(5, false);
  for (int k = 0; k < 4; ++k) all.push_back({(k % 2 == 0 ? 1 : -1) * 2e-3, 900.0, 0.0, k >= 1 ? 2.0 : 60.0});
  const Assessment a = assess(pieces(all));
  ASSERT_TRUE(a.onset) << a.reason;
  EXPECT_FALSE(a.ccd);
  EXPECT_THAT(a.ccd_refused, HasSubstr("although 5 mA/cm2 had been passed before"));
}

TEST(Merit, MissingStepsAreNoInterval) {
  std::vector<Piece> all = ramp_of(6, true);
  Record whole = pieces(all);
  ASSERT_TRUE(assess(whole).ccd);
  // rows of steps 4 and 5 are lost; the clock goes on
  Record lost;
  const auto t = whole.real(col::test_time), i = whole.real(col::current), v = whole.real(col::voltage);
  std::vector<double> time, current, voltage;
  for (std::size_t k = 0; k < t.size(); ++k)
    if (std::abs(i[k]) < 3.5e-3 || std::abs(i[k]) > 5.5e-3) {
      time.push_back(t[k]);
      current.push_back(i[k]);
      voltage.push_back(v[k]);
    }
  lost.set(col::test_time, time);
  lost.set(col::current, current);
  lost.set(col::voltage, voltage);
  lost.cell = whole.cell;
  const Assessment a = assess(lost);
  EXPECT_FALSE(a.ccd);
  EXPECT_THAT(a.ccd_refused, HasSubstr("steps are missing: between 3 mA/cm2 and 6 mA/cm2")) << a.reason;
}

TEST(Merit, ARampThatJumpsOnPurposeHasAWideInterval) {
  std::vector<Piece> all = ramp_of(3, false);
  for (const int sign : {1, -1}) all.push_back({sign * 6e-3, 900.0, 0.0, 2.0});
  const Assessment a = assess(pieces(all));
  ASSERT_TRUE(a.ccd) << a.ccd_refused;
  EXPECT_NEAR(*a.ccd->last_passed, 30.0, 1e-6);
  EXPECT_NEAR(*a.ccd->failing_step, 60.0, 1e-6);
}

TEST(Merit, ARecordThatBeginsInTheMiddleOfItsRampHasNoCcd) {
  std::vector<Piece> all{{3e-3, 900.0}, {-3e-3, 900.0}, {3e-3, 900.0, 0.0, 2.0}, {-3e-3, 900.0, 0.0, 2.0}, {4e-3, 900.0, 0.0, 2.0}, {-4e-3, 900.0, 0.0, 2.0}};
  Record r = pieces(all);
  const Assessment unknown = assess(r);
  ASSERT_TRUE(unknown.onset) << unknown.reason;
  ASSERT_TRUE(unknown.ccd) << unknown.ccd_refused;
  EXPECT_EQ(figure(unknown, "ccd").bound, Bound::at_most) << "nothing says that the ramp began lower";
  r.cell.ramp_start = r.cell.ramp_increment = 10.0;
  EXPECT_THAT(assess(r).ccd_refused, HasSubstr("the ramp is stated to begin at 1 mA/cm2, the record begins at 3 mA/cm2"));
}

TEST(Merit, HalfCyclesCutShortByAVoltageLimitAreNotPassed) {
  // 60 ohm to the 0.2 V limit: at 4 mA and more a half cycle ends early, the sooner the more
  std::vector<Piece> all = ramp_of(3, false);
  for (std::size_t s = 4; s <= 6; ++s)
    for (const int sign : {1, -1}) all.push_back({sign * 1e-3 * double(s), 900.0 / double(s - 1), 0.42, 60.0});
  const Assessment healthy = assess(pieces(all));
  ASSERT_TRUE(healthy.ccd) << healthy.ccd_refused << healthy.reason;
  EXPECT_NEAR(*healthy.ccd->last_passed, 30.0, 1e-6) << healthy.reason;
  EXPECT_THAT(figure(healthy, "ccd").remark, HasSubstr("cut short by a voltage limit of 0.42 V"));
  for (const int sign : {1, -1}) all.push_back({sign * 7e-3, 900.0, 0.0, 2.0});
  const Assessment a = assess(pieces(all));
  ASSERT_TRUE(a.onset) << a.reason;
  EXPECT_FALSE(a.ccd);
  EXPECT_THAT(a.ccd_refused, HasSubstr("cut short by a voltage limit of 0.42 V from 4 mA/cm2 on"));
}

TEST(Merit, ShorterHalfCyclesOnPurposeAreNotCutShort) {
  std::vector<Piece> all{{0.5e-3, 3600.0}, {-0.5e-3, 3600.0}};
  for (const Piece& p : ramp_of(6, true)) all.push_back(p);
  const Assessment a = assess(pieces(all));
  ASSERT_TRUE(a.ccd) << a.ccd_refused;
  EXPECT_NEAR(*a.ccd->failing_step, 60.0, 1e-6);
}

// --- life ---------------------------------------------------------------------------------------------------------------------

std::vector<Piece> cycles_of(std::size_t half_cycles, std::size_t shorted_from) {
  std::vector<Piece> out;
  for (std::size_t k = 0; k < half_cycles; ++k) out.push_back({(k % 2 == 0 ? 1 : -1) * 1e-3, 1800.0, 0.0, k >= shorted_from ? 2.0 : 60.0});
  return out;
}

TEST(Merit, LifeAtConstantCurrentIsTimeCyclesAndCharge) {
  const Assessment a = assess(pieces(cycles_of(20, 15)));
  ASSERT_TRUE(a.onset) << a.reason;
  EXPECT_THAT(figure(a, "ccd").refused, HasSubstr("single current"));
  EXPECT_EQ(figure(a, "life_time").bound, Bound::exact);
  EXPECT_NEAR(*figure(a, "life_time").value(), 15 * 1800.0, 30.0);
  EXPECT_DOUBLE_EQ(*figure(a, "life_cycles").value(), 7.0);
  EXPECT_NEAR(*figure(a, "life_capacity").value(), 15 * 1800.0 * 10.0, 300.0);
  EXPECT_NEAR(*condition(figure(a, "life_time"), "current_density").value, 10.0, 1e-9);
}

TEST(Merit, ALifeThatTheTestEndedIsCensored) {
  const Assessment a = assess(pieces(cycles_of(20, 99)));
  EXPECT_EQ(figure(a, "life_time").bound, Bound::at_least);
  EXPECT_NEAR(*figure(a, "life_time").low, 20 * 1800.0, 30.0);
  EXPECT_DOUBLE_EQ(*figure(a, "life_cycles").low, 10.0);
  EXPECT_FALSE(figure(a, "life_time").high);
}

TEST(Merit, FormationBeforeALifeIsNotCounted) {
  std::vector<Piece> all{{0.2e-3, 1800.0}, {-0.2e-3, 1800.0}};
  for (const Piece& p : cycles_of(20, 14)) all.push_back(p);
  const Assessment a = assess(pieces(all));
  EXPECT_NEAR(*figure(a, "life_time").value(), 14 * 1800.0, 30.0);
  EXPECT_DOUBLE_EQ(*figure(a, "life_cycles").value(), 7.0);
}

TEST(Merit, ARampHasNoLife) {
  EXPECT_THAT(figure(assess(waveforms::make(shorting(12)).record), "life_time").refused, HasSubstr("the current was changed: 13 steps"));
}

} // namespace

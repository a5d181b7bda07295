// Stripping and plating kept apart (U6) on half cycles whose overpotential is given row by row.

#include "assess_given.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace platen;
using namespace platen::assessing;
using given::condition;
using testing::HasSubstr;

namespace {

/// The overpotential of every half cycle (V at its start) and the share by which it rises to its end.
given::Case rising(const std::vector<given::Half>& all, const std::function<double(const HalfCycle&)>& rise, double offset = 0.0) {
  given::Case c = given::make(all);
  c.judged.voltage_offset = offset;
  c.set_voltage([&](std::size_t k, std::size_t n) {
    const HalfCycle& h = c.half(k);
    const double along = static_cast<double>(n) / static_cast<double>(h.last - h.first);
    return offset + h.current * given::resistance * (1.0 + rise(h) * std::max(0.0, (along - 0.1) / 0.8)); // flat in its first tenth
  });
  return c;
}

/// Right is stripped by negative current, and loses contact from `step` on.
std::function<double(const HalfCycle&)> right_from(std::size_t step) {
  return [step](const HalfCycle& h) { return h.direction < 0 && h.step >= step ? 0.5 : 0.0; };
}

TEST(MeritStripping, ThePlatedElectrodeThatLostNoContactHasItsOwnInterval) {
  std::vector<given::Half> all = given::both_ways(5); // right loses contact from the third step on; left shorts while it is plated
  given::Case c = rising(all, right_from(2));
  c.flicker(4, 0.5e-3);
  c.set_each(col::temperature, [](std::size_t k) { return 298.15 + (k == 9 ? 1.0 : 0.0); });
  c.fail(9, 300.0, 40.0, 50.0);
  const Merit strip = c.figure("critical_stripping"), plate = c.figure("critical_plating");
  ASSERT_EQ(strip.bound, Bound::between) << strip.refused;
  EXPECT_NEAR(*strip.low, 20.0, 1e-9);
  EXPECT_NEAR(*strip.high, 30.0, 1e-9);
  EXPECT_EQ(condition(strip, "electrode").text, "right electrode stripped (negative current)");
  EXPECT_NEAR(*strip.uncertainty, 0.02 * 30.0, 1e-9);
  ASSERT_EQ(plate.bound, Bound::between) << plate.refused << " left had lost no contact";
  EXPECT_NEAR(*plate.low, 40.0, 1e-9);
  EXPECT_NEAR(*plate.high, 50.0, 1e-9);
  EXPECT_NEAR(*plate.uncertainty, 50.0 * std::hypot(0.02, 0.5 / std::sqrt(12.0) / 5.0), 1e-9) << "of the failing step";
  EXPECT_NEAR(*condition(plate, "temperature").value, 299.15, 1e-9) << "of the failing step";
  EXPECT_THAT(plate.remark, HasSubstr("had lost no contact"));
}

TEST(MeritStripping, ThePlatedElectrodeThatHadLostContactHasALowerBound) {
  given::Case c = rising(given::both_ways(5), right_from(2));
  c.fail(8, 300.0, 40.0, 50.0); // while plating right, whose contact was lost
  const Merit plate = c.figure("critical_plating");
  EXPECT_EQ(plate.bound, Bound::at_least) << plate.refused;
  EXPECT_NEAR(*plate.low, 20.0, 1e-9) << "what was plated there before the contact was lost";
  EXPECT_THAT(plate.remark, HasSubstr("from 3 mA/cm2 on"));
}

TEST(MeritStripping, FromTheFirstStepOnPlatingCannotBeTold) {
  given::Case c = rising(given::both_ways(3), right_from(0));
  c.fail(4, 300.0, 20.0, 30.0);
  EXPECT_THAT(c.figure("critical_plating").refused, HasSubstr("what plating alone bears cannot be told"));
  const Merit strip = c.figure("critical_stripping");
  EXPECT_EQ(strip.bound, Bound::at_most);
  EXPECT_NEAR(*strip.high, 10.0, 1e-9);
}

TEST(MeritStripping, TheElectrodeThatIsFirstCounts) {
  const auto rise = [](const HalfCycle& h) { return h.step >= (h.direction > 0 ? 3u : 2u) ? 0.3 : 0.0; };
  const Merit strip = rising(given::both_ways(5), rise).figure("critical_stripping");
  EXPECT_NEAR(*strip.high, 30.0, 1e-9);
  EXPECT_THAT(condition(strip, "electrode").text, HasSubstr("right"));
  EXPECT_THAT(strip.remark, HasSubstr("at first by 32 %")) << "0.3 (0.95 - 0.1)/0.8: the median of its last tenth";
}

TEST(MeritStripping, WithoutARiseBothElectrodesBoreWhatTheOneDidThatWasSeenLeastFar) {
  given::Case c = rising(given::both_ways(4), [](const HalfCycle&) { return 0.0; });
  c.fail(7, 300.0, 30.0, 40.0); // plus of the last step was passed, minus not
  const Merit strip = c.figure("critical_stripping");
  EXPECT_EQ(strip.bound, Bound::at_least) << strip.refused;
  EXPECT_NEAR(*strip.low, 30.0, 1e-9);
  EXPECT_EQ(condition(strip, "electrode").text, "either electrode");
}

TEST(MeritStripping, WhatRisesAfterTheShortIsNoStripping) {
  given::Case c = rising(given::both_ways(5), [](const HalfCycle& h) { return h.step >= 3 ? 0.5 : 0.0; });
  c.fail(4, 300.0, 20.0, 30.0);
  EXPECT_EQ(c.figure("critical_stripping").bound, Bound::at_least);
}

TEST(MeritStripping, OnlyWhatThePlatedElectrodeItselfPassedCounts) {
  // plus of the fourth step is there, minus is not; then minus fails
  std::vector<given::Half> all = given::both_ways(3);
  all.push_back({1, 4.0, 900.0, 3});
  all.push_back({-1, 5.0, 900.0, 4});
  given::Case c = rising(all, [](const HalfCycle&) { return 0.0; });
  c.fail(7, 300.0, 40.0, 50.0);
  EXPECT_NEAR(*c.figure("critical_plating").low, 30.0, 1e-9);
  given::Case twice = rising(given::both_ways(3, 2), [](const HalfCycle&) { return 0.0; });
  twice.fail(10, 300.0, 20.0, 30.0); // in the second plus of its step
  EXPECT_NEAR(*twice.figure("critical_plating").low, 20.0, 1e-9) << "the failing step is not passed, whatever it bore once";
}

TEST(MeritStripping, TheZeroOfTheVoltageIsNoRise) {
  const auto left = [](const HalfCycle& h) { return h.direction > 0 && h.step >= 2 ? 0.12 : 0.0; };
  EXPECT_EQ(rising(given::both_ways(5), left).figure("critical_stripping").bound, Bound::between);
  const Merit shifted = rising(given::both_ways(5), left, 0.1).figure("critical_stripping"); // 12 % of 180 mV are 8 % of 280 mV
  EXPECT_EQ(shifted.bound, Bound::between) << shifted.refused;
  EXPECT_NEAR(*shifted.high, 30.0, 1e-9);
  EXPECT_THAT(condition(shifted, "electrode").text, HasSubstr("left"));
}

TEST(MeritStripping, FortyRowsBesideTheLastOneAreNeeded) {
  const auto told = [](double duration) {
    std::vector<given::Half> all = given::both_ways(3);
    for (given::Half& h : all) h.duration = duration;
    return rising(all, [](const HalfCycle&) { return 0.0; }).figure("critical_stripping").refused.empty();
  };
  EXPECT_TRUE(told(410.0));
  EXPECT_FALSE(told(400.0)) << "the last row may be read after the switch";
}

TEST(MeritStripping, AVoltageAgainstTheCurrentTellsNothing) {
  given::Case c = given::make(given::both_ways(3));
  c.set_voltage([&](std::size_t k, std::size_t n) { return (n < 12 ? -1.0 : 1.0) * c.half(k).current * given::resistance; });
  EXPECT_THAT(c.figure("critical_stripping").refused, HasSubstr("would hide a rise"));
}

TEST(MeritStripping, AnOverpotentialThatEndsAgainstTheCurrentTellsNothing) {
  given::Case c = given::make(given::both_ways(3));
  c.set_voltage([&](std::size_t k, std::size_t n) { return (n > 75 ? -1.0 : 1.0) * c.half(k).current * given::resistance; });
  EXPECT_THAT(c.figure("critical_stripping").refused, HasSubstr("would hide a rise"));
}

TEST(MeritStripping, ARiseIsToldWhereSixStandardErrorsAreATenthOfTheOverpotential) {
  // Left rises by half in the last tenth, in both steps. Three rows make the pattern of the noise, so that every block's median is the voltage itself.
  const auto with = [](double amplitude, double first_tenth = 1.0) {
    given::Case c = given::make(given::both_ways(2));
    c.set_voltage([&c, amplitude, first_tenth](std::size_t k, std::size_t n) {
      const double rise = c.half(k).direction > 0 && n > 79 ? 1.5 : n < 8 ? first_tenth : 1.0;
      return c.half(k).current * given::resistance * rise + amplitude * (n % 3 == 0 ? 1.0 : n % 3 == 1 ? -1.0 : 0.0);
    });
    return c;
  };
  const given::Case unit = with(1.0);
  const double noise = row_noise(unit.subject(), unit.half(0));
  ASSERT_GT(noise, 0.3);
  // (U6): 6 times 1.2533 sqrt(20/89) of the noise of a row are a tenth of 60 ohm times 1 mA
  const double limit = 0.1 * 0.060 / (6.0 * 1.2533 * std::sqrt(20.0 / 89.0)) / noise;
  const Merit told = with(0.97 * limit).figure("critical_stripping"), hidden = with(1.03 * limit).figure("critical_stripping");
  EXPECT_NEAR(*told.high, 10.0, 1e-9);
  EXPECT_NEAR(*with(0.97 * limit, 0.92).figure("critical_stripping").high, 20.0, 1e-9) << "a tenth of the lowest overpotential of the half cycle";
  EXPECT_NEAR(*hidden.high, 20.0, 1e-9) << "noise hides it in the first step; in the second the overpotential is twice as large";
}

TEST(MeritStripping, SteadyConditionsAreTwoKelvinAndAFifthOfThePressure) {
  const auto refused = [](double kelvin, double share) {
    given::Case c = given::make(given::both_ways(4), 40); // a rest at another temperature and pressure before it
    c.set_each(col::temperature, [&](std::size_t k) { return 298.15 + (k >= 4 ? kelvin : 0.0); }, 330.0);
    c.set_each(col::stack_pressure, [&](std::size_t k) { return 5e6 * (k >= 4 ? 1.0 - share : 1.0); }, 25e6);
    return c.figure("critical_stripping").refused;
  };
  EXPECT_EQ(refused(1.9, 0.18), "");
  EXPECT_THAT(refused(2.1, 0.0), HasSubstr("temperature moved by 2.1 K"));
  given::Case misread = given::make(given::both_ways(4));
  misread.set_each(col::temperature, [](std::size_t) { return 298.15; });
  std::vector<double> kelvin(misread.record.real(col::temperature).begin(), misread.record.real(col::temperature).end());
  kelvin[100] = 400.0;
  misread.record.set(col::temperature, kelvin);
  EXPECT_EQ(misread.figure("critical_stripping").refused, "") << "one reading in 720";
  EXPECT_THAT(refused(0.0, 0.22), HasSubstr("stack pressure moved by 22 %"));
}

TEST(MeritStripping, IsRefusedWhereItCannotBeSeen) {
  given::Case full = given::make(given::both_ways(3));
  full.record.cell.configuration = Configuration::full;
  EXPECT_THAT(full.figure("critical_stripping").refused, HasSubstr("third electrode"));
  EXPECT_THAT(full.figure("critical_plating").refused, HasSubstr("third electrode"));
  EXPECT_THAT(given::make(given::both_ways(1, 3)).figure("critical_stripping").refused, HasSubstr("a single current"));
  given::Case none = given::make(given::both_ways(3));
  none.fail(4, 300.0); // no CCD: the ramp was none
  EXPECT_THAT(none.figure("critical_stripping").refused, HasSubstr("no critical current density is stated"));
}

TEST(MeritStripping, WithoutAnAreaItIsACurrentWithTheCurrentsError) {
  given::Case c = rising(given::both_ways(5), right_from(2));
  c.record.cell.area = std::nullopt;
  c.flicker(2, 0.5e-3);
  const Merit strip = c.figure("critical_stripping");
  EXPECT_EQ(strip.unit, "A");
  EXPECT_NEAR(*strip.high, 3e-3, 1e-12);
  EXPECT_NEAR(*strip.uncertainty, 0.5e-3 / std::sqrt(12.0), 1e-12);
}

} // namespace

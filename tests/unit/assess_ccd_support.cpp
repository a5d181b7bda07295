// Steps that count as passed, and why a CCD is refused, on half cycles that are given with their short.

#include "assess_given.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace platen;
using namespace platen::assessing;
using testing::HasSubstr;

namespace {

Outcome shorted_in(std::size_t half_cycle) {
  Outcome out;
  out.verdict = Verdict::hard_short;
  out.half_cycle = half_cycle;
  return out;
}

Outcome healthy() {
  Outcome out;
  out.verdict = Verdict::healthy;
  return out;
}

CcdAnswer answer(const given::Case& c, const Outcome& outcome) { return answer_ccd(c.ramp(outcome), c.record.cell.area); }

// --- which steps were passed --------------------------------------------------------------------------------------------------

TEST(CcdSteps, AStepWithFewerHalfCyclesIsPassedWhereTheTestWentOn) {
  given::Case c = given::make({{1, 1.0}, {-1, 1.0}, {1, 1.0}, {-1, 1.0}, {1, 2.0, 900.0, 1}, {-1, 2.0, 900.0, 1}, {1, 3.0, 900.0, 2}});
  EXPECT_NEAR(*answer(c, shorted_in(6)).ccd->last_passed, 20.0, 1e-9);
}

TEST(CcdSteps, TheLastStepOfAHealthyTestWantsAllItsHalfCycles) {
  std::vector<given::Half> all = given::both_ways(3);
  all.pop_back();
  EXPECT_NEAR(*answer(given::make(all), healthy()).ccd->last_passed, 20.0, 1e-9);
  EXPECT_NEAR(*answer(given::make(given::both_ways(3)), healthy()).ccd->last_passed, 30.0, 1e-9);
}

TEST(CcdSteps, TheLastHalfCycleRanItsCourseByTimeOrByCharge) {
  const auto passed = [](double duration, double charge) {
    std::vector<given::Half> all = given::both_ways(3);
    all.back().duration = duration;
    given::Case c = given::make(all);
    c.segments.half_cycles.back().charge *= charge;
    return *answer(c, healthy()).ccd->last_passed;
  };
  EXPECT_NEAR(passed(900.0, 0.3), 30.0, 1e-9) << "as long as the others, though its current was held back";
  EXPECT_NEAR(passed(700.0, 1.0), 30.0, 1e-9) << "shorter, but it passed as much";
  EXPECT_NEAR(passed(400.0, 1.0), 20.0, 1e-9) << "stopped: 3 mA for 400 s are less than 2 mA for 900 s";
}

TEST(CcdSteps, TheSameCurrentOnceMoreIsTheSameStep) {
  given::Case c = given::make({{1, 1.0}, {-1, 1.0}, {1, 2.0, 900.0, 1}, {-1, 2.0, 900.0, 1}, {1, 2.99, 900.0, 2}, {-1, 2.99, 900.0, 2}, {1, 3.0, 900.0, 3}});
  const CcdAnswer a = answer(c, shorted_in(6));
  ASSERT_TRUE(a.ccd) << a.refused;
  EXPECT_NEAR(*a.ccd->last_passed, 20.0, 1e-9);
  EXPECT_NEAR(a.ccd->grid, 10.0, 1e-9);
}

TEST(CcdSteps, TheLargestStepThatWasPassedCountsAndTheGridIsWhatIsBetween) {
  given::Case c = given::make({{1, 1.0}, {-1, 1.0}, {1, 2.0, 900.0, 1}, {-1, 2.0, 900.0, 1}, {1, 1.5, 900.0, 2}, {-1, 1.5, 900.0, 2}, {1, 4.0, 900.0, 3}});
  const CcdAnswer a = answer(c, shorted_in(6));
  ASSERT_TRUE(a.ccd) << a.refused;
  EXPECT_NEAR(*a.ccd->last_passed, 20.0, 1e-9);
  EXPECT_NEAR(a.ccd->grid, 20.0, 1e-9) << "not the usual increment of 10";
  EXPECT_NEAR(*a.ccd->capacity_per_half_cycle, 4e-3 * 890.0 / given::area, 1e-6);
}

TEST(CcdSteps, WhatAShortLetsAFullCellsChargePassIsNoCapacity) {
  given::Case c = given::make({{1, 1.0}, {-1, 1.0}, {1, 2.0, 900.0, 1}, {-1, 2.0, 800.0, 1}, {1, 3.0, 9000.0, 2}});
  EXPECT_NEAR(*answer(c, shorted_in(4)).ccd->capacity_per_half_cycle, 3e-3 * 8990.0 / given::area, 1e-6) << "a symmetric cell was given that time";
  c.record.cell.configuration = Configuration::full;
  EXPECT_NEAR(*answer(c, shorted_in(4)).ccd->capacity_per_half_cycle, 2e-3 * 890.0 / given::area, 1e-6) << "of the last step passed";
  EXPECT_NEAR(*answer(c, healthy()).ccd->capacity_per_half_cycle, 3e-3 * 8990.0 / given::area, 1e-6);
  const CcdAnswer first = answer(c, shorted_in(0));
  ASSERT_TRUE(first.ccd);
  EXPECT_FALSE(first.ccd->capacity_per_half_cycle) << "nothing was passed before";
}

TEST(CcdSteps, TheUsualIncrementIsOneByWhichTheCurrentRises) {
  const given::Case c = given::make({{1, 1.0}, {-1, 1.0}, {1, 2.0, 900.0, 1}, {-1, 2.0, 900.0, 1}, {1, 1.0, 900.0, 2}, {-1, 1.0, 900.0, 2}, {1, 3.0, 900.0, 3}, {-1, 3.0, 900.0, 3}});
  EXPECT_NEAR(answer(c, healthy()).ccd->grid, 15.0, 1e-9) << "median of 10 and 20";
}

TEST(CcdSteps, TheCapacityOfAStepIsThatOfItsLargestHalfCycle) {
  std::vector<given::Half> all = given::both_ways(3);
  all.back().duration = 300.0;
  EXPECT_NEAR(*answer(given::make(all), shorted_in(5)).ccd->capacity_per_half_cycle, 3e-3 * 890.0 / given::area, 1e-6);
}

TEST(CcdSteps, CurrentsWithinOnePercentAreOneCurrent) {
  const auto refused = [](double second) { return answer(given::make({{1, 1.0}, {-1, 1.0}, {1, second, 900.0, 1}, {-1, second, 900.0, 1}}), healthy()).refused; };
  EXPECT_THAT(refused(1.005), HasSubstr("a single current"));
  EXPECT_EQ(refused(1.1), "");
}

TEST(CcdSteps, ContactLostInTheFirstStepLeavesNothing) {
  Outcome lost = healthy();
  lost.verdict = Verdict::contact_loss;
  lost.contact_lost = 0;
  const CcdAnswer a = answer(given::make(given::both_ways(3)), lost);
  EXPECT_FALSE(a.ccd);
  EXPECT_THAT(a.refused, HasSubstr("no step was completed"));
  lost.contact_lost = 4;
  EXPECT_NEAR(*answer(given::make(given::both_ways(3)), lost).ccd->last_passed, 20.0, 1e-9);
}

TEST(CcdSteps, AnAssessmentSaysItsOutcomeAgain) {
  given::Case c = given::make(given::both_ways(3));
  c.judged.half_cycles[1].verdict = Verdict::soft_short;
  c.judged.half_cycles[3].verdict = Verdict::contact_loss;
  c.judged.verdict = Verdict::soft_short;
  const Outcome o = outcome_of(c.judged);
  EXPECT_EQ(o.contact_lost, 3u);
  EXPECT_TRUE(o.from_start);
  c.fail(1, 100.0);
  EXPECT_FALSE(outcome_of(c.judged).from_start);
}

TEST(CcdSteps, AShortOlderThanTheCyclingFailsNoStep) {
  given::Case c = given::make(given::both_ways(3));
  Outcome old = shorted_in(2);
  old.verdict = Verdict::fake_stable;
  old.from_start = true;
  find_ccd(c.ramp(old), given::area, c.judged);
  EXPECT_THAT(c.judged.ccd_refused, HasSubstr("already shorted when cycling began"));
  for (const StepAssessment& s : c.judged.steps) EXPECT_FALSE(s.failed);
  find_ccd(c.ramp(shorted_in(2)), given::area, c.judged);
  EXPECT_TRUE(c.judged.steps.at(1).failed);
  EXPECT_NEAR(*c.judged.ccd->failing_step, 20.0, 1e-9);
}

TEST(CcdSteps, WithoutAnAreaTheCurrentIsSaidAndTheGridOfAHealthyRampIsItsIncrement) {
  given::Case c = given::make(given::both_ways(3));
  EXPECT_NEAR(answer(c, healthy()).ccd->grid, 10.0, 1e-9);
  c.record.cell.area = std::nullopt;
  EXPECT_THAT(answer(c, shorted_in(4)).refused, HasSubstr("the area of the cell is not known; it shorted at 3 mA"));
  EXPECT_THAT(answer(c, healthy()).refused, HasSubstr("cycled up to 3 mA"));
}

TEST(CcdSteps, CapacityCountsBothDirectionsToTheShort) {
  const given::Case c = given::make(given::both_ways(2));
  const double first = 2.0 * 1e-3 * 890.0, half = 2e-3 * 445.0;
  EXPECT_NEAR(capacity_until(c.segments, c.half(2).start + 445.0, given::area), (first + half) / given::area, 1e-6);
  EXPECT_NEAR(capacity_until(c.segments, 1e9, given::area), (first + 2.0 * 2e-3 * 890.0) / given::area, 1e-6);
  EXPECT_EQ(capacity_until(c.segments, 0.0, given::area), 0.0);
}

// --- cut short by a voltage limit ---------------------------------------------------------------------------------------------

/// Three full steps, then two in which half cycles end at 0.42 V, the sooner the more. V at the last row but one.
given::Case limited(const std::vector<double>& ends = {0.42, 0.42, 0.42, 0.42}) {
  std::vector<given::Half> all = given::both_ways(3);
  const double durations[] = {300.0, 290.0, 200.0, 190.0};
  for (int k = 0; k < 4; ++k) all.push_back({k % 2 == 0 ? 1 : -1, k < 2 ? 4.0 : 5.0, durations[k], k < 2 ? 3u : 4u});
  all.push_back({1, 6.0, 900.0, 5});
  given::Case c = given::make(all);
  for (std::size_t k = 0; k < ends.size(); ++k) {
    const HalfCycle& h = c.half(6 + k);
    c.rows.voltage[h.last - 1] = h.direction * ends[k];
    c.rows.voltage[h.last] = 0.01 * static_cast<double>(k); // read after the switch
  }
  return c;
}

std::optional<CutShort> cut(const given::Case& c) { return first_cut_short(c.rows, c.segments, c.segments.half_cycles.size()); }

TEST(CcdCutShort, EndsAtOneVoltageAfterDifferentTimes) {
  const given::Case c = limited();
  const auto found = cut(c);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->half_cycle, 6u);
  EXPECT_NEAR(found->voltage, 0.42, 1e-12);
  EXPECT_NEAR(found->duration, 290.0, 1e-9);
  EXPECT_NEAR(found->usual_duration, 890.0, 1e-9);
}

TEST(CcdCutShort, VoltagesApartAreNoLimit) {
  EXPECT_FALSE(cut(limited({0.40, 0.42, 0.50, 0.10})));
  EXPECT_TRUE(cut(limited({0.42, 0.42, 0.421, 0.10}))) << "most of them";
}

TEST(CcdCutShort, OneAloneIsAnInterruption) {
  std::vector<given::Half> all = given::both_ways(3);
  all[3].duration = 300.0;
  EXPECT_FALSE(cut(given::make(all)));
}

TEST(CcdCutShort, OneHalfCycleBeforeShowsNoUsualTime) {
  given::Case c = given::make({{1, 1.0}, {-1, 1.0, 700.0}, {1, 1.0}, {-1, 1.0}, {1, 2.0, 300.0, 1}, {-1, 2.0, 900.0, 1}});
  for (const std::size_t k : {1u, 4u}) c.rows.voltage[c.half(k).last - 1] = c.half(k).direction * 0.42;
  EXPECT_FALSE(cut(c)) << "the second took less time than the first; the fifth alone less than usual";
}

TEST(CcdCutShort, TheSameShorterTimeIsOnPurpose) {
  std::vector<given::Half> all = given::both_ways(3);
  for (int k = 0; k < 5; ++k) all.push_back({k % 2 == 0 ? 1 : -1, 3.5, 300.0, 3});
  given::Case c = given::make(all);
  for (const HalfCycle& h : c.segments.half_cycles) c.rows.voltage[h.last - 1] = 0.42 * h.direction;
  EXPECT_FALSE(cut(c));
}

TEST(CcdCutShort, AsMuchChargeInLessTimeIsNotCut) {
  std::vector<given::Half> all; // a ramp of one capacity per half cycle
  for (std::size_t s = 0; s < 5; ++s)
    for (const int sign : {1, -1}) all.push_back({sign, 1.0 + static_cast<double>(s), std::round(360.0 / (1.0 + static_cast<double>(s))) * 10.0, s});
  given::Case c = given::make(all);
  for (const HalfCycle& h : c.segments.half_cycles) c.rows.voltage[h.last - 1] = 0.42 * h.direction;
  EXPECT_FALSE(cut(c));
}

TEST(CcdCutShort, LessChargeInAsMuchTimeIsNotCut) {
  std::vector<given::Half> all = given::both_ways(3);
  for (int k = 0; k < 5; ++k) all.push_back({k % 2 == 0 ? 1 : -1, 3.5, 900.0 + 60.0 * k, 3});
  given::Case c = given::make(all);
  for (HalfCycle& h : c.segments.half_cycles) {
    c.rows.voltage[h.last - 1] = 0.42 * h.direction;
    if (h.step == 3) h.charge *= 0.1; // the limit is held, and the current tapers
  }
  EXPECT_FALSE(cut(c));
}

TEST(CcdCutShort, TheLastHalfCycleOfARecordMayHaveBeenStopped) {
  given::Case c = limited();
  c.segments.half_cycles.resize(8);
  EXPECT_FALSE(cut(c)) << "of two that are short the test ended in one";
}

TEST(CcdCutShort, APauseCutsAHalfCycleInTwoPieces) {
  std::vector<given::Half> all;
  for (std::size_t s = 0; s < 3; ++s)
    for (const int sign : {1, -1})
      for (int piece = 0; piece < 2; ++piece) all.push_back({sign, 1.0 + static_cast<double>(s), 450.0, s, piece == 1 ? 100.0 : 0.0});
  for (int k = 0; k < 3; ++k)
    for (int piece = 0; piece < 2; ++piece) all.push_back({k % 2 == 0 ? 1 : -1, 3.5, piece == 0 ? 160.0 - 30.0 * k : 150.0, 3, piece == 1 ? 100.0 : 0.0});
  all.push_back({-1, 6.0, 450.0, 4});
  given::Case c = given::make(all);
  for (std::size_t k = 12; k < 18; ++k) { // the limit ends the second piece, the first one ends anywhere
    const HalfCycle& h = c.half(k);
    c.rows.voltage[h.last - 1] = h.direction * (k % 2 == 1 ? 0.42 : 0.1 + 0.02 * static_cast<double>(k));
  }
  const auto found = cut(c);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->half_cycle, 12u);
  EXPECT_NEAR(found->usual_duration, 880.0, 1e-9) << "both pieces of 450 s";
  EXPECT_NEAR(found->duration, 290.0, 1e-9);
  EXPECT_NEAR(found->voltage, 0.42, 1e-12);
  for (HalfCycle& h : c.segments.half_cycles)
    if (h.step == 3) h.charge *= 2.0; // 0.8 to 1 C, doubled: as much as both pieces of a usual one
  EXPECT_FALSE(cut(c)) << "the charge of both pieces counts";
  for (std::size_t k = 12; k < 18; ++k) c.segments.half_cycles[k].charge *= k % 2 == 0 ? 0.1 : 1.7;
  EXPECT_FALSE(cut(c)) << "whichever piece has it";
}

TEST(CcdCutShort, PulsesInOneDirectionAreHalfCyclesOfTheirOwn) {
  std::vector<given::Half> all;
  for (std::size_t s = 0; s < 3; ++s)
    for (int k = 0; k < 2; ++k) all.push_back({1, 1.0 + static_cast<double>(s), 900.0, s});
  for (int k = 0; k < 3; ++k) all.push_back({1, 4.0, 200.0 - 30.0 * k, 3});
  all.push_back({1, 6.0, 900.0, 4});
  given::Case c = given::make(all);
  for (std::size_t k = 6; k < 9; ++k) c.rows.voltage[c.half(k).last - 1] = 0.42;
  const auto found = cut(c);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->half_cycle, 6u);
  EXPECT_NEAR(found->duration, 190.0, 1e-9);
}

TEST(CcdCutShort, PiecesOfDifferentStepsAreDifferentHalfCycles) {
  std::vector<given::Half> all; // every step begins in the direction in which the one before it ended
  for (std::size_t s = 0; s < 3; ++s)
    for (int k = 0; k < 2; ++k) all.push_back({(k + static_cast<int>(s)) % 2 == 0 ? 1 : -1, 1.0 + static_cast<double>(s), 900.0, s});
  all.push_back({-1, 4.0, 300.0, 3});
  all.push_back({1, 4.0, 260.0, 3});
  all.push_back({-1, 6.0, 900.0, 4});
  given::Case c = given::make(all);
  for (std::size_t k = 6; k < 8; ++k) c.rows.voltage[c.half(k).last - 1] = 0.42 * c.half(k).direction;
  const auto found = cut(c);
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->usual_duration, 890.0, 1e-9);
}

TEST(CcdCutShort, LimitsAfterTheShortCutNothing) {
  std::vector<given::Half> all = given::both_ways(3);
  for (int k = 0; k < 4; ++k) all.push_back({k % 2 == 0 ? 1 : -1, 3.5, 300.0 - 20.0 * k, 3});
  all.push_back({1, 4.0, 900.0, 4});
  given::Case c = given::make(all);
  for (std::size_t k = 6; k < 10; ++k) c.rows.voltage[c.half(k).last - 1] = 0.42 * c.half(k).direction;
  EXPECT_EQ(no_ramp(c.ramp(shorted_in(5)), given::area), "");
  EXPECT_THAT(no_ramp(c.ramp(shorted_in(10)), given::area), HasSubstr("cut short by a voltage limit of 0.42 V from 3.5 mA/cm2 on"));
  c.record.cell.configuration = Configuration::full;
  EXPECT_EQ(no_ramp(c.ramp(shorted_in(10)), given::area), "") << "in a full cell cut-offs end every half cycle";
  EXPECT_NEAR(*answer(c, healthy()).ccd->last_passed, 35.0, 1e-9) << "and the steps count (the last one has fewer half cycles)";
  c.record.cell.configuration = Configuration::symmetric;
  EXPECT_NEAR(*answer(c, healthy()).ccd->last_passed, 30.0, 1e-9);
}

// --- no ramp ------------------------------------------------------------------------------------------------------------------

TEST(CcdNoRamp, ACurrentPassedAsOftenAsAnyBelowHasNoInterval) {
  std::vector<given::Half> all = given::both_ways(3);
  all.push_back({1, 3.0, 900.0, 2});
  const given::Case c = given::make(all);
  EXPECT_EQ(no_ramp(c.ramp(shorted_in(5)), given::area), "") << "one of two";
  EXPECT_THAT(no_ramp(c.ramp(shorted_in(6)), given::area), HasSubstr("2 half cycles had been passed at 3 mA/cm2 before the short, at most 2 at any current below"));
}

TEST(CcdNoRamp, AnyCurrentBelowCountsNotTheOneBeforeAlone) {
  const given::Case c = given::make({{1, 1.0}, {-1, 1.0}, {1, 1.0}, {-1, 1.0}, {1, 2.0, 900.0, 1}, {-1, 2.0, 900.0, 1}, {1, 3.0, 900.0, 2}, {-1, 3.0, 900.0, 2}, {1, 3.0, 900.0, 2}});
  EXPECT_EQ(no_ramp(c.ramp(shorted_in(8)), given::area), "");
}

TEST(CcdNoRamp, TheLimitOfTheCurrentIsSaidWhereTheLastStepWasSmaller) {
  const auto why = [](double last) {
    std::vector<given::Half> all = given::both_ways(2);
    for (int k = 0; k < 3; ++k) all.push_back({k % 2 == 0 ? 1 : -1, last, 900.0, 2});
    const given::Case c = given::make(all);
    return no_ramp(c.ramp(shorted_in(6)), given::area);
  };
  EXPECT_THAT(why(2.5), HasSubstr("at the current limit (the last step was 0.5 mA/cm2 instead of 1 mA/cm2)"));
  EXPECT_THAT(why(2.95), testing::Not(HasSubstr("current limit")));
  const given::Case two = given::make({{1, 1.0}, {-1, 1.0}, {1, 1.5, 900.0, 1}, {-1, 1.5, 900.0, 1}, {1, 1.5, 900.0, 1}});
  EXPECT_THAT(no_ramp(two.ramp(shorted_in(4)), given::area), testing::AllOf(HasSubstr("had stopped rising"), testing::Not(HasSubstr("current limit"))));
}

TEST(CcdNoRamp, AShortAtTheSameCurrentAsTheLargestIsNotBelowIt) {
  const given::Case same = given::make({{1, 1.0}, {-1, 1.0}, {1, 3.01, 900.0, 1}, {1, 3.0, 900.0, 2}});
  EXPECT_EQ(no_ramp(same.ramp(shorted_in(3)), given::area), "");
  const given::Case below = given::make({{1, 1.0}, {-1, 1.0}, {1, 3.1, 900.0, 1}, {1, 3.0, 900.0, 2}});
  EXPECT_THAT(no_ramp(below.ramp(shorted_in(3)), given::area), HasSubstr("although 3.1 mA/cm2 had been passed before"));
}

/// Steps at the given currents (mA), one pause before the last one.
given::Case steps_at(const std::vector<double>& currents, double pause) {
  std::vector<given::Half> all;
  for (std::size_t s = 0; s < currents.size(); ++s)
    for (const int sign : {1, -1}) all.push_back({sign, currents[s], 900.0, s, s + 1 == currents.size() && sign > 0 ? pause : 0.0});
  return given::make(all);
}

TEST(CcdNoRamp, MissingStepsAreAJumpOfTheCurrentAndAGapInTheRows) {
  const auto why = [](const std::vector<double>& currents, double pause, std::optional<double> increment = {}) {
    given::Case c = steps_at(currents, pause);
    c.record.cell.ramp_increment = increment;
    return no_ramp(c.ramp(shorted_in(2 * currents.size() - 2)), given::area);
  };
  EXPECT_THAT(why({1, 2, 3, 5}, 1800), HasSubstr("between 3 mA/cm2 and 5 mA/cm2"));
  EXPECT_THAT(why({1, 2, 3, 5}, 1800), HasSubstr("no rows for 30.2 min, and the ramp rises by 1 mA/cm2")) << "the pause and one interval";
  EXPECT_THAT(why({1, 2, 3, 4.92}, 1800), HasSubstr("steps are missing")) << "1.92 increments";
  EXPECT_EQ(why({1, 2, 3, 4.88}, 1800), "") << "1.88 increments";
  EXPECT_EQ(why({1, 2, 3, 5}, 400), "") << "a gap of less than half of a half cycle hides no step";
  EXPECT_THAT(why({1, 2, 3, 5}, 500), HasSubstr("steps are missing"));
  EXPECT_THAT(why({1, 3, 4, 5, 7}, 1800), HasSubstr("steps are missing")) << "the usual increment is the median, not the first";
  EXPECT_EQ(why({1, 2, 4}, 1800), "") << "one increment says nothing of the usual one";
  EXPECT_THAT(why({1, 2, 4}, 1800, 10.0), HasSubstr("steps are missing")) << "where the cell file states it, one is enough";
}

TEST(CcdNoRamp, ARampThatIsStatedToBeginLowerLacksItsFirstSteps) {
  given::Case c = given::make({{1, 3.0}, {-1, 3.0}, {1, 4.0, 900.0, 1}});
  const auto why = [&](double start) {
    c.record.cell.ramp_increment = 10.0;
    c.record.cell.ramp_start = start;
    return no_ramp(c.ramp(shorted_in(0)), given::area);
  };
  EXPECT_THAT(why(20.0), HasSubstr("the ramp is stated to begin at 2 mA/cm2, the record begins at 3 mA/cm2"));
  EXPECT_EQ(why(25.0), "") << "half a step is no step";
  EXPECT_EQ(why(30.0), "");
}

} // namespace

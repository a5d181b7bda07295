// Advice where the answer is known by construction: cells whose limit was chosen, without scatter and without anything unknown.

#include "advise/advise.hpp"
#include "base/units.hpp"
#include "report/advise.hpp"
#include "simulate/outcome.hpp"
#include "simulate/simulate.hpp"
#include "study/read.hpp"

#include <algorithm>
#include <cstdio>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace platen::advise {
namespace {

using testing::HasSubstr;

const std::filesystem::path folder = std::filesystem::path(PLATEN_SOURCE_DIR) / "studies" / "ham2022";

/// All cells alike, every parameter known: a probability is 0 or 1.
Study certain(Study study) {
  study.parameters.scatter_flaw_modulus = study.parameters.scatter_stiffness = study.parameters.scatter_supply = 0.0;
  study.parameter_set = "known";
  return study;
}

/// Nothing but the contact limits: no voids, no intrusion, no wear. The CCD then goes with the contact that the hold has closed.
Study limited_by_contact() {
  Study study = certain(read_study(folder / "hold-1min.toml"));
  study.mechanisms.stripping_voids = study.mechanisms.intrusion = study.mechanisms.fatigue = study.mechanisms.pressure_swing = false;
  return study;
}

Question asked(Goal goal, std::vector<Knob> knobs) {
  Question out;
  out.goal = goal;
  for (const KnobRange& r : default_knobs())
    if (std::find(knobs.begin(), knobs.end(), r.knob) != knobs.end()) out.knobs.push_back(r);
  out.ensemble.sets = 5;
  out.ensemble.cells = 2;
  return out;
}

Advice advised(const Study& study, const Question& q, const work::Task& task = {}, unsigned threads = 0) {
  return advise(study, q, ensemble_of_ranges(study, q.ensemble.sets, q.ensemble.seed), task, threads);
}

double ccd_after(Study study, double hold) {
  std::get<step::Hold>(study.test.front().kind).duration = hold;
  study.output.events_only = true;
  return *test_outcome(study, simulate(study)).continuous_ccd;
}

TEST(AdviseKnown, ACellThatLacksContactIsAdvisedALongerHold) {
  Study study = limited_by_contact();
  const double now = ccd_after(study, 60.0), needed = 0.5 * (ccd_after(study, 10 * 60.0) + ccd_after(study, 20 * 60.0));
  ASSERT_LT(now, needed);
  Question q = asked({.ccd = needed}, {Knob::hold_time, Knob::stack_pressure});
  // The mechanisms that the ensemble would switch on again change nothing here but wear: leave them as they are.
  study.mechanisms.uneven_current = false;
  const Advice a = advised(study, q);
  std::printf("goal %.3f mA/cm2 (now %.3f)\n%s\n", needed / 10, now / 10, report::what_to_do(a).c_str());
  EXPECT_LT(a.as_it_is.odds.probability, 0.2);
  ASSERT_FALSE(a.as_it_is.limits.empty());
  EXPECT_EQ(a.as_it_is.limits.front().first, "threshold");
  ASSERT_TRUE(a.cheapest_reach && a.cheapest_help);
  // 20 min is the least of the holds tried (1, 5, 10, 20, 30 ...) that closes enough contact, and the cheapest.
  const Candidate& c = a.changes[*a.cheapest_reach];
  EXPECT_THAT(c.knobs, testing::ElementsAre(Knob::hold_time));
  EXPECT_DOUBLE_EQ(at(c.setting, Knob::hold_time), 1200.0);
  EXPECT_EQ(*a.cheapest_help, *a.cheapest_reach);
  // What the hold gives is monotone: nothing works against it here.
  for (const Candidate& x : a.changes)
    for (const Candidate& y : a.changes)
      if (x.knobs.size() == 1 && y.knobs.size() == 1 && x.knobs[0] == Knob::hold_time && y.knobs[0] == Knob::hold_time && at(x.setting, Knob::hold_time) < at(y.setting, Knob::hold_time)) {
        EXPECT_LE(x.odds.probability, y.odds.probability);
      }
}

TEST(AdviseKnown, ACellThatStarvesIsAdvisedMorePressure) {
  Study study = certain(read_study(folder / "full-12.8-springs-1MPa.toml"));
  study.mechanisms.intrusion = study.mechanisms.fatigue = study.mechanisms.pressure_swing = study.mechanisms.uneven_current = false;
  study.parameters.supply_diffusion = 0.0; // only creep refills: as the 4.19th power of the pressure
  const Advice a = advised(study, asked({.ccd = 8.0}, {Knob::hold_time, Knob::stack_pressure}));
  ASSERT_FALSE(a.as_it_is.limits.empty());
  EXPECT_EQ(a.as_it_is.limits.front().first, "supply");
  ASSERT_TRUE(a.cheapest_help);
  EXPECT_THAT(a.changes[*a.cheapest_help].knobs, testing::ElementsAre(Knob::stack_pressure));
  EXPECT_GT(at(a.changes[*a.cheapest_help].setting, Knob::stack_pressure), 1e6);
  EXPECT_THAT(report::what_to_do(a), HasSubstr("supply"));
}

TEST(AdviseKnown, ASwingIsCuredBySprings) {
  Study study = certain(read_study(folder / "full-12.8-fixed.toml"));
  const Advice a = advised(study, asked({.swing = 0.5e6}, {Knob::hold_time, Knob::fixture}));
  EXPECT_TRUE(a.about_swing);
  EXPECT_EQ(a.as_it_is.odds.probability, 0.0);
  ASSERT_FALSE(a.as_it_is.limits.empty());
  EXPECT_EQ(a.as_it_is.limits.front().first, "swing of the pressure");
  ASSERT_TRUE(a.cheapest_reach);
  EXPECT_THAT(a.changes[*a.cheapest_reach].knobs, testing::ElementsAre(Knob::fixture));
  // What the closed form says of the same springs and what the simulator runs agree.
  const Springs s = *a.fixtures.back().springs;
  const PressureLoop loop = loop_on_springs(study.parameters, s.count * s.rate / study.cell.area, 5e6, breathing_of(study));
  EXPECT_NEAR(a.changes[*a.cheapest_reach].median, loop.swing(), 0.1 * loop.swing());
}

TEST(AdviseKnown, TheClosedFormIsWhatTheSimulatorRuns) {
  // (O1) to (O5) against a simulated cell of 25.5 mg/cm2 on the paper's springs: no filaments, so that it cycles on.
  Study study = parse_study("extends = \"full-25.5-springs.toml\"\nname = \"loop\"\ntest = [\"Hold at 25 MPa for 30 min at 25 degC\", \"Release to 5 MPa\", \"Fit springs\", "
                            "\"Heat to 40 degC in 1 h\", \"Set stack pressure to 5 MPa\", \"Repeat 3 times: Charge at 0.2 mA/cm2 until 4.3 V; Discharge at 0.2 mA/cm2 until 2.5 V\"]\n"
                            "[mechanisms]\nfilament = false\n", "loop.toml", folder);
  study.output.events_only = true;
  const TestOutcome o = test_outcome(study, simulate(study));
  const Springs& s = *study.fixture.springs;
  const PressureLoop loop = loop_on_springs(study.parameters, s.count * s.rate / study.cell.area, 5e6, breathing_of(study));
  std::printf("first charge %.4f MPa, closed form %.4f; swing %.4f, closed form %.4f\n", *o.after_first_half_cycle / 1e6, loop.first / 1e6, *o.largest_swing / 1e6, loop.swing() / 1e6);
  // Left out of the closed form: interphase, squeeze, a discharge that ends a little before it is empty. Less than a hundredth of the swing.
  EXPECT_NEAR(*o.after_first_half_cycle, loop.first, 0.01 * loop.swing());
  EXPECT_NEAR(*o.largest_swing, loop.swing(), 0.01 * loop.swing());
}

TEST(AdviseKnown, ASwingBelowTheFrictionIsNotRefusedButJudged) {
  // The springs leave 0.37 MPa: none reaches 0.3 MPa when everything is known, and the answer says that it was the swing.
  const Study study = certain(read_study(folder / "full-12.8-fixed.toml"));
  Question q = asked({.swing = 0.3e6}, {Knob::fixture});
  q.catalogue = "built-in";
  const Advice a = advised(study, q);
  ASSERT_TRUE(a.best);
  EXPECT_EQ(a.changes[*a.best].odds.probability, 0.0);
  EXPECT_LT(a.changes[*a.best].median, a.as_it_is.median);
  EXPECT_FALSE(a.cheapest_reach);
}

TEST(AdviseKnown, NothingIsAlwaysReachedAndTheAbsurdNever) {
  const Study study = read_study(folder / "hold-30min.toml");
  Question q = asked({.ccd = 0.0}, {Knob::hold_time});
  Advice a = advised(study, q);
  EXPECT_EQ(a.as_it_is.odds.probability, 1.0);
  q.goal.ccd = 1000.0; // 100 mA/cm2
  a = advised(study, q);
  EXPECT_EQ(a.as_it_is.odds.probability, 0.0);
  EXPECT_FALSE(a.cheapest_reach || a.cheapest_help);
  ASSERT_FALSE(a.as_it_is.limits.empty());
  EXPECT_THAT(report::what_to_do(a), HasSubstr("What stands in the way"));
  EXPECT_THAT(report::what_to_do(a), HasSubstr("Nothing that was tried"));
}

TEST(AdviseKnown, HigherGoalsAreLessProbable) {
  const Study study = read_study(folder / "hold-10min.toml");
  double before = 1.0;
  for (const double ccd : {2.0, 6.0, 10.0, 14.0, 18.0}) {
    Question q = asked({.ccd = ccd}, {});
    q.ensemble = {{}, 12, 3, 4};
    const double now = advised(study, q).as_it_is.odds.probability;
    EXPECT_LE(now, before) << ccd;
    before = now;
  }
  EXPECT_LT(before, 1.0);
}

TEST(AdviseKnown, AnArealCapacityIsAskedOfTheTest) {
  // A symmetric cell whose half cycles move more empties its voids' reservoir sooner.
  Study study = certain(read_study(folder / "hold-30min.toml"));
  Question q = asked({.ccd = 12.0, .areal_capacity = from_unit(0.1, "mAh/cm2")}, {});
  const double little = advised(study, q).as_it_is.median;
  q.goal.areal_capacity = from_unit(3.0, "mAh/cm2");
  const Advice a = advised(study, q);
  EXPECT_LT(a.as_it_is.median, little);
  EXPECT_THAT(a.untested, testing::Contains(HasSubstr("every half cycle of the ramp moves 3 mAh/cm2")));
  // Of a full cell the loading is raised.
  const Study full = certain(read_study(folder / "full-12.8-springs.toml"));
  q.goal = {.areal_capacity = from_unit(3.0, "mAh/cm2")};
  EXPECT_THAT(advised(full, q).untested, testing::Contains(HasSubstr("the loading was raised to")));
}

TEST(AdviseKnown, WhatHasBeenMeasuredIsNamedBesideWhatHasNot) {
  Study study = limited_by_contact();
  study.mechanisms.uneven_current = false;
  const double needed = 0.5 * (ccd_after(study, 10 * 60.0) + ccd_after(study, 20 * 60.0));
  Question q = asked({.ccd = needed}, {Knob::hold_time, Knob::hold_pressure});
  for (KnobRange& r : q.knobs) r.up = r.knob == Knob::hold_pressure ? 0.0 : r.up; // pressing harder costs next to nothing, but only 25 MPa were tried
  q.knobs[1].change = 0.01;
  const Advice a = advised(study, q);
  ASSERT_TRUE(a.cheapest_reach && a.cheapest_measured);
  EXPECT_THAT(a.changes[*a.cheapest_reach].knobs, testing::ElementsAre(Knob::hold_pressure));
  EXPECT_THAT(a.changes[*a.cheapest_reach].untested, testing::Contains(HasSubstr("all the paper's are at 25 MPa")));
  EXPECT_THAT(a.changes[*a.cheapest_measured].knobs, testing::ElementsAre(Knob::hold_time));
  EXPECT_THAT(report::what_to_do(a), HasSubstr("The cheapest within what has been measured: hold time 1 min -> 20 min"));
}

TEST(AdviseKnown, AChangeThatChangesNothingGainsNothing) {
  // The same cells in every setting: with others the gain would scatter by some 0.1.
  const Study study = read_study(folder / "hold-10min.toml");
  Question q = asked({.ccd = 13.0}, {Knob::stack_pressure});
  q.ensemble = {{}, 12, 4, 3};
  q.knobs.front().values = {5.0000001e6};
  const Advice a = advised(study, q);
  ASSERT_EQ(a.changes.size(), 1u);
  EXPECT_GT(a.as_it_is.odds.probability, 0.1);
  EXPECT_LT(a.as_it_is.odds.probability, 0.9);
  EXPECT_GT(a.as_it_is.odds.error, 0.05);
  EXPECT_EQ(a.changes[0].gain.mean, 0.0);
  EXPECT_EQ(a.changes[0].gain.error, 0.0);
}

TEST(AdviseKnown, TheSameOnAnyNumberOfThreads) {
  const Study study = read_study(folder / "hold-5min.toml");
  Question q = asked({.ccd = 12.0}, {Knob::hold_time, Knob::hold_pressure, Knob::stack_pressure});
  q.catalogue = "built-in";
  EXPECT_EQ(report::json_advice(advised(study, q, {}, 1)), report::json_advice(advised(study, q, {}, 4)));
}

TEST(AdviseKnown, AStudyThatCannotTellIsRefused) {
  Study study = certain(read_study(folder / "hold-30min.toml"));
  std::erase_if(study.test, [](const Step& s) { return std::holds_alternative<step::Ramp>(s.kind); });
  EXPECT_THROW(advised(study, asked({.ccd = 1.0}, {})), Error);
  EXPECT_THROW(advised(study, asked({.swing = 1.0}, {})), Error);
}

TEST(AdviseKnown, StopsWhenAsked) {
  const std::atomic<bool> stop = true;
  EXPECT_THROW(advised(read_study(folder / "hold-30min.toml"), asked({.ccd = 12.0}, {Knob::hold_time}), {.stop = &stop, .progress = {}}), Cancelled);
}

} // namespace
} // namespace platen::advise

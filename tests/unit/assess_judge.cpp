// From small tests to verdicts, on half cycles that are given: what adds up, what does not, and what stays the measure.

#include "assess/verdict.hpp"
#include "assess_half_cycle.hpp"

#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <utility>

namespace platen::assessing {
namespace {

using namespace given;

/// Half cycles of 600 s in turns of both directions; each may come after a pause (s).
class Cell {
public:
  Cell& add(Trace t, double pause = 0.0) {
    const double start = clock_ + pause;
    const double direction = traces_.size() % 2 == 0 ? 1.0 : -1.0;
    t.half_cycle.direction = static_cast<int>(direction);
    t.half_cycle.current = direction * current;
    t.half_cycle.start = start;
    t.half_cycle.end = clock_ = start + interval * static_cast<double>(rows);
    for (std::size_t k = 0; k < t.time.size(); ++k) t.time[k] = start + interval * static_cast<double>(k + 1);
    for (const double r : t.r) t.log_course.push_back(std::log(r));
    traces_.push_back(std::move(t));
    return *this;
  }
  Cell& healthy(std::size_t count, double pressure = 0.0) {
    for (std::size_t k = 0; k < count; ++k)
      add(with(level(usual), [=](Trace& t) {
        t.scatter = t.burst = 1e-4;
        t.pressure = pressure;
      }));
    return *this;
  }
  std::vector<Judged> judged(const std::vector<Spectrum>& spectra = {}, Context context = {}) const {
    Record r;
    r.spectra = spectra;
    Surroundings around{std::vector<double>(traces_.size(), 0.0), SpectraBeside(r), -1.0, {}};
    std::vector<Diagnostic> warnings;
    return judge(traces_, around, context, warnings);
  }
  Judged last(const std::vector<Spectrum>& spectra = {}) const { return judged(spectra).back(); }
  std::pair<Outcome, std::vector<Judged>> concluded(const Context& context = {}) const {
    std::vector<Judged> all = judged({}, context);
    Outcome out = conclude(traces_, all, context);
    return {std::move(out), std::move(all)};
  }

private:
  std::vector<Trace> traces_;
  double clock_ = 0.0;
};

TEST(Judge, NoiseAndItsBurstsAreOneSign) {
  const Judged j = Cell().healthy(6).add(with(level(usual), [](Trace& t) { t.scatter = t.burst = 1e-3; })).last();
  ASSERT_TRUE(j.noise.fired && j.bursts.fired);
  EXPECT_NEAR(j.result.score, thresholds::weight_noise, 1e-12);
  EXPECT_EQ(j.result.verdict, Verdict::healthy);
}

TEST(Judge, ContactThatComesAndGoesIsNoisyToo) {
  const Trace flutters = with(half_cycle([](std::size_t k) { return k % 50 < 30 ? 55.0 : 300.0; }), [](Trace& t) { t.scatter = 10e-3; });
  const Judged j = Cell().healthy(6).add(flutters).last();
  ASSERT_TRUE(j.contact.fired && j.noise.fired && j.jumps.fired) << j.contact.fired << j.noise.fired << j.jumps.fired;
  EXPECT_EQ(j.result.verdict, Verdict::contact_loss);
}

TEST(Judge, WhereContactWasBeingLostHalfAsMuchAgainWouldBeThereWithoutTheShort) {
  const auto kind = [](double left) { return Cell().healthy(6).add(step(300.0, left)).last().result.verdict; };
  EXPECT_EQ(kind(40.0), Verdict::soft_short) << "0.44 of 90 ohm";
  EXPECT_EQ(kind(30.0), Verdict::hard_short) << "a third of 90 ohm, half of 60 ohm";
}

TEST(Judge, AShortThatOpensBeforeTheEndIsSoft) {
  EXPECT_EQ(Cell().healthy(6).add(step(usual, 10.0)).last().result.verdict, Verdict::hard_short);
  const Trace opens = half_cycle([](std::size_t k) { return k < 100 ? usual : k < 180 ? 10.0 : 50.0; });
  EXPECT_EQ(Cell().healthy(6).add(opens).last().result.verdict, Verdict::soft_short);
}

TEST(Judge, ACollapseThatNobodySawIsFakeStable) {
  constexpr double pause = 7200.0;
  EXPECT_EQ(Cell().healthy(6).add(level(10.0)).last().result.verdict, Verdict::hard_short) << "at the switch";
  EXPECT_EQ(Cell().healthy(6).add(level(10.0), pause).last().result.verdict, Verdict::fake_stable);
  EXPECT_EQ(Cell().healthy(6).add(level(10.0), pause).add(level(10.0)).last().result.verdict, Verdict::fake_stable) << "and stays so";
  const Trace restless = with(level(10.0), [](Trace& t) { t.scatter = 1e-3; });
  EXPECT_EQ(Cell().healthy(6).add(restless, pause).last().result.verdict, Verdict::hard_short);
}

TEST(Judge, WhatAFirstHalfCycleHadBeforeItsFallIsTheMeasure) {
  const std::vector<Judged> all = Cell().add(step(usual, 10.0)).add(level(10.0)).judged();
  EXPECT_EQ(all[0].result.verdict, Verdict::hard_short);
  EXPECT_TRUE(all[1].had_reference);
  EXPECT_TRUE(all[1].follow.fired);
}

TEST(Judge, AShortBeforeAnythingSettledFreezesNoMeasure) {
  const std::vector<Judged> all = Cell().add(step(usual, 10.0)).healthy(4).judged();
  ASSERT_TRUE(all[0].shorted);
  EXPECT_FALSE(all.back().shorted);
  EXPECT_TRUE(all.back().mean.figure > 0.99) << "later half cycles are the measure: " << all.back().mean.reason;
}

TEST(Judge, TheCourseIsThatSinceThePressureChangedAndOfACellThatKeptItsContact) {
  EXPECT_EQ(Cell().healthy(10, 10e6).healthy(8, 5e6).last().course_leak->blocks, 8u);
  EXPECT_EQ(Cell().healthy(18, 5e6).last().course_leak->blocks, 18u);
  EXPECT_EQ(Cell().healthy(10).add(step(usual, 300.0)).healthy(7).last().course_leak->blocks, 0u);
}

Trace pressed(Trace t, double pressure) {
  t.pressure = pressure;
  return t;
}

TEST(Conclude, AHardShortThatHealsIsASoftOne) {
  EXPECT_EQ(Cell().healthy(6).add(step(usual, 10.0)).add(level(10.0)).concluded().first.verdict, Verdict::hard_short);
  EXPECT_EQ(Cell().healthy(6).add(step(usual, 10.0)).healthy(3).concluded().first.verdict, Verdict::soft_short);
}

TEST(Conclude, ContactThatPressureBringsBackIsSaid) {
  using testing::HasSubstr;
  const auto reason = [](const Trace& after, double pressure) {
    return Cell().healthy(6, 5e6).add(pressed(step(usual, 300.0), 5e6)).add(pressed(after, pressure)).concluded().first.reason;
  };
  EXPECT_THAT(reason(level(usual), 10e6), HasSubstr("came back when the stack pressure was raised from 5 to 10 MPa"));
  EXPECT_THAT(reason(level(usual), 5e6), testing::Not(HasSubstr("came back")));
  EXPECT_THAT(reason(step(usual, 300.0), 10e6), testing::Not(HasSubstr("came back"))) << "lost again";
}

TEST(Conclude, BelowTheElectrolyteAlteredContactIsNoExplanation) {
  const Cell cell = Cell().healthy(8).add(level(0.6 * usual)).add(level(0.6 * usual)).add(level(0.6 * usual));
  Context c;
  c.area = 1e-4;
  EXPECT_EQ(cell.concluded(c).first.verdict, Verdict::cannot_tell) << "a screw does that";
  c.floor = 55.0 * *c.area; // 0.7 of it are 38.5 ohm, the cell has 36 ohm
  EXPECT_TRUE(is_short(cell.concluded(c).first.verdict));
}

TEST(Conclude, OfHalfCyclesBeforeAnOldShortWasSeenNothingIsKnown) {
  Context c;
  c.area = 1e-4;
  c.floor = 100.0 * *c.area;
  const Trace hidden = with(level(usual), [](Trace& t) { t.level_noise = t.middle_noise = 20e-3; }); // noise of a ramp's first steps
  const auto [outcome, all] = Cell().add(hidden).add(hidden).add(level(usual)).add(level(usual)).concluded(c);
  ASSERT_TRUE(outcome.from_start) << outcome.reason;
  EXPECT_EQ(all[0].result.verdict, Verdict::cannot_tell);
  EXPECT_EQ(all[1].result.verdict, Verdict::cannot_tell);
}

/// Five points from 1 MHz to 1 Hz: the electrolyte has so many ohm.
Spectrum spectrum(double time, double electrolyte) {
  Spectrum s;
  s.start = time;
  for (const double f : {1e6, 1e5, 1e4, 1e2, 1.0}) {
    s.frequency.push_back(f);
    s.real.push_back(f > 1e3 ? electrolyte : usual);
    s.imaginary.push_back(0.0);
  }
  return s;
}

TEST(Judge, TheElectrolyteIsThatOfSpectraOnceSettledAndBeforeTheShort) {
  // native layers break in the first three half cycles; at 100 s another pressure was on, at 5000 s the cell was shorted
  const Cell cell = Cell().add(level(200.0)).add(level(100.0)).add(level(70.0)).healthy(4).add(step(usual, 10.0)).add(level(10.0), 200.0);
  const std::vector<Judged> all = cell.judged({spectrum(100.0, 10.0), spectrum(3700.0, 40.0), spectrum(4850.0, 5.0)});
  EXPECT_NEAR(all[7].impedance_floor.threshold, 0.7 * 40.0, 1e-9) << all[7].impedance_floor.reason;
  EXPECT_NEAR(all[8].impedance_floor.threshold, 0.7 * 40.0, 1e-9);
  Record r;
  r.spectra = {spectrum(1.0, 40.0), spectrum(2.0, 30.0), spectrum(3.0, 35.0), spectrum(4.0, 20.0)};
  const SpectraBeside beside(r);
  EXPECT_NEAR(beside.floor_between(0.0, 3.5, usual)->level.value, 30.0, 1e-9) << "the lowest";
  EXPECT_NEAR(beside.floor_between(2.5, 3.5, usual)->level.value, 35.0, 1e-9);
  EXPECT_FALSE(beside.floor_between(5.0, 6.0, usual));
}

TEST(Judge, AnArcIsOfTheRestAfterItsHalfCycleAndSurerThanItsErrors) {
  Record r;
  const auto arc = [](double time, double interface, double electrolyte = 40.0) {
    Spectrum s = spectrum(time, electrolyte);
    for (std::size_t k = 3; k < s.real.size(); ++k) s.real[k] = electrolyte + interface;
    return s;
  };
  const auto fired = [&](double interface, double time) {
    r.spectra = {arc(1000.0, 20.0), arc(time, interface)};
    return SpectraBeside(r).arc_grown(1005.0, 1020.0, 0.0, [](double) { return true; }, "").evidence;
  };
  EXPECT_TRUE(fired(150.0, 1010.0).fired);
  EXPECT_FALSE(fired(84.0, 1010.0).fired) << "4.2 times, of which readings of 1 % make 0.2 uncertain";
  EXPECT_TRUE(std::isnan(fired(150.0, 1030.0).figure)) << "another half cycle came between";
}

TEST(Judge, AVoltageAgainstTheCurrentHasNoFloor) {
  Context c = context();
  c.floor = usual * *c.area;
  EXPECT_TRUE(std::isnan(below_floor(level(-30.0), c).figure));
}

} // namespace
} // namespace platen::assessing

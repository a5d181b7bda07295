// The small tests of a symmetric cell, each on one half cycle and one reference that are given: what fires, and what must not although the figure alone would.

#include "assess/spectra.hpp"
#include "assess_half_cycle.hpp"

#include <cmath>
#include <gtest/gtest.h>

namespace platen::assessing {
namespace {

using namespace given;

TEST(SmallTests, RecoveryTakesALevelThatComesBackBeyondTheZerosError) {
  const Trace low = level(30.0), back = level(usual, -1, 720.0);
  const auto fires = [](const Trace& t, const Trace& next, const Context& c = context()) { return recovery(t, &next, c).fired; };
  EXPECT_TRUE(fires(low, back));
  EXPECT_FALSE(fires(low, level(0.75 * usual, -1, 720.0))) << "half of the way is not back";
  EXPECT_FALSE(fires(low, level(usual, -1, 650.0))) << "no rest";
  EXPECT_FALSE(fires(level(0.9 * usual), back)) << "it was not low";
  // 45 ohm are 15 mV less than before, of which 9 mV count for nothing
  EXPECT_TRUE(fires(with(level(45.0), [](Trace& t) { t.offset_error = 2e-3; }), back));
  EXPECT_FALSE(fires(with(level(45.0), [](Trace& t) { t.offset_error = 4e-3; }), back)) << "two half cycles, each off by that";
  EXPECT_FALSE(fires(with(level(45.0), [](Trace& t) { t.level_noise = 2e-3; }), back));
  // the other direction has half of the resistance by nature
  EXPECT_TRUE(fires(low, level(0.5 * usual, -1, 720.0), changed([](Reference& r) { r.ratio = 2.0; })));
}

TEST(SmallTests, AnAsymmetryIsThatOfThisDirection) {
  const Trace before = level(usual, -1, -600.0), after = level(usual, -1, 600.0);
  const auto fires = [&](const Trace& t, const Context& c = context()) { return asymmetry(t, &before, &after, c).fired; };
  EXPECT_TRUE(fires(level(48.0))) << "3 mV less than 0.85 of the other direction";
  const Trace voids_before = level(75.0, -1, -600.0), voids_after = level(75.0, -1, 600.0);
  EXPECT_FALSE(asymmetry(level(usual), &voids_before, &voids_after, context()).fired) << "the other direction got worse";
  EXPECT_FALSE(fires(level(48.0), changed([](Reference& r) { r.ratio_spread = 0.05; }))) << "it comes and goes by as much";
  EXPECT_FALSE(fires(with(level(48.0), [](Trace& t) { t.middle_noise = 1e-3; })));
  EXPECT_FALSE(fires(with(level(48.0), [](Trace& t) { t.offset_error = 2e-3; })));
  const Evidence unknown = asymmetry(level(48.0), &before, &after, changed([](Reference& r) { r.ratios = 2; }));
  EXPECT_TRUE(std::isnan(unknown.figure)) << "two have no spread";
}

TEST(SmallTests, ContactIsLostWhereTheResistanceRisesNotWhereItFalls) {
  const auto of = [](const Trace& t, const Context& c = context(), double due = never, double open = 0.0) { return contact(t, c, open, due); };
  Context first = context();
  first.before = {};
  EXPECT_FALSE(of(half_cycle([](std::size_t k) { return k < 20 ? 300.0 : usual; }), first).fired) << "native layers that break";
  EXPECT_TRUE(of(half_cycle([](std::size_t k) { return k < 180 ? usual : 300.0; }), first).fired);
  const Evidence lost = of(half_cycle([](std::size_t k) { return usual + 2.0 * static_cast<double>(k); })); // 240 ohm in row 90, most at the end
  EXPECT_TRUE(lost.fired);
  EXPECT_DOUBLE_EQ(lost.time, interval * 92.0) << "the first row above four times";
  // 10 ohm above four times are 10 mV, thrice the zero's error must be less
  EXPECT_TRUE(of(with(step(usual, 250.0), [](Trace& t) { t.offset_error = 3e-3; })).fired);
  EXPECT_FALSE(of(with(step(usual, 250.0), [](Trace& t) { t.offset_error = 4e-3; })).fired);
  EXPECT_FALSE(of(with(step(usual, 250.0), [](Trace& t) { t.noise = 2e-3; })).fired);
  EXPECT_TRUE(of(level(usual), context(), never, 0.6).fired) << "an open circuit";
  // with a spectrum that says so less is enough, but not less than twice
  EXPECT_TRUE(of(step(usual, 130.0), context(), 10.0).fired);
  EXPECT_FALSE(of(step(usual, 110.0), context(), 10.0).fired);
  EXPECT_FALSE(of(step(usual, 130.0)).fired);
}

TEST(SmallTests, WhatTheArcSaysIsDueIsHalfOfItsGrowth) {
  GrownArc arc;
  arc.growth = 100.0;
  EXPECT_EQ(arc.due(), std::numeric_limits<double>::infinity());
  arc.evidence.fired = true;
  EXPECT_DOUBLE_EQ(arc.due(), 50.0) << "by Butler-Volmer an interface has half of its resistance under current (A80)";
}

TEST(SmallTests, AFlatTraceIsFlatterThanItsNoiseAndItsLikes) {
  const auto fires = [](const Trace& t, double shape = 0.2, double spread = 0.01) {
    return flatness(t, changed([&](Reference& r) { r.shape = shape; r.shape_spread = spread; })).fired;
  };
  const Trace flat = with(level(usual), [](Trace& t) { t.shape = 0.02; });
  EXPECT_TRUE(fires(flat));
  EXPECT_FALSE(fires(with(flat, [](Trace& t) { t.noise = 3e-3; }))) << "no shape below a tenth shows in that noise";
  EXPECT_FALSE(fires(with(flat, [](Trace& t) { t.level_noise = 1.5e-3; })));
  EXPECT_FALSE(fires(flat, 0.2, 0.5)) << "healthy ones differ by more";
  EXPECT_FALSE(fires(with(level(usual), [](Trace& t) { t.shape = 0.005; }), 0.04)) << "there was no shape to lose";
}

TEST(SmallTests, TheFloorIsThatOfTheTemperatureAndMustBeMissedByMoreThanErrors) {
  const auto given = [](double hottest = 1.0) {
    Context c = context();
    c.floor = usual * *c.area;
    c.hottest = hottest;
    return c;
  };
  const Trace low = with(level(35.0), [](Trace& t) { t.middle = usual; }); // 42 ohm are 0.7 of the floor
  EXPECT_TRUE(below_floor(low, given()).fired) << "for part of the half cycle";
  EXPECT_TRUE(below_floor(with(level(35.0), [](Trace& t) { t.level_noise = 2e-3; }), given()).fired) << "the median is known better";
  EXPECT_FALSE(below_floor(with(low, [](Trace& t) { t.thermal = 2.0; }), given()).fired) << "warm, with half of the resistance";
  EXPECT_FALSE(below_floor(low, given(2.0)).fired) << "it may have been warm";
  EXPECT_FALSE(below_floor(with(level(35.0), [](Trace& t) { t.level_noise = t.middle_noise = 2e-3; }), given()).fired);
  EXPECT_FALSE(below_floor(with(level(35.0), [](Trace& t) { t.offset_error = 8e-3; }), given()).fired);
  const Evidence floor = below_floor(level(usual), given());
  const auto above = [&](double noise, double zero) {
    return clearly_above_floor(with(level(usual), [=](Trace& t) { t.middle_noise = noise; t.offset_error = zero; }), floor, *context().area);
  };
  EXPECT_TRUE(above(0.0, 0.0)) << "by 18 mV";
  EXPECT_FALSE(above(4e-3, 0.0));
  EXPECT_FALSE(above(0.0, 20e-3));
}

TEST(SmallTests, AFloorThatWasFittedIsKnownToItsStandardError) {
  using Source = ImpedanceFloor::Source;
  const auto fires = [](Source source, double noise = 0.0, double zero = 0.0) {
    Context c = context();
    c.impedance_floor = ImpedanceFloor{{usual, 2.0}, source};
    return below_impedance(with(level(35.0), [=](Trace& t) { t.level_noise = noise; t.offset_error = zero; }), c).fired;
  };
  EXPECT_TRUE(fires(Source::read)) << "what it may be off by at most";
  EXPECT_FALSE(fires(Source::fitted)) << "7 ohm are five standard errors";
  EXPECT_FALSE(fires(Source::bound));
  EXPECT_FALSE(fires(Source::read, 2e-3));
  EXPECT_FALSE(fires(Source::read, 0.0, 8e-3));
}

TEST(SmallTests, BetweenDirectionsAZeroErrorCountsTwiceAndInOneDirectionNot) {
  const auto fires = [](double ohm, double noise, double zero, auto change) {
    return follows_current(with(level(ohm), [=](Trace& t) { t.level_noise = noise; t.offset_error = zero; }), changed(change)).fired;
  };
  const auto same = [](Reference&) {};
  const auto other = [](Reference& r) { r.direction = -1; };
  const auto alone = [](Reference& r) { r.direction = -1; r.own.low = 0.0; };
  EXPECT_TRUE(fires(30.0, 0.0, 20e-3, same)) << "both have it";
  EXPECT_FALSE(fires(30.0, 0.0, 20e-3, [](Reference& r) { r.current = current / 3.0; })) << "of 90 mV expected 60 mV may be the zero's, of 30 mV seen 20 mV";
  EXPECT_TRUE(fires(30.0, 0.0, 20e-3, other)) << "this direction was seen as well";
  EXPECT_FALSE(fires(30.0, 0.0, 20e-3, alone));
  EXPECT_TRUE(fires(30.0, 0.0, 10e-3, alone));
  EXPECT_FALSE(fires(40.0, 5e-3, 0.0, alone));
  EXPECT_TRUE(fires(40.0, 5e-3, 0.0, [](Reference& r) { r.direction = -1; r.own.low = 90.0; })) << "this direction had more";
  const auto fresh = [](Reference& r) { r.settled = false; };
  EXPECT_FALSE(fires(30.0, 0.0, 0.0, fresh)) << "the first half cycle breaks native layers";
  EXPECT_TRUE(fires(20.0, 0.0, 0.0, fresh));
  EXPECT_TRUE(mean_resistance(level(40.0), context()).fired);
  EXPECT_FALSE(mean_resistance(with(level(40.0), [](Trace& t) { t.level_noise = 5e-3; }), context()).fired);
}

TEST(SmallTests, ScatterIsHeldAgainstTheInstrumentAndTheOverpotential) {
  const auto fires = [](auto test, double scatter, double instrument) {
    Trace t = level(usual);
    t.scatter = t.burst = scatter;
    t.noise = instrument;
    return test(t, changed([](Reference& r) { r.scatter = r.burst = 1e-4; })).fired;
  };
  for (const auto test : {noise, noise_bursts}) {
    EXPECT_TRUE(fires(test, 1e-3, 1e-5));
    EXPECT_FALSE(fires(test, 1e-3, 5e-4)) << "the instrument's";
    EXPECT_FALSE(fires(test, 5e-4, 1e-5)) << "less than 1 % of the overpotential";
  }
}

/// Four dips of 10 rows each, by `depth` ohm from `top`.
Trace dipping(double top, double depth) {
  return half_cycle([=](std::size_t k) { return k % 50 >= 20 && k % 50 < 30 ? top - depth : top; });
}

TEST(SmallTests, FallsThatComeBackAreCountedBelowWhatTheCellHad) {
  const auto count = [](const Trace& t, double scatter = 0.0) { return jumps(t, changed([=](Reference& r) { r.scatter = scatter; })).figure; };
  EXPECT_EQ(count(dipping(usual, 6.0)), 4.0);
  EXPECT_EQ(count(dipping(90.0, 6.0)), 0.0) << "contact that comes and goes";
  EXPECT_EQ(count(dipping(usual, 1.5)), 0.0) << "less than 3 %";
  EXPECT_EQ(count(with(dipping(usual, 6.0), [](Trace& t) { t.noise = 1e-3; })), 0.0);
  EXPECT_EQ(count(with(dipping(usual, 6.0), [](Trace& t) { t.rounding = 1e-3; })), 0.0);
  EXPECT_EQ(count(dipping(usual, 6.0), 1e-3), 0.0) << "healthy half cycles scatter by that";
  const Trace stairs = half_cycle([](std::size_t k) { return usual - 5.0 * static_cast<double>(k / 50); });
  EXPECT_EQ(count(stairs), 1.0) << "what never comes back fell once";
}

} // namespace
} // namespace platen::assessing

// Sudden falls, sinking, collapsing impedance and the memory of healthy half cycles, on half cycles that are given.

#include "assess/spectra.hpp"
#include "assess/verdict.hpp"
#include "assess_half_cycle.hpp"

#include <gtest/gtest.h>

namespace platen::assessing {
namespace {

using namespace given;

/// Every mean is known to `noise` V.
Trace noisy(Trace t, double noise) {
  t.noise_of_means.deviation.fill(noise);
  return t;
}
Fall fall_of(const Trace& t) { return first_fall(t, context().before, thresholds::drop_share); }
Fall below_course_of(const Trace& t, double course) {
  return fall_below_course(t, changed([=](Reference& r) {
                             r.course.assign(course_parts, course);
                             r.low = 100.0;
                           }).before);
}

TEST(Falls, EndBelowWhatARefillCanReach) {
  EXPECT_TRUE(fall_of(step(usual, 40.0)).found);
  EXPECT_FALSE(fall_of(step(100.0, 65.0)).found) << "contact that was being lost came back";
  const auto early = [](double before, double after) { return half_cycle([=](std::size_t k) { return k < 6 ? before : after; }); };
  EXPECT_FALSE(fall_of(early(85.0, 55.0)).found) << "voids are refilled first, and nothing before shows how fast";
  EXPECT_TRUE(fall_of(early(85.0, 45.0)).found) << "not to less than 0.8 of what the cell had";
}

TEST(Falls, TheLastRowMayBeAllThatIsSeen) {
  EXPECT_TRUE(fall_of(half_cycle([](std::size_t k) { return k + 1 < rows ? usual : 20.0; })).found);
  // to less than a refill's end it takes eight rows that show how fast the voltage falls by itself
  Trace nine = half_cycle([](std::size_t k) { return k < 8 ? 100.0 : 84.0; });
  for (std::vector<double>* each : {&nine.time, &nine.u, &nine.r, &nine.current}) each->resize(9);
  EXPECT_FALSE(below_course_of(nine, 100.0).found) << "read after the switch";
  nine.last_of_record = true;
  EXPECT_TRUE(below_course_of(nine, 100.0).found);
}

TEST(Falls, AreMeasuredWhereTheyHaveGoneFurthestAndDatedAtTheFirst) {
  const Fall stairs = fall_of(half_cycle([](std::size_t k) { return k < 100 ? usual : k < 101 ? 38.0 : 10.0; }));
  ASSERT_TRUE(stairs.found);
  EXPECT_GT(stairs.share, 0.8) << "from 60 to 10 ohm";
  // one that only means of many rows are sure of, and later one that a single row shows
  const Trace both = [] {
    Trace t = half_cycle([](std::size_t k) { return k < 50 ? 1000.0 : k < 130 ? 650.0 : 50.0; });
    for (std::size_t level = 0; level < noise_rows.size(); ++level) t.noise_of_means.deviation[level] = 60e-3 / std::sqrt(static_cast<double>(noise_rows[level]));
    return t;
  }();
  const Fall first = first_fall(both, changed([](Reference& r) { r.low = 1000.0; }).before, thresholds::drop_share);
  ASSERT_TRUE(first.found);
  EXPECT_NEAR(first.time, interval * 51.0, 8.0 * interval);
}

TEST(Falls, ASmallOneIsSurerAndBelowAllThatTheCellHad) {
  const Trace tenth = step(100.0, 88.0); // 12 mV
  EXPECT_TRUE(below_course_of(noisy(tenth, 0.5e-3), 100.0).found);
  EXPECT_FALSE(below_course_of(noisy(tenth, 1.25e-3), 100.0).found) << "seven standard deviations of the difference; eight are asked for";
  EXPECT_FALSE(below_course_of(tenth, 92.0).found) << "4 % below what it had at that point";
  EXPECT_TRUE(below_course_of(tenth, 94.0).found);
}

TEST(Falls, AreNotLookedForWhileThePressureChangesOrNothingIsSettled) {
  const Trace plain = step(usual, 40.0), pressed = with(plain, [](Trace& t) { t.pressure_change = 0.3; });
  const Fall fall = fall_of(plain);
  EXPECT_TRUE(voltage_drop(plain, fall, context()).fired);
  EXPECT_FALSE(voltage_drop(pressed, fall, context()).fired);
  EXPECT_TRUE(small_drop(plain, fall, context()).fired);
  EXPECT_FALSE(small_drop(pressed, fall, context()).fired);
  EXPECT_FALSE(small_drop(plain, fall, changed([](Reference& r) { r.settled = false; })).fired);
  EventCounts none;
  const std::vector<EventCounts> before;
  Context c = context();
  c.events_before = &before;
  EXPECT_FALSE(std::isnan(dips_that_come_back(plain, none, c).figure));
  EXPECT_TRUE(std::isnan(dips_that_come_back(pressed, none, c).figure));
}

/// Falls within half cycles by `sunk` to 50 ohm; like ones fell by 1 %, and the sum so far is 8 %.
Trace sunk(double by) {
  return with(level(usual), [=](Trace& t) {
    t.late = 50.0;
    t.sunk = by;
  });
}
Context like(double differ = 0.0) {
  return changed([=](Reference& r) {
    r.sunk = {-0.01 - differ, -0.01 - differ, -0.01, -0.01, -0.01};
    r.sunk_so_far = -0.08;
  });
}

TEST(Sinking, IsBeyondTheUsualFallTheDriftAndTheError) {
  EXPECT_NEAR(sinking(sunk(-0.05), like()).figure, 0.08 + 0.04 - thresholds::sink_drift, 1e-12);
  EXPECT_NEAR(sinking(with(sunk(-0.05), [](Trace& t) { t.sunk_error = 0.01; }), like()).figure, 0.08 + 0.04 - thresholds::sink_drift - 0.02, 1e-12);
  EXPECT_NEAR(sinking(sunk(-0.05), like(0.02)).figure, 0.08 + 0.02 - thresholds::sink_drift - 0.02, 1e-12) << "usual is the lower quartile, and like ones differ by 2 %";
  EXPECT_EQ(sinking(sunk(0.5), like()).figure, 0.0) << "what rises is not saved up";
}

TEST(Sinking, EndsBelowAllThatTheCellEverHadByMoreThanErrors) {
  const auto fires = [](auto change, const Context& c = like()) { return sinking(with(sunk(-0.05), change), c).fired; };
  EXPECT_TRUE(fires([](Trace&) {})) << "7 mV below 0.95 of 60 ohm";
  EXPECT_FALSE(fires([](Trace& t) { t.level_noise = 1.5e-3; }));
  EXPECT_TRUE(fires([](Trace& t) { t.offset_error = 20e-3; })) << "both have it";
  Context slower = like();
  slower.before.current = 0.5 * current;
  EXPECT_FALSE(fires([](Trace& t) { t.offset_error = 20e-3; }, slower));
  EXPECT_FALSE(fires([](Trace& t) { t.pressure_change = -0.3; }));
  Context lower = like();
  lower.before.lowest = 50.0;
  EXPECT_FALSE(fires([](Trace&) {}, lower));
}

TEST(Sinking, BeginsWhereATenthIsGone) {
  const Trace t = with(half_cycle([](std::size_t k) { return usual - 0.1 * static_cast<double>(k); }), [](Trace& x) {
    x.late = 41.0;
    x.sunk = -0.3;
  });
  const Evidence e = sinking(t, like());
  ASSERT_TRUE(e.fired);
  EXPECT_NEAR(e.time, interval * 61.0, 1.5 * interval) << "54 ohm after 60 rows";
}

/// Five points from 1 MHz to `lowest` Hz, at which the impedance is real; the electrolyte has 40 ohm.
Spectrum spectrum(double time, double ohm, double lowest = 1.0) {
  Spectrum s;
  s.start = time;
  for (const double f : {1e6, 1e5, 1e4, 1e2, lowest}) {
    s.frequency.push_back(f);
    s.real.push_back(f > 1e3 ? std::min(40.0, ohm) : ohm);
    s.imaginary.push_back(0.0);
  }
  return s;
}
Evidence collapsed(const std::vector<Spectrum>& spectra, double frozen = never, const Context& c = context()) {
  Record r;
  r.spectra = spectra;
  return SpectraBeside(r).collapsed(level(usual, 1, 1000.0), 2000.0, frozen, c); // to 1600 s, the next half cycle begins at 2000 s
}

TEST(Collapse, IsHeldAgainstTheLeastHealthyImpedanceBefore) {
  EXPECT_TRUE(collapsed({spectrum(900.0, 60.0), spectrum(1800.0, 30.0)}).fired);
  EXPECT_FALSE(collapsed({spectrum(100.0, 42.0), spectrum(900.0, 60.0), spectrum(1800.0, 30.0)}).fired) << "0.71 of it";
  EXPECT_TRUE(collapsed({spectrum(500.0, 60.0), spectrum(900.0, 25.0), spectrum(1800.0, 30.0)}, 800.0).fired) << "shorted from 800 s on";
  EXPECT_TRUE(std::isnan(collapsed({spectrum(900.0, 60.0), spectrum(2100.0, 30.0)}).figure)) << "after the next half cycle began";
  EXPECT_FALSE(collapsed({spectrum(900.0, 60.0), spectrum(1800.0, 41.0)}).fired) << "0.683 is known to a hundredth";
  EXPECT_TRUE(std::isnan(collapsed({spectrum(900.0, 60.0), spectrum(1800.0, 30.0)}, never, changed([](Reference& r) { r.settled = false; })).figure));
  // at 100 Hz, the lowest that both have, it is the same
  Spectrum lower = spectrum(1800.0, 60.0, 1.0);
  lower.real.back() = 30.0;
  EXPECT_NEAR(collapsed({spectrum(900.0, 60.0, 100.0), lower}).figure, 1.0, 1e-12);
  lower.start = 900.0;
  EXPECT_NEAR(collapsed({lower, spectrum(1800.0, 60.0, 100.0)}).figure, 1.0, 1e-12);
}

/// After `count` healthy half cycles in turns of both directions, all of 60 ohm.
Memory settled(std::size_t count = 4) {
  Memory m;
  for (std::size_t k = 0; k < count; ++k) m.add(level(usual, k % 2 == 0 ? 1 : -1), nullptr, nullptr);
  return m;
}

TEST(Memory, ALevelThatIsNotWellKnownCountsAsTheHighestThatItCanBe) {
  Memory m = settled();
  m.add(with(level(50.0), [](Trace& t) { t.level_noise = 4e-3; }), nullptr, nullptr); // 8 % of 50 mV
  EXPECT_NEAR(m.reference(1, current).low, 54.0, 1e-9);
  EXPECT_NEAR(m.reference(1, current).lowest, 54.0, 1e-9);
  Memory zero = settled();
  zero.add(with(level(50.0), [](Trace& t) { t.offset_error = 5e-3; }), nullptr, nullptr);
  EXPECT_NEAR(zero.reference(1, current).low, 50.0, 1e-9) << "a half cycle at the same current has it too";
  EXPECT_NEAR(zero.reference(1, 3.0 * current).low, 50.0 * (1.0 + 0.1 * 2.0 / 3.0), 1e-9);
}

TEST(Memory, WithTheOtherDirectionAloneInterfacesMayDiffer) {
  Memory m;
  m.add(level(usual, 1), nullptr, nullptr);
  const double less = (1.0 - thresholds::unequal_interfaces) * usual;
  const Reference other = m.reference(-1, current), same = m.reference(1, current);
  EXPECT_DOUBLE_EQ(same.low, usual);
  EXPECT_DOUBLE_EQ(other.low, less);
  EXPECT_DOUBLE_EQ(other.middle, less);
  for (const double r : other.course) EXPECT_NEAR(r, less, 1e-9);
}

TEST(Memory, ReachesBackWhileContactIsBeingLost) {
  Memory m = settled(6);
  double ohm = usual;
  for (std::size_t k = 0; k < 10; ++k) m.add(level(ohm *= 1.1, k % 2 == 0 ? 1 : -1), nullptr, nullptr); // a fifth more than the last but one
  EXPECT_LE(m.reference(1, current).low, 1.1 * usual + 1e-9) << "to where it began";
  Memory slower = settled(6);
  ohm = usual;
  for (std::size_t k = 0; k < 10; ++k) slower.add(level(ohm *= 1.05, k % 2 == 0 ? 1 : -1), nullptr, nullptr);
  EXPECT_GT(slower.reference(1, current).low, 1.2 * usual) << "an interphase that grows: the last six";
}

} // namespace
} // namespace platen::assessing

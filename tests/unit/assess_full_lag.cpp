// Full cells whose leak shows as charge that does not arrive, and as sudden changes beside the course. Curves and cells made for them.

#include "assess/assessment.hpp"
#include "assess/lag_course.hpp"
#include "assess/thresholds.hpp"
#include "assess_strokes.hpp"
#include "assess_waveforms.hpp"

#include <cmath>
#include <functional>
#include <gtest/gtest.h>
#include <limits>
#include <string_view>

namespace platen::assessing {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double capacity = 12.0, current = 1e-3, interval = 60.0; // C, A, s

/// Ten cycles at one current between 3.5 V and 4.2 V, with 0.1 mV of noise.
struct Cell {
  std::function<double(double)> share = [](double) { return 0.0; };       ///< of the current beside the electrolyte, over the clock (s)
  std::function<double(double)> resistance = [](double) { return 30.0; }; ///< ohm, over the clock (s)
  double fade = 0.0;                                                      ///< of the capacity, per cycle
  double early = 0.0;                                                     ///< V above its cut-off at which the last discharge but one ends
  double step = 1.0;                                                      ///< by which the current rises from cycle to cycle
  double voids = 0.0;                                                     ///< V at the end of the last discharge, by the square of the charge that passed


  Record record() const {
    numerics::RandomStream draws(11, "lag");
    std::vector<double> t, i, v;
    double clock = 0.0, x = 0.05;
    const auto open_circuit = [](double charged) { return 3.55 + 0.5 * charged + 0.12 * charged * charged - 0.4 * std::exp(-charged / 0.03); };
    const auto half_cycle = [&](int cycle, double direction, double limit) {
      const double set = direction * current * std::pow(step, cycle), full = x;
      for (;;) {
        const double leaked = share(clock) * current, room = capacity * std::pow(1.0 - fade, cycle);
        const double opened = cycle == 9 && set < 0 ? voids * std::pow(full - x, 2.0) : 0.0;
        const double volts = open_circuit(x) + (set - leaked) * resistance(clock) - opened;
        t.push_back(clock);
        i.push_back(set);
        v.push_back(volts + 1e-4 * draws.normal());
        if ((set > 0 ? volts >= limit : volts <= limit) || t.size() > 20000) return;
        x = std::max(-0.1, x + (set - leaked) * interval / room);
        clock += interval;
      }
    };
    for (int cycle = 0; cycle < 10; ++cycle) {
      half_cycle(cycle, 1.0, 4.2);
      clock += interval;
      half_cycle(cycle, -1.0, cycle == 8 ? 3.5 + early : 3.5);
      clock += interval;
    }
    return waveforms::record_of(Configuration::full, std::move(t), std::move(i), std::move(v));
  }
  std::vector<Stroke> strokes() const {
    const Record r = record();
    return make_strokes(r, rows_of(r), find_segments(r));
  }
};

/// A leak that begins at `from` (s) and grows by the square of the time to all of the current within `span` (s).
std::function<double(double)> growing(double from, double span) {
  return [=](double time) { return time < from ? 0.0 : std::min(1.0, std::pow((time - from) / span, 2.0)); };
}

double gain_up_to(const std::vector<Stroke>& strokes, std::size_t k) {
  const auto course = lag_course(strokes, first_alike(strokes, k), k, strokes[k].half_cycle.end, LagQuestion::whether);
  return course ? course->gain : 0.0;
}

TEST(AssessLag, ALeakExplainsWhatLagsAndHabitsOfHealthyCellsDoNot) {
  Cell leaking;
  leaking.share = [](double time) { return time > 1.3e5 ? 0.15 : 0.0; };
  const std::vector<Stroke> lags = leaking.strokes();
  std::size_t k = 0;
  while (lags[k].half_cycle.end < 1.42e5) ++k;
  EXPECT_GT(gain_up_to(lags, k), 10.0 * thresholds::lag_gain);
  EXPECT_LT(gain_up_to(lags, k - 4), thresholds::lag_gain) << "before it began";
  Cell healthy;
  healthy.fade = 0.01;
  healthy.resistance = [](double time) { return 30.0 + 4.0 * std::sin(time / 13000.0); };
  const std::vector<Stroke> fades = healthy.strokes();
  for (std::size_t j = 3; j < fades.size(); ++j) EXPECT_LT(gain_up_to(fades, j), thresholds::lag_gain) << j;
}

TEST(AssessLag, ContactThatReturnsIsNoLag) {
  Cell cell;
  cell.resistance = [](double time) { return time > 1.3e5 ? 20.0 : 120.0; };
  std::vector<Stroke> strokes = cell.strokes();
  for (Stroke& s : strokes) count_dips(s, nullptr, thresholds::dip_least, s.quiet, nan);
  std::size_t k = 0;
  while (strokes[k].half_cycle.end < 1.3e5) ++k;
  ASSERT_FALSE(strokes[k].changes.empty()) << "it is sudden";
  EXPECT_LT(gain_up_to(strokes, k), thresholds::lag_gain);
}

TEST(AssessLag, AGrowingLeakIsDatedToWhereItTookItsShare) {
  for (const double from : {1.05e5, 1.21e5, 1.37e5}) {
    Cell cell;
    constexpr double span = 60000.0;
    cell.share = growing(from, span);
    const std::vector<Stroke> strokes = cell.strokes();
    std::size_t found = 0;
    while (found + 1 < strokes.size() && strokes[found].half_cycle.end < from + 0.5 * span) ++found;
    const auto growth = leak_growth(strokes, found, strokes[found].half_cycle.end);
    ASSERT_TRUE(growth) << from;
    EXPECT_GT(growth->counts, from + span * std::sqrt(0.02)) << from;
    EXPECT_LT(growth->counts, from + span * std::sqrt(0.10)) << from;
    EXPECT_LE(growth->window.earliest, growth->window.latest);
  }
  const std::vector<Stroke> healthy = Cell{}.strokes();
  EXPECT_FALSE(leak_growth(healthy, healthy.size() - 1, healthy.back().half_cycle.end));
}

TEST(AssessLag, ACellWithAGrowingLeakIsShortedFromThereOn) {
  Cell cell;
  cell.share = growing(1.21e5, 60000.0);
  const Assessment a = assess(cell.record());
  EXPECT_EQ(a.verdict, Verdict::soft_short) << a.reason;
  ASSERT_TRUE(a.onset);
  EXPECT_GT(*a.onset, 1.21e5 + 60000.0 * std::sqrt(0.02));
  EXPECT_LT(*a.onset, 1.21e5 + 60000.0 * std::sqrt(0.10));
  EXPECT_EQ(assess(Cell{}.record()).verdict, Verdict::healthy);
}

TEST(AssessLag, ALeakSeenWhenTheVoltageFallsBeganBefore) {
  Cell cell;
  const double from = cell.strokes()[12].half_cycle.start + 2000.0, span = 20000.0;
  cell.share = growing(from, span);
  const Assessment a = assess(cell.record());
  ASSERT_TRUE(a.onset) << a.reason;
  EXPECT_GT(*a.onset, from + span * std::sqrt(0.02) - interval) << a.reason;
  EXPECT_LT(*a.onset, from + span * std::sqrt(0.10) + interval) << a.reason;
}

TEST(AssessLag, ALeakThatGrowsWithinAChargeIsNotDatedToWhereTheChargeTookTooMuch) {
  constexpr double from = 1.1e5, span = 1e4;
  for (const auto& [most, power] : {std::pair(0.3, 1.0), std::pair(0.6, 2.0), std::pair(1.0, 2.0)}) {
    Cell cell;
    cell.share = [=](double time) { return time < from ? 0.0 : most * std::min(1.0, std::pow((time - from) / span, power)); };
    const Assessment a = assess(cell.record());
    ASSERT_TRUE(a.onset) << a.reason;
    EXPECT_GT(*a.onset, from + span * std::pow(0.02 / most, 1.0 / power)) << most << a.reason;
    EXPECT_LT(*a.onset, from + span * std::pow(0.10 / most, 1.0 / power)) << most << a.reason;
  }
}

TEST(AssessLag, ALeakThatCutsADischargeShortIsDatedWithinIt) {
  Cell cell;
  cell.resistance = [](double) { return 5.0; };
  const std::vector<Stroke> healthy = cell.strokes();
  // of the second cycle nothing but the charge that never rises says so
  for (const std::size_t discharge : {13U, 3U}) {
    const double from = healthy[discharge].half_cycle.start + 1000.0, span = 4000.0; // s
    cell.share = [=](double time) { return std::min(4.0, 2.0 * growing(from, span)(time) + (time > from + span ? 2.0 : 0.0)); };
    const Assessment a = assess(cell.record());
    ASSERT_TRUE(a.onset) << a.reason;
    EXPECT_EQ(*a.onset_half_cycle, discharge) << a.reason;
    EXPECT_GT(*a.onset, from) << a.reason;
    EXPECT_LT(*a.onset, from + 0.5 * span) << "not where it ended: " << a.half_cycles[discharge].half_cycle.end;
  }
}

TEST(AssessLag, ALeakInTheLastDischargeIsFoundAndVoidsAreNot) {
  Cell leaking;
  const double from = leaking.strokes()[19].half_cycle.start;
  leaking.share = [=](double time) { return time > from ? 0.15 : 0.0; };
  const Assessment a = assess(leaking.record());
  EXPECT_EQ(a.verdict, Verdict::soft_short) << a.reason;
  ASSERT_TRUE(a.onset);
  EXPECT_GT(*a.onset, from - 3600.0);
  Cell opened;
  opened.voids = 0.3;
  const std::vector<Stroke> strokes = opened.strokes();
  ASSERT_LT(strokes[19].run_passed, 0.95 * strokes[17].run_passed) << "as much is missing";
  const Assessment b = assess(opened.record());
  EXPECT_EQ(b.verdict, Verdict::healthy) << b.reason;
}

TEST(AssessBalance, StepsOfARampAreComparedWithStepsLikeThem) {
  Cell ramp;
  ramp.step = 1.15;
  ramp.resistance = [](double) { return 60.0; };
  std::vector<Stroke> strokes = ramp.strokes();
  const auto last = [](const std::vector<Stroke>& all) {
    Earlier earlier;
    for (std::size_t k = 0; k < 15; ++k) (all[k].charging() ? earlier.charges : earlier.discharges).push_back(&all[k]);
    return unbalanced(all, 15, earlier);
  };
  const Evidence healthy = last(strokes);
  EXPECT_TRUE(std::isfinite(healthy.figure)) << healthy.reason;
  EXPECT_FALSE(healthy.fired) << healthy.reason;
  const double from = strokes[15].half_cycle.start;
  ramp.share = [=](double time) { return time > from ? 0.2 : 0.0; };
  strokes = ramp.strokes();
  EXPECT_TRUE(last(strokes).fired) << last(strokes).reason;
  // a discharge at twice the current has none like it
  strokes[15].half_cycle.current *= 2.0;
  EXPECT_FALSE(std::isfinite(last(strokes).figure));
}

TEST(AssessBalance, ChargeThatTheDischargeBeforeDidNotGiveWasLost) {
  Cell cell;
  cell.share = [](double time) { return time > 1.3e5 ? 0.1 : 0.0; };
  const std::vector<Stroke> strokes = cell.strokes();
  Earlier earlier;
  std::size_t k = 0;
  for (; strokes[k].half_cycle.end < 1.3e5; ++k) (strokes[k].charging() ? earlier.charges : earlier.discharges).push_back(&strokes[k]);
  while (strokes[k].half_cycle.start < 1.3e5) ++k;
  EXPECT_TRUE(unbalanced(strokes, k, earlier).fired) << "a charge or a discharge";
  EXPECT_TRUE(unbalanced(strokes, k + 1, earlier).fired) << "the other one";
  const Evidence before = unbalanced(strokes, k - 3, earlier);
  EXPECT_FALSE(before.fired) << before.reason;
  EXPECT_GT(before.error, 0.0);
}

TEST(AssessBalance, WhatTheNextChargeDoesNotTakeWasNotLost) {
  Cell cell;
  cell.early = 0.03; // met early, as with voids: what is left stays in the cell
  const std::vector<Stroke> strokes = cell.strokes();
  Earlier earlier;
  for (std::size_t k = 0; k < 17; ++k) (strokes[k].charging() ? earlier.charges : earlier.discharges).push_back(&strokes[k]);
  ASSERT_FALSE(strokes[17].charging());
  ASSERT_LT(strokes[17].run_passed, 0.985 * strokes[16].run_passed);
  EXPECT_FALSE(unbalanced(strokes, 17, earlier).fired);
}

/// A stroke whose sudden changes are counted beside those of `like`.
template <class Voltage> Stroke counted(Voltage voltage, double usual, const Stroke* like = nullptr, double end = nan) {
  Stroke s = stroke(voltage);
  count_dips(s, like, usual, s.quiet, end);
  return s;
}

double brief(double row, double depth) { return std::fmod(row, 150.0) >= 100.0 && std::fmod(row, 150.0) < 120.0 ? depth : 0.0; }

TEST(AssessChanges, WhatTheReadingDoesByItselfIsTheMeasure) {
  const auto shallow = [](double k) { return rising(k) - brief(k, 1.6e-3); }; // less than any reading is trusted to without a measure
  EXPECT_DOUBLE_EQ(counted(shallow, thresholds::dip_least).dips, 0.0);
  EXPECT_DOUBLE_EQ(counted(shallow, 0.0).dips, 4.0);
  const Stroke quiet = stroke(rising), rough = stroke([](double k) { return rising(k) + (std::fmod(k, 30.0) < 1.0 ? 1.5e-3 : 0.0); });
  EXPECT_LT(restless(quiet), 6e-4);
  EXPECT_GT(restless(rough), 1e-3);
  Earlier earlier;
  EXPECT_DOUBLE_EQ(earlier.least_change(), thresholds::dip_least);
  Stroke measured = rough;
  measured.restless = restless(rough);
  earlier.charges = {&measured};
  EXPECT_DOUBLE_EQ(earlier.least_change(), 3.0 * measured.restless);
}

TEST(AssessChanges, WhatHappensSoonAfterTheSwitchCounts) {
  const Stroke s = counted([](double k) { return rising(k) - (k >= 9.0 && k < 25.0 ? 0.01 : 0.0); }, 1e-3);
  EXPECT_EQ(s.dips, 1.0);
  EXPECT_DOUBLE_EQ(s.first_dip, 100.0);
  EXPECT_EQ(counted([](double k) { return rising(k) + 0.05 * std::exp(-k / 8.0); }, 1e-3).dips, 0.0) << "what follows a switch of the current is none";
}

TEST(AssessChanges, WavesKneesAndACutOffAreNotSudden) {
  EXPECT_DOUBLE_EQ(counted([](double k) { return rising(k) + 8e-3 * std::sin(k / 2.0); }, 0.0).dips, 0.0) << "the hunting of an oven";
  EXPECT_DOUBLE_EQ(counted([](double k) { return 3.6 + 0.3 * std::tanh((k - 300.0) / 8.0); }, 0.0).bumps, 0.0) << "from one plateau to another";
  const auto held = [](double k) { return k < 400 ? rising(k) : k < 440 ? rising(386) : rising(400); };
  EXPECT_GT(counted(held, 0.0).dips, 0.0);
  EXPECT_DOUBLE_EQ(counted(held, 0.0, nullptr, rising(400)).dips, 0.0) << "where charges end the cycler begins to hold the voltage";
}

TEST(AssessChanges, ALeakKeepsTheVoltageBelowItsCourseAndBadContactAbove) {
  const Stroke healthy = stroke(rising);
  const auto open = [](double k) { return k > 200.0 && std::fmod(k, 40.0) < 20.0; };
  const Stroke leak = counted([&](double k) { return rising(k) - (open(k) ? 6e-3 : 0.0) - 2e-5 * std::max(0.0, k - 200.0); }, 0.0, &healthy);
  EXPECT_GE(leak.dips, 8.0);
  EXPECT_DOUBLE_EQ(leak.bumps, 0.0);
  EXPECT_TRUE(fallen(leak, {}).fired);
  const Stroke contact = counted([&](double k) { return rising(k) + (open(k) ? 6e-3 : 0.0); }, 0.0, &healthy);
  EXPECT_GE(contact.bumps, 8.0);
  EXPECT_FALSE(fallen(contact, {}).fired);
}

TEST(AssessChanges, TheEarlierCourseSaysWhereTheVoltageIsNow) {
  // a contact that gets worse at once and slowly better, then a leak that opens at once and slowly closes: by the changes alone the first fall ends the rise
  const auto slowly = [](double row, double at) { return row >= at && row < at + 60.0 ? 6e-3 * (1.0 - (row - at) / 60.0) : 0.0; };
  const auto both = [&](double k) { return rising(k) + slowly(k, 150.0) - slowly(k, 300.0) - slowly(k, 400.0) - slowly(k, 500.0); };
  const Stroke healthy = stroke(rising);
  EXPECT_DOUBLE_EQ(counted(both, 0.0, &healthy).dips, 3.0);
  EXPECT_DOUBLE_EQ(counted(both, 0.0, &healthy).bumps, 1.0);
  EXPECT_LT(counted(both, 0.0).dips, 3.0);
}

} // namespace
} // namespace platen::assessing

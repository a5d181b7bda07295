// The course of the resistance over a record (A56 to A59): leaks that no half cycle shows by itself, and habits that are none.

#include "assess_waveforms.hpp"

#include "assess/overrule.hpp"
#include "numerics/random.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <gtest/gtest.h>
#include <numbers>

namespace platen {
namespace {

constexpr std::string_view course = "leak in the course of the resistance";
constexpr double resistance = 100.0, half_cycle = 1800.0, interval = 20.0; // ohm, s, s

/// Where a row stands.
struct At {
  std::size_t half_cycle;
  int direction;
  double into, time, load; ///< 1, s, 1
};

/// Half cycles of 30 min at 0.5 mA; `factor`: on the resistance; `zero`: V, of the voltage. Noise of 0.1 mV.
Record life(std::size_t half_cycles, const std::function<double(const At&)>& factor, const std::function<double(double)>& zero = [](double) { return 0.0; },
            const std::function<double(std::size_t)>& load = [](std::size_t) { return 1.0; }, double noise_of_voltage = 1e-4) {
  std::vector<double> time, current, voltage;
  numerics::RandomStream noise(11, "course");
  for (std::size_t h = 0; h < half_cycles; ++h)
    for (double t = interval; t <= half_cycle; t += interval) {
      const At at{h, h % 2 == 0 ? 1 : -1, t / half_cycle, static_cast<double>(h) * half_cycle + t, load(h)};
      time.push_back(at.time);
      current.push_back(at.direction * 0.5e-3 * at.load);
      voltage.push_back(current.back() * resistance * factor(at) + zero(at.time) + noise_of_voltage * noise.normal());
    }
  return waveforms::symmetric_record(time, current, voltage);
}

/// A healthy cell's habits: native layers, an interphase, voids that open and are refilled, a room that warms by day.
double habits(const At& at) {
  const double day = std::sin(2.0 * std::numbers::pi * at.time / 86400.0);
  return (1.0 + 0.2 * std::exp(-at.time / 1200.0) + 0.1 * std::sqrt(at.time / 1e5)) * (1.0 + 0.05 * at.into * at.into + 0.04 * std::exp(-6.0 * at.into)) *
         (1.0 + 0.03 * at.direction) * (1.0 + 0.03 * day);
}

/// Judged by that test alone: others see an abrupt fall as well.
Assessment by_course(const Record& record) {
  AssessOptions options;
  for (const std::string_view name : evidence_names())
    if (name != course) options.without.emplace_back(name);
  return assess(record, options);
}

double largest_share(const Assessment& a) {
  double out = 0.0;
  for (std::size_t h = 0; h < a.half_cycles.size(); ++h) out = std::max(out, waveforms::evidence_of(a, h, course).figure);
  return out;
}
double error_of_share(const Assessment& a) { return waveforms::evidence_of(a, a.half_cycles.size() - 1, course).error; }
bool fired(const Assessment& a) {
  for (std::size_t h = 0; h < a.half_cycles.size(); ++h)
    if (waveforms::evidence_of(a, h, course).fired) return true;
  return false;
}

TEST(AssessCourse, HabitsOfAHealthyCellAreNoLeak) {
  const Assessment a = assess(life(40, habits));
  EXPECT_EQ(a.verdict, Verdict::healthy) << a.reason;
  EXPECT_FALSE(std::isnan(waveforms::evidence_of(a, 20, course).figure));
}

TEST(AssessCourse, ALeakThatGrowsOverHalfCyclesIsFoundSizedAndDated) {
  const double from = 40000.0, growing = 9000.0, share = 0.18;
  const auto leaky = [&](const At& at) {
    const double grown = std::clamp((at.time - from) / growing, 0.0, 1.0);
    return habits(at) * (1.0 - share * grown * grown);
  };
  const Assessment a = assess(life(40, leaky));
  EXPECT_EQ(a.verdict, Verdict::soft_short) << a.reason;
  ASSERT_TRUE(fired(a));
  EXPECT_NEAR(largest_share(a), share, 3.0 * error_of_share(a));
  EXPECT_LT(error_of_share(a), 0.03);
  ASSERT_TRUE(a.onset);
  EXPECT_GT(*a.onset, from);
  EXPECT_LT(*a.onset, from + growing);
  EXPECT_LE(a.window->earliest, *a.onset);
  EXPECT_GE(a.window->latest, *a.onset);
  EXPECT_EQ(a.decided_by, (std::vector<std::string_view>{"small_fall", "course_alarms", "score_short", "hard_share", "open_share"}));
  EXPECT_EQ(assess(life(40, leaky), {{std::string(course)}}).verdict, Verdict::healthy); // no other test sees it
}

TEST(AssessCourse, ALeakThatDissolvesAtReversalIsFoundAndDated) {
  const auto leaky = [](const At& at) {
    const double late = 0.7 * std::pow(0.85, (static_cast<double>(at.half_cycle) - 20.0) / 2.0);
    return habits(at) * (at.half_cycle >= 20 && at.direction > 0 && at.into > late ? 0.86 : 1.0);
  };
  const Assessment a = by_course(life(36, leaky));
  ASSERT_TRUE(fired(a)) << a.reason;
  EXPECT_NEAR(largest_share(a), 0.14, 3.0 * error_of_share(a));
  ASSERT_TRUE(a.onset);
  EXPECT_NEAR(*a.onset, 20 * half_cycle + 0.7 * half_cycle, 60.0);
  for (std::size_t h = 21; h < 36; h += 2) EXPECT_FALSE(waveforms::evidence_of(a, h, course).fired) << h;
}

TEST(AssessCourse, ALeakInOneDirectionIsToldFromAZeroThatWanders) {
  const auto leaky = [](const At& at) { return habits(at) * (at.half_cycle >= 21 && at.direction < 0 ? 0.87 : 1.0); };
  const auto drift = [](double t) { return 2e-3 + 2e-3 * t / 7e4; };
  const Assessment a = by_course(life(36, leaky, drift));
  ASSERT_TRUE(fired(a)) << a.reason;
  EXPECT_NEAR(largest_share(a), 0.13, 3.0 * error_of_share(a));
  EXPECT_FALSE(fired(by_course(life(36, habits, drift))));
}

TEST(AssessCourse, AStepBetweenHalfCyclesInBothDirectionsIsScrews) {
  for (const std::size_t when : {12u, 20u, 21u, 29u})
    for (const double left : {0.87, 0.7}) {
      const auto tightened = [&](const At& at) { return habits(at) * (at.half_cycle >= when ? left : 1.0); };
      EXPECT_FALSE(fired(by_course(life(36, tightened)))) << when << " " << left;
    }
  const auto within = [](const At& at) { return habits(at) * (at.time >= 20.5 * half_cycle ? 0.87 : 1.0); };
  EXPECT_TRUE(fired(by_course(life(36, within))));
}

TEST(AssessCourse, AFaintLeakIsNoShort) {
  const auto leaky = [](const At& at) { return habits(at) * (at.time >= 20.5 * half_cycle ? 0.95 : 1.0); };
  const Assessment a = by_course(life(36, leaky));
  EXPECT_FALSE(fired(a));
  EXPECT_NEAR(largest_share(a), 0.05, 3.0 * error_of_share(a)); // seen, and said
}

TEST(AssessCourse, RisingLoadsThatOpenVoidsAreNoLeak) {
  const auto load = [](std::size_t h) { return 0.1 * static_cast<double>(1 + h / 4); };
  const auto voids = [](const At& at) { return habits(at) * (1.0 + 0.6 * std::pow(at.load, 3) * at.into * at.into) * (1.0 - 0.1 * at.load); };
  EXPECT_FALSE(fired(by_course(life(40, voids, [](double) { return 0.0; }, load))));
}

TEST(AssessCourse, HundredsOfHalfCyclesArePutTogether) {
  const auto leaky = [](const At& at) { return habits(at) * (1.0 - 0.2 * std::clamp((at.time - 250 * half_cycle) / (30 * half_cycle), 0.0, 1.0)); };
  Record record = life(400, leaky);
  record.set(col::temperature, std::vector<double>(record.rows(), 298.15)); // else a room that warms would explain it
  const Assessment a = by_course(record);
  ASSERT_TRUE(fired(a));
  EXPECT_NEAR(largest_share(a), 0.2, 3.0 * error_of_share(a));
  std::size_t last = 0; // every half cycle of a group has its share
  for (std::size_t h = 300; h < 400; ++h) last += waveforms::evidence_of(a, h, course).fired ? 1 : 0;
  EXPECT_EQ(last, 100u);
}

TEST(AssessCourse, WhatAPersonSaysStands) {
  const auto leaky = [](const At& at) { return habits(at) * (at.time >= 20.5 * half_cycle ? 0.85 : 1.0); };
  Record r = life(36, leaky);
  ASSERT_TRUE(fired(by_course(r)));
  add_overrule(r, "cell: healthy, the oven was opened");
  const Assessment a = by_course(r);
  EXPECT_EQ(a.verdict, Verdict::healthy);
  for (const HalfCycleAssessment& h : a.half_cycles) EXPECT_EQ(h.verdict, Verdict::healthy);
}

/// A ramp: `voids` open with the load's cube, are refilled after reversal, and were opened by the load before.
double ramp_habits(const At& at, double voids) {
  const double before = 0.1 * static_cast<double>(at.half_cycle > 0 ? 1 + (at.half_cycle - 1) / 2 : 0);
  return (1.0 + voids * std::pow(at.load, 3) * at.into * at.into) * (1.0 + voids * std::pow(before, 3) * std::exp(-6.0 * at.into)) * (1.0 - 0.1 * at.load);
}
double ramp_load(std::size_t h) { return 0.1 * static_cast<double>(1 + h / 2); }

TEST(AssessCourse, VoidsOfThisLoadAndTheOneBeforeAreNoLeak) {
  for (const double opened : {0.3, 0.6, 0.9})
    for (const std::size_t half_cycles : {16u, 20u, 24u}) {
      const auto voids = [&](const At& at) { return ramp_habits(at, opened); };
      EXPECT_FALSE(fired(by_course(life(half_cycles, voids, [](double) { return 0.0; }, ramp_load, 2e-5)))) << opened << " " << half_cycles;
    }
}

TEST(AssessCourse, ContactThatNeverStaysTheSameIsNoLeak) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    std::vector<double> levels, slopes;
    numerics::RandomStream draws(seed, "levels");
    for (double level = 0.0; levels.size() < 40; level += 0.05 * draws.normal()) {
      levels.push_back(level);
      slopes.push_back(0.06 * draws.normal());
    }
    const auto wandering = [&](const At& at) { return habits(at) * std::exp(levels[at.half_cycle]); };
    EXPECT_FALSE(fired(by_course(life(40, wandering)))) << seed;
    const auto leaning = [&](const At& at) { return habits(at) * std::exp(slopes[at.half_cycle] * (at.into - 0.5)); };
    EXPECT_FALSE(fired(by_course(life(40, leaning)))) << seed;
  }
}

TEST(AssessCourse, ARiseAtTheEndMakesNoFallOfWhatCameBefore) {
  const auto load = [](std::size_t h) { return 0.1 * static_cast<double>(1 + h / 2); };
  for (const double lost : {0.2, 0.4, 0.7}) { // contact that is about to be lost
    const auto rising = [&](const At& at) { return habits(at) * (1.0 + (at.half_cycle >= 18 ? lost * (at.into + static_cast<double>(at.half_cycle - 18)) / 2.0 : 0.0)); };
    EXPECT_FALSE(fired(by_course(life(20, rising, [](double) { return 0.0; }, load, 2e-5)))) << lost;
  }
}

TEST(AssessCourse, AVoltageAsSmallAsItsZeroWandersIsJudgedWithItsZero) {
  const auto drift = [](double t) { return 0.5e-3 + 1e-3 * t / 7e4; };
  const auto small = [](const At& at) { return 0.04 * habits(at); }; // 2 mV
  const auto leaky = [&](const At& at) { return small(at) * (at.half_cycle >= 21 && at.direction < 0 ? 0.7 : 1.0); };
  EXPECT_FALSE(fired(by_course(life(36, small, drift, [](std::size_t) { return 1.0; }, 1e-5))));
  const Assessment a = by_course(life(36, leaky, drift, [](std::size_t) { return 1.0; }, 1e-5));
  ASSERT_TRUE(fired(a));
  EXPECT_NEAR(largest_share(a), 0.3, 3.0 * error_of_share(a));
}

TEST(AssessCourse, VoidsThatTakeHalfOfTheContactAreNoMeasure) {
  const auto load = [](std::size_t h) { return 0.05 * static_cast<double>(1 + h / 2); };
  for (const double speed : {1.0, 3.0, 6.0, 12.0}) {
    const auto voids = [&](const At& at) { // saturates earlier in each half cycle
      const double opened = std::pow(speed * at.load * at.into * at.into, 3);
      return 1.0 + 2.0 * opened / (1.0 + opened) + 0.3 * at.load * std::exp(-6.0 * at.into);
    };
    EXPECT_FALSE(fired(by_course(life(60, voids, [](double) { return 0.0; }, load, 2e-5)))) << speed;
  }
}

/// Rows [from, to) are taken out, and time goes on as much later as `pause` says, s.
Record without_rows(const Record& r, std::size_t from, std::size_t to, double pause) {
  std::vector<double> time, current, voltage;
  for (std::size_t k = 0; k < r.rows(); ++k) {
    if (k >= from && k < to) continue;
    time.push_back(r.real(col::test_time)[k] + (k >= to ? pause : 0.0));
    current.push_back(r.real(col::current)[k]);
    voltage.push_back(r.real(col::voltage)[k]);
  }
  return waveforms::symmetric_record(time, current, voltage);
}

/// Voids that add nine tenths within each half cycle.
double with_voids(const At& at) { return habits(at) * (1.0 + 0.9 * at.into * at.into); }
constexpr std::size_t rows_of_half_cycle = 90;

TEST(AssessCourse, AHalfCycleThatIsCutShortIsComparedWithAsMuchOfOthers) {
  const Record whole = life(30, with_voids);
  EXPECT_FALSE(fired(by_course(whole)));
  for (const std::size_t rows : {20u, 40u, 60u}) {
    EXPECT_FALSE(fired(by_course(without_rows(whole, 29 * rows_of_half_cycle + rows, whole.rows(), 0.0)))) << "the record ends after " << rows;
    for (const std::size_t at : {20u, 27u, 28u, 29u})
      EXPECT_FALSE(fired(by_course(without_rows(whole, at * rows_of_half_cycle + rows, at * rows_of_half_cycle + rows + 1, 7200.0)))) << "a pause in " << at << " after " << rows;
  }
}

TEST(AssessCourse, WhereContactWasLostNothingIsCompared) {
  const auto lost = [](const At& at) { return habits(at) * (at.half_cycle >= 20 && at.half_cycle < 24 ? 8.0 : at.half_cycle >= 24 ? 0.85 : 1.0) * (at.time > 26.5 * half_cycle ? 0.85 : 1.0); };
  const Record r = life(36, lost);
  AssessOptions options;
  for (const std::string_view name : evidence_names())
    if (name != course && name != "contact loss") options.without.emplace_back(name);
  EXPECT_TRUE(fired(by_course(r)));
  const Assessment a = assess(r, options);
  EXPECT_FALSE(fired(a));
  EXPECT_EQ(a.verdict, Verdict::contact_loss) << a.reason;
}

TEST(AssessCourse, AfterAnotherStackPressureTheCourseBeginsAnew) {
  const auto leaky = [](const At& at) { return habits(at) * (at.time >= 20.5 * half_cycle ? 0.85 : 1.0); };
  Record r = life(36, leaky);
  std::vector<double> pressure(r.rows(), 5e6);
  r.set(col::stack_pressure, pressure);
  EXPECT_TRUE(fired(by_course(r)));
  std::fill(pressure.begin() + 20 * rows_of_half_cycle, pressure.end(), 8e6);
  r.set(col::stack_pressure, pressure);
  EXPECT_FALSE(fired(by_course(r)));
}

TEST(AssessCourse, ASlowFallIsWarmthWhereNoTemperatureIsLogged) {
  const auto slow = [](const At& at) { return (1.0 + 0.05 * at.into * at.into) * (1.0 - 0.10 * (1.0 + std::tanh((at.time - 40000.0) / 4000.0))); };
  Record r = life(40, slow);
  EXPECT_FALSE(fired(by_course(r)));
  r.set(col::temperature, std::vector<double>(r.rows(), 298.15));
  EXPECT_TRUE(fired(by_course(r)));
}

TEST(AssessCourse, WhatComesJustBeforeALeakThatOnlyTheCourseShowsBelongsToIt) {
  const auto leak = [](const At& at) { return at.half_cycle >= 20 && at.direction > 0 ? 0.85 : 1.0; };
  const Assessment alone = by_course(life(30, [&](const At& at) { return habits(at) * leak(at); }));
  ASSERT_TRUE(alone.onset) << alone.reason;
  EXPECT_NEAR(*alone.onset, 20.0 * half_cycle, 2.0 * interval);
  // a fifth less for a minute, eight minutes before
  const double dip = 20.0 * half_cycle - 480.0;
  const Assessment after = by_course(life(30, [&](const At& at) { return habits(at) * leak(at) * (at.time >= dip && at.time < dip + 70.0 ? 0.8 : 1.0); }));
  ASSERT_TRUE(after.onset) << after.reason;
  EXPECT_NEAR(*after.onset, dip, interval);
}

} // namespace
} // namespace platen

// Jumps by hand, spikes and what the temperature does, worked out by hand from readings that are given.

#include "pressure_given.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace platen;
using namespace platen::assessing;
using testing::HasSubstr;

namespace {

constexpr double level = 5e6;

/// Readings 10 s apart without current.
PressureSeries readings(std::size_t count, const std::function<double(double t)>& law, double interval = 10.0) {
  given::Pressures p;
  p.series.interval = interval;
  for (std::size_t k = 0; k < count; ++k) p.add(interval * static_cast<double>(k), law(interval * static_cast<double>(k)), -1, 0.0);
  p.series.charge.clear();
  return p.series;
}

std::vector<PressureJump> jumps(PressureSeries s, double noise = 0.0, double resolution = 0.0) {
  s.noise = noise;
  s.resolution = resolution;
  find_pressure_jumps(s);
  return s.jumps;
}

PressureSeries step_of(double size) {
  return readings(100, [size](double t) { return level + (t >= 500.0 ? size : 0.0); });
}

TEST(PressureJumps, AreLargerThanEightNoisesThreePerMilleAndTenSteps) {
  EXPECT_EQ(jumps(step_of(14.9e3)).size(), 0u) << "0.3 % of 5 MPa";
  EXPECT_EQ(jumps(step_of(15.2e3)).size(), 1u);
  EXPECT_EQ(jumps(step_of(99e3), 0.0, 10e3).size(), 0u) << "ten steps of the reading";
  EXPECT_EQ(jumps(step_of(101e3), 0.0, 10e3).size(), 1u);
  // eight noises, and four on how well the courses of 50 s on both sides are known
  EXPECT_EQ(jumps(step_of(95e3), 10e3).size(), 0u);
  EXPECT_EQ(jumps(step_of(97e3), 10e3).size(), 1u);
}

TEST(PressureJumps, WhatTheCourseDidIsNoPartOfIt) {
  for (const double sign : {1.0, -1.0}) {
    PressureSeries s = readings(100, [sign](double t) { return level + sign * (1000.0 * t + (t >= 500.0 ? 3e5 : 0.0)); });
    s.resolution = 100.0;
    find_pressure_jumps(s);
    ASSERT_EQ(s.jumps.size(), 1u) << sign;
    EXPECT_NEAR(s.jumps[0].size, sign * 3e5, 1e-3) << "without the 10 kPa that it rises in 10 s anyway";
    EXPECT_NEAR(s.jumps[0].error, 100.0 * std::sqrt(2.0 / 6.0 + 4.0 * 10.0 * 10.0 / (50.0 * 50.0)), 1e-6);
    EXPECT_EQ(s.jumps[0].start, 490.0);
    EXPECT_EQ(s.jumps[0].end, 500.0);
    EXPECT_THAT(s.jumps[0].reason, HasSubstr("0.3 MPa within 10 s, and it stayed"));
    for (std::size_t k = 0; k < s.size(); ++k) { // as if the last level had always been set
      EXPECT_NEAR(s.clean[k], level + sign * (1000.0 * s.time[k] + 3e5), 1e-3);
      EXPECT_EQ(s.level[k], s.time[k] < 500.0 ? 0u : 1u);
    }
  }
}

TEST(PressureJumps, ACornerIsNone) {
  EXPECT_TRUE(jumps(readings(100, [](double t) { return level + 3000.0 * std::max(0.0, t - 500.0); })).empty());
  EXPECT_TRUE(jumps(readings(100, [](double t) { return level - 3000.0 * std::min(500.0, t); })).empty());
  // the course lies between 0 and 3 kPa/s: 30 kPa in 10 s are explained, 50 kPa are not
  EXPECT_TRUE(jumps(readings(100, [](double t) { return level + 3000.0 * std::max(0.0, t - 490.0) + (t >= 500.0 ? 10e3 : 0.0); })).empty());
  EXPECT_EQ(jumps(readings(100, [](double t) { return level + 3000.0 * std::max(0.0, t - 490.0) + (t >= 500.0 ? 20e3 : 0.0); })).size(), 1u);
}

TEST(PressureJumps, AcrossAGapAnythingMayHavePassed) {
  const auto with_gap = [](double gap) {
    PressureSeries s = step_of(3e5);
    for (double& t : s.time)
      if (t >= 500.0) t += gap;
    return s;
  };
  EXPECT_EQ(jumps(with_gap(100.0)).size(), 1u) << "five times 40 s, between every fourth reading";
  EXPECT_EQ(jumps(with_gap(250.0)).size(), 0u);
}

TEST(PressureJumps, TheStairsOfASlowerLoggerAreNone) {
  // 0.6 kPa/s in a fixed gap: 18 kPa in every other row, which were 0.4 % of the pressure at once
  const auto up_and_down = [](double t) { return 4e6 + 600.0 * (1500.0 - std::abs(std::fmod(t, 6000.0) - 3000.0)); };
  for (const double every : {60.0, 90.0, 120.0}) {
    PressureSeries s = readings(800, [&](double t) { return up_and_down(every * std::floor(t / every)); }, 30.0);
    s.resolution = 1e3;
    find_pressure_jumps(s);
    EXPECT_TRUE(s.jumps.empty()) << every << ": " << s.jumps.size();
  }
  PressureSeries s = readings(800, [&](double t) { return up_and_down(60.0 * std::floor(t / 60.0)) + (t >= 9000.0 ? 3e5 : 0.0); }, 30.0);
  s.resolution = 1e3;
  find_pressure_jumps(s);
  ASSERT_EQ(s.jumps.size(), 1u);
  EXPECT_NEAR(s.jumps[0].size, 3e5, 2e3);
  EXPECT_EQ(s.jumps[0].end, 9000.0);
}

TEST(PressureJumps, ASpikeIsBackWithinThreeReadingsAndLeavesNothing) {
  for (const int length : {1, 2, 3}) {
    PressureSeries s = readings(100, [&](double t) { return level + (t >= 500.0 && t < 500.0 + 10.0 * length - 1.0 ? 4e5 : 0.0); });
    find_pressure_jumps(s);
    ASSERT_EQ(s.jumps.size(), 1u) << length;
    EXPECT_EQ(s.jumps[0].kind, JumpKind::spike);
    EXPECT_NEAR(s.jumps[0].size, 4e5, 1e-6);
    EXPECT_THAT(s.jumps[0].reason, HasSubstr("a reading, not a load"));
    EXPECT_EQ(s.level.back(), 0u);
    for (std::size_t k = 0; k < s.size(); ++k) {
      EXPECT_EQ(s.spoiled[k] != 0, k >= 50 && k < 50 + static_cast<std::size_t>(length)) << k;
      if (s.spoiled[k] == 0) {
        EXPECT_NEAR(s.clean[k], level, 1e-6);
      }
    }
  }
  PressureSeries plateau = readings(100, [](double t) { return level + (t >= 500.0 && t < 590.0 ? 4e5 : 0.0); });
  plateau.interval = 10.0;
  find_pressure_jumps(plateau);
  for (const PressureJump& j : plateau.jumps) EXPECT_EQ(j.kind, JumpKind::by_hand) << "nine readings are a load";
  EXPECT_FALSE(plateau.jumps.empty());
}

TEST(PressureJumps, WhatComesBackOnlyInPartIsNoSpike) {
  PressureSeries s = readings(100, [](double t) { return level + (t < 500.0 ? 0.0 : t < 510.0 ? 6e5 : t < 520.0 ? 1.5e5 : 4e5); });
  find_pressure_jumps(s);
  ASSERT_FALSE(s.jumps.empty());
  EXPECT_EQ(s.jumps[0].kind, JumpKind::by_hand) << "one reading lies near the old level, the rest do not";
}

TEST(PressureJumps, StepsOfOneHandAreOne) {
  const auto turned = [](double apart) {
    return readings(100, [apart](double t) { return level + 500.0 * t + (t >= 500.0 ? 2e5 : 0.0) + (t >= 500.0 + apart ? 1e5 : 0.0); });
  };
  const auto one = jumps(turned(10.0));
  ASSERT_EQ(one.size(), 1u);
  EXPECT_NEAR(one[0].size, 3e5, 1.0);
  EXPECT_EQ(one[0].end, 510.0);
  for (const int steps : {2, 3, 4, 5, 6, 8, 10})
    for (const double size : {4e5, -4e5}) { // a screw that is turned while the logger reads: 0.4 MPa in every reading
      const auto many = jumps(readings(200, [&](double t) { return 2.0 * level + 500.0 * t + size * std::clamp(std::floor((t - 490.0) / 10.0), 0.0, static_cast<double>(steps)); }));
      ASSERT_EQ(many.size(), 1u) << steps;
      EXPECT_NEAR(many[0].size, size * steps, 1.0) << steps;
      EXPECT_LE(many[0].start, 490.0) << steps;
      EXPECT_GE(many[0].start, 450.0) << "at most four readings early, where every fourth reading found it";
      EXPECT_GE(many[0].end, 490.0 + 10.0 * steps);
      EXPECT_LE(many[0].end, 530.0 + 10.0 * steps);
    }
  const auto opposite = jumps(readings(200, [](double t) { return level + (t >= 500.0 ? 4e5 : 0.0) - (t >= 1000.0 ? 2e5 : 0.0); }));
  ASSERT_EQ(opposite.size(), 2u);
  EXPECT_NEAR(opposite[0].size, 4e5, 1e-3);
  EXPECT_NEAR(opposite[1].size, -2e5, 1e-3);
  EXPECT_EQ(jumps(turned(300.0)).size(), 2u);
}

TEST(PressureJumps, WhatCreepsAfterAStepIsNotOfIt) {
  const auto found = jumps(readings(200, [](double t) { return level + (t >= 500.0 ? 4e5 + 3000.0 * std::min(100.0, t - 500.0) : 0.0); }));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].end, 500.0) << "30 kPa in every reading are 7 % of the step";
  EXPECT_NEAR(found[0].size, 4e5, 1.0);
}

TEST(PressureJumps, NobodyTurnsAScrewForFiveMinutes) {
  const auto found = jumps(readings(200, [](double t) { return 2.0 * level + 4e5 * std::clamp(std::floor((t - 490.0) / 10.0), 0.0, 30.0); }));
  for (const PressureJump& j : found) EXPECT_LE(j.end - j.start, 160.0) << "two minutes, and four readings";
}

TEST(PressureJumps, ATurnOfTheScrewOverManyReadingsIsFoundOnce) {
  // 0.4 MPa within 20 s, read every second: no two neighbours differ by the 0.3 % of a jump beyond the course around them
  const auto slow = [](double turn) {
    return readings(400, [turn](double t) { return level + 4e5 * std::clamp((t - 200.0) / turn, 0.0, 1.0); }, 1.0);
  };
  const auto found = jumps(slow(8.0));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_NEAR(found[0].size, 4e5, 0.05e5);
  PressureSeries s = slow(8.0);
  s.interval = 10.0; // every fourth reading would be 40 s, every sixteenth 160 s: longer than a hand takes
  for (double& t : s.time) t *= 10.0;
  EXPECT_LE(jumps(s).size(), 1u);
}

TEST(PressureJumps, TheTemperatureBesideAJumpIsSaid) {
  PressureSeries s = step_of(3e5);
  for (const double t : s.time) s.temperature.push_back(300.0 + 0.01 * t);
  s.charge.assign(s.size(), 0.0);
  for (std::size_t k = 50; k < s.size(); ++k) s.charge[k] = 720.0;
  find_pressure_jumps(s);
  ASSERT_EQ(s.jumps.size(), 1u);
  EXPECT_NEAR(*s.jumps[0].temperature_change, 0.1, 1e-9);
  EXPECT_THAT(s.jumps[0].reason, HasSubstr("only 0.02 mAh/cm2 passed meanwhile"));
}

// --- temperature --------------------------------------------------------------------------------------------------------------

/// A day whose temperature goes up from 300 K at 6000 s to 310 K at 10000 s, stands, and comes back from 14000 to 16000 s.
double warm(double t) { return 300.0 + 10.0 * std::clamp((t - 6000.0) / 4000.0, 0.0, 1.0) - 8.0 * std::clamp((t - 14000.0) / 2000.0, 0.0, 1.0); }

PressureSeries day(double gamma, double noise) {
  PressureSeries s = readings(2000, [&](double t) { return level - 3e5 * std::log1p(t / 60.0) / 6.0 + gamma * (warm(t) - 300.0); });
  const std::vector<double> rough = given::white(s.size());
  for (std::size_t k = 0; k < s.size(); ++k) {
    s.temperature.push_back(warm(s.time[k]));
    s.pressure[k] += noise * rough[k];
    s.charge.push_back(2000.0 * std::sin(s.time[k] / 1500.0));
    s.pressure[k] += 25.0 * s.charge[k];
  }
  s.clean = s.pressure;
  return s;
}

TEST(PressureTemperature, AResponseIsToldFromChargeAndRelaxationAndTakenOut) {
  PressureSeries s = day(2e4, 2e3);
  const auto r = find_thermal_response(s);
  ASSERT_TRUE(r);
  EXPECT_NEAR(r->coefficient.value, 2e4, 4.0 * r->coefficient.error + 20.0);
  EXPECT_LT(r->coefficient.error, 300.0);
  EXPECT_TRUE(r->removed);
  EXPECT_NEAR(r->range, 10.0, 0.01);
  EXPECT_GT(r->correlation, 0.9);
  EXPECT_LT(r->correlation, 1.0);
  for (std::size_t k = 0; k < s.size(); k += 100)
    EXPECT_NEAR(s.clean[k], s.pressure[k] - r->coefficient.value * (s.temperature[k] - s.temperature.back()), 1e-3) << "as if it had always been as warm as at the end";
  ASSERT_EQ(s.jumps.size(), 2u);
  EXPECT_EQ(s.jumps[0].kind, JumpKind::thermal);
  EXPECT_NEAR(*s.jumps[0].temperature_change, 10.0, 1e-9);
  EXPECT_NEAR(s.jumps[0].size, 10.0 * r->coefficient.value, 1e-3);
  EXPECT_NEAR(s.jumps[0].error, 10.0 * r->coefficient.error, 1e-3);
  EXPECT_NEAR(s.jumps[0].start, 6400.0, 20.0) << "without the tenth at either end";
  EXPECT_NEAR(s.jumps[0].end, 9600.0, 20.0);
  EXPECT_NEAR(*s.jumps[1].temperature_change, -8.0, 1e-9);
  EXPECT_NEAR(s.jumps[1].start, 14200.0, 20.0);
  EXPECT_NEAR(s.jumps[1].end, 15800.0, 20.0);
}

TEST(PressureTemperature, ACorrelationIsThatOfItsStudentsT) {
  PressureSeries s = day(200.0, 2e4);
  const auto r = find_thermal_response(s);
  ASSERT_TRUE(r);
  const double t = r->coefficient.value / r->coefficient.error;
  EXPECT_LT(std::abs(t), 4.0);
  EXPECT_FALSE(r->removed);
  EXPECT_TRUE(s.jumps.empty());
  EXPECT_NEAR(r->correlation, t / std::sqrt(t * t + 500.0 - 4.0), 1e-6) << "500 merged readings, four columns";
  EXPECT_EQ(s.clean, s.pressure) << "what is not certain is not taken out";
}

TEST(PressureTemperature, LessThanAKelvinIsNotLookedAt) {
  PressureSeries s = day(2e4, 2e3);
  for (double& T : s.temperature) T = 300.0 + 0.09 * (T - 300.0);
  EXPECT_FALSE(find_thermal_response(s));
  PressureSeries more = day(2e4, 2e3);
  for (double& T : more.temperature) T = 300.0 + 0.2 * (T - 300.0);
  EXPECT_TRUE(find_thermal_response(more));
}

TEST(PressureTemperature, ANoisyThermometerMakesNoLegs) {
  PressureSeries s = day(2e4, 2e3);
  const std::vector<double> rough = given::white(s.size(), 9);
  for (std::size_t k = 0; k < s.size(); ++k) s.temperature[k] += 0.18 * rough[k]; // up to 1 K apart
  ASSERT_TRUE(find_thermal_response(s)->removed);
  EXPECT_EQ(s.jumps.size(), 2u);
}

TEST(PressureTemperature, ANoisyThermometerDoesNotFlattenTheResponse) {
  for (const double noise : {0.1, 0.3, 1.0}) {
    PressureSeries s = day(2e4, 2e3);
    const std::vector<double> rough = given::white(s.size(), 5);
    for (std::size_t k = 0; k < s.size(); ++k) s.temperature[k] += noise * rough[k];
    const auto r = find_thermal_response(s);
    ASSERT_TRUE(r) << noise;
    EXPECT_TRUE(r->refused.empty()) << r->refused;
    EXPECT_NEAR(r->coefficient.value, 2e4, 3.0 * r->coefficient.error) << noise << " K: least squares on the readings made it 0.9 kPa/K";
    EXPECT_LT(r->coefficient.error, 3e3) << noise;
    EXPECT_NEAR(r->thermometer, noise, 0.1 * noise);
    EXPECT_NEAR(r->range, 10.0, 0.1 + noise);
    EXPECT_TRUE(r->removed);
    double wrong = 0.0; // of the temperature that takes its place
    for (std::size_t k = 0; k < s.size(); ++k) wrong += std::pow(s.temperature[k] - warm(s.time[k]), 2);
    EXPECT_LT(std::sqrt(wrong / static_cast<double>(s.size())), 0.4 * noise);
  }
}

TEST(PressureTemperature, WhatASlowerThermometerRepeatsIsOneReading) {
  for (const double noise : {0.3, 1.0}) {
    PressureSeries s = day(2e4, 2e3);
    const std::vector<double> rough = given::white(s.size(), 6);
    for (std::size_t k = 0; k < s.size(); ++k) // by turns for three rows and for nine
      s.temperature[k] = k % 12 == 0 || k % 12 == 3 ? s.temperature[k] + noise * rough[k] : s.temperature[k - 1];
    const auto r = find_thermal_response(s);
    ASSERT_TRUE(r);
    EXPECT_NEAR(r->coefficient.value, 2e4, 3.0 * r->coefficient.error);
    EXPECT_NEAR(r->thermometer, noise, 0.2 * noise);
    double wrong = 0.0;
    for (std::size_t k = 0; k < s.size(); ++k) wrong += std::pow(s.temperature[k] - warm(s.time[k]), 2);
    EXPECT_LT(std::sqrt(wrong / static_cast<double>(s.size())), 0.6 * noise) << "six rows are one reading";
  }
}

TEST(PressureTemperature, NoiseAloneCannotTell) {
  PressureSeries s = day(2e4, 2e3);
  const std::vector<double> rough = given::white(s.size(), 7);
  for (std::size_t k = 0; k < s.size(); ++k) s.temperature[k] = 300.0 + 0.5 * rough[k];
  const std::vector<double> before = s.clean;
  const auto r = find_thermal_response(s);
  ASSERT_TRUE(r);
  EXPECT_THAT(r->refused, HasSubstr("K) leaves 0 K: too little to tell"));
  EXPECT_FALSE(r->removed);
  EXPECT_TRUE(std::isnan(r->coefficient.value));
  EXPECT_EQ(s.clean, before);
  EXPECT_TRUE(s.jumps.empty());
}

} // namespace

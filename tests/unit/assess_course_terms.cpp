// The course of the resistance (A56 to A59), term by term: courses and half cycles given point by point, in each of which one term decides.

#include "assess/course_model.hpp"
#include "assess/evidence.hpp"
#include "assess_waveforms.hpp"
#include "numerics/random.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <gtest/gtest.h>

namespace platen::assessing {
namespace {

constexpr std::size_t blocks = 40, resolution = course_resolution;
constexpr double half_cycle = 1800.0, scatter = 1e-3; // s; 1, of each point

/// Half cycles at loads that hang on nothing else; `value` adds to noise alone.
Course course(const std::function<double(const CoursePoint&)>& value, std::uint64_t seed = 5) {
  numerics::RandomStream draws(seed, "course terms");
  Course out;
  out.half_cycle = half_cycle;
  out.zero = 1e-3;
  out.temperature_logged = true;
  double before = 0.0;
  for (std::size_t b = 0; b < blocks; ++b) {
    out.first_of_block.push_back(b);
    out.block_of.push_back(b);
    const double load = 0.3 + 0.7 * draws.uniform();
    for (std::size_t k = 0; k < resolution; ++k) {
      CoursePoint p;
      p.block = b;
      p.into = (static_cast<double>(k) + 0.5) / static_cast<double>(resolution);
      p.variance = scatter * scatter;
      p.direction = b % 2 == 0 ? 1.0 : -1.0;
      p.load = load;
      p.load_before = before;
      p.per_volt = p.direction / 0.05;
      p.time = p.under_current = (static_cast<double>(b) + p.into) * half_cycle;
      p.value = value(p) + scatter * draws.normal();
      out.points.push_back(p);
    }
    before = load;
  }
  return out;
}

/// Nats by which the course is less likely with the effect than without: a habit costs a few for each of its columns, what is none some for each point.
double costs(const std::function<double(const CoursePoint&)>& effect) {
  const Course plain = course([](const CoursePoint&) { return 0.0; }), with = course(effect);
  return CourseModel(plain).fit({}).likelihood - CourseModel(with).fit({}).likelihood;
}
constexpr double few = 20.0; // nats, of 320 points

TEST(AssessCourseTerms, VoidsThatTheLoadBeforeOpenedAreAHabit) {
  EXPECT_LT(costs([](const CoursePoint& p) { return 0.2 * p.load_before * std::exp(-6.0 * p.into); }), few);
}

TEST(AssessCourseTerms, VoidsOpenWithPowersOfTheLoad) {
  EXPECT_LT(costs([](const CoursePoint& p) { return 0.5 * std::pow(p.load, 3) * p.into * p.into; }), few);
  EXPECT_LT(costs([](const CoursePoint& p) { return 0.5 * p.load * p.load * p.into * p.into; }), few);
  EXPECT_LT(costs([](const CoursePoint& p) { return 0.5 * p.load_before * p.load_before * std::exp(-6.0 * p.into); }), few);
}

TEST(AssessCourseTerms, WhatNoColumnHasIsNoHabit) {
  EXPECT_GT(costs([](const CoursePoint& p) { return 0.2 * std::sin(7.0 * static_cast<double>(p.block * p.block)) * std::exp(-6.0 * p.into); }), 10.0 * few);
}

std::vector<double> drawn(std::uint64_t seed, double size, bool walks) {
  numerics::RandomStream draws(seed, "levels");
  std::vector<double> out;
  for (double level = 0.0; out.size() < blocks;) {
    level = (walks ? level : 0.0) + size * draws.normal();
    out.push_back(level);
  }
  return out;
}
/// Standard error of a shape in a course with these levels, or slopes.
double error_of(const std::function<double(const CoursePoint&)>& habit, const std::function<double(const CoursePoint&)>& shape) {
  const Course c = course(habit);
  std::vector<double> column;
  for (const CoursePoint& p : c.points) column.push_back(shape(p));
  return CourseModel(c).fit(column).error;
}

TEST(AssessCourseTerms, WhereLevelsWalkAHalfCycleIsForetoldFromThoseBesideIt) {
  const double step = 0.05;
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U}) {
    const std::vector<double> level = drawn(seed, step, true);
    const auto habit = [&](const CoursePoint& p) { return level[p.block]; };
    EXPECT_LT(error_of(habit, [](const CoursePoint& p) { return p.block == blocks / 2 ? -1.0 : 0.0; }), step) << "between two neighbours a walk has step/sqrt(2); seed " << seed;
  }
}

TEST(AssessCourseTerms, ASlopeWithinOneHalfCycleIsKnownNoBetterThanSlopesDiffer) {
  const double lean = 0.06;
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const std::vector<double> slope = drawn(seed, lean, false);
    const auto habit = [&](const CoursePoint& p) { return slope[p.block] * (p.into - 0.5); };
    EXPECT_GT(error_of(habit, [](const CoursePoint& p) { return p.block == blocks / 2 ? p.into - 0.5 : 0.0; }), 0.7 * lean) << "points that were independent would leave less than half of that";
  }
}

/// Half cycles of 90 rows at 60 ohm and 1 mA times `load`, `factor` times that; a pause (s) after each row that `pause` names.
std::vector<Trace> traces(std::size_t count, const std::function<double(std::size_t, double)>& factor,
                          const std::function<double(std::size_t, std::size_t)>& pause = [](std::size_t, std::size_t) { return 0.0; },
                          const std::function<double(std::size_t)>& load = [](std::size_t) { return 1.0; }) {
  std::vector<double> time, current, voltage;
  numerics::RandomStream draws(4, "course traces");
  double clock = 0.0;
  for (std::size_t h = 0; h < count; ++h)
    for (std::size_t k = 1; k <= 90; ++k) {
      time.push_back(clock += half_cycle / 90.0);
      current.push_back((h % 2 == 0 ? 1e-3 : -1e-3) * load(h));
      voltage.push_back(60.0 * current.back() * factor(h, static_cast<double>(k) / 90.0) + 2e-5 * draws.normal());
      clock += pause(h, k);
    }
  const Record record = waveforms::symmetric_record(time, current, voltage);
  const Rows rows = rows_of(record);
  const Segments segments = find_segments(record);
  return make_traces(record, rows, segments, find_offset(rows, segments));
}
Course course_of(const std::vector<Trace>& all) { return assessing::course_of(all, std::vector<bool>(all.size(), true), false); }

TEST(AssessCourseTerms, APointHasTheLoadOfTheHalfCycleBefore) {
  const auto load = [](std::size_t h) { return 0.2 + 0.1 * static_cast<double>((h * 5) % 8); };
  const Course c = course_of(traces(16, [](std::size_t, double into) { return 1.0 + 0.05 * into; }, [](std::size_t, std::size_t) { return 0.0; }, load));
  ASSERT_EQ(c.first_of_block.size(), 16u);
  for (const CoursePoint& p : c.points) {
    EXPECT_NEAR(p.load, load(p.block) / 0.9, 1e-9);
    EXPECT_NEAR(p.load_before, p.block == 0 ? 0.0 : load(p.block - 1) / 0.9, 1e-9);
  }
}

TEST(AssessCourseTerms, AHalfCycleInWhichTheResistanceDoublesIsNoPointOfTheCourse) {
  const auto voids = [](double most) { return [most](std::size_t h, double into) { return 1.0 + (h == 9 ? most * into * into * into : 0.05 * into); }; };
  for (const double most : {0.8, 2.0}) {
    const Course c = course_of(traces(16, voids(most)));
    const bool left_out = c.block_of[9] == c.first_of_block.size();
    EXPECT_EQ(left_out, most > 1.0) << most;
    EXPECT_EQ(c.first_of_block.size(), left_out ? 15u : 16u);
  }
}

TEST(AssessCourseTerms, WhatFollowsAGapInAHalfCycleIsNoPointOfTheCourse) {
  const auto steady = [](std::size_t, double into) { return 1.0 + 0.05 * into; };
  const std::vector<Trace> all = traces(16, steady, [](std::size_t h, std::size_t k) { return h == 9 && k == 40 ? 7200.0 : 0.0; });
  ASSERT_EQ(all.size(), 17u) << "the gap parts one half cycle";
  const Course c = course_of(all);
  EXPECT_EQ(c.block_of[9], 9u) << "how far into it the piece before the gap stands is known";
  EXPECT_EQ(c.block_of[10], c.first_of_block.size()) << "of the piece after it that is not";
  EXPECT_EQ(c.block_of[11], 10u);
}

/// What native layers leave, and a little within each half cycle.
double settling(std::size_t h, double into) { return (1.0 + 0.2 * std::exp(-1.5 * (static_cast<double>(h) + into))) * (1.0 + 0.05 * into * into); }
CourseLeak leak_of(const std::function<double(std::size_t, double)>& factor) {
  const std::vector<Trace> all = traces(36, [&](std::size_t h, double into) { return settling(h, into) * factor(h, into); });
  return find_course_leak(all, std::vector<bool>(all.size(), true), true);
}

TEST(AssessCourseTerms, ALeakThatNoShapeOfTheGridHasIsSizedAndDatedAllTheSame) {
  for (const double power : {1.5, 2.6})
    for (const double growing : {5.0, 6.0}) {
      const double share = 0.14, from = 18.25;
      const CourseLeak leak = leak_of([&](std::size_t h, double into) { return 1.0 - share * std::pow(std::clamp((static_cast<double>(h) + into - from) / growing, 0.0, 1.0), power); });
      ASSERT_TRUE(leak.found) << power << " " << growing;
      EXPECT_NEAR(*std::max_element(leak.shares.begin(), leak.shares.end()), share, 2.0 * leak.error) << power << " " << growing;
      const double shows = from + growing * std::pow(0.05 / share, 1.0 / power); // where it takes a twentieth
      EXPECT_NEAR(leak.onset / half_cycle, shows, 0.7) << power << " " << growing;
    }
}

TEST(AssessCourseTerms, ScrewsAfterWhichContactGoesOnToCloseAreNoLeak) {
  for (const std::size_t when : {6u, 12u, 29u, 33u})
    for (const double left : {0.6, 0.5, 0.4}) {
      const CourseLeak leak = leak_of([&](std::size_t h, double into) {
        return h < when ? 1.0 : left * (1.0 - 0.05 * (1.0 - std::exp(-0.5 * (static_cast<double>(h - when) + into)))); // a twentieth more within an hour
      });
      EXPECT_FALSE(leak.found) << when << " " << left << ": a step explains it nearly as well";
    }
}

} // namespace
} // namespace platen::assessing

// Sequences of half cycles written down one by one, each for one rule of the judgement.

#include "assess_waveforms.hpp"

#include "assess/assessment.hpp"
#include "numerics/random.hpp"

#include <cmath>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace platen;

namespace {

constexpr double current = 1e-3;      ///< A
constexpr double half_cycle = 900.0;  ///< s
using Shape = std::function<double(double)>; ///< ohm at a time within the half cycle, s

Shape steady(double ohm) {
  return [ohm](double) { return ohm; };
}

/// One half cycle per shape, directions in turn, rows every 10 s, no geometry.
Record sequence(const std::vector<Shape>& shapes) {
  std::vector<double> time{0.0}, i{0.0}, v{0.0};
  double direction = 1.0;
  for (const Shape& shape : shapes) {
    for (double t = 10.0; t <= half_cycle; t += 10.0) {
      time.push_back(time.back() + 10.0);
      i.push_back(direction * current);
      v.push_back(direction * current * shape(t));
    }
    direction = -direction;
  }
  return waveforms::symmetric_record(std::move(time), std::move(i), std::move(v));
}

std::vector<Shape> healthy(std::size_t count) { return std::vector<Shape>(count, steady(60.0)); }

double score(const Assessment& a, std::size_t k) { return a.half_cycles.at(k).score; }

TEST(AssessSequences, VoidsRefilledWithinSecondsAreNoShort) {
  std::vector<Shape> shapes = healthy(6);
  for (int k = 0; k < 6; ++k) shapes.push_back([](double t) { return 60.0 * (1.0 + 2.5 * std::exp(-t / 40.0)); });
  const Assessment a = assess(sequence(shapes));
  EXPECT_EQ(a.verdict, Verdict::healthy) << a.reason;
}

TEST(AssessSequences, AFallInTheFirstHalfCycleNeedsNoReference) {
  const Assessment a = assess(sequence({[](double t) { return t < 500.0 ? 60.0 : 35.0; }, steady(35.0)}));
  EXPECT_EQ(a.verdict, Verdict::soft_short) << a.reason;
  EXPECT_NEAR(a.onset.value_or(0.0), 500.0, 10.0);
}

TEST(AssessSequences, NoiseAndJumpsTogetherAreASoftShort) {
  numerics::RandomStream draws(5, "flicker");
  std::vector<Shape> shapes = healthy(6);
  shapes.push_back([&](double) { return 58.0 - 6.0 * draws.uniform(); });
  const Assessment a = assess(sequence(shapes));
  EXPECT_EQ(a.half_cycles[6].verdict, Verdict::soft_short);
  EXPECT_LT(score(a, 5), 0.1);
}

TEST(AssessSequences, AfterAShortTheCellIsMeasuredByWhatItWasBefore) {
  std::vector<Shape> shapes = healthy(6);
  for (const double share : {0.4, 0.95, 0.88, 0.8, 0.72, 0.65, 0.58}) shapes.push_back(steady(60.0 * share));
  const Assessment a = assess(sequence(shapes));
  EXPECT_LT(score(a, 7), 0.5);
  EXPECT_GE(score(a, 11), 0.5);
  EXPECT_GE(score(a, 12), 0.5);
  std::vector<Shape> slow = healthy(6); // the same fall without a short before it is contact that improves
  for (const double share : {0.95, 0.88, 0.8, 0.72, 0.65, 0.58}) slow.push_back(steady(60.0 * share));
  EXPECT_EQ(assess(sequence(slow)).verdict, Verdict::healthy);
}

TEST(AssessSequences, AnEarlierShortLendsWeightToALowMean) {
  const auto rising = [](double low, double rise) { return Shape([=](double t) { return low + rise * (1.0 - std::exp(-t / 150.0)); }); };
  const auto judged = [&](bool shorted_before) {
    std::vector<Shape> shapes(6, rising(60.0, 30.0));
    if (shorted_before) shapes.push_back(rising(25.0, 10.0));
    shapes.push_back(rising(55.0, 8.0));
    const Assessment a = assess(sequence(shapes), {{"leak in the course of the resistance"}}); // which sees that one, too
    return score(a, a.half_cycles.size() - 1);
  };
  EXPECT_LT(judged(false), 0.5);
  EXPECT_GE(judged(true), 0.5);
}

TEST(AssessSequences, TheOnsetIsFollowedBackIntoTheHalfCycleBefore) {
  std::vector<Shape> shapes = healthy(6);
  shapes.push_back([](double t) { return t <= 700.0 ? 60.0 : 60.0 - 0.08 * (t - 700.0); });
  shapes.push_back(steady(28.0));
  const Assessment a = assess(sequence(shapes));
  ASSERT_TRUE(a.onset_half_cycle);
  EXPECT_EQ(*a.onset_half_cycle, 6u);
  EXPECT_NEAR(*a.onset, 6.0 * half_cycle + 775.0, 30.0);
  EXPECT_GE(score(a, 6), 0.5);
}

TEST(AssessSequences, AHigherStackPressureStartsANewComparison) {
  std::vector<Shape> shapes = healthy(6);
  for (int k = 0; k < 4; ++k) shapes.push_back(steady(30.0));
  Record r = sequence(shapes);
  EXPECT_NE(assess(r).verdict, Verdict::healthy);
  std::vector<double> pressure(r.rows(), 5e6);
  for (std::size_t k = 1 + 6 * 90; k < pressure.size(); ++k) pressure[k] = 25e6;
  r.set(col::stack_pressure, pressure);
  const Assessment a = assess(r);
  EXPECT_EQ(a.verdict, Verdict::healthy) << a.reason;
  EXPECT_EQ(a.warnings.back().code, "D104");
}

TEST(AssessSequences, RowsCrowdedAtASwitchWeighNoMoreThanTheTimeTheyTake) {
  Record r = sequence(healthy(6));
  const auto column = [&](std::string_view name) {
    const auto values = std::as_const(r).real(name);
    return std::vector<double>(values.begin(), values.end());
  };
  std::vector<double> t = column(col::test_time), i = column(col::current), v = column(col::voltage);
  for (std::size_t h = 6; h-- > 0;) { // a spike of milliseconds when the current is switched on
    const auto at = static_cast<std::ptrdiff_t>(1 + h * 90);
    const double begin = t[static_cast<std::size_t>(at) - 1], on = i[static_cast<std::size_t>(at)];
    for (int k = 8; k-- > 0;) {
      t.insert(t.begin() + at, begin + 0.001 * (k + 1));
      i.insert(i.begin() + at, on);
      v.insert(v.begin() + at, on * (k < 4 ? 400.0 : 60.0));
    }
  }
  Record crowded;
  crowded.set(col::test_time, std::move(t));
  crowded.set(col::current, std::move(i));
  crowded.set(col::voltage, std::move(v));
  crowded.cell = r.cell;
  const Assessment a = assess(crowded);
  EXPECT_EQ(a.verdict, Verdict::healthy) << a.reason;
  EXPECT_NEAR(a.half_cycles[3].resistance, 60.0, 0.1);
}

} // namespace

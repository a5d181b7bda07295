#include "record/segments.hpp"

#include "numerics/random.hpp"

#include <cmath>
#include <functional>
#include <gtest/gtest.h>

using namespace platen;

namespace {

struct Piece {
  double current;
  std::size_t rows;
};

/// Rows every 10 s; the first row of a piece comes 10 s after the last of the one before.
Record pieces(const std::vector<Piece>& list, double noise = 0.0, double quantum = 0.0) {
  numerics::RandomStream draws(7, "current");
  std::vector<double> time, current;
  for (const Piece& p : list)
    for (std::size_t k = 0; k < p.rows; ++k) {
      time.push_back(10.0 * static_cast<double>(time.size()));
      double i = p.current + noise * draws.normal();
      if (quantum > 0) i = quantum * std::round(i / quantum);
      current.push_back(i);
    }
  Record r;
  r.set(col::test_time, time);
  r.set(col::current, current);
  return r;
}

std::vector<Piece> ramp(std::size_t steps, double first, double increment, std::size_t rows, int cycles = 1, std::size_t rest = 0) {
  std::vector<Piece> out{{0.0, 30}};
  for (std::size_t s = 0; s < steps; ++s)
    for (int c = 0; c < 2 * cycles; ++c) {
      out.push_back({(c % 2 == 0 ? 1.0 : -1.0) * (first + increment * static_cast<double>(s)), rows});
      if (rest > 0) out.push_back({0.0, rest});
    }
  return out;
}

TEST(Segments, ARampHasTwoHalfCyclesPerStep) {
  const Segments s = find_segments(pieces(ramp(17, 1e-4, 1e-4, 90)));
  ASSERT_EQ(s.half_cycles.size(), 34u);
  ASSERT_EQ(s.current_steps.size(), 17u);
  EXPECT_DOUBLE_EQ(s.current_steps[16].current, 17e-4);
  EXPECT_EQ(s.half_cycles[0].first, 30u);
  EXPECT_EQ(s.half_cycles[0].last, 119u);
  EXPECT_EQ(s.half_cycles[0].direction, 1);
  EXPECT_EQ(s.half_cycles[1].direction, -1);
  EXPECT_EQ(s.half_cycles[33].step, 16u);
}

TEST(Segments, TheZeroErrorOfARangeMuchTooLargeIsNoCurrent) {
  const double zero = 3e-6; // 0.3 % of what flows, all the time
  const auto with_zero = [&](double i) { return Piece{i + zero, 60}; };
  const Segments s = find_segments(pieces({with_zero(0.0), with_zero(1e-3), with_zero(0.0), with_zero(-1e-3), with_zero(0.0)}, 1e-8));
  ASSERT_EQ(s.half_cycles.size(), 2u);
  EXPECT_EQ(s.half_cycles[0].first, 60u);
  EXPECT_EQ(s.half_cycles[1].direction, -1);
  // set in both directions it is a current
  EXPECT_EQ(find_segments(pieces({{0.0, 60}, {zero, 60}, {-zero, 60}, {1e-3, 60}, {-1e-3, 60}}, 1e-8)).half_cycles.size(), 4u);
}

TEST(Segments, AHalfCycleStartsWhereTheCurrentWasSwitchedAndIntegratesItsCharge) {
  const Segments s = find_segments(pieces({{0.0, 10}, {1e-3, 91}, {0.0, 10}}));
  ASSERT_EQ(s.half_cycles.size(), 1u);
  EXPECT_DOUBLE_EQ(s.half_cycles[0].start, 90.0);
  EXPECT_DOUBLE_EQ(s.half_cycles[0].end, 1000.0);
  EXPECT_NEAR(s.half_cycles[0].charge, 0.91, 1e-12);
  EXPECT_NEAR(s.half_cycles[0].current, 1e-3, 1e-15);
}

TEST(Segments, TheStepClockSaysWhenTheCurrentWasSwitched) {
  Record r = pieces({{0.0, 10}, {1e-3, 20}});
  std::vector<double> clock(30, 0.0);
  for (std::size_t k = 10; k < 30; ++k) clock[k] = 4.0 + 10.0 * static_cast<double>(k - 10);
  r.set(col::step_time, clock);
  EXPECT_DOUBLE_EQ(find_segments(r).half_cycles.at(0).start, 96.0);
}

/// As a cycler writes that opens each step with a row at its clock's zero and has none at its end: 0, 10 ... 890 s of 900.
Record opened_with_a_row(const std::vector<double>& set) {
  std::vector<double> time, current, clock;
  for (const double i : set)
    for (int k = 0; k < 90; ++k) {
      time.push_back(10.0 * static_cast<double>(time.size()));
      current.push_back(i);
      clock.push_back(10.0 * k);
    }
  Record r;
  r.set(col::test_time, time);
  r.set(col::current, current);
  r.set(col::step_time, clock);
  return r;
}

TEST(Segments, AHalfCycleEndsWhereTheClockOfTheNextStepBegan) {
  const Segments s = find_segments(opened_with_a_row({0.0, 1e-3, -1e-3, 0.0}));
  ASSERT_EQ(s.half_cycles.size(), 2u);
  for (std::size_t k = 0; k < 2; ++k) {
    const HalfCycle& h = s.half_cycles[k];
    EXPECT_DOUBLE_EQ(h.start, 900.0 * static_cast<double>(k + 1));
    EXPECT_DOUBLE_EQ(h.end - h.start, 900.0);
    EXPECT_NEAR(h.charge, h.direction * 0.9, 1e-12);
    EXPECT_NEAR(h.current, h.direction * 1e-3, 1e-15);
  }
  // the record's last half cycle ends with its last row
  EXPECT_DOUBLE_EQ(find_segments(opened_with_a_row({0.0, 1e-3})).half_cycles.at(0).end, 1790.0);
}

TEST(Segments, AStepClockThatCannotBeMovesNoEnd) {
  Record r = opened_with_a_row({0.0, 1e-3, 0.0});
  auto clock = r.real(col::step_time);
  clock[180] = std::nan("");
  EXPECT_DOUBLE_EQ(find_segments(r).half_cycles.at(0).end, 1790.0);
  clock[180] = 500.0; // it began before the current ended
  EXPECT_DOUBLE_EQ(find_segments(r).half_cycles.at(0).end, 1790.0);
  clock[180] = 0.0; // after an hour without rows nobody knows
  auto time = r.real(col::test_time);
  for (std::size_t k = 180; k < time.size(); ++k) time[k] += 3600.0;
  EXPECT_DOUBLE_EQ(find_segments(r).half_cycles.at(0).end, 1790.0);
}

TEST(Segments, AZeroErrorThatShowsInEveryRestIsNoCurrent) {
  // 1.2 % of what flows: more than a range too large gives, but nothing less ever flows
  const auto with_zero = [](double i, std::size_t rows) { return Piece{i + 1.2e-5, rows}; };
  const std::vector<Piece> cycles{with_zero(0.0, 60), with_zero(1e-3, 60), with_zero(0.0, 60), with_zero(-1e-3, 60), with_zero(0.0, 60)};
  EXPECT_EQ(find_segments(pieces(cycles, 1e-8)).half_cycles.size(), 2u);
  // with true rests beside it, it was set
  std::vector<Piece> trickle = cycles;
  for (Piece& p : trickle) p.current -= std::abs(p.current) > 1e-4 ? 1.2e-5 : 0.0;
  trickle.push_back({0.0, 60});
  EXPECT_EQ(find_segments(pieces(trickle, 1e-8)).half_cycles.size(), 5u);
  // at different levels as well
  trickle.pop_back();
  trickle.back().current = 6e-6;
  EXPECT_EQ(find_segments(pieces(trickle, 1e-8)).half_cycles.size(), 5u);
}

TEST(Segments, WhatTheInstrumentCallsARestIsOne) {
  Record r = pieces({{1.2e-5, 60}, {1e-3, 60}, {-1e-3, 60}}, 1e-8); // one rest with a zero error: alone it might have been set
  EXPECT_EQ(find_segments(r).half_cycles.size(), 3u);
  std::vector<std::int32_t> type(180, static_cast<int>(StepType::cc_charge));
  for (std::size_t k = 0; k < 60; ++k) type[k] = static_cast<int>(StepType::rest);
  r.set(col::step_type, type);
  ASSERT_EQ(find_segments(r).half_cycles.size(), 2u);
  EXPECT_EQ(find_segments(r).half_cycles[0].first, 60u);
  // nor does the word make a current of noise
  Record still = pieces({{0.0, 180}}, 1e-7);
  type.assign(180, static_cast<int>(StepType::rest));
  still.set(col::step_type, type);
  EXPECT_TRUE(find_segments(still).half_cycles.empty());
  // but no word makes a rest of what flows
  for (double& i : r.real(col::current))
    if (i > 0 && i < 1e-4) i = 5e-4;
  EXPECT_EQ(find_segments(r).half_cycles.size(), 3u);
}

TEST(Segments, SeveralCyclesPerStepStayOneStep) {
  const Segments s = find_segments(pieces(ramp(5, 2e-4, 1e-4, 40, 3, 6)));
  EXPECT_EQ(s.half_cycles.size(), 30u);
  ASSERT_EQ(s.current_steps.size(), 5u);
  EXPECT_EQ(s.current_steps[4].last_half_cycle - s.current_steps[4].first_half_cycle, 5u);
}

TEST(Segments, NoiseAndRoundingOfTheCurrentChangeNothing) {
  for (const double noise : {0.0, 1e-7, 1e-6, 3e-6})
    for (const double quantum : {0.0, 1e-6, 5e-6}) {
      const Segments s = find_segments(pieces(ramp(17, 1e-4, 1e-4, 90, 1, 30), noise, quantum));
      EXPECT_EQ(s.half_cycles.size(), 34u) << noise << " " << quantum;
      EXPECT_EQ(s.current_steps.size(), 17u) << noise << " " << quantum;
    }
}

TEST(Segments, ARestRecordedWithNoiseHasNoHalfCycle) {
  EXPECT_TRUE(find_segments(pieces({{0.0, 500}}, 1e-7)).half_cycles.empty());
  EXPECT_TRUE(find_segments(pieces({{0.0, 500}})).half_cycles.empty());
  EXPECT_TRUE(find_segments(pieces({})).half_cycles.empty());
}

TEST(Segments, AFlickeringLastDigitAtRestIsNoCurrent) {
  for (const double share : {0.01, 0.05, 0.2, 0.5}) {
    numerics::RandomStream draws(11, "flicker");
    Record r = pieces({{0.0, 5000}, {1e-4, 60}, {-1e-4, 60}, {2e-4, 60}, {-2e-4, 60}, {1.7e-3, 60}, {-1.7e-3, 60}});
    auto i = r.real(col::current);
    for (std::size_t k = 0; k < 5000; ++k) i[k] = draws.uniform() < share ? (draws.uniform() < 0.5 ? 2e-6 : -2e-6) : 0.0;
    EXPECT_EQ(find_segments(r).half_cycles.size(), 6u) << share;
  }
}

TEST(Segments, StepsInOneDirectionAreSplitWithoutARest) {
  const Segments s = find_segments(pieces({{1e-4, 50}, {1.05e-4, 50}, {1.10e-4, 50}, {2e-4, 50}}, 1e-8));
  ASSERT_EQ(s.half_cycles.size(), 4u);
  EXPECT_EQ(s.current_steps.size(), 4u);
  EXPECT_EQ(s.half_cycles[1].first, 50u);
}

TEST(Segments, ARowCaughtInTheSwitchBelongsToNoHalfCycle) {
  const Segments s = find_segments(pieces({{1e-3, 50}, {0.3e-3, 1}, {-1e-3, 50}, {-1.04e-3, 1}, {-1.1e-3, 50}}));
  ASSERT_EQ(s.half_cycles.size(), 3u);
  EXPECT_EQ(s.half_cycles[0].last, 49u);
  EXPECT_EQ(s.half_cycles[1].first, 51u);
  EXPECT_EQ(s.half_cycles[1].last, 100u);
  EXPECT_EQ(s.half_cycles[2].first, 102u);
}

TEST(Segments, AGlitchDoesNotEndAHalfCycleButAnInterruptionDoes) {
  EXPECT_EQ(find_segments(pieces({{1e-3, 50}, {0.0, 1}, {1e-3, 50}})).half_cycles.size(), 1u);
  const Segments s = find_segments(pieces({{1e-3, 50}, {0.0, 60}, {1e-3, 50}, {-1e-3, 100}}));
  EXPECT_EQ(s.half_cycles.size(), 3u);
  EXPECT_EQ(s.current_steps.size(), 1u);
}

TEST(Segments, ATaperAtAVoltageLimitStaysInItsHalfCycleAndItsStep) {
  Record r = pieces({{1e-3, 60}, {-1e-3, 60}, {1e-3, 60}});
  auto i = r.real(col::current);
  for (std::size_t k = 90; k < 120; ++k) i[k] = -1e-3 * std::exp(-static_cast<double>(k - 90) / 20.0);
  const Segments s = find_segments(r);
  EXPECT_EQ(s.half_cycles.size(), 3u);
  EXPECT_EQ(s.current_steps.size(), 1u);
}

TEST(Segments, AFineRampIsResolvedThoughTheDirectionsDifferByTheZeroErrorOfTheCurrent) {
  std::vector<Piece> list;
  for (int s = 0; s < 10; ++s) {
    list.push_back({(3.00 + 0.05 * s) * 1e-3 + 1e-5, 40});
    list.push_back({-(3.00 + 0.05 * s) * 1e-3 + 1e-5, 40});
  }
  EXPECT_EQ(find_segments(pieces(list)).current_steps.size(), 10u);
}

TEST(Segments, WithoutACurrentColumnTheCellFilesCurrentIsCutAtGaps) {
  Record r;
  std::vector<double> time;
  for (int loop = 0; loop < 5; ++loop)
    for (int k = 0; k < 100; ++k) time.push_back(loop * 2000.0 + 10.0 * k);
  r.set(col::test_time, time);
  EXPECT_THROW(find_segments(r), Error);
  r.cell.current = -4e-4;
  const Segments s = find_segments(r);
  ASSERT_EQ(s.half_cycles.size(), 5u);
  EXPECT_EQ(s.current_steps.size(), 1u);
  EXPECT_EQ(s.half_cycles[2].direction, -1);
  EXPECT_DOUBLE_EQ(s.half_cycles[2].start, 4000.0);
  EXPECT_NEAR(s.half_cycles[2].charge, -4e-4 * 990.0, 1e-12);
}

TEST(Segments, WithoutACurrentColumnTheCycleCounterCuts) {
  Record r;
  std::vector<double> time;
  std::vector<std::int32_t> cycle;
  for (int k = 0; k < 300; ++k) {
    time.push_back(10.0 * k);
    cycle.push_back(1 + k / 100);
  }
  r.set(col::test_time, time);
  r.set(col::cycle_count, cycle);
  r.cell.current = 4e-4;
  const Segments s = find_segments(r);
  ASSERT_EQ(s.half_cycles.size(), 3u);
  EXPECT_EQ(s.half_cycles[1].first, 100u);
}

TEST(Segments, ACurrentThatNeverChangesWasNotMeasured) {
  Record r = pieces({{4e-4, 300}});
  EXPECT_EQ(find_segments(r).half_cycles.size(), 1u);
  std::vector<std::int32_t> cycle(300, 1);
  for (std::size_t k = 120; k < 300; ++k) cycle[k] = 2;
  r.set(col::cycle_count, cycle);
  EXPECT_EQ(find_segments(r).half_cycles.size(), 2u);
  r.real(col::current)[290] = 4.001e-4; // measured after all
  EXPECT_EQ(find_segments(r).half_cycles.size(), 1u);
}

TEST(Segments, MissingValuesAndATimeThatStandsStillDoNoHarm) {
  Record r = pieces({{1e-3, 50}, {-1e-3, 50}});
  r.real(col::current)[20] = std::nan("");
  auto t = r.real(col::test_time);
  t[30] = t[29];
  t[40] = t[39] - 5.0;
  const Segments s = find_segments(r);
  ASSERT_EQ(s.half_cycles.size(), 2u);
  EXPECT_TRUE(std::isfinite(s.half_cycles[0].charge));
}

} // namespace

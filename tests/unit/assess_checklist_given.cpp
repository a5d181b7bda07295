// What the data say of a test's conditions, and what contradicts what, on half cycles that are given: where one more reading or percent decides.

#include "assess/checklist_parts.hpp"
#include "assess_given.hpp"

#include <gtest/gtest.h>

namespace platen::assessing {
namespace {

Checklist of(const given::Case& c) { return make_checklist(c.record, c.segments, c.judged); }
const Statement& data(const Checklist& list, std::string_view key) {
  const Statement* s = found_in_data(list.items, key);
  if (s == nullptr) throw std::runtime_error("the data say nothing of " + std::string(key));
  return *s;
}
std::size_t contradictions(const given::Case& c) { return of(c).contradictions.size(); }

TEST(ChecklistGiven, TheLastHalfCycleMayHaveBeenStoppedAndOneAloneIsAllThereIs) {
  std::vector<given::Half> all = given::both_ways(3);
  all.back().duration = 100.0;
  const Statement time = data(of(given::make(all)), "half_cycle_time");
  EXPECT_NEAR(*time.value, 900.0, 1e-9);
  EXPECT_FALSE(time.high);
  EXPECT_NEAR(*data(of(given::make({{1, 1.0, 500.0}})), "half_cycle_time").value, 490.0, 1e-9) << "to its last row";
}

TEST(ChecklistGiven, OneHalfCycleOfManyThatDiffersIsNoRange) {
  std::vector<given::Half> all = given::both_ways(1, 15);
  all[7].duration = 300.0; // one of 30
  EXPECT_FALSE(data(of(given::make(all)), "half_cycle_time").high);
  for (std::size_t k = 8; k < 12; ++k) all[k].duration = 300.0;
  EXPECT_TRUE(data(of(given::make(all)), "half_cycle_time").high);
}

TEST(ChecklistGiven, WhatFollowsTheShortIsNoConditionOfTheTest) {
  std::vector<given::Half> all = given::both_ways(4);
  for (std::size_t k = 5; k < 8; ++k) all[k].duration = 100.0;
  given::Case c = given::make(all);
  c.fail(4, 450.0);
  EXPECT_FALSE(data(of(c), "half_cycle_time").high);
}

TEST(ChecklistGiven, AnIncrementIsARiseOfTheCurrent) {
  given::Case c = given::make({{1, 1.0}, {-1, 1.0}, {1, 2.0, 900.0, 1}, {-1, 2.0, 900.0, 1}, {1, 1.5, 900.0, 2}, {-1, 1.5, 900.0, 2}, {1, 2.5, 900.0, 3}, {-1, 2.5, 900.0, 3}});
  const Statement grid = data(of(c), "ramp_increment");
  EXPECT_NEAR(*grid.value, 10.0, 1e-9);
  EXPECT_FALSE(grid.high) << "1 mA twice, and 0.5 mA less";
}

TEST(ChecklistGiven, ARampIsStatedAsWellAsItsAreaIsKnownAndToOnePercent) {
  given::Case c = given::make(given::both_ways(3));
  const auto stated = [&](double density, double area_error) {
    c.record.cell.ramp_start = density;
    c.record.cell.uncertainty["area"] = area_error;
    return contradictions(c);
  };
  EXPECT_EQ(stated(10.5, 0.03e-4), 0u) << "5 % of two times 3 %";
  EXPECT_EQ(stated(10.5, 0.0001e-4), 1u);
  EXPECT_EQ(stated(10.15, 0.0001e-4), 0u) << "currents are set to 1 %";
}

TEST(ChecklistGiven, WhatIsStatedWithinARangeOfTheDataContradictsNothing) {
  std::vector<given::Half> all = given::both_ways(6);
  for (std::size_t k = 4; k < 8; ++k) all[k].duration = 600.0;
  given::Case c = given::make(all);
  c.record.cell.half_cycle_time = 900.0;
  EXPECT_EQ(contradictions(c), 0u);
  c.record.cell.half_cycle_time = 750.0;
  EXPECT_EQ(contradictions(c), 0u);
  c.record.cell.half_cycle_time = 1200.0;
  EXPECT_EQ(contradictions(c), 1u);
}

TEST(ChecklistGiven, APressureIsOnlyConstantWhereItIsSaidToBe) {
  given::Case c = given::make(given::both_ways(3));
  c.record.set(col::stack_pressure, std::vector<double>(c.rows.time.size(), 5e6));
  const auto moves = [&](double by, const char* fixture) {
    c.judged.pressure.largest_change_while_cycling = by;
    c.record.cell.fixture = fixture;
    return contradictions(c);
  };
  EXPECT_EQ(moves(2e6, "constant pressure"), 1u);
  EXPECT_EQ(moves(2e6, "fixed gap"), 0u);
  EXPECT_EQ(moves(0.9e6, "constant pressure"), 0u) << "less than a fifth";
  c.record.cell.stack_pressure = 4.6e6; // 8 % less than the log
  EXPECT_EQ(contradictions(c), 0u) << "twice 5 % each, where nothing is stated";
  c.record.cell.uncertainty["stack_pressure"] = 0.02e6;
  EXPECT_EQ(contradictions(c), 0u) << "load cells are known to 5 % as well";
  c.record.cell.stack_pressure = 4.4e6;
  EXPECT_EQ(contradictions(c), 1u);
  c.record.cell.uncertainty["stack_pressure"] = 0.5e6;
  EXPECT_EQ(contradictions(c), 0u);
}

TEST(ChecklistGiven, ATemperatureIsStatedAndMeasuredToADegree) {
  given::Case c = given::make(given::both_ways(3));
  c.record.cell.temperature = 298.15;
  c.record.cell.uncertainty["temperature"] = 0.1;
  const auto measured = [&](double kelvin) {
    c.record.set(col::temperature, std::vector<double>(c.rows.time.size(), kelvin));
    return contradictions(c);
  };
  EXPECT_EQ(measured(299.65), 0u);
  EXPECT_EQ(measured(300.65), 1u);
}

TEST(ChecklistGiven, ACutOffIsMetByMoreThanOneBadRow) {
  given::Case c = given::make(given::both_ways(3)); // 60 to 180 mV
  const auto with = [&](double low, double high) {
    c.record.cell.lower_voltage = low;
    c.record.cell.upper_voltage = high;
    c.record.set(col::voltage, c.rows.voltage);
    return contradictions(c);
  };
  EXPECT_EQ(with(-0.19, 0.19), 0u);
  EXPECT_EQ(with(-0.165, 0.165), 0u) << "overshoots of 20 mV are the cycler's";
  EXPECT_EQ(with(-0.19, 0.155), 1u);
  EXPECT_EQ(with(-0.155, 0.19), 1u);
  c.rows.voltage[c.half(2).first + 20] = 3.0;
  EXPECT_EQ(with(-0.19, 0.19), 0u);
  c.fail(5, 450.0);
  EXPECT_EQ(with(-0.155, 0.19), 0u) << "a short lowers the voltage";
}

TEST(ChecklistGiven, LithiumGoesBackAndForth) {
  given::Case c = given::make(given::both_ways(3)); // 8.9 C/cm2 at most in one direction at a time, of 26.7
  const double once = 3e-3 * 890.0 / given::area * 13.0e-6 / 96485.33212;
  c.record.cell.lithium_thickness = 1.5 * once;
  EXPECT_EQ(contradictions(c), 0u);
  c.record.cell.lithium_thickness = 0.5 * once;
  EXPECT_EQ(contradictions(c), 1u);
  c.record.cell.configuration = Configuration::full;
  EXPECT_EQ(contradictions(c), 0u) << "there the cathode gives it";
}

TEST(ChecklistGiven, StatementsOfASetAgreeWithinTheirUncertaintiesAndAtBothEnds) {
  given::Case a = given::make(given::both_ways(3)), b = a, wide = given::make(given::both_ways(6));
  a.record.cell.stack_pressure = 5e6;
  b.record.cell.stack_pressure = 5.5e6;
  const auto differ = [](const given::Case& x, const given::Case& y, std::string_view key) {
    const Checklist lists[] = {of(x), of(y)};
    const Checklist* all[] = {&lists[0], &lists[1]};
    const ChecklistSet set = compare(all);
    return std::any_of(set.differences.begin(), set.differences.end(), [&](const ChecklistDifference& d) { return d.key == key; });
  };
  EXPECT_TRUE(differ(a, b, "stack_pressure"));
  a.record.cell.uncertainty["stack_pressure"] = b.record.cell.uncertainty["stack_pressure"] = 0.2e6;
  EXPECT_FALSE(differ(a, b, "stack_pressure"));
  EXPECT_TRUE(differ(a, wide, "half_cycle_capacity")) << "they begin alike";
}

} // namespace
} // namespace platen::assessing

// What is taken from a record's rows as readings of the pressure, how they are merged, and what an assessment makes of them first.

#include "pressure_given.hpp"

#include "assess/pressure.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace platen;
using namespace platen::assessing;

namespace {

const double nan = std::numeric_limits<double>::quiet_NaN();

struct Rows {
  std::vector<double> time, current, pressure, temperature;
  Record record(bool with_temperature = false) const {
    Record out;
    out.set(col::test_time, time);
    out.set(col::current, current);
    out.set(col::stack_pressure, pressure);
    if (with_temperature) out.set(col::temperature, temperature);
    out.cell.area = 2e-4;
    out.cell.configuration = Configuration::full;
    return out;
  }
};

/// 40 rows 10 s apart: ten at rest, twenty at 1 mA, ten at rest.
Rows ordinary() {
  Rows out;
  for (int k = 0; k < 40; ++k) {
    out.time.push_back(10.0 * k);
    out.current.push_back(k >= 10 && k < 30 ? 1e-3 : 0.0);
    out.pressure.push_back(5e6 + 1e3 * k);
    out.temperature.push_back(300.0 + k);
  }
  return out;
}

Segments one_half_cycle(std::size_t first = 10, std::size_t last = 29) {
  Segments out;
  HalfCycle h;
  h.first = first;
  h.last = last;
  h.direction = 1;
  out.half_cycles.push_back(h);
  out.current_steps.push_back({0, 0, 1e-3});
  return out;
}

TEST(PressureSeriesGiven, ReadingsAreRowsThatAreNumbersInOrderOfTime) {
  Rows rows = ordinary();
  rows.pressure[3] = nan;
  rows.time[5] = nan;
  rows.time[20] = 150.0; // the clock stepped back for one row
  const PressureSeries s = pressure_series(rows.record(), one_half_cycle());
  EXPECT_EQ(s.size(), 37u);
  EXPECT_TRUE(std::is_sorted(s.time.begin(), s.time.end()));
  EXPECT_DOUBLE_EQ(s.interval, 10.0);
  EXPECT_EQ(s.half_cycle[0], -1);
  EXPECT_EQ(s.half_cycle[15], 0);
  EXPECT_TRUE(s.per_area);
}

TEST(PressureSeriesGiven, ChargeIsTheIntegralOfTheCurrentPerArea) {
  const Rows rows = ordinary();
  Record r = rows.record();
  const PressureSeries s = pressure_series(r, one_half_cycle());
  // trapezia: half a row where the current is switched on and off
  EXPECT_NEAR(s.charge[9], 0.0, 1e-12);
  EXPECT_NEAR(s.charge[10], 0.5 * 1e-3 * 10.0 / 2e-4, 1e-9);
  EXPECT_NEAR(s.charge[39], 20.0 * 1e-3 * 10.0 / 2e-4, 1e-9);
  r.cell.area = std::nullopt;
  EXPECT_NEAR(pressure_series(r, one_half_cycle()).charge[39], 0.2, 1e-12) << "C without an area";
  std::vector<double> net(40, 0.0), gap = rows.current;
  net[39] = 0.7;
  gap[20] = nan;
  r.set(col::current, gap);
  EXPECT_NEAR(pressure_series(r, one_half_cycle()).charge[39], 0.18, 1e-12) << "two trapezia have no current";
  r.set(col::net_capacity, net);
  EXPECT_NEAR(pressure_series(r, one_half_cycle()).charge[39], 0.7, 1e-12) << "the cycler's own integral goes first";
}

TEST(PressureSeriesGiven, AGapInTheTemperatureIsBridged) {
  Rows rows = ordinary();
  rows.temperature[0] = rows.temperature[7] = nan;
  const PressureSeries s = pressure_series(rows.record(true), one_half_cycle());
  EXPECT_DOUBLE_EQ(s.temperature[0], 301.0) << "from the first that is known";
  EXPECT_DOUBLE_EQ(s.temperature[7], 306.0) << "from the one before";
  for (double& t : rows.temperature) t = nan;
  EXPECT_TRUE(pressure_series(rows.record(true), one_half_cycle()).temperature.empty());
}

TEST(PressureSeriesGiven, ALoneCurrentInARestIsNoHalfCycle) {
  const Rows rows = ordinary();
  const auto in_half_cycles = [&](std::size_t first, std::size_t last, Configuration configuration = Configuration::full) {
    Record r = rows.record();
    r.cell.configuration = configuration;
    const PressureSeries s = pressure_series(r, one_half_cycle(first, last));
    return std::count(s.half_cycle.begin(), s.half_cycle.end(), 0);
  };
  EXPECT_EQ(in_half_cycles(12, 13), 0);
  EXPECT_EQ(in_half_cycles(12, 14), 3);
  EXPECT_EQ(in_half_cycles(10, 29, Configuration::empty_fixture), 0) << "there is no cell";
}

TEST(PressureSeriesGiven, NoiseIsWhatReadingsDepartFromTheirNeighbours) {
  Rows rows;
  for (int k = 0; k < 3000; ++k) { // uneven times, on a slope
    rows.time.push_back(10.0 * k + (k % 2 == 0 ? 0.0 : 4.0));
    rows.current.push_back(0.0);
    rows.pressure.push_back(5e6 + 50.0 * rows.time.back());
  }
  const std::vector<double> rough = given::white(3000);
  for (std::size_t k = 0; k < 3000; ++k) rows.pressure[k] += 2e3 * rough[k];
  const PressureSeries s = pressure_series(rows.record(), {});
  EXPECT_NEAR(s.noise, 2e3, 120.0);
  EXPECT_NEAR(s.resolution, 2e3, 120.0) << "the noise is more than the smallest difference";
}

TEST(PressureSeriesGiven, AValueThatIsRepeatedIsOneReading) {
  Rows rows;
  const std::vector<double> rough = given::white(1000);
  for (int k = 0; k < 4000; ++k) { // a cycler that records four times as often as the logger
    rows.time.push_back(10.0 * k);
    rows.current.push_back(0.0);
    rows.pressure.push_back(5e6 + 2e3 * rough[static_cast<std::size_t>(k / 4)]);
  }
  EXPECT_NEAR(pressure_series(rows.record(), {}).noise, 2e3, 250.0);
}

TEST(PressureSeriesGiven, ResolutionIsTheStepOfTheReading) {
  Rows rows = ordinary();
  for (std::size_t k = 0; k < 40; ++k) rows.pressure[k] = 5e6 + 1200.0 * static_cast<double>(k / 8);
  for (std::size_t k = 1; k < 40; k += 2) rows.pressure[k] += 1e-4; // what a float makes of it
  const PressureSeries s = pressure_series(rows.record(), one_half_cycle());
  EXPECT_NEAR(s.resolution, 1200.0 / std::sqrt(12.0), 1.0);
}

TEST(PressureSeriesGiven, MergedReadingsAreOfOneLevelAndOneHalfCycle) {
  given::Pressures p;
  for (int k = 0; k < 24; ++k) p.add(10.0 * k, 5e6 + 100.0 * k, k < 10 ? 0 : 1, 2.0 * k);
  for (std::size_t k = 0; k < 24; ++k) {
    p.series.level[k] = k < 17 ? 0 : 1;
    p.series.clean[k] = p.series.pressure[k] + 7e5;
    p.series.temperature.push_back(300.0 + static_cast<double>(k));
  }
  std::vector<std::size_t> rows(24);
  for (std::size_t k = 0; k < 24; ++k) rows[k] = k;
  const Merged m = merge_readings(p.series, rows, 6); // four at a time
  EXPECT_THAT(m.count, testing::ElementsAre(4, 4, 2, 4, 3, 4, 3));
  EXPECT_DOUBLE_EQ(m.time[0], 15.0);
  EXPECT_DOUBLE_EQ(m.pressure[0], 5.7e6 + 150.0) << "the clean ones";
  EXPECT_DOUBLE_EQ(m.charge[2], 17.0);
  EXPECT_DOUBLE_EQ(m.temperature[2], 308.5);
  EXPECT_THAT(m.level, testing::ElementsAre(0, 0, 0, 0, 0, 1, 1));
}

// --- the first look -----------------------------------------------------------------------------------------------------------

/// Two cycles of twenty rows each way; the third half cycle is a second charge, and the pressure follows the charge.
Record cycles(Segments& segments, const std::vector<int>& directions, double per_charge = 2500.0) {
  Rows rows;
  double charge = 0.0, clock = 0.0;
  for (const int d : directions) {
    HalfCycle h;
    h.first = rows.time.size();
    h.direction = d;
    h.start = clock;
    for (int k = 0; k < 20; ++k, clock += 10.0) {
      rows.time.push_back(clock);
      rows.current.push_back(d * 1e-3);
      rows.pressure.push_back(5e6 + per_charge * charge / 0.01);
      charge += d * 0.01;
    }
    h.last = rows.time.size() - 1;
    h.end = rows.time.back();
    h.charge = d * 0.19;
    segments.half_cycles.push_back(h);
  }
  segments.current_steps.push_back({0, directions.size() - 1, 1e-3});
  return rows.record();
}

TEST(PressureFirstLook, ACycleIsACharge_AndTheDischargeAfterIt) {
  Segments segments;
  const Record r = cycles(segments, {1, -1, 1, 1});
  const PressureAssessment p = assess_pressure(r, segments);
  ASSERT_EQ(p.cycles.size(), 3u);
  EXPECT_EQ(p.cycles[0].end, 390.0);
  EXPECT_EQ(p.cycles[1].start, 400.0);
  EXPECT_NEAR(p.cycles[0].maximum, 5e6 + 2500.0 * 19.0, 2501.0) << "a median of three blunts the tip";
  EXPECT_NEAR(p.cycles[0].drift, 0.0, 2501.0);
  EXPECT_NEAR(p.cycles[1].drift, 2500.0 * 17.0, 1.0) << "last less first, each the median beside it";
  EXPECT_NEAR(*p.after_release, 5e6 + 2500.0, 1.0) << "where cycling starts, not where the last cycle does";
  EXPECT_NEAR(*p.after_first_half_cycle, 5e6 + 2500.0 * 18.0, 1.0) << "at its end";
  EXPECT_NEAR(*p.largest_change_while_cycling, 2500.0 * (38.0 - 1.0), 2501.0);
}

TEST(PressureFirstLook, OneBadSampleIsNoSwing) {
  Segments segments;
  Record r = cycles(segments, {1, -1}, 0.0);
  r.real(col::stack_pressure)[7] = 9e6;
  r.real(col::stack_pressure)[0] = 1e6;
  r.real(col::stack_pressure)[39] = 2e6;
  r.real(col::stack_pressure)[11] = nan;
  const PressureAssessment p = assess_pressure(r, segments);
  ASSERT_EQ(p.cycles.size(), 1u);
  EXPECT_NEAR(p.cycles[0].minimum, 5e6, 1e-6);
  EXPECT_NEAR(p.cycles[0].maximum, 5e6, 1e-6);
  EXPECT_NEAR(p.cycles[0].drift, 0.0, 1e-6);
}

TEST(PressureFirstLook, ShortedHalfCyclesAndChargesBeyondTheUsualTakeNoPart) {
  Segments segments;
  Record r = cycles(segments, {1, -1, 1, -1, 1, -1});
  auto pressure = r.real(col::stack_pressure);
  for (std::size_t k = 80; k < 120; ++k) pressure[k] = 5e6; // shorted: nothing is plated that would push
  const auto slope = [&](std::optional<double> onset) { return analyse_pressure(r, segments, onset).regression->slope.value; };
  const double whole = 2500.0 / (0.01 / 2e-4);
  EXPECT_NEAR(slope(805.0), whole, 0.02 * whole);
  EXPECT_LT(slope({}), 0.9 * whole);
  EXPECT_EQ(analyse_pressure(r, segments, 805.0).loops.size(), 2u);
  EXPECT_EQ(analyse_pressure(r, segments, {}).loops.size(), 3u);
  segments.half_cycles[4].charge *= 2.0; // more than 1.8 times the usual: a short has eaten it
  segments.half_cycles[5].charge *= 2.0;
  EXPECT_NEAR(slope({}), whole, 0.02 * whole);
  r.cell.configuration = Configuration::symmetric;
  EXPECT_TRUE(analyse_pressure(r, segments, {}).loops.empty());
}

TEST(PressureFirstLook, SlopesOfHalfCyclesHaveJumpsTakenOut) {
  Segments segments;
  Record r = cycles(segments, {1, -1});
  auto pressure = r.real(col::stack_pressure);
  for (std::size_t k = 10; k < 40; ++k) pressure[k] += 1e6;
  const auto slopes = pressure_of_half_cycles(r, segments);
  ASSERT_EQ(slopes.size(), 2u);
  EXPECT_NEAR(slopes[0].slope.value, 2500.0 / (0.01 / 2e-4), 5.0);
}

} // namespace

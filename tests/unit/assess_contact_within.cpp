// Contact that every discharge loses on its way, so that no discharge without it is known: told by a step of the resistance that goes with the
// current. What a cathode does as it empties, what hysteresis leaves and what a refill adds to a charge are none.

#include "assess_made.hpp"

#include <cmath>
#include <functional>
#include <gtest/gtest.h>

namespace platen::assessing {
namespace {

/// What a cell does at a share of its charge (1: charged), while `direction` flows.
struct Cell {
  std::function<double(double share)> discharging = [](double) { return 100.0; }; ///< ohm
  std::function<double(double share)> hysteresis = [](double) { return 0.0; };    ///< V, by which a discharge and the rest after it lie lower
  std::function<double(double share)> charging = [](double) { return 100.0; };    ///< ohm
  double current = 5e-4, charge_current = 5e-4;                                    ///< A
  double noise = 2e-4;                                                             ///< V
  bool ends_in_discharge = false;
};

constexpr double capacity = 30.0; // C

/// Three cycles between 2.8 and 4.2 V with ten minutes of rest after every half cycle.
Record cycled(const Cell& cell) {
  numerics::RandomStream draws(11, "contact within");
  std::vector<double> time, current, voltage;
  double clock = 0.0, x = 0.02;
  const auto open_circuit = [](double at) { return 3.5 + 0.6 * at - 0.9 * std::exp(-60.0 * at); };
  const auto row = [&](double now, double v) {
    time.push_back(clock);
    current.push_back(now);
    voltage.push_back(v + cell.noise * draws.normal());
  };
  const auto rest = [&](bool after_discharge) {
    for (int k = 0; k < 20; ++k, clock += 30.0) row(0.0, open_circuit(x) - (after_discharge ? cell.hysteresis(x) : 0.0));
  };
  rest(false);
  for (int cycle = 0; cycle < 3; ++cycle) {
    for (double v = 3.0; v < 4.2; clock += 20.0) {
      x += cell.charge_current * 20.0 / capacity;
      row(cell.charge_current, v = open_circuit(x) + cell.charge_current * cell.charging(x));
    }
    rest(false);
    for (double v = 4.0; v > 2.8; clock += 20.0) {
      x -= cell.current * 20.0 / capacity;
      row(-cell.current, v = open_circuit(x) - cell.current * cell.discharging(x) - cell.hysteresis(x));
    }
    if (cycle < 2 || !cell.ends_in_discharge) rest(true);
  }
  Record r;
  r.set(col::test_time, time);
  r.set(col::current, current);
  r.set(col::voltage, voltage);
  r.cell.configuration = Configuration::full;
  r.cell.area = 1e-4;
  return r;
}

/// From `low` to `high` within `width` of the charge around `at`, as it is taken out.
std::function<double(double)> step(double low, double high, double at, double width) {
  return [=](double share) { return low + (high - low) * 0.5 * (1.0 - std::tanh((share - at) / (0.4 * width))); };
}

TEST(AssessContactWithin, AStepToFiveTimesInEveryDischargeIsLostContact) {
  for (const double at : {0.7, 0.5, 0.3}) {
    const Assessment a = assess(cycled({.discharging = step(100.0, 500.0, at, 0.03)}));
    EXPECT_EQ(a.verdict, Verdict::contact_loss) << at << ": " << a.reason;
    EXPECT_NE(a.reason.find("within the discharge at"), std::string::npos) << a.reason;
    for (const std::size_t h : {1U, 3U, 5U}) {
      EXPECT_EQ(a.half_cycles[h].verdict, Verdict::contact_loss) << h;
      const Evidence& e = waveforms::evidence_of(a, h, "resistance rises and capacity is lost");
      EXPECT_NEAR(e.figure, 5.0, 0.2) << h;
      EXPECT_GT(e.error, 0.0);
      const HalfCycle& d = a.half_cycles[h].half_cycle;
      const double share = 1.0 - (e.time - d.start) / (d.end - d.start); // it spans all but a hundredth of the charge
      EXPECT_NEAR(share, at, 0.06) << "said to begin where it does";
    }
    for (const std::size_t h : {0U, 2U, 4U}) EXPECT_EQ(a.half_cycles[h].verdict, Verdict::healthy) << h;
  }
}

TEST(AssessContactWithin, TheWeakerOfTheTwoMeasuresCounts) {
  EXPECT_EQ(assess(cycled({.discharging = step(100.0, 370.0, 0.5, 0.03)})).verdict, Verdict::healthy) << "voids that are refilled";
  EXPECT_EQ(assess(cycled({.discharging = step(100.0, 430.0, 0.5, 0.03)})).verdict, Verdict::contact_loss);
  // 100 ohm at the switch and 400 more of diffusion before the step: the double, 1000 ohm of both, is asked for
  const auto diffusing = [](double high) {
    return [=](double share) { return share > 0.9 ? 100.0 + 4000.0 * (1.0 - share) : step(500.0, high, 0.5, 0.03)(share); };
  };
  const auto slow_charge = [](double) { return 500.0; };
  EXPECT_EQ(assess(cycled({.discharging = diffusing(900.0), .charging = slow_charge, .current = 2e-4, .charge_current = 2e-4})).verdict, Verdict::healthy);
  EXPECT_EQ(assess(cycled({.discharging = diffusing(1100.0), .charging = slow_charge, .current = 2e-4, .charge_current = 2e-4})).verdict, Verdict::contact_loss);
}

TEST(AssessContactWithin, TheChargeIsTheMeasureAtItsOwnCurrent) {
  for (const double charge_current : {2e-4, 8e-4}) {
    const Assessment a = assess(cycled({.discharging = step(100.0, 500.0, 0.5, 0.03), .charge_current = charge_current}));
    EXPECT_EQ(a.verdict, Verdict::contact_loss) << charge_current;
    EXPECT_NEAR(waveforms::evidence_of(a, 1, "resistance rises and capacity is lost").figure, 5.0, 0.2) << charge_current;
  }
}

TEST(AssessContactWithin, WhatHysteresisLeavesDoesNotGoWithTheCurrent) {
  // 0.2 V at once, as much as 400 ohm: a second plateau that only a discharge has
  const Assessment a = assess(cycled({.hysteresis = step(0.0, 0.2, 0.5, 0.03)}));
  EXPECT_EQ(a.verdict, Verdict::healthy) << a.reason;
}

TEST(AssessContactWithin, ACathodeThatEmptiesComesSlowlyOrAtTheEnd) {
  EXPECT_EQ(assess(cycled({.discharging = step(100.0, 800.0, 0.5, 0.8)})).verdict, Verdict::healthy) << "over most of the discharge";
  EXPECT_EQ(assess(cycled({.discharging = [](double x) { return 100.0 + 2000.0 * std::exp(-20.0 * x); }})).verdict, Verdict::healthy) << "no level is reached";
  const auto growing = [](double x) { return 100.0 + 10000.0 * std::exp(-11.0 * x); }; // 5.5 times and 2.8 times within a thirteenth of the charge
  EXPECT_EQ(assess(cycled({.discharging = growing, .current = 1e-4, .charge_current = 1e-4})).verdict, Verdict::healthy) << "but no level either";
  EXPECT_EQ(assess(cycled({.discharging = step(100.0, 800.0, 0.06, 0.02)})).verdict, Verdict::healthy) << "within the last tenth";
}

TEST(AssessContactWithin, WhatComesAndGoesIsNoLoss) {
  // two plateaus that charge and discharge reach at different charges
  const auto brief = [](double share) { return step(100.0, 500.0, 0.6, 0.03)(share) - step(0.0, 400.0, 0.4, 0.03)(share); };
  const Assessment a = assess(cycled({.discharging = brief}));
  for (const std::size_t h : {1U, 3U, 5U}) EXPECT_FALSE(waveforms::evidence_of(a, h, "resistance rises and capacity is lost").fired) << h;
}

TEST(AssessContactWithin, AFifthOfTheChargeBeforeIsTheMeasure) {
  const auto gap_in_a_mountain = [](double share) { return step(100.0, 500.0, 0.8, 0.02)(share) - step(0.0, 400.0, 0.6, 0.02)(share) + step(0.0, 400.0, 0.47, 0.02)(share); };
  const Assessment a = assess(cycled({.discharging = gap_in_a_mountain}));
  for (const std::size_t h : {1U, 3U, 5U}) EXPECT_FALSE(waveforms::evidence_of(a, h, "resistance rises and capacity is lost").fired) << h;
}

TEST(AssessContactWithin, ACathodeThatIsFullyChargedIsNoLostContact) {
  const auto full = [](double share) { return step(500.0, 100.0, 0.7, 0.03)(share); }; // layered oxides conduct badly there
  EXPECT_EQ(assess(cycled({.charging = full, .current = 2e-4, .charge_current = 2e-4})).verdict, Verdict::healthy);
}

TEST(AssessContactWithin, ARecordThatEndsInItCannotTell) {
  Record r = cycled({.discharging = step(100.0, 500.0, 0.5, 0.03), .ends_in_discharge = true});
  const Assessment a = assess(r);
  EXPECT_EQ(a.half_cycles[3].verdict, Verdict::contact_loss);
  EXPECT_EQ(a.half_cycles[5].verdict, Verdict::healthy) << "nobody saw the current switched off";
}

TEST(AssessContactWithin, NoiseIsNoStep) {
  EXPECT_EQ(assess(cycled({.current = 1e-4, .charge_current = 1e-4, .noise = 5e-3})).verdict, Verdict::healthy);
  EXPECT_EQ(assess(cycled({.discharging = step(100.0, 420.0, 0.5, 0.03), .noise = 4e-3})).verdict, Verdict::healthy) << "six standard deviations of a row";
}

} // namespace
} // namespace platen::assessing

// Small tests of full cells on half cycles put together by hand.

#include "assess_strokes.hpp"
#include "numerics/random.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <vector>

namespace platen::assessing {
namespace {

TEST(AssessFullTests, TheLeastSoFarIsThatOfAllChargesForEveryQuestion) {
  std::vector<Stroke> made(4, stroke(rising));
  for (std::size_t k = 0; k < made.size(); ++k) made[k].end_voltage = 4.0 - 0.1 * static_cast<double>(k % 3);
  std::vector<const Stroke*> charges;
  LeastSoFar least;
  int looked = 0;
  const auto times = [&](double key) {
    return least.of(charges, key, [&](const Stroke& s) {
      ++looked;
      return key * s.end_voltage;
    });
  };
  EXPECT_EQ(times(1.0), std::numeric_limits<double>::infinity());
  for (const Stroke& s : made) {
    charges.push_back(&s);
    (void)times(1.0);
  }
  EXPECT_DOUBLE_EQ(times(1.0), 3.8);
  EXPECT_EQ(looked, 4) << "each charge once";
  EXPECT_DOUBLE_EQ(times(2.0), 7.6) << "another question";
  charges = {&made[0]};
  EXPECT_DOUBLE_EQ(times(2.0), 8.0) << "other charges";
}

TEST(AssessFullTests, ALeakBeginsWhereTheChargeStepsOffItsCourse) {
  const Stroke leaking = stroke([](double k) { return k < 350 ? rising(k) : rising(350) - 4e-3 + 1e-4 * (k - 350); });
  EXPECT_NEAR(departure(leaking, {}, 5000.0), 3510.0, 20.0);
  const Stroke healthy = stroke(rising);
  EXPECT_EQ(departure(healthy, {}, 5000.0), 5000.0);
  // a curve that flattens, as plateaus do, has no step
  EXPECT_EQ(departure(stroke([](double k) { return 3.6 + 0.1 * (1.0 - std::exp(-k / 150.0)); }), {}, 5000.0), 5000.0);
}

TEST(AssessFullTests, WhereTheCourseIsNoParabolaTheLastHealthyChargeIsTheMeasure) {
  const auto plateau = [](double k) { return 3.6 + 0.2 * std::tanh((k - 200.0) / 30.0); };
  const Stroke earlier_charge = stroke(plateau);
  Earlier earlier;
  earlier.charges = {&earlier_charge};
  const Stroke leaking = stroke([&](double k) { return k < 300 ? plateau(k) : plateau(k) - 3e-3 - 5e-5 * (k - 300); });
  EXPECT_NEAR(departure(leaking, earlier, 5500.0), 3010.0, 20.0);
}

TEST(AssessFullTests, ChargeThatComesBackWasStored) {
  const Stroke small = stroke(rising);
  Stroke discharge = small;
  discharge.half_cycle.direction = -1;
  discharge.half_cycle.charge = -small.half_cycle.charge;
  Earlier earlier;
  earlier.charges = {&small};
  earlier.discharges = {&discharge};
  Stroke large = small;
  for (double& q : large.charge) q *= 1.5;
  large.half_cycle.charge = large.run_passed = 1.5 * small.run_passed;
  EXPECT_TRUE(excess_charge(large, nullptr, earlier).fired);
  Stroke after = discharge;
  after.run_passed = 0.7 * large.run_passed; // hardly more than ever
  EXPECT_TRUE(excess_charge(large, &after, earlier).fired);
  after.run_passed = 0.98 * large.run_passed;
  EXPECT_FALSE(excess_charge(large, &after, earlier).fired) << "contact that returned has made more of the cell available";
}

TEST(AssessFullTests, ASmallLossOfChargeIsSeenWhereCyclesAreAlike) {
  const Stroke charge = stroke(rising);
  Stroke discharge = charge;
  discharge.half_cycle.direction = -1;
  discharge.run_passed = 0.93 * charge.run_passed;
  Earlier earlier;
  earlier.charges = {&charge};
  earlier.discharges = {&discharge};
  earlier.efficiencies = {0.995, 0.99, 0.993};
  EXPECT_TRUE(efficiency(charge, &discharge, earlier).fired);
  earlier.efficiencies = {0.995, 0.99};
  EXPECT_FALSE(efficiency(charge, &discharge, earlier).fired) << "two do not show how much they differ";
  earlier.efficiencies = {0.995, 0.95, 0.993};
  EXPECT_FALSE(efficiency(charge, &discharge, earlier).fired) << "they differed before";
  earlier.efficiencies = {0.995, 0.99, 0.993};
  Stroke usual = discharge;
  usual.at_switch = 50.0;
  earlier.discharges = {&usual};
  discharge.at_switch = 150.0;
  EXPECT_FALSE(efficiency(charge, &discharge, earlier).fired) << "contact was lost, and the cut-off met early";
}

TEST(AssessFullTests, AVoltageHeldFromTheStartSaysNothingByItsCurrent) {
  const Stroke earlier_charge = stroke(rising);
  Earlier earlier;
  earlier.charges = {&earlier_charge};
  Stroke held = stroke(rising);
  held.run_current = 3e-4;
  held.hold_noise = 1e-7;
  held.constant_passed = held.charge.back();
  for (int k = 0; k < 100; ++k) {
    held.hold_time.push_back(6000.0 + 10.0 * k);
    held.hold_current.push_back(k < 50 ? 1e-4 : 1.5e-4);
  }
  EXPECT_TRUE(current_in_hold(held, earlier).fired);
  held.constant_passed = 0.01 * held.charge.back(); // voids are refilled while it is held
  EXPECT_FALSE(current_in_hold(held, earlier).fired);
}

TEST(AssessFullTests, AtTheCutOffTheVoltageCannotRise) {
  const Stroke earlier_charge = stroke(rising);
  Earlier earlier;
  earlier.charges = {&earlier_charge};
  const double end = earlier.usual_end();
  EXPECT_TRUE(stalled(stroke([](double k) { return k < 250 ? rising(k) : rising(250); }), earlier).fired);
  EXPECT_FALSE(stalled(stroke([&](double k) { return std::min(rising(2.0 * k), end); }), earlier).fired);
}

TEST(AssessNoise, TheStepOfAnInstrumentIsSeenInItsVoltage) {
  const auto resolution = [](double step, double noise) {
    numerics::RandomStream draws(8, "step");
    Rows rows;
    for (int k = 0; k < 400; ++k) {
      const double v = 0.05 + noise * draws.normal();
      rows.voltage.push_back(step > 0 ? step * std::round(v / step) : v);
    }
    Segments segments;
    HalfCycle h;
    h.last = 399;
    segments.half_cycles = {h};
    return voltage_resolution(rows, segments);
  };
  EXPECT_NEAR(resolution(1e-3, 5e-4), 1e-3, 1e-9);
  EXPECT_NEAR(resolution(1e-4, 3e-4), 1e-4, 1e-9);
  EXPECT_EQ(resolution(0.0, 5e-4), 0.0) << "no steps";
  EXPECT_EQ(resolution(5e-3, 5e-3), 0.0) << "nobody's instrument: the cell jumps between levels";
}

} // namespace
} // namespace platen::assessing

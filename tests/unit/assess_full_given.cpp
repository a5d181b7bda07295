// The small tests of full cells, each on one half cycle and earlier ones that are given: what fires, and what must not although the figure alone would.

#include "assess/spectra.hpp"
#include "assess_strokes.hpp"

#include <array>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <vector>

namespace platen::assessing {
namespace {

constexpr double inf = std::numeric_limits<double>::infinity();

template <class Change> Stroke with(Stroke s, Change change) {
  change(s);
  return s;
}

/// A charge after which the cell, 1 V/C steep at its end, loses `share` of its 0.3 mA in a rest of `span` s; in the last quarter `later` times as fast.
Stroke resting(double share, double later = 1.0, double span = 3600.0) {
  Stroke s = stroke(rising);
  s.run_current = 3e-4;
  s.end_slope = 1.0;
  double v = s.end_voltage;
  for (double x = 10.0; x <= span; x += 10.0) {
    v -= share * 3e-4 * 10.0 * (x > 0.75 * span ? later : 1.0);
    s.rest_time.push_back(s.half_cycle.end + x);
    s.rest_voltage.push_back(v);
  }
  return s;
}

TEST(FullGiven, SelfDischargeIsThriceTheUsualAndDoesNotSlowDown) {
  const Stroke usual = resting(0.01);
  Earlier earlier;
  earlier.charges = {&usual};
  EXPECT_TRUE(self_discharge(resting(0.05), earlier).fired);
  EXPECT_NEAR(self_discharge(resting(0.05), earlier).figure, 5.0, 1e-6);
  EXPECT_FALSE(self_discharge(resting(0.02), earlier).fired);
  EXPECT_FALSE(self_discharge(resting(0.2, 0.5), earlier).fired) << "relaxation slows down";
  EXPECT_TRUE(std::isnan(self_discharge(resting(0.05, 1.0, 300.0), earlier).figure)) << "a rest of 5 min is all relaxation";
  Stroke noisy = resting(0.05);
  for (std::size_t k = 0; k < noisy.rest_voltage.size(); ++k) noisy.rest_voltage[k] += (k % 2 == 0 ? 1.0 : -1.0) * 20e-3;
  EXPECT_FALSE(self_discharge(noisy, earlier).fired) << "the slope is hardly known";
  EXPECT_TRUE(std::isnan(self_discharge(resting(0.05), {}).figure));
}

/// A charge whose current tapers to 0.1 mA while the voltage is held, and rises again by `rise` A.
Stroke held(double rise) {
  Stroke s = stroke(rising);
  s.run_current = 3e-4;
  s.constant_passed = s.charge.back();
  s.hold_noise = 1e-7;
  for (int k = 0; k < 100; ++k) {
    s.hold_time.push_back(6000.0 + 10.0 * k);
    s.hold_current.push_back(1e-4 + (k < 50 ? 2e-4 * std::exp(-k / 5.0) : rise));
  }
  return s;
}

TEST(FullGiven, ACurrentThatRisesInAHoldIsTold) {
  EXPECT_TRUE(current_in_hold(held(3e-5), {}).fired);
  EXPECT_FALSE(current_in_hold(held(1e-5), {}).fired) << "a thirtieth of the set current";
  EXPECT_FALSE(current_in_hold(with(held(3e-5), [](Stroke& s) { s.hold_noise = 5e-6; }), {}).fired);
  EXPECT_FALSE(current_in_hold(with(held(0.0), [](Stroke& s) { s.hold_current[70] += 1e-4; }), {}).fired) << "one row";
  // the hold goes on with what the half cycle before began
  EXPECT_TRUE(current_in_hold(with(held(0.0), [](Stroke& s) { s.least_current = 5e-5; }), {}).fired);
  EXPECT_TRUE(std::isnan(current_in_hold(stroke(rising), {}).figure));
}

Stroke pushing(double slope, double error = 1.0) {
  Stroke s = stroke(rising);
  s.push = numerics::LineFit{};
  s.push->slope = slope;
  s.push->slope_error = error;
  return s;
}

TEST(FullGiven, LithiumThatIsNotPlatedDoesNotPush) {
  const auto fires = [](double slope, double error, std::array<double, 3> before, double before_error = 1.0) {
    const Stroke a = pushing(before[0], before_error), b = pushing(before[1], before_error), c = pushing(before[2], before_error);
    Earlier earlier;
    earlier.charges = {&a, &b, &c};
    return pressure_follows(pushing(slope, error), earlier).fired;
  };
  EXPECT_TRUE(fires(500.0, 1.0, {1000.0, 1000.0, 1000.0}));
  EXPECT_FALSE(fires(800.0, 1.0, {1000.0, 1000.0, 1000.0}));
  EXPECT_FALSE(fires(500.0, 50.0, {1000.0, 1000.0, 1000.0})) << "0.2 below the threshold is four standard errors";
  EXPECT_FALSE(fires(500.0, 1.0, {1000.0, 900.0, 1100.0})) << "weather moves the pressure by a tenth";
  EXPECT_FALSE(fires(10.0, 1.0, {1000.0, 1000.0, 1000.0}, 150.0)) << "the usual one is not known";
  EXPECT_FALSE(fires(-500.0, 1.0, {-1000.0, -1000.0, -1000.0})) << "a fixture that does not press";
  const Stroke alone = pushing(1000.0);
  Earlier one;
  one.charges = {&alone};
  EXPECT_TRUE(std::isnan(pressure_follows(pushing(500.0), one).figure));
}

/// A charge of `times` the usual 1.8 C.
Stroke charged(double times, int direction = 1) {
  Stroke s = stroke(rising, direction);
  for (double& q : s.charge) q *= times;
  s.run_passed *= times;
  s.half_cycle.charge *= times;
  return s;
}

TEST(FullGiven, AnExcessIsBeyondTheFullestAndOfTheChargeItself) {
  const Stroke usual = stroke(rising), back = stroke(rising, -1);
  Earlier earlier;
  earlier.charges = {&usual};
  earlier.discharges = {&back};
  const auto fires = [&](const Stroke& s, const Earlier& e) { return excess_charge(s, nullptr, e).fired; };
  EXPECT_TRUE(fires(charged(1.5), earlier));
  EXPECT_FALSE(fires(charged(1.1), earlier));
  EXPECT_FALSE(fires(with(charged(1.5), [&](Stroke& s) { s.net = -0.4 * usual.passed(); }), earlier)) << "it was emptier than usual";
  EXPECT_FALSE(fires(with(charged(1.1), [&](Stroke& s) { s.net = 0.5 * usual.passed(); }), earlier)) << "the count drifts over partial cycles";
  EXPECT_TRUE(std::isnan(excess_charge(with(charged(1.5), [](Stroke& s) { s.after_gap = true; }), nullptr, earlier).figure));
  EXPECT_TRUE(std::isnan(excess_charge(with(charged(1.5), [](Stroke& s) { s.half_cycle.current = 1e-4; }), nullptr, earlier).figure)) << "slower takes more";
  const Stroke further = with(charged(1.5), [](Stroke& s) {
    for (double& v : s.voltage) v += 0.2;
  });
  EXPECT_FALSE(fires(further, earlier)) << "earlier charges ended at less voltage";
  Earlier stated; // by the cell file alone: 1.3 times
  stated.stated_capacity = usual.passed();
  EXPECT_TRUE(fires(charged(1.4), stated));
  EXPECT_FALSE(fires(charged(1.25), stated));
}

TEST(FullGiven, ACutOffIsMissedByAChargeThatPassedAsMuch) {
  const Stroke usual = stroke(rising);
  Earlier earlier;
  earlier.charges = {&usual};
  const auto ended = [&](double below, double times = 1.0) { return with(charged(times), [=](Stroke& s) { s.end_voltage -= below; }); };
  EXPECT_TRUE(cutoff_missed(ended(0.06), earlier).fired);
  EXPECT_FALSE(cutoff_missed(ended(0.04), earlier).fired);
  EXPECT_FALSE(cutoff_missed(with(ended(0.06), [](Stroke& s) { s.noise = 0.01; }), earlier).fired);
  EXPECT_TRUE(std::isnan(cutoff_missed(ended(0.06, 0.8), earlier).figure)) << "less was charged";
}

TEST(FullGiven, AnEfficiencyIsThatOfADischargeThatWentAsFar) {
  const Stroke charge = stroke(rising), usual = stroke(rising, -1);
  Earlier earlier;
  earlier.charges = {&charge};
  earlier.discharges = {&usual};
  earlier.efficiencies = {0.99};
  const auto of = [&](double gave, double higher = 0.0) {
    return efficiency(charge, std::array{with(usual, [=](Stroke& s) { s.run_passed *= gave; s.end_voltage += higher; })}.data(), earlier);
  };
  EXPECT_TRUE(of(0.8).fired);
  EXPECT_FALSE(of(0.87).fired) << "0.85 of the usual, which is known of one cycle";
  EXPECT_TRUE(std::isnan(of(0.8, 0.06).figure)) << "it was ended early";
}

TEST(FullGiven, FallsWhileChargingComeAfterVoidsAreRefilled) {
  const auto count = [](auto volts, double noise = 1e-4) { return charge_jumps(with(stroke(volts), [=](Stroke& s) { s.noise = noise; }), {}).figure; };
  const auto falls = [](double depth) { return [=](double k) { return rising(k) - (std::fmod(k, 150.0) >= 100.0 ? depth : 0.0); }; };
  EXPECT_EQ(count(falls(0.03)), 4.0);
  EXPECT_EQ(count(falls(0.015)), 0.0);
  EXPECT_EQ(count(falls(0.03), 5e-3), 0.0);
  EXPECT_EQ(count([](double k) { return 4.0 - 0.03 * std::floor(std::min(k, 100.0) / 20.0) + (k > 100.0 ? 5e-4 * (k - 100.0) : 0.0); }), 0.0) << "it had not risen yet";
}

TEST(FullGiven, AChargedCellHasMoreThanBeforeAndMoreThanAVolt) {
  const auto fires = [](const Stroke& s, const Earlier& e = {}) { return below_start(s, e).fired; };
  EXPECT_FALSE(fires(with(stroke(rising), [](Stroke& s) { s.before = 3.55; })));
  EXPECT_FALSE(fires(with(stroke(rising), [](Stroke& s) { s.before = 3.61; }))) << "by 10 mV";
  EXPECT_TRUE(fires(with(stroke(rising), [](Stroke& s) { s.before = 3.65; })));
  const auto low = [](double) { return 0.5; };
  EXPECT_TRUE(fires(stroke(low))) << "nowhere else";
  EXPECT_FALSE(fires(with(stroke(low), [](Stroke& s) { s.highest_before = 3.0; }))) << "a half cell may live there";
  EXPECT_FALSE(fires(stroke([](double k) { return 0.3 + 5e-4 * k; }))) << "what rises stores";
  EXPECT_FALSE(fires(stroke([](double) { return -3.5; }))) << "poles swapped";
  const Stroke healthy = stroke(rising), graphite = stroke([](double k) { return 0.1 + 5e-4 * k; });
  Earlier full, half;
  full.charges = {&healthy};
  half.charges = {&graphite};
  EXPECT_TRUE(fires(stroke(low), full));
  EXPECT_FALSE(fires(with(stroke(low), [](Stroke& s) { s.before = -inf; }), half)) << "it was there in healthy charges";
}

TEST(FullGiven, FallsBesideTheCourseAreTwiceAsManyAsRises) {
  const auto fires = [](double dips, double bumps) {
    return fallen(with(stroke(rising), [=](Stroke& s) {
                    s.dips = dips;
                    s.bumps = bumps;
                  }), {}).fired;
  };
  EXPECT_TRUE(fires(4.0, 2.0));
  EXPECT_FALSE(fires(4.0, 3.0));
  EXPECT_FALSE(fires(0.0, 0.0));
}

TEST(FullGiven, AStallIsOneWhereTheLastChargeWasAsWell) {
  const Stroke usual = stroke(rising);
  Earlier earlier;
  earlier.charges = {&usual};
  const Stroke flat = stroke([](double k) { return rising(std::max(k, 250.0)); });
  EXPECT_TRUE(stalled(flat, earlier).fired);
  EXPECT_FALSE(stalled(with(flat, [](Stroke& s) { s.net = -1.0; }), earlier).fired) << "emptier than the last was";
  EXPECT_TRUE(std::isnan(stalled(with(flat, [](Stroke& s) { s.gaps = 1; }), earlier).figure)) << "what passed meanwhile is not known";
  EXPECT_TRUE(std::isnan(stalled(with(flat, [](Stroke& s) { s.noise = 10e-3; }), earlier).figure)) << "a tenth of a charge rises by 30 mV";
}

TEST(FullGiven, UntilVoidsAreRefilledAChargeMayFall) {
  EXPECT_FALSE(find_charge_fall(stroke([](double k) { return k < 100.0 ? 4.0 - 2e-3 * k : 3.8 + 5e-4 * (k - 100.0); }), {}).found);
  EXPECT_TRUE(find_charge_fall(stroke([](double k) { return k < 400.0 ? rising(k) : rising(k) - 0.1; }), {}).found);
}

/// A first charge, which takes more than any other and is left out, three healthy cycles, of which discharges give 0.995, then one half cycle to judge and the charge after it; C, of what passed before.
struct Cycles {
  std::vector<Stroke> strokes;
  Earlier earlier;
  Cycles(double given, double next, const std::array<double, 3>& before = {0.995, 0.995, 0.995}) {
    const auto add = [&](int direction, double passed, double other) {
      strokes.push_back(with(stroke(rising, direction), [=](Stroke& s) {
        s.run_passed = passed;
        s.other_run = other;
      }));
    };
    add(1, 2.4, 2.4);
    add(-1, 1.8, 2.4);
    for (const double b : before) {
      add(1, 1.8, 1.8);
      add(-1, 1.8 * b, 1.8);
    }
    add(1, 1.8, 1.8);
    add(-1, 1.8 * given, 1.8);
    add(1, 1.8 * next, 1.8 * given);
    for (std::size_t k = 0; k < 9; ++k) (strokes[k].charging() ? earlier.charges : earlier.discharges).push_back(&strokes[k]);
  }
  Evidence at(std::size_t k) const { return unbalanced(strokes, k, earlier); }
  template <class Change> Evidence changed(Change change) {
    change(strokes[9]);
    return at(9);
  }
};

TEST(FullGiven, ADischargeLacksWhatTheNextChargeTakesAgain) {
  EXPECT_TRUE(Cycles(0.95, 1.0).at(9).fired);
  EXPECT_FALSE(Cycles(0.95, 0.96).at(9).fired) << "it stayed in the cell";
  EXPECT_FALSE(Cycles(0.99, 1.0).at(9).fired);
  EXPECT_FALSE(Cycles(0.95, 1.0, {0.995, 0.94, 0.995}).at(9).fired) << "they differ by as much";
  EXPECT_FALSE(Cycles(0.95, 1.0).changed([](Stroke& s) { s.time.resize(20); }).fired) << "a row is a twentieth";
  EXPECT_TRUE(std::isnan(Cycles(0.95, 1.0).changed([](Stroke& s) { s.half_cycle.current *= 1.5; }).figure)) << "faster";
  EXPECT_TRUE(std::isnan(Cycles(0.95, 1.0).changed([](Stroke& s) { s.end_voltage += 0.06; }).figure)) << "ended early";
  Cycles stopped(0.95, 1.0);
  for (std::size_t k = 3; k < 7; k += 2) stopped.strokes[k].other_run = 0.5; // charges that were stopped
  EXPECT_TRUE(std::isnan(stopped.at(9).figure)) << "one is left that shows what is usual";
}

TEST(FullGiven, AChargeTakesTooMuchOnlyBeyondTheFullest) {
  const auto fires = [](double net) {
    Cycles c(0.995, 1.1);
    c.strokes[10].net = net;
    c.earlier.discharges.push_back(&c.strokes[9]);
    return c.at(10).fired;
  };
  EXPECT_TRUE(fires(0.0));
  EXPECT_FALSE(fires(-0.3)) << "contact that returned lets it take what others did not reach";
}

TEST(FullGiven, LostContactShowsInTheCycleAndAtTheSwitch) {
  const auto stroke_of = [](double jump, double apart) {
    return with(stroke(rising, -1), [=](Stroke& s) {
      s.at_switch = jump;
      s.cycle_resistance = apart;
    });
  };
  const Stroke usual = stroke_of(10.0, 20.0), charge = with(stroke(rising), [](Stroke& s) { s.cycle_resistance = 20.0; });
  Earlier earlier;
  earlier.charges = {&charge};
  earlier.discharges = {&usual};
  const auto fires = [&](const Stroke& s) { return stroke_contact(s, nullptr, earlier, {}).fired; };
  EXPECT_TRUE(fires(stroke_of(30.0, 100.0)));
  EXPECT_FALSE(fires(stroke_of(15.0, 100.0))) << "charge that was lost moves the two apart as well";
  EXPECT_TRUE(fires(stroke_of(50.0, 50.0)));
  EXPECT_FALSE(fires(stroke_of(30.0, 50.0)));
  EXPECT_FALSE(fires(with(stroke_of(30.0, 100.0), [](Stroke& s) { s.noise = 2e-3; }))) << "20 ohm above four times are 6 mV";
  EXPECT_FALSE(fires(with(stroke_of(50.0, 100.0), [](Stroke& s) { s.passed_before = 0.1; }))) << "it goes on with the one before";
}

} // namespace
} // namespace platen::assessing

// Direct current: synthetic truth from milliamperes to 24 nA at an instrument's floor.
#include "base/error.hpp"
#include "impedance/polarisation.hpp"
#include "numerics/random.hpp"

#include <cmath>
#include <cstdio>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace platen;
using namespace platen::impedance;
using testing::HasSubstr;

struct Readings {
  std::vector<double> time, current;
};

Readings measure(const std::function<double(double)>& truth, double duration, double interval, double noise, double resolution, std::uint64_t seed) {
  numerics::RandomStream random(seed, "polarisation");
  Readings r;
  for (double t = interval; t <= duration * (1 + 1e-12); t += interval) {
    double i = truth(t) + noise * random.normal();
    if (resolution > 0.0) i = resolution * std::round(i / resolution);
    r.time.push_back(t);
    r.current.push_back(i);
  }
  return r;
}

/// The pellet of the paper: 0.6 mm, 0.785 cm2, 100 mV; 1.8e-8 S/cm is 24 nA.
constexpr double thickness = 0.6e-3, area = 0.785e-4, voltage = 0.1, kappa = 1.8e-6;
constexpr double electrons = kappa * area * voltage / thickness;

PolarisationOptions pellet() {
  PolarisationOptions o;
  o.voltage = {voltage, 0.0};
  o.thickness = Uncertain{thickness, 0.0};
  o.area = Uncertain{area, 0.0};
  return o;
}

double charging(double t) { return 3e-3 * std::exp(-t / 0.05) + 2e-7 * std::exp(-t / 9.0) + 4e-8 * std::exp(-t / 30.0); }

TEST(ImpedancePolarisation, ThePaperIsTwentyFourNanoamperes) { EXPECT_NEAR(electrons, 23.55e-9, 0.01e-9); }

TEST(ImpedancePolarisation, TheTruthLiesInTheBandAtTheInstrumentsFloor) {
  // Noise 1 nA at 5 Hz, steps of 0.5 nA, a leakage of 3 nA known to 0.5 nA.
  int inside = 0;
  double mean = 0;
  constexpr int cases = 200;
  for (int c = 0; c < cases; ++c) {
    numerics::RandomStream random(static_cast<std::uint64_t>(c), "leakage");
    const double leakage = 3e-9;
    const Readings r = measure([&](double t) { return electrons + leakage + charging(t); }, 180, 0.2, 1e-9, 0.5e-9, static_cast<std::uint64_t>(c));
    PolarisationOptions o = pellet();
    o.leakage = {leakage + 0.5e-9 * random.normal(), 0.5e-9};
    const Polarisation p = polarisation(r.time, r.current, o);
    ASSERT_TRUE(p.conductivity);
    EXPECT_TRUE(p.significant);
    inside += std::abs(p.conductivity->value - kappa) < 1.96 * p.conductivity->error;
    mean += p.conductivity->value / cases;
  }
  std::printf("1.8e-8 S/cm at the floor: mean %.3e S/cm, inside the band in %.1f %% of %d\n", mean / 100, 100.0 * inside / cases, cases);
  EXPECT_GE(inside, 0.90 * cases);
  EXPECT_NEAR(mean / kappa, 1.0, 0.03);
}

TEST(ImpedancePolarisation, ThreeMinutesThatWereNotEnoughAreSaid) {
  // A relaxation of 200 s: the last tenth of three minutes reads almost three times the truth.
  int inside = 0, warned = 0;
  constexpr int cases = 100;
  for (int c = 0; c < cases; ++c) {
    const Readings r = measure([&](double t) { return electrons + 1e-7 * std::exp(-t / 200.0) + 3e-3 * std::exp(-t / 0.05); }, 180, 0.2, 0.3e-9, 0.0,
                               static_cast<std::uint64_t>(c));
    const Polarisation p = polarisation(r.time, r.current, pellet());
    EXPECT_FALSE(p.stationary);
    EXPECT_GT(p.last.value, 2.0 * electrons);
    warned += !p.warnings.empty() && p.warnings.front().find("were not enough") != std::string::npos;
    inside += std::abs(p.steady.value - electrons) < 1.96 * p.steady.error;
    EXPECT_GT(p.needed, 500.0);
  }
  std::printf("relaxation of 200 s seen for 180 s: truth inside the band in %d of %d, warned in %d\n", inside, cases, warned);
  EXPECT_GE(inside, 0.85 * cases);
  EXPECT_GE(warned, 0.95 * cases);
}

TEST(ImpedancePolarisation, ALongOneIsStationary) {
  const Readings r = measure([&](double t) { return electrons + charging(t); }, 1800, 1.0, 0.5e-9, 0.0, 3);
  const Polarisation p = polarisation(r.time, r.current, pellet());
  EXPECT_TRUE(p.stationary);
  EXPECT_NEAR(p.steady.value, electrons, 0.05 * electrons);
  EXPECT_NEAR(p.last.value, electrons, 0.05 * electrons);
  EXPECT_EQ(p.needed, 0.0);
  EXPECT_NEAR(p.noise, 0.5e-9, 0.05e-9);
  EXPECT_THAT(p.warnings, testing::ElementsAre(HasSubstr("leakage of the instrument is not known")));
}

TEST(ImpedancePolarisation, TransientsAreSeparated) {
  const Readings r = measure([](double t) { return 1e-6 + 5e-5 * std::exp(-t / 2.0) + 8e-6 * std::exp(-t / 40.0); }, 400, 0.2, 1e-8, 0.0, 4);
  const Polarisation p = polarisation(r.time, r.current, pellet());
  ASSERT_EQ(p.transients.size(), 2u);
  EXPECT_EQ(p.law, "2 exponentials");
  EXPECT_EQ(p.transients[0].what, "capacitive");
  EXPECT_NEAR(p.transients[0].time, 2.0, 0.05);
  EXPECT_NEAR(p.transients[0].amplitude, 5e-5, 1e-6);
  EXPECT_EQ(p.transients[1].what, "ionic relaxation");
  EXPECT_NEAR(p.transients[1].time, 40.0, 1.0);
}

TEST(ImpedancePolarisation, APowerOfTimeIsNotTakenForALimit) {
  // What blocking electrodes with a constant phase do: no exponential has such a tail.
  const Readings r = measure([](double t) { return 2e-8 + 1e-6 * std::pow(t, -0.8); }, 180, 0.2, 2e-10, 0.0, 5);
  const Polarisation p = polarisation(r.time, r.current, pellet());
  EXPECT_EQ(p.law, "power of time");
  EXPECT_NEAR(p.steady.value, 2e-8, 3.0 * p.steady.error);
  EXPECT_GT(p.last.value, 3e-8);
}

TEST(ImpedancePolarisation, WhatTheLawsDisagreeOnIsPartOfTheError) {
  // A minute of a tail as a power of time under noise: now an exponential is taken, now the power, with limits of their own.
  int inside = 0;
  constexpr int cases = 200;
  for (int c = 0; c < cases; ++c) {
    const Readings r = measure([](double t) { return 2e-8 + 3e-7 * std::pow(t, -0.7); }, 60, 1.0, 6e-9, 0.0, static_cast<std::uint64_t>(c));
    const Polarisation p = polarisation(r.time, r.current, pellet());
    inside += std::abs(p.steady.value - 2e-8) < 1.96 * p.steady.error;
  }
  std::printf("power of time under noise: truth inside the band in %d of %d\n", inside, cases);
  EXPECT_GE(inside, 0.85 * cases);
}

TEST(ImpedancePolarisation, NothingIsCalledNothing) {
  const Readings r = measure([](double t) { return charging(t); }, 1800, 1.0, 2e-9, 0.0, 6);
  const Polarisation p = polarisation(r.time, r.current, pellet());
  EXPECT_FALSE(p.significant);
  EXPECT_THAT(p.warnings, testing::Contains(HasSubstr("upper limit")));
  // Readings that never leave zero: the step of the instrument is the error.
  Readings flat;
  for (int k = 1; k <= 100; ++k) {
    flat.time.push_back(k);
    flat.current.push_back(k % 50 == 0 ? 1e-8 : 0.0);
  }
  const Polarisation q = polarisation(flat.time, flat.current, pellet());
  EXPECT_FALSE(q.significant);
  EXPECT_EQ(q.resolution, 1e-8);
}

TEST(ImpedancePolarisation, TheErrorOfTheLeakageCounts) {
  const Readings r = measure([&](double t) { return electrons + 5e-9 + charging(t); }, 1800, 1.0, 0.5e-9, 0.0, 7);
  PolarisationOptions o = pellet();
  o.leakage = {5e-9, 2e-9};
  const Polarisation p = polarisation(r.time, r.current, o);
  EXPECT_NEAR(p.steady.value, electrons, 0.05 * electrons);
  EXPECT_GT(p.steady.error, 2e-9);
  o.voltage = {-voltage, 0.01 * voltage};
  std::vector<double> turned;
  for (const double i : r.current) turned.push_back(-i);
  o.leakage = {-5e-9, 0.0};
  const Polarisation q = polarisation(r.time, turned, o);
  EXPECT_NEAR(q.conductivity->value, kappa, 0.05 * kappa);
}

TEST(ImpedancePolarisation, RefusesWhatIsNone) {
  const Readings r = measure([](double) { return 1e-8; }, 30, 1.0, 1e-9, 0.0, 8);
  PolarisationOptions o = pellet();
  EXPECT_THROW(polarisation(std::span(r.time).first(10), std::span(r.current).first(10), o), Error);
  EXPECT_THROW(polarisation(r.time, std::span(r.current).first(25), o), Error);
  std::vector<double> back = r.time;
  std::swap(back[3], back[4]);
  EXPECT_THROW(polarisation(back, r.current, o), Error);
  std::vector<double> bad = r.current;
  bad[5] = std::nan("");
  EXPECT_THROW(polarisation(r.time, bad, o), Error);
  o.voltage = {0.0, 0.0};
  EXPECT_THROW(polarisation(r.time, r.current, o), Error);
  o = pellet();
  o.area = Uncertain{0.0, 0.0};
  EXPECT_THROW(polarisation(r.time, r.current, o), Error);
}

} // namespace

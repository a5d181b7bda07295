// Fits of circuits: constraints, weights, order of branches, what is not determined, series.
#include "base/error.hpp"
#include "impedance/fit.hpp"
#include "numerics/random.hpp"

#include "../impedance_decades.hpp"

#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <numbers>

namespace {

using namespace platen;
using namespace platen::impedance;
using Complex = std::complex<double>;

const Circuit two_arcs = Circuit::parse("R0-p(R1,C1)-p(R2,C2)");
const std::vector<double> truth{10, 30, 1e-6, 50, 1e-3};
const std::vector<double> frequency = decades(0.1, 1e6, 50);

std::vector<Complex> noisy(double share, std::uint64_t seed) {
  auto z = impedance::impedance(two_arcs, truth, frequency);
  numerics::RandomStream random(seed, "test");
  for (Complex& v : z) {
    const double sigma = share * std::abs(v);
    v += Complex(sigma * random.normal(), sigma * random.normal());
  }
  return z;
}

std::string code_of(const std::vector<double>& f, const std::vector<Complex>& z, const FitOptions& options = {}) {
  try {
    fit(two_arcs, f, z, options);
  } catch (const Error& error) {
    return error.diagnostics().front().code;
  }
  return "accepted";
}

TEST(ImpedanceFit, FixedParametersStayAndTheOthersAdapt) {
  const auto z = noisy(1e-3, 1);
  FitOptions options;
  options.constraints = {{.parameter = "R0", .fixed = 12.0}};
  const CircuitFit result = fit(two_arcs, frequency, z, options);
  EXPECT_DOUBLE_EQ(result.parameters[0].value, 12.0);
  EXPECT_EQ(result.parameters[0].standing, Standing::fixed);
  EXPECT_EQ(result.parameters[0].standard_error, 0.0);
  EXPECT_EQ(result.free, 4u);
  EXPECT_GT(result.residual, 5 * fit(two_arcs, frequency, z).residual);
}

TEST(ImpedanceFit, TiedParametersShareOneValue) {
  FitOptions options;
  options.constraints = {{.parameter = "R2", .tied_to = "R1", .factor = 5.0 / 3.0}};
  const CircuitFit result = fit(two_arcs, frequency, noisy(1e-3, 1), options);
  EXPECT_DOUBLE_EQ(result.parameters[3].value, result.parameters[1].value * 5.0 / 3.0);
  EXPECT_NEAR(result.parameters[1].value, 30, 0.1);
  EXPECT_EQ(result.parameters[3].standing, Standing::tied);
  EXPECT_DOUBLE_EQ(result.parameters[3].standard_error, result.parameters[1].standard_error * 5.0 / 3.0);
  // Both arcs teach R1, so it is known better than alone.
  EXPECT_LT(result.parameters[1].standard_error, fit(two_arcs, frequency, noisy(1e-3, 1)).parameters[1].standard_error);
}

TEST(ImpedanceFit, BoundsHoldAndAreSaid) {
  FitOptions options;
  options.constraints = {{.parameter = "R0", .upper = 9.0}};
  const CircuitFit result = fit(two_arcs, frequency, noisy(1e-3, 1), options);
  EXPECT_DOUBLE_EQ(result.parameters[0].value, 9.0);
  EXPECT_EQ(result.parameters[0].standing, Standing::at_bound);
  EXPECT_TRUE(std::isinf(result.parameters[0].standard_error));
  EXPECT_EQ(result.parameters[1].standing, Standing::free);
}

TEST(ImpedanceFit, WhatTheDataDoNotTellIsCalledUndetermined) {
  const Circuit circuit = Circuit::parse("R0-R9-p(R1,C1)-p(R2,C2)");
  const CircuitFit result = fit(circuit, frequency, noisy(1e-3, 1));
  EXPECT_EQ(result.parameters[0].standing, Standing::undetermined);
  EXPECT_EQ(result.parameters[1].standing, Standing::undetermined);
  EXPECT_EQ(result.parameters[2].standing, Standing::free);
  EXPECT_NEAR(result.parameters[0].value + result.parameters[1].value, 10.0, 0.1);
}

TEST(ImpedanceFit, BranchesDoNotSwapTheirNames) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    FitOptions options;
    options.seed = seed;
    options.starts = 4;
    const CircuitFit result = fit(two_arcs, frequency, noisy(1e-3, seed), options);
    EXPECT_NEAR(result.parameters[1].value, 30, 1) << seed;
    EXPECT_NEAR(result.parameters[4].value, 1e-3, 1e-4) << seed;
  }
  FitOptions unordered;
  unordered.order = false;
  unordered.starts = 0;
  unordered.start = {10, 50, 1e-3, 30, 1e-6};
  EXPECT_NEAR(fit(two_arcs, frequency, noisy(1e-3, 1), unordered).parameters[1].value, 50, 1);
}

TEST(ImpedanceFit, OrderIsByTimeConstantInside) {
  const Circuit c = Circuit::parse("p(R1,C1)-p(R2-p(R3,CPE3)-p(R4,CPE4),C2)-ZARC1-p(R5,C5)-ZARC2");
  const std::vector<double> p{1, 1, 2, 3, 1e-1, 0.5, 4, 1e-5, 0.9, 1e-4, 1, 5, 0.8, 1, 1e-3, 2, 1, 0.7};
  const auto q = ordered(c, p, std::vector<bool>(p.size(), false));
  EXPECT_EQ(q[c.find("C1")], 1e-3);
  EXPECT_EQ(q[c.find("R3")], 4);
  EXPECT_EQ(q[c.find("CPE3.n")], 0.9);
  EXPECT_EQ(q[c.find("ZARC1.R")], 2);
  EXPECT_EQ(q[c.find("R2")], 2);
  EXPECT_EQ(time_constant(c, c.parts()[c.parts().size() - 1].children[0], p), 1.0);
  std::vector<bool> pinned(p.size(), false);
  pinned[c.find("C1")] = true; // what a user has tied down keeps its name
  EXPECT_EQ(ordered(c, p, pinned)[c.find("C1")], 1);
}

TEST(ImpedanceFit, WeightsDecideWhatCounts) {
  // An offset of 2 ohm in the upper decades only: relative weights follow it, absolute ones do less so.
  auto z = impedance::impedance(two_arcs, truth, frequency);
  for (std::size_t i = 35; i < z.size(); ++i) z[i] += 2.0;
  FitOptions options;
  const double relative = fit(two_arcs, frequency, z, options).parameters[0].value;
  options.weighting = Weighting::unit;
  const double absolute = fit(two_arcs, frequency, z, options).parameters[0].value;
  EXPECT_GT(std::abs(relative - absolute), 0.02);
  options.weighting = Weighting::noise;
  options.noise_real = options.noise_imaginary = std::vector<double>(z.size(), 1e-3);
  for (std::size_t i = 35; i < z.size(); ++i) options.noise_real[i] = options.noise_imaginary[i] = 1e3;
  const CircuitFit told = fit(two_arcs, frequency, z, options);
  EXPECT_NEAR(told.parameters[3].value, 50, 1e-3);
  options.weighting = Weighting::proportional;
  EXPECT_TRUE(fit(two_arcs, frequency, z, options).converged);
}

TEST(ImpedanceFit, ARealPartOfZeroHasAWeight) {
  const Circuit c = Circuit::parse("C1");
  const auto z = impedance::impedance(c, std::vector<double>{1e-6}, frequency);
  FitOptions options;
  options.weighting = Weighting::proportional;
  EXPECT_NEAR(fit(c, frequency, z, options).parameters[0].value, 1e-6, 1e-14);
}

TEST(ImpedanceFit, KnownNoiseSetsTheErrors) {
  FitOptions options;
  options.weighting = Weighting::noise;
  const auto z = noisy(1e-3, 3);
  for (const Complex& v : z) options.noise_real.push_back(2e-3 * std::abs(v)); // twice the truth
  options.noise_imaginary = options.noise_real;
  const double stated = fit(two_arcs, frequency, z, options).parameters[1].standard_error;
  const double found = fit(two_arcs, frequency, z).parameters[1].standard_error;
  EXPECT_NEAR(stated / found, 2.0, 0.3);
}

TEST(ImpedanceFit, TheCriterionPrefersTheTruth) {
  const auto z = noisy(3e-3, 4);
  const double one = fit(Circuit::parse("R0-p(R1,C1)"), frequency, z).aicc;
  const double two = fit(two_arcs, frequency, z).aicc;
  const double three = fit(Circuit::parse("R0-p(R1,C1)-p(R2,C2)-p(R3,C3)"), frequency, z).aicc;
  EXPECT_LT(two, one - 50);
  EXPECT_LT(two, three);
}

TEST(ImpedanceFit, ProfilesOpenWhereTheDataSetNoLimit) {
  const auto z = noisy(1e-2, 5);
  const CircuitFit best = fit(two_arcs, frequency, z);
  const ProfileInterval arc = profile(two_arcs, frequency, z, {}, best, "R1");
  EXPECT_FALSE(arc.open_low || arc.open_high);
  EXPECT_NEAR(arc.low, best.parameters[1].low, 0.1);
  EXPECT_NEAR(arc.high, best.parameters[1].high, 0.1);
  // An inductance far too small to be seen is bounded from above only.
  const Circuit with = Circuit::parse("L1-R0-p(R1,C1)-p(R2,C2)");
  const CircuitFit seen = fit(with, frequency, z);
  const ProfileInterval cable = profile(with, frequency, z, {}, seen, "L1");
  EXPECT_TRUE(cable.open_low);
  EXPECT_EQ(cable.low, 0.0);
  EXPECT_FALSE(cable.open_high);
  EXPECT_LT(cable.high, 1e-6);
  FitOptions fixed;
  fixed.constraints = {{.parameter = "R1", .fixed = 30.0}};
  EXPECT_THROW(profile(two_arcs, frequency, z, fixed, best, "R1"), Error);
  EXPECT_THROW(profile(two_arcs, frequency, z, {}, best, "R1", 1.0), Error);
}

TEST(ImpedanceFit, SeriesFollowTheirBranches) {
  std::vector<std::vector<double>> frequencies;
  std::vector<std::vector<Complex>> spectra;
  for (int k = 0; k < 8; ++k) {
    std::vector<double> p = truth;
    p[1] = 30 * std::exp(-0.2 * k);
    p[3] = 50 * std::exp(0.1 * k);
    frequencies.push_back(frequency);
    spectra.push_back(impedance::impedance(two_arcs, p, frequency));
  }
  FitOptions options;
  options.starts = 8;
  const auto all = fit_series(two_arcs, frequencies, spectra, options);
  ASSERT_EQ(all.size(), 8u);
  for (int k = 0; k < 8; ++k) EXPECT_NEAR(all[k].parameters[1].value, 30 * std::exp(-0.2 * k), 1e-5) << k;
  EXPECT_EQ(all[0].starts, 8u);
  EXPECT_EQ(all[1].starts, 3u);
  frequencies.pop_back();
  EXPECT_THROW(fit_series(two_arcs, frequencies, spectra, options), Error);
}

TEST(ImpedanceFit, RefusesWhatCannotBeFitted) {
  const auto z = noisy(1e-3, 1);
  auto bad = z;
  bad[7] = Complex(std::nan(""), 0);
  EXPECT_EQ(code_of(frequency, bad), "D209");
  bad[7] = 0;
  EXPECT_EQ(code_of(frequency, bad), "D209");
  EXPECT_EQ(code_of({1, 2}, {1.0, 2.0}), "D209");
  EXPECT_EQ(code_of({1, 2}, z), "D209");
  auto f = frequency;
  f[3] = -1;
  EXPECT_EQ(code_of(f, z), "D208");
  const auto with = [&](Constraint c) {
    FitOptions options;
    options.constraints = {std::move(c)};
    return code_of(frequency, z, options);
  };
  EXPECT_EQ(with({.parameter = "R7", .fixed = 1.0}), "U107");
  EXPECT_EQ(with({.parameter = "R1", .fixed = -1.0}), "U110");
  EXPECT_EQ(with({.parameter = "R1", .tied_to = "C1"}), "U110");
  EXPECT_EQ(with({.parameter = "R1", .tied_to = "R1"}), "U110");
  EXPECT_EQ(with({.parameter = "R1", .lower = 3.0, .upper = 2.0}), "U110");
  FitOptions options;
  options.weighting = Weighting::noise;
  options.noise_real = std::vector<double>(z.size(), 0.1); // of one part only
  EXPECT_EQ(code_of(frequency, z, options), "D209");
  options.noise_real = options.noise_imaginary = std::vector<double>(z.size(), 0.0);
  EXPECT_EQ(code_of(frequency, z, options), "D209");
}

} // namespace

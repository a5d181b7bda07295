// Circuits with known truth: without noise six digits come back from automatic starts; with noise the 95 % intervals cover.
#include "impedance/fit.hpp"
#include "numerics/random.hpp"

#include "../impedance_decades.hpp"

#include <cmath>
#include <cstdio>
#include <gtest/gtest.h>

namespace {

using namespace platen;
using namespace platen::impedance;
using Complex = std::complex<double>;

struct Certified {
  const char* circuit;
  std::vector<double> truth;
  double from, to;
};

// Truths with alike branches stand by rising time constant.
const std::vector<Certified> problems{
    {"R0-p(R1,C1)", {29.14, 46.65, 10.43e-6}, 1e-1, 1e6},
    {"R0-p(R1,CPE1)", {12, 340, 3e-7, 0.88}, 1e-1, 1e6},
    {"R0-p(R1,CPE1)-p(R2,CPE2)", {12, 340, 3e-8, 0.92, 150, 2e-5, 0.8}, 1e-1, 1e7},
    {"R0-p(R1,CPE1)-p(R2,CPE2)-W1", {5, 40, 1e-8, 0.95, 80, 1e-5, 0.8, 12}, 1e-2, 1e7},
    {"R0-p(R1,CPE1)-p(R2,CPE2)-p(R3,CPE3)", {5, 40, 1e-9, 0.95, 25, 1e-6, 0.85, 80, 3e-4, 0.8}, 1e-2, 1e7},
    {"L1-R0-p(R1-Wo1,CPE1)", {3e-7, 8, 60, 25, 4, 2e-5, 0.85}, 1e-3, 1e6},
    {"R0-p(R1,CPE1)-Ws1", {4, 60, 2e-5, 0.9, 35, 2.5}, 1e-3, 1e5},
    {"p(R1,C1)-CPE1", {1440, 2e-11, 3e-6, 0.9}, 1e0, 7e6},
    {"R0-ZARC1-G1", {3, 20, 1e-4, 0.85, 60, 0.6}, 1e-3, 1e6},
    {"R0-HN1", {3, 90, 1e-3, 0.9, 0.6}, 1e-3, 1e6},
    {"R0-TL1(p(R1,CPE1))", {6, 15, 5e-3, 0.9, 60, 3}, 1e-3, 1e6},
};

TEST(ImpedanceCertified, SixDigitsWithoutNoise) {
  for (const Certified& problem : problems) {
    const Circuit circuit = Circuit::parse(problem.circuit);
    const auto f = decades(problem.from, problem.to, 80);
    const auto z = impedance::impedance(circuit, problem.truth, f);
    const CircuitFit result = fit(circuit, f, z);
    double digits = 16;
    for (std::size_t k = 0; k < problem.truth.size(); ++k)
      digits = std::min(digits, -std::log10(std::abs(result.parameters[k].value / problem.truth[k] - 1.0) + 1e-16));
    std::printf("%-40s %4.1f digits, %zu of %zu starts agree\n", problem.circuit, digits, result.agreeing, result.starts);
    EXPECT_GE(digits, 6.0) << problem.circuit;
    EXPECT_TRUE(result.converged) << problem.circuit;
  }
}

/// Shares of intervals that hold the truth over `cases` spectra with 1 % noise of the modulus.
std::vector<double> coverage(const Certified& problem, std::size_t cases, const FitOptions& options, bool by_profile) {
  const Circuit circuit = Circuit::parse(problem.circuit);
  const auto f = decades(problem.from, problem.to, 80);
  const auto exact = impedance::impedance(circuit, problem.truth, f);
  std::vector<double> hits(problem.truth.size(), 0.0);
  for (std::size_t c = 0; c < cases; ++c) {
    numerics::RandomStream random(20, "coverage", c);
    auto z = exact;
    for (Complex& v : z) {
      const double sigma = 0.01 * std::abs(v);
      v += Complex(sigma * random.normal(), sigma * random.normal());
    }
    const CircuitFit result = fit(circuit, f, z, options);
    for (std::size_t k = 0; k < hits.size(); ++k) {
      double low = result.parameters[k].low, high = result.parameters[k].high;
      if (by_profile) {
        const ProfileInterval p = profile(circuit, f, z, options, result, result.parameters[k].name);
        low = p.low;
        high = p.high;
      }
      hits[k] += low <= problem.truth[k] && problem.truth[k] <= high;
    }
  }
  for (double& h : hits) h /= static_cast<double>(cases);
  return hits;
}

void expect_covered(const char* name, const std::vector<double>& shares) {
  std::printf("%-40s", name);
  for (const double share : shares) std::printf(" %5.1f %%", 100.0 * share);
  std::printf("\n");
  for (const double share : shares) {
    EXPECT_GE(share, 0.90) << name;
    EXPECT_LE(share, 0.98) << name;
  }
}

TEST(ImpedanceCertified, IntervalsCoverWithNoise) {
  for (const std::size_t k : {1u, 2u, 3u, 6u}) expect_covered(problems[k].circuit, coverage(problems[k], 200, {}, false));
}

TEST(ImpedanceCertified, IntervalsCoverWithNoiseThatWasEstimated) {
  FitOptions options;
  options.weighting = Weighting::noise;
  expect_covered("R0-p(R1,CPE1), noise estimated", coverage(problems[1], 200, options, false));
}

TEST(ImpedanceCertified, ProfilesCoverWithNoise) {
  FitOptions few;
  few.starts = 5;
  expect_covered("R0-p(R1,CPE1)-p(R2,CPE2), profiles", coverage(problems[2], 200, few, true));
}

} // namespace

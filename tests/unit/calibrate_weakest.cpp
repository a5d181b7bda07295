// Of several flaws the weakest decides: the population that the likelihood takes cells from is the one that the simulator draws.

#include "calibrate/weakest.hpp"
#include "numerics/random.hpp"
#include "physics/parameters.hpp"
#include "simulate/cell_system.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace platen::calibrate {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

double squares(const std::array<double, 2>& r) { return r[0] * r[0] + r[1] * r[1]; }

/// Share of single flaws of median 1 that hold `load`: a Weibull distribution, written out.
double survives(double load, double sigma) { return std::exp2(-std::pow(load, std::numbers::pi / (sigma * std::sqrt(6.0)))); }

/// A modulus as a standard deviation of the logarithm.
double sigma_of(double modulus) { return std::numbers::pi / (modulus * std::sqrt(6.0)); }

TEST(CalibrateWeakest, CellsSurviveWhereAllTheirFlawsDo) {
  for (const double m : {0.9, 1.5, 1.7, 2.0, 3.5})
    for (const double s : {0.15, 0.3, 1.0})
      for (const std::size_t flaws : {1u, 2u, 3u}) {
        const Population cells = Population::of_flaws(m, flaws, s);
        const double n = static_cast<double>(flaws), low = std::pow(survives(1.5 / m, s), n), high = std::pow(survives(2.0 / m, s), n);
        EXPECT_NEAR(squares(weakest_residuals(cells, 1.5, 2.0)), -2.0 * std::log(low - high), 1e-8 * std::abs(std::log(low - high)) + 1e-8) << m << " " << s << " " << flaws;
        EXPECT_NEAR(squares(weakest_residuals(cells, 1.5, infinity)), -2.0 * std::log(low), 1e-9 * std::abs(std::log(low)) + 1e-9);
        EXPECT_NEAR(squares(weakest_residuals(cells, 0.0, 1.5)), -2.0 * std::log1p(-low), 1e-9 * std::abs(std::log1p(-low)) + 1e-9);
      }
}

TEST(CalibrateWeakest, IsThePopulationThatTheSimulatorDraws) {
  physics::Parameters p;
  p.scatter_flaw_modulus = 5.0;
  constexpr std::size_t cells = 20000;
  std::vector<double> weakest;
  for (std::size_t k = 1; k <= cells; ++k) {
    const simulation::Scatter s = simulation::draw_scatter(p, k);
    weakest.push_back(std::min(s.flaw_strength[0], s.flaw_strength[1]));
  }
  const Population expected = Population::of_flaws(1.0, 2, sigma_of(p.scatter_flaw_modulus));
  EXPECT_NEAR(expected.median, std::pow(2.0, -0.2), 1e-12);
  // The share of cells in an interval against what the likelihood gives it: five standard deviations of a count.
  const double edges[] = {0.0, 0.5, 0.7, 0.87, 1.0, 1.1, infinity};
  for (std::size_t k = 0; k + 1 < std::size(edges); ++k) {
    const double share = std::exp(-0.5 * weakest_deviance(expected, edges[k], edges[k + 1]));
    const auto seen = static_cast<double>(std::count_if(weakest.begin(), weakest.end(), [&](double x) { return x > edges[k] && x <= edges[k + 1]; })) / cells;
    EXPECT_NEAR(seen, share, 5.0 * std::sqrt(share * (1.0 - share) / cells)) << edges[k];
  }
  for (const double q : {0.025, 0.5, 0.975}) {
    const double below = static_cast<double>(std::count_if(weakest.begin(), weakest.end(), [&](double x) { return x < expected.quantile(q); })) / cells;
    EXPECT_NEAR(below, q, 5.0 * std::sqrt(q * (1.0 - q) / cells)) << q;
  }
}

TEST(CalibrateWeakest, SlopeAtTheBestMedianCarriesTheCurvature) {
  const double s = 0.2, h = 1e-3;
  const auto r = [&](double x) { return weakest_residuals({std::exp(x), s}, 1.5, 2.0)[0]; };
  const auto cost = [&](double x) { return weakest_deviance({std::exp(x), s}, 1.5, 2.0); };
  double best = 0.0;
  for (double x = std::log(1.5); x < std::log(2.2); x += 1e-5)
    if (cost(x) < cost(best)) best = x;
  EXPECT_NEAR(r(best), 0.0, 1e-3);
  EXPECT_LT(r(best - 0.1), 0.0);
  EXPECT_GT(r(best + 0.1), 0.0);
  const double slope = (r(best + h) - r(best - h)) / (2 * h), curvature = (cost(best + 1e-2) - 2 * cost(best) + cost(best - 1e-2)) / 1e-4;
  EXPECT_NEAR(2.0 * slope * slope, curvature, 0.02 * curvature);
  EXPECT_NEAR(weakest_residuals({1.0, s}, 1.5, 2.0)[1], weakest_residuals({1.9, s}, 1.5, 2.0)[1], 1e-9) << "what no median explains depends on the scatter alone";
}

TEST(CalibrateWeakest, SidesOfTheCensoringPullApart) {
  // Never seen to fail pulls the median up, failed at once pulls it down.
  EXPECT_LT(weakest_residuals({1.0, 0.25}, 1.5, infinity)[0], weakest_residuals({2.0, 0.25}, 1.5, infinity)[0]);
  EXPECT_LT(weakest_residuals({1.0, 0.25}, 1.5, infinity)[0], -2.0);
  EXPECT_GT(weakest_residuals({2.0, 0.25}, 0.0, 1.5)[0], weakest_residuals({1.0, 0.25}, 0.0, 1.5)[0]);
  EXPECT_GT(weakest_residuals({3.0, 0.25}, 0.0, 1.5)[0], 2.0);
}

TEST(CalibrateWeakest, IsFiniteFarAway) {
  for (const double m : {0.0, 1e-300, 1e300, infinity})
    for (const double s : {0.03, 2.0}) {
      EXPECT_TRUE(std::isfinite(weakest_residuals({m, s}, 1.5, 2.0)[0])) << m;
      EXPECT_TRUE(std::isfinite(weakest_residuals({m, s}, 1.5, infinity)[0])) << m;
      EXPECT_TRUE(std::isfinite(weakest_residuals({m, s}, 0.0, 2.0)[0])) << m;
    }
}

TEST(CalibrateWeakest, CountsTheFlawsThatATestLoads) {
  Study study;
  study.cell.configuration = Configuration::symmetric;
  const auto steps = [&](std::vector<StepKind> kinds) {
    study.test.clear();
    for (StepKind& k : kinds) study.test.push_back({std::move(k), "", {}});
  };
  const step::ConstantCurrent forth{+1, 5.0, std::nullopt, 900.0, std::nullopt}, back{-1, 5.0, std::nullopt, 900.0, std::nullopt};
  steps({step::Ramp{}});
  EXPECT_EQ(loaded_flaws(study), 2u);
  steps({step::Rest{10.0}, forth});
  EXPECT_EQ(loaded_flaws(study), 1u);
  steps({forth, step::Rest{10.0}, back});
  EXPECT_EQ(loaded_flaws(study), 2u);
  steps({step::Repeat{3, {{forth, "", {}}, {back, "", {}}}}});
  EXPECT_EQ(loaded_flaws(study), 2u);
  study.cell.configuration = Configuration::full; // a cathode has no flaw that lithium grows from
  EXPECT_EQ(loaded_flaws(study), 1u);
}

} // namespace
} // namespace platen::calibrate

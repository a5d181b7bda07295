// Functions whose indices are known in closed form (docs/theory/sensitivity.md).
#include "numerics/designs.hpp"
#include "numerics/random.hpp"
#include "numerics/sensitivity.hpp"
#include "sensitivity_cases.hpp"

#include <cmath>
#include <functional>
#include <gtest/gtest.h>
#include <vector>

using namespace platen::numerics;

namespace {

/// Points of a Saltelli design from chance alone: what bootstrap bounds are made for.
std::vector<double> chance_rows(const sensitivity_cases::Case& c, std::size_t rows, std::uint64_t seed) {
  RandomStream stream(seed, "chance");
  std::vector<double> y, a(c.factors), b(c.factors), x;
  for (std::size_t j = 0; j < rows; ++j) {
    for (double& v : a) v = stream.uniform();
    for (double& v : b) v = stream.uniform();
    y.push_back(c.value(a));
    for (std::size_t f = 0; f < c.factors; ++f) {
      x = a;
      x[f] = b[f];
      y.push_back(c.value(x));
    }
    y.push_back(c.value(b));
  }
  return y;
}

/// Shares of true indices (first, total) that lie within their bounds over `seeds` studies.
double coverage(const sensitivity_cases::Case& c, const std::function<std::vector<double>(std::uint64_t)>& study, int seeds) {
  int inside = 0, asked = 0;
  for (int s = 1; s <= seeds; ++s) {
    const SobolIndices found = sobol_indices(study(static_cast<std::uint64_t>(s)), c.factors, {400, 1});
    for (std::size_t f = 0; f < c.factors; ++f) {
      const auto hit = [&](const Bounded& b, double truth) { inside += b.low <= truth && truth <= b.high ? 1 : 0; };
      hit(found.factors[f].first, c.first[f]);
      hit(found.factors[f].total, c.total[f]);
      asked += 2;
    }
  }
  return static_cast<double>(inside) / asked;
}

/// Shares of 400 Morris studies of 24 trajectories whose bounds hold the true mu and sigma of the first factor.
std::pair<double, double> covered(std::size_t factors, std::uint64_t levels, const std::function<double(const std::vector<double>&)>& value,
                                  double mean, double deviation) {
  int means = 0, deviations = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    const auto [points, y] = sensitivity_cases::morris(MorrisDesign(24, factors, seed, levels), value);
    const MorrisEffect e = morris_effects(points, y, factors)[0];
    means += e.mean.low <= mean && mean <= e.mean.high ? 1 : 0;
    deviations += e.deviation.low <= deviation && deviation <= e.deviation.high ? 1 : 0;
  }
  return {means / 400.0, deviations / 400.0};
}

} // namespace

TEST(SobolIndices, KnownFunctionsWithinTheirBoundsAndNearTheTruth) {
  for (const auto& c : {sensitivity_cases::ishigami(), sensitivity_cases::sobol_g()}) {
    const SobolIndices found = sobol_indices(sensitivity_cases::saltelli(c, 4096, 3), c.factors);
    EXPECT_NEAR(found.mean, c.mean, 4.0 * std::sqrt(c.variance / 8192.0)) << c.name;
    EXPECT_NEAR(found.variance, c.variance, 0.03 * c.variance) << c.name; // kurtosis below 4: 4 errors of 8192 values
    for (std::size_t f = 0; f < c.factors; ++f) {
      const SobolIndex& index = found.factors[f];
      EXPECT_EQ(index.rows, 4096u);
      // Twice the half-width of 95 % bounds: four standard errors.
      EXPECT_NEAR(index.first.value, c.first[f], index.first.high - index.first.low) << c.name << f;
      EXPECT_NEAR(index.total.value, c.total[f], index.total.high - index.total.low) << c.name << f;
      EXPECT_LT(index.first.high - index.first.low, 0.12) << c.name << f; // and the bounds say something
      EXPECT_LT(index.total.high - index.total.low, 0.12) << c.name << f;
    }
  }
}

TEST(SobolIndices, BoundsCoverTheTruth) {
  const auto c = sensitivity_cases::ishigami();
  // 95 % nominal; 480 trials that hang together: a standard error of about 2 %.
  const double chance = coverage(c, [&](std::uint64_t s) { return chance_rows(c, 512, s); }, 80);
  EXPECT_GT(chance, 0.89);
  EXPECT_LT(chance, 0.99);
  const double even = coverage(c, [&](std::uint64_t s) { return sensitivity_cases::saltelli(c, 512, s); }, 80);
  EXPECT_GE(even, chance - 0.02); // an even sample errs less than its bounds expect
}

TEST(SobolIndices, ErrorsFallWithTheRows) {
  const auto c = sensitivity_cases::sobol_g();
  const auto error = [&](std::uint64_t rows) {
    double squares = 0.0;
    for (std::uint64_t s = 1; s <= 12; ++s) {
      const SobolIndices found = sobol_indices(sensitivity_cases::saltelli(c, rows, s), c.factors, {1, 1});
      for (std::size_t f = 0; f < c.factors; ++f)
        squares += std::pow(found.factors[f].first.value - c.first[f], 2) + std::pow(found.factors[f].total.value - c.total[f], 2);
    }
    return std::sqrt(squares);
  };
  EXPECT_GT(error(128) / error(8192), 8.0); // chance alone: (64)^1/2
}

TEST(SobolIndices, AdditiveFunctionsHaveNoInteractions) {
  const sensitivity_cases::Case c{"sum", 3, [](const std::vector<double>& u) { return u[0] + 2.0 * u[1]; }, {}, {}, 0, 0};
  const SobolIndices found = sobol_indices(sensitivity_cases::saltelli(c, 2048, 1), 3);
  EXPECT_NEAR(found.factors[0].total.value, 0.2, 0.01);
  EXPECT_NEAR(found.factors[1].total.value, 0.8, 0.02);
  EXPECT_EQ(found.factors[2].total.value, 0.0); // it changes nothing at all
  EXPECT_EQ(found.factors[2].first.value, 0.0);
  EXPECT_LE(found.interactions.low, 0.0);
  EXPECT_GE(found.interactions.high, 0.0);
}

TEST(SobolIndices, MissingResultsAreLeftOutAndCounted) {
  const auto c = sensitivity_cases::ishigami();
  auto y = sensitivity_cases::saltelli(c, 4096, 2);
  RandomStream stream(5, "lost");
  std::size_t lost = 0;
  for (std::size_t i = 0; i < y.size(); ++i)
    if (stream.uniform() < 0.05) {
      y[i] = std::nan("");
      if (i % 5 == 0 || i % 5 == 4) ++lost;
    }
  const SobolIndices found = sobol_indices(y, 3);
  EXPECT_EQ(found.missing, lost);
  for (std::size_t f = 0; f < 3; ++f) {
    const SobolIndex& index = found.factors[f];
    EXPECT_EQ(index.rows + index.missing, 4096u);
    EXPECT_NEAR(static_cast<double>(index.missing), 4096 * (1.0 - std::pow(0.95, 3)), 4 * 23.0); // binomial
    EXPECT_NEAR(index.first.value, c.first[f], index.first.high - index.first.low);
    EXPECT_NEAR(index.total.value, c.total[f], index.total.high - index.total.low);
  }
}

TEST(SobolIndices, WithoutVariationThereAreNone) {
  const SobolIndices flat = sobol_indices(std::vector<double>(5 * 16, 2.5), 3);
  EXPECT_TRUE(std::isnan(flat.factors[0].first.value));
  const SobolIndices gone = sobol_indices(std::vector<double>(5 * 16, std::nan("")), 3);
  EXPECT_EQ(gone.missing, 32u);
  EXPECT_TRUE(std::isnan(gone.factors[2].total.high));
}

TEST(MorrisEffects, LinearFactorsAreExact) {
  const MorrisDesign design(10, 4, 1);
  const auto [points, y] = sensitivity_cases::morris(design, [](const std::vector<double>& u) { return 3.0 * u[0] - 2.0 * u[1] + u[2] * u[3]; });
  const auto effects = morris_effects(points, y, 4);
  EXPECT_DOUBLE_EQ(effects[0].mean.value, 3.0);
  EXPECT_DOUBLE_EQ(effects[1].mean.value, -2.0);
  EXPECT_DOUBLE_EQ(effects[1].mean_absolute.value, 2.0);
  EXPECT_NEAR(effects[1].deviation.value, 0.0, 1e-12);
  EXPECT_GT(effects[2].deviation.value, 0.1);
  EXPECT_EQ(effects[2].effects, 10u);
}

TEST(MorrisEffects, BoundsCoverTheTruth) {
  // The effect of the first factor is the sum of seven others: nearly normal, as the bounds take it to be. Levels 1/8, 3/8, 5/8
  // and 7/8 have the mean 1/2 and the variance 5/64.
  const auto value = [](const std::vector<double>& u) {
    double others = 0.0;
    for (std::size_t k = 1; k < u.size(); ++k) others += u[k] - 0.5;
    return u[0] * others;
  };
  const auto [mean, deviation] = covered(8, 4, value, 0.0, std::sqrt(7.0 * 5.0 / 64.0));
  EXPECT_NEAR(mean, 0.95, 4 * 0.011); // four standard errors of 400 studies
  EXPECT_NEAR(deviation, 0.95, 4 * 0.011);
}

TEST(MorrisEffects, BoundsOfSkewedEffectsAreSomewhatNarrow) { // docs/theory/sensitivity.md says so
  const sensitivity_cases::Case c{"curved", 3, [](const std::vector<double>& u) { return std::exp(2.0 * u[0] * u[1] - u[2]) + u[0] * u[0]; }, {}, {}, 0, 0};
  const auto truth = sensitivity_cases::grid_effects(c, 6);
  const auto [mean, deviation] = covered(3, 6, c.value, truth[0].mean, truth[0].deviation);
  EXPECT_GT(mean, 0.88);
  EXPECT_GT(deviation, 0.80);
}

TEST(MorrisEffects, AMissingResultCostsTheEffectsThatNeedIt) {
  const MorrisDesign design(6, 3, 2);
  auto [points, y] = sensitivity_cases::morris(design, [](const std::vector<double>& u) { return u[0] + u[1] + u[2]; });
  y[1] = std::nan(""); // inside the first trajectory: two steps
  y[4] = std::nan(""); // start of the second: one step
  std::size_t effects = 0, missing = 0;
  for (const MorrisEffect& e : morris_effects(points, y, 3)) {
    effects += e.effects;
    missing += e.missing;
    EXPECT_NEAR(e.mean.value, 1.0, 1e-12);
  }
  EXPECT_EQ(missing, 3u);
  EXPECT_EQ(effects, 15u);
}

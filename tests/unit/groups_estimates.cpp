#include "base/error.hpp"
#include "groups/aft.hpp"
#include "groups/aft_likelihood.hpp"
#include "groups/band.hpp"
#include "groups/permutation.hpp"
#include "groups/plan.hpp"
#include "groups/turnbull.hpp"
#include "numerics/random.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace platen::groups {
namespace {

constexpr double open = std::numeric_limits<double>::infinity();

TEST(GroupsTurnbull, SharesOfCellsOnOneGridAreTheirCounts) {
  const std::vector<Interval> sample{{0, 1}, {1, 2}, {1, 2}, {3, 4}, {4, open}};
  const Turnbull t = turnbull(sample);
  EXPECT_NEAR(t.passing(1).low, 0.8, 1e-9);
  EXPECT_NEAR(t.passing(2).high, 0.4, 1e-9);
  EXPECT_NEAR(t.passing(3.5).low, 0.2, 1e-9);
  EXPECT_NEAR(t.passing(3.5).high, 0.4, 1e-9);
  EXPECT_EQ(t.quantile(0.5).low, 1);
  EXPECT_EQ(t.quantile(0.5).high, 2);
  EXPECT_TRUE(std::isinf(t.quantile(0.95).high));
}

TEST(GroupsTurnbull, SlopesAreThoseOfAMaximum) {
  numerics::RandomStream stream(3, "cells");
  for (int round = 0; round < 50; ++round) {
    std::vector<Interval> sample;
    for (int k = 0; k < 40; ++k) {
      const double ccd = 10 * std::exp(0.4 * stream.normal()), width = 0.3 + 4 * stream.uniform(), offset = stream.uniform();
      const double low = std::max(0.0, (std::floor(ccd / width - offset) + offset) * width);
      sample.push_back({low, stream.uniform() < 0.2 ? open : low + width});
    }
    const Turnbull t = turnbull(sample);
    EXPECT_LE(t.gap, 1e-10);
    double sum = 0;
    for (std::size_t j = 0; j < t.masses.size(); ++j) { // Kuhn and Tucker, from the definition
      double slope = 0;
      for (const Interval& i : sample) {
        double share = 0;
        for (const Mass& m : t.masses) share += holds(i, m) ? m.probability : 0.0;
        slope += holds(i, t.masses[j]) ? 1.0 / share : 0.0;
      }
      EXPECT_LE(slope, 40 * (1 + 1e-9));
      EXPECT_NEAR(t.masses[j].probability * (slope - 40), 0, 1e-6);
      sum += t.masses[j].probability;
    }
    EXPECT_NEAR(sum, 1, 1e-12);
    EXPECT_LT(t.iterations, 60);
  }
}

/// Turnbull's own iteration from masses drawn at random.
std::vector<double> iterated(const std::vector<Interval>& sample, const std::vector<Mass>& masses, std::uint64_t seed) {
  numerics::RandomStream stream(seed, "masses");
  std::vector<double> p;
  double sum = 0;
  for (std::size_t j = 0; j < masses.size(); ++j) sum += p.emplace_back(0.1 + stream.uniform());
  for (double& x : p) x /= sum;
  for (int round = 0; round < 20000; ++round) {
    std::vector<double> next(p.size(), 0.0);
    for (const Interval& i : sample) {
      double share = 0;
      for (std::size_t j = 0; j < p.size(); ++j) share += holds(i, masses[j]) ? p[j] : 0.0;
      for (std::size_t j = 0; j < p.size(); ++j) next[j] += holds(i, masses[j]) ? p[j] / share / static_cast<double>(sample.size()) : 0.0;
    }
    p = next;
  }
  return p;
}

TEST(GroupsTurnbull, IntervalsThatOverlapWithoutOrderHaveOneEstimate) {
  for (const std::vector<Interval>& sample : {std::vector<Interval>{{1, 4}, {2, 3}, {1, 2.5}, {2.2, 4}}, {{1, 3}, {2, 5}, {4, 7}, {6, 8}, {1, 3}, {6, 8}, {2, 7}},
                                              {{0, 2}, {1, 4}, {3, 6}, {5, open}, {0, 4}}}) {
    const Turnbull t = turnbull(sample);
    EXPECT_LE(t.gap, 1e-10);
    for (const std::uint64_t seed : {1U, 2U}) {
      const std::vector<double> p = iterated(sample, t.masses, seed);
      for (std::size_t j = 0; j < p.size(); ++j) EXPECT_NEAR(p[j], t.masses[j].probability, 2e-3) << "mass " << j << ": (X4) has one answer from any start";
    }
  }
  EXPECT_THROW((void)turnbull(std::vector<Interval>{}), Error);
}

TEST(GroupsSample, EndsOfOneStepBecomeOne) {
  std::vector<Interval> sample{{8.86, 10.13}, {10.126, 11.40}, {0, 8.861}, {11.39, open}};
  merge_ends(sample);
  EXPECT_EQ(sample[0].high, sample[1].low);
  EXPECT_EQ(sample[0].low, sample[2].high);
  EXPECT_EQ(sample[1].high, sample[3].low);
  std::vector<Interval> apart{{1, 2}, {2.1, 3}};
  merge_ends(apart);
  EXPECT_EQ(apart[1].low, 2.1);
}

TEST(GroupsFit, DerivativesAreThoseOfTheLogarithm) {
  for (const Distribution d : {Distribution::weibull, Distribution::log_normal})
    for (const auto& [low, high] : {std::pair{-3.0, -2.0}, {-0.5, 0.4}, {1.0, 1.5}, {2.0, open}, {-open, -1.0}, {3.0, 3.2}}) {
      const LogShare s = log_share(d, low, high);
      const double h = 1e-5;
      const auto value = [&](double a, double b) { return log_share(d, low + a, high + b).value; };
      if (!std::isinf(low)) {
        EXPECT_NEAR(s.by_low, (value(h, 0) - value(-h, 0)) / (2 * h), 1e-7 * (1 + std::abs(s.by_low)));
      }
      if (!std::isinf(high)) {
        EXPECT_NEAR(s.by_high, (value(0, h) - value(0, -h)) / (2 * h), 1e-7 * (1 + std::abs(s.by_high)));
      }
      if (!std::isinf(low)) {
        EXPECT_NEAR(s.by_low_low, (log_share(d, low + h, high).by_low - log_share(d, low - h, high).by_low) / (2 * h), 1e-6 * (1 + std::abs(s.by_low_low)));
      }
      if (!std::isinf(high)) {
        EXPECT_NEAR(s.by_high_high, (log_share(d, low, high + h).by_high - log_share(d, low, high - h).by_high) / (2 * h), 1e-6 * (1 + std::abs(s.by_high_high)));
      }
      if (!std::isinf(low) && !std::isinf(high)) {
        EXPECT_NEAR(s.by_low_high, (log_share(d, low, high + h).by_low - log_share(d, low, high - h).by_low) / (2 * h), 1e-6 * (1 + s.by_low_high));
      }
    }
}

TEST(GroupsFit, FarTailsStayFinite) {
  for (const Distribution d : {Distribution::weibull, Distribution::log_normal}) {
    EXPECT_TRUE(std::isfinite(log_share(d, -400, -399).value));
    EXPECT_LT(log_share(d, -400, -399).value, -300);
    EXPECT_NEAR(log_share(d, -open, open).value, 0, 1e-15);
  }
  EXPECT_NEAR(log_share(Distribution::log_normal, 60, open).value, log_share(Distribution::log_normal, -open, -60).value, 1e-9);
}

TEST(GroupsFit, OneStepAloneShowsNoScatterButLimits) {
  const std::vector<Interval> sample(5, {10, 11});
  const Design design = intercept_only(5);
  const AftFit fit = fit_aft(Distribution::log_normal, sample, design, 0.5);
  EXPECT_EQ(fit.standing, Standing::no_scatter);
  EXPECT_TRUE(std::isnan(fit.standard_error(0)));
  // Five of five on one side of the median have a chance of 1/32: the step itself is the interval. Three of three have 1/8.
  const Bounds median = profile_beta(fit, sample, design, 0, Cut::small_group, 0.95, 0.5);
  EXPECT_NEAR(std::exp(median.low), 10, 0.01);
  EXPECT_NEAR(std::exp(median.high), 11, 0.01);
  const std::vector<Interval> three(3, {10, 11});
  const Design fewer = intercept_only(3);
  const Bounds wide = profile_beta(fit_aft(Distribution::log_normal, three, fewer, 0.5), three, fewer, 0, Cut::small_group, 0.95, 0.5);
  EXPECT_LT(std::exp(wide.low), 9.9);
  EXPECT_GT(std::exp(wide.high), 11.1);
  const Bounds sigma = profile_sigma(fit, sample, design, 0.95, 0.5);
  EXPECT_EQ(sigma.low, 0);
  EXPECT_LT(sigma.high, 0.5);
}

TEST(GroupsFit, AGroupWithoutAShortRunsAway) {
  const std::vector<Interval> sample{{5, 6}, {6, 7}, {7, 8}, {8, 9}, {12, open}, {12, open}, {12, open}};
  Design design{{"intercept", "other"}, {}};
  for (int k = 0; k < 7; ++k) design.rows.insert(design.rows.end(), {1.0, k < 4 ? 0.0 : 1.0});
  const AftFit fit = fit_aft(Distribution::weibull, sample, design, 0.5);
  EXPECT_EQ(fit.standing, Standing::unbounded);
  const Bounds effect = profile_beta(fit, sample, design, 1, Cut::chi_square, 0.95, 0.5);
  EXPECT_TRUE(std::isinf(effect.high));
  EXPECT_GT(effect.low, 0.1);
}

TEST(GroupsFit, ConditionsThatChangeTogetherAreNamed) {
  Design design{{"intercept", "hold", "pressure"}, {}};
  std::vector<Interval> sample;
  for (int k = 0; k < 6; ++k) {
    design.rows.insert(design.rows.end(), {1.0, k / 3.0, 2.0 * k / 3.0});
    sample.push_back({5.0 + k, 6.0 + k});
  }
  try {
    (void)fit_aft(Distribution::weibull, sample, design);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.diagnostics().front().code, "D460");
    EXPECT_NE(std::string(error.what()).find("pressure"), std::string::npos);
  }
}

TEST(GroupsPermutation, RandomDealsApproachAllOfThem) {
  std::vector<double> scores{-1.2, -0.9, -0.4, -0.3, 0.0, 0.2, 0.3, 0.5, 0.8, 1.0};
  const std::vector<std::size_t> group{0, 0, 0, 1, 0, 1, 0, 1, 1, 1};
  const PermutationTest all = permute_groups(scores, group);
  const PermutationTest some = permute_groups(scores, group, {.seed = 5, .deals = 40000, .most_exact = 10});
  EXPECT_TRUE(all.exact);
  EXPECT_EQ(all.deals, 252);
  EXPECT_FALSE(some.exact);
  EXPECT_NEAR(some.p_value, all.p_value, 5 * some.error);
  EXPECT_NE(some.p_value, permute_groups(scores, group, {.seed = 6, .deals = 40000, .most_exact = 10}).p_value);
  EXPECT_EQ(some.p_value, permute_groups(scores, group, {.seed = 5, .deals = 40000, .most_exact = 10}).p_value);
  EXPECT_NEAR(all.smallest, 2.0 / 252, 1e-12);
}

TEST(GroupsBand, CountedWhereEveryCellSays) {
  const std::vector<Interval> sample{{0, 1}, {1, 2}, {1, 2}, {2, 3}, {2.5, open}};
  const auto band = confidence_band(sample, turnbull(sample));
  for (const BandPoint& p : band) {
    if (p.at == 1) {
      EXPECT_TRUE(p.counted);
      EXPECT_NEAR(p.band.low, 0.28358, 1e-5); // Clopper and Pearson, 4 of 5
    }
    EXPECT_LE(p.band.low, p.estimate.low + 1e-12);
    EXPECT_GE(p.band.high, p.estimate.high - 1e-12);
    if (p.at == 2.5) {
      EXPECT_FALSE(p.counted);
    }
  }
}

TEST(GroupsPlan, RampsSayBetweenWhichSteps) {
  const RampGrid ramp{1, 0.5, 3};
  EXPECT_EQ(observe(0.7, ramp).low, 0);
  EXPECT_EQ(observe(0.7, ramp).high, 1);
  EXPECT_EQ(observe(1.0, ramp).high, 1);
  EXPECT_EQ(observe(1.2, ramp).low, 1);
  EXPECT_EQ(observe(3.0, ramp).high, 3);
  EXPECT_EQ(observe(3.1, ramp).low, 3);
  EXPECT_TRUE(observe(3.1, ramp).right_censored());
}

TEST(GroupsPlan, MoreCellsFindMoreAndACapHidesIt) {
  PlanQuestion q{.distribution = Distribution::log_normal, .median = 10, .sigma = 0.2, .difference = 3, .ramp = {1, 1, 30}, .simulations = 500};
  const double few = power_of(q, 5).power, many = power_of(q, 12).power;
  EXPECT_GT(many, few + 0.1);
  q.ramp.cap = 7;
  EXPECT_LT(power_of(q, 12).power, 0.5 * many);
  q.ramp.cap = 30;
  const Plan p = plan(q);
  ASSERT_TRUE(p.needed.has_value());
  EXPECT_GE(*p.needed, 6);
  EXPECT_LE(*p.needed, 14);
  EXPECT_EQ(power_of(q, 3).power, 0) << "twenty deals cannot give p <= 0.05 on two sides";
}

TEST(GroupsPlan, SenselessQuestionsAreRefused) {
  const PlanQuestion good{.median = 10, .sigma = 0.2, .difference = 3, .ramp = {1, 1, 30}, .simulations = 100};
  for (const auto spoil : {+[](PlanQuestion& q) { q.sigma = 0; }, +[](PlanQuestion& q) { q.difference = -11; }, +[](PlanQuestion& q) { q.ramp.increment = 0; },
                           +[](PlanQuestion& q) { q.ramp.cap = 0.5; }, +[](PlanQuestion& q) { q.difference = 0; }}) {
    PlanQuestion q = good;
    spoil(q);
    EXPECT_THROW((void)plan(q), Error);
  }
}

} // namespace
} // namespace platen::groups

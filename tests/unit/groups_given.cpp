// Fits, regressions, permutations, bands and plans of groups whose answers can be worked out by hand.

#include "groups/aft.hpp"
#include "groups/aft_likelihood.hpp"
#include "groups/band.hpp"
#include "groups/permutation.hpp"
#include "groups/plan.hpp"
#include "groups/regression.hpp"
#include "numerics/distributions.hpp"
#include "numerics/random.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <numeric>

namespace platen::groups {
namespace {

using testing::HasSubstr;

constexpr double open = std::numeric_limits<double>::infinity();

Interval point(double x) { return {x, x}; }

// --- Turnbull -----------------------------------------------------------------------------------------------------------------

TEST(GroupsTurnbullGiven, AnIntervalBeginsBehindItsLowEndAndHoldsItsHighEnd) {
  EXPECT_FALSE(holds({5, 7}, {5, 5, 0}));
  EXPECT_TRUE(holds({3, 5}, {5, 5, 0}));
  EXPECT_FALSE(holds({5, 5}, {5, 7, 0})) << "a point is not in the interval that begins at it";
  EXPECT_TRUE(holds({5, 5}, {5, 5, 0}));
  EXPECT_FALSE(holds({5, 5}, {6, 6, 0}));
}

TEST(GroupsTurnbullGiven, MassLiesWhereAnIntervalBeginsAndTheNextEndFollows) {
  const Turnbull t = turnbull(std::vector<Interval>{{0, 3}, {1, 2}});
  ASSERT_EQ(t.masses.size(), 1u) << "the inner one alone";
  EXPECT_EQ(t.masses[0].low, 1);
  EXPECT_EQ(t.masses[0].high, 2);
}

TEST(GroupsTurnbullGiven, WeightsCountCells) {
  const std::vector<Interval> few{{0, 2}, {1, 3}, {2, 4}, {3, open}}, many{{0, 2}, {1, 3}, {1, 3}, {1, 3}, {2, 4}, {2, 4}, {3, open}};
  const std::vector<double> weights{1, 3, 2, 1};
  const Turnbull a = turnbull(few, weights), b = turnbull(many);
  ASSERT_EQ(a.masses.size(), b.masses.size());
  for (std::size_t k = 0; k < a.masses.size(); ++k) EXPECT_NEAR(a.masses[k].probability, b.masses[k].probability, 1e-9);
  EXPECT_NEAR(a.log_likelihood, b.log_likelihood, 1e-9);
}

TEST(GroupsTurnbullGiven, AtAPointItsCellHasFailed) {
  const Turnbull t = turnbull(std::vector<Interval>{point(5), point(7)});
  EXPECT_NEAR(t.passing(5).low, 0.5, 1e-12);
  EXPECT_NEAR(t.passing(5).high, 0.5, 1e-12);
  EXPECT_NEAR(t.passing(4.99).low, 1.0, 1e-12);
  const Turnbull grid = turnbull(std::vector<Interval>{{0, 1}, {1, 2}, {2, 3}, {3, 4}});
  EXPECT_EQ(grid.quantile(0.5).high, 2) << "half of four cells are two";
  EXPECT_EQ(grid.quantile(0.51).high, 3);
}

// --- fits ---------------------------------------------------------------------------------------------------------------------

/// Normal logarithms known as numbers: maximum likelihood is mean and root mean square deviation.
const std::array<double, 6> logs{2.10, 2.31, 2.05, 2.44, 2.27, 2.19};

std::vector<Interval> known(double scale = 1.0) {
  std::vector<Interval> out;
  for (const double l : logs) out.push_back(point(std::exp(2.2 + scale * (l - 2.2))));
  return out;
}

TEST(GroupsFitGiven, OfNumbersItIsMeanAndDeviationOfTheLogarithm) {
  for (const double scale : {1.0, 0.01}) { // a scatter of 1.3 % too
    const auto sample = known(scale);
    const AftFit fit = fit_aft(Distribution::log_normal, sample, intercept_only(6), 0.5);
    double mean = 0.0, square = 0.0;
    for (const Interval& i : sample) mean += std::log(i.low) / 6.0;
    for (const Interval& i : sample) square += std::pow(std::log(i.low) - mean, 2) / 6.0;
    EXPECT_EQ(fit.standing, Standing::regular) << scale;
    EXPECT_NEAR(fit.beta[0], mean, 1e-7);
    EXPECT_NEAR(fit.sigma, std::sqrt(square), 1e-6 * std::sqrt(square));
    EXPECT_NEAR(fit.standard_error(0), std::sqrt(square / 6.0), 1e-5 * std::sqrt(square));
    EXPECT_NEAR(fit.standard_error(1), 1.0 / std::sqrt(12.0), 1e-4) << "of ln sigma";
    const AftFit tenth = fit_aft(Distribution::log_normal, sample, intercept_only(6), 0.1);
    EXPECT_NEAR(tenth.beta[0], mean - 1.2815515655446004 * std::sqrt(square), 1e-6);
    // Student's interval, which (X8) is for numbers without censoring
    const Bounds b = profile_beta(fit, sample, intercept_only(6), 0, Cut::small_group, 0.95, 0.5);
    const double reach = numerics::student_quantile(0.975, 5.0) * std::sqrt(square / 5.0);
    EXPECT_NEAR(b.high, mean + reach, 1e-4 * reach);
    EXPECT_NEAR(b.low, mean - reach, 1e-4 * reach);
  }
}

TEST(GroupsFitGiven, QuantilesCriteriaAndTails) {
  EXPECT_NEAR(standard_quantile(Distribution::weibull, 0.1), std::log(-std::log(0.9)), 1e-14);
  EXPECT_NEAR(standard_quantile(Distribution::log_normal, 0.975), 1.959963984540054, 1e-9);
  EXPECT_NEAR(aicc(-10.0, 2, 10), 20.0 + 4.0 + 12.0 / 7.0, 1e-12);
  EXPECT_TRUE(std::isinf(aicc(-10.0, 2, 3))) << "three cells for two numbers and their correction";
  EXPECT_NEAR(log_share(Distribution::log_normal, -open, -40.0).value, -804.608442013754, 1e-9) << "Abramowitz and Stegun 26.2.12";
}

// --- regression ---------------------------------------------------------------------------------------------------------------

/// Twelve cells at 1, 2 and 4 min and 1 and 5 MPa with two fixtures; their CCDs are known numbers.
struct Cells {
  std::vector<CcdRow> rows;
  std::vector<Interval> sample;
  std::vector<double> y;
};

Cells twelve(const std::function<double(double minutes, bool springs)>& law) {
  Cells out;
  numerics::RandomStream draws(4, "cells");
  for (int k = 0; k < 12; ++k) {
    const double minutes = std::pow(2.0, k % 3);
    const bool springs = (k / 3) % 2 == 1;
    out.y.push_back(law(minutes, springs) + 0.05 * draws.normal());
    CcdRow row;
    row.name = "c";
    row.set({"hold", 60.0 * minutes, dim::time, "min", {}});
    row.set({"warmth", 273.15 + 20.0 + 5.0 * (k % 4), dim::temperature, "degC", {}});
    row.set({"fixture", {}, {}, {}, springs ? "springs" : "fixed gap"});
    row.set({"same", 5.0, dim::none, "", {}});
    out.rows.push_back(row);
    out.sample.push_back(point(std::exp(out.y.back())));
  }
  return out;
}

const Regression& log_normal_of(const std::vector<Regression>& all) {
  return *std::find_if(all.begin(), all.end(), [](const Regression& r) { return r.distribution == Distribution::log_normal; });
}

/// Least squares of y on one x.
struct Line {
  double slope = 0.0, intercept = 0.0, error = 0.0, square = 0.0;
};
Line line_of(const std::vector<double>& x, const std::vector<double>& y) {
  const double n = static_cast<double>(x.size()), mx = std::accumulate(x.begin(), x.end(), 0.0) / n, my = std::accumulate(y.begin(), y.end(), 0.0) / n;
  double xx = 0.0, xy = 0.0, rest = 0.0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    xx += (x[k] - mx) * (x[k] - mx);
    xy += (x[k] - mx) * (y[k] - my);
  }
  Line out{xy / xx, my - xy / xx * mx, 0.0, 0.0};
  for (std::size_t k = 0; k < x.size(); ++k) rest += std::pow(y[k] - out.intercept - out.slope * x[k], 2) / n;
  out.error = std::sqrt(rest / xx);
  out.square = rest;
  return out;
}

TEST(GroupsRegressionGiven, ANumberHasASlopePerUnitThatPeopleRead) {
  const Cells c = twelve([](double minutes, bool) { return 2.0 + 0.1 * minutes; });
  const std::vector<Term> terms{parse_term("hold_x"), parse_term("log(hold)")};
  EXPECT_EQ(terms[1].kind, Term::Kind::logarithm);
  std::vector<double> minutes;
  for (const CcdRow& row : c.rows) minutes.push_back(*row.find("hold")->number / 60.0);
  const Line line = line_of(minutes, c.y);
  const Regression r = log_normal_of(regress(c.rows, c.sample, std::vector<Term>{{"hold", Term::Kind::number}}));
  ASSERT_EQ(r.coefficients.size(), 1u);
  EXPECT_EQ(r.coefficients[0].name, "hold per min");
  EXPECT_NEAR(r.coefficients[0].beta, line.slope, 1e-6);
  EXPECT_NEAR(r.coefficients[0].error, line.error, 1e-5);
  const double reach = numerics::student_quantile(0.975, 10.0) * line.error * std::sqrt(12.0 / 10.0); // (X8)
  EXPECT_NEAR(r.coefficients[0].bounds.low, line.slope - reach, 1e-3 * reach);
  EXPECT_NEAR(r.coefficients[0].bounds.high, line.slope + reach, 1e-3 * reach);
  EXPECT_NEAR(r.fit.beta[0], line.intercept + line.slope * 7.0 / 3.0, 1e-6) << "the intercept stands for the mean";
  EXPECT_EQ(r.baseline, "hold = 2.333 min");
  const double likelihood = -6.0 * std::log(2.0 * 3.14159265358979 * line.square) - 6.0 - std::accumulate(c.y.begin(), c.y.end(), 0.0);
  EXPECT_NEAR(r.aicc, -2.0 * likelihood + 6.0 + 24.0 / 8.0, 1e-6) << "three numbers: intercept, slope, scatter";
  ASSERT_EQ(r.tests.size(), 1u);
  double mean = 0.0, whole = 0.0;
  for (const double v : c.y) mean += v / 12.0;
  for (const double v : c.y) whole += (v - mean) * (v - mean) / 12.0;
  EXPECT_NEAR(r.tests[0].ratio, 12.0 * std::log(whole / line.square), 1e-5);
  EXPECT_NEAR(r.tests[0].p_value, std::erfc(std::sqrt(0.5 * r.tests[0].ratio)), 1e-9);
}

TEST(GroupsRegressionGiven, ALogarithmHasAnExponentAboutTheGeometricMean) {
  const Cells c = twelve([](double minutes, bool) { return 2.0 + 0.3 * std::log(minutes); });
  std::vector<double> logarithms;
  for (const CcdRow& row : c.rows) logarithms.push_back(std::log(*row.find("hold")->number));
  const Regression r = log_normal_of(regress(c.rows, c.sample, std::vector<Term>{{"hold", Term::Kind::logarithm}}));
  EXPECT_NEAR(r.coefficients.at(0).beta, line_of(logarithms, c.y).slope, 1e-6);
  EXPECT_TRUE(r.coefficients.at(0).exponent);
  EXPECT_EQ(r.baseline, "hold = 2 min");
  EXPECT_EQ(r.tests.at(0).term, "log(hold)");
}

TEST(GroupsRegressionGiven, ATemperatureIsPerDegreeAndShownInCelsius) {
  const Cells c = twelve([](double, bool) { return 2.0; });
  std::vector<double> kelvin;
  for (const CcdRow& row : c.rows) kelvin.push_back(*row.find("warmth")->number);
  const Regression r = log_normal_of(regress(c.rows, c.sample, std::vector<Term>{{"warmth", Term::Kind::number}}));
  EXPECT_NEAR(r.coefficients.at(0).beta, line_of(kelvin, c.y).slope, 1e-7);
  EXPECT_EQ(r.baseline, "warmth = 27.5 degC");
}

TEST(GroupsRegressionGiven, CategoriesAreAgainstTheLowest) {
  const Cells c = twelve([](double minutes, bool springs) { return 2.0 + (springs ? -0.4 : 0.0) + 0.2 * std::log(minutes); });
  const auto mean_where = [&](const std::function<bool(const CcdRow&)>& of) {
    double sum = 0.0, n = 0.0;
    for (std::size_t k = 0; k < 12; ++k)
      if (of(c.rows[k])) {
        sum += c.y[k];
        n += 1.0;
      }
    return sum / n;
  };
  const Regression words = log_normal_of(regress(c.rows, c.sample, std::vector<Term>{{"fixture", Term::Kind::number}}));
  EXPECT_EQ(words.coefficients.at(0).name, "fixture = springs against fixed gap") << "words are categories whatever is asked";
  const auto is = [](const char* word) { return [word](const CcdRow& r) { return r.find("fixture")->word == word; }; };
  EXPECT_NEAR(words.coefficients[0].beta, mean_where(is("springs")) - mean_where(is("fixed gap")), 1e-6);
  EXPECT_EQ(words.baseline, "fixture = fixed gap");
  std::vector<CcdRow> turned(c.rows.rbegin(), c.rows.rend());
  std::vector<Interval> sample(c.sample.rbegin(), c.sample.rend());
  const Regression numbers = log_normal_of(regress(turned, sample, std::vector<Term>{{"hold", Term::Kind::category}}));
  ASSERT_EQ(numbers.coefficients.size(), 2u);
  EXPECT_EQ(numbers.coefficients[0].name, "hold = 2 min against 1 min") << "by size, in whatever order the cells come";
  const auto at = [](double minutes) { return [minutes](const CcdRow& r) { return std::abs(*r.find("hold")->number - 60.0 * minutes) < 1.0; }; };
  EXPECT_NEAR(numbers.coefficients[1].beta, mean_where(at(4)) - mean_where(at(1)), 1e-6);
  EXPECT_EQ(numbers.tests.at(0).freedom, 2u);
  const auto both = regress(c.rows, c.sample, std::vector<Term>{{"fixture", Term::Kind::category}, {"hold", Term::Kind::logarithm}});
  ASSERT_EQ(both.size(), 2u);
  EXPECT_LE(both[0].aicc, both[1].aicc) << "the better one first";
  EXPECT_EQ(both[0].coefficients.size(), 2u);
}

TEST(GroupsRegressionGiven, WhatTellsNothingOrTooMuchIsRefused) {
  Cells c = twelve([](double, bool) { return 2.0; });
  const Regression constant = log_normal_of(regress(c.rows, c.sample, std::vector<Term>{{"same", Term::Kind::number}}));
  EXPECT_TRUE(constant.coefficients.empty()) << "one value in all cells has no slope";
  const auto code_of = [](const auto& act) {
    try {
      act();
    } catch (const Error& error) {
      return error.diagnostics().front().code;
    }
    return std::string();
  };
  c.rows[3].set({"hold", 0.0, dim::time, "min", {}});
  EXPECT_EQ(code_of([&] { (void)regress(c.rows, c.sample, std::vector<Term>{{"hold", Term::Kind::logarithm}}); }), "D468");
  const std::vector<CcdRow> four(c.rows.begin() + 4, c.rows.begin() + 8);
  std::vector<Interval> short_ones(c.sample.begin() + 4, c.sample.begin() + 8);
  const std::vector<Term> by_hold{{"hold", Term::Kind::number}};
  EXPECT_EQ(code_of([&] { (void)regress(four, short_ones, by_hold); }), "") << "four shorts for three numbers";
  short_ones[1] = {5.0, open};
  EXPECT_EQ(code_of([&] { (void)regress(four, short_ones, by_hold); }), "D468") << "three for three";
}

TEST(GroupsRegressionGiven, ConditionsAreShownAsPeopleReadThem) {
  EXPECT_EQ(shown({"t", 30.0, dim::time, "h", {}}), "30 s");
  EXPECT_EQ(shown({"t", 1800.0, dim::time, "h", {}}), "30 min");
  EXPECT_EQ(shown({"t", 5400.0, dim::time, "h", {}}), "90 min");
  EXPECT_EQ(shown({"t", 7200.0, dim::time, "h", {}}), "2 h");
  EXPECT_EQ(shown({"T", 298.15, dim::temperature, "degC", {}}), "25 degC");
  EXPECT_FALSE(same_level({"p", 5.0e6, dim::pressure, "MPa", {}}, {"p", 5.1e6, dim::pressure, "MPa", {}}));
  EXPECT_TRUE(same_level({"p", 5.0e6, dim::pressure, "MPa", {}}, {"p", 5.0000001e6, dim::pressure, "MPa", {}}));
}

// --- permutations -------------------------------------------------------------------------------------------------------------

TEST(GroupsPermutationGiven, TheStatisticWeighsGroupsByTheirSize) {
  const std::vector<double> scores{1.0, 2.0, -0.5, -1.0, -0.5, 0.25, -1.25};
  const std::vector<std::size_t> group{0, 0, 1, 1, 1, 2, 2};
  EXPECT_NEAR(permute_groups(scores, group).statistic, 9.0 / 2.0 + 4.0 / 3.0 + 1.0 / 2.0, 1e-12);
  EXPECT_EQ(permute_groups(scores, group).deals, 210u) << "7!/(2! 3! 2!)";
  EXPECT_TRUE(permute_groups(scores, group, {.most_exact = 210}).exact);
  EXPECT_FALSE(permute_groups(scores, group, {.deals = 50, .most_exact = 209}).exact);
  EXPECT_THROW((void)permute_groups(scores, std::vector<std::size_t>(7, 0)), Error) << "one group";
  EXPECT_THROW((void)permute_groups(scores, std::vector<std::size_t>{0, 1}), Error);
}

TEST(GroupsPermutationGiven, OfRandomDealsTheObservedOneIsOne) {
  std::vector<double> scores(40);
  std::vector<std::size_t> group(40);
  for (std::size_t k = 0; k < 40; ++k) {
    scores[k] = k < 20 ? -1.0 : 1.0;
    group[k] = k < 20 ? 0 : 1;
  }
  const PermutationTest t = permute_groups(scores, group, {.seed = 2, .deals = 99}); // no random deal is as extreme
  EXPECT_FALSE(t.exact);
  EXPECT_NEAR(t.p_value, 0.01, 1e-12);
  EXPECT_NEAR(t.smallest, 0.01, 1e-12);
  EXPECT_NEAR(t.error, std::sqrt(0.01 * 0.99 / 99.0), 1e-12);
}

TEST(GroupsPermutationGiven, ATrendGoesUpOrDown) {
  const std::vector<double> scores{0.9, 0.5, 0.1, -0.4, -0.8, 0.3}, x{6.0, 5.0, 4.0, 2.0, 1.0, 3.0};
  std::vector<double> down(x);
  for (double& v : down) v = -v;
  const PermutationTest up = permute_trend(scores, x), fall = permute_trend(scores, down);
  EXPECT_EQ(up.deals, 720u);
  EXPECT_TRUE(up.exact);
  EXPECT_NEAR(up.statistic, 0.9 * 2.5 + 0.5 * 1.5 + 0.1 * 0.5 + 0.4 * 1.5 + 0.8 * 2.5 - 0.3 * 0.5, 1e-12) << "about the mean of 3.5";
  EXPECT_NEAR(fall.statistic, up.statistic, 1e-12);
  EXPECT_NEAR(fall.p_value, up.p_value, 1e-12) << "two-sided";
  EXPECT_LT(up.p_value, 0.05);
  std::vector<double> rising = scores; // every deal, counted by hand
  std::sort(rising.begin(), rising.end());
  int extreme = 0;
  do {
    double sum = 0.0;
    for (std::size_t k = 0; k < 6; ++k) sum += rising[k] * (x[k] - 3.5);
    extreme += std::abs(sum) >= up.statistic - 1e-9 ? 1 : 0;
  } while (std::next_permutation(rising.begin(), rising.end()));
  EXPECT_NEAR(up.p_value, extreme / 720.0, 1e-12);
  EXPECT_THROW((void)permute_trend(scores, std::vector<double>{1.0}), Error);
}

TEST(GroupsPermutationGiven, RandomDealsAreEvenAndOddOnes) {
  // Of five numbers in order only they themselves and their reverse are as far apart: 2 of 120 deals.
  const std::vector<double> scores{-2.0, -0.9, 0.1, 0.8, 2.1}, x{1.0, 2.0, 3.0, 4.0, 5.0};
  EXPECT_NEAR(permute_trend(scores, x).p_value, 2.0 / 120.0, 1e-12);
  const PermutationTest some = permute_trend(scores, x, {.seed = 3, .deals = 20000, .most_exact = 1});
  EXPECT_NEAR(some.p_value, 2.0 / 120.0, 5.0 * std::sqrt(2.0 / 120.0 / 20000.0));
}

// --- bands --------------------------------------------------------------------------------------------------------------------

const BandPoint& at(const std::vector<BandPoint>& band, double x) {
  return *std::find_if(band.begin(), band.end(), [x](const BandPoint& p) { return p.at == x; });
}

TEST(GroupsBandGiven, AtItsOwnNumberACellHasFailed) {
  const std::vector<Interval> sample{point(5), point(7)};
  const BandPoint p = at(confidence_band(sample, turnbull(sample)), 5);
  EXPECT_TRUE(p.counted);
  const auto half = numerics::binomial_interval(1, 2, 0.95);
  EXPECT_NEAR(p.band.low, half.low, 1e-12);
  EXPECT_NEAR(p.band.high, half.high, 1e-12);
}

TEST(GroupsBandGiven, ResampledItIsThatOfTheBinomial) {
  std::vector<Interval> sample; // half of 200 cells pass 2; one cell alone does not say
  for (int k = 0; k < 199; ++k) sample.push_back(k % 2 == 0 ? Interval{1, 2} : Interval{2, 3});
  sample.push_back({1, 3});
  const BandPoint p = at(confidence_band(sample, turnbull(sample)), 2);
  EXPECT_FALSE(p.counted);
  const double reach = 1.959964 * std::sqrt(0.25 / 200.0);
  EXPECT_NEAR(p.band.low, p.estimate.low - reach, 0.006);
  EXPECT_NEAR(p.band.high, p.estimate.high + reach, 0.006);
}

TEST(GroupsBandGiven, WhatHasNotHappenedYetIsNotImpossible) {
  const std::vector<Interval> sample{{3, open}, {3, open}, {3, open}, {3, open}, {1, 5}};
  const BandPoint p = at(confidence_band(sample, turnbull(sample)), 3);
  EXPECT_FALSE(p.counted);
  EXPECT_LE(p.band.low, numerics::binomial_interval(4, 4, 0.95).low + 1e-12) << "four of four that are known";
}

// --- samples and rows ---------------------------------------------------------------------------------------------------------

TEST(GroupsSampleGiven, EndsAreMergedAboutTheirMiddleAndNoChainIsMadeOfThem) {
  std::vector<Interval> near{{0, 10.0}, {10.1, 20.0}, point(30.0)};
  merge_ends(near); // 2 % of 9.9
  EXPECT_NEAR(near[0].high, 10.05, 1e-12);
  EXPECT_NEAR(near[1].low, 10.05, 1e-12);
  std::vector<Interval> chain{{0, 10.0}, {10.15, 20.0}, {10.3, 20.0}};
  merge_ends(chain, 0.02); // 0.194: the first two, not all three
  EXPECT_EQ(chain[0].high, chain[1].low);
  EXPECT_NEAR(chain[2].low, 10.3, 1e-12);
}

TEST(GroupsSampleGiven, EveryKindIsCounted) {
  const Counts c = count(std::vector<Interval>{{0, 1}, {1, 2}, {2, open}, {2, open}, point(3)});
  EXPECT_EQ(c.cells, 5u);
  EXPECT_EQ(c.left, 1u);
  EXPECT_EQ(c.right, 2u);
  EXPECT_EQ(c.exact, 1u);
  EXPECT_EQ(c.failed(), 3u);
}

TEST(GroupsRowGiven, WhatIsNotKnownIsNoCondition) {
  CellInfo cell;
  EXPECT_TRUE(factors_of(cell).empty());
  cell.electrolyte = "LPSCl";
  cell.configuration = Configuration::symmetric;
  Assessment a;
  const CcdRow none = row_of("a", "", a, cell);
  EXPECT_EQ(none.refused, "no CCD");
  ASSERT_NE(none.find("electrolyte"), nullptr);
  EXPECT_EQ(none.find("electrolyte")->word, "LPSCl");
  EXPECT_EQ(none.find("configuration")->word, "symmetric");
  EXPECT_EQ(none.find("fixture"), nullptr);
  a.ccd = CriticalCurrentDensity{.last_passed = 5.0, .failing_step = 6.0, .grid = 0.0, .capacity_per_half_cycle = 0.0};
  const CcdRow row = row_of("a", "", a, cell);
  EXPECT_FALSE(row.grid);
  EXPECT_FALSE(row.capacity_per_half_cycle);
}

// --- plans --------------------------------------------------------------------------------------------------------------------

PlanQuestion two_steps(std::size_t simulations) { // every cell of one group fails at 10, of the other at 20 A/m2
  return {.distribution = Distribution::log_normal, .median = 9.0, .sigma = 1e-3, .difference = 9.0, .ramp = {10.0, 10.0, 40.0}, .scores = Scores::wilcoxon,
          .level = 0.05, .simulations = simulations};
}

TEST(GroupsPlanGiven, SmallComparisonsAreCountedAndLargeOnesNormal) {
  PlanQuestion q = two_steps(20);
  const auto found = [&](std::size_t per_group, double level) {
    q.level = level;
    return power_of(q, per_group).power;
  };
  EXPECT_EQ(found(5, 0.0079), 0.0) << "two of 252 deals are 0.00794";
  EXPECT_EQ(found(5, 0.0080), 1.0);
  // ten: scores of half a step each; (X17): variance 20/4 * 1/4 * 20/19, a sum of 5
  const double p = std::erfc(5.0 / std::sqrt(2.0 * 5.0 * 0.25 * 20.0 / 19.0));
  EXPECT_EQ(found(10, 0.99 * p), 0.0);
  EXPECT_EQ(found(10, 1.01 * p), 1.0);
}

TEST(GroupsPlanGiven, TheMedianIsThatOfTheDistribution) {
  // Weibull cells fail in the only step with a chance of one half; four of four against none are the only finding
  PlanQuestion q{.distribution = Distribution::weibull, .median = 10.0, .sigma = 0.05, .difference = 20.0, .ramp = {10.0, 10.0, 10.0}, .simulations = 4000};
  const PowerPoint p = power_of(q, 4);
  EXPECT_NEAR(p.power, 1.0 / 16.0, 4.0 * std::sqrt(15.0 / 256.0 / 4000.0));
  EXPECT_NEAR(p.error, std::sqrt(p.power * (1.0 - p.power) / 4000.0), 1e-12);
}

TEST(GroupsPlanGiven, WhatTheSimulationLeavesOpenIsTwoOfItsErrors) {
  PlanQuestion q{.distribution = Distribution::log_normal, .median = 10.0, .sigma = 0.25, .difference = 3.0, .ramp = {1.0, 1.0, 40.0}, .simulations = 100};
  const Plan p = plan(q);
  ASSERT_TRUE(p.needed && p.at_least && p.at_most);
  EXPECT_LT(*p.at_least, *p.needed);
  EXPECT_GT(*p.at_most, *p.needed);
  for (const PowerPoint& at_n : p.points) {
    if (at_n.per_group < *p.at_least) {
      EXPECT_LT(at_n.power + 2.0 * at_n.error, 0.8);
    }
    if (at_n.per_group < *p.at_most) {
      EXPECT_LT(at_n.power - 2.0 * at_n.error, 0.8);
    }
  }
  EXPECT_LE(p.points.back().per_group, 60u) << "it stops where the power is beyond doubt";
  q.most = 8;
  const Plan few = plan(q);
  EXPECT_FALSE(few.needed);
  EXPECT_EQ(few.points.back().per_group, 8u);
  q.median = 0.0;
  EXPECT_THROW((void)plan(q), Error);
}

} // namespace
} // namespace platen::groups

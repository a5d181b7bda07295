// Problems are put together by the keys of their numbers, and taken apart by group; a censored test is a sum of squares.

#include "base/error.hpp"
#include "calibrate/censored.hpp"
#include "calibrate/problem.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <limits>
#include <memory>

namespace platen::calibrate {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

Number number(std::string key, bool logarithmic = false) { return {std::move(key), 1.0, 0.1, 10.0, logarithmic, std::nullopt, "1"}; }

/// Residuals v_0 - 1, 2 v_1 of two figures; counts its evaluations.
Problem counted(std::string first, std::string second, std::string group, std::shared_ptr<std::atomic<int>> count) {
  Problem p;
  p.numbers = {number(std::move(first)), number(std::move(second))};
  p.terms = {{group + " a", group, 0, 1}, {group + " b", "shared", 1, 1}};
  p.residuals = 2;
  p.evaluate = [count = std::move(count)](std::span<const double> v, std::span<double> r, const work::Task&) {
    ++*count;
    r[0] = v[0] - 1.0;
    r[1] = 2.0 * v[1];
    return v[0] < 9.0;
  };
  return p;
}

double squares(std::array<double, 2> r) { return r[0] * r[0] + r[1] * r[1]; }

TEST(CalibrateProblem, JoinsNumbersByTheirKeys) {
  const auto one = std::make_shared<std::atomic<int>>(0), two = std::make_shared<std::atomic<int>>(0);
  const Problem p = joined({counted("x", "y", "f1", one), counted("y", "z", "f2", two)});
  ASSERT_EQ(p.numbers.size(), 3u);
  EXPECT_EQ(p.numbers[2].key, "z");
  ASSERT_EQ(p.residuals, 4u);
  EXPECT_EQ(p.terms[2].first, 2u);
  std::vector<double> r(4);
  const std::vector<double> v{2.0, 3.0, 4.0};
  ASSERT_TRUE(p.evaluate(v, r, {}));
  EXPECT_EQ(r, (std::vector<double>{1.0, 6.0, 2.0, 8.0}));
  EXPECT_EQ(groups_of(p), (std::vector<std::string>{"f1", "shared", "f2"}));
}

TEST(CalibrateProblem, EvaluatesNoPartAgainWhoseNumbersStay) {
  const auto one = std::make_shared<std::atomic<int>>(0), two = std::make_shared<std::atomic<int>>(0);
  const Problem p = joined({counted("x", "y", "f1", one), counted("y", "z", "f2", two)});
  std::vector<double> r(4);
  for (const double z : {4.0, 5.0, 6.0}) ASSERT_TRUE(p.evaluate(std::vector<double>{2.0, 3.0, z}, r, {}));
  EXPECT_EQ(*one, 1);
  EXPECT_EQ(*two, 3);
  EXPECT_EQ(r, (std::vector<double>{1.0, 6.0, 2.0, 12.0}));
}

TEST(CalibrateProblem, SaysWhereACellCouldNotBeSimulatedEachTime) {
  const auto one = std::make_shared<std::atomic<int>>(0);
  const Problem p = joined({counted("x", "y", "f1", one)});
  std::vector<double> r(2);
  EXPECT_FALSE(p.evaluate(std::vector<double>{9.5, 1.0}, r, {}));
  EXPECT_FALSE(p.evaluate(std::vector<double>{9.5, 1.0}, r, {}));
  EXPECT_EQ(*one, 1);
}

TEST(CalibrateProblem, LeavesAGroupOutAndItsCellsToo) {
  const auto one = std::make_shared<std::atomic<int>>(0), two = std::make_shared<std::atomic<int>>(0);
  Problem alone = counted("y", "z", "f2", two);
  alone.terms[1].group = "f2";
  const Problem p = without(joined({counted("x", "y", "f1", one), alone}), "f2");
  EXPECT_EQ(p.numbers.size(), 3u) << "a number that no term needs any more is still there";
  ASSERT_EQ(p.residuals, 2u);
  std::vector<double> r(2);
  ASSERT_TRUE(p.evaluate(std::vector<double>{2.0, 3.0, 4.0}, r, {}));
  EXPECT_EQ(r, (std::vector<double>{1.0, 6.0}));
  EXPECT_EQ(*two, 0);
  const Problem less = without(p, "f1");
  ASSERT_EQ(less.residuals, 1u);
  EXPECT_EQ(less.terms.at(0).label, "f1 b");
  EXPECT_EQ(less.terms.at(0).first, 0u);
  r.resize(1);
  ASSERT_TRUE(less.evaluate(std::vector<double>{2.0, 3.0, 4.0}, r, {}));
  EXPECT_EQ(r[0], 6.0);
}

TEST(CalibrateProblem, RefusesAGroupThatIsNotThereAndScalesThatDiffer) {
  const auto one = std::make_shared<std::atomic<int>>(0);
  EXPECT_THROW(without(counted("x", "y", "f1", one), "f9"), Error);
  Problem other = counted("y", "z", "f2", one);
  other.numbers[0].logarithmic = true;
  EXPECT_THROW(joined({counted("x", "y", "f1", one), other}), Error);
}

TEST(CalibrateCensored, SquaresAreMinusTwiceTheLogarithmOfTheProbability) {
  // P = Phi((ln 2 - ln m)/s) - Phi((ln 1.5 - ln m)/s)
  const auto phi = [](double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); };
  for (const double m : {0.8, 1.5, 1.7, 2.0, 3.5})
    for (const double s : {0.1, 0.3, 2.0}) {
      const double low = std::log(1.5 / m) / s, high = std::log(2.0 / m) / s;
      const double p = low > 0.0 ? phi(-low) - phi(-high) : phi(high) - phi(low); // the tail, without a difference of two ones
      EXPECT_NEAR(squares(censored_residuals(m, 1.5, 2.0, s)), -2.0 * std::log(p), 1e-9 * -2.0 * std::log(p) + 1e-9) << m << " " << s;
      EXPECT_NEAR(squares(censored_residuals(m, 1.5, infinity, s)), -2.0 * std::log(phi(std::log(m / 1.5) / s)), 1e-9);
      EXPECT_NEAR(squares(censored_residuals(m, 0.0, 1.5, s)), -2.0 * std::log(phi(std::log(1.5 / m) / s)), 1e-9);
    }
}

TEST(CalibrateCensored, SlopeAtTheBestValueCarriesTheCurvature) {
  const double best = std::sqrt(1.5 * 2.0), s = 0.2, h = 1e-4;
  const auto r = [&](double x) { return censored_residuals(std::exp(x), 1.5, 2.0, s)[0]; };
  const auto cost = [&](double x) { return censored_deviance(std::exp(x), 1.5, 2.0, s); };
  const double x = std::log(best), slope = (r(x + h) - r(x - h)) / (2 * h);
  const double curvature = (cost(x + 1e-2) - 2 * cost(x) + cost(x - 1e-2)) / 1e-4;
  EXPECT_NEAR(r(x), 0.0, 1e-7);
  EXPECT_NEAR(2.0 * slope * slope, curvature, 2e-3 * curvature);
  EXPECT_NEAR(censored_residuals(1.0, 1.5, 2.0, s)[1], censored_residuals(1.9, 1.5, 2.0, s)[1], 1e-9);
}

TEST(CalibrateCensored, IsFiniteFarAway) {
  for (const double m : {0.0, 1e-300, 1e300, infinity}) {
    EXPECT_TRUE(std::isfinite(censored_residuals(m, 1.5, 2.0, 0.05)[0])) << m;
    EXPECT_TRUE(std::isfinite(censored_residuals(m, 1.5, infinity, 0.05)[0])) << m;
    EXPECT_TRUE(std::isfinite(censored_residuals(m, 0.0, 2.0, 0.05)[0])) << m;
  }
  EXPECT_GT(censored_residuals(1e300, 1.5, 2.0, 0.05)[0], 0.0);
  EXPECT_LT(censored_residuals(0.0, 1.5, 2.0, 0.05)[0], 0.0);
}

} // namespace
} // namespace platen::calibrate

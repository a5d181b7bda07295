// Profiles and posterior samples against distributions that are known.

#include "base/error.hpp"
#include "calibrate/posterior.hpp"
#include "calibrate/profile.hpp"
#include "numerics/random.hpp"

#include "calibrate_problem.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <map>
#include <mutex>
#include <numeric>
#include <string>
#include <vector>

namespace platen::calibrate {
namespace {

/// Two numbers of deviations 2 and 1 about (1, -1) with correlation 0.8.
Problem ellipse() {
  return problem({{"a", 0.0, -50.0, 50.0, false, std::nullopt, "1"}, {"b", 0.0, -50.0, 50.0, false, std::nullopt, "1"}}, 2, [](Values v, Residuals r) {
    const double a = (v[0] - 1.0) / 2.0, b = v[1] + 1.0;
    r[0] = a;
    r[1] = (b - 0.8 * a) / 0.6;
    return true;
  });
}

/// C(x, y) = 9 (y - x^2)^2 + (x - 1)^2: bent, and still exact profiles: of x it is (x - 1)^2.
Problem banana() {
  return problem({{"x", 0.5, -20.0, 20.0, false, std::nullopt, "1"}, {"y", 0.0, -100.0, 400.0, false, std::nullopt, "1"}}, 2, [](Values v, Residuals r) {
    r[0] = 3.0 * (v[1] - v[0] * v[0]);
    r[1] = v[0] - 1.0;
    return true;
  });
}

FitOptions exact() {
  FitOptions options;
  options.tolerance = 1e-10;
  return options;
}

/// Near its minimum a rough descent takes its differences once: it ends where one with differences at every step ends.
TEST(CalibrateProfile, ARoughDescentCarriesItsDerivatives) {
  constexpr std::size_t n = 12;
  std::atomic<int> calls{0};
  std::vector<Number> numbers;
  for (std::size_t k = 0; k < n; ++k) numbers.push_back({"n" + std::to_string(k), 0.0, -20.0, 20.0, false, std::nullopt, "1"});
  const Problem p = problem(std::move(numbers), n, [&](Values v, Residuals r) {
    ++calls;
    for (std::size_t k = 0; k < n; ++k) r[k] = 10.0 * (std::exp(v[k]) - 1.3) + 2.0 * v[(k + 1) % n] * v[(k + 1) % n];
    return true;
  });
  const std::vector<double> from(n, 0.0);
  const Start best = descend(p, from, {}, exact());
  calls = 0;
  FitOptions rough;
  rough.rough = true;
  rough.tolerance = 0.01;
  const Start start = descend(p, from, {}, rough);
  EXPECT_TRUE(start.converged);
  EXPECT_LT(start.cost - best.cost, rough.tolerance);
  EXPECT_LT(calls.load(), static_cast<int>(2 * n)) << "the differences alone are " << n;
}

const double quantile = std::sqrt(3.8414588206941236);

TEST(CalibrateProfile, OfANormalDistributionIsItsInterval) {
  const Problem p = ellipse();
  const Profiles out = profile(p, fit(p, exact()));
  ASSERT_EQ(out.profiles.size(), 2u);
  EXPECT_FALSE(out.better.has_value());
  EXPECT_NEAR(out.profiles[0].low, 1.0 - 2.0 * quantile, 1e-3);
  EXPECT_NEAR(out.profiles[0].high, 1.0 + 2.0 * quantile, 1e-3);
  EXPECT_NEAR(out.profiles[1].low, -1.0 - quantile, 1e-3);
  for (const ProfilePoint& point : out.profiles[0].points) {
    EXPECT_NEAR(point.rise, std::pow((point.values[0] - 1.0) / 2.0, 2), 1e-4);
    EXPECT_NEAR(point.values[1] + 1.0, 0.8 * (point.values[0] - 1.0) / 2.0, 1e-2);
  }
}

TEST(CalibrateProfile, FollowsARidgeThatBends) {
  const Problem p = banana();
  const Profile x = profile(p, fit(p, exact()), std::vector<std::size_t>{0}).profiles.at(0);
  ASSERT_GT(x.points.size(), 5u);
  for (const ProfilePoint& point : x.points) {
    EXPECT_NEAR(point.rise, std::pow(point.values[0] - 1.0, 2), 2e-3) << point.values[0];
    EXPECT_NEAR(point.values[1], point.values[0] * point.values[0], 2e-2);
  }
  EXPECT_NEAR(x.low, 1.0 - quantile, 5e-3);
  EXPECT_NEAR(x.high, 1.0 + quantile, 5e-3);
}

TEST(CalibrateProfile, IsOpenWhereDataSayNothing) {
  // exp(-v t) seen once, already gone: any larger v does as well.
  const Problem p = problem({{"v", 1.0, 0.01, 100.0, true, std::nullopt, "1"}}, 1, [](Values v, Residuals r) {
    r[0] = std::exp(-v[0]) / 0.2;
    return true;
  });
  const Profile out = profile(p, fit(p)).profiles.at(0);
  EXPECT_EQ(out.high_open, Open::bound);
  EXPECT_EQ(out.low_open, Open::closed);
  EXPECT_NEAR(std::exp(-out.low) / 0.2, quantile, 0.02) << "C is nil at the fit, so it is 3.84 at the end";
}

TEST(CalibrateProfile, SaysWhereCellsCannotBeSimulated) {
  const Problem p = problem({{"v", 1.0, -10.0, 10.0, false, std::nullopt, "1"}}, 1, [](Values v, Residuals r) {
    r[0] = v[0];
    return v[0] < 1.5;
  });
  const Profile out = profile(p, fit(p, exact())).profiles.at(0);
  EXPECT_EQ(out.high_open, Open::not_simulated);
  EXPECT_NEAR(out.low, -quantile, 1e-3);
}

TEST(CalibrateProfile, TellsOfABetterMinimumMetOnTheWay) {
  const Problem p = problem({{"x", 1.2, -3.0, 3.0, false, std::nullopt, "1"}}, 2, [](Values v, Residuals r) {
    r[0] = v[0] * v[0] - 1.0;
    r[1] = 0.3 * (v[0] + 1.5);
    return true;
  });
  const Fit local = fit(p, exact());
  ASSERT_GT(local.values[0], 0.5);
  const Profiles out = profile(p, local);
  ASSERT_TRUE(out.better.has_value());
  EXPECT_LT(out.better->at(0), -0.5);
}

/// Rows in memory.
struct Memory {
  std::mutex guard;
  std::map<std::string, std::vector<double>> rows;
  std::size_t left = std::numeric_limits<std::size_t>::max(); ///< rows until the power fails

  Kept kept() {
    return {[this](const std::string& key) -> std::optional<std::vector<double>> {
              const std::lock_guard lock(guard);
              const auto at = rows.find(key);
              return at == rows.end() ? std::nullopt : std::optional(at->second);
            },
            [this](const std::string& key, std::span<const double> numbers) {
              const std::lock_guard lock(guard);
              if (left == 0) throw Cancelled();
              --left;
              rows[key] = {numbers.begin(), numbers.end()};
            }};
  }
};

/// Counts evaluations.
Problem counted(Problem p, std::atomic<std::size_t>& count) {
  const auto inner = p.evaluate;
  p.evaluate = [inner, &count](Values v, Residuals r, const work::Task& task) {
    ++count;
    return inner(v, r, task);
  };
  return p;
}

TEST(CalibrateProfile, GoesOnWhereItWasInterrupted) {
  std::atomic<std::size_t> count{0};
  const Problem p = counted(banana(), count);
  const Fit f = fit(p, exact());
  Memory whole, broken;
  count = 0;
  const Profiles once = profile(p, f, {}, {}, whole.kept());
  const std::size_t all = count;
  broken.left = 5;
  EXPECT_THROW(profile(p, f, {}, {}, broken.kept()), Cancelled);
  broken.left = 1000;
  count = 0;
  const Profiles again = profile(p, f, {}, {}, broken.kept());
  EXPECT_LT(count, all);
  EXPECT_EQ(whole.rows, broken.rows);
  EXPECT_EQ(again.profiles[1].high, once.profiles[1].high);
}

TEST(CalibrateFit, StartsThatHaveEndedAreNotLost) {
  std::atomic<std::size_t> count{0};
  const Problem p = counted(banana(), count);
  FitOptions options = exact();
  options.starts = 4;
  options.threads = 1;
  Memory whole;
  const Fit once = fit(p, options, {}, whole.kept());
  const std::size_t all = count;
  const std::size_t candidates = 3 * tried_per_start, per_start = 3; // two columns of the Jacobian, then the start
  ASSERT_EQ(whole.rows.size(), candidates + 4 * per_start);
  for (const std::size_t ended : {std::size_t{5}, candidates, candidates + 1, candidates + 2 * per_start}) {
    Memory broken;
    broken.left = ended;
    EXPECT_THROW(fit(p, options, {}, broken.kept()), Cancelled);
    EXPECT_EQ(broken.rows.size(), ended);
    broken.left = 1000;
    count = 0;
    const Fit again = fit(p, options, {}, broken.kept());
    EXPECT_LT(count, all);
    EXPECT_EQ(broken.rows, whole.rows);
    EXPECT_EQ(again.values, once.values);
    EXPECT_EQ(again.covariance, once.covariance);
    EXPECT_EQ(again.correlation, once.correlation);
    EXPECT_EQ(again.jacobian, once.jacobian);
    EXPECT_EQ(again.residuals, once.residuals);
    EXPECT_EQ(again.starts.back().from, once.starts.back().from);
    EXPECT_EQ(again.starts.back().cost, once.starts.back().cost);
  }
  count = 0;
  fit(p, options, {}, whole.kept());
  EXPECT_EQ(count, 0u) << "everything was kept";
}

TEST(CalibrateConvergence, CountsWhatACorrelatedChainIsWorth) {
  // x_k = f x_(k-1) + noise: worth (1 - f)/(1 + f) of its length.
  const double f = 0.8;
  std::vector<std::vector<double>> chains(4);
  for (std::size_t c = 0; c < 4; ++c) {
    numerics::RandomStream random(7, "chain", c);
    double x = random.normal();
    for (int k = 0; k < 20000; ++k) {
      x = f * x + std::sqrt(1.0 - f * f) * random.normal();
      chains[c].push_back(x);
    }
  }
  const Convergence good = convergence(chains);
  EXPECT_NEAR(good.effective / 80000.0, (1.0 - f) / (1.0 + f), 0.1 * (1.0 - f) / (1.0 + f));
  EXPECT_LT(good.r_hat, 1.005);
  for (double& x : chains[0]) x += 1.0;
  EXPECT_GT(convergence(chains).r_hat, 1.05) << "one chain elsewhere";
  for (std::vector<double>& chain : chains) std::fill(chain.begin(), chain.end(), 3.0);
  EXPECT_FALSE(convergence(chains).r_hat < 2.0) << "chains that never moved have not converged";
}

/// Within four standard errors of the truth, by the sample's own effective size.
void expect_moments(const Posterior& p, std::size_t j, double mean, double deviation) {
  double sum = 0.0, squares = 0.0;
  const double n = static_cast<double>(p.draws.size()), worth = std::min(p.convergence[j].effective, n);
  for (const auto& draw : p.draws) sum += draw[j] / n;
  for (const auto& draw : p.draws) squares += (draw[j] - sum) * (draw[j] - sum) / n;
  EXPECT_NEAR(sum, mean, 4.0 * deviation / std::sqrt(worth)) << j;
  EXPECT_NEAR(std::sqrt(squares), deviation, 4.0 * deviation / std::sqrt(2.0 * worth)) << j;
}

TEST(CalibratePosterior, DrawsFromACorrelatedNormalDistribution) {
  const Problem p = ellipse();
  PosteriorOptions options;
  options.draws = 2000;
  const Posterior out = sample(p, fit(p), options);
  EXPECT_TRUE(out.converged);
  ASSERT_EQ(out.draws.size(), 2000u);
  expect_moments(out, 0, 1.0, 2.0);
  expect_moments(out, 1, -1.0, 1.0);
  double both = 0.0;
  for (const auto& d : out.draws) both += (d[0] - 1.0) / 2.0 * (d[1] + 1.0) / 2000.0;
  EXPECT_NEAR(both, 0.8, 0.15);
  EXPECT_NEAR(out.quantile(0, 0.975), 1.0 + 2.0 * 1.96, 0.4);
  EXPECT_GT(out.acceptance, 0.1);
  EXPECT_LT(out.acceptance, 0.6);
}

TEST(CalibratePosterior, DrawsFromABentOne) {
  // x ~ N(1, 1), y | x ~ N(x^2, 1/3): mean of y is 2, its variance 2 + 4 + 1/9.
  const Problem p = banana();
  PosteriorOptions options;
  options.draws = 1500;
  const Posterior out = sample(p, fit(p), options);
  expect_moments(out, 0, 1.0, 1.0);
  double mean = 0.0;
  for (const auto& d : out.draws) mean += d[1] / static_cast<double>(out.draws.size());
  EXPECT_NEAR(mean, 2.0, 5.0 * std::sqrt(6.11 / std::min(out.convergence[1].effective, 1500.0)));
}

TEST(CalibratePosterior, StaysWithinBoundsAndFollowsPriorsWhereDataSayNothing) {
  // a is seen at 0 with deviation 1 but must be positive: half a normal distribution, mean sqrt(2/pi). b is its prior.
  const Problem p = problem({{"a", 1.0, 0.0, 10.0, false, std::nullopt, "1"}, {"b", 1.0, 1e-3, 1e3, true, Prior{0.5, 0.3}, "1"}}, 1,
                            [](Values v, Residuals r) {
                              r[0] = v[0];
                              return true;
                            });
  PosteriorOptions options;
  options.draws = 2000;
  const Posterior out = sample(p, fit(p), options);
  expect_moments(out, 0, std::sqrt(2.0 / 3.14159265), std::sqrt(1.0 - 2.0 / 3.14159265));
  double mean = 0.0;
  for (const auto& d : out.draws) {
    EXPECT_GE(d[0], 0.0);
    mean += std::log(d[1]) / 2000.0;
  }
  EXPECT_NEAR(mean, 0.5, 4.0 * 0.3 / std::sqrt(out.convergence[1].effective));
}

TEST(CalibratePosterior, WarnsOfChainsThatWereTooShort) {
  const Problem p = banana();
  PosteriorOptions options;
  options.draws = 5000;
  options.steps = 1000;
  const Posterior out = sample(p, fit(p), options);
  EXPECT_FALSE(out.converged && out.convergence[1].effective >= 5000.0);
  EXPECT_LE(out.steps, 1000u);
}

TEST(CalibratePosterior, IsTheSameOnAnyNumberOfThreadsAndAfterAnInterruption) {
  const Problem p = ellipse();
  const Fit f = fit(p);
  PosteriorOptions one;
  one.draws = 200, one.steps = 1000;
  PosteriorOptions four = one;
  one.threads = 1, four.threads = 4;
  Memory broken;
  broken.left = 30;
  EXPECT_THROW(sample(p, f, four, broken.kept()), Cancelled);
  broken.left = 1000;
  const Posterior a = sample(p, f, one), b = sample(p, f, four, broken.kept());
  EXPECT_EQ(a.draws, b.draws);
}

} // namespace
} // namespace platen::calibrate

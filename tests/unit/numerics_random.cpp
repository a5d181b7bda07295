#include "numerics/random.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <set>
#include <thread>
#include <vector>

using namespace platen::numerics;
using Counter = std::array<std::uint32_t, 4>;

TEST(Philox, KnownAnswers) { // Random123 1.14, tests/kat_vectors, rows "philox4x32 10"
  EXPECT_EQ(philox4x32_10({0, 0, 0, 0}, {0, 0}), (Counter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox4x32_10({~0u, ~0u, ~0u, ~0u}, {~0u, ~0u}), (Counter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox4x32_10({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Counter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(NormalQuantile, InvertsTheDistribution) {
  // Phi(x) = erfc(-x/sqrt 2)/2 is independent of the rational functions; their joints are at p = 0.075 and near 1.4e-11.
  for (const double p : {1e-300, 1e-100, 1e-12, 1.3e-11, 1.5e-11, 1e-6, 0.001, 0.0749, 0.0751, 0.3, 0.5, 0.7, 0.9251})
    EXPECT_NEAR(std::erfc(-normal_quantile(p) / std::sqrt(2.0)) / 2.0 / p, 1.0, 1e-12) << p;
  EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-15);
  EXPECT_DOUBLE_EQ(normal_quantile(0.25), -normal_quantile(0.75));
  EXPECT_EQ(normal_quantile(0.0), -HUGE_VAL);
  EXPECT_TRUE(std::isnan(normal_quantile(1.5)));
}

TEST(RandomStream, DependsOnSeedNameIndexOnly) {
  const auto draw = [](std::uint64_t seed, std::string_view name, std::uint64_t index) {
    RandomStream s(seed, name, index);
    return std::vector<std::uint64_t>{s.bits(), s.bits(), s.bits()};
  };
  EXPECT_EQ(draw(7, "flaws", 3), draw(7, "flaws", 3));
  std::set<std::vector<std::uint64_t>> different;
  for (const std::uint64_t seed : {0ull, 7ull, 1ull << 40})
    for (const std::string_view name : {"", "flaws", "noise"})
      for (const std::uint64_t index : {0ull, 1ull, 1ull << 40}) different.insert(draw(seed, name, index));
  EXPECT_EQ(different.size(), 27u);
}

TEST(RandomStream, SameOnAnyNumberOfThreads) {
  std::vector<double> serial(64), parallel(64);
  for (std::size_t i = 0; i < 64; ++i) serial[i] = RandomStream(11, "cell", i).normal();
  std::vector<std::jthread> threads;
  for (std::size_t t = 0; t < 4; ++t)
    threads.emplace_back([&, t] { for (std::size_t i = t; i < 64; i += 4) parallel[i] = RandomStream(11, "cell", i).normal(); });
  threads.clear();
  EXPECT_EQ(serial, parallel);
}

// Sample size n: a mean strays from its expectation by more than 5 sd/sqrt(n) once in two million seeds; the seed is fixed.
constexpr int n = 20000;

TEST(RandomStream, MomentsOfTheDistributions) {
  RandomStream s(1, "moments");
  double u = 0, uu = 0, g = 0, gg = 0, gggg = 0, l = 0, w = 0;
  for (int i = 0; i < n; ++i) {
    const double a = s.uniform(), b = s.normal();
    ASSERT_TRUE(a > 0.0 && a < 1.0);
    u += a, uu += a * a, g += b, gg += b * b, gggg += b * b * b * b;
    l += std::log(s.log_normal(3.0, 0.5));
    w += s.weibull(2.0, 2.0);
  }
  const double bound = 5.0 / std::sqrt(double(n));
  EXPECT_NEAR(u / n, 0.5, bound * std::sqrt(1.0 / 12.0));
  EXPECT_NEAR(uu / n, 1.0 / 3.0, bound * std::sqrt(4.0 / 45.0));
  EXPECT_NEAR(g / n, 0.0, bound);
  EXPECT_NEAR(gg / n, 1.0, bound * std::sqrt(2.0));
  EXPECT_NEAR(gggg / n, 3.0, bound * std::sqrt(96.0));
  EXPECT_NEAR(l / n, std::log(3.0), bound * 0.5);
  // Weibull of shape 2: mean scale Gamma(1.5), variance scale^2 (1 - pi/4)
  EXPECT_NEAR(w / n, 2.0 * std::tgamma(1.5), bound * 2.0 * std::sqrt(1.0 - M_PI / 4.0));
}

TEST(RandomStream, NeighbouringIndicesAreUncorrelated) {
  double sum = 0;
  for (std::uint64_t i = 0; i < n; ++i) sum += RandomStream(5, "x", i).normal() * RandomStream(5, "x", i + 1).normal();
  EXPECT_NEAR(sum / n, 0.0, 5.0 / std::sqrt(double(n)));
}

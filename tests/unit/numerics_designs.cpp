#include "base/error.hpp"
#include "numerics/designs.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <vector>

using namespace platen;
using namespace platen::numerics;
using Points = std::vector<std::vector<double>>;

namespace {

template <class Design>
Points points_of(const Design& design, std::uint64_t count, std::uint64_t first = 0) {
  Points result(count, std::vector<double>(design.dimensions()));
  for (std::uint64_t i = 0; i < count; ++i) design.point(first + i, result[i]);
  return result;
}

/// Whether every box of 2^-a x 2^-b (a + b = m - t) holds exactly 2^t of the 2^m points, in dimensions p and q.
bool is_net(const Points& points, std::size_t p, std::size_t q, int t) {
  const int m = static_cast<int>(std::bit_width(points.size())) - 1;
  for (int a = 0; a <= m - t; ++a) {
    std::map<std::pair<int, int>, int> held;
    for (const auto& x : points)
      ++held[{static_cast<int>(std::ldexp(x[p], a)), static_cast<int>(std::ldexp(x[q], m - t - a))}];
    for (const auto& [box, count] : held)
      if (count != 1 << t) return false;
    if (held.size() != std::size_t{1} << (m - t)) return false;
  }
  return true;
}

/// Root of the mean square error over seeds of the mean of prod(1 + (x - 1/2)) over `count` points; the integral is 1.
template <class Make>
double integral_error(const Make& make, std::uint64_t count, int seeds) {
  double squares = 0.0;
  for (int s = 1; s <= seeds; ++s) {
    double sum = 0.0;
    for (const auto& x : points_of(make(static_cast<std::uint64_t>(s)), count)) {
      double product = 1.0;
      for (const double v : x) product *= 0.5 + v;
      sum += product;
    }
    squares += std::pow(sum / static_cast<double>(count) - 1.0, 2);
  }
  return std::sqrt(squares / seeds);
}

} // namespace

TEST(SobolSequence, StartsWithThePublishedPoints) { // Joe and Kuo's page, first ten points in three dimensions
  const Points expected{{0, 0, 0},
                        {0.5, 0.5, 0.5},
                        {0.75, 0.25, 0.25},
                        {0.25, 0.75, 0.75},
                        {0.375, 0.375, 0.625},
                        {0.875, 0.875, 0.125},
                        {0.625, 0.125, 0.875},
                        {0.125, 0.625, 0.375},
                        {0.1875, 0.3125, 0.9375},
                        {0.6875, 0.8125, 0.4375}};
  EXPECT_EQ(points_of(SobolSequence(3), 10), expected);
}

TEST(SobolSequence, AgreesWithAnotherImplementationInAllDimensions) {
  // scipy 1.10.1: qmc.Sobol(101, scramble=False, bits=32).random(1024) * 2^32, weighted by place, summed modulo 2^64.
  const SobolSequence sequence(SobolSequence::most_dimensions);
  std::uint64_t sum = 0;
  const Points points = points_of(sequence, 1024);
  for (std::uint64_t i = 0; i < points.size(); ++i)
    for (std::uint64_t d = 0; d < points[i].size(); ++d)
      sum += static_cast<std::uint64_t>(std::ldexp(points[i][d], 32)) * (i * 101 + d + 1);
  EXPECT_EQ(sum, 11485304841253683200u);
  std::vector<double> far(101);
  sequence.point(4001, far);
  EXPECT_EQ(far[100], 3864002560.0 / 4294967296.0);
}

TEST(SobolSequence, EveryDimensionIsStratifiedAndFirstPairsAreNets) {
  for (const bool scramble : {false, true}) {
    const SobolSequence sequence(SobolSequence::most_dimensions, scramble ? std::optional<std::uint64_t>(5) : std::nullopt);
    for (const std::uint64_t first : {0u, 256u, 1024u}) { // any aligned block
      const Points points = points_of(sequence, 256, first);
      for (std::size_t d = 0; d < sequence.dimensions(); ++d) {
        std::set<int> slices;
        for (const auto& x : points) slices.insert(static_cast<int>(256 * x[d]));
        EXPECT_EQ(slices.size(), 256u) << d;
      }
      EXPECT_TRUE(is_net(points, 0, 1, 0)) << scramble << first; // t is the sum of (degree - 1): 0
      EXPECT_TRUE(is_net(points, 0, 2, 1)) << scramble << first; // x^2 + x + 1
      EXPECT_TRUE(is_net(points, 1, 2, 1)) << scramble << first;
    }
    EXPECT_FALSE(is_net(points_of(sequence, 256), 0, 40, 0)); // the test can fail
  }
}

TEST(SobolSequence, ScrambledPointsAreUniformAndSeedsDiffer) {
  double mean = 0.0, squares = 0.0;
  for (std::uint64_t seed = 1; seed <= 4000; ++seed) {
    std::vector<double> x(2);
    SobolSequence(2, seed).point(3, x);
    EXPECT_GT(x[1], 0.0);
    EXPECT_LT(x[1], 1.0);
    mean += x[1] / 4000.0;
    squares += x[1] * x[1] / 4000.0;
  }
  EXPECT_NEAR(mean, 0.5, 4.0 * std::sqrt(1.0 / 12.0 / 4000.0)); // four standard errors
  EXPECT_NEAR(squares, 1.0 / 3.0, 4.0 * std::sqrt(4.0 / 45.0 / 4000.0));
  EXPECT_NE(points_of(SobolSequence(2, 1), 4), points_of(SobolSequence(2, 2), 4));
  EXPECT_EQ(points_of(SobolSequence(40, 7), 4, 1000), points_of(SobolSequence(40, 7), 4, 1000));
}

TEST(SobolSequence, IntegratesSmoothFunctionsAtNearlyTheThirdHalfPower) {
  // Owen (1997): the error of scrambled nets falls as n^-3/2 (log n)^((d-1)/2), chance alone as n^-1/2.
  const auto sobol = [](std::uint64_t seed) { return SobolSequence(3, seed); };
  const double order = std::log2(integral_error(sobol, 64, 60) / integral_error(sobol, 4096, 60)) / 6.0;
  EXPECT_GT(order, 1.25);
  EXPECT_LT(order, 1.65);
  // The star discrepancy's bound carries over to any place: an unscrambled prefix beats chance by more than ten as well.
  EXPECT_LT(integral_error([](std::uint64_t) { return SobolSequence(5); }, 4096, 1), 0.1 / std::sqrt(4096.0));
}

TEST(LatinHypercube, EverySliceHoldsOnePoint) {
  for (const auto pairing : {LatinHypercube::Pairing::plain, LatinHypercube::Pairing::maximin})
    for (const std::uint64_t n : {1u, 2u, 5u, 64u, 257u}) {
      const Points points = points_of(LatinHypercube(n, 7, 11, pairing), n);
      for (std::size_t d = 0; d < 7; ++d) {
        std::set<std::uint64_t> slices;
        for (const auto& x : points) slices.insert(static_cast<std::uint64_t>(x[d] * static_cast<double>(n)));
        EXPECT_EQ(slices.size(), n);
      }
    }
}

TEST(LatinHypercube, PairingsAreRandomAndDimensionsIndependent) {
  std::map<std::vector<int>, int> orders; // all 24 permutations of four slices, relative to the first dimension
  double correlation = 0.0;
  for (std::uint64_t seed = 1; seed <= 2400; ++seed) {
    const Points points = points_of(LatinHypercube(4, 2, seed), 4);
    std::vector<int> order(4);
    for (const auto& x : points) {
      order[static_cast<std::size_t>(4 * x[0])] = static_cast<int>(4 * x[1]);
      correlation += 12.0 * (x[0] - 0.5) * (x[1] - 0.5) / 9600.0;
    }
    ++orders[order];
  }
  double chi_square = 0.0;
  for (const auto& [order, count] : orders) chi_square += std::pow(count - 100.0, 2) / 100.0;
  chi_square += 100.0 * static_cast<double>(24 - orders.size());
  EXPECT_LT(chi_square, 49.7); // 23 degrees of freedom, 1 in 1000
  EXPECT_NEAR(correlation, 0.0, 4.0 / std::sqrt(9600.0));
}

TEST(LatinHypercube, MaximinPushesTheNearestPointsApart) {
  const auto nearest = [](const Points& points) {
    double least = 1e9;
    for (std::size_t a = 0; a < points.size(); ++a)
      for (std::size_t b = 0; b < a; ++b) {
        double sum = 0.0;
        for (std::size_t d = 0; d < points[a].size(); ++d) sum += std::pow(points[a][d] - points[b][d], 2);
        least = std::min(least, std::sqrt(sum));
      }
    return least;
  };
  for (std::uint64_t seed = 1; seed <= 5; ++seed)
    EXPECT_GT(nearest(points_of(LatinHypercube(50, 3, seed, LatinHypercube::Pairing::maximin), 50)),
              2.0 * nearest(points_of(LatinHypercube(50, 3, seed), 50)));
}

TEST(LatinHypercube, RemovesTheErrorOfSums) { // Stein (1987): only what is not additive is left to chance
  const auto plain = [](std::uint64_t seed) { return LatinHypercube(256, 3, seed); };
  // prod(1/2 + x): variance (13/12)^3 - 1, of which 3/12 is additive.
  const double left = std::sqrt((std::pow(13.0 / 12.0, 3) - 1.0 - 0.25) / 256.0);
  EXPECT_NEAR(integral_error(plain, 256, 200), left, 4.0 * left / std::sqrt(400.0)); // four standard errors of 200 seeds
}

TEST(MorrisDesign, MovesEveryFactorOnceByHalfTheCube) {
  const MorrisDesign design(200, 6, 3);
  ASSERT_EQ(design.points(), 1400u);
  const Points points = points_of(design, design.points());
  std::map<std::size_t, int> first_moved;
  std::map<double, int> levels;
  int up = 0;
  for (std::size_t t = 0; t < 200; ++t) {
    std::set<std::size_t> moved;
    for (std::size_t s = 1; s <= 6; ++s) {
      std::vector<std::size_t> changed;
      for (std::size_t f = 0; f < 6; ++f) {
        const double change = points[7 * t + s][f] - points[7 * t + s - 1][f];
        if (change == 0.0) continue;
        EXPECT_EQ(std::abs(change), MorrisDesign::step);
        if (change > 0.0) ++up;
        changed.push_back(f);
      }
      ASSERT_EQ(changed.size(), 1u);
      moved.insert(changed[0]);
      if (s == 1) ++first_moved[changed[0]];
    }
    EXPECT_EQ(moved.size(), 6u);
    for (const double v : points[7 * t]) ++levels[v];
  }
  EXPECT_EQ(levels.size(), 4u);
  for (const auto& [level, count] : levels) EXPECT_NEAR(count, 300, 4 * 15.0) << level; // binomial deviation 15
  for (std::size_t f = 0; f < 6; ++f) EXPECT_NEAR(first_moved[f], 200.0 / 6.0, 4 * 5.3);
  EXPECT_NEAR(up, 600, 4 * 17.4);
}

TEST(SaltelliDesign, ChangesOneColumnAtATime) {
  const SaltelliDesign design(16, 3, 9);
  ASSERT_EQ(design.points(), 80u);
  const Points points = points_of(design, 80);
  for (std::size_t j = 0; j < 16; ++j) {
    const auto &a = points[5 * j], &b = points[5 * j + 4];
    for (std::size_t f = 0; f < 3; ++f) {
      auto expected = a;
      expected[f] = b[f];
      EXPECT_EQ(points[5 * j + f + 1], expected);
      EXPECT_NE(a[f], b[f]);
    }
  }
  EXPECT_NO_THROW(SaltelliDesign(8, SaltelliDesign::most_factors, 1));
}

TEST(Designs, RefuseWhatHasNoAnswer) {
  std::vector<double> two(2);
  EXPECT_THROW(SobolSequence(0), Error);
  EXPECT_THROW(SobolSequence(102), Error);
  EXPECT_THROW(SobolSequence(3).point(0, two), Error);
  EXPECT_THROW(LatinHypercube(4, 2, 1).point(4, two), Error);
  EXPECT_THROW(LatinHypercube(0, 2, 1), Error);
  EXPECT_THROW(LatinHypercube(1001, 2, 1, LatinHypercube::Pairing::maximin), Error);
  EXPECT_THROW(MorrisDesign(3, 2, 1, 5), Error);
  EXPECT_THROW(MorrisDesign(0, 2, 1), Error);
  EXPECT_THROW(SaltelliDesign(4, 51, 1), Error);
  EXPECT_THROW(SaltelliDesign(0, 2, 1), Error);
}

// Generalised least squares for rows in blocks (J3), against the covariance written out and inverted.

#include "numerics/block_covariance.hpp"

#include "numerics/dense.hpp"
#include "numerics/random.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <utility>
#include <vector>

namespace platen::numerics {
namespace {

using Column = std::vector<double>;

/// Blocks of unequal lengths, one of a single row; columns drawn at random.
struct Case {
  BlockedRows rows;
  Column shared;
  std::size_t n = 0, own = 0, common = 0;
};
Case drawn(std::size_t own, std::size_t common, double walk, double size = 1.0) {
  RandomStream r(3, "block covariance");
  Case out{{{0, 4, 5, 12, 20}, {}, {}, walk}, {}, 20, own, common};
  for (std::size_t k = 0; k < out.n; ++k) out.rows.variance.push_back(0.1 + r.uniform());
  for (std::size_t k = 0; k < own * out.n; ++k) out.rows.own.push_back(size * r.normal());
  for (std::size_t k = 0; k < common * out.n; ++k) out.shared.push_back(size * r.normal());
  return out;
}
Column any_column(std::uint64_t seed, std::size_t n) {
  RandomStream r(seed, "column");
  Column out;
  for (std::size_t k = 0; k < n; ++k) out.push_back(r.normal());
  return out;
}

std::size_t block_of(const Case& c, std::size_t row) {
  std::size_t b = 0;
  while (c.rows.begins[b + 1] <= row) ++b;
  return b;
}

/// V as (J3) writes it, row by row.
Column written_out(const Case& c) {
  Column v(c.n * c.n, 0.0);
  for (std::size_t i = 0; i < c.n; ++i)
    for (std::size_t j = 0; j < c.n; ++j) {
      double& x = v[i * c.n + j];
      if (i == j) x += c.rows.variance[i];
      if (block_of(c, i) == block_of(c, j))
        for (std::size_t e = 0; e < c.own; ++e) x += c.rows.own[e * c.n + i] * c.rows.own[e * c.n + j];
      x += c.rows.walk * c.rows.walk * static_cast<double>(std::min(block_of(c, i), block_of(c, j)));
      for (std::size_t e = 0; e < c.common; ++e) x += c.shared[e * c.n + i] * c.shared[e * c.n + j];
    }
  return v;
}

/// V^-1 b and ln det V by Gauss's elimination with the largest pivot.
struct Solved {
  Column x;
  double log_determinant = 0.0;
};
Solved solve(Column v, Column b) {
  const std::size_t n = b.size();
  Solved out;
  for (std::size_t j = 0; j < n; ++j) {
    std::size_t pivot = j;
    for (std::size_t i = j; i < n; ++i)
      if (std::abs(v[i * n + j]) > std::abs(v[pivot * n + j])) pivot = i;
    for (std::size_t k = 0; k < n; ++k) std::swap(v[j * n + k], v[pivot * n + k]);
    std::swap(b[j], b[pivot]);
    out.log_determinant += std::log(std::abs(v[j * n + j]));
    for (std::size_t i = 0; i < n; ++i) {
      if (i == j) continue;
      const double times = v[i * n + j] / v[j * n + j];
      for (std::size_t k = j; k < n; ++k) v[i * n + k] -= times * v[j * n + k];
      b[i] -= times * b[j];
    }
  }
  for (std::size_t j = 0; j < n; ++j) out.x.push_back(b[j] / v[j * n + j]);
  return out;
}

class BlockCovarianceCases : public testing::TestWithParam<std::array<double, 3>> {};

TEST_P(BlockCovarianceCases, ProductsDeterminantEffectsAndErrorsAreThoseOfTheCovarianceWrittenOut) {
  const auto [own, common, walk] = GetParam();
  const Case c = drawn(static_cast<std::size_t>(own), static_cast<std::size_t>(common), walk);
  const Column a = any_column(1, c.n), b = any_column(2, c.n);
  const Solved textbook = solve(written_out(c), b);
  const BlockCovariance covariance(c.rows, c.shared);
  const auto seen_a = covariance.see(a), seen_b = covariance.see(b);
  EXPECT_NEAR(covariance.product(seen_a, seen_b), dot(a.data(), textbook.x.data(), c.n), 1e-11);
  EXPECT_NEAR(covariance.product(seen_b, seen_a), dot(a.data(), textbook.x.data(), c.n), 1e-11);
  EXPECT_NEAR(covariance.product(seen_b, seen_b), dot(b.data(), textbook.x.data(), c.n), 1e-11);
  EXPECT_NEAR(covariance.log_determinant(), textbook.log_determinant, 1e-11);
  const Column effects = covariance.effects(seen_b);
  ASSERT_EQ(effects.size(), c.common);
  for (std::size_t e = 0; e < c.common; ++e) {
    const Column column(c.shared.begin() + static_cast<std::ptrdiff_t>(e * c.n), c.shared.begin() + static_cast<std::ptrdiff_t>((e + 1) * c.n));
    EXPECT_NEAR(effects[e], dot(column.data(), textbook.x.data(), c.n), 1e-11) << "B^T V^-1 y";
    const Column solved = solve(written_out(c), column).x;
    EXPECT_NEAR(covariance.error(e), std::sqrt(1.0 - dot(column.data(), solved.data(), c.n)), 1e-9) << "prior variance 1, less what y tells";
  }
}
INSTANTIATE_TEST_SUITE_P(OwnSharedWalk, BlockCovarianceCases,
                         testing::Values(std::array{0.0, 0.0, 0.0}, std::array{2.0, 0.0, 0.0}, std::array{0.0, 3.0, 0.0}, std::array{0.0, 0.0, 0.7}, std::array{2.0, 4.0, 0.0},
                                         std::array{1.0, 5.0, 0.3}, std::array{3.0, 9.0, 2.0}));

/// Effects 1e6 times the noise: the covariance written out has lost the noise to rounding in its last digits, the limit is known.
TEST(BlockCovariance, EffectsOfAnySizeLeaveWhatTheyCannotExplain) {
  const Case wide = drawn(2, 3, 1e6, 1e6);
  const Column b = any_column(2, wide.n);
  const BlockCovariance covariance(wide.rows, wide.shared);
  // effects without a prior: weighted least squares on their columns, block by block and shared, and a level for each block that walks
  std::vector<Column> columns;
  for (std::size_t block = 0; block + 1 < wide.rows.begins.size(); ++block)
    for (std::size_t e = 0; e < wide.own + (block > 0 ? 1 : 0); ++e) {
      columns.emplace_back(wide.n, 0.0);
      for (std::size_t k = wide.rows.begins[block]; k < wide.rows.begins[block + 1]; ++k) columns.back()[k] = e < wide.own ? wide.rows.own[e * wide.n + k] : 1e6;
    }
  for (std::size_t e = 0; e < wide.common; ++e) columns.emplace_back(wide.shared.begin() + static_cast<std::ptrdiff_t>(e * wide.n), wide.shared.begin() + static_cast<std::ptrdiff_t>((e + 1) * wide.n));
  Column a, y = b, x(columns.size());
  for (std::size_t k = 0; k < wide.n; ++k) y[k] /= std::sqrt(wide.rows.variance[k]);
  for (const Column& column : columns)
    for (std::size_t k = 0; k < wide.n; ++k) a.push_back(column[k] / std::sqrt(wide.rows.variance[k]));
  const double left = solve_least_squares(a, wide.n, columns.size(), y, x);
  ASSERT_GT(left, 0.1);
  const auto seen = covariance.see(b);
  EXPECT_NEAR(covariance.product(seen, seen), left, 1e-6 * left);
}

TEST(BlockCovariance, WhatIsZeroAtFirstIsSeenAsTheWholeColumn) {
  const Case c = drawn(2, 5, 0.4);
  const BlockCovariance covariance(c.rows, c.shared);
  Column late(c.n, 0.0);
  for (std::size_t k = 7; k < c.n; ++k) late[k] = std::sin(static_cast<double>(k));
  const auto seen = covariance.see(late);
  EXPECT_NEAR(covariance.product(seen, seen), dot(late.data(), solve(written_out(c), late).x.data(), c.n), 1e-11);
  for (std::size_t k = 0; k < 7; ++k) EXPECT_EQ(seen.white[k], 0.0);
  const auto none = covariance.see(Column(c.n, 0.0));
  EXPECT_EQ(covariance.product(none, none), 0.0);
}

TEST(BlockCovariance, ItsInnovationsOfDrawnRowsAreIndependent) {
  const Case c = drawn(2, 0, 0.5);
  Column root = written_out(c);
  ASSERT_TRUE(cholesky(root, c.n));
  const BlockCovariance covariance(c.rows, c.shared);
  RandomStream r(8, "rows");
  Column z(c.n), y(c.n, 0.0);
  for (double& x : z) x = r.normal();
  for (std::size_t i = 0; i < c.n; ++i)
    for (std::size_t j = 0; j <= i; ++j) y[i] += root[i * c.n + j] * z[j];
  const auto seen = covariance.see(y);
  for (std::size_t k = 0; k < c.n; ++k) EXPECT_NEAR(seen.white[k], z[k], 1e-12) << "the numbers that were drawn come out again";
}

TEST(BlockCovariance, WhatIsNotFiniteMakesNoFiniteProduct) {
  Case c = drawn(1, 2, 0.0);
  c.shared[3] = std::numeric_limits<double>::infinity();
  const BlockCovariance covariance(c.rows, c.shared);
  const auto seen = covariance.see(any_column(1, c.n));
  EXPECT_TRUE(std::isnan(covariance.product(seen, seen)));
}

} // namespace
} // namespace platen::numerics

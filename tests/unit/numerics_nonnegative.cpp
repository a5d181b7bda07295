// Quadratics over non-negative numbers, against trying every set of positive ones.
#include "numerics/dense.hpp"
#include "numerics/nonnegative.hpp"
#include "numerics/random.hpp"

#include <cmath>
#include <gtest/gtest.h>

namespace {

using namespace platen::numerics;

double value(const std::vector<double>& H, const std::vector<double>& f, const std::vector<double>& x) {
  const std::size_t n = f.size();
  double sum = 0.0;
  for (std::size_t i = 0; i < n; ++i) sum += x[i] * (0.5 * dot(&H[i * n], x.data(), n) - f[i]);
  return sum;
}

/// The least value over all sets of positive numbers whose minimum is non-negative.
double by_trying(const std::vector<double>& H, const std::vector<double>& f) {
  const std::size_t n = f.size();
  double best = 0.0;
  for (std::size_t set = 1; set < (std::size_t{1} << n); ++set) {
    std::vector<std::size_t> member;
    for (std::size_t i = 0; i < n; ++i)
      if (set >> i & 1) member.push_back(i);
    const std::size_t m = member.size();
    std::vector<double> part(m * m), right(m), x(n, 0.0);
    for (std::size_t a = 0; a < m; ++a) {
      right[a] = f[member[a]];
      for (std::size_t b = 0; b < m; ++b) part[a * m + b] = H[member[a] * n + member[b]];
    }
    cholesky(part, m);
    cholesky_solve(part, m, right);
    bool allowed = true;
    for (std::size_t a = 0; a < m; ++a) {
      allowed = allowed && right[a] >= 0.0;
      x[member[a]] = right[a];
    }
    if (allowed) best = std::min(best, value(H, f, x));
  }
  return best;
}

TEST(NumericsNonnegative, AgreesWithTryingEverySet) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    RandomStream random(seed, "nonnegative");
    const std::size_t n = 7, m = 9;
    std::vector<double> a(m * n), H(n * n), f(n), x(n);
    for (double& v : a) v = random.normal();
    for (std::size_t i = 0; i < n; ++i) {
      f[i] = random.normal();
      for (std::size_t j = 0; j < n; ++j) H[i * n + j] = dot(&a[i * m], &a[j * m], m);
    }
    NonnegativeQuadratic solver(n);
    ASSERT_TRUE(solver.minimise(H, f, x));
    for (const double v : x) EXPECT_GE(v, 0.0);
    const double best = by_trying(H, f);
    EXPECT_NEAR(value(H, f, x), best, 1e-9 * (1.0 + std::abs(best))) << seed;
    ASSERT_TRUE(solver.minimise(H, f, x)); // from the set it ended with
    EXPECT_NEAR(value(H, f, x), best, 1e-9 * (1.0 + std::abs(best))) << seed;
  }
}

TEST(NumericsNonnegative, RefusesWhatIsNotPositiveDefinite) {
  NonnegativeQuadratic solver(2);
  std::vector<double> x(2);
  EXPECT_FALSE(solver.minimise(std::vector<double>{1, 2, 2, 1}, std::vector<double>{1, 1}, x));
}

} // namespace

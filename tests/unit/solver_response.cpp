// The answer of a linearised system to a sine: against elimination at each frequency, and over rates from 1e-6 to 1e12 1/s.

#include "numerics/random.hpp"
#include "solver/response.hpp"

#include <cmath>
#include <gtest/gtest.h>

using namespace platen;
using solver::Linearised;
using Complex = std::complex<double>;

namespace {

/// d + c (j omega - A)^-1 b in extended precision, row by row.
Complex by_elimination(const Linearised& s, double omega) {
  using Long = std::complex<long double>;
  const std::size_t n = s.states;
  std::vector<Long> M(n * n), x(s.b.begin(), s.b.end());
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) M[i * n + j] = Long(-s.A[i * n + j], i == j ? omega : 0.0);
  for (std::size_t i = 0; i < n; ++i) { // rows of like size, so that the largest entry is a fair pivot
    long double size = 0.0L;
    for (std::size_t j = 0; j < n; ++j) size = std::max(size, std::abs(M[i * n + j]));
    for (std::size_t j = 0; j < n; ++j) M[i * n + j] /= size;
    x[i] /= size;
  }
  for (std::size_t k = 0; k < n; ++k) {
    std::size_t p = k;
    for (std::size_t i = k + 1; i < n; ++i)
      if (std::abs(M[i * n + k]) > std::abs(M[p * n + k])) p = i;
    for (std::size_t j = 0; j < n; ++j) std::swap(M[k * n + j], M[p * n + j]);
    std::swap(x[k], x[p]);
    for (std::size_t i = k + 1; i < n; ++i) {
      const Long share = M[i * n + k] / M[k * n + k];
      for (std::size_t j = k; j < n; ++j) M[i * n + j] -= share * M[k * n + j];
      x[i] -= share * x[k];
    }
  }
  Long out = s.d;
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t j = i + 1; j < n; ++j) x[i] -= M[i * n + j] * x[j];
    x[i] /= M[i * n + i];
    out += static_cast<long double>(s.c[i]) * x[i];
  }
  return Complex(out);
}

/// Relaxations with rates from 1e-6 to 1e12 1/s that see each other, in states of very different units.
Linearised graded(std::uint64_t seed, std::size_t n) {
  numerics::RandomStream draw(seed, "graded system");
  Linearised s{n, std::vector<double>(n * n), std::vector<double>(n), std::vector<double>(n), draw.uniform()};
  std::vector<double> rate(n), unit(n);
  for (std::size_t i = 0; i < n; ++i) {
    rate[i] = std::pow(10.0, -6.0 + 18.0 * static_cast<double>(i) / static_cast<double>(n - 1));
    unit[i] = std::pow(10.0, 16.0 * draw.uniform() - 8.0);
    s.b[i] = rate[i] * unit[i];
    s.c[i] = (0.2 + draw.uniform()) / unit[i];
  }
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) s.A[i * n + j] = -rate[i] * unit[i] / unit[j] * (i == j ? 1.0 : 0.05 * draw.uniform());
  return s;
}

} // namespace

TEST(FrequencyResponse, AgreesWithEliminationOverEighteenDecadesOfRates) {
  for (const std::size_t n : {1U, 2U, 3U, 8U, 30U}) {
    const Linearised s = n == 1 ? Linearised{1, {-2.0}, {3.0}, {0.5}, 1.0} : graded(n, n);
    solver::FrequencyResponse response(s, 6e3);
    EXPECT_EQ(response.size(), n);
    for (double omega = 1e-3; omega < 1e10; omega *= 3.7) {
      const Complex exact = by_elimination(s, omega);
      EXPECT_LT(std::abs(response.at(omega) - exact), 1e-9 * std::abs(exact)) << n << " states, omega = " << omega;
    }
  }
}

TEST(FrequencyResponse, LeavesOutWhatDoesNotCount) {
  // u -> 0 -> 1 -> v; 2 is moved by 0 but not seen; 3 is seen but not moved; 4 stands alone.
  Linearised s{5, std::vector<double>(25), {1, 0, 0, 0, 0}, {0, 1, 0, 1, 0}, 0.25};
  for (std::size_t i = 0; i < 5; ++i) s.A[i * 5 + i] = -1.0 - static_cast<double>(i);
  s.A[1 * 5 + 0] = 2.0;
  s.A[2 * 5 + 0] = 2.0;
  s.A[0 * 5 + 3] = 2.0;
  const Linearised small = solver::without_idle(s);
  ASSERT_EQ(small.states, 2U);
  EXPECT_EQ(small.A, (std::vector<double>{-1.0, 0.0, 2.0, -2.0}));
  solver::FrequencyResponse response(s, 1.0);
  const Complex j(0.0, 3.0), exact = 0.25 + 2.0 / ((j + 1.0) * (j + 2.0));
  EXPECT_LT(std::abs(response.at(3.0) - exact), 1e-14);
}

TEST(FrequencyResponse, OfNoStatesIsTheDirectPart) {
  solver::FrequencyResponse response(Linearised{1, {-1.0}, {1.0}, {0.0}, 0.5}, 1.0);
  EXPECT_EQ(response.size(), 0U);
  EXPECT_EQ(response.at(2.0), Complex(0.5, 0.0));
}

#include "numerics/noise_memory.hpp"

#include "numerics/dense.hpp"
#include "numerics/random.hpp"

#include <cmath>
#include <fmt/format.h>
#include <gtest/gtest.h>

namespace platen::numerics {
namespace {

/// The filter against the covariance written out: the whitened columns have the same products as with its inverse.
TEST(NoiseMemory, FilterIsTheInverseOfTheCovariance) {
  const std::vector<double> time{0.0, 1.0, 1.5, 4.0, 20.0, 21.0, 21.0, 40.0}, merged{1, 1, 4, 1, 9, 1, 2, 30};
  const NoiseShape shape{2.5, 6.0};
  const std::size_t n = time.size();
  std::vector<double> covariance(n * n), a(n), b(n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j)
      covariance[i * n + j] = shape.slow * std::exp(-std::abs(time[i] - time[j]) / shape.time) + (i == j ? 1.0 / merged[i] : 0.0);
    a[i] = std::sin(static_cast<double>(i));
    b[i] = std::cos(2.0 * static_cast<double>(i));
  }
  ASSERT_TRUE(cholesky(covariance, n));
  double determinant = 0.0;
  for (std::size_t i = 0; i < n; ++i) determinant += 2.0 * std::log(covariance[i * n + i]);
  std::vector<double> solved = b;
  cholesky_solve(covariance, n, solved);
  const double expected = dot(a.data(), solved.data(), n);
  const NoiseFilter filter(time, merged, shape);
  filter.whiten(a);
  filter.whiten(b);
  EXPECT_NEAR(dot(a.data(), b.data(), n), expected, 1e-12);
  EXPECT_NEAR(filter.log_determinant(), determinant, 1e-12);
}

struct Line {
  std::vector<double> time, y;
  std::vector<std::vector<double>> columns;
};

Line noisy_line(std::uint64_t seed, double slow, double memory) {
  RandomStream r(seed, "noise memory");
  Line out;
  double state = slow * r.normal();
  for (int k = 0; k < 200; ++k) {
    const double t = 10.0 * k + 3.0 * r.uniform();
    const double keep = out.time.empty() ? 1.0 : std::exp(-(t - out.time.back()) / memory);
    state = keep * state + slow * std::sqrt(1.0 - keep * keep) * r.normal();
    out.time.push_back(t);
    out.y.push_back(1.0 + 2e-3 * t + state + r.normal());
  }
  out.columns = {std::vector<double>(out.time.size(), 1.0), out.time};
  return out;
}

TEST(NoiseMemory, IntervalsOfSlopesHoldTheTruth) {
  for (const double slow : {0.0, 2.0}) {
    int inside = 0, naive = 0;
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
      const Line line = noisy_line(seed, slow, 50.0);
      const LinearWithNoise fit = fit_linear(line.time, {}, line.y, line.columns);
      inside += std::abs(fit.coefficients[1] - 2e-3) < 1.96 * fit.errors[1] ? 1 : 0;
      double squares = 0.0, spread = 0.0;
      for (std::size_t k = 0; k < line.time.size(); ++k) {
        squares += fit.residual[k] * fit.residual[k];
        spread += std::pow(line.time[k] - 1000.0, 2);
      }
      naive += std::abs(fit.coefficients[1] - 2e-3) < 1.96 * std::sqrt(squares / 198.0 / spread) ? 1 : 0;
    }
    fmt::print("slow part {}: slopes within 95 % in {:.1f} %, without the memory in {:.1f} %\n", slow, inside / 3.0, naive / 3.0);
    EXPECT_GE(inside, 270);
    EXPECT_LE(inside, 297);
    if (slow > 0.0) {
      EXPECT_LT(naive, 240) << "noise that remembers must matter here, or the test asks nothing";
    }
  }
}

TEST(NoiseMemory, ADependentColumnIsLeftOut) {
  const Line line = noisy_line(1, 0.0, 1.0);
  auto columns = line.columns;
  columns.push_back(line.time);
  const LinearWithNoise fit = fit_linear(line.time, {}, line.y, columns);
  EXPECT_TRUE(std::isinf(fit.errors[2]));
  EXPECT_EQ(fit.coefficients[2], 0.0);
  EXPECT_NEAR(fit.coefficients[1], fit_linear(line.time, {}, line.y, line.columns).coefficients[1], 1e-9);
}

TEST(NoiseMemory, LimitsOfTheInstrumentAreKept) {
  Line line = noisy_line(2, 2.0, 150.0);
  const NoiseFit free = fit_noise(line.time, {}, line.y, line.columns);
  EXPECT_GT(free.shape.slow, 0.5);
  const NoiseFit held = fit_noise(line.time, {}, line.y, line.columns, {.least_variance = 100.0, .longest = 30.0});
  EXPECT_GE(held.variance, 100.0);
  EXPECT_LE(held.shape.time, 30.0);
}

} // namespace
} // namespace platen::numerics

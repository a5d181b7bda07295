#include "base/error.hpp"
#include "numerics/designs.hpp"
#include "numerics/random.hpp"
#include "numerics/response_surface.hpp"

#include <cmath>
#include <functional>
#include <gtest/gtest.h>
#include <vector>

using namespace platen::numerics;

namespace {

struct Sample {
  std::vector<double> points, results;
};
Sample sampled(std::size_t n, std::size_t k, const std::function<double(std::span<const double>)>& f, double noise = 0.0) {
  Sample out{std::vector<double>(n * k), std::vector<double>(n)};
  const LatinHypercube design(n, k, 4);
  RandomStream stream(9, "noise");
  for (std::size_t i = 0; i < n; ++i) {
    const std::span<double> u(out.points.data() + i * k, k);
    design.point(i, u);
    out.results[i] = f(u) + noise * stream.normal();
  }
  return out;
}

} // namespace

TEST(ResponseSurface, RecoversWhatItCanRepresent) {
  const auto f = [](std::span<const double> u) { return 2.0 + u[0] - 3.0 * u[0] * u[1] + u[2] * u[2]; };
  const Sample s = sampled(80, 3, f);
  const ResponseSurface surface(s.points, s.results, 3);
  EXPECT_EQ(surface.shape(), ResponseSurface::Shape::quadratic);
  EXPECT_EQ(surface.terms(), 10u);
  EXPECT_NEAR(surface.at(std::vector<double>{0.3, 0.9, 0.2}), f(std::vector<double>{0.3, 0.9, 0.2}), 1e-9);
  EXPECT_LT(surface.error(), 1e-9);
  EXPECT_NEAR(surface.foreseen(), 1.0, 1e-12);
}

TEST(ResponseSurface, AShapeNeedsThreePointsForEachTerm) {
  const auto f = [](std::span<const double> u) { return 2.0 + u[0] - 3.0 * u[0] * u[1] + u[2] * u[2]; };
  const auto shape = [&](std::size_t points) {
    const Sample s = sampled(points, 3, f);
    return ResponseSurface(s.points, s.results, 3).shape();
  };
  EXPECT_EQ(shape(29), ResponseSurface::Shape::linear) << "ten terms of a quadratic surface";
  EXPECT_EQ(shape(30), ResponseSurface::Shape::quadratic);
}

TEST(ResponseSurface, MeansAndSharesAreThoseOfTheFunction) {
  // x = 2u - 1: 5 + 2 x0 + 3 x1 + 6 x1 x2; variances 4/3, 9/3, 36/9.
  const Sample s = sampled(90, 3, [](std::span<const double> u) {
    const double x0 = 2 * u[0] - 1, x1 = 2 * u[1] - 1, x2 = 2 * u[2] - 1;
    return 5.0 + 2.0 * x0 + 3.0 * x1 + 6.0 * x1 * x2;
  });
  const ResponseSurface surface(s.points, s.results, 3);
  EXPECT_NEAR(surface.along(0, 0.75), 6.0, 1e-9);
  EXPECT_NEAR(surface.along(2, 0.9), 5.0, 1e-9);
  EXPECT_NEAR(surface.along(1, 1.0, 2, 0.75), 5.0 + 3.0 + 3.0, 1e-9);
  EXPECT_NEAR(surface.along(2, 0.75, 1, 1.0), 5.0 + 3.0 + 3.0, 1e-9);
  const double variance = 4.0 / 3.0 + 3.0 + 4.0;
  const auto shares = surface.shares();
  EXPECT_NEAR(shares[0].first, 4.0 / 3.0 / variance, 1e-9);
  EXPECT_NEAR(shares[0].total, 4.0 / 3.0 / variance, 1e-9);
  EXPECT_NEAR(shares[1].first, 3.0 / variance, 1e-9);
  EXPECT_NEAR(shares[1].total, 7.0 / variance, 1e-9);
  EXPECT_NEAR(shares[2].total, 4.0 / variance, 1e-9);
}

TEST(ResponseSurface, FactorsOfFewLevelsAreNoObstacle) { // a factor of two words beside one that varies smoothly
  Sample s = sampled(60, 2, [](std::span<const double> u) { return (u[0] < 0.5 ? 1.0 : 3.0) * (1.0 + u[1] * u[1]); });
  for (std::size_t i = 0; i < 60; ++i) s.points[2 * i] = s.points[2 * i] < 0.5 ? 0.25 : 0.75;
  const ResponseSurface surface(s.points, s.results, 2);
  EXPECT_GT(surface.foreseen(), 0.99);
  EXPECT_NEAR(surface.along(0, 0.25), 4.0 / 3.0, 0.05); // mean of 1 + u^2
  EXPECT_NEAR(surface.along(0, 0.75), 4.0, 0.05);
}

TEST(ResponseSurface, ItsErrorIsThatOnFreshResults) {
  const auto f = [](std::span<const double> u) { return std::exp(u[0]) * std::sin(4.0 * u[1]); };
  const Sample s = sampled(150, 2, f);
  const ResponseSurface surface(s.points, s.results, 2);
  RandomStream stream(3, "fresh");
  double squares = 0.0;
  for (int i = 0; i < 4000; ++i) {
    const std::vector<double> u{stream.uniform(), stream.uniform()};
    squares += std::pow(surface.at(u) - f(u), 2) / 4000.0;
  }
  EXPECT_NEAR(surface.error() / std::sqrt(squares), 1.0, 0.35); // a squared error of 150 points: 12 %, and its tail
  EXPECT_EQ(surface.shape(), ResponseSurface::Shape::rich);
}

TEST(ResponseSurface, NoiseIsNotForeseen) {
  const Sample half = sampled(400, 2, [](std::span<const double> u) { return std::sqrt(12.0) * u[0]; }, 1.0);
  const ResponseSurface surface(half.points, half.results, 2);
  EXPECT_NEAR(surface.foreseen(), 0.5, 0.15); // as much noise as signal
  EXPECT_NEAR(surface.error(), 1.0, 4.0 / std::sqrt(800.0));
  const Sample noise = sampled(60, 5, [](std::span<const double>) { return 0.0; }, 1.0);
  EXPECT_LT(ResponseSurface(noise.points, noise.results, 5).foreseen(), 0.2);
}

TEST(ResponseSurface, ReplicatesDoNotVouchForEachOther) {
  // Twelve points, each forty times: a rich surface through the points would seem perfect if replicates stood in other folds.
  Sample s = sampled(12, 2, [](std::span<const double> u) { return std::sin(40.0 * u[0] + 31.0 * u[1]); });
  Sample many;
  for (int r = 0; r < 40; ++r) {
    many.points.insert(many.points.end(), s.points.begin(), s.points.end());
    many.results.insert(many.results.end(), s.results.begin(), s.results.end());
  }
  EXPECT_LT(ResponseSurface(many.points, many.results, 2).foreseen(), 0.3);
}

TEST(ResponseSurface, LeavesOutWhatIsMissingAndRefusesTooLittle) {
  Sample s = sampled(40, 2, [](std::span<const double> u) { return u[0]; });
  s.results[7] = std::nan("");
  const ResponseSurface surface(s.points, s.results, 2);
  EXPECT_EQ(surface.results(), 39u);
  EXPECT_NEAR(surface.at(std::vector<double>{0.25, 0.5}), 0.25, 1e-9);
  EXPECT_THROW(ResponseSurface(s.points, s.results, 3), platen::Error);
  const Sample few = sampled(9, 2, [](std::span<const double> u) { return u[0]; });
  EXPECT_THROW(ResponseSurface(few.points, few.results, 2), platen::Error);
  const std::vector<double> line(40, 0.5), same(20, 1.0); // one point twenty times
  EXPECT_THROW(ResponseSurface(line, same, 2), platen::Error);
}

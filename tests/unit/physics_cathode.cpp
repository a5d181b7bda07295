// Laws of the composite cathode: values worked out by hand, derivatives, and diffusion against its exact series.

#include "physics/cathode.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <numbers>
#include <vector>

namespace platen::physics {
namespace {

TEST(OpenCircuit, TheEndsThatTheCardStates) {
  // Chen 2020 at its two ends, 0.9084 and 0.2661; at the lower content the added fall is exp(-98.8).
  EXPECT_NEAR(open_circuit_voltage(0.2661), 4.27, 0.02);
  EXPECT_NEAR(open_circuit_voltage(0.9084), 3.55 - std::exp(150.0 * (0.9084 - 0.925)), 0.03);
  EXPECT_LT(open_circuit_voltage(0.935), 0.0); // a discharge ends
}

TEST(OpenCircuit, FallsWithTheContent) {
  for (double x = 0.20; x < 0.95; x += 0.001) EXPECT_LT(open_circuit_slope(x), 0.0) << x;
}

TEST(OpenCircuit, TheSlopeIsTheDerivative) {
  for (double x = 0.20; x < 0.95; x += 0.005) {
    // Five points: an error of h^4 U'''''/30, and the rounding of 4 V over h.
    constexpr double h = 1e-4;
    const auto U = [&](int k) { return open_circuit_voltage(x + k * h); };
    const double numerical = (U(-2) - 8.0 * U(-1) + 8.0 * U(1) - U(2)) / (12.0 * h);
    EXPECT_NEAR(open_circuit_slope(x), numerical, 1e-6 * std::abs(numerical) + 1e-9) << x;
  }
}

TEST(Volume, TheTwoRecalledPoints) {
  EXPECT_EQ(volume_loss(0.0, 0.055), 0.0);
  EXPECT_NEAR(volume_loss(0.7, 0.055), 0.01288, 1e-5); // 0.055 (0.14 + 0.8 x 0.117649)
  EXPECT_NEAR(volume_loss(1.0, 0.055), 0.055, 1e-15);
  for (double y = 0.0; y < 1.1; y += 0.01) {
    constexpr double h = 1e-5;
    const double numerical = (volume_loss(y + h, 0.055) - volume_loss(y - h, 0.055)) / (2.0 * h);
    EXPECT_NEAR(volume_loss_slope(y, 0.055), numerical, 1e-9);
  }
}

/// Root of tan(a) = a between k pi and (k + 1/2) pi, by bisection of sin a - a cos a.
double eigenvalue(int k) {
  double low = k * std::numbers::pi, high = (k + 0.5) * std::numbers::pi;
  const auto f = [](double a) { return std::sin(a) - a * std::cos(a); };
  for (int n = 0; n < 100; ++n) {
    const double mid = 0.5 * (low + high);
    (f(low) * f(mid) <= 0.0 ? high : low) = mid;
  }
  return 0.5 * (low + high);
}

TEST(Particle, EigenvaluesAreRootsOfTanAEqualsA) {
  for (std::size_t k = 0; k < particle_modes; ++k) {
    const double a = eigenvalue(static_cast<int>(k) + 1);
    EXPECT_NEAR(particle_eigenvalues[k], a * a, 1e-12 * a * a);
  }
}

TEST(Particle, TheInverseEigenvaluesAddUpToATenth) {
  constexpr int n = 100000;
  double sum = 0.0;
  for (int k = n; k >= 1; --k) sum += 1.0 / std::pow(eigenvalue(k), 2);
  // What the first n leave is close to the sum of 1/((k + 1/2) pi)^2, 1/(pi^2 (n + 1)).
  EXPECT_NEAR(sum + 1.0 / (std::numbers::pi * std::numbers::pi * (n + 1)), 0.1, 1e-9);
}

constexpr double D = 4e-15, radius = 5e-6, rate = 1e-4; // 1/s, a charge of less than two hours
constexpr double R2_D = radius * radius / D;

/// Surface minus mean content after a constant rate for `t`: the exact answer for a sphere, with all modes beyond `n` settled.
double exact(double t) {
  constexpr int n = 3000;
  double out = -2.0 / 3.0 * rate * R2_D / (std::numbers::pi * std::numbers::pi * (n + 1));
  for (int k = n; k >= 1; --k) {
    const double a2 = std::pow(eigenvalue(k), 2);
    out -= 2.0 / 3.0 * rate * R2_D / a2 * (1.0 - std::exp(-a2 * t / R2_D));
  }
  return out;
}

/// The same by (Q3) and (Q4), stepped by Runge and Kutta's rule.
double stepped(double t) {
  std::array<double, particle_modes> q{};
  constexpr int n = 4000;
  const double h = t / n;
  for (int step = 0; step < n; ++step)
    for (std::size_t k = 0; k < particle_modes; ++k) {
      const auto f = [&](double at) { return particle_mode_rate(at, k, rate, D, radius); };
      const double k1 = f(q[k]), k2 = f(q[k] + 0.5 * h * k1), k3 = f(q[k] + 0.5 * h * k2), k4 = f(q[k] + h * k3);
      q[k] += h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4);
    }
  return surface_deviation(q, rate, D, radius);
}

TEST(Particle, AStepEndsAtTheParabolaOfAConstantFlux) {
  // A content that is a parabola in r, with the flux rate R/3 at the surface: surface minus mean is -rate R^2/(15 D).
  const double settled = -rate * R2_D / 15.0;
  EXPECT_NEAR(stepped(R2_D), settled, 1e-6 * std::abs(settled));
  EXPECT_NEAR(exact(R2_D), settled, 1e-6 * std::abs(settled));
}

/// What the unresolved modes add up to, 1.
double rest() { return 0.1 - 1.0 / std::pow(eigenvalue(1), 2) - 1.0 / std::pow(eigenvalue(2), 2); }

TEST(Particle, AStepFollowsTheSeriesOnceTheThirdModeHasSettled) {
  const double third = R2_D / std::pow(eigenvalue(3), 2); // s
  for (const double times : {1.0, 3.0, 5.0, 10.0, 30.0, 100.0}) {
    // Every mode that is not resolved settles at least as fast as the third.
    const double bound = 2.0 / 3.0 * rate * R2_D * rest() * std::exp(-times);
    const double difference = exact(times * third) - stepped(times * third);
    EXPECT_GT(difference, -1e-8) << times;
    EXPECT_LT(difference, bound + 1e-8) << times;
  }
}

TEST(Particle, AtShortTimesTheRestIsAResistance) {
  // The unresolved modes act at once: at time zero 2/3 rate R^2/D (1/10 - 1/a_1^2 - 1/a_2^2), a third of the settled value. The
  // exact start is -2 rate R sqrt(t/(pi D))/3, less than that until the third mode settles: the law errs to this side.
  const double at_once = -2.0 / 3.0 * rate * R2_D * rest(), settled = -rate * R2_D / 15.0;
  EXPECT_NEAR(surface_deviation({}, rate, D, radius), at_once, 1e-12);
  EXPECT_NEAR(at_once / settled, 0.337, 1e-3);
  for (const double t : {1e-4 * R2_D, 1e-3 * R2_D}) {
    const double start = -2.0 / 3.0 * rate * radius * std::sqrt(t / (std::numbers::pi * D));
    EXPECT_NEAR(exact(t), start, 0.06 * std::abs(start));
    EXPECT_LT(stepped(t), exact(t));
    EXPECT_NEAR(stepped(t), exact(t), std::abs(at_once)); // never further off than the resistance
  }
}

} // namespace
} // namespace platen::physics

// Laws of the fixture, the compaction, the contact and the temperature: values worked out by hand, limits, monotony.

#include "base/constants.hpp"
#include "numerics/random.hpp"
#include "physics/compaction.hpp"
#include "physics/contact.hpp"
#include "physics/fixture.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <numbers>

namespace platen::physics {
namespace {

constexpr double MPa = 1e6, um = 1e-6, MPa_um = MPa / um, hour = 3600.0;

TEST(Temperature, FactorOfOneAtTheReferenceAndKnownRatios) {
  EXPECT_EQ(arrhenius(5e4, constants::T_ref), 1.0);
  EXPECT_EQ(arrhenius(0.0, 400.0), 1.0);
  // 37 kJ/mol from 25 to 40 degC: 37000/8.31446 (1/298.15 - 1/313.15) = 0.71496, exp = 2.0441.
  EXPECT_NEAR(arrhenius(37e3, 313.15), 2.0441, 1e-4);
  // and back
  EXPECT_NEAR(arrhenius(37e3, 298.15, 313.15) * arrhenius(37e3, 313.15), 1.0, 1e-14);
}

TEST(Temperature, ThePositivePartIsRoundedOnlyNearItsCorner) {
  EXPECT_DOUBLE_EQ(positive_part(0.0, 0.01), 0.0025); // s/4
  EXPECT_EQ(positive_part(1.0, 0.01), 1.0);
  EXPECT_EQ(positive_part(-0.0100001, 0.01), 0.0); // no tail: nothing grows below its threshold
  for (double x = -3.0; x < 3.0; x += 0.01) {
    const double step = positive_part(x + 0.01, 0.1) - positive_part(x, 0.1);
    EXPECT_GE(step, 0.0); // the slope stays between 0 and 1
    EXPECT_LE(step, 0.01 + 1e-14);
    EXPECT_EQ(positive_part(x, 0.1) > 0.0, x > -0.1) << x;
    EXPECT_NEAR(positive_part(x, 0.1) - positive_part(-x, 0.1), x, 1e-14);
  }
  // Where the parabola meets the straight lines neither value nor slope jumps: over h the slope changes by h/(2 s).
  for (const double corner : {-0.1, 0.1}) {
    const double h = 1e-5;
    const double before = (positive_part(corner, 0.1) - positive_part(corner - h, 0.1)) / h;
    const double after = (positive_part(corner + h, 0.1) - positive_part(corner, 0.1)) / h;
    EXPECT_NEAR(after, before, h / 0.2);
  }
}

TEST(Compaction, TheHeckelLineAndThePellet) {
  // 1 - exp(-(370/315.5 + 0.868)) = 1 - exp(-2.04074) = 1 - 0.12993
  EXPECT_NEAR(relative_density(370 * MPa, 315.5 * MPa, 0.868), 0.87007, 1e-5);
  EXPECT_NEAR(relative_density(0.0, 315.5 * MPa, 0.868), 0.58021, 1e-5); // 1 - exp(-0.868) = 1 - 0.41979
  // 75 mg / (0.785 cm2 x 1.86 g/cm3 x 0.87) = 0.075/1.270287 cm
  EXPECT_NEAR(pellet_thickness(75e-6, 0.785e-4, 1860.0, 0.87), 590.42 * um, 0.01 * um);
  double before = 0.0;
  for (double P = 0.0; P < 2000 * MPa; P += 20 * MPa) {
    const double D = relative_density(P, 315.5 * MPa, 0.868);
    EXPECT_GT(D, before);
    EXPECT_LT(D, 1.0);
    before = D;
  }
}

constexpr double K_el = 0.60 * MPa_um, K_5 = 0.20 * MPa_um;

TEST(Frame, StiffnessOfFrameAndJointsInSeries) {
  EXPECT_NEAR(frame_stiffness(5 * MPa, K_el, K_5, 1.5), 0.15 * MPa_um, 1e-9 * MPa_um); // 0.6 x 0.2 / 0.8
  // joints at 25 MPa: 0.2 x 5^1.5 = 2.23607; 0.6 x 2.23607 / 2.83607
  EXPECT_NEAR(frame_stiffness(25 * MPa, K_el, K_5, 1.5), 0.473064 * MPa_um, 1e-6 * MPa_um);
  EXPECT_EQ(frame_stiffness(1 * MPa, K_el, K_5, 0.0), frame_stiffness(20 * MPa, K_el, K_5, 0.0)); // no hardening
  EXPECT_EQ(frame_stiffness(-1.0, K_el, K_5, 1.5), frame_stiffness(1e3, K_el, K_5, 1.5));        // seat about to be lost
}

TEST(Frame, DisplacementIsTheIntegralOfTheCompliance) {
  // 20/0.6 + 5/0.2 (1 - 5^-0.5)/0.5 = 33.3333 + 27.6393 um
  EXPECT_NEAR(frame_displacement(5 * MPa, 25 * MPa, K_el, K_5, 1.5), 60.9727 * um, 1e-4 * um);
  // q = 1 is a logarithm: 20/0.6 + 25 ln 5 = 33.3333 + 40.2359 um
  EXPECT_NEAR(frame_displacement(5 * MPa, 25 * MPa, K_el, K_5, 1.0), 73.5693 * um, 1e-4 * um);
  numerics::RandomStream random(11, "frame");
  for (int trial = 0; trial < 200; ++trial) {
    const double a = random.log_normal(5 * MPa, 1.0), b = random.log_normal(5 * MPa, 1.0), q = trial % 20 == 0 ? 1.0 : 3.0 * random.uniform();
    // Simpson's rule in ln P, where the integrand is smooth: dx = P/K d(ln P)
    constexpr int n = 400;
    const double h = std::log(b / a) / n;
    double sum = 0.0;
    for (int k = 0; k <= n; ++k) {
      const double P = a * std::exp(k * h), weight = k == 0 || k == n ? 1.0 : k % 2 == 1 ? 4.0 : 2.0;
      sum += weight * P / frame_stiffness(P, K_el, K_5, q);
    }
    const double expected = sum * h / 3.0;
    EXPECT_NEAR(frame_displacement(a, b, K_el, K_5, q), expected, 1e-7 * std::abs(expected)) << a << ' ' << b << ' ' << q;
    EXPECT_NEAR(frame_displacement(a, b, K_el, K_5, q), -frame_displacement(b, a, K_el, K_5, q), 1e-12 * um);
  }
}

TEST(SeatingSpectrum, IsFlatInLogTimeAndAddsUp) {
  const Seating s(0.38 * um / MPa, 330.0, 10 * hour);
  double sum = 0.0;
  for (double J : s.compliance) sum += J;
  EXPECT_NEAR(sum, 0.38 * um / MPa, 1e-24);
  EXPECT_DOUBLE_EQ(s.time.front(), 330.0);
  EXPECT_NEAR(s.time.back(), 10 * hour, 1e-6);
  for (std::size_t k = 1; k < seating_elements; ++k)
    EXPECT_NEAR(s.time[k] / s.time[k - 1], std::pow(36000.0 / 330.0, 0.2), 1e-9);
}

TEST(SeatingRate, GoesOneWay) {
  const double J = 0.06 * um / MPa;
  EXPECT_DOUBLE_EQ(seating_rate(25 * MPa, 0.0, J, 100.0, 1.0), 0.015 * um); // 1.5 um in 100 s
  EXPECT_EQ(seating_rate(5 * MPa, 1.0 * um, J, 100.0, 1.0), 0.0);          // settled for more than 5 MPa
  numerics::RandomStream random(3, "seating");
  for (int trial = 0; trial < 1000; ++trial) {
    const double P = 30 * MPa * random.uniform(), x = 2 * um * random.uniform(), a = 3.0 * random.uniform();
    const double rate = seating_rate(P, x, J, 100.0, a);
    EXPECT_GE(rate, 0.0);
    EXPECT_LE(rate * 100.0 / a, std::max(J * P - x, 0.0) * (1 + 1e-12)); // never beyond what the load asks for
    EXPECT_GE(seating_rate(P + MPa, x, J, 100.0, a), rate);
  }
}

TEST(Slider, SticksFirstAndSlipsAtItsLimit) {
  const double limit = 0.197 * MPa, K = 0.15 * MPa_um;
  EXPECT_EQ(dahl_slope(0.0, limit, K, 1.0), K);
  EXPECT_EQ(dahl_slope(limit, limit, K, 1.0), 0.0);
  EXPECT_EQ(dahl_slope(-limit, limit, K, -1.0), 0.0);
  EXPECT_EQ(dahl_slope(limit, limit, K, -1.0), 2.0 * K); // turning back it sticks again
  // From rest the stress follows limit (1 - exp(-K x/limit)); 0.5 um gives 0.197 (1 - exp(-0.38071)) = 0.0623754 MPa.
  double stress = 0.0;
  constexpr int n = 20000;
  for (int k = 0; k < n; ++k) { // midpoint rule
    const double dx = 0.5 * um / n, half = stress + 0.5 * dx * dahl_slope(stress, limit, K, 1.0);
    stress += dx * dahl_slope(half, limit, K, 1.0);
  }
  EXPECT_NEAR(stress, limit * (1.0 - std::exp(-K * 0.5 * um / limit)), 1e-3);
  EXPECT_NEAR(stress, 0.06237 * MPa, 1e-5 * MPa);
}

TEST(YieldingGap, GivesWayOnlyAboveItsPressureAndBehindLithium) {
  const double rate = 0.1 * um / hour / MPa;
  EXPECT_EQ(yield_rate(5.2 * MPa, 20 * um, 5.3 * MPa, rate), 0.0);
  EXPECT_EQ(yield_rate(7 * MPa, 0.0, 5.3 * MPa, rate), 0.0);
  // 1.7 MPa above, 18 um plated: 0.1 um/h/MPa x 1.7 MPa x 18/20 = 0.153 um/h
  EXPECT_NEAR(yield_rate(7 * MPa, 18 * um, 5.3 * MPa, rate), 0.153 * um / hour, 1e-12 * um);
  EXPECT_NEAR(yield_rate(7 * MPa, 2 * um, 5.3 * MPa, rate), 0.085 * um / hour, 1e-12 * um); // half the effect at 2 um
  EXPECT_GT(yield_rate(8 * MPa, 2 * um, 5.3 * MPa, rate), yield_rate(7 * MPa, 2 * um, 5.3 * MPa, rate));
}

TEST(Squeeze, ScalesWithPressureAndThickness) {
  const double v = 1300 * um / hour;
  EXPECT_NEAR(squeeze_rate(25 * MPa, 100 * um, v, 1.0, 6.6, 1.0), v, 1e-12 * v);
  EXPECT_NEAR(squeeze_rate(25 * MPa, 100 * um, v, 1e-5, 6.6, 1.0), 1e-5 * v, 1e-15 * v);
  EXPECT_NEAR(squeeze_rate(50 * MPa, 100 * um, v, 1.0, 6.6, 1.0) / v, 97.006, 1e-3); // 2^6.6
  EXPECT_NEAR(squeeze_rate(25 * MPa, 50 * um, v, 1.0, 6.6, 1.0) * 388.02 / v, 1.0, 1e-4); // 2^8.6
  EXPECT_EQ(squeeze_rate(25 * MPa, 0.0, v, 1.0, 6.6, 1.0), 0.0); // no foil, nothing to squeeze
  EXPECT_EQ(squeeze_rate(-1.0, 100 * um, v, 1.0, 6.6, 1.0), 0.0);
}

TEST(Closure, KnownRatesAndLimits) {
  const double tau = 10.2 * 60.0;
  EXPECT_DOUBLE_EQ(closure_rate(0.0, 25 * MPa, tau, 0.01, 6.6, 1.0), 1.0 / tau);
  EXPECT_EQ(closure_rate(1.0, 25 * MPa, tau, 0.01, 6.6, 1.0), 0.0);
  // 5 MPa: 0.99 x 0.2^6.6 + 0.01 x 0.2 = 2.4e-5 + 2e-3: the time constant grows from 10 min to 84 h.
  EXPECT_NEAR(closure_rate(0.0, 5 * MPa, tau, 0.01, 6.6, 1.0) * tau, 2.0241e-3, 1e-7);
  EXPECT_EQ(closure_rate(0.5, 0.0, tau, 0.01, 6.6, 1.0), 0.0);
  numerics::RandomStream random(5, "closure");
  for (int trial = 0; trial < 1000; ++trial) {
    const double theta = random.uniform(), P = 30 * MPa * random.uniform(), n = 1.0 + 8.0 * random.uniform(), share = random.uniform();
    const double rate = closure_rate(theta, P, tau, share, n, 1.0);
    EXPECT_GT(rate, 0.0);
    EXPECT_GT(closure_rate(theta, P * 1.1, tau, share, n, 1.0), rate);
    EXPECT_LT(closure_rate(theta + 0.5 * (1 - theta), P, tau, share, n, 1.0), rate);
  }
}

TEST(Constriction, VanishesAtFullContactAndGrowsAsContactIsLost) {
  // theta 0.25, 2 um, 2 mS/cm: pi 2e-6/(4 x 0.2 x 0.25) x 0.5^1.5 = 3.14159e-5 x 0.353553 ohm m2, 0.11 ohm cm2
  EXPECT_NEAR(constriction_resistance(0.25, 2 * um, 0.2), 1.11072e-5, 1e-10);
  EXPECT_EQ(constriction_resistance(1.0, 2 * um, 0.2), 0.0);
  EXPECT_EQ(constriction_resistance(1.0 + 1e-12, 2 * um, 0.2), 0.0); // rounding beyond 1 is no square root of less than 0
  double before = std::numeric_limits<double>::infinity();
  for (double theta = 1e-4; theta < 1.0; theta *= 1.05) {
    const double R = constriction_resistance(theta, 2 * um, 0.2);
    EXPECT_LT(R, before);
    EXPECT_GT(R, 0.0);
    before = R;
  }
  // Few small spots do not see each other: Holm's 1/(4 kappa a) each, one per pi a^2/theta.
  EXPECT_NEAR(constriction_resistance(1e-8, 2 * um, 0.2) * 1e-8 / (std::numbers::pi * 2 * um / (4 * 0.2)), 1.0, 2e-4);
}

} // namespace
} // namespace platen::physics

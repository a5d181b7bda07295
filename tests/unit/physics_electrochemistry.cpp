// Laws of voids, flaws, filament, charge transfer and interphase: values worked out by hand, limits, monotony.

#include "base/constants.hpp"
#include "numerics/random.hpp"
#include "physics/flaw.hpp"
#include "physics/kinetics.hpp"
#include "physics/parameters.hpp"
#include "physics/voids.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <set>

namespace platen::physics {
namespace {

constexpr double MPa = 1e6, um = 1e-6, hour = 3600.0, mA_cm2 = 10.0, mAh_cm2 = 36000.0;
constexpr double V_m = 13.0e-6;

TEST(Lithium, ThicknessAndPressureOfTheMolarVolume) {
  EXPECT_NEAR(mAh_cm2 * V_m / constants::F, 4.85 * um, 0.005 * um);      // 36000 x 13.0e-6/96485
  EXPECT_NEAR(1e-3 * constants::F / V_m, 7.42 * MPa, 0.005 * MPa);       // pressure of one millivolt
  // The density behind it: 6.94 g/mol / 13.0 cm3/mol = 0.534 g/cm3.
  EXPECT_NEAR(6.94e-3 / V_m, 534.0, 0.5);
}

TEST(CreepSupply, FollowsTheTwoStatedCreepRates) {
  // 0.06 um/h at 2.2 MPa and 0.42 um/h at 3.5 MPa, 30 degC: n = ln 7/ln(3.5/2.2) = 1.94591/0.46431 = 4.191.
  const double per_rate = um / hour * constants::F / V_m; // A/m2 per um/h
  const double J = 0.42 * per_rate, n = std::log(0.42 / 0.06) / std::log(3.5 / 2.2);
  EXPECT_NEAR(n, 4.191, 1e-3);
  EXPECT_NEAR(J / mA_cm2, 0.0866, 1e-4); // 0.42/4.85
  EXPECT_NEAR(creep_supply(2.2 * MPa, 303.15, J, n, 37e3), 0.06 * per_rate, 1e-12);
  // At 40 degC: 0.0866 exp(37000/8.31446 (1/303.15 - 1/313.15)) = 0.0866 x 1.5980
  EXPECT_NEAR(creep_supply(3.5 * MPa, 313.15, J, n, 37e3) / mA_cm2, 0.1384, 1e-4);
  EXPECT_EQ(creep_supply(0.0, 313.15, J, n, 37e3), 0.0);
  EXPECT_EQ(creep_supply(-1.0, 313.15, J, n, 37e3), 0.0);
}

TEST(DiffusiveSupply, IsQuotedAt40Degrees) {
  EXPECT_DOUBLE_EQ(diffusion_supply(313.15, 3.5, 48e3), 3.5);
  // 0.5 eV = 48.24 kJ/mol, 40 to 25 degC: exp(-5802.3 x 1.60660e-4) = 0.3937
  EXPECT_NEAR(diffusion_supply(298.15, 1.0, 48242.7), 0.3937, 1e-4);
}

TEST(Voids, OpenWithWhatTheSupplyLeavesMissing) {
  // (1.0 - 0.4) mA/cm2 x 1.34735e-10 m3/C / 5 um = 1.61682e-4 1/s
  EXPECT_NEAR(void_rate(VoidsAt::between, 10.0, 4.0, 5 * um, V_m), 1.61682e-4, 1e-9);
  EXPECT_NEAR(void_rate(VoidsAt::between, -2.0, 4.0, 5 * um, V_m), -1.61682e-4, 1e-9);
  EXPECT_EQ(void_rate(VoidsAt::between, 4.0, 4.0, 5 * um, V_m), 0.0);
}

TEST(Voids, AreNotLedOutsideTheirRange) {
  EXPECT_EQ(void_rate(VoidsAt::none, -10.0, 4.0, 5 * um, V_m), 0.0); // plating into no void
  EXPECT_EQ(void_rate(VoidsAt::limit, 10.0, 4.0, 5 * um, V_m), 0.0); // nothing left to lose but the islands
  numerics::RandomStream random(7, "voids");
  for (int trial = 0; trial < 2000; ++trial) {
    const double i = 100.0 * (random.uniform() - 0.5), supply = 20.0 * random.uniform();
    const double rate = void_rate(VoidsAt::between, i, supply, 5 * um, V_m);
    // From either end the way back is free, and as quick as in between.
    EXPECT_EQ(void_rate(VoidsAt::none, i, supply, 5 * um, V_m), i > supply ? rate : 0.0);
    EXPECT_EQ(void_rate(VoidsAt::limit, i, supply, 5 * um, V_m), i > supply ? 0.0 : rate);
  }
}

TEST(Voids, DeepenBeforeTheySpread) {
  EXPECT_EQ(contact_left(0.0, 4.0), 1.0);
  EXPECT_EQ(contact_left(1.0, 4.0), 0.0);
  EXPECT_NEAR(contact_left(0.5, 1.0), 0.5, 1e-15);
  EXPECT_NEAR(contact_left(0.5, 4.0), 0.9375, 1e-15); // 1 - 1/16
  EXPECT_NEAR(contact_left(void_limit, 1.0), 0.03, 1e-12);
  EXPECT_EQ(contact_left(-0.01, 2.5), 1.0); // a trial step of the solver, no root of a negative number
  EXPECT_EQ(contact_left(1.01, 2.5), 0.0);
  for (double phi = 0.01; phi < 1.0; phi += 0.01) {
    EXPECT_LT(contact_left(phi, 2.0), contact_left(phi - 0.01, 2.0));
    EXPECT_GT(contact_left(phi, 4.0), contact_left(phi, 2.0));
  }
}

TEST(Flaw, CriticalOverpotentialOfGriffithsCrack) {
  // 13.0e-6 x 0.23e6/(1.12 x 96485.33 x sqrt(pi x 5e-6)) = 2.99/(108063.6 x 3.963327e-3) = 6.981 mV
  EXPECT_NEAR(critical_overpotential(5 * um, 0.23 * MPa, V_m), 6.981e-3, 1e-6);
  // A crack four times as long opens at half of it.
  EXPECT_NEAR(critical_overpotential(20 * um, 0.23 * MPa, V_m), 0.5 * critical_overpotential(5 * um, 0.23 * MPa, V_m), 1e-15);
  double before = std::numeric_limits<double>::infinity();
  for (double a = 0.01 * um; a < 600 * um; a *= 1.1) {
    EXPECT_LT(critical_overpotential(a, 0.23 * MPa, V_m), before);
    before = critical_overpotential(a, 0.23 * MPa, V_m);
  }
}

TEST(Flaw, IntrusionIsAPowerOfThePressure) {
  const double v = 16.8 * um / hour;
  EXPECT_DOUBLE_EQ(intrusion_rate(25 * MPa, v, 4.0, 1.0), v);
  EXPECT_NEAR(intrusion_rate(5 * MPa, v, 4.0, 1.0) / v, 1.6e-3, 1e-12); // 0.2^4
  EXPECT_EQ(intrusion_rate(0.0, v, 4.0, 2.0), 0.0);
  EXPECT_EQ(intrusion_rate(-1.0, v, 4.0, 2.0), 0.0);
}

TEST(Swing, OnlyTheRatioOfTheHighestPressuresCounts) {
  // da = a_0 m_s d ln P: from 5 to 7 MPa, 3.4 um x 100 x ln 1.4 = 114.4 um, in one go or in many
  EXPECT_NEAR(swing_extension(5 * MPa, 7 * MPa, 3.4 * um, 100.0), 114.40 * um, 0.01 * um);
  double a = 0.0;
  for (double P = 5.0; P < 6.99; P += 0.1) a += swing_extension(P * MPa, (P + 0.1) * MPa, 3.4 * um, 100.0);
  EXPECT_NEAR(a, swing_extension(5 * MPa, 7 * MPa, 3.4 * um, 100.0), 1e-12);
  EXPECT_EQ(swing_extension(5 * MPa, 5 * MPa, 3.4 * um, 100.0), 0.0);
}

TEST(Fatigue, DamageIsMinersSum) {
  EXPECT_NEAR(damage_rate(false, 1.0, 20.0, 3600.0) * 3600.0, 1.0, 1e-14);    // at the critical load one half cycle
  EXPECT_NEAR(damage_rate(false, 0.5, 5.6, 900.0) * 900.0, 0.020617, 1e-6);   // 2^-5.6: 48.5 half cycles at half the load
  EXPECT_EQ(damage_rate(false, -0.5, 5.6, 900.0), 0.0);                       // stripping does none
  EXPECT_EQ(damage_rate(true, 0.9, 5.6, 900.0), 0.0);                        // used up
  EXPECT_EQ(damage_rate(false, 9.0, 20.0, 900.0), damage_rate(false, 2.0, 20.0, 900.0)); // used up at once either way
}

TEST(Filament, GrowsAboveTheCriticalOverpotential) {
  const double i = 20.0, velocity = V_m / constants::F * i;
  EXPECT_NEAR(filament_rate(i, 0.014, 0.007, 1000.0, V_m), 1000.0 * velocity, 1e-4 * 1000.0 * velocity); // excess 1
  EXPECT_NEAR(filament_rate(i, 0.007, 0.007, 1000.0, V_m), 2.5 * velocity, 1e-9 * velocity); // a quarter of the rounded 1 %
  for (double eta = 0.0; eta < 0.99 * 0.007; eta += 1e-4) EXPECT_EQ(filament_rate(i, eta, 0.007, 1000.0, V_m), 0.0);
  double before = 0.0;
  for (double eta = 0.007; eta < 0.1; eta += 1e-4) {
    const double rate = filament_rate(i, eta, 0.007, 1000.0, V_m);
    EXPECT_GT(rate, before);
    EXPECT_LT(rate, filament_rate(i, eta, 0.006, 1000.0, V_m));
    before = rate;
  }
}

TEST(Short, ABridgeClosesExponentially) {
  EXPECT_EQ(bridge_closed(0.0, 3.0), 0.0);
  EXPECT_NEAR(bridge_closed(3.0, 3.0), 1.0 - std::exp(-1.0), 1e-15);
  EXPECT_NEAR(bridge_closed(1e6, 3.0), 1.0, 1e-15);
}

TEST(Short, ConductsPartiallyThenFully) {
  EXPECT_EQ(short_conductance(0.5, 0.9, 50.0, 3.0, 1.0, 0.0), 0.0);
  EXPECT_EQ(short_conductance(0.9, 0.9, 50.0, 3.0, 1.0, 0.0), 0.0);
  EXPECT_NEAR(short_conductance(0.95, 0.9, 50.0, 3.0, 0.0, 0.0), 0.01, 1e-12);                    // half of 1/50 S
  EXPECT_NEAR(short_conductance(0.95, 0.9, 50.0, 3.0, 0.7, 0.0), 0.01 * std::exp(0.7), 1e-12);    // flickering
  EXPECT_NEAR(short_conductance(1.2, 0.9, 50.0, 3.0, 0.0, 1.0), 1.0 / 50.0 + 1.0 / 3.0, 1e-12);   // bridged
}

TEST(ChargeTransfer, KnownValues) {
  // RT/F at 25 degC is 25.6926 mV; Z = 7 ohm cm2 gives i0 = 3.670 mA/cm2
  const double i0 = exchange_current(7e-4, 298.15);
  EXPECT_NEAR(i0 / mA_cm2, 3.670, 1e-3);
  // at i = 2 i0: 2 x 25.6926 mV x asinh(1) = 51.3852 x 0.881374 = 45.290 mV
  EXPECT_NEAR(charge_transfer_overpotential(2.0 * i0, i0, 1.0, 298.15), 45.290e-3, 1e-6);
  // small currents see the resistance Z/theta
  EXPECT_NEAR(charge_transfer_overpotential(1e-6, i0, 0.5, 298.15) / 1e-6, 14e-4, 1e-10);
  EXPECT_NEAR(charge_transfer_slope(0.0, i0, 0.5, 298.15), 14e-4, 1e-12);
}

TEST(ChargeTransfer, OverpotentialAndCurrentAreInverse) {
  numerics::RandomStream random(13, "kinetics");
  for (int trial = 0; trial < 1000; ++trial) {
    const double i = 400.0 * (random.uniform() - 0.5), i0 = random.log_normal(30.0, 1.0), theta = 0.01 + 0.99 * random.uniform();
    const double T = 270.0 + 80.0 * random.uniform();
    const double eta = charge_transfer_overpotential(i, i0, theta, T);
    EXPECT_NEAR(charge_transfer_current(eta, i0, theta, T), i, 1e-11 * std::abs(i));
    EXPECT_EQ(charge_transfer_overpotential(-i, i0, theta, T), -eta);
    // full contact is the limit, and less contact costs more
    EXPECT_LT(std::abs(charge_transfer_overpotential(i, i0, 1.0, T)), std::abs(eta));
    const double h = 1e-4 * (std::abs(i) + i0);
    const double slope = (charge_transfer_overpotential(i + h, i0, theta, T) - charge_transfer_overpotential(i - h, i0, theta, T)) / (2 * h);
    EXPECT_NEAR(charge_transfer_slope(i, i0, theta, T), slope, 1e-3 * slope);
  }
}

TEST(Interphase, GrowsParabolically) {
  const double k = 25e-9 / std::sqrt(hour); // 25 nm/h^0.5
  // 168 h: 25 sqrt(168) = 324.0 nm
  EXPECT_NEAR(std::sqrt(interphase_square_rate(k, 1.0) * 168 * hour), 324.04e-9, 0.01e-9);
  EXPECT_NEAR(interphase_square_rate(k, 2.0), 4.0 * interphase_square_rate(k, 1.0), 1e-30); // the factor is that of k
}

TEST(Registry, EveryParameterHasOneNameOneMemberAndARange) {
  std::set<std::string_view> names;
  std::set<std::size_t> places;
  Parameters p;
  const auto* base = reinterpret_cast<const char*>(&p);
  for (const ParameterInfo& row : parameter_registry()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_TRUE(places.insert(static_cast<std::size_t>(reinterpret_cast<const char*>(&(p.*row.member)) - base)).second) << row.name;
    EXPECT_LT(row.low, row.high) << row.name;
    EXPECT_FALSE(row.description.empty()) << row.name;
    EXPECT_EQ(find_parameter(row.name), &row);
  }
  EXPECT_EQ(places.size(), sizeof(Parameters) / sizeof(double)) << "a member without a name cannot be set";
  EXPECT_EQ(find_parameter("flaw.dept"), nullptr);
}

} // namespace
} // namespace platen::physics

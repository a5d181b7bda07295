// Conductivity, activation, interfaces, contact against time: known truths and their errors.
#include "base/constants.hpp"
#include "base/error.hpp"
#include "impedance/contact.hpp"
#include "impedance/models.hpp"
#include "impedance/solid.hpp"
#include "numerics/random.hpp"
#include "physics/contact.hpp"

#include <cmath>
#include <cstdio>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace platen;
using namespace platen::impedance;
using testing::HasSubstr;

TEST(ImpedanceSolid, ConductivityOfAPelletWithItsError) {
  // 0.6 mm thick, 0.785 cm2, 30 ohm: 0.6e-3/(30 * 0.785e-4) = 0.2548 S/m; 3, 4 and 12 % make 13 %.
  const Uncertain kappa = conductivity({30, 0.9}, {0.6e-3, 0.024e-3}, {0.785e-4, 0.0942e-4});
  EXPECT_NEAR(kappa.value, 0.254777, 1e-6);
  EXPECT_NEAR(kappa.error / kappa.value, 0.13, 1e-12);
  EXPECT_THROW(conductivity({30, 0}, {0, 0}, {1, 0}), Error);
  EXPECT_THROW(conductivity({-30, 0}, {1, 0}, {1, 0}), Error);
}

TEST(ImpedanceSolid, OneSideOfASymmetricCell) {
  const Uncertain side = interface_resistance({20, 1}, {1.33e-4, 0});
  EXPECT_NEAR(side.value, 1.33e-3, 1e-9); // 13.3 ohm cm2
  EXPECT_NEAR(side.error / side.value, 0.05, 1e-12);
}

TEST(ImpedanceSolid, ActivationOfAnExactLine) {
  const double energy = 40e3;
  std::vector<double> T{273, 298, 323, 348};
  std::vector<Uncertain> sigma;
  for (const double t : T) sigma.push_back({1e4 / t * std::exp(-energy / (constants::R * t)), 0.0});
  const Activation a = arrhenius(T, sigma, true);
  EXPECT_NEAR(a.energy.value, energy, 1e-6 * energy);
  EXPECT_NEAR(a.log_prefactor.value, std::log(1e4), 1e-8);
  EXPECT_NEAR(a.at(310).value, 1e4 / 310 * std::exp(-energy / (constants::R * 310)), 1e-9);
  EXPECT_EQ(a.points, 4u);
  EXPECT_NEAR(arrhenius(T, sigma, false).energy.value, energy - constants::R * 310, 100); // d ln(sigma)/d(1/T) at about 310 K
}

TEST(ImpedanceSolid, ActivationErrorsCover) {
  const double energy = 35e3;
  int inside = 0, predicted = 0;
  constexpr int cases = 400;
  for (int c = 0; c < cases; ++c) {
    numerics::RandomStream random(5, "arrhenius", static_cast<std::uint64_t>(c));
    std::vector<double> T{263, 278, 298, 318, 333, 353};
    std::vector<Uncertain> sigma;
    for (const double t : T) {
      const double value = 3e4 * std::exp(-energy / (constants::R * t)) * std::exp(0.05 * random.normal());
      sigma.push_back({value, 0.05 * value});
    }
    const Activation a = arrhenius(T, sigma, false);
    inside += std::abs(a.energy.value - energy) < 1.96 * a.energy.error;
    const Uncertain warm = a.at(370);
    predicted += std::abs(std::log(warm.value / (3e4 * std::exp(-energy / (constants::R * 370))))) < 1.96 * warm.error / warm.value;
  }
  EXPECT_NEAR(inside / double(cases), 0.95, 0.04); // larger where the scatter happens to be large
  EXPECT_NEAR(predicted / double(cases), 0.95, 0.04);
}

TEST(ImpedanceSolid, ActivationErrorsGrowWithScatter) {
  const std::vector<double> T{273, 298, 323, 348};
  const std::vector<Uncertain> sigma{{1, 1e-3}, {4, 4e-3}, {5, 5e-3}, {20, 2e-2}};
  const Activation a = arrhenius(T, sigma, false);
  EXPECT_GT(a.scatter, 50);
  EXPECT_GT(a.energy.error, 2e3);
  EXPECT_THROW(arrhenius(std::vector<double>{300, 300}, std::vector<Uncertain>{{1, 1}, {2, 1}}, false), Error);
  EXPECT_THROW(arrhenius(std::vector<double>{300}, std::vector<Uncertain>{{1, 1}}, false), Error);
  EXPECT_THROW(arrhenius(std::vector<double>{300, 310}, std::vector<Uncertain>{{1, 1}, {-2, 1}}, false), Error);
}

TEST(ImpedanceSolid, CapacitancesNameProcesses) {
  EXPECT_NEAR(arc_capacitance(100, 1e-6, 1.0), 1e-6, 1e-18);
  // The capacitor has the time constant of the arc: R C = (R Q)^(1/n).
  EXPECT_NEAR(100 * arc_capacitance(100, 1e-6, 0.8), std::pow(1e-4, 1.25), 1e-12);
  EXPECT_EQ(process_by_capacitance(1e-12, 100), "bulk"); // 1 cm over 1 cm2
  EXPECT_EQ(process_by_capacitance(1e-10, 100), "grain boundary");
  EXPECT_EQ(process_by_capacitance(2e-6, 100), "interface (double layer)");
  EXPECT_EQ(process_by_capacitance(1e-3, 100), "electrode reaction or storage");
}

Activation activation(double energy, double noise) {
  std::vector<double> T{273, 298, 323, 348};
  std::vector<Uncertain> R;
  for (const double t : T) {
    const double value = std::exp(energy / (constants::R * t) - energy / (constants::R * 298));
    R.push_back({value, noise * value});
  }
  return arrhenius(T, R, false);
}

TEST(ImpedanceSolid, ConstrictionHasTheElectrolytesActivation) {
  using Kind = ArcVerdict::Kind;
  EXPECT_EQ(constriction_or_transfer({activation(35e3, 0.03), activation(35e3, 0.01), {}, {}}).kind, Kind::constriction);
  EXPECT_EQ(constriction_or_transfer({activation(60e3, 0.03), activation(35e3, 0.01), {}, {}}).kind, Kind::charge_transfer);
  const ArcVerdict vague = constriction_or_transfer({activation(45e3, 0.8), activation(35e3, 0.01), {}, {}});
  EXPECT_EQ(vague.kind, Kind::cannot_tell);
  EXPECT_THAT(vague.reasons.back(), HasSubstr("no series of areas"));
  // One contact: R ~ 1/sqrt(A). Many: R ~ 1/A, which tells nothing between the two.
  const std::vector<double> areas{1e-6, 4e-6, 16e-6};
  const ArcVerdict one = constriction_or_transfer({activation(45e3, 0.8), activation(35e3, 0.01), areas, {{40, 1}, {20, 1}, {10, 0.3}}});
  EXPECT_NEAR(one.area_exponent, 0.5, 0.05);
  EXPECT_EQ(one.kind, Kind::constriction);
  const ArcVerdict many = constriction_or_transfer({activation(45e3, 0.8), activation(35e3, 0.01), areas, {{40, 1}, {10, 0.2}, {2.5, 0.1}}});
  EXPECT_NEAR(many.area_exponent, 1.0, 0.05);
  EXPECT_EQ(many.kind, Kind::cannot_tell);
}

TEST(ImpedanceContact, ThetaInvertsTheResistance) {
  ContactAssumptions a;
  a.conductivity = 0.2;
  for (const double theta : {0.05, 0.3, 0.9}) {
    const double asr = 8e-4 / theta + physics::constriction_resistance(theta, a.spot, a.conductivity);
    EXPECT_NEAR(theta_of(asr, 8e-4, a), theta, 1e-9);
  }
  EXPECT_EQ(theta_of(7e-4, 8e-4, a), 1.0);
  EXPECT_NEAR(theta_of(16e-4, 8e-4, {}), 0.5, 1e-9); // without a conductivity nothing crowds
}

/// Readings every 20 min of a hold whose contact closes in two ways at once, which the law of the analysis does not know.
std::vector<ContactReading> rich_hold(std::uint64_t seed, double noise, std::size_t count, double spot, std::vector<double>* truth = nullptr) {
  numerics::RandomStream random(seed, "hold");
  std::vector<ContactReading> all;
  for (std::size_t k = 0; k < count; ++k) {
    const double t = 1200.0 * static_cast<double>(k) + 60.0, P = 25e6 - 2e6 * (1 - std::exp(-t / 1800));
    const double open = 0.85 * (0.65 * std::exp(-t / 900) + 0.35 * std::exp(-t / 9000));
    const double theta = 1 - open;
    if (truth) truth->push_back(theta);
    const double asr = (7e-4 / theta + physics::constriction_resistance(theta, spot, 0.2)) * std::exp(noise * random.normal());
    all.push_back({t, P, {asr, noise * asr}});
  }
  return all;
}

TEST(ImpedanceContact, ARicherLawComesBackWithinTheBands) {
  ContactAssumptions a;
  a.conductivity = 0.2;
  double inside = 0, all = 0, worst = 0;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    std::vector<double> truth;
    const auto readings = rich_hold(seed, 0.01, 40, 3e-6, &truth);
    const ContactSeries series = contact_series(readings, a);
    EXPECT_TRUE(series.settled) << seed;
    for (std::size_t k = 0; k < truth.size(); ++k) {
      all += 1;
      inside += series.points[k].low <= truth[k] && truth[k] <= series.points[k].high;
      worst = std::max(worst, std::abs(series.points[k].theta - truth[k]));
    }
  }
  std::printf("theta(t) inside its 95 %% band: %.1f %%, largest deviation %.3f\n", 100 * inside / all, worst);
  EXPECT_GE(inside / all, 0.90);
}

TEST(ImpedanceContact, ASeriesWithoutItsEndSaysSo) {
  // Nine minutes of a closing that takes hours: the resistance falls evenly and shows no limit.
  numerics::RandomStream random(1, "short hold");
  std::vector<ContactReading> readings;
  for (int k = 0; k < 10; ++k) {
    const double asr = 1e-3 / (0.2 + 1e-4 * k * 60) * std::exp(0.01 * random.normal());
    readings.push_back({60.0 * k + 1, 25e6, {asr, 0.01 * asr}});
  }
  const ContactSeries series = contact_series(readings, {});
  EXPECT_FALSE(series.settled);
  EXPECT_THAT(series.assumes.back(), HasSubstr("does not show where it ends"));
  EXPECT_LT(series.points.front().low, 0.2); // the band admits it
  EXPECT_GT(series.points.front().high, 0.2);
}

TEST(ImpedanceContact, PressureCountsByItsCreepLaw) {
  // The same law once at 25 MPa and once at 20 MPa: tau of the answer is that at 25 MPa both times.
  const auto hold = [](double P) {
    std::vector<ContactReading> all;
    const double rate = physics::closure_rate(0.0, P, 1.0, 0.01, 6.6, 1.0);
    for (int k = 0; k < 60; ++k) {
      const double t = 120.0 * k / rate + 1.0, theta = 1 - 0.8 * std::exp(-rate * t / 800);
      all.push_back({t, P, {1e-3 / theta, 1e-6}});
    }
    return all;
  };
  for (const double P : {25e6, 20e6}) {
    const ContactSeries series = contact_series(hold(P), {});
    EXPECT_NEAR(series.time.value, 800, 8) << P;
    EXPECT_NEAR(series.perfect.value, 1e-3, 1e-5) << P;
    EXPECT_NEAR(series.initial.value, 0.2, 0.01) << P;
    EXPECT_NEAR(series.stretch, 1.0, 0.02) << P;
  }
}

TEST(ImpedanceContact, AnUncertainRadiusWidensTheBand) {
  ContactAssumptions sharp;
  sharp.conductivity = 0.01; // a poor electrolyte: much of the resistance is crowding
  sharp.spot_factor = 1.0;
  ContactAssumptions vague = sharp;
  vague.spot_factor = 2.0;
  const auto readings = rich_hold(1, 0.01, 40, 2e-6);
  const ContactPoint a = contact_series(readings, sharp).points.front(), b = contact_series(readings, vague).points.front();
  EXPECT_GT(a.constriction, 0.05);
  EXPECT_DOUBLE_EQ(a.theta, b.theta);
  EXPECT_GT(b.error, 1.5 * a.error);
}

TEST(ImpedanceContact, RefusesWhatIsNoSeries) {
  auto readings = rich_hold(1, 0.01, 6, 2e-6);
  EXPECT_THROW(contact_series(std::span(readings).first(4)), Error);
  std::swap(readings[1], readings[2]);
  EXPECT_THROW(contact_series(readings), Error);
}

} // namespace

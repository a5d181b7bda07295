// Whole runs, from a study's text to the record, against solutions written out by hand. A study switches off what the hand
// cannot follow. Equations: docs/theory/.

#include "base/constants.hpp"
#include "own_numbers.hpp"
#include "simulate/simulate.hpp"
#include "study/read.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <gtest/gtest.h>

namespace platen {
namespace {

constexpr double hour = 3600.0, MPa = 1e6, um = 1e-6, mA_cm2 = 10.0;

/// Mechanisms named are on, all others off.
std::string only(std::initializer_list<std::string_view> on) {
  std::string out = "[mechanisms]\n";
  for (std::string_view name : {"seating", "contact_closure", "stripping_voids", "intrusion", "filament", "interphase",
                                "lithium_squeeze", "electronic_leakage"})
    out += std::string(name) + (std::find(on.begin(), on.end(), name) != on.end() ? " = true\n" : " = false\n");
  return out;
}

Study study_of(const std::string& text) {
  return parse_study("extends = \"symmetric.toml\"\nname = \"analytic\"\n" + text, "analytic.toml",
                     std::filesystem::path(PLATEN_SOURCE_DIR) / "studies" / "ham2022");
}

double activated(double activation, double T, double reference) {
  return std::exp(activation / constants::R * (1.0 / reference - 1.0 / T));
}

TEST(Contact, ClosesExponentiallyAtConstantPressureAndTemperature) {
  for (const auto& [P, T] : {std::pair{25.0, 25.0}, std::pair{12.0, 60.0}, std::pair{5.0, 40.0}}) {
    const Study study = study_of("test = [\"Hold at " + std::to_string(P) + " MPa for 3 h at " + std::to_string(T) + " degC\"]\n" +
                                 only({"contact_closure"}));
    const Record record = simulate(study);
    const physics::Parameters& p = study.parameters;
    const double share = P / 25.0;
    const double rate = activated(p.contact_activation, T + 273.15, 298.15) / p.contact_closure_time *
                        ((1.0 - p.contact_linear_share) * std::pow(share, p.contact_exponent) + p.contact_linear_share * share);
    const auto t = record.real(col::test_time);
    ASSERT_EQ(t.size(), 1081U);
    for (const char* side : {"contact_left", "contact_right"}) {
      const auto theta = record.real(side);
      for (std::size_t k = 0; k < t.size(); ++k)
        ASSERT_NEAR(theta[k], 1.0 - (1.0 - p.contact_initial) * std::exp(-rate * t[k]), 1e-5) << P << " MPa, t = " << t[k];
    }
  }
}

TEST(Interphase, GrowsWithTheRootOfTime) {
  for (double T : {0.0, 25.0, 60.0}) {
    const Study study = study_of("temperature = \"" + std::to_string(T) + " degC\"\ntest = [\"Set stack pressure to 5 MPa\", " +
                                 "\"Rest for 50 h\"]\n" + only({"interphase"}) + "[output]\ninterval = \"10 min\"\n");
    const Record record = simulate(study);
    const double k = study.parameters.interphase_growth * activated(study.parameters.interphase_activation, T + 273.15, 298.15);
    const auto t = record.real(col::test_time), d = record.real("interphase_right"), stored = record.real("inventory_right");
    for (std::size_t row = 0; row < t.size(); ++row) {
      const double expected = std::sqrt(1e-18 + k * k * t[row]); // from a native film of 1 nm
      ASSERT_NEAR(d[row], expected, 1e-5 * expected);
      // What the interphase binds, the metal loses: at rest the side's inventory stays as it was.
      ASSERT_NEAR(stored[row], 0.0, 1e-5 * study.parameters.interphase_charge * expected + 1e-3);
    }
  }
}

TEST(Voids, FillAtTheRateOfTheMissingSupply) {
  const Study study = study_of("test = [\"Set stack pressure to 5 MPa\", \"Plate at 1 mA/cm2 for 120 min\"]\n" +
                               only({"stripping_voids"}) + "[override]\n\"contact.initial\" = 1\n\"void.height\" = \"5 um\"\n");
  const Record record = simulate(study);
  const physics::Parameters& p = study.parameters;
  const double supply = p.supply_diffusion * activated(p.supply_diffusion_activation, 298.15, 313.15) +
                        p.supply_creep * std::pow(5.0 / 3.5, p.supply_creep_exponent) *
                            activated(p.supply_creep_activation, 298.15, 303.15);
  const double u = (1.0 * mA_cm2 - supply) * p.lithium_molar_volume / (constants::F * p.void_height);
  ASSERT_GT(u, 0.0);
  const auto t = record.real(col::test_time), stripped = record.real("void_left"), plated = record.real("void_right");
  ASSERT_GT(u * t.back(), 1.0) << "the test must go beyond the last void";
  for (std::size_t k = 0; k < t.size(); ++k) {
    const double phi = stripped[k];
    ASSERT_NEAR(phi, std::min(u * t[k], 0.97), 2e-5) << "t = " << t[k];
    ASSERT_EQ(plated[k], 0.0);
  }
}

/// Integral of dP/K by Simpson's rule over 2000 intervals, with K written out: joints in series with an elastic frame.
double displacement(double P_from, double P_to, const physics::Parameters& p) {
  const auto compliance = [&](double P) {
    return 1.0 / p.elastic_stiffness + 1.0 / (p.joint_stiffness * std::pow(P / (5.0 * MPa), p.joint_exponent));
  };
  constexpr int n = 2000;
  const double h = (P_to - P_from) / n;
  double sum = compliance(P_from) + compliance(P_to);
  for (int k = 1; k < n; ++k) sum += (k % 2 == 1 ? 4.0 : 2.0) * compliance(P_from + k * h);
  return sum * h / 3.0;
}

TEST(Fixture, AHeatingRampCostsThePressureThatTheStiffnessSays) {
  const Study study = study_of("test = [\"Set stack pressure to 25 MPa\", \"Heat to 40 degC in 1 h\", \"Heat to 10 degC in 30 min\"]\n" +
                               only({}));
  const Record record = simulate(study);
  const physics::Parameters& p = study.parameters;
  const auto P = record.real(col::stack_pressure), T = record.real(col::temperature);
  const double start = 25.0 * MPa;
  ASSERT_EQ(P.front(), start);
  for (std::size_t k = 0; k < P.size(); ++k)
    ASSERT_NEAR(displacement(start, P[k], p), -p.thermal_mismatch * (T[k] - 298.15), 1e-5 * um);
  EXPECT_LT(*std::min_element(P.begin(), P.end()), 22.0 * MPa); // 15 K cost several megapascals
  EXPECT_GT(P.back(), start);                                   // colder than at the start
}

TEST(Capacitances, ChargeAsAnRcElementDoes) {
  // A poor electrolyte and a large capacitance make the grain boundaries' time constant readable on a grid of seconds; the
  // grains charge within nanoseconds, the interfaces hardly resist.
  const Study study = study_of("test = [\"Set stack pressure to 5 MPa\", \"Plate at 0.001 mA/cm2 for 20 s\", \"Rest for 20 s\"]\n" +
                               only({}) + R"(
[output]
capacitances = "dynamic"
interval = "0.1 s"
[override]
"contact.initial" = 1
"electrolyte.conductivity" = "0.001 mS/cm"
"capacitance.grain_boundary" = "1e5 nF/cm2"
"capacitance.grain_boundary_share" = 0.4
"interface.resistance" = "0.001 ohm cm2"
)");
  const Record record = simulate(study);
  const physics::Parameters& p = study.parameters;
  const double i = 0.001 * mA_cm2, whole = study.cell.electrolyte_thickness / p.conductivity;
  const double R = 0.4 * whole, tau = R * p.grain_boundary_capacitance;
  ASSERT_GT(tau, 1.0);
  ASSERT_LT(tau, 5.0);
  const double fast = i * (0.6 * whole + p.lead_resistance * study.cell.area + 2.0 * p.interface_resistance);
  const auto t = record.real(col::test_time), v = record.real(col::voltage), step_time = record.real(col::step_time);
  for (std::size_t k = 0; k < t.size(); ++k) {
    if (step_time[k] < 0.05) continue; // the grains are charging
    const bool charging = t[k] <= 20.0 + 1e-9;
    const double element = charging ? 1.0 - std::exp(-t[k] / tau)
                                    : (1.0 - std::exp(-20.0 / tau)) * std::exp(-(t[k] - 20.0) / tau);
    ASSERT_NEAR(v[k], (charging ? fast : 0.0) + i * R * element, 1e-4 * i * R) << "t = " << t[k];
  }
}

TEST(Capacitances, BesideNoResistanceStayEmpty) {
  for (const char* share : {"0", "1"}) {
    const std::string text = "test = [\"Set stack pressure to 5 MPa\", \"Plate at 1 mA/cm2 for 30 s\"]\n" + only({}) +
                             "[override]\n\"contact.initial\" = 1\n\"capacitance.grain_boundary_share\" = " + share + "\n";
    const Record still = simulate(study_of(text)), moving = simulate(study_of(text + "[output]\ncapacitances = \"dynamic\"\n"));
    const double expected = still.real(col::voltage).back();
    EXPECT_GT(expected, 0.01);
    EXPECT_NEAR(moving.real(col::voltage).back(), expected, 1e-5 * expected) << "share " << share;
  }
}

/// The ramp of the cell held for 30 min.
Study ramp(double tolerance, const std::string& output = "") {
  return study_of("[output]\ntolerance = " + std::to_string(tolerance * 1e12) + "e-12\n" + output + "\n" + own_numbers);
}

double event(const Record& record, std::string_view kind) {
  const auto found = std::find_if(record.events.begin(), record.events.end(), [&](const Event& e) { return e.kind == kind; });
  return found == record.events.end() ? std::nan("") : found->time;
}

/// Current density (A/m2) of the last row with a current before the hard short.
double failing_step(const Record& record) {
  const auto t = record.real(col::test_time), i = record.real(col::current);
  const double when = event(record, "hard short");
  double out = 0.0;
  for (std::size_t k = 0; k < t.size() && t[k] <= when; ++k)
    if (i[k] != 0.0) out = std::abs(i[k]) / *record.cell.area;
  return out;
}

struct Deviation {
  double voltage = 0.0, pressure = 0.0; ///< largest relative deviation before the filament makes contact
  std::size_t rows = 0;
};

Deviation deviation(const Record& a, const Record& b) {
  Deviation out;
  const auto t = a.real(col::test_time), tb = b.real(col::test_time), va = a.real(col::voltage), vb = b.real(col::voltage),
             Pa = a.real(col::stack_pressure), Pb = b.real(col::stack_pressure);
  const double end = std::min(event(a, "soft short"), event(b, "soft short"));
  for (std::size_t k = 0; k < t.size() && t[k] < end; ++k) {
    EXPECT_EQ(t[k], tb[k]) << "both runs write the same grid";
    if (vb[k] != 0.0) out.voltage = std::max(out.voltage, std::abs(va[k] / vb[k] - 1.0));
    out.pressure = std::max(out.pressure, std::abs(Pa[k] / Pb[k] - 1.0));
    ++out.rows;
  }
  return out;
}

TEST(Ramp, ConvergesWithTheTolerance) {
  const Record reference = simulate(ramp(1e-10));
  const double tolerances[] = {1e-4, 1e-6, 1e-8};
  Deviation before;
  double before_shift = 0.0;
  for (double tolerance : tolerances) {
    const Record record = simulate(ramp(tolerance));
    const Deviation now = deviation(record, reference);
    const double shift = std::abs(event(record, "hard short") - event(reference, "hard short"));
    std::printf("tolerance %.0e  voltage %.2e  pressure %.2e  time of the short %.2e s", tolerance, now.voltage, now.pressure, shift);
    if (before.rows > 0) std::printf("  rates %.2f, %.2f", std::log10(before.pressure / now.pressure) / 2.0, std::log10(before_shift / shift) / 2.0);
    std::printf("\n");
    EXPECT_NEAR(failing_step(record), failing_step(reference), 1e-6); // of steps of 1.27 A/m2
    // Before the short nearly every state is a straight line, exact at any tolerance; what is not is held to it.
    EXPECT_LT(now.voltage, tolerance);
    EXPECT_LT(now.pressure, tolerance);
    EXPECT_LT(shift, tolerance * event(reference, "hard short"));
    if (before.rows > 0) {
      EXPECT_LT(now.pressure, before.pressure / 3.0);
    }
    before = now;
    before_shift = shift;
  }
  EXPECT_GT(before.rows, 1000U);
}

TEST(Ramp, TheRecordOfTheUsualToleranceIsGoodEnough) {
  const Study usual = study_of(own_numbers);
  ASSERT_EQ(usual.output.relative_tolerance, 1e-6);
  const Record record = simulate(usual), tight = simulate(ramp(1e-8));
  const Deviation d = deviation(record, tight);
  std::printf("voltage %.2e, pressure %.2e over %zu rows\n", d.voltage, d.pressure, d.rows);
  EXPECT_LT(d.voltage, 1e-3);
  EXPECT_LT(d.pressure, 5e-3);
  EXPECT_NEAR(failing_step(record), failing_step(tight), 1e-6);
  EXPECT_GT(failing_step(tight), 1.0 * mA_cm2);
}

TEST(Ramp, OutputDoesNotDisturbThePhysics) {
  const Record ten = simulate(study_of("")), seven = simulate(study_of("[output]\ninterval = \"7 s\"\n")),
               none = simulate(study_of("[output]\nevents_only = true\n"));
  ASSERT_GT(ten.events.size(), 5U);
  EXPECT_LT(none.rows(), ten.rows() / 10);
  EXPECT_GT(seven.rows(), ten.rows());
  for (const Record* other : {&seven, &none}) {
    ASSERT_EQ(other->events.size(), ten.events.size());
    for (std::size_t k = 0; k < ten.events.size(); ++k) {
      EXPECT_EQ(other->events[k].kind, ten.events[k].kind);
      EXPECT_NEAR(other->events[k].time, ten.events[k].time, 1e-9 * ten.events[k].time) << ten.events[k].text;
    }
    EXPECT_NEAR(other->real(col::stack_pressure).back(), ten.real(col::stack_pressure).back(), 1e-9 * 5.0 * MPa);
  }
}

} // namespace
} // namespace platen

// Whole runs of full cells against solutions written out by hand, and their convergence with the solver's tolerance.
// Equations: docs/theory/cathode.md.

#include "base/constants.hpp"
#include "physics/cathode.hpp"
#include "simulate/simulate.hpp"
#include "study/read.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <gtest/gtest.h>
#include <map>

namespace platen {
namespace {

Study study_of(const std::string& base, const std::string& text) {
  return parse_study("extends = \"" + base + "\"\nname = \"verification\"\n" + text, "verification.toml",
                     std::filesystem::path(PLATEN_SOURCE_DIR) / "studies" / "ham2022");
}

/// A test at 40 degC with no mechanism but the cathode, of lithium that touches everywhere.
Study bare_cell(const std::string& sentences, const std::string& more) {
  return study_of("full-25.5-fixed.toml", "temperature = \"40 degC\"\ntest = [\"Set stack pressure to 5 MPa\", " + sentences + "]\n" + R"(
[mechanisms]
seating = false
contact_closure = false
stripping_voids = false
intrusion = false
filament = false
interphase = false
lithium_squeeze = false
electronic_leakage = false
pressure_swing = false
uneven_current = false
fatigue = false
[override]
"contact.initial" = 1
)" + more);
}
Study bare_charge(const std::string& current, const std::string& more = "") {
  return bare_cell("\"Charge at " + current + " until 4.3 V\"", more);
}

std::string tolerance(double value) { return "[output]\ntolerance = " + std::to_string(value * 1e12) + "e-12\n"; }

double activated(double activation, double T) { return std::exp(activation / constants::R * (1.0 / 298.15 - 1.0 / T)); }

/// Voltage after `t` at `i` (A/m2) of a cathode at rest at content `x` that gives all of its charge back: mean content from the charge, two modes in
/// closed form, the rest and the composite as resistances, two Butler-Volmer electrodes.
double voltage_by_hand(const Study& s, double i, double t, double x) {
  const physics::Parameters& p = s.parameters;
  const double T = s.temperature, RT_F = constants::R * T / constants::F;
  const double rate = i / s.cell.cathode->areal_capacity * (p.cathode_discharged - p.cathode_charged); // 1/s
  const double R2_D = p.cathode_particle_radius * p.cathode_particle_radius / (p.cathode_diffusivity * activated(p.cathode_diffusivity_activation, T));
  double rest = 0.1;
  x -= rate * t;
  for (const double a : {4.493409457909064, 7.725251836937707}) { // roots of tan a = a
    x -= 2.0 / 3.0 * rate * R2_D / (a * a) * (1.0 - std::exp(-a * a * t / R2_D));
    rest -= 1.0 / (a * a);
  }
  const double conduction = activated(p.conductivity_activation, T);
  const double ohmic = s.cell.electrolyte_thickness / (p.conductivity * conduction) + p.lead_resistance * s.cell.area +
                       s.cell.cathode->thickness / (2.0 * p.cathode_conductivity * conduction);
  const auto transfer = [&](double Z) { return 2.0 * RT_F * std::asinh(i * Z / (2.0 * RT_F)); };
  return physics::open_circuit_voltage(x) - physics::open_circuit_slope(x) * 2.0 / 3.0 * rate * R2_D * rest + i * ohmic +
         transfer(p.cathode_resistance / activated(p.cathode_resistance_activation, T)) +
         transfer(p.interface_resistance / activated(p.interface_activation, T));
}

TEST(FullCell, AStatedCurrentGivesTheVoltageWrittenOutByHand) {
  for (const char* current : {"0.1 mA/cm2", "0.5 mA/cm2", "1.5 mA/cm2"}) {
    const Study study = bare_charge(current, "\"cathode.first_efficiency\" = 1\n");
    const Record record = simulate(study);
    const auto t = record.real(col::test_time), v = record.real(col::voltage), i = record.real(col::current);
    ASSERT_GT(t.size(), 100U);
    for (std::size_t k = 0; k < t.size(); ++k) {
      if (i[k] == 0.0) continue;
      ASSERT_NEAR(v[k], voltage_by_hand(study, i[k] / study.cell.area, t[k], study.parameters.cathode_discharged), 2e-5) << current << ", t = " << t[k];
    }
    EXPECT_NEAR(v.back(), 4.3, 1e-6); // the cut-off
  }
}

TEST(FullCell, ADischargeGivesItTooFromWhereTheChargeLeftTheCathode) {
  const Study study = bare_cell(R"("Charge at 0.5 mA/cm2 until 4.2 V", "Rest for 40 h", "Discharge at 0.5 mA/cm2 until 3 V")",
                                "\"cathode.first_efficiency\" = 1\n");
  const Record record = simulate(study);
  const auto t = record.real(col::step_time), v = record.real(col::voltage), i = record.real(col::current), x = record.real("surface_content");
  double start = 0.0; // content when the discharge begins, from the charge that went in
  std::size_t seen = 0;
  for (std::size_t k = 0; k < t.size(); ++k) {
    if (i[k] == 0.0) start = x[k];
    if (i[k] >= 0.0) continue;
    ASSERT_NEAR(v[k], voltage_by_hand(study, i[k] / study.cell.area, t[k], start), 2e-5) << "t = " << t[k];
    ++seen;
  }
  EXPECT_GT(seen, 1000U);
  const physics::Parameters& p = study.parameters;
  double passed = 0.0; // C/m2
  for (std::size_t k = 1; k < t.size() && i[k] >= 0.0; ++k)
    if (i[k] > 0.0 && t[k] > t[k - 1]) passed += i[k] / study.cell.area * (t[k] - t[k - 1]);
  EXPECT_NEAR(start, p.cathode_discharged - (p.cathode_discharged - p.cathode_charged) * passed / study.cell.cathode->areal_capacity, 1e-5);
}

/// Largest distance (V) of a charge at 0.5 mA/cm2 from the voltage written out by hand.
double largest_error(const std::string& tolerance_text) {
  const Study study = bare_charge("0.5 mA/cm2", "\"cathode.first_efficiency\" = 1\n" + tolerance_text);
  const Record record = simulate(study);
  const auto t = record.real(col::test_time), v = record.real(col::voltage), i = record.real(col::current);
  double out = 0.0;
  for (std::size_t k = 0; k < t.size(); ++k)
    if (i[k] != 0.0) out = std::max(out, std::abs(v[k] - voltage_by_hand(study, i[k] / study.cell.area, t[k], study.parameters.cathode_discharged)));
  return out;
}

TEST(FullCell, TheDistanceFromTheTextbookIsTheSolversTolerance) {
  double last = 1.0;
  for (const double asked : {1e-4, 1e-6, 1e-8, 1e-10}) {
    const double error = largest_error(tolerance(asked));
    std::printf("tolerance %.0e: voltage within %.1e V of the textbook\n", asked, error);
    EXPECT_LT(error, 4.3 * asked * 10.0 + 1e-12) << asked;
    EXPECT_LT(error, last) << asked;
    last = error;
  }
}

TEST(FullCell, ATinyCurrentFollowsTheOpenCircuitVoltage) {
  const Study study = bare_charge("0.002 mA/cm2", "\"cathode.first_efficiency\" = 1\n[output]\ninterval = \"1 h\"\n");
  const Record record = simulate(study);
  const physics::Parameters& p = study.parameters;
  const auto t = record.real(col::test_time), v = record.real(col::voltage), i = record.real(col::current);
  for (std::size_t k = 0; k < t.size(); ++k) {
    const double y = i[k] / study.cell.area * t[k] / study.cell.cathode->areal_capacity;
    const double U = physics::open_circuit_voltage(p.cathode_discharged - (p.cathode_discharged - p.cathode_charged) * y);
    ASSERT_NEAR(v[k], U, 2e-3) << "t = " << t[k]; // 2 uA/cm2 through less than 1 kohm cm2
  }
  EXPECT_GT(t.back(), 1000.0 * 3600.0);
}

TEST(FullCell, TheFirstChargeKeepsWhatItDoesNotGiveBack) {
  const Study study = study_of("full-25.5-fixed.toml", R"(
test = ["Set stack pressure to 5 MPa", "Repeat 3 times: Charge at 0.1 mA/cm2 until 4.3 V; Discharge at 0.1 mA/cm2 until 2.5 V"]
temperature = "40 degC"
[mechanisms]
filament = false
stripping_voids = false
electronic_leakage = false
[override]
"contact.initial" = 1
)");
  const Record record = simulate(study);
  // Charge of each half cycle by hand, from the current and the time of every step.
  const auto step = record.integer(col::step_count);
  const auto i = record.real(col::current), time = record.real(col::step_time);
  std::map<std::int32_t, double> passed;
  for (std::size_t k = 0; k < i.size(); ++k)
    if (i[k] != 0.0) passed[step[k]] = std::abs(i[k]) * time[k] / study.cell.area;
  ASSERT_EQ(passed.size(), 6U);
  std::vector<double> q;
  for (const auto& [number, charge] : passed) q.push_back(charge);
  const double capacity = study.cell.cathode->areal_capacity, efficiency = study.parameters.cathode_first_efficiency;
  const auto charge = record.real("state_of_charge");
  std::vector<double> end; // state of charge at the end of each half cycle
  for (std::size_t k = 1; k <= i.size(); ++k)
    if (i[k - 1] != 0.0 && (k == i.size() || step[k] != step[k - 1])) end.push_back(charge[k - 1]);
  ASSERT_EQ(end.size(), 6U);
  ASSERT_GT(q[0], capacity) << "the test must use up the loss";
  // What went in and did not come out is the loss, and what the cathode holds less than as made: 2.5 V lies beyond that.
  const double lost = capacity * (1.0 - efficiency), gives_back = capacity * efficiency;
  EXPECT_NEAR(q[0] - q[1], lost + gives_back * end[1], 0.01 * lost);
  EXPECT_LT(end[1], 0.0);
  EXPECT_GT(end[1], -0.04);
  // From then on the cell is reversible.
  EXPECT_NEAR(q[2], q[1], 0.002 * q[1]);
  EXPECT_NEAR(q[4], q[5], 0.001 * q[5]);
}

double first_event(const Record& record, std::string_view kind) {
  const auto found = std::find_if(record.events.begin(), record.events.end(), [&](const Event& e) { return e.kind == kind; });
  return found == record.events.end() ? record.real(col::test_time).back() : found->time;
}

/// Current density (A/m2) of the half cycle in which a filament first makes contact.
double failing_step(const Record& record) {
  const auto t = record.real(col::test_time), i = record.real(col::current);
  const double when = first_event(record, "soft short");
  double out = 0.0;
  for (std::size_t k = 0; k < t.size() && t[k] <= when; ++k)
    if (i[k] != 0.0) out = std::abs(i[k]) / *record.cell.area;
  return out;
}

struct Deviation {
  double voltage = 0.0, pressure = 0.0; ///< largest relative ones before the filament makes contact
  std::size_t rows = 0;
};

/// A half cycle ends at a voltage, a little earlier in one run than in the other: rows are paired by step and time in it.
Deviation deviation(const Record& a, const Record& b) {
  const auto key = [](const Record& r) {
    std::map<std::pair<std::int32_t, double>, std::size_t> out;
    const auto t = r.real(col::test_time), time = r.real(col::step_time);
    const auto step = r.integer(col::step_count);
    const double end = first_event(r, "soft short");
    for (std::size_t k = 0; k < t.size() && t[k] < end; ++k) out.emplace(std::pair{step[k], std::round(time[k] * 1e3)}, k);
    return out;
  };
  const auto ka = key(a), kb = key(b);
  const auto va = a.real(col::voltage), vb = b.real(col::voltage), Pa = a.real(col::stack_pressure), Pb = b.real(col::stack_pressure);
  Deviation out;
  for (const auto& [where, k] : ka) {
    const auto other = kb.find(where);
    if (other == kb.end()) continue;
    out.voltage = std::max(out.voltage, std::abs(va[k] / vb[other->second] - 1.0));
    out.pressure = std::max(out.pressure, std::abs(Pa[k] / Pb[other->second] - 1.0));
    ++out.rows;
  }
  EXPECT_GT(out.rows, ka.size() * 9 / 10) << "rows must find their partners";
  return out;
}

TEST(FullCell, TheRecordOfTheUsualToleranceIsGoodEnough) {
  for (const char* base : {"full-6.4-fixed.toml", "full-12.8-fixed.toml", "full-25.5-fixed.toml", "full-25.5-springs.toml",
                           "full-51.0-fixed.toml", "full-12.8-springs-1MPa.toml"}) {
    const Study study = study_of(base, "");
    ASSERT_EQ(study.output.relative_tolerance, 1e-6);
    const Record usual = simulate(study), tight = simulate(study_of(base, tolerance(1e-8)));
    const Deviation d = deviation(usual, tight);
    std::printf("%-28s voltage %.2e, pressure %.2e over %zu rows, short %+.2f s\n", base, d.voltage, d.pressure, d.rows,
                first_event(usual, "soft short") - first_event(tight, "soft short"));
    EXPECT_LT(d.voltage, 1e-3) << base;
    EXPECT_LT(d.pressure, 5e-3) << base;
    EXPECT_NEAR(failing_step(usual), failing_step(tight), 1e-6) << base;
    EXPECT_GT(failing_step(tight), 1.0) << base;
  }
}

} // namespace
} // namespace platen

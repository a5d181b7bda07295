// A pellet between electrodes that block ions: its current at constant voltage and its impedance written out, and the round trip
// through an instrument and the analysis of direct current.

#include "base/constants.hpp"
#include "impedance/polarisation.hpp"
#include "impedance_cells.hpp"
#include "instrument/instrument.hpp"
#include "numerics/statistics.hpp"
#include "own_numbers.hpp"
#include "simulate/simulate.hpp"

#include <cmath>
#include <cstdio>
#include <gtest/gtest.h>
#include <numbers>

namespace platen {
namespace {

Study pellet(const std::string& sentences, const std::string& more = "") {
  return impedance_study("polarisation.toml", "test = [\"Set stack pressure to 5 MPa\", " + sentences + "]\n" + more);
}

TEST(BlockedPellet, ChargesItsDoubleLayersAndThenLetsElectronsThrough) {
  // Grains and boundaries made so slow that a record can see them: one time constant, (R C) of the pellet with both double layers.
  const Study study = pellet("\"Polarise at 100 mV for 60 s\"", R"([override]
"electrolyte.conductivity" = "1e-4 mS/cm"
"electrolyte.electronic_conductivity" = "1e-8 S/cm"
"capacitance.double_layer" = "50 uF/cm2"
[output]
interval = "0.5 s"
tolerance = 1e-9
)");
  const physics::Parameters& p = study.parameters;
  const double L = study.cell.electrolyte_thickness, A = study.cell.area, ions = L / p.conductivity, electrons = L / p.electronic_conductivity;
  const double lead = p.lead_resistance * A, tau = ions * p.double_layer_capacitance / 2.0;
  const Record record = simulate(study);
  const auto t = record.real(col::test_time), i = record.real(col::current);
  ASSERT_GT(t.size(), 100U);
  for (std::size_t k = 0; k < t.size(); ++k) {
    if (t[k] < 1.0) continue; // films of no resistance and the pellet's own capacitances are done by then
    const double expected = A * 0.1 * (std::exp(-t[k] / tau) / ions + 1.0 / electrons);
    EXPECT_NEAR(i[k], expected, 1e-3 * expected) << t[k];
  }
  EXPECT_LT(lead, 1e-3 * ions);
}

TEST(BlockedPellet, LeavesItsElectronicCurrentWithinThreeMinutes) {
  const Study study = pellet("\"Polarise at 100 mV for 3 min\"");
  const Record record = simulate(study);
  const double expected = 0.1 * study.parameters.electronic_conductivity * study.cell.area / study.cell.electrolyte_thickness;
  EXPECT_NEAR(record.real(col::current).back(), expected, 1e-6 * expected);
  std::printf("electronic current of the pellet: %.2f nA\n", 1e9 * expected);
  const auto balance = record.real("charge_balance_right");
  EXPECT_LT(std::abs(record.real("shorted_charge").back()), 1e-15);
  EXPECT_EQ(record.cell.configuration, Configuration::blocking);
  for (const double off : balance) ASSERT_LT(std::abs(off), 2e-5); // C/m2, of 2.5e-3 that charge the double layers
}

TEST(BlockedPellet, HasTheImpedanceOfItsPartsWrittenOut) {
  const Study study = pellet("\"Measure impedance from 1 GHz to 1 mHz\"");
  const physics::Parameters& p = study.parameters;
  const Record record = simulate(study);
  ASSERT_EQ(record.spectra.size(), 1U);
  const Spectrum& z = record.spectra[0];
  const double L = study.cell.electrolyte_thickness;
  for (std::size_t k = 0; k < z.size(); ++k) {
    const std::complex<double> jw(0.0, 2.0 * std::numbers::pi * z.frequency[k]);
    const auto arc = [&](double R, double C) { return R / (1.0 + jw * R * C); };
    const auto ions = arc((1 - p.grain_boundary_share) * L / p.conductivity, p.relative_permittivity * constants::eps0 / L) +
                      arc(p.grain_boundary_share * L / p.conductivity, p.grain_boundary_capacitance) + 2.0 / (jw * p.double_layer_capacitance);
    // the films of no resistance have 1e-9 ohm m2 each, docs/theory/electrical.md
    const auto expected = p.lead_resistance + 2e-9 / study.cell.area + 1.0 / (1.0 / ions + p.electronic_conductivity / L) / study.cell.area;
    EXPECT_LT(std::abs(std::complex<double>(z.real[k], z.imaginary[k]) - expected), 1e-6 * std::abs(expected)) << z.frequency[k];
  }
}

TEST(BlockedPellet, GoesThroughInstrumentAndAnalysisAtTheInstrumentsFloor) {
  const Study study = pellet("\"Rest for 10 s\", \"Polarise at 100 mV for 3 min\"", own_numbers);
  const Record ideal = simulate(study);
  Record empty = ideal;
  empty.set(col::current, std::vector<double>(ideal.rows(), 0.0));
  const double kappa = study.parameters.electronic_conductivity;
  constexpr int cases = 60;
  int inside = 0;
  double mean = 0.0, width = 0.0;
  for (std::uint64_t seed = 1; seed <= cases; ++seed) {
    const Record seen = measure(ideal, sensitive_instrument(), seed), blank = measure(empty, sensitive_instrument(), seed + 1000);
    const auto current = blank.real(col::current);
    const impedance::Held held = impedance::held_voltage(seen, 0.1);
    impedance::PolarisationOptions options;
    options.voltage = {held.voltage, 0.2e-3};
    options.leakage = {numerics::mean(current), numerics::standard_deviation(current) / std::sqrt(static_cast<double>(current.size()))};
    options.thickness = impedance::Uncertain{study.cell.electrolyte_thickness, 0.0};
    options.area = impedance::Uncertain{study.cell.area, 0.0};
    const impedance::Polarisation p = impedance::polarisation(held.time, held.current, options);
    ASSERT_TRUE(p.conductivity && p.significant);
    const double instruments = 0.002 * kappa; // its gain is not known to the analysis
    inside += std::abs(p.conductivity->value - kappa) < 1.96 * std::hypot(p.conductivity->error, instruments);
    mean += p.conductivity->value / cases;
    width += p.conductivity->error / cases;
  }
  std::printf("%.2f nA through the instrument: %.3e S/cm on average, error %.1e, truth %.1e inside in %d of %d\n",
              1e9 * 0.1 * kappa * study.cell.area / study.cell.electrolyte_thickness, mean / 100, width / 100, kappa / 100, inside, cases);
  EXPECT_GE(inside, 0.9 * cases);
  EXPECT_NEAR(mean, kappa, 0.01 * kappa);
}

TEST(BlockedPellet, TakesNoStatedCurrent) {
  try {
    pellet("\"Plate at 0.1 mA/cm2 for 1 h\"");
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.diagnostics().front().code, "C071");
  }
}

} // namespace
} // namespace platen

// The electrolyte's resistance by the cell's own impedance, where no point of the spectrum shows it plainly.

#include "assess/spectra.hpp"
#include "assess_waveforms.hpp"

#include <cmath>
#include <complex>
#include <gtest/gtest.h>
#include <numbers>

namespace platen::assessing {
namespace {

struct Arcs {
  double bulk = 70.0, boundaries = 30.0, interfaces = 60.0; ///< ohm
  double boundary_capacitance = 1e-8, interface_capacitance = 3e-6; ///< F
  double noise = 0.003, top = 1e6, leak = 0.0; ///< 1, Hz, S
};

/// Six points per decade down to 0.1 Hz.
Spectrum spectrum_of(const Arcs& a, double start, std::uint64_t seed = 1) {
  numerics::RandomStream draws(seed, "spectrum");
  Spectrum s;
  s.start = start;
  for (double f = a.top; f > 0.1; f *= std::pow(10.0, -1.0 / 6.0)) {
    const std::complex<double> jw(0.0, 2.0 * std::numbers::pi * f);
    std::complex<double> z = a.bulk / (1.0 + jw * a.bulk * 1e-10) + a.boundaries / (1.0 + jw * a.boundaries * a.boundary_capacitance) +
                             a.interfaces / (1.0 + std::pow(jw * a.interfaces * a.interface_capacitance, 0.85));
    z = 1.0 / (1.0 / z + a.leak);
    z += a.noise * std::abs(z) * std::complex<double>(draws.normal(), draws.normal());
    s.frequency.push_back(f);
    s.real.push_back(z.real());
    s.imaginary.push_back(z.imag());
  }
  return s;
}

std::vector<std::complex<double>> complex_of(const Spectrum& s) {
  std::vector<std::complex<double>> out;
  for (std::size_t k = 0; k < s.size(); ++k) out.emplace_back(s.real[k], s.imaginary[k]);
  return out;
}

TEST(AssessImpedanceFloor, ASpectrumThatNoCircuitExplainsSaysNothing) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    Arcs moved; // the cell changed while it was measured
    Spectrum s = spectrum_of(moved, 0.0, seed);
    for (std::size_t k = 0; k < s.size(); ++k) {
      const double drift = 1.0 + 0.5 * std::sin(static_cast<double>(k * seed));
      s.real[k] *= drift;
      s.imaginary[k] *= drift;
    }
    EXPECT_FALSE(electrolyte_by_circuit(s.frequency, complex_of(s))) << seed;
  }
}

TEST(AssessImpedanceFloor, TheCircuitKnowsTheElectrolyteToItsError) {
  double squares = 0.0;
  int found = 0;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const Spectrum s = spectrum_of({}, 0.0, seed);
    const auto level = electrolyte_by_circuit(s.frequency, complex_of(s));
    if (!level) continue;
    ++found;
    EXPECT_NEAR(level->value, 100.0, 5.0) << seed;
    EXPECT_GT(level->error, 0.0);
    EXPECT_LT(level->error, 10.0);
    squares += std::pow((level->value - 100.0) / level->error, 2);
  }
  EXPECT_GE(found, 10);
  EXPECT_LT(squares / found, 4.0); // the error is no smaller than half of the scatter
}

TEST(AssessImpedanceFloor, ArcsOfInterfacesAreNoElectrolyte) {
  // the second arc peaks at 5 kHz instead of 530 kHz
  const Spectrum s = spectrum_of({.boundary_capacitance = 1e-6, .interface_capacitance = 1e-3}, 0.0);
  const auto level = electrolyte_by_circuit(s.frequency, complex_of(s));
  ASSERT_TRUE(level);
  EXPECT_NEAR(level->value, 70.0, 4.0);
  const Spectrum few = [] {
    Spectrum out = spectrum_of({}, 0.0);
    for (auto* column : {&out.frequency, &out.real, &out.imaginary}) column->resize(2);
    return out;
  }();
  EXPECT_FALSE(electrolyte_by_circuit(few.frequency, complex_of(few)));
}

/// Ten half cycles of 600 s at 1 mA with 160 ohm, of which `left` are left from the seventh on.
Record cell(double left) {
  numerics::RandomStream draws(5, "floor");
  std::vector<double> time, current, voltage;
  for (int k = 0; k < 60 + 600; ++k) {
    const int h = k < 60 ? -1 : (k - 60) / 60;
    const double i = h < 0 ? 0.0 : h % 2 == 0 ? 1e-3 : -1e-3;
    time.push_back(10.0 * k);
    current.push_back(i);
    voltage.push_back(i * (h >= 6 ? left : 160.0) + 1e-4 * draws.normal());
  }
  return waveforms::symmetric_record(time, current, voltage);
}

const Evidence& floor_of(const Assessment& a, std::size_t half_cycle) {
  return waveforms::evidence_of(a, half_cycle, "resistance below the high-frequency impedance");
}

/// Everything else left out.
std::vector<std::string> others() {
  std::vector<std::string> out;
  for (const std::string_view name : evidence_names())
    if (name != "resistance below the high-frequency impedance") out.emplace_back(name);
  return out;
}

TEST(AssessImpedanceFloor, AFittedFloorDecidesWhereNoneCanBeRead) {
  Record r = cell(50.0);
  r.spectra = {spectrum_of({}, 2500.0)};
  ASSERT_FALSE(SpectraBeside(r).floor_between(0.0, 1e9, 1e9)->source == ImpedanceFloor::Source::read);
  const Assessment a = assess(r, {others()});
  const Evidence& e = floor_of(a, 6);
  EXPECT_TRUE(e.fired) << e.reason;
  EXPECT_NEAR(e.threshold, 70.0, 4.0);
  EXPECT_GT(e.error, 0.0);
  EXPECT_NE(e.reason.find("a circuit fitted"), std::string::npos) << e.reason;
  EXPECT_EQ(a.onset_half_cycle, 6U);
  EXPECT_EQ(assess(cell(50.0), {others()}).verdict, Verdict::healthy) << "without the spectrum nothing else was asked";
}

TEST(AssessImpedanceFloor, AboveTheElectrolyteNothingFires) {
  Record r = cell(90.0); // contact that improved: below 0.7 of the real part at 10 kHz with its interfaces, above the floor
  r.spectra = {spectrum_of({.interfaces = 60.0, .interface_capacitance = 1e-7}, 2500.0)};
  EXPECT_FALSE(floor_of(assess(r), 6).fired) << floor_of(assess(r), 6).reason;
}

TEST(AssessImpedanceFloor, NoFitWhereItCannotMatter) {
  Record r = cell(160.0);
  r.spectra = {spectrum_of({}, 2500.0)};
  const Assessment a = assess(r);
  const Evidence& e = floor_of(a, 8);
  EXPECT_FALSE(e.fired);
  EXPECT_FALSE(std::isfinite(e.figure));
  EXPECT_NE(e.reason.find("at most"), std::string::npos) << e.reason;
  EXPECT_EQ(a.verdict, Verdict::healthy);
}

TEST(AssessImpedanceFloor, ASpectrumThatStopsBelow100kHzIsNotFitted) {
  Record r = cell(50.0);
  r.spectra = {spectrum_of({.top = 5e4}, 2500.0)};
  EXPECT_FALSE(SpectraBeside(r).floor_between(0.0, 1e9, 1.0));
  EXPECT_FALSE(std::isfinite(floor_of(assess(r), 6).figure));
}

TEST(AssessImpedanceFloor, AColderSpectrumHasAHigherResistance) {
  Record r = cell(50.0);
  Spectrum s = spectrum_of({}, 2500.0);
  s.temperature = 288.15;
  r.spectra = {s};
  const auto cold = SpectraBeside(r).floor_between(0.0, 1e9, 1.0);
  r.spectra[0].temperature = 298.15;
  const auto warm = SpectraBeside(r).floor_between(0.0, 1e9, 1.0);
  ASSERT_TRUE(cold && warm);
  EXPECT_NEAR(cold->level.value / warm->level.value, std::exp(-34735.0 / 8.314462618 * (1.0 / 288.15 - 1.0 / 298.15)), 1e-6);
  EXPECT_FALSE(SpectraBeside(r).floor_between(0.0, 2000.0, 1.0)) << "the spectrum comes later";
}

} // namespace
} // namespace platen::assessing

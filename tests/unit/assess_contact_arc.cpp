// An interfacial arc that grows in the spectra taken at rest: what it is, how well it is known, and what it makes of a verdict (A80).

#include "assess/spectra.hpp"
#include "assess/thresholds.hpp"
#include "assess_made.hpp"

#include <cmath>
#include <gtest/gtest.h>

namespace platen::assessing {
namespace {

using waveforms::Made;
using waveforms::spectrum;

constexpr double rest = 120.0;
constexpr const char* name = "interfacial arc that grows";

/// s, when a spectrum is taken after half cycle `h`.
double after(std::size_t h) { return 600.0 + (600.0 + rest) * static_cast<double>(h) + 600.0 + 0.5 * rest; }

/// 40 ohm of electrolyte and 20 ohm of interfaces, of which the half cycles from 6 on have `times` as much.
Record cell(double times) {
  Made m;
  m.rest = rest;
  m.change = [times](std::size_t h, double, double v) { return h < 6 ? v : v * (40.0 + 20.0 * times) / 60.0; };
  return m.record();
}

std::vector<Spectrum> spectra(double times) {
  return {spectrum(after(3), 40.0, 20.0), spectrum(after(5), 40.0, 20.0), spectrum(after(6), 40.0, 20.0 * times), spectrum(after(7), 40.0, 20.0 * times)};
}

TEST(AssessContactArc, WithTheSpectrumLessVoltageSaysThatContactWasLost) {
  Record r = cell(6.0); // 160 ohm, 2.7 times
  EXPECT_EQ(assess(r).verdict, Verdict::healthy) << "the voltage alone does not say it";
  r.spectra = spectra(6.0);
  const Assessment a = assess(r);
  const Evidence& e = waveforms::evidence_of(a, 6, name);
  EXPECT_TRUE(e.fired) << e.reason;
  EXPECT_NEAR(e.figure, 6.0 * std::sqrt(after(5) / after(6)), 0.05);
  EXPECT_GT(e.strength, 0.99);
  EXPECT_EQ(a.verdict, Verdict::contact_loss) << a.reason;
  EXPECT_EQ(a.half_cycles[5].verdict, Verdict::healthy);
  EXPECT_EQ(a.half_cycles[6].verdict, Verdict::contact_loss);
  EXPECT_EQ(assess(r, {{name}}).verdict, Verdict::healthy);
}

TEST(AssessContactArc, AnInterphaseThatGrowsByTheSquareRootOfTimeIsNone) {
  Record r = cell(1.0);
  for (std::size_t h = 0; h < 10; ++h) r.spectra.push_back(spectrum(after(h), 40.0, 20.0 * std::sqrt(after(h) / 300.0)));
  for (std::size_t h = 1; h < 9; ++h) {
    const Assessment a = assess(r);
    const Evidence& e = waveforms::evidence_of(a, h, name);
    EXPECT_NEAR(e.figure, 1.0, 0.01) << h;
    EXPECT_FALSE(e.fired) << e.reason;
  }
}

TEST(AssessContactArc, AnArcThatTheCurrentDoesNotShowIsNoLostContact) {
  Record r = cell(1.0);
  r.spectra = spectra(8.0);
  const Assessment a = assess(r);
  EXPECT_TRUE(waveforms::evidence_of(a, 6, name).fired);
  EXPECT_EQ(a.verdict, Verdict::healthy) << a.reason;
}

TEST(AssessContactArc, AnInterfaceThatDoublesTheResistanceAtLeast) {
  Record r = cell(3.0); // 100 ohm: 1.7 times
  r.spectra = spectra(8.0);
  EXPECT_EQ(assess(r).verdict, Verdict::healthy);
}

TEST(AssessContactArc, AnInterfaceSmallerThanTheErrorsIsNotAskedFor) {
  Record r = cell(1.0);
  r.spectra = {spectrum(after(5), 60.0, 1.0), spectrum(after(6), 60.0, 10.0)};
  EXPECT_TRUE(std::isnan(waveforms::evidence_of(assess(r), 6, name).figure));
}

TEST(AssessContactArc, WhereTheElectrolyteIsNotSeenAllOfItCounts) {
  Record r = cell(6.0);
  r.spectra = spectra(6.0);
  for (Spectrum& s : r.spectra)
    for (double& f : s.frequency) f *= 0.05; // up to 50 kHz
  const Assessment a = assess(r);
  const Evidence& e = waveforms::evidence_of(a, 6, name);
  EXPECT_NEAR(e.figure, 160.0 / 60.0 * std::sqrt(after(5) / after(6)), 0.02);
  EXPECT_FALSE(e.fired);
}

TEST(AssessContactArc, OtherPressureOtherContact) {
  Record r = cell(6.0);
  r.spectra = spectra(6.0);
  std::vector<double> pressure;
  for (const double t : r.real(col::test_time)) pressure.push_back(t < after(5) ? 10e6 : 5e6);
  r.set(col::stack_pressure, pressure);
  EXPECT_TRUE(std::isnan(waveforms::evidence_of(assess(r), 6, name).figure));
}

TEST(AssessContactArc, AColderSpectrumIsNoGrownArc) {
  Record r = cell(1.0);
  r.spectra = spectra(1.0);
  const double colder = std::exp(-34735.0 / 8.314462618 * (1.0 / 298.15 - 1.0 / 263.15)); // 6.5 times
  r.spectra[2] = spectrum(after(6), 40.0 * colder, 20.0 * colder);
  r.spectra[2].temperature = 263.15;
  r.spectra[0].temperature = r.spectra[1].temperature = r.spectra[3].temperature = 298.15;
  const Assessment a = assess(r);
  const Evidence& e = waveforms::evidence_of(a, 6, name);
  EXPECT_NEAR(e.figure, std::sqrt(after(5) / after(6)), 0.02);
  EXPECT_FALSE(e.fired);
}

TEST(AssessContactArc, TheErrorIsThatOfSpectraReadToOnePercent) {
  numerics::RandomStream draws(8, "arc");
  constexpr int cells = 200;
  double sum = 0.0, squares = 0.0, said = 0.0;
  const Record plain = cell(1.0);
  for (int k = 0; k < cells; ++k) {
    Record r = plain;
    r.spectra = {spectrum(after(5), 40.0, 20.0), spectrum(after(6), 40.0, 120.0)};
    for (Spectrum& s : r.spectra) {
      s.real.front() *= 1.0 + 0.01 * draws.normal();
      s.real.back() *= 1.0 + 0.01 * draws.normal();
    }
    const GrownArc arc = SpectraBeside(r).arc_grown(after(6) - 1.0, after(7), 0.0, [](double) { return true; }, "");
    sum += arc.evidence.figure / cells;
    squares += arc.evidence.figure * arc.evidence.figure / cells;
    said += arc.evidence.error / cells;
  }
  const double scatter = std::sqrt(squares - sum * sum);
  EXPECT_NEAR(said, scatter, 0.2 * scatter); // of 200: 5 %
}

} // namespace
} // namespace platen::assessing

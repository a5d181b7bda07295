// Each small test of symmetric cells on curves made for it: where it must fire, where it must not, and its uncertainty.

#include "assess_made.hpp"

#include "assess/assessment.hpp"
#include "assess/thresholds.hpp"

#include <cmath>
#include <functional>
#include <gtest/gtest.h>

namespace platen {
namespace {

using waveforms::Made;
using waveforms::scaled;
using waveforms::spectrum;

TEST(AssessEvidence, EveryFigureThatWasMadeHasAStrengthAndTheWeightsGiveTheScore) {
  const Assessment a = assess(waveforms::make(waveforms::draw(5, waveforms::Fault::hard)).record);
  for (const HalfCycleAssessment& h : a.half_cycles) {
    double best = 0.0;
    for (const Evidence& e : h.evidence) {
      EXPECT_GE(e.strength, 0.0) << e.name;
      EXPECT_LE(e.strength, 1.0) << e.name;
      EXPECT_EQ(e.weight > 0.0 && !std::isfinite(e.figure), false) << e.name << " gave weight without a figure";
      if (e.fired) { EXPECT_GT(e.strength, 0.5) << e.name; }
      best = std::max(best, e.weight);
    }
    EXPECT_GE(h.score, best - 1e-12);
    EXPECT_FALSE(h.decided_by.empty());
    for (const std::string_view name : h.decided_by)
      EXPECT_TRUE(std::any_of(thresholds::table.begin(), thresholds::table.end(), [&](const auto& row) { return row.name == name; })) << name;
  }
}

TEST(AssessEvidence, TheErrorOfAFallCoversItsScatter) {
  // 200 cells with a fall of 40 % in known noise: the figure's scatter is what its error says, within the counting error of 200
  double sum = 0.0, squares = 0.0, said = 0.0;
  constexpr int cells = 200;
  for (int seed = 1; seed <= cells; ++seed) {
    numerics::RandomStream draws(static_cast<std::uint64_t>(seed), "errors");
    Made m;
    m.noise = 0.0;
    m.change = [&](std::size_t h, double x, double v) { return (h == 7 && x > 300.0 ? 0.6 * v : v) + 4e-4 * draws.normal(); };
    const Assessment a = assess(m.record());
    const Evidence& e = waveforms::evidence_of(a, 7, "voltage drop at constant current");
    ASSERT_TRUE(e.fired);
    sum += e.figure;
    squares += e.figure * e.figure;
    said += e.error / cells;
  }
  const double mean = sum / cells, scatter = std::sqrt(squares / cells - mean * mean);
  EXPECT_NEAR(mean, 0.4, 0.02);
  EXPECT_GT(said, 0.4 * scatter); // the deepest of several neighbours is taken, which narrows it
  EXPECT_LT(said, 2.5 * scatter);
}

TEST(AssessEvidence, NoiseThatWandersIsNoFall) {
  // a random walk whose steps are small, but whose means of 16 rows differ by far more than white noise of that size would
  numerics::RandomStream draws(3, "walk");
  double walk = 0.0;
  Made m;
  m.change = [&](std::size_t, double, double v) {
    walk = 0.98 * walk + 1.5e-3 * draws.normal();
    return v + walk;
  };
  const Assessment a = assess(m.record());
  EXPECT_EQ(a.verdict, Verdict::healthy) << a.reason;
}

TEST(AssessEvidence, AResistanceBelowTheCellsOwnHighFrequencyImpedanceIsAShort) {
  Record record = scaled(6, 0.4).record();
  record.spectra = {spectrum(2500.0, 40.0, 20.0)};
  const Assessment a = assess(record);
  const Evidence& e = waveforms::evidence_of(a, 6, "resistance below the high-frequency impedance");
  EXPECT_TRUE(e.fired) << e.reason;
  EXPECT_NEAR(e.threshold, 0.7 * 40.0, 0.3);
  EXPECT_GT(e.error, 0.0);
  EXPECT_GT(e.strength, 0.99);
  EXPECT_FALSE(waveforms::evidence_of(a, 5, e.name).fired);
  // with everything else left out, it still decides
  std::vector<std::string> others;
  for (const std::string_view name : evidence_names())
    if (name != e.name) others.emplace_back(name);
  EXPECT_EQ(assess(record, {others}).onset_half_cycle, 6U);
}

TEST(AssessEvidence, ASpectrumThatEndsWhereInterfacesAnswerIsNoFloor) {
  Record record = scaled(6, 0.4).record();
  Spectrum low = spectrum(300.0, 40.0, 20.0);
  for (double& f : low.frequency) f *= 1e-3; // up to 1 kHz
  low.start = 2500.0;
  record.spectra = {low};
  EXPECT_FALSE(std::isfinite(waveforms::evidence_of(assess(record), 6, "resistance below the high-frequency impedance").figure));
}

TEST(AssessEvidence, AnImpedanceThatCollapsesSupports) {
  Record record = Made{}.record();
  record.spectra = {spectrum(300.0, 40.0, 20.0), spectrum(600.0 + 600.0 * 4, 40.0, 22.0), spectrum(600.0 + 600.0 * 7 - 1.0, 20.0, 10.0)};
  const Assessment a = assess(record);
  EXPECT_FALSE(waveforms::evidence_of(a, 3, "impedance that collapses").fired);
  Made rests;
  rests.rest = 60.0;
  record = rests.record();
  const auto end_of = [](std::size_t h) { return 600.0 + 660.0 * static_cast<double>(h) + 620.0; };
  record.spectra = {spectrum(300.0, 40.0, 20.0), spectrum(end_of(3), 40.0, 22.0), spectrum(end_of(6), 20.0, 10.0)};
  const Assessment b = assess(record);
  const Evidence& e = waveforms::evidence_of(b, 6, "impedance that collapses");
  EXPECT_TRUE(e.fired) << e.reason;
  EXPECT_NEAR(e.figure, 0.5, 0.02);
  EXPECT_EQ(b.half_cycles[6].verdict, Verdict::healthy) << "a supporting test alone decides nothing";
  EXPECT_FALSE(waveforms::evidence_of(b, 3, e.name).fired);
}

TEST(AssessEvidence, AShortInOneDirectionIsAnAsymmetry) {
  const Assessment a = assess(scaled(7, 0.72).record());
  const Evidence& e = waveforms::evidence_of(a, 7, "asymmetry of the two directions");
  EXPECT_TRUE(e.fired) << e.reason;
  EXPECT_NEAR(e.figure, 0.72, 0.02);
  // the other direction rising instead is contact, not a short
  EXPECT_FALSE(waveforms::evidence_of(assess(scaled(6, 1.5).record()), 7, e.name).fired);
}

TEST(AssessEvidence, WhatComesBackAtRestSupports) {
  Made m;
  m.rest = 300.0;
  m.change = [](std::size_t h, double x, double v) { return h == 6 ? v * (1.0 - 0.25 * x / 600.0) : v; };
  const Assessment a = assess(m.record());
  const Evidence& e = waveforms::evidence_of(a, 6, "recovery at rest");
  EXPECT_TRUE(e.fired) << e.reason;
  EXPECT_FALSE(waveforms::evidence_of(a, 5, e.name).fired);
  m.rest = 0.0;
  EXPECT_FALSE(waveforms::evidence_of(assess(m.record()), 6, e.name).fired) << "without a rest";
}

TEST(AssessEvidence, ABurstOfNoiseIsSeenThoughTheHalfCycleIsQuiet) {
  numerics::RandomStream draws(5, "burst");
  Made m;
  m.change = [&](std::size_t h, double x, double v) { return h == 6 && x > 200.0 && x < 350.0 ? v + 3e-3 * draws.normal() : v; };
  const Assessment a = assess(m.record());
  EXPECT_TRUE(waveforms::evidence_of(a, 6, "noise bursts").fired);
  EXPECT_FALSE(waveforms::evidence_of(a, 6, "noise").fired);
  EXPECT_FALSE(waveforms::evidence_of(a, 5, "noise bursts").fired);
}

TEST(AssessEvidence, AFallWhenThePressureIsRaisedIsNoShort) {
  Made m;
  m.change = [](std::size_t h, double x, double v) { return h > 6 || (h == 6 && x > 300.0) ? 0.5 * v : v; };
  Record record = m.record();
  EXPECT_EQ(assess(record).verdict, Verdict::soft_short);
  std::vector<double> pressure;
  for (const double t : record.real(col::test_time)) pressure.push_back(t > 600.0 + 600.0 * 6 + 300.0 ? 10e6 : 5e6);
  record.set(col::stack_pressure, std::move(pressure));
  const Assessment a = assess(record);
  EXPECT_FALSE(waveforms::evidence_of(a, 6, "voltage drop at constant current").fired);
}

TEST(AssessEvidence, ContactThatPressureBringsBackIsNoShort) {
  Made m;
  m.change = [](std::size_t h, double x, double v) { return h == 5 ? v * (1.0 + 10.0 * x / 600.0) : v; };
  Record record = m.record();
  std::vector<double> pressure;
  for (const double t : record.real(col::test_time)) pressure.push_back(t > 600.0 + 600.0 * 6 ? 10e6 : 5e6);
  record.set(col::stack_pressure, std::move(pressure));
  const Assessment a = assess(record);
  EXPECT_EQ(a.verdict, Verdict::contact_loss) << a.reason;
  EXPECT_NE(a.reason.find("came back when the stack pressure was raised from 5 to 10 MPa"), std::string::npos) << a.reason;
  ASSERT_TRUE(a.window);
  EXPECT_GT(a.window->latest, a.window->earliest);
}

TEST(AssessEvidence, TheReferenceIsNotSettledWhileEachHalfCycleIsFarBelowTheOneBefore) {
  // native layers break: 170, 117, 88 ohm, then 60
  Made m;
  m.change = [](std::size_t h, double, double v) { return v * (h == 0 ? 2.8 : h == 1 ? 1.95 : h == 2 ? 1.4 : 1.0); };
  const Assessment a = assess(m.record());
  EXPECT_EQ(a.verdict, Verdict::healthy) << a.reason;
}

TEST(AssessEvidence, AZeroErrorThatAllHalfCyclesShareHidesNoLowerLevel) {
  // one direction only: 5 mV are allowed for; at one current they drop out, and the lower level counts as the reference
  Made m;
  m.half_cycles = 6;
  m.rest = 300.0;
  m.change = [](std::size_t h, double, double v) { return std::abs(v) * (h == 0 ? 1.35 : 1.0); };
  Record record = m.record();
  for (double& i : record.real(col::current)) i = std::abs(i);
  const Assessment a = assess(record);
  const Evidence& e = waveforms::evidence_of(a, 4, "overpotential no longer follows the current");
  EXPECT_NEAR(e.figure, 1.0, 0.05) << e.reason;
}

TEST(AssessEvidence, WithOneDirectionTheZeroIsReadAtRest) {
  Made m;
  m.rest = 300.0;
  m.change = [](std::size_t h, double, double v) { return std::abs(v) * (h == 6 ? 0.5 : 1.0); };
  Record record = m.record();
  for (double& i : record.real(col::current)) i = std::abs(i);
  for (double& v : record.real(col::voltage)) v -= 3e-3;
  const Assessment a = assess(record);
  EXPECT_NEAR(a.voltage_offset, -3e-3, 2e-4);
  EXPECT_NEAR(waveforms::evidence_of(a, 6, "overpotential no longer follows the current").figure, 0.5, 0.03);
}

TEST(AssessEvidence, AZeroThatWandersIsNoShortInOneDirection) {
  // 0.4 mV at 5 uA and 80 ohm; the zero drifts by as much in the course of the test
  Made m;
  m.half_cycles = 16;
  m.noise = 1e-5;
  m.change = [](std::size_t h, double, double v) { return 0.005 * v + 4e-4 * static_cast<double>(h) / 16.0; };
  Record record = m.record();
  for (double& i : record.real(col::current)) i *= 0.005;
  const Assessment a = assess(record);
  EXPECT_EQ(a.verdict, Verdict::healthy) << a.reason;
}

TEST(AssessEvidence, TwoMisreadRowsAreNoFall) {
  const auto cell = [](double until) {
    Made m;
    m.change = [=](std::size_t h, double x, double v) { return h == 6 && x > 300.0 && x < until ? 0.4 * v : v; };
    return waveforms::evidence_of(assess(m.record()), 6, "voltage drop at constant current").fired;
  };
  EXPECT_FALSE(cell(312.0)) << "two rows";
  EXPECT_TRUE(cell(400.0));
}

TEST(AssessEvidence, TheWindowHoldsTheMomentOfTheShort) {
  int held = 0, cells = 0;
  double widest = 0.0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const waveforms::Ramp p = waveforms::draw(seed, waveforms::Fault::hard);
    const waveforms::Waveform w = waveforms::make(p);
    const Assessment a = assess(w.record);
    if (!a.onset || w.onset < 0 || std::abs(*a.onset - w.onset) > 60.0) continue;
    ASSERT_TRUE(a.window);
    EXPECT_LE(a.window->earliest, *a.onset);
    EXPECT_GE(a.window->latest, *a.onset);
    ++cells;
    // a row is taken at the end of the interval in which it happened
    held += a.window->earliest <= w.onset && w.onset <= a.window->latest + p.interval;
    widest = std::max(widest, a.window->latest - a.window->earliest);
  }
  EXPECT_GE(cells, 90);
  EXPECT_GE(held, 90 * cells / 100) << "of " << cells << ", widest " << widest << " s";
}

TEST(AssessEvidence, ASuddenFallByAFifthIsAShortWhereItEndsBelowTheEarlierCourse) {
  Made m;
  m.change = [](std::size_t h, double x, double v) { return h == 6 && x > 300.0 && x < 450.0 ? 0.8 * v : v; };
  const Assessment a = assess(m.record());
  const Evidence& e = waveforms::evidence_of(a, 6, "sudden fall below the earlier course");
  EXPECT_TRUE(e.fired) << e.reason;
  EXPECT_NEAR(e.figure, 0.2, 0.02);
  EXPECT_EQ(a.verdict, Verdict::soft_short) << a.reason;
  EXPECT_NEAR(a.onset.value_or(0.0), 600.0 + 6 * 600.0 + 305.0, 5.0);
  EXPECT_FALSE(waveforms::evidence_of(a, 5, e.name).fired);
  // contact that comes and goes falls as far, but to what the cell had
  m.change = [](std::size_t h, double x, double v) { return h == 6 && x > 200.0 && x < 400.0 ? 1.25 * v : v; };
  const Assessment b = assess(m.record());
  EXPECT_FALSE(waveforms::evidence_of(b, 6, e.name).fired) << waveforms::evidence_of(b, 6, e.name).reason;
  EXPECT_EQ(b.verdict, Verdict::healthy) << b.reason;
  // below the course, but no faster than the clock lets a short be told from temperature
  m.change = [](std::size_t h, double x, double v) { return h == 6 ? v * (1.0 - 0.2 * x / 600.0) : v; };
  EXPECT_FALSE(waveforms::evidence_of(assess(m.record()), 6, e.name).fired);
}

TEST(AssessEvidence, WhatMakesBothDirectionsBetterIsNoAsymmetry) {
  Made m;
  m.change = [](std::size_t h, double, double v) { return h >= 7 ? 0.8 * v : v; }; // somebody turned the screws
  const Assessment a = assess(m.record());
  EXPECT_TRUE(std::isfinite(waveforms::evidence_of(a, 7, "asymmetry of the two directions").figure));
  EXPECT_FALSE(waveforms::evidence_of(a, 7, "asymmetry of the two directions").fired);
  EXPECT_EQ(a.verdict, Verdict::healthy) << a.reason;
  m.change = [](std::size_t h, double, double v) { return h == 9 || h == 11 ? 0.8 * v : v; };
  m.half_cycles = 13;
  const Assessment b = assess(m.record());
  EXPECT_TRUE(waveforms::evidence_of(b, 9, "asymmetry of the two directions").fired);
  EXPECT_EQ(b.onset_half_cycle, 9U) << "one direction alone gets better by nothing but a short: " << b.reason;
}

TEST(AssessEvidence, ARatioThatWandersAsMuchBeforeIsNoAsymmetry) {
  Made m;
  m.half_cycles = 14;
  m.change = [](std::size_t h, double, double v) { return h % 2 == 0 ? v : v * (1.0 + 0.07 * std::sin(2.0 * static_cast<double>(h))) * (h == 11 ? 0.8 : 1.0); };
  EXPECT_FALSE(waveforms::evidence_of(assess(m.record()), 11, "asymmetry of the two directions").fired);
}

TEST(AssessEvidence, ContactThatReturnsToWhatItWasBeforeItWasLostIsNoShort) {
  Made m;
  m.half_cycles = 16;
  m.change = [](std::size_t h, double, double v) { // lost over more half cycles than are usually compared with
    return h >= 4 && h < 13 ? v * std::pow(1.12, static_cast<double>(h - 3)) : v;
  };
  const Assessment a = assess(m.record());
  EXPECT_EQ(a.verdict, Verdict::healthy) << a.reason;
  m.change = [](std::size_t h, double, double v) { // the same, then a short below what it was
    return h >= 4 && h < 13 ? v * std::pow(1.12, static_cast<double>(h - 3)) : h >= 13 ? 0.4 * v : v;
  };
  EXPECT_EQ(assess(m.record()).onset_half_cycle, 13U);
}

TEST(AssessEvidence, NativeLayersThatBreakInBehindUnequalDirectionsAreNoShort) {
  Made m;
  m.change = [](std::size_t h, double x, double v) { // one direction has a quarter more; the break-in lasts for three half cycles
    const double clock = 600.0 * static_cast<double>(h) + x;
    return v * (h % 2 == 0 ? 1.0 : 1.25) * (1.0 + 1.2 * std::exp(-clock / 700.0));
  };
  const Assessment a = assess(m.record());
  EXPECT_EQ(a.verdict, Verdict::healthy) << a.reason;
}

TEST(AssessEvidence, ALastDigitThatFlickersIsNeitherNoiseNorAFall) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    waveforms::Ramp p;
    p.seed = seed;
    p.quantum = 1e-3;
    p.noise = 2.5e-4;
    p.resistance = 25.0; // 3 mV at the first step
    p.increment = 0.3;
    const Assessment a = assess(waveforms::make(p).record);
    EXPECT_EQ(a.verdict, Verdict::healthy) << seed << ": " << a.reason;
  }
}

TEST(AssessEvidence, NoiseAtLowFrequenciesIsNoHighFrequencyCrossing) {
  Record record = scaled(6, 0.5).record();
  Spectrum s = spectrum(2500.0, 40.0, 20.0);
  s.frequency.insert(s.frequency.end(), {0.5, 0.2});
  s.real.insert(s.real.end(), {60.0, 60.0});
  s.imaginary.insert(s.imaginary.end(), {0.1, -0.1}); // the cell's 60 ohm are crossed by noise
  record.spectra = {s};
  EXPECT_NEAR(waveforms::evidence_of(assess(record), 6, "resistance below the high-frequency impedance").threshold, 0.7 * 40.0, 0.3);
}

} // namespace
} // namespace platen

// What an instrument makes of the spectra of an ideal record.

#include "instrument/instrument.hpp"
#include "numerics/statistics.hpp"

#include <cmath>
#include <complex>
#include <gtest/gtest.h>
#include <numbers>

using namespace platen;

namespace {

Record with_spectra(std::size_t spectra) {
  Record r;
  r.set(col::test_time, std::vector<double>{0.0, 10.0});
  for (std::size_t s = 0; s < spectra; ++s) {
    Spectrum z;
    for (double f = 0.1; f < 2e7; f *= 1.3) {
      const std::complex<double> Z = 10.0 + 50.0 / std::complex<double>(1.0, f / 1e3);
      z.frequency.push_back(f);
      z.real.push_back(Z.real());
      z.imaginary.push_back(Z.imag());
    }
    z.start = 5.0;
    z.label = "impedance 1";
    z.amplitude = 10e-3;
    r.spectra.push_back(std::move(z));
  }
  r.events = {{5.0, "impedance", "taken"}, {6.0, "threshold", "hidden from any instrument"}};
  return r;
}

std::complex<double> at(const Spectrum& s, std::size_t k) { return {s.real[k], s.imaginary[k]}; }

} // namespace

TEST(InstrumentSpectra, APerfectAnalyserSeesTheTruth) {
  const Record ideal = with_spectra(1), seen = measure(ideal, Instrument{}, 1);
  ASSERT_EQ(seen.spectra.size(), 1U);
  EXPECT_EQ(seen.spectra[0].real, ideal.spectra[0].real);
  EXPECT_EQ(seen.spectra[0].imaginary, ideal.spectra[0].imaginary);
  EXPECT_EQ(seen.spectra[0].label, "impedance 1");
  EXPECT_EQ(seen.spectra[0].amplitude, 10e-3);
  ASSERT_EQ(seen.events.size(), 1U);
  EXPECT_EQ(seen.events[0].kind, "impedance");
}

TEST(InstrumentSpectra, CablesAndDelayActAtHighFrequency) {
  Instrument i;
  i.impedance = {.gain = 1.01, .inductance = 1e-6, .delay = 1e-9};
  const Record ideal = with_spectra(1), seen = measure(ideal, i, 1);
  for (std::size_t k = 0; k < ideal.spectra[0].size(); ++k) {
    const double omega = 2.0 * std::numbers::pi * ideal.spectra[0].frequency[k];
    const std::complex<double> j(0.0, 1.0), expected = 1.01 * (at(ideal.spectra[0], k) + j * omega * 1e-6) * std::exp(-j * omega * 1e-9);
    EXPECT_LT(std::abs(at(seen.spectra[0], k) - expected), 1e-12 * std::abs(expected));
  }
}

TEST(InstrumentSpectra, NoiseIsAShareOfTheModulusAndDrawnOnce) {
  Instrument i;
  i.impedance.noise = 0.01;
  const Record ideal = with_spectra(40), seen = measure(ideal, i, 7), again = measure(ideal, i, 7), other = measure(ideal, i, 8);
  std::vector<double> off;
  for (std::size_t s = 0; s < ideal.spectra.size(); ++s)
    for (std::size_t k = 0; k < ideal.spectra[s].size(); ++k) {
      const std::complex<double> d = (at(seen.spectra[s], k) - at(ideal.spectra[s], k)) / std::abs(at(ideal.spectra[s], k));
      off.push_back(d.real());
      off.push_back(d.imag());
    }
  EXPECT_NEAR(numerics::mean(off), 0.0, 4.0 * 0.01 / std::sqrt(static_cast<double>(off.size())));
  EXPECT_NEAR(numerics::standard_deviation(off), 0.01, 4.0 * 0.01 / std::sqrt(2.0 * static_cast<double>(off.size())));
  EXPECT_EQ(seen.spectra[3].real, again.spectra[3].real);
  EXPECT_NE(seen.spectra[3].real, other.spectra[3].real);
  EXPECT_NE(seen.spectra[0].real, seen.spectra[1].real) << "each spectrum has noise of its own";
}

TEST(InstrumentSpectra, NegativeNoiseIsRefused) {
  Instrument i;
  i.impedance.noise = -0.1;
  EXPECT_THROW(measure(with_spectra(1), i, 1), Error);
}

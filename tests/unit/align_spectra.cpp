#include "align/spectra.hpp"
#include "base/error.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace platen::align {
namespace {

Spectrum spectrum(double start, double unix) {
  Spectrum out;
  out.frequency = {1.0, 10.0};
  out.real = out.imaginary = {1.0, 1.0};
  out.time = {start, start + 5.0};
  out.start = start;
  out.unix_time = unix;
  return out;
}

Record cycler(bool dated) {
  Record out;
  out.set(col::test_time, std::vector<double>{10, 20, 30});
  if (dated) out.set(col::unix_time, std::vector<double>{1e9 + 10, 1e9 + 20, 1e9 + 30});
  return out;
}

TEST(AlignSpectra, DatesPlaceThem) {
  Record data = cycler(true), other;
  other.spectra = {spectrum(0, 1e9 + 500), spectrum(100, 1e9 + 100)};
  EXPECT_EQ(add_spectra(data, other, 2.0), 2u);
  ASSERT_EQ(data.spectra.size(), 2u);
  EXPECT_DOUBLE_EQ(data.spectra[0].start, 102.0); // in order of time
  EXPECT_DOUBLE_EQ(data.spectra[1].start, 502.0);
  EXPECT_DOUBLE_EQ(data.spectra[1].time[1], 507.0);
  EXPECT_DOUBLE_EQ(data.spectra[1].unix_time, 1e9 + 502);
}

TEST(AlignSpectra, WithoutDatesTheirTimesCount) {
  Record data = cycler(false), other;
  other.spectra = {spectrum(7, 1e9)};
  EXPECT_EQ(add_spectra(data, other, -3.0), 0u);
  EXPECT_DOUBLE_EQ(data.spectra[0].start, 4.0);
  EXPECT_DOUBLE_EQ(data.spectra[0].time[1], 9.0);
}

TEST(AlignSpectra, WithoutAnyTimeTheyAreRefused) {
  Record data = cycler(false), other;
  other.spectra = {spectrum(std::nan(""), 1e9)};
  EXPECT_THROW(add_spectra(data, other, 0.0), Error);
  EXPECT_TRUE(data.spectra.empty());
}

} // namespace
} // namespace platen::align

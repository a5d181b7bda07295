// Rows of impedance are cut into sweeps, and headings of impedance tables are understood with their signs.
#include "import/sweeps.hpp"
#include "import/text/spectra.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <numbers>

namespace platen {
namespace {

ImpedanceRows rows_of(std::vector<double> frequency) {
  ImpedanceRows out;
  out.frequency = std::move(frequency);
  out.real.assign(out.frequency.size(), 1.0);
  out.imaginary.assign(out.frequency.size(), -1.0);
  return out;
}

std::vector<std::size_t> sizes(const std::vector<Spectrum>& spectra) {
  std::vector<std::size_t> out;
  for (const Spectrum& s : spectra) out.push_back(s.size());
  return out;
}

using Sizes = std::vector<std::size_t>;

TEST(ImportSweeps, CutWhereTheFrequencyTurns) {
  EXPECT_EQ(sizes(split_sweeps(rows_of({100, 10, 1, 100, 10, 1}))), (Sizes{3, 3}));
  EXPECT_EQ(sizes(split_sweeps(rows_of({1, 10, 100, 1000, 100, 10}))), (Sizes{4, 2})) << "up and down again";
  EXPECT_EQ(sizes(split_sweeps(rows_of({1, 10, 100, 100, 10, 1}))), (Sizes{3, 3})) << "the turning point measured twice";
  EXPECT_EQ(sizes(split_sweeps(rows_of({100, 100, 10, 10, 1}))), (Sizes{5})) << "every point measured twice";
  EXPECT_EQ(sizes(split_sweeps(rows_of({50, 50, 50}))), (Sizes{3})) << "one frequency over time";
  EXPECT_EQ(sizes(split_sweeps(rows_of({100, 10, 10.000001, 1}))), (Sizes{4})) << "the last digit of a float";
  EXPECT_EQ(sizes(split_sweeps(rows_of({7}))), (Sizes{1}));
  EXPECT_TRUE(split_sweeps(rows_of({})).empty());
}

TEST(ImportSweeps, CutAtANewCycleAndAtRowsWithoutFrequency) {
  ImpedanceRows rows = rows_of({100, 10, 9, 8});
  rows.cycle = {1, 1, 2, 2};
  const auto spectra = split_sweeps(rows);
  EXPECT_EQ(sizes(spectra), (Sizes{2, 2}));
  EXPECT_EQ(spectra[1].cycle_count, 2);
  EXPECT_EQ(sizes(split_sweeps(rows_of({0, 0, 100, 10, 0, 9, 8, 0}))), (Sizes{2, 2}));
  EXPECT_EQ(sizes(split_sweeps(rows_of({100, std::nan(""), 10}))), (Sizes{1, 1}));
}

TEST(ImportSweeps, KeepWhatBelongsToASweep) {
  ImpedanceRows rows = rows_of({100, 10, 1});
  rows.real = {std::numeric_limits<double>::infinity(), 5.0, 6.0};
  rows.time = {1.0, 2.0, 3.0};
  rows.unix_time = {1001.0, 1002.0, 1003.0};
  rows.dc_voltage = {9.0, 0.1, 0.3};
  rows.dc_current = {9.0, std::nan(""), 2e-3};
  rows.amplitude = {9.0, 0.01, 0.02};
  rows.modulation = Modulation::current;
  rows.label = "GEIS";
  const auto spectra = split_sweeps(rows);
  ASSERT_EQ(spectra.size(), 1u);
  const Spectrum& s = spectra.front();
  EXPECT_EQ(s.frequency, (std::vector<double>{10, 1})) << "the row without a finite impedance is left out";
  EXPECT_EQ(s.time, (std::vector<double>{2, 3}));
  EXPECT_EQ(s.start, 2.0);
  EXPECT_EQ(s.unix_time, 1002.0);
  EXPECT_DOUBLE_EQ(*s.dc_voltage, 0.2);
  EXPECT_DOUBLE_EQ(*s.dc_current, 2e-3);
  EXPECT_DOUBLE_EQ(*s.amplitude, 0.02);
  EXPECT_FALSE(s.temperature);
  EXPECT_EQ(s.modulation, Modulation::current);
  EXPECT_EQ(s.label, "GEIS");
}

TEST(ImportSweeps, PolarBecomesCartesian) {
  ImpedanceRows rows;
  set_polar(rows, {2.0, 5.0}, {-std::numbers::pi / 2, 0.0});
  EXPECT_NEAR(rows.real[0], 0.0, 1e-15);
  EXPECT_DOUBLE_EQ(rows.imaginary[0], -2.0);
  EXPECT_DOUBLE_EQ(rows.real[1], 5.0);
}

TEST(ImportSweeps, HeadingsOfImpedance) {
  using text::ImpedanceRole;
  const std::pair<const char*, ImpedanceRole> headings[] = {
      {"freq/Hz", ImpedanceRole::frequency},      {"Frequency (Hz)", ImpedanceRole::frequency},
      {"Freq.[Hz]", ImpedanceRole::frequency},    {"Re(Z)/Ohm", ImpedanceRole::real},
      {"Z' (\xCE\xA9)", ImpedanceRole::real},     {"Zs'[ohm]", ImpedanceRole::real},
      {"Zreal (ohm)", ImpedanceRole::real},       {"-Im(Z)/Ohm", ImpedanceRole::negative_imaginary},
      {"Z'' (ohm)", ImpedanceRole::imaginary},    {"-Z'' (\xCE\xA9)", ImpedanceRole::negative_imaginary},
      {"Z\"", ImpedanceRole::imaginary},          {"Z\xE2\x80\xB3/ohm", ImpedanceRole::imaginary},
      {"Zimag (ohm)", ImpedanceRole::imaginary},  {"neg. Z'' (ohm)", ImpedanceRole::negative_imaginary},
      {"|Z|/Ohm", ImpedanceRole::modulus},        {"Zmod (ohm)", ImpedanceRole::modulus},
      {"Phase(Z)/deg", ImpedanceRole::phase},     {"Theta (deg)", ImpedanceRole::phase},
      {"Phase/rad", ImpedanceRole::phase},        {"Phase(Z)/\xC2\xB0", ImpedanceRole::phase},
      {"-Phase (\xC2\xB0)", ImpedanceRole::negative_phase}, {"Re(Y)/Ohm-1", ImpedanceRole::none},
      {"Phase(Y)/deg", ImpedanceRole::none},      {"Re(Zce)/Ohm", ImpedanceRole::none},
      {"|Ewe|/V", ImpedanceRole::none},           {"Z' (V)", ImpedanceRole::none},
      {"time/s", ImpedanceRole::none},            {"f (N)", ImpedanceRole::none}};
  for (const auto& [heading, role] : headings)
    EXPECT_EQ(text::impedance_role(text::split_heading(heading)), role) << heading;
}

TEST(ImportSweeps, TechniquesSayWhatIsModulated) {
  EXPECT_EQ(text::modulation_of("Potentio Electrochemical Impedance Spectroscopy"), Modulation::voltage);
  EXPECT_EQ(text::modulation_of("GEIS"), Modulation::current);
  EXPECT_EQ(text::modulation_of("Galvanostatic Cycling with Potential Limitation"), Modulation::unknown);
}

} // namespace
} // namespace platen

// Tables of impedance of no known program: every point against the file's own strings, columns without headings, headings
// that cannot be true, rows that are no points.

#include "text_files.hpp"

#include <cmath>
#include <complex>
#include <fmt/format.h>
#include <functional>
#include <numbers>

namespace platen::test {
namespace {

using Complex = std::complex<double>;

TEST(TextPlainSpectra, WithoutHeadings) {
  NEEDS_SHARED_DATA("impedance/exampleData.csv");
  const Record record = read_measurement(shared("impedance/exampleData.csv"));
  ASSERT_EQ(record.spectra.size(), 1u);
  EXPECT_EQ(record.rows(), 0u);
  const Spectrum& s = record.spectra[0];
  std::istringstream lines(read_file(shared("impedance/exampleData.csv")));
  std::size_t i = 0;
  for (std::string line; std::getline(lines, line); ++i) {
    const auto f = PlainTable::split(line, ',');
    ASSERT_LT(i, s.size());
    EXPECT_DOUBLE_EQ(s.frequency[i], std::strtod(f[0].c_str(), nullptr)) << i;
    EXPECT_DOUBLE_EQ(s.real[i], std::strtod(f[1].c_str(), nullptr)) << i;
    EXPECT_DOUBLE_EQ(s.imaginary[i], std::strtod(f[2].c_str(), nullptr)) << i;
  }
  EXPECT_EQ(s.size(), i);
  EXPECT_EQ(i, 66u);
  ASSERT_NE(warning(record, "D354"), nullptr);
  EXPECT_NE(warning(record, "D354")->message.find("real and imaginary part in ohm"), std::string::npos);
}

TEST(TextPlainSpectra, ExamplesOfRelaxationTimes) {
  NEEDS_SHARED_DATA("drt/1ZARC.csv");
  for (const char* name : {"drt/1ZARC.csv", "drt/2ZARC3.csv"}) {
    const Record record = read_measurement(shared(name));
    const PlainTable table(read_file(shared(name)), ',');
    ASSERT_EQ(record.spectra.size(), 1u) << name;
    const Spectrum& s = record.spectra[0];
    ASSERT_EQ(s.size(), table.rows);
    EXPECT_EQ(s.size(), 81u);
    for (std::size_t i = 0; i < s.size(); ++i) {
      ASSERT_DOUBLE_EQ(s.frequency[i], table.number("Freq", i)) << i;
      ASSERT_DOUBLE_EQ(s.real[i], table.number("Real", i)) << i;
      ASSERT_DOUBLE_EQ(s.imaginary[i], table.number("Imag", i)) << i;
    }
    EXPECT_TRUE(record.warnings.empty()) << record.warnings[0].message;
  }
}

TEST(TextPlainSpectra, IonConductorAtFourTemperatures) {
  NEEDS_SHARED_DATA("solid_conductor_impedance/s04147-140deg.txt");
  for (const int celsius : {140, 160, 180, 200}) {
    const auto path = shared(fmt::format("solid_conductor_impedance/s04147-{}deg.txt", celsius));
    const Record record = read_measurement(path);
    const PlainTable table(read_file(path), '\t', 2);
    ASSERT_EQ(record.spectra.size(), 1u) << celsius;
    const Spectrum& s = record.spectra[0];
    ASSERT_EQ(s.size(), table.rows);
    for (std::size_t i = 0; i < s.size(); ++i) {
      ASSERT_DOUBLE_EQ(s.frequency[i], table.number("   Freq.[Hz]   ", i)) << i;
      ASSERT_DOUBLE_EQ(s.real[i], table.number("Zs'[ohm]  ", i)) << i;
      ASSERT_DOUBLE_EQ(s.imaginary[i], table.number("Zs''[ohm]", i)) << i;
    }
    EXPECT_EQ(s.label, fmt::format("s04147-{}deg", celsius));
    EXPECT_DOUBLE_EQ(s.temperature.value(), celsius + 273.15);
    EXPECT_DOUBLE_EQ(s.amplitude.value(), 0.035 * std::sqrt(2.0));
    EXPECT_EQ(s.modulation, Modulation::voltage);
    ASSERT_EQ(record.warnings.size(), 1u);
    EXPECT_EQ(record.warnings[0].code, "D359");
  }
}

/// A series resistance, two arcs and a blocking branch, from 1 MHz to 0.1 Hz.
std::vector<std::pair<double, Complex>> made_up() {
  std::vector<std::pair<double, Complex>> out;
  for (int i = 0; i <= 70; ++i) {
    const double f = std::pow(10.0, 6.0 - i / 10.0);
    const Complex jw(0.0, 2.0 * std::numbers::pi * f);
    out.emplace_back(f, 20.0 + 300.0 / (1.0 + std::pow(jw * 1e-5, 0.9)) + 500.0 / (1.0 + jw * 1e-2) + 50.0 / std::pow(jw, 0.6));
  }
  return out;
}

std::string written(const std::string& header, const std::function<std::string(double, Complex)>& line) {
  std::string out = header;
  for (const auto& [f, z] : made_up()) out += line(f, z) + "\n";
  return out;
}

void expect_made_up(const Record& record, double tolerance = 1e-9) {
  ASSERT_EQ(record.spectra.size(), 1u);
  const Spectrum& s = record.spectra[0];
  const auto points = made_up();
  ASSERT_EQ(s.size(), points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    EXPECT_NEAR(s.frequency[i], points[i].first, tolerance * points[i].first);
    EXPECT_LT(std::abs(Complex(s.real[i], s.imaginary[i]) - points[i].second), tolerance * std::abs(points[i].second)) << i;
  }
}

double degrees(Complex z) { return std::arg(z) * 180.0 / std::numbers::pi; }

TEST(TextPlainSpectra, EveryOrderAndSignWithoutHeadings) {
  const TemporaryFolder folder;
  const std::function<std::string(double, Complex)> lines[] = {
      [](double f, Complex z) { return fmt::format("{},{},{}", f, z.real(), z.imag()); },
      [](double f, Complex z) { return fmt::format("{}\t{}\t{}", f, z.real(), -z.imag()); },
      [](double f, Complex z) { return fmt::format("{} {} {}", f, std::abs(z), degrees(z)); },
      [](double f, Complex z) { return fmt::format("{};{};{}", f, std::abs(z), -degrees(z)); },
      [](double f, Complex z) { return fmt::format("{},{},{}", f, std::abs(z), std::arg(z)); },
      [](double f, Complex z) { return fmt::format("{},{},{},{}", f, std::abs(z), -std::arg(z), 7); },
  };
  for (const auto& line : lines) {
    const Record record = read_measurement(folder.write("a.csv", written("", line)));
    expect_made_up(record);
    EXPECT_NE(warning(record, "D354"), nullptr);
  }
}

TEST(TextPlainSpectra, EveryOrderAndSignWithHeadings) {
  const TemporaryFolder folder;
  const std::pair<const char*, std::function<std::string(double, Complex)>> files[] = {
      {"Frequency (Hz),Z' (Ohm),Z'' (Ohm)\n", [](double f, Complex z) { return fmt::format("{},{},{}", f, z.real(), z.imag()); }},
      {"Z' (kOhm),-Z'' (kOhm),Frequency (kHz)\n",
       [](double f, Complex z) { return fmt::format("{},{},{}", z.real() / 1e3, -z.imag() / 1e3, f / 1e3); }},
      {"Index;Frequency (Hz);Z' (Ohm);-Z'' (Ohm);Z (Ohm);-Phase (deg);Time (s)\n",
       [](double f, Complex z) { return fmt::format("1;{};{};{};{};{};5", f, z.real(), -z.imag(), std::abs(z), -degrees(z)); }},
      {"freq/Hz\t|Z|/Ohm\tPhase(Z)/deg\n", [](double f, Complex z) { return fmt::format("{}\t{}\t{}", f, std::abs(z), degrees(z)); }},
      {"Freq,Zmod,Phase/rad\n", [](double f, Complex z) { return fmt::format("{},{},{}", f, std::abs(z), std::arg(z)); }},
  };
  for (const auto& [header, line] : files) {
    const Record record = read_measurement(folder.write("a.csv", written(header, line)));
    expect_made_up(record);
    EXPECT_EQ(warning(record, "D356"), nullptr) << header;
    EXPECT_EQ(warning(record, "D354"), nullptr) << header;
  }
}

TEST(TextPlainSpectra, DecimalCommas) {
  const TemporaryFolder folder;
  std::string text = written("f/Hz;Re/Ohm;Im/Ohm\n", [](double f, Complex z) { return fmt::format("{:.9e};{:.9e};{:.9e}", f, z.real(), z.imag()); });
  std::replace(text.begin(), text.end(), '.', ',');
  expect_made_up(read_measurement(folder.write("a.csv", text)), 1e-8);
  text.erase(0, text.find('\n') + 1);
  expect_made_up(read_measurement(folder.write("b.csv", text)), 1e-8);
}

TEST(TextPlainSpectra, HeadingsThatCannotBeTrue) {
  const TemporaryFolder folder;
  const std::pair<const char*, std::function<std::string(double, Complex)>> files[] = {
      {"Freq,Zreal,Zimag\n", [](double f, Complex z) { return fmt::format("{},{},{}", f, z.real(), -z.imag()); }},
      {"Freq,|Z|,phase\n", [](double f, Complex z) { return fmt::format("{},{},{}", f, std::abs(z), -degrees(z)); }},
      {"Freq,|Z|,phase\n", [](double f, Complex z) { return fmt::format("{},{},{}", f, std::abs(z), std::arg(z)); }},
      {"Freq,|Z|,phase\n", [](double f, Complex z) { return fmt::format("{},{},{}", f, std::abs(z), -std::arg(z)); }},
  };
  for (const auto& [header, line] : files) {
    const Record record = read_measurement(folder.write("a.csv", written(header, line)));
    expect_made_up(record);
    EXPECT_NE(warning(record, "D356"), nullptr) << header;
  }
}

// A coil is inductive by its modulus too: the heading is believed, and without one nothing is.
TEST(TextPlainSpectra, AnInductorStaysOne) {
  const TemporaryFolder folder;
  std::string rows;
  for (int i = 0; i < 40; ++i) rows += fmt::format("{},{},{}\n", std::pow(10.0, i / 10.0), 0.1, 1e-3 * std::pow(10.0, i / 10.0));
  const Record record = read_measurement(folder.write("a.csv", "freq/Hz,Re(Z)/Ohm,Im(Z)/Ohm\n" + rows));
  EXPECT_GT(record.spectra.at(0).imaginary.back(), 0.0);
  EXPECT_EQ(warning(record, "D356"), nullptr);
  EXPECT_EQ(fault_of([&] { read_measurement(folder.write("b.csv", rows)); }).code, "D355");
}

TEST(TextPlainSpectra, ARunWithoutHeadingsIsNoSpectrum) {
  const TemporaryFolder folder;
  std::string rows;
  for (int i = 1; i < 40; ++i) rows += fmt::format("{},{},{}\n", i, 3.7 + 0.001 * i, 0.1);
  EXPECT_EQ(fault_of([&] { read_measurement(folder.write("a.csv", rows)); }).code, "D007");
  ImportOptions options;
  options.cell.emplace();
  options.cell->columns = {{"column 1", {"test_time", "s"}}, {"column 2", {"voltage", "V"}}, {"column 3", {"current", "A"}}};
  EXPECT_EQ(read_measurement(folder.write("a.csv", rows), options).rows(), 39u);
}

TEST(TextPlainSpectra, RowsThatAreNoPoints) {
  const TemporaryFolder folder;
  const Record record = read_measurement(
      folder.write("a.csv", "freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm\n1000,1,2\n0,1,2\n-5,1,2\n100,nan,2\n10,3,4\nnan,1,1\n"));
  ASSERT_EQ(record.spectra.size(), 1u); // a row that is no point does not part a sweep
  EXPECT_EQ(record.spectra[0].frequency, (std::vector<double>{1000, 10}));
  EXPECT_EQ(record.spectra[0].imaginary, (std::vector<double>{-2, -4}));
  ASSERT_EQ(record.rejects.size(), 4u);
  EXPECT_EQ(record.rejects[0].place.line, 3u);
  EXPECT_EQ(record.rejects[2].place.line, 5u);
  EXPECT_EQ(record.rejects[2].reason, "no impedance");
  ASSERT_NE(warning(record, "D350"), nullptr);
  EXPECT_NE(warning(record, "D350")->message.find("4 of 6 points refused"), std::string::npos);
}

TEST(TextPlainSpectra, TemperaturesInTitles) {
  const TemporaryFolder folder;
  const std::pair<const char*, double> titles[] = {{"pellet 3 at -25 degC", 248.15}, {"x_-10deg", 263.15}, {"60.5 \xC2\xB0" "C", 333.65}};
  for (const auto& [title, kelvin] : titles) {
    const Record record = read_measurement(folder.write("a.txt", fmt::format("{}\nfreq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm\n100,1,2\n10,2,3\n", title)));
    EXPECT_DOUBLE_EQ(record.spectra.at(0).temperature.value_or(0.0), kelvin) << title;
  }
  for (const char* title : {"90 degrees of what, degenerate", "deg", "-300 degC"}) {
    const Record record = read_measurement(folder.write("b.txt", fmt::format("{}\nfreq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm\n100,1,2\n10,2,3\n", title)));
    EXPECT_FALSE(record.spectra.at(0).temperature.has_value()) << title;
  }
}

} // namespace
} // namespace platen::test

// Impedance in text exports against the strings of the file and against a second program's export of the same sweep.
#include "text_files.hpp"

#include <cmath>
#include <fmt/format.h>

namespace platen::test {
namespace {

/// Reads a shared export and holds every point of its spectra against the columns of `table`, one after another.
void expect_points(const Record& record, const PlainTable& table, const std::string& time) {
  std::size_t row = 0;
  for (const Spectrum& s : record.spectra)
    for (std::size_t i = 0; i < s.size(); ++i, ++row) {
      ASSERT_DOUBLE_EQ(s.frequency[i], table.number("freq/Hz", row)) << row;
      ASSERT_DOUBLE_EQ(s.real[i], table.number("Re(Z)/Ohm", row)) << row;
      ASSERT_DOUBLE_EQ(s.imaginary[i], -table.number("-Im(Z)/Ohm", row)) << row;
      ASSERT_DOUBLE_EQ(s.time[i], table.number(time, row)) << row;
      ASSERT_EQ(s.cycle_count, table.number("cycle number", row)) << row;
    }
  EXPECT_EQ(row, table.rows);
}

TEST(TextImpedance, EveryPointOfAnExport) {
  NEEDS_SHARED_DATA("impedance/exampleDataBioLogic.mpt");
  const auto path = shared("impedance/exampleDataBioLogic.mpt");
  const Record record = read_measurement(path);
  EXPECT_EQ(record.rows(), 0u) << "a sweep is no run of a cell";
  EXPECT_EQ(record.provenance.format, "EC-Lab text");
  ASSERT_EQ(record.spectra.size(), 1u);
  expect_points(record, PlainTable(read_file(path), '\t', 60), "time/s");
  const Spectrum& s = record.spectra.front();
  EXPECT_EQ(s.modulation, Modulation::voltage);
  EXPECT_NEAR(*s.amplitude, 20e-3, 1.5e-3) << "20 mV by the settings";
  EXPECT_EQ(s.label, "Potentio Electrochemical Impedance Spectroscopy");
  EXPECT_DOUBLE_EQ(s.unix_time, 1517738566.0 + s.time.front()) << "02/04/2018 10:02:46, the month first";
  EXPECT_EQ(warning(record, "D015"), nullptr);
}

TEST(TextImpedance, TwoProgramsOneSweep) {
  NEEDS_SHARED_DATA("lpscl_impedance/PEIS_LPSCl_IonBlocking_-25C.txt");
  const auto path = shared("lpscl_impedance/PEIS_LPSCl_IonBlocking_-25C.txt");
  const Record record = read_measurement(path);
  ASSERT_EQ(record.spectra.size(), 1u);
  const Spectrum& s = record.spectra.front();
  expect_points(record, PlainTable(read_file(path), '\t', 64), "time/s");
  // The other program sorts the points by frequency and keeps the imaginary part's own sign.
  const PlainTable other(read_file(shared("lpscl_impedance/PEIS_LPSCl_IonBlocking_-25C_RelaxIS.txt")), '\t', 2);
  const auto number = [&](const char* column, std::size_t row) { return other.number(column, row); };
  ASSERT_EQ(other.rows, s.size() + 1) << "a line of words stands above its numbers";
  for (std::size_t i = 0; i < s.size(); ++i) {
    const std::size_t row = s.size() - i;
    const double scale = 2e-7; // the export here has eight digits of a float
    ASSERT_NEAR(s.frequency[i], number("Data: Frequency", row), scale * s.frequency[i]) << i;
    ASSERT_NEAR(s.real[i], number("Data: Z'", row), scale * std::abs(s.real[i])) << i;
    ASSERT_NEAR(s.imaginary[i], number("Data: Z''", row), scale * std::abs(s.imaginary[i])) << i;
  }
}

TEST(TextImpedance, LoopsBecomeSpectraAndOtherRowsStay) {
  const TemporaryFolder folder;
  const Record record = read_measurement(folder.write(
      "mb.mpt", "EC-Lab ASCII FILE\nNb header lines : 4\nModulo Bat\n"
                "time/s\tEwe/V\tI/mA\tfreq/Hz\t|Z|/Ohm\tPhase(Z)/deg\n"
                "0\t1\t2\t0\t0\t0\n1\t1\t0\t100\t2\t-90\n2\t1\t0\t10\t3\t0\nx\t1\t2\t0\t0\t0\n3\t1.5\t2\t0\t0\t0\n4\t1\t0\t100\t2\t-90\n"));
  ASSERT_EQ(record.spectra.size(), 2u);
  EXPECT_EQ(record.spectra[0].size(), 2u);
  EXPECT_NEAR(record.spectra[0].real[0], 0.0, 1e-15);
  EXPECT_DOUBLE_EQ(record.spectra[0].imaginary[0], -2.0);
  EXPECT_EQ(record.spectra[1].start, 4.0);
  ASSERT_EQ(record.rows(), 2u);
  EXPECT_EQ(record.real("test_time")[1], 3.0);
  EXPECT_EQ(record.real("voltage")[1], 1.5);
  ASSERT_EQ(record.rejects.size(), 1u);
  EXPECT_EQ(record.rejects[0].place.line, 8u);
}

TEST(TextImpedance, MaccorsAnalyser) {
  std::string text = "MACCOR, INC.    AC Impedance Test\nFrequency Sweep:   Open Circut Voltage\nEIS 1.000FRA default\n"
                     "Start Date:  Wednesday, November 2, 2016 Start Time:   15:58\n\n"
                     "Freq(Hz)\tPolar(V)\ttime(sec)\tZ'(a)\tZ''(b)\tPhase_Angle\tZ-Mag\tC(F)\tStatus\tV-DC\n\n";
  for (int i = 0; i < 20; ++i) text += fmt::format("{}\t0.0\t{}\t{}\t{}\t-30.0\t1.0\t0.0\t7.15\t3.9\n", 1e5 / (1 + i), 38.25 + i, 1.5 + i, -0.25 - i);
  const TemporaryFolder folder;
  const Record record = read_measurement(folder.write("a.041", text));
  ASSERT_EQ(record.spectra.size(), 1u);
  const Spectrum& s = record.spectra[0];
  ASSERT_EQ(s.size(), 20u);
  EXPECT_EQ(s.frequency[1], 5e4);
  EXPECT_EQ(s.real[19], 20.5) << "(a) is the real part, no unit of current";
  EXPECT_EQ(s.imaginary[19], -19.25);
  EXPECT_EQ(s.time[19], 57.25);
}

TEST(TextImpedance, DecimalCommasAndNoHeader) {
  const TemporaryFolder folder;
  const Record record = read_measurement(
      folder.write("p.txt", "freq/Hz\tRe(Z)/Ohm\t-Im(Z)/Ohm\ttime/s\tcycle number\n"
                            "1,5E3\t10,5\t1,25\t0,5\t1\n1,5E2\t20,5\t2,25\t1,5\t1\n1,5E3\t11,5\t1,25\t2,5\t2\n"));
  ASSERT_EQ(record.spectra.size(), 2u);
  EXPECT_EQ(record.spectra[0].frequency, (std::vector<double>{1500.0, 150.0}));
  EXPECT_EQ(record.spectra[0].imaginary, (std::vector<double>{-1.25, -2.25}));
  EXPECT_EQ(record.spectra[1].cycle_count, 2);
  EXPECT_EQ(record.spectra[1].start, 2.5);
}

} // namespace
} // namespace platen::test

// Files of impedance programs: every point against the file's own strings, and what the header says.

#include "text_files.hpp"

#include "import/text/number.hpp"
#include "import/text/time.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <fmt/format.h>
#include <numbers>

namespace platen::test {
namespace {

/// The numbers of the lines of a file from `first` to `last` (from 1, inclusive), whatever parts them.
std::vector<std::vector<double>> numbers(const std::filesystem::path& path, std::size_t first, std::size_t last) {
  std::istringstream lines(read_file(path));
  std::vector<std::vector<double>> out;
  std::string line;
  for (std::size_t n = 1; std::getline(lines, line) && n <= last; ++n) {
    if (n < first) continue;
    std::replace_if(line.begin(), line.end(), [](char c) { return c == '\t' || c == ','; }, ' ');
    std::istringstream fields(line);
    out.emplace_back();
    for (std::string field; fields >> field;) out.back().push_back(std::strtod(field.c_str(), nullptr));
  }
  return out;
}

struct Columns {
  std::size_t frequency, real, imaginary, time;
};
constexpr std::size_t none = 1000;

void expect_points(const Spectrum& s, const std::vector<std::vector<double>>& rows, const Columns& at) {
  ASSERT_EQ(s.size(), rows.size());
  ASSERT_EQ(s.real.size(), rows.size());
  ASSERT_EQ(s.imaginary.size(), rows.size());
  ASSERT_EQ(s.time.size(), at.time == none ? 0 : rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    ASSERT_DOUBLE_EQ(s.frequency[i], rows[i][at.frequency]) << i;
    ASSERT_DOUBLE_EQ(s.real[i], rows[i][at.real]) << i;
    ASSERT_DOUBLE_EQ(s.imaginary[i], rows[i][at.imaginary]) << i;
    if (at.time != none) {
      ASSERT_DOUBLE_EQ(s.time[i], rows[i][at.time]) << i;
    }
  }
}

double instant(std::string_view text) { return *text::parse_date(text, text::DateOrder::month_first); }

TEST(ImpedanceFiles, ZPlot) {
  NEEDS_SHARED_DATA("impedance/Circuit1_EIS_1.z");
  const auto path = shared("impedance/Circuit1_EIS_1.z");
  const Record record = read_measurement(path);
  ASSERT_EQ(record.spectra.size(), 1u);
  EXPECT_EQ(record.rows(), 0u);
  const Spectrum& s = record.spectra[0];
  expect_points(s, numbers(path, 124, 171), {0, 4, 5, 3});
  EXPECT_EQ(s.size(), 48u);
  EXPECT_EQ(s.modulation, Modulation::voltage);
  EXPECT_EQ(s.start, 2.59);
  EXPECT_DOUBLE_EQ(s.unix_time, instant("10/12/2018 12:32:21") + 2.59);
  EXPECT_EQ(record.metadata.at("Open Circuit Potential (V)"), "0.0033");
  EXPECT_EQ(record.provenance.format, "ZPlot text");
  EXPECT_EQ(record.provenance.origin, "measured");
  ASSERT_EQ(record.provenance.sources.size(), 1u);
  EXPECT_NE(warning(record, "D015"), nullptr);
  EXPECT_NE(warning(record, "D358"), nullptr); // 1 cm2 is what ZPlot writes when nobody said anything
  EXPECT_FALSE(record.cell.area.has_value());
  EXPECT_EQ(record.warnings.size(), 2u);
}

// A resistor in series with a resistor parallel to a capacitor. Up to 5 kHz the leads' inductance does not show.
TEST(ImpedanceFiles, ZPlotOfAKnownCircuit) {
  NEEDS_SHARED_DATA("impedance/Circuit1_EIS_1.z");
  const Record record = read_measurement(shared("impedance/Circuit1_EIS_1.z"));
  const Spectrum& s = record.spectra.at(0);
  constexpr double series = 29.14, parallel = 46.65, capacitance = 10.43e-6;
  std::size_t compared = 0;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s.frequency[i] > 5000.5) continue;
    const std::complex<double> jw(0.0, 2.0 * std::numbers::pi * s.frequency[i]);
    const auto z = series + parallel / (1.0 + jw * parallel * capacitance);
    EXPECT_LT(std::abs(std::complex(s.real[i], s.imaginary[i]) - z), 0.005 * std::abs(z)) << s.frequency[i];
    ++compared;
  }
  EXPECT_EQ(compared, 38u);
  EXPECT_NEAR(s.real.back(), series + parallel, 0.001 * (series + parallel));
  EXPECT_NEAR(s.real.front(), series, 0.005 * series);
}

TEST(ImpedanceFiles, ZPlotThatWasStopped) {
  NEEDS_SHARED_DATA("impedance/exampleDataZPlot.z");
  const auto path = shared("impedance/exampleDataZPlot.z");
  const Record record = read_measurement(path);
  expect_points(record.spectra.at(0), numbers(path, 124, 144), {0, 4, 5, 3});
  ASSERT_NE(warning(record, "D353"), nullptr);
  EXPECT_NE(warning(record, "D353")->message.find("announces 56 points and holds 21"), std::string::npos);
  const auto whole = shared("impedance/Circuit2_EIS_1.z");
  const Record second = read_measurement(whole);
  expect_points(second.spectra.at(0), numbers(whole, 124, 179), {0, 4, 5, 3});
  EXPECT_EQ(warning(second, "D353"), nullptr);
}

TEST(ImpedanceFiles, ZPlotHeaderAreaAndFaults) {
  const TemporaryFolder folder;
  const std::string text = "ZPLOT2 ASCII\r\n  Experiment Type: Sweep Frequency, Control Current\r\n  Date: 25-12-2018\r\n"
                           "  Time: 01:02:03\r\n  Surface Area: 0.785\r\n  Data Points: 3\r\n"
                           "  Freq(Hz)\tAmpl\tBias\tTime(Sec)\tZ'(a)\tZ''(b)\tGD\tErr\tRange\r\nEnd Comments\r\n"
                           "1,0E+04\t1E-3\t0\t1,5\t1,0E+01\t-2,0E+00\t0\t0\t4\r\n"
                           "1,0E+03\t1E-3\t0\t2,5\t2,0E+01\t-3,0E+00\t0\t82\t4\r\n"
                           "0\t1E-3\t0\t2,5\t2,0E+01\t-3,0E+00\t0\t0\t4\r\n";
  const Record record = read_measurement(folder.write("a.txt", text));
  const Spectrum& s = record.spectra.at(0);
  ASSERT_EQ(s.size(), 2u);
  EXPECT_EQ(s.real[1], 20.0);
  EXPECT_EQ(s.imaginary[0], -2.0);
  EXPECT_EQ(s.start, 1.5);
  EXPECT_EQ(s.unix_time, instant("12/25/2018 01:02:03") + 1.5);
  EXPECT_EQ(s.modulation, Modulation::current);
  EXPECT_DOUBLE_EQ(record.cell.area.value(), 0.785e-4);
  ASSERT_NE(warning(record, "D357"), nullptr);
  EXPECT_EQ(warning(record, "D357")->place->line, 10u);
  ASSERT_EQ(record.rejects.size(), 1u);
  EXPECT_EQ(record.rejects[0].place.line, 11u);
  ASSERT_NE(warning(record, "D350"), nullptr);
  EXPECT_NE(warning(record, "D350")->message.find("1 of 3 points refused"), std::string::npos);
  EXPECT_EQ(warning(record, "D015"), nullptr); // there is no 25th month
  EXPECT_EQ(fault_of([&] { read_measurement(folder.write("b.z", "ZPLOT2 BINARY\n\x01")); }).code, "D360");
  EXPECT_EQ(fault_of([&] { read_measurement(folder.write("c.z", "ZPLOT2 ASCII\nno table\n")); }).code, "D351");
}

TEST(ImpedanceFiles, AutolabsTextForZView) {
  NEEDS_SHARED_DATA("impedance/exampleDataAutolab.txt");
  const auto path = shared("impedance/exampleDataAutolab.txt");
  EXPECT_EQ(recognise(path), "Z60W text");
  const Record record = read_measurement(path);
  ASSERT_EQ(record.spectra.size(), 1u);
  expect_points(record.spectra[0], numbers(path, 12, 52), {0, 4, 5, none}); // its times are all 0
  EXPECT_TRUE(std::isnan(record.spectra[0].start));
  EXPECT_TRUE(record.warnings.empty());
}

TEST(ImpedanceFiles, ZPlotForWindowsOfOld) {
  const TemporaryFolder folder;
  const auto path = folder.write("a.z", "\"ZPlotW Data File: Version 3.2c\"\r\n\"Raw Data\"\r\n\"Sweep Frequency: Control Voltage\"\r\n"
                                        "Date: 12-17-2019    Time: 16:24:35\r\n800 C\r\n0,3,0,1,300000,0.005\r\n3\r\n"
                                        "\"  Freq(Hz)    Ampl     Bias   Time(Sec)   Z'(a)    Z''(b)    GD   Err   Range\"\r\n"
                                        "3.0E+05, 1.0E-02, 0.0E+00, 2.58E+00, 6.5E+02, -8.5E+01, 0.0E+00, 0, 5\r\n"
                                        "2.0E+05, 1.0E-02, 0.0E+00, 3.28E+00, 6.75E+02, -1.25E+02, 0.0E+00, 0, 5\r\n");
  EXPECT_EQ(recognise(path), "Z60W text");
  const Record record = read_measurement(path);
  const Spectrum& s = record.spectra.at(0);
  EXPECT_EQ(s.frequency, (std::vector<double>{3e5, 2e5}));
  EXPECT_EQ(s.real, (std::vector<double>{650, 675}));
  EXPECT_EQ(s.imaginary, (std::vector<double>{-85, -125}));
  EXPECT_EQ(s.time, (std::vector<double>{2.58, 3.28}));
  ASSERT_NE(warning(record, "D353"), nullptr) << "three points are announced";
}

TEST(ImpedanceFiles, GamryWithoutRunOrSpectrumIsNamed) {
  const TemporaryFolder folder;
  const Diagnostic wave = fault_of([&] {
    read_measurement(folder.write("a.dta", "EXPLAIN\nTAG\tSQUARE_WAVE\nCURVE\tTABLE\t1\n\tPt\tT\tVfwd\tIfwd\n\t#\ts\tV\tA\n\t0\t0.01\t0.1\t1e-7\n"));
  });
  EXPECT_EQ(wave.code, "D351");
  EXPECT_NE(wave.message.find("SQUARE_WAVE"), std::string::npos) << wave.message;
  EXPECT_NE(wave.hints.at(0).find("CURVE (Pt, T, Vfwd, Ifwd)"), std::string::npos) << wave.hints[0];
  const Diagnostic aborted = fault_of([&] { read_measurement(folder.write("b.dta", "EXPLAIN\nTAG\tCV\nSCANRATE\tQUANT\t1.2\tScan\n")); });
  EXPECT_EQ(aborted.code, "D351");
  EXPECT_NE(aborted.hints.at(0).find("stopped before its first point"), std::string::npos) << aborted.hints[0];
}

TEST(ImpedanceFiles, Gamry) {
  NEEDS_SHARED_DATA("impedance/exampleDataGamry.DTA");
  const auto path = shared("impedance/exampleDataGamry.DTA");
  EXPECT_EQ(recognise(path), "Gamry DTA, EISPOT");
  const Record record = read_measurement(path);
  ASSERT_EQ(record.spectra.size(), 1u);
  const Spectrum& s = record.spectra[0];
  const auto rows = numbers(path, 449, 520);
  expect_points(s, rows, {2, 3, 4, 1});
  double voltage = 0.0, current = 0.0;
  for (const auto& row : rows) voltage += row[9] / 72.0, current += row[8] / 72.0;
  EXPECT_NEAR(s.dc_voltage.value(), voltage, 1e-12);
  EXPECT_NEAR(s.dc_current.value(), current, 1e-18);
  EXPECT_EQ(s.modulation, Modulation::voltage);
  EXPECT_DOUBLE_EQ(s.amplitude.value(), 10e-3 * std::sqrt(2.0)); // the file says mV rms
  EXPECT_DOUBLE_EQ(s.unix_time, instant("4/23/2018 16:43:15") + 1.0);
  EXPECT_EQ(record.metadata.at("NOTES"), "-50mV +5.66X10^-4 D8");
  EXPECT_EQ(record.metadata.at("PSTAT"), "REF3000-34128");
  ASSERT_NE(warning(record, "D352"), nullptr);
  EXPECT_NE(warning(record, "D352")->message.find("OCVCURVE (387 rows)"), std::string::npos);
  EXPECT_EQ(warning(record, "D353"), nullptr);
}

TEST(ImpedanceFiles, GamryThatWasAborted) {
  NEEDS_SHARED_DATA("impedance/exampleDataGamryABORT.DTA");
  const auto path = shared("impedance/exampleDataGamryABORT.DTA");
  const Record record = read_measurement(path);
  expect_points(record.spectra.at(0), numbers(path, 100, 171), {2, 3, 4, 1});
  ASSERT_NE(warning(record, "D353"), nullptr);
  EXPECT_NE(warning(record, "D353")->message.find("aborted"), std::string::npos);
  EXPECT_NE(warning(record, "D352")->message.find("FRACURVE (128 rows)"), std::string::npos);
}

constexpr const char* gamry_run =
    "EXPLAIN\r\nTAG\tCHRONOA\r\nTITLE\tLABEL\tDC polarisation\tTest &Identifier\r\nDATE\tLABEL\t12/31/2024\tDate\r\n"
    "TIME\tLABEL\t23:59:50\tTime\r\nAREA\tQUANT\t0.5\t&Area (cm^2)\r\nOCVCURVE\tTABLE\t1\r\n\tPt\tT\tVf\r\n\t#\ts\tV\r\n"
    "\t0\t0.5\t0.01\r\nCURVE\tTABLE\t3\r\n\tPt\tT\tVf\tIm\tVu\tIERange\tOver\tTemp\r\n"
    "\t#\ts\tV vs. Ref.\tA\tV\t#\tbits\tdeg C\r\n"
    "\t0\t1\t0.05\t-1E-005\t0\t7\t.....\t-327.67\r\n\t1\t2\t0.05\t-9E-006\t0\t7\t.....\t-327.67\r\n"
    "\t2\t3\tx\t-8E-006\t0\t7\t.....\t-327.67\r\n\t3\t4\t0.05\t-7E-006\t0\t7\t.....\t-327.67\r\n";

TEST(ImpedanceFiles, GamryRunBecomesRows) {
  const TemporaryFolder folder;
  const Record record = read_measurement(folder.write("dc.DTA", gamry_run));
  ASSERT_EQ(record.rows(), 3u);
  EXPECT_TRUE(record.spectra.empty());
  EXPECT_EQ(record.real("test_time")[2], 4.0);
  EXPECT_EQ(record.real("unix_time")[0], instant("12/31/2024 23:59:51"));
  EXPECT_EQ(record.real("voltage")[1], 0.05);
  EXPECT_EQ(record.real("current")[1], -9e-6);
  EXPECT_FALSE(record.has("temperature")); // no probe: -327.67
  EXPECT_DOUBLE_EQ(record.cell.area.value(), 0.5e-4);
  ASSERT_EQ(record.rejects.size(), 1u);
  EXPECT_EQ(record.rejects[0].place.line, 16u);
  EXPECT_NE(warning(record, "D352"), nullptr);
  EXPECT_EQ(record.provenance.format, "Gamry DTA, CHRONOA");
}

TEST(ImpedanceFiles, SeveralGamryCurvesAreOneRun) {
  const TemporaryFolder folder;
  std::string text = gamry_run;
  text += "CURVE2\tTABLE\t1\r\n\tPt\tT\tVf\tIm\tVu\tIERange\tOver\tTemp\r\n\t#\ts\tV vs. Ref.\tA\tV\t#\tbits\tdeg C\r\n"
          "\t0\t5\t0.05\t1E-005\t0\t7\t.....\t25\r\n";
  const Record record = read_measurement(folder.write("dc.DTA", text));
  ASSERT_EQ(record.rows(), 4u);
  EXPECT_EQ(record.integer("step_count")[2], 1);
  EXPECT_EQ(record.integer("step_count")[3], 2);
  EXPECT_EQ(record.real("current")[3], 1e-5);
  EXPECT_DOUBLE_EQ(record.real("temperature")[3], 298.15);
}

TEST(ImpedanceFiles, VersaStudio) {
  NEEDS_SHARED_DATA("impedance/exampleDataVersaStudio.par");
  const auto path = shared("impedance/exampleDataVersaStudio.par");
  const Record record = read_measurement(path);
  ASSERT_EQ(record.spectra.size(), 1u);
  EXPECT_EQ(record.rows(), 0u);
  const Spectrum& s = record.spectra[0];
  expect_points(s, numbers(path, 117, 177), {9, 14, 15, 4});
  EXPECT_EQ(s.size(), 61u);
  EXPECT_EQ(s.modulation, Modulation::voltage);
  EXPECT_DOUBLE_EQ(s.amplitude.value(), 20e-3 * std::sqrt(2.0));
  EXPECT_EQ(s.label, "Potentiostatic EIS");
  EXPECT_EQ(s.dc_voltage, 0.0);
  EXPECT_DOUBLE_EQ(s.unix_time, instant("7/19/2018 9:40:30") + 1.812);
  EXPECT_EQ(record.metadata.at("Type"), "VersaSTAT4");
  EXPECT_EQ(record.metadata.at("Action1: End Frequency (Hz)"), "0.001");
  EXPECT_NE(warning(record, "D358"), nullptr);
}

TEST(ImpedanceFiles, VersaStudioRunsAndSpectraInOneFile) {
  const TemporaryFolder folder;
  const std::string text =
      "<Application>\nName=VersaStudio\n</Application>\n<Experiment>\nTimeAcquired=1:00:00 PM\nDateAcquired=Friday, August 02, 2024\n"
      "</Experiment>\n<Segment1>\nType=2\nDefinition=Segment #, Point #, E(V), I(A), Elapsed Time(s), Status, Frequency(Hz), "
      "Z Real, Z Imag, Z2 Imag, ActionId, 0\n"
      "0,0,0.1,1E-3,0,0,0,0,0,0,3\n0,1,0.2,1E-3,10,0,0,0,0,0,3\n"
      "1,0,0.2,0,11,0,1000,50,-5,0,21\n1,1,0.2,0,12,0,0,50,-5,0,21\n1,2,0.2,0,13,0,100,60,-8,0,21\n"
      "2,0,0.3,-1E-3,20,0,0,0,0,0,3\n</Segment1>\n<Graph1>\n5,5,5\n</Graph1>\n";
  const Record record = read_measurement(folder.write("a.par", text));
  ASSERT_EQ(record.rows(), 3u);
  EXPECT_EQ(record.real("voltage")[2], 0.3);
  EXPECT_EQ(record.real("current")[2], -1e-3);
  EXPECT_EQ(record.integer("step_index")[2], 2);
  EXPECT_EQ(record.real("unix_time")[1], instant("8/2/2024 13:00:10"));
  ASSERT_EQ(record.spectra.size(), 1u);
  EXPECT_EQ(record.spectra[0].frequency, (std::vector<double>{1000, 100}));
  EXPECT_EQ(record.spectra[0].start, 11.0);
  ASSERT_EQ(record.rejects.size(), 1u);
  EXPECT_EQ(record.rejects[0].place.line, 14u);
}

TEST(ImpedanceFiles, RelaxIs) {
  NEEDS_SHARED_DATA("lpscl_impedance/PEIS_LPSCl_IonBlocking_-25C_RelaxIS.txt");
  const auto path = shared("lpscl_impedance/PEIS_LPSCl_IonBlocking_-25C_RelaxIS.txt");
  const Record record = read_measurement(path);
  ASSERT_EQ(record.spectra.size(), 1u);
  const Spectrum& s = record.spectra[0];
  expect_points(s, numbers(path, 5, 83), {0, 1, 2, none});
  EXPECT_EQ(s.size(), 79u);
  EXPECT_EQ(s.dc_voltage, -0.080042);
  EXPECT_NE(s.label.find("PEIS_TSeq7_-25C_#61_C01.mpr"), std::string::npos);
  EXPECT_TRUE(record.warnings.empty());
}

// The same measurement as EC-Lab wrote it, from high to low frequency and with seven digits.
TEST(ImpedanceFiles, RelaxIsEqualsTheFileItWasMadeFrom) {
  NEEDS_SHARED_DATA("lpscl_impedance/PEIS_LPSCl_IonBlocking_-25C.txt");
  const Record record = read_measurement(shared("lpscl_impedance/PEIS_LPSCl_IonBlocking_-25C_RelaxIS.txt"));
  const Spectrum& s = record.spectra.at(0);
  const auto rows = numbers(shared("lpscl_impedance/PEIS_LPSCl_IonBlocking_-25C.txt"), 66, 1000);
  ASSERT_EQ(s.size(), rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& row = rows[rows.size() - 1 - i];
    EXPECT_NEAR(s.frequency[i], row[0], 1e-7 * row[0]) << i;
    EXPECT_NEAR(s.real[i], row[1], 1e-7 * row[1]) << i;
    EXPECT_NEAR(s.imaginary[i], -row[2], 1e-7 * row[2]) << i;
  }
}

TEST(ImpedanceFiles, RelaxIsSideBySideAndBelow) {
  const TemporaryFolder folder;
  const std::string text = "RelaxIS 3.0 Spectrum export\nDate: 1/1/2025\n"
                           "Data: Frequency\tData: Z'\tData: Z''\tModel: Z'\tData: Frequency\tData: |Z|\tData: Theta (Z)\n"
                           "DC=1.5, TM=3\tModel: R\tfirst\t\tDC=2.5\tsecond\t\n"
                           "10\t1\t-2\t9\t100\t2\t-90\n20\t3\t-4\t9\t\t\t\n"
                           "Data: Frequency\tData: Z'\tData: Z''\nDC=3\tthird\t\n5\t6\t-7\n";
  const Record record = read_measurement(folder.write("a.txt", text));
  ASSERT_EQ(record.spectra.size(), 3u);
  EXPECT_EQ(record.spectra[0].real, (std::vector<double>{1, 3}));
  EXPECT_EQ(record.spectra[0].dc_voltage, 1.5);
  EXPECT_EQ(record.spectra[0].label, "first");
  ASSERT_EQ(record.spectra[1].size(), 1u);
  EXPECT_DOUBLE_EQ(record.spectra[1].imaginary[0], -2.0);
  EXPECT_EQ(record.spectra[1].dc_voltage, 2.5);
  EXPECT_EQ(record.spectra[2].imaginary, (std::vector<double>{-7}));
  EXPECT_EQ(record.spectra[2].label, "third");
  EXPECT_TRUE(record.rejects.empty());
}

TEST(ImpedanceFiles, WithoutAPointTheyAreRefused) {
  const TemporaryFolder folder;
  for (const char* text : {"EXPLAIN\nTAG\tEISPOT\n", "<Application>\nName=VersaStudio\n</Application>\n",
                           "\"Z60W Data File: Version 1.1\"\n", "RelaxIS 3.0 Spectrum export\n",
                           "EXPLAIN\nZCURVE\tTABLE\n\tFreq\tZreal\tZimag\n\tHz\tohm\tohm\n\t-1\t2\t3\n\t1\tnan\t3\n"})
    EXPECT_EQ(fault_of([&] { read_measurement(folder.write("f", text)); }).code, "D351") << text;
}

} // namespace
} // namespace platen::test

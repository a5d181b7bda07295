#include "base/file.hpp"
#include "record/bdf_names.hpp"
#include "record/io.hpp"

#include <cmath>
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>
#include <locale>
#include <unistd.h>

using namespace platen;
using testing::HasSubstr;

namespace {

/// All diagnostics of the error that reading `text` throws.
std::vector<Diagnostic> faults(const std::string& text) {
  try {
    parse_bdf_csv(text, "x.csv");
  } catch (const Error& e) {
    return e.diagnostics();
  }
  ADD_FAILURE() << "no error for:\n" << text;
  return {};
}

std::vector<std::string> codes(const std::vector<Diagnostic>& diagnostics) {
  std::vector<std::string> out;
  for (const Diagnostic& d : diagnostics) out.push_back(d.code);
  return out;
}

std::vector<double> reals(const Record& r, std::string_view name) {
  const auto v = r.real(name);
  return {v.begin(), v.end()};
}

} // namespace

TEST(RecordCsv, WritesTheHeaderOnLineOneAndShortNumbers) {
  Record r;
  r.set(col::current, std::vector<double>{1e-4, -1e-4});
  r.set(col::test_time, std::vector<double>{0.0, 10.0});
  r.set(col::stack_pressure, std::vector<double>{5e6, std::nan("")});
  r.set(col::temperature, std::vector<double>{298.15, from_unit(26.05375, "degC")});
  r.set(col::step_type, std::vector<std::int32_t>{static_cast<int>(StepType::cc_charge), static_cast<int>(StepType::rest)});
  r.set(col::step_count, std::vector<std::int32_t>{1, 2});
  r.set(col::net_capacity, std::vector<double>{3.6, 0.0});
  r.set(Column{"theta_left", "1", "", std::vector<double>{1.0, 0.25}});
  EXPECT_EQ(to_csv(r), "Test Time / s,Current / A,Step Count / 1,Ambient Temperature / degC,Applied Pressure / Pa,Step Type,"
                       "Net Capacity / Ah,theta_left / 1\n"
                       "0,1e-04,1,25,5e+06,CC Chg,0.001,1\n"
                       "10,-1e-04,2,26.05375,,Rest,0,0.25\n");
}

TEST(RecordCsv, ReadsBackWhatItWrote) {
  Record r;
  const std::vector<double> odd{0.1, -0.0, 1.0 / 3.0, std::nan(""), 5e-324, 1.7976931348623157e308};
  r.set(col::test_time, std::vector<double>{0, 1, 2, 3, 4, 5});
  r.set(col::voltage, odd);
  r.set(col::current, odd);
  r.set(col::step_type, std::vector<std::int32_t>{0, 1, 2, 3, 16, 17});
  r.set(col::cycle_count, std::vector<std::int32_t>{0, 1, 2, 3, 4, 2147483647});
  r.set(Column{"plain, \"quoted\" name", "mol/m3", "", odd});
  const Record back = parse_bdf_csv(to_csv(r, {"first line", "two\nlines"}), "x.csv");
  EXPECT_EQ(back.metadata.at("comment"), "first line\ntwo\nlines");
  ASSERT_EQ(back.columns().size(), r.columns().size());
  for (const Column& c : r.columns()) {
    const Column* b = back.find(c.name);
    ASSERT_NE(b, nullptr) << c.name;
    EXPECT_EQ(b->unit, c.unit);
    ASSERT_EQ(b->values.index(), c.values.index());
    if (c.values.index() == 1) {
      EXPECT_EQ(b->values, c.values) << c.name;
      continue;
    }
    for (std::size_t k = 0; k < odd.size(); ++k) {
      const double want = std::get<0>(c.values)[k], got = std::get<0>(b->values)[k];
      EXPECT_TRUE(std::isnan(want) ? std::isnan(got) : want == got && std::signbit(want) == std::signbit(got)) << c.name << k;
    }
  }
  EXPECT_TRUE(back.warnings.empty());
}

TEST(RecordCsv, ConvertedUnitsComeBack) {
  // Kelvin has coarser steps than degC near room temperature, so a number of degrees for every K exists; with Ah one
  // rounding of the product remains.
  std::vector<double> kelvin, coulomb;
  for (int k = 0; k < 2000; ++k) kelvin.push_back(273.15 + 0.0517 * k), coulomb.push_back(0.0123 * k * std::sqrt(k));
  Record r;
  r.set(col::test_time, kelvin);
  r.set(col::temperature, kelvin);
  r.set(col::net_capacity, coulomb);
  const Record back = parse_bdf_csv(to_csv(r), "x.csv");
  EXPECT_EQ(reals(back, col::temperature), kelvin);
  for (std::size_t k = 0; k < coulomb.size(); ++k)
    EXPECT_NEAR(back.real(col::net_capacity)[k], coulomb[k], 2.3e-16 * coulomb[k]) << k;
}

TEST(RecordCsv, ReadsLabelsMachineNamesAndOtherUnits) {
  const Record r = parse_bdf_csv("\xEF\xBB\xBF# made by hand\r\n#origin: simulated\r\n"
                                 "test_time_millisecond,voltage_volt,\"Current / mA\",Ambient Temperature / degC,Stack Pressure / MPa,"
                                 "cycle_dimensionless,Step ID,temperature_t1_celsius,power_watt,Charging Capacity / mAh\r\n"
                                 "1500,\"+3.7\", 2 ,25,5,1.0,7,26.5,0.1,1\r\n\r\n",
                                 "x.csv");
  EXPECT_EQ(reals(r, col::test_time), std::vector{1.5});
  EXPECT_EQ(reals(r, col::voltage), std::vector{3.7});
  EXPECT_EQ(reals(r, col::current), std::vector{0.002});
  EXPECT_EQ(reals(r, col::temperature), std::vector{298.15});
  EXPECT_EQ(reals(r, col::stack_pressure), std::vector{5e6});
  EXPECT_EQ(r.integer(col::cycle_count)[0], 1);
  EXPECT_EQ(r.integer(col::step_index)[0], 7);
  EXPECT_EQ(reals(r, "temperature_t1"), std::vector{299.65});
  EXPECT_EQ(r.find("temperature_t1")->unit, "K");
  EXPECT_EQ(r.find("power")->unit, "W");
  EXPECT_NEAR(r.real(col::charging_capacity)[0], 3.6, 1e-15);
  EXPECT_EQ(r.metadata.at("comment"), "made by hand\norigin: simulated");
  EXPECT_EQ(r.provenance.origin, "simulated");
  EXPECT_TRUE(r.warnings.empty());
}

TEST(RecordCsv, ReportsEveryFaultWithItsPlace) {
  const auto found = faults("Test Time / s,Voltage / V,Current / A\n0,3.7,0.1\n1,3;7,0.1\n2,3.7\n3,0x10,1e999\n");
  ASSERT_EQ(codes(found), (std::vector<std::string>{"D074", "D073", "D074", "D074"}));
  EXPECT_EQ(found[0].place->line, 3u);
  EXPECT_EQ(found[0].place->column, 3u);
  EXPECT_EQ(found[0].place->length, 3u);
  EXPECT_EQ(found[0].place->text, "1,3;7,0.1");
  EXPECT_EQ(found[1].place->line, 4u);
  EXPECT_EQ(found[3].place->line, 5u);
  EXPECT_EQ(found[3].place->column, 8u);
}

TEST(RecordCsv, ShowsTwentyFaultsAndCountsTheRest) {
  std::string text = "Test Time / s,Voltage / V\n";
  for (int k = 0; k < 50; ++k) text += "0,x\n";
  const auto found = faults(text);
  ASSERT_EQ(found.size(), 21u);
  EXPECT_EQ(found.back().code, "D079");
  EXPECT_THAT(found.back().message, HasSubstr("30 more"));
}

TEST(RecordCsv, RefusesHeadersThatSayTooLittle) {
  EXPECT_EQ(codes(faults("")), std::vector<std::string>{"D070"});
  EXPECT_EQ(codes(faults("# only a comment")), std::vector<std::string>{"D070"});
  EXPECT_EQ(codes(faults("a,b\n1,2\n")), std::vector<std::string>{"D070"});
  EXPECT_EQ(codes(faults("Voltage / V,Current / A\n1,2\n")), std::vector<std::string>{"D070"}); // no time
  EXPECT_EQ(codes(faults("Test Time / s,Voltage,Current / V\n")), (std::vector<std::string>{"D071", "D071"}));
  EXPECT_EQ(codes(faults("Test Time / s,Voltage / V,voltage_volt\n")), std::vector<std::string>{"D072"});
  EXPECT_EQ(codes(faults("Test Time / s,\"Voltage / V\n")), std::vector<std::string>{"D074"});
  EXPECT_EQ(codes(faults(std::string(5000, ','))), std::vector<std::string>{"D070"});
}

TEST(RecordCsv, KeepsWhatIsUsableAndSaysSo) {
  const Record r = parse_bdf_csv("Unix Time / s,Voltage / V,Current / A,cycle_count,operator,odd / furlong,Step Type,Step Capacity / Ah\n"
                                 "100,1,2,1,Ann,5,CC_Chg,1\n105,1,2,,Ann,5,dance,1\n104,1,2,3,Ann,5,Rest,1\n106,1,2",
                                 "x.csv");
  EXPECT_EQ(r.rows(), 3u);
  EXPECT_EQ(reals(r, col::test_time), (std::vector<double>{0, 5, 4}));
  EXPECT_FALSE(r.has(col::cycle_count));
  EXPECT_FALSE(r.has("operator"));
  EXPECT_EQ(r.find("odd")->unit, "furlong");
  EXPECT_EQ(r.integer(col::step_type)[0], static_cast<int>(StepType::cc_charge));
  EXPECT_EQ(r.integer(col::step_type)[1], static_cast<int>(StepType::unknown));
  std::vector<std::string> seen = codes(r.warnings);
  std::sort(seen.begin(), seen.end());
  EXPECT_EQ(seen, (std::vector<std::string>{"D075", "D075", "D075", "D076", "D077", "D077", "D077", "D078"}));
  for (const Diagnostic& w : r.warnings) {
    EXPECT_EQ(w.severity, Severity::warning);
    if (w.code == "D076") {
      EXPECT_EQ(w.place->line, 4u);
    }
  }
}

TEST(RecordCsv, RecognisesItsOwnKind) {
  EXPECT_TRUE(is_bdf_csv("Test Time / s,Voltage / V\n"));
  EXPECT_TRUE(is_bdf_csv("# comment\ntest_time_second,voltage_volt\r\n"));
  EXPECT_FALSE(is_bdf_csv("time/s,Ewe/V\n"));
  EXPECT_FALSE(is_bdf_csv("Cycle,Step\n"));
  EXPECT_FALSE(is_bdf_csv("# comment only"));
  EXPECT_FALSE(is_bdf_csv(""));
}

TEST(RecordCsv, LocaleDoesNotMatter) {
  std::locale before;
  class Comma : public std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
  };
  std::locale::global(std::locale(before, new Comma));
  Record r;
  r.set(col::test_time, std::vector<double>{1.5});
  const std::string text = to_csv(r);
  const Record back = parse_bdf_csv(text, "x.csv");
  std::locale::global(before);
  EXPECT_EQ(text, "Test Time / s\n1.5\n");
  EXPECT_EQ(back.real(col::test_time)[0], 1.5);
}

TEST(RecordCsv, FileCarriesItsChecksum) {
  const auto folder = std::filesystem::temp_directory_path() / ("platen-record-csv-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  Record r;
  r.set(col::test_time, std::vector<double>{0, 1});
  write_csv(r, folder / "a.csv", {"origin: simulated through instrument"});
  const Record back = read_bdf_csv(folder / "a.csv");
  EXPECT_EQ(back.provenance.origin, "simulated through instrument");
  ASSERT_EQ(back.provenance.sources.size(), 1u);
  EXPECT_EQ(back.provenance.sources[0].sha256, sha256(read_file(folder / "a.csv")));
  std::filesystem::remove_all(folder);
}

// Every value of every row of the shared .nda files, as they lie there in their zips, against the vendor's exports;
// neware_vendor.hpp says how. What differs:
//   Total Time   the export shows seven digits, so that from 1e6 s on fractions are rounded away.
//   Voltage, Current   agreement to half of 0.1 mV and of 0.1 uA plus half the spacing of single precision.
//   T1           likewise, half of 0.0001 degC.
#include "import/neware/nda.hpp"

#include "base/file.hpp"
#include "import/import.hpp"
#include "neware_vendor.hpp"

namespace platen {
namespace {

using namespace neware_vendor;

struct Case {
  std::string name;
  std::string format;
  std::size_t rows;
  double capacity_step, energy_step; ///< last decimal of the export, mAs and mWs
  int zone;                          ///< hours the export's Date is ahead of unix_time
  std::vector<std::string> warnings;
};

const Case cases[] = {
    {"nda_v8", "Neware nda 8", 21, 0.1, 1e-3, 1, {}},
    {"nda_v22", "Neware nda 22", 1380, 1.0, 0.01, 1, {}},
    {"nda_v23", "Neware nda 23", 2706, 1.0, 0.1, 1, {}},
    {"nda_v26", "Neware nda 26", 222330, 1.0, 0.1, 0, {"D045"}},
    {"new_nda_file", "Neware nda 29", 439, 0.1, 1e-4, 0, {"D045"}},
    {"TestFile", "Neware nda 130 (BTS 9.1)", 6670, 1.0, 1.0, 2, {"D311"}},
};

class NdaVendor : public testing::TestWithParam<Case>, protected Comparison {
protected:
  void SetUp() override {
    const std::filesystem::path path = shared(GetParam().name + ".nda.zip");
    if (!std::filesystem::exists(path)) GTEST_SKIP() << "SHARED DATA ABSENT: " << path;
    record = read_measurement(path);
    reference = read_reference(GetParam().name);
  }
};

TEST_P(NdaVendor, IsRecognisedInItsZip) {
  EXPECT_EQ(recognise(shared(GetParam().name + ".nda.zip")), GetParam().format + ", zipped");
  EXPECT_EQ(record.provenance.format, GetParam().format);
  EXPECT_EQ(record.provenance.origin, "measured");
}

TEST_P(NdaVendor, HoldsEveryRow) {
  EXPECT_EQ(record.rows(), GetParam().rows);
  EXPECT_EQ(record.rows(), reference.at("Date").size());
  EXPECT_TRUE(record.rejects.empty());
  std::vector<std::string> codes;
  for (const Diagnostic& d : record.warnings) codes.push_back(d.code);
  EXPECT_EQ(codes, GetParam().warnings);
}

TEST_P(NdaVendor, NumbersStepsAndCyclesAlike) {
  compare_whole(col::step_count, "Step Count");
  compare_whole(col::step_index, "Step Index");
  compare_whole(col::cycle_count, "Cycle Index");
  compare_step_types();
}

TEST_P(NdaVendor, TellsTheSameTime) {
  compare_milliseconds(col::step_time, "Time");
  const std::span<const double> time = record.real(col::test_time), clock = record.real(col::unix_time);
  Tally total{"test_time"}, date_tally{"unix_time"};
  for (std::size_t row = 0; row < time.size(); ++row) {
    ASSERT_GE(time[row], time[row > 0 ? row - 1 : 0]) << "row " << row;
    const double vendor = number(reference.at("Total Time")[row]);
    total.check(std::abs(time[row] - vendor) <= (vendor >= 1e6 ? 0.5 + 1e-6 : 5e-4), row, time[row], vendor);
    const long long shown = date(reference.at("Date")[row]) - GetParam().zone * 3600000LL;
    date_tally.check(std::llround(1e3 * clock[row]) == shown, row, clock[row], reference.at("Date")[row]);
  }
}

TEST_P(NdaVendor, MeasuresTheSame) {
  compare_shown(col::voltage, "Voltage", 1e3, 0.0, 0.1);
  compare_shown(col::current, "Current", 1e6, 0.0, 0.1);
  compare_passed(col::step_capacity, "Capacity", GetParam().capacity_step);
  compare_passed(col::step_energy, "Energy", GetParam().energy_step);
}

TEST_P(NdaVendor, KeepsAuxiliaryTemperature) {
  ASSERT_EQ(record.has("aux_temperature_1"), reference.contains("T1"));
  if (record.has("aux_temperature_1")) compare_shown("aux_temperature_1", "T1", 1.0, 273.15, 1e-4);
  for (const Column& c : record.columns())
    EXPECT_TRUE(find_column(c.name) != nullptr || c.name == "aux_temperature_1") << c.name;
}

INSTANTIATE_TEST_SUITE_P(SharedFiles, NdaVendor, testing::ValuesIn(cases),
                         [](const auto& test) { return test.param.name; });

Record shared_record(const std::string& name) {
  const std::filesystem::path path = shared(name + ".nda.zip");
  return std::filesystem::exists(path) ? read_nda(read_file(path), path.string()) : Record();
}

TEST(NdaMetadata, SaysWhatTheTestWas) {
  struct Expected {
    std::string name;
    std::map<std::string, std::string> metadata;
  };
  // Start times as the header has them; the zone follows from the clock of the rows.
  const Expected files[] = {
      {"nda_v8", {{"device", "1"}, {"unit", "1"}, {"channel", "3"}, {"start_time", "2015.09.16 12:08:41"},
                  {"time_zone", "UTC+08:00"}, {"tester_version", "BTS_XWJ_6.82_20081229"}}},
      {"nda_v22", {{"device", "48"}, {"start_time", "2015-10-14 11:28:31"}, {"time_zone", "UTC+08:00"},
                   {"batch", "2015-10-14 11-28-31"}, {"active_mass", "1 mg"}}},
      {"nda_v23", {{"device", "211"}, {"start_time", "2017-05-10 10:20:38"}, {"time_zone", "UTC+05:30"}}},
      {"nda_v26", {{"device", "45"}, {"start_time", "2016-09-18 10:38:51"}, {"creator", "LIN"}, {"remark", "2-1"},
                   {"active_mass", "20000 mg"}, {"server_version", "BTSServer(R3)-7.5.5.132 (2014.11.03)"},
                   {"client_version", "BTS 7.5.5.655(2015.09.24)"}}},
      {"new_nda_file", {{"unit", "5"}, {"start_time", "2020-03-25 11:16:21"},
                        {"client_version", "BTS 7.6.0.1408(2018.08.27)"}}},
      {"TestFile", {{"unit", "8"}, {"channel", "7"}, {"test_id", "43"}, {"creator", "admin"}, {"step_file", "P4_1"},
                    {"remark", "cell16"}, {"barcode", "VAPCELL_F60_6000"}, {"server_version", "9.1.5.7.20240403.R5"},
                    {"start_time", "2024-05-27 08:02:48.782 UTC"}}},
  };
  for (const Expected& file : files) {
    const Record record = shared_record(file.name);
    if (record.rows() == 0) GTEST_SKIP() << "SHARED DATA ABSENT: " << file.name;
    for (const auto& [key, value] : file.metadata) {
      ASSERT_TRUE(record.metadata.contains(key)) << file.name << " " << key;
      EXPECT_EQ(record.metadata.at(key), value) << file.name << " " << key;
    }
  }
}

TEST(NdaMetadata, LeavesOutWhatTheHeaderHasLeftOverFromOtherTests) {
  const Record record = shared_record("nda_v23");
  if (record.rows() == 0) GTEST_SKIP() << "SHARED DATA ABSENT";
  EXPECT_FALSE(record.metadata.contains("creator")) << "ep_id, start_time, creator ... behind a NUL";
  EXPECT_FALSE(record.metadata.contains("remark"));
}

TEST(NdaEvents, KeepWhatTheInstrumentNoted) {
  const Record record = shared_record("nda_v22");
  if (record.rows() == 0) GTEST_SKIP() << "SHARED DATA ABSENT";
  ASSERT_EQ(record.events.size(), 2U) << "the end is noted six times in the file";
  EXPECT_EQ(record.events[0].text, "test started");
  EXPECT_EQ(record.events[0].time, 0.0);
  EXPECT_EQ(record.events[1].text, "test finished");
  EXPECT_EQ(record.events[1].time, record.real(col::test_time).back());
}

} // namespace
} // namespace platen

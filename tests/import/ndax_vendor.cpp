// Every value of every row of the shared .ndax files against the vendor's exports; neware_vendor.hpp says how.
#include "import/neware/ndax.hpp"

#include "base/file.hpp"
#include "neware_vendor.hpp"

namespace platen {
namespace {

using namespace neware_vendor;

struct Case {
  std::string name;
  std::size_t rows;
  double capacity_step, energy_step; ///< last decimal of the export, mAs and mWs
  int zone;                          ///< hours the export's Date is ahead of UTC
  std::size_t marks;                 ///< distinct rows with an entry in data_runInfo.ndc, counted in a hex dump; 0: none kept
  std::size_t warnings;
};

const Case cases[] = {
    {"46_1_5_60_bts16", 84, 1.0, 1e-4, 0, 25, 0},
    {"TESTCELL0001-B2-2025-M50T_NewareNDA_Investigation", 77745, 0.01, 1e-4, 0, 5314, 0},
    {"TESTCELL0001-Test_Data_Collection_Ndc17", 80, 0.01, 1e-4, 0, 15, 0},
    {"Unit27_Example_Corrupt", 301, 1.0, 1.0, 0, 7, 3},
    {"Unit27_Example_Data_File", 301, 1.0, 1.0, 0, 7, 0},
    {"empty", 0, 1.0, 1.0, 0, 0, 0},
    {"interp-test", 333, 1.0, 1.0, 1, 66, 0},
    {"nw4-120-1-6-53", 18700, 1e-4, 1e-4, 1, 4769, 0},
    {"scrubbed_ndc2", 28, 1.0, 1.0, 0, 0, 1},
};

class NdaxVendor : public testing::TestWithParam<Case>, protected Comparison {
protected:
  void SetUp() override {
    if (!std::filesystem::exists(shared(GetParam().name + ".ndax")))
      GTEST_SKIP() << "SHARED DATA ABSENT: " << shared(GetParam().name + ".ndax");
    record = read_ndax(shared(GetParam().name + ".ndax"));
    reference = read_reference(GetParam().name);
  }
};

TEST_P(NdaxVendor, IsRecognisedByItsFirstBytes) {
  const std::string head = read_file(shared(GetParam().name + ".ndax")).substr(0, 512);
  EXPECT_TRUE(looks_like_ndax(std::as_bytes(std::span(head))));
}

TEST_P(NdaxVendor, HoldsEveryRow) {
  EXPECT_EQ(record.rows(), GetParam().rows);
  EXPECT_EQ(record.rows(), reference.at("Date").size());
  for (const Column& column : record.columns())
    EXPECT_EQ(std::visit([](const auto& v) { return v.size(); }, column.values), record.rows()) << column.name;
  EXPECT_EQ(record.warnings.size(), GetParam().warnings);
}

TEST_P(NdaxVendor, NumbersStepsAndCyclesAlike) {
  compare_whole(col::step_count, "Step Count");
  compare_whole(col::step_index, "Step Index");
  compare_whole(col::cycle_count, "Cycle Index");
  compare_step_types();
}

TEST_P(NdaxVendor, TellsTheSameTime) {
  compare_milliseconds(col::step_time, "Time");
  compare_milliseconds(col::test_time, "Total Time");
  const std::span<const double> time = record.real(col::test_time), clock = record.real(col::unix_time);
  for (std::size_t row = 1; row < time.size(); ++row) ASSERT_GE(time[row], time[row - 1]) << "row " << row;
  Tally tally{"unix_time"};
  for (std::size_t row = 0; row < clock.size(); ++row) {
    const long long vendor = date(reference.at("Date")[row]) - GetParam().zone * 3600000LL;
    tally.check(std::llround(1e3 * clock[row]) == vendor, row, clock[row], reference.at("Date")[row]);
  }
}

TEST_P(NdaxVendor, MeasuresTheSame) {
  compare_rounded(col::voltage, "Voltage", 1e4);
  compare_rounded(col::current, "Current", 1e6);
  compare_passed(col::step_capacity, "Capacity", GetParam().capacity_step);
  compare_passed(col::step_energy, "Energy", GetParam().energy_step);
}

TEST_P(NdaxVendor, KeepsAuxiliaryChannels) {
  std::size_t found = 0;
  for (const auto& [name, cells] : reference) {
    if (name.size() != 2 || std::isdigit(static_cast<unsigned char>(name[1])) == 0 || name[0] == 'H') continue;
    ++found;
    const std::string id(1, name[1]);
    if (name[0] == 'V') compare_rounded("aux_voltage_" + id, name, 1e4);
    else compare_temperature((name[0] == 'T' ? "aux_temperature_" : "aux_temperature_setpoint_") + id, name);
  }
  std::size_t ours = 0;
  for (const Column& c : record.columns()) ours += c.name.starts_with("aux_") ? 1 : 0;
  // Without its description in TestInfo.xml the vendor's program does not show the two channels; we keep them as stored.
  EXPECT_EQ(ours, found + (GetParam().name == "Unit27_Example_Corrupt" ? 2 : 0));
}

TEST_P(NdaxVendor, FlagsRowsThatTheFormatLeavesToBeFilledIn) {
  if (GetParam().name == "scrubbed_ndc2") {
    EXPECT_FALSE(record.has(col::interpolated)) << "ndc 2 stores every row whole";
    return;
  }
  std::size_t stored = 0;
  for (const std::int32_t flag : record.integer(col::interpolated)) stored += flag == 0 ? 1 : 0;
  EXPECT_EQ(stored, GetParam().marks);
}

INSTANTIATE_TEST_SUITE_P(SharedFiles, NdaxVendor, testing::ValuesIn(cases), [](const auto& test) {
  std::string name = test.param.name;
  for (char& c : name)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  return name;
});

TEST(NdaxMetadata, SaysWhatTheTestWas) {
  const std::filesystem::path path = shared("46_1_5_60_bts16.ndax");
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "SHARED DATA ABSENT: " << path;
  const Record record = read_ndax(path);
  const std::map<std::string, std::string> expected = {
      {"device", "46"},         {"channel", "5"},
      {"barcode", "ZZZZZZZZTEST"}, {"start_time", "2025-09-24 09:29:22"},
      {"end_time", "2025-09-24 09:31:15"}, {"time_zone", "UTC+00:00"}, {"client_version", "BTS Client 8.0.1.492(2025.01.23)"},
      {"current_range", "30000 mA"},
      {"step_table", "1. Rest, 10 s\n2. CC Chg, 2000 mA, 30 s, until 4.2 V\n3. CC DChg, 2000 mA, 30 s, until 2.5 V\n"
                     "4. Rest, 10 s\n5. End"},
  };
  for (const auto& [key, value] : expected) EXPECT_EQ(record.metadata.at(key), value) << key;
  EXPECT_EQ(record.cell.name, "ZZZZZZZZTEST");
  EXPECT_EQ(record.provenance.origin, "measured");
  EXPECT_EQ(record.provenance.format, "Neware ndax, ndc 16");
  ASSERT_EQ(record.provenance.sources.size(), 1U);
  EXPECT_EQ(record.provenance.sources[0].path, path.string());
  EXPECT_EQ(record.provenance.sources[0].sha256.size(), 64U);
  // The start time of the XML is local; the marks carry UTC. Here the tester's computer ran on UTC.
  EXPECT_NEAR(record.real(col::unix_time).front(), 1758706195.074, 1e-3);
}

TEST(NdaxMetadata, NamesTheDamageOfADamagedDescription) {
  const std::filesystem::path path = shared("Unit27_Example_Corrupt.ndax");
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "SHARED DATA ABSENT: " << path;
  const Record record = read_ndax(path);
  ASSERT_EQ(record.warnings.size(), 3U);
  EXPECT_EQ(record.warnings[0].code, "D042");
  EXPECT_NE(record.warnings[0].message.find("TestInfo.xml"), std::string::npos);
  EXPECT_EQ(record.warnings[1].code, "D042");
  EXPECT_EQ(record.warnings[2].code, "D043");
  EXPECT_EQ(record.metadata.at("barcode"), "123456789012") << "what can be read is used";
}

} // namespace
} // namespace platen

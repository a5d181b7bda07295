// The .nda reader on files built here: every rule of docs/formats/nda.md that the shared files do not reach.
#include "import/neware/nda.hpp"

#include "nda_builder.hpp"
#include "ndax_builder.hpp"
#include "record_looks.hpp"

#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace platen {
namespace {

using nda_builder::aux_86;
using nda_builder::new_file;
using nda_builder::note_86;
using nda_builder::old_file;
using nda_builder::Row;
using nda_builder::row_8;
using nda_builder::row_86;
using nda_builder::row_90;
using nda_builder::row_91;
using nda_builder::Row9;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Record read(const std::string& bytes) { return read_nda(bytes, "built.nda"); }

std::string code_of(const std::string& bytes) {
  return thrown_code([&] { read(bytes); });
}

/// Two steps of two rows each; the second discharges.
std::string two_steps(bool unix_clock) {
  return note_86(1, 8) + row_86({.index = 1, .voltage = 30000}, unix_clock) +
         row_86({.index = 2, .step_time = 1500, .voltage = 30001, .second = 16}, unix_clock) +
         row_86({.index = 3, .cycle = 1, .step_index = 300, .step_type = 2, .step_mark = 2, .voltage = 29000, .current = -50,
                 .discharged = 3, .energy_out = 4, .second = 17}, unix_clock) +
         row_86({.index = 4, .cycle = 1, .step_index = 300, .step_type = 2, .step_mark = 2, .step_time = 500, .voltage = 28000,
                 .current = -50, .discharged = 10, .energy_out = 20, .second = 18}, unix_clock) +
         note_86(4, 1, true);
}

TEST(NdaReader, ReadsRecordsOf86Bytes) {
  for (const int version : {26, 29}) {
    const Record record = read(old_file(version, two_steps(false)));
    EXPECT_THAT(codes(record), ElementsAre("D045")) << "local time";
    EXPECT_EQ(record.provenance.format, "Neware nda " + std::to_string(version));
    EXPECT_THAT(real(record, col::voltage), ElementsAre(3.0, 3.0001, 2.9, 2.8));
    EXPECT_THAT(real(record, col::current), ElementsAre(0.0, 0.0, -0.005, -0.005)) << "0.1 mA a count in a range of 1000 mA";
    EXPECT_THAT(real(record, col::step_time), ElementsAre(0.0, 1.5, 0.0, 0.5));
    EXPECT_THAT(real(record, col::test_time), ElementsAre(0.0, 1.5, 1.5, 2.0));
    EXPECT_THAT(integer(record, col::step_count), ElementsAre(1, 1, 2, 2));
    EXPECT_THAT(integer(record, col::step_index), ElementsAre(1, 1, 300, 300)) << "two bytes";
    EXPECT_THAT(integer(record, col::cycle_count), ElementsAre(1, 1, 2, 2)) << "from 0 in the file";
    EXPECT_DOUBLE_EQ(real(record, col::step_capacity)[3], -1e-3);
    EXPECT_DOUBLE_EQ(real(record, col::step_energy)[3], -2e-3);
    EXPECT_EQ(real(record, col::unix_time)[0], 1709209815.0) << "2024-02-29 12:30:15";
    ASSERT_EQ(record.events.size(), 2U);
    EXPECT_EQ(record.events[1].text, "test finished");
    EXPECT_EQ(record.events[1].time, 2.0);
  }
}

TEST(NdaReader, BeginsAStepWhereOnlyTheMarkChanges) {
  const auto row = [](std::uint32_t index, int mark) { return row_86({.index = index, .step_mark = mark}, true); };
  const Record record = read(old_file(22, note_86(1, 8) + row(1, 1) + row(2, 1) + row(3, 2) + row(4, 3)));
  EXPECT_THAT(integer(record, col::step_count), ElementsAre(1, 1, 2, 3)) << "steps of one row repeat";
}

TEST(NdaReader, ReadsTheClockOfVersions22And23) {
  for (const int version : {22, 23}) {
    const Record record = read(old_file(version, two_steps(true)));
    EXPECT_THAT(codes(record), IsEmpty());
    EXPECT_EQ(real(record, col::unix_time)[0], 1500000000.0);
    EXPECT_FALSE(record.metadata.contains("time_zone")) << "the start time is years away from the clock";
  }
}

TEST(NdaReader, ReadsRecordsOf59Bytes) {
  const std::string start = std::string(1, '\xFF') + row_8({.index = 1, .step_time = 8}).substr(1);
  const Record record = read(old_file(8, start + row_8({.index = 1, .cycle = 1, .step_type = 2, .voltage = 30000, .current = -1500,
                                                        .charged = 2500, .energy_in = 7000}) +
                                             row_8({.index = 2, .cycle = 1, .step_type = 2, .step_time = 30, .voltage = 29000,
                                                    .current = 0, .charged = 5000, .energy_in = 14000})));
  EXPECT_THAT(codes(record), IsEmpty());
  EXPECT_THAT(real(record, col::current), ElementsAre(-0.0015, 0.0));
  EXPECT_THAT(real(record, col::step_capacity), ElementsAre(-0.0025, -0.005)) << "the sign follows the step, not the current";
  EXPECT_THAT(real(record, col::step_energy), ElementsAre(-0.007, -0.014));
  EXPECT_THAT(real(record, col::test_time), ElementsAre(0.0, 30.0));
  EXPECT_THAT(integer(record, col::cycle_count), ElementsAre(1, 1)) << "from 1 in the file";
  ASSERT_EQ(record.events.size(), 1U);
  EXPECT_EQ(record.events[0].text, "test started");
}

TEST(NdaReader, KeepsAuxiliaryRecords) {
  std::string records = two_steps(false);
  records += aux_86(2, 1, 0, 253) + aux_86(4, 1, 0, -12) + aux_86(2, 7, 12345, 0) + aux_86(9, 7, 1, 1);
  const Record record = read(old_file(29, records));
  EXPECT_FALSE(record.has("aux_voltage_1")) << "nothing is connected";
  EXPECT_FALSE(record.has("aux_temperature_7"));
  const std::vector<double> temperature = real(record, "aux_temperature_1");
  EXPECT_TRUE(std::isnan(temperature[0]) && std::isnan(temperature[2]));
  EXPECT_EQ(temperature[1], 298.45);
  EXPECT_EQ(temperature[3], 271.95);
  EXPECT_EQ(real(record, "aux_voltage_7")[1], 1.2345);
  EXPECT_EQ(record.find("aux_temperature_1")->unit, "K");
}

TEST(NdaReader, RefusesAuxiliaryRecordsWhereNoneAreKnown) {
  const Record record = read(old_file(22, two_steps(true) + aux_86(2, 1, 0, 253)));
  EXPECT_THAT(codes(record), ElementsAre("D304"));
  ASSERT_EQ(record.rejects.size(), 1U);
  EXPECT_EQ(record.rejects[0].place.line, 7U) << "the seventh record";
  EXPECT_THAT(record.rejects[0].reason, HasSubstr("0x65"));
}

TEST(NdaReader, ReadsBts91) {
  const std::string records = row_91({.index = 1, .time = 10000, .voltage = 3.5F}, {24.5F, 7.0F}) +
                              row_91({.index = 2, .time = 1010000, .clock = 1500000001000000, .voltage = 3.25F}, {25.5F, 8.0F}) +
                              row_91({.index = 3, .cycle = 4, .step_index = 9, .step_type = 1, .time = 2510000,
                                      .clock = 1500000002500000, .voltage = 3.0F, .current = 500.0F, .charge = 250.0F,
                                      .energy = -750.0F}, {26.5F, 9.0F});
  const Record record = read(new_file(true, records));
  EXPECT_THAT(codes(record), ElementsAre("D310"));
  EXPECT_EQ(record.provenance.format, "Neware nda 130 (BTS 9.1)");
  EXPECT_THAT(real(record, col::test_time), ElementsAre(0.01, 1.01, 2.51));
  EXPECT_THAT(real(record, col::step_time), ElementsAre(0.01, 1.01, 2.51 - 1.01)) << "since the last row of the step before";
  EXPECT_THAT(real(record, col::unix_time), ElementsAre(1500000000.0, 1500000001.0, 1500000002.5));
  EXPECT_THAT(real(record, col::current), ElementsAre(0.0, 0.0, 0.5));
  EXPECT_THAT(real(record, col::step_capacity), ElementsAre(0.0, 0.0, 0.25));
  EXPECT_THAT(real(record, col::step_energy), ElementsAre(0.0, 0.0, -0.75));
  EXPECT_THAT(integer(record, col::cycle_count), ElementsAre(1, 1, 5));
  EXPECT_THAT(integer(record, col::step_count), ElementsAre(1, 1, 2));
  EXPECT_THAT(real(record, "aux_temperature_1"), ElementsAre(297.65, 298.65, 299.65));
  EXPECT_THAT(real(record, "unknown_1"), ElementsAre(7.0, 8.0, 9.0)) << "kept, though nobody knows what it is";
  EXPECT_EQ(record.cell.name, "CELL 7");
  EXPECT_EQ(record.metadata.at("start_time"), "2016-04-19 12:21:01.483 UTC");
}

TEST(NdaReader, ReadsBts91WithoutAuxiliaries) {
  const Record two = read(new_file(true, row_91({.index = 1}) + row_91({.index = 2, .time = 1})));
  EXPECT_THAT(codes(two), IsEmpty());
  EXPECT_EQ(two.rows(), 2U);
  EXPECT_FALSE(two.has("aux_temperature_1"));
  const Record one = read(new_file(true, row_91({.index = 1, .voltage = 3.5F}, {25.0F})));
  EXPECT_THAT(real(one, col::voltage), ElementsAre(3.5));
  EXPECT_THAT(real(one, "aux_temperature_1"), ElementsAre(298.15));
}

TEST(NdaReader, ReadsBts90AndCountsItsCycles) {
  const auto row = [](std::uint32_t index, int step, int type, std::uint64_t time, float current) {
    return row_90({.index = index, .step_index = step, .step_type = type, .time = time, .voltage = 3.5F, .current = current,
                   .charge = current / 100.0F});
  };
  const Record record = read(new_file(false, row(1, 1, 1, 0, 100.0F) + row(2, 1, 1, 2500000, 100.0F) + row(3, 2, 4, 0, 0.0F) +
                                                 row(4, 3, 2, 0, -100.0F) + row(5, 1, 1, 0, 100.0F)));
  EXPECT_THAT(codes(record), ElementsAre("D302"));
  EXPECT_EQ(record.provenance.format, "Neware nda 130 (BTS 9.0)");
  EXPECT_THAT(real(record, col::step_time), ElementsAre(0.0, 2.5, 0.0, 0.0, 0.0));
  EXPECT_THAT(real(record, col::test_time), ElementsAre(0.0, 2.5, 2.5, 2.5, 2.5));
  EXPECT_THAT(real(record, col::current), ElementsAre(0.1, 0.1, 0.0, -0.1, 0.1));
  EXPECT_THAT(real(record, col::step_capacity), ElementsAre(0.001, 0.001, 0.0, -0.001, 0.001));
  EXPECT_THAT(integer(record, col::cycle_count), ElementsAre(1, 1, 1, 1, 2)) << "a charge follows a discharge";
  EXPECT_EQ(record.metadata.at("unit"), "8");
  EXPECT_EQ(record.metadata.at("test_id"), "61");
}

TEST(NdaReader, ReadsTheHeader) {
  const Record record = read(old_file(29, two_steps(false)));
  EXPECT_EQ(record.metadata.at("device"), "7");
  EXPECT_EQ(record.metadata.at("channel"), "5");
  EXPECT_EQ(record.metadata.at("test_id"), "1234");
  EXPECT_EQ(record.metadata.at("active_mass"), "12.5 mg");
  EXPECT_EQ(record.metadata.at("batch"), "batch 1");
  EXPECT_EQ(record.metadata.at("remark"), "\xE6\xAD\xA3\xE6\x9E\x81") << "GBK, and nothing behind the NUL";
}

TEST(NdaReader, AnEmptyTestIsAnEmptyRecord) {
  for (const std::string& bytes : {old_file(29, ""), old_file(8, ""), new_file(true, "")}) {
    const Record record = read(bytes);
    EXPECT_EQ(record.rows(), 0U);
    EXPECT_TRUE(record.has(col::voltage));
    EXPECT_THAT(codes(record), IsEmpty());
  }
}

TEST(NdaReader, RefusesAnUnknownVersionByName) {
  std::string bytes = old_file(29, two_steps(false));
  bytes[14] = 28;
  try {
    read(bytes);
    FAIL() << "version 28 was read";
  } catch (const Error& e) {
    EXPECT_EQ(e.diagnostics().front().code, "D300");
    EXPECT_THAT(e.diagnostics().front().message, HasSubstr("version 28; versions 8, 22, 23, 26, 29, 130"));
  }
  EXPECT_EQ(describe_nda(bytes, "built.nda"), "Neware nda of a version that is not read");
}

TEST(NdaReader, FindsRecordsWhenTheHeaderIsDamaged) {
  std::string bytes = old_file(29, two_steps(false));
  nda_builder::place(bytes, 0x40, std::uint32_t{0xFFFFFFFF});
  const Record record = read(bytes);
  EXPECT_THAT(codes(record), ElementsAre("D307", "D045"));
  EXPECT_EQ(record.rows(), 4U);
  bytes = new_file(true, row_91({.index = 1}) + row_91({.index = 2}));
  nda_builder::place(bytes, 0x52, std::uint64_t{1} << 60);
  EXPECT_EQ(read(bytes).rows(), 2U) << "what stands behind the records is refused";
}

TEST(NdaReader, SaysWhenThereAreNoRecords) {
  std::string bytes = old_file(29, std::string(860, '\x11'));
  EXPECT_EQ(code_of(bytes), "D301");
  EXPECT_EQ(code_of("NEWARE20240229"), "D301");
  bytes = new_file(true, std::string(520, '\x11'));
  EXPECT_EQ(code_of(bytes), "D301");
}

TEST(NdaReader, KeepsTheWholeRecordsOfAFileThatIsCutOff) {
  const std::string whole = old_file(29, two_steps(false));
  const Record record = read(whole.substr(0, whole.size() - 86 - 40));
  EXPECT_EQ(record.rows(), 3U);
  EXPECT_THAT(codes(record), ElementsAre("D303", "D045"));
  EXPECT_THAT(record.warnings[0].message, HasSubstr("126 bytes")) << "of the records that the header states";
  const Record running = read(old_file(8, row_8({.index = 1}) + row_8({.index = 2}) + "\x01\x02"));
  EXPECT_EQ(running.rows(), 2U);
  EXPECT_THAT(codes(running), ElementsAre("D303"));
}

TEST(NdaReader, RefusesRepeatedRowsAndNeverSorts) {
  const auto row = [](std::uint32_t index) { return row_86({.index = index, .step_time = 1000 * index, .voltage = static_cast<std::int32_t>(index)}, true); };
  const Record record = read(old_file(22, note_86(1, 8) + row(1) + row(2) + row(4) + row(3) + row(2) + row(5) + row(0)));
  EXPECT_THAT(codes(record), ElementsAre("D305", "D306", "D304"));
  EXPECT_THAT(real(record, col::voltage), ElementsAre(1e-4, 2e-4, 4e-4, 3e-4, 5e-4));
  ASSERT_EQ(record.rejects.size(), 2U);
  EXPECT_EQ(record.rejects[0].place.line, 6U);
  EXPECT_THAT(record.rejects[0].reason, HasSubstr("index 2"));
}

TEST(NdaReader, ReportsAClockThatIsSetBack) {
  std::string records = note_86(1, 8);
  for (const std::uint32_t k : {1U, 2U, 3U})
    records += row_86({.index = k, .step_time = 1000 * k, .unix_time = 1500000000U - (k == 2 ? 3600U : 0U)}, true);
  const Record record = read(old_file(23, records));
  EXPECT_THAT(codes(record), ElementsAre("D311"));
  EXPECT_THAT(real(record, col::test_time), ElementsAre(1.0, 2.0, 3.0));
}

TEST(NdaReader, NamesUnknownStepsAndRanges) {
  const Record record =
      read(old_file(23, note_86(1, 8) + row_86({.index = 1, .step_type = 200, .voltage = 30000, .current = 5, .range = 7654321}, true)));
  EXPECT_THAT(codes(record), ElementsAre("D047", "D037"));
  EXPECT_TRUE(std::isnan(real(record, col::current)[0]));
  EXPECT_THAT(integer(record, col::step_type), ElementsAre(static_cast<int>(StepType::unknown)));
}

TEST(NdaZip, IsReadWhenItHoldsOneFile) {
  const std::string bytes = old_file(29, two_steps(false));
  const std::string zipped = ndax_builder::zip({{"folder/A TEST.NDA", bytes}, {"__MACOSX/folder/._A TEST.NDA", "x"}});
  EXPECT_TRUE(looks_like_nda(zipped.substr(0, 512)));
  EXPECT_EQ(read(zipped).rows(), 4U);
  EXPECT_EQ(describe_nda(zipped, "built.nda.zip"), "Neware nda 29, zipped");
  EXPECT_FALSE(looks_like_nda(ndax_builder::zip({{"data.ndc", bytes}})));
  EXPECT_EQ(code_of(ndax_builder::zip({{"a.nda", bytes}, {"b.nda", bytes}})), "D308");
}

} // namespace
} // namespace platen

// The reader on files built here: every rule of docs/formats/ndax.md that the shared files do not reach.
#include "import/neware/ndax.hpp"

#include "ndax_builder.hpp"
#include "record_looks.hpp"

#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace platen {
namespace {

using ndax_builder::Mark;
using ndax_builder::Members;
using ndax_builder::Pages;
using ndax_builder::Whole;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::uint32_t clock0 = 1700000000;

std::string samples(int version, const std::vector<std::pair<float, float>>& rows) {
  Pages pages(1, version, 8);
  for (const auto& [voltage, current] : rows) pages.add(ndax_builder::sample(voltage, current));
  return pages.finish();
}

std::string marks(int version, const std::vector<Mark>& list) {
  Pages pages(18, version, ndax_builder::mark_bytes(version));
  for (const Mark& m : list) pages.add(ndax_builder::mark(version, m));
  return pages.finish();
}

/// Steps as (cycle from 0, step index, vendor's type code).
std::string steps(int version, const std::vector<std::array<int, 3>>& list) {
  Pages pages(7, version, ndax_builder::step_bytes(version));
  for (const auto& [cycle, index, type] : list)
    pages.add(ndax_builder::step(version, static_cast<std::uint32_t>(cycle), static_cast<std::uint32_t>(index), type, 1));
  return pages.finish();
}

/// Six rows in two steps of ndc 17: rest at 1 s, then discharge of 0.5 A at 2 s.
const std::vector<std::pair<float, float>> six = {{3.0F, 0.0F},  {3.5F, 0.0F},   {3.25F, 0.0F},
                                                  {3.0F, -0.5F}, {2.75F, -0.5F}, {2.5F, -0.25F}};
const std::vector<Mark> six_marks = {
    {.index = 1, .step_count = 1, .step_time = 0, .interval = 1000, .clock = clock0, .clock_ms = 250},
    {.index = 4, .step_count = 2, .step_time = 0, .interval = 2000, .discharged = 0.001F, .energy_out = 0.003F,
     .clock = clock0 + 3},
};

Members six_rows(int version = 17) {
  Members members = ndax_builder::xml_members();
  members.emplace_back("data.ndc", samples(version, six));
  members.emplace_back("data_step.ndc", steps(version, {{{0, 1, 4}}, {{0, 2, 2}}}));
  members.emplace_back("data_runInfo.ndc", marks(version, six_marks));
  return members;
}

std::string& member(Members& members, const std::string& name) {
  for (auto& [n, bytes] : members)
    if (n == name) return bytes;
  throw std::logic_error(name);
}

void drop(Members& members, const std::string& name) {
  std::erase_if(members, [&](const auto& m) { return m.first == name; });
}

Record read(const Members& members) { return read_ndax(ndax_builder::zip(members), "built.ndax"); }

TEST(NdaxReader, FillsRowsBetweenMarksAndFlagsThem) {
  const Record record = read(six_rows());
  EXPECT_THAT(codes(record), ElementsAre());
  EXPECT_THAT(real(record, col::voltage), ElementsAre(3.0, 3.5, 3.25, 3.0, 2.75, 2.5));
  EXPECT_THAT(real(record, col::current), ElementsAre(0.0, 0.0, 0.0, -0.5, -0.5, -0.25));
  EXPECT_THAT(real(record, col::step_time), ElementsAre(0.0, 1.0, 2.0, 0.0, 2.0, 4.0));
  EXPECT_THAT(real(record, col::test_time), ElementsAre(0.0, 1.0, 2.0, 2.0, 4.0, 6.0));
  EXPECT_THAT(real(record, col::unix_time), ElementsAre(clock0 + 0.25, clock0 + 1.25, clock0 + 2.25, clock0 + 3.0,
                                                        clock0 + 5.0, clock0 + 7.0));
  EXPECT_THAT(integer(record, col::interpolated), ElementsAre(0, 1, 1, 0, 1, 1));
  EXPECT_THAT(integer(record, col::step_count), ElementsAre(1, 1, 1, 2, 2, 2));
  EXPECT_THAT(integer(record, col::cycle_count), ElementsAre(1, 1, 1, 1, 1, 1));
  // From the stored 1 mAh on: the row's current times the interval.
  const double stored = 3600.0 * static_cast<double>(-0.001F), energy = 3600.0 * static_cast<double>(-0.003F);
  EXPECT_THAT(real(record, col::step_capacity), ElementsAre(0.0, 0.0, 0.0, stored, stored - 1.0, stored - 1.5));
  EXPECT_THAT(real(record, col::step_energy), ElementsAre(0.0, 0.0, 0.0, energy, energy - 2.75, energy - 4.0));
}

TEST(NdaxReader, KnowsTheUnitsOfEveryGeneration) {
  const auto one_row = [](int version) {
    Members members = ndax_builder::xml_members();
    members.emplace_back("data.ndc", samples(version, {{2.0F, 4.0F}}));
    members.emplace_back("data_step.ndc", steps(version, {{{2, 3, 1}}}));
    members.emplace_back("data_runInfo.ndc",
                         marks(version, {{.index = 1, .step_count = 1, .step_time = 1500, .charged = 8.0F,
                                          .energy_in = 16.0F, .clock = clock0}}));
    return read(members);
  };
  for (const int version : {14, 17}) {
    const Record record = one_row(version);
    EXPECT_THAT(codes(record), ElementsAre());
    EXPECT_EQ(real(record, col::voltage)[0], 2.0) << "V";
    EXPECT_EQ(real(record, col::current)[0], 4.0) << "A";
    EXPECT_EQ(real(record, col::step_capacity)[0], 8.0 * 3600.0) << "Ah";
    EXPECT_EQ(real(record, col::step_energy)[0], 16.0 * 3600.0) << "Wh";
    EXPECT_EQ(integer(record, col::cycle_count)[0], 3) << "counted from 0 in the file, from 1 by the vendor";
    EXPECT_EQ(integer(record, col::step_index)[0], 3);
    EXPECT_EQ(integer(record, col::step_type)[0], static_cast<int>(StepType::cc_charge));
    EXPECT_EQ(record.provenance.format, "Neware ndax, ndc " + std::to_string(version));
  }
  const Record record = one_row(16);
  EXPECT_DOUBLE_EQ(real(record, col::voltage)[0], 2.0e-4) << "0.1 mV";
  EXPECT_DOUBLE_EQ(real(record, col::current)[0], 4.0e-3) << "mA";
  EXPECT_DOUBLE_EQ(real(record, col::step_capacity)[0], 8.0e-3) << "mAs";
  EXPECT_DOUBLE_EQ(real(record, col::step_energy)[0], 16.0e-3) << "mWs";
}

TEST(NdaxReader, SpansPages) {
  Pages data(1, 17, 8);
  for (int row = 0; row < 1200; ++row) data.add(ndax_builder::sample(static_cast<float>(row), 0.0F));
  Members members = six_rows();
  member(members, "data.ndc") = data.finish();
  const Record record = read(members);
  ASSERT_EQ(record.rows(), 1200U);
  for (std::size_t row = 0; row < record.rows(); ++row) ASSERT_EQ(record.real(col::voltage)[row], static_cast<double>(row));
  EXPECT_EQ(real(record, col::step_time).back(), 2.0 * (1199 - 3)) << "the last row is there";
}

TEST(NdaxReader, ShowsTheFirstOfTwoMarksOfOneRow) {
  Members members = six_rows();
  std::vector<Mark> list = six_marks;
  Mark twin = list[0];
  twin.step_time = 100;
  list.insert(list.begin() + 1, twin);
  member(members, "data_runInfo.ndc") = marks(17, list);
  EXPECT_EQ(real(read(members), col::step_time), real(read(six_rows()), col::step_time));
}

TEST(NdaxReader, PutsMarksInOrder) {
  Members members = six_rows();
  member(members, "data_runInfo.ndc") = marks(17, {six_marks[1], six_marks[0], six_marks[1]});
  const Record record = read(members), expected = read(six_rows());
  for (const std::string_view name : {col::test_time, col::step_time, col::unix_time, col::step_capacity})
    EXPECT_EQ(real(record, name), real(expected, name)) << name;
}

TEST(NdaxReader, CountsEmptySlotsInTheIndexButNotAsRows) {
  Pages data(1, 17, 8);
  for (std::size_t k = 0; k < six.size(); ++k) {
    if (k == 2) data.skip();
    data.add(ndax_builder::sample(six[k].first, six[k].second));
  }
  Members members = six_rows();
  member(members, "data.ndc") = data.finish();
  std::vector<Mark> list = six_marks;
  list[1].index = 5;
  member(members, "data_runInfo.ndc") = marks(17, list);
  const Record record = read(members);
  EXPECT_THAT(real(record, col::voltage), ElementsAre(3.0, 3.5, 3.25, 3.0, 2.75, 2.5));
  EXPECT_THAT(integer(record, col::interpolated), ElementsAre(0, 1, 1, 0, 1, 1));
}

TEST(NdaxReader, NeverLetsFilledInTimePassTheNextMark) {
  Members members = six_rows();
  std::vector<Mark> list = six_marks;
  list[1].step_count = 1; // same step, 1.5 s after it began, but the rows before were thought 1 s apart
  list[1].step_time = 1500;
  member(members, "data_runInfo.ndc") = marks(17, list);
  EXPECT_THAT(real(read(members), col::test_time), ElementsAre(0.0, 1.0, 1.5, 1.5, 3.5, 5.5));
}

TEST(NdaxReader, KeepsTestTimeRisingWhenStepIndicesRepeat) {
  Members members = six_rows();
  member(members, "data_step.ndc") = steps(17, {{{0, 1, 1}}, {{1, 1, 1}}});
  const Record record = read(members);
  EXPECT_THAT(integer(record, col::step_index), ElementsAre(1, 1, 1, 1, 1, 1));
  EXPECT_THAT(integer(record, col::cycle_count), ElementsAre(1, 1, 1, 2, 2, 2));
  EXPECT_THAT(real(record, col::test_time), ElementsAre(0.0, 1.0, 2.0, 2.0, 4.0, 6.0));
}

TEST(NdaxReader, WarnsWhenTheInstrumentsTimeRunsBackwards) {
  Members members = six_rows();
  std::vector<Mark> list = six_marks;
  list[1].step_count = 1;
  list[1].step_time = 500;
  list[0].step_time = 60000;
  member(members, "data_runInfo.ndc") = marks(17, list);
  EXPECT_THAT(codes(read(members)), ElementsAre("D048"));
}

TEST(NdaxReader, KeepsRowsBeforeTheFirstMark) {
  Members members = six_rows();
  std::vector<Mark> list = {six_marks[1]};
  list[0].step_time = 3000;
  member(members, "data_runInfo.ndc") = marks(17, list);
  const Record record = read(members);
  EXPECT_THAT(codes(record), ElementsAre("D046"));
  EXPECT_THAT(real(record, col::test_time), ElementsAre(0.0, 0.0, 1.0, 3.0, 5.0, 7.0));
  EXPECT_THAT(integer(record, col::interpolated), ElementsAre(1, 1, 1, 0, 1, 1));
}

TEST(NdaxReader, ReadsATestWithoutRows) {
  for (const int version : {2, 14, 16, 17}) {
    Members members = ndax_builder::xml_members();
    members.emplace_back("data.ndc", version == 2 ? Pages(1, 2, 94, 512, 5).finish() : samples(version, {}));
    members.emplace_back("data_step.ndc", steps(version, {}));
    members.emplace_back("data_runInfo.ndc", marks(version, {}));
    const Record record = read(members);
    EXPECT_EQ(record.rows(), 0U);
    EXPECT_TRUE(record.has(col::test_time) && record.has(col::voltage) && record.has(col::current));
    EXPECT_THAT(codes(record), ElementsAre());
  }
}

TEST(NdaxReader, RefusesAnUnknownVersionByName) {
  Members members = six_rows();
  ndax_builder::place(member(members, "data.ndc"), 2, std::uint16_t{29});
  try {
    read(members);
    FAIL();
  } catch (const Error& e) {
    const Diagnostic& d = e.diagnostics().front();
    EXPECT_EQ(d.code, "D034");
    EXPECT_THAT(d.message, HasSubstr("built.ndax"));
    EXPECT_THAT(d.message, HasSubstr("ndc version 29"));
    EXPECT_THAT(d.message, HasSubstr("2, 5, 11, 14, 16, 17"));
    EXPECT_THAT(d.message, HasSubstr("BTS Client 8.0.1")) << "what was recognised";
    EXPECT_FALSE(d.hints.empty());
  }
}

TEST(NdaxReader, RefusesWhatCannotBecomeARecord) {
  for (const std::string name : {"data.ndc", "data_runInfo.ndc"}) {
    Members members = six_rows();
    drop(members, name);
    EXPECT_EQ(thrown_code([&] { read(members); }), name == "data.ndc" ? "D033" : "D036") << name;
    member(members = six_rows(), name) = "ab";
    EXPECT_EQ(thrown_code([&] { read(members); }), "D035") << name;
    ndax_builder::place(member(members = six_rows(), name), 0, std::uint16_t{99});
    EXPECT_EQ(thrown_code([&] { read(members); }), "D035") << name;
  }
  Members members = six_rows();
  member(members, "data_runInfo.ndc") = marks(17, {});
  EXPECT_EQ(thrown_code([&] { read(members); }), "D036");
  member(members = six_rows(), "data_runInfo.ndc") = marks(17, {{.index = 7, .step_count = 1}});
  EXPECT_EQ(thrown_code([&] { read(members); }), "D036") << "a mark of a row that is not there";
  ndax_builder::place(member(members = six_rows(), "data_runInfo.ndc"), 2, std::uint16_t{13});
  EXPECT_EQ(thrown_code([&] { read(members); }), "D034");
}

TEST(NdaxReader, ReadsOnWithoutTheStepTable) {
  Members members = six_rows();
  drop(members, "data_step.ndc");
  Record record = read(members);
  EXPECT_THAT(codes(record), ElementsAre("D044"));
  EXPECT_FALSE(record.has(col::cycle_count));
  EXPECT_THAT(integer(record, col::step_count), ElementsAre(1, 1, 1, 2, 2, 2));
  members = six_rows();
  member(members, "data_step.ndc") = steps(17, {{{0, 1, 4}}});
  record = read(members);
  EXPECT_THAT(codes(record), ElementsAre("D044"));
  EXPECT_THAT(integer(record, col::step_index), ElementsAre(1, 1, 1, 0, 0, 0));
}

TEST(NdaxReader, WarnsAboutDamagedPagesAndKeepsTheirRows) {
  Members members = six_rows();
  member(members, "data.ndc")[4096 + 132] ^= 1;
  Record record = read(members);
  EXPECT_THAT(codes(record), ElementsAre("D040"));
  EXPECT_EQ(record.rows(), 6U);
  members = six_rows();
  member(members, "data.ndc").resize(4096 + 132 + 5 * 8 + 3);
  record = read(members);
  EXPECT_THAT(codes(record), ElementsAre("D041"));
  EXPECT_EQ(record.rows(), 5U) << "the whole rows of a page that is cut off";
}

TEST(NdaxReader, WarnsAboutMarksOfRowsThatAreMissing) {
  Members members = six_rows();
  std::vector<Mark> list = six_marks;
  list.push_back({.index = 1000, .step_count = 2});
  member(members, "data_runInfo.ndc") = marks(17, list);
  EXPECT_THAT(codes(read(members)), ElementsAre("D050"));
}

TEST(NdaxReader, KeepsRowsOfUnknownStepTypes) {
  Members members = six_rows();
  member(members, "data_step.ndc") = steps(17, {{{0, 1, 4}}, {{0, 2, 200}}});
  const Record record = read(members);
  EXPECT_THAT(codes(record), ElementsAre("D047"));
  EXPECT_THAT(record.warnings[0].message, HasSubstr("200"));
  EXPECT_EQ(integer(record, col::step_type).back(), static_cast<int>(StepType::unknown));
}

TEST(NdaxReader, ReadsAuxiliaryChannels) {
  const auto channel = [](float first) {
    Pages pages(5, 17, 4);
    for (int row = 0; row < 5; ++row) { // one value fewer than rows
      std::string value;
      ndax_builder::put(value, first + static_cast<float>(row));
      pages.add(value);
    }
    return pages.finish();
  };
  Members members = six_rows();
  // A chamber: set point and humidity share an id and a channel; the thermometer has the higher channel but comes first.
  member(members, "TestInfo.xml") = ndax_builder::test_info(
      "AuxCount=\"4\"", "<Aux1 AuxID=\"3\" RealChlID=\"99\" ChlType=\"103\" TypeID=\"1\"/>"
                        "<Aux2 AuxID=\"1\" RealChlID=\"7\" ChlType=\"345\" TypeID=\"2\"/>"
                        "<Aux3 AuxID=\"1\" RealChlID=\"7\" ChlType=\"335\" TypeID=\"1\"/>"
                        "<Aux4 AuxID=\"9\" RealChlID=\"8\" ChlType=\"777\" TypeID=\"1\"/>");
  members.emplace_back("data_AUX_99_3_1.ndc", channel(20.0F));
  members.emplace_back("data_AUX_7_3_1.ndc", channel(25.0F));
  members.emplace_back("data_AUX_7_3_2.ndc", channel(50.0F));
  members.emplace_back("data_AUX_8_3_1.ndc", channel(1.0F));
  const Record record = read(members);
  EXPECT_THAT(codes(record), ElementsAre("D043")) << "ChlType 777 is not known";
  EXPECT_THAT(record.warnings[0].message, HasSubstr("777"));
  const Column* thermometer = record.find("aux_temperature_3");
  ASSERT_NE(thermometer, nullptr);
  EXPECT_EQ(thermometer->unit, "K");
  EXPECT_DOUBLE_EQ(record.real("aux_temperature_3")[1], 294.15);
  EXPECT_TRUE(std::isnan(record.real("aux_temperature_3")[5])) << "no value is not zero";
  EXPECT_DOUBLE_EQ(record.real("aux_temperature_setpoint_1")[0], 298.15);
  EXPECT_DOUBLE_EQ(record.real("aux_humidity_1")[0], 0.5);
  EXPECT_DOUBLE_EQ(record.real("aux_channel_9")[4], 5.0);
}

TEST(NdaxReader, LeavesOutInputsThatNothingIsConnectedTo) {
  Pages pages(5, 16, 7);
  for (std::int16_t tenths = 250; tenths < 256; ++tenths) {
    std::string record = "\x65";
    ndax_builder::put(record, 0.0F);
    ndax_builder::put(record, tenths);
    pages.add(record);
  }
  Members members = six_rows(16);
  members.emplace_back("data_1.ndc", pages.finish());
  const Record record = read(members);
  EXPECT_FALSE(record.has("aux_voltage_1"));
  EXPECT_EQ(record.real("aux_temperature_1")[5], 298.65);
}

TEST(NdaxReader, LeavesOutAnAuxiliaryThatCannotBeRead) {
  Members members = six_rows();
  members.emplace_back("data_AUX_9_3_1.ndc", "x");
  const Record record = read(members);
  EXPECT_THAT(codes(record), ElementsAre("D049"));
  EXPECT_EQ(record.rows(), 6U);
}

TEST(NdaxReader, ReadsWholeRecords) {
  Pages data(1, 2, 94, 512, 5);
  // 1000 counts on a range: the vendor's resolution per decade; negative ranges are ten times finer.
  const std::vector<std::pair<std::int32_t, double>> ranges = {
      {-100000000, 10.0}, {-200000, 1e-2}, {-1000, 1e-2}, {-500, 1e-3}, {-100, 1e-3}, {-50, 1e-4}, {-10, 1e-4}, {-5, 1e-5},
      {-1, 1e-5},         {0, 0.0},        {1, 1e-4},     {5, 1e-4},    {10, 1e-3},   {50, 1e-3},  {100, 1e-2}, {500, 1e-2},
      {1000, 1e-1},       {200000, 1e-1}};
  std::uint32_t index = 0;
  for (const auto& [range, resolution] : ranges)
    data.add(ndax_builder::whole({.index = ++index, .cycle = 4, .step_index = 7, .step_type = 2,
                                  .step_time = 1000 * std::uint64_t{index}, .voltage = 34008, .current = -1000,
                                  .range = range, .discharged = 500, .energy_out = 700}));
  Members members = ndax_builder::xml_members();
  members.emplace_back("data.ndc", data.finish());
  const Record record = read(members);
  ASSERT_EQ(record.rows(), ranges.size());
  EXPECT_THAT(codes(record), ElementsAre("D045"));
  EXPECT_FALSE(record.has(col::interpolated));
  for (std::size_t row = 0; row < ranges.size(); ++row) {
    const double resolution = 1e-3 * ranges[row].second;
    EXPECT_EQ(record.real(col::voltage)[row], 3.4008) << "the nearest double, so that a file shows 3.4008";
    EXPECT_DOUBLE_EQ(record.real(col::current)[row], -1000 * resolution) << "range " << ranges[row].first;
    EXPECT_DOUBLE_EQ(record.real(col::step_capacity)[row], -500 * resolution);
    EXPECT_DOUBLE_EQ(record.real(col::step_energy)[row], -700 * resolution);
    EXPECT_EQ(record.integer(col::cycle_count)[row], 5);
    EXPECT_EQ(record.integer(col::step_count)[row], 1);
    EXPECT_EQ(record.real(col::unix_time)[row], 1709209815.0) << "2024-02-29 12:30:15";
  }
}

TEST(NdaxReader, BeginsAStepWhereWholeRecordsSayNothingOfIt) {
  // One step that loops: the step index stays, the step time falls back; then the cycle changes at once.
  Pages data(1, 2, 94, 512, 5);
  const std::vector<std::array<std::uint32_t, 3>> rows = {{1, 0, 0}, {2, 0, 10}, {3, 0, 0}, {4, 0, 10}, {5, 1, 10}};
  for (const auto& [index, cycle, time] : rows)
    data.add(ndax_builder::whole({.index = index, .cycle = cycle, .step_time = std::uint64_t{1000} * time}));
  Members members = ndax_builder::xml_members();
  members.emplace_back("data.ndc", data.finish());
  const Record record = read(members);
  EXPECT_THAT(integer(record, col::step_count), ElementsAre(1, 1, 2, 2, 3));
  EXPECT_THAT(real(record, col::test_time), ElementsAre(0.0, 10.0, 10.0, 20.0, 30.0));
}

TEST(NdaxReader, EmptiesWhatAnUnknownRangeOrDateMakesUnknowable) {
  Pages data(1, 2, 94, 512, 5);
  data.add(ndax_builder::whole({.index = 1, .voltage = 30000, .current = 5, .range = 7654321}));
  data.add(ndax_builder::whole({.index = 2, .month = 13}));
  Members members = ndax_builder::xml_members();
  members.emplace_back("data.ndc", data.finish());
  const Record record = read(members);
  EXPECT_THAT(codes(record), ElementsAre("D037", "D051", "D045"));
  EXPECT_DOUBLE_EQ(record.real(col::voltage)[0], 3.0);
  EXPECT_TRUE(std::isnan(record.real(col::current)[0]));
  EXPECT_TRUE(std::isnan(record.real(col::unix_time)[1]));
}

TEST(NdaxReader, DecodesTheNamesPeopleGive) {
  Members members = six_rows();
  // "Zelle" and the Chinese word for battery in GB2312.
  member(members, "TestInfo.xml") = ndax_builder::test_info("AuxCount=\"0\" Barcode=\"Zelle \xB5\xE7\xB3\xD8\" DevID=\"46\"");
  const Record record = read(members);
  EXPECT_EQ(record.metadata.at("barcode"), "Zelle \xE7\x94\xB5\xE6\xB1\xA0");
  EXPECT_EQ(record.metadata.at("remark"), "from the steps");
  EXPECT_EQ(record.metadata.at("active_mass"), "12.5 mg");
  EXPECT_EQ(record.metadata.at("step_table"), "1. CC Chg, 2000 mA, 30 s, until 4.2 V\n2. End");
  EXPECT_EQ(record.metadata.at("server_version"), "BTSServer 8");
}

TEST(NdaxReader, LosesNoRowsWithItsDescriptions) {
  Members members = six_rows();
  member(members, "TestInfo.xml").resize(120);
  drop(members, "Step.xml");
  member(members, "VersionInfo.xml") = "no XML at all";
  const Record record = read(members);
  EXPECT_EQ(record.rows(), 6U);
  EXPECT_THAT(codes(record), testing::Each(std::string("D042")));
  EXPECT_GE(record.warnings.size(), 3U);
}

TEST(NdaxReader, IsRecognisedByContent) {
  const auto looks = [](std::string_view bytes) { return looks_like_ndax(std::as_bytes(std::span(bytes.data(), bytes.size()))); };
  EXPECT_TRUE(looks(ndax_builder::zip(six_rows())));
  EXPECT_TRUE(looks(std::string_view(ndax_builder::zip({{"data.ndc", "x"}})).substr(0, 60)));
  EXPECT_FALSE(looks(ndax_builder::zip({{"[Content_Types].xml", "x"}, {"xl/workbook.xml", "y"}}))) << "a spreadsheet";
  EXPECT_FALSE(looks("Test Time / s,Voltage / V\n0,3.0\n1,3.1\n"));
  EXPECT_FALSE(looks(""));
  EXPECT_EQ(describe_ndax(ndax_builder::zip(six_rows(14)), "x"), "Neware ndax, ndc 14");
  EXPECT_EQ(describe_ndax(ndax_builder::zip({{"Step.xml", "x"}}), "x"), "Neware ndax");
  EXPECT_EQ(thrown_code([] { describe_ndax("none", "x"); }), "D030");
}

TEST(NdaxReader, CanBeStoppedAndTellsItsProgress) {
  const std::string bytes = ndax_builder::zip(six_rows());
  const std::atomic<bool> stop{true};
  work::Task task;
  task.stop = &stop;
  EXPECT_THROW(read_ndax(bytes, "x", task), Cancelled);
  std::vector<double> seen;
  task = {nullptr, [&](double fraction) { seen.push_back(fraction); }};
  read_ndax(bytes, "x", task);
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
  ASSERT_FALSE(seen.empty());
  EXPECT_EQ(seen.back(), 1.0);
}

} // namespace
} // namespace platen

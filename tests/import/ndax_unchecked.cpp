// ndc 5 and 11, of which no file with the vendor's export could be had: made-up files only, from what docs/formats/ndax.md takes
// from other readers.
#include "import/neware/ndax.hpp"

#include "ndax_builder.hpp"
#include "record_looks.hpp"

#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace platen {
namespace {

using ndax_builder::Members;
using ndax_builder::Pages;
using testing::ElementsAre;
using testing::HasSubstr;

Record read(const Members& members) { return read_ndax(ndax_builder::zip(members), "built.ndax"); }

/// Voltage and current in the file's units, one mark for two rows.
Members ndc_11() {
  Members members = ndax_builder::xml_members();
  members[1].second = ndax_builder::test_info("AuxCount=\"0\" StartTime=\"2023-11-14 23:13:00\"");
  Pages data(1, 11, 8), marks(18, 11, ndax_builder::mark_bytes(11)), steps(7, 11, ndax_builder::step_bytes(11));
  data.add(ndax_builder::sample(35000.0F, 2.0F));
  data.add(ndax_builder::sample(36000.0F, 4.0F));
  steps.add(ndax_builder::step(11, 2, 3, 1, 1));
  marks.add(ndax_builder::mark(11, {.index = 1, .step_count = 1, .step_time = 500, .interval = 1000, .charged = 8.0F,
                                    .energy_in = 16.0F, .clock = 1700000000, .clock_ms = 250}));
  members.emplace_back("data.ndc", data.finish());
  members.emplace_back("data_runInfo.ndc", marks.finish());
  members.emplace_back("data_step.ndc", steps.finish());
  return members;
}

TEST(NdaxUnchecked, ReadsNdc11) {
  const Record record = read(ndc_11());
  EXPECT_THAT(codes(record), ElementsAre("D309"));
  EXPECT_THAT(record.warnings[0].message, HasSubstr("ndc version 11"));
  EXPECT_EQ(record.provenance.format, "Neware ndax, ndc 11");
  EXPECT_THAT(real(record, col::voltage), ElementsAre(3.5, 3.6)) << "0.1 mV";
  EXPECT_THAT(real(record, col::current), ElementsAre(0.002, 0.004)) << "mA";
  EXPECT_THAT(real(record, col::step_time), ElementsAre(0.5, 1.5));
  EXPECT_THAT(real(record, col::unix_time), ElementsAre(1700000000.25, 1700000001.25));
  EXPECT_DOUBLE_EQ(real(record, col::step_capacity)[0], 0.008) << "mAs";
  EXPECT_DOUBLE_EQ(real(record, col::step_capacity)[1], 0.012) << "and 4 mA for 1 s";
  EXPECT_DOUBLE_EQ(real(record, col::step_energy)[0], 0.016);
  EXPECT_THAT(integer(record, col::interpolated), ElementsAre(0, 1));
  EXPECT_THAT(integer(record, col::cycle_count), ElementsAre(3, 3));
  EXPECT_THAT(integer(record, col::step_index), ElementsAre(3, 3));
  EXPECT_THAT(integer(record, col::step_type), ElementsAre(1 + 1, 1 + 1)) << "CC Chg";
  EXPECT_EQ(record.metadata.at("time_zone"), "UTC+01:00") << "1700000000 is 22:13:20 UTC";
}

TEST(NdaxUnchecked, ReadsAuxiliariesOfNdc11) {
  Pages pair(5, 11, 7), chamber(5, 11, 88);
  for (std::uint32_t row = 0; row < 2; ++row) {
    std::string record = "\x65";
    ndax_builder::put(record, 12345.0F);
    ndax_builder::put(record, static_cast<std::int16_t>(250 + row));
    pair.add(record);
    record.assign(88, '\0');
    record[0] = 0x74;
    ndax_builder::place(record, 1, 2 - row); // the index, not the slot, says which row it is
    ndax_builder::place(record, 35, static_cast<std::int16_t>(600 + row));
    chamber.add(record);
  }
  Members members = ndc_11();
  members.emplace_back("data_1.ndc", pair.finish());
  members.emplace_back("data_2.ndc", chamber.finish());
  const Record record = read(members);
  EXPECT_EQ(real(record, "aux_voltage_1")[1], 1.2345);
  EXPECT_THAT(real(record, "aux_temperature_1"), ElementsAre(298.15, 298.25));
  EXPECT_THAT(real(record, "aux_temperature_2"), ElementsAre(333.25, 333.15));
}

TEST(NdaxUnchecked, ReadsNdc5AndItsAuxiliaries) {
  Pages data(1, 5, 87), aux(5, 5, 87);
  for (std::uint32_t row = 0; row < 50; ++row) { // more than one page: 45 records fit
    data.add(ndax_builder::whole_5(ndax_builder::whole({.index = row + 1, .cycle = 4, .step_index = 7, .step_type = 2,
                                                        .step_time = 1000 * row, .voltage = 34008, .current = -1000, .range = 500,
                                                        .discharged = 500, .energy_out = 700})));
    std::string record(94, '\0');
    record[0] = row % 2 == 0 ? 0x65 : 0x74;
    ndax_builder::place(record, 8, row + 1);
    ndax_builder::place(record, 31, std::int32_t{20000});
    ndax_builder::place(record, 41, std::int16_t{301});
    ndax_builder::place(record, 43, std::int16_t{450}); // a set point only where the tag is 0x74
    aux.add(ndax_builder::whole_5(record));
  }
  Members members = ndax_builder::xml_members();
  members.emplace_back("data.ndc", data.finish());
  members.emplace_back("20240229_123015_1_1_1_1_1.ndc", aux.finish());
  const Record record = read(members);
  ASSERT_EQ(record.rows(), 50U);
  EXPECT_THAT(codes(record), ElementsAre("D045"));
  EXPECT_EQ(record.real(col::voltage)[49], 3.4008);
  EXPECT_DOUBLE_EQ(record.real(col::current)[49], -0.01);
  EXPECT_DOUBLE_EQ(record.real(col::step_capacity)[49], -5e-3);
  EXPECT_DOUBLE_EQ(record.real(col::step_energy)[49], -7e-3);
  EXPECT_EQ(record.real(col::step_time)[49], 49.0);
  EXPECT_EQ(record.real(col::unix_time)[49], 1709209815.0);
  EXPECT_EQ(record.integer(col::cycle_count)[49], 5);
  EXPECT_EQ(record.real("aux_voltage_1")[0], 2.0);
  EXPECT_EQ(record.real("aux_temperature_1")[1], 303.25);
  EXPECT_TRUE(std::isnan(record.real("aux_temperature_setpoint_1")[0]));
  EXPECT_EQ(record.real("aux_temperature_setpoint_1")[1], 318.15);
}

TEST(NdaxUnchecked, SaysWhenTheMarksAreMissing) {
  Members members = ndc_11();
  std::erase_if(members, [](const auto& m) { return m.first == "data_runInfo.ndc"; });
  EXPECT_EQ(thrown_code([&] { read(members); }), "D036");
}

} // namespace
} // namespace platen

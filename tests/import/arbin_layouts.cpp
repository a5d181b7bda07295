// Databases made by hand: both generations, rows that moved or were deleted, several tests. Debian's mdbtools, where it is
// installed, reads the same files as an independent reference.

#include "import/arbin/jet.hpp"
#include "import/arbin/res.hpp"
#include "jet_builder.hpp"
#include "text_files.hpp"

#include <cmath>
#include <cstdio>

namespace platen::test {
namespace {

using jet_builder::arbin_tables;
using jet_builder::Builder;

Record read(const std::string& bytes) { return read_res(bytes, "made.res", {}, {}); }

TEST(ArbinLayouts, BothGenerationsGiveTheSameRecord) {
  for (const bool jet4 : {true, false}) {
    SCOPED_TRACE(jet4 ? "Jet 4" : "Jet 3");
    const Record record = read(Builder(jet4).build(arbin_tables(200)));
    ASSERT_EQ(record.rows(), 200u);
    for (std::size_t k = 0; k < 200; ++k) {
      ASSERT_EQ(record.real("test_time")[k], 10.0 * double(k) + 0.25);
      ASSERT_EQ(record.real("voltage")[k], 3.5 + 0.125 * double(k % 8));
      ASSERT_EQ(record.real("current")[k], k % 4 == 0 ? 0.0 : k % 2 == 0 ? -0.5 : 0.5); // positive charges, as written
      ASSERT_EQ(record.real("charging_capacity")[k], 0.25 * double(k) * 3600.0);
      ASSERT_EQ(record.integer("step_index")[k], 1 + int(k % 4));
      ASSERT_EQ(record.real("aux_temperature_0")[k], 25.5 + double(k) + 273.15);
      ASSERT_EQ(record.real("aux_pressure_1")[k], (5.0 + 0.5 * double(k)) * 1e6);
    }
    EXPECT_EQ(record.find("aux_pressure_1")->unit, "Pa");
    EXPECT_NE(record.find("aux_pressure_1")->description.find("load cell"), std::string::npos);
    EXPECT_NEAR(record.real("unix_time")[0], (43062.75 - 25569.0) * 86400 + 0.25, 1e-6);
    EXPECT_EQ(record.metadata.at("Test_Name"), "ramp");
    EXPECT_EQ(record.metadata.at("Schedule_File_Name"), std::string(240, 's'));
    EXPECT_EQ(record.metadata.at("channel"), "5");
    EXPECT_EQ(record.provenance.format,
              std::string("Arbin .res, ") + (jet4 ? "Jet 4 (Access 2000 to 2003)" : "Jet 3 (Access 97)") + ", Results File 5.23");
  }
}

TEST(ArbinLayouts, TextsPackedOrNot) {
  Builder builder(true);
  builder.packed_texts = false;
  EXPECT_EQ(read(builder.build(arbin_tables(3))).metadata.at("Test_Name"), "ramp");
}

TEST(ArbinLayouts, MovedAndDeletedRows) {
  for (const bool jet4 : {true, false}) {
    Builder builder(jet4);
    builder.moved_row = 0;
    builder.deleted_row = 2;
    const Record record = read(builder.build(arbin_tables(10)));
    ASSERT_EQ(record.rows(), 9u);
    EXPECT_EQ(record.real("data_point")[0], 1.0);
    EXPECT_EQ(record.real("voltage")[0], 3.5);
    EXPECT_EQ(record.real("data_point")[2], 4.0);
    EXPECT_FALSE(warning(record, "D370"));
    EXPECT_FALSE(warning(record, "D378"));
  }
}

TEST(ArbinLayouts, WithoutAMapOfPagesTheOwnersAreAsked) {
  Builder builder(true);
  builder.with_map = false;
  EXPECT_EQ(read(builder.build(arbin_tables(500))).rows(), 500u);
}

TEST(ArbinLayouts, RowsStandInTheOrderOfTheirPoints) {
  auto tables = arbin_tables(50);
  std::reverse(tables[0].rows.begin(), tables[0].rows.end());
  const Record record = read(Builder(true).build(tables)), straight = read(Builder(true).build(arbin_tables(50)));
  for (const char* name : {"test_time", "voltage", "aux_temperature_0"})
    for (std::size_t k = 0; k < 50; ++k) ASSERT_EQ(record.real(name)[k], straight.real(name)[k]) << name;
}

TEST(ArbinLayouts, SeveralTestsAreSaid) {
  const Record record = read(Builder(true).build(arbin_tables(20, true)));
  EXPECT_EQ(record.rows(), 20u);
  ASSERT_TRUE(warning(record, "D375"));
  EXPECT_NE(warning(record, "D375")->message.find("2 tests"), std::string::npos);
}

TEST(ArbinLayouts, AnEmptyTestIsAnEmptyRecord) {
  const Record record = read(Builder(true).build(arbin_tables(0)));
  EXPECT_EQ(record.rows(), 0u);
  EXPECT_TRUE(record.has("voltage"));
}

TEST(ArbinLayouts, AuxiliaryValuesWithoutARowAreCounted) {
  auto tables = arbin_tables(5);
  tables[1].rows.push_back({1.0, 77.0, 0.0, 1.0, 1.0, 0.0});
  const Record record = read(Builder(true).build(tables));
  ASSERT_TRUE(warning(record, "D376"));
  tables = arbin_tables(5);
  tables[1].rows.erase(tables[1].rows.begin() + 4); // point 3, temperature: missing stays missing
  EXPECT_TRUE(std::isnan(read(Builder(true).build(tables)).real("aux_temperature_0")[2]));
}

TEST(ArbinLayouts, OtherDatabasesAreRefusedByName) {
  auto tables = arbin_tables(5);
  tables.erase(tables.begin());
  const Diagnostic d = fault_of([&] { read(Builder(true).build(tables)); });
  EXPECT_EQ(d.code, "D374");
  EXPECT_NE(d.message.find("no results file of Arbin's"), std::string::npos);
  const std::string bytes = Builder(true).build(tables);
  EXPECT_EQ(fault_of([&] { jet::Database(bytes, "x").open("Channel_Normal_Table"); }).code, "D374");
}

std::string run(const std::string& command) {
  std::string out;
  std::FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return out;
  std::array<char, 4096> buffer{};
  while (const std::size_t n = std::fread(buffer.data(), 1, buffer.size(), pipe)) out.append(buffer.data(), n);
  ::pclose(pipe);
  return out;
}

TEST(ArbinLayouts, MdbtoolsReadsTheSame) {
  if (run("command -v mdb-export").empty()) GTEST_SKIP() << "mdb-export (Debian package mdbtools) is not installed";
  const TemporaryFolder folder;
  for (const bool jet4 : {true, false}) {
    SCOPED_TRACE(jet4 ? "Jet 4" : "Jet 3");
    const std::string bytes = Builder(jet4).build(arbin_tables(150));
    const auto path = folder.write("made.res", bytes);
    const jet::Database database(bytes, "made.res");
    for (const std::string name : {"Channel_Normal_Table", "Auxiliary_Table", "Global_Table", "Aux_Global_Data_Table"}) {
      const PlainTable theirs(run("mdb-export -Q '" + path.string() + "' " + name), ',');
      const jet::Table table = database.open(name);
      ASSERT_EQ(theirs.rows, table.stated_rows) << name;
      std::size_t row = 0;
      database.rows(table, [&](const jet::Row& r) {
        for (const jet::Column& column : table.columns) {
          const std::string& want = theirs.columns.at(column.name).at(row);
          if (static_cast<jet::Type>(column.type) == jet::Type::text)
            ASSERT_EQ(r.text(column), want) << name << " " << column.name << " " << row;
          else if (want.empty())
            ASSERT_TRUE(std::isnan(r.number(column))) << name << " " << column.name << " " << row;
          else
            ASSERT_NEAR(r.number(column), std::strtod(want.c_str(), nullptr), 1e-6) << name << " " << column.name << " " << row;
        }
        ++row;
      });
      ASSERT_EQ(row, theirs.rows) << name;
    }
  }
}

TEST(ArbinLayouts, LongRowsOfJet3) {
  // Offsets of one byte need a list of jumps from 256 bytes on; the lengths lie on both sides of every change.
  for (std::size_t length = 200; length <= 300; ++length) {
    auto tables = arbin_tables(1);
    const std::vector<std::string> texts{std::string(length / 2, 'a'), std::string(length, 'b'), std::string(length - 100, 'c')};
    tables[2].columns = {{"Test_ID", jet_builder::long_integer}, {"Test_Name", jet_builder::text}, {"Comments", jet_builder::text}, {"Creator", jet_builder::text}};
    tables[2].rows = {{1.0, texts[0], texts[1], texts[2]}};
    const Record record = read(Builder(false).build(tables));
    ASSERT_EQ(record.metadata.at("Test_Name"), texts[0]) << length;
    ASSERT_EQ(record.metadata.at("Comments"), texts[1]) << length;
    ASSERT_EQ(record.metadata.at("Creator"), texts[2]) << length;
  }
}

} // namespace
} // namespace platen::test

// Arbin's .res against the tables that were exported beside the real file, row by row and column by column.

#include "import/arbin/jet.hpp"
#include "import/arbin/res.hpp"
#include "text_files.hpp"

#include <cmath>
#include <fmt/format.h>
#include <set>

namespace platen::test {
namespace {

constexpr const char* real_file = "arbin/aux_multi_x.res";

PlainTable reference(const std::string& table) {
  return PlainTable(gunzip(shared("arbin/aux_multi_x." + table + ".csv.gz")), ',');
}

std::string unquoted(std::string text) {
  if (text.size() >= 2 && text.front() == '"') text = text.substr(1, text.size() - 2);
  return text;
}

/// Every field of every row of a table as the database holds it.
void expect_same_table(const jet::Database& database, const std::string& name) {
  const PlainTable expected = reference(name);
  const jet::Table table = database.open(name);
  ASSERT_EQ(table.columns.size(), expected.columns.size());
  EXPECT_EQ(table.stated_rows, expected.rows);
  std::size_t row = 0;
  const std::size_t damaged = database.rows(table, [&](const jet::Row& r) {
    ASSERT_LT(row, expected.rows);
    for (const jet::Column& column : table.columns) {
      const std::string want = unquoted(expected.columns.at(column.name).at(row));
      switch (static_cast<jet::Type>(column.type)) {
      case jet::Type::text:
        ASSERT_EQ(r.text(column), want) << column.name << " of row " << row;
        break;
      case jet::Type::single: // the export gives the shortest digits that are this float
        ASSERT_EQ(static_cast<float>(r.number(column)), std::strtof(want.c_str(), nullptr)) << column.name << " of row " << row;
        break;
      default: {
        const double value = std::strtod(want.c_str(), nullptr);
        ASSERT_NEAR(r.number(column), value, std::abs(value) * 1e-15) << column.name << " of row " << row;
      }
      }
    }
    ++row;
  });
  EXPECT_EQ(damaged, 0u);
  EXPECT_EQ(row, expected.rows);
}

TEST(ArbinDatabase, EveryFieldOfEveryTableAsExported) {
  NEEDS_SHARED_DATA(real_file);
  const std::string bytes = read_file(shared(real_file));
  const jet::Database database(bytes, "x.res");
  EXPECT_EQ(database.version(), "Jet 4 (Access 2000 to 2003)");
  EXPECT_EQ(database.names().size(), 12u);
  for (const std::string name : {"Channel_Normal_Table", "Auxiliary_Table", "Aux_Global_Data_Table", "Global_Table"}) {
    SCOPED_TRACE(name);
    expect_same_table(database, name);
  }
}

TEST(ArbinRes, EveryRowAndColumnOfTheRealFile) {
  NEEDS_SHARED_DATA(real_file);
  const Record record = read_measurement(shared(real_file));
  const PlainTable main = reference("Channel_Normal_Table");
  ASSERT_EQ(record.rows(), main.rows); // the last row too
  struct Pair {
    const char *ours, *theirs;
    double factor, offset;
    bool single = false;
  };
  for (const Pair& p : {Pair{"test_time", "Test_Time", 1, 0}, Pair{"step_time", "Step_Time", 1, 0},
                        Pair{"unix_time", "DateTime", 86400, -25569.0 * 86400}, Pair{"current", "Current", 1, 0, true},
                        Pair{"voltage", "Voltage", 1, 0, true}, Pair{"charging_capacity", "Charge_Capacity", 3600, 0},
                        Pair{"discharging_capacity", "Discharge_Capacity", 3600, 0},
                        Pair{"charge_energy", "Charge_Energy", 3600, 0}, Pair{"discharge_energy", "Discharge_Energy", 3600, 0},
                        Pair{"dv_dt", "dV/dt", 1, 0, true}, Pair{"internal_resistance", "Internal_Resistance", 1, 0, true},
                        Pair{"ac_impedance", "AC_Impedance", 1, 0, true}, Pair{"aci_phase_angle", "ACI_Phase_Angle", 1, 0, true},
                        Pair{"is_fc_data", "Is_FC_Data", 1, 0}, Pair{"data_point", "Data_Point", 1, 0}}) {
    ASSERT_TRUE(record.has(p.ours)) << p.ours;
    const auto ours = record.real(p.ours);
    for (std::size_t row = 0; row < main.rows; ++row) {
      const double want = main.number(p.theirs, row) * p.factor + p.offset;
      if (p.single)
        ASSERT_EQ(static_cast<float>(ours[row]), static_cast<float>(want)) << p.ours << " row " << row;
      else
        ASSERT_NEAR(ours[row], want, 1e-15 * std::abs(want) + (p.offset != 0 ? 1e-6 : 0)) << p.ours << " row " << row;
    }
  }
  for (const auto& [ours, theirs] : {std::pair("step_index", "Step_Index"), std::pair("cycle_count", "Cycle_Index")})
    for (std::size_t row = 0; row < main.rows; ++row) ASSERT_EQ(record.integer(ours)[row], main.number(theirs, row)) << ours;
}

TEST(ArbinRes, EveryAuxiliaryChannelOfTheRealFile) {
  NEEDS_SHARED_DATA(real_file);
  const Record record = read_measurement(shared(real_file));
  const PlainTable aux = reference("Auxiliary_Table"), main = reference("Channel_Normal_Table");
  std::map<double, std::size_t> row_of;
  for (std::size_t row = 0; row < main.rows; ++row) row_of[main.number("Data_Point", row)] = row;
  std::set<std::string> names;
  for (std::size_t k = 0; k < aux.rows; ++k) {
    const bool warm = aux.number("Data_Type", k) == 1;
    const std::string name = fmt::format("aux_{}_{:.0f}", warm ? "temperature" : "voltage", aux.number("Auxiliary_Index", k));
    names.insert(name);
    const double value = record.real(name)[row_of.at(aux.number("Data_Point", k))];
    ASSERT_EQ(static_cast<float>(warm ? value - 273.15 : value), static_cast<float>(aux.number("X", k))) << name << " " << k;
  }
  EXPECT_EQ(names.size(), 20u);
  for (const std::string& name : names) {
    EXPECT_EQ(record.find(name)->unit, name.find("temperature") != std::string::npos ? "K" : "V");
    for (const double v : record.real(name)) ASSERT_FALSE(std::isnan(v)) << name; // every row has every channel in this file
  }
}

TEST(ArbinRes, WhatElseTheRealFileSays) {
  NEEDS_SHARED_DATA(real_file);
  const Record record = read_measurement(shared(real_file));
  EXPECT_EQ(record.provenance.format, "Arbin .res, Jet 4 (Access 2000 to 2003), Results File 5.23");
  EXPECT_EQ(recognise(shared(real_file)), record.provenance.format);
  EXPECT_EQ(record.metadata.at("Test_Name"), "multi_aux");
  EXPECT_EQ(record.metadata.at("Schedule_File_Name"), "Basic_capacity_T25.sdu");
  ASSERT_EQ(record.events.size(), 4u);
  EXPECT_EQ(record.events.front().text, "Test start");
  EXPECT_NEAR(record.events.back().time, 20726.04994888238, 1e-9);
  for (const Diagnostic& d : record.warnings) EXPECT_TRUE(d.code == "D014" || d.code == "D024") << render(d);
  EXPECT_FALSE(warning(record, "D011")); // the clock of a resumed test goes on
}

TEST(ArbinRes, AMappingOfTheUserGoesFirst) {
  NEEDS_SHARED_DATA(real_file);
  ImportOptions options;
  options.cell.emplace();
  options.cell->columns = {{"Aux_Voltage_3", {"voltage", "V"}}};
  const Record record = read_measurement(shared(real_file), options);
  const Record plain = read_measurement(shared(real_file));
  EXPECT_EQ(record.real("voltage")[100], plain.real("aux_voltage_3")[100]);
}

TEST(ArbinRes, CutAtManyLengths) {
  NEEDS_SHARED_DATA(real_file);
  const std::string bytes = read_file(shared(real_file));
  const Record whole = read_res(bytes, "x.res", {}, {});
  std::size_t shorter = 0, refused = 0;
  for (std::size_t cut = 0; cut < 60; ++cut) {
    const std::size_t length = bytes.size() * cut / 60;
    try {
      const Record record = read_res(std::string_view(bytes).substr(0, length), "x.res", {}, {});
      ASSERT_LE(record.rows(), whole.rows());
      const bool says = warning(record, "D378") || warning(record, "D376") || record.rows() == whole.rows();
      EXPECT_TRUE(says) << "cut at " << length;
      if (record.rows() < whole.rows()) ++shorter;
      // What is there is what the whole file has.
      for (std::size_t row = 0; row < record.rows(); ++row) ASSERT_EQ(record.real("voltage")[row], whole.real("voltage")[row]);
    } catch (const Error& e) {
      EXPECT_NE(e.diagnostics().front().code.front(), 'B');
      ++refused;
    }
  }
  EXPECT_GT(shorter, 3u);
  EXPECT_GT(refused, 3u);
}

TEST(ArbinRes, RefusedByName) {
  const auto database = [](char version, std::string_view name = "Jet DB") {
    std::string bytes("\x00\x01\x00\x00Standard ", 13);
    bytes += name;
    bytes.resize(3 * 4096, '\0');
    bytes[0x14] = version;
    return bytes;
  };
  EXPECT_EQ(fault_of([&] { read_res("\x00\x01", "x.res", {}, {}); }).code, "D371");
  EXPECT_EQ(fault_of([&] { read_res(database(9, "ACE DB"), "x.res", {}, {}); }).code, "D372");
  EXPECT_NE(fault_of([&] { read_res(database(9, "ACE DB"), "x.res", {}, {}); }).message.find("version 9"), std::string::npos);
  EXPECT_EQ(fault_of([&] { read_res(database(1), "x.res", {}, {}); }).code, "D372"); // zeros deciphered are a key
  NEEDS_SHARED_DATA(real_file);
  std::string bytes = read_file(shared(real_file));
  bytes[0x3E] = static_cast<char>(bytes[0x3E] ^ 1);
  EXPECT_NE(fault_of([&] { read_res(bytes, "x.res", {}, {}); }).message.find("encrypted"), std::string::npos);
}

} // namespace
} // namespace platen::test

// Workbooks made by hand in the layouts of cyclers' programs: cells of every kind, dates of both systems, sheets that go on,
// auxiliary channels, and what is refused.

#include "import/xlsx/workbook.hpp"
#include "import/xlsx/xlsx.hpp"
#include "text_files.hpp"
#include "xlsx_builder.hpp"

#include <cmath>
#include <fmt/format.h>

namespace platen::test {
namespace {

using namespace xlsx_builder;

Record read(const Book& book, const ImportOptions& options = {}) { return read_xlsx(book.build(), "made.xlsx", options, {}); }

void expect_neware(const Record& record, std::size_t rows) {
  ASSERT_EQ(record.rows(), rows);
  for (std::size_t k = 0; k < rows; ++k) {
    const std::size_t point = k + 1;
    ASSERT_EQ(record.real("test_time")[k], 60.0 * double(k));
    ASSERT_EQ(record.real("current")[k], point % 4 == 1 ? 0.0 : point % 2 == 0 ? 5e-4 : -5e-4);
    ASSERT_EQ(record.real("voltage")[k], 3.5 + 0.125 * double(point % 8));
    ASSERT_EQ(record.integer("step_index")[k], 1 + int(point % 4));
    ASSERT_EQ(record.integer("cycle_count")[k], 1 + int(point / 8));
    ASSERT_EQ(record.integer("step_type")[k], int(point % 4 == 1   ? StepType::rest
                                                  : point % 2 == 0 ? StepType::cc_charge
                                                                   : StepType::cc_discharge));
    ASSERT_NEAR(record.real("step_capacity")[k], point % 4 == 1 ? 0.0 : point % 2 == 0 ? 0.9 : -0.9, 1e-12);
    ASSERT_NEAR(record.real("unix_time")[k], (45000.0 - 25569.0) * 86400 + 60.0 * double(k), 1e-6);
    ASSERT_EQ(record.real("aux_temperature_1")[k], 298.65);
  }
}

TEST(XlsxReader, NewareRecord) {
  const Book book{{{"unit", {{s("Current unit"), s("mA"), s("Voltage unit"), s("V")}}, {}},
                   {"test", {{s("Start time"), s("2023-03-15 00:00:00"), s("Barcode"), s("KIT-7")}, {s("Step Index"), s("Step Name")}, {n(1), s("Rest")}}, {}},
                   {"cycle", {{s("Cycle Index"), s("Chg. Cap.(mAh)"), s("DChg. Cap.(mAh)")}, {n(1), n(2), n(3)}}, {}},
                   {"step", {{s("Step Index"), s("Step Time"), s("Voltage(V)")}, {n(1), s("00:01:00"), n(3)}, {n(2), s("00:01:00"), n(3)}}, {}},
                   neware_record(40)}};
  const Record record = read(book);
  expect_neware(record, 40);
  EXPECT_EQ(record.provenance.format, "Neware XLSX");
  EXPECT_EQ(record.metadata.at("Barcode"), "KIT-7");
  EXPECT_EQ(record.metadata.at("Voltage unit"), "V");
  EXPECT_FALSE(record.metadata.contains("Step Index"));
  EXPECT_EQ(describe_xlsx(book.build(), "x"), "Neware XLSX, sheet `record`");
}

TEST(XlsxReader, OtherWaysToWriteTheSame) {
  Book book{{neware_record(40)}};
  book.references = false;
  expect_neware(read(book), 40);
  book.prefix = "x:";
  expect_neware(read(book), 40);
  book.packed = false;
  expect_neware(read(book), 40);
  book = {{neware_record(40)}};
  for (auto& row : book.sheets[0].rows)
    for (Cell& cell : row)
      if (cell.kind == Cell::Kind::shared) cell.kind = row[0].text == "7" ? Cell::Kind::formula_text : Cell::Kind::inlined;
      else if (row[0].text == "9" && cell.style == 0) cell.kind = Cell::Kind::inlined; // numbers written as text
  expect_neware(read(book), 40);
}

TEST(XlsxReader, ASheetThatGoesOnInTheNext) {
  expect_neware(read({{neware_record(25), neware_record(10, 26, "record1"), neware_record(5, 36, "record2")}}), 40);
  const Record other = read({{neware_record(40), neware_record(10, 1, "record1")}});
  expect_neware(other, 40);
  ASSERT_TRUE(warning(other, "D383"));
  EXPECT_NE(warning(other, "D383")->message.find("record1"), std::string::npos);
}

TEST(XlsxReader, AuxiliaryChannelsOfFurtherSheets) {
  Sheet temperature{"DetailTemp_67_1_3", {{s("Record ID"), s("Step Name"), s("Relative Time(h:min:s.ms)"), s("Auxiliary channel TU1 T(\xC2\xB0"
                                                                                                             "C)")}},
                    {}};
  for (const int point : {2, 1, 4, 99}) temperature.rows.push_back({n(point), s("Rest"), s("00:00:00"), n(20.5 + point)});
  Book book{{neware_record(5, 1, "Detail_67_1_3"), temperature}};
  const Record record = read(book);
  const auto values = record.real("auxiliary_channel_tu1_t");
  EXPECT_EQ(record.find("auxiliary_channel_tu1_t")->unit, "K");
  EXPECT_EQ(values[0], 21.5 + 273.15);
  EXPECT_EQ(values[1], 22.5 + 273.15);
  EXPECT_TRUE(std::isnan(values[2]));
  EXPECT_EQ(values[3], 24.5 + 273.15);
  book.sheets[0].rows[0][0] = s("Nr");
  EXPECT_TRUE(warning(read(book), "D384"));
}

TEST(XlsxReader, OldNewareHeadings) {
  const Book book{{{"Info_67_1", {{s("Test"), s("x")}}, {}},
                   {"Cycle_67_1", {{s("Cycle ID"), s("Cap_Chg(mAh)")}, {n(1), n(2)}}, {}},
                   {"Statis_67_1", {{s("Channel"), s("Step")}, {n(1), n(2)}}, {}},
                   {"Detail_67_1_3",
                    {{s("Record Index"), s("Status"), s("Cycle"), s("Step"), s("Cur(mA)"), s("Voltage(V)"), s("CapaCity(mAh)"),
                      s("Relative Time(h:min:s.ms)"), s("Absolute Time")},
                     {n(1), s("CC_Chg"), n(1), n(1), n(500), n(3.5), n(0), s("0:00:00.000"), s("2023-01-02 03:04:05")},
                     {n(2), s("CC_Chg"), n(1), n(1), n(500), n(3.6), n(0.1), s("0:00:10.000"), s("2023-01-02 03:04:15")},
                     {n(3), s("CC_DChg"), n(1), n(2), n(-500), n(3.4), n(0.1), s("0:00:05.000"), s("2023-01-02 03:04:20")}},
                    {}}}};
  const Record record = read(book);
  EXPECT_EQ(record.rows(), 3u);
  EXPECT_EQ(record.real("voltage")[2], 3.4);
  EXPECT_EQ(record.real("test_time")[2] - record.real("test_time")[0], 15.0); // step time is not taken for test time
  EXPECT_EQ(record.real("step_time")[2], 5.0);
}

Sheet arbin_channel(std::string name, std::size_t first, std::size_t rows) {
  Sheet out{std::move(name),
            {{s("Data_Point"), s("Test_Time(s)"), s("Date_Time"), s("Step_Time(s)"), s("Step_Index"), s("Cycle_Index"), s("Current(A)"),
              s("Voltage(V)"), s("Charge_Capacity(Ah)"), s("Discharge_Capacity(Ah)"), s("Charge_Energy(Wh)"), s("dV/dt(V/s)"),
              s("Internal_Resistance(Ohm)"), s("Aux_Temperature_1(C)")}},
            {}};
  for (std::size_t k = first; k < first + rows; ++k)
    out.rows.push_back({n(double(k)), n(10.0 * double(k)), n(43000.5 + double(k) / 8640, 1), n(double(k)), n(1), n(1), n(-0.25), n(3.25),
                        n(0.5 * double(k)), n(0.25), n(1), n(0.125), n(0.0625), n(30)});
  return out;
}

TEST(XlsxReader, ArbinChannelOverSeveralSheets) {
  const Book book{{{"Global_Info",
                    {{none(), s("TEST REPORT")},
                     {none(), none()},
                     {none(), s("Channel"), s("Start DateTime"), s("Schedule File Name"), s("Comments")},
                     {none(), n(8), n(43000.5, 1), s("ramp.sdu"), s("LPSCl, 5 MPa")}},
                    {}},
                   arbin_channel("Channel_1_1", 1, 30), arbin_channel("Channel_1_2", 31, 12),
                   {"Statistics_1", arbin_channel("x", 1, 2).rows, {}}}};
  const Record record = read(book);
  ASSERT_EQ(record.rows(), 42u);
  for (std::size_t k = 0; k < 42; ++k) {
    ASSERT_EQ(record.real("test_time")[k], 10.0 * double(k + 1));
    ASSERT_NEAR(record.real("unix_time")[k], (43000.5 - 25569.0) * 86400 + 10.0 * double(k + 1), 1e-5);
  }
  EXPECT_EQ(record.real("current")[5], -0.25);
  EXPECT_EQ(record.real("charging_capacity")[41], 0.5 * 42 * 3600);
  EXPECT_EQ(record.real("internal_resistance")[0], 0.0625);
  EXPECT_EQ(record.real("aux_temperature_1")[0], 303.15);
  EXPECT_EQ(record.provenance.format, "Arbin XLSX");
  EXPECT_EQ(record.metadata.at("Schedule File Name"), "ramp.sdu");
  EXPECT_EQ(record.metadata.at("Comments"), "LPSCl, 5 MPa");
  EXPECT_FALSE(warning(record, "D383"));
  const Record two = read({{arbin_channel("Channel_1_1", 1, 30), arbin_channel("Channel_2_1", 1, 12)}});
  EXPECT_EQ(two.rows(), 30u);
  EXPECT_TRUE(warning(two, "D383"));
}

TEST(XlsxReader, LandtRecordTab) {
  const Book book{{{"Cycle-Tab", {{s("Cycle"), s("Cap/mAh")}, {n(1), n(2)}}, {}},
                   {"Step-Tab", {{s("Step"), s("Period/Sec")}, {n(1), n(2)}}, {}},
                   {"Record-Tab",
                    {{s("Record"), s("Cycle-Index"), s("Step-Index"), s("TestTime/Sec."), s("StepTime/Sec."), s("Voltage/V"), s("Current/mA"), s("Capacity/mAh"), s("SysTime"), s("Status")},
                     {n(1), n(1), n(1), n(0), n(0), n(2.9), n(0), n(0), s("2024-04-30 14:33:19"), s("Rest")},
                     {n(2), n(1), n(1), n(15), n(15), n(2.91), n(0), n(0), s("2024-04-30 14:33:34"), s("Rest")},
                     {n(3), n(1), n(2), n(30), n(15), n(3.0), n(1.5), n(0.1), s("2024-04-30 14:33:49"), s("CCC")},
                     {n(4), n(1), n(3), n(45), n(15), n(3.0), n(1.5), n(0.1), s("2024-04-30 14:34:04"), s("CCD")}},
                    {}}}};
  const Record record = read(book);
  EXPECT_EQ(record.rows(), 4u);
  EXPECT_EQ(record.real("test_time")[2], 30.0);
  EXPECT_EQ(record.integer("step_type")[2], int(StepType::cc_charge));
  EXPECT_EQ(record.real("current")[3], -1.5e-3); // without signs in the file, the state says which way
  EXPECT_EQ(record.real("current")[2], 1.5e-3);
  EXPECT_EQ(record.integer("step_index")[2], 2);
  EXPECT_EQ(record.real("unix_time")[0], 1714487599.0) << "2024-04-30 14:33:19";
  EXPECT_EQ(record.provenance.format, "Landt XLSX");
}

TEST(XlsxReader, LandtStatesOfARate) {
  const Book book{{{"Record-Tab",
                    {{s("Record"), s("TestTime/Sec"), s("StepTime/Sec"), s("Current/mA"), s("Voltage/V"), s("SysTime"), s("Cycle-Index"), s("Step-Index"), s("Step-State")},
                     {n(1), n(0), n(0), n(0), n(2.8), s("2021-02-25 13:41:24"), n(1), n(1), s("R")},
                     {n(2), n(120), n(0), n(-0.5), n(2.7), s("2021-02-25 13:43:24"), n(1), n(2), s("RateD")},
                     {n(3), n(240), n(0), n(0.5), n(2.9), s("2021-02-25 13:45:24"), n(1), n(3), s("RateC")}},
                    {}}}};
  const Record record = read(book);
  const std::vector<std::int32_t> types{int(StepType::rest), int(StepType::cc_discharge), int(StepType::cc_charge)};
  ASSERT_TRUE(record.has("step_type"));
  EXPECT_TRUE(std::equal(types.begin(), types.end(), record.integer("step_type").begin()));
  EXPECT_EQ(record.real("current")[1], -0.5e-3);
  EXPECT_EQ(record.real("unix_time")[2] - record.real("unix_time")[0], 240.0);
}

TEST(XlsxReader, DatesOfBothSystemsAndTimesOnTheClock) {
  for (const bool from_1904 : {false, true}) {
    const double shift = from_1904 ? 1462.0 : 0.0;
    Book book{{{"Sheet1",
                {{s("Zeit"), s("Date"), s("Time"), s("Voltage (V)"), s("Current (A)")},
                 {s("a"), n(45371.377349537041 - shift, 1), n(0.5, 2), n(1), n(2)},
                 {s("b"), n(45371.377465277778 - shift, 3), n(1.25, 2), n(1), n(2)},
                 {s("c"), n(45372.0 - shift, 3), n(6.0 + 1.5 / 86400, 2), n(1), n(2)}},
                {}}},
              from_1904};
    const Record record = read(book);
    EXPECT_NEAR(record.real("test_time")[1], 30 * 3600.0, 1e-6);
    EXPECT_NEAR(record.real("test_time")[2], 144 * 3600.0 + 1.5, 1e-6);
    EXPECT_NEAR(record.real("unix_time")[0], 1710925403.0, 1e-6); // 2024-03-20 09:03:23
    EXPECT_NEAR(record.real("unix_time")[1], 1710925413.0, 1e-6);
    EXPECT_NEAR(record.real("unix_time")[2], 1710979200.0, 1e-6); // midnight
  }
}

TEST(XlsxReader, WhatNumberFormatsShow) {
  using xlsx::shown_by;
  using xlsx::Shown;
  for (const char* code : {"yyyy-mm-dd", "d/m/yy h:mm", "[$-409]m/d/yy h:mm AM/PM;@", "yyyy\"y\"mm", "dd\\.mm\\.yyyy"})
    EXPECT_EQ(shown_by(code), Shown::date) << code;
  for (const char* code : {"[h]:mm:ss", "mm:ss.0", "h:mm", "[Red]hh:mm:ss", "[mm]:ss"}) EXPECT_EQ(shown_by(code), Shown::duration) << code;
  for (const char* code : {"General", "0.00E+00", "#,##0.00\" days\"", "[Red]0.0;[Blue]-0.0", "0.0_d", "\\d0", "0;\"d\"0", "", "@"})
    EXPECT_EQ(shown_by(code), Shown::number) << code;
}

TEST(XlsxReader, MissingCellsStayMissing) {
  Book book{{neware_record(12)}};
  book.sheets[0].rows[3][10] = none(); // T1, the last column
  book.sheets[0].rows[4][8] = none();  // capacity, in the middle
  book.sheets[0].rows[5][7] = none();  // voltage: the row is refused
  book.sheets[0].rows[6][7] = {Cell::Kind::xml, "<c r=\"H7\" t=\"e\"><v>#DIV/0!</v></c>", 0};
  const Record record = read(book);
  ASSERT_EQ(record.rows(), 10u);
  EXPECT_TRUE(std::isnan(record.real("aux_temperature_1")[2]));
  EXPECT_TRUE(std::isnan(record.real("step_capacity")[3]));
  ASSERT_EQ(record.rejects.size(), 2u);
  EXPECT_EQ(record.rejects[0].place.line, 6u); // the row's own number
  EXPECT_EQ(record.rejects[1].place.line, 7u);
  EXPECT_NE(record.rejects[1].reason.find("#DIV/0!"), std::string::npos);
}

TEST(XlsxReader, RowsThatAreNotThereAreCounted) {
  Book book{{neware_record(12)}};
  for (std::size_t k = 0; k < 13; ++k) book.sheets[0].numbers.push_back(k == 0 ? 4 : 6 + 2 * k);
  book.sheets[0].rows[12][7] = s("broken");
  const Record record = read(book);
  EXPECT_EQ(record.rows(), 11u);
  ASSERT_EQ(record.rejects.size(), 1u);
  EXPECT_EQ(record.rejects[0].place.line, 30u);
}

TEST(XlsxReader, DecimalCommasInTexts) {
  Book book{{{"Tabelle1", {{s("time/s"), s("Ewe/V"), s("I/mA")}}, {}}}};
  for (int k = 0; k < 5; ++k) book.sheets[0].rows.push_back({n(k + 0.5), s(fmt::format("3,{}", 125 + k)), s(fmt::format("-0,{}5", k))});
  const Record record = read(book);
  EXPECT_EQ(record.real("voltage")[1], 3.126);
  EXPECT_EQ(record.real("current")[2], -0.25e-3);
  EXPECT_EQ(record.real("test_time")[3], 3.5);
}

TEST(XlsxReader, BooleansTextsAndReferences) {
  const Book book{{{"S", {{s("time/s"), s("Ewe/V"), in("a<b & c/V"), s("\"on\"")}, {n(0), n(1), n(5), {Cell::Kind::boolean, "1", 0}}, {n(1), n(1), n(6), {Cell::Kind::boolean, "0", 0}}}, {}}}};
  const Record record = read(book);
  EXPECT_EQ(record.real("on")[0], 1.0);
  EXPECT_EQ(record.real("on")[1], 0.0);
  EXPECT_EQ(record.real("a_b_c")[1], 6.0);
}

TEST(XlsxReader, AMappingMakesASheetOfMeasuredRows) {
  const Book book{{{"Blatt", {{s("Zeitpunkt"), s("Spg")}, {n(0), n(3500)}, {n(2), n(3600)}}, {}}}};
  EXPECT_EQ(fault_of([&] { read(book); }).code, "D381");
  ImportOptions options;
  options.cell.emplace();
  options.cell->columns = {{"Zeitpunkt", {"test_time", "s"}}, {"Spg", {"voltage", "mV"}}};
  const Record record = read(book, options);
  EXPECT_EQ(record.real("voltage")[1], 3.6);
}

TEST(XlsxReader, RefusedByName) {
  EXPECT_EQ(fault_of([] { read_xlsx("PK\x03\x04", "x", {}, {}); }).code, "D030");
  const std::string empty = ndax_builder::zip({{"photo.jpg", "x"}});
  EXPECT_EQ(fault_of([&] { read_xlsx(empty, "x", {}, {}); }).code, "D380");
  const Diagnostic binary = fault_of([] { read_xlsx(ndax_builder::zip({{"xl/workbook.bin", "x"}}), "x", {}, {}); });
  EXPECT_EQ(binary.code, "D380");
  EXPECT_NE(binary.hints.front().find(".xlsb"), std::string::npos);
  EXPECT_EQ(fault_of([] { read_xlsx(ndax_builder::zip({{"xl/workbook.xml", "<a"}}), "x", {}, {}); }).code, "D382");
  Book book{{neware_record(3)}};
  book.sheets[0].rows[1][0] = {Cell::Kind::xml, "<c r=\"A2\"><v>1</v", 0};
  const Record cut = read(book); // the tag goes on until some `>`
  EXPECT_LE(cut.rows(), 3u);
}

TEST(XlsxReader, BombsAreRefused) {
  std::string rows = "<worksheet><sheetData>";
  rows += std::string(70 << 20, ' ');
  ndax_builder::Members members{{"xl/workbook.xml", "<workbook><sheets><sheet name=\"record\" r:id=\"a\"/></sheets></workbook>"},
                                {"xl/_rels/workbook.xml.rels", "<Relationships><Relationship Id=\"a\" Target=\"worksheets/s.xml\"/></Relationships>"},
                                {"xl/worksheets/s.xml", rows}};
  EXPECT_EQ(fault_of([&] { read_xlsx(ndax_builder::zip(members), "x", {}, {}); }).code, "D032");
  members.back().second = "<worksheet a=\"" + std::string(10 << 20, 'x') + "\">"; // a tag without an end worth the name
  EXPECT_EQ(fault_of([&] { read_xlsx(ndax_builder::zip(members), "x", {}, {}); }).code, "D382");
}

TEST(XlsxReader, WideSparseRowsStayCheap) {
  Book book{{neware_record(200)}};
  for (int k = 0; k < 3000; ++k) book.sheets[0].rows[0].push_back(s("c" + std::to_string(k)));
  for (std::size_t k = 1; k <= 200; ++k)
    book.sheets[0].rows[k].push_back({Cell::Kind::xml, fmt::format("<c r=\"{}{}\"><v>1</v></c>", letters(3010), k + 1), 0});
  const Diagnostic d = fault_of([&] { read(book); }); // rows of a dozen cells are no rows of three thousand columns
  EXPECT_EQ(d.code, "D006");
  EXPECT_NE(d.message.find("fields instead of"), std::string::npos) << d.message;
}

TEST(XlsxReader, TheListOfExperimentsIsNoMeasurement) {
  NEEDS_SHARED_DATA("neware_text/Experiment_Record.xlsx");
  const Diagnostic d = fault_of([] { read_measurement(shared("neware_text/Experiment_Record.xlsx")); });
  EXPECT_EQ(d.code, "D381");
  EXPECT_NE(d.hints.front().find("Chemistry"), std::string::npos);
}

} // namespace
} // namespace platen::test

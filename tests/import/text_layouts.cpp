// Exports written here on purpose: layouts, clocks, signs, mappings, refused lines.

#include "text_files.hpp"

#include <cmath>

namespace platen::test {
namespace {

Record read(std::string_view text, const ImportOptions& options = {}) {
  const TemporaryFolder folder;
  return read_measurement(folder.write("cell.txt", text), options);
}

ImportOptions with(CellInfo cell, std::map<std::string, ColumnMapping> columns = {}) {
  ImportOptions out;
  out.cell.emplace();
  out.cell->cell = std::move(cell);
  out.cell->columns = std::move(columns);
  return out;
}

std::vector<double> column(const Record& record, std::string_view name) {
  const auto values = record.real(name);
  return {values.begin(), values.end()};
}

TEST(TextLayouts, OneTestInManyDialectsIsOneRecord) {
  const std::vector<double> t{0, 10, 20}, u{0.1, 0.1125, 0.12}, i{0.4e-3, 0.4e-3, -0.4e-3};
  const char* texts[] = {
      "time/s,Ewe/V,I/mA\n0,0.1,0.4\n10,0.1125,0.4\n20,0.12,-0.4\n",
      "time/s;Ewe/V;I/mA\r\n0;0,1;0,4\r\n10;0,1125;0,4\r\n20;0,12;-0,4",
      "time/s\tEwe/V\tI/"
      "mA\t\r\n0,0E+000\t1,000E-001\t4,0E-001\t\r\n1,0E+001\t1,125E-001\t4,0E-001\t\r\n2,0E+001\t1,2E-001\t-"
      "4,0E-001\t\r\n",
      "Time (min)  Voltage (mV)  Current (A)\n0  100  4e-4\n0.16666666666666666  112.5  "
      "4e-4\n0.3333333333333333  120  -4e-4\n",
      "Time,Voltage,Current\ns,V,mA\n0,0.1,0.4\n10,0.1125,0.4\n20,0.12,-0.4\n",
      "\xEF\xBB\xBF\"Test Time (s)\";\"U [V]\";\"I "
      "[mA]\"\n\"0\";\"0,1\";\"0,4\"\n\"10\";\"0,1125\";\"0,4\"\n\"20\";\"0,12\";\"-0,4\"\n",
      "a comment\nOperator: x\n\nTotal "
      "Time\tVoltage(V)\tCurrent(mA)\n0:00:00\t0.1\t0.4\n0:00:10\t0.1125\t0.4\n0:00:20\t0.12\t-0.4\n",
      "Date,Voltage / V,Current / mA,n\n2024-05-17 10:00:00,0.1,0.4,1\n2024-05-17 "
      "10:00:10,0.1125,0.4,2\n2024-05-17 10:00:20,0.12,-0.4,3\n",
      "Date;Time;U/V;I/"
      "mA\n17.05.2024;23:59:50;0,1;0,4\n18.05.2024;00:00:00;0,1125;0,4\n18.05.2024;00:00:10;0,12;-0,4\n",
      "time/s,Ewe/V,I/mA\r0,0.1,0.4\r10,0.1125,0.4\r20,0.12,-0.4\r",
  };
  for (const char* text : texts) {
    const Record record = read(text);
    ASSERT_EQ(record.rows(), 3u) << text;
    for (std::size_t k = 0; k < 3; ++k) {
      EXPECT_NEAR(record.real("test_time")[k], t[k], 1e-12) << text;
      EXPECT_NEAR(record.real("voltage")[k], u[k], 1e-15) << text;
      EXPECT_NEAR(record.real("current")[k], i[k], 1e-18) << text;
    }
  }
}

TEST(TextLayouts, Utf16IsTheSame) {
  const std::string ascii = "time/s\tEwe/V\tI/\xB5"
                            "A\n0\t0.1\t400\n10\t0.2\t400\n";
  std::string wide = "\xFF\xFE";
  for (const char c : ascii) wide += std::string{c, '\0'};
  const Record record = read(wide);
  EXPECT_EQ(column(record, "voltage"), (std::vector<double>{0.1, 0.2}));
  EXPECT_NEAR(record.real("current")[0], 400e-6, 1e-18);
  EXPECT_EQ(column(read(ascii), "voltage"), column(record, "voltage"));
}

TEST(TextLayouts, TotalTimeGoesBeforeStepTime) {
  const Record record = read(
      "Step Index,Time,Total Time,Voltage(V),Current(mA)\n1,00:00:00,00:00:00,3,0\n1,00:00:10,00:00:10,3,0\n"
      "2,00:00:00,00:00:10,3,1\n2,00:00:10,00:00:20,3,1\n");
  EXPECT_EQ(column(record, "test_time"), (std::vector<double>{0, 10, 10, 20}));
  EXPECT_EQ(column(record, "step_time"), (std::vector<double>{0, 10, 0, 10}));
}

TEST(TextLayouts, StepTimeAloneIsPutEndToEnd) {
  const Record record = read("Step "
                             "Index,Time(s),Voltage(V),Current(mA)\n1,0,3,0\n1,10,3,0\n2,0,3,1\n2,10,3,1\n2,"
                             "12,3,1\n1,0,3,0\n1,10,3,0\n");
  EXPECT_EQ(column(record, "test_time"), (std::vector<double>{0, 10, 10, 20, 22, 22, 32}));
  EXPECT_EQ(column(record, "step_time"), (std::vector<double>{0, 10, 0, 10, 12, 0, 10}));
  EXPECT_NE(warning(record, "D016"), nullptr);
  EXPECT_EQ(warning(record, "D011"), nullptr);
}

TEST(TextLayouts, PausesBetweenStepsComeFromTheDates) {
  const Record record = read("Step Index,Step Time(s),Date,Voltage(V),Current(mA)\n1,0,2024-05-17 "
                             "10:00:00,3,0\n1,10,2024-05-17 10:00:10,3,0\n"
                             "2,0,2024-05-17 10:05:00,3,1\n2,10,2024-05-17 10:05:10,3,1\n");
  EXPECT_EQ(column(record, "test_time"), (std::vector<double>{0, 10, 300, 310}));
}

TEST(TextLayouts, TimeRunningBackwardsIsReportedAndKept) {
  const Record record =
      read("test_time_s,voltage_V,current_A,x\n0,3,1,1\n100,3,1,1\n200,3,1,1\n50,3,1,1\n300,3,1,1\n");
  EXPECT_EQ(column(record, "test_time"), (std::vector<double>{0, 100, 200, 50, 300}));
  ASSERT_NE(warning(record, "D011"), nullptr);
  EXPECT_EQ(warning(record, "D011")->place->line, 5u);
}

TEST(TextLayouts, RefusedLinesAreListedWithTheirPlace) {
  const Record record = read("time/s,Ewe/V,I/"
                             "mA,note\n0,0.1,0.4,1\n10,oops,0.4,1\n20,0.1,0.4,1\n\n30,,0.4,1\n40,0.1,0.4,1,"
                             "7\n50,0.1\n60,0.1,0.4,x\n70,0.1,0.4,1");
  EXPECT_EQ(column(record, "test_time"), (std::vector<double>{0, 20, 60, 70}));
  std::vector<std::pair<std::size_t, std::size_t>> places;
  for (const Diagnostic& d : record.warnings)
    if (d.code == "D010") places.emplace_back(d.place->line, d.place->column);
  EXPECT_EQ(places, (std::vector<std::pair<std::size_t, std::size_t>>{{3, 4}, {6, 4}, {7, 14}, {8, 7}}));
  EXPECT_NE(warning(record, "D010")->message.find("4 of 8 lines refused"), std::string::npos)
      << warning(record, "D010")->message;
  EXPECT_TRUE(std::isnan(record.real("note")[2]));
  ASSERT_NE(warning(record, "D012"), nullptr);
  EXPECT_EQ(warning(record, "D012")->place->line, 9u);
}

TEST(TextLayouts, OnlyTheFirstRefusedLinesAreShownAllAreCounted) {
  std::string text = "time/s,Ewe/V,I/mA\n0,0.1,0.4\n1,0.1,0.4\n";
  for (int i = 0; i < 100; ++i) text += "x,y,z\n";
  const Record record = read(text);
  EXPECT_EQ(std::count_if(record.warnings.begin(), record.warnings.end(),
                          [](const Diagnostic& d) { return d.code == "D010"; }),
            5);
  EXPECT_NE(warning(record, "D010")->message.find("100 of 102"), std::string::npos);
}

TEST(TextLayouts, ALastLineCutShortIsRefusedAWholeOneIsKept) {
  EXPECT_EQ(read("time/s,Ewe/V,I/mA,Ns\n0,0.1,0.4,1\n10,0.1,0.4,1").rows(), 2u);
  const Record cut = read("time/s,Ewe/V,I/mA,Ns\n0,0.1,0.4,1\n10,0.1,0.4");
  EXPECT_EQ(cut.rows(), 1u);
  EXPECT_NE(warning(cut, "D010"), nullptr);
}

TEST(TextLayouts, NothingUsableShowsTheGuess) {
  // Decimal commas between commas.
  const Diagnostic d = fault_of([] { read("time/s,Ewe/V,I/mA\n0,5,1,25,0,4\n1,5,1,25,0,4\n"); });
  EXPECT_EQ(d.code, "D006");
  ASSERT_EQ(d.hints.size(), 3u);
  EXPECT_NE(d.hints[0].find("comma between fields"), std::string::npos) << d.hints[0];
  EXPECT_NE(d.hints[0].find("headings on line 1"), std::string::npos) << d.hints[0];
  EXPECT_NE(d.hints[2].find("decimal commas"), std::string::npos);
  EXPECT_EQ(d.place->line, 2u);
}

TEST(TextLayouts, NoTimeOrNoMeasurementSaysSo) {
  const Diagnostic no_time = fault_of([] { read("n,Ewe/V,I/mA\n0,0.1,0.4\n1,0.1,0.4\n"); });
  EXPECT_EQ(no_time.code, "D007");
  EXPECT_NE(no_time.message.find("time"), std::string::npos);
  const Diagnostic no_voltage = fault_of([] { read("time/s,a,b\n0,0.1,0.4\n1,0.1,0.4\n"); });
  EXPECT_EQ(no_voltage.code, "D007");
  EXPECT_NE(no_voltage.message.find("voltage"), std::string::npos);
}

TEST(TextLayouts, AMappingNamesColumnsAndUnits) {
  const Record record =
      read("a,b,c\n0,100,0.4\n1,200,0.4\n",
           with({}, {{"a", {"test_time", "h"}}, {"b", {"voltage", "mV"}}, {"c", {"current", "mA"}}}));
  EXPECT_EQ(column(record, "test_time"), (std::vector<double>{0, 3600}));
  EXPECT_EQ(column(record, "voltage"), (std::vector<double>{0.1, 0.2}));
  EXPECT_EQ(column(record, "current"), (std::vector<double>{0.4e-3, 0.4e-3}));
}

TEST(TextLayouts, AMappingGoesBeforeTheHeading) {
  const Record record =
      read("time/s,Ewe/V,Ece/V,I/mA\n0,1,2,0\n1,1,2,0\n", with({}, {{"Ece/V", {"voltage", ""}}}));
  EXPECT_EQ(column(record, "voltage"), (std::vector<double>{2, 2}));
  EXPECT_EQ(column(record, "ewe"), (std::vector<double>{1, 1}));
}

TEST(TextLayouts, AMappingNamesColumnsWithoutAHeader) {
  const Record record =
      read("0,100\n1,200\n", with({}, {{"column 1", {"test_time", "s"}}, {"column 2", {"voltage", "mV"}}}));
  EXPECT_EQ(column(record, "voltage"), (std::vector<double>{0.1, 0.2}));
}

TEST(TextLayouts, AMappingThatDoesNotFitIsRefused) {
  const char* text = "time/s,Ewe/V,x\n0,1,2\n1,1,2\n";
  const Diagnostic missing = fault_of([&] { read(text, with({}, {{"Ewe/W", {"voltage", ""}}})); });
  EXPECT_EQ(missing.code, "D008");
  EXPECT_EQ(missing.hints.front(), "did you mean `Ewe/V`?");
  EXPECT_EQ(fault_of([&] { read(text, with({}, {{"x", {"voltage", ""}}})); }).code, "D009");
  EXPECT_EQ(fault_of([&] { read(text, with({}, {{"x", {"voltage", "A"}}})); }).code, "D009");
}

TEST(TextLayouts, AConstantCurrentComesFromTheCellFile) {
  CellInfo cell;
  cell.current = 1e-3;
  EXPECT_EQ(column(read("time/s,Ewe/V\n0,1\n1,1\n", with(cell)), "current"),
            (std::vector<double>{1e-3, 1e-3}));
  const Record own = read("time/s,Ewe/V,I/mA\n0,1,5\n1,1,5\n", with(cell));
  EXPECT_EQ(column(own, "current"), (std::vector<double>{5e-3, 5e-3}));
  EXPECT_NE(warning(own, "D017"), nullptr);
  const Record none = read("time/s,Ewe/V\n0,1\n1,1\n");
  EXPECT_FALSE(none.has("current"));
  EXPECT_NE(warning(none, "D018"), nullptr);
}

TEST(TextLayouts, UnsignedCurrentsGetTheirSign) {
  const Record record =
      read("Test Time/s\tState\tAmps\tVolts\n0\tR\t0\t3\n1\tC\t0.5\t3\n2\tD\t0.5\t3\n3\tD\t0.5\t3\n");
  EXPECT_EQ(column(record, "current"), (std::vector<double>{0, 0.5, -0.5, -0.5}));
  EXPECT_NE(warning(record, "D022"), nullptr);
}

TEST(TextLayouts, PressureInAnyUnit) {
  CellInfo cell;
  cell.area = 1e-4;
  const std::pair<const char*, double> headings[] = {
      {"Pressure/MPa", 5e6}, {"Pressure (kPa)", 5e3},     {"pressure_bar", 5e5},
      {"Force (N)", 5e4},    {"Load/kgf", 5 * 9.80665e4}, {"Load [lbf]", 5 * 4.4482216152605e4}};
  for (const auto& [heading, expected] : headings) {
    const Record record =
        read(std::string("time/s,Ewe/V,I/mA,") + heading + "\n0,1,1,5\n1,1,1,5\n", with(cell));
    EXPECT_DOUBLE_EQ(record.real("stack_pressure")[0], expected) << heading;
  }
  const Record force = read("time/s,Ewe/V,I/mA,Force (N)\n0,1,1,5\n1,1,1,5\n");
  EXPECT_FALSE(force.has("stack_pressure"));
  EXPECT_EQ(column(force, "force"), (std::vector<double>{5, 5}));
  EXPECT_NE(warning(force, "D023"), nullptr);
}

TEST(TextLayouts, AuxiliaryChannelsAreKeptWordsAreNamed) {
  const Record record =
      read("time/s,Ewe/V,I/mA,T1(degC),T2(degC),Note,Ewe/V\n0,1,1,25,26,ok,9\n1,1,1,25,26,ok,9\n");
  EXPECT_DOUBLE_EQ(record.real("aux_temperature_1")[0], 298.15);
  EXPECT_DOUBLE_EQ(record.real("aux_temperature_2")[0], 299.15);
  EXPECT_EQ(column(record, "ewe"), (std::vector<double>{9, 9})); // the second of two equal headings
  ASSERT_NE(warning(record, "D014"), nullptr);
  EXPECT_NE(warning(record, "D014")->message.find("`Note`"), std::string::npos);
}

TEST(TextLayouts, DatesThatCouldBeTurnedAroundAreSaid) {
  const char* text = "Date,Ewe/V,I/mA\n05/06/2024 10:00:00,1,1\n05/06/2024 10:00:10,1,1\n";
  const Record us = read(text);
  EXPECT_NE(warning(us, "D015"), nullptr);
  EXPECT_EQ(us.real("unix_time")[0], 1714989600.0); // May 6
  const Record de = read("Date;Ewe/V;I/mA\n05.06.2024 10:00:00;1;1\n05.06.2024 10:00:10;1;1\n");
  EXPECT_EQ(de.real("unix_time")[0], 1717581600.0); // June 5
  const Record sure = read("Date,Ewe/V,I/mA\n31/05/2024 23:59:50,1,1\n01/06/2024 00:00:00,1,1\n");
  EXPECT_EQ(warning(sure, "D015"), nullptr);
  EXPECT_EQ(column(sure, "test_time"), (std::vector<double>{0, 10}));
}

TEST(TextLayouts, ALoopFileThatDoesNotFitIsNotUsed) {
  const TemporaryFolder folder;
  const auto data = folder.write("a.txt", "time/s,Ewe/V,I/mA\n0,1,1\n1,1,1\n2,1,1\n");
  folder.write("a_LOOP.txt", "VMP EXPERIMENT LOOP INDEXES\n0\n700\n");
  const Record record = read_measurement(data);
  EXPECT_FALSE(record.has("cycle_count"));
  EXPECT_NE(warning(record, "D019"), nullptr);
  folder.write("a_LOOP.txt", "VMP EXPERIMENT LOOP INDEXES\n0\n2\n");
  const Record good = read_measurement(data);
  EXPECT_EQ(good.integer("cycle_count")[1], 1);
  EXPECT_EQ(good.integer("cycle_count")[2], 2);
}

TEST(TextLayouts, LoopsCountRefusedLinesToo) {
  const TemporaryFolder folder;
  const auto data = folder.write("a.txt", "time/s,Ewe/V,I/mA\n0,1,1\nx,1,1\n2,1,1\n3,1,1\n");
  folder.write("a_LOOP.txt", "VMP EXPERIMENT LOOP INDEXES\n0\n2\n");
  const Record record = read_measurement(data);
  EXPECT_EQ(record.integer("cycle_count")[0], 1);
  EXPECT_EQ(record.integer("cycle_count")[1], 2);
}

TEST(TextLayouts, AStopIsObeyed) {
  const std::atomic<bool> stop{true};
  work::Task task;
  task.stop = &stop;
  std::string text = "time/s,Ewe/V,I/mA\n";
  for (int i = 0; i < 70000; ++i) text += std::to_string(i) + ",1,1\n";
  const TemporaryFolder folder;
  EXPECT_THROW(read_measurement(folder.write("a.txt", text), {}, task), Cancelled);
}

} // namespace
} // namespace platen::test

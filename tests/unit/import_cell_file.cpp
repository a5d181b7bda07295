#include "../import/text_files.hpp"

#include "import/cell_file.hpp"

namespace platen {
namespace {

TEST(ImportCellFile, ReadsEverything) {
  const test::TemporaryFolder folder;
  const auto path = folder.write("cell.toml", R"(name = "A12"
configuration = "symmetric"
electrolyte = "LPSCl"
fixture = "fixed gap"
area = "0.785 cm2"
electrolyte_mass = "75 mg"
contact_hold_temperature = "25 degC"
current = "-0.4 mA"

[columns]
"Ewe/V" = { column = "voltage", unit = "mV" }
"DMS 1" = "stack_pressure"

[pressure_log]
file = "load.csv"
unit = "lbf"
zero = "0.3 lbf"
clock_offset = "-10 s"
[pressure_log.columns]
"t" = { column = "test_time", unit = "min" }
)");
  const CellFile cell = read_cell_file(path);
  EXPECT_EQ(cell.cell.name, "A12");
  EXPECT_EQ(cell.cell.configuration, Configuration::symmetric);
  EXPECT_EQ(cell.cell.electrolyte, "LPSCl");
  EXPECT_EQ(cell.cell.fixture, "fixed gap");
  EXPECT_DOUBLE_EQ(*cell.cell.area, 0.785e-4);
  EXPECT_DOUBLE_EQ(*cell.cell.electrolyte_mass, 75e-6);
  EXPECT_DOUBLE_EQ(*cell.cell.contact_hold_temperature, 298.15);
  EXPECT_DOUBLE_EQ(*cell.cell.current, -0.4e-3);
  EXPECT_FALSE(cell.cell.stack_pressure);
  EXPECT_EQ(cell.columns.at("Ewe/V").column, "voltage");
  EXPECT_EQ(cell.columns.at("Ewe/V").unit, "mV");
  EXPECT_EQ(cell.columns.at("DMS 1").column, "stack_pressure");
  ASSERT_TRUE(cell.pressure_log);
  EXPECT_EQ(cell.pressure_log->file, folder.path() / "load.csv");
  EXPECT_DOUBLE_EQ(*cell.pressure_log->cell.zero, 0.3);
  EXPECT_DOUBLE_EQ(cell.pressure_log->clock_offset, -10.0);
  EXPECT_EQ(cell.pressure_log->columns.at("t").unit, "min");
  EXPECT_EQ(cell.path, path.string());
  EXPECT_EQ(cell.text, read_file(path));
}

TEST(ImportCellFile, SaysWhereEverythingIsKnownFromAndHowWell) {
  const test::TemporaryFolder folder;
  const auto path = folder.write("cell.toml", R"(fixture = "constant pressure"
cathode = "NCM811 : LPSCl = 7 : 3"
area = "0.785 cm2"
cathode_active_fraction = "70 %"
cathode_specific_capacity = "200 mAh/g"
lower_voltage = "-1 V"
number_of_cells = 3
[uncertainty]
area = "1 mm2"
temperature = "2 degC"
contact_hold_temperature = "3 K"
)");
  const CellInfo cell = read_cell_file(path).cell;
  EXPECT_EQ(cell.fixture, "constant pressure");
  EXPECT_EQ(cell.cathode, "NCM811 : LPSCl = 7 : 3");
  EXPECT_DOUBLE_EQ(*cell.cathode_active_fraction, 0.7);
  EXPECT_NEAR(*cell.cathode_specific_capacity, 720e3, 1e-6);
  EXPECT_DOUBLE_EQ(*cell.lower_voltage, -1.0);
  EXPECT_DOUBLE_EQ(*cell.number_of_cells, 3.0);
  EXPECT_EQ(cell.known_from.size(), 7u);
  EXPECT_EQ(cell.known_from.at("area"), (KnownFrom{"cell file", path.string() + ":3"}));
  EXPECT_EQ(cell.known_from.at("cathode").place, path.string() + ":2");
  EXPECT_NEAR(cell.uncertainty.at("area"), 1e-6, 1e-18);
  EXPECT_NEAR(cell.uncertainty.at("temperature"), 2.0, 1e-9) << "a difference, not 275 K";
  EXPECT_DOUBLE_EQ(cell.uncertainty.at("contact_hold_temperature"), 3.0);
}

TEST(ImportCellFile, RefusesImpossibleNumbersWhereTheyStand) {
  const test::TemporaryFolder folder;
  const auto path = folder.write("cell.toml", R"(cathode_active_fraction = "120 %"
number_of_cells = 0
fixture = "glue"
electrolyte_density = "1.6 mg"
[uncertainty]
area = "0 cm2"
tempereture = "1 K"
)");
  try {
    read_cell_file(path);
    FAIL() << "no Error";
  } catch (const Error& e) {
    std::vector<std::size_t> lines;
    for (const Diagnostic& d : e.diagnostics()) lines.push_back(d.place ? d.place->line : 0);
    std::sort(lines.begin(), lines.end());
    EXPECT_EQ(lines, (std::vector<std::size_t>{1, 2, 3, 4, 6, 7})) << e.what();
  }
}

TEST(ImportCellFile, WhatIsStatedGoesBeforeWhatTheDataSayWithItsUncertainty) {
  CellInfo data, stated;
  data.area = 1e-4;
  data.electrolyte_mass = 75e-6;
  data.uncertainty = {{"area", 5e-6}, {"electrolyte_mass", 1e-6}};
  data.known_from = {{"area", {"data file", ""}}, {"electrolyte_mass", {"data file", ""}}};
  stated.area = 0.785e-4;
  stated.uncertainty = {{"electrolyte_mass", 2e-6}};
  stated.known_from = {{"area", {"cell file", "c.toml:1"}}};
  merge(data, stated);
  EXPECT_DOUBLE_EQ(*data.area, 0.785e-4);
  EXPECT_FALSE(data.uncertainty.contains("area")) << "that was the uncertainty of another number";
  EXPECT_EQ(data.known_from.at("area").kind, "cell file");
  EXPECT_EQ(data.known_from.at("electrolyte_mass").kind, "data file");
  EXPECT_DOUBLE_EQ(*data.electrolyte_mass, 75e-6);
  EXPECT_DOUBLE_EQ(data.uncertainty.at("electrolyte_mass"), 2e-6);
}

TEST(ImportCellFile, AnEmptyFileIsAllowed) {
  const test::TemporaryFolder folder;
  const CellFile cell = read_cell_file(folder.write("cell.toml", ""));
  EXPECT_EQ(cell.cell.configuration, Configuration::unknown);
  EXPECT_FALSE(cell.cell.area);
  EXPECT_FALSE(cell.pressure_log);
}

TEST(ImportCellFile, AllowsAnAreaOfZero) {
  const test::TemporaryFolder folder;
  EXPECT_EQ(*read_cell_file(folder.write("cell.toml", "area = \"0 cm2\"\n")).cell.area, 0.0);
}

TEST(ImportCellFile, ReportsAllFaultsAtOnce) {
  const test::TemporaryFolder folder;
  const auto path = folder.write("cell.toml", R"(configuration = "symetric"
area = 0.785
stack_presure = "5 MPa"
temperature = "5 MPa"
[columns]
"Ewe/V" = "voltag"
"I/mA" = { column = "current", unit = "V" }
"x" = { column = "voltage", unit = "furlong" }
[pressure_log]
file = "load.csv"
zero = "0.3 lbf"
unit = "mol"
)");
  try {
    read_cell_file(path);
    FAIL() << "no Error";
  } catch (const Error& e) {
    std::map<std::string, std::size_t> line_of; // code of ours -> line
    std::vector<std::size_t> lines;
    for (const Diagnostic& d : e.diagnostics()) {
      ASSERT_TRUE(d.place) << d.message;
      line_of[d.code + "@" + std::to_string(d.place->line)] = d.place->column;
      lines.push_back(d.place->line);
      EXPECT_FALSE(d.place->text.empty()) << d.message;
    }
    std::sort(lines.begin(), lines.end());
    EXPECT_EQ(lines, (std::vector<std::size_t>{1, 2, 3, 4, 6, 7, 8, 12})) << e.what();
    EXPECT_EQ(line_of.count("D080@6"), 1u) << e.what();
    EXPECT_EQ(line_of.count("D081@7"), 1u) << e.what();
    EXPECT_EQ(line_of.count("D081@8"), 1u) << e.what();
    EXPECT_EQ(line_of.count("D082@12"), 1u) << e.what();
    EXPECT_EQ(line_of.at("D080@6"), 11u); // the caret stands under "voltag"
    EXPECT_NE(std::string(e.what()).find("did you mean `voltage`?"), std::string::npos);
  }
}

TEST(ImportCellFile, TheExamplesOfTheDocumentsAreValid) {
  const test::TemporaryFolder folder;
  for (const char* page : {"cell-file.md", "pressure-log.md"}) {
    const std::string text = read_file(std::filesystem::path(PLATEN_SOURCE_DIR) / "docs/formats" / page);
    const std::size_t from = text.find("```toml\n");
    ASSERT_NE(from, std::string::npos) << page;
    const std::string example = text.substr(from + 8, text.find("```", from + 8) - from - 8);
    const auto path = folder.write("cell.toml", example);
    EXPECT_NO_THROW(read_cell_file(path)) << page;
  }
}

TEST(ImportCellFile, AZeroNeedsItsUnit) {
  const test::TemporaryFolder folder;
  const auto path = folder.write("a.toml", "[pressure_log]\nfile = \"l.csv\"\nzero = \"0.3 lbf\"\n");
  EXPECT_EQ(test::fault_of([&] { read_cell_file(path); }).code, "D083");
}

TEST(ImportCellFile, VoltsNeedAGain) {
  const test::TemporaryFolder folder;
  const auto without = folder.write("a.toml", "[pressure_log]\nfile = \"l.csv\"\nunit = \"mV\"\n");
  EXPECT_EQ(test::fault_of([&] { read_cell_file(without); }).code, "D084");
  const auto with = folder.write(
      "b.toml", "[pressure_log]\nfile = \"l.csv\"\nunit = \"mV\"\ngain = \"100 lbf/V\"\nzero = \"20 mV\"\n");
  const CellFile cell = read_cell_file(with);
  EXPECT_DOUBLE_EQ(*cell.pressure_log->cell.gain, 444.82216152605);
  EXPECT_DOUBLE_EQ(*cell.pressure_log->cell.zero, 20.0);
}

} // namespace
} // namespace platen

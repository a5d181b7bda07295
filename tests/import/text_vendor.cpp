// Real exports against what is independent of the reader: a second export of the same test, or the file's own
// strings.

#include "text_files.hpp"

#include "import/text/time.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace platen::test {
namespace {

/// Values of `name` in `record`, in units of `unit` SI each, against a column of strings.
void expect_column(const Record& record, std::string_view name, const PlainTable& table,
                   const std::string& heading, double unit, double offset = 0.0) {
  const auto values = record.real(name);
  ASSERT_EQ(values.size(), table.columns.at(heading).size());
  for (std::size_t i = 0; i < values.size(); ++i)
    ASSERT_DOUBLE_EQ(values[i], table.number(heading, i) * unit + offset) << name << " row " << i;
}

TEST(TextVendor, NewareFlatExportEqualsTheReference) {
  NEEDS_SHARED_DATA("neware_text/neware_uio.csv");
  const PlainTable reference(gunzip(shared("neware_text/neware_uio_reference/raw.csv.gz")), ',');
  const Record record = read_measurement(shared("neware_text/neware_uio.csv"));
  ASSERT_EQ(record.rows(), reference.rows);
  EXPECT_EQ(record.rows(), 9065u); // the last line has no line end
  expect_column(record, "test_time", reference, "test_time", 1.0);
  expect_column(record, "step_time", reference, "step_time", 1.0);
  expect_column(record, "voltage", reference, "voltage", 1.0);
  expect_column(record, "current", reference, "current", 1.0);
  expect_column(record, "power", reference, "power", 1.0);
  // The reference adds charge and discharge up over a cycle; the file counts them per step.
  const PlainTable file(read_file(shared("neware_text/neware_uio.csv")), ',');
  expect_column(record, "chg_cap", file, "Chg. Cap.(Ah)", 3600.0);
  expect_column(record, "dchg_cap", file, "DChg. Cap.(Ah)", 3600.0);
  expect_column(record, "chg_energy", file, "Chg. Energy(Wh)", 3600.0);
  expect_column(record, "dchg_energy", file, "DChg. Energy(Wh)", 3600.0);
  expect_column(record, "datapoint", reference, "data_point", 1.0);
  expect_column(record, "spec_cap", reference, "Spec. Cap.(mAh/g)", 3600.0);
  expect_column(record, "dq_dv", reference, "dQ/dV(mAh/V)", 3.6);
  expect_column(record, "contact_resistance", reference, "internal_resistance", 1e-3);
  const auto cycle = record.integer("cycle_count"), step = record.integer("step_index"),
             type = record.integer("step_type");
  const auto unix = record.real("unix_time"), capacity = record.real("step_capacity"),
             energy = record.real("step_energy");
  for (std::size_t i = 0; i < record.rows(); ++i) {
    ASSERT_EQ(cycle[i], reference.number("cycle_index", i)) << i;
    ASSERT_EQ(step[i], reference.number("step_index", i)) << i;
    ASSERT_EQ(step_type_label(static_cast<StepType>(type[i])), reference.columns.at("Step Type")[i]) << i;
    ASSERT_EQ(unix[i], text::parse_date(reference.columns.at("date_time")[i], text::DateOrder::month_first))
        << i;
    const double sign = reference.columns.at("Step Type")[i] == "CC DChg" ? -1.0 : 1.0;
    ASSERT_DOUBLE_EQ(capacity[i], sign * 3600.0 * reference.number("Capacity(Ah)", i)) << i;
    ASSERT_DOUBLE_EQ(energy[i], sign * 3600.0 * reference.number("Energy(Wh)", i)) << i;
  }
  EXPECT_EQ(record.provenance.origin, "measured");
  ASSERT_EQ(record.provenance.sources.size(), 1u);
  EXPECT_EQ(record.provenance.sources[0].sha256, sha256(read_file(shared("neware_text/neware_uio.csv"))));
}

TEST(TextVendor, NewareThreeLevelsAreFlattened) {
  NEEDS_SHARED_DATA("neware_text/nw_regular_export_ife_example.csv");
  const Record record = read_measurement(shared("neware_text/nw_regular_export_ife_example.csv"));
  // The file's own lines, read the plain way.
  std::istringstream lines(read_file(shared("neware_text/nw_regular_export_ife_example.csv")));
  std::string line, cycle, step, count, type;
  for (int i = 0; i < 3; ++i) std::getline(lines, line);
  std::size_t row = 0;
  const auto t = record.real("test_time"), u = record.real("voltage"), i = record.real("current"),
             q = record.real("step_capacity");
  const auto temperature = record.real("aux_temperature_1");
  while (std::getline(lines, line)) {
    const auto f = PlainTable::split(line, ',');
    if (!f[0].empty()) cycle = f[0];
    const std::size_t at = f[0].empty() ? 1 : 8;
    if ((!f[0].empty() || !f[1].empty()) && f.size() > at + 2)
      step = f[at], count = f[at + 1], type = f[at + 2];
    if (!f[0].empty() || !f[1].empty()) continue;
    ASSERT_LT(row, record.rows());
    ASSERT_EQ(t[row], *text::parse_duration(f[4])) << line;
    ASSERT_EQ(i[row], std::stod(f[5])) << line;
    ASSERT_EQ(u[row], std::stod(f[6])) << line;
    ASSERT_DOUBLE_EQ(std::abs(q[row]), 3600.0 * std::stod(f[7])) << line;
    ASSERT_DOUBLE_EQ(temperature[row], std::stod(f[12]) + 273.15) << line;
    ASSERT_EQ(record.integer("cycle_count")[row], std::stoi(cycle)) << line;
    ASSERT_EQ(record.integer("step_index")[row], std::stoi(step)) << line;
    ASSERT_EQ(record.integer("step_count")[row], std::stoi(count)) << line;
    ASSERT_EQ(step_type_label(static_cast<StepType>(record.integer("step_type")[row])), type) << line;
    ++row;
  }
  EXPECT_EQ(row, record.rows());
  EXPECT_EQ(row, 9295u);
  EXPECT_TRUE(record.warnings.empty()) << render(record.warnings.front());
}

/// Header on line `header`; every value of the file's columns that Platen has a name for.
void expect_eclab(const std::string& name, std::size_t header,
                  std::vector<std::tuple<std::string, std::string, double, double>> columns) {
  const Record record = read_measurement(shared(name));
  const PlainTable table(read_file(shared(name)), '\t', header - 1);
  ASSERT_EQ(record.rows(), table.rows);
  for (const auto& [column, heading, unit, offset] : columns)
    expect_column(record, column, table, heading, unit, offset);
}

TEST(TextVendor, BioLogicWithHeader) {
  NEEDS_SHARED_DATA("biologic/Sample_data_biologic_01_MB_CA1.txt");
  const std::string name = "biologic/Sample_data_biologic_01_MB_CA1.txt";
  expect_eclab(name, 103,
               {{"test_time", "time/s", 1, 0},
                {"voltage", "Ecell/V", 1, 0},
                {"current", "I/mA", 1e-3, 0},
                {"net_capacity", "(Q-Qo)/mA.h", 3.6, 0},
                {"step_time", "step time/s", 1, 0},
                {"discharging_capacity", "Q discharge/mA.h", 3.6, 0},
                {"p", "P/W", 1, 0},
                {"r", "R/Ohm", 1, 0},
                {"temperature",
                 "Temperature/\xEF\xBF\xBD"
                 "C",
                 1, 273.15}});
  const Record record = read_measurement(shared(name));
  EXPECT_EQ(record.provenance.format, "BT-Lab text");
  EXPECT_EQ(record.metadata.at("Device"), "BCS-815 (SN 0433)");
  // Acquisition started on : 05/13/2024 11:19:51.602
  EXPECT_NEAR(record.real("unix_time")[0], 1715599191.602, 1e-6);
  EXPECT_TRUE(record.warnings.empty()) << render(record.warnings.front());
}

TEST(TextVendor, BioLogicWithoutHeader) {
  NEEDS_SHARED_DATA("biologic/Sample_data_biologic_no_header.mpt");
  expect_eclab("biologic/Sample_data_biologic_no_header.mpt", 1,
               {{"test_time", "time/s", 1, 0},
                {"voltage", "Ecell/V", 1, 0},
                {"current", "I/mA", 1e-3, 0},
                {"temperature",
                 "Temperature/\xEF\xBF\xBD"
                 "C",
                 1, 273.15},
                {"control", "control/V", 1, 0},
                {"half_cycle", "half cycle", 1, 0},
                {"capacitance_charge",
                 "Capacitance charge/\xEF\xBF\xBD"
                 "F",
                 1e-6, 0}});
  // Volts or milliamperes, whichever was controlled: a number without a unit.
  const Record record = read_measurement(shared("biologic/Sample_data_biologic_no_header.mpt"));
  ASSERT_TRUE(record.has("control_v_ma"));
  EXPECT_EQ(record.find("control_v_ma")->unit, "1");
}

TEST(TextVendor, BioLogicWithDatesForTimes) {
  NEEDS_SHARED_DATA("biologic/Sample_data_biologic_timestamped.txt");
  const Record record = read_measurement(shared("biologic/Sample_data_biologic_timestamped.txt"));
  const PlainTable table(read_file(shared("biologic/Sample_data_biologic_timestamped.txt")), '\t', 97);
  ASSERT_EQ(record.rows(), table.rows);
  expect_column(record, "voltage", table, "Ecell/V", 1.0);
  expect_column(record, "current", table, "I/mA", 1e-3);
  // 11/20/2024 11:38:41.707 is the first row; the instrument's step time runs on from it.
  EXPECT_NEAR(record.real("unix_time")[0], 1732102721.707, 1e-6);
  for (std::size_t i = 0; i < record.rows(); ++i)
    EXPECT_NEAR(record.real("test_time")[i], table.number("step time/s", i), 1e-3)
        << i; // dates are whole milliseconds
}

TEST(TextVendor, EcLabLatin1WithAnUnnamedColumn) {
  NEEDS_SHARED_DATA("lpscl_impedance/CP_SSB.txt");
  expect_eclab("lpscl_impedance/CP_SSB.txt", 62,
               {{"test_time", "time/s", 1, 0}, {"voltage", "Ewe/V", 1, 0}, {"current", "I/mA", 1e-3, 0}});
  const Record record = read_measurement(shared("lpscl_impedance/CP_SSB.txt"));
  EXPECT_EQ(record.integer("step_index").back(), 7);
  EXPECT_EQ(record.metadata.at("Electrode surface area"), "0.001 cm\xC2\xB2");
}

TEST(TextVendor, LiLiSoftShortEveryRowAndLoop) {
  NEEDS_SHARED_DATA("lili_soft_short/03_GCPL.txt");
  ImportOptions options;
  options.cell.emplace();
  options.cell->cell.current = 0.4e-3;
  const Record record = read_measurement(shared("lili_soft_short/03_GCPL.txt"), options);
  const PlainTable table(read_file(shared("lili_soft_short/03_GCPL.txt")), '\t');
  EXPECT_EQ(record.rows(), 76807u); // header and 76807 lines, the last without a line end
  expect_column(record, "test_time", table, "time/s", 1.0);
  expect_column(record, "voltage", table, "Ewe/V", 1.0);
  for (const double i : record.real("current")) ASSERT_EQ(i, 0.4e-3);
  EXPECT_NE(warning(record, "D017"), nullptr);

  const PlainTable loops(read_file(shared("lili_soft_short/per_loop.csv")), ',');
  const auto cycle = record.integer("cycle_count");
  const auto t = record.real("test_time");
  ASSERT_EQ(loops.rows, 45u);
  for (std::size_t k = 0; k < loops.rows; ++k) {
    const int loop = static_cast<int>(loops.number("loop", k));
    const auto first = std::find(cycle.begin(), cycle.end(), loop) - cycle.begin();
    ASSERT_LT(first, static_cast<std::ptrdiff_t>(cycle.size()));
    EXPECT_EQ(std::count(cycle.begin(), cycle.end(), loop), loops.number("rows", k)) << loop;
    EXPECT_EQ(fmt::format("{:.6g}", t[static_cast<std::size_t>(first)]), loops.columns.at("t_start_s")[k])
        << loop;
  }
  EXPECT_EQ(cycle.back(), 45);
  EXPECT_NE(warning(record, "D019"), nullptr);
  EXPECT_EQ(record.provenance.sources.size(), 3u) << "data, loops, protocol";
}

TEST(TextVendor, LandtRawEqualsItsBdfTwin) {
  NEEDS_SHARED_DATA("landt/SINTEF__LiGrR2032__2024-04-30__25degC__Landt.csv");
  const Record record = read_measurement(shared("landt/SINTEF__LiGrR2032__2024-04-30__25degC__Landt.csv"));
  const PlainTable twin(read_file(shared("landt/SINTEF__LiGrR2032__2024-04-30__25degC__Landt.bdf.csv")), ',');
  ASSERT_EQ(record.rows(), twin.rows);
  expect_column(record, "test_time", twin, "test_time_second", 1.0);
  expect_column(record, "voltage", twin, "voltage_volt", 1.0);
  expect_column(record, "current", twin, "current_ampere", 1.0);
  expect_column(record, "discharge_capacity", twin, "discharging_capacity_ah", 3600.0);
  expect_column(record, "charge_capacity", twin, "charging_capacity_ah", 3600.0);
  for (std::size_t i = 0; i < record.rows(); ++i)
    ASSERT_EQ(record.integer("step_index")[i], twin.number("step_index", i)) << i;
  EXPECT_NE(warning(record, "D024"), nullptr); // four sensors that were not connected
  EXPECT_FALSE(record.has("stack_pressure"));
}

TEST(TextVendor, Novonix) {
  NEEDS_SHARED_DATA("novonix/sample_data_novonix.csv");
  const Record record = read_measurement(shared("novonix/sample_data_novonix.csv"));
  const PlainTable table(read_file(shared("novonix/sample_data_novonix.csv")), ',', 20);
  ASSERT_EQ(record.rows(), table.rows);
  expect_column(record, "test_time", table, "Run Time (h)", 3600.0);
  expect_column(record, "step_time", table, "Step Time (h)", 3600.0);
  expect_column(record, "voltage", table, "Potential (V)", 1.0);
  expect_column(record, "current", table, "Current (A)", 1.0);
  expect_column(record, "temperature", table,
                "Temperature (\xC2\xB0"
                "C)",
                1.0, 273.15);
  expect_column(record, "circuit_temperature", table,
                "Circuit Temperature (\xC2\xB0"
                "C)",
                1.0, 273.15);
  expect_column(record, "capacity", table, "Capacity (Ah)", 3600.0);
  EXPECT_EQ(record.metadata.at("Channel"), "01");
}

TEST(TextVendor, ArbinWithoutUnits) {
  NEEDS_SHARED_DATA("arbin/FastCharge_000025_CH8.csv");
  const Record record = read_measurement(shared("arbin/FastCharge_000025_CH8.csv"));
  const PlainTable table(read_file(shared("arbin/FastCharge_000025_CH8.csv")), ',');
  ASSERT_EQ(record.rows(), table.rows);
  expect_column(record, "test_time", table, "Test_Time", 1.0);
  expect_column(record, "unix_time", table, "DateTime", 1.0);
  expect_column(record, "voltage", table, "Voltage", 1.0);
  expect_column(record, "current", table, "Current", 1.0);
  expect_column(record, "temperature", table, "Temperature", 1.0, 273.15);
  ASSERT_NE(warning(record, "D013"), nullptr);
  EXPECT_EQ(warning(record, "D013")->message.find("Test_Time"),
            std::string::npos); // the dates confirm seconds
  EXPECT_NE(warning(record, "D013")->message.find("`Current`"), std::string::npos);
}

TEST(TextVendor, MaccorMinutesAndACutLastLine) {
  NEEDS_SHARED_DATA("maccor/maccor_two.txt");
  const Record record = read_measurement(shared("maccor/maccor_two.txt"));
  ASSERT_EQ(record.rows(), 213u);
  // "212,000000" beside dates a minute apart: minutes, decimal comma.
  EXPECT_EQ(record.real("test_time")[212], 212.0 * 60.0);
  EXPECT_EQ(record.real("unix_time")[212] - record.real("unix_time")[0], 212.0 * 60.0);
  EXPECT_EQ(record.real("voltage")[0], 0.1377);
  EXPECT_EQ(record.integer("step_type")[0], static_cast<int>(StepType::rest));
  ASSERT_NE(warning(record, "D010"), nullptr);
  EXPECT_EQ(warning(record, "D010")->place->line, 229u);
  EXPECT_NE(warning(record, "D013"), nullptr);
  EXPECT_NE(warning(record, "D015"), nullptr); // 06/05/2021
}

} // namespace
} // namespace platen::test

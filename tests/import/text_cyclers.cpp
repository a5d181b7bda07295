// Exports of Arbin, Maccor, Novonix and Landt: every column against the file's own strings, and against what follows from
// other columns by calculation.

#include "text_files.hpp"

#include "import/text/time.hpp"

#include <cmath>
#include <fmt/format.h>

namespace platen::test {
namespace {

void expect_column(const Record& record, std::string_view name, const PlainTable& table, const std::string& heading, double unit = 1.0,
                   double offset = 0.0) {
  ASSERT_TRUE(record.has(name)) << name;
  const auto values = record.real(name);
  ASSERT_EQ(values.size(), table.columns.at(heading).size()) << name;
  for (std::size_t i = 0; i < values.size(); ++i)
    ASSERT_DOUBLE_EQ(values[i], table.number(heading, i) * unit + offset) << name << " row " << i;
}

/// Maccor's exports have blank lines behind the headings and at the end.
std::string without_blank_lines(const std::string& text) {
  std::istringstream lines(text);
  std::string out, line;
  while (std::getline(lines, line))
    if (line.find_first_not_of("\r\t ") != std::string::npos) out += line + "\n";
  return out;
}

void expect_counts(const Record& record, std::string_view name, const PlainTable& table, const std::string& heading) {
  ASSERT_TRUE(record.has(name)) << name;
  const auto values = record.integer(name);
  for (std::size_t i = 0; i < values.size(); ++i) ASSERT_EQ(values[i], table.number(heading, i)) << name << " row " << i;
}

TEST(TextCyclers, Arbin) {
  NEEDS_SHARED_DATA("arbin/FastCharge_000025_CH8.csv");
  const auto path = shared("arbin/FastCharge_000025_CH8.csv");
  const Record record = read_measurement(path);
  const PlainTable table(read_file(path), ',');
  ASSERT_EQ(record.rows(), 248u);
  expect_column(record, "step_time", table, "Step_Time");
  expect_column(record, "charging_capacity", table, "Charge_Capacity", 3600.0);
  expect_column(record, "discharging_capacity", table, "Discharge_Capacity", 3600.0);
  expect_column(record, "charge_energy", table, "Charge_Energy", 3600.0);
  expect_column(record, "discharge_energy", table, "Discharge_Energy", 3600.0);
  expect_column(record, "dv_dt", table, "dV/dt");
  expect_column(record, "internal_resistance", table, "Internal_Resistance");
  expect_column(record, "data_point", table, "Data_Point");
  expect_counts(record, "step_index", table, "Step_Index");
  expect_counts(record, "cycle_count", table, "Cycle_Index");
  // Its clocks run together: a date is the date of the first row plus the test time since.
  const auto t = record.real("test_time"), unix = record.real("unix_time");
  for (std::size_t i = 0; i < record.rows(); ++i) ASSERT_NEAR(unix[i] - unix[0], t[i] - t[0], 2e-4) << i;
  // The metadata beside it.
  EXPECT_EQ(record.metadata.at("schedule_file_name"), "2017-05-12_TESTS\\20170512-4_4C-80PER_4_4C.SDU");
  EXPECT_EQ(record.metadata.at("databases"), "ArbinResult_6,ArbinResult_7");
  EXPECT_EQ(record.metadata.at("item_id"), "EL150800453116");
  EXPECT_EQ(record.metadata.at("iv_ch_id"), "7");
  ASSERT_EQ(record.provenance.sources.size(), 2u);
  EXPECT_EQ(record.provenance.sources[1].sha256, sha256(read_file(shared("arbin/FastCharge_000025_CH8_Metadata.csv"))));
  EXPECT_NE(warning(record, "D013")->message.find("`Charge_Energy`"), std::string::npos);
}

TEST(TextCyclers, ArbinsMetadataAloneIsNoTest) {
  NEEDS_SHARED_DATA("arbin/FastCharge_000025_CH8_Metadata.csv");
  const Diagnostic d = fault_of([&] { read_measurement(shared("arbin/FastCharge_000025_CH8_Metadata.csv")); });
  EXPECT_EQ(d.code, "D005");
  EXPECT_NE(d.message.find("Arbin"), std::string::npos);
}

TEST(TextCyclers, ArbinMetadataOfSomethingElseIsNotUsed) {
  const TemporaryFolder folder;
  const auto path = folder.write("a.csv", "Data_Point,Test_Time(s),Current(A),Voltage(V)\n1,0,1,3\n2,1,1,3\n");
  folder.write("a_Metadata.csv", "name,value\nx,1\n");
  const Record record = read_measurement(path);
  EXPECT_EQ(record.provenance.sources.size(), 1u);
  EXPECT_FALSE(record.metadata.contains("name"));
}

TEST(TextCyclers, ArbinWithUnitsAndAuxiliaryChannels) {
  const TemporaryFolder folder;
  const Record record = read_measurement(folder.write(
      "a.csv", "Date Time,Data Point,Test Time (s),Step Time (s),Cycle Index,Step Index,Current (A),Voltage (V),Power (W),Charge Capacity "
               "(Ah),Discharge Capacity (Ah),Internal Resistance (Ohm),Aux_Temperature_1 (C),Aux_Voltage_2 (V)\n"
               "\t10/25/2021 17:29:15.500,1,0.5,0.5,1,2,0.1,3.5,0.35,0,0,0.05,25.5,1.25\n"
               "\t10/25/2021 17:29:16.500,2,1.5,1.5,1,2,0.1,3.6,0.36,0.001,0,0.05,25.6,1.26\n"));
  ASSERT_EQ(record.rows(), 2u);
  EXPECT_EQ(record.real("unix_time")[1], *text::parse_date("10/25/2021 17:29:16.500", text::DateOrder::month_first));
  EXPECT_EQ(record.real("test_time")[0], 0.5);
  EXPECT_DOUBLE_EQ(record.real("charging_capacity")[1], 3.6);
  EXPECT_DOUBLE_EQ(record.real("aux_temperature_1")[1], 298.75);
  EXPECT_EQ(record.real("aux_voltage_2")[0], 1.25);
  EXPECT_EQ(record.integer("step_index")[0], 2);
  EXPECT_EQ(warning(record, "D013"), nullptr);
}

TEST(TextCyclers, Maccor) {
  NEEDS_SHARED_DATA("maccor/PredictionDiagnostics_000151_test.052");
  const auto path = shared("maccor/PredictionDiagnostics_000151_test.052");
  const Record record = read_measurement(path);
  const PlainTable table(without_blank_lines(read_file(path)), '\t', 1);
  ASSERT_EQ(record.rows(), 333u);
  expect_column(record, "test_time", table, "Test (Sec)");
  expect_column(record, "step_time", table, "Step (Sec)");
  expect_column(record, "current", table, "Amps");
  expect_column(record, "voltage", table, "Volts");
  expect_column(record, "amp_hr", table, "Amp-hr", 3600.0);
  expect_column(record, "watt_hr", table, "Watt-hr", 3600.0);
  expect_column(record, "rec", table, "Rec#");
  expect_column(record, "es", table, "ES");
  expect_column(record, "acimp", table, "ACImp/Ohms");
  expect_column(record, "loop1", table, "Loop1");
  expect_column(record, "range", table, "Range");
  expect_column(record, "var15", table, "VAR15");
  expect_counts(record, "cycle_count", table, "Cyc#");
  expect_counts(record, "step_index", table, "Step");
  const auto unix = record.real("unix_time"), charge = record.real("amp_hr"), current = record.real("current"), t = record.real("step_time");
  const auto type = record.integer("step_type");
  for (std::size_t i = 0; i < record.rows(); ++i) {
    ASSERT_EQ(type[i], static_cast<int>(StepType::cc_discharge)) << i;
    ASSERT_EQ(unix[i], *text::parse_date(table.columns.at("DPt Time")[i], text::DateOrder::month_first)) << i;
    // The charge is that of the step: its current, nearly constant, times the time in the step.
    ASSERT_NEAR(charge[i], -current[i] * t[i], 1e-3 * charge[i]) << i;
  }
  EXPECT_EQ(record.metadata.at("Procedure"), "PredictionDiagnostics_000151.000");
  EXPECT_EQ(record.metadata.at("Date of Test"), "10/10/2019");
  EXPECT_EQ(record.metadata.at("Comment/Barcode"), "00001E");
  EXPECT_TRUE(record.metadata.at("Filename").ends_with("000151_00001E.052"));
  EXPECT_EQ(warning(record, "D022"), nullptr); // the file has signs
}

TEST(TextCyclers, MaccorWithDecimalCommas) {
  NEEDS_SHARED_DATA("maccor/maccor_two.txt");
  const Record record = read_measurement(shared("maccor/maccor_two.txt"));
  std::string text = read_file(shared("maccor/maccor_two.txt"));
  std::replace(text.begin(), text.end(), ',', '.');
  const PlainTable table(without_blank_lines(text), '\t', 12);
  ASSERT_EQ(record.rows(), 213u);
  for (const auto& [name, heading, unit] : {std::tuple{"test_time", "TestTime", 60.0}, {"step_time", "StepTime", 60.0}, {"voltage", "Voltage [V]", 1.0},
                                            {"current", "Current [A]", 1.0}, {"cap", "Cap. [Ah]", 3600.0}, {"ener", "Ener. [Wh]", 3600.0}, {"rec", "Rec", 1.0}})
    for (std::size_t i = 0; i < record.rows(); ++i) ASSERT_DOUBLE_EQ(record.real(name)[i], table.number(heading, i) * unit) << name << i;
  EXPECT_EQ(record.integer("cycle_count")[100], 1);
  EXPECT_EQ(record.metadata.at("Channel"), "81");
  EXPECT_EQ(record.metadata.at("Procedure"), "SIMBA.000");
}

TEST(TextCyclers, MaccorWithDaysAndStates) {
  const TemporaryFolder folder;
  const Record record = read_measurement(folder.write(
      "a.txt", "Today's Date\t01/02/2024\nRec#\tCyc#\tStep\tTestTime\tStepTime\tAmp-hr\tWatt-hr\tAmps\tVolts\tState\tES\tDPt Time\n"
               "1\t0\t1\t  0d 00:00:00.00\t  0d 00:00:00.00\t0\t0\t0\t3.1\tR\t0\t01/13/2024 10:00:00\n"
               "2\t0\t2\t  0d 00:00:10.00\t  0d 00:00:10.00\t0.001\t0.003\t0.36\t3.2\tC\t1\t01/13/2024 10:00:10\n"
               "3\t0\t3\t  1d 02:00:10.50\t  1d 02:00:00.50\t0.002\t0.006\t0.36\t3.0\tD\t1\t01/14/2024 12:00:10\n"
               "4\t0\t4\t  1d 02:00:20.50\t  0d 00:00:10.00\t0\t0\t0\t3.0\tP\t1\t01/14/2024 12:00:20\n"));
  ASSERT_EQ(record.rows(), 4u);
  EXPECT_EQ(record.real("test_time")[1], 10.0);
  EXPECT_EQ(record.real("test_time")[2], 93610.5);
  EXPECT_EQ(record.real("step_time")[3], 10.0);
  EXPECT_EQ(record.real("current")[1], 0.36);
  EXPECT_EQ(record.real("current")[2], -0.36);
  EXPECT_NE(warning(record, "D022"), nullptr);
  const StepType types[] = {StepType::rest, StepType::cc_charge, StepType::cc_discharge, StepType::pause};
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(record.integer("step_type")[i], static_cast<int>(types[i])) << i;
}

TEST(TextCyclers, Novonix) {
  NEEDS_SHARED_DATA("novonix/sample_data_novonix.csv");
  const auto path = shared("novonix/sample_data_novonix.csv");
  const Record record = read_measurement(path);
  const PlainTable table(read_file(path), ',', 20);
  ASSERT_EQ(record.rows(), 207u);
  expect_column(record, "capacity", table, "Capacity (Ah)", 3600.0);
  expect_column(record, "energy", table, "Energy (Wh)", 3600.0);
  expect_column(record, "dvdt", table, "dVdt (V/h)", 1.0 / 3600.0);
  expect_column(record, "didt", table, "dIdt (A/h)", 1.0 / 3600.0);
  expect_column(record, "step_position", table, "Step position");
  expect_column(record, "power", table, "Power(W)");
  expect_counts(record, "cycle_count", table, "Cycle Number");
  expect_counts(record, "step_index", table, "Step Number");
  const auto unix = record.real("unix_time"), t = record.real("test_time"), i = record.real("current"), q = record.real("capacity");
  double charge = 0.0;
  for (std::size_t k = 0; k < record.rows(); ++k) {
    ASSERT_EQ(unix[k], *text::parse_date(table.columns.at("Date and Time")[k], text::DateOrder::month_first)) << k;
    ASSERT_NEAR(unix[k] - unix[0], t[k], 2.0) << k;
    EXPECT_EQ(record.integer("step_type")[k], static_cast<int>(StepType::cc_charge)); // code 7 in the file
    if (k > 1) charge += i[k] * (t[k] - t[k - 1]);
    if (k == 0) continue;
    ASSERT_NEAR(q[k] - q[1], charge, 1e-4 * q[k] + 1e-2) << k; // capacity counts up with the current
  }
  EXPECT_EQ(record.metadata.at("Description"), "LGM50LT-Co10-1C");
}

TEST(TextCyclers, NovonixStepTypes) {
  const TemporaryFolder folder;
  std::string text = "[Summary]\nNovonix UHPC data file\n[Data]\nRun Time (h),Step Type,Current (A),Potential (V)\n";
  const std::pair<int, StepType> codes[] = {{0, StepType::rest},          {1, StepType::cc_charge}, {2, StepType::cc_discharge},
                                            {7, StepType::cc_charge},     {8, StepType::cv_charge}, {9, StepType::cc_discharge},
                                            {10, StepType::cv_discharge}, {1, StepType::cc_discharge}, {42, StepType::unknown}};
  for (std::size_t k = 0; k < std::size(codes); ++k)
    text += fmt::format("{},{},{},3.5\n", k, codes[k].first, codes[k].second == StepType::cc_discharge || codes[k].second == StepType::cv_discharge ? -0.1 : 0.1);
  const Record record = read_measurement(folder.write("a.csv", text));
  ASSERT_EQ(record.rows(), std::size(codes));
  for (std::size_t k = 0; k < std::size(codes); ++k) EXPECT_EQ(record.integer("step_type")[k], static_cast<int>(codes[k].second)) << k;
  ASSERT_NE(warning(record, "D047"), nullptr);
  EXPECT_NE(warning(record, "D047")->message.find("code 42"), std::string::npos);
}

TEST(TextCyclers, Landt) {
  NEEDS_SHARED_DATA("landt/SINTEF__LiGrR2032__2024-04-30__25degC__Landt.csv");
  const auto path = shared("landt/SINTEF__LiGrR2032__2024-04-30__25degC__Landt.csv");
  const Record record = read_measurement(path);
  const PlainTable table(read_file(path), ',', 6);
  ASSERT_EQ(record.rows(), table.rows);
  expect_column(record, "step_time", table, "step_time_s");
  expect_column(record, "discharge_energy", table, "discharge_energy_Wh", 3600.0);
  expect_column(record, "charge_energy", table, "charge_energy_Wh", 3600.0);
  expect_column(record, "channel_index", table, "channel_index");
  expect_counts(record, "cycle_count", table, "cycle_index");
  const auto unix = record.real("unix_time");
  const auto type = record.integer("step_type");
  for (std::size_t i = 0; i < record.rows(); ++i) {
    const std::string& name = table.columns.at("step_name")[i];
    const StepType wanted = name == "rest" ? StepType::rest : name == "charge CC" ? StepType::cc_charge : StepType::cc_discharge;
    ASSERT_EQ(type[i], static_cast<int>(wanted)) << i << name;
    ASSERT_EQ(unix[i], *text::parse_date(table.columns.at("date_time_iso_string")[i], text::DateOrder::month_first)) << i;
  }
}

} // namespace
} // namespace platen::test

// A record written as a workbook and read back.

#include "../import/text_files.hpp"
#include "record/io.hpp"

#include <cmath>

namespace platen::test {
namespace {

Record full_record(std::size_t rows) {
  Record r;
  std::vector<double> time, voltage, current, temperature, force;
  std::vector<std::int32_t> step, type;
  for (std::size_t k = 0; k < rows; ++k) {
    time.push_back(0.1 * double(k));
    voltage.push_back(k % 7 == 3 ? std::nan("") : 3.0 + 1.0 / (1.0 + double(k)));
    current.push_back(k % 2 == 0 ? 1.0 / 3.0 : -4e-9);
    temperature.push_back(298.15);
    force.push_back(1e5 * double(k % 10));
    step.push_back(static_cast<std::int32_t>(k / 10));
    type.push_back(static_cast<std::int32_t>(k % 18));
  }
  r.set(col::test_time, time);
  r.set(col::voltage, voltage);
  r.set(col::current, current);
  r.set(col::temperature, temperature);
  r.set(col::step_count, step);
  r.set(col::step_type, type);
  r.set(Column{"aux_force_1", "N", "the load cell, \"left\" & <right>", force});
  r.cell.name = "KIT-7, \"second\" try";
  r.cell.configuration = Configuration::symmetric;
  r.cell.electrolyte = "LPSCl";
  r.cell.area = 0.785e-4;
  r.cell.temperature = 333.15;
  r.cell.cathode = "NCM811 : LPSCl = 7 : 3";
  r.cell.cathode_active_fraction = 0.7;
  r.cell.uncertainty = {{"area", 1e-6}, {"temperature", 2.0}};
  r.cell.known_from = {{"area", {"cell file", "a.cell.toml:7"}}, {"configuration", {"study", ""}}, {"cathode", {"cell file", "a.cell.toml:9"}}};
  r.events = {{0.5, "soft short", "it fell, then rose"}, {1.25, "step", ""}};
  r.metadata = {{"Barcode", "a,b;c"}, {"Device", "# 5"}};
  r.study = "[cell]\narea = \"0.785 cm2\"\n\n[test]\nsteps = [\"Hold at 25 MPa for 30 min\"]\n";
  r.provenance = {"measured", "platen 0", "Arbin .res", {{"raw/a.res", std::string(64, 'f')}}, 18446744073709551615U};
  r.warnings = {{Severity::warning, "D010", "4 of 8 lines refused", Place{"a.csv", 7, 0, 1, {}}, {"look at them"}}};
  r.rejects = {{Place{"a.csv", 7, 0, 1, {}}, "nothing in `Ewe/V`"}};
  for (int n = 0; n < 2; ++n) {
    Spectrum s;
    for (int k = 0; k < 5; ++k) {
      s.frequency.push_back(std::pow(10.0, 6 - k));
      s.real.push_back(100.0 + k / 3.0);
      s.imaginary.push_back(-1.0 / 3.0 - k);
      if (n == 1) s.time.push_back(10.0 + k);
    }
    s.start = 10.0 * n;
    s.cycle_count = n;
    s.label = n == 0 ? "PEIS" : "GEIS";
    if (n == 1) {
      s.modulation = Modulation::current;
      s.amplitude = 1e-4;
      s.dc_voltage = 0.125;
    }
    r.spectra.push_back(s);
  }
  return r;
}

void expect_near(double got, double want) { ASSERT_TRUE((std::isnan(got) && std::isnan(want)) || std::abs(got - want) <= 2e-15 * std::abs(want)) << got << " " << want; }

TEST(XlsxRoundtrip, EverythingComesBack) {
  const TemporaryFolder folder;
  const Record before = full_record(100);
  write_xlsx(before, folder.path() / "a.xlsx");
  EXPECT_EQ(recognise(folder.path() / "a.xlsx"), "Platen record (XLSX)");
  const Record after = read_measurement(folder.path() / "a.xlsx");
  ASSERT_EQ(after.rows(), 100u);
  ASSERT_EQ(after.columns().size(), before.columns().size());
  for (const Column& c : before.columns()) {
    const Column* other = after.find(c.name);
    ASSERT_NE(other, nullptr) << c.name;
    EXPECT_EQ(other->unit, c.unit);
    EXPECT_EQ(other->description, c.description);
    if (const auto* values = std::get_if<std::vector<double>>(&c.values))
      for (std::size_t k = 0; k < 100; ++k) expect_near(std::get<std::vector<double>>(other->values)[k], (*values)[k]);
    else
      EXPECT_EQ(std::get<std::vector<std::int32_t>>(other->values), std::get<std::vector<std::int32_t>>(c.values)) << c.name;
  }
  EXPECT_EQ(after.cell.name, before.cell.name);
  EXPECT_EQ(after.cell.configuration, before.cell.configuration);
  EXPECT_NEAR(*after.cell.area, *before.cell.area, 1e-18);
  EXPECT_NEAR(*after.cell.temperature, 333.15, 1e-9);
  EXPECT_FALSE(after.cell.electrolyte_thickness);
  EXPECT_EQ(after.cell.electrolyte, before.cell.electrolyte);
  EXPECT_EQ(after.cell.cathode, before.cell.cathode);
  EXPECT_NEAR(*after.cell.cathode_active_fraction, 0.7, 1e-15);
  EXPECT_EQ(after.cell.known_from, before.cell.known_from);
  ASSERT_EQ(after.cell.uncertainty.size(), 2u);
  EXPECT_NEAR(after.cell.uncertainty.at("area"), 1e-6, 1e-18);
  EXPECT_NEAR(after.cell.uncertainty.at("temperature"), 2.0, 1e-12);
  ASSERT_EQ(after.events.size(), 2u);
  EXPECT_EQ(after.events[0].text, "it fell, then rose");
  EXPECT_EQ(after.metadata, before.metadata);
  EXPECT_EQ(after.study, before.study);
  EXPECT_EQ(after.provenance.format, "Arbin .res");
  EXPECT_EQ(after.provenance.seed, before.provenance.seed);
  ASSERT_EQ(after.provenance.sources.size(), 2u); // the workbook itself goes first
  EXPECT_EQ(after.provenance.sources[1].sha256, std::string(64, 'f'));
  ASSERT_EQ(after.warnings.size(), 1u);
  EXPECT_EQ(render(after.warnings[0]), render(before.warnings[0]));
  ASSERT_EQ(after.rejects.size(), 1u);
  EXPECT_EQ(after.rejects[0].reason, before.rejects[0].reason);
  ASSERT_EQ(after.spectra.size(), 2u);
  for (std::size_t n = 0; n < 2; ++n) {
    const Spectrum &a = after.spectra[n], &b = before.spectra[n];
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t k = 0; k < a.size(); ++k) {
      expect_near(a.real[k], b.real[k]);
      expect_near(a.imaginary[k], b.imaginary[k]);
      expect_near(a.frequency[k], b.frequency[k]);
    }
    EXPECT_EQ(a.time, b.time);
    EXPECT_EQ(a.label, b.label);
    EXPECT_EQ(a.modulation, b.modulation);
    EXPECT_EQ(a.amplitude, b.amplitude);
    EXPECT_EQ(a.dc_voltage, b.dc_voltage);
    EXPECT_EQ(a.cycle_count, b.cycle_count);
  }
}

TEST(XlsxRoundtrip, ANumberOfTheCellThatCannotBeIsRefused) {
  const TemporaryFolder folder;
  Record record = full_record(4);
  record.cell.contact_hold_time = -300.0;
  record.cell.contact_hold_pressure = -1e6;
  record.cell.cathode_active_fraction = 1.0;
  write_xlsx(record, folder.path() / "a.xlsx");
  try {
    (void)read_measurement(folder.path() / "a.xlsx");
    FAIL() << "a hold of -5 min";
  } catch (const Error& error) {
    ASSERT_EQ(error.diagnostics().size(), 2u) << "a share of 1 can be";
    for (const Diagnostic& d : error.diagnostics()) EXPECT_EQ(d.code, "D385") << d.message;
  }
}

TEST(XlsxRoundtrip, EqualRecordsMakeEqualFiles) {
  const TemporaryFolder folder;
  write_xlsx(full_record(20), folder.path() / "a.xlsx");
  write_xlsx(full_record(20), folder.path() / "b.xlsx");
  EXPECT_EQ(read_file(folder.path() / "a.xlsx"), read_file(folder.path() / "b.xlsx"));
  EXPECT_THROW(write_xlsx(full_record(2), folder.path() / "none" / "a.xlsx"), Error);
}

TEST(XlsxRoundtrip, MoreRowsThanASheetHolds) {
  const TemporaryFolder folder;
  constexpr std::size_t rows = 1'048'575 + 5;
  Record record;
  std::vector<double> time(rows);
  for (std::size_t k = 0; k < rows; ++k) time[k] = 0.125 * double(k);
  record.set(col::test_time, time);
  write_xlsx(record, folder.path() / "long.xlsx");
  const Record after = read_measurement(folder.path() / "long.xlsx");
  ASSERT_EQ(after.rows(), rows);
  for (std::size_t k = 0; k < rows; ++k) ASSERT_EQ(after.real("test_time")[k], time[k]);
}

TEST(XlsxRoundtrip, AnEmptyRecord) {
  const TemporaryFolder folder;
  Record record;
  for (const auto name : {col::test_time, col::voltage}) record.set(name, std::vector<double>{});
  write_xlsx(record, folder.path() / "e.xlsx");
  EXPECT_EQ(read_measurement(folder.path() / "e.xlsx").rows(), 0u);
}

} // namespace
} // namespace platen::test

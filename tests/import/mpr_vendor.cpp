// Real EC-Lab binary files, every row and every column, against what other readers and EC-Lab's own text export give.
#include "text_files.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace platen::test {
namespace {

/// Half of the last digit of what the reference is written from.
constexpr double of_float = 6e-8, of_double = 1e-15, of_export = 6e-8;

std::vector<double> values_of(const Record& record, std::string_view name) {
  const Column* column = record.find(name);
  if (column == nullptr) throw std::runtime_error(fmt::format("no column {}", name));
  return std::visit([](const auto& v) { return std::vector<double>(v.begin(), v.end()); }, column->values);
}

struct Pair {
  const char* column;  ///< of the record
  const char* heading; ///< of the reference
  double unit;         ///< SI per unit of the reference
  double digits;       ///< relative
};

/// @param rows of the reference that are rows of the record, in order.
void expect_columns(const Record& record, const PlainTable& table, const std::vector<std::size_t>& rows, const std::vector<Pair>& pairs) {
  ASSERT_EQ(record.rows(), rows.size());
  for (const Pair& p : pairs) {
    const std::vector<double> found = values_of(record, p.column);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::string& field = table.columns.at(p.heading).at(rows[i]);
      const double wanted = field == "True" ? 1.0 : field == "False" ? 0.0 : table.number(p.heading, rows[i]) * p.unit;
      ASSERT_LE(std::abs(found[i] - wanted), p.digits * std::abs(wanted)) << p.column << " row " << i << ": " << found[i] << " " << wanted;
    }
  }
}

std::vector<std::size_t> all_rows(const PlainTable& table) {
  std::vector<std::size_t> out(table.rows);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = i;
  return out;
}

/// Every column of the record is compared with something, or is one of `others`.
void expect_no_other_columns(const Record& record, const std::vector<Pair>& pairs, std::vector<std::string> others) {
  for (const Pair& p : pairs) others.emplace_back(p.column);
  for (const Column& c : record.columns())
    EXPECT_NE(std::find(others.begin(), others.end(), c.name), others.end()) << c.name << " is not compared";
}

const std::vector<std::string> made{"unix_time", "step_type", "step_count", "cycle_count"};

/// The byte of flags put together again from its bits.
std::vector<double> flags_of(const Record& record) {
  const auto bit = [&](const char* name) { return values_of(record, name); };
  const auto mode = bit("mode"), ox = bit("ox_red"), error = bit("error"), control = bit("control_changes"), ns = bit("ns_changes"),
             counter = bit("counter_inc");
  std::vector<double> out(record.rows());
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = mode[i] + 4 * ox[i] + 8 * error[i] + 16 * control[i] + 32 * ns[i] + 128 * counter[i];
  return out;
}

void expect_flags(const Record& record, const PlainTable& table, const std::vector<std::size_t>& rows) {
  const std::vector<double> found = flags_of(record);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const int stop = 0x40; // set in the last row of a technique; no column stands for it
    ASSERT_EQ(found[i], static_cast<int>(table.number("flags", rows[i])) & ~stop) << i;
  }
}

TEST(MprVendor, ModuloBatOfEcLab1150) {
  NEEDS_SHARED_DATA("biologic/00_test_04_MB_C01.mpr");
  const PlainTable reference(gunzip(shared("biologic/00_test_04_MB_C01.reference.csv.gz")), ',');
  const Record record = read_measurement(shared("biologic/00_test_04_MB_C01.mpr"));
  const std::vector<Pair> pairs{{"test_time", "time/s", 1.0, of_double},
                                {"voltage", "Ewe/V", 1.0, of_float},
                                {"current", "I/mA", 1e-3, of_float},
                                {"control", "control/V", 1.0, of_float},
                                {"dq", "dq/mA.h", 3.6, of_double},
                                {"net_capacity", "(Q-Qo)/mA.h", 3.6, of_double},
                                {"energy", "|Energy|/W.h", 3600.0, of_double},
                                {"q_charge_discharge", "Q charge/discharge/mA.h", 3.6, of_double},
                                {"step_index", "Ns", 1.0, 0.0},
                                {"i_range", "I Range", 1.0, 0.0},
                                {"half_cycle", "half cycle", 1.0, 0.0},
                                {"mode", "mode", 1.0, 0.0},
                                {"ns_changes", "Ns changes", 1.0, 0.0}};
  expect_columns(record, reference, all_rows(reference), pairs);
  expect_flags(record, reference, all_rows(reference));
  std::vector<std::string> others = made;
  others.insert(others.end(), {"ox_red", "error", "control_changes", "counter_inc"}); // compared as flags
  expect_no_other_columns(record, pairs, others);
  EXPECT_EQ(record.provenance.format, "BioLogic mpr, MB, data version 11");
  EXPECT_EQ(record.metadata.at("Acquisition started on"), "12/08/2023 09:49:52.346");
  EXPECT_EQ(record.metadata.at("Run on channel"), "1 (SN 15300)");
  EXPECT_EQ(record.metadata.at("EC-Lab version"), "11.50");
  EXPECT_DOUBLE_EQ(record.real("unix_time")[0], 1702028992.346 + record.real("test_time")[0]);
  EXPECT_TRUE(record.warnings.empty()) << record.warnings.front().message;
}

TEST(MprVendor, GalvanostaticCyclingHasItsCurrentFromTheCharge) {
  NEEDS_SHARED_DATA("biologic/GCPL_gen6.mpr");
  const PlainTable reference(gunzip(shared("biologic/GCPL_gen6.reference.csv.gz")), ',');
  const Record record = read_measurement(shared("biologic/GCPL_gen6.mpr"));
  const std::vector<Pair> pairs{{"test_time", "time/s", 1.0, of_double},
                                {"voltage", "Ewe/V", 1.0, of_float},
                                {"dq", "dq/mA.h", 3.6, of_double},
                                {"net_capacity", "(Q-Qo)/mA.h", 3.6, of_double},
                                {"control_v_ma", "control/V/mA", 1.0, of_float},
                                {"q_charge_discharge", "Q charge/discharge/mA.h", 3.6, of_double},
                                {"step_index", "Ns", 1.0, 0.0},
                                {"i_range", "I Range", 1.0, 0.0},
                                {"half_cycle", "half cycle", 1.0, 0.0},
                                {"mode", "mode", 1.0, 0.0},
                                {"ns_changes", "Ns changes", 1.0, 0.0}};
  expect_columns(record, reference, all_rows(reference), pairs);
  expect_flags(record, reference, all_rows(reference));
  std::vector<std::string> others = made;
  others.insert(others.end(), {"ox_red", "error", "control_changes", "counter_inc", "current"});
  expect_no_other_columns(record, pairs, others);
  ASSERT_NE(warning(record, "D325"), nullptr);
  // Where the instrument holds a current, the one made of the charge is that one; at rest it is none.
  const auto current = record.real("current");
  const auto control = record.real("control_v_ma");
  const auto mode = record.integer("mode"), type = record.integer("step_type"), cycle = record.integer("cycle_count");
  std::size_t held = 0;
  for (std::size_t i = 1; i < record.rows(); ++i) {
    if (mode[i] == 3 && mode[i - 1] == 3) {
      ASSERT_EQ(current[i], 0.0) << i;
    }
    if (mode[i] == 1 && mode[i - 1] == 1) {
      ASSERT_NEAR(current[i], control[i] * 1e-3, 2e-3 * std::abs(control[i] * 1e-3)) << i;
      ++held;
    }
    const auto expected = mode[i] == 3 ? StepType::rest
                          : mode[i] == 2 ? (current[i] < 0.0 ? StepType::cv_discharge : StepType::cv_charge)
                          : control[i] > 0.0 ? StepType::cc_charge : StepType::cc_discharge;
    if (mode[i] != 2) {
      ASSERT_EQ(type[i], static_cast<int>(expected)) << i;
    }
    ASSERT_EQ(cycle[i], static_cast<int>(reference.number("half cycle", i)) / 2) << i;
  }
  EXPECT_GT(held, 1000u);
}

TEST(MprVendor, ModuloBatWithImpedanceOfThreeElectrodes) {
  NEEDS_SHARED_DATA("biologic/biol.mpr");
  const PlainTable reference(gunzip(shared("biologic/biol.reference.csv.gz")), ',');
  const Record record = read_measurement(shared("biologic/biol.mpr"));
  std::vector<std::size_t> rows, points;
  for (std::size_t i = 0; i < reference.rows; ++i) (reference.number("frequency", i) > 0.0 ? points : rows).push_back(i);
  const std::vector<Pair> pairs{{"test_time", "test_time", 1.0, of_double},
                                {"ewe", "voltage", 1.0, of_float},
                                {"ece", "reference_voltage", 1.0, of_float},
                                {"ece_2", "avEce", 1.0, of_float},
                                {"ece_3", "absEce", 1.0, of_float},
                                {"current", "current", 1e-3, of_float},
                                {"control", "control", 1e-3, of_float},
                                {"dq", "dQ", 3.6, of_double},
                                {"net_capacity", "QminusQnull", 3.6, of_double},
                                {"q_charge_discharge", "QChargeDischarge", 3.6, of_double},
                                {"energy_charge", "Energy_charge", 3600.0, of_double},
                                {"capacitance_charge", "capacitance_charge", 1e-6, of_double},
                                {"capacitance_discharge", "capacitance_discharge", 1e-6, of_double},
                                {"step_index", "Ns", 1.0, 0.0},
                                {"i_range", "Irange", 1.0, 0.0},
                                {"half_cycle", "half_cycle", 1.0, 0.0},
                                {"z_cycle", "z_cycle", 1.0, 0.0},
                                {"energy", "charge_energy", 3600.0, of_double}};
  expect_columns(record, reference, rows, pairs);
  expect_flags(record, reference, rows);
  // Five sweeps, each of the whole cell, the working electrode and the counter electrode.
  ASSERT_EQ(record.spectra.size(), 15u);
  std::size_t at = 0;
  const auto same = [](double found, double wanted) { return std::abs(found - wanted) <= of_float * std::abs(wanted); };
  for (std::size_t k = 0; k < record.spectra.size(); k += 3) {
    const Spectrum &whole = record.spectra[k], &working = record.spectra[k + 1], &counter = record.spectra[k + 2];
    EXPECT_EQ(whole.label, "Modulo Bat, whole cell");
    for (std::size_t i = 0; i < whole.size(); ++i, ++at) {
      const std::size_t row = points.at(at);
      ASSERT_TRUE(same(whole.frequency[i], reference.number("frequency", row))) << row;
      ASSERT_TRUE(same(whole.real[i], reference.number("ReDiffZ", row))) << row;
      ASSERT_TRUE(same(whole.imaginary[i], -reference.number("neg_ImZwe_ce", row))) << row;
      ASSERT_TRUE(same(counter.real[i], reference.number("ReZce", row))) << row;
      ASSERT_TRUE(same(counter.imaginary[i], -reference.number("neg_ImZce", row))) << row;
      ASSERT_NEAR(std::hypot(working.real[i], working.imaginary[i]), reference.number("amplitude", row), 1e-6 * reference.number("amplitude", row));
      ASSERT_NEAR(std::atan2(working.imaginary[i], working.real[i]) * 180.0 / M_PI, reference.number("aci_phase_angle", row), 1e-4) << row;
      ASSERT_TRUE(same(whole.time[i], reference.number("test_time", row))) << row;
    }
  }
  EXPECT_EQ(at, points.size());
  EXPECT_EQ(points.size(), 310u);
  ASSERT_NE(warning(record, "D326"), nullptr) << "Ewe less Ece";
  for (std::size_t i = 0; i < record.rows(); ++i)
    ASSERT_DOUBLE_EQ(record.real("voltage")[i], record.real("ewe")[i] - record.real("ece")[i]);
}

/// Every point of the spectra of `record`, one after another, against the columns of an impedance table.
void expect_points(const Record& record, const PlainTable& table, double digits) {
  const auto same = [&](double found, double wanted) { return std::abs(found - wanted) <= digits * std::abs(wanted); };
  std::size_t row = 0;
  for (const Spectrum& s : record.spectra) {
    double voltage = 0.0, current = 0.0;
    for (std::size_t i = 0; i < s.size(); ++i, ++row) {
      ASSERT_TRUE(same(s.frequency[i], table.number("freq/Hz", row))) << row;
      ASSERT_TRUE(same(s.real[i], table.number("Re(Z)/Ohm", row))) << row;
      ASSERT_TRUE(same(s.imaginary[i], -table.number("-Im(Z)/Ohm", row))) << row;
      ASSERT_TRUE(same(s.time[i], table.number("time/s", row))) << row;
      ASSERT_EQ(s.cycle_count, table.number("cycle number", row)) << row;
      voltage += table.number("<Ewe>/V", row) / static_cast<double>(s.size());
      current += table.number("<I>/mA", row) * 1e-3 / static_cast<double>(s.size());
    }
    EXPECT_NEAR(*s.dc_voltage, voltage, 1e-7);
    EXPECT_NEAR(*s.dc_current, current, 1e-10);
  }
  EXPECT_EQ(row, table.rows);
}

TEST(MprVendor, ImpedanceWithoutALog) {
  NEEDS_SHARED_DATA("biologic/PEIS.mpr");
  const Record record = read_measurement(shared("biologic/PEIS.mpr"));
  EXPECT_EQ(record.rows(), 0u);
  ASSERT_EQ(record.spectra.size(), 4u);
  expect_points(record, PlainTable(gunzip(shared("biologic/PEIS.reference.csv.gz")), ','), of_float);
  EXPECT_EQ(record.spectra[0].modulation, Modulation::voltage);
  EXPECT_NEAR(*record.spectra[0].amplitude, 0.0100, 5e-4);
  EXPECT_NE(warning(record, "D328"), nullptr);
  EXPECT_EQ(record.metadata.at("date"), "11/10/25 (month first)");
}

TEST(MprVendor, ImpedanceOfASolidElectrolyteEqualsItsTextExport) {
  NEEDS_SHARED_DATA("lpscl_impedance/PEIS_LPSCl_IonBlocking_-25C.mpr");
  const Record record = read_measurement(shared("lpscl_impedance/PEIS_LPSCl_IonBlocking_-25C.mpr"));
  const auto text = shared("lpscl_impedance/PEIS_LPSCl_IonBlocking_-25C.txt");
  ASSERT_EQ(record.spectra.size(), 1u);
  expect_points(record, PlainTable(read_file(text), '\t', 64), of_export);
  const Record exported = read_measurement(text);
  EXPECT_NEAR(record.spectra[0].unix_time, exported.spectra[0].unix_time, 1e-6);
  for (const char* key : {"Acquisition started on", "Run on channel", "technique", "Address"})
    EXPECT_EQ(record.metadata.at(key), exported.metadata.at(key)) << key;
  const Record half_cell = read_measurement(shared("lpscl_impedance/PEIS_SSB.mpr"));
  ASSERT_EQ(half_cell.spectra.size(), 1u);
  EXPECT_EQ(half_cell.spectra[0].size(), 89u);
}

TEST(MprVendor, CurrentPulsesEqualTheirTextExport) {
  NEEDS_SHARED_DATA("lpscl_impedance/CP_SSB.mpr");
  const Record record = read_measurement(shared("lpscl_impedance/CP_SSB.mpr"));
  const PlainTable text(read_file(shared("lpscl_impedance/CP_SSB.txt")), '\t', 61);
  EXPECT_EQ(text.rows, 30208u);
  expect_columns(record, text, all_rows(text), {{"test_time", "time/s", 1.0, of_double},
                                                {"voltage", "Ewe/V", 1.0, of_export},
                                                {"current", "I/mA", 1e-3, of_export},
                                                {"i_range", "I Range", 1.0, 0.0},
                                                {"step_index", "Ns", 1.0, 0.0}});
  const Record exported = read_measurement(shared("lpscl_impedance/CP_SSB.txt"));
  EXPECT_NEAR(record.real("unix_time")[0], exported.real("unix_time")[0], 1e-6);
  for (const char* key : {"Acquisition started on", "Run on channel", "technique", "Characteristic mass"})
    EXPECT_EQ(record.metadata.at(key), exported.metadata.at(key)) << key;
  // Eight sequences: at rest, then pulses of 8.4 uA in turn.
  const auto count = record.integer("step_count"), type = record.integer("step_type");
  EXPECT_EQ(count.back(), 8);
  for (std::size_t i = 0; i < record.rows(); ++i) {
    const int ns = count[i] - 1;
    if (ns < 1 || ns > 6) continue;
    ASSERT_EQ(type[i], static_cast<int>(ns % 2 == 1 ? StepType::cc_charge : StepType::cc_discharge)) << i;
  }
}

TEST(MprVendor, TheCellThatShorts) {
  NEEDS_SHARED_DATA("lili_soft_short/02_GEIS.mpr");
  const Record spectra = read_measurement(shared("lili_soft_short/02_GEIS.mpr"));
  const PlainTable loops(read_file(shared("lili_soft_short/per_loop.csv")), ',');
  ASSERT_EQ(spectra.spectra.size(), loops.rows);
  EXPECT_EQ(spectra.rows(), 0u);
  for (std::size_t k = 0; k < loops.rows; ++k) {
    const Spectrum& s = spectra.spectra[k];
    ASSERT_EQ(s.size(), 9u) << k;
    EXPECT_EQ(s.cycle_count, loops.number("loop", k));
    EXPECT_NEAR(s.start, loops.number("geis_t_s", k), 5e-6 * s.start) << k << ", six digits";
    EXPECT_NEAR(s.frequency.front(), loops.number("f_hi", k), 5e-6 * s.frequency.front()) << k;
    EXPECT_NEAR(s.real.front(), loops.number("ReZ_hi", k), 6e-6 * s.real.front()) << k;
    EXPECT_NEAR(-s.imaginary.front(), loops.number("mImZ_hi", k), 6e-6 * std::abs(s.imaginary.front())) << k;
    EXPECT_NEAR(s.frequency.back(), loops.number("f_lo", k), 6e-6 * s.frequency.back()) << k;
    EXPECT_NEAR(s.real.back(), loops.number("ReZ_lo", k), 6e-6 * s.real.back()) << k;
    EXPECT_EQ(s.modulation, Modulation::current);
    EXPECT_NEAR(*s.amplitude, 100e-6, 4e-6) << "100 uA by the protocol";
  }
  const Record first = read_measurement(shared("lili_soft_short/01_GCPL.mpr"));
  ASSERT_EQ(first.rows(), 109u);
  EXPECT_NEAR(first.real("current")[60], 0.4e-3, 1e-6) << "0.400 mA by the protocol";
  EXPECT_EQ(first.integer("step_type")[0], static_cast<int>(StepType::rest));
  EXPECT_EQ(first.integer("step_type")[60], static_cast<int>(StepType::cc_charge));
  EXPECT_EQ(first.metadata.at("Electrode surface area"), "0.001 cm2");
  EXPECT_FALSE(first.cell.area) << "the program's default is no area";
}

} // namespace
} // namespace platen::test

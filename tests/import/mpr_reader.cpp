// What the reader of EC-Lab binary files does with files made up for the purpose: every generation, codes nobody knows,
// files cut short, external devices, loops, impedance among other rows.
#include "import/biologic/mpr.hpp"

#include "mpr_builder.hpp"
#include "text_files.hpp"

#include <cmath>

namespace platen::test {
namespace {

using biologic::read_mpr;
using mpr_builder::Column;
using mpr_builder::Spec;

Record read(const Spec& spec, const ImportOptions& options = {}) { return read_mpr(mpr_builder::build(spec), "a.mpr", options); }

void expect_simple(const Record& record) {
  ASSERT_EQ(record.rows(), 10u);
  EXPECT_EQ(record.real("test_time")[9], 109.0);
  EXPECT_EQ(record.real("voltage")[9], 2.75);
  EXPECT_DOUBLE_EQ(record.real("current")[5], 1.5e-3);
  EXPECT_EQ(record.integer("step_index")[6], 1);
  EXPECT_EQ(record.integer("mode")[6], 3);
  EXPECT_EQ(record.integer("ns_changes")[6], 1);
  EXPECT_EQ(record.integer("ns_changes")[7], 0);
  EXPECT_EQ(record.integer("step_count")[9], 2);
  EXPECT_EQ(record.integer("step_type")[0], static_cast<int>(StepType::cc_charge));
  EXPECT_EQ(record.integer("step_type")[9], static_cast<int>(StepType::rest));
}

TEST(MprReader, EveryGeneration) {
  const std::pair<bool, std::uint32_t> generations[] = {{false, 0}, {false, 2}, {false, 3}, {true, 10}, {true, 11}};
  for (const auto& [wide, version] : generations) {
    Spec spec = mpr_builder::simple();
    spec.wide = wide;
    spec.version = version;
    const Record record = read(spec);
    SCOPED_TRACE(record.provenance.format);
    expect_simple(record);
    EXPECT_TRUE(record.warnings.empty());
    EXPECT_EQ(record.provenance.format, "BioLogic mpr, GCPL, data version " + std::to_string(version));
    EXPECT_DOUBLE_EQ(record.real("unix_time")[0], 1691755200.0 + 100.0) << "2023-08-11 12:00:00";
  }
}

TEST(MprReader, AVersionThatIsNotKnownIsRefusedByName) {
  Spec spec = mpr_builder::simple();
  spec.version = 12;
  const Diagnostic d = fault_of([&] { read(spec); });
  EXPECT_EQ(d.code, "D321");
  EXPECT_NE(d.message.find("version 12"), std::string::npos) << d.message;
}

TEST(MprReader, OldLogsKeepTheirClockElsewhere) {
  for (const std::size_t at : {465, 469, 473}) {
    Spec spec = mpr_builder::simple();
    spec.start_at = at;
    EXPECT_DOUBLE_EQ(read(spec).real("unix_time")[0], 1691755300.0) << at;
  }
  Spec spec = mpr_builder::simple();
  spec.start.reset();
  const Record record = read(spec);
  EXPECT_FALSE(record.has("unix_time"));
  EXPECT_NE(warning(record, "D328"), nullptr);
}

/// The simple file with a column of an unknown code between voltage and current.
Spec with_unknown(char kind, double value, std::uint16_t code = 9999) {
  Spec spec = mpr_builder::simple();
  spec.columns.insert(spec.columns.begin() + 3, Column{code, kind, std::vector<double>(10, value)});
  return spec;
}

TEST(MprReader, AnUnknownColumnIsKeptWithTheTypeThatFits) {
  const std::pair<char, double> kinds[] = {{'f', 0.625}, {'d', 0.1}, {'H', 4711}, {'B', 17}};
  for (const auto& [kind, value] : kinds) {
    const Record record = read(with_unknown(kind, value));
    SCOPED_TRACE(kind);
    expect_simple(record);
    ASSERT_TRUE(record.has("unknown_9999"));
    EXPECT_EQ(record.real("unknown_9999")[7], value);
    const Diagnostic* d = warning(record, "D323");
    ASSERT_NE(d, nullptr);
    EXPECT_NE(d->message.find("9999"), std::string::npos);
  }
}

TEST(MprReader, SeveralUnknownColumnsOfOneLength) {
  Spec spec = with_unknown('d', 0.1);
  spec.columns.push_back(Column{9998, 'd', std::vector<double>(10, 0.2)});
  const Record record = read(spec);
  expect_simple(record);
  EXPECT_EQ(record.real("unknown_9999")[0], 0.1);
  EXPECT_EQ(record.real("unknown_9998")[0], 0.2);
}

TEST(MprReader, ColumnsAroundLengthsThatCannotBeTold) {
  // 8 + 2 bytes in two columns: no one type fits. What stands before and behind them is read.
  Spec spec = with_unknown('d', 0.1);
  spec.columns.insert(spec.columns.begin() + 4, Column{9998, 'H', std::vector<double>(10, 2)});
  const Record record = read(spec);
  expect_simple(record);
  EXPECT_FALSE(record.has("unknown_9999"));
  ASSERT_NE(warning(record, "D323"), nullptr);
  EXPECT_NE(warning(record, "D323")->message.find("codes 9999, 9998"), std::string::npos) << warning(record, "D323")->message;
}

TEST(MprReader, FlagsBehindALengthThatCannotBeTold) {
  Spec spec;
  spec.columns = {Column{9999, 'd', {1, 2}}, Column{9998, 'H', {1, 2}}, Column{4, 'd', {0, 1}}, Column{6, 'f', {0.5, 0.25}}};
  const Record record = read(spec);
  EXPECT_EQ(record.real("voltage")[1], 0.25);
  EXPECT_EQ(record.real("test_time")[1], 1.0);
}

TEST(MprReader, ACodeWhoseTypeWasGuessedGivesWayToTheLengthOfTheRow) {
  // 498 is four bytes by the vendor's list and eight in some files, with another name.
  const Record narrow = read(with_unknown('f', 0.5, 498)), wide = read(with_unknown('d', 2.5, 498));
  expect_simple(narrow);
  expect_simple(wide);
  EXPECT_FALSE(narrow.has("q_charge"));
  EXPECT_TRUE(wide.has("charging_capacity")) << "Q charge/mA.h, which never falls";
  EXPECT_DOUBLE_EQ(wide.real("charging_capacity")[0], 9.0);
}

TEST(MprReader, UnknownColumnsOfAnInconsistentFileAreRefused) {
  std::string bytes = mpr_builder::build(with_unknown('f', 1.0));
  const std::size_t data = bytes.find("VMP data") - 6 + 65;
  mpr_builder::place(bytes, data, std::uint32_t{9}); // the length is no multiple of nine
  EXPECT_EQ(fault_of([&] { read_mpr(bytes, "a.mpr"); }).code, "D324");
}

TEST(MprReader, RowsThatAreNotThereAreNotMadeUp) {
  std::string bytes = mpr_builder::build(mpr_builder::simple());
  const std::size_t data = bytes.find("VMP data") - 6 + 65;
  mpr_builder::place(bytes, data, std::uint32_t{4'000'000'000});
  const Record record = read_mpr(bytes, "a.mpr");
  expect_simple(record);
  EXPECT_NE(warning(record, "D327"), nullptr);
  EXPECT_NE(warning(record, "D322"), nullptr);
  mpr_builder::place(bytes, data, std::uint32_t{7});
  EXPECT_EQ(read_mpr(bytes, "a.mpr").rows(), 7u);
}

TEST(MprReader, CutAnywhere) {
  Spec spec = with_unknown('f', 0.625);
  spec.loops = {0, 4, 10};
  const std::string whole = mpr_builder::build(spec);
  const std::size_t rows_begin = whole.find("VMP data") - 6 + 65 + 1007, row = 1 + 2 + 8 + 4 + 4 + 4;
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const std::string bytes = whole.substr(0, length);
    if (length < rows_begin) {
      EXPECT_THROW(read_mpr(bytes, "a.mpr"), Error) << length;
      continue;
    }
    const Record record = read_mpr(bytes, "a.mpr");
    EXPECT_EQ(record.rows(), std::min<std::size_t>(10, (length - rows_begin) / row)) << length;
    if (record.rows() > 0) {
      EXPECT_EQ(record.real("unknown_9999")[0], 0.625) << "the head tells the length of a row";
    }
    EXPECT_FALSE(record.warnings.empty()) << length;
  }
}

TEST(MprReader, AForceOnAnAnalogInputBecomesTheStackPressure) {
  for (const bool wide : {false, true}) {
    Spec spec = mpr_builder::simple();
    spec.wide = wide;
    spec.version = wide ? 11 : 3;
    spec.columns.push_back(Column{16, 'f', std::vector<double>(10, 500.0)});
    spec.columns.push_back(Column{17, 'f', std::vector<double>(10, 60.0)});
    spec.columns.push_back(Column{18, 'f', std::vector<double>(10, 2.0)});
    spec.external = {"Force/N", "Temperature/\xB0"
                                "C",
                     ""};
    ImportOptions options;
    options.cell.emplace();
    options.cell->cell.area = 1e-4;
    const Record record = read(spec, options);
    EXPECT_DOUBLE_EQ(record.real("stack_pressure")[3], 5e6);
    EXPECT_DOUBLE_EQ(record.real("temperature")[3], 333.15);
    EXPECT_EQ(record.real("analog_in_3")[3], 2.0) << "nothing is said of the third input";
    EXPECT_NE(warning(record, "D329"), nullptr);
    const Record without = read(spec);
    EXPECT_FALSE(without.has("stack_pressure"));
    EXPECT_EQ(without.real("force")[3], 500.0);
    EXPECT_NE(warning(without, "D023"), nullptr);
  }
}

TEST(MprReader, AMappingOfTheCellFileHolds) {
  Spec spec = mpr_builder::simple();
  spec.columns.push_back(Column{16, 'f', std::vector<double>(10, 5.0)});
  ImportOptions options;
  options.cell.emplace();
  options.cell->columns["Analog IN 1/V"] = {"stack_pressure", "MPa"};
  EXPECT_DOUBLE_EQ(read(spec, options).real("stack_pressure")[0], 5e6);
  options.cell->columns["Analog IN 7"] = {"stack_pressure", "MPa"};
  EXPECT_EQ(fault_of([&] { read(spec, options); }).code, "D008");
}

TEST(MprReader, CyclesComeFromLoopsThenFromHalfCycles) {
  Spec spec = mpr_builder::simple();
  spec.columns.push_back(Column{468, 'I', {0, 0, 1, 1, 2, 2, 3, 3, 4, 4}});
  EXPECT_EQ(read(spec).integer("cycle_count")[9], 2) << "two half cycles each, from 0";
  spec.loops = {0, 3, 8, 10}; // the last entry is where the next loop would begin
  const Record looped = read(spec);
  EXPECT_EQ(looped.integer("cycle_count")[2], 1);
  EXPECT_EQ(looped.integer("cycle_count")[3], 2);
  EXPECT_EQ(looped.integer("cycle_count")[9], 3);
  spec.columns.push_back(Column{24, 'd', std::vector<double>(10, 7)});
  EXPECT_EQ(read(spec).integer("cycle_count")[9], 7) << "the file's own";
}

TEST(MprReader, ImpedanceAmongOtherRows) {
  Spec spec = mpr_builder::simple();
  spec.technique = 0x7F;
  spec.columns.push_back(Column{32, 'f', {0, 0, 1000, 100, 10, 0, 0, 1000, 100, 10}});
  spec.columns.push_back(Column{37, 'f', {0, 0, 5, 6, 7, 0, 0, 8, 9, 10}});
  spec.columns.push_back(Column{38, 'f', {0, 0, 1, 2, -3, 0, 0, 1, 1, 1}});
  spec.loops = {0, 5, 10};
  const Record record = read(spec);
  ASSERT_EQ(record.spectra.size(), 2u);
  EXPECT_EQ(record.spectra[0].frequency, (std::vector<double>{1000, 100, 10}));
  EXPECT_EQ(record.spectra[0].imaginary, (std::vector<double>{-1, -2, 3}));
  EXPECT_EQ(record.spectra[1].start, 107.0);
  EXPECT_DOUBLE_EQ(record.spectra[1].unix_time, 1691755200.0 + 107.0);
  ASSERT_EQ(record.rows(), 4u);
  EXPECT_EQ(record.real("test_time")[2], 105.0);
  EXPECT_EQ(record.integer("mode")[2], 1);
  EXPECT_EQ(record.integer("mode")[3], 3);
  EXPECT_EQ(record.integer("cycle_count")[1], 1);
  EXPECT_EQ(record.integer("cycle_count")[2], 2) << "row 5 of the file begins the second loop";
  EXPECT_FALSE(record.has("freq"));
}

TEST(MprReader, RowsOfTheRunPartSweepsThatWouldGoOn) {
  // One point each, as a measurement of the resistance takes them: only the rows between say that they are two sweeps.
  Spec spec = mpr_builder::simple();
  spec.columns.push_back({32, 'f', {0, 1000, 0, 0, 1000, 0, 0, 500, 250, 0}});
  spec.columns.push_back({37, 'f', {0, 10, 0, 0, 11, 0, 0, 12, 13, 0}});
  spec.columns.push_back({38, 'f', {0, 1, 0, 0, 2, 0, 0, 3, 4, 0}});
  const Record record = read(spec);
  ASSERT_EQ(record.spectra.size(), 3u);
  EXPECT_EQ(record.spectra[0].real, (std::vector<double>{10}));
  EXPECT_EQ(record.spectra[1].real, (std::vector<double>{11}));
  EXPECT_EQ(record.spectra[1].imaginary, (std::vector<double>{-2}));
  EXPECT_EQ(record.spectra[1].time, (std::vector<double>{104}));
  EXPECT_EQ(record.spectra[2].frequency, (std::vector<double>{500, 250}));
  ASSERT_EQ(record.rows(), 6u);
  EXPECT_EQ(record.real("test_time")[1], 102.0);
  EXPECT_EQ(record.real("voltage")[5], 2.75);
  EXPECT_EQ(record.integer("mode")[5], 3);
  EXPECT_EQ(record.integer("step_index")[3], 0);
  EXPECT_FALSE(record.has("freq")) << "between sweeps there is none";
}

TEST(MprReader, AVoltageBetweenThreeElectrodesIsTheirDifference) {
  Spec spec = mpr_builder::simple();
  spec.columns.push_back(Column{9, 'f', std::vector<double>(10, 0.25)});
  const Record record = read(spec);
  EXPECT_EQ(record.real("voltage")[0], 0.25);
  EXPECT_EQ(record.real("ewe")[0], 0.5);
  EXPECT_EQ(record.real("ece")[0], 0.25);
  spec.columns.push_back(Column{27, 'f', std::vector<double>(10, 0.75)});
  EXPECT_EQ(read(spec).real("voltage")[0], 0.75) << "Ewe-Ece of the file goes before";
}

TEST(MprReader, AtRestTheCurrentIsNone) {
  Spec spec = mpr_builder::simple();
  spec.columns.pop_back();
  spec.flags.assign(10, 3);
  const Record record = read(spec);
  EXPECT_EQ(record.real("current")[4], 0.0);
  EXPECT_EQ(warning(record, "D018"), nullptr);
  EXPECT_NE(warning(record, "D325"), nullptr);
}

TEST(MprReader, AnEmptyTestIsAnEmptyRecord) {
  Spec spec = mpr_builder::simple();
  for (Column& c : spec.columns) c.values.clear();
  EXPECT_EQ(read(spec).rows(), 0u);
}

TEST(MprReader, BytesBehindTheModulesAreSaid) {
  const Record record = read_mpr(mpr_builder::build(mpr_builder::simple()) + "something else", "a.mpr");
  expect_simple(record);
  EXPECT_NE(warning(record, "D327"), nullptr);
}

TEST(MprReader, RecognisedByContent) {
  const TemporaryFolder folder;
  EXPECT_EQ(recognise(folder.write("a.txt", mpr_builder::build(mpr_builder::simple()))), "BioLogic mpr, GCPL, data version 11");
  EXPECT_EQ(fault_of([&] { read_measurement(folder.write("b.mpr", "BIO-LOGIC MODULAR FILE\x1a")); }).code, "D320");
}

} // namespace
} // namespace platen::test

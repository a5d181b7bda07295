// Files that are no measurement, or of a kind that is not read: named, with what to do.

#include "text_files.hpp"

namespace platen::test {
namespace {

using namespace std::string_literals;

TEST(TextForeign, FoldersEmptyFilesAndJunk) {
  const TemporaryFolder folder;
  EXPECT_EQ(fault_of([&] { read_measurement(folder.path()); }).code, "D001");
  EXPECT_EQ(fault_of([&] { read_measurement(folder.path() / "none.txt"); }).code, "D001");
  EXPECT_EQ(fault_of([&] { read_measurement(folder.write("e.txt", "")); }).code, "D003");
  EXPECT_EQ(fault_of([&] { read_measurement(folder.write("b.txt", "\x01\x02\0\x04junk"s)); }).code, "D004");
  EXPECT_EQ(fault_of([&] { read_measurement(folder.write("p.txt", "Once upon a time.\n")); }).code, "D006");
}

TEST(TextForeign, EveryKnownKindIsNamedWithAHint) {
  const std::pair<std::string, std::string> kinds[] = {
      {"\x1F\x8B\x08\0"s, "gzip"},
      {"PK\x03\x04\x14\0\0\0\0\0"s + std::string(20, '\0') + "photo.jpg", "zip archive"},
      {"VMP EXPERIMENT LOOP INDEXES\n0\n", "loop file"},
  };
  const TemporaryFolder folder;
  for (const auto& [bytes, name] : kinds) {
    const auto path = folder.write("f.dat", bytes);
    const Diagnostic d = fault_of([&] { read_measurement(path); });
    EXPECT_EQ(d.code, "D005") << name;
    EXPECT_NE(d.message.find(name), std::string::npos) << d.message;
    EXPECT_FALSE(d.hints.empty()) << name;
    EXPECT_NE(recognise(path).find(name), std::string::npos) << recognise(path);
  }
}

TEST(TextForeign, AFrequencyWithoutImpedanceIsNotTakenForARun) {
  const TemporaryFolder folder;
  const auto path = folder.write(
      "p.mpt", "freq/Hz\tRe(Z)/Ohm\ttime/s\t<Ewe>/V\t<I>/mA\n1E6\t100\t0\t0.1\t0\n1E5\t100\t1\t0.1\t0\n");
  EXPECT_EQ(fault_of([&] { read_measurement(path); }).code, "D020");
}

TEST(TextForeign, RecognisesByContentNotByName) {
  const TemporaryFolder folder;
  EXPECT_EQ(recognise(folder.write("a.ndax",
                                   "EC-Lab ASCII FILE\nNb header lines : 3\ntime/s\tEwe/V\n0\t1\n1\t1\n")),
            "EC-Lab text");
  EXPECT_EQ(recognise(folder.write("a.mpr", "Test Time / s,Voltage / V,Current / A\n0,1,1\n")),
            "Battery Data Format CSV");
  EXPECT_EQ(recognise(folder.write("a.csv", "time;U/V\n0;1,5\n1;1,5\n")),
            "delimited text (semicolon, `,` as decimal mark)");
}

TEST(TextForeign, SharedFilesAreRecognised) {
  NEEDS_SHARED_DATA("README.md");
  const std::pair<const char*, std::string> files[] = {
      {"biologic/biol.mpr", "BioLogic mpr, MB, data version 2"},
      {"neware_text/Experiment_Record.xlsx", "Excel workbook: no sheet of the workbook `" + shared("neware_text/Experiment_Record.xlsx").string() +
                                                 "` has a time and something measured over it"},
      {"arbin/aux_multi_x.res", "Arbin .res, Jet 4 (Access 2000 to 2003), Results File 5.23"},
      {"neware/46_1_5_60_bts16.ndax", "Neware ndax, ndc 16"},
      {"bdf/sample.bdf.csv", "Battery Data Format CSV"},
      {"lpscl_impedance/CP_SSB.txt", "EC-Lab text"},
      {"biologic/Sample_data_biologic_timestamped.txt", "BT-Lab text"},
      {"neware_text/nw_regular_export_ife_example.csv", "Neware text in three levels"},
  };
  for (const auto& [name, words] : files) EXPECT_EQ(recognise(shared(name)), words) << name;
}

TEST(TextForeign, BdfFilesGoToTheirOwnReader) {
  NEEDS_SHARED_DATA("bdf/sample.bdf.csv");
  const Record record = read_measurement(shared("bdf/sample.bdf.csv"));
  EXPECT_EQ(record.rows(), 3u);
  EXPECT_EQ(record.real("voltage")[2], 3.5);
  EXPECT_EQ(record.provenance.sources.size(), 1u);
}

TEST(TextForeign, ACellFileAppliesToEveryFormat) {
  const TemporaryFolder folder;
  ImportOptions options;
  options.cell.emplace();
  options.cell->cell.name = "A1";
  options.cell->cell.current = 2e-3;
  options.cell->path = "cell.toml";
  const Record record =
      read_measurement(folder.write("a.csv", "Test Time / s,Voltage / V\n0,1\n1,1\n"), options);
  EXPECT_EQ(record.cell.name, "A1");
  EXPECT_EQ(record.real("current")[1], 2e-3);
  EXPECT_EQ(record.provenance.sources.size(), 2u);
}

} // namespace
} // namespace platen::test

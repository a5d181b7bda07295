// EC-Lab's settings: what they say, and what becomes of them beside data.
#include "import/biologic/mps.hpp"

#include "mpr_builder.hpp"
#include "text_files.hpp"

namespace platen::test {
namespace {

using biologic::constant_current;
using biologic::parse_data_name;
using biologic::Protocol;
using biologic::read_protocol;

/// A row of the table: a name and values, twenty characters each.
std::string row(const std::string& name, const std::vector<std::string>& values) {
  std::string out = name + std::string(20 - name.size(), ' ');
  for (const std::string& v : values) {
    std::size_t length = 0; // a micro sign is one character
    for (const char c : v) length += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
    out += v + std::string(20 - length, ' ');
  }
  return out + "\r\n";
}

std::string protocol(const std::string& technique) {
  return "EC-LAB SETTING FILE\r\n\r\nNumber of linked techniques : 1\r\n\r\nDevice : VSP\r\nElectrode surface area : 0.785 cm2\r\n"
         "\r\nTechnique : 1\r\n" + technique;
}

std::string gcpl(const std::string& is, const std::string& unit, const std::string& extra = "") {
  return protocol("Galvanostatic Cycling with Potential Limitation\r\n" + row("Ns", {"0", "1"}) + row("Set I/C", {"I", "I"}) +
                  row("Is", {"0.000", is}) + row("unit Is", {"mA", unit}) + row("vs.", {"<None>", "<None>"}) +
                  row("I sign", {"> 0", "< 0"}) + row("t1 (h:m:s)", {"0:00:0.0000", "1:00:0.0000"}) +
                  row("EM (V)", {"0.000", "pass"}) + row("tM (h:m:s)", {"0:00:0.0000", "0:00:0.0000"}) + extra);
}

TEST(MpsProtocol, ReadsTheTableOfATechnique) {
  const Protocol p = read_protocol(gcpl("0,400", "\xC2\xB5" "A"), "a.mps");
  ASSERT_EQ(p.techniques.size(), 1u);
  EXPECT_EQ(p.metadata.at("Device"), "VSP");
  EXPECT_EQ(p.techniques[0].sequences, 2u);
  EXPECT_EQ(p.techniques[0].value("unit Is", 1), "\xC2\xB5" "A");
  EXPECT_EQ(p.techniques[0].value("t1 (h:m:s)", 1), "1:00:0.0000") << "behind a sign of two bytes";
  EXPECT_DOUBLE_EQ(*p.techniques[0].number_of("Is", 1), 0.4);
  ASSERT_TRUE(constant_current(p.techniques[0]));
  EXPECT_DOUBLE_EQ(*constant_current(p.techniques[0]), -0.4e-6) << "decimal comma, negative by the sign's own row";
}

TEST(MpsProtocol, LatinTextIsUnderstood) {
  std::string bytes = gcpl("0.400", "\xC2\xB5" "A");
  bytes.erase(bytes.find('\xC2'), 1); // as EC-Lab writes it
  EXPECT_DOUBLE_EQ(*constant_current(read_protocol(bytes, "a.mps").techniques[0]), -0.4e-6);
}

TEST(MpsProtocol, NoConstantCurrentWhereOneRestsHoldsOrChanges) {
  const auto of = [](const std::string& bytes) { return constant_current(read_protocol(bytes, "a.mps").techniques[0]); };
  EXPECT_TRUE(of(gcpl("0.4", "mA")));
  EXPECT_FALSE(of(gcpl("0.4", "mA", row("tR (h:m:s)", {"0:05:0.0000", "0:00:0.0000"})))) << "five minutes of rest";
  EXPECT_FALSE(of(gcpl("pass", "mA")));
  const std::string cp = protocol("Chronopotentiometry\r\n" + row("Ns", {"0", "1"}) + row("Is", {"1.0", "2.0"}) +
                                  row("unit Is", {"mA", "mA"}) + row("vs.", {"<None>", "<None>"}) +
                                  row("ts (h:m:s)", {"0:01:0.0000", "0:01:0.0000"}));
  EXPECT_FALSE(of(cp)) << "two currents";
  EXPECT_FALSE(of(protocol("Cyclic Voltammetry\r\n" + row("Ei (V)", {"0.0"}))));
}

TEST(MpsProtocol, NamesOfDataFiles) {
  const auto named = [](const char* path) { return parse_data_name(path); };
  EXPECT_EQ(named("x/cell_a_03_GCPL_C05.mpr")->base, "cell_a");
  EXPECT_EQ(named("x/cell_a_03_GCPL_C05.mpr")->number, 3);
  EXPECT_EQ(named("x/cell_a_03_GCPL_C05.mpr")->technique, "GCPL");
  EXPECT_EQ(named("03_GCPL.txt")->base, "");
  EXPECT_FALSE(named("03_GCPL_LOOP.txt"));
  EXPECT_FALSE(named("cell.mpr"));
  EXPECT_FALSE(named("_.mpr"));
}

const std::string two_columns = "time/s\tEwe/V\t\r\n0\t0.5\t\r\n1\t0.5\t\r\n2\t0.5\t\r\n";

TEST(MpsProtocol, GivesItsCurrentToDataWithoutOne) {
  const TemporaryFolder folder;
  folder.write("cell.mps", gcpl("0.4", "mA"));
  const auto data = folder.write("cell_01_GCPL.txt", two_columns);
  const Record record = read_measurement(data);
  EXPECT_DOUBLE_EQ(record.real("current")[2], -0.4e-3);
  EXPECT_EQ(warning(record, "D018"), nullptr);
  ASSERT_NE(warning(record, "D331"), nullptr);
  EXPECT_EQ(record.provenance.sources.size(), 2u);
  EXPECT_NE(record.metadata.at("protocol").find("0.4 mA (negative) for 1 h"), std::string::npos) << record.metadata.at("protocol");
  ImportOptions options;
  options.cell.emplace();
  options.cell->cell.current = 2e-3;
  EXPECT_EQ(read_measurement(data, options).real("current")[0], 2e-3) << "the cell file goes before";
}

TEST(MpsProtocol, AnotherTechniqueThanTheDataIsNotUsed) {
  const TemporaryFolder folder;
  folder.write("cell.mps", gcpl("0.4", "mA"));
  const Record other = read_measurement(folder.write("cell_01_CP.txt", two_columns));
  EXPECT_FALSE(other.has("current"));
  EXPECT_NE(warning(other, "D332"), nullptr);
  const Record absent = read_measurement(folder.write("cell_02_GCPL.txt", two_columns));
  EXPECT_FALSE(absent.has("current"));
  const Record unnamed = read_measurement(folder.write("cell.txt", two_columns));
  EXPECT_FALSE(unnamed.metadata.contains("protocol"));
  folder.write("second.mps", gcpl("0.4", "mA"));
  EXPECT_TRUE(read_measurement(folder.write("cell_01_GCPL.txt", two_columns)).has("current")) << "by its name";
  EXPECT_FALSE(read_measurement(folder.write("x_01_GCPL.txt", two_columns)).has("current")) << "two protocols, neither of its name";
}

TEST(MpsProtocol, ADamagedProtocolDoesNotSpoilTheData) {
  const TemporaryFolder folder;
  folder.write("cell.mps", "EC-LAB SETTING FILE\r\n\r\nnothing else\r\n");
  const Record record = read_measurement(folder.write("cell_01_GCPL.txt", two_columns));
  EXPECT_EQ(record.rows(), 3u);
  EXPECT_NE(warning(record, "D330"), nullptr);
  EXPECT_EQ(fault_of([&] { read_measurement(folder.path() / "cell.mps"); }).code, "D330");
}

TEST(MpsProtocol, AnyCutIsReadOrRefused) {
  const std::string whole = gcpl("0.4", "mA", row("tR (h:m:s)", {"0:05:0.0000", "0:00:0.0000"}));
  for (std::size_t length = 0; length <= whole.size(); ++length) {
    try {
      const Protocol p = read_protocol(whole.substr(0, length), "a.mps");
      EXPECT_FALSE(biologic::describe(p).empty());
    } catch (const Error& e) {
      EXPECT_EQ(e.diagnostics().front().code, "D330");
    }
  }
}

TEST(MpsProtocol, TheCellThatShorts) {
  NEEDS_SHARED_DATA("lili_soft_short/protocol.mps");
  const Record settings = read_measurement(shared("lili_soft_short/protocol.mps"));
  EXPECT_EQ(settings.rows(), 0u);
  EXPECT_EQ(settings.provenance.format, "EC-Lab settings");
  EXPECT_EQ(settings.metadata.at("protocol"),
            "1 Galvanostatic Cycling with Potential Limitation\n"
            "    Ns 0: rest for 5 min\n"
            "    Ns 1: 0.400 mA for 10 min, limit 10.000 V\n"
            "2 Galvano Electrochemical Impedance Spectroscopy: 0.500 kHz to 0.800 Hz, 3 points per decade, 100.000 \xC2\xB5"
            "A\n"
            "3 Galvanostatic Cycling with Potential Limitation\n"
            "    Ns 0: nothing\n"
            "    Ns 1: 0.400 mA for 1 h, limit 10.000 V\n"
            "4 Loop: back to technique 2, 44 times more\n");
  const Record data = read_measurement(shared("lili_soft_short/03_GCPL.txt"));
  ASSERT_EQ(data.rows(), 76807u);
  EXPECT_EQ(data.real("current")[0], 0.4e-3);
  EXPECT_NE(warning(data, "D331"), nullptr);
}

} // namespace
} // namespace platen::test

// Damaged exports: whatever the bytes, the reader gives a Record or an Error, and what it gives is sound. The
// mutations follow from a seed, so a failure can be run again.

#include "../import/text_files.hpp"
#include "mutate.hpp"

#include <algorithm>
#include <cmath>
#include <random>

namespace platen::test {
namespace {

using namespace std::string_literals;

const std::vector<std::string>& seeds() {
  static const std::vector<std::string> texts = {
      "EC-Lab ASCII FILE\r\nNb header lines : 5\r\n\r\nAcquisition started on : 05/17/2024 "
      "14:09:11.952\r\ntime/s\tEwe/V\tI/mA\tcycle number\t\r\n"
      "9.076301776229229E+002\t2.4352197E-002\t4.0E-001\t0.0E+000\t\r\n9.086301776229229E+002\t2.4352197E-"
      "002\t4.0E-001\t0.0E+000\t\r\n"
      "9.096301776229229E+002\t2.4352197E-002\t-4.0E-001\t1.0E+000\t\r\n",
      "DataPoint,Cycle Index,Step Index,Step Type,Time,Total Time,Current(A),Voltage(V),Capacity(Ah),DChg. "
      "Cap.(Ah),Date,T1(degC)\n"
      "1,1,1,Rest,00:00:00,00:00:00,0.0,2.917,0,0,2022-05-18 16:27:52,25.1\n2,1,2,CC "
      "DChg,00:00:00,00:01:00,-0.1,2.9,0.1,0.1,2022-05-18 16:28:52,25.2\n"
      "3,1,2,CC DChg,00:01:00,00:02:00,-0.1,2.8,0.2,0.2,2022-05-18 16:29:52,25.3",
      "Datum;Step;Step Time (s);U [V];I [mA];Force (N)\n18.05.2022 "
      "16:27:52;1;0,0;3,25;0,5;1.234,5\n18.05.2022 16:28:02;1;10,0;3,26;0,5;1.235,5\n"
      "18.05.2022 16:28:12;2;0,0;3,27;-0,5;1.236,5\n",
      "Cycle Index,Chg. Cap.(Ah)\n,Step Index,Step Number,Step Type,Step Time\n,,DataPoint,Time,Total "
      "Time,Current(A),Voltage(V)\n"
      "1,0.5,1,1,Rest,00:00:20\n,,1,00:00:00,00:00:00,0.0,3.1\n,,2,00:00:10,00:00:10,0.0,3.1\n,2,2,CC "
      "Chg,00:01:00\n,,3,00:00:00,00:00:10,0.5,3.2\n",
      "\"Time (h)\"  Voltage(mV)  Current(uA)\n s mV uA\n 0  1.5  1e-3\n 1  1.6  1E+3\n 2  nan  1D2\n",
      "\xFF\xFEt\0/\0s\0;\0U\0/\0V\0\n\0001\0;\0002\0\n\0003\0;\0004\0\n\0"s,
  };
  return texts;
}

const std::vector<std::string> pieces = {
    ",", ";", "\t", "\n", "\r", "\"", "\"\"", " ", "/", "(", ")", "-", "E", "e+999", "1e308", "-1e308", 
    "NaN", "inf", ":", "::", "00:00:00", "9999999999999999999999", "0.000000000000000000000000000001", 
    "2024-02-30", "\xB0", "\xEF\xBF\xBD", "time/s", "Nb header lines : 99999", "Ewe/V", "I/mA", 
    std::string(1, '\0'), "\xFF\xFE", ",,", "Cycle Index", "#", std::string(300, '7'), 
    std::string(300, ',')};

void expect_sound(const Record& record) {
  ASSERT_TRUE(record.has("test_time"));
  ASSERT_GT(record.rows(), 0u);
  for (const Column& c : record.columns()) {
    ASSERT_EQ(std::visit([](const auto& v) { return v.size(); }, c.values), record.rows()) << c.name;
    ASSERT_FALSE(c.name.empty());
    ASSERT_FALSE(c.unit.empty()) << c.name;
  }
  for (const double t : record.real("test_time")) ASSERT_TRUE(std::isfinite(t));
  for (const std::string_view name : {"voltage", "current"}) {
    if (!record.has(name)) continue;
    for (const double v : record.real(name)) ASSERT_TRUE(std::isfinite(v)) << name;
  }
  for (const Diagnostic& d : record.warnings) ASSERT_FALSE(render(d).empty());
}

TEST(TextMutations, EveryFileGivesARecordOrAnError) {
  const TemporaryFolder folder;
  ImportOptions mapped;
  mapped.cell.emplace();
  mapped.cell->cell.area = 1e-4;
  mapped.cell->columns = {{"U [V]", {"voltage", "mV"}}};
  std::size_t records = 0, errors = 0;
  std::mt19937_64 random(20240517);
  for (int n = 0; n < 6000; ++n) {
    const std::string text = mutate(seeds()[static_cast<std::size_t>(n) % seeds().size()], pieces, 8, random);
    const auto path = folder.write("f.txt", text);
    SCOPED_TRACE(n);
    try {
      const Record record = read_measurement(path, n % 7 == 0 ? mapped : ImportOptions{});
      expect_sound(record);
      ++records;
    } catch (const Error& e) {
      ASSERT_NE(e.diagnostics().front().code.front(), 'B') << e.what();
      ++errors;
    }
    if (HasFatalFailure()) FAIL() << text;
  }
  EXPECT_GT(records, 1000u); // most damage is local, and so must its effect be
  EXPECT_GT(errors, 100u);
}

TEST(TextMutations, EveryPrefixOfAFile) {
  const TemporaryFolder folder;
  for (const std::string& text : seeds())
    for (std::size_t length = 0; length <= text.size(); ++length) {
      const auto path = folder.write("f.txt", text.substr(0, length));
      try {
        expect_sound(read_measurement(path));
      } catch (const Error& e) {
        ASSERT_NE(e.diagnostics().front().code.front(), 'B') << e.what();
      }
    }
}

TEST(TextMutations, EveryLoadLogToo) {
  const TemporaryFolder folder;
  const auto data = folder.write("data.csv", "time/s,Ewe/V,I/mA\n0,1,1\n1000,1,1\n2000,1,1\n");
  const auto cell = folder.write("cell.toml", "area = \"1 cm2\"\n[pressure_log]\nfile = \"load.csv\"\n");
  std::mt19937_64 random(7);
  std::size_t joined = 0;
  for (int n = 0; n < 2000; ++n) {
    folder.write("load.csv",
                 mutate("t/s;Load (kgf)\n0;5,25\n500;5,5\n1000;5,75\n1500;5,5\n2000;5,25\n", pieces, 8, random));
    try {
      const Record record = read_measurement(data, {read_cell_file(cell)});
      ASSERT_EQ(record.real("stack_pressure").size(), 3u);
      ++joined;
    } catch (const Error& e) {
      ASSERT_NE(e.diagnostics().front().code.front(), 'B') << e.what();
    }
  }
  EXPECT_GT(joined, 500u);
}

TEST(TextMutations, LongLinesAndManyColumnsStayCheap) {
  const TemporaryFolder folder;
  std::string wide = "time/s,Ewe/V,I/mA";
  for (int i = 0; i < 3000; ++i) wide += ",c" + std::to_string(i);
  wide += "\n";
  for (int i = 0; i < 20000; ++i) wide += "1,2,3\n"; // three fields each: refused, not filled up
  EXPECT_THROW(read_measurement(folder.write("wide.csv", wide)), Error);
  EXPECT_THROW(read_measurement(folder.write("long.csv", std::string(3 << 20, '1'))), Error);
  EXPECT_THROW(read_measurement(folder.write("commas.csv", std::string(3 << 20, ','))), Error);
  EXPECT_THROW(read_measurement(folder.write("quotes.csv", std::string(1 << 20, '"'))), Error);
}

} // namespace
} // namespace platen::test

// Damaged load-cell logs and cell files: whatever the bytes, the reader gives a sound log or an Error.

#include "../import/text_files.hpp"
#include "mutate.hpp"

#include "import/pressure_log.hpp"

#include <cmath>
#include <random>

namespace platen::test {
namespace {

const std::vector<std::string>& logs() {
  static const std::vector<std::string> texts = {
      "Date,Load (N),Temperature (degC)\n2024-10-27 02:58:00,500,25\n2024-10-27 02:59:00,501,25.1\n"
      "2024-10-27 02:00:00,502,25.2\n2024-10-27 02:01:00,-9999,25.3\n2024-10-27 03:01:00,504,25.4\n",
      "31.03.2024 01:59:00;1.234,5\n31.03.2024 02:00:00;1.234,6\n31.03.2024 03:00:00;OL\n31.03.2024 "
      "03:01:00;9,9e37\n",
      "t/s\tLoad (N)\n0\t1 234\n1\t1'235\n2\t\n3\tnan\n4\t1236\n",
      "45382.5,500\n45382.6,501\n45382.7,502\n45382.8,503\n",
  };
  return texts;
}

PressureLog settings(int kind) {
  PressureLog out;
  out.file = "load.csv";
  out.cell.unit = "N";
  if (kind % 2 == 1) out.zone = "Europe/Berlin";
  if (kind % 3 == 1) {
    out.zero_interval = ZeroInterval{0.0, 60.0, false};
    out.cell.table = {{-1e4, -1e4}, {0.0, 0.0}, {1e4, 2e4}};
  }
  if (kind % 5 == 1) out.cell.zero_per_kelvin = 0.1;
  if (kind % 7 == 1) out.cell.high = 1e3;
  return out;
}

TEST(LoadLogMutations, EveryLogIsSoundOrRefused) {
  static const std::vector<std::string> pieces = {
      ",",   ";",     "\t",   "\n",       "\"",   " ",        "OL",   "-9999", "9.9e37", "1e308",
      "nan", "02:30", "2024", "31/12/99", "\xA0", "\xC2\xA0", "\xE2", "'",     "-",      "99999999999999"};
  std::mt19937_64 random(4711);
  std::size_t read = 0, refused = 0;
  for (int n = 0; n < 8000; ++n) {
    const std::string text = mutate(logs()[random() % logs().size()], pieces, 6, random);
    Record record;
    record.set(col::unix_time, std::vector<double>{1.7e9});
    try {
      const LoadLog load = parse_load_log(text, settings(n), {1e-4, ""}, record, {});
      ASSERT_FALSE(load.log.time.empty());
      ASSERT_EQ(load.log.value.size(), load.log.time.size());
      for (std::size_t i = 1; i < load.log.time.size(); ++i)
        ASSERT_GT(load.log.time[i], load.log.time[i - 1]) << text;
      align::find_jumps(load.log);
      ++read;
    } catch (const Error& e) {
      ASSERT_NE(e.diagnostics().front().code.front(), 'B') << e.what() << text;
      ++refused;
    }
    for (const Diagnostic& d : record.warnings) ASSERT_FALSE(render(d).empty());
  }
  EXPECT_GT(read, 2000u);
  EXPECT_GT(refused, 200u);
}

} // namespace
} // namespace platen::test

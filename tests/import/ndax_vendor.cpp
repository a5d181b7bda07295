// Every value of every row of the shared .ndax files against what the vendor's own program exports for them.
//
// How each column is compared, and why:
//   Step Count, Step Index, Cycle Index, Step Type   equal.
//   Time         equal to the millisecond, which is what the file stores.
//   Total Time   equal to the millisecond. The vendor adds up the last time of every finished step, so its total ignores
//                the fractions of a second that pass between two steps; test_time follows it.
//   Voltage      equal once rounded to the export's 0.1 mV;   Current   equal once rounded to the export's 1 uA.
//   Capacity, Energy   the export shows magnitudes, ours are signed like the current. It rounds to a number of decimals
//                that depends on the channel and writes single precision: agreement to half the last decimal plus half
//                the spacing of single precision.
//   Date         equal to the millisecond, up to the whole hours by which the exporting computer's clock was off UTC
//                (it writes local time with a Z): one known number per file.
//   V, T, t      equal once rounded to the export's 0.1 mV and 0.1 degC. The export rounds a temperature twice, first to
//                a few decimals: 26.849997 becomes 26.85 and then 26.9. H2 is left out by us: it is zero, of an input that
//                nothing was connected to.
#include "import/neware/ndax.hpp"

#include "base/file.hpp"

#include <charconv>
#include <chrono>
#include <cstring>
#include <cmath>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <libdeflate.h>
#include <map>
#include <memory>
#include <sstream>

namespace platen {
namespace {

struct Case {
  std::string name;
  std::size_t rows;
  double capacity_step, energy_step; ///< last decimal of the export, mAs and mWs
  int zone;                          ///< hours the export's Date is ahead of UTC
  std::size_t marks;                 ///< distinct rows with an entry in data_runInfo.ndc, counted in a hex dump; 0: none kept
  std::size_t warnings;
};

const Case cases[] = {
    {"46_1_5_60_bts16", 84, 1.0, 1e-4, 0, 25, 0},
    {"TESTCELL0001-B2-2025-M50T_NewareNDA_Investigation", 77745, 0.01, 1e-4, 0, 5314, 0},
    {"TESTCELL0001-Test_Data_Collection_Ndc17", 80, 0.01, 1e-4, 0, 15, 0},
    {"Unit27_Example_Corrupt", 301, 1.0, 1.0, 0, 7, 3},
    {"Unit27_Example_Data_File", 301, 1.0, 1.0, 0, 7, 0},
    {"empty", 0, 1.0, 1.0, 0, 0, 0},
    {"interp-test", 333, 1.0, 1.0, 1, 66, 0},
    {"nw4-120-1-6-53", 18700, 1e-4, 1e-4, 1, 4769, 0},
    {"scrubbed_ndc2", 28, 1.0, 1.0, 0, 0, 1},
};

std::filesystem::path shared(const std::string& name) {
  return std::filesystem::path(PLATEN_SHARED_DATA) / "neware" / name;
}

std::string gunzip(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string packed{std::istreambuf_iterator<char>(file), {}};
  std::uint32_t size = 0; // the last four bytes of a gzip file are the length of its content
  std::memcpy(&size, packed.data() + packed.size() - 4, 4);
  std::string out(size, '\0');
  const std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor*)> inflate(
      libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
  if (libdeflate_gzip_decompress(inflate.get(), packed.data(), packed.size(), out.data(), out.size(), nullptr) !=
      LIBDEFLATE_SUCCESS)
    throw std::runtime_error("cannot unpack " + path.string());
  return out;
}

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> out;
  std::istringstream cells(line);
  for (std::string cell; std::getline(cells, cell, ',');) out.push_back(cell);
  return out;
}

/// The vendor's export: column name without its unit -> cells.
std::map<std::string, std::vector<std::string>> read_reference(const std::string& name) {
  std::istringstream text(gunzip(shared(name + ".ref.csv.gz")));
  std::string line;
  std::getline(text, line);
  std::vector<std::string> header = split(line);
  for (std::string& h : header) h = h.substr(0, h.find('('));
  std::map<std::string, std::vector<std::string>> out;
  for (const std::string& h : header) out[h];
  while (std::getline(text, line)) {
    const std::vector<std::string> cells = split(line);
    for (std::size_t k = 0; k < header.size(); ++k) out[header[k]].push_back(cells.at(k));
  }
  return out;
}

double number(const std::string& text) {
  double value = NAN;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

int digits(const std::string& text, std::size_t at, std::size_t count) {
  int value = -1;
  std::from_chars(text.data() + at, text.data() + at + count, value);
  return value;
}

/// "2025-09-24T09:29:55.074Z" in ms since 1970.
long long date(const std::string& text) {
  using namespace std::chrono;
  const year_month_day day{year{digits(text, 0, 4)}, month{static_cast<unsigned>(digits(text, 5, 2))},
                           std::chrono::day{static_cast<unsigned>(digits(text, 8, 2))}};
  return sys_days{day}.time_since_epoch().count() * 86400000LL + digits(text, 11, 2) * 3600000LL +
         digits(text, 14, 2) * 60000LL + digits(text, 17, 2) * 1000LL + digits(text, 20, 3);
}

/// Counts disagreements of one column and keeps the first, so that a fault is one message and not 77745.
struct Tally {
  std::string column;
  std::size_t wrong = 0;
  std::string first = {};
  ~Tally() { EXPECT_EQ(wrong, 0U) << column << ": " << first; }
  template <class A, class B> void check(bool agrees, std::size_t row, const A& ours, const B& vendor) {
    if (agrees) return;
    if (wrong++ == 0) first = fmt::format("row {}: {} here, {} in the vendor's export", row, ours, vendor);
  }
};

class NdaxVendor : public testing::TestWithParam<Case> {
protected:
  void SetUp() override {
    if (!std::filesystem::exists(shared(GetParam().name + ".ndax")))
      GTEST_SKIP() << "SHARED DATA ABSENT: " << shared(GetParam().name + ".ndax");
    record = read_ndax(shared(GetParam().name + ".ndax"));
    reference = read_reference(GetParam().name);
  }

  // The export writes single precision: 4887.1 appears as 4887.10009765625, hence the rounding of both sides.
  void compare_rounded(std::string_view ours, const std::string& theirs, double per_unit) {
    Tally tally{std::string(ours)};
    const std::span<const double> values = record.real(ours);
    const std::vector<std::string>& cells = reference.at(theirs);
    ASSERT_EQ(values.size(), cells.size());
    for (std::size_t row = 0; row < values.size(); ++row) {
      const double shown = values[row] * per_unit;
      const double vendor = number(cells[row]) * (theirs == "Current" ? 1.0 : 10.0);
      tally.check(std::llround(shown) == std::llround(vendor), row, shown, cells[row]);
    }
  }

  void compare_temperature(const std::string& ours, const std::string& theirs) {
    Tally tally{ours};
    const std::span<const double> values = record.real(ours);
    for (std::size_t row = 0; row < values.size(); ++row) {
      const double celsius = std::round((values[row] - 273.15) * 1e4) / 1e4, vendor = number(reference.at(theirs).at(row));
      tally.check(std::llround(celsius * 10.0) == std::llround(vendor * 10.0), row, celsius, vendor);
    }
  }

  void compare_milliseconds(std::string_view ours, const std::string& theirs) {
    Tally tally{std::string(ours)};
    const std::span<const double> values = record.real(ours);
    for (std::size_t row = 0; row < values.size(); ++row) {
      const double vendor = number(reference.at(theirs).at(row));
      tally.check(std::llround(1e3 * values[row]) == std::llround(1e3 * vendor), row, values[row], vendor);
    }
  }

  void compare_whole(std::string_view ours, const std::string& theirs) {
    Tally tally{std::string(ours)};
    const std::span<const std::int32_t> values = record.integer(ours);
    for (std::size_t row = 0; row < values.size(); ++row)
      tally.check(values[row] == number(reference.at(theirs).at(row)), row, values[row], reference.at(theirs)[row]);
  }

  void compare_passed(std::string_view ours, const std::string& theirs, double decimal) {
    Tally size{std::string(ours)}, sign{std::string(ours) + " (sign)"};
    const std::span<const double> values = record.real(ours);
    const std::span<const std::int32_t> types = record.integer(col::step_type);
    for (std::size_t row = 0; row < values.size(); ++row) {
      const double vendor = number(reference.at(theirs).at(row));
      const double allowed = 0.5 * decimal + std::ldexp(std::abs(vendor), -24) * (1.0 + 1e-6);
      size.check(std::abs(1e3 * std::abs(values[row]) - vendor) <= allowed, row, 1e3 * values[row], vendor);
      const std::string_view word = step_type_label(static_cast<StepType>(types[row]));
      if (values[row] != 0.0)
        sign.check((values[row] < 0.0) == (word.find("DChg") != std::string_view::npos), row, values[row], word);
    }
  }

  Record record;
  std::map<std::string, std::vector<std::string>> reference;
};

TEST_P(NdaxVendor, IsRecognisedByItsFirstBytes) {
  const std::string head = read_file(shared(GetParam().name + ".ndax")).substr(0, 512);
  EXPECT_TRUE(looks_like_ndax(std::as_bytes(std::span(head))));
}

TEST_P(NdaxVendor, HoldsEveryRow) {
  EXPECT_EQ(record.rows(), GetParam().rows);
  EXPECT_EQ(record.rows(), reference.at("Date").size());
  for (const Column& column : record.columns())
    EXPECT_EQ(std::visit([](const auto& v) { return v.size(); }, column.values), record.rows()) << column.name;
  EXPECT_EQ(record.warnings.size(), GetParam().warnings);
}

TEST_P(NdaxVendor, NumbersStepsAndCyclesAlike) {
  compare_whole(col::step_count, "Step Count");
  compare_whole(col::step_index, "Step Index");
  compare_whole(col::cycle_count, "Cycle Index");
  Tally tally{"step_type"};
  const std::span<const std::int32_t> types = record.integer(col::step_type);
  for (std::size_t row = 0; row < types.size(); ++row) {
    const std::string_view word = step_type_label(static_cast<StepType>(types[row]));
    tally.check(word == reference.at("Step Type")[row], row, word, reference.at("Step Type")[row]);
  }
}

TEST_P(NdaxVendor, TellsTheSameTime) {
  compare_milliseconds(col::step_time, "Time");
  compare_milliseconds(col::test_time, "Total Time");
  const std::span<const double> time = record.real(col::test_time), clock = record.real(col::unix_time);
  for (std::size_t row = 1; row < time.size(); ++row) ASSERT_GE(time[row], time[row - 1]) << "row " << row;
  Tally tally{"unix_time"};
  for (std::size_t row = 0; row < clock.size(); ++row) {
    const long long vendor = date(reference.at("Date")[row]) - GetParam().zone * 3600000LL;
    tally.check(std::llround(1e3 * clock[row]) == vendor, row, clock[row], reference.at("Date")[row]);
  }
}

TEST_P(NdaxVendor, MeasuresTheSame) {
  compare_rounded(col::voltage, "Voltage", 1e4);
  compare_rounded(col::current, "Current", 1e6);
  compare_passed(col::step_capacity, "Capacity", GetParam().capacity_step);
  compare_passed(col::step_energy, "Energy", GetParam().energy_step);
}

TEST_P(NdaxVendor, KeepsAuxiliaryChannels) {
  std::size_t found = 0;
  for (const auto& [name, cells] : reference) {
    if (name.size() != 2 || std::isdigit(static_cast<unsigned char>(name[1])) == 0 || name[0] == 'H') continue;
    ++found;
    const std::string id(1, name[1]);
    if (name[0] == 'V') compare_rounded("aux_voltage_" + id, name, 1e4);
    else compare_temperature((name[0] == 'T' ? "aux_temperature_" : "aux_temperature_setpoint_") + id, name);
  }
  std::size_t ours = 0;
  for (const Column& c : record.columns()) ours += c.name.starts_with("aux_") ? 1 : 0;
  // Without its description in TestInfo.xml the vendor's program does not show the two channels; we keep them as stored.
  EXPECT_EQ(ours, found + (GetParam().name == "Unit27_Example_Corrupt" ? 2 : 0));
}

TEST_P(NdaxVendor, FlagsRowsThatTheFormatLeavesToBeFilledIn) {
  if (GetParam().name == "scrubbed_ndc2") {
    EXPECT_FALSE(record.has(col::interpolated)) << "ndc 2 stores every row whole";
    return;
  }
  std::size_t stored = 0;
  for (const std::int32_t flag : record.integer(col::interpolated)) stored += flag == 0 ? 1 : 0;
  EXPECT_EQ(stored, GetParam().marks);
}

INSTANTIATE_TEST_SUITE_P(SharedFiles, NdaxVendor, testing::ValuesIn(cases), [](const auto& test) {
  std::string name = test.param.name;
  for (char& c : name)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  return name;
});

TEST(NdaxMetadata, SaysWhatTheTestWas) {
  const std::filesystem::path path = shared("46_1_5_60_bts16.ndax");
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "SHARED DATA ABSENT: " << path;
  const Record record = read_ndax(path);
  const std::map<std::string, std::string> expected = {
      {"device", "46"},         {"channel", "5"},
      {"barcode", "ZZZZZZZZTEST"}, {"start_time", "2025-09-24 09:29:22"},
      {"end_time", "2025-09-24 09:31:15"}, {"client_version", "BTS Client 8.0.1.492(2025.01.23)"},
      {"current_range", "30000 mA"},
      {"step_table", "1. Rest, 10 s\n2. CC Chg, 2000 mA, 30 s, until 4.2 V\n3. CC DChg, 2000 mA, 30 s, until 2.5 V\n"
                     "4. Rest, 10 s\n5. End"},
  };
  for (const auto& [key, value] : expected) EXPECT_EQ(record.metadata.at(key), value) << key;
  EXPECT_EQ(record.cell.name, "ZZZZZZZZTEST");
  EXPECT_EQ(record.provenance.origin, "measured");
  EXPECT_EQ(record.provenance.format, "Neware ndax, ndc 16");
  ASSERT_EQ(record.provenance.sources.size(), 1U);
  EXPECT_EQ(record.provenance.sources[0].path, path.string());
  EXPECT_EQ(record.provenance.sources[0].sha256.size(), 64U);
  // The start time of the XML is local; the marks carry UTC. Here the tester's computer ran on UTC.
  EXPECT_NEAR(record.real(col::unix_time).front(), 1758706195.074, 1e-3);
}

TEST(NdaxMetadata, NamesTheDamageOfADamagedDescription) {
  const std::filesystem::path path = shared("Unit27_Example_Corrupt.ndax");
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "SHARED DATA ABSENT: " << path;
  const Record record = read_ndax(path);
  ASSERT_EQ(record.warnings.size(), 3U);
  EXPECT_EQ(record.warnings[0].code, "D042");
  EXPECT_NE(record.warnings[0].message.find("TestInfo.xml"), std::string::npos);
  EXPECT_EQ(record.warnings[1].code, "D042");
  EXPECT_EQ(record.warnings[2].code, "D043");
  EXPECT_EQ(record.metadata.at("barcode"), "123456789012") << "what can be read is used";
}

} // namespace
} // namespace platen

// ndc 2. Every row is one whole record of data.ndc, with its own clock. docs/formats/ndax.md, "Whole records".

#include "import/bytes.hpp"
#include "import/neware/ndax_parts.hpp"

#include <array>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>

namespace platen::ndax {
namespace {

constexpr std::array<int, 1> versions = {2};
constexpr std::size_t record_bytes = 94;
constexpr char sample_tag = 0x55;

/// mA (and mAs, mWs) per stored count, from the range of the channel. The known ranges follow one rule: a decade of range
/// is a decade of resolution, ranges written negative are ten times finer. NaN for a range outside the rule.
double milliampere_per_count(std::int32_t range) {
  if (range == 0) return 0.0;
  if (range == -100000000) return 10.0;
  const std::int64_t size = std::llabs(range);
  if (size > 200000) return std::numeric_limits<double>::quiet_NaN();
  const double fine = size < 10 ? 1e-5 : size < 100 ? 1e-4 : size < 1000 ? 1e-3 : 1e-2;
  return range < 0 ? fine : 10.0 * fine;
}

/// s since 1970 of midnight of a date written as year (16 bit), month, day; NaN if there is no such date.
double midnight_of(const char* at) {
  using namespace std::chrono;
  const year_month_day date{year{load<std::uint16_t>(at)}, month{load<std::uint8_t>(at + 2)},
                            day{load<std::uint8_t>(at + 3)}};
  if (!date.ok()) return std::numeric_limits<double>::quiet_NaN();
  return 86400.0 * static_cast<double>(sys_days{date}.time_since_epoch().count());
}

class Decoder {
public:
  explicit Decoder(Table& table) : table_(table) {}

  void decode(const char* at, std::size_t row) {
    const auto range = load<std::int32_t>(at + 82);
    if (range != range_) set_range(range);
    table_.voltage[row] = load<std::int32_t>(at + 31) / 1e4;
    table_.current[row] = load<std::int32_t>(at + 35) * per_count_;
    table_.capacity[row] = difference(at + 43) * per_count_;
    table_.energy[row] = difference(at + 59) * per_count_;
    if (load<std::uint32_t>(at + 75) != date_) set_date(at + 75);
    table_.unix_time[row] = midnight_ + 3600.0 * load<std::uint8_t>(at + 79) + 60.0 * load<std::uint8_t>(at + 80) +
                            load<std::uint8_t>(at + 81);
    table_.cycle[row] = clamp_int(load<std::uint32_t>(at + 12) + std::uint64_t{1});
    table_.step_index[row] = load<std::uint8_t>(at + 16);
    table_.step_type[row] = static_cast<std::int32_t>(step_type(load<std::uint8_t>(at + 17), unknown_steps));
    set_time(row, static_cast<double>(load<std::uint64_t>(at + 23)));
    if (std::isnan(table_.unix_time[row])) ++bad_dates;
  }

  std::set<int> unknown_steps;
  std::set<std::int32_t> unknown_ranges;
  std::size_t bad_dates = 0;

private:
  void set_range(std::int32_t range) {
    range_ = range;
    per_count_ = 1e-3 * milliampere_per_count(range);
    if (std::isnan(per_count_)) unknown_ranges.insert(range);
  }
  void set_date(const char* at) {
    date_ = load<std::uint32_t>(at);
    midnight_ = midnight_of(at);
  }
  static double difference(const char* at) {
    return static_cast<double>(load<std::int64_t>(at)) - static_cast<double>(load<std::int64_t>(at + 8));
  }
  /// Steps are not counted in the file: one begins where the step index or the cycle changes or the step time falls back.
  void set_time(std::size_t row, double step_time) {
    const bool begins = row == 0 || table_.step_index[row] != table_.step_index[row - 1] ||
                        table_.cycle[row] != table_.cycle[row - 1] || step_time < last_;
    if (begins) {
      before_step_ += last_;
      ++step_count_;
    }
    last_ = step_time;
    table_.step_count[row] = step_count_;
    table_.step_time[row] = step_time / 1000.0;
    table_.test_time[row] = (before_step_ + step_time) / 1000.0;
  }

  Table& table_;
  std::int32_t range_ = 0, step_count_ = 0;
  double per_count_ = 0.0;
  std::uint32_t date_ = 0; ///< as stored: year, month, day; no date at all is 0
  double midnight_ = std::numeric_limits<double>::quiet_NaN();
  double before_step_ = 0.0, last_ = 0.0; ///< ms
};

} // namespace

std::span<const int> whole_versions() { return versions; }

Table read_whole(Reading& reading, const Member& data) {
  const Pages pages(data.bytes, narrow_pages(record_bytes));
  reading.report_damage(data, pages);
  std::size_t rows = 0;
  const auto for_each_sample = [&](auto&& use) {
    pages.for_each_run([&](std::size_t, const char* at, std::size_t count) {
      for (std::size_t k = 0; k < count; ++k, at += record_bytes)
        if (*at == sample_tag && load<std::uint32_t>(at + 8) != 0) use(at);
    });
  };
  for_each_sample([&](const char*) { ++rows; });
  Table table;
  table.has_interpolated = false;
  table.voltage.resize(rows);
  table.current.resize(rows);
  table.allocate(rows);
  Decoder decoder(table);
  std::size_t row = 0;
  for_each_sample([&](const char* at) {
    if (row % 65536 == 0) {
      reading.task.check();
      reading.task.report(0.9 * static_cast<double>(row) / static_cast<double>(rows));
    }
    decoder.decode(at, row++);
    table.slots.add(load<std::uint32_t>(at + 8) - std::uint64_t{1}, 1);
  });
  table.slots.finish();
  warn_unknown_steps(reading, decoder.unknown_steps);
  if (!decoder.unknown_ranges.empty())
    reading.warn("D037", fmt::format("current range {} is not known: current, capacity and energy of its rows are empty",
                                     fmt::join(decoder.unknown_ranges, ", ")),
                 {"export the test as text from BTSDA and read that"});
  if (decoder.bad_dates > 0) reading.warn("D051", fmt::format("{} rows carry a date that does not exist", decoder.bad_dates));
  if (rows > 0)
    reading.warn("D045", "the instrument's clock is local time without a time zone; unix_time takes it for UTC");
  return table;
}

} // namespace platen::ndax

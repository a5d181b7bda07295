// Version 130: BTS 9.0 and 9.1, whose records have nothing in common but the number of their version.
// docs/formats/nda.md, "Records of BTS 9.0" and "Records of BTS 9.1".

#include "import/bytes.hpp"
#include "import/container.hpp"
#include "import/neware/nda_parts.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace platen::nda {
namespace {

constexpr char row_mark = 0x55;
constexpr std::size_t size_90 = 88, smallest_91 = 52, most_values = 64;

/// Cycles as BTSDA counts them by default, "charge first": a new one begins with a charge that follows a discharge.
void count_cycles(Table& table) {
  std::int32_t cycle = 1;
  int before = 0;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const int way = neware::direction(static_cast<StepType>(table.step_type[row]));
    if (way > 0 && before < 0) ++cycle;
    if (way != 0) before = way;
    table.cycle[row] = cycle;
  }
}

Table read_90(Reading& reading, const Header& header) {
  const Extent extent = header.records;
  warn_cut_off(reading, header, extent.size % size_90);
  Rows rows(reading);
  for (std::size_t k = 0; k < extent.size / size_90; ++k) {
    const std::size_t offset = extent.offset + k * size_90;
    const char* at = reading.bytes.data() + offset;
    if (at[4] == row_mark) rows.add(load<std::uint32_t>(at + 16), offset, k + 1);
    else reading.refuse(k + 1, fmt::format("its kind is {:#04x}; rows are of kind 0x55", load<std::uint8_t>(at + 4)));
  }
  Table table;
  rows.finish(table);
  std::set<int> unknown;
  neware::StepCounter steps(table);
  for_each_row(reading, rows, [&](std::size_t row, const char* at) {
    const auto number = [&](std::size_t offset) { return static_cast<double>(load<float>(at + offset)); };
    table.cycle[row] = 1;
    table.step_index[row] = load<std::uint8_t>(at + 9);
    table.step_type[row] = static_cast<std::int32_t>(neware::step_type(load<std::uint8_t>(at + 10), unknown));
    table.voltage[row] = number(36);
    table.current[row] = number(40) / 1e3;
    // Charge stands apart according to one reader, in one signed field according to another; no file has shown it yet.
    table.capacity[row] = (number(60) != 0.0 ? number(60) : number(52)) / 1e3;
    table.energy[row] = (number(64) != 0.0 ? number(64) : number(56)) / 1e3;
    table.unix_time[row] = static_cast<double>(load<std::uint64_t>(at + 68)) / 1e6;
    steps.set(row, static_cast<double>(load<std::uint64_t>(at + 28)), 1e6);
  });
  neware::warn_unknown_steps(reading.faults, reading.name, unknown);
  count_cycles(table);
  if (table.rows() > 0)
    reading.warn("D302", "files of BTS 9.0 hold no cycle numbers; a cycle was begun at every charge that follows a "
                         "discharge, as BTSDA does unless told otherwise");
  return table;
}

/// The size of a record, which grows with the number of values at its end: where the second record begins.
std::size_t record_size_91(const Reading& reading, const Extent& extent) {
  const char* first = reading.bytes.data() + extent.offset;
  const auto index = load<std::uint32_t>(first + 8);
  for (std::size_t size = smallest_91; size <= smallest_91 + 4 * most_values && 2 * size <= extent.size; size += 4)
    if (std::equal(first, first + 2, first + size) && load<std::uint32_t>(first + size + 8) == index + 1) return size;
  return extent.size % 4 == 0 && extent.size <= smallest_91 + 4 * most_values ? extent.size : 0; // a single record
}

/// The values at the end of every record: the first is a temperature, the others are not known.
void add_values(Reading& reading, const Rows& rows, std::size_t count) {
  std::vector<std::vector<double>> values(count, std::vector<double>(rows.offsets().size()));
  for_each_row(reading, rows, [&](std::size_t row, const char* at) {
    for (std::size_t k = 0; k < count; ++k)
      values[k][row] = static_cast<double>(load<float>(at + smallest_91 + 4 * k)) + (k == 0 ? 273.15 : 0.0);
  });
  for (std::size_t k = 0; k < count; ++k) {
    const double empty = k == 0 ? 273.15 : 0.0;
    if (k == 0 && std::all_of(values[k].begin(), values[k].end(), [&](double v) { return v == empty; })) continue;
    reading.channels.push_back(
        k == 0 ? Column{"aux_temperature_1", "K", "auxiliary temperature", std::move(values[k])}
               : Column{fmt::format("unknown_{}", k), "1",
                        fmt::format("float32 at byte {} of every record, of unknown meaning and unit", smallest_91 + 4 * k),
                        std::move(values[k])});
  }
  if (count > 1)
    reading.warn("D310", fmt::format("{} values of every record are of unknown meaning; they are kept as unknown_1 to "
                                     "unknown_{}", count - 1, count - 1));
}

/// The file has the time since the start of the test; a step begins when the one before it ends.
void set_times(Reading& reading, Table& table) {
  double begin = 0.0, latest = 0.0;
  std::int32_t count = 0;
  std::size_t backwards = 0;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const bool begins = row == 0 || table.step_index[row] != table.step_index[row - 1] || table.cycle[row] != table.cycle[row - 1];
    if (begins) {
      begin = latest;
      ++count;
    }
    if (row > 0 && table.test_time[row] < table.test_time[row - 1]) ++backwards;
    latest = std::max(latest, table.test_time[row]);
    table.step_count[row] = count;
    table.step_time[row] = table.test_time[row] - begin;
  }
  if (backwards > 0)
    reading.warn("D048", fmt::format("the instrument's time runs backwards {} times within the test", backwards));
}

Table read_91(Reading& reading, const Header& header) {
  const Extent extent = header.records;
  const std::size_t size = extent.size >= smallest_91 ? record_size_91(reading, extent) : extent.size;
  if (size < smallest_91)
    throw Error("D301", fmt::format("`{}` is a Neware .nda of BTS 9.1, but the size of its records could not be found", reading.name),
                whole_file(reading.name), {"copy the file again from the instrument's computer"});
  warn_cut_off(reading, header, extent.size % size);
  Rows rows(reading);
  for (std::size_t k = 0; k < extent.size / size; ++k) {
    const std::size_t offset = extent.offset + k * size;
    const char* at = reading.bytes.data() + offset;
    if (*at == row_mark) rows.add(load<std::uint32_t>(at + 8), offset, k + 1);
    else reading.refuse(k + 1, fmt::format("it begins with {:#04x}; rows begin with 0x55", load<std::uint8_t>(at)));
  }
  Table table;
  rows.finish(table);
  std::set<int> unknown;
  for_each_row(reading, rows, [&](std::size_t row, const char* at) {
    const auto number = [&](std::size_t offset) { return static_cast<double>(load<float>(at + offset)); };
    const auto time = [&](std::size_t offset) {
      return load<std::uint32_t>(at + offset) + load<std::uint32_t>(at + offset + 4) / 1e9;
    };
    table.step_index[row] = load<std::uint8_t>(at + 2);
    table.step_type[row] = static_cast<std::int32_t>(neware::step_type(load<std::uint8_t>(at + 3), unknown));
    table.test_time[row] = time(12);
    table.current[row] = number(20) / 1e3;
    table.voltage[row] = number(24);
    table.capacity[row] = number(28) / 1e3;
    table.energy[row] = number(32) / 1e3;
    table.cycle[row] = neware::clamp_int(load<std::uint32_t>(at + 36) + std::uint64_t{1});
    table.unix_time[row] = time(44);
  });
  set_times(reading, table);
  neware::warn_unknown_steps(reading.faults, reading.name, unknown);
  if (const std::size_t values = (size - smallest_91) / 4; values > 0) add_values(reading, rows, values);
  return table;
}

} // namespace

Table read_bts9(Reading& reading, const Header& header) {
  if (header.located && header.records.size == 0) {
    warn_cut_off(reading, header, 0);
    Table table; // a test without a row
    Rows(reading).finish(table);
    return table;
  }
  Header found = header;
  if (!header.located && header.bts9 != Bts9::none) {
    constexpr std::size_t usual = 0x400;
    found.records = {usual, reading.bytes.size() - usual};
    reading.warn("D307", fmt::format("the header does not lead to the records of `{}`; they were looked for at their usual "
                                     "place, byte {}", reading.name, usual));
  }
  switch (found.bts9) {
  case Bts9::v90: return read_90(reading, found);
  case Bts9::v91: return read_91(reading, found);
  case Bts9::none: break;
  }
  throw Error("D301", fmt::format("`{}` is a Neware .nda of version 130 that is neither of BTS 9.0 nor of BTS 9.1: no record "
                                  "could be found in it", reading.name),
              whole_file(reading.name),
              {"export the test as text from BTSDA and read that", "send the file along with a report of this message"});
}

} // namespace platen::nda

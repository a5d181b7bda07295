// Versions 8, 22, 23, 26 and 29. docs/formats/nda.md, "Records of 59 bytes" and "Records of 86 bytes".

#include "import/bytes.hpp"
#include "import/container.hpp"
#include "import/neware/counts.hpp"
#include "import/neware/nda_parts.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <map>

namespace platen::nda {
namespace {

/// How the records of a version are told apart.
struct Shape {
  std::size_t size = 0, index = 0; ///< bytes of a record; where its index stands
  int row = 0, note = 0, aux = -1; ///< first byte of each kind; -1: not in this version
  std::size_t note_code = 0;       ///< u32
};
constexpr Shape shape_8 = {59, 1, 0x00, 0xFF, -1, 11};
constexpr Shape shape_22 = {86, 2, 0x55, 0xAA, -1, 30};
constexpr Shape shape_26 = {86, 2, 0x55, 0xAA, 0x65, 30};

constexpr neware::CountsLayout counts_26 = {.size = 86, .index = 2, .cycle = 6, .step_index = 10, .step_index_bytes = 2,
                                            .step_type = 12, .step_mark = 13, .time = 14, .charge = 38, .clock = 70,
                                            .range = 78};

constexpr neware::CountsLayout with_unix_clock(neware::CountsLayout layout) {
  layout.unix_clock = true;
  return layout;
}

const Shape& shape_of(int version) { return version == 8 ? shape_8 : version <= 23 ? shape_22 : shape_26; }

int first_byte(const char* record) { return load<std::uint8_t>(record); }

bool has_index(std::string_view bytes, std::size_t at, const Shape& shape, std::uint32_t index) {
  return at + shape.size <= bytes.size() && load<std::uint32_t>(bytes.data() + at + shape.index) == index;
}

/// Whether records begin here: the note that opens a test and its first row, or two rows in a row.
bool begins_here(std::string_view bytes, std::size_t at, const Shape& shape) {
  if (!has_index(bytes, at, shape, 1) || !has_index(bytes, at + shape.size, shape, first_byte(bytes.data() + at) == shape.note ? 1 : 2))
    return false;
  const auto known = [&](std::size_t where) {
    const int kind = first_byte(bytes.data() + where);
    return (kind == shape.row || kind == shape.note) && (shape.size == 59 || bytes[where + 1] == 0);
  };
  return known(at) && known(at + shape.size);
}

/// The records as the header states them, else by searching for the first.
Extent find_records(Reading& reading, const Header& header, const Shape& shape) {
  const std::string_view bytes = reading.bytes;
  if (header.located) {
    if (header.records.size < shape.size) return header.records; // a test without a row
    const int kind = first_byte(bytes.data() + header.records.offset);
    if (has_index(bytes, header.records.offset, shape, 1) && (kind == shape.row || kind == shape.note)) return header.records;
  }
  constexpr std::size_t sections = 0x800;
  for (std::size_t at = sections; at + 2 * shape.size <= bytes.size(); ++at) {
    if (!begins_here(bytes, at, shape)) continue;
    reading.warn("D307", fmt::format("the header does not lead to the records of `{}`; they were found by searching, from "
                                     "byte {} on", reading.name, at));
    return {at, bytes.size() - at};
  }
  throw Error("D301", fmt::format("`{}` is a Neware .nda of version {}, but no record could be found in it", reading.name,
                                  header.version),
              whole_file(reading.name), {"copy the file again from the instrument's computer"});
}

/// Auxiliary records in between: one per row and channel, voltage and temperature.
class Auxiliaries {
public:
  explicit Auxiliaries(Reading& reading) : reading_(reading) {}
  void add(const char* record) { at_.push_back(record); }
  void finish(const Table& table) {
    std::map<int, Inputs> inputs;
    constexpr std::size_t most = 64; // a damaged file must not cost memory
    bool too_many = false;
    for (const char* record : at_) {
      const std::size_t row = table.slots.row_of(load<std::uint32_t>(record + 2) - std::uint64_t{1});
      const int id = load<std::uint8_t>(record + 1);
      if (row == neware::SlotMap::none) continue;
      if (inputs.size() >= most && !inputs.contains(id)) {
        too_many = true;
        continue;
      }
      Inputs& input = inputs.try_emplace(id, table.rows()).first->second;
      input.voltage[row] = load<std::int32_t>(record + 22) / 1e4;
      // Divided after adding, which gives the double nearest to 296.55 K.
      input.temperature[row] = (load<std::int16_t>(record + 34) + 2731.5) / 10.0;
    }
    if (too_many)
      reading_.warn("D049", fmt::format("only the first {} auxiliary channels are read", most));
    for (auto& [id, input] : inputs) {
      if (!all_are(input.voltage, 0.0))
        reading_.channels.push_back(
            {fmt::format("aux_voltage_{}", id), "V", "auxiliary voltage", std::move(input.voltage)});
      if (!all_are(input.temperature, 273.15))
        reading_.channels.push_back(
            {fmt::format("aux_temperature_{}", id), "K", "auxiliary temperature", std::move(input.temperature)});
    }
  }

private:
  struct Inputs {
    explicit Inputs(std::size_t rows) : voltage(rows, std::nan("")), temperature(rows, std::nan("")) {}
    std::vector<double> voltage, temperature;
  };
  /// An input that nothing is connected to reads zero throughout.
  static bool all_are(const std::vector<double>& values, double value) {
    return std::all_of(values.begin(), values.end(), [&](double v) { return std::isnan(v) || v == value; });
  }

  Reading& reading_;
  std::vector<const char*> at_;
};

/// Version 8: microamperes, microampere seconds and microwatt seconds whatever the range; charge without a sign.
void decode_8(Reading& reading, const Rows& rows, Table& table) {
  std::set<int> unknown;
  neware::StepCounter steps(table);
  for_each_row(reading, rows, [&](std::size_t row, const char* at) {
    const StepType type = neware::step_type(load<std::uint8_t>(at + 10), unknown);
    table.cycle[row] = neware::clamp_int(load<std::uint32_t>(at + 5));
    table.step_index[row] = load<std::uint8_t>(at + 9);
    table.step_type[row] = static_cast<std::int32_t>(type);
    table.voltage[row] = load<std::int32_t>(at + 15) / 1e4;
    table.current[row] = load<std::int32_t>(at + 19) / 1e6;
    const int way = neware::direction(type);
    const double sign = (way != 0 ? way > 0 : table.current[row] >= 0.0) ? 1e6 : -1e6;
    table.capacity[row] = static_cast<double>(load<std::int64_t>(at + 31)) / sign + 0.0; // no negative zero
    table.energy[row] = static_cast<double>(load<std::int64_t>(at + 39)) / sign + 0.0;
    table.unix_time[row] = static_cast<double>(load<std::uint64_t>(at + 47));
    steps.set(row, load<std::uint32_t>(at + 11), 1.0);
  });
  neware::warn_unknown_steps(reading.faults, reading.name, unknown);
}

} // namespace

Table read_counts(Reading& reading, const Header& header) {
  const Shape& shape = shape_of(header.version);
  const Extent extent = find_records(reading, header, shape);
  const std::size_t records = extent.size / shape.size;
  warn_cut_off(reading, header, extent.size % shape.size);
  Rows rows(reading);
  Auxiliaries auxiliaries(reading);
  for (std::size_t k = 0; k < records; ++k) {
    const std::size_t offset = extent.offset + k * shape.size;
    const char* at = reading.bytes.data() + offset;
    const int kind = first_byte(at);
    const auto index = load<std::uint32_t>(at + shape.index);
    if (kind == shape.row) rows.add(index, offset, k + 1);
    else if (kind == shape.note) reading.notes.push_back({index, static_cast<int>(load<std::uint16_t>(at + shape.note_code))});
    else if (kind == shape.aux) auxiliaries.add(at);
    else reading.refuse(k + 1, fmt::format("it begins with {:#04x}, which is no kind of record that is known", kind));
  }
  Table table;
  rows.finish(table);
  if (header.version == 8) {
    decode_8(reading, rows, table);
    return table;
  }
  neware::CountsDecoder decoder(table, header.version <= 23 ? with_unix_clock(counts_26) : counts_26);
  for_each_row(reading, rows, [&](std::size_t row, const char* at) { decoder.decode(at, row); });
  decoder.report(reading.faults, reading.name);
  auxiliaries.finish(table);
  return table;
}

} // namespace platen::nda

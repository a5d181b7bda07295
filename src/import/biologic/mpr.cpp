#include "import/biologic/mpr.hpp"

#include "base/memory.hpp"
#include "import/biologic/layout.hpp"
#include "import/biologic/settings.hpp"
#include "import/biologic/steps.hpp"
#include "import/bytes.hpp"
#include "import/text/assemble.hpp"
#include "import/text/spectra.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <fmt/format.h>
#include <utility>

namespace platen::biologic {
namespace {

/// Rows decoded before the next column is turned to: they stay in the nearest cache.
constexpr std::size_t block = 512;
constexpr std::size_t blocks_between_checks = 256;

/// Of `rows` rows `stride` apart: the numbers times `factor`. Adding 0 makes a negative zero a plain one.
template <class T> void gather(const char* from, std::size_t stride, std::size_t rows, double factor, double* to) {
  for (std::size_t i = 0; i < rows; ++i, from += stride) to[i] = static_cast<double>(load<T>(from)) * factor + 0.0;
}

void gather(Raw raw, const char* from, std::size_t stride, std::size_t rows, double factor, double* to) {
  switch (raw) {
  case Raw::f64:
    return gather<double>(from, stride, rows, factor, to);
  case Raw::f32:
    return gather<float>(from, stride, rows, factor, to);
  case Raw::u32:
    return gather<std::uint32_t>(from, stride, rows, factor, to);
  case Raw::u16:
    return gather<std::uint16_t>(from, stride, rows, factor, to);
  default:
    return gather<std::uint8_t>(from, stride, rows, factor, to);
  }
}

/// By what the numbers of a column become SI, if that is a factor alone; they are then decoded as SI.
double take_factor(text::TextColumn& column) {
  if (!column.unit_known || column.unit.offset != 0.0) return 1.0;
  column.in_si = true;
  return std::exchange(column.unit.factor, 1.0);
}

void decode(const Layout& layout, text::TextTable& table, const work::Task& task) {
  std::vector<double> factors;
  for (text::TextColumn& c : table.columns) {
    factors.push_back(take_factor(c));
    c.values.reserve(layout.rows);
    prefer_large_pages(c.values.data(), layout.rows * sizeof(double));
  }
  std::array<double, block> numbers;
  std::size_t seen = 0;
  for (std::size_t first = 0; first < layout.rows; first += block) {
    if (++seen % blocks_between_checks == 0) {
      task.check();
      task.report(static_cast<double>(first) / static_cast<double>(layout.rows));
    }
    const std::size_t rows = std::min(block, layout.rows - first);
    const char* begin = layout.rows_begin.data() + first * layout.row_bytes;
    for (std::size_t c = 0; c < layout.fields.size(); ++c) {
      const Field& field = layout.fields[c];
      gather(field.column.raw, begin + field.offset, layout.row_bytes, rows, factors[c], numbers.data());
      std::vector<double>& values = table.columns[c].values; // appended, so that no page is written twice
      values.insert(values.end(), numbers.begin(), numbers.begin() + static_cast<std::ptrdiff_t>(rows));
    }
  }
}

/// Analog inputs carry the name of what is connected to them; their numbers are in its unit already.
std::string heading_of(const Field& field, const std::array<std::string, 3>& external, const Place& place, Diagnostics& notes) {
  constexpr std::uint16_t analog_1 = 16;
  const std::size_t input = field.column.code - std::size_t{analog_1};
  if (field.column.code < analog_1 || input >= external.size() || external[input].empty()) return field.column.heading;
  notes.warning("D329", fmt::format("`{}` is `{}` by the settings of the external device", field.column.heading, external[input]), place);
  return external[input];
}

text::TextTable make_table(const Layout& layout, const Module* external, const std::string& file, Diagnostics& notes) {
  text::TextTable table;
  table.file = file;
  table.layout = "columns of an EC-Lab binary file, row by row";
  table.rows = layout.rows;
  table.jumps = {{0, 1}}; // "lines" are rows, from 1
  const std::array<std::string, 3> names = external != nullptr ? read_external(*external) : std::array<std::string, 3>{};
  for (const Field& field : layout.fields) {
    text::TextColumn column;
    column.heading = text::split_heading(heading_of(field, names, table.header_place(), notes));
    column.kind = text::Kind::number;
    table.columns.push_back(std::move(column));
  }
  return table;
}

/// The bits of the flags as columns, without the rows that became points of spectra.
void add_flags(Record& record, const Layout& layout, const std::vector<char>& kept) {
  if (record.rows() == 0 || layout.flags.empty()) return;
  std::vector<std::vector<std::int32_t>> columns(layout.flags.size());
  for (auto& c : columns) {
    c.reserve(record.rows());
    prefer_large_pages(c.data(), record.rows() * sizeof(std::int32_t));
  }
  std::array<std::uint8_t, block> bytes;
  std::array<std::int32_t, block> bits;
  const char* at = layout.rows_begin.data() + layout.flags_offset;
  for (std::size_t row = 0; row < layout.rows;) {
    std::size_t n = 0;
    for (; n < block && row < layout.rows; ++row, at += layout.row_bytes)
      if (kept.empty() || kept[row] != 0) bytes[n++] = load<std::uint8_t>(at);
    for (std::size_t f = 0; f < columns.size(); ++f) {
      const std::uint8_t mask = layout.flags[f]->mask;
      const int shift = std::countr_zero(mask);
      for (std::size_t i = 0; i < n; ++i) bits[i] = (bytes[i] & mask) >> shift;
      columns[f].insert(columns[f].end(), bits.begin(), bits.begin() + static_cast<std::ptrdiff_t>(n));
    }
  }
  for (std::size_t f = 0; f < columns.size(); ++f) {
    const FlagBits& flag = *layout.flags[f];
    record.set(Column{flag.name, "1", flag.description, std::move(columns[f])});
  }
}

/// First rows of loops, counted in the rows that stay.
std::vector<std::int64_t> loops_in(const std::vector<std::int64_t>& loops, const std::vector<char>& kept) {
  if (kept.empty()) return loops;
  std::vector<std::int64_t> out;
  std::int64_t before = 0;
  std::size_t row = 0;
  for (const std::int64_t first : loops) {
    for (; row < static_cast<std::size_t>(first); ++row) before += kept[row];
    out.push_back(before);
  }
  return out;
}

void note_modules(const Modules& modules, std::size_t file_bytes, const Place& place, Diagnostics& notes) {
  if (modules.stray > 0)
    notes.warning("D327", fmt::format("{} bytes from byte {} on are no module and were left out", file_bytes - modules.stray, modules.stray), place);
  const bool data_whole = !modules.cut || modules.all.back().name != "VMP data"; // else the rows say it
  if (modules.cut && data_whole)
    notes.warning("D322", "the file was cut off behind its data; what the log says of start and device may be missing", place);
}

text::Preamble read_preamble(const Modules& modules, const Layout& layout, const Place& place, Diagnostics& notes) {
  text::Preamble out;
  out.format = "BioLogic mpr";
  if (const Module* set = modules.find("VMP Set")) {
    Settings settings = read_settings(*set);
    out.metadata = std::move(settings.metadata);
    if (settings.technique) {
      out.metadata["technique"] = settings.technique->name;
      out.metadata["technique code"] = settings.technique->code;
      out.format += ", " + settings.technique->code;
    }
    if (!set->date.empty()) out.metadata["date"] = set->date + " (month first)";
  }
  out.format += ", " + layout.generation;
  if (const Module* log = modules.find("VMP LOG")) {
    Log said = read_log(*log);
    out.metadata.merge(said.metadata);
    out.start = said.start;
  }
  if (!out.start)
    notes.warning("D328", "the file does not say when the test began; its log is missing or of an unknown layout", place,
                  {"the day of the file's settings is in metadata[\"date\"]"});
  return out;
}

} // namespace

bool is_mpr(std::string_view bytes) { return bytes.starts_with("BIO-LOGIC MODULAR FILE\x1a"); }

Record read_mpr(std::string_view bytes, const std::string& file, const ImportOptions& options, const work::Task& task) {
  Place place;
  place.file = file;
  const Modules modules = split_modules(bytes);
  const Module* data = modules.find("VMP data");
  if (data == nullptr)
    throw Error("D320", fmt::format("the file has no data: {} of its modules were found{}", modules.all.size(), modules.cut ? ", then it was cut off" : ""),
                place, {"copy the file again from the computer that runs EC-Lab"});
  Diagnostics notes;
  note_modules(modules, bytes.size(), place, notes);
  const Layout layout = read_layout(*data, file, notes);
  text::TextTable table = make_table(layout, modules.find("VMP ExtDev"), file, notes);
  text::TableOptions wanted;
  if (options.cell) wanted.mapping = options.cell->columns;
  text::name_columns(table, wanted);
  decode(layout, table, task);
  text::Preamble preamble = read_preamble(modules, layout, place, notes);
  const std::vector<char> kept = text::rows_without_frequency(table);
  Record record = text::assemble(table, std::move(preamble), options);
  add_flags(record, layout, kept);
  add_rest_current(record, place);
  add_steps(record);
  const Module* loop = modules.find("VMP loop");
  add_cycles(record, loop != nullptr ? loops_in(read_loops(*loop, layout.rows), kept) : std::vector<std::int64_t>{});
  record.warnings.insert(record.warnings.begin(), notes.items().begin(), notes.items().end());
  return record;
}

std::string describe_mpr(std::string_view bytes) {
  const Modules modules = split_modules(bytes);
  std::string out = "BioLogic mpr";
  if (const Module* set = modules.find("VMP Set"))
    if (const auto technique = read_settings(*set).technique) out += ", " + technique->code;
  if (const Module* data = modules.find("VMP data")) out += fmt::format(", data version {}", data->version);
  return out;
}

} // namespace platen::biologic

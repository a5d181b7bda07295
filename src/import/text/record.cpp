#include "import/text/text.hpp"

#include "base/file.hpp"
#include "import/biologic/steps.hpp"
#include "import/text/assemble.hpp"
#include "import/text/encoding.hpp"
#include "import/text/metadata.hpp"
#include "import/text/nested.hpp"
#include "import/text/vendors.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace platen::text {
namespace {

/// What stands above the table, and how the text was understood.
Preamble read_preamble(TextTable& table) {
  Preamble out;
  const std::string& program = table.dialect.program;
  out.metadata = maccor_header(table.metadata_text);
  if (out.metadata.empty()) out.metadata = read_metadata(table.metadata_text);
  if (table.layout.empty()) {
    out.metadata["text layout"] = table.guess();
    out.metadata["text encoding"] = table.encoding;
    out.format = program.empty() ? "delimited text" : program + " text";
  }
  if (const std::string technique = eclab_technique(table.metadata_text); !technique.empty())
    out.metadata["technique"] = technique;
  if (const auto text = acquisition_start(out.metadata)) {
    out.start = parse_date(*text, table.date_order);
    if (out.start && is_ambiguous_date(*text) && program.empty()) table.doubtful_date = true;
  }
  return out;
}

/// Cycle numbers from EC-Lab's loop file, where the data have none of their own.
void apply_loops(Record& record, const TextTable& table, const std::filesystem::path& data) {
  const std::filesystem::path path = loop_file_of(data);
  std::error_code fault;
  if (path == data || !std::filesystem::is_regular_file(path, fault)) return;
  const std::string bytes = read_file(path);
  const std::vector<std::int64_t> first_rows = parse_loops(bytes);
  const Place place{path.string(), 0, 0, 1, {}};
  const auto note = [&](std::string message) {
    record.warnings.push_back({Severity::warning, "D019", std::move(message), place});
  };
  const std::size_t lines = table.line_of(table.rows - 1) - table.dialect.first_line + 1;
  if (first_rows.empty() || static_cast<std::size_t>(first_rows.back()) >= lines)
    return note("the loop file beside the data does not fit them and was not used");
  if (record.has(col::cycle_count))
    return note("the data have cycle numbers; the loop file beside them was not used");
  std::vector<std::int32_t> cycle(table.rows);
  for (std::size_t row = 0; row < table.rows; ++row) {
    const auto index = static_cast<std::int64_t>(table.line_of(row) - table.dialect.first_line);
    const auto after = std::upper_bound(first_rows.begin(), first_rows.end(), index);
    cycle[row] = static_cast<std::int32_t>(after - first_rows.begin());
  }
  record.set(col::cycle_count, std::move(cycle));
  record.provenance.sources.push_back({path.string(), sha256(bytes)});
  note(fmt::format("cycle numbers 1 to {} were taken from the loop file beside the data", first_rows.size()));
}

} // namespace

Record read_text(std::string bytes, const std::filesystem::path& path, const ImportOptions& options,
                 const work::Task& task) {
  Decoded decoded = decode(std::move(bytes));
  auto flat = flatten_nested(decoded.text);
  const bool nested = flat.has_value();
  if (nested) decoded.text = std::move(*flat);
  TableOptions wanted;
  if (options.cell) wanted.mapping = options.cell->columns;
  wanted.core = {col::voltage, col::current};
  TextTable table = read_table(decoded.text, path.string(), wanted, task);
  table.encoding = decoded.encoding;
  Record record = build_record(table, options);
  if (nested) record.provenance.format = "Neware text in three levels";
  if (table.rows > 0) apply_loops(record, table, path);
  add_arbin_metadata(record, table, path);
  if (!table.dialect.program.empty()) {
    biologic::add_rest_current(record, Place{path.string(), 0, 0, 1, {}});
    biologic::add_steps(record);
    biologic::add_cycles(record, {});
  }
  return record;
}

Record build_record(TextTable& table, const ImportOptions& options) {
  Preamble preamble = read_preamble(table);
  return assemble(table, std::move(preamble), options);
}

std::string describe_text(std::string bytes) {
  const Decoded decoded = decode(std::move(bytes));
  if (flatten_nested(decoded.text)) return "Neware text in three levels";
  const Dialect dialect = sniff(decoded.text);
  if (dialect.first_line == 0) return {};
  if (!dialect.program.empty()) return dialect.program + " text";
  return fmt::format("delimited text ({}, `{}` as decimal mark)", delimiter_name(dialect.delimiter),
                     dialect.decimal);
}

} // namespace platen::text

#include "import/import.hpp"

#include "base/file.hpp"
#include "import/foreign.hpp"
#include "import/ndax.hpp"
#include "import/pressure_log.hpp"
#include "import/text.hpp"
#include "import/text_encoding.hpp"
#include "import/text_sniff.hpp"
#include "record/io.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace platen {
namespace {

constexpr std::string_view hdf5_signature = "\x89HDF\r\n\x1a\n";
constexpr std::size_t ndax_head = 512;

enum class Format { empty, platen_hdf5, other_hdf5, ndax, foreign, binary, bdf, text };

/// A CSV with some Battery Data Format headings but a time by another name ("Date") is delimited text like
/// any other.
bool is_whole_bdf(std::string_view bytes) {
  text::Lines lines(bytes);
  text::Line line;
  while (lines.next(line) && (line.text.empty() || line.text.front() == '#')) {}
  const auto names = [&](std::string_view time) { return line.text.find(time) != std::string_view::npos; };
  const bool timed = names("Test Time") || names("test_time_") || names("Unix Time") || names("unix_time_");
  return timed && is_bdf_csv(bytes);
}

Format format_of(std::string_view bytes) {
  if (bytes.empty()) return Format::empty;
  if (is_hdf5_record(bytes)) return Format::platen_hdf5;
  if (bytes.starts_with(hdf5_signature)) return Format::other_hdf5;
  if (looks_like_ndax(std::as_bytes(std::span(bytes.substr(0, ndax_head))))) return Format::ndax;
  if (foreign_format(bytes)) return Format::foreign;
  if (text::looks_binary(bytes)) return Format::binary;
  return is_whole_bdf(bytes) ? Format::bdf : Format::text;
}

Error unknown_bytes(const Place& place) {
  return Error("D004", "the file is binary and of no kind that Platen knows", place,
               {"Platen reads delimited text (EC-Lab, Neware and other exports), Neware .ndax, Battery Data "
                "Format CSV and its own HDF5"});
}

/// What the user says of the cell goes before what the file says.
void merge(CellInfo& into, const CellInfo& stated) {
  if (!stated.name.empty()) into.name = stated.name;
  if (stated.configuration != Configuration::unknown) into.configuration = stated.configuration;
  if (!stated.electrolyte.empty()) into.electrolyte = stated.electrolyte;
  if (!stated.fixture.empty()) into.fixture = stated.fixture;
  for (const CellField& field : cell_fields())
    if (stated.*field.member) into.*field.member = stated.*field.member;
}

/// Text files take the constant current on their own, since they know which headings there are.
void add_constant_current(Record& record, const Place& place) {
  if (record.has(col::current) || !record.cell.current) return;
  record.set(col::current, std::vector<double>(record.rows(), *record.cell.current));
  record.warnings.push_back(
      {Severity::warning, "D017",
       fmt::format("the file has no current; {:.6g} mA from the cell file is taken for every row",
                   *record.cell.current * 1e3),
       place});
}

void note_source(Record& record, const std::string& path, std::string_view bytes) {
  auto& sources = record.provenance.sources;
  if (std::none_of(sources.begin(), sources.end(), [&](const auto& s) { return s.path == path; }))
    sources.push_back({path, sha256(bytes)});
}

Record read_format(Format format, std::string bytes, const std::filesystem::path& path,
                   const ImportOptions& options, const work::Task& task) {
  const std::string name = path.string();
  const Place place{name, 0, 0, 1, {}};
  const bool mapped = options.cell && !options.cell->columns.empty();
  switch (format) {
  case Format::empty:
    throw Error("D003", "the file is empty", place,
                {"the export may have been interrupted; export it again"});
  case Format::platen_hdf5:
    return read_hdf5(path);
  case Format::other_hdf5:
    throw Error("D005", "the file is HDF5, but not a record of Platen", place,
                {"save its columns as CSV with Battery Data Format names"});
  case Format::foreign: {
    const Foreign what = *foreign_format(bytes);
    throw Error("D005", fmt::format("the file is {}, which this version of Platen does not read", what.name),
                place, {std::string(what.hint)});
  }
  case Format::binary:
    throw unknown_bytes(place);
  case Format::ndax: {
    Record record = read_ndax(bytes, name, task);
    note_source(record, name, bytes);
    return record;
  }
  case Format::bdf:
    if (!mapped) {
      Record record = parse_bdf_csv(bytes, name);
      note_source(record, name, bytes);
      return record;
    }
    break;
  case Format::text:
    break;
  }
  return text::read_text(std::move(bytes), path, options, task);
}

} // namespace

Record read_measurement(const std::filesystem::path& path, const ImportOptions& options,
                        const work::Task& task) {
  std::string bytes = read_file(path);
  const Format format = format_of(bytes);
  Record record = read_format(format, std::move(bytes), path, options, task);
  if (!options.cell) return record;
  merge(record.cell, options.cell->cell);
  if (!options.cell->path.empty()) note_source(record, options.cell->path, options.cell->text);
  add_constant_current(record, Place{path.string(), 0, 0, 1, {}});
  if (options.cell->pressure_log) join_pressure_log(record, *options.cell->pressure_log, task);
  return record;
}

std::string recognise(const std::filesystem::path& path) {
  const std::string bytes = read_file(path);
  switch (format_of(bytes)) {
  case Format::empty:
    return "an empty file";
  case Format::platen_hdf5:
    return "Platen record (HDF5)";
  case Format::other_hdf5:
    return "HDF5, not a record of Platen";
  case Format::foreign:
    return std::string(foreign_format(bytes)->name);
  case Format::ndax:
    return describe_ndax(bytes, path.string());
  case Format::binary:
    return "binary, of no known kind";
  case Format::bdf:
    return "Battery Data Format CSV";
  case Format::text:
    break;
  }
  const std::string words = text::describe_text(bytes);
  return words.empty() ? "text without a table" : words;
}

} // namespace platen

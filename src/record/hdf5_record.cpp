#include "record/io.hpp"

#include "base/file.hpp"
#include "record/hdf5_analyses.hpp"
#include "record/hdf5_spectra.hpp"
#include "record/hdf5_store.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <fstream>
#include <set>
#include <utility>

namespace platen {
namespace {

using hdf5::Fault;
using hdf5::need_equal;
using hdf5::Node;
using hdf5::numbers_of;
using hdf5::storable;
using hdf5::texts_of;

constexpr std::uint64_t format_version = 2; // 2: spectra and rejects

constexpr std::string_view first_line = "Platen record\n";
constexpr std::string_view version_key = "format: ";
constexpr std::size_t reserved = 512; // the smallest user block of HDF5
constexpr std::string_view hdf5_signature = "\x89HDF\r\n\x1a\n";

/// What stands before the HDF5 file proper. A reader can so refuse a damaged file before the library, which trusts its
/// input too much, has parsed a byte of it.
std::string preamble(std::uint64_t version, const std::string& checksum) {
  std::string out = fmt::format("{}{}{}\nsha256 of what follows byte {}: {}\nan HDF5 file with a user block; see docs/formats/hdf5.md\n",
                                first_line, version_key, version, reserved, checksum);
  out.resize(reserved - 1, ' ');
  return out + '\n';
}

/// The column's name as far as HDF5 allows it for a link; the true name is an attribute.
std::string link_name(const std::string& name, std::set<std::string>& taken) {
  std::string link = storable(name);
  std::replace(link.begin(), link.end(), '/', '_');
  if (link.empty() || link == ".") link = "_";
  const std::string stem = link;
  for (int k = 2; !taken.insert(link).second; ++k) link = fmt::format("{}_{}", stem, k);
  return link;
}

void write_columns(const Node& root, const Record& record) {
  const Node group = root.create_group("columns");
  std::set<std::string> taken;
  std::uint64_t position = 0;
  for (const Column& column : record.columns()) {
    const std::string link = link_name(column.name, taken);
    const Node array = std::visit([&](const auto& values) { return group.create(link, std::span(values)); }, column.values);
    array.set_attribute("name", storable(column.name));
    array.set_attribute("unit", storable(column.unit));
    array.set_attribute("description", storable(column.description));
    array.set_attribute("position", position++);
  }
}

void write_cell(const Node& root, const CellInfo& cell) {
  const Node group = root.create_group("cell");
  group.set_attribute("name", storable(cell.name));
  group.set_attribute("configuration", std::string(label(cell.configuration)));
  group.set_attribute("electrolyte", storable(cell.electrolyte));
  group.set_attribute("fixture", storable(cell.fixture));
  for (const CellField& field : cell_fields()) {
    const std::optional<double>& value = cell.*field.member;
    if (!value) continue;
    const Node array = group.create(std::string(field.key), std::span(&*value, 1));
    array.set_attribute("unit", si_unit(field.dimension));
    array.set_attribute("description", std::string(field.description));
  }
}

/// What older programs do not know of the cell; they pass over groups that are not a key.
void write_cell_details(const Node& root, const CellInfo& cell) {
  const Node group = root.open_group("cell");
  group.create("cathode", std::vector<std::string>{storable(cell.cathode)});
  const auto of = [](const auto& table, auto&& get) {
    std::vector<std::string> out;
    for (const auto& entry : table) out.push_back(storable(get(entry)));
    return out;
  };
  const Node uncertain = group.create_group("uncertainty");
  std::vector<double> values;
  for (const auto& [key, value] : cell.uncertainty) values.push_back(value);
  uncertain.create("key", of(cell.uncertainty, [](const auto& e) { return e.first; }));
  uncertain.create("value", std::span<const double>(values));
  const Node from = group.create_group("known_from");
  from.create("key", of(cell.known_from, [](const auto& e) { return e.first; }));
  from.create("kind", of(cell.known_from, [](const auto& e) { return e.second.kind; }));
  from.create("place", of(cell.known_from, [](const auto& e) { return e.second.place; }));
}

void write_events(const Node& root, const std::vector<Event>& events) {
  const Node group = root.create_group("events");
  group.create("time", std::span<const double>(numbers_of<double>(events, [](const Event& e) { return e.time; })))
      .set_attribute("unit", std::string("s"));
  group.create("kind", texts_of(events, [](const Event& e) { return e.kind; }));
  group.create("text", texts_of(events, [](const Event& e) { return e.text; }));
}

void write_provenance(const Node& root, const Provenance& provenance) {
  const Node group = root.create_group("provenance");
  group.set_attribute("origin", storable(provenance.origin));
  group.set_attribute("program", storable(provenance.program));
  group.set_attribute("format", storable(provenance.format));
  group.set_attribute("seed", provenance.seed);
  group.create("source_path", texts_of(provenance.sources, [](const auto& s) { return s.path; }));
  group.create("source_sha256", texts_of(provenance.sources, [](const auto& s) { return s.sha256; }));
}

void write_warnings(const Node& root, const std::vector<Diagnostic>& warnings) {
  const Node group = root.create_group("warnings");
  const auto place = [](const Diagnostic& d) { return d.place.value_or(Place{}); };
  const auto texts = [&](const char* name, auto get) { group.create(name, texts_of(warnings, get)); };
  const auto counts = [&](const char* name, auto get) {
    group.create(name, std::span<const std::uint64_t>(numbers_of<std::uint64_t>(warnings, get)));
  };
  texts("code", [](const Diagnostic& d) { return d.code; });
  texts("message", [](const Diagnostic& d) { return d.message; });
  counts("is_error", [](const Diagnostic& d) { return d.severity == Severity::error; });
  counts("has_place", [](const Diagnostic& d) { return d.place.has_value(); });
  texts("file", [&](const Diagnostic& d) { return place(d).file; });
  counts("line", [&](const Diagnostic& d) { return place(d).line; });
  counts("column", [&](const Diagnostic& d) { return place(d).column; });
  counts("length", [&](const Diagnostic& d) { return place(d).length; });
  texts("text", [&](const Diagnostic& d) { return place(d).text; });
  counts("hint_count", [](const Diagnostic& d) { return d.hints.size(); });
  std::vector<std::string> hints;
  for (const Diagnostic& d : warnings)
    for (const std::string& hint : d.hints) hints.push_back(storable(hint));
  group.create("hint", hints);
}

void write_everything(const Node& root, const Record& record) {
  root.set_attribute("format", std::string("Platen record"));
  root.set_attribute("version", format_version);
  write_columns(root, record);
  write_cell(root, record.cell);
  write_cell_details(root, record.cell);
  const Node metadata = root.create_group("metadata");
  metadata.create("key", texts_of(record.metadata, [](const auto& m) { return m.first; }));
  metadata.create("value", texts_of(record.metadata, [](const auto& m) { return m.second; }));
  write_events(root, record.events);
  root.create("study", std::array{storable(record.study)});
  write_provenance(root, record.provenance);
  write_warnings(root, record.warnings);
  hdf5::write_spectra(root, record.spectra);
  hdf5::write_rejects(root, record.rejects);
  hdf5::write_analyses(root, record.analyses);
  root.flush();
}

void write_preamble(const std::filesystem::path& path) {
  const std::string bytes = read_file(path);
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file << preamble(format_version, sha256(std::string_view(bytes).substr(std::min(reserved, bytes.size()))));
  file.flush();
  if (!file) throw Fault("write the first bytes of the file");
}

void read_columns(const Node& root, Record& record) {
  const Node group = root.open_group("columns");
  std::vector<std::pair<std::uint64_t, Column>> columns;
  for (const std::string& link : group.children()) {
    const Node array = group.open_array(link);
    Column column{array.text_attribute("name"), array.text_attribute("unit"), array.text_attribute("description"), {}};
    if (array.is_integer()) column.values = array.integers();
    else column.values = array.doubles();
    columns.emplace_back(array.count_attribute("position"), std::move(column));
  }
  std::sort(columns.begin(), columns.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (auto& [position, column] : columns) {
    if (record.has(column.name)) throw Fault(fmt::format("column `{}` appears twice", column.name));
    record.set(std::move(column));
  }
}

/// @throws Fault when lists that belong together differ in length.
void read_cell_details(const Node& cell, const std::vector<std::string>& children, CellInfo& out) {
  const auto has = [&](std::string_view name) { return std::find(children.begin(), children.end(), name) != children.end(); };
  if (has("cathode")) {
    const std::vector<std::string> text = cell.open_array("cathode").texts();
    need_equal(text.size(), 1, "cathode");
    out.cathode = text.front();
  }
  if (has("uncertainty")) {
    const Node group = cell.open_group("uncertainty");
    const auto keys = group.open_array("key").texts();
    const std::vector<double> values = group.open_array("value").doubles();
    need_equal(keys.size(), values.size(), "uncertainty");
    for (std::size_t k = 0; k < keys.size(); ++k) out.uncertainty.emplace(keys[k], values[k]);
  }
  if (has("known_from")) {
    const Node group = cell.open_group("known_from");
    const auto keys = group.open_array("key").texts(), kinds = group.open_array("kind").texts(), places = group.open_array("place").texts();
    need_equal(keys.size(), kinds.size(), "known_from");
    need_equal(keys.size(), places.size(), "known_from");
    for (std::size_t k = 0; k < keys.size(); ++k) out.known_from.emplace(keys[k], KnownFrom{kinds[k], places[k]});
  }
}

CellInfo read_cell(const Node& root) {
  const Node group = root.open_group("cell");
  CellInfo cell;
  cell.name = group.text_attribute("name");
  cell.electrolyte = group.text_attribute("electrolyte");
  cell.fixture = group.text_attribute("fixture");
  const auto configuration = parse_configuration(group.text_attribute("configuration"));
  if (!configuration) throw Fault("the configuration of the cell is not one of ours");
  cell.configuration = *configuration;
  const std::vector<std::string> children = group.children();
  read_cell_details(group, children, cell);
  for (const std::string& key : children)
    for (const CellField& field : cell_fields())
      if (field.key == key) {
        const std::vector<double> value = group.open_array(key).doubles();
        need_equal(value.size(), 1, key);
        if (value.front() < field.low || value.front() > field.high) throw Fault(fmt::format("`{}` of the cell is {} {}, which cannot be", key, value.front(), si_unit(field.dimension)));
        cell.*field.member = value.front();
      }
  return cell;
}

std::map<std::string, std::string> read_metadata(const Node& root) {
  const Node group = root.open_group("metadata");
  const auto keys = group.open_array("key").texts(), values = group.open_array("value").texts();
  need_equal(keys.size(), values.size(), "metadata");
  std::map<std::string, std::string> out;
  for (std::size_t k = 0; k < keys.size(); ++k) out[keys[k]] = values[k];
  return out;
}

std::vector<Event> read_events(const Node& root) {
  const Node group = root.open_group("events");
  const auto times = group.open_array("time").doubles();
  const auto kinds = group.open_array("kind").texts(), texts = group.open_array("text").texts();
  need_equal(times.size(), kinds.size(), "events");
  need_equal(times.size(), texts.size(), "events");
  std::vector<Event> out;
  for (std::size_t k = 0; k < times.size(); ++k) out.push_back({times[k], kinds[k], texts[k]});
  return out;
}

Provenance read_provenance(const Node& root) {
  const Node group = root.open_group("provenance");
  Provenance out;
  out.origin = group.text_attribute("origin");
  out.program = group.text_attribute("program");
  out.format = group.text_attribute("format");
  out.seed = group.count_attribute("seed");
  const auto paths = group.open_array("source_path").texts(), checksums = group.open_array("source_sha256").texts();
  need_equal(paths.size(), checksums.size(), "sources");
  for (std::size_t k = 0; k < paths.size(); ++k) out.sources.push_back({paths[k], checksums[k]});
  return out;
}

std::vector<Diagnostic> read_warnings(const Node& root) {
  const Node group = root.open_group("warnings");
  const auto codes = group.open_array("code").texts();
  const auto texts = [&](const char* name) {
    auto out = group.open_array(name).texts();
    need_equal(out.size(), codes.size(), "warnings");
    return out;
  };
  const auto counts = [&](const char* name) {
    auto out = group.open_array(name).counts();
    need_equal(out.size(), codes.size(), "warnings");
    return out;
  };
  const auto messages = texts("message"), files = texts("file"), lines_of_text = texts("text");
  const auto is_error = counts("is_error"), has_place = counts("has_place"), lines = counts("line"),
             columns = counts("column"), lengths = counts("length"), hint_counts = counts("hint_count");
  const auto hints = group.open_array("hint").texts();
  std::vector<Diagnostic> out;
  std::size_t next_hint = 0;
  for (std::size_t k = 0; k < codes.size(); ++k) {
    Diagnostic d{is_error[k] != 0 ? Severity::error : Severity::warning, codes[k], messages[k]};
    if (has_place[k] != 0) d.place = Place{files[k], lines[k], columns[k], lengths[k], lines_of_text[k]};
    if (hint_counts[k] > hints.size() - next_hint) throw Fault("a hint is missing");
    for (std::uint64_t n = 0; n < hint_counts[k]; ++n) d.hints.push_back(hints[next_hint++]);
    out.push_back(std::move(d));
  }
  return out;
}

Record read_everything(const Node& root) {
  Record record;
  read_columns(root, record);
  record.cell = read_cell(root);
  record.metadata = read_metadata(root);
  record.events = read_events(root);
  const auto study = root.open_array("study").texts();
  need_equal(study.size(), 1, "studies");
  record.study = study.front();
  record.provenance = read_provenance(root);
  record.warnings = read_warnings(root);
  if (root.count_attribute("version") < 2) return record; // written before there were spectra and rejects
  record.spectra = hdf5::read_spectra(root);
  record.rejects = hdf5::read_rejects(root);
  record.analyses = hdf5::read_analyses(root);
  return record;
}

Error damaged(const std::filesystem::path& path, std::string_view why) {
  return Error("D068", fmt::format("the record is damaged: {}", why), Place{path.string(), 0, 0, 1, {}},
               {"copy the file again from where it was written; a file changed by another program is refused too"});
}

bool holds_hdf5(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size(); at = at == 0 ? reserved : 2 * at) // where the format allows its signature
    if (bytes.substr(at).starts_with(hdf5_signature)) return true;
  return false;
}

/// @throws Error D065, D067, D068 unless the bytes are those that were once written.
void verify(std::string_view bytes, const std::filesystem::path& path) {
  const Place whole{path.string(), 0, 0, 1, {}};
  if (!is_hdf5_record(bytes)) {
    if (holds_hdf5(bytes))
      throw Error("D065", "the file holds HDF5 but no record of Platen", whole,
                  {"write it as CSV with the program that made it; Platen reads that"});
    throw Error("D065", "the file is not a record in HDF5", whole, {"`platen inspect` says what it is"});
  }
  const std::string_view key = bytes.substr(first_line.size());
  std::uint64_t version = 0;
  if (key.starts_with(version_key)) std::from_chars(key.data() + version_key.size(), key.data() + key.size(), version);
  if (version > format_version)
    throw Error("D067", fmt::format("the record has format {}; this program reads up to {}", version, format_version), whole,
                {"update Platen, or write the record as CSV with the newer one"});
  if (bytes.size() < reserved || bytes.substr(0, reserved) != preamble(version, sha256(bytes.substr(reserved))))
    throw damaged(path, "the contents do not have the checksum they were written with");
}

} // namespace

void write_hdf5(const Record& record, const std::filesystem::path& path) {
  write_aside(path, [&](const std::filesystem::path& aside) {
    try {
      write_everything(hdf5::create_file(aside, reserved), record);
      write_preamble(aside);
    } catch (const Fault& fault) {
      throw Error("D002", fmt::format("cannot write `{}`: {}", path.string(), fault.what()), std::nullopt,
                  {"check that the folder exists, is writable and has space left"});
    }
  });
}

Record read_hdf5(const std::filesystem::path& path) {
  verify(read_file(path), path);
  try {
    return read_everything(hdf5::open_file(path));
  } catch (const Fault& fault) {
    throw damaged(path, fault.what());
  } catch (const Error& error) { // from Record::set: lengths or units that do not fit
    throw damaged(path, error.diagnostics().front().message);
  }
}

bool is_hdf5_record(std::string_view bytes) { return bytes.starts_with(first_line); }

} // namespace platen

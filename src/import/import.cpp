#include "import/import.hpp"

#include "base/file.hpp"
#include "import/biologic/mps.hpp"
#include "import/format.hpp"
#include "import/pressure_log.hpp"
#include "record/overrules.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <future>

namespace platen {
namespace {

/// The last row of the table takes everything.
const Format& format_of(std::string_view bytes) {
  const auto all = formats();
  return *std::find_if(all.begin(), all.end() - 1, [&](const Format& f) { return f.is(bytes); });
}

/// SHA-256 of a file in memory. Where the bytes stay as they are it is computed beside the reading: it takes longer than many a
/// reader. They must outlive this.
class Checksum {
public:
  Checksum(std::string_view bytes, bool beside) {
    constexpr std::size_t worth_a_thread = 1 << 16;
    result_ = std::async(beside && bytes.size() >= worth_a_thread ? std::launch::async : std::launch::deferred, [bytes] { return sha256(bytes); });
    if (!beside) result_.wait();
  }
  std::string get() { return result_.get(); }

private:
  std::future<std::string> result_;
};

/// Text files take the constant current on their own, since they know which headings there are.
void add_constant_current(Record& record, const Place& place) {
  if (record.has(col::current) || !record.cell.current || record.rows() == 0) return;
  record.set(col::current, std::vector<double>(record.rows(), *record.cell.current));
  record.warnings.push_back(
      {Severity::warning, "D017",
       fmt::format("the file has no current; {:.6g} mA from the cell file is taken for every row",
                   *record.cell.current * 1e3),
       place});
}


} // namespace

Record read_measurement(const std::filesystem::path& path, const ImportOptions& options,
                        const work::Task& task) {
  SourceFile file{read_file(path), path};
  const Place place = file.place();
  if (file.bytes.empty())
    throw Error("D003", "the file is empty", place, {"the export may have been interrupted; export it again"});
  const Format& format = format_of(file.bytes);
  std::optional<Checksum> checksum;
  if (!format.keeps_sources) checksum.emplace(file.bytes, format.keeps_bytes);
  Record record = format.read(std::move(file), options, task);
  auto& sources = record.provenance.sources;
  if (checksum) sources.insert(sources.begin(), {path.string(), checksum->get()}); // before what the reader found beside it
  const bool current_stated = options.cell && options.cell->cell.current;
  if (!format.keeps_sources) biologic::apply_protocol(record, path, !current_stated);
  if (!options.cell) return record;
  merge(record.cell, options.cell->cell);
  if (!options.cell->path.empty()) sources.push_back({options.cell->path, sha256(options.cell->text)});
  add_constant_current(record, place);
  apply_zone(record, options.cell->zone);
  for (const std::string& text : options.cell->overrules) keep_overrule(record, text);
  if (options.cell->pressure_log) join_pressure_log(record, *options.cell->pressure_log, options.cell->zone, task);
  return record;
}

std::string recognise(const std::filesystem::path& path) {
  const SourceFile file{read_file(path), path};
  return file.bytes.empty() ? "an empty file" : format_of(file.bytes).describe(file);
}

} // namespace platen

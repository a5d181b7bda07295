#include "import/import.hpp"

#include "base/file.hpp"
#include "import/biologic/mps.hpp"
#include "import/format.hpp"
#include "import/pressure_log.hpp"
#include "record/overrules.hpp"

#include <algorithm>
#include <atomic>
#include <fmt/format.h>
#include <future>
#include <memory>
#include <thread>

namespace platen {
namespace {

/// The last row of the table takes everything.
const Format& format_of(std::string_view bytes) {
  const auto all = formats();
  return *std::find_if(all.begin(), all.end() - 1, [&](const Format& f) { return f.is(bytes); });
}

/// SHA-256 of a file in memory. Where the bytes stay as they are it is computed beside the reading, since it takes longer than many
/// a reader: by a thread of its own, or here, whoever comes first. So nobody waits for a thread that a busy machine has not
/// started yet, and a thread that starts too late touches nothing. The bytes must outlive this.
class Checksum {
public:
  Checksum(std::string_view bytes, bool beside) : work_(std::make_shared<Work>()) {
    constexpr std::size_t worth_a_thread = 1 << 16;
    work_->bytes = bytes;
    done_ = work_->result.get_future();
    if (!beside) work_->take();
    else if (bytes.size() >= worth_a_thread) std::thread([work = work_] { work->take(); }).detach();
  }
  ~Checksum() {
    if (work_->taken.exchange(true) && done_.valid()) done_.wait();
  }
  Checksum(const Checksum&) = delete;
  Checksum& operator=(const Checksum&) = delete;

  std::string get() {
    work_->take();
    return done_.get();
  }

private:
  struct Work {
    std::string_view bytes;
    std::atomic<bool> taken{false};
    std::promise<std::string> result;

    void take() {
      if (taken.exchange(true)) return;
      try {
        result.set_value(sha256(bytes));
      } catch (...) {
        result.set_exception(std::current_exception());
      }
    }
  };
  std::shared_ptr<Work> work_;
  std::future<std::string> done_;
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

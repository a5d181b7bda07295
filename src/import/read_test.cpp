#include "import/read_test.hpp"

#include "import/biologic/mps.hpp"
#include "import/biologic/settings.hpp"
#include "import/join_records.hpp"
#include "import/pressure_log.hpp"
#include "record/overrules.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <glob.h>
#include <limits>
#include <map>
#include <optional>
#include <set>

namespace platen {
namespace fs = std::filesystem;
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t most_files = 10'000;

std::string lower_extension(const fs::path& path) {
  std::string out = path.extension().string();
  for (char& c : out) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  return out;
}

/// "NAME_03_GCPL_C05.mpr" with a technique that EC-Lab has.
std::optional<biologic::DataName> technique_file(const fs::path& path) {
  const std::string extension = lower_extension(path);
  if (extension != ".mpr" && extension != ".mpt" && extension != ".txt") return std::nullopt;
  auto name = biologic::parse_data_name(path);
  return name && biologic::name_of_technique(name->technique) ? name : std::nullopt;
}

std::vector<fs::path> regular_files(const fs::path& folder) {
  std::vector<fs::path> out;
  std::error_code fault;
  for (fs::directory_iterator it(folder, fault), end; !fault && it != end && out.size() < most_files; it.increment(fault))
    if (it->is_regular_file(fault) && it->path().filename().string().front() != '.') out.push_back(it->path());
  if (fault) throw Error("D001", fmt::format("cannot read the folder {}: {}", folder.string(), fault.message()));
  std::sort(out.begin(), out.end());
  return out;
}

/// Formats by which instruments keep whole tests, told by the name; the content is told when the file is read.
bool is_instrument_file(const fs::path& path) {
  const std::string e = lower_extension(path);
  return e == ".mpr" || e == ".mpt" || e == ".nda" || e == ".ndax" || e == ".res";
}

/// Files that are read along with the data beside them.
bool goes_along(const fs::path& path) {
  const std::string e = lower_extension(path);
  return e == ".mps" || e == ".mpl" || e == ".toml" || path.stem().string().ends_with("_LOOP");
}

/// What is known of a file before the parts are put together.
struct Part {
  fs::path path;
  std::optional<biologic::DataName> name; ///< by EC-Lab's rules
  Record record;
  double start = unknown; ///< where its test time is 0, s since 1970
  double first = unknown, last = unknown; ///< of its own test time
  double offset = 0.0;

  std::string metadata(const char* key) const {
    const auto found = record.metadata.find(key);
    return found != record.metadata.end() ? found->second : std::string();
  }
  std::string shown() const { return path.filename().string(); }
};

Part read_part(const fs::path& path, const ImportOptions& options, const work::Task& task) {
  Part out;
  out.path = path;
  out.name = technique_file(path);
  out.record = read_measurement(path, options, task);
  const auto take = [&](double t) {
    if (!std::isfinite(t)) return;
    out.first = std::isnan(out.first) ? t : std::min(out.first, t);
    out.last = std::isnan(out.last) ? t : std::max(out.last, t);
  };
  if (out.record.rows() > 0 && out.record.has(col::test_time)) {
    const auto time = std::as_const(out.record).real(col::test_time);
    for (const double t : time) take(t);
    if (out.record.has(col::unix_time)) out.start = std::as_const(out.record).real(col::unix_time)[0] - time[0];
  }
  for (const Spectrum& s : out.record.spectra) {
    for (const double t : s.time) take(t);
    if (std::isnan(out.start) && std::isfinite(s.start)) out.start = s.unix_time - s.start;
  }
  out.start = std::round(out.start * 1000.0) / 1000.0; // clocks count milliseconds; a difference of two times does not
  return out;
}

/// What each file says of where and when, for a message.
std::vector<std::string> who_says_what(const std::vector<Part>& parts) {
  constexpr std::size_t shown = 8;
  std::vector<std::string> out;
  const auto or_not_said = [](std::string words) { return words.empty() ? std::string("not said") : words; };
  for (const Part& p : parts)
    if (out.size() < shown)
      out.push_back(fmt::format("{}: channel {}, began {}", p.shown(), or_not_said(p.metadata("Run on channel")),
                                or_not_said(p.metadata("Acquisition started on"))));
  return out;
}

Error not_one_test(std::string message, const fs::path& file, std::vector<std::string> hints, std::string hint) {
  hints.push_back(std::move(hint));
  return Error("D333", std::move(message), Place{file.string(), 0, 0, 1, {}}, std::move(hints));
}

Error not_one_test(std::string message, const std::vector<Part>& parts, std::string hint) {
  return not_one_test(std::move(message), parts.front().path, who_says_what(parts), std::move(hint));
}

/// Two files that say different things of where they were measured are not of one test.
void need_one(const std::vector<Part>& parts, const char* key, std::string_view what) {
  std::set<std::string> said;
  for (const Part& p : parts)
    if (const std::string value = p.metadata(key); !value.empty()) said.insert(value);
  if (said.size() > 1)
    throw not_one_test(fmt::format("the files are not of one test: {} {}", what, fmt::join(said, " and ")), parts, "give Platen the files of one test");
}

/// One technique in two files that began together is one file twice.
void refuse_copies(const std::vector<Part>& parts) {
  for (std::size_t i = 0; i < parts.size(); ++i)
    for (std::size_t k = 0; k < i; ++k) {
      const Part &a = parts[k], &b = parts[i];
      const bool same_name = a.name && b.name && a.name->base == b.name->base && a.name->number == b.name->number;
      const bool same_time = (a.start == b.start || std::isnan(a.start) || std::isnan(b.start)) && a.first == b.first && a.last == b.last;
      if (same_time && std::isfinite(a.first) && (same_name || a.record.rows() == b.record.rows()))
        throw not_one_test(fmt::format("{} and {} hold the same times: one technique twice", a.shown(), b.shown()), parts, "leave one of them out");
    }
}

/// Files of EC-Lab's techniques of one test share a name and count from one start, said or not.
bool one_series(const std::vector<Part>& parts) {
  return std::all_of(parts.begin(), parts.end(), [&](const Part& p) { return p.name && p.name->base == parts.front().name->base; });
}

void order_parts(std::vector<Part>& parts) {
  std::stable_sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) {
    if (a.name && b.name && a.name->base == b.name->base && (std::isnan(a.start) || std::isnan(b.start) || a.start == b.start))
      return a.name->number < b.name->number;
    if (std::isfinite(a.start) && std::isfinite(b.start)) return a.start + a.first < b.start + b.first;
    return false; // as they were given
  });
}

Diagnostic note(std::string message, const Part& part) {
  return {Severity::warning, "D334", std::move(message), Place{part.path.string(), 0, 0, 1, {}}, {}};
}

/// Offsets of the test times, so that one clock counts from the start of the first file.
void set_offsets(std::vector<Part>& parts, std::vector<Diagnostic>& notes) {
  double start = unknown;
  for (const Part& p : parts)
    if (std::isfinite(p.start) && !(p.start >= start)) start = p.start;
  const bool series = one_series(parts);
  double end = 0.0;
  for (Part& p : parts) {
    if (std::isfinite(p.start)) p.offset = p.start - start;
    else if (series) notes.push_back(note("the file does not say when it began; its time is taken to count from the same start as that of the other techniques, as EC-Lab's does", p));
    else if (&p != &parts.front()) {
      p.offset = std::isfinite(p.first) ? end - p.first : 0.0;
      notes.push_back(note("the file does not say when it began; it was put behind the file before it without a gap", p));
    }
    if (std::isfinite(p.last)) end = std::max(end, p.last + p.offset);
  }
}

/// Tests that began at different times follow each other.
void refuse_overlap(const std::vector<Part>& parts) {
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const Part &a = parts[i - 1], &b = parts[i];
    if (!std::isfinite(a.start) || !std::isfinite(b.start) || a.start == b.start) continue;
    if (b.first + b.offset < a.last + a.offset)
      throw not_one_test(fmt::format("{} begins {:.6g} s before {} ends", b.shown(), a.last + a.offset - b.first - b.offset, a.shown()), parts,
                         "leave out the file that belongs to another test");
  }
}

/// How often a technique can come: once, or once per loop.
std::size_t count_loops(const Record& record) {
  std::size_t turns = 1;
  if (record.has(col::cycle_count)) {
    const auto cycle = record.integer(col::cycle_count);
    for (std::size_t i = 1; i < cycle.size(); ++i) turns += cycle[i] != cycle[i - 1] ? 1 : 0;
  }
  return std::max(turns, record.spectra.size());
}

/// Techniques follow each other; with loops each of them comes once per loop. More turns than that are an overlap.
void refuse_turns(const std::vector<TestPart>& joined, const fs::path& first, const std::vector<std::string>& said) {
  std::size_t loops = 1;
  for (const TestPart& p : joined) loops = std::max(loops, count_loops(p.record));
  const std::vector<std::size_t> runs = runs_in_time(joined);
  const std::size_t most = *std::max_element(runs.begin(), runs.end());
  if (most > loops + 1)
    throw not_one_test(fmt::format("the files overlap in time: their rows take turns {} times", most), first, said,
                       "leave out the file that belongs to another test");
}

void set_unix_time(Record& record, const std::vector<Part>& parts, bool series) {
  double start = unknown;
  for (const Part& p : parts)
    if (std::isfinite(p.start)) start = std::isnan(start) ? p.start - p.offset : start;
  const bool all = std::all_of(parts.begin(), parts.end(), [](const Part& p) { return std::isfinite(p.start); });
  if (std::isnan(start) || (!all && !series) || record.rows() == 0) return;
  std::vector<double> unix(std::as_const(record).real(col::test_time).begin(), std::as_const(record).real(col::test_time).end());
  for (double& t : unix) t += start;
  record.set(col::unix_time, std::move(unix));
}

void note_left_out(const std::vector<fs::path>& left_out, std::vector<Diagnostic>& notes) {
  constexpr std::size_t shown = 6;
  if (left_out.empty()) return;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < std::min(left_out.size(), shown); ++i) names.push_back(left_out[i].filename().string());
  notes.push_back({Severity::warning, "D336",
                   fmt::format("{} other files of the folder are not of the test: {}{}", left_out.size(), fmt::join(names, ", "),
                               left_out.size() > shown ? " ..." : ""),
                   std::nullopt,
                   {}});
}

/// By name; folders are no files of a test.
std::vector<fs::path> files_of_pattern(const fs::path& pattern) {
  glob_t found{};
  const int code = ::glob(pattern.c_str(), 0, nullptr, &found);
  std::vector<fs::path> out;
  std::error_code fault;
  for (std::size_t i = 0; code == 0 && i < found.gl_pathc && out.size() < most_files; ++i)
    if (fs::is_regular_file(found.gl_pathv[i], fault)) out.emplace_back(found.gl_pathv[i]);
  ::globfree(&found);
  std::erase_if(out, goes_along);
  if (out.empty())
    throw Error("D335", fmt::format("no file is called as the pattern {} says", pattern.string()), std::nullopt,
                {"`*` stands for any characters but `/`, `?` for one"});
  return out;
}

std::vector<fs::path> expand(const std::vector<fs::path>& paths, std::vector<fs::path>& left_out) {
  std::vector<fs::path> out;
  std::error_code fault;
  for (const fs::path& path : paths) {
    const bool folder = fs::is_directory(path, fault);
    if (!folder && !is_pattern(path)) {
      out.push_back(path);
      continue;
    }
    const auto found = folder ? files_of_test(path, &left_out) : files_of_pattern(path);
    out.insert(out.end(), found.begin(), found.end());
  }
  return out;
}

Record join(std::vector<Part> parts, std::vector<Diagnostic> notes) {
  need_one(parts, "Run on channel", "channels");
  need_one(parts, "Device SN", "devices");
  const bool series = one_series(parts);
  const bool starts_known = std::all_of(parts.begin(), parts.end(), [](const Part& p) { return std::isfinite(p.start); });
  const bool names = std::all_of(parts.begin(), parts.end(), [](const Part& p) { return p.name.has_value(); });
  if (names && !series && !starts_known)
    throw not_one_test("the files are of tests with different names, and not all of them say when they began", parts,
                       "give Platen the files of one test, or files that say when they began");
  order_parts(parts);
  refuse_copies(parts);
  set_offsets(parts, notes);
  refuse_overlap(parts);
  const std::vector<std::string> said = who_says_what(parts);
  const CellInfo cell = parts.front().record.cell;
  std::vector<TestPart> joined;
  for (Part& p : parts) joined.push_back({p.shown(), std::move(p.record), p.offset});
  refuse_turns(joined, parts.front().path, said);
  Record out = join_records(std::move(joined));
  out.cell = cell;
  set_unix_time(out, parts, series);
  out.warnings.insert(out.warnings.begin(), notes.begin(), notes.end());
  return out;
}

} // namespace

bool is_pattern(const fs::path& path) {
  std::error_code fault;
  return path.string().find_first_of("*?[") != std::string::npos && !fs::exists(path, fault);
}

std::vector<fs::path> files_of_test(const fs::path& folder, std::vector<fs::path>* left_out) {
  const std::vector<fs::path> all = regular_files(folder);
  std::map<std::pair<std::string, int>, fs::path> techniques;
  std::vector<fs::path> instruments, others;
  for (const fs::path& path : all) {
    const auto name = technique_file(path);
    if (!name) {
      (is_instrument_file(path) ? instruments : others).push_back(path);
      continue;
    }
    const auto [at, fresh] = techniques.emplace(std::pair(name->base, name->number), path);
    if (fresh) continue;
    others.push_back(path);
    if (lower_extension(path) == ".mpr") std::swap(at->second, others.back());
  }
  std::vector<fs::path> out;
  for (const auto& [key, path] : techniques) out.push_back(path);
  out.insert(out.end(), instruments.begin(), instruments.end()); // whether they belong to it, they say themselves
  if (out.empty())
    throw Error("D335", fmt::format("the folder {} holds no data that are one test", folder.string()), std::nullopt,
                {"Platen joins EC-Lab's files by their names (NAME_01_GCPL_C05.mpr), and .ndax, .nda, .res and .mpr files by their start",
                 "give the data files themselves"});
  std::erase_if(others, goes_along);
  if (left_out != nullptr) left_out->insert(left_out->end(), others.begin(), others.end());
  return out;
}

Record read_test(const std::vector<fs::path>& paths, const ImportOptions& options, const work::Task& task) {
  std::vector<fs::path> left_out;
  const std::vector<fs::path> files = expand(paths, left_out);
  if (files.empty()) throw Error("D335", "there is no file to read", std::nullopt, {"name the files of the test, or its folder"});
  if (files.size() == 1) {
    Record record = read_measurement(files.front(), options, task);
    note_left_out(left_out, record.warnings);
    return record;
  }
  ImportOptions each = options;
  if (each.cell) { // these belong to the whole test
    each.cell->pressure_log.reset();
    each.cell->overrules.clear();
  }
  std::vector<Part> parts;
  std::vector<Diagnostic> faults;
  for (const fs::path& file : files) {
    task.check();
    try {
      parts.push_back(read_part(file, each, task));
    } catch (const Error& error) {
      faults.insert(faults.end(), error.diagnostics().begin(), error.diagnostics().end());
    }
  }
  if (!faults.empty()) throw Error(std::move(faults));
  std::vector<Diagnostic> notes;
  note_left_out(left_out, notes);
  Record record = join(std::move(parts), std::move(notes));
  if (!options.cell) return record;
  for (const std::string& text : options.cell->overrules) keep_overrule(record, text);
  if (options.cell->pressure_log) join_pressure_log(record, *options.cell->pressure_log, options.cell->zone, task);
  return record;
}

} // namespace platen

#include "base/error.hpp"
#include "cli/batch.hpp"
#include "cli/library.hpp"
#include "cli/program.hpp"
#include "cli/terminal.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <mutex>

namespace platen::cli {
namespace {

/// What became of one input.
struct Stored {
  library::Added added;
  library::Judgement judgement; ///< without its answer
  bool cell_file_changed = false;
  Said said;
  std::vector<Diagnostic> faults; ///< why it is not in the library
};

/// One library for all threads: reading and judging take the time, storing is quick.
struct Shelf {
  library::Library library;
  std::mutex mutex;
};

struct Order {
  std::optional<std::string> cell_file;
  std::vector<library::Fact> given;
  std::vector<std::string> notes;
};

std::filesystem::path cell_file_of(const Paths& paths, const Order& order) {
  if (order.cell_file) return *order.cell_file;
  return cell_beside(paths.front()).value_or(std::filesystem::path());
}

/// Whether the cell file beside the data is another than the one that the library remembers.
bool cell_file_differs(library::Library& shelf, const library::Known& known, const std::filesystem::path& cell_file) {
  const std::vector<library::Whereabouts> files = shelf.remember(known).files;
  const auto stored = std::find_if(files.begin(), files.end(), [](const auto& f) { return f.role == "cell file"; });
  if (cell_file.empty()) return false;
  return stored == files.end() || read_cell_file(cell_file).text != stored->content;
}

void store(const Paths& paths, const Order& order, Shelf& shelf, const work::Task& task, Stored& out) {
  library::Inputs inputs = inputs_of(paths);
  const std::filesystem::path cell_file = cell_file_of(paths, order);
  {
    const std::lock_guard lock(shelf.mutex);
    if (const auto known = shelf.library.find(inputs.fingerprint)) {
      out.added = {*known, false, false};
      out.cell_file_changed = cell_file_differs(shelf.library, *known, cell_file);
      return;
    }
  }
  library::Entry entry = judged_entry(paths, std::move(inputs), cell_file, {order.given, {}}, task, out.said);
  entry.notes = order.notes;
  task.check();
  const std::lock_guard lock(shelf.mutex);
  out.added = shelf.library.add(entry);
  out.judgement = std::move(entry.judgement);
  out.judgement.answer.clear(); // a thousand of them must not stay in memory until the last file is done
}

std::string_view status(const Stored& s) {
  if (!s.faults.empty()) return "failed";
  if (s.added.fresh) return "added";
  return s.added.cell.removed.empty() ? "known" : "removed";
}

std::string line_of(const Stored& s, const std::filesystem::path& input) {
  const library::Known& cell = s.added.cell;
  if (s.added.fresh)
    return fmt::format("{}: added as `{}`: {}{}\n", input.string(), cell.name, phrase(s.judgement), s.added.renamed ? " (its own name was taken)" : "");
  if (!cell.removed.empty())
    return fmt::format("{}: was removed from the library as `{}`: {} (`platen library restore` brings it back)\n", input.string(), cell.name, cell.removed);
  return fmt::format("{}: is in the library already, as `{}`{}\n", input.string(), cell.name,
                     s.cell_file_changed ? fmt::format("; its cell file is another one now: `platen library reassess {} --cell-files` takes it up", cell.id) : "");
}

std::string json_of(const Stored& s, const std::filesystem::path& input) {
  if (!s.faults.empty()) return report::json(s.faults);
  const bool fresh = s.added.fresh;
  return report::json("platen.library-add/1", {{"input", input.string()},
                                               {"status", std::string(status(s))},
                                               {"id", s.added.cell.id},
                                               {"cell", s.added.cell.name},
                                               {"verdict", fresh ? decltype(report::Field::value)(s.judgement.verdict) : std::monostate()},
                                               {"reason", fresh ? decltype(report::Field::value)(s.judgement.reason) : std::monostate()}});
}

int tell_all(const std::vector<Stored>& all, const Paths& inputs, bool json) {
  std::vector<std::string> answers;
  std::size_t failed = 0;
  int code = Exit::done;
  for (std::size_t k = 0; k < all.size(); ++k) {
    const Stored& s = all[k];
    for (const std::string& line : s.said.notes) note(line + "\n");
    tell(s.said.warnings);
    if (json) answers.push_back(json_of(s, inputs[k]));
    if (s.faults.empty()) {
      if (!json) print(line_of(s, inputs[k]));
      continue;
    }
    if (!json) tell(s.faults);
    if (code == Exit::done) code = exit_code(s.faults);
    ++failed;
  }
  if (json) print(join_json(answers));
  if (failed > 0 && all.size() > 1) note(fmt::format("{} of {} could not be added\n", failed, all.size()));
  return code;
}

int run_add(const Arguments& arguments) {
  const std::vector<Paths> groups = group_inputs(to_paths(arguments.words), arguments.has("--join"));
  Order order{.cell_file = arguments.value("--cell"), .given = preparation_given(arguments), .notes = {}};
  if (arguments.has("--note")) order.notes.push_back(words_given(arguments, "--note"));
  Shelf shelf{open_library(arguments, library::Access::write), {}};
  Paths inputs;
  for (const Paths& group : groups) inputs.push_back(group.front());

  std::vector<Stored> all(groups.size());
  {
    Progress progress("reading, judging and storing", groups.size());
    const auto one = [&](std::size_t k) {
      const work::Task task = progress.task(k);
      try {
        store(groups[k], order, shelf, task, all[k]);
      } catch (const Error& error) {
        all[k].faults = error.diagnostics();
      }
      for (auto* diagnostics : {&all[k].faults, &all[k].said.warnings})
        for (Diagnostic& d : *diagnostics)
          if (!d.place) d.place = Place{.file = inputs[k].string(), .text = {}};
      task.report(1.0);
    };
    const auto threads = static_cast<unsigned>(arguments.count("--threads", 1, 1024).value_or(0));
    try {
      work::parallel_for(groups.size(), one, threads, {.stop = &stop_flag(), .progress = {}});
    } catch (const Cancelled&) {
      const auto stored = std::count_if(all.begin(), all.end(), [](const Stored& s) { return s.added.cell.id != 0 && s.added.fresh; });
      note(fmt::format("{} of {} were added before the stop; the same command adds the others\n", stored, groups.size()));
      throw;
    }
  }
  return tell_all(all, inputs, arguments.has("--json"));
}

} // namespace

const Verb verb::library_add{
    .name = "library add",
    .summary = "reads, judges and stores cells; the same data are not stored twice",
    .positional = {.name = "FILE", .help = "measured files or records; a folder, or a pattern in quotes, holds the files of one test", .several = true},
    .options = {library_option,
                {"--cell", "CELL.toml", "what is known of the cell; default: FILE.cell.toml or STEM.cell.toml beside FILE"},
                {"--preparation", "LIST", "more that is known of the cells: \"stack_pressure=5 MPa; batch=B7\"; goes before the cell file"},
                {"--note", "TEXT", "a note on every cell that is added"},
                {"--join", "", "all FILEs are one test, as the files of a folder are"},
                {"--threads", "N", "files read at once; default: one per core"},
                json_option},
    .examples = "Every cell is stored whole or not at all, also when the program is killed. A file that cannot be used does not stop\n"
                "the others; the exit code is then 3. Data that are known by their checksum are left alone.\n"
                "\n"
                "Examples:\n"
                "  platen library add examples/shorted.csv --note \"first of batch B7\"\n"
                "  platen library add raw/*.ndax --library lab.sqlite --preparation \"batch=B7; milling_time=2 h\"",
    .run = run_add,
};

} // namespace platen::cli

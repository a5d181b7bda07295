#include "base/error.hpp"
#include "base/file.hpp"
#include "cli/batch.hpp"
#include "cli/library.hpp"
#include "cli/program.hpp"
#include "cli/terminal.hpp"
#include "library/bundle.hpp"
#include "report/format.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <mutex>

namespace platen::cli {
namespace {

using library::Judgement;
using library::Remembered;
using library::Whereabouts;

const Whereabouts* cell_file_of(const Remembered& cell) {
  const auto found = std::find_if(cell.files.begin(), cell.files.end(), [](const Whereabouts& f) { return f.role == "cell file"; });
  return found != cell.files.end() ? &*found : nullptr;
}

std::filesystem::path cell_file_for(const Remembered& cell, const Paths& inputs, bool new_cell_files) {
  const Whereabouts* stored = cell_file_of(cell);
  if (!new_cell_files) return stored != nullptr ? stored->path : std::filesystem::path();
  std::error_code fault;
  if (stored != nullptr && std::filesystem::is_regular_file(stored->path, fault)) return stored->path;
  return cell_beside(inputs.front()).value_or(std::filesystem::path());
}

std::string ccd_of(const Judgement& j) {
  if (!j.ccd_last_passed && !j.ccd_failing_step) return "none";
  CriticalCurrentDensity ccd;
  ccd.last_passed = j.ccd_last_passed;
  ccd.failing_step = j.ccd_failing_step;
  return report::ccd_interval(ccd) + " mA/cm2";
}

std::vector<std::string> compare(const Judgement& before, const Judgement& now) {
  std::vector<std::string> out;
  const auto say = [&](std::string_view what, const std::string& a, const std::string& b) {
    if (a != b) out.push_back(fmt::format("{}: {} -> {}", what, a, b));
  };
  say("verdict", before.verdict, now.verdict);
  say("CCD", ccd_of(before), ccd_of(now));
  say("onset", before.onset ? report::duration(*before.onset) : "none", now.onset ? report::duration(*now.onset) : "none");
  if (before.verdict == now.verdict) say("reason", before.reason, now.reason);
  return out;
}

/// The files that were read beside the data must be the remembered ones too.
void need_same_beside(const Remembered& cell, const library::Entry& entry) {
  for (const Whereabouts& file : cell.files) {
    if (file.role != "beside") continue;
    const bool same = std::any_of(entry.files.begin(), entry.files.end(), [&](const library::File& f) { return f.sha256 == file.sha256; });
    if (!same)
      throw Error("D507", fmt::format("a file that was read for the cell `{}` is not read any more", cell.cell.name),
                  Place{.file = file.path.string(), .text = {}}, {"look for what names it: the cell file, or the files beside it"});
  }
}

} // namespace

void need_unchanged(const Remembered& cell, bool new_cell_files) {
  Diagnostics faults;
  for (const Whereabouts& file : cell.files) {
    if (file.role == "origin" || (file.role == "cell file" && new_cell_files)) continue;
    auto fault = library::fault_of(file, cell.cell.name);
    if (fault && file.role == "cell file") fault->hints.push_back("`--cell-files` judges with the cell files as they are now");
    if (fault) faults.add(std::move(*fault));
  }
  faults.throw_if_errors();
}

void judge_again(const Remembered& cell, bool new_cell_files, library::Library& library, std::mutex& mutex, const work::Task& task, Again& out) {
  need_unchanged(cell, new_cell_files);
  Paths paths;
  for (const Whereabouts& input : cell.inputs) paths.push_back(input.path);
  library::Inputs inputs = inputs_of(paths);
  if (inputs.fingerprint != cell.fingerprint)
    throw Error("D507", fmt::format("the data of the cell `{}` are no longer what they were: files were added to the folder", cell.cell.name),
                Place{.file = paths.front().string(), .text = {}}, {"move what does not belong to the test out of the folder"});
  library::Entry entry = judged_entry(paths, std::move(inputs), cell_file_for(cell, paths, new_cell_files), {cell.given, cell.overrule}, task, out.said);
  if (!new_cell_files) need_same_beside(cell, entry);
  out.changes = compare(cell.before, entry.judgement);
  task.check();
  const std::lock_guard lock(mutex);
  out.stored = library.rejudge(cell, entry);
  out.now = std::move(entry.judgement);
  out.now.answer.clear();
}

namespace {

std::vector<Remembered> chosen(library::Library& library, const Arguments& arguments) {
  if (arguments.words.empty()) return library.stale(library::current_rules(), arguments.has("--all"));
  std::vector<Remembered> out;
  for (const std::string& word : arguments.words) out.push_back(library.remember(library.named(word)));
  return out;
}

void tell_rules(library::Library& library, const std::vector<Remembered>& cells) {
  const library::Rules now = library::current_rules();
  std::vector<std::string> told;
  for (const Remembered& cell : cells) {
    if (cell.rules == now.hash || std::find(told.begin(), told.end(), cell.rules) != told.end()) continue;
    told.push_back(cell.rules);
    const std::vector<std::string> changes = library.changed_thresholds(cell.rules, now);
    note(fmt::format("rules {} -> {}: {}\n", cell.rules.substr(0, 8), now.hash.substr(0, 8), fmt::join(changes, ", ")));
  }
}

std::string line_of(const Again& a, const Remembered& cell) {
  if (!a.stored) return fmt::format("{}: another program judged it meanwhile; left alone\n", cell.cell.name);
  if (a.changes.empty()) return fmt::format("{}: unchanged: {}\n", cell.cell.name, phrase(a.now));
  return fmt::format("{}: {}\n", cell.cell.name, fmt::join(a.changes, "; "));
}

std::string json_of(const Again& a, const Remembered& cell) {
  if (!a.faults.empty()) return report::json(a.faults);
  return report::json("platen.library-reassess/1", {{"id", cell.cell.id},
                                                    {"cell", cell.cell.name},
                                                    {"stored", a.stored},
                                                    {"rules_before", cell.rules},
                                                    {"rules", a.now.rules.hash},
                                                    {"program_before", cell.program},
                                                    {"program", a.now.program},
                                                    {"verdict_before", cell.before.verdict},
                                                    {"verdict", a.now.verdict},
                                                    {"changes", a.changes}});
}

int tell_all(const std::vector<Again>& all, const std::vector<Remembered>& cells, bool json) {
  std::vector<std::string> answers;
  int code = Exit::done;
  std::size_t changed = 0, failed = 0;
  for (std::size_t k = 0; k < all.size(); ++k) {
    const Again& a = all[k];
    for (const std::string& line : a.said.notes) note(line + "\n");
    if (json) answers.push_back(json_of(a, cells[k]));
    if (!a.faults.empty()) {
      ++failed;
      if (!json) tell(a.faults);
      if (code == Exit::done) code = exit_code(a.faults);
      continue;
    }
    changed += a.changes.empty() ? 0 : 1;
    if (!json) print(line_of(a, cells[k]));
  }
  if (json) print(join_json(answers));
  else print(fmt::format("{} cells judged again, {} changed{}\n", all.size() - failed, changed, failed > 0 ? fmt::format(", {} could not be judged", failed) : ""));
  return code;
}

int run_reassess(const Arguments& arguments) {
  library::Library library = open_library(arguments, library::Access::write);
  const std::vector<Remembered> cells = chosen(library, arguments);
  if (cells.empty()) note("every verdict was given by the rules of this program; `--all` judges all the same\n");
  tell_rules(library, cells);
  std::vector<Again> all(cells.size());
  std::mutex mutex;
  {
    Progress progress("judging again", cells.size());
    const auto one = [&](std::size_t k) {
      const work::Task task = progress.task(k);
      try {
        judge_again(cells[k], arguments.has("--cell-files"), library, mutex, task, all[k]);
      } catch (const Error& error) {
        all[k].faults = error.diagnostics();
      }
      task.report(1.0);
    };
    const auto threads = static_cast<unsigned>(arguments.count("--threads", 1, 1024).value_or(0));
    work::parallel_for(cells.size(), one, threads, {.stop = &stop_flag(), .progress = {}});
  }
  return tell_all(all, cells, arguments.has("--json"));
}

} // namespace

const Verb verb::library_reassess{
    .name = "library reassess",
    .summary = "judges cells again whose verdict was given by other rules, and says what changed",
    .positional = {.name = "CELL", .help = "only these cells, whatever rules judged them", .required = false, .several = true},
    .options = {library_option,
                {"--all", "", "every cell, whatever rules judged it"},
                {"--cell-files", "", "with the cell files as they are now; without it a cell whose cell file changed is left alone"},
                {"--threads", "N", "cells judged at once; default: one per core"},
                json_option},
    .examples = "The data are read again and must have the checksum they were added with. Verdicts, facts and files that are replaced\n"
                "stay as history. A cell whose files are gone or changed is told and left as it is; the exit code is then 3.\n"
                "\n"
                "Examples:\n"
                "  platen library reassess\n"
                "  platen library reassess A12 --cell-files",
    .run = run_reassess,
};

} // namespace platen::cli

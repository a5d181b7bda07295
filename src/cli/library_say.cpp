// What people say about cells of the library: notes, verdicts over the program's, removal.

#include "cli/library.hpp"
#include "cli/program.hpp"
#include "cli/terminal.hpp"
#include "report/report.hpp"

#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <mutex>

namespace platen::cli {
namespace {

constexpr std::array verdicts{Verdict::healthy, Verdict::soft_short, Verdict::hard_short, Verdict::fake_stable, Verdict::contact_loss, Verdict::cannot_tell};

/// @returns the exit code: 1 when there was nothing to do.
int answer(const Arguments& arguments, const library::Known& cell, std::string_view what, bool done, const std::string& otherwise) {
  if (arguments.has("--json"))
    print(report::json("platen.library-say/1", {{"id", cell.id}, {"cell", cell.name}, {"action", std::string(what)}, {"done", done}}));
  else if (done)
    print(fmt::format("{}: {}\n", cell.name, what));
  else
    note(fmt::format("{}: {}\n", cell.name, otherwise));
  return done ? Exit::done : Exit::asked_is_false;
}

int run_note(const Arguments& arguments) {
  const std::string text = words_given(arguments, "--text");
  library::Library library = open_library(arguments, library::Access::write);
  const library::Known cell = library.named(arguments.words.front());
  library.note(cell.id, text);
  return answer(arguments, cell, "noted", true, "");
}

std::optional<Verdict> verdict_given(const Arguments& arguments) {
  if (arguments.has("--verdict") == arguments.has("--withdraw"))
    throw Error("U007", "`--verdict VERDICT` or `--withdraw`: one of them is needed");
  if (!arguments.has("--verdict")) return std::nullopt;
  std::vector<std::string> labels;
  for (const Verdict v : verdicts) labels.emplace_back(label(v));
  const std::string chosen = arguments.choice("--verdict", labels);
  for (const Verdict v : verdicts)
    if (label(v) == chosen) return v;
  return std::nullopt;
}

/// The cell is judged again with what a person says, as `platen assess --overrule` does it. @returns what changed.
std::string judged_with(library::Library& library, const library::Known& cell) {
  Again again;
  std::mutex mutex;
  try {
    judge_again(library.remember(cell), false, library, mutex, work::Task(), again);
  } catch (const Error& error) {
    std::vector<Diagnostic> why = error.diagnostics();
    for (Diagnostic& d : why) d.severity = Severity::warning; // what the person says is kept all the same
    tell(why);
    return "; not judged again: CCD and onset are still those of the judgement before";
  }
  return again.changes.empty() ? "" : fmt::format("; {}", fmt::join(again.changes, "; "));
}

int run_overrule(const Arguments& arguments) {
  std::optional<Verdict> verdict;
  std::string reason;
  EachOption()([&] { verdict = verdict_given(arguments); })([&] { reason = words_given(arguments, "--reason"); }).done();
  library::Library library = open_library(arguments, library::Access::write);
  const library::Known cell = library.named(arguments.words.front());
  // a judgement that follows a person's verdict can be undone only by making it anew
  if (const library::Remembered now = library.remember(cell); !verdict && now.follows_overrule) need_unchanged(now, false);
  library.overrule(cell.id, verdict, reason);
  const std::string changes = judged_with(library, cell);
  return answer(arguments, cell, (verdict ? fmt::format("overruled: {}", label(*verdict)) : "the program's verdict counts again") + changes, true, "");
}

int run_remove(const Arguments& arguments) {
  const std::string reason = words_given(arguments, "--reason");
  library::Library library = open_library(arguments, library::Access::write);
  const library::Known cell = library.named(arguments.words.front());
  return answer(arguments, cell, "removed", library.remove(cell.id, reason), "was removed before: " + cell.removed);
}

int run_restore(const Arguments& arguments) {
  library::Library library = open_library(arguments, library::Access::write);
  const library::Known cell = library.named(arguments.words.front());
  return answer(arguments, cell, "restored", library.restore(cell.id), "is not removed");
}

constexpr Positional one_cell{.name = "CELL", .help = "its name, its id, or the beginning of its checksum"};

} // namespace

const Verb verb::library_note{
    .name = "library note",
    .summary = "writes a note on a cell of the library",
    .positional = one_cell,
    .options = {{"--text", "TEXT", "the note; the time is kept with it", true}, library_option, json_option},
    .examples = "Example:\n"
                "  platen library note A12 --text \"opened: dark spot in the middle of the pellet\"",
    .run = run_note,
};

const Verb verb::library_overrule{
    .name = "library overrule",
    .summary = "puts a person's verdict over the program's; both are kept",
    .positional = one_cell,
    .options = {{"--verdict", "VERDICT", "healthy, soft short, hard short, fake stable, contact loss or cannot tell"},
                {"--withdraw", "", "the program's verdict counts again"},
                {"--reason", "TEXT", "why", true},
                library_option,
                json_option},
    .examples = "The cell is judged again with the person's verdict, as `platen assess --overrule` does it; `platen library reassess` keeps it.\n"
                "\n"
                "Example:\n"
                "  platen library overrule A12 --verdict \"soft short\" --reason \"impedance collapsed over night\"",
    .run = run_overrule,
};

const Verb verb::library_remove{
    .name = "library remove",
    .summary = "takes a cell out of lists and comparisons, for a reason that is kept",
    .positional = one_cell,
    .options = {{"--reason", "TEXT", "why", true}, library_option, json_option},
    .examples = "Nothing is erased. The exit code is 1 when the cell was removed before.\n"
                "\n"
                "Example:\n"
                "  platen library remove A12 --reason \"wrong file: this is a coin cell\"",
    .run = run_remove,
};

const Verb verb::library_restore{
    .name = "library restore",
    .summary = "brings a removed cell back",
    .positional = one_cell,
    .options = {library_option, json_option},
    .examples = "The reason for which it was removed becomes a note. The exit code is 1 when it is not removed.\n"
                "\n"
                "Example:\n"
                "  platen library restore A12",
    .run = run_restore,
};

} // namespace platen::cli

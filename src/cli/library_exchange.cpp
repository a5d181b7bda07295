#include "base/error.hpp"
#include "base/file.hpp"
#include "cli/library.hpp"
#include "cli/program.hpp"
#include "cli/terminal.hpp"
#include "library/bundle.hpp"
#include "report/library.hpp"
#include "report/report.hpp"

#include <fmt/format.h>

namespace platen::cli {
namespace {

namespace fs = std::filesystem;

/// One CSV per table, in a new folder.
void write_tables(const std::vector<library::Table>& tables, const fs::path& folder) {
  std::error_code fault;
  if (fs::exists(fs::symlink_status(folder, fault)))
    throw Error("U020", fmt::format("`{}` is there already", folder.string()), std::nullopt, {"choose another name; nothing is overwritten"});
  write_aside(folder.has_filename() ? folder : folder.parent_path(), [&](const fs::path& aside) {
    fs::create_directory(aside);
    try {
      for (const library::Table& table : tables) write_file(aside / (table.name + ".csv"), library::to_csv(table));
    } catch (...) {
      fs::remove_all(aside, fault);
      throw;
    }
  });
}

int run_export(const Arguments& arguments) {
  const std::string format = arguments.choice("--to", {"folder", "csv", "json"});
  const fs::path output = arguments.value("--output").value();
  library::Library library = open_library(arguments, library::Access::read);
  refuse_clashes({library.path()}, {output});
  make_folder_of(output.has_filename() ? output : output.parent_path());
  library::Bundled bundled{.cells = library.cells(true).size(), .files = 0, .missing = {}};
  if (format == "json") {
    write_file(output, report::json_everything(library.everything()));
  } else if (format == "csv") {
    write_tables(library.everything(), output);
  } else {
    Progress progress("exporting", 1);
    const work::Task task = progress.task(0);
    bundled = library::write_bundle(library, output, [&](double fraction) {
      task.check();
      task.report(fraction);
    });
  }
  tell(bundled.missing);
  if (arguments.has("--json"))
    print(report::json("platen.library-export-done/1", {{"output", output.string()},
                                                        {"format", format},
                                                        {"cells", static_cast<std::int64_t>(bundled.cells)},
                                                        {"files", static_cast<std::int64_t>(bundled.files)},
                                                        {"files_missing", static_cast<std::int64_t>(bundled.missing.size())}}));
  else
    print(fmt::format("{}: {} cells{}\n", output.string(), bundled.cells,
                      format != "folder" ? "" : fmt::format(", {} files of data{}", bundled.files, bundled.missing.empty() ? "" : fmt::format("; {} are missing", bundled.missing.size()))));
  return bundled.missing.empty() ? Exit::done : exit_code(bundled.missing);
}

int run_import(const Arguments& arguments) {
  const fs::path from = library::library_in(arguments.words.front());
  library::Library library = open_library(arguments, library::Access::write);
  refuse_clashes({from}, {library.path()});
  library::Library other = open_library(from, library::Access::read);
  const library::Merged merged = library.merge(other);
  tell(merged.conflicts);
  const auto count = [](std::size_t n) { return static_cast<std::int64_t>(n); };
  if (arguments.has("--json"))
    print(report::json("platen.library-import/1", {{"from", from.string()},
                                                   {"cells", count(merged.cells)},
                                                   {"known", count(merged.known)},
                                                   {"judgements", count(merged.judgements)},
                                                   {"facts", count(merged.facts)},
                                                   {"notes", count(merged.notes)},
                                                   {"overrules", count(merged.overrules)},
                                                   {"conflicts", count(merged.conflicts.size())}}));
  else
    print(fmt::format("{}: {} new cells, {} known before; new: {} judgements, {} facts, {} notes, {} overrules; {} conflicts\n", from.string(),
                      merged.cells, merged.known, merged.judgements, merged.facts, merged.notes, merged.overrules, merged.conflicts.size()));
  return Exit::done;
}

} // namespace

const Verb verb::library_export{
    .name = "library export",
    .summary = "writes everything the library holds: for another lab, for spreadsheets, for programs",
    .positional = {},
    .options = {{"--output", "PATH", "a new folder (csv: one file per table), or the file for json", true},
                {"--to", "folder|csv|json", "folder (default): a copy of the library with the data files, for `platen library import`"},
                library_option,
                json_option},
    .examples = "Data files that are gone or changed are told and left out; the exit code is then 3.\n"
                "\n"
                "Examples:\n"
                "  platen library export --output for-the-other-lab\n"
                "  platen library export --to csv --output tables",
    .run = run_export,
};

const Verb verb::library_import{
    .name = "library import",
    .summary = "takes in all cells of another library; nothing of either is lost",
    .positional = {.name = "OTHER", .help = "a library, or a folder that `platen library export` wrote"},
    .options = {library_option, json_option},
    .examples = "Cells are the same when their data have the same checksum. Judgements, facts, notes and overrules of both are kept;\n"
                "where the two differ ours stays current and the difference is told. All of it or, after a fault, nothing.\n"
                "\n"
                "Example:\n"
                "  platen library import from-the-other-lab",
    .run = run_import,
};

} // namespace platen::cli

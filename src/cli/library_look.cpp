#include "cli/library.hpp"
#include "cli/program.hpp"
#include "cli/terminal.hpp"
#include "groups/published.hpp"
#include "report/groups.hpp"
#include "report/library.hpp"
#include "report/report.hpp"

#include <fmt/format.h>

namespace platen::cli {
namespace {

int run_init(const Arguments& arguments) {
  const std::filesystem::path path = arguments.words.empty() ? "library.sqlite" : arguments.words.front();
  make_folder_of(path);
  library::Library::create(path, program_name());
  if (arguments.has("--json")) print(report::json("platen.library-init/1", {{"library", path.string()}}));
  else print(fmt::format("{}: a new, empty library\n", path.string()));
  return Exit::done;
}

/// The condition of `--where`, and of the other filters, in SQL.
std::string condition(const Arguments& arguments) {
  std::string out = arguments.value("--where").value_or("");
  if (!arguments.has("--verdict")) return out;
  const std::string verdict = arguments.choice("--verdict", {"healthy", "soft short", "hard short", "fake stable", "contact loss", "cannot tell"});
  return out.empty() ? fmt::format("verdict = '{}'", verdict) : fmt::format("({}\n) AND verdict = '{}'", out, verdict);
}

int run_list(const Arguments& arguments) {
  if (arguments.has("--published")) {
    const report::Published published = groups::published_ccds();
    print(arguments.has("--json") ? report::json_literature(published) : report::text_literature(published));
    return Exit::done;
  }
  library::Library library = open_library(arguments, library::Access::read);
  const library::Table cells = library.overview(condition(arguments), arguments.has("--removed"));
  if (arguments.has("--json")) print(report::json("platen.library-list/1", cells));
  else if (!cells.rows.empty()) print(report::text_list(cells));
  if (cells.rows.empty()) note("no cells\n");
  return Exit::done;
}

int run_show(const Arguments& arguments) {
  library::Library library = open_library(arguments, library::Access::read);
  const library::Shown cell = library.show(library.named(arguments.words.front()));
  print(arguments.has("--json") ? report::json(cell) : report::text(cell));
  return Exit::done;
}

int run_query(const Arguments& arguments) {
  const std::string format = arguments.has("--json") ? "json" : arguments.choice("--to", {"table", "csv", "json"});
  const std::size_t limit = arguments.count("--limit", 0, 1'000'000'000).value_or(1000);
  library::Library library = open_library(arguments, library::Access::read);
  const library::Table answer = library.query(arguments.words.front(), limit, &stop_flag());
  if (format == "json") print(report::json("platen.library-query/1", answer));
  else print(format == "csv" ? library::to_csv(answer) : report::text(answer));
  if (answer.cut) note(fmt::format("only the first {} rows; `--limit 0` gives all\n", limit));
  return Exit::done;
}

int run_check(const Arguments& arguments) {
  library::Library library = open_library(arguments, library::Access::read);
  const std::vector<Diagnostic> faults = library.check();
  const auto cells = static_cast<std::int64_t>(library.cells(true).size());
  if (!faults.empty() && arguments.has("--json")) print(report::json(faults));
  else if (!faults.empty()) tell(faults);
  else if (arguments.has("--json")) print(report::json("platen.library-check/1", {{"library", library.path().string()}, {"cells", cells}, {"whole", true}}));
  else print(fmt::format("{}: {} cells, all of them whole\n", library.path().string(), cells));
  return faults.empty() ? Exit::done : exit_code(faults);
}

} // namespace

const Verb verb::library_init{
    .name = "library init",
    .summary = "makes a new, empty library: one file for a lab's cells, verdicts and notes",
    .positional = {.name = "FILE", .help = "the library (default: library.sqlite in this folder)", .required = false},
    .options = {json_option},
    .examples = "Examples:\n"
                "  platen library init\n"
                "  platen library init /lab/cells.sqlite",
    .run = run_init,
};

const Verb verb::library_list{
    .name = "library list",
    .summary = "lists the cells of the library",
    .positional = {},
    .options = {library_option,
                {"--where", "SQL", "only cells that fulfil a condition on the columns of the view `overview`"},
                {"--verdict", "VERDICT", "only cells with this verdict: healthy, soft short, hard short, fake stable, contact loss, cannot tell"},
                {"--removed", "", "removed cells too"},
                {"--published", "", "the published CCDs that come with every library, in SQL the table `published`"},
                json_option},
    .examples = "The columns, each with its unit in its name, are in docs/formats/library.md.\n"
                "\n"
                "Examples:\n"
                "  platen library list\n"
                "  platen library list --where \"stack_pressure_MPa < 10 AND ccd_last_passed_mA_cm2 > 1\"\n"
                "  platen library list --verdict \"soft short\" --json",
    .run = run_list,
};

const Verb verb::library_show{
    .name = "library show",
    .summary = "shows one cell: preparation, files, every verdict it was ever given, notes",
    .positional = {.name = "CELL", .help = "its name, its id, or the beginning of its checksum"},
    .options = {library_option, json_option},
    .examples = "With --json also the whole assessment.\n"
                "\n"
                "Examples:\n"
                "  platen library show A12\n"
                "  platen library show 7 --json",
    .run = run_show,
};

const Verb verb::library_query{
    .name = "library query",
    .summary = "asks the library in SQL; nothing can be changed this way",
    .positional = {.name = "SQL", .help = "one SELECT; tables and columns: docs/formats/library.md"},
    .options = {library_option,
                {"--to", "table|csv|json", "form of the answer (default: table)"},
                {"--limit", "N", "rows at most (default: 1000; 0: all)"},
                json_option},
    .examples = "Examples:\n"
                "  platen library query \"SELECT name, verdict, ccd_failing_step_mA_cm2 FROM overview ORDER BY 3 DESC\"\n"
                "  platen library query \"SELECT key, count(*) FROM preparation GROUP BY key\" --to csv",
    .run = run_query,
};

const Verb verb::library_check{
    .name = "library check",
    .summary = "checks that the library is undamaged and every cell in it whole",
    .positional = {},
    .options = {library_option, json_option},
    .examples = "Example:\n"
                "  platen library check --library /lab/cells.sqlite",
    .run = run_check,
};

} // namespace platen::cli

#include "cli/arguments.hpp"
#include "cli/batch.hpp"
#include "cli/files.hpp"
#include "cli/terminal.hpp"
#include "report/checklist.hpp"

namespace platen::cli {
namespace {

int run_checklist(const Arguments& arguments) {
  const bool json = arguments.has("--json");
  if (json && arguments.has("--paragraph")) throw Error("U007", "`--paragraph` with `--json`", std::nullopt, {"the JSON answer holds the paragraph"});
  const std::vector<Paths> groups = group_inputs(to_paths(arguments.words), arguments.has("--join"));
  Paths files;
  for (const Paths& group : groups) files.push_back(group.front());
  const std::optional<CellFile> cell = cell_given(arguments);

  std::vector<Outcome> outcomes = run_batch("reading and judging", files, 0, [&](std::size_t k, const work::Task& task) { return judge_input(groups[k], cell, {}, task); });
  const int code = tell(outcomes, json);
  std::vector<Diagnostic> faults;
  for (const Outcome& o : outcomes) faults.insert(faults.end(), o.faults.begin(), o.faults.end());
  const std::vector<report::Page> pages = take_pages(std::move(outcomes));
  if (pages.empty()) {
    if (json) print(report::json(faults));
    return code;
  }
  if (json && !faults.empty()) tell(faults); // the cells that can be read are answered all the same
  print(json ? report::json_checklist(pages) : arguments.has("--paragraph") ? report::methods_paragraph(pages) + "\n" : report::text_checklist(pages));
  return code;
}

} // namespace

const Verb verb::checklist{
    .name = "checklist",
    .summary = "says which conditions of a test are known, missing or contradictory, and writes the methods section",
    .positional = {.name = "FILE", .help = "measured files or records; a folder, or a pattern in quotes, holds the files of one test", .several = true},
    .options = {{"--paragraph", "", "write the paragraph for a methods section (UTF-8) instead of the table"},
                {"--join", "", "all FILEs are one test, as the files of a folder are"},
                {"--cell", "CELL.toml", "what is known of the cell; default: FILE.cell.toml or STEM.cell.toml beside FILE"},
                {"--json", "", "answer as JSON (docs/formats/json.md)"}},
    .examples = "Several files are a set: how many cells, what differs between them, what is alike, what is missing in at least one.\n"
                "Missing conditions and contradictions are a result: exit code 0.\n"
                "\n"
                "Examples:\n"
                "  platen checklist examples/shorted.csv\n"
                "  platen checklist examples/shorted.csv --paragraph\n"
                "  platen checklist cells/*.ndax --json",
    .run = run_checklist,
};

} // namespace platen::cli

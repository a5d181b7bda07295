#include "cli/arguments.hpp"
#include "cli/batch.hpp"
#include "cli/files.hpp"
#include "cli/terminal.hpp"
#include "report/report.hpp"

namespace platen::cli {
namespace {

int run_assess(const Arguments& arguments) {
  const Paths words = to_paths(arguments.words);
  const auto report_path = arguments.value("--report");
  if (report_path) refuse_clashes(words, {*report_path});
  const std::vector<Paths> groups = group_inputs(words, arguments.has("--join"));
  Paths files;
  for (const Paths& group : groups) files.push_back(group.front());
  const std::optional<CellFile> cell = cell_given(arguments);
  const bool json = arguments.has("--json");

  std::vector<Outcome> outcomes =
      run_batch("reading and judging", files, 0,
                [&](std::size_t k, const work::Task& task) { return judge_input(groups[k], cell, task); });
  const int code = tell(outcomes, json);
  std::vector<std::string> answers;
  for (const Outcome& o : outcomes)
    if (json) answers.push_back(o.page ? report::json(o.page->assessment, o.page->record) : report::json(o.faults));
  if (json) print(join_json(answers));
  const std::vector<report::Page> pages = take_pages(std::move(outcomes));
  if (!json && files.size() == 1 && pages.size() == 1)
    print(report::text(pages.front().assessment, pages.front().record) + report::text_analyses(pages.front().record));
  else if (!json && !pages.empty())
    print(report::text(pages));
  if (report_path) write_report(*report_path, pages, "Assessment");
  return code;
}

} // namespace

const Verb verb::assess{
    .name = "assess",
    .summary = "judges measured files or records: shorted or not, at what current density, why",
    .positional = {.name = "FILE", .help = "measured files or records, or folders that hold the files of one test", .several = true},
    .options = {{"--join", "", "all FILEs are one test, as the files of a folder are"},
                {"--cell", "CELL.toml", "what is known of the cell; default: FILE.cell.toml or STEM.cell.toml beside FILE"},
                {"--report", "PATH", "write an HTML report of all files"},
                {"--json", "", "answer as JSON (docs/formats/json.md); an array with several files"}},
    .examples = "One file is answered in full, several with one row each. A shorted cell is a result: exit code 0. With several\n"
                "files, those that cannot be read are reported, the others are judged, and the first fault decides the exit\n"
                "code; in the JSON array a file that cannot be read has its errors in its place.\n"
                "\n"
                "Examples:\n"
                "  platen assess examples/shorted.csv\n"
                "  platen assess cycling.ndax --cell cell.toml --json\n"
                "  platen assess results/*.h5 --report report/all.html",
    .run = run_assess,
};

} // namespace platen::cli

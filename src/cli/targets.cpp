#include "targets/targets.hpp"

#include "cli/arguments.hpp"
#include "cli/batch.hpp"
#include "cli/files.hpp"
#include "cli/terminal.hpp"
#include "report/report.hpp"

namespace platen::cli {
namespace {

int run_targets(const Arguments& arguments) {
  const Paths files = to_paths(arguments.words);
  const auto report_path = arguments.value("--report");
  if (report_path) refuse_clashes(files, {*report_path});
  std::vector<Outcome> outcomes =
      run_batch("reading and judging", files, 0,
                [&](std::size_t k, const work::Task& task) { return judge_input({files[k]}, std::nullopt, {}, task); });
  const int code = tell(outcomes, false);
  const std::vector<report::Page> pages = take_pages(std::move(outcomes));
  const std::vector<TargetResult> rows = held_against_targets(pages);
  print(arguments.has("--json") ? report::json(rows) : report::text(rows));
  if (report_path) write_report(*report_path, pages, "Targets", rows);
  return code;
}

} // namespace

const Verb verb::targets{
    .name = "targets",
    .summary = "lists the published numbers, and holds records against them",
    .positional = {.name = "RECORD", .help = "judged cells; a row is evaluated when they include what it speaks of",
                   .required = false, .several = true},
    .options = {{"--report", "PATH", "write an HTML report of the records and the rows"},
                {"--json", "", "answer as JSON (docs/formats/json.md)"}},
    .examples = "The rows are those of Ham et al. 2022 (doi:10.1016/j.ensm.2022.12.013). A row is met, missed, or not evaluated;\n"
                "a missed row is a result: exit code 0.\n"
                "\n"
                "Examples:\n"
                "  platen targets\n"
                "  platen targets results/ham2022/*.h5 --report report/targets.html",
    .run = run_targets,
};

} // namespace platen::cli

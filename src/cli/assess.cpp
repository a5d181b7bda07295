#include "assess/overrule.hpp"
#include "base/error.hpp"
#include "cli/arguments.hpp"
#include "cli/batch.hpp"
#include "cli/files.hpp"
#include "cli/terminal.hpp"
#include "report/report.hpp"

#include <fmt/format.h>

namespace platen::cli {
namespace {

/// The format that the name of a record asks for.
std::string_view format_of(const std::filesystem::path& path) {
  const std::string ending = path.extension().string();
  if (ending == ".h5") return "hdf5";
  if (ending == ".csv") return "csv";
  if (ending == ".xlsx") return "xlsx";
  throw Error("U006", fmt::format("`--output {}`: a name that ends in .h5, .csv or .xlsx was expected", path.string()));
}

/// The record with both verdicts.
void write_judged(const Record& record, const std::filesystem::path& path) {
  make_folder_of(path);
  for (const auto& written : write_record(record, format_of(path), path)) note(fmt::format("record: {}\n", written.string()));
}

int run_assess(const Arguments& arguments) {
  const Paths words = to_paths(arguments.words);
  const auto report_path = arguments.value("--report");
  if (report_path) refuse_clashes(words, {*report_path});
  const std::vector<Paths> groups = group_inputs(words, arguments.has("--join"));
  Paths files;
  for (const Paths& group : groups) files.push_back(group.front());
  const bool json = arguments.has("--json");
  const std::vector<std::string> overrules = arguments.values("--overrule");
  const auto output = arguments.value("--output");
  if ((!overrules.empty() || output) && files.size() > 1)
    throw Error("U007", "`--overrule` and `--output` are for one record", std::nullopt, {"judge the files one by one, or with `--join`"});
  std::optional<CellFile> cell;
  EachOption each; // before an hour of reading
  each([&] { cell = cell_given(arguments); });
  for (const std::string& text : overrules) each([&] { (void)parse_overrule(text); });
  if (output) each([&] { refuse_clashes(words, {*output}); })([&] { (void)format_of(*output); });
  each.done();

  std::vector<Outcome> outcomes =
      run_batch("reading and judging", files, 0,
                [&](std::size_t k, const work::Task& task) { return judge_input(groups[k], cell, overrules, task); });
  const int code = tell(outcomes, json);
  std::vector<std::string> answers;
  for (const Outcome& o : outcomes)
    if (json) answers.push_back(o.page ? report::json(o.page->assessment, o.page->record) : report::json(o.faults));
  const std::vector<report::Page> pages = take_pages(std::move(outcomes));
  // files before the answer: with --json a file that cannot be written is the answer
  if (output && !pages.empty()) write_judged(pages.front().record, *output);
  if (report_path) write_report(*report_path, pages, "Assessment");
  if (json) print(join_json(answers));
  if (!json && files.size() == 1 && pages.size() == 1)
    print(report::text(pages.front().assessment, pages.front().record) + report::text_analyses(pages.front().record));
  else if (!json && !pages.empty())
    print(report::text(pages));
  return code;
}

} // namespace

const Verb verb::assess{
    .name = "assess",
    .summary = "judges measured files or records: shorted or not, at what current density, why",
    .positional = {.name = "FILE", .help = "measured files or records; a folder, or a pattern in quotes, holds the files of one test", .several = true},
    .options = {{"--join", "", "all FILEs are one test, as the files of a folder are"},
                {"--cell", "CELL.toml", "what is known of the cell; default: FILE.cell.toml or STEM.cell.toml beside FILE"},
                {.name = "--overrule", .value = "TEXT",
                 .help = "what a person says against a verdict: `half cycle 12: healthy, REASON` or `cell: soft short, REASON`; may be given "
                         "more than once", .several = true},
                {"--output", "PATH", "write the record with both verdicts (.h5, .csv or .xlsx)"},
                {"--report", "PATH", "write an HTML report of all files"},
                {"--json", "", "answer as JSON (docs/formats/json.md); an array with several files"}},
    .examples = "One file is answered in full, several with one row each. A shorted cell is a result: exit code 0. With several\n"
                "files, those that cannot be read are reported, the others are judged, and the first fault decides the exit\n"
                "code; in the JSON array a file that cannot be read has its errors in its place.\n"
                "\n"
                "Examples:\n"
                "  platen assess examples/shorted.csv\n"
                "  platen assess cycling.ndax --cell cell.toml --json\n"
                "  platen assess cycling.h5 --overrule \"half cycle 12: healthy, the cable was touched\" --output judged.h5\n"
                "  platen assess results/*.h5 --report report/all.html",
    .run = run_assess,
};

} // namespace platen::cli

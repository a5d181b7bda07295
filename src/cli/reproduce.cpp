#include "assess/assessment.hpp"
#include "base/error.hpp"
#include "cli/arguments.hpp"
#include "cli/batch.hpp"
#include "cli/files.hpp"
#include "cli/terminal.hpp"
#include "impedance/analyse.hpp"
#include "report/report.hpp"
#include "simulate/simulate.hpp"

#include <fmt/format.h>

namespace platen::cli {
namespace {

void check_publication(const Arguments& arguments) {
  const std::string& name = arguments.words.front();
  if (name != "ham2022")
    throw Error("U012", fmt::format("no publication `{}`", name), std::nullopt, {"known: ham2022"});
}

/// The file that each study was read from: errors and the progress line name it.
Paths names_of(const std::vector<Study>& studies) {
  Paths out;
  for (const Study& study : studies) out.emplace_back(study.sources.front().first);
  return out;
}

Outcome run_experiment(const Study& study, const work::Task& task) {
  Record record = simulate(study, task);
  record.provenance.program = program_name();
  Assessment assessment = assess(record);
  impedance::analyse(record, task);
  return {.page = report::Page{study.name, std::move(record), std::move(assessment), study.resolved}, .notes = {}, .faults = {}};
}

std::vector<Diagnostic> faults_of(const std::vector<Outcome>& outcomes) {
  std::vector<Diagnostic> out;
  for (const Outcome& o : outcomes) out.insert(out.end(), o.faults.begin(), o.faults.end());
  return out;
}

int run_reproduce(const Arguments& arguments) {
  check_publication(arguments);
  const auto threads = static_cast<unsigned>(arguments.count("--threads", 1, 4096).value_or(0));
  const bool json = arguments.has("--json");
  std::vector<Study> studies = ham2022_studies();
  for (Study& study : studies) study.output.parts = arguments.has("--report"); // nobody else would look at them
  std::vector<Outcome> outcomes = run_batch("reproducing", names_of(studies), threads,
                                            [&](std::size_t k, const work::Task& task) { return run_experiment(studies[k], task); });
  const int code = tell(outcomes, json);
  const std::vector<Diagnostic> faults = faults_of(outcomes);
  const std::vector<report::Page> pages = take_pages(std::move(outcomes));
  const std::vector<TargetResult> rows = held_against_targets(pages);
  print(json ? report::json_reproduce(rows, faults) : report::text_reproduce(rows));
  if (const auto path = arguments.value("--report")) write_report(*path, pages, "Ham et al. 2022", rows);
  return code;
}

} // namespace

const Verb verb::reproduce{
    .name = "reproduce",
    .summary = "runs every experiment of a publication and holds it against the published numbers",
    .positional = {.name = "PUBLICATION", .help = "ham2022: Ham et al. 2022 (doi:10.1016/j.ensm.2022.12.013)"},
    .options = {{"--report", "PATH", "write an HTML report of all cells and rows"},
                {"--threads", "N", "studies at a time (default: one per core); the results do not depend on it"},
                {"--json", "", "answer as JSON (docs/formats/json.md)"}},
    .examples = "The studies are those of studies/ham2022 and part of the program. A missed row is a result: exit code 0.\n"
                "\n"
                "Examples:\n"
                "  platen reproduce ham2022\n"
                "  platen reproduce ham2022 --report report/ham2022.html",
    .run = run_reproduce,
};

} // namespace platen::cli

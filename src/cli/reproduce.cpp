#include "assess/assessment.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "calibrate/left_out.hpp"
#include "cli/arguments.hpp"
#include "cli/batch.hpp"
#include "cli/files.hpp"
#include "cli/terminal.hpp"
#include "impedance/analyse.hpp"
#include "report/mechanisms.hpp"
#include "report/report.hpp"
#include "simulate/simulate.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <span>

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

/// Options that only leaving figures out knows, given without it.
void check_options(const Arguments& arguments) {
  const bool left_out = arguments.has("--leave-one-figure-out");
  for (const std::string_view option : {"--journal", "--output", "--starts", "--figure", "--iterations", "--stored"})
    if (!left_out && arguments.has(option)) throw Error("U007", fmt::format("`{}` goes with --leave-one-figure-out", option));
  if (left_out && arguments.has("--report"))
    throw Error("U007", "`--report` does not go with --leave-one-figure-out", std::nullopt, {"`platen compare-mechanisms` writes a page of predictions"});
}

/// Those to be left out, each in turn; the empty one stands for the fit to all rows, which predicts what no figure of a fit shows.
std::vector<std::string> figures_asked(const Arguments& arguments) {
  std::vector<std::string> figures = calibrate::ham2022_figures();
  if (const auto one = arguments.value("--figure")) {
    if (std::find(figures.begin(), figures.end(), *one) == figures.end())
      throw Error("U006", fmt::format("--figure {}: no row was read from such a figure", *one), std::nullopt, {fmt::format("one of {}", fmt::join(figures, ", "))});
    return {std::string(*one)};
  }
  figures.insert(figures.begin(), "");
  return figures;
}

/// Fits of the set's explanation to all rows, and without each figure, and the program that made them.
calibrate::StoredRefits refits_of(const Arguments& arguments, const calibrate::Explanation& explanation, const calibrate::RefitOptions& options) {
  const std::vector<std::string> figures = figures_asked(arguments);
  if (arguments.has("--stored")) {
    calibrate::StoredRefits out = calibrate::stored_refits();
    std::erase_if(out.refits, [&](const calibrate::Refit& r) {
      return r.explanation != explanation.name || std::find(figures.begin(), figures.end(), r.left_out) == figures.end();
    });
    return out;
  }
  calibrate::RefitJournal journal(arguments.value("--journal"), calibrate::refits_identity(program_name(), options));
  Progress progress("fitting without a figure", 1);
  return {program_name(), calibrate::refit_all(std::span(&explanation, 1), figures, options, journal, progress.task(0))};
}

int leave_one_figure_out(const Arguments& arguments, unsigned threads) {
  if (arguments.has("--stored") && (arguments.has("--journal") || arguments.has("--starts") || arguments.has("--iterations")))
    throw Error("U007", "`--journal`, `--starts` and `--iterations` do not go with --stored: nothing is fitted");
  Paths outputs;
  for (const std::string_view option : {"--journal", "--output"})
    if (const auto path = arguments.value(option)) outputs.emplace_back(*path);
  refuse_clashes({}, outputs);
  calibrate::RefitOptions options;
  options.threads = threads;
  options.starts = arguments.count("--starts", 1, 100).value_or(options.starts);
  options.iterations = static_cast<int>(arguments.count("--iterations", 1, 10'000).value_or(static_cast<std::uint64_t>(options.iterations)));
  const calibrate::Explanation explanation = calibrate::ham2022_explanations().front();
  const auto [program, refits] = refits_of(arguments, explanation, options);
  const calibrate::LeftOut answer = calibrate::left_out_of(refits, program);
  print(arguments.has("--json") ? report::json(answer) : report::text(answer));
  if (const auto path = arguments.value("--output")) {
    make_folder_of(*path);
    write_file(*path, calibrate::left_out_csv(answer));
    note(fmt::format("predictions: {}\n", *path));
  }
  return 0;
}

int run_reproduce(const Arguments& arguments) {
  check_publication(arguments);
  check_options(arguments);
  const auto threads = static_cast<unsigned>(arguments.count("--threads", 1, 4096).value_or(0));
  const bool json = arguments.has("--json");
  if (arguments.has("--leave-one-figure-out")) return leave_one_figure_out(arguments, threads);
  if (const auto path = arguments.value("--report")) refuse_clashes({}, {*path});
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
                {"--leave-one-figure-out", "", "instead fit the parameters without each figure in turn and predict its rows (minutes)"},
                {"--journal", "PATH", "with it: keep every fit as it comes, and go on from there after an interruption"},
                {"--stored", "", "with it: from the fits that the program carries, instead of fitting anew"},
                {"--figure", "F", "with it: leave out this figure alone"},
                {"--starts", "N", "with it: of each fit, the first at the priors' centre (default: 1)"},
                {"--iterations", "N", "with it: steps of each start at most (default: 25)"},
                {"--output", "PATH", "with it: write the predictions as CSV (docs/formats/left-out.md)"},
                {"--threads", "N", "studies at a time (default: one per core); the results do not depend on it"},
                {"--json", "", "answer as JSON (docs/formats/json.md)"}},
    .examples = "The studies are those of studies/ham2022 and part of the program. A missed row is a result: exit code 0.\n"
                "\n"
                "Examples:\n"
                "  platen reproduce ham2022\n"
                "  platen reproduce ham2022 --report report/ham2022.html\n"
                "  platen reproduce ham2022 --leave-one-figure-out --journal fits.txt",
    .run = run_reproduce,
};

} // namespace platen::cli

#include "simulate/simulate.hpp"

#include "assess/assessment.hpp"
#include "assess/pressure.hpp"
#include "base/error.hpp"
#include "cli/arguments.hpp"
#include "cli/batch.hpp"
#include "cli/files.hpp"
#include "cli/terminal.hpp"
#include "impedance/analyse.hpp"
#include "instrument/instrument.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <limits>

namespace platen::cli {
namespace {

constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();

/// Everything the command line asks for, checked before the first study runs.
struct Job {
  std::vector<std::string> formats;
  std::optional<std::uint64_t> seed;
  std::optional<Instrument> instrument; ///< present: the records go through it
  std::uint64_t instrument_seed = 1;
  unsigned threads = 0;
  bool closely = false; ///< an answer shows what the pressure tells
  std::vector<Study> studies;
  std::vector<Paths> outputs; ///< one list per study, in the order of `formats`
};

bool names_a_record(const std::filesystem::path& path) {
  const std::string end = path.extension().string();
  return end == ".csv" || end == ".h5" || end == ".hdf5";
}

std::vector<std::string> formats_wanted(const Arguments& arguments, const std::filesystem::path& output) {
  const std::string format = arguments.choice("--format", {"hdf5", "csv", "both"});
  if (!names_a_record(output)) return format == "both" ? std::vector<std::string>{"hdf5", "csv"} : std::vector{format};
  const std::string by_name = output.extension() == ".csv" ? "csv" : "hdf5";
  if (arguments.has("--format") && format != by_name)
    throw Error("U007", fmt::format("`--format {}` does not fit `--output {}`", format, output.string()), std::nullopt,
                {"leave `--format` out, or give a folder to `--output`"});
  return {by_name};
}

std::vector<Paths> destinations(const Job& job, const std::filesystem::path& output) {
  if (names_a_record(output)) {
    if (job.studies.size() > 1)
      throw Error("U007", fmt::format("`--output {}` is one record, but {} studies are given", output.string(),
                                      job.studies.size()),
                  std::nullopt, {"give a folder to `--output`"});
    return {{output}};
  }
  std::vector<Paths> out;
  for (const Study& study : job.studies) {
    out.emplace_back();
    for (const std::string& format : job.formats) {
      out.back().push_back(output / file_stem(study.name));
      out.back().back() += extension(format);
    }
  }
  return out;
}

Job plan(const Arguments& arguments) {
  Job job;
  const std::filesystem::path output = arguments.value("--output").value_or("");
  std::optional<std::uint64_t> noise;
  EachOption each;
  each([&] { job.formats = formats_wanted(arguments, output); });
  each([&] { job.seed = arguments.count("--seed", 0, largest); });
  each([&] { job.threads = static_cast<unsigned>(arguments.count("--threads", 1, 4096).value_or(0)); });
  each([&] { noise = arguments.count("--instrument-seed", 0, largest); });
  each.done();
  job.closely = arguments.has("--report") || arguments.has("--json");
  if (arguments.has("--instrument") && arguments.has("--potentiostat"))
    throw Error("U007", "`--instrument` and `--potentiostat` are two instruments", std::nullopt, {"leave one out"});
  if (arguments.has("--instrument")) job.instrument = typical_instrument();
  if (arguments.has("--potentiostat")) job.instrument = sensitive_instrument();
  if (noise && !job.instrument)
    throw Error("U007", "`--instrument-seed` without `--instrument`", std::nullopt, {"add `--instrument`"});
  job.instrument_seed = noise.value_or(job.instrument_seed);

  std::vector<Diagnostic> faults;
  for (const std::string& file : arguments.words) {
    try {
      job.studies.push_back(read_study_named(file));
      if (job.seed) job.studies.back().seed = *job.seed;
      job.studies.back().output.parts = true;
    } catch (const Error& error) {
      faults.insert(faults.end(), error.diagnostics().begin(), error.diagnostics().end());
    }
  }
  if (!faults.empty()) throw Error(faults);
  job.outputs = destinations(job, output);
  Paths all;
  for (const Paths& of_study : job.outputs) all.insert(all.end(), of_study.begin(), of_study.end());
  if (const auto report_path = arguments.value("--report")) all.emplace_back(*report_path);
  refuse_clashes(to_paths(arguments.words), all);
  return job;
}

Outcome run_study(const Job& job, std::size_t k, const work::Task& task) {
  const Study& study = job.studies[k];
  Record record = simulate(study, task);
  record.provenance.program = program_name();
  if (job.instrument) record = measure(record, *job.instrument, job.instrument_seed);
  // A CSV has no other place to say that nobody measured this.
  const std::vector<std::string> comments = {fmt::format("origin: {}", record.provenance.origin),
                                             fmt::format("Not a measurement: study `{}`, {}.", study.name, program_name())};
  Outcome out;
  for (std::size_t f = 0; f < job.formats.size(); ++f) {
    make_folder_of(job.outputs[k][f]);
    write_record(record, job.formats[f], job.outputs[k][f], comments);
    out.notes.push_back(fmt::format("record: {}", job.outputs[k][f].string()));
  }
  Assessment assessment = assess(record);
  if (job.closely) assessing::look_closely_at_pressure(record, assessment);
  impedance::analyse(record, task);
  out.page = report::Page{study.name, std::move(record), std::move(assessment), study.resolved};
  return out;
}

std::string answer(const report::Page& page, const Job& job, const Paths& outputs, const std::optional<std::string>& report_path) {
  std::vector<report::Output> written;
  for (std::size_t f = 0; f < outputs.size(); ++f) written.push_back({job.formats[f], outputs[f].string()});
  if (report_path) written.push_back({"report", *report_path});
  return report::json_simulate(page.assessment, page.record, written);
}

int run_simulate(const Arguments& arguments) {
  const Job job = plan(arguments);
  for (const Study& study : job.studies) tell(study.warnings);
  std::vector<Outcome> outcomes =
      run_batch("simulating", to_paths(arguments.words), job.threads,
                [&](std::size_t k, const work::Task& task) { return run_study(job, k, task); });

  const auto report_path = arguments.value("--report");
  const bool json = arguments.has("--json");
  const int code = tell(outcomes, json);
  std::vector<std::string> answers;
  for (std::size_t k = 0; json && k < outcomes.size(); ++k)
    answers.push_back(outcomes[k].page ? answer(*outcomes[k].page, job, job.outputs[k], report_path)
                                       : report::json(outcomes[k].faults));
  const std::vector<report::Page> pages = take_pages(std::move(outcomes));
  std::vector<TargetResult> targets;
  if (arguments.has("--targets")) {
    targets = held_against_targets(pages);
    const std::vector<TargetResult> without = evaluate_targets({}); // what comes from no cell
    for (std::size_t k = targets.size(); k-- > 0;)
      if (targets[k].verdict == TargetVerdict::not_evaluated || without[k].verdict != TargetVerdict::not_evaluated)
        targets.erase(targets.begin() + static_cast<std::ptrdiff_t>(k));
    if (json) answers.push_back(report::json(targets));
  }
  if (json) print(join_json(answers));
  if (!json && !pages.empty()) print(report::text(pages));
  if (!json && !targets.empty()) print("\n" + report::text(targets));
  if (report_path) write_report(*report_path, pages, "Simulated cells", targets);
  return code;
}

} // namespace

const Verb verb::simulate{
    .name = "simulate",
    .summary = "runs study files and judges what comes out",
    .positional = {.name = "STUDY", .help = "study files (docs/formats/study.md), run in parallel", .several = true},
    .options = {{"--output", "PATH", "folder for the records, named after their studies (default: here); with one study also a "
                                     "file ending in .h5 or .csv"},
                {"--format", "hdf5|csv|both", "format of the records (default: hdf5, which holds everything)"},
                {"--seed", "N", "seed of the scatter between cells (default: the study's; 0: the median cell)"},
                {"--instrument", "", "record through a typical cycler, analyser and load cell: noise, drift, steps, sampling"},
                {"--potentiostat", "", "record through a potentiostat in its range of 1 uA instead: direct current through pellets"},
                {"--instrument-seed", "N", "seed of that noise (default: 1)"},
                {"--report", "PATH", "write an HTML report"},
                {"--threads", "N", "studies at a time (default: one per core); the results do not depend on it"},
                {"--targets", "", "hold the cells against the published numbers that they reproduce (see `platen targets`)"},
                {"--json", "", "answer as JSON (docs/formats/json.md); an array with several studies, the targets last"}},
    .examples = "A study that fails does not stop the others; the first fault decides the exit code. Ctrl-C stops: records\n"
                "already written are whole, the others are not there.\n"
                "\n"
                "Examples:\n"
                "  platen simulate studies/examples/first.toml\n"
                "  platen simulate studies/ham2022/hold-*.toml --output results --report report/index.html\n"
                "  platen simulate cell.toml --seed 7 --instrument --output cell.csv",
    .run = run_simulate,
};

} // namespace platen::cli

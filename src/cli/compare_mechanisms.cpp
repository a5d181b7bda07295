#include "base/error.hpp"
#include "base/file.hpp"
#include "calibrate/experiments.hpp"
#include "calibrate/kept_file.hpp"
#include "calibrate/rivals.hpp"
#include "cli/arguments.hpp"
#include "cli/calibration_input.hpp"
#include "cli/files.hpp"
#include "cli/terminal.hpp"
#include "report/mechanisms.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace platen::cli {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view published = "ham2022";

/// Empty: the publication.
std::optional<fs::path> file_of(const Arguments& arguments) {
  if (arguments.words.empty() || arguments.words.front() == published) return std::nullopt;
  const fs::path path = arguments.words.front();
  if (!fs::exists(path)) throw Error("U012", fmt::format("`{}` is no publication and no file", path.string()), std::nullopt, {"known: ham2022; or a calibration file (docs/formats/calibration.md)"});
  if (arguments.has("--stored")) throw Error("U007", "`--stored` goes with ham2022: the program carries no fits of a file", std::nullopt, {"--journal keeps them"});
  return path;
}

void write(const Arguments& arguments, std::string_view option, std::string_view what, const std::string& content) {
  const auto path = arguments.value(option);
  if (!path) return;
  make_folder_of(*path);
  write_file(*path, content);
  note(fmt::format("{}: {}\n", what, *path));
}

/// Where fits are kept, its folder made.
std::optional<fs::path> journal_of(const Arguments& arguments) {
  const auto path = arguments.value("--journal");
  if (path) make_folder_of(*path);
  return path;
}

void tell_kept(const Arguments& arguments, std::size_t count) {
  if (count > 0) note(fmt::format("{}: {} pieces of work from before\n", *arguments.value("--journal"), count));
}

calibrate::RivalComparison compare_published(const Arguments& arguments, unsigned threads) {
  calibrate::RefitOptions options;
  options.threads = threads;
  const std::vector<calibrate::Explanation> explanations = calibrate::ham2022_explanations();
  std::vector<calibrate::Refit> refits;
  const std::vector<std::string> figures = calibrate::telling_figures();
  if (arguments.has("--stored")) {
    refits = calibrate::stored_refits().refits;
    std::erase_if(refits, [&](const calibrate::Refit& r) { return std::find(figures.begin(), figures.end(), r.left_out) == figures.end(); });
  } else {
    calibrate::RefitJournal journal(journal_of(arguments), calibrate::refits_identity(program_name(), options));
    tell_kept(arguments, journal.size());
    Progress progress("fitting explanations", 1);
    refits = calibrate::refit_all(explanations, figures, options, journal, progress.task(0));
  }
  calibrate::RivalComparison out;
  out.comparison.ranking = calibrate::ranked(explanations, refits);
  out.comparison.left_out = figures.size() - 1;
  out.comparison.undecided = calibrate::undecided_bits(out.comparison.ranking);
  out.survivors = calibrate::survivors(out.comparison.ranking, refits);
  Progress progress("asking for experiments", 1);
  out.comparison.experiments = calibrate::rank_experiments(calibrate::candidate_experiments(), out.survivors, threads, {}, progress.task(0));
  return out;
}

bool has_ramp(const Study& study) {
  return std::any_of(study.test.begin(), study.test.end(), [](const Step& s) { return std::holds_alternative<step::Ramp>(s.kind); });
}

std::vector<Study> experiments_of(CalibrationInput& input) {
  if (input.file.experiments.empty()) return calibrate::candidate_experiments();
  std::vector<Study> out;
  Diagnostics faults;
  for (const calibrate::ExperimentEntry& entry : input.file.experiments) {
    out.push_back(calibration_study(entry.study, input.inputs));
    if (!has_ramp(out.back())) faults.error("C207", fmt::format("{} has no ramp, so that it comes to no CCD", entry.study.string()), entry.place, {"explanations are told apart by the CCD that they expect"});
  }
  faults.throw_if_errors();
  return out;
}

calibrate::RivalComparison compare_file(const Arguments& arguments, const fs::path& path, unsigned threads) {
  CalibrationInput input = read_calibration_input(path);
  if (!input.file.published.empty())
    throw Error("C207", fmt::format("{} asks for published rows, whose figures cannot be left out together with one's own data", path.string()), std::nullopt,
                {"leave `published` out; `platen compare-mechanisms ham2022` compares explanations of the publication"});
  const std::vector<Study> experiments = experiments_of(input);
  std::string fingerprint = program_name() + "\n";
  for (const auto& [name, checksum] : input.inputs) fingerprint += checksum + "\n";
  std::optional<calibrate::KeptFile> journal;
  if (const auto kept = journal_of(arguments)) {
    journal.emplace(*kept, sha256(fingerprint), calibrate::Foreign::refuse);
    tell_kept(arguments, journal->rows());
  }
  Progress progress("comparing explanations", 1);
  calibrate::RivalOptions options;
  options.threads = threads;
  return calibrate::compare_rivals(input.file, input.observations, input.targets, experiments, options, journal ? journal->kept() : calibrate::Kept{}, progress.task(0));
}

int run_compare_mechanisms(const Arguments& arguments) {
  const std::optional<fs::path> file = file_of(arguments);
  Paths inputs, outputs;
  if (file) inputs.push_back(*file);
  for (const std::string_view option : {"--report", "--ensemble", "--journal"})
    if (const auto path = arguments.value(option)) outputs.emplace_back(*path);
  refuse_clashes(inputs, outputs);
  if (arguments.has("--stored") && arguments.has("--journal")) throw Error("U007", "`--journal` does not go with --stored: nothing is fitted");
  const auto threads = static_cast<unsigned>(arguments.count("--threads", 1, 4096).value_or(0));
  const calibrate::RivalComparison answer = file ? compare_file(arguments, *file, threads) : compare_published(arguments, threads);
  print(arguments.has("--json") ? report::json(answer.comparison) : report::text(answer.comparison));
  write(arguments, "--ensemble", "ensemble",
        calibrate::ensemble_csv(answer.survivors, fmt::format("Explanations of {} that cannot be told apart, with draws of their fitted numbers: platen compare-mechanisms of {}",
                                                              answer.comparison.published() ? "Ham et al. 2022" : answer.comparison.subject, program_name())));
  write(arguments, "--report", "report", report::html(answer.comparison, program_name()));
  return 0;
}

} // namespace

const Verb verb::compare_mechanisms{
    .name = "compare-mechanisms",
    .summary = "fits rival explanations to data, ranks what they predict, and says which experiment would tell",
    .positional = {.name = "DATA",
                   .help = "a calibration file of your own records and targets (docs/formats/calibration.md), or ham2022: the rows of Ham et al. 2022 (default)",
                   .required = false},
    .options = {{"--journal", "PATH", "keep every fit as it comes, and go on from there after an interruption"},
                {"--stored", "", "ham2022 from the fits that the program carries instead of fitting anew (a minute)"},
                {"--report", "PATH", "write an HTML page with the plots and the tables"},
                {"--ensemble", "PATH", "write the surviving explanations with draws of their numbers (docs/formats/overrides.md)"},
                {"--threads", "N", "fits at a time (default: one per core); the results do not depend on it"},
                {"--json", "", "answer as JSON (docs/formats/json.md)"}},
    .examples = "Each explanation is fitted to everything, and again without each record, target or figure, which it then predicts. Of a\n"
                "file they are those of its [[explanation]], else the combinations of docs/theory/mechanisms.md that differ for its cells; the\n"
                "experiments are those of its [[experiment]], else those of studies/experiments. ham2022 takes about half an hour of one\n"
                "core; with --journal an interruption costs at most the fits in flight. How to read the answer: docs/guide/mechanisms.md.\n"
                "\n"
                "Examples:\n"
                "  platen compare-mechanisms examples/calibrate/rivals.toml\n"
                "  platen compare-mechanisms my-cells.toml --journal fits --report explanations.html --ensemble ensemble.csv\n"
                "  platen compare-mechanisms ham2022 --stored",
    .run = run_compare_mechanisms,
};

} // namespace platen::cli

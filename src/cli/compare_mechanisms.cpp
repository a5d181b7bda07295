#include "base/error.hpp"
#include "base/file.hpp"
#include "calibrate/mechanisms.hpp"
#include "cli/arguments.hpp"
#include "cli/files.hpp"
#include "cli/terminal.hpp"
#include "report/mechanisms.hpp"

#include <cmath>
#include <fmt/format.h>

namespace platen::cli {
namespace {

void check_publication(const Arguments& arguments) {
  if (arguments.words.empty() || arguments.words.front() == "ham2022") return;
  throw Error("U012", fmt::format("no publication `{}`", arguments.words.front()), std::nullopt, {"known: ham2022"});
}

void write(const Arguments& arguments, std::string_view option, std::string_view what, const std::string& content) {
  const auto path = arguments.value(option);
  if (!path) return;
  make_folder_of(*path);
  write_file(*path, content);
  note(fmt::format("{}: {}\n", what, *path));
}

double entropy(std::span<const calibrate::Ranked> ranking) {
  double bits = 0.0;
  for (const auto& r : ranking)
    if (r.weight > 0.0) bits -= r.weight * std::log2(r.weight);
  return bits;
}

int run_compare_mechanisms(const Arguments& arguments) {
  check_publication(arguments);
  Paths outputs;
  for (const std::string_view option : {"--report", "--ensemble", "--journal"})
    if (const auto path = arguments.value(option)) outputs.emplace_back(*path);
  refuse_clashes({}, outputs);
  calibrate::RefitOptions options;
  options.share = 4e-4; // some fifty fits that are ranked by more than this leaves open
  options.threads = static_cast<unsigned>(arguments.count("--threads", 1, 4096).value_or(0));
  calibrate::RefitJournal journal(arguments.value("--journal"), calibrate::fingerprint(program_name(), options));
  const std::vector<calibrate::Explanation> explanations = calibrate::ham2022_explanations();
  std::vector<calibrate::Refit> refits;
  {
    Progress progress("fitting explanations", 1);
    refits = calibrate::refit_all(explanations, calibrate::telling_figures(), options, journal, progress.task(0));
  }
  calibrate::MechanismComparison comparison;
  comparison.ranking = calibrate::ranked(explanations, refits);
  comparison.undecided = entropy(comparison.ranking);
  {
    Progress progress("asking for experiments", 1);
    comparison.experiments = calibrate::rank_experiments(comparison.ranking, refits, options.threads, progress.task(0));
  }
  print(arguments.has("--json") ? report::json(comparison) : report::text(comparison));
  write(arguments, "--ensemble", "ensemble", calibrate::ensemble_csv(comparison.ranking, refits, program_name()));
  write(arguments, "--report", "report", report::html(comparison, program_name()));
  return 0;
}

} // namespace

const Verb verb::compare_mechanisms{
    .name = "compare-mechanisms",
    .summary = "fits rival explanations to a publication, ranks what they predict, and says which experiment would tell",
    .positional = {.name = "PUBLICATION", .help = "ham2022: Ham et al. 2022 (default)", .required = false},
    .options = {{"--journal", "PATH", "keep every fit as it comes, and go on from there after an interruption"},
                {"--report", "PATH", "write an HTML page with the plots and the tables"},
                {"--ensemble", "PATH", "write the surviving explanations with draws of their numbers (docs/formats/overrides.md)"},
                {"--threads", "N", "fits at a time (default: one per core); the results do not depend on it"},
                {"--json", "", "answer as JSON (docs/formats/json.md)"}},
    .examples = "Each of eight combinations of the explanations in docs/theory/mechanisms.md is fitted to all rows, and again without each\n"
                "figure, whose rows it then predicts. That takes about half an hour of one core; Ctrl-C stops, and with --journal at\n"
                "most the fits in flight are lost. How to read the answer: docs/guide/mechanisms.md.\n"
                "\n"
                "Examples:\n"
                "  platen compare-mechanisms ham2022 --journal fits.txt --report explanations.html\n"
                "  platen compare-mechanisms --journal fits.txt --ensemble ensemble.csv",
    .run = run_compare_mechanisms,
};

} // namespace platen::cli

#include "calibrate/calibrate.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "calibrate/kept_file.hpp"
#include "calibrate/published.hpp"
#include "calibrate/published_set.hpp"
#include "calibrate/set_file.hpp"
#include "cli/arguments.hpp"
#include "cli/calibration_input.hpp"
#include "cli/files.hpp"
#include "cli/program.hpp"
#include "cli/terminal.hpp"
#include "report/calibrate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace platen::cli {
namespace {

namespace fs = std::filesystem;
using namespace calibrate;

/// Everything that the calibration file names, read, and the published rows where it asks for them.
struct Read : CalibrationInput {
  std::optional<Problem> published;
};

/// What stands for the published rows where a file is named.
constexpr std::string_view published_rows = "ham2022";

/// Every number of set Ham2022 that owes something to rows, with the rows and the explanation that the set stands for.
void add_published(Read& out) {
  out.published = ham2022_problem(Mechanisms{}).problem;
  out.inputs.emplace_back("set Ham2022", sha256(built_in_set_text()));
}

Read read_published() {
  Read out;
  out.file.name = "Ham2022";
  out.file.description = "set Ham2022 fitted to the rows of Ham et al. 2022";
  add_published(out);
  return out;
}

Read read_all(const fs::path& path) {
  Read out{read_calibration_input(path), std::nullopt};
  if (!out.file.published.empty()) add_published(out);
  return out;
}

/// What must not have changed for work in a journal to be taken up.
std::string fingerprint(const Read& read, const CalibrateOptions& options) {
  std::string text = fmt::format("{} {} {} {}\n", program_name(), options.starts, options.iterations, options.seed);
  for (const auto& [name, checksum] : read.inputs) text += checksum + "\n";
  return sha256(text);
}

CalibrateOptions options_given(const Arguments& arguments) {
  CalibrateOptions out;
  EachOption each;
  each([&] { out.starts = static_cast<std::size_t>(arguments.count("--starts", 1, 1000).value_or(1)); });
  each([&] { out.iterations = static_cast<int>(arguments.count("--iterations", 1, 10'000).value_or(static_cast<std::uint64_t>(out.iterations))); });
  out.profiles = arguments.has("--profiles");
  each([&] { out.posterior = static_cast<std::size_t>(arguments.count("--posterior", 50, 1'000'000).value_or(0)); });
  each([&] { out.seed = arguments.count("--seed", 0, 1'000'000'000).value_or(1); });
  each([&] { out.threads = static_cast<unsigned>(arguments.count("--threads", 1, 4096).value_or(0)); });
  each.done();
  return out;
}

void write_outputs(const fs::path& folder, const Calibration& c, const Inputs& inputs) {
  const auto write = [&](std::string_view name, const std::string& content) {
    write_file(folder / name, content);
    note(fmt::format("{}\n", (folder / name).string()));
  };
  const bool published_alone = c.file.sources.empty(); // then it is the program's own set that is written
  write("set.toml", published_alone ? set_with(built_in_set_text(), c) : fitted_set_toml(c, inputs, program_name()));
  if (!c.draws.empty()) write("posterior.csv", draws_csv(c));
  write("calibration.json", report::json_calibration(c, inputs, program_name()));
  write("report.html", report::html_calibration(c, inputs, program_name()));
}

int run_calibrate(const Arguments& arguments) {
  const fs::path path = arguments.words.front(), folder = *arguments.value("--output");
  const CalibrateOptions options = options_given(arguments);
  Paths outputs{folder / "set.toml"};
  if (const auto page = arguments.value("--report")) outputs.emplace_back(*page);
  refuse_clashes({path}, outputs);
  Read read = path == published_rows ? read_published() : read_all(path);
  make_folder_of(folder / "set.toml");
  KeptFile journal(folder / "journal", fingerprint(read, options));
  if (journal.rows() > 0) note(fmt::format("{}: {} pieces of work from before\n", (folder / "journal").string(), journal.rows()));
  Calibration result;
  {
    Progress progress("calibrating", 1);
    result = calibrate::calibrate(read.file, std::move(read.observations), std::move(read.targets), std::move(read.published), options, journal.kept(), progress.task(0));
  }
  write_outputs(folder, result, read.inputs);
  if (const auto page = arguments.value("--report")) {
    make_folder_of(*page);
    write_file(*page, report::html_calibration(result, read.inputs, program_name()));
    note(fmt::format("report: {}\n", *page));
  }
  print(arguments.has("--json") ? report::json_calibration(result, read.inputs, program_name()) : report::text_calibration(result));
  if (result.interrupted) return Exit::interrupted;
  return result.fit.converged ? Exit::done : Exit::asked_is_false;
}

} // namespace

const Verb verb::calibrate{
    .name = "calibrate",
    .summary = "fits numbers of the laws to records and targets, and says which of them the data determine",
    .positional = {.name = "FILE", .help = "a calibration file: numbers with bounds and priors, records, targets (docs/formats/calibration.md); or `ham2022`: the published rows"},
    .options = {{"--output", "DIR", "folder for set.toml, posterior.csv, calibration.json, report.html and the journal", true},
                {"--starts", "N", "begin from N places of the priors (default: 1, where the file or the study says)"},
                {"--iterations", "N", "steps of each start at most (default: 60); with fewer it may end early, which exit code 1 says"},
                {"--profiles", "", "profile likelihoods of every number: how far the data let it go with all others fitted again"},
                {"--posterior", "N", "draw N independent samples of what data and priors leave possible"},
                {"--seed", "N", "of starts and samples (default: 1)"},
                {"--threads", "N", "default: all cores; the result does not depend on it"},
                {"--report", "PATH", "write the HTML page there, too"},
                {"--json", "", "answer as JSON (docs/formats/json.md)"}},
    .examples = "Profiles and samples are kept in DIR/journal as they come: after Ctrl-C, or a power cut, the same command goes on with them.\n"
                "A journal of other files, options or another version is set aside as DIR/journal.old, never overwritten.\n"
                "Exit code 1: no start has converged.\n"
                "\n"
                "Examples:\n"
                "  platen calibrate examples/calibrate/my-cell.toml --output fitted\n"
                "  platen calibrate examples/calibrate/my-cell.toml --output fitted --starts 8 --profiles --posterior 400\n"
                "  platen calibrate ham2022 --output fitted --starts 8    (its set.toml is data/sets/Ham2022.toml)",
    .run = run_calibrate,
};

} // namespace platen::cli

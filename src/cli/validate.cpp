#include "cli/arguments.hpp"
#include "cli/files.hpp"
#include "cli/terminal.hpp"
#include "report/report.hpp"

namespace platen::cli {
namespace {

int run_validate(const Arguments& arguments) {
  const Study study = read_study_named(arguments.words.front());
  tell(study.warnings);
  print(arguments.has("--json") ? report::json(study) : report::text(study));
  return 0;
}

} // namespace

const Verb verb::validate{
    .name = "validate",
    .summary = "checks a study file and prints every resolved value and where it came from",
    .positional = {.name = "STUDY", .help = "a study file (docs/formats/study.md)"},
    .options = {{"--json", "", "answer as JSON (docs/formats/json.md)"}},
    .examples = "Every value is shown in your unit and in SI, with its origin (file and line, card, set, default) and its\n"
                "basis (stated, read, recalled, derived, assumed, fitted). All faults of a file are reported together.\n"
                "\n"
                "Examples:\n"
                "  platen validate studies/examples/first.toml\n"
                "  platen validate studies/ham2022/hold-30min.toml --json",
    .run = run_validate,
};

} // namespace platen::cli

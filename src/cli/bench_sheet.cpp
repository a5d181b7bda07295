#include "advise/bench_sheet.hpp"

#include "cli/arguments.hpp"
#include "cli/files.hpp"
#include "cli/terminal.hpp"
#include "report/report.hpp"

namespace platen::cli {
namespace {

int run_bench_sheet(const Arguments& arguments) {
  const Study study = read_study_named(arguments.words.front());
  const BenchSheet sheet = [&] {
    Progress progress("simulating", 1); // gone from the terminal before the sheet is printed
    return bench_sheet(study, progress.task(0));
  }();
  tell(sheet.warnings);
  print(arguments.has("--json") ? report::json(sheet) : report::text(sheet));
  return 0;
}

} // namespace

const Verb verb::bench_sheet{
    .name = "bench-sheet",
    .summary = "says what one takes to the bench: forces, springs, expected pressures, the cycler's steps",
    .positional = {.name = "STUDY", .help = "a study file (docs/formats/study.md)"},
    .options = {{"--json", "", "answer as JSON (docs/formats/json.md)"}},
    .examples = "Forces in N, kgf and lbf for every pressure that is set by hand; load, compression and margins of each spring\n"
                "once they are fitted; the pressure to expect at the end of every sentence, from one run of the study; the\n"
                "cycler's program with its currents in mA. Where the test cannot be simulated the rest is printed all the same.\n"
                "\n"
                "Examples:\n"
                "  platen bench-sheet studies/examples/full-cell.toml\n"
                "  platen bench-sheet studies/ham2022/hold-30min.toml --json",
    .run = run_bench_sheet,
};

} // namespace platen::cli

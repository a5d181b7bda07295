#include "cli/arguments.hpp"
#include "cli/files.hpp"
#include "cli/terminal.hpp"
#include "report/report.hpp"

namespace platen::cli {
namespace {

int run_inspect(const Arguments& arguments) {
  Progress progress("reading", 1);
  const Input input = read_input(arguments.words.front(), cell_given(arguments), progress.task(0));
  tell(input);
  print(arguments.has("--json") ? report::json_inspect(input.record) : report::text_inspect(input.record));
  return 0;
}

} // namespace

const Verb verb::inspect{
    .name = "inspect",
    .summary = "shows what a file holds: columns, units, cell, events, provenance",
    .positional = {.name = "FILE", .help = "a measured file or a record; a folder, or a pattern in quotes, holds the files of one test"},
    .options = {{"--cell", "CELL.toml", "what is known of the cell; default: FILE.cell.toml or STEM.cell.toml beside FILE"},
                {"--json", "", "answer as JSON (docs/formats/json.md)"}},
    .examples = "Examples:\n"
                "  platen inspect cycling.ndax\n"
                "  platen inspect 'cell-7/c7_*_GCPL*.mpr'\n"
                "  platen inspect results/hold-30-min.h5 --json",
    .run = run_inspect,
};

} // namespace platen::cli

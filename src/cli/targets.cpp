#include "targets/targets.hpp"

#include "cli/arguments.hpp"
#include "cli/terminal.hpp"
#include "report/report.hpp"

namespace platen::cli {
namespace {

int run_targets(const Arguments& arguments) {
  std::vector<TargetResult> rows;
  for (Target& target : ham2022_targets()) {
    rows.emplace_back();
    rows.back().target = std::move(target);
  }
  print(arguments.has("--json") ? report::json(rows) : report::text(rows));
  return 0;
}

} // namespace

const Verb verb::targets{
    .name = "targets",
    .summary = "lists the published numbers Platen is held against",
    .positional = {},
    .options = {{"--json", "", "answer as JSON (docs/formats/json.md)"}},
    .examples = "Examples:\n"
                "  platen targets\n"
                "  platen targets --json",
    .run = run_targets,
};

} // namespace platen::cli

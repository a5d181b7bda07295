#include "cli/arguments.hpp"
#include "cli/files.hpp"
#include "cli/terminal.hpp"
#include "platen_version.hpp"
#include "report/report.hpp"

namespace platen::cli {
namespace {

int run_version(const Arguments& arguments) {
  if (arguments.has("--json"))
    print(report::json("platen.version/1", {{"version", std::string(PLATEN_VERSION)}, {"commit", std::string(PLATEN_COMMIT)}}));
  else
    print(program_name() + "\n");
  return 0;
}

} // namespace

const Verb verb::version{
    .name = "version",
    .summary = "says which Platen this is",
    .positional = {},
    .options = {{"--json", "", "answer as JSON (docs/formats/json.md)"}},
    .examples = "Examples:\n"
                "  platen version\n"
                "  platen version --json",
    .run = run_version,
};

} // namespace platen::cli

#include "base/error.hpp"
#include "base/file.hpp"
#include "campaign/findings.hpp"
#include "campaign/read_explored.hpp"
#include "cli/files.hpp"
#include "cli/program.hpp"
#include "cli/terminal.hpp"
#include "report/explore.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace platen::cli {
namespace {

void write_shown(const Arguments& arguments, std::string_view option, std::string_view what, const std::string& content) {
  const auto path = arguments.value(option);
  if (!path) return;
  make_folder_of(*path);
  write_file(*path, content);
  note(fmt::format("{}: {}\n", what, *path));
}

/// The results asked for: named ones, "all" of them, or the one that people ask for first.
std::vector<std::string> results_wanted(const Arguments& arguments, const std::vector<std::string>& offered) {
  std::vector<std::string> wanted = arguments.values("--result");
  if (std::find(wanted.begin(), wanted.end(), "all") != wanted.end()) return offered;
  if (wanted.empty() && !offered.empty()) wanted.push_back(offered.front());
  return wanted;
}

int run_show(const Arguments& arguments) {
  const std::filesystem::path table_path = arguments.words.front();
  Paths outputs;
  for (const std::string_view option : {"--report", "--figure"})
    if (const auto path = arguments.value(option)) outputs.emplace_back(*path);
  refuse_clashes({table_path}, outputs);
  const numerics::Resampling resampling{static_cast<int>(arguments.count("--resamples", 100, 1'000'000).value_or(1000)),
                                        arguments.count("--seed", 0, 1'000'000'000).value_or(1)};
  const campaign::NumberTable table = campaign::read_table(table_path);
  const auto offered = campaign::explorable(table);
  const auto wanted = results_wanted(arguments, offered);
  if (wanted.empty()) throw Error("D526", fmt::format("{}: no run has a result that is a number", table_path.string()), std::nullopt, {"the column `reason` says why runs failed"});
  std::vector<campaign::Findings> findings;
  for (const std::string& result : wanted) findings.push_back(campaign::findings(campaign::explored(table, result), resampling));
  const std::string title = table_path.stem().string();
  if (arguments.has("--figure")) {
    const std::string figure = report::best_figure(findings.front());
    if (figure.empty()) throw Error("D526", fmt::format("{}: there is nothing to draw of {}", table_path.string(), findings.front().explored.result.name), std::nullopt, {"without --figure the reasons are said"});
    write_shown(arguments, "--figure", "figure", figure);
  }
  print(arguments.has("--json") ? report::json_explored(title, findings) : report::text_explored(findings));
  write_shown(arguments, "--report", "report", report::html_explored(title, findings, program_name()));
  if (!arguments.has("--json") && wanted.size() < offered.size()) note(fmt::format("results of the table: {} (--result)\n", fmt::join(offered, ", ")));
  return Exit::done;
}

} // namespace

const Verb verb::campaign_show{
    .name = "campaign show",
    .summary = "draws the table of a campaign: curves, maps, surfaces, Morris effects, Sobol indices",
    .positional = {.name = "TABLE", .help = "the CSV that `platen campaign` wrote"},
    .options = {{"--result", "NAME", "a result of the table, or `all` (default: the CCD, where there is one)", false, true},
                {"--report", "PATH", "write an HTML page"},
                {"--figure", "PATH.svg", "write the figure that fits the design as SVG, of the first result"},
                {"--resamples", "N", "for the bounds of Sobol indices (default: 1000)"},
                {"--seed", "N", "of resampled rows (default: 1)"},
                {"--json", "", "answer as JSON (docs/formats/json.md)"}},
    .examples = "What is drawn fits the design: indices with bounds for Saltelli's, effects for Morris's; over one axis a curve, over two that\n"
                "cross a map, or a curve for each word; through scattered runs a fitted surface with its error on runs it has not seen, or\n"
                "the reason why there is none. Runs that failed and CCDs that are only bounds are counted (docs/theory/sensitivity.md).\n"
                "\n"
                "Examples:\n"
                "  platen campaign show hold-pressure.csv --figure map.svg\n"
                "  platen campaign show sobol.csv --result all --report sobol.html",
    .run = run_show,
};

} // namespace platen::cli

#include "advise/advise.hpp"

#include "base/file.hpp"
#include "cli/arguments.hpp"
#include "cli/files.hpp"
#include "cli/program.hpp"
#include "cli/terminal.hpp"
#include "report/advise.hpp"

#include <fmt/format.h>

namespace platen::cli {
namespace {

std::optional<double> given(const Arguments& arguments, std::string_view option, const Dimension& dimension) {
  const auto text = arguments.value(option);
  return text ? std::optional(quantity_given(*text, option, dimension)) : std::nullopt;
}

/// The goal file, and on top of it what the command line says.
advise::Question question_of(const Arguments& arguments) {
  advise::Question out;
  if (const auto file = arguments.value("--goal")) out = advise::read_goal(*file);
  else out.knobs = advise::default_knobs();
  EachOption each;
  const auto goal = [&](std::string_view option, const Dimension& dimension, std::optional<double>& to) {
    each([&] {
      const auto v = given(arguments, option, dimension);
      if (v) to = v;
      if (to && *to < 0.0) throw Error("U006", fmt::format("`{}` below nothing", option));
    });
  };
  goal("--ccd", dim::current_density, out.goal.ccd);
  goal("--areal-capacity", dim::areal_capacity, out.goal.areal_capacity);
  goal("--swing", dim::pressure, out.goal.swing);
  each([&] {
    if (const auto v = given(arguments, "--probability", dim::none)) out.goal.probability = *v;
    if (!(out.goal.probability > 0.0 && out.goal.probability < 1.0)) throw Error("U006", "`--probability` is not between 0 and 1", std::nullopt, {"for example --probability \"90 %\""});
  });
  if (const auto v = arguments.value("--springs")) out.catalogue = *v;
  if (const auto v = arguments.value("--ensemble")) out.ensemble.table = *v;
  each([&] { out.ensemble.sets = arguments.count("--sets", 2, advise::most_sets).value_or(out.ensemble.sets); });
  each([&] { out.ensemble.cells = arguments.count("--cells", 2, advise::most_cells).value_or(out.ensemble.cells); });
  each([&] { out.ensemble.seed = arguments.count("--seed", 0, 1'000'000'000).value_or(out.ensemble.seed); });
  each.done();
  if (!out.goal.stated() && out.catalogue.empty())
    throw Error("U005", "`platen advise` needs a goal", std::nullopt, {"--ccd \"1.2 mA/cm2\", --areal-capacity \"3 mAh/cm2\", --swing \"0.5 MPa\", a goal file, or --springs for springs alone"});
  return out;
}

int run_advise(const Arguments& arguments) {
  const advise::Question question = question_of(arguments);
  Paths inputs{arguments.words.front()}, outputs;
  for (const std::string_view option : {"--goal", "--ensemble"})
    if (const auto path = arguments.value(option)) inputs.emplace_back(*path);
  if (!question.catalogue.empty() && question.catalogue != "built-in") inputs.emplace_back(question.catalogue);
  if (const auto path = arguments.value("--report")) outputs.emplace_back(*path);
  refuse_clashes(inputs, outputs);
  const Study study = read_study_named(arguments.words.front());
  const advise::Advice advice = [&] {
    Progress progress("advising", 1);
    return advise::advise(study, question, advise::ensemble_for(study, arguments.words.front(), question.ensemble), progress.task(0));
  }();
  tell(study.warnings);
  tell(advice.warnings);
  for (const auto& file : outputs) {
    make_folder_of(file);
    write_file(file, report::html_advice(advice, program_name()));
    note(fmt::format("report: {}\n", file.string()));
  }
  print(arguments.has("--json") ? report::json_advice(advice) : report::text_advice(advice));
  return Exit::done;
}

} // namespace

const Verb verb::advise{
    .name = "advise",
    .summary = "says which hold, pressure, fixture and springs reach a goal, how surely, and the cheapest change that helps",
    .positional = {.name = "STUDY", .help = "a study file (docs/formats/study.md): the cell as it is"},
    .options = {{"--ccd", "QUANTITY", "goal: the current density that a cell must carry, \"1.2 mA/cm2\""},
                {"--areal-capacity", "QUANTITY", "goal: what a half cycle must move, \"3 mAh/cm2\""},
                {"--swing", "QUANTITY", "goal: by how much the stack pressure may swing, \"0.5 MPa\""},
                {"--probability", "SHARE", "of cells that are to reach it (default: 80 %)"},
                {"--goal", "GOAL.toml", "goal, knobs with limits and costs, springs, ensemble (docs/formats/goal.md)"},
                {"--springs", "CATALOGUE", "choose among its springs (docs/formats/spring-catalogue.md); `built-in`: an example"},
                {"--ensemble", "TABLE.csv", "parameter sets and mechanisms with weights; default: docs/guide/advise.md"},
                {"--sets", "N", "parameter sets drawn (default: 24)"},
                {"--cells", "N", "cells simulated of each (default: 6)"},
                {"--seed", "N", "of sets and cells (default: 1)"},
                {"--report", "PATH", "write an HTML page with pictures"},
                {"--json", "", "answer as JSON (docs/formats/json.md)"}},
    .examples = "Every setting of the knobs is simulated for the same cells: parameter sets and mechanisms that could be true, cells that\n"
                "scatter. A probability comes with the range that what is not known leaves it, and apart from it the simulation's error.\n"
                "\n"
                "Examples:\n"
                "  platen advise studies/examples/full-cell.toml --springs built-in\n"
                "  platen advise studies/ham2022/hold-10min.toml --ccd \"1.5 mA/cm2\" --report advice.html\n"
                "  platen advise studies/examples/full-cell.toml --goal examples/goal.toml --json",
    .run = run_advise,
};

} // namespace platen::cli

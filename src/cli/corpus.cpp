#include "corpus/corpus.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "cli/arguments.hpp"
#include "cli/files.hpp"
#include "cli/terminal.hpp"
#include "report/corpus.hpp"

#include <fmt/format.h>

namespace platen::cli {
namespace {

constexpr std::uint64_t most_cells = 1'000'000; ///< of a set and a generator

const Option set_option{"--set", "development|evaluation-N|final", "seeds: development, in which faults may be sought (default); evaluation-1 to evaluation-4, which gave figures of earlier judges; final, for figures only"};

corpus::Set set_given(const Arguments& arguments) { return corpus::set_of(arguments.choice("--set", corpus::set_labels())); }

referee::Plan plan_of(const Arguments& arguments) {
  referee::Plan plan;
  EachOption each;
  each([&] { plan.set = set_given(arguments); });
  each([&] {
    const std::string generator = arguments.choice("--generator", {"both", "simulated", "described"});
    if (generator == "simulated") plan.generators = {corpus::Generator::simulated};
    if (generator == "described") plan.generators = {corpus::Generator::described};
  });
  each([&] { plan.first = arguments.count("--first", 0, most_cells - 1).value_or(0); });
  each([&] { plan.cells = arguments.count("--cells", 1, most_cells - plan.first).value_or(plan.cells); });
  plan.ablation = !arguments.has("--no-ablation");
  plan.bound = arguments.has("--bound");
  each([&] { plan.threads = static_cast<unsigned>(arguments.count("--threads", 1, 4096).value_or(0)); });
  each.done();
  return plan;
}

void write_aside(const Arguments& arguments, std::string_view option, std::string_view what, const std::string& content) {
  const std::filesystem::path path = *arguments.value(option);
  make_folder_of(path);
  write_file(path, content);
  note(fmt::format("{}: {}\n", what, path.string()));
}

int run_measure(const Arguments& arguments) {
  report::Measurement m{plan_of(arguments), {}, {}};
  Paths outputs;
  for (const std::string_view option : {"--csv", "--report"})
    if (const auto path = arguments.value(option)) outputs.emplace_back(*path);
  refuse_clashes({}, outputs);
  {
    Progress progress("making and judging", 1);
    m.cells = referee::judge_cells(m.plan, progress.task(0));
  }
  m.summaries = referee::summaries(m.cells);
  print(arguments.has("--json") ? report::json(m) : report::text(m));
  if (arguments.has("--csv")) write_aside(arguments, "--csv", "cells", report::csv(m.cells));
  if (arguments.has("--report")) write_aside(arguments, "--report", "report", report::html(m, program_name()));
  return 0;
}

/// The label as comments for the head of a CSV and as metadata.
std::vector<std::string> label_lines(const corpus::Label& l) {
  std::vector<std::string> out{fmt::format("label: {}", label(l.condition)), fmt::format("kind: {}", l.kind)};
  if (l.onset_from) out.push_back(fmt::format("onset: {:.6g} s to {:.6g} s", *l.onset_from, *l.onset_to));
  for (const corpus::Stretch& s : l.shorts) out.push_back(fmt::format("short: {:.6g} s to {:.6g} s, up to {:.1f} % of the current", s.start, s.end, 100.0 * s.share));
  for (const corpus::Stretch& s : l.lost_contact) out.push_back(fmt::format("contact lost: {:.6g} s to {:.6g} s", s.start, s.end));
  return out;
}

/// What a cell file beside the data says: CSV has no place for it.
std::string cell_file_text(const CellInfo& cell) {
  std::string out = fmt::format("name = \"{}\"\nconfiguration = \"{}\"\n", cell.name, label(cell.configuration));
  for (const CellField& field : cell_fields())
    if (const auto& value = cell.*field.member) out += fmt::format("{} = \"{:.9g} {}\"\n", field.key, in_unit(*value, field.shown_in), field.shown_in);
  return out;
}

int run_write(const Arguments& arguments) {
  const std::string generator = arguments.choice("--generator", {"described", "simulated"});
  const std::uint64_t number = arguments.count("--cell", 0, most_cells - 1).value_or(0);
  const std::filesystem::path path = *arguments.value("--output");
  const std::string end = path.extension().string();
  if (end != ".csv" && end != ".h5")
    throw Error("U007", fmt::format("`--output {}` ends in neither .h5 nor .csv", path.string()), std::nullopt, {"name the file `cell.h5`, which holds everything"});
  corpus::Cell cell = corpus::make_cell(generator == "simulated" ? corpus::Generator::simulated : corpus::Generator::described,
                                        corpus::seed_of(set_given(arguments), number));
  cell.record.provenance.program = program_name();
  std::vector<std::string> comments = label_lines(cell.label);
  std::string said;
  for (const std::string& line : comments) said += line + "\n";
  cell.record.metadata["label"] = said;
  comments.insert(comments.begin(), {fmt::format("origin: {}", cell.record.provenance.origin), fmt::format("Not a measurement: {} cell, seed {}, {}.", generator, cell.seed, program_name())});
  make_folder_of(path);
  if (end == ".csv") {
    std::filesystem::path sheet = path;
    write_file(sheet.replace_extension(".cell.toml"), cell_file_text(cell.record.cell));
    note(fmt::format("cell file: {}\n", sheet.string()));
  }
  for (const std::filesystem::path& written : write_record(cell.record, end == ".csv" ? "csv" : "hdf5", path, comments))
    note(fmt::format("record: {}\n", written.string()));
  print(said);
  return 0;
}

} // namespace

const Verb verb::corpus_measure{
    .name = "corpus measure",
    .summary = "makes labelled cells from seeds, judges them, and says how often the judge is right",
    .positional = {},
    .options = {{"--cells", "N", "cells of each generator (default: 1200)"},
                set_option,
                {"--generator", "both|simulated|described", "which cells: of the simulator, made up from descriptions (default: both)"},
                {"--first", "N", "number of the first cell within the set, from 0 (default: 0)"},
                {"--no-ablation", "", "do not judge every cell again without each test that had a part in its verdict (three times as fast)"},
                {"--bound", "", "also what any judge could find and date at most: each short against its twin without the leak"},
                {"--csv", "PATH", "write a line per cell: label, verdict, errors (docs/formats/corpus-csv.md)"},
                {"--report", "PATH", "write an HTML page with the operating curve and the tables"},
                {"--threads", "N", "cells at a time (default: one per core); the results do not depend on it"},
                {"--json", "", "answer as JSON (docs/formats/json.md)"}},
    .examples = "What the cells are: docs/theory/corpus.md. What the figures mean: docs/guide/corpus.md. A missed aim is a result: exit\n"
                "code 0. Ctrl-C stops; nothing is written then.\n"
                "\n"
                "Examples:\n"
                "  platen corpus measure\n"
                "  platen corpus measure --set evaluation-1 --report judge.html --csv cells.csv",
    .run = run_measure,
};

const Verb verb::corpus_write{
    .name = "corpus write",
    .summary = "writes one labelled cell as a record, to look at or to judge",
    .positional = {},
    .options = {{"--cell", "N", "number within the set, from 0 (default: 0)"},
                set_option,
                {"--generator", "described|simulated", "made up from descriptions (default), or of the simulator"},
                {"--output", "PATH", "a file ending in .h5 (everything), or in .csv, beside which a cell file is written", true}},
    .examples = "Prints the label. Of a seed that `corpus measure --csv` lists the number is what follows the first digit.\n"
                "\n"
                "Examples:\n"
                "  platen corpus write --cell 7 --output cell.h5\n"
                "  platen corpus write --cell 7 --generator simulated --output cell.csv",
    .run = run_write,
};

} // namespace platen::cli

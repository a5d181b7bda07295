#include "groups/compare.hpp"

#include "base/file.hpp"
#include "cli/arguments.hpp"
#include "cli/batch.hpp"
#include "cli/compare_library.hpp"
#include "cli/files.hpp"
#include "cli/program.hpp"
#include "cli/terminal.hpp"
#include "groups/published.hpp"
#include "groups/table.hpp"
#include "report/groups.hpp"
#include "study/read.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <fstream>
#include <limits>

namespace platen::cli {
namespace {

namespace fs = std::filesystem;
using groups::CcdRow;

std::vector<std::string> split(const std::string& text, char mark) {
  std::vector<std::string> out(1);
  for (const char c : text) {
    if (c == mark) out.emplace_back();
    else if (c != ' ') out.back() += c;
  }
  return out;
}

/// A table of CCDs rather than a measured file: by its headings.
bool holds_ccds(const fs::path& path) {
  std::error_code fault;
  if (!fs::is_regular_file(path, fault)) return false;
  std::ifstream file(path, std::ios::binary);
  std::array<char, 4096> head{};
  file.read(head.data(), head.size());
  const std::string_view text(head.data(), static_cast<std::size_t>(file.gcount()));
  return text.find('\0') == std::string_view::npos && groups::is_ccd_table(text);
}

groups::CompareOptions options_given(const Arguments& arguments) {
  groups::CompareOptions out;
  out.by = arguments.value("--by").value_or("");
  EachOption each;
  for (const std::string& term : split(arguments.value("--factors").value_or(""), ','))
    if (!term.empty() || arguments.has("--factors")) each([&] { out.terms.push_back(groups::parse_term(term)); });
  each([&] { out.seed = arguments.count("--seed", 0, std::numeric_limits<std::uint64_t>::max()).value_or(out.seed); });
  each([&] { out.resamples = static_cast<std::size_t>(arguments.count("--resamples", 100, 1'000'000).value_or(out.resamples)); });
  each([&] { out.deals = arguments.count("--deals", 999, 100'000'000).value_or(out.deals); });
  each([&] { out.simulations = static_cast<std::size_t>(arguments.count("--simulations", 100, 1'000'000).value_or(out.simulations)); });
  const auto density = [&](std::string_view option, std::optional<double>& to, bool either_sign = false) {
    const auto text = arguments.value(option);
    if (!text) return;
    each([&] {
      to = quantity_given(*text, option, dim::current_density);
      if (!(*to > 0.0) && !either_sign) throw Error("U006", fmt::format("`{} {}`: more than nothing was expected", option, *text), std::nullopt, {fmt::format("for example {} \"0.1 mA/cm2\"", option)});
    });
  };
  density("--difference", out.difference, true);
  density("--median", out.median);
  density("--grid", out.grid);
  density("--start", out.start);
  density("--cap", out.cap);
  if (const auto text = arguments.value("--scatter"))
    each([&] {
      constexpr double most = 3.0; // nine cells of ten would differ by a factor of 140
      out.scatter = quantity_given(*text, "--scatter", dim::none);
      if (!(*out.scatter > 0.0 && *out.scatter <= most))
        throw Error("U006", fmt::format("`--scatter {}`: more than 0 and at most 300 % was expected", *text), std::nullopt, {"for example --scatter \"20 %\""});
    });
  each.done();
  return out;
}

/// What the study of a simulated record says of a factor that its cell does not: "lithium.flow_stress".
void add_from_study(CcdRow& row, const Record& record, const std::vector<std::string>& wanted) {
  const bool missing = std::any_of(wanted.begin(), wanted.end(), [&](const std::string& f) { return row.find(f) == nullptr; });
  if (!missing || record.study.empty()) return;
  const Study study = parse_study(record.study, row.source + " (its study)", {});
  for (const std::string& factor : wanted) {
    if (row.find(factor) != nullptr) continue;
    const auto found = std::find_if(study.resolved.begin(), study.resolved.end(), [&](const config::Resolved& r) { return r.key == factor; });
    if (found == study.resolved.end()) continue;
    const auto unit = parse_unit(found->unit);
    if (std::isfinite(found->si)) row.set({factor, found->si, unit ? unit->dimension : dim::none, found->unit, {}});
    else row.set({factor, std::nullopt, {}, {}, found->text});
  }
}

std::vector<std::string> factors_wanted(const groups::CompareOptions& options) {
  std::vector<std::string> out;
  if (!options.by.empty()) out.emplace_back(groups::factor_key(options.by));
  for (const groups::Term& term : options.terms) out.push_back(term.factor);
  return out;
}

/// Judges the measured files; what cannot be read becomes a refused row. The records are dropped: only their rows are needed.
int rows_of_files(const Paths& files, const Arguments& arguments, const std::vector<std::string>& wanted, std::vector<CcdRow>& rows) {
  const std::optional<CellFile> cell = cell_given(arguments);
  std::vector<CcdRow> judged(files.size());
  std::vector<Outcome> outcomes = run_batch("reading and judging", files, 0, [&](std::size_t k, const work::Task& task) {
    Outcome outcome = judge_input({files[k]}, cell, {}, task);
    Record& record = outcome.page->record;
    judged[k] = groups::row_of(name_of(files[k]).replace_extension().string(), files[k].string(), outcome.page->assessment, record.cell);
    add_from_study(judged[k], record, wanted);
    if (record.provenance.seed != 0) judged[k].set({"seed", static_cast<double>(record.provenance.seed), {}, {}, {}});
    Record rest;
    rest.warnings = std::move(record.warnings);
    record = std::move(rest);
    outcome.page->assessment.half_cycles.clear();
    return outcome;
  });
  for (std::size_t k = 0; k < files.size(); ++k) {
    if (!outcomes[k].page) {
      judged[k].name = judged[k].source = files[k].string();
      judged[k].refused = "it could not be read: " + outcomes[k].faults.front().message;
    }
    const bool again = std::count_if(judged.begin(), judged.end(), [&](const CcdRow& r) { return r.name == judged[k].name; }) > 1;
    rows.push_back(judged[k]);
    if (again) rows.back().name = files[k].string();
  }
  return tell(outcomes, false);
}

/// Every row that the command line names.
int rows_given(const Arguments& arguments, const groups::CompareOptions& options, std::vector<CcdRow>& rows) {
  Paths files;
  for (const std::string& word : arguments.words) {
    if (!holds_ccds(word)) {
      files.emplace_back(word);
      continue;
    }
    const auto table = groups::read_ccd_table(read_file(word), word);
    rows.insert(rows.end(), table.begin(), table.end());
  }
  const int code = files.empty() ? Exit::done : rows_of_files(files, arguments, factors_wanted(options), rows);
  if (const auto library = arguments.value("--library")) {
    const auto kept = rows_of_library(*library, arguments.value("--where").value_or(""), factors_wanted(options), &stop_flag());
    rows.insert(rows.end(), kept.begin(), kept.end());
  }
  if (const auto path = arguments.value("--table")) {
    auto mapping = groups::read_mapping(read_file(*path), *path);
    Diagnostics notes;
    groups::apply_mapping(rows, mapping, *path, notes);
    tell(notes.items());
  }
  return code;
}

void write_page(const Arguments& arguments, const std::string& page) {
  const auto path = arguments.value("--report");
  if (!path) return;
  make_folder_of(*path);
  write_file(*path, page);
  note(fmt::format("report: {}\n", *path));
}

int list_literature(const Arguments& arguments, const report::Published& literature) {
  print(arguments.has("--json") ? report::json_literature(literature) : report::text_literature(literature));
  write_page(arguments, report::html_literature(literature, program_name()));
  return Exit::done;
}

int run_compare(const Arguments& arguments) {
  const bool only = arguments.has("--literature-only");
  if (only && !arguments.words.empty())
    throw Error("U007", "`--literature-only` takes no FILE", std::nullopt, {"`--with-literature` adds the published CCDs to a comparison"});
  if (!only && arguments.words.empty() && !arguments.has("--library"))
    throw Error("U005", "`platen compare` needs FILE... or `--library`", std::nullopt, {"records, measured files or tables of CCDs; `--literature-only` lists the published CCDs"});
  if (arguments.has("--where") && !arguments.has("--library")) throw Error("U007", "`--where` without `--library`", std::nullopt, {"it chooses among the cells of a library"});
  const groups::CompareOptions options = options_given(arguments);
  Paths outputs;
  for (const std::string_view option : {"--report", "--csv"})
    if (const auto path = arguments.value(option)) outputs.emplace_back(*path);
  Paths inputs = to_paths(arguments.words);
  if (const auto library = arguments.value("--library")) inputs.emplace_back(*library);
  if (const auto table = arguments.value("--table")) inputs.emplace_back(*table);
  refuse_clashes(inputs, outputs);
  const report::Published literature = only || arguments.has("--with-literature") ? groups::published_ccds() : report::Published{};
  if (only && options.by.empty() && options.terms.empty()) return list_literature(arguments, literature);

  std::vector<CcdRow> rows;
  int code = Exit::done;
  if (only) {
    for (const groups::Published& p : literature)
      if (p.lithium_metal) rows.push_back(p.row);
  } else {
    code = rows_given(arguments, options, rows);
  }
  Progress progress("comparing", 1);
  const groups::Comparison comparison = groups::compare(std::move(rows), options, progress.task(0));
  if (arguments.has("--json")) print(report::json_compare(comparison, literature));
  else print(report::text_compare(comparison) + (only || literature.empty() ? "" : report::text_against(literature, comparison)));
  if (const auto path = arguments.value("--csv")) {
    make_folder_of(*path);
    write_file(*path, report::csv_compare(comparison));
    note(fmt::format("csv: {}\n", *path));
  }
  write_page(arguments, report::html_compare(comparison, literature, program_name()));
  return code;
}

} // namespace

const Verb verb::compare{
    .name = "compare",
    .summary = "compares groups of cells: CCDs as intervals, how sure, and how many cells would tell",
    .positional = {.name = "FILE", .help = "records, measured files, folders of one test, or CSV tables of CCDs (docs/formats/groups.md)", .required = false, .several = true},
    .options = {{"--by", "CONDITION", "what makes the groups: hold_time, stack_pressure, fixture, loading, any key of a cell file or column of a table"},
                {"--factors", "TERMS", "what the model of the CCD takes in, parted by commas: stack_pressure, log(hold_time), group(hold_time); default: --by"},
                {"--table", "CELLS.csv", "conditions of the cells, one row per file, which win over those of the files"},
                {"--cell", "CELL.toml", "what is known of every cell; default: FILE.cell.toml or STEM.cell.toml beside FILE"},
                {"--library", "FILE", "cells of a library (docs/guide/library.md), together with the FILEs"},
                {"--where", "SQL", "which of its cells, as in `platen library list --where`"},
                {"--with-literature", "", "set the published CCDs beside these cells: in words, in the JSON, drawn in the report"},
                {"--literature-only", "", "list the published CCDs that Platen carries, or compare them --by something"},
                {"--difference", "QUANTITY", "difference of medians to plan for (default: 0.2 mA/cm2)"},
                {"--median", "QUANTITY", "median to plan from (default: of the first group with a fit)"},
                {"--scatter", "SHARE", "standard deviation of ln CCD to plan with, \"20 %\" (default: as fitted)"},
                {"--grid", "QUANTITY", "steps of the planned ramp (default: the cells' usual ones)"},
                {"--start", "QUANTITY", "its first step (default: the grid)"},
                {"--cap", "QUANTITY", "its last step (default: the highest tried, or twice the scatter above the higher median)"},
                {"--seed", "N", "of resampled cells, random deals and simulated comparisons (default: 1)"},
                {"--resamples", "N", "for bands where cells do not say whether they passed (default: 2000)"},
                {"--deals", "N", "random deals of a permutation test with too many to count (default: 99999)"},
                {"--simulations", "N", "comparisons simulated per number of cells (default: 2000)"},
                {"--report", "PATH", "write an HTML page"},
                {"--csv", "PATH", "write one row per cell, which `platen compare` reads again"},
                {"--json", "", "answer as JSON (docs/formats/json.md)"}},
    .examples = "A CCD is an interval: last step passed to failing step. No short seen: open above; failed in the first step: open below.\n"
                "Cells whose CCD was refused, or that lack the condition, are listed with the reason and left out. A file that cannot\n"
                "be read does not stop the others; its fault decides the exit code.\n"
                "\n"
                "Examples:\n"
                "  platen compare results/*.h5 --by hold_time --report report/holds.html\n"
                "  platen compare cells.csv --by fixture --factors 'fixture,log(hold_time)' --with-literature --report page.html\n"
                "  platen compare runs/*.ndax --table cells.csv --by stack_pressure --difference '0.1 mA/cm2'\n"
                "  platen compare --library lab.sqlite --where \"electrolyte = 'LPSCl'\" --by fixture\n"
                "  platen compare --literature-only",
    .run = run_compare,
};

} // namespace platen::cli

#include "assess/overrule.hpp"
#include "cli/library.hpp"

#include "assess/assessment.hpp"
#include "base/error.hpp"
#include "cli/terminal.hpp"
#include "import/read_test.hpp"
#include "report/format.hpp"
#include "report/report.hpp"
#include "study/read.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace platen::cli {
namespace fs = std::filesystem;

namespace {

/// Every value of the study that a simulated record was made of.
std::vector<library::StudyValue> study_values(const Record& record, const fs::path& file) {
  std::vector<library::StudyValue> out;
  if (record.study.empty()) return out;
  for (const config::Resolved& r : parse_study(record.study, file.string() + " (its study)", {}).resolved) {
    const bool number = std::isfinite(r.si);
    out.push_back({r.key, number ? std::optional(r.si) : std::nullopt, !number ? "" : r.unit.empty() ? "1" : r.unit, r.text, r.basis});
  }
  return out;
}

} // namespace

library::Library open_library(const std::filesystem::path& path, library::Access access) {
  return {path, access, [](const fs::path& held, int most) { note(fmt::format("waiting for {}: another program writes to it; at most {} s\n", held.string(), most)); }};
}

library::Library open_library(const Arguments& arguments, library::Access access) {
  return open_library(arguments.value("--library").value_or("library.sqlite"), access);
}

std::vector<library::Fact> preparation_given(const Arguments& arguments) {
  std::vector<library::Fact> out;
  const std::string text = arguments.value("--preparation").value_or("");
  Diagnostics faults;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(';', at), text.size());
    const std::string one = text.substr(at, end - at);
    at = end + 1;
    if (one.find_first_not_of(" \t") == std::string::npos) continue;
    try {
      library::Fact fact = library::parse_fact(one);
      const bool twice = std::any_of(out.begin(), out.end(), [&](const auto& f) { return f.key == fact.key; });
      if (twice) faults.error("U026", fmt::format("`{}` is given twice", fact.key), std::nullopt, {"keep one of them"});
      out.push_back(std::move(fact));
    } catch (const Error& error) {
      for (const Diagnostic& d : error.diagnostics()) faults.add(d);
    }
  }
  faults.throw_if_errors();
  return out;
}

library::Inputs inputs_of(const Paths& paths) {
  std::error_code fault;
  const bool folder = paths.size() == 1 && fs::is_directory(paths.front(), fault);
  return library::make_inputs(paths, folder ? files_of_test(paths.front()) : paths);
}

library::Entry judged_entry(const Paths& paths, library::Inputs inputs, const fs::path& cell_file, const Given& given,
                            const work::Task& task, Said& said) {
  library::Stated stated;
  stated.given = given.facts;
  std::optional<CellFile> cell;
  if (!cell_file.empty()) {
    cell = read_cell_file(cell_file);
    stated.cell_file = cell->path;
    stated.cell_text = cell->text;
    stated.cell_info = cell->cell;
  }
  if (!cell) cell.emplace(); // says nothing, and keeps `read_input` from looking for another one
  for (const library::Fact& fact : given.facts) library::apply(fact, cell->cell);
  Input input = read_input(paths, cell, task);
  if (!given.overrule.empty()) add_overrule(input.record, given.overrule);
  const Assessment assessment = assess(input.record);
  said.notes = std::move(input.notes);
  said.warnings = input.record.warnings;
  said.warnings.insert(said.warnings.end(), assessment.warnings.begin(), assessment.warnings.end());
  library::Entry out = library::make_entry(input.record, std::move(inputs), stated);
  out.study_values = study_values(input.record, paths.front());
  out.judgement = library::make_judgement(assessment, report::json(assessment, input.record), program_name(), library::current_rules());
  return out;
}

std::string phrase(const library::Judgement& j) {
  const auto shown = [](double si) { return report::number(in_unit(si, "mA/cm2")); };
  std::string out = j.verdict;
  if (j.ccd_last_passed && j.ccd_failing_step) out += fmt::format(", CCD {} - {} mA/cm2", shown(*j.ccd_last_passed), shown(*j.ccd_failing_step));
  else if (j.ccd_failing_step) out += fmt::format(", CCD < {} mA/cm2", shown(*j.ccd_failing_step));
  else if (j.ccd_last_passed) out += fmt::format(", CCD > {} mA/cm2", shown(*j.ccd_last_passed));
  return out;
}

std::string words_given(const Arguments& arguments, std::string_view option) {
  const std::string text = arguments.value(option).value_or("");
  if (text.find_first_not_of(" \t\r\n") == std::string::npos)
    throw Error("U006", fmt::format("`{}` is blank: a reason in words was expected", option));
  return text;
}

} // namespace platen::cli

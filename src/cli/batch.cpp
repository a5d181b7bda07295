#include "cli/batch.hpp"

#include "assess/overrule.hpp"
#include "assess/pressure.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "cli/program.hpp"
#include "cli/terminal.hpp"
#include "impedance/analyse.hpp"

#include <fmt/format.h>

namespace platen::cli {

namespace {

void place_in(const std::filesystem::path& file, std::vector<Diagnostic>& diagnostics) {
  for (Diagnostic& d : diagnostics)
    if (!d.place) d.place = Place{.file = file.string(), .text = {}};
}

} // namespace

std::vector<Outcome> run_batch(std::string_view label, const Paths& files, unsigned threads,
                               const std::function<Outcome(std::size_t, const work::Task&)>& make) {
  std::vector<Outcome> out(files.size());
  Progress progress(std::string(label), files.size());
  const auto body = [&](std::size_t k) {
    const work::Task task = progress.task(k);
    try {
      out[k] = make(k, task);
    } catch (const Error& error) {
      out[k].faults = error.diagnostics();
    }
    place_in(files[k], out[k].faults);
    if (out[k].page) {
      place_in(files[k], out[k].page->record.warnings);
      place_in(files[k], out[k].page->assessment.warnings);
    }
    task.report(1.0);
  };
  try {
    work::parallel_for(files.size(), body, threads, {.stop = &stop_flag(), .progress = {}});
  } catch (const Cancelled&) {
    for (const Outcome& o : out)
      for (const std::string& line : o.notes) note(line + "\n");
    throw;
  }
  return out;
}

namespace {

/// A file of spectra alone has nothing that could short; it is not judged, and its spectra are analysed all the same.
Assessment judged(const Record& record) {
  if (record.rows() > 0 || record.spectra.empty()) return assess(record);
  Assessment none;
  none.reason = "the record holds impedance alone: no current was passed";
  none.ccd_refused = "no current was passed";
  return none;
}

} // namespace

Outcome judge_input(const Paths& paths, const std::optional<CellFile>& cell, const std::vector<std::string>& overrules,
                    const work::Task& task) {
  Input input = read_input(paths, cell, task);
  std::vector<Diagnostic> faults;
  for (const std::string& text : overrules)
    try {
      add_overrule(input.record, text);
    } catch (const Error& fault) {
      faults.insert(faults.end(), fault.diagnostics().begin(), fault.diagnostics().end());
    }
  if (!faults.empty()) throw Error(std::move(faults));
  Assessment assessment = judged(input.record);
  keep_program_verdicts(input.record, assessment, program_name());
  if (input.record.rows() > 0) assessing::look_closely_at_pressure(input.record, assessment);
  impedance::analyse(input.record, task);
  return {.page = report::Page{paths.front().string(), std::move(input.record), std::move(assessment), {}},
          .notes = std::move(input.notes),
          .faults = {}};
}

int tell(const std::vector<Outcome>& outcomes, bool json) {
  int code = Exit::done;
  for (const Outcome& o : outcomes) {
    for (const std::string& line : o.notes) note(line + "\n");
    if (o.page) {
      tell(o.page->record.warnings);
      tell(o.page->assessment.warnings);
      continue;
    }
    if (!json) tell(o.faults);
    if (code == Exit::done) code = exit_code(o.faults);
  }
  return code;
}

std::string join_json(const std::vector<std::string>& answers) {
  if (answers.size() == 1) return answers.front();
  std::string out = "[";
  for (const std::string& answer : answers) {
    const auto end = answer.find_last_not_of('\n');
    out += fmt::format("{}{}", out.size() > 1 ? ",\n" : "\n", std::string_view(answer).substr(0, end + 1));
  }
  return out + "\n]\n";
}

std::vector<report::Page> take_pages(std::vector<Outcome> outcomes) {
  std::vector<report::Page> pages;
  for (Outcome& o : outcomes)
    if (o.page) pages.push_back(std::move(*o.page));
  return pages;
}

std::vector<TargetResult> held_against_targets(const std::vector<report::Page>& pages) {
  std::vector<JudgedCell> cells;
  for (const report::Page& page : pages) cells.push_back({&page.record, &page.assessment});
  return evaluate_targets(cells);
}

void write_report(const std::filesystem::path& path, const std::vector<report::Page>& pages, std::string_view title,
                  const std::vector<TargetResult>& targets) {
  if (pages.empty()) return;
  make_folder_of(path);
  const bool one = pages.size() == 1 && targets.empty();
  write_file(path, one ? report::html(pages.front()) : report::html(pages, targets, title));
  note(fmt::format("report: {}\n", path.string()));
}

} // namespace platen::cli

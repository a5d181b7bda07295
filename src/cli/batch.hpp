#pragma once
// Several cells at once: each becomes a page or its faults; one bad file or study does not spoil the others.

#include "cli/files.hpp"
#include "report/report.hpp"
#include "work/work.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace platen::cli {

struct Outcome {
  std::optional<report::Page> page;
  std::vector<std::string> notes;  ///< lines for stderr: what was found, what was written
  std::vector<Diagnostic> faults;  ///< why there is no page
};

/// Makes one outcome per file on `threads` threads (0: all cores) under one progress line. An Error thrown by `make`
/// becomes the outcome's faults; faults and warnings without a place get the file's. When a stop is asked for, the notes
/// of what is finished are told first. @throws Cancelled.
std::vector<Outcome> run_batch(std::string_view label, const Paths& files, unsigned threads,
                               const std::function<Outcome(std::size_t, const work::Task&)>& make);

/// A file or the files of a test, read as by `read_input` and judged. `overrules`: what a person says against verdicts, kept in the record
/// with the program's. @throws what `read_input`, `add_overrule` and `assess` throw.
Outcome judge_input(const Paths& paths, const std::optional<CellFile>& cell, const std::vector<std::string>& overrules,
                    const work::Task& task);

/// Notes and warnings to stderr, and the faults unless they are part of the JSON. @returns the exit code.
int tell(const std::vector<Outcome>& outcomes, bool json);

/// One answer as it is, several as a JSON array.
std::string join_json(const std::vector<std::string>& answers);

std::vector<report::Page> take_pages(std::vector<Outcome> outcomes);

/// The pages held against the published rows.
std::vector<TargetResult> held_against_targets(const std::vector<report::Page>& pages);

/// One cell as a page of its own, several as an overview; says on stderr where it is. Does nothing without pages.
/// @throws Error D002.
void write_report(const std::filesystem::path& path, const std::vector<report::Page>& pages, std::string_view title,
                  const std::vector<TargetResult>& targets = {});

} // namespace platen::cli

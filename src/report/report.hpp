#pragma once
// What people look at: one self-contained HTML page per run, SVG plots, JSON answers.

#include "assess/assessment.hpp"
#include "record/record.hpp"
#include "study/study.hpp"
#include "targets/targets.hpp"

#include <string>
#include <vector>

namespace platen::report {

/// One cell of a report: its record and what was judged of it.
struct Page {
  std::string title;
  Record record;
  Assessment assessment;
  std::vector<config::Resolved> resolved; ///< of the study; empty for a measured file
};

/// Self-contained HTML (inline SVG, no network, prints well): synchronised current, voltage and pressure with half cycles
/// and the short marked, evidence and pressure tables, resolved study, provenance.
std::string html(const Page& page);

/// An overview page of several cells: table of verdicts and CCDs, CCD against contact hold time with the paper's points,
/// targets with verdicts, then each cell's section.
std::string html(const std::vector<Page>& pages, const std::vector<TargetResult>& targets, std::string_view title);

/// JSON answers (schemas in docs/formats/json.md), ending in a newline.
std::string json(const Assessment& assessment, const Record& record);
std::string json(const Study& study);                        ///< validate: every resolved value
std::string json_inspect(const Record& record);              ///< inspect
std::string json(const std::vector<TargetResult>& targets);  ///< targets
std::string json(const std::vector<Diagnostic>& errors);     ///< {"schema":..., "errors":[...]}

} // namespace platen::report

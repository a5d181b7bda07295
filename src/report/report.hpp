#pragma once
// What people look at: one self-contained HTML page per run, SVG plots, terminal text, JSON answers.

#include "advise/bench_sheet.hpp"
#include "assess/assessment.hpp"
#include "record/record.hpp"
#include "study/study.hpp"
#include "targets/targets.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace platen::report {

/// One cell of a report: its record and what was judged of it.
struct Page {
  std::string title;
  Record record;
  Assessment assessment;
  std::vector<config::Resolved> resolved; ///< of the study; empty for a measured file
};

/// Self-contained HTML (inline SVG, no network, no script, prints on A4, parses as XML): synchronised current, voltage and
/// pressure with half cycles and the short marked, evidence and pressure tables, resolved study, provenance.
/// How to read it: docs/guide/report.md.
std::string html(const Page& page);

/// An overview page of several cells: table of verdicts and CCDs, CCD against contact hold time with the paper's points,
/// targets with verdicts, then each cell's section.
std::string html(const std::vector<Page>& pages, const std::vector<TargetResult>& targets, std::string_view title);

/// A file that a verb wrote: "record", "report", "csv" and its path.
struct Output {
  std::string kind, path;
};

/// JSON answers (schemas in docs/formats/json.md), ending in a newline. Quantities are {"value": SI, "unit": ...}, numbers
/// that are not finite are null, bytes that are not UTF-8 become U+FFFD.
std::string json(const Assessment& assessment, const Record& record); ///< assess
std::string json(const Study& study);                                 ///< validate: every resolved value
std::string json_inspect(const Record& record);                       ///< inspect
/// simulate: files written and the assessment.
std::string json_simulate(const Assessment& assessment, const Record& record, const std::vector<Output>& outputs);
std::string json(const std::vector<TargetResult>& targets);           ///< targets
/// reproduce: the rows, how many are met, and what went wrong with studies.
std::string json_reproduce(const std::vector<TargetResult>& targets, const std::vector<Diagnostic>& faults);
std::string json(const BenchSheet& sheet);                            ///< bench-sheet
std::string json(const std::vector<Diagnostic>& errors);              ///< {"schema":..., "errors":[...]}

/// One member of a small answer (convert, version). monostate: null; Quantity: {"value","unit"} in SI.
struct Field {
  std::string name;
  std::variant<std::monostate, bool, std::int64_t, std::string, Quantity, std::vector<std::string>> value;
};
/// {"schema": schema, ...fields in their order}.
std::string json(std::string_view schema, const std::vector<Field>& fields);

/// One line for each analysis of a record; empty when there is none.
std::string text_analyses(const Record& record);

/// Plain text for a terminal (ASCII apart from what users wrote), ending in a newline; the same figures as the pages.
std::string text(const Assessment& assessment, const Record& record); ///< assess: verdict, CCD, evidence, pressure
std::string text(const std::vector<Page>& pages);                     ///< one row per cell
std::string text(const Study& study);                                 ///< validate: every resolved value
std::string text_inspect(const Record& record);                       ///< inspect
std::string text(const std::vector<TargetResult>& targets);           ///< one row per target, grouped by class
std::string text_reproduce(const std::vector<TargetResult>& targets); ///< reproduce: one table per class, then what it comes to
std::string text(const BenchSheet& sheet);                            ///< bench-sheet: tables for the bench, in the units read there

} // namespace platen::report

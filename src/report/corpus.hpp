#pragma once
// The judge measured on labelled cells: text, JSON, CSV, HTML. What the figures mean: docs/guide/corpus.md.

#include "referee/measure.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace platen::report {

/// A measurement with everything that came of it.
struct Measurement {
  referee::Plan plan;
  std::vector<referee::Judged> cells;
  std::vector<referee::Summary> summaries; ///< of each generator, and of all where there are several
};

/// Tables for a terminal.
std::string text(const Measurement& measurement);
/// platen.corpus/1 of docs/formats/json.md, without the single cells.
std::string json(const Measurement& measurement);
/// One line per cell: label, verdict, errors (docs/formats/corpus-csv.md).
std::string csv(const std::vector<referee::Judged>& cells);
/// A page with the operating curve and the tables; `program` is named at its foot.
std::string html(const Measurement& measurement, std::string_view program);

/// "99.1 % (340 of 343; 97.5 to 99.8 %)", "-" of nothing.
std::string rate_phrase(const referee::Rate& rate);
/// What is said of a set of seeds: what it may be used for.
std::string_view set_phrase(corpus::Set set);
/// "0 to 30 s" of a bin of durations, "10 to 20 %" of one of shares.
std::string duration_bin(const referee::Bin& bin);
std::string share_bin(const referee::Bin& bin);

} // namespace platen::report

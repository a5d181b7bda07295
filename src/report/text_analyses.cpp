#include "report/report.hpp"

#include "report/format.hpp"
#include "report/text_columns.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen::report {
namespace {

/// "R0-C1 misses by 0.2 to 1.4 % of |Z|", "43 of 45 consistent": many analyses of one kind in one line.
std::string together(const std::vector<const Analysis*>& all) {
  const Analysis& first = *all.front();
  const auto count = [&](auto is) { return std::count_if(all.begin(), all.end(), [&](const Analysis* a) { return is(*a); }); };
  const auto failed = count([](const Analysis& a) { return a.values.empty(); });
  std::string out;
  if (first.kind == "kramers-kronig") {
    out = fmt::format("{} of {} passed both tests", count([](const Analysis& a) { return a.setting("consistent") == "yes"; }), all.size());
  } else {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const Analysis* a : all)
      if (const AnalysisValue* v = a->value("residual"); v != nullptr && std::isfinite(v->value)) low = std::min(low, v->value), high = std::max(high, v->value);
    out = fmt::format("{} misses by {} to {} % of |Z|", first.kind == "circuit" ? plain(first.method) : "their sum", number(100.0 * low, 2), number(100.0 * high, 2));
  }
  return failed > 0 ? fmt::format("{}; {} could not be analysed", out, failed) : out;
}

} // namespace

std::string text_analyses(const Record& record) {
  constexpr std::size_t few = 3;
  if (record.analyses.empty()) return "";
  std::vector<std::vector<std::string>> rows{{"analysis", "spectrum", "what it says"}};
  std::vector<const Analysis*> done;
  for (const Analysis& a : record.analyses) {
    const auto alike = [&](const Analysis* b) { return a.spectrum > 0 && b->spectrum > 0 && b->kind == a.kind && b->method == a.method; };
    if (std::any_of(done.begin(), done.end(), alike)) continue;
    std::vector<const Analysis*> all;
    for (const Analysis& b : record.analyses)
      if (alike(&b)) all.push_back(&b);
    if (all.size() > few) {
      rows.push_back({plain(a.kind), fmt::format("{} of {}", all.size(), record.spectra.size()), together(all)});
      done.push_back(&a);
      continue;
    }
    const std::string what = a.verdict.empty() ? a.method : a.verdict;
    rows.push_back({plain(a.kind), a.spectrum > 0 ? fmt::format("{}", a.spectrum) : "-", plain(what)});
  }
  return "\n" + columns(rows, " r ");
}

} // namespace platen::report

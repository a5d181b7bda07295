#include "report/corpus.hpp"

#include "report/format.hpp"
#include "report/text_columns.hpp"

#include <cmath>
#include <fmt/format.h>

namespace platen::report {
namespace {

using referee::Rate;
using referee::Summary;
using Rows = std::vector<std::vector<std::string>>;

std::string percent(double share) { return std::isfinite(share) ? fmt::format("{:.1f} %", 100.0 * share) : "-"; }

std::string section(std::string_view heading, const Rows& rows, std::string_view right) {
  return rows.size() < 2 ? "" : fmt::format("\n{}\n{}", heading, columns(rows, right));
}

/// Figure, counts and bounds as three columns.
void append(std::vector<std::string>& row, const Rate& rate) {
  const numerics::Bounds b = rate.bounds();
  row.push_back(percent(rate.value()));
  row.push_back(rate.of == 0 ? "-" : fmt::format("{}/{}", rate.hits, rate.of));
  row.push_back(rate.of == 0 ? "-" : fmt::format("{:.1f} - {:.1f}", 100.0 * b.low, 100.0 * b.high));
}

std::string aims(const Summary& s) {
  Rows rows{{"what was asked", "aim", "figure", "cells", "95 % bounds", ""}};
  for (const referee::Aim& a : s.aims) {
    std::vector<std::string> row{a.name, fmt::format("{} {:g} %", a.at_least ? ">=" : "<=", 100.0 * a.wanted)};
    append(row, a.rate);
    const auto met = a.met();
    row.push_back(!met ? "no such cells" : *met ? "met" : "missed");
    rows.push_back(std::move(row));
  }
  return columns(rows, "lrrrrl");
}

std::string confusion(const Summary& s) {
  Rows rows{{"what it is"}};
  for (const Verdict v : referee::verdicts) rows[0].emplace_back(label(v));
  for (std::size_t r = 0; r < referee::conditions.size(); ++r) {
    rows.push_back({std::string(label(referee::conditions[r]))});
    for (const std::size_t n : s.confusion[r]) rows.back().push_back(n == 0 ? "." : std::to_string(n));
  }
  return section("What it was called", rows, "lrrrrrr");
}

std::string bins(const Summary& s) {
  Rows durations{{"short under current", "found", "cells", "95 % bounds"}}, shares{{"current beside the electrolyte", "found", "cells", "95 % bounds"}};
  for (const referee::Bin& b : s.by_duration) append(durations.emplace_back(std::vector{duration_bin(b)}), b.rate);
  for (const referee::Bin& b : s.by_share) append(shares.emplace_back(std::vector{share_bin(b)}), b.rate);
  return section("Found, by duration", durations, "lrrr") + section("Found, by severity", shares, "lrrr");
}

std::string curve(const Summary& s) {
  Rows rows{{"score", "hard found", "soft > 2 min found", "older found", "false alarms", "95 % bounds"}};
  for (const referee::OperatingPoint& p : s.curve) {
    const numerics::Bounds b = p.alarms.bounds();
    rows.push_back({fmt::format("{:.2f}", p.score), percent(p.hard.value()), percent(p.soft.value()), percent(p.fake.value()),
                    percent(p.alarms.value()), fmt::format("{:.1f} - {:.1f}", 100.0 * b.low, 100.0 * b.high)});
  }
  return section("Operating curve: at least this score counts as a short", rows, "rrrrrr");
}

std::string onset(const Summary& s) {
  if (s.onset.count == 0) return "";
  const auto error = [](double seconds) { return (seconds < 0 ? "-" : "") + duration(std::abs(seconds)); };
  return fmt::format("\nOnset against the truth, {} found shorts: median {}, 95 % of them {} to {}, extremes {} and {}; {} before the short began\n",
                     s.onset.count, error(s.onset.median), error(s.onset.low), error(s.onset.high), error(s.onset.least), error(s.onset.most),
                     s.onset.early);
}

std::string half_cycles(const Summary& s) {
  Rows rows{{"half cycles called shorted", "share", "half cycles", "95 % bounds"}};
  append(rows.emplace_back(std::vector<std::string>{"before a short, or without one"}), s.before);
  append(rows.emplace_back(std::vector<std::string>{"shorted"}), s.during);
  append(rows.emplace_back(std::vector<std::string>{"after the last short"}), s.after);
  return section("Half cycles", rows, "lrrr");
}

std::string kinds(const Summary& s) {
  Rows rows{{"kind", "cells", "shorts found", "false alarms", "faint leaks seen"}};
  const auto of = [](const Rate& r) { return r.of == 0 ? std::string("-") : fmt::format("{}/{}", r.hits, r.of); };
  for (const referee::KindRow& k : s.kinds) rows.push_back({k.kind, std::to_string(k.cells), of(k.found), of(k.alarms), of(k.faint)});
  return section("Kinds of cells", rows, "lrrrr");
}

std::string tests(const Summary& s) {
  Rows rows{{"without this test", "made", "shorts lost", "gained", "found then", "95 % bounds", "alarms more", "less"}};
  for (const referee::Worth& w : s.tests) {
    const numerics::Bounds b = w.found.bounds();
    rows.push_back({w.test, std::to_string(w.made), std::to_string(w.lost), std::to_string(w.gained), percent(w.found.value()),
                    fmt::format("{:.1f} - {:.1f}", 100.0 * b.low, 100.0 * b.high), std::to_string(w.alarms_more), std::to_string(w.alarms_less)});
  }
  return section("What each test contributes: the same cells without it", rows, "lrrrrrrr");
}

std::string possible(const Summary& s) {
  if (s.possible.empty()) return "";
  Rows found{{"what could be found at all", "cells", "knowing the healthy twin", "knowing healthy habits", "within half cycles alone", "the judge", "hidden", "missed though there"}};
  for (const referee::Possible& p : s.possible)
    found.push_back({p.name, std::to_string(p.cells), fmt::format("{:.1f}", p.known), fmt::format("{:.1f}", p.habits), fmt::format("{:.1f}", p.within), std::to_string(p.found), std::to_string(p.hidden),
                     std::to_string(p.missed)});
  Rows dated{{"onsets of found shorts", "told in time", "of those right", "of the others right"}};
  const auto of = [](const Rate& r) { return r.of == 0 ? std::string("-") : fmt::format("{}/{}", r.hits, r.of); };
  for (const referee::Dated& d : s.dated) dated.push_back({d.name, of(d.told), of(d.right), of(d.by_luck)});
  return section(fmt::format("Limits of any judge, at one false alarm in {:g} healthy cells", 1.0 / referee::bound_alarms), found, "lrrrrrrr") +
         section("Limits of any onset: rows within the tolerance that say at 95 % that something has begun", dated, "lrrr");
}

} // namespace

std::string_view set_phrase(corpus::Set set) {
  if (set == corpus::Set::development) return "development seeds: faults may be sought in these cells, their figures are no proof";
  if (set == corpus::Set::last) return "final seeds: for final figures only";
  return "evaluation seeds: gave the final figures of an earlier judge, and are no longer unseen";
}

std::string rate_phrase(const Rate& rate) {
  if (rate.of == 0) return "-";
  const numerics::Bounds b = rate.bounds();
  return fmt::format("{} ({} of {}; {:.1f} to {:.1f} %)", percent(rate.value()), rate.hits, rate.of, 100.0 * b.low, 100.0 * b.high);
}

std::string duration_bin(const referee::Bin& bin) {
  if (!std::isfinite(bin.high)) return fmt::format("over {}", duration(bin.low));
  return bin.low > 0.0 ? fmt::format("{} to {}", duration(bin.low), duration(bin.high)) : fmt::format("up to {}", duration(bin.high));
}

std::string share_bin(const referee::Bin& bin) { return fmt::format("{:g} to {:g} %", 100.0 * bin.low, 100.0 * bin.high); }

std::string text(const Measurement& m) {
  std::string out = fmt::format("{} labelled cells, numbers {} to {} of the {} set, {}\n", m.cells.size(), m.plan.first,
                                m.plan.first + m.plan.cells - 1, label(m.plan.set), set_phrase(m.plan.set));
  for (const Summary& s : m.summaries) {
    out += fmt::format("\n=== {}: {} cells, {} rows ===\n", s.name, s.cells, s.rows);
    out += aims(s) + possible(s) + confusion(s) + onset(s) + bins(s) + curve(s) + half_cycles(s);
    if (s.name != "all") out += kinds(s);
    out += tests(s);
  }
  return out;
}

} // namespace platen::report

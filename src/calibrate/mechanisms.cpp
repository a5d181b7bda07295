#include "calibrate/mechanisms.hpp"

#include "base/error.hpp"
#include "base/units.hpp"
#include "physics/parameters.hpp"
#include "study/sections.hpp"
#include "study/variants.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen::calibrate {
namespace {

/// A row that no draw can explain is worth this much at least: fewer draws than its inverse cannot tell (assumed).
constexpr double least_likelihood = 1e-4;

const Refit& to_all(const Explanation& e, std::span<const Refit> refits) {
  for (const Refit& r : refits)
    if (r.explanation == e.name && r.left_out.empty()) return r;
  throw Error("B041", fmt::format("no fit of {} to all rows", e.name));
}

void count_predictions(const Explanation& e, std::span<const Refit> refits, Ranked& out, Scores& scores) {
  const std::vector<Target> targets = ham2022_targets();
  for (const Refit& r : refits) {
    if (r.explanation != e.name) continue;
    for (const RowForecast& f : r.forecasts) {
      const Target& row = *std::find_if(targets.begin(), targets.end(), [&](const Target& t) { return t.id == f.row; });
      if (!predicts(r.left_out, row)) continue;
      if (f.likelihood) scores[f.row] = std::log(std::max(*f.likelihood, least_likelihood));
      if (row.target_class != "model" || f.verdict == TargetVerdict::not_evaluated) continue;
      ++out.predicted;
      out.hits += f.verdict == TargetVerdict::met ? 1 : 0;
    }
  }
}

Ranked ranked_one(const Explanation& e, std::span<const Refit> refits, Scores& scores) {
  const Refit& all = to_all(e, refits);
  Ranked out;
  out.explanation = e;
  out.numbers = all.values.size();
  out.rows = all.rows;
  out.deviance = all.deviance;
  out.effective = all.effective;
  out.evidence = all.evidence;
  out.aicc = aicc(all.deviance, static_cast<double>(all.rows), static_cast<double>(out.numbers));
  count_predictions(e, refits, out, scores);
  for (const Target& row : ham2022_targets())
    for (const RowForecast& f : all.forecasts)
      if (f.row == row.id && row.target_class == "model" && f.verdict == TargetVerdict::missed) out.missed.push_back(row.id);
  return out;
}

constexpr std::array rivals{&Mechanisms::intrusion, &Mechanisms::pressure_swing, &Mechanisms::stripping_voids, &Mechanisms::yielding_gap, &Mechanisms::uneven_current, &Mechanisms::fatigue};

/// A column for every number that any survivor fits and a study has a place for, then for every switch that any of them sets.
std::vector<OverrideColumn> columns_of(std::span<const Survivor> survivors) {
  std::vector<OverrideColumn> out;
  for (const Survivor& s : survivors)
    for (const Number& n : s.numbers) {
      const physics::ParameterInfo* row = physics::find_parameter(n.key);
      const bool known = std::any_of(out.begin(), out.end(), [&](const OverrideColumn& c) { return c.key == n.key; });
      if (row != nullptr && !known) out.push_back({.key = n.key, .unit = row->dimension == dim::none ? "" : std::string(row->shown_in), .words = {}});
    }
  for (const MechanismInfo& row : mechanism_registry())
    if (std::any_of(survivors.begin(), survivors.end(), [&](const Survivor& s) {
          return std::any_of(s.switches.begin(), s.switches.end(), [&](const auto& w) { return w.first == row.member; });
        })) {
      const std::string key = fmt::format("mechanisms.{}", row.name);
      out.push_back({.key = key, .unit = "", .words = find_override_key(key)->words()});
    }
  return out;
}

/// NaN where the survivor leaves the study as it is.
double in_column(const OverrideColumn& column, const Survivor& s, const std::vector<double>& draw) {
  if (column.words.empty()) {
    const auto at = std::find_if(s.numbers.begin(), s.numbers.end(), [&](const Number& n) { return n.key == column.key; });
    if (at == s.numbers.end()) return std::numeric_limits<double>::quiet_NaN();
    const double si = draw[static_cast<std::size_t>(at - s.numbers.begin())];
    return column.unit.empty() ? si : in_unit(si, column.unit);
  }
  const auto key = find_override_key(column.key);
  const auto at = std::find_if(s.switches.begin(), s.switches.end(), [&](const auto& w) { return w.first == key->mechanism; });
  if (at == s.switches.end()) return std::numeric_limits<double>::quiet_NaN();
  const auto word = std::find(column.words.begin(), column.words.end(), at->second ? "true" : "false");
  return static_cast<double>(word - column.words.begin());
}

} // namespace

double undecided_bits(std::span<const Ranked> ranking) {
  double bits = 0.0;
  for (const Ranked& r : ranking)
    if (r.weight > 0.0) bits -= r.weight * std::log2(r.weight);
  return bits;
}

Mechanisms with_switches(Mechanisms mechanisms, const Switches& switches) {
  for (const auto& [member, on] : switches) mechanisms.*member = on;
  return mechanisms;
}

Switches rival_switches(const Mechanisms& mechanisms) {
  Switches out;
  for (bool Mechanisms::*const member : rivals) out.emplace_back(member, mechanisms.*member);
  return out;
}

std::vector<Survivor> survivors(std::span<const Ranked> ranking, std::span<const Refit> refits) {
  std::vector<Survivor> out;
  for (const Ranked& r : ranking) {
    if (!r.survives) continue;
    const Refit& all = to_all(r.explanation, refits);
    out.push_back({r.explanation.name, r.weight, all.values.back(), ham2022_numbers(r.explanation.mechanisms), all.draws, rival_switches(r.explanation.mechanisms)});
  }
  return out;
}

std::vector<Ranked> ranked(std::span<const Explanation> explanations, std::span<const Refit> refits) {
  std::vector<Ranked> out;
  std::vector<Scores> scores(explanations.size());
  for (std::size_t k = 0; k < explanations.size(); ++k) out.push_back(ranked_one(explanations[k], refits, scores[k]));
  rank_by_scores(out, scores);
  return out;
}

std::string ensemble_csv(std::span<const Survivor> survivors, std::string_view about) {
  OverrideTable table;
  table.columns = columns_of(survivors);
  for (const Survivor& s : survivors)
    for (const auto& draw : s.draws) {
      for (const OverrideColumn& column : table.columns) table.values.push_back(in_column(column, s, draw));
      table.weights.push_back(s.weight / static_cast<double>(s.draws.size()));
      table.explanations.push_back(s.name);
      table.lines.push_back(table.lines.size() + 1);
    }
  return fmt::format("# {}\n# What the weights are: docs/theory/mechanisms.md.\n{}", about, overrides_csv(table));
}

} // namespace platen::calibrate

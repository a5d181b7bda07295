#include "calibrate/mechanisms.hpp"

#include "base/error.hpp"
#include "base/units.hpp"
#include "numerics/random.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <map>
#include <tuple>

namespace platen::calibrate {
namespace {

/// A row that no draw can explain is worth this much at least: fewer draws than its inverse cannot tell (assumed).
constexpr double least_likelihood = 1e-4;
constexpr int bootstraps = 2000;
/// Less than this behind counts as level, whatever its error (assumed).
constexpr double level = 2.0;

using Scores = std::map<std::string, double>; ///< ln predictive likelihood by row

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
  const double k = static_cast<double>(out.numbers), left = static_cast<double>(all.rows) - k - 1.0;
  if (left > 0.0) out.aicc = all.deviance + 2.0 * k + 2.0 * k * (k + 1.0) / left;
  count_predictions(e, refits, out, scores);
  for (const auto& [row, score] : scores) out.log_score += score;
  for (const Target& row : ham2022_targets())
    for (const RowForecast& f : all.forecasts)
      if (f.row == row.id && row.target_class == "model" && f.verdict == TargetVerdict::missed) out.missed.push_back(row.id);
  return out;
}

/// Difference of two log scores and the standard error of it, from the differences of single rows.
std::pair<double, double> difference(const Scores& best, const Scores& other) {
  double sum = 0.0, squares = 0.0, n = 0.0;
  for (const auto& [row, score] : best) {
    const auto found = other.find(row);
    if (found == other.end()) continue;
    const double d = score - found->second;
    sum += d;
    squares += d * d;
    n += 1.0;
  }
  const double variance = n > 1.0 ? (squares - sum * sum / n) / (n - 1.0) : 0.0;
  return {sum, std::sqrt(std::max(0.0, n * variance))};
}

/// Weights by the predictive likelihood, averaged over Bayesian bootstraps of the rows (Yao, Vehtari, Simpson, Gelman, Bayesian Analysis 13
/// (2018) 917: "pseudo-BMA+"): one lucky row does not decide.
std::vector<double> weights_of(const std::vector<Scores>& scores) {
  std::vector<double> out(scores.size());
  std::vector<std::string> rows;
  for (const auto& [row, score] : scores.front())
    if (std::all_of(scores.begin(), scores.end(), [&](const Scores& s) { return s.contains(row); })) rows.push_back(row);
  numerics::RandomStream random(1, "bootstrap of explanations");
  for (int b = 0; b < bootstraps; ++b) {
    std::vector<double> share(rows.size());
    double all = 0.0;
    for (double& s : share) all += s = -std::log(random.uniform());
    std::vector<double> total(scores.size());
    for (std::size_t e = 0; e < scores.size(); ++e)
      for (std::size_t k = 0; k < rows.size(); ++k) total[e] += share[k] / all * static_cast<double>(rows.size()) * scores[e].at(rows[k]);
    const double top = *std::max_element(total.begin(), total.end());
    double sum = 0.0;
    for (double& t : total) sum += t = std::exp(t - top);
    for (std::size_t e = 0; e < scores.size(); ++e) out[e] += total[e] / sum / bootstraps;
  }
  return out;
}

std::string heading(const Number& n) { return fmt::format("{} [{}]", n.key, n.shown_in.empty() ? "1" : n.shown_in); }

struct Switch {
  std::string_view name;
  bool Mechanisms::*member;
};
constexpr std::array switches{Switch{"intrusion", &Mechanisms::intrusion}, Switch{"pressure_swing", &Mechanisms::pressure_swing},
                              Switch{"stripping_voids", &Mechanisms::stripping_voids}, Switch{"yielding_gap", &Mechanisms::yielding_gap},
                              Switch{"uneven_current", &Mechanisms::uneven_current}, Switch{"fatigue", &Mechanisms::fatigue}};

/// The numbers that any of the survivors fits, in their own order. The scatter between cells is no parameter of a study.
std::vector<Number> table_numbers() {
  Mechanisms all;
  all.yielding_gap = true;
  std::vector<Number> out = ham2022_numbers(all);
  std::erase_if(out, [](const Number& n) { return n.key == cell_scatter; });
  return out;
}

} // namespace

std::vector<Ranked> ranked(std::span<const Explanation> explanations, std::span<const Refit> refits) {
  std::vector<Ranked> out;
  std::vector<Scores> scores(explanations.size());
  for (std::size_t k = 0; k < explanations.size(); ++k) out.push_back(ranked_one(explanations[k], refits, scores[k]));
  if (out.empty()) return out;
  const auto best = static_cast<std::size_t>(
      std::max_element(out.begin(), out.end(), [](const Ranked& a, const Ranked& b) { return a.log_score < b.log_score; }) - out.begin());
  const std::vector<double> weights = weights_of(scores);
  for (std::size_t k = 0; k < out.size(); ++k) {
    std::tie(out[k].behind, out[k].behind_error) = difference(scores[best], scores[k]);
    out[k].weight = weights[k];
    out[k].survives = out[k].behind < std::max(level, 2.0 * out[k].behind_error);
  }
  std::stable_sort(out.begin(), out.end(), [](const Ranked& a, const Ranked& b) { return a.log_score > b.log_score; });
  double kept = 0.0;
  for (Ranked& s : out) kept += s.survives ? s.weight : 0.0;
  for (Ranked& s : out) s.weight = s.survives ? s.weight / kept : 0.0;
  return out;
}

std::string ensemble_csv(std::span<const Ranked> ranking, std::span<const Refit> refits, std::string_view program) {
  const std::vector<Number> columns = table_numbers();
  std::string out = fmt::format("# Explanations of Ham et al. 2022 that its rows cannot tell apart, with draws of their fitted numbers. Written by {}:\n"
                                "# platen compare-mechanisms ham2022 --ensemble PATH. What the weights are: docs/theory/mechanisms.md.\nweight",
                                program);
  for (const Number& n : columns) out += ',' + heading(n);
  for (const Switch& s : switches) out += fmt::format(",mechanisms.{}", s.name);
  out += ",explanation\n";
  for (const Ranked& s : ranking) {
    if (!s.survives) continue;
    const Refit& all = to_all(s.explanation, refits);
    const std::vector<Number> own = ham2022_numbers(s.explanation.mechanisms);
    for (const auto& draw : all.draws) {
      out += fmt::format("{:.6g}", s.weight / static_cast<double>(all.draws.size()));
      for (const Number& n : columns) {
        const auto at = std::find_if(own.begin(), own.end(), [&](const Number& o) { return o.key == n.key; });
        out += ',';
        if (at != own.end()) out += fmt::format("{:.6g}", n.shown_in.empty() ? draw[at - own.begin()] : in_unit(draw[at - own.begin()], n.shown_in));
      }
      for (const Switch& w : switches) out += s.explanation.mechanisms.*w.member ? ",true" : ",false";
      out += fmt::format(",{}\n", s.explanation.name);
    }
  }
  return out;
}

} // namespace platen::calibrate

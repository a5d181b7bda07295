#include "calibrate/ranking.hpp"

#include "numerics/random.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <tuple>

namespace platen::calibrate {
namespace {

constexpr int bootstraps = 2000;
/// Less than this behind counts as level, whatever its error (assumed).
constexpr double level = 2.0;

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

} // namespace

std::optional<double> aicc(double deviance, double observations, double numbers) {
  const double left = observations - numbers - 1.0;
  if (!(left > 0.0)) return std::nullopt;
  return deviance + 2.0 * numbers + 2.0 * numbers * (numbers + 1.0) / left;
}

void rank_by_scores(std::vector<Ranked>& out, const std::vector<Scores>& scores) {
  if (out.empty()) return;
  for (std::size_t k = 0; k < out.size(); ++k) {
    out[k].log_score = 0.0;
    for (const auto& [what, score] : scores[k]) out[k].log_score += score;
  }
  const auto best = static_cast<std::size_t>(
      std::max_element(out.begin(), out.end(), [](const Ranked& a, const Ranked& b) { return a.log_score < b.log_score; }) - out.begin());
  const std::vector<double> weights = weights_of(scores);
  double kept = 0.0;
  for (std::size_t k = 0; k < out.size(); ++k) {
    std::tie(out[k].behind, out[k].behind_error) = difference(scores[best], scores[k]);
    out[k].survives = out[k].behind < std::max(level, 2.0 * out[k].behind_error);
    out[k].weight = out[k].survives ? weights[k] : 0.0;
    kept += out[k].weight;
  }
  for (Ranked& s : out) s.weight /= kept;
  std::stable_sort(out.begin(), out.end(), [](const Ranked& a, const Ranked& b) { return a.log_score > b.log_score; });
}

} // namespace platen::calibrate

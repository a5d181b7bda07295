#pragma once
// Explanations put in order by what each gave to observations that its fit had not seen. Theory: docs/theory/mechanisms.md.

#include "calibrate/refits.hpp"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace platen::calibrate {

/// What one explanation comes to.
struct Ranked {
  Explanation explanation;
  std::size_t numbers = 0;         ///< fitted
  std::size_t rows = 0;            ///< they were fitted to
  double deviance = 0.0;           ///< -2 ln likelihood of the fit to all rows
  double effective = 0.0;          ///< numbers that the rows determine
  std::optional<double> aicc;      ///< empty: not defined
  double evidence = 0.0;           ///< ln of the marginal likelihood but for a constant that all share
  std::size_t predicted = 0, hits = 0; ///< of rows that the fit had not seen (ham2022: of class model), and met
  double log_score = 0.0;          ///< sum of ln of the predictive likelihood over everything that was left out
  double behind = 0.0, behind_error = 0.0; ///< of the best log score, and the standard error of that difference
  double weight = 0.0;             ///< share of Bayesian bootstraps over what was left out, by the predictive likelihood
  bool survives = false;           ///< less than two standard errors behind, or less than 2
  std::vector<std::string> missed; ///< what the fit to everything cannot meet
};

/// deviance + 2 k + 2 k (k + 1)/(n - k - 1) of n observations and k numbers; empty where n - k - 1 is not above zero: not defined.
/// Source: Hurvich, Tsai, Biometrika 76 (1989) 297.
std::optional<double> aicc(double deviance, double observations, double numbers);

using Scores = std::map<std::string, double>; ///< ln predictive likelihood by what was left out

/// Fills `log_score`, `behind`, `behind_error`, `weight` and `survives` from one table of scores per explanation, and puts the best first. What one of them
/// has no score for decides nothing.
void rank_by_scores(std::vector<Ranked>& explanations, const std::vector<Scores>& scores);

} // namespace platen::calibrate

#pragma once
// Rival explanations ranked by what they predict, and the experiments that would tell them apart. Theory: docs/theory/mechanisms.md.

#include "calibrate/refits.hpp"

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
  std::optional<double> aicc;      ///< deviance + 2 k + 2 k (k + 1)/(n - k - 1); empty where n - k - 1 is not above zero: not defined
  double evidence = 0.0;           ///< ln of the marginal likelihood but for a constant that all share
  std::size_t predicted = 0, hits = 0; ///< rows of class model predicted by fits without their figure, and met
  double log_score = 0.0;          ///< sum of ln of the predictive likelihood over every left-out row
  double behind = 0.0, behind_error = 0.0; ///< of the best log score, and the standard error of that difference
  double weight = 0.0;             ///< share of Bayesian bootstraps over the rows, by their predictive likelihood
  bool survives = false;           ///< less than two standard errors behind, or less than 2
  std::vector<std::string> missed; ///< model rows that the fit to all rows misses
};

/// What one explanation expects of an experiment.
struct Expectation {
  std::string explanation;
  double median = 0.0;    ///< CCD, A/m2
  double deviation = 0.0; ///< of ln CCD over the draws: how well the explanation knows it
};

/// A test that nobody has run, and what it would tell.
struct Experiment {
  std::string name, description;
  std::string study; ///< file in studies/experiments
  std::vector<Expectation> expectations;
  double gain = 0.0;           ///< expected from one cell, bits about which explanation holds
  double separation = 0.0;     ///< largest distance between two explanations, in deviations of one cell with what both do not know
  std::string first, second;   ///< those two
  std::optional<std::size_t> cells; ///< that bring these two twice their deviation apart; empty: no number of cells does
};

struct MechanismComparison {
  std::vector<Ranked> ranking;     ///< best prediction first
  std::vector<Experiment> experiments; ///< highest gain first
  double undecided = 0.0;              ///< entropy of the weights of those that survive, bits
};

/// No figure, then those that speak of shorts and of cycling pressure: Figure 1 is about the fixture at rest, on which all explanations agree.
std::vector<std::string> telling_figures();

/// `refits` of `refit_all` with those to all rows. @throws Error B041 when an explanation's are not complete.
std::vector<Ranked> ranked(std::span<const Explanation> explanations, std::span<const Refit> refits);

/// The experiments of studies/experiments as every survivor expects them. @throws Cancelled.
std::vector<Experiment> rank_experiments(std::span<const Ranked> ranking, std::span<const Refit> refits, unsigned threads, const work::Task& task = {});

/// Mean gain in bits of one observation, normal about one of several means each with its deviation, about which of them it was.
/// `weights` sum to one.
double expected_gain(std::span<const double> weights, std::span<const double> means, std::span<const double> deviations);

/// The survivors with their draws as a table of overrides (docs/formats/overrides.md): weight, explanation, switches, fitted numbers.
std::string ensemble_csv(std::span<const Ranked> ranking, std::span<const Refit> refits, std::string_view program);

} // namespace platen::calibrate

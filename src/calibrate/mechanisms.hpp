#pragma once
// Rival explanations ranked by what they predict, and the experiments that would tell them apart: of the published rows here, of one's own
// data in rivals.hpp. Theory: docs/theory/mechanisms.md.

#include "calibrate/kept.hpp"
#include "calibrate/ranking.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace platen::calibrate {

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
  std::string subject = "ham2022";     ///< or the name of a calibration file
  std::size_t left_out = 0;            ///< groups that were left out in turn; 0: nothing could be, the order is that of AICc
  std::vector<Ranked> ranking;         ///< best prediction first
  std::vector<Experiment> experiments; ///< highest gain first
  double undecided = 0.0;              ///< entropy of the weights of those that survive, bits

  bool published() const { return subject == "ham2022"; }
};

/// Entropy of the weights, bits.
double undecided_bits(std::span<const Ranked> ranking);

/// Switches laid over those of a study; others stay as the study has them.
using Switches = std::vector<std::pair<bool Mechanisms::*, bool>>;
Mechanisms with_switches(Mechanisms mechanisms, const Switches& switches);
/// H1 to H5 and fatigue, as an explanation has them.
Switches rival_switches(const Mechanisms& mechanisms);

/// An explanation that survives, with what it leaves open of its numbers.
struct Survivor {
  std::string name;
  double weight = 0.0;
  double scatter = 0.0;                   ///< of ln CCD between cells that are meant to be equal
  std::vector<Number> numbers;
  std::vector<std::vector<double>> draws; ///< SI
  Switches switches;
};

/// No figure, then those that speak of shorts and of cycling pressure: Figure 1 is about the fixture at rest, on which all explanations agree.
std::vector<std::string> telling_figures();

/// `refits` of `refit_all` with those to all rows. @throws Error B041 when an explanation's are not complete.
std::vector<Ranked> ranked(std::span<const Explanation> explanations, std::span<const Refit> refits);
/// Those of the ranking that survive, in its order. @throws Error B041.
std::vector<Survivor> survivors(std::span<const Ranked> ranking, std::span<const Refit> refits);

/// Studies with a ramp as every survivor expects them. @throws Cancelled.
std::vector<Experiment> rank_experiments(std::span<const Study> studies, std::span<const Survivor> survivors, unsigned threads, const Kept& kept = {}, const work::Task& task = {});

/// Mean gain in bits of one observation, normal about one of several means each with its deviation, about which of them it was.
/// `weights` sum to one.
double expected_gain(std::span<const double> weights, std::span<const double> means, std::span<const double> deviations);

/// The survivors with their draws as a table of overrides (docs/formats/overrides.md): weight, fitted numbers, switches, explanation. `about`: its first line.
std::string ensemble_csv(std::span<const Survivor> survivors, std::string_view about);

} // namespace platen::calibrate

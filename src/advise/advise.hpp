#pragma once
// Which hold, pressure, fixture and springs reach a goal, how surely, what stands in the way, and the cheapest change that helps.
// Theory: docs/theory/advise.md.

#include "advise/ensemble.hpp"
#include "advise/odds.hpp"
#include "advise/setting.hpp"
#include "work/work.hpp"

#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace platen::advise {

/// One setting of the knobs and what came of it.
struct Candidate {
  Setting setting{};
  std::vector<Knob> knobs;     ///< that are turned
  std::string change;          ///< in words
  double cost = 0.0;
  Odds odds;
  Gain gain;                   ///< of probability, against the study as it is
  Span90 quantity;             ///< 90 % of cells, A/m2 or Pa
  double median = 0.0;
  bool bounded = false;        ///< the ramp was cut off above the goal: the upper end is a bound
  std::vector<std::pair<std::string, double>> limits; ///< what held back the runs that missed the goal, shares of those, largest first
  std::size_t runs = 0, failed = 0; ///< runs; those that could not be simulated
  std::vector<std::string> untested; ///< beyond what is untested in the study as it is

  /// The gain is more than twice its error and worth a word.
  bool helps() const { return gain.mean > 0.0 && differs(); }
  /// For better or worse.
  bool differs() const { return std::abs(gain.mean) >= 0.02 && std::abs(gain.mean) > 2.0 * gain.error; }
  double cost_per_gain() const { return cost / gain.mean; }
};

struct Advice {
  std::string study, description;
  Question question;
  // Springs, when a catalogue was given
  std::string catalogue, currency;
  SpringDemand demand;
  std::vector<SpringChoice> springs;
  PressureLoop gap;               ///< what a fixed gap would do instead
  // The goal, when one was stated
  bool about_swing = false;       ///< `Candidate::quantity` is a swing and not a CCD
  double target = 0.0;            ///< A/m2 that must be carried
  std::string ensemble;           ///< where parameters and mechanisms come from
  bool conditioned = false;
  std::vector<std::pair<std::string, double>> mechanisms; ///< and their weights
  std::size_t sets = 0, cells = 0;
  std::vector<FixtureOption> fixtures;
  Candidate as_it_is;
  std::vector<Candidate> changes; ///< single ones first, then pairs; within each those that help first, by cost per gain
  std::optional<std::size_t> cheapest_help;  ///< of `changes`: the cheapest per gain among single ones, else among pairs
  std::optional<std::size_t> cheapest_reach; ///< the cheapest with the wanted probability
  std::optional<std::size_t> cheapest_measured; ///< the same among settings that lie within the measurements
  std::optional<std::size_t> best;           ///< the highest probability
  std::vector<std::string> untested;         ///< of the study as it is
  std::vector<Diagnostic> warnings;
};

/// Answers a question about a study, over an ensemble of it. The same on any number of `threads` (0: all cores).
/// @throws Error C082 to C084 (the study has nothing that could reach the goal), S022, U006, those of a catalogue; Cancelled.
Advice advise(const Study& study, const Question& question, const Ensemble& ensemble, const work::Task& task = {}, unsigned threads = 0);

} // namespace platen::advise

#pragma once
// Rival explanations of one's own records and targets: each fitted, ranked by what it predicts of what was left out. Theory: docs/theory/mechanisms.md.

#include "calibrate/file.hpp"
#include "calibrate/kept.hpp"
#include "calibrate/mechanisms.hpp"
#include "calibrate/records.hpp"

#include <vector>

namespace platen::calibrate {

struct RivalOptions {
  std::size_t draws = 16; ///< of the posterior's normal approximation, for experiments and the ensemble
  std::uint64_t seed = 1; ///< of them
  unsigned threads = 0;   ///< 0: all cores; the result does not depend on it
};

struct RivalComparison {
  MechanismComparison comparison;
  std::vector<Survivor> survivors;
};

/// Every explanation of the file (else `default_rivals`) fitted to all records and targets, and again without each group of them, which it then predicts: (M5). All
/// see records with the same noise, that which the best of them leaves. `experiments`: studies with a ramp. What is done is kept, and found again, in `kept`.
/// @throws Error C207 when an explanation fits no number; S020, with its name, when no start of one could be simulated; what `Data` throws; Cancelled.
RivalComparison compare_rivals(const CalibrationFile& file, const std::vector<Observation>& observations, const std::vector<TargetOfStudy>& targets, const std::vector<Study>& experiments,
                               const RivalOptions& options = {}, const Kept& kept = {}, const work::Task& task = {});

/// -2 ln likelihood of a fit with the numbers of single cells and instruments averaged over their priors, but for a constant: (M6).
double averaged_deviance(const Problem& problem, const Fit& fit);

/// What a fit without a group gives to it: (M5), and of its terms how many lie within 95 % of what was expected.
struct GroupForecast {
  double score = 0.0; ///< ln of the predictive likelihood, but for a constant that all explanations share
  std::size_t terms = 0, hits = 0;
};
/// @throws Cancelled.
GroupForecast forecast(const Problem& whole, std::string_view group, const Fit& without_it, unsigned threads = 0, const work::Task& task = {});

} // namespace platen::calibrate

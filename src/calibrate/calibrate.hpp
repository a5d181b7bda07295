#pragma once
// A whole calibration: fit, noise, profiles, posterior, and in words what the data determine. Theory: docs/theory/calibration.md.

#include "calibrate/file.hpp"
#include "calibrate/posterior.hpp"
#include "calibrate/profile.hpp"
#include "calibrate/records.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace platen::calibrate {

struct CalibrateOptions {
  std::size_t starts = 1;
  bool profiles = false;
  std::size_t posterior = 0;   ///< draws; 0: none
  std::size_t bands = 200;     ///< draws for predictive bands
  std::uint64_t seed = 1;
  int iterations = 60;         ///< of one start at most, each with forward and with central differences
  unsigned threads = 0;        ///< 0: all cores; the result does not depend on it
};

/// What is known of one number after the fit.
enum class Standing {
  determined,     ///< by the data
  prior,          ///< mostly by its prior
  at_bound,       ///< the data would go further
  open,           ///< bounded on one side only
  undetermined,   ///< nothing bounds it
};
std::string_view label(Standing standing); ///< "determined", "prior", "at bound", "open", "not determined"

struct Knowledge {
  Standing standing = Standing::determined;
  std::optional<double> low, high; ///< SI, 95 %: from the profile, else the posterior, else the covariance; empty: open
  std::string from;                ///< "profile", "posterior", "covariance"
  double learnt = 0.0;             ///< share of the prior's variance that the data took away, (B13); 1 without a prior
  std::string words;
};

/// Quantiles 2.5 and 97.5 % of what is predicted for each point, with and without the scatter of a reading or of a cell.
struct Band {
  std::vector<double> low, high;                       ///< of the model's curve
  std::vector<double> predictive_low, predictive_high; ///< of a new reading or a new cell
};

struct Calibration {
  CalibrationFile file;
  CalibrateOptions options;
  Problem problem;
  Fit fit;
  Comparison comparison;
  std::vector<Band> series_bands, event_bands;
  std::optional<Profiles> profiles;
  std::optional<Posterior> posterior;
  std::vector<Knowledge> knowledge;  ///< per number
  std::vector<std::string> words;    ///< what the data do not determine, pair by pair
  std::size_t evaluations = 0;       ///< of the whole problem or a part that a number moved
  std::size_t noise_rounds = 0;
  std::vector<std::vector<double>> draws; ///< SI: of the posterior, else of the covariance; for the table of overrides
  bool interrupted = false;          ///< what was done before is all there
};

/// `published`: a problem beside the file's own records and targets. What is done is kept, and found again, in `kept`.
/// An interruption after the fit gives what was done (`interrupted`). @throws Error S020; Cancelled before the first fit ends.
Calibration calibrate(const CalibrationFile& file, std::vector<Observation> observations, std::vector<TargetOfStudy> targets,
                      std::optional<Problem> published, const CalibrateOptions& options, const Kept& kept = {}, const work::Task& task = {});

/// How `calibrate` walks along profiles: with the precision that an interval of 95 % needs.
ProfileOptions profiling(unsigned threads);

/// Is it a number of the laws (or the scatter between cells), rather than what one instrument is off by?
bool of_laws(const Number& number);

} // namespace platen::calibrate

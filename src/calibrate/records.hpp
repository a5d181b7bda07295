#pragma once
// Records and targets as one problem, and the noise that a fit leaves in the records.

#include "calibrate/fit.hpp"
#include "calibrate/record_data.hpp"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace platen::calibrate {

/// A record or target that was read, with the study that is simulated for it.
struct Observation {
  RecordEntry entry;
  Record record;
  Study study;
};
struct TargetOfStudy {
  TargetEntry entry;
  Study study;
};

/// How the errors of one series remember each other.
struct SeriesNoise {
  numerics::NoiseShape shape;
  double variance = 0.0;         ///< of one reading, SI squared
  double effective = 0.0;        ///< independent means that tell a constant as well, (B9)
};

/// What was measured and what the model says, for one series.
struct Compared {
  std::string record;
  Observed observed = Observed::voltage;
  std::vector<double> time, measured, predicted, deviation; ///< s of the study's clock; SI, deviation of one mean
  SeriesNoise noise;
};

/// What a test was seen to do between two values, or within a deviation, and what the model says; SI.
struct ComparedEvent {
  std::string label, group;
  Observed observed = Observed::ccd;
  std::optional<Seen> seen;
  std::optional<double> value, deviation;
  double predicted = 0.0; ///< of the median cell: of several flaws the weakest decides, (B15)
  double scatter = 0.0;   ///< of its logarithm between cells; 0 beside a deviation
};

struct Comparison {
  std::vector<Compared> series;
  std::vector<ComparedEvent> events;
};

class RecordModel;
class StudyTargets;

/// Everything that is fitted to, with what makes the problem.
class Data {
public:
  /// @throws what `record_data` throws, all faults together.
  Data(std::vector<Number> numbers, const std::vector<Observation>& observations, const std::vector<TargetOfStudy>& targets);

  /// With the noise as it is known so far: at first white and thirty times what neighbouring readings tell.
  Problem problem() const;
  /// Noise from what a fit leaves, white and with memory, by restricted likelihood. @returns whether any series has changed by more than a tenth.
  bool learn_noise(std::span<const double> values, const work::Task& task = {});
  /// Noise of every series, record by record, as `compare` lists them; and the same of another fit to the same records in its place.
  std::vector<SeriesNoise> noise() const;
  void take_noise(std::span<const SeriesNoise> noise);
  /// Everything at `values` of `problem()`; nothing of what could not be simulated.
  Comparison compare(std::span<const double> values, const work::Task& task = {}) const;

private:
  std::vector<double> own_values(const std::vector<Number>& own, std::span<const double> values) const;
  void learn_noise(std::size_t model, std::span<const double> own, const work::Task& task);
  static SeriesNoise learnt(const Series& series, const std::vector<double>& predicted, const std::vector<std::vector<double>>& columns);

  std::vector<std::shared_ptr<RecordModel>> models_;
  std::vector<std::vector<SeriesNoise>> noise_; ///< per model and series
  std::vector<std::shared_ptr<const StudyTargets>> targets_;
  std::vector<Number> numbers_, all_;
};

} // namespace platen::calibrate

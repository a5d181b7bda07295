#pragma once
// What the laws say to one record: simulated once per set of their numbers, then seen through cycler and load cell.

#include "calibrate/record_data.hpp"
#include "calibrate/records.hpp"
#include "simulate/outcome.hpp"

#include <deque>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

namespace platen::calibrate {

/// What is assumed of the scatter between cells where the file says nothing: a quarter, known to half as much again (a Weibull modulus of 5, and 3
/// to 8 in the sources).
Number scatter_number(std::string_view key);

/// The study with fitted numbers in it; keys that are no number of the laws are passed over.
Study with_numbers(Study study, std::span<const Number> numbers, std::span<const double> values);

/// The CCD (A/m2) that a simulated ramp came to, or the last step that it passed where it could not be carried on. Empty: neither.
std::optional<double> ccd_of(const TestOutcome& outcome);

class RecordModel {
public:
  /// `laws`: numbers that are fitted. The record's own are added: by which factors this cell's frame and supply differ from the usual ones (the scatter of
  /// its parameter set), what cycler and load cell are off by, and the scatter between cells where it has a CCD or a life.
  RecordModel(RecordData data, std::vector<Number> laws);

  const RecordData& data() const { return data_; }
  const std::vector<Number>& numbers() const { return numbers_; }
  std::vector<Term> terms() const;
  std::size_t residuals() const;

  /// Residuals in the order of `terms`, with the noise of each series. false where a cell could not be simulated.
  bool evaluate(std::span<const SeriesNoise> noise, std::span<const double> values, std::span<double> residuals, const work::Task& task) const;
  /// What was seen of CCD and life beside what the model says; empty where there is none, or a cell could not be simulated.
  std::vector<ComparedEvent> events(std::span<const double> values, const work::Task& task) const;
  /// Every series as cycler and load cell would show it; empty where a cell could not be simulated.
  std::vector<std::vector<double>> predict(std::span<const double> values, const work::Task& task) const;

private:
  struct Answer {
    std::vector<double> values; ///< of the numbers that are simulated
    bool simulated = false;
    std::vector<std::vector<double>> series, slopes; ///< slopes in time, of pressures alone
    double ccd = 0.0, life = 0.0;
  };
  /// Places of numbers in `numbers_`; none: not there.
  struct Places {
    std::optional<std::size_t> stiffness, supply, voltage_offset, voltage_gain, pressure_offset, pressure_gain, pressure_clock, ccd_scatter, life_scatter;
  };

  Study with_values(const Study& study, std::span<const double> values) const;
  Answer answer(std::span<const double> values, const work::Task& task) const;
  Answer simulated(std::span<const double> values, const work::Task& task) const;
  std::vector<double> shown(const Answer& answer, std::size_t series, std::span<const double> values) const;

  RecordData data_;
  std::size_t flaws_; ///< of which the weakest decides
  std::vector<Number> numbers_;
  std::size_t laws_, simulating_ = 0; ///< the first ones are numbers of the laws, or of this cell: what a simulation depends on
  Places places_;
  mutable std::mutex guard_;
  mutable std::deque<Answer> answers_; ///< the last ones
};

} // namespace platen::calibrate

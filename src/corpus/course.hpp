#pragma once
// Rows of a made-up test as an ideal cycler writes them, and what was true meanwhile.

#include "corpus/bench.hpp"
#include "record/record.hpp"

#include <array>
#include <vector>

namespace platen::corpus {

struct Row {
  double time = 0.0;        ///< s
  double current = 0.0;     ///< A
  double voltage = 0.0;     ///< V
  double pressure = 0.0;    ///< Pa
  double temperature = 0.0; ///< K
  double healthy = 0.0;     ///< V, of the same cell under the same current without its leak
  double unforeseen = 0.0;  ///< V, standard deviation of what the cell does at random from row to row
};

class Course {
public:
  /// The instrument begins something else; `cycle` from 1.
  void step(StepType type, int cycle);
  /// `touched`: V, what somebody did to the cables meanwhile.
  void row(const Row& row, double touched = 0.0);
  void moment(const Moment& moment) { moments_.push_back(moment); }
  void spectrum(Spectrum spectrum) { spectra_.push_back(std::move(spectrum)); }
  /// `now`: whether three quarters of the contact are gone.
  void contact(double time, bool lost);
  double last_voltage() const { return voltage_.empty() ? 0.0 : voltage_.back(); }

  const std::vector<Stretch>& lost_contact() const { return lost_; }
  std::vector<Moment> take_moments() { return std::move(moments_); }
  /// The columns as a record. The course is spent afterwards.
  Record take_record();

private:
  std::vector<double> time_, current_, voltage_, pressure_, temperature_, healthy_, leaked_, unforeseen_;
  std::vector<std::int32_t> step_, type_, cycle_;
  std::int32_t steps_ = 0, cycles_ = 0;
  StepType now_ = StepType::rest;
  std::vector<Moment> moments_;
  std::vector<Spectrum> spectra_;
  std::vector<Stretch> lost_;
  bool losing_ = false;
};

/// Temperature of the room or the oven, K: a constant, a daily wave, the hunting of a controller, a slow drift.
class Weather {
public:
  explicit Weather(Draws& draws, bool rough);
  double at(double time) const;
  double mean() const { return mean_; }

private:
  double mean_ = 298.15, wave_ = 0.0, period_ = 86400.0, phase_ = 0.0, hunting_ = 0.0, hunting_period_ = 900.0, drift_ = 0.0;
};

/// Spectrum of a cell with two arcs and a leak beside them, 1 MHz to 0.1 Hz; `resistances`: electrolyte and interfaces, ohm.
Spectrum spectrum_of(std::array<double, 2> resistances, double leak, double start, Draws& draws);

} // namespace platen::corpus

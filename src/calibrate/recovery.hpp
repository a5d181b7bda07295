#pragma once
// Is the truth found again? Made-up laboratories whose numbers are known, their cells seen through a cycler, calibrated, and the intervals held
// against the truth.

#include "calibrate/knowledge.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace platen::calibrate {

/// One number of one laboratory.
struct Recovered {
  struct Interval {
    double low = 0.0, high = 0.0; ///< SI, 95 %; the bounds of the fit where open
    bool holds(double value) const { return low <= value && value <= high; }
  };
  std::string key;
  double truth = 0.0, value = 0.0; ///< SI
  double deviation = 0.0, off = 0.0; ///< in the fitted scale: of the covariance; of the value from the truth
  std::map<Source, Interval> intervals; ///< those that were asked for
};

struct RecoveryOptions {
  std::size_t cells = 4;     ///< per laboratory, with contact holds from 1 min on
  bool profiles = false;     ///< besides the covariance
  std::size_t posterior = 0; ///< draws of the posterior; 0: none
  unsigned threads = 1;
};

/// The calibration of laboratory `seed` as `recover` looks at it.
Calibration calibration_of(std::uint64_t seed, const RecoveryOptions& options = {}, const work::Task& task = {});

/// Laboratory `seed`: numbers drawn from their priors, cells simulated that differ from each other as `simulate` draws them (docs/theory/scatter.md: the
/// strength of either flaw, stiffness, supply), measured by a cycler with noise, offset, gain error, quantisation and a load cell whose clock is off, and fitted by the same priors. Depends on the seed alone.
/// @throws Cancelled.
std::vector<Recovered> recover(std::uint64_t seed, const RecoveryOptions& options = {}, const work::Task& task = {});

} // namespace platen::calibrate

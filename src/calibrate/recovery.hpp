#pragma once
// Is the truth found again? Made-up laboratories whose numbers are known, their cells seen through a cycler, calibrated, and the intervals held
// against the truth.

#include "calibrate/calibrate.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace platen::calibrate {

/// One number of one laboratory.
struct Recovered {
  std::string key;
  double truth = 0.0, value = 0.0; ///< SI
  double low = 0.0, high = 0.0;    ///< SI, 95 %; the bounds of the fit where open
  bool covered() const { return low <= truth && truth <= high; }
};

struct RecoveryOptions {
  std::size_t cells = 4;    ///< per laboratory, with contact holds from 1 min on
  bool profiles = false;    ///< intervals from profiles instead of the covariance
  unsigned threads = 1;
};

/// The calibration of laboratory `seed` as `recover` looks at it.
Calibration calibration_of(std::uint64_t seed, const RecoveryOptions& options = {}, const work::Task& task = {});

/// Laboratory `seed`: numbers drawn from their priors, cells simulated that differ from each other log-normally in
/// strength, stiffness and supply, measured by a cycler with noise, offset, gain error and
/// quantisation, and fitted by the same priors. Depends on the seed alone.
/// @throws Cancelled.
std::vector<Recovered> recover(std::uint64_t seed, const RecoveryOptions& options = {}, const work::Task& task = {});

} // namespace platen::calibrate

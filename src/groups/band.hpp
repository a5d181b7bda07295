#pragma once
// How sure is the share of cells that pass a current density?

#include "groups/turnbull.hpp"
#include "work/work.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace platen::groups {

/// The share that passes `at`, and where it may lie at the level asked for, at this point alone.
struct BandPoint {
  double at = 0.0; ///< A/m2
  Share estimate;
  Share band;
  bool counted = false; ///< (X14): every cell says whether it passed; otherwise from resampled cells (X15)
};

struct BandOptions {
  std::uint64_t seed = 1;
  std::size_t resamples = 2000;
  double level = 0.95;
};

/// One point per current density at which a cell of the sample passed or failed. Does not depend on the number of threads. @throws Cancelled.
std::vector<BandPoint> confidence_band(std::span<const Interval> sample, const Turnbull& estimate, const BandOptions& options = {},
                                       const work::Task& task = {});

} // namespace platen::groups

#pragma once
// When did it begin? A short is found by high thresholds and followed back by low ones (A16).

#include "assess/verdict.hpp"

namespace platen::assessing {

struct Onset {
  std::size_t half_cycle = 0;
  double time = 0; ///< s
};

/// `first`: the first half cycle judged shorted. The onset may lie at the end of the half cycle before it.
Onset find_onset(const std::vector<Trace>& traces, const std::vector<Judged>& judged, std::size_t first);

} // namespace platen::assessing

#pragma once
// When did it begin? A short is found by high thresholds and followed back by low ones (A16).

#include "assess/verdict.hpp"

namespace platen::assessing {

struct Onset {
  std::size_t half_cycle = 0;
  double time = 0; ///< s
  TimeWindow window;
};

/// `first`: the first half cycle judged shorted. The onset may lie at the end of the half cycle before it.
Onset find_onset(const std::vector<Trace>& traces, const std::vector<Judged>& judged, std::size_t first);

/// (A41) 95 % interval of the row at which the level changed near `row`, from the likelihood of a step at each row, widened to the rows
/// of a fall that took longer.
TimeWindow change_interval(const Trace& trace, std::size_t row, std::size_t averaged);

/// (A76) Whether the first rows of a half cycle lie on the course expected from those before it, and the others clearly below: nobody turned screws meanwhile.
bool began_on_course(const std::vector<Trace>& traces, const std::vector<Judged>& judged, std::size_t at);

/// When a shorted half cycle's short began in it, or when contact was lost in it.
TimeWindow window_in(const std::vector<Trace>& traces, const Judged& judged, std::size_t index);

} // namespace platen::assessing

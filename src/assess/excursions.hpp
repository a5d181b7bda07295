#pragma once
// Sudden departures of the voltage that come back, downwards and upwards alike: each side is the control of the other (A70).

#include "assess/trace.hpp"

#include <cstddef>
#include <vector>

namespace platen::assessing {

struct Excursion {
  std::size_t first = 0;   ///< row within the half cycle
  std::size_t rows = 1;    ///< until the voltage was back
  double depth = 0.0;      ///< V, from the rows before
  double deviations = 0.0; ///< 1, depth over its standard error
};

/// What `find_excursions` asks for.
struct Least {
  double noise = 0.0;      ///< V, standard deviation of one row
  double deviations = 0.0; ///< 1
  double share = 0.0;      ///< 1, of the voltage before
};

/// (A70) Excursions down (`side` -1) or up (+1) of the rows as recorded, in the order of time: a row or more that differ by `least` from the line through
/// the medians of the five rows before and after, and come back within eight. The first rows after a switch are left out. Cost: in proportion to the rows.
std::vector<Excursion> find_excursions(const Trace& trace, int side, const Least& least);

} // namespace platen::assessing

#pragma once
// What could be known at all: limits of any judge on a labelled cell whose twin without the leak is known. No threshold of the judge is
// used. Theory: docs/theory/corpus.md.

#include "corpus/corpus.hpp"

#include <optional>

namespace platen::referee {

/// The leak of one cell against the noise of its own record, in standard deviations of the best statistic there is.
struct Bound {
  double known = 0.0;   ///< (A51) for who knows every row of the healthy twin: square root of the sum of (leak/noise)^2
  double habits = 0.0;  ///< (A52) for who knows of which habits healthy cells are made, but neither their sizes in this cell nor the level of a half cycle to better than bound_level
  double within = 0.0;  ///< (A53) for who compares no half cycle with another: level, slope and bends of each are free
  std::optional<double> told_after; ///< (A55) s from the end of the label's onset until the rows since its beginning say at 95 % that something has begun; none: they never do
};

inline constexpr double bound_alarms = 1e-3;  ///< share of healthy cells that the best judge may call shorted
inline constexpr double bound_level = 0.01;   ///< relative: what half cycles of one cell differ by for no reason that anyone wrote down (symmetric)
inline constexpr double bound_charge = 0.003; ///< of a half cycle's charge: side reactions and counting (full cells)

Bound bound_of(const corpus::Twins& twins);

/// (A54) Share of such cells that the best judge finds at `bound_alarms`: Phi(d - Phi^-1(1 - alarms)).
double power(double deviations);

} // namespace platen::referee

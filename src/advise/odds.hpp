#pragma once
// Chances from runs that are grouped: cells within parameter sets within mechanisms. Theory: docs/theory/advise.md.

#include "advise/springs.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace platen::advise {

/// One simulated cell of a parameter set.
struct Cell01 {
  bool reached = false;
  double quantity = 0.0; ///< what the goal is about, in the scale in which variances are taken
};

/// The cells of one parameter set.
struct SetOfCells {
  double weight = 0.0;       ///< any scale
  std::string mechanisms;    ///< equal names are one mechanism
  std::vector<Cell01> cells; ///< may be empty: no run succeeded
};

/// Variance of a quantity by what causes it, equation (O8).
struct VarianceSplit {
  double cells = 0.0, parameters = 0.0, mechanisms = 0.0;
  double total() const { return cells + parameters + mechanisms; }
};

/// Chance that a cell reaches the goal.
struct Odds {
  double probability = 0.0; ///< (O7)
  double error = 0.0;       ///< of the simulation: standard error, by sets; 0 when all runs agree
  Span90 simulated;         ///< 90 % of where more runs would put it
  Span90 unknown;           ///< 90 % of what the chance itself may be, given what is not known of parameters and mechanisms, (O9)
  VarianceSplit reached;    ///< of reaching it (yes or no)
  VarianceSplit quantity;
};

/// @throws Error B004 when no set has a cell.
Odds odds_of(std::span<const SetOfCells> sets);

/// Mean of the paired differences `after` - `before` of reaching the goal, and its standard error by sets: both must have the same
/// sets with the same cells (common random numbers), equation (O10).
struct Gain {
  double mean = 0.0, error = 0.0;
};
Gain gain_of(std::span<const SetOfCells> before, std::span<const SetOfCells> after);

/// 5 and 95 % points of the beta distribution with a mean and a variance, widened to the mean where that lies beyond; both ends are the mean
/// without variance.
Span90 beta_span(double mean, double variance);

} // namespace platen::advise

#pragma once
// Laws of relaxation fitted to the readings of one hold, with what they say of its future.

#include "assess/pressure_series.hpp"

#include <vector>

namespace platen::assessing {

/// A hold and the rows of the series between which it lies, inclusive.
struct FoundHold {
  PressureHold hold;
  std::size_t first = 0, last = 0;
};

/// The stretches without current and without a jump that are long enough to say something, in order of time: at most three, the longest.
std::vector<FoundHold> find_holds(const PressureSeries& series);

/// Fits the three laws to the hold and forecasts (R11) to (R15); says in `refused` why not.
void fit_relaxation(FoundHold& found, const PressureSeries& series);

/// (R11) to (R13) at `t` s since the start of the hold, Pa. `x` in the order of the law's parameters, but times as their logarithms.
double relaxation_law(RelaxationKind kind, double t, const double* x);

} // namespace platen::assessing

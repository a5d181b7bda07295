#pragma once
// The pressure as a linear model at a given clock, and the clock improved by Gauss and Newton.

#include "align/course.hpp"
#include "align/log.hpp"

#include <cstddef>
#include <vector>

namespace platen::align {

/// Readings to be fitted, with what the pressure does by itself: constant, straight line, parabola, two
/// relaxations from the log's first reading, steps where it was re-tightened, the load cell's temperature
/// (W2).
struct Samples {
  std::vector<double> time, value;      ///< s on the log's clock, Pa
  std::vector<std::vector<double>> own; ///< columns, one value per reading
  double interval = 0.0;                ///< s between neighbours
  double quantum = 0.0;   ///< Pa, smallest difference of two readings, over the root of `merged`
  std::size_t merged = 1; ///< readings of the log in one of these
  std::size_t size() const { return time.size(); }
};

/// The readings of a log, runs of them averaged where there are more than `most`. Missing ones are left out.
Samples samples_of(const Log& log, std::size_t most);
/// The part [first, last) of them.
Samples part_of(const Samples& all, std::size_t first, std::size_t last);

/// One least-squares fit at one clock.
struct LinearFit {
  std::size_t first = 0, last = 0;  ///< readings within the course: [first, last)
  std::vector<double> coefficients; ///< of Samples::own, then of the patterns
  std::vector<double> residual,
      white;                 ///< of these readings, Pa; `white` without what each remembers of the one before
  std::vector<double> slope; ///< of the model with the data's clock, Pa/s
  double sum = 0.0;          ///< of squared whitened residuals
  double swing = 0.0;        ///< Pa, what the patterns alone explain, largest difference
  double rise = 0.0;         ///< Pa from the emptiest to the fullest cell; (W3) alone
  std::size_t count() const { return last - first; }
};

/// @param memory correlation of neighbouring residuals, taken out by whitening (W5). @param with patterns, or
/// without: the null model.
LinearFit fit_at(const Samples& samples, const Patterns& patterns, const ClockMap& clock, double memory,
                 bool with);

/// A clock near `start` at which the sum of squares is least, with its uncertainty.
struct ClockFit {
  ClockMap clock;
  LinearFit linear;
  double variance = 0.0; ///< of one whitened residual, Pa^2 (W6)
  double offset_sigma = 0.0, drift_sigma = 0.0, correlation = 0.0;
  bool converged = false;
};

/// @param free_drift whether the drift is found too; else it stays that of `start`. @param step s by which
/// the offset may move at once.
ClockFit refine(const Samples& samples, const Patterns& patterns, const ClockMap& start, double memory,
                bool free_drift, double step);

/// Correlation of neighbouring residuals, 0 to 0.98.
double memory_of(const Samples& samples, const LinearFit& fit);
/// Sum of the correlations of residuals over all lags, 1 for independent ones: so many of them are worth one.
double inflation_of(const std::vector<double>& residual);
/// The same seen from the means of `block` neighbours: what is too weak to be seen between single readings,
/// and long.
/// @param unknowns of the fit.
double slow_inflation_of(const std::vector<double>& residual, std::size_t block, std::size_t unknowns);

} // namespace platen::align

#pragma once
// What a finished campaign says: curves and maps over its axes, indices of its factors, surfaces through scattered runs.
// Runs that failed and results that are only bounds are counted everywhere and never replaced in silence.

#include "numerics/response_surface.hpp"
#include "numerics/sensitivity.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace platen::campaign {

/// A column that was varied, run by run.
struct ExploredAxis {
  std::string name, unit;         ///< "contact.initial", "um"; the unit is empty for pure numbers and words
  std::vector<std::string> words; ///< of a column of words; empty: numbers
  bool log = false;               ///< spread evenly in its logarithm
  double low = 0.0, high = 1.0;   ///< of the range asked for, in `unit`
  std::vector<double> values;     ///< in `unit`; of words their index

  /// Where a value lies in the range, 0 to 1; words lie in the middles of equal parts.
  double place(double value) const;
};

/// A column of results, run by run.
struct ExploredResult {
  std::string name, unit;
  std::vector<double> values;       ///< in `unit`; NaN: the run failed, or has no such result
  std::vector<std::uint8_t> beyond; ///< 1: no short was seen, the true value lies above this one; NaN with it: above nobody said what
};

enum class Sampling { scattered, grid, morris, saltelli };

struct Explored {
  Sampling sampling = Sampling::scattered;
  std::vector<ExploredAxis> axes; ///< those that vary; replicates over seeds are equal runs
  ExploredResult result;
  std::vector<double> points;     ///< of morris: runs x axes in the unit cube, as designed

  std::size_t runs() const noexcept { return result.values.size(); }
};

/// What became of some runs.
struct Tally {
  std::size_t runs = 0;
  std::size_t missing = 0; ///< failed, or without such a result
  std::size_t beyond = 0;  ///< known as a lower bound
  std::size_t open = 0;    ///< no short was seen, and the table does not say up to where
};
Tally tally(const ExploredResult& result);

/// Results of runs that share a place: their middle and how far they scatter.
struct Spot {
  double low = 0.0, middle = 0.0, high = 0.0; ///< least, median, greatest of the known results; NaN without any
  bool beyond = false;                         ///< the median is only a lower bound; one that nobody said where it is NaN
  Tally tally;
};
Spot spot(const ExploredResult& result, std::span<const std::size_t> runs);

struct Curve {
  std::string name; ///< of the group; empty for a single curve
  std::vector<double> x;
  std::vector<Spot> spots;
};
/// The result over a numeric axis: one curve, or one for every level of `group`. Runs that differ in other axes are pooled.
std::vector<Curve> curves(const Explored& explored, std::size_t axis, std::optional<std::size_t> group);

/// The result over two axes whose levels cross.
struct Chart {
  std::vector<double> x, y; ///< levels, ascending
  std::vector<Spot> spots;  ///< x.size() x y.size(), the lowest y first; a spot without runs was not asked for
};
Chart chart(const Explored& explored, std::size_t x, std::size_t y);

/// The levels of an axis, ascending.
std::vector<double> levels(const ExploredAxis& axis);

/// A factor on which it depends whether a run has a result.
struct FailureTrend {
  std::size_t axis = 0;
  double missing_place = 0.0, present_place = 0.0; ///< mean place in the range, 0 to 1, of runs without and with a result
};
/// Factors whose mean place differs between runs without and with a result by more than four standard errors.
std::vector<FailureTrend> failure_trends(const Explored& explored);

/// Indices of a Morris or Saltelli campaign. Results that are bounds enter as they stand, so that what is explained is the result
/// capped there. (S11) to (S17) @throws Error B004 when the runs are not those of the design.
std::vector<numerics::MorrisEffect> morris(const Explored& explored);
numerics::SobolIndices sobol(const Explored& explored, const numerics::Resampling& resampling = {});

/// A surface through the runs over the places of the axes. Empty when it cannot be fitted, with the reason in
/// `why_not`, or foresees less than `least_foreseen` of the variance of runs that it has not seen: such a surface would mislead.
inline constexpr double least_foreseen = 0.7;
struct Surface {
  std::optional<numerics::ResponseSurface> surface;
  std::string why_not;
};
Surface surface(const Explored& explored);

} // namespace platen::campaign

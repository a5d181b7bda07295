#pragma once
// A comparison of groups of cells: what each group does, whether they differ, by how much, and how many cells would show it.

#include "groups/band.hpp"
#include "groups/plan.hpp"
#include "groups/regression.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace platen::groups {

struct CompareOptions {
  std::string by;                ///< factor; empty: all cells are one group
  std::vector<Term> terms;       ///< of the regression; empty: `by` as categories
  std::uint64_t seed = 1;
  std::size_t resamples = 2000;
  std::uint64_t deals = 99'999;
  std::optional<double> difference; ///< A/m2 to plan for; empty: 2 A/m2 (0.2 mA/cm2)
  std::optional<double> scatter;    ///< sigma of the logarithm; empty: as fitted
  std::optional<double> median;     ///< A/m2, to plan from; empty: of the reference group
  std::optional<double> grid, start, cap; ///< A/m2 of the planned ramp; empty: as the cells have it
  std::size_t simulations = 2000;
};

/// One distribution fitted to one group.
struct GroupFit {
  AftFit fit;             ///< intercept: ln of the median
  double median = 0.0;    ///< A/m2
  Bounds median_bounds;   ///< A/m2, profile cut as (X8)
  double tenth = 0.0;     ///< A/m2, what nine of ten cells pass
  Bounds tenth_bounds;    ///< A/m2
  Bounds sigma_bounds;
  double aicc = 0.0;
};

struct Group {
  std::string name;                 ///< "30 min"; "all cells"
  std::vector<std::size_t> members; ///< of Comparison::rows
  std::vector<Interval> sample;
  Counts counts;
  Turnbull turnbull;
  std::vector<BandPoint> band;
  std::vector<GroupFit> fits;       ///< Weibull and log-normal, the better AICc first; empty: see `no_fit`
  std::string no_fit;               ///< why there is none
};

/// A cell that takes no part.
struct LeftOut {
  std::string name, source, reason;
};

struct Comparison {
  std::string by;                    ///< its key; empty: one group
  std::vector<CcdRow> rows;          ///< that take part
  std::vector<LeftOut> left_out;
  std::vector<Group> groups;         ///< by level
  std::optional<PermutationTest> log_rank, wilcoxon, trend; ///< empty: see `no_test`
  std::string no_test;
  std::vector<Regression> regressions; ///< the better AICc first; empty: see `no_regression`
  std::string no_regression;
  std::optional<Plan> plan;
  std::string no_plan;
  std::vector<std::string> notes;    ///< what to keep in mind, one sentence each
};

/// @throws Error D469 when no row has a CCD and the factor; D460 as `regress`; Cancelled. What else cannot be said is in the `no_...`.
Comparison compare(std::vector<CcdRow> rows, const CompareOptions& options, const work::Task& task = {});

} // namespace platen::groups

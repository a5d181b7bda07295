#pragma once
// The rows of Ham et al. (2022) on pressure, CCD and life as a likelihood. Theory: docs/theory/fit.md.

#include "calibrate/problem.hpp"
#include "study/study.hpp"
#include "targets/targets.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace platen::calibrate {

class PublishedCells;

/// ln of the scatter of CCDs between equal cells is fitted like a law's number, but is none of theirs.
inline constexpr std::string_view cell_scatter = "scatter.ccd";

/// Numbers of set Ham2022 that the rows are fitted with, in this order, with the scatter between cells as the last. Numbers of a
/// law that `mechanisms` switches off are left out. Starts are the priors' centres.
std::vector<Number> ham2022_numbers(const Mechanisms& mechanisms);

/// The figures (of the paper's main text or supplement: "3", "S6") that a row was read from: those of its column, and those that
/// its note says it was inferred from.
std::vector<std::string> figures_of(const Target& row);

/// How the likelihood sees a row.
struct RowTerm {
  Target row;
  std::vector<std::string> figures;
  std::vector<std::string> cells; ///< studies that it needs
  bool censored = false;          ///< an interval of CCDs or lives; else normal
  double low = 0.0, high = 0.0;   ///< of the interval, in the row's unit; high infinite: not seen to fail
};

/// Rows of data/targets/ham2022.csv that are terms, in the order of the file.
std::vector<RowTerm> ham2022_terms();

/// A row seen from one set of numbers.
struct RowChance {
  double likelihood = 0.0; ///< probability of the term's interval; of a normal term its density relative to the peak
  double in_band = 0.0;    ///< probability that one more cell meets the row: its band, with the scatter between cells
};

struct PublishedProblem {
  Problem problem;                       ///< groups are the rows' first figures, labels their ids
  std::shared_ptr<PublishedCells> cells; ///< what the terms are evaluated with

  /// What each of `terms` is worth at `values`. Empty where a cell could not be simulated.
  std::vector<RowChance> chances(std::span<const RowTerm> terms, std::span<const double> values, const work::Task& task = {}) const;
};

/// Studies (by file name) that `evaluate_targets` needs for a row that a model can say something about; empty for other rows.
std::vector<std::string> studies_of(std::string_view row);

/// With a figure left out every row is left out that was read from it or inferred from it. @throws Error B041 when no row is of it.
PublishedProblem ham2022_problem(const Mechanisms& mechanisms, std::string_view left_out = {});

/// Set Ham2022 with fitted numbers in place of its own; the scatter has no place there.
physics::Parameters with_values(physics::Parameters parameters, std::span<const Number> numbers, std::span<const double> values);

} // namespace platen::calibrate

#pragma once
// What the parameters and mechanisms may be: weighted studies that all could be true of the same cell.

#include "advise/goal.hpp"
#include "study/variants.hpp"

#include <string>
#include <vector>

namespace platen::advise {

/// One way in which the study may be true.
struct Explanation {
  Study study;
  std::string mechanisms; ///< switches that differ from the study's, "yielding_gap on"; "as in the study"
  double weight = 0.0;    ///< of all together 1
  std::vector<std::string> outside; ///< parameters outside the range that their set allows
};

struct Ensemble {
  std::string name;       ///< what it is, in words
  bool conditioned = false; ///< its members have been held against measurements
  std::vector<Explanation> sets;
  std::vector<Diagnostic> warnings;
};

/// The ensemble of a request: its table, else the built-in one of the study's parameter set, else draws from ranges. Against a table of the
/// user's, numbers that the study states give way; against the other two they stay. `study_file` is what `study` was read from. @throws Error of the table (C120 to C126), D001.
Ensemble ensemble_for(const Study& study, const std::filesystem::path& study_file, const EnsembleRequest& request);

/// The table without the columns of parameters that the study states itself, and their names.
OverrideTable without_stated(const OverrideTable& table, const Study& study, std::vector<std::string>& left_out);

/// `sets` rows of a table of overrides, drawn by their weights; `variants` is the study with the table's columns. Rows are what their
/// `explanation` says, else what their switches say. Rows that give no study are left out, and the rest weigh more.
/// @throws Error C087 when no row gives one.
Ensemble ensemble_of_table(const Variants& variants, const OverrideTable& table, std::size_t sets, std::uint64_t seed);

/// `sets` parameter sets: the numbers that the study's set calls fitted, each drawn from its range (Latin hypercube, triangular about the
/// set's value), under the study's mechanisms and the rival ones. Numbers that the study states itself stay.
Ensemble ensemble_of_ranges(const Study& study, std::size_t sets, std::uint64_t seed);

/// As many of a systematic draw with the table's weights; the same row may come several times.
std::vector<std::size_t> systematic_draw(const std::vector<double>& weights, std::size_t count, std::uint64_t seed);

/// Switches that differ, in words.
std::string mechanisms_in_words(const Mechanisms& of, const Mechanisms& study);

} // namespace platen::advise

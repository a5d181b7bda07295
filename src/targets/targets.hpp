#pragma once
// Published numbers as rows, evaluated against assessed records.

#include "assess/assessment.hpp"
#include "record/record.hpp"
#include "study/study.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace platen {

/// One row of data/targets/ham2022.csv.
struct Target {
  std::string id, figure, study, quantity, compare, unit, basis, target_class, note;
  std::optional<double> value, low, high; ///< in `unit`
  std::string value_text = {};            ///< of a row whose value is a word ("charge"), to be equalled
};

enum class TargetVerdict { met, missed, not_evaluated };
std::string_view label(TargetVerdict verdict); ///< "met", "missed", "not evaluated"

struct TargetResult {
  Target target;
  std::optional<double> platen; ///< in the target's unit
  std::string platen_text;      ///< where the row's value is a word
  std::vector<std::string> fitted; ///< parameters of set Ham2022 that were fitted to, or derived from, this row
  TargetVerdict verdict = TargetVerdict::not_evaluated;
  std::string note; ///< what was fitted to the row, or why it was not evaluated
  std::string tried; ///< of a missed row: what was tried to meet it (data/targets/ham2022-tried.csv)
};

/// Every row, in the order of the file.
std::vector<Target> ham2022_targets();

/// The verdict of a value (in the row's unit) against its band; an open end of the band is no bound.
TargetVerdict judge(const Target& target, double value);

/// One cell to hold against the paper.
struct JudgedCell {
  const Record* record;
  const Assessment* assessment;
};

/// Every row with the value that these cells give, where they give one; rows of arithmetic and of input need no cell. Cells are
/// recognised by what their record says: configuration, fixture, loading, stack pressure, temperature, contact hold, and
/// by the currents applied (ramp or life test).
std::vector<TargetResult> evaluate_targets(std::span<const JudgedCell> cells);

/// The experiments of Ham et al. 2022 (studies/ham2022 without the bases that they extend), life tests first: they take
/// longest. Each one's first source names its file.
std::vector<Study> ham2022_studies();

/// One number of set Ham2022 that owes something to published rows.
struct FittedNumber {
  std::string key;               ///< "contact.initial"
  std::string basis;             ///< "fitted" or "derived"
  std::vector<std::string> rows; ///< "T07", as its source says; may be empty
};
/// Every fitted number of the set, and every derived one whose source names rows.
std::vector<FittedNumber> ham2022_fitted();

/// What a reproduction comes to.
struct TargetCounts {
  std::size_t rows = 0, met = 0, missed = 0, not_evaluated = 0;
  std::size_t model = 0, model_met = 0, model_evaluated = 0; ///< rows of the class model
  std::size_t unfitted = 0, unfitted_met = 0, unfitted_evaluated = 0; ///< of those, rows that nothing was fitted to: the evidence
  std::size_t fitted_numbers = 0; ///< numbers of the set with basis "fitted"
};
TargetCounts count(const std::vector<TargetResult>& results);

} // namespace platen

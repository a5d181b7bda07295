#pragma once
// Published numbers as rows, evaluated against assessed records.

#include "assess/assessment.hpp"
#include "record/record.hpp"

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
};

enum class TargetVerdict { met, missed, not_evaluated };
std::string_view label(TargetVerdict verdict); ///< "met", "missed", "not evaluated"

struct TargetResult {
  Target target;
  std::optional<double> platen; ///< in the target's unit
  TargetVerdict verdict = TargetVerdict::not_evaluated;
  std::string note; ///< what was fitted to the row, or why it was not evaluated
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

/// Every row with the value that these cells give, where they give one. Cells are recognised by what their record says:
/// symmetric, contact hold at 25 MPa and room temperature, hold time.
std::vector<TargetResult> evaluate_targets(std::span<const JudgedCell> cells);

} // namespace platen

#pragma once
// Published numbers as rows, evaluated against assessed simulations.

#include "work/work.hpp"

#include <optional>
#include <span>
#include <string>
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
  std::string note; ///< what was tried, or why it was not evaluated
};

std::vector<Target> ham2022_targets();
/// The verdict of a value against a row's band.
TargetVerdict judge(const Target& target, double value);

} // namespace platen

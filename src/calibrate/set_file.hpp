#pragma once
// The fitted numbers as files: a parameter set with provenance, and the draws as a table of overrides.

#include "calibrate/calibrate.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace platen::calibrate {

/// A file that the calibration read: name and SHA-256 of its bytes.
using Inputs = std::vector<std::pair<std::string, std::string>>;

/// A set that extends the file's (`set`) by the fitted numbers of the laws: basis "fitted", the source names the calibration, what it was fitted to and the
/// program, `range` is the 95 % interval (or the bound, where a side is open) and `note` says in words how well the number is known.
/// docs/formats/parameter-set.md.
std::string fitted_set_toml(const Calibration& calibration, const Inputs& inputs, std::string_view program);

/// Draws of the numbers of the laws, one per row, as a table of overrides (docs/formats/overrides.md).
std::string draws_csv(const Calibration& calibration);

} // namespace platen::calibrate

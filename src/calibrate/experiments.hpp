#pragma once
// Tests that nobody has run: studies/experiments, embedded.

#include "base/embedded.hpp"
#include "study/study.hpp"

#include <span>
#include <vector>

namespace platen::calibrate {

std::span<const EmbeddedText> experiment_files();

/// Every one of them, with set Ham2022. Each one's first source names its file.
std::vector<Study> candidate_experiments();

} // namespace platen::calibrate

#pragma once
// Cells of a library as rows of a comparison.

#include "groups/row.hpp"

#include <atomic>
#include <filesystem>
#include <string>
#include <vector>

namespace platen::cli {

/// Cells (not the removed ones) that fulfil the SQL condition `where` on the view `overview`; empty: all. Their conditions are what the
/// library keeps of their preparation, and those `wanted` that the study of a simulated cell says. A CCD is refused where a person overruled the verdict that it follows from.
/// @throws Error U021, U025, D500 to D508; Cancelled.
std::vector<groups::CcdRow> rows_of_library(const std::filesystem::path& path, const std::string& where, const std::vector<std::string>& wanted,
                                            const std::atomic<bool>* stop);

} // namespace platen::cli

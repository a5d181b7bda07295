#pragma once
// What a calibration file says for `platen compare-mechanisms`: [[explanation]] and [[experiment]].

#include "calibrate/file.hpp"
#include "config/table.hpp"

namespace platen::calibrate {

inline constexpr std::size_t most_rivals = 12;

/// Fills `rivals` and `experiments`, after the numbers; faults (C207) go to the table's diagnostics.
void read_rivals(const config::Table& root, CalibrationFile& file);

/// Those of `ham2022_explanations`, without those that say the same of all of these studies: a symmetric cell has no composite, springs no gap that gives way.
std::vector<RivalEntry> default_rivals(std::span<const Study> studies);

/// Whether a law with these switches has the number, in any of the studies.
bool acts(std::string_view number, const RivalEntry& rival, std::span<const Study> studies);

} // namespace platen::calibrate

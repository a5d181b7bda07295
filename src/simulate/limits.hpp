#pragma once
// Which law limits a simulated cell, row by row and in the end. Theory: docs/theory/limits.md.

#include "physics/limit.hpp"
#include "record/record.hpp"

#include <array>
#include <optional>
#include <vector>

namespace platen {

/// "threshold", "supply", "intrusion", "reservoir"; "none".
std::string_view label(physics::Limit limit);

/// What limited the cell of a simulated record: the law in the last row under current before a filament grew by a tenth of its
/// flaw's depth, or of all rows where none did. Empty for a record without the column `limit`, or without current.
std::optional<physics::Limit> limiting_law(const Record& record);

namespace simulation {

/// What the loads of (N1) are shares of, per electrode.
struct LimitScale {
  std::array<bool, 2> lithium{};               ///< is it lithium metal?
  std::array<double, 2> critical_as_pressed{}; ///< V
  double focus = 1.0; ///< local over mean current density, (M4)
};

/// The column `limit` of a record with the columns of the states.
std::vector<double> limits(const LimitScale& scale, const Record& record);

} // namespace simulation
} // namespace platen

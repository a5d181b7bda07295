#pragma once
// Reads one [[axis]] of a campaign file.

#include "campaign/plan.hpp"
#include "config/table.hpp"

#include <optional>

namespace platen::campaign {

/// Faults go to the table's diagnostics. Empty after a fault.
std::optional<Axis> read_axis(const config::Table& table, DesignKind design);

} // namespace platen::campaign

#pragma once
// The sentences of a test as the steps of a cycler's program.

#include "advise/bench_sheet.hpp"

#include <span>

namespace platen::advise {

/// `borne` holds for every sentence of the test the highest current density (A/m2) that the simulated cell bore; 0 or no
/// entry: not known. Warnings (C070) go to `diagnostics`.
std::vector<CyclerStep> cycler_steps(const Study& study, std::span<const double> borne, Diagnostics& diagnostics);

} // namespace platen::advise

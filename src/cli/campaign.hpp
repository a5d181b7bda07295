#pragma once
// What `platen campaign` and `platen-mpi campaign` share: everything but who carries the runs out.

#include "campaign/campaign.hpp"
#include "cli/arguments.hpp"

#include <functional>
#include <string_view>

namespace platen::cli {

/// Carries out what is missing in the store. @throws Cancelled.
using CarryOut = std::function<void(const campaign::Campaign&, campaign::Store&, const work::Task&, const campaign::OnKept&)>;

/// Keeps the journal, tells the progress, writes the table and says what came of it. `command` is how the program was called, for
/// the hint that says how to go on. @returns the exit code.
int run_campaign(const Arguments& arguments, const campaign::Campaign& campaign, std::string_view command, const CarryOut& carry_out);

} // namespace platen::cli

#pragma once
// What a campaign says, as figures, as a page, in words and as JSON.

#include "campaign/findings.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace platen::report {

// Figures, each one <svg>; empty when the findings do not hold what the figure shows. `standalone`: a file of its own.
std::string indices_figure(const campaign::Findings& f, bool standalone = false);      ///< Sobol: bars with bounds
std::string effects_figure(const campaign::Findings& f, bool standalone = false);      ///< Morris: mu* and mu as bars with bounds
std::string morris_plane(const campaign::Findings& f, const std::string& id, bool standalone = false); ///< sigma over mu*
std::string curves_figure(const campaign::Findings& f, const std::string& id, bool standalone = false);
std::string chart_figure(const campaign::Findings& f, const std::string& id, bool standalone = false);
std::string surface_map(const campaign::Findings& f, const std::string& id, bool standalone = false);  ///< over the two strongest factors
std::string surface_effects(const campaign::Findings& f, const std::string& id, std::size_t axis);     ///< the mean over all others
std::string surface_shares(const campaign::Findings& f, bool standalone = false);

/// The figure that fits best, as a file of its own; empty when there is none.
std::string best_figure(const campaign::Findings& f);

/// A level of an axis: three digits, or all left of the point. "1.78", "1440".
std::string level_text(double level);
/// A share with three decimals, "-" when not finite.
std::string share_text(double share);
/// "100 runs, 5 without a result, 3 lower bounds".
std::string tally_text(const campaign::Tally& tally);

/// A page over all results of one campaign. `program` made it.
std::string html_explored(std::string_view title, const std::vector<campaign::Findings>& results, std::string_view program);
/// Tables for a terminal.
std::string text_explored(const std::vector<campaign::Findings>& results);
/// platen.campaign-findings/1, ending in a newline.
std::string json_explored(std::string_view title, const std::vector<campaign::Findings>& results);

} // namespace platen::report

#pragma once
// From the runs of a campaign to what is drawn and said of one result: which picture fits the design, and what to keep in mind.

#include "campaign/explore.hpp"

#include <optional>
#include <string>
#include <vector>

namespace platen::campaign {

/// Each part is there when the design gives it.
struct Findings {
  Explored explored;
  Tally tally;
  std::vector<numerics::MorrisEffect> morris;    ///< one per axis
  std::optional<numerics::SobolIndices> sobol;
  std::vector<Curve> curves;
  std::size_t curve_axis = 0;
  std::optional<std::size_t> group_axis;
  std::optional<Chart> chart;
  std::size_t chart_x = 0, chart_y = 1;
  std::optional<Surface> surface;                ///< of scattered runs and of grids over more than two axes
  std::vector<FailureTrend> trends;
  std::vector<std::string> notes;                ///< sentences
};

/// What fits: indices of a Morris or Saltelli design; a curve over one axis; two axes whose levels cross as a map, or as one curve per
/// level when one of them holds words; a surface through anything else.
Findings findings(Explored explored, const numerics::Resampling& resampling = {});

/// Axes from the most to the least influential: by total index, mu* or share of the surface; in their own order without any of these.
std::vector<std::size_t> by_influence(const Findings& findings);

} // namespace platen::campaign

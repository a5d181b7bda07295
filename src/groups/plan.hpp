#pragma once
// How many cells does a comparison need? Simulated: cells are drawn, ramped on the grid, and tested as they would be.

#include "groups/aft.hpp"
#include "groups/permutation.hpp"
#include "work/work.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace platen::groups {

/// The steps of a ramp, A/m2: start, start + increment ... up to the cap.
struct RampGrid {
  double start = 0.0, increment = 0.0, cap = 0.0;
};

/// What a ramp says of a cell whose CCD is known (X16).
Interval observe(double ccd, const RampGrid& ramp);

struct PlanQuestion {
  Distribution distribution = Distribution::log_normal;
  double median = 0.0;     ///< A/m2, of the group to compare with
  double sigma = 0.0;      ///< scatter of the logarithm, equal in both groups
  double difference = 0.0; ///< A/m2, by which the other group's median is higher (or lower)
  RampGrid ramp;
  Scores scores = Scores::log_rank;
  double level = 0.05;     ///< two-sided, of the test
  double wanted = 0.8;     ///< power
  std::size_t simulations = 2000;
  std::size_t most = 100;  ///< cells per group
  std::uint64_t seed = 1;
};

struct PowerPoint {
  std::size_t per_group = 0;
  double power = 0.0;
  double error = 0.0; ///< standard error of the simulation
};

struct Plan {
  PlanQuestion question;
  std::vector<PowerPoint> points;      ///< rising numbers of cells
  std::optional<std::size_t> needed;   ///< fewest cells per group with the wanted power; empty: more than `most`
  std::optional<std::size_t> at_least, at_most; ///< what two standard errors of the simulation leave open
};

/// Share of simulated comparisons with p <= level. Deals are counted up to 5000, beyond that the permutation distribution is taken as
/// normal with its own variance (X17). Does not depend on the number of threads. @throws Cancelled.
PowerPoint power_of(const PlanQuestion& question, std::size_t per_group, const work::Task& task = {});

/// @throws Error D467 when the question makes no sense (no scatter, a difference that leaves no CCD, a ramp without steps); Cancelled.
Plan plan(const PlanQuestion& question, const work::Task& task = {});

} // namespace platen::groups

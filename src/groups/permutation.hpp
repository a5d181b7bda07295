#pragma once
// Do groups of cells differ? Scores of interval-censored CCDs, dealt out anew among the groups.

#include "groups/turnbull.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace platen::groups {

enum class Scores {
  log_rank, ///< (X10): every current density counts the same; the log-rank test where nothing is interval-censored
  wilcoxon, ///< (X11): the middle of the distribution counts most; Wilcoxon's ranks where nothing is censored
};
std::string_view label(Scores scores); ///< "log-rank", "Wilcoxon"

/// One score per cell, of the pooled estimate; they sum to zero. Log-rank: positive for cells that failed early; Wilcoxon: negative.
/// Source: Sun, Stat. Med. 15 (1996) 1387; Fay, Biometrics 52 (1996) 811.
std::vector<double> scores_of(Scores scores, std::span<const Interval> sample, const Turnbull& pooled);

struct PermutationTest {
  double statistic = 0.0;  ///< (X12) for groups, (X13) for a trend
  double p_value = 1.0;
  bool exact = false;      ///< every distinct way to deal the cells was counted
  double error = 0.0;      ///< standard error of a p-value from random deals, 0 when exact
  std::uint64_t deals = 0; ///< that were counted
  double smallest = 0.0;   ///< the smallest p-value that so many cells, or deals, can give; what is above 0.05 can prove nothing
};

struct PermutationOptions {
  std::uint64_t seed = 1;
  std::uint64_t deals = 99'999;         ///< random ones, when there are more than `most_exact`
  std::uint64_t most_exact = 200'000;
};

/// Whether the groups (numbers from 0, one per cell) have the same distribution. @throws Error B004 when lengths differ or no two groups are there.
PermutationTest permute_groups(std::span<const double> scores, std::span<const std::size_t> group, const PermutationOptions& options = {});

/// Whether CCDs rise or fall with a number known of each cell (two-sided). @throws Error B004.
PermutationTest permute_trend(std::span<const double> scores, std::span<const double> x, const PermutationOptions& options = {});

} // namespace platen::groups

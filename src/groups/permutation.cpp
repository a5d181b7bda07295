#include "groups/permutation.hpp"

#include "base/error.hpp"
#include "numerics/random.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <functional>
#include <numeric>

namespace platen::groups {
namespace {

/// Statistics that differ by rounding alone are equal.
bool at_least(double statistic, double observed) { return statistic >= observed - 1e-9 * (1.0 + std::abs(observed)); }

/// (X10): what each cell adds to observed less expected failures.
std::vector<double> log_rank_scores(std::span<const Interval> sample, const Turnbull& pooled) {
  const std::size_t n = sample.size(), m = pooled.masses.size();
  std::vector<double> at(n * m, 0.0), failing(m, 0.0), exposed(m, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    double share = 0.0, left = 1.0;
    for (std::size_t j = 0; j < m; ++j)
      if (holds(sample[i], pooled.masses[j])) share += at[i * m + j] = pooled.masses[j].probability;
    for (std::size_t j = 0; j < m; ++j) {
      at[i * m + j] /= share;
      failing[j] += at[i * m + j];
      exposed[j] += left;
      left -= at[i * m + j];
    }
  }
  // Of the last mass, what passed everything, each cell is expected to have just what it has: it adds nothing.
  std::vector<double> out(n, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    double left = 1.0;
    for (std::size_t j = 0; j < m; ++j) {
      if (!(exposed[j] > 0.0)) break;
      out[i] += at[i * m + j] - std::max(left, 0.0) * failing[j] / exposed[j];
      left -= at[i * m + j];
    }
  }
  return out;
}

/// (X11): share that passes where the cell's interval begins, and where it ends, less one.
std::vector<double> wilcoxon_scores(std::span<const Interval> sample, const Turnbull& pooled) {
  std::vector<double> out;
  for (const Interval& i : sample) {
    double beyond = 0.0, below = 0.0;
    for (const Mass& mass : pooled.masses) {
      if (holds(i, mass)) continue;
      (mass.low >= i.high ? beyond : below) += mass.probability;
    }
    out.push_back(below - beyond);
  }
  return out;
}

/// Calls `visit` with the statistic of the observed deal and of every other one, or of random ones.
PermutationTest count_deals(double observed, double deals, const std::function<void(const std::function<void(double)>&)>& every,
                            const std::function<double(numerics::RandomStream&)>& random, const PermutationOptions& options) {
  PermutationTest out;
  out.statistic = observed;
  std::uint64_t extreme = 0;
  if (deals <= static_cast<double>(options.most_exact)) {
    out.exact = true;
    double largest = observed;
    std::vector<double> seen;
    every([&](double statistic) { seen.push_back(statistic); });
    for (const double s : seen) largest = std::max(largest, s);
    std::uint64_t top = 0;
    for (const double s : seen) {
      extreme += at_least(s, observed) ? 1 : 0;
      top += at_least(s, largest) ? 1 : 0;
    }
    out.deals = seen.size();
    out.p_value = static_cast<double>(extreme) / static_cast<double>(out.deals);
    out.smallest = static_cast<double>(top) / static_cast<double>(out.deals);
    return out;
  }
  numerics::RandomStream stream(options.seed, "permutation");
  for (std::uint64_t k = 0; k < options.deals; ++k) extreme += at_least(random(stream), observed) ? 1 : 0;
  out.deals = options.deals;
  const double all = static_cast<double>(options.deals);
  out.p_value = static_cast<double>(extreme + 1) / (all + 1.0); // the observed deal is one of them
  out.error = std::sqrt(out.p_value * (1.0 - out.p_value) / all);
  out.smallest = 1.0 / (all + 1.0);
  return out;
}

/// (X12) Sum over groups of (sum of scores)^2 / size, about nil.
double group_statistic(std::span<const double> scores, std::span<const std::size_t> group, std::vector<double>& sums,
                       std::span<const double> sizes) {
  std::fill(sums.begin(), sums.end(), 0.0);
  for (std::size_t i = 0; i < scores.size(); ++i) sums[group[i]] += scores[i];
  double out = 0.0;
  for (std::size_t g = 0; g < sums.size(); ++g)
    if (sizes[g] > 0.0) out += sums[g] * sums[g] / sizes[g];
  return out;
}

template <class T>
void shuffle(std::vector<T>& values, numerics::RandomStream& stream) {
  for (std::size_t k = values.size(); k-- > 1;) {
    const auto other = std::min(k, static_cast<std::size_t>(stream.uniform() * static_cast<double>(k + 1)));
    std::swap(values[k], values[other]);
  }
}

/// n! over the factorials of how often each value stands there.
double distinct_deals(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  double out = std::lgamma(static_cast<double>(values.size()) + 1.0);
  for (std::size_t first = 0; first < values.size();) {
    std::size_t last = first;
    while (last < values.size() && values[last] == values[first]) ++last;
    out -= std::lgamma(static_cast<double>(last - first) + 1.0);
    first = last;
  }
  return std::round(std::exp(out));
}

} // namespace

std::string_view label(Scores scores) { return scores == Scores::log_rank ? "log-rank" : "Wilcoxon"; }

std::vector<double> scores_of(Scores scores, std::span<const Interval> sample, const Turnbull& pooled) {
  return scores == Scores::log_rank ? log_rank_scores(sample, pooled) : wilcoxon_scores(sample, pooled);
}

PermutationTest permute_groups(std::span<const double> scores, std::span<const std::size_t> group, const PermutationOptions& options) {
  const std::size_t groups = group.empty() ? 0 : 1 + *std::max_element(group.begin(), group.end());
  if (groups < 2 || scores.size() != group.size())
    throw Error("B004", fmt::format("a comparison needs two groups and one score per cell, got {} groups, {} scores for {} cells",
                                    groups, scores.size(), group.size()));
  std::vector<double> sizes(groups, 0.0), sums(groups);
  for (const std::size_t g : group) sizes[g] += 1.0;
  std::vector<std::size_t> dealt(group.begin(), group.end());
  const double observed = group_statistic(scores, dealt, sums, sizes);
  const auto every = [&](const std::function<void(double)>& visit) {
    std::sort(dealt.begin(), dealt.end());
    do visit(group_statistic(scores, dealt, sums, sizes));
    while (std::next_permutation(dealt.begin(), dealt.end()));
  };
  const auto random = [&](numerics::RandomStream& stream) {
    shuffle(dealt, stream);
    return group_statistic(scores, dealt, sums, sizes);
  };
  return count_deals(observed, distinct_deals({group.begin(), group.end()}), every, random, options);
}

PermutationTest permute_trend(std::span<const double> scores, std::span<const double> x, const PermutationOptions& options) {
  if (scores.size() != x.size() || x.size() < 2)
    throw Error("B004", fmt::format("a trend needs one score per number, got {} and {}", scores.size(), x.size()));
  const double mean = std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
  std::vector<double> dealt;
  for (const double v : x) dealt.push_back(v - mean);
  const auto statistic = [&] { return std::abs(std::inner_product(scores.begin(), scores.end(), dealt.begin(), 0.0)); }; // (X13)
  const double observed = statistic();
  const auto every = [&](const std::function<void(double)>& visit) {
    std::sort(dealt.begin(), dealt.end());
    do visit(statistic());
    while (std::next_permutation(dealt.begin(), dealt.end()));
  };
  const auto random = [&](numerics::RandomStream& stream) {
    shuffle(dealt, stream);
    return statistic();
  };
  return count_deals(observed, distinct_deals(dealt), every, random, options);
}

} // namespace platen::groups

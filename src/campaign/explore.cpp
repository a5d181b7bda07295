#include "campaign/explore.hpp"

#include "base/error.hpp"
#include "numerics/statistics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

namespace platen::campaign {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// Runs at every value of an axis.
std::map<double, std::vector<std::size_t>> by_level(const ExploredAxis& axis, std::span<const std::size_t> runs) {
  std::map<double, std::vector<std::size_t>> out;
  for (const std::size_t k : runs)
    if (std::isfinite(axis.values[k])) out[axis.values[k]].push_back(k);
  return out;
}

std::vector<std::size_t> all_runs(const Explored& explored) {
  std::vector<std::size_t> out(explored.runs());
  for (std::size_t k = 0; k < out.size(); ++k) out[k] = k;
  return out;
}

void count(const ExploredResult& result, std::size_t run, Tally& tally) {
  ++tally.runs;
  if (result.beyond[run] != 0) ++(std::isfinite(result.values[run]) ? tally.beyond : tally.open);
  else if (!std::isfinite(result.values[run])) ++tally.missing;
}

/// Places of all runs, run by run.
std::vector<double> places(const Explored& explored) {
  std::vector<double> out;
  out.reserve(explored.runs() * explored.axes.size());
  for (std::size_t k = 0; k < explored.runs(); ++k)
    for (const ExploredAxis& axis : explored.axes) out.push_back(axis.place(axis.values[k]));
  return out;
}

} // namespace

double ExploredAxis::place(double value) const {
  if (!words.empty()) return (value + 0.5) / static_cast<double>(words.size());
  const double place = log ? std::log(value / low) / std::log(high / low) : (value - low) / (high - low);
  return std::clamp(place, 0.0, 1.0); // ends that were written as text and read again
}

Tally tally(const ExploredResult& result) {
  Tally out;
  for (std::size_t k = 0; k < result.values.size(); ++k) count(result, k, out);
  return out;
}

Spot spot(const ExploredResult& result, std::span<const std::size_t> runs) {
  Spot out{none, none, none, false, {}};
  std::vector<std::pair<bool, double>> known; // whether it is a bound, and where
  for (const std::size_t k : runs) {
    count(result, k, out.tally);
    const double value = result.values[k];
    const bool bound = result.beyond[k] != 0;
    if (bound) known.emplace_back(true, std::isnan(value) ? std::numeric_limits<double>::infinity() : value);
    else if (std::isfinite(value)) known.emplace_back(false, value);
    if (!std::isfinite(value)) continue;
    out.low = std::fmin(out.low, value);
    out.high = std::fmax(out.high, value);
  }
  if (known.empty()) return out;
  // A bound may lie anywhere above itself, so it counts as higher than every known value: the median is right when fewer than half
  // of the runs are bounds, and a bound itself otherwise.
  std::sort(known.begin(), known.end());
  const auto &below = known[(known.size() - 1) / 2], &above = known[known.size() / 2];
  out.beyond = above.first;
  out.middle = above.first ? below.second : 0.5 * (below.second + above.second); // of two bounds the lower one comes first
  if (std::isinf(out.middle)) out.middle = none;
  return out;
}

std::vector<double> levels(const ExploredAxis& axis) {
  std::set<double> out;
  for (const double v : axis.values)
    if (std::isfinite(v)) out.insert(v);
  return {out.begin(), out.end()};
}

std::vector<Curve> curves(const Explored& explored, std::size_t axis, std::optional<std::size_t> group) {
  std::vector<Curve> out;
  const auto add = [&](std::string name, std::span<const std::size_t> runs) {
    Curve curve{std::move(name), {}, {}};
    for (const auto& [x, here] : by_level(explored.axes[axis], runs)) {
      curve.x.push_back(x);
      curve.spots.push_back(spot(explored.result, here));
    }
    out.push_back(std::move(curve));
  };
  const auto every = all_runs(explored);
  if (!group) {
    add("", every);
    return out;
  }
  const ExploredAxis& by = explored.axes[*group];
  for (const auto& [level, runs] : by_level(by, every))
    add(by.words.empty() ? fmt::format("{} {:.6g}{}{}", by.name, level, by.unit.empty() ? "" : " ", by.unit) : by.words[static_cast<std::size_t>(level)], runs);
  return out;
}

Chart chart(const Explored& explored, std::size_t x, std::size_t y) {
  Chart out{levels(explored.axes[x]), levels(explored.axes[y]), {}};
  const auto rows = by_level(explored.axes[y], all_runs(explored));
  for (const double level : out.y) {
    const auto cells = by_level(explored.axes[x], rows.at(level));
    for (const double at : out.x) {
      const auto cell = cells.find(at);
      out.spots.push_back(spot(explored.result, cell == cells.end() ? std::span<const std::size_t>() : std::span<const std::size_t>(cell->second)));
    }
  }
  return out;
}

std::vector<FailureTrend> failure_trends(const Explored& explored) {
  std::vector<FailureTrend> out;
  for (std::size_t a = 0; a < explored.axes.size(); ++a) {
    std::vector<double> missing, present;
    for (std::size_t k = 0; k < explored.runs(); ++k)
      (std::isfinite(explored.result.values[k]) ? present : missing).push_back(explored.axes[a].place(explored.axes[a].values[k]));
    if (missing.size() < 5 || present.size() < 5) continue; // too few to see a trend
    const double there = numerics::mean(missing), here = numerics::mean(present);
    const double error = std::hypot(numerics::standard_deviation(missing) / std::sqrt(static_cast<double>(missing.size())),
                                    numerics::standard_deviation(present) / std::sqrt(static_cast<double>(present.size())));
    if (std::abs(there - here) > 4.0 * error) out.push_back({a, there, here});
  }
  return out;
}

std::vector<numerics::MorrisEffect> morris(const Explored& explored) {
  return numerics::morris_effects(explored.points, explored.result.values, explored.axes.size());
}

numerics::SobolIndices sobol(const Explored& explored, const numerics::Resampling& resampling) {
  return numerics::sobol_indices(explored.result.values, explored.axes.size(), resampling);
}

Surface surface(const Explored& explored) {
  Surface out;
  try {
    numerics::ResponseSurface fitted(places(explored), explored.result.values, explored.axes.size());
    if (fitted.foreseen() < least_foreseen)
      out.why_not = fmt::format("the best surface ({}) foresees {:.0f} % of the variance of runs it has not seen; less than {:.0f} % would mislead",
                                label(fitted.shape()), 100.0 * std::max(0.0, fitted.foreseen()), 100.0 * least_foreseen);
    else out.surface = std::move(fitted);
  } catch (const Error& error) {
    out.why_not = error.diagnostics().front().message;
  }
  return out;
}

} // namespace platen::campaign

#include "campaign/findings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

namespace platen::campaign {
namespace {

constexpr std::size_t most_levels = 40;

bool in_words(const ExploredAxis& axis) { return !axis.words.empty(); }

/// Whether the levels of both axes cross: most of their pairs were run.
bool cross(const Chart& chart) {
  if (chart.x.size() < 2 || chart.y.size() < 2 || chart.x.size() > most_levels || chart.y.size() > most_levels) return false;
  const auto asked = std::count_if(chart.spots.begin(), chart.spots.end(), [](const Spot& s) { return s.tally.runs > 0; });
  return 2 * static_cast<std::size_t>(asked) >= chart.spots.size();
}

void of_one_axis(Findings& f) {
  if (in_words(f.explored.axes[0])) return; // a bar chart of medians is a table
  f.curves = curves(f.explored, 0, std::nullopt);
}

/// @returns whether the two axes cross.
bool of_two_axes(Findings& f) {
  const ExploredAxis &a = f.explored.axes[0], &b = f.explored.axes[1];
  Chart crossed = chart(f.explored, 0, 1);
  if (!cross(crossed)) return false;
  if (in_words(a) != in_words(b)) {
    f.curve_axis = in_words(a) ? 1 : 0;
    f.group_axis = in_words(a) ? 0 : 1;
    f.curves = curves(f.explored, f.curve_axis, f.group_axis);
    return true;
  }
  f.chart = std::move(crossed);
  return true;
}

void note_runs(Findings& f) {
  const Tally& t = f.tally;
  if (t.open > 0)
    f.notes.push_back(fmt::format("In {} of {} runs no short was seen, and the table does not say up to which current: ask for `last_passed` among the results. They count "
                                  "as higher than any known value in medians and are left out elsewhere.",
                                  t.open, t.runs));
  if (t.missing > 0)
    f.notes.push_back(fmt::format("{} of {} runs have no {}: they failed, or the test gives none. They are left out; what is shown is of the others.", t.missing, t.runs,
                                  f.explored.result.name));
  for (const FailureTrend& trend : f.trends) {
    const ExploredAxis& axis = f.explored.axes[trend.axis];
    f.notes.push_back(fmt::format("Runs without a result are not spread evenly: they lie at {} values of {} (mean place in its range {:.2f}, of the others {:.2f}). "
                                  "Influence of {} is then seen only where runs succeed.",
                                  trend.missing_place > trend.present_place ? "high" : "low", axis.name, trend.missing_place, trend.present_place, axis.name));
  }
  if (t.beyond == 0) return;
  f.notes.push_back(fmt::format("In {} of {} runs no short was seen: there the value is a lower bound.{}", t.beyond, t.runs,
                                f.sobol || !f.morris.empty() || f.surface ? " The analysis takes it as it stands, so that it explains the result capped at the end of the ramp."
                                                                          : ""));
}

void note_sobol(Findings& f) {
  const numerics::SobolIndices& s = *f.sobol;
  if (!std::has_single_bit(s.rows))
    f.notes.push_back(fmt::format("{} rows are no power of two; the Sobol sequence fills the ranges evenly only at powers of two.", s.rows));
  if (std::none_of(s.factors.begin(), s.factors.end(), [](const auto& i) { return std::isfinite(i.first.value); })) {
    f.notes.push_back(fmt::format("{} does not vary over these ranges: there is nothing to explain.", f.explored.result.name));
    return;
  }
  std::vector<std::string> unsure;
  for (std::size_t a = 0; a < s.factors.size(); ++a)
    if (s.factors[a].total.high - s.factors[a].total.low > 0.2) unsure.push_back(f.explored.axes[a].name);
  if (!unsure.empty())
    f.notes.push_back(fmt::format("The total index of {} is known no better than to +/- 0.1: four times the rows would halve its bounds.", fmt::join(unsure, ", ")));
}

void note_morris(Findings& f) {
  const auto few = std::find_if(f.morris.begin(), f.morris.end(), [](const auto& e) { return e.effects < 4; });
  if (few != f.morris.end()) f.notes.push_back("Fewer than four trajectories: an order of the factors cannot be told from chance.");
}

} // namespace

Findings findings(Explored explored, const numerics::Resampling& resampling) {
  Findings f;
  f.explored = std::move(explored);
  f.tally = tally(f.explored.result);
  f.trends = failure_trends(f.explored);
  if (f.explored.sampling == Sampling::morris) f.morris = morris(f.explored);
  else if (f.explored.sampling == Sampling::saltelli) f.sobol = sobol(f.explored, resampling);
  else if (f.explored.axes.size() == 1) of_one_axis(f);
  else if (f.explored.axes.size() > 2 || (f.explored.axes.size() == 2 && !of_two_axes(f))) f.surface = surface(f.explored);
  note_runs(f);
  if (f.sobol) note_sobol(f);
  if (!f.morris.empty()) note_morris(f);
  return f;
}

std::vector<std::size_t> by_influence(const Findings& f) {
  std::vector<double> influence(f.explored.axes.size(), 0.0);
  if (f.sobol)
    for (std::size_t a = 0; a < influence.size(); ++a) influence[a] = f.sobol->factors[a].total.value;
  for (std::size_t a = 0; a < f.morris.size(); ++a) influence[a] = f.morris[a].mean_absolute.value;
  if (f.surface && f.surface->surface) {
    const auto shares = f.surface->surface->shares();
    for (std::size_t a = 0; a < influence.size(); ++a) influence[a] = shares[a].total;
  }
  for (double& v : influence)
    if (!std::isfinite(v)) v = -1.0;
  std::vector<std::size_t> out(influence.size());
  std::iota(out.begin(), out.end(), std::size_t{0});
  std::stable_sort(out.begin(), out.end(), [&](std::size_t a, std::size_t b) { return influence[a] > influence[b]; });
  return out;
}

} // namespace platen::campaign

#include "report/explore.hpp"
#include "report/format.hpp"
#include "report/text_columns.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace platen::report {
namespace {

using campaign::Findings;
using Rows = std::vector<std::vector<std::string>>;

std::string value(double v) { return std::isfinite(v) ? number(v) : "-"; }
std::string bounds(const numerics::Bounded& b) { return std::isfinite(b.low) ? fmt::format("{} to {}", number(b.low), number(b.high)) : "-"; }
std::string share_bounds(const numerics::Bounded& b) { return std::isfinite(b.low) ? share_text(b.low) + " to " + share_text(b.high) : "-"; }
std::string in(const std::string& name, const std::string& unit) { return unit.empty() || unit == "1" ? plain(name) : fmt::format("{} ({})", plain(name), plain(unit)); }

std::string sobol_rows(const Findings& f) {
  Rows rows{{"factor", "alone", "95 %", "with interactions", "95 %", "rows"}};
  for (const std::size_t a : campaign::by_influence(f)) {
    const numerics::SobolIndex& i = f.sobol->factors[a];
    rows.push_back({plain(f.explored.axes[a].name), share_text(i.first.value), share_bounds(i.first), share_text(i.total.value), share_bounds(i.total),
                    i.missing > 0 ? fmt::format("{} ({} lost)", i.rows, i.missing) : std::to_string(i.rows)});
  }
  return "share of the variance:\n" + columns(rows, "lrlrlr") +
         fmt::format("interactions: {} ({}); mean {}, standard deviation {}\n", share_text(f.sobol->interactions.value), share_bounds(f.sobol->interactions), value(f.sobol->mean),
                     value(std::sqrt(f.sobol->variance)));
}

std::string morris_rows(const Findings& f) {
  Rows rows{{"factor", "mu*", "95 %", "mu", "sigma", "95 %", "effects"}};
  for (const std::size_t a : campaign::by_influence(f)) {
    const numerics::MorrisEffect& e = f.morris[a];
    rows.push_back({plain(f.explored.axes[a].name), value(e.mean_absolute.value), bounds(e.mean_absolute), value(e.mean.value), value(e.deviation.value), bounds(e.deviation),
                    e.missing > 0 ? fmt::format("{} ({} lost)", e.effects, e.missing) : std::to_string(e.effects)});
  }
  return "change over the whole range, in the unit of the result:\n" + columns(rows, "lrlrrlr");
}

std::string shown(const campaign::Spot& s) {
  if (s.tally.runs == 0) return "";
  if (!std::isfinite(s.middle)) return s.beyond ? "no short" : "failed";
  return (s.beyond ? "> " : "") + number(s.middle);
}

std::string level(const campaign::ExploredAxis& axis, double v) { return axis.words.empty() ? level_text(v) : plain(axis.words[static_cast<std::size_t>(v)]); }

std::string curve_rows(const Findings& f) {
  const campaign::ExploredAxis& axis = f.explored.axes[f.curve_axis];
  Rows rows{{in(axis.name, axis.unit)}};
  std::string right = "r";
  const auto all = campaign::levels(axis);
  for (const double x : all) rows.push_back({level(axis, x)});
  for (const campaign::Curve& curve : f.curves) {
    rows[0].push_back(curve.name.empty() ? plain(f.explored.result.name) : plain(curve.name));
    right += 'r';
    for (std::size_t k = 0; k < all.size(); ++k) {
      const auto at = std::find(curve.x.begin(), curve.x.end(), all[k]);
      rows[k + 1].push_back(at == curve.x.end() ? "" : shown(curve.spots[static_cast<std::size_t>(at - curve.x.begin())]));
    }
  }
  return columns(rows, right);
}

std::string chart_rows(const Findings& f) {
  const campaign::ExploredAxis &x = f.explored.axes[f.chart_x], &y = f.explored.axes[f.chart_y];
  Rows rows{{in(y.name, y.unit) + " \\ " + in(x.name, x.unit)}};
  for (const double v : f.chart->x) rows[0].push_back(level(x, v));
  for (std::size_t r = 0; r < f.chart->y.size(); ++r) {
    std::vector<std::string> row{level(y, f.chart->y[r])};
    for (std::size_t c = 0; c < f.chart->x.size(); ++c) row.push_back(shown(f.chart->spots[r * f.chart->x.size() + c]));
    rows.push_back(std::move(row));
  }
  return columns(rows, std::string(f.chart->x.size() + 1, 'r'));
}

std::string surface_rows(const Findings& f) {
  if (!f.surface->surface) return fmt::format("no surface: {}\n", f.surface->why_not);
  const numerics::ResponseSurface& s = *f.surface->surface;
  std::string out = fmt::format("surface ({}, {} terms, {} runs): foresees {:.0f} % of the variance of runs not seen, error {}\n", numerics::label(s.shape()), s.terms(),
                                s.results(), 100.0 * s.foreseen(), number(s.error()));
  Rows rows{{"factor", "share of the surface's variance alone", "with products"}};
  const auto shares = s.shares();
  for (const std::size_t a : campaign::by_influence(f)) rows.push_back({plain(f.explored.axes[a].name), share_text(shares[a].first), share_text(shares[a].total)});
  return out + columns(rows, "lrr");
}

} // namespace

std::string text_explored(const std::vector<Findings>& results) {
  std::string out;
  for (const Findings& f : results) {
    out += fmt::format("{}{}: {}\n", out.empty() ? "" : "\n", in(f.explored.result.name, f.explored.result.unit), tally_text(f.tally));
    if (f.sobol) out += sobol_rows(f);
    if (!f.morris.empty()) out += morris_rows(f);
    if (!f.curves.empty()) out += curve_rows(f);
    if (f.chart) out += chart_rows(f);
    if (f.surface) out += surface_rows(f);
    for (const std::string& note : f.notes) out += "note: " + plain(note) + "\n";
  }
  return out;
}

} // namespace platen::report

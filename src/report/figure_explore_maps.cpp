// Maps of a campaign: levels that cross, and surfaces through scattered runs.

#include "report/explore.hpp"
#include "report/format.hpp"
#include "report/svg_bars.hpp"
#include "report/svg_map.hpp"
#include "report/svg_plot.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace platen::report {
namespace {

using campaign::ExploredAxis;
using campaign::Findings;

std::string level_label(const ExploredAxis& axis, double level) {
  return axis.words.empty() ? level_text(level) : axis.words[static_cast<std::size_t>(level)];
}

std::vector<Tick> level_ticks(const ExploredAxis& axis, const std::vector<double>& levels) {
  std::vector<Tick> out;
  for (std::size_t k = 0; k < levels.size(); ++k) out.push_back({static_cast<double>(k) + 0.5, level_label(axis, levels[k])});
  return out;
}

MapCell cell_of(const campaign::Spot& s, const std::string& where, const std::string& unit) {
  MapCell out;
  if (s.tally.runs == 0) return out;
  if (!std::isfinite(s.middle) && s.beyond) {
    out.kind = MapCell::Kind::bound;
    out.text = "no short";
    out.tip = fmt::format("{}: no short in most of {} runs", where, s.tally.runs);
    return out;
  }
  if (!std::isfinite(s.middle)) {
    out.kind = MapCell::Kind::failed;
    out.tip = fmt::format("{}: no result of {} runs", where, s.tally.runs);
    return out;
  }
  out.kind = s.beyond ? MapCell::Kind::bound : MapCell::Kind::value;
  out.value = s.middle;
  out.text = (s.beyond ? "> " : "") + typeset(number(s.middle));
  out.tip = fmt::format("{}: {}{}{}", where, s.beyond ? "more than " : "", number(s.middle), unit == "1" || unit.empty() ? "" : " " + typeset_unit(unit));
  if (s.tally.runs > 1) out.tip += fmt::format(", {} to {} in {} runs", number(s.low), number(s.high), s.tally.runs - s.tally.missing);
  return out;
}

/// Ticks of the range of an axis, on a side of `cells` cells.
std::vector<Tick> range_ticks(const ExploredAxis& axis, double cells) {
  if (!axis.words.empty()) {
    std::vector<Tick> out;
    for (std::size_t w = 0; w < axis.words.size(); ++w) out.push_back({axis.place(static_cast<double>(w)) * cells, axis.words[w]});
    return out;
  }
  std::vector<Tick> out = axis.log ? log_ticks(axis.low, axis.high) : linear_ticks(axis.low, axis.high, 7);
  for (Tick& t : out) t.value = Range{axis.low, axis.high, axis.log ? Scale::log : Scale::linear}.place(t.value) * cells;
  return out;
}

/// A value at a place of an axis of numbers.
double value_at(const ExploredAxis& axis, double place) {
  return axis.log ? axis.low * std::pow(axis.high / axis.low, place) : axis.low + place * (axis.high - axis.low);
}

/// Names and units of the result over two axes.
Map map_of(const Findings& f, const ExploredAxis& x, const ExploredAxis& y) {
  Map map;
  map.x_name = x.name;
  map.x_unit = x.unit;
  map.y_name = y.name;
  map.y_unit = y.unit;
  map.name = f.explored.result.name;
  map.unit = f.explored.result.unit;
  return map;
}

bool has_surface(const Findings& f) { return f.surface && f.surface->surface; }

} // namespace

std::string chart_figure(const Findings& f, const std::string& id, bool standalone) {
  if (!f.chart) return "";
  const ExploredAxis &x = f.explored.axes[f.chart_x], &y = f.explored.axes[f.chart_y];
  Map map = map_of(f, x, y);
  map.id = id;
  map.title = fmt::format("{} against {} and {}", f.explored.result.name, x.name, y.name);
  map.columns = f.chart->x.size();
  map.rows = f.chart->y.size();
  map.x_ticks = level_ticks(x, f.chart->x);
  map.y_ticks = level_ticks(y, f.chart->y);
  map.height = std::clamp(40.0 * static_cast<double>(map.rows), 150.0, 460.0);
  map.contours = map.columns > 14 || map.rows > 14; // numbers in the cells say more where they fit
  map.standalone = standalone;
  for (std::size_t k = 0; k < f.chart->spots.size(); ++k)
    map.cells.push_back(cell_of(f.chart->spots[k],
                                fmt::format("{} {} {}, {} {} {}", x.name, level_label(x, f.chart->x[k % map.columns]), x.unit, y.name,
                                            level_label(y, f.chart->y[k / map.columns]), y.unit),
                                f.explored.result.unit));
  return render(map);
}

std::string surface_map(const Findings& f, const std::string& id, bool standalone) {
  if (!has_surface(f) || f.explored.axes.size() < 2) return "";
  const auto order = campaign::by_influence(f);
  const std::size_t a = order[0], b = order[1];
  const ExploredAxis &x = f.explored.axes[a], &y = f.explored.axes[b];
  Map map = map_of(f, x, y);
  map.id = id;
  map.title = fmt::format("Surface of {} over {} and {}", f.explored.result.name, x.name, y.name);
  map.columns = x.words.empty() ? 60 : x.words.size();
  map.rows = y.words.empty() ? 40 : y.words.size();
  map.x_ticks = range_ticks(x, static_cast<double>(map.columns));
  map.y_ticks = range_ticks(y, static_cast<double>(map.rows));
  map.contours = true;
  map.standalone = standalone;
  const auto middle = [](std::size_t k, std::size_t count) { return (static_cast<double>(k) + 0.5) / static_cast<double>(count); };
  for (std::size_t r = 0; r < map.rows; ++r)
    for (std::size_t c = 0; c < map.columns; ++c) {
      MapCell cell;
      cell.kind = MapCell::Kind::value;
      cell.value = f.surface->surface->along(a, middle(c, map.columns), b, middle(r, map.rows));
      map.cells.push_back(std::move(cell));
    }
  if (f.explored.runs() <= 2000) // more would hide the map
    for (std::size_t k = 0; k < f.explored.runs(); ++k)
      map.points.push_back({x.place(x.values[k]) * static_cast<double>(map.columns), y.place(y.values[k]) * static_cast<double>(map.rows)});
  return render(map);
}

std::string surface_effects(const Findings& f, const std::string& id, std::size_t a) {
  if (!has_surface(f) || !f.explored.axes[a].words.empty()) return "";
  const ExploredAxis& axis = f.explored.axes[a];
  const numerics::ResponseSurface& surface = *f.surface->surface;
  Figure figure;
  figure.id = id;
  figure.title = fmt::format("{} against {}, mean over all else", f.explored.result.name, axis.name);
  figure.width = 430.0;
  figure.x_name = axis.name;
  figure.x_unit = axis.unit;
  figure.x = {axis.low, axis.high, axis.log ? Scale::log : Scale::linear};
  figure.x_ticks = axis.log ? log_ticks(axis.low, axis.high) : linear_ticks(axis.low, axis.high, 5);
  Panel panel;
  panel.name = f.explored.result.name;
  panel.unit = f.explored.result.unit;
  panel.height = 150.0;
  std::vector<double> x, y;
  Ribbon ribbon;
  for (int k = 0; k <= 60; ++k) {
    const double place = k / 60.0;
    x.push_back(value_at(axis, place));
    y.push_back(surface.along(a, place));
    ribbon.low.push_back(y.back() - surface.error());
    ribbon.high.push_back(y.back() + surface.error());
  }
  ribbon.x = x;
  // The same scale for every factor: what matters less looks flatter.
  double low = y[0], high = y[0];
  for (std::size_t other = 0; other < f.explored.axes.size(); ++other)
    for (int k = 0; k <= 20; ++k) {
      const double v = surface.along(other, k / 20.0);
      low = std::min(low, v - surface.error());
      high = std::max(high, v + surface.error());
    }
  panel.y = padded(low, high, 1e-12);
  panel.ribbons.push_back(std::move(ribbon));
  panel.lines.push_back({.x = x, .y = y, .ink = Ink::blue, .label = "", .width = 1.8});
  figure.panels.push_back(std::move(panel));
  return render(figure);
}

std::string surface_shares(const Findings& f, bool standalone) {
  if (!has_surface(f)) return "";
  Bars bars;
  bars.title = fmt::format("What the surface of {} owes to each factor", f.explored.result.name);
  bars.x_name = fmt::format("share of the variance of the surface of {}", f.explored.result.name);
  bars.standalone = standalone;
  const auto shares = f.surface->surface->shares();
  for (const std::size_t a : campaign::by_influence(f))
    bars.rows.push_back({f.explored.axes[a].name,
                         {{shares[a].first, std::nan(""), std::nan(""), Ink::blue, false, "alone: " + number(shares[a].first)},
                          {shares[a].total, std::nan(""), std::nan(""), Ink::orange, false, "with products: " + number(shares[a].total)}}});
  bars.keys = {{"alone", Ink::blue, Key::Sign::broad}, {"with products of two", Ink::orange, Key::Sign::broad}};
  return render(bars);
}

} // namespace platen::report

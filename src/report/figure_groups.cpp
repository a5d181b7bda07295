#include "report/format.hpp"
#include "report/groups.hpp"
#include "report/svg_plot.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

namespace platen::report {
namespace {

constexpr std::array inks{Ink::blue, Ink::vermillion, Ink::green, Ink::orange, Ink::purple, Ink::sky, Ink::ink};

double shown(double si) { return in_unit(si, "mA/cm2"); }

/// The highest current density of the comparison that is known, mA/cm2.
double highest(const groups::Comparison& c) {
  double out = 0.0;
  for (const groups::Group& g : c.groups)
    for (const groups::Interval& i : g.sample) out = std::max({out, shown(i.low), i.right_censored() ? 0.0 : shown(i.high)});
  return out > 0.0 ? out : 1.0;
}

void density_axis(Figure& figure, double top) {
  figure.x_name = "current density";
  figure.x_unit = "mA/cm2";
  figure.x = {0.0, 1.08 * top, Scale::linear};
  figure.x_ticks = linear_ticks(figure.x.low, figure.x.high, 10);
}

Panel share_panel(double height) {
  Panel out;
  out.name = "cells that pass";
  out.unit = "%";
  out.height = height;
  out.y = {0.0, 104.0, Scale::linear};
  return out;
}

/// The curve of an estimate: level where it is known, a slope where it falls somewhere within a step. Percent over mA/cm2.
struct Curve {
  std::vector<double> x, y;
};
Curve survival_curve(const groups::Turnbull& t, double end) {
  Curve out{{0.0}, {100.0}};
  double left = 1.0;
  for (const groups::Mass& m : t.masses) {
    if (!(m.probability > 1e-9) || std::isinf(m.high)) continue;
    out.x.push_back(shown(m.low));
    out.y.push_back(100.0 * left);
    left -= m.probability;
    out.x.push_back(shown(m.high));
    out.y.push_back(100.0 * std::max(0.0, left));
  }
  const bool beyond = !t.masses.empty() && std::isinf(t.masses.back().high) && t.masses.back().probability > 1e-9;
  out.x.push_back(beyond ? shown(t.masses.back().low) : end); // what nobody tried is not drawn
  out.y.push_back(100.0 * std::max(0.0, left));
  return out;
}

Curve fitted_curve(const groups::GroupFit& f, double end) {
  Curve out;
  const double middle = groups::standard_quantile(f.fit.distribution, 0.5);
  for (int k = 1; k <= 240; ++k) {
    const double x = end * k / 240.0;
    const double w = std::log(x / shown(f.median)) / f.fit.sigma + middle;
    const double passes = f.fit.distribution == groups::Distribution::weibull ? std::exp(-std::exp(w)) : 0.5 * std::erfc(w / std::sqrt(2.0));
    out.x.push_back(x);
    out.y.push_back(100.0 * passes);
  }
  return out;
}

/// The band between the points at which it is known: what holds at a point holds until the next one, at the wider of both.
void draw_band(Panel& panel, const groups::Group& g, Ink ink) {
  for (std::size_t k = 0; k + 1 < g.band.size(); ++k) {
    const groups::BandPoint &a = g.band[k], &b = g.band[k + 1];
    panel.zones.push_back({shown(a.at), shown(b.at), 100.0 * std::min(a.band.low, b.band.low), 100.0 * std::max(a.band.high, b.band.high), ink,
                           fmt::format("at {} mA/cm2: {:.0f} to {:.0f} %", number(shown(a.at)), 100.0 * a.band.low, 100.0 * a.band.high), false});
  }
}

} // namespace

std::string survival_overview(const groups::Comparison& c, const std::string& id) {
  if (c.groups.empty()) return "";
  Figure figure;
  figure.id = id;
  figure.title = "Share of cells that pass a current density, by group";
  const double top = highest(c);
  density_axis(figure, top);
  Panel panel = share_panel(280.0);
  std::vector<Curve> curves;
  for (const groups::Group& g : c.groups) curves.push_back(survival_curve(g.turnbull, figure.x.high));
  for (std::size_t k = 0; k < curves.size(); ++k)
    panel.lines.push_back({.x = curves[k].x, .y = curves[k].y, .ink = inks[k % inks.size()],
                           .label = fmt::format("{} ({} cells)", c.groups[k].name, c.groups[k].counts.cells), .dashed = k >= inks.size(), .width = 2.0});
  figure.panels.push_back(std::move(panel));
  return render(figure);
}

std::string survival_figure(const groups::Comparison& c, std::size_t index, const std::string& id) {
  const groups::Group& g = c.groups[index];
  Figure figure;
  figure.id = id;
  figure.title = fmt::format("Share of cells that pass a current density: {}", g.name);
  figure.width = 560.0;
  density_axis(figure, highest(c));
  Panel panel = share_panel(200.0);
  const Ink ink = inks[index % inks.size()];
  draw_band(panel, g, ink);
  const Curve curve = survival_curve(g.turnbull, figure.x.high);
  std::vector<Curve> fits;
  for (const groups::GroupFit& f : g.fits) fits.push_back(f.fit.standing == groups::Standing::regular ? fitted_curve(f, figure.x.high) : Curve{});
  panel.lines.push_back({.x = curve.x, .y = curve.y, .ink = ink, .label = "Turnbull", .width = 2.0});
  for (std::size_t k = 0; k < fits.size(); ++k)
    if (!fits[k].x.empty())
      panel.lines.push_back({.x = fits[k].x, .y = fits[k].y, .ink = k == 0 ? Ink::ink : Ink::grey, .label = std::string(label(g.fits[k].fit.distribution)), .dashed = true});
  if (!g.band.empty()) panel.keys.push_back({"95 % at each point", ink, Key::Sign::broad});
  figure.panels.push_back(std::move(panel));
  return render(figure);
}

std::string cells_figure(const groups::Comparison& c, const std::string& id) {
  if (c.rows.empty()) return "";
  Figure figure;
  figure.id = id;
  figure.title = "The CCD of every cell as an interval, by group";
  figure.x_name = c.by.empty() ? "cells" : in_words(c.by);
  figure.x = {0.0, static_cast<double>(c.groups.size()), Scale::linear};
  Panel panel;
  panel.name = "critical current density";
  panel.unit = "mA/cm2";
  panel.height = 240.0;
  panel.y = {0.0, 1.18 * highest(c), Scale::linear};
  for (std::size_t k = 0; k < c.groups.size(); ++k) {
    const groups::Group& g = c.groups[k];
    figure.x_ticks.push_back({static_cast<double>(k) + 0.5, g.name});
    if (k % 2 == 1) figure.bands.push_back({static_cast<double>(k), static_cast<double>(k) + 1.0});
    for (std::size_t m = 0; m < g.sample.size(); ++m) {
      const groups::Interval& i = g.sample[m];
      const double x = static_cast<double>(k) + (static_cast<double>(m) + 1.0) / (static_cast<double>(g.sample.size()) + 1.0);
      const std::string tip = fmt::format("{}: {} mA/cm2", c.rows[g.members[m]].name, interval_text(i));
      const Ink ink = inks[k % inks.size()];
      if (i.exact()) panel.markers.push_back({x, shown(i.low), Shape::diamond, ink, true, tip});
      else panel.intervals.push_back({x, shown(i.low), i.right_censored() ? shown(i.low) + 0.1 * panel.y.high : shown(i.high), ink, i.right_censored(), i.left_censored(), false, tip});
    }
  }
  figure.panels.push_back(std::move(panel));
  return render(figure);
}

std::string power_figure(const groups::Plan& plan, const std::string& id) {
  if (plan.points.empty()) return "";
  Figure figure;
  figure.id = id;
  figure.title = "Share of comparisons that find the difference, against cells per group";
  figure.x_name = "cells per group";
  figure.x = {0.0, 1.06 * static_cast<double>(plan.points.back().per_group), Scale::linear};
  figure.x_ticks = linear_ticks(figure.x.low, figure.x.high, 10);
  Panel panel;
  panel.name = "found";
  panel.unit = "%";
  panel.height = 180.0;
  panel.y = {0.0, 104.0, Scale::linear};
  std::vector<double> x, y;
  for (const groups::PowerPoint& p : plan.points) {
    x.push_back(static_cast<double>(p.per_group));
    y.push_back(100.0 * p.power);
    panel.intervals.push_back({x.back(), 100.0 * (p.power - 2.0 * p.error), 100.0 * (p.power + 2.0 * p.error), Ink::blue, false, false, false,
                               fmt::format("{} per group: {:.0f} %", p.per_group, 100.0 * p.power)});
  }
  panel.lines.push_back({.x = x, .y = y, .ink = Ink::blue, .label = "simulated, with two standard errors"});
  panel.levels.push_back({100.0 * plan.question.wanted, "wanted", Ink::grey});
  figure.panels.push_back(std::move(panel));
  return render(figure);
}

} // namespace platen::report

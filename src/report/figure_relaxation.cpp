// Holds: what was measured, the laws and what they forecast; the empty fixture beside the loaded one.

#include "assess/pressure.hpp"
#include "report/format.hpp"
#include "report/pressure.hpp"
#include "report/svg_plot.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <list>

namespace platen::report {
namespace {

Ink ink_of(RelaxationKind kind) {
  return kind == RelaxationKind::logarithmic ? Ink::blue : kind == RelaxationKind::stretched ? Ink::vermillion : Ink::purple;
}

void reach(Range& range, double v) {
  if (!std::isfinite(v)) return;
  range.low = std::min(range.low, v);
  range.high = std::max(range.high, v);
}

constexpr double nothing = std::numeric_limits<double>::infinity();

/// A time axis on a log scale, from the first reading that has a place on it.
void log_time_axis(Figure& figure, double from, double to) {
  figure.x_name = "time since the start of the hold";
  figure.x = {from, to, Scale::log};
  figure.x_ticks = log_time_ticks(from, to);
}

} // namespace

std::string relaxation_figure(const PressureHold& hold, const std::string& id) {
  constexpr double beyond = 10.0;
  constexpr int points = 160;
  if (hold.laws.empty() || hold.time.size() < 3) return "";
  const auto positive = std::find_if(hold.time.begin(), hold.time.end(), [](double t) { return t > 0.0; });
  const double from = *positive, length = hold.end - hold.start, to = beyond * length;
  Figure figure;
  figure.id = id;
  figure.title = "Relaxation of the stack pressure during a hold, with the laws fitted";
  log_time_axis(figure, from, to);
  Panel panel, rest;
  panel.name = "stack pressure";
  panel.unit = "MPa";
  panel.height = 220.0;
  panel.y = {nothing, -nothing, Scale::linear};
  for (std::size_t k = 0; k < hold.time.size(); ++k) {
    if (!(hold.time[k] > 0.0)) continue;
    panel.markers.push_back({hold.time[k], hold.pressure[k] * 1e-6, Shape::circle, Ink::grey, false, ""});
    reach(panel.y, hold.pressure[k] * 1e-6);
  }
  std::list<std::vector<double>> kept;
  std::vector<double>& x = kept.emplace_back();
  for (int k = 0; k <= points; ++k) x.push_back(from * std::pow(to / from, static_cast<double>(k) / points));
  for (const RelaxationLaw& law : hold.laws) {
    std::vector<double>& y = kept.emplace_back();
    for (const double t : x) {
      y.push_back(assessing::pressure_by(law, t) * 1e-6);
      if (law.weight >= 0.05) reach(panel.y, y.back());
    }
    panel.lines.push_back({x, y, {}, {}, ink_of(law.kind), fmt::format("{}, weight {}", label(law.kind), law.weight < 0.001 ? "< 0.001" : number(law.weight, 2)), law.weight < 0.05, 1.5});
  }
  panel.keys.push_back({"measured", Ink::grey, Key::Sign::marker, Shape::circle, false});
  panel.y = padded(panel.y.low, panel.y.high, 0.005);
  if (hold.ninety && hold.relaxes) {
    const double low = std::max(from, hold.ninety->low), high = std::min(to, hold.ninety->high);
    if (low < high) {
      panel.zones.push_back({low, high, panel.y.low, panel.y.high, Ink::sky, "95 % band of the time at which 90 % of the change is over"});
      panel.keys.push_back({"90 % over, 95 % band", Ink::sky, Key::Sign::broad});
    }
  }
  figure.marks.push_back({length, "the hold ends", Ink::grey});
  rest.name = "residual";
  rest.unit = "kPa";
  rest.height = 80.0;
  rest.y = {nothing, -nothing, Scale::linear};
  std::vector<double>&t = kept.emplace_back(), &r = kept.emplace_back();
  for (std::size_t k = 0; k < hold.time.size(); ++k)
    if (hold.time[k] > 0.0) {
      t.push_back(hold.time[k]);
      r.push_back((hold.pressure[k] - hold.laws.front().fitted[k]) * 1e-3);
      reach(rest.y, r.back());
    }
  rest.y = padded(rest.y.low, rest.y.high, 1e-3);
  rest.lines.push_back({t, r, {}, {}, Ink::ink, "", false, 1.0});
  figure.panels = {std::move(panel), std::move(rest)};
  return render(figure);
}

std::string empty_fixture_figure(const FixtureComparison& c, const std::string& id) {
  const auto positive = std::find_if(c.time.begin(), c.time.end(), [](double t) { return t > 0.0; });
  if (positive == c.time.end() || c.time.back() <= *positive) return "";
  Figure figure;
  figure.id = id;
  figure.title = "Change of the pressure with and without a cell, and what remains";
  log_time_axis(figure, *positive, 1.06 * c.time.back()); // the last bar is whole
  Panel panel;
  panel.name = "change since the start of the hold";
  panel.unit = "MPa";
  panel.height = 200.0;
  const ToPixel shown{0.0, 1e-6};
  panel.y = {nothing, -nothing, Scale::linear};
  for (const auto* curve : {&c.loaded, &c.empty, &c.remainder})
    for (const double v : *curve) reach(panel.y, shown(v));
  for (const PressureRemainder& r : c.at) {
    const double low = (r.remains.value - 1.96 * r.remains.error) * 1e-6, high = (r.remains.value + 1.96 * r.remains.error) * 1e-6;
    panel.intervals.push_back({r.time, low, high, Ink::ink, false, false, false,
                               fmt::format("{}: {} MPa remain (95 %: {} to {})", duration(r.time), number(r.remains.value * 1e-6), number(low), number(high))});
    reach(panel.y, low);
    reach(panel.y, high);
  }
  panel.y = padded(panel.y.low, panel.y.high, 0.01);
  panel.lines.push_back({c.time, c.loaded, {}, shown, Ink::green, "with the cell", false, 1.6});
  panel.lines.push_back({c.time, c.empty, {}, shown, Ink::orange, "empty fixture", false, 1.6});
  panel.lines.push_back({c.time, c.remainder, {}, shown, Ink::ink, "what remains", false, 1.6});
  panel.levels.push_back({0.0, "", Ink::grey});
  figure.panels.push_back(std::move(panel));
  return render(figure);
}

} // namespace platen::report

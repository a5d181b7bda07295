#include "base/units.hpp"
#include "report/advise.hpp"
#include "report/format.hpp"
#include "report/svg_plot.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>

namespace platen::report {
namespace {

using advise::Advice;
using advise::Candidate;
using advise::Knob;

constexpr std::array inks{Ink::blue, Ink::vermillion, Ink::green, Ink::orange, Ink::purple, Ink::sky, Ink::ink};
/// Changes and springs that are drawn.
constexpr std::size_t changes_drawn = 40, springs_drawn = 20;

Panel probability_panel(double height, double wanted) {
  Panel out;
  out.name = "reach the goal";
  out.unit = "%";
  out.height = height;
  out.y = {0.0, 106.0, Scale::linear};
  out.levels.push_back({100.0 * wanted, "wanted", Ink::grey});
  return out;
}

std::string tip(const Candidate& c) {
  return fmt::format("{}: {:.0f} % ({:.0f} to {:.0f} % for what is not known)", c.change, 100.0 * c.odds.probability, 100.0 * c.odds.unknown.low, 100.0 * c.odds.unknown.high);
}

/// Only the hold differs from the study.
bool only_hold(const Candidate& c) {
  return std::all_of(c.knobs.begin(), c.knobs.end(), [](Knob k) { return k == Knob::hold_time || k == Knob::hold_pressure; });
}

struct Curve {
  std::vector<double> x, y;
  std::vector<const Candidate*> points;
};

} // namespace

std::string hold_figure(const Advice& a, const std::string& id) {
  std::map<double, std::map<double, const Candidate*>> by_pressure;
  const auto take = [&](const Candidate& c) {
    if (only_hold(c) && advise::at(c.setting, Knob::hold_time) > 0.0) by_pressure[advise::at(c.setting, Knob::hold_pressure)][advise::at(c.setting, Knob::hold_time)] = &c;
  };
  take(a.as_it_is);
  for (const Candidate& c : a.changes) take(c);
  std::erase_if(by_pressure, [](const auto& curve) { return curve.second.size() < 3; });
  if (by_pressure.empty()) return "";
  double least = 1e300, most = 0.0;
  std::vector<Curve> curves;
  for (const auto& [pressure, points] : by_pressure) {
    curves.emplace_back();
    for (const auto& [time, c] : points) {
      curves.back().x.push_back(time);
      curves.back().y.push_back(100.0 * c->odds.probability);
      curves.back().points.push_back(c);
      least = std::min(least, time);
      most = std::max(most, time);
    }
  }
  Figure figure;
  figure.id = id;
  figure.title = "Probability of reaching the goal against time and pressure of the contact hold";
  figure.x_name = "contact hold";
  figure.x = {0.8 * least, 1.25 * most, Scale::log};
  figure.x_ticks = log_time_ticks(figure.x.low, figure.x.high);
  Panel panel = probability_panel(260.0, a.question.goal.probability);
  std::size_t k = 0;
  for (const auto& [pressure, points] : by_pressure) {
    const Ink ink = inks[k % inks.size()];
    const double aside = 1.0 + 0.025 * (static_cast<double>(k) - 0.5 * static_cast<double>(by_pressure.size() - 1)); // bars at one time stand side by side
    panel.lines.push_back({.x = curves[k].x, .y = curves[k].y, .ink = ink, .label = fmt::format("hold at {}", show(pressure, "MPa", 3)), .width = 1.8});
    for (std::size_t i = 0; i < curves[k].x.size(); ++i) {
      const advise::Span90 s = curves[k].points[i]->odds.simulated;
      panel.intervals.push_back({curves[k].x[i] * aside, 100.0 * s.low, 100.0 * s.high, ink, false, false, false, tip(*curves[k].points[i])});
    }
    ++k;
  }
  panel.keys.push_back({"90 % of the simulation's error", Ink::grey, Key::Sign::interval});
  figure.panels.push_back(std::move(panel));
  return render(figure);
}

std::string candidates_figure(const Advice& a, const std::string& id) {
  if (!a.question.goal.stated() || a.changes.empty()) return "";
  const std::size_t count = std::min(a.changes.size(), changes_drawn);
  Figure figure;
  figure.id = id;
  figure.title = "Probability of reaching the goal for every change, by its number in the table";
  figure.x_name = "change (0: the study as it is)";
  figure.x = {-0.7, static_cast<double>(count) + 0.7, Scale::linear};
  const std::size_t step = count > 20 ? 2 : 1;
  for (std::size_t k = 0; k <= count; k += step) figure.x_ticks.push_back({static_cast<double>(k), std::to_string(k)});
  Panel panel = probability_panel(260.0, a.question.goal.probability);
  for (std::size_t k = 0; k <= count; ++k) {
    const Candidate& c = k == 0 ? a.as_it_is : a.changes[k - 1];
    const double x = static_cast<double>(k);
    const Ink ink = k == 0 ? Ink::ink : c.helps() ? Ink::green : Ink::grey;
    panel.zones.push_back({x - 0.3, x + 0.3, 0.0, 100.0 * c.odds.probability, ink, tip(c), false});
    panel.intervals.push_back({x, 100.0 * c.odds.unknown.low, 100.0 * c.odds.unknown.high, ink, false, false, true, tip(c)});
    panel.intervals.push_back({x, 100.0 * c.odds.simulated.low, 100.0 * c.odds.simulated.high, ink, false, false, false, tip(c)});
    panel.markers.push_back({x, 100.0 * c.odds.probability, c.untested.empty() ? Shape::circle : Shape::diamond, ink, c.untested.empty(), tip(c)});
  }
  panel.keys = {{"the study as it is", Ink::ink, Key::Sign::marker, Shape::circle, true},
                {"helps", Ink::green, Key::Sign::marker, Shape::circle, true},
                {"does not help surely", Ink::grey, Key::Sign::marker, Shape::circle, true},
                {"beyond what was measured", Ink::grey, Key::Sign::marker, Shape::diamond, false},
                {"90 %: what is not known", Ink::grey, Key::Sign::broad},
                {"90 %: simulation's error", Ink::grey, Key::Sign::interval}};
  figure.panels.push_back(std::move(panel));
  return render(figure);
}

std::string springs_figure(const Advice& a, const std::string& id) {
  std::vector<const advise::SpringChoice*> good;
  for (const advise::SpringChoice& c : a.springs)
    if (c.refused.empty() && good.size() < springs_drawn) good.push_back(&c);
  if (good.empty()) return "";
  Figure figure;
  figure.id = id;
  figure.title = "Stack pressure over a cycle with each of the springs, by its number in the table";
  figure.x_name = "springs (0: fixed gap)";
  figure.x = {-0.7, static_cast<double>(good.size()) + 0.7, Scale::linear};
  for (std::size_t k = 0; k <= good.size(); ++k) figure.x_ticks.push_back({static_cast<double>(k), std::to_string(k)});
  Panel panel;
  panel.name = "stack pressure";
  panel.unit = "MPa";
  panel.height = 220.0;
  const auto shown = [](double si) { return in_unit(si, "MPa"); };
  double low = shown(a.gap.lowest), high = shown(a.gap.most());
  panel.intervals.push_back({0.0, low, high, Ink::vermillion, false, false, false, fmt::format("fixed gap: {} to {} MPa", number(low), number(high))});
  panel.markers.push_back({0.0, shown(a.gap.first), Shape::circle, Ink::vermillion, true, "fixed gap, end of the first charge"});
  for (std::size_t k = 0; k < good.size(); ++k) {
    const advise::SpringChoice& c = *good[k];
    const double x = static_cast<double>(k + 1);
    const std::string words = fmt::format("{} x {}: {} to {} MPa", c.count, c.spring.name, number(shown(c.loop.lowest)), number(shown(c.loop.highest)));
    if (c.swing_range) {
      const double half = 0.5 * c.swing_range->high, middle = 0.5 * (c.loop.lowest + c.loop.highest);
      panel.intervals.push_back({x, shown(middle - half), shown(middle + half), Ink::blue, false, false, true, words});
      low = std::min(low, shown(middle - half));
      high = std::max(high, shown(middle + half));
    }
    panel.intervals.push_back({x, shown(c.loop.lowest), shown(c.loop.highest), Ink::blue, false, false, false, words});
    panel.markers.push_back({x, shown(c.loop.first), Shape::circle, Ink::blue, true, words});
    low = std::min(low, shown(c.loop.lowest));
    high = std::max(high, shown(c.loop.most()));
  }
  panel.y = padded(low, high, 0.2);
  panel.levels.push_back({shown(a.demand.pressure), "set", Ink::grey});
  panel.keys = {{"lowest to highest of later cycles", Ink::blue, Key::Sign::interval},
                {"end of the first charge", Ink::blue, Key::Sign::marker, Shape::circle, true},
                {"with 90 % of the swings that the parameters allow", Ink::blue, Key::Sign::broad}};
  figure.panels.push_back(std::move(panel));
  return render(figure);
}

} // namespace platen::report

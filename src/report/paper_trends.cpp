// Figures of the paper in which every cell is one point: 2b, 3c, 3d, 5, S6.

#include "report/figures.hpp"
#include "report/format.hpp"
#include "report/paper.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

namespace platen::report {
namespace {

constexpr double half_width = 430.0;                           ///< px, of a picture that shares its line with another
constexpr std::array<double, 4> loadings{6.4, 12.8, 25.5, 51.0}; ///< mg/cm2, of Figure 3
constexpr std::array<double, 3> pressures{1.0, 3.0, 5.0};        ///< MPa, of Figure 5

struct FixtureLook {
  std::string_view name;
  Ink ink;
  Shape shape;
};
constexpr std::array<FixtureLook, 2> fixtures{{{"fixed gap", Ink::vermillion, Shape::square}, {"springs", Ink::blue, Shape::circle}}};

/// One curve of CCDs: bars from the last step passed to the failing one, joined at the failing steps (or lower bounds).
struct CcdCurve {
  std::vector<double> x, top;
  std::vector<Interval> bars;

  void add(double at, const Page& page, Ink ink) {
    const auto& ccd = page.assessment.ccd;
    if (!ccd || (!ccd->failing_step && !ccd->last_passed)) return;
    const double low = in_unit(ccd->last_passed.value_or(0.0), "mA/cm2");
    const double high = ccd->failing_step ? in_unit(*ccd->failing_step, "mA/cm2") : low;
    x.push_back(at);
    top.push_back(high);
    bars.push_back({at, low, ccd->failing_step ? high : high + 0.1, ink, !ccd->failing_step, !ccd->last_passed, false,
                    fmt::format("{}: {}", page.title, ccd_phrase(page.assessment))});
  }
  void draw(Panel& panel, Ink ink, std::string label) const {
    panel.intervals.insert(panel.intervals.end(), bars.begin(), bars.end());
    panel.lines.push_back({x, top, {}, {}, ink, std::move(label), true, 1.2});
  }
};

Figure make_figure(std::string id, std::string title, std::string x_name, std::string x_unit, Range x, double width) {
  Figure figure;
  figure.id = std::move(id);
  figure.title = std::move(title);
  figure.x_name = std::move(x_name);
  figure.x_unit = std::move(x_unit);
  figure.x = x;
  figure.x_ticks = linear_ticks(x.low, x.high, 6);
  figure.width = width;
  return figure;
}

Panel make_panel(std::string name, std::string unit, double height, Range y) {
  Panel panel;
  panel.name = std::move(name);
  panel.unit = std::move(unit);
  panel.height = height;
  panel.y = y;
  return panel;
}

/// Charge per area of one half cycle, by the cycle counted from the first at the current of the life test.
struct HalfCycleCharge {
  double cycle = 0.0, charge = 0.0; ///< mAh/cm2
  bool charging = false;
};
std::vector<HalfCycleCharge> life_of(const Page& page) {
  const Assessment& a = page.assessment;
  std::vector<HalfCycleCharge> out;
  if (a.steps.empty() || !page.record.cell.area) return out;
  double cycle = -static_cast<double>(a.steps.front().half_cycles / 2); // formation
  for (const HalfCycleAssessment& h : a.half_cycles) {
    const bool charging = h.half_cycle.direction > 0;
    if (charging) cycle += 1.0;
    out.push_back({cycle, in_unit(std::abs(h.half_cycle.charge) / *page.record.cell.area, "mAh/cm2"), charging});
  }
  return out;
}

/// What every half cycle may show: a charge that runs on through a short would flatten all the others.
double usual_charge(const std::vector<HalfCycleCharge>& life) {
  std::vector<double> all;
  for (const HalfCycleCharge& h : life) all.push_back(h.charge);
  if (all.empty()) return 0.0;
  std::nth_element(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2), all.end());
  return 2.0 * all[all.size() / 2];
}

void draw_life(Panel& panel, const std::vector<HalfCycleCharge>& life, const FixtureLook& look) {
  for (const HalfCycleCharge& h : life) {
    const std::string tip = fmt::format("{}, cycle {:.0f}: {} mAh/cm² in the {}", look.name, h.cycle, number(h.charge), h.charging ? "charge" : "discharge");
    if (h.charge <= panel.y.high) {
      panel.markers.push_back({h.cycle, h.charge, look.shape, look.ink, !h.charging, tip});
      continue;
    }
    panel.intervals.push_back({h.cycle, 0.8 * panel.y.high, 0.98 * panel.y.high, look.ink, true, false, false, tip});
    panel.note = "beyond the frame: " + tip;
  }
  for (const bool charging : {true, false})
    panel.keys.push_back({fmt::format("Platen, {}, {}", look.name, charging ? "charge" : "discharge"), look.ink, Key::Sign::marker, look.shape, !charging});
}

} // namespace

std::string paper_ccd_of_hold(const PaperCells& cells, const Targets& targets) {
  const PaperMarks marks("2b", targets);
  return ccd_figure(cells.held(), &marks, "paper-2b");
}

std::string paper_swings(const PaperCells& cells, const Targets& targets) {
  std::array<std::vector<double>, fixtures.size()> x, y;
  double top = 7.2; // MPa, above what the paper states
  for (std::size_t k = 0; k < fixtures.size(); ++k)
    for (const double loading : loadings) {
      const Page* page = cells.full(fixtures[k].name, loading);
      if (page == nullptr || page->assessment.pressure.cycles.empty()) continue;
      x[k].push_back(loading);
      y[k].push_back(in_unit(page->assessment.pressure.cycles.front().swing, "MPa"));
      top = std::max(top, 1.1 * y[k].back());
    }
  Figure figure = make_figure("paper-3c", "Figure 3c: change of the stack pressure in the first cycle against the loading", "cathode loading",
                              "mg/cm2", {0.0, 55.0, Scale::linear}, half_width);
  Panel panel = make_panel("pressure change", "MPa", 230.0, {0.0, top, Scale::linear});
  for (std::size_t k = 0; k < fixtures.size(); ++k) {
    const FixtureLook& f = fixtures[k];
    if (x[k].empty()) continue;
    panel.lines.push_back({x[k], y[k], {}, {}, f.ink, fmt::format("Platen, {}", f.name), false, 1.3});
    for (std::size_t n = 0; n < x[k].size(); ++n)
      panel.markers.push_back({x[k][n], y[k][n], f.shape, f.ink, true, fmt::format("Platen, {}: {} MPa at {:g} mg/cm²", f.name, number(y[k][n]), x[k][n])});
  }
  if (panel.lines.empty()) return "";
  PaperMarks("3c", targets).draw(panel, "fixed gap", {});
  figure.panels.push_back(std::move(panel));
  return render(figure);
}

std::string paper_ccd_of_loading(const PaperCells& cells, const Targets& targets) {
  CcdCurve curve;
  for (const double loading : loadings)
    if (const Page* page = cells.full("fixed gap", loading)) curve.add(loading, *page, Ink::vermillion);
  if (curve.x.empty()) return "";
  Figure figure = make_figure("paper-3d", "Figure 3d: critical current density of full cells against the loading", "cathode loading", "mg/cm2",
                              {0.0, 55.0, Scale::linear}, half_width);
  Panel panel = make_panel("critical current density", "mA/cm2", 230.0, {0.0, 1.25, Scale::linear});
  curve.draw(panel, Ink::vermillion, "Platen, failing step");
  const PaperMarks marks("3d", targets);
  marks.draw(panel, "range", {});
  marks.draw(panel, "fixed gap", {});
  figure.panels.push_back(std::move(panel));
  return render(figure);
}

std::string paper_ccd_of_pressure(const PaperCells& cells, const Targets& targets) {
  constexpr double loading = 12.8, aside = 0.09; // mg/cm2, of Figure 5; MPa by which equal points stand apart
  std::array<CcdCurve, fixtures.size()> curves;
  Figure figure = make_figure("paper-5", "Figure 5: critical current density against the stack pressure as set, fixed gap and springs",
                              "stack pressure as set", "MPa", {0.0, 6.0, Scale::linear}, 860.0);
  Panel panel = make_panel("critical current density", "mA/cm2", 250.0, {0.0, 1.45, Scale::linear});
  const PaperMarks marks("5", targets);
  for (std::size_t k = 0; k < fixtures.size(); ++k) {
    const FixtureLook& f = fixtures[k];
    const double shift = k == 0 ? -aside : aside;
    for (const double P : pressures)
      if (const Page* page = cells.full(f.name, loading, P)) curves[k].add(P + shift, *page, f.ink);
    if (curves[k].x.empty()) continue;
    curves[k].draw(panel, f.ink, fmt::format("Platen, {}", f.name));
    MarkStyle style;
    style.name = f.name;
    style.ink = f.ink;
    style.shape = f.shape;
    style.aside = shift;
    marks.draw(panel, f.name, style);
  }
  if (panel.lines.empty()) return "";
  figure.panels.push_back(std::move(panel));
  return render(figure);
}

std::string paper_life(const PaperCells& cells, const Targets& targets) {
  std::array<std::vector<HalfCycleCharge>, fixtures.size()> lives;
  double first = 1.0, last = 1.0, top = 0.0;
  for (std::size_t k = 0; k < fixtures.size(); ++k) {
    if (const Page* page = cells.full(fixtures[k].name, 25.5, 5.0, targets::Test::life)) lives[k] = life_of(*page);
    for (const HalfCycleCharge& h : lives[k]) {
      first = std::min(first, h.cycle);
      last = std::max(last, h.cycle);
      if (h.charge <= usual_charge(lives[k])) top = std::max(top, h.charge);
    }
  }
  if (!(top > 0.0)) return "";
  Figure figure = make_figure("paper-s6", "Figure S6: cycles at 0.5 mA/cm² with a fixed gap and with springs", "cycle at 0.5 mA/cm²",
                              "", {first - 1.0, last + 2.0, Scale::linear}, 860.0);
  figure.bands.push_back({figure.x.low, 0.5});
  Panel panel = make_panel("charge passed", "mAh/cm2", 190.0, {0.0, 1.25 * top, Scale::linear});
  const PaperMarks marks("S6", targets);
  for (std::size_t k = 0; k < fixtures.size(); ++k) {
    const FixtureLook& f = fixtures[k];
    if (lives[k].empty()) continue;
    draw_life(panel, lives[k], f);
    marks.draw_upright(figure, f.name, fmt::format("paper, {}: {} cycle", f.name, k == 0 ? "shorted in" : "still whole after"), f.ink);
  }
  figure.panels.push_back(std::move(panel));
  return render(figure);
}

} // namespace platen::report

// Figures of the paper that run over time: 1b to 1d, 2a, 3b, 4c to 4f.

#include "report/figures.hpp"
#include "report/format.hpp"
#include "report/paper.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen::report {
namespace {

constexpr double half_width = 430.0; ///< px, of a picture that shares its line with another
constexpr double day = 24.0;         ///< h
constexpr double hour = targets::hour;

ToPixel to_unit(std::string_view unit, double zero = 0.0) {
  const double factor = in_unit(1.0, unit) - in_unit(0.0, unit);
  return {-zero * factor, factor};
}

struct Span {
  double low = std::numeric_limits<double>::infinity(), high = -std::numeric_limits<double>::infinity();
  void add(double value) {
    if (!std::isfinite(value)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  }
};

/// When current flows, s, and in which rows; empty times when it never does.
struct Cycling {
  double start = std::nan(""), first_end = std::nan(""), end = std::nan("");
  std::size_t first = 0, last = 0;
};
Cycling cycling(const Page& page) {
  const auto& h = page.assessment.half_cycles;
  if (h.empty()) return {};
  return {h.front().half_cycle.start, h.front().half_cycle.end, h.back().half_cycle.end, h.front().half_cycle.first, h.back().half_cycle.last};
}

/// Extremes (SI) of a column while current flows.
Span while_cycling(const Page& page, std::string_view name) {
  const Cycling c = cycling(page);
  Span out;
  for (const double value : page.record.real(name).subspan(c.first, c.last - c.first + 1)) out.add(value);
  return out;
}

Panel make_panel(std::string_view name, std::string_view unit, double height, Range y) {
  Panel panel;
  panel.name = name;
  panel.unit = unit;
  panel.height = height;
  panel.y = y;
  return panel;
}

void add_line(Panel& panel, const Page& page, std::string_view column, ToPixel time, ToPixel value, Ink ink, std::string label,
              bool dashed = false) {
  panel.lines.push_back({page.record.real(col::test_time), page.record.real(column), time, value, ink, std::move(label), dashed, 1.3});
}

/// The same for the rows in which the cell is cycled: what was set before stands at the same instant as the first of them.
void add_cycling(Panel& panel, const Page& page, std::string_view column, ToPixel time, ToPixel value, Ink ink, std::string label) {
  add_line(panel, page, column, time, value, ink, std::move(label));
  const Cycling c = cycling(page);
  Line& line = panel.lines.back();
  line.x = line.x.subspan(c.first, c.last - c.first + 1);
  line.y = line.y.subspan(c.first, c.last - c.first + 1);
}

ToPixel density_of(const Page& page) { return {0.0, in_unit(1.0, "mA/cm2") / page.record.cell.area.value_or(std::nan(""))}; }

Figure make_figure(std::string id, std::string title, std::string x_name, double hours, double width) {
  Figure figure;
  figure.id = std::move(id);
  figure.title = std::move(title);
  figure.x_name = std::move(x_name);
  figure.x_unit = "h";
  figure.x = {-0.015 * hours, hours, Scale::linear}; // room for a mark at zero
  figure.x_ticks = time_ticks(0.0, hours, TimeUnit{"h", hour}, static_cast<int>(width / 90.0));
  figure.width = width;
  return figure;
}

/// "short at 0.500 mA/cm2", from the judgement.
std::string short_label(const Assessment& a) {
  const bool known = a.ccd && a.ccd->failing_step;
  return known ? fmt::format("short at {:.2f} mA/cm²", in_unit(*a.ccd->failing_step, "mA/cm2")) : std::string(label(a.verdict));
}

/// Voltages of full cells: from the lowest that is no short up to a little above the cut-off.
constexpr Range full_cell_voltage{0.0, 4.6, Scale::linear};

/// Voltage, pressure and current density of a full cell from the start of cycling.
std::string full_cell_picture(const Page& page, const PaperMarks& pressure_marks, const PaperMarks& step_marks, std::string_view series,
                              Range pressure, std::string id, std::string title) {
  const Cycling c = cycling(page);
  if (!(c.end > c.start)) return "";
  const ToPixel time = to_unit("h", c.start);
  Figure figure = make_figure(std::move(id), std::move(title), "time from the start of cycling", 1.02 * time(c.end), half_width);
  const MarkStyle style{.start = 0.0, .first_charge = time(c.first_end), .end = time(c.end)};
  const Span density = while_cycling(page, col::current);
  const double largest = std::max(density_of(page)(std::max(density.high, -density.low)), 1.0); // 1.0: the end of the paper's ramp

  Panel current = make_panel("current", "mA/cm2", 70.0, {-1.2 * largest, 1.2 * largest, Scale::linear});
  add_cycling(current, page, col::current, time, density_of(page), Ink::blue, "");
  step_marks.draw(current, series, style);
  Panel voltage = make_panel("voltage", "V", 100.0, full_cell_voltage);
  add_cycling(voltage, page, col::voltage, time, {}, Ink::ink, "");
  Panel stack = make_panel("pressure", "MPa", 110.0, pressure);
  add_cycling(stack, page, col::stack_pressure, time, to_unit("MPa"), Ink::green, "");
  pressure_marks.draw(stack, series, style);
  figure.panels = {std::move(voltage), std::move(current), std::move(stack)};
  if (page.assessment.onset) figure.marks.push_back({time(*page.assessment.onset), short_label(page.assessment), Ink::vermillion});
  return render(figure);
}

/// One range of pressure (MPa) for several cells while they cycle.
Range common_pressure(const std::vector<const Page*>& pages) {
  Span all;
  for (const Page* page : pages) {
    if (page == nullptr || !page->record.has(col::stack_pressure)) continue;
    const Span here = while_cycling(*page, col::stack_pressure);
    all.add(here.low);
    all.add(here.high);
  }
  return padded(in_unit(all.low, "MPa"), in_unit(all.high, "MPa"), 1.0);
}

bool has_curves(const Page* page) {
  if (page == nullptr) return false;
  for (const std::string_view name : {col::test_time, col::current, col::voltage, col::stack_pressure})
    if (!page->record.has(name)) return false;
  return true;
}

} // namespace

std::string paper_hold(const PaperCells& cells, const Targets& targets) {
  const Page* page = cells.held(day * 60.0);
  if (!has_curves(page)) return "";
  const Cycling c = cycling(*page);
  const ToPixel time = to_unit("h");
  const auto rows = page->record.real(col::test_time);
  Figure figure = make_figure("paper-1b", "Figure 1b: stack pressure in the contact hold and while cycling", "time from the start of the hold",
                              time(rows.back()), 860.0);
  Panel panel = make_panel("stack pressure", "MPa", 210.0, {0.0, 27.0, Scale::linear});
  add_line(panel, *page, col::stack_pressure, time, to_unit("MPa"), Ink::green, "Platen");
  if (c.end > c.start) {
    figure.bands.push_back({time(c.start), time(c.end)});
    figure.marks.push_back({time(c.start), "plating and stripping", Ink::ink});
  }
  PaperMarks("1b", targets).draw(panel, "cell", {.start = time(c.start), .end = time(c.end)});
  figure.panels.push_back(std::move(panel));
  return render(figure);
}

std::string paper_pressed(const PaperCells& cells, const Targets& targets, bool warm) {
  const double celsius = warm ? 40.0 : 25.0;
  const Page* cell = cells.pressed(Configuration::symmetric, celsius);
  const Page* empty = cells.pressed(Configuration::empty_fixture, celsius);
  if (cell == nullptr && empty == nullptr) return "";
  const std::string label = warm ? "1d" : "1c";
  Figure figure = make_figure("paper-" + label, fmt::format("Figure {}: stack pressure of cell and empty fixture at {:.0f} °C", label, celsius),
                              "time from 25 MPa", day, half_width);
  Panel panel = make_panel("stack pressure", "MPa", 190.0, {14.0, 26.0, Scale::linear});
  const auto add = [&](const Page* page, Ink ink, std::string name, bool dashed) {
    if (page == nullptr || !page->record.has(col::stack_pressure)) return;
    add_line(panel, *page, col::stack_pressure, to_unit("h"), to_unit("MPa"), ink, std::move(name), dashed);
    const auto time = panel.lines.back().x; // up to the release, which ends the hold at 24 h
    panel.lines.back().x = time.first(static_cast<std::size_t>(std::lower_bound(time.begin(), time.end(), day * hour) - time.begin()));
    panel.lines.back().y = panel.lines.back().y.first(panel.lines.back().x.size());
  };
  add(cell, Ink::green, "symmetric cell", false);
  add(empty, Ink::purple, "empty fixture", true);
  PaperMarks(label, targets).draw(panel, "cell and empty fixture", {});
  figure.panels.push_back(std::move(panel));
  return render(figure);
}

std::string paper_ramps(const PaperCells& cells, const Targets& targets) {
  struct Ramp {
    const Page* page;
    std::string name;
    Ink ink;
  };
  std::vector<Ramp> ramps;
  double hours = 0.0;
  Span density, voltage;
  for (const auto& [minutes, ink] : {std::pair{1.0, Ink::vermillion}, std::pair{30.0, Ink::blue}}) {
    const Page* page = cells.held(minutes);
    if (!has_curves(page) || !(cycling(*page).end > cycling(*page).start) || !page->record.cell.area) continue;
    ramps.push_back({page, fmt::format("{:.0f} min", minutes), ink});
    hours = std::max(hours, (cycling(*page).end - cycling(*page).start) / hour);
    const Span i = while_cycling(*page, col::current), v = while_cycling(*page, col::voltage);
    density.add(density_of(*page)(std::max(i.high, -i.low)));
    voltage.add(in_unit(std::max(v.high, -v.low), "mV"));
  }
  if (ramps.empty()) return "";
  Figure figure = make_figure("paper-2a", "Figure 2a: ramps of symmetric cells after contact holds of 1 min and 30 min",
                              "time from the start of the ramp", hours, 860.0);
  Panel current = make_panel("current density", "mA/cm2", 130.0, {-1.1 * density.high, 1.1 * density.high, Scale::linear});
  const PaperMarks marks("2a", targets);
  std::vector<Panel> voltages;
  for (auto ramp = ramps.rbegin(); ramp != ramps.rend(); ++ramp) { // the shorter one on top
    const ToPixel time = to_unit("h", cycling(*ramp->page).start);
    add_cycling(current, *ramp->page, col::current, time, density_of(*ramp->page), ramp->ink, "Platen, hold of " + ramp->name);
    MarkStyle style;
    style.name = "hold of " + ramp->name;
    style.ink = ramp->ink;
    marks.draw(current, ramp->name, style);
    Panel panel = make_panel("voltage, " + ramp->name, "mV", 105.0, {-1.1 * voltage.high, 1.1 * voltage.high, Scale::linear});
    add_cycling(panel, *ramp->page, col::voltage, time, to_unit("mV"), ramp->ink, "");
    voltages.insert(voltages.begin(), std::move(panel));
    if (const Assessment& a = ramp->page->assessment; a.onset)
      figure.marks.push_back({time(*a.onset), fmt::format("{}: {}", ramp->name, short_label(a)), ramp->ink});
  }
  figure.panels.push_back(std::move(current));
  for (Panel& panel : voltages) figure.panels.push_back(std::move(panel));
  return render(figure);
}

std::string paper_loading(const PaperCells& cells, const Targets& targets, double loading, const std::vector<double>& all) {
  const Page* page = cells.full("fixed gap", loading);
  if (!has_curves(page)) return "";
  std::vector<const Page*> pages;
  for (const double other : all) pages.push_back(cells.full("fixed gap", other));
  const PaperMarks marks("3b", targets);
  return full_cell_picture(*page, marks, marks, "all", common_pressure(pages), fmt::format("paper-3b-{:.0f}", loading),
                           fmt::format("Figure 3b: voltage, current and stack pressure at {:g} mg/cm²", loading));
}

std::string paper_fixture(const PaperCells& cells, const Targets& targets, std::string_view fixture) {
  constexpr double loading = 25.5; // mg/cm2, of Figure 4
  const Page* page = cells.full(fixture, loading);
  if (!has_curves(page)) return "";
  const bool springs = fixture == "springs";
  const PaperMarks pressure(springs ? "4d" : "4c", targets), steps(springs ? "4f" : "4e", targets);
  return full_cell_picture(*page, pressure, steps, fixture, common_pressure({cells.full("fixed gap", loading), cells.full("springs", loading)}),
                           springs ? "paper-4df" : "paper-4ce",
                           fmt::format("Figure {}: voltage, current and stack pressure with {}", springs ? "4d, 4f" : "4c, 4e", fixture));
}

} // namespace platen::report

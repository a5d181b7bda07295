#include "report/figures.hpp"

#include "report/format.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <map>

namespace platen::report {
namespace {

/// A family of state columns ("contact_left", "contact_right") shown in one panel.
struct Family {
  std::string_view prefix, name;
  bool share_of_electrolyte; ///< a length shown in percent of the separator, where its thickness is known
  bool starts_at_zero;
};
constexpr std::array<Family, 5> families{{{"contact", "contact fraction", false, true},
                                          {"void", "void share", false, true},
                                          {"flaw", "flaw depth", false, false},
                                          {"filament", "filament length", true, true},
                                          {"interphase", "interphase", false, false}}};

struct Member {
  const Column* column;
  std::span<const double> values;
};

std::span<const double> real_values(const Column& column) {
  const auto* values = std::get_if<std::vector<double>>(&column.values);
  return values != nullptr ? std::span<const double>(*values) : std::span<const double>();
}

/// Columns of a state: real, not in the registry, named "<prefix>", "<prefix>_left" or "<prefix>_right".
std::vector<Member> members(const Record& record, std::string_view prefix) {
  std::vector<Member> out;
  for (const Column& column : record.columns()) {
    const std::string_view name = column.name;
    if (!name.starts_with(prefix) || find_column(name) != nullptr) continue;
    const std::string_view rest = name.substr(prefix.size());
    if (!rest.empty() && rest != "_left" && rest != "_right") continue;
    if (!real_values(column).empty()) out.push_back({&column, real_values(column)});
  }
  return out;
}

std::pair<double, double> range_in(const Window& window, std::span<const double> time, std::span<const double> values) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (std::size_t k = 0; k < std::min(time.size(), values.size()); ++k) {
    if (time[k] < window.from || time[k] > window.to || !std::isfinite(values[k])) continue;
    low = std::min(low, values[k]);
    high = std::max(high, values[k]);
  }
  return {low, high};
}

std::string side(std::string_view name) {
  if (name.ends_with("_left")) return "left";
  if (name.ends_with("_right")) return "right";
  return std::string(name);
}

void finish(Panel& panel, double low, double high, bool from_zero) {
  if (from_zero) low = std::min(low, 0.0);
  panel.y = padded(low, high, std::max(1e-9, 1e-3 * std::abs(high)));
}

std::optional<Panel> family_panel(const Record& record, const Family& family, const Window& window,
                                  std::span<const double> time, const ToPixel& to_time) {
  const auto columns = members(record, family.prefix);
  if (columns.empty()) return std::nullopt;
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const Member& m : columns) {
    const auto [l, h] = range_in(window, time, m.values);
    low = std::min(low, l);
    high = std::max(high, h);
  }
  if (!std::isfinite(low) || (low == 0.0 && high == 0.0)) return std::nullopt;
  const std::string& si = columns.front().column->unit;
  const auto thickness = record.cell.electrolyte_thickness;
  std::string unit = shown_unit(si, high);
  if (si == "m" && high < 1e-6) unit = "nm";
  ToPixel shown{0.0, unit == si ? 1.0 : in_unit(1.0, unit)};
  if (si == "m" && family.share_of_electrolyte && thickness && *thickness > 0.0) {
    unit = "% of separator";
    shown.factor = 100.0 / *thickness;
  }
  Panel panel;
  panel.name = family.name;
  panel.unit = std::move(unit);
  panel.height = 95.0;
  for (std::size_t k = 0; k < columns.size(); ++k)
    panel.lines.push_back({time, columns[k].values, to_time, shown, k == 0 ? Ink::blue : Ink::vermillion,
                           side(columns[k].column->name), k > 0, k > 0 ? 1.6 : 1.4});
  finish(panel, shown(low), shown(high), family.starts_at_zero);
  return panel;
}

/// The overpotential of each side and the one that opens its flaw: a filament grows where the first exceeds the second.
/// Without lines when the record has neither.
Panel overpotential_panel(const Record& record, const Window& window, std::span<const double> time,
                          const ToPixel& to_time) {
  struct Curve {
    std::string_view column, label;
    Ink ink;
    bool dashed;
  };
  constexpr std::array<Curve, 4> curves{{{"overpotential_left", "left", Ink::blue, false},
                                         {"overpotential_right", "right", Ink::vermillion, false},
                                         {"critical_overpotential_left", "opens the flaw, left", Ink::blue, true},
                                         {"critical_overpotential_right", "opens the flaw, right", Ink::vermillion, true}}};
  Panel panel;
  panel.name = "overpotential";
  panel.unit = "mV";
  panel.height = 150.0;
  double low = 0.0, high = 0.0;
  const ToPixel shown{0.0, 1e3};
  for (const Curve& curve : curves) {
    const Column* column = record.find(curve.column);
    if (column == nullptr || column->unit != "V") continue;
    const auto values = real_values(*column);
    const auto [l, h] = range_in(window, time, values);
    if (!(l <= h)) continue;
    low = std::min(low, l);
    high = std::max(high, h);
    panel.lines.push_back({time, values, to_time, shown, curve.ink, std::string(curve.label), curve.dashed, 1.3});
  }
  finish(panel, shown(low), shown(high), false);
  return panel;
}

} // namespace

ToPixel time_axis(const Window& window) {
  const double unit = time_unit(window.to - window.from).seconds;
  return {-window.zero.value_or(0.0) / unit, 1.0 / unit};
}

Figure time_figure(const Page& page, const Window& window, const std::string& id, std::string title) {
  const TimeUnit unit = time_unit(window.to - window.from);
  const ToPixel to_time = time_axis(window);
  Figure figure;
  figure.id = id;
  figure.title = std::move(title);
  figure.x_name = window.zero ? "time from the short" : "test time";
  figure.x_unit = unit.name;
  figure.x = {to_time(window.from), to_time(window.to), Scale::linear};
  figure.x_ticks = time_ticks(figure.x.low, figure.x.high, unit, 9);
  if (page.assessment.onset)
    figure.marks.push_back({to_time(*page.assessment.onset),
                            fmt::format("{}, {}", label(page.assessment.verdict), duration(*page.assessment.onset)), Ink::ink});
  return figure;
}

std::string states_figure(const Page& page, const Window& window, const std::string& id) {
  const Record& record = page.record;
  if (!record.has(col::test_time)) return "";
  const auto time = record.real(col::test_time);
  const ToPixel to_time = time_axis(window);
  Figure figure = time_figure(page, window, id, "States of the simulated cell against time");
  for (const Family& family : families)
    if (auto panel = family_panel(record, family, window, time, to_time)) figure.panels.push_back(std::move(*panel));
  figure.panels.push_back(overpotential_panel(record, window, time, to_time));
  if (figure.panels.back().lines.empty()) figure.panels.pop_back();
  if (figure.panels.empty()) return "";
  for (std::size_t k = 1; k < figure.panels.size(); ++k) // left and right look the same in every panel: say it once
    if (figure.panels[k].lines.size() == 2 && figure.panels[k].lines.front().label == "left")
      for (Line& line : figure.panels[k].lines) line.label.clear();
  return render(figure);
}

} // namespace platen::report

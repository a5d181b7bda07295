// The pressure over the test, against charge and cycle by cycle.

#include "report/figures.hpp"
#include "report/format.hpp"
#include "report/pressure.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen::report {
namespace {

constexpr ToPixel to_mpa{0.0, 1e-6};

Range range_of(const std::vector<std::span<const double>>& curves, const ToPixel& shown, double least) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const auto& curve : curves)
    for (const double v : curve)
      if (std::isfinite(v)) {
        low = std::min(low, shown(v));
        high = std::max(high, shown(v));
      }
  return low <= high ? padded(low, high, least) : Range{0.0, 1.0, Scale::linear};
}

Panel pressure_panel(double height) {
  Panel panel;
  panel.name = "stack pressure";
  panel.unit = "MPa";
  panel.height = height;
  return panel;
}

} // namespace

std::string pressure_time_figure(const Record& record, const PressureAssessment& pressure, const std::string& id) {
  const auto whole = whole_test(record);
  if (!whole || !record.has(col::stack_pressure)) return "";
  const TimeUnit unit = time_unit(whole->to - whole->from);
  const ToPixel to_time{0.0, 1.0 / unit.seconds};
  const auto time = record.real(col::test_time), values = record.real(col::stack_pressure);
  Figure figure;
  figure.id = id;
  figure.title = "Stack pressure against time, with what was not the cell";
  figure.x_name = "test time";
  figure.x_unit = unit.name;
  figure.x = {to_time(whole->from), to_time(whole->to), Scale::linear};
  figure.x_ticks = time_ticks(figure.x.low, figure.x.high, unit, 9);
  Panel panel = pressure_panel(150.0);
  panel.y = range_of({values}, to_mpa, 0.02);
  panel.lines.push_back({time, values, to_time, to_mpa, Ink::green, "", false, 1.4});
  constexpr std::size_t most_marks = 6;
  std::size_t marks = 0;
  for (const PressureJump& j : pressure.jumps) {
    const std::string what = fmt::format("{}: {} MPa, {}", label(j.kind), number(j.size * 1e-6, 2), j.reason);
    if (j.kind == JumpKind::thermal) {
      panel.zones.push_back({to_time(j.start), to_time(j.end), panel.y.low, panel.y.high, Ink::orange, what});
      continue;
    }
    figure.happenings.push_back({to_time(0.5 * (j.start + j.end)), what});
    if (j.kind == JumpKind::by_hand && marks++ < most_marks)
      figure.marks.push_back({to_time(0.5 * (j.start + j.end)), fmt::format("{}{} MPa by hand", j.size > 0 ? "+" : "", typeset(number(j.size * 1e-6, 2))), Ink::blue});
  }
  figure.panels.push_back(std::move(panel));
  if (record.has(col::temperature) && pressure.thermal) {
    Panel warm;
    warm.name = "temperature";
    warm.unit = "degC";
    warm.height = 70.0;
    const ToPixel celsius{-273.15, 1.0};
    warm.y = range_of({record.real(col::temperature)}, celsius, 1.0);
    warm.lines.push_back({time, record.real(col::temperature), to_time, celsius, Ink::orange, "", false, 1.3});
    figure.panels.push_back(std::move(warm));
  }
  return render(figure);
}

std::string pressure_loop_figure(const PressureAssessment& pressure, const std::string& id) {
  const auto& loops = pressure.loops;
  if (loops.empty()) return "";
  const bool per_area = pressure.regression && pressure.regression->per_area;
  const ToPixel charge{0.0, per_area ? 1.0 / 36000.0 : 1.0 / 3.6};
  Panel panel = pressure_panel(230.0);
  std::vector<std::size_t> shown{0};
  if (loops.size() > 2) shown.push_back(loops.size() / 2);
  if (loops.size() > 1) shown.push_back(loops.size() - 1);
  constexpr std::array inks{Ink::blue, Ink::green, Ink::vermillion};
  std::vector<std::span<const double>> x, y;
  for (std::size_t k = 0; k < shown.size(); ++k) {
    const PressureLoop& l = loops[shown[k]];
    panel.lines.push_back({l.charge, l.charging, charge, to_mpa, inks[k], fmt::format("cycle {}, charging", l.cycle), false, 1.5});
    panel.lines.push_back({l.charge, l.discharging, charge, to_mpa, inks[k], "discharging", true, 1.5});
    x.push_back(l.charge);
    y.insert(y.end(), {l.charging, l.discharging});
  }
  panel.y = range_of(y, to_mpa, 0.01);
  Figure figure;
  figure.id = id;
  figure.title = "Stack pressure against the charge in the cell";
  figure.x_name = "charge in the cell";
  figure.x_unit = per_area ? "mAh/cm2" : "mAh";
  figure.x = range_of(x, charge, 1e-3);
  figure.x_ticks = linear_ticks(figure.x.low, figure.x.high, 8);
  figure.panels.push_back(std::move(panel));
  return render(figure);
}

std::string pressure_swing_figure(const PressureAssessment& pressure, const std::string& id) {
  const auto& cycles = pressure.cycles;
  if (cycles.size() < 3) return "";
  Panel swing, level = pressure_panel(110.0);
  swing.name = "swing";
  swing.unit = "MPa";
  swing.height = 130.0;
  level.name = "lowest to highest";
  double most = 0.0, low = std::numeric_limits<double>::infinity(), high = -low;
  const std::size_t stride = cycles.size() / 500 + 1;
  bool with_jump = false;
  std::vector<double> at, of_noise;
  for (std::size_t k = 0; k < cycles.size(); k += stride) {
    const PressureCycle& c = cycles[k];
    const auto x = static_cast<double>(c.cycle);
    const bool jumped = c.jumps > 0;
    with_jump = with_jump || jumped;
    swing.markers.push_back({x, c.swing * 1e-6, jumped ? Shape::square : Shape::circle, jumped ? Ink::orange : Ink::blue, !jumped,
                             fmt::format("cycle {}: {} MPa{}", c.cycle, number(c.swing * 1e-6), jumped ? ", a jump taken out" : "")});
    level.intervals.push_back({x, c.minimum * 1e-6, c.maximum * 1e-6, Ink::green, false, false, false,
                               fmt::format("cycle {}: {} to {} MPa", c.cycle, number(c.minimum * 1e-6, 4), number(c.maximum * 1e-6, 4))});
    at.push_back(x);
    of_noise.push_back(c.swing_of_noise * 1e-6);
    most = std::max({most, c.swing * 1e-6, of_noise.back()});
    low = std::min(low, c.minimum * 1e-6);
    high = std::max(high, c.maximum * 1e-6);
  }
  if (with_jump) swing.keys.push_back({"a jump in the cycle was taken out", Ink::orange, Key::Sign::marker, Shape::square, false});
  if (*std::max_element(of_noise.begin(), of_noise.end()) > 0.0) swing.lines.push_back({at, of_noise, {}, {}, Ink::grey, "of noise alone", true, 1.2});
  swing.y = {0.0, std::max(1.15 * most, 1e-6), Scale::linear};
  level.y = padded(low, high, 0.01);
  Figure figure;
  figure.id = id;
  figure.title = "Swing of the stack pressure in every cycle";
  figure.x_name = "cycle";
  figure.x = {0.5, static_cast<double>(cycles.back().cycle) + 0.5, Scale::linear};
  figure.x_ticks = linear_ticks(figure.x.low, figure.x.high, static_cast<int>(std::min<std::size_t>(9, cycles.size() / 2 + 1)));
  std::erase_if(figure.x_ticks, [](const Tick& t) { return t.value != std::round(t.value); });
  for (Tick& t : figure.x_ticks)
    if (!t.label.empty()) t.label = fmt::format("{:.0f}", t.value);
  figure.panels = {std::move(swing), std::move(level)};
  return render(figure);
}

} // namespace platen::report

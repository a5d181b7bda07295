#include "report/figures.hpp"

#include "report/format.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen::report {
namespace {

/// Lowest and highest finite value; low > high when there is none.
struct Extremes {
  double low = std::numeric_limits<double>::infinity(), high = -std::numeric_limits<double>::infinity();

  void add(double value) {
    if (!std::isfinite(value)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  bool any() const { return low <= high; }
};

/// What the panels of one figure share.
struct Context {
  const Page& page;
  const Window& window;
  std::span<const double> time;
  ToPixel to_time; ///< s -> unit of the axis

  bool in_window(std::size_t row) const { return time[row] >= window.from && time[row] <= window.to; }
};

Extremes extremes(const Context& c, std::span<const double> values) {
  Extremes out;
  for (std::size_t k = 0; k < std::min(values.size(), c.time.size()); ++k)
    if (c.in_window(k)) out.add(values[k]);
  return out;
}

/// Values in the window while current flows (all values in the window when it never does).
std::vector<double> while_cycling(const Context& c, std::span<const double> values) {
  std::vector<double> out;
  const std::size_t rows = std::min(values.size(), c.time.size());
  for (const HalfCycleAssessment& h : c.page.assessment.half_cycles)
    for (std::size_t k = h.half_cycle.first; k <= h.half_cycle.last && k < rows; ++k)
      if (c.in_window(k) && std::isfinite(values[k])) out.push_back(values[k]);
  if (!out.empty()) return out;
  for (std::size_t k = 0; k < rows; ++k)
    if (c.in_window(k) && std::isfinite(values[k])) out.push_back(values[k]);
  return out;
}

double quantile(std::vector<double>& values, double share) {
  const auto k = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + k, values.end());
  return values[static_cast<std::size_t>(k)];
}

/// The range of nearly all values. A few wild ones (an open circuit at the cycler's limit) widen it only as long as the
/// rest stays readable; otherwise they leave the frame.
struct Frame {
  Extremes shown;
  Extremes all;
};
Frame robust_frame(std::vector<double> values) {
  Frame frame;
  for (const double v : values) frame.all.add(v);
  if (!frame.all.any()) return frame;
  const double low = quantile(values, 0.002), high = quantile(values, 0.998);
  const double span = std::max(high - low, 1e-12);
  frame.shown = {frame.all.low < low - 2.0 * span ? low - 0.1 * span : frame.all.low,
                 frame.all.high > high + 2.0 * span ? high + 0.1 * span : frame.all.high};
  return frame;
}

ToPixel to_unit(std::string_view unit) {
  const double zero = in_unit(0.0, unit);
  return {zero, in_unit(1.0, unit) - zero};
}

Panel current_panel(const Context& c, const std::vector<double>& stand_in_time, const std::vector<double>& stand_in) {
  const bool recorded = c.page.record.has(col::current);
  const auto time = recorded ? c.time : std::span<const double>(stand_in_time);
  const auto values = recorded ? c.page.record.real(col::current) : std::span<const double>(stand_in);
  Extremes range;
  for (std::size_t k = 0; k < std::min(time.size(), values.size()); ++k)
    if (time[k] >= c.window.from && time[k] <= c.window.to) range.add(values[k]);
  const double largest = range.any() ? std::max(std::abs(range.low), std::abs(range.high)) : 0.0;
  const auto area = c.page.record.cell.area;
  Panel panel;
  panel.name = area ? "current density" : "current";
  panel.unit = area ? "mA/cm2" : shown_unit("A", largest);
  ToPixel shown = to_unit(panel.unit);
  if (area) shown.factor /= *area;
  range.add(0.0);
  const auto [low, high] = std::minmax({shown(range.low), shown(range.high)});
  panel.y = padded(low, high, std::max(1e-3 * (high - low), 1e-6));
  panel.lines.push_back({time, values, c.to_time, shown, Ink::blue, "", false, 1.3});
  if (!recorded) panel.note = "not in the data: as stated in the cell file";
  return panel;
}

Panel voltage_panel(const Context& c) {
  const auto values = c.page.record.real(col::voltage);
  const Frame frame = robust_frame(while_cycling(c, values));
  Panel panel;
  panel.name = "voltage";
  panel.height = 150.0;
  if (!frame.all.any()) return panel;
  const double largest = std::max(std::abs(frame.shown.low), std::abs(frame.shown.high));
  panel.unit = shown_unit("V", largest);
  const ToPixel shown = to_unit(panel.unit);
  double low = shown(frame.shown.low), high = shown(frame.shown.high);
  if (c.page.record.cell.configuration != Configuration::full) {
    low = std::min(low, 0.0);
    high = std::max(high, 0.0);
  }
  panel.y = padded(low, high, shown.factor * 1e-3); // a millivolt: finer is noise
  panel.lines.push_back({c.time, values, c.to_time, shown, Ink::ink, "", false, 1.2});
  const Extremes whole = extremes(c, values);
  const double margin = 0.06 * (frame.shown.high - frame.shown.low) + 1e-3;
  if (whole.low < frame.shown.low - margin || whole.high > frame.shown.high + margin)
    panel.note = fmt::format("beyond the frame: {} to {} {}", typeset(number(shown(whole.low))), typeset(number(shown(whole.high))),
                             typeset_unit(panel.unit));
  return panel;
}

Panel pressure_panel(const Context& c) {
  const auto values = c.page.record.real(col::stack_pressure);
  Extremes range;
  const auto whole = whole_test(c.page.record);
  if (whole && c.window.from <= whole->from) range = extremes(c, values);
  else // a part of the test: what was set before cycling must not flatten what happens while cycling
    range = robust_frame(while_cycling(c, values)).shown;
  Panel panel;
  panel.name = "stack pressure";
  panel.unit = "MPa";
  if (!range.any()) {
    panel.note = "no reading in this stretch";
    return panel;
  }
  const ToPixel shown = to_unit("MPa");
  const double low = shown(range.low), high = shown(range.high);
  panel.y = padded(low, high, std::max(0.05 * std::abs(high), 0.02)); // a sensor's noise is not a swing
  panel.lines.push_back({c.time, values, c.to_time, shown, Ink::green, "", false, 1.4});
  return panel;
}

/// Only where the temperature was changed: a chamber's flicker says nothing.
std::optional<Panel> temperature_panel(const Context& c) {
  if (!c.page.record.has(col::temperature)) return std::nullopt;
  const auto values = c.page.record.real(col::temperature);
  const Extremes range = extremes(c, values);
  if (!range.any() || range.high - range.low < 2.0) return std::nullopt;
  Panel panel;
  panel.name = "temperature";
  panel.unit = "degC";
  panel.height = 80.0;
  const ToPixel shown = to_unit("degC");
  panel.y = padded(shown(range.low), shown(range.high), 1.0);
  panel.lines.push_back({c.time, values, c.to_time, shown, Ink::orange, "", false, 1.4});
  return panel;
}

/// Every second half cycle in the window; none where they would be thinner than two pixels.
std::vector<Band> shaded(const Context& c) {
  std::vector<Band> bands;
  std::size_t seen = 0;
  for (std::size_t k = 0; k < c.page.assessment.half_cycles.size(); ++k) {
    const HalfCycle& h = c.page.assessment.half_cycles[k].half_cycle;
    if (h.end < c.window.from || h.start > c.window.to) continue;
    ++seen;
    if (k % 2 == 1) bands.push_back({c.to_time(h.start), c.to_time(h.end)});
  }
  return seen <= 380 ? bands : std::vector<Band>{};
}

/// The current as the half cycles have it, where the data do not hold it.
void stand_in_current(const Page& page, std::vector<double>& time, std::vector<double>& current) {
  for (const HalfCycleAssessment& h : page.assessment.half_cycles) {
    time.insert(time.end(), {h.half_cycle.start, h.half_cycle.end, h.half_cycle.end});
    current.insert(current.end(), {h.half_cycle.current, h.half_cycle.current, std::nan("")});
  }
}

/// What begins at the onset. A trace that only looks stable began with a short.
std::string_view onset_name(Verdict verdict) {
  if (verdict == Verdict::contact_loss) return "contact lost";
  if (verdict == Verdict::fake_stable || verdict == Verdict::cannot_tell) return "short begins";
  return label(verdict);
}

/// Whether a contact hold makes the pressure while cycling (between the two times) look like a straight line.
bool pressure_is_flattened(const Record& record, double from, double to) {
  if (!record.has(col::stack_pressure)) return false;
  const auto time = record.real(col::test_time), pressure = record.real(col::stack_pressure);
  Extremes all, cycling;
  for (std::size_t k = 0; k < std::min(time.size(), pressure.size()); ++k) {
    all.add(pressure[k]);
    if (time[k] >= from && time[k] <= to) cycling.add(pressure[k]);
  }
  return cycling.any() && cycling.high - cycling.low < 0.25 * (all.high - all.low);
}

} // namespace

std::optional<Window> whole_test(const Record& record) {
  if (!record.has(col::test_time)) return std::nullopt;
  Extremes range;
  for (const double t : record.real(col::test_time)) range.add(t);
  if (!range.any() || !(range.high > range.low)) return std::nullopt;
  return Window{range.low, range.high, std::nullopt};
}

std::optional<Window> while_current_flows(const Page& page) {
  const auto whole = whole_test(page.record);
  const auto& half_cycles = page.assessment.half_cycles;
  if (!whole || half_cycles.empty()) return std::nullopt;
  const double from = half_cycles.front().half_cycle.start, to = half_cycles.back().half_cycle.end;
  if (!(to > from)) return std::nullopt;
  if (to - from > 0.65 * (whole->to - whole->from) && !pressure_is_flattened(page.record, from, to)) return std::nullopt;
  const double margin = 0.015 * (to - from);
  return Window{std::max(whole->from, from - margin), std::min(whole->to, to + margin), std::nullopt};
}

std::optional<Window> around_short(const Page& page) {
  const Assessment& a = page.assessment;
  const auto outer = while_current_flows(page) ? while_current_flows(page) : whole_test(page.record);
  if (!outer || !a.onset) return std::nullopt;
  Window window{*a.onset - 0.03 * (outer->to - outer->from), *a.onset + 0.03 * (outer->to - outer->from), a.onset};
  if (a.onset_half_cycle && *a.onset_half_cycle < a.half_cycles.size()) {
    const std::size_t k = *a.onset_half_cycle;
    window.from = std::min(window.from, a.half_cycles[k - std::min<std::size_t>(k, 1)].half_cycle.start);
    window.to = std::max(window.to, a.half_cycles[std::min(k + 1, a.half_cycles.size() - 1)].half_cycle.end);
  }
  window.from = std::max(window.from, outer->from);
  window.to = std::min(window.to, outer->to);
  if (!(window.to > window.from) || window.to - window.from > 0.5 * (outer->to - outer->from)) return std::nullopt;
  return window;
}

std::string test_figure(const Page& page, const Window& window, const std::string& id) {
  const Record& record = page.record;
  if (!record.has(col::test_time)) return "";
  const TimeUnit unit = time_unit(window.to - window.from);
  const Context c{page, window, record.real(col::test_time), time_axis(window)};
  std::vector<double> stand_in_time, stand_in;
  if (!record.has(col::current)) stand_in_current(page, stand_in_time, stand_in);

  Figure figure;
  figure.id = id;
  figure.title = fmt::format("Current, voltage and stack pressure against time: {}", page.title);
  figure.x_name = window.zero ? "time from the short" : "test time";
  figure.x_unit = unit.name;
  figure.x = {c.to_time(window.from), c.to_time(window.to), Scale::linear};
  figure.x_ticks = time_ticks(figure.x.low, figure.x.high, unit, 9);
  figure.bands = shaded(c);
  if (record.has(col::current) || !stand_in.empty()) figure.panels.push_back(current_panel(c, stand_in_time, stand_in));
  if (record.has(col::voltage)) figure.panels.push_back(voltage_panel(c));
  if (record.has(col::stack_pressure)) figure.panels.push_back(pressure_panel(c));
  if (auto panel = temperature_panel(c)) figure.panels.push_back(std::move(*panel));
  if (figure.panels.empty()) return "";

  for (const Event& event : record.events)
    figure.happenings.push_back({c.to_time(event.time), fmt::format("{}: {} ({})", event.kind, event.text, duration(event.time))});
  if (page.assessment.onset)
    figure.marks.push_back({c.to_time(*page.assessment.onset),
                            fmt::format("{}, {}", onset_name(page.assessment.verdict), duration(*page.assessment.onset)),
                            Ink::vermillion});
  return render(figure);
}

} // namespace platen::report

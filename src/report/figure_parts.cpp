// Where current, voltage and pressure of a simulated cell go, and which law limits it.

#include "physics/cathode.hpp"
#include "report/figures.hpp"
#include "report/format.hpp"
#include "simulate/limits.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <fmt/format.h>
#include <limits>

namespace platen::report {
namespace {

/// One part of something, as the record's columns have it.
struct Part {
  std::string_view column, label;
  Ink ink;
  bool dashed = false;
};

/// What the panels of one figure share. Curves that are no column of the record are kept here until the figure is drawn.
class Parts {
public:
  Parts(const Page& page, const Window& window)
      : record_(page.record), window_(window), time_(record_.real(col::test_time)),
        to_time_{0.0, 1.0 / time_unit(window.to - window.from).seconds} {}

  bool has(std::string_view name) const { return record_.has(name); }
  std::span<const double> column(std::string_view name) const { return record_.real(name); }

  /// The sign that makes a part positive where it costs voltage, whichever way the current flows.
  std::span<const double> against_current(std::span<const double> values) {
    const auto i = record_.real(col::current);
    auto& out = kept_.emplace_back(values.begin(), values.end());
    for (std::size_t k = 0; k < out.size(); ++k) out[k] = i[k] == 0.0 ? std::nan("") : std::copysign(1.0, i[k]) * out[k];
    return out;
  }
  std::span<const double> keep(std::vector<double> values) { return kept_.emplace_back(std::move(values)); }

  /// Adds a curve; false where it is nowhere larger than `least` (SI) in the window: it would only crowd the legend.
  /// With `share` below 1 only the lower part of the values frames the panel: spikes leave it.
  bool add(Panel& panel, std::span<const double> values, const ToPixel& shown, const Part& part, double least, double share = 1.0) {
    std::vector<double> seen;
    for (std::size_t k = 0; k < std::min(values.size(), time_.size()); ++k)
      if (time_[k] >= window_.from && time_[k] <= window_.to && std::isfinite(values[k])) seen.push_back(values[k]);
    if (seen.empty()) return false;
    std::sort(seen.begin(), seen.end());
    if (!(std::max(-seen.front(), seen.back()) > least)) return false;
    const auto last = static_cast<double>(seen.size() - 1);
    low_ = std::min(low_, shown(seen[static_cast<std::size_t>((1.0 - share) * last)]));
    high_ = std::max(high_, shown(seen[static_cast<std::size_t>(share * last)]));
    panel.lines.push_back({time_, values, to_time_, shown, part.ink, std::string(part.label), part.dashed, part.dashed ? 1.6 : 1.3});
    return true;
  }
  /// Ends a panel: its range is that of all that was offered to it.
  void finish(Panel& panel, Figure& figure, bool with_zero = true) {
    if (low_ <= high_ && !panel.lines.empty()) {
      panel.y = with_zero ? padded(std::min(low_, 0.0), std::max(high_, 0.0), 1e-9) : padded(low_, high_, 0.05);
      figure.panels.push_back(std::move(panel));
    }
    low_ = std::numeric_limits<double>::infinity();
    high_ = -low_;
  }
  double in_axis(double t) const { return to_time_(t); }
  std::span<const double> time() const { return time_; }
  const Window& window() const { return window_; }

private:
  const Record& record_;
  const Window& window_;
  std::span<const double> time_;
  ToPixel to_time_;
  std::deque<std::vector<double>> kept_;
  double low_ = std::numeric_limits<double>::infinity(), high_ = -std::numeric_limits<double>::infinity();
};

Panel make_panel(std::string name, std::string unit, double height) {
  Panel panel;
  panel.name = std::move(name);
  panel.unit = std::move(unit);
  panel.height = height;
  return panel;
}

bool is_full(const Page& page) { return page.record.cell.configuration == Configuration::full; }

/// Open-circuit voltage at the mean content of the particles: what the cell has when diffusion has rested.
std::vector<double> rested_open_circuit(std::span<const double> content) {
  std::vector<double> out(content.size());
  for (std::size_t k = 0; k < out.size(); ++k) out[k] = physics::open_circuit_voltage(content[k]);
  return out;
}

constexpr double mV = 1e3; ///< per V

void symmetric_voltage(Parts& parts, Figure& figure) {
  Panel panel = make_panel("part of the voltage", "mV", 230.0);
  const auto add = [&](const Part& part) { parts.add(panel, parts.against_current(parts.column(part.column)), {0.0, mV}, part, 1e-5); };
  add({col::voltage, "terminals", Ink::ink});
  add({"voltage_grains", "grains of the electrolyte", Ink::blue});
  add({"voltage_grain_boundaries", "grain boundaries", Ink::sky});
  add({"voltage_transfer_left", "charge transfer, left", Ink::vermillion});
  add({"voltage_transfer_right", "charge transfer, right", Ink::vermillion, true});
  add({"voltage_film_left", "film and constriction, left", Ink::green});
  add({"voltage_film_right", "film and constriction, right", Ink::green, true});
  add({"voltage_leads", "leads", Ink::orange});
  parts.finish(panel, figure);
}

void full_voltage(Parts& parts, Figure& figure) {
  Panel whole = make_panel("voltage", "V", 110.0);
  const auto rested = parts.keep(rested_open_circuit(parts.column("mean_content")));
  parts.add(whole, parts.column(col::voltage), {}, {col::voltage, "terminals", Ink::ink}, 0.0);
  parts.add(whole, rested, {}, {"", "open circuit, after rest", Ink::green, true}, 0.0);
  parts.finish(whole, figure);

  Panel panel = make_panel("part of the voltage", "mV", 210.0);
  const auto add = [&](std::span<const double> values, const Part& part, double share = 1.0) {
    parts.add(panel, parts.against_current(values), {0.0, mV}, part, 1e-4, share);
  };
  std::vector<double> diffusion(rested.begin(), rested.end());
  const auto surface = parts.column("voltage_open_circuit"), fast = parts.column("voltage_cathode_diffusion");
  for (std::size_t k = 0; k < diffusion.size(); ++k) diffusion[k] = surface[k] - diffusion[k] + fast[k];
  add(parts.column("voltage_grains"), {"", "grains of the electrolyte", Ink::blue});
  add(parts.column("voltage_grain_boundaries"), {"", "grain boundaries", Ink::sky});
  add(parts.column("voltage_cathode_ohmic"), {"", "ions in the composite", Ink::purple});
  add(parts.keep(std::move(diffusion)), {"", "diffusion in the particles", Ink::purple, true}, 0.96); // the end of a discharge costs volts
  add(parts.column("voltage_transfer_left"), {"", "charge transfer, cathode", Ink::vermillion});
  add(parts.column("voltage_transfer_right"), {"", "charge transfer, lithium", Ink::vermillion, true});
  add(parts.column("voltage_film_right"), {"", "film and constriction, lithium", Ink::green, true});
  add(parts.column("voltage_leads"), {"", "leads", Ink::orange});
  panel.note = "ends of discharges leave the frame";
  parts.finish(panel, figure);
}

} // namespace

std::string current_parts_figure(const Page& page, const Window& window, const std::string& id) {
  if (!page.record.has("ionic_current_density") || !page.record.cell.area) return "";
  Parts parts(page, window);
  Figure figure = time_figure(page, window, id, "Where the current density goes");
  const double density = in_unit(1.0, "mA/cm2");
  Panel panel = make_panel("current density", "mA/cm2", 120.0);
  parts.add(panel, parts.column(col::current), {0.0, density / *page.record.cell.area}, {"", "terminals", Ink::ink}, 0.0);
  parts.add(panel, parts.column("ionic_current_density"), {0.0, density}, {"", "ions", Ink::blue, true}, 0.0);
  parts.add(panel, parts.column("short_current_density"), {0.0, density}, {"", "filaments", Ink::vermillion}, 0.0);
  parts.finish(panel, figure);
  Panel local = make_panel("where lithium touches", "mA/cm2", 120.0);
  for (const Part& part : {Part{"local_current_density_left", "left", Ink::blue}, Part{"local_current_density_right", "right", Ink::vermillion, true}})
    if (parts.has(part.column)) parts.add(local, parts.column(part.column), {0.0, density}, part, 0.0, 0.995);
  if (local.lines.size() == 1) local.lines.front().dashed = false;
  parts.finish(local, figure);
  Panel leak = make_panel("leakage", is_full(page) ? "uA/cm2" : "nA/cm2", 95.0);
  parts.add(leak, parts.column("leak_current_density"), {0.0, (is_full(page) ? 1e3 : 1e6) * density}, {"", "", Ink::orange}, 0.0);
  parts.finish(leak, figure);
  return figure.panels.empty() ? "" : render(figure);
}

std::string voltage_parts_figure(const Page& page, const Window& window, const std::string& id) {
  if (!page.record.has("voltage_film_right")) return ""; // nor between electrodes that block ions
  Parts parts(page, window);
  Figure figure = time_figure(page, window, id, "Where the voltage goes");
  if (is_full(page)) full_voltage(parts, figure);
  else symmetric_voltage(parts, figure);
  return figure.panels.empty() ? "" : render(figure);
}

std::string pressure_parts_figure(const Page& page, const Window& window, const std::string& id) {
  if (!page.record.has("pressure_set")) return "";
  Parts parts(page, window);
  Figure figure = time_figure(page, window, id, "Where the stack pressure comes from");
  const ToPixel shown{0.0, in_unit(1.0, "MPa")};
  Panel whole = make_panel("stack pressure", "MPa", 110.0);
  parts.add(whole, parts.column(col::stack_pressure), shown, {"", "load cell", Ink::green}, 0.0);
  parts.add(whole, parts.column("pressure_set"), shown, {"", "as set", Ink::grey, true}, 0.0);
  parts.finish(whole, figure, false);
  Panel panel = make_panel("change since set", "MPa", 150.0);
  for (const Part& part : {Part{"pressure_lithium", "lithium plated", Ink::blue}, Part{"pressure_cathode", "cathode shrinking", Ink::purple},
                           Part{"pressure_seating", "joints settling", Ink::vermillion}, Part{"pressure_thermal", "temperature", Ink::orange},
                           Part{"pressure_friction", "friction of the springs", Ink::green}, Part{"pressure_yielded", "gap giving way", Ink::ink, true},
                           Part{"pressure_squeezed", "lithium squeezed out", Ink::sky, true}})
    if (parts.has(part.column)) parts.add(panel, parts.column(part.column), shown, part, 1e3); // 1 kPa: what a load cell resolves
  parts.finish(panel, figure);
  return figure.panels.empty() ? "" : render(figure);
}

std::string limit_figure(const Page& page, const Window& window, const std::string& id) {
  if (!page.record.has("limit")) return "";
  using physics::Limit;
  static constexpr std::array<std::pair<Limit, Ink>, 4> laws{
      {{Limit::threshold, Ink::blue}, {Limit::supply, Ink::vermillion}, {Limit::intrusion, Ink::purple}, {Limit::reservoir, Ink::orange}}};
  Parts parts(page, window);
  Figure figure = time_figure(page, window, id, "Which law limits the cell");
  Panel panel = make_panel("limiting law", "", 96.0);
  panel.y = {0.4, 4.6, Scale::linear};
  const auto limit = parts.column("limit"), time = parts.time();
  for (std::size_t k = 0; k + 1 < limit.size();) {
    std::size_t end = k + 1;
    while (end + 1 < limit.size() && limit[end] == limit[k]) ++end;
    for (const auto& [law, ink] : laws)
      if (limit[k] == static_cast<double>(law) && time[end] > window.from && time[k] < window.to)
        panel.zones.push_back({parts.in_axis(time[k]), parts.in_axis(time[end]), limit[k] - 0.42, limit[k] + 0.42, ink,
                               fmt::format("{}, {} to {}", label(law), duration(time[k]), duration(time[end])), true});
    k = end;
  }
  if (panel.zones.empty()) return "";
  for (const auto& [law, ink] : laws)
    panel.keys.push_back({fmt::format("{} {}", static_cast<int>(law), label(law)), ink, Key::Sign::marker, Shape::square, true});
  figure.panels.push_back(std::move(panel));
  return render(figure);
}

} // namespace platen::report

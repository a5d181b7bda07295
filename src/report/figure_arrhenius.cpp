#include "report/impedance.hpp"

#include "report/format.hpp"
#include "report/svg_plot.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

namespace platen::report {

std::string arrhenius_figure(const EisArrhenius& answer) {
  constexpr std::array inks{Ink::blue, Ink::vermillion, Ink::green, Ink::orange, Ink::purple, Ink::sky};
  if (answer.temperature.empty()) return "";
  Figure figure;
  figure.id = "arrhenius";
  figure.title = "Arrhenius plot";
  figure.standalone = true;
  figure.x_name = std::string("1000 K over temperature");
  const auto [cold, hot] = std::minmax_element(answer.temperature.begin(), answer.temperature.end());
  figure.x = padded(1e3 / *hot, 1e3 / *cold, 0.05);
  figure.x_ticks = linear_ticks(figure.x.low, figure.x.high, 9);
  const bool per_length = !answer.lines.empty() && answer.lines.front().unit == "S/m";
  const double factor = per_length ? 0.01 : 1.0;
  Panel panel;
  panel.name = std::string(per_length ? "conductivity" : "conductance");
  panel.unit = std::string(per_length ? "S/cm" : "S");
  panel.height = 340.0;
  double low = 1e300, high = 0.0;
  std::vector<std::array<double, 41>> x(answer.lines.size()), y(answer.lines.size()); // the lines point into them
  for (std::size_t n = 0; n < answer.lines.size(); ++n) {
    const auto& line = answer.lines[n];
    const Ink ink = inks[n % inks.size()];
    for (std::size_t k = 0; k < line.value.size(); ++k) {
      const double value = factor * line.value[k].value, error = factor * line.value[k].error;
      if (!(value > 0.0)) continue;
      low = std::min(low, value);
      high = std::max(high, value);
      panel.markers.push_back({1e3 / answer.temperature[k], value, Shape::circle, ink, true, fmt::format("{}: {} K, {}", line.what, number(answer.temperature[k], 4), number(value)), ""});
      if (std::isfinite(error) && error < value) panel.intervals.push_back({1e3 / answer.temperature[k], value - error, value + error, ink, false, false, false, ""});
    }
    if (!line.activation) {
      panel.keys.push_back({line.what, ink, Key::Sign::marker, Shape::circle, true});
      continue;
    }
    for (std::size_t k = 0; k < x[n].size(); ++k) {
      x[n][k] = figure.x.low + (figure.x.high - figure.x.low) * static_cast<double>(k) / 40.0;
      y[n][k] = factor * line.activation->at(1e3 / x[n][k]).value;
    }
    panel.lines.push_back({x[n], y[n], {}, {}, ink, fmt::format("{}: {} kJ/mol", line.what, number(line.activation->energy.value / 1e3)), false, 1.2});
  }
  if (!(high > 0.0)) return "";
  panel.y = {low / 2.0, high * 2.0, Scale::log};
  figure.panels.push_back(std::move(panel));
  return render(figure);
}

} // namespace platen::report

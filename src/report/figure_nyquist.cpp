#include "report/figure_spectrum.hpp"

#include "report/format.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <numeric>

namespace platen::report {
namespace {

using Model = std::vector<std::complex<double>>;

/// The plane that holds some spectra: equal lengths for equal ohms.
struct Plane {
  Range x, y;
  const char* unit = "ohm";
  double factor = 1.0; ///< ohm to unit
  double height = 0.0, per_pixel = 1.0;
};

Plane plane_of(const std::vector<const SpectrumData*>& spectra) {
  double low = 1e300, high = -1e300, bottom = 0.0, top = 0.0;
  for (const SpectrumData* data : spectra)
    for (const auto& z : data->impedance) {
      low = std::min(low, z.real());
      high = std::max(high, z.real());
      bottom = std::min(bottom, -z.imag());
      top = std::max(top, -z.imag());
    }
  // From zero, unless the spectrum would shrink to a dot at the far end.
  if (low < 3.0 * std::max(high - low, top - bottom)) low = std::min(low, 0.0), high = std::max(high, 0.0);
  const double span = std::max({high - low, top - bottom, 1e-12});
  Plane p;
  if (span >= 1e6) p.unit = "Mohm", p.factor = 1e-6;
  else if (span >= 1e4) p.unit = "kohm", p.factor = 1e-3;
  else if (span < 0.1) p.unit = "mohm", p.factor = 1e3;
  // The height follows from the width; a steep spectrum makes the frame wider than its data.
  const double margin = 0.06 * span;
  p.x = {(low - margin) * p.factor, (high + margin) * p.factor};
  p.y = {(bottom - margin) * p.factor, (top + margin) * p.factor};
  constexpr double tallest = 620.0, lowest = 160.0;
  p.per_pixel = (p.x.high - p.x.low) / frame_width;
  if ((p.y.high - p.y.low) / p.per_pixel > tallest) {
    p.per_pixel = (p.y.high - p.y.low) / tallest;
    p.x.high = p.x.low + p.per_pixel * frame_width;
  }
  p.height = (p.y.high - p.y.low) / p.per_pixel;
  if (p.height < lowest) {
    p.height = lowest;
    p.y.high = p.y.low + lowest * p.per_pixel;
  }
  return p;
}

Panel panel_of(const Plane& plane) {
  Panel panel;
  panel.name = std::string("-Im Z");
  panel.unit = std::string(plane.unit);
  panel.y = plane.y;
  panel.height = plane.height;
  return panel;
}

std::string drawn(Figure& figure, const Plane& plane, Panel panel) {
  figure.x_name = std::string("Re Z");
  figure.x_unit = std::string(plane.unit);
  figure.x = plane.x;
  figure.x_ticks = linear_ticks(plane.x.low, plane.x.high, 9);
  figure.panels.push_back(std::move(panel));
  return render(figure);
}

/// Whole decades by name; labels that would stand on one another are left out.
void name_decades(Panel& panel, std::size_t first_marker, const SpectrumData& data, double per_pixel) {
  double label_x = -1e300, label_y = -1e300;
  for (const std::size_t k : decade_points(data)) {
    Marker& m = panel.markers[first_marker + k];
    if (std::abs(m.x - label_x) < 70.0 * per_pixel && std::abs(m.y - label_y) < 14.0 * per_pixel) continue;
    m.label = frequency_label(std::pow(10.0, std::round(std::log10(data.frequency[k]))));
    m.label_below = true; // inside the arcs
    label_x = m.x;
    label_y = m.y;
  }
}

void add_points(Panel& panel, const SpectrumData& data, const Plane& plane, Ink ink) {
  const auto marked = decade_points(data);
  for (std::size_t k = 0; k < data.impedance.size(); ++k) {
    const bool decade = std::find(marked.begin(), marked.end(), k) != marked.end();
    panel.markers.push_back({data.impedance[k].real() * plane.factor, -data.impedance[k].imag() * plane.factor, Shape::circle, ink, decade, tip(data, k), ""});
  }
}

} // namespace

Figure figure_of(const SpectrumData& data, const std::string& id, const char* name, std::string_view title) {
  Figure figure;
  figure.id = id.empty() ? name : id;
  figure.title = fmt::format("{}: {}", title, data.name);
  figure.standalone = id.empty();
  return figure;
}

std::vector<std::size_t> order_of(const SpectrumData& data) {
  std::vector<std::size_t> order(data.frequency.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return data.frequency[a] < data.frequency[b]; });
  return order;
}

std::string frequency_label(double f) {
  const auto [unit, factor] = f >= 1e6 ? std::pair{"MHz", 1e-6} : f >= 1e3 ? std::pair{"kHz", 1e-3} : f >= 1.0 ? std::pair{"Hz", 1.0} : std::pair{"mHz", 1e3};
  return fmt::format("{:.3g} {}", f * factor, unit);
}

std::string tip(const SpectrumData& data, std::size_t k) {
  return fmt::format("{}: {} {:+.4g}j ohm", frequency_label(data.frequency[k]), number(data.impedance[k].real(), 4), data.impedance[k].imag());
}

std::vector<std::size_t> decade_points(const SpectrumData& data) {
  std::vector<std::size_t> marked;
  for (int power = -6; power <= 9; ++power) {
    const double f = std::pow(10.0, power);
    std::size_t best = data.frequency.size();
    for (std::size_t k = 0; k < data.frequency.size(); ++k) {
      const double away = std::abs(std::log(data.frequency[k] / f));
      if (away < 0.13 && (best == data.frequency.size() || away < std::abs(std::log(data.frequency[best] / f)))) best = k;
    }
    if (best < data.frequency.size()) marked.push_back(best);
  }
  return marked;
}

std::string nyquist_figure(const SpectrumData& data, const Model& model, const std::string& what, const std::string& id) {
  Figure figure = figure_of(data, id, "nyquist", "Impedance plane");
  const Plane plane = plane_of({&data});
  Panel panel = panel_of(plane);
  std::vector<double> x, y;
  for (const std::size_t k : order_of(data))
    if (!model.empty()) x.push_back(model[k].real() * plane.factor), y.push_back(-model[k].imag() * plane.factor);
  if (!model.empty()) panel.lines.push_back({x, y, {}, {}, Ink::vermillion, what, false, 1.6});
  add_points(panel, data, plane, Ink::blue);
  name_decades(panel, 0, data, plane.per_pixel);
  panel.keys.push_back({"measured; filled: whole decades", Ink::blue, Key::Sign::marker, Shape::circle, true});
  return drawn(figure, plane, std::move(panel));
}

std::string spectra_figure(const std::vector<SpectrumData>& spectra, const std::string& id) {
  constexpr std::array inks{Ink::blue, Ink::vermillion, Ink::green, Ink::orange, Ink::sky, Ink::purple, Ink::grey, Ink::ink};
  std::vector<const SpectrumData*> shown;
  const std::size_t count = std::min(spectra.size(), inks.size());
  for (std::size_t k = 0; k < count; ++k) shown.push_back(&spectra[count < 2 ? 0 : k * (spectra.size() - 1) / (count - 1)]);
  if (shown.empty()) return "";
  Figure figure = figure_of(*shown.front(), id, "spectra", "Impedance plane");
  const Plane plane = plane_of(shown);
  Panel panel = panel_of(plane);
  std::vector<std::vector<double>> x(count), y(count); // the lines point into them
  for (std::size_t n = 0; n < count; ++n) {
    const SpectrumData& data = *shown[n];
    for (const std::size_t k : order_of(data)) {
      x[n].push_back(data.impedance[k].real() * plane.factor);
      y[n].push_back(-data.impedance[k].imag() * plane.factor);
    }
    panel.lines.push_back({x[n], y[n], {}, {}, inks[n], std::isfinite(data.start) ? fmt::format("at {}", duration(data.start)) : data.name, false, 0.8});
    const std::size_t first = panel.markers.size();
    add_points(panel, data, plane, inks[n]);
    if (n == 0) name_decades(panel, first, data, plane.per_pixel);
  }
  panel.note = std::string("filled: whole decades");
  return drawn(figure, plane, std::move(panel));
}

} // namespace platen::report

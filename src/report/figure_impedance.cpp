#include "report/impedance.hpp"

#include "report/figure_spectrum.hpp"
#include "report/format.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numbers>

namespace platen::report {
namespace {

using namespace impedance;
using Model = std::vector<std::complex<double>>;

/// Points of a curve in the units of the axes; kept as long as the figure is drawn.
struct Curve {
  std::vector<double> x, y;
};

void frequency_axis(Figure& figure, const SpectrumData& data) {
  const auto [low, high] = std::minmax_element(data.frequency.begin(), data.frequency.end());
  figure.x_name = "frequency";
  figure.x_unit = "Hz";
  figure.x = {*low / 1.3, *high * 1.3, Scale::log};
  figure.x_ticks = log_ticks(figure.x.low, figure.x.high);
}

} // namespace

std::string bode_figure(const SpectrumData& data, const Model& model, const std::string& what, const std::string& id) {
  Figure figure = figure_of(data, id, "bode", "Modulus and phase");
  frequency_axis(figure, data);
  constexpr double degrees = 180.0 / std::numbers::pi;
  Panel modulus, phase;
  modulus.name = "|Z|";
  modulus.unit = "ohm";
  modulus.height = 220.0;
  phase.name = "-phase";
  phase.unit = "deg";
  phase.height = 180.0;
  double low = 1e300, high = 0.0, down = 0.0, up = 10.0;
  for (std::size_t k = 0; k < data.impedance.size(); ++k) {
    const double size = std::abs(data.impedance[k]), angle = -degrees * std::arg(data.impedance[k]);
    low = std::min(low, size);
    high = std::max(high, size);
    down = std::min(down, angle);
    up = std::max(up, angle);
    modulus.markers.push_back({data.frequency[k], size, Shape::circle, Ink::blue, false, tip(data, k), ""});
    phase.markers.push_back({data.frequency[k], angle, Shape::circle, Ink::blue, false, tip(data, k), ""});
  }
  modulus.y = {low / 1.3, high * 1.3, Scale::log};
  phase.y = {down - 4.0, up + 4.0};
  Curve size, angle;
  for (const std::size_t k : order_of(data)) {
    if (model.empty()) break;
    size.x.push_back(data.frequency[k]);
    size.y.push_back(std::abs(model[k]));
    angle.x.push_back(data.frequency[k]);
    angle.y.push_back(-degrees * std::arg(model[k]));
  }
  if (!model.empty()) {
    modulus.lines.push_back({size.x, size.y, {}, {}, Ink::vermillion, what, false, 1.6});
    phase.lines.push_back({angle.x, angle.y, {}, {}, Ink::vermillion, "", false, 1.6});
  }
  modulus.keys.push_back({"measured", Ink::blue, Key::Sign::marker, Shape::circle, false});
  figure.panels.push_back(std::move(modulus));
  figure.panels.push_back(std::move(phase));
  return render(figure);
}

std::string residual_figure(const SpectrumData& data, const Model& model, const std::string& what, const std::string& id) {
  Figure figure = figure_of(data, id, "residuals", "Residuals");
  frequency_axis(figure, data);
  Panel panel;
  panel.name = "(measured - fit)/|Z|";
  panel.unit = "%";
  panel.height = 230.0;
  Curve real, imaginary;
  double largest = 0.1;
  for (const std::size_t k : order_of(data)) {
    const auto off = 100.0 * (data.impedance[k] - model[k]) / std::abs(data.impedance[k]);
    real.x.push_back(data.frequency[k]);
    real.y.push_back(off.real());
    imaginary.x.push_back(data.frequency[k]);
    imaginary.y.push_back(off.imag());
    largest = std::max({largest, std::abs(off.real()), std::abs(off.imag())});
    panel.markers.push_back({data.frequency[k], off.real(), Shape::circle, Ink::blue, true, tip(data, k), ""});
    panel.markers.push_back({data.frequency[k], off.imag(), Shape::square, Ink::vermillion, false, tip(data, k), ""});
  }
  panel.y = {-1.1 * largest, 1.1 * largest};
  panel.lines.push_back({real.x, real.y, {}, {}, Ink::blue, "", false, 0.7});
  panel.lines.push_back({imaginary.x, imaginary.y, {}, {}, Ink::vermillion, "", false, 0.7});
  panel.keys.push_back({"real part", Ink::blue, Key::Sign::marker, Shape::circle, true});
  panel.keys.push_back({"imaginary part", Ink::vermillion, Key::Sign::marker, Shape::square, false});
  panel.note = what;
  figure.panels.push_back(std::move(panel));
  return render(figure);
}

std::string drt_figure(const SpectrumData& data, const Drt& drt, const std::string& id) {
  Figure figure = figure_of(data, id, "drt", "Distribution of relaxation times");
  figure.x_name = "relaxation time";
  figure.x_unit = "s";
  figure.x = {drt.tau.front(), drt.tau.back(), Scale::log};
  figure.x_ticks = log_ticks(figure.x.low, figure.x.high);
  Panel panel;
  panel.name = "gamma";
  panel.unit = "ohm";
  panel.height = 300.0;
  double top = 1e-12;
  for (std::size_t k = 0; k < drt.gamma.size(); ++k) top = std::max({top, drt.gamma[k], drt.high.empty() ? 0.0 : drt.high[k]});
  panel.y = {0.0, 1.12 * top};
  if (!drt.low.empty()) {
    panel.lines.push_back({drt.tau, drt.low, {}, {}, Ink::sky, "95 % of the samples", true, 1.1});
    panel.lines.push_back({drt.tau, drt.high, {}, {}, Ink::sky, "", true, 1.1});
  }
  panel.lines.push_back({drt.tau, drt.gamma, {}, {}, Ink::blue, "gamma", false, 1.8});
  double labelled = 0.0; // tau of the last peak with a label: labels shall not stand on one another
  for (const DrtPeak& p : drt.peaks) {
    std::size_t near = 0;
    for (std::size_t k = 0; k < drt.tau.size(); ++k)
      if (std::abs(std::log(drt.tau[k] / p.tau)) < std::abs(std::log(drt.tau[near] / p.tau))) near = k;
    panel.markers.push_back({p.tau, drt.gamma[near], Shape::diamond, Ink::vermillion, !p.at_edge, fmt::format("tau {} s, {} ohm", number(p.tau), number(p.resistance, 4)),
                             ""});
    const double apart = std::log(p.tau / std::max(labelled, 1e-300)) / std::log(figure.x.high / figure.x.low) * frame_width;
    if (p.resistance < 0.01 * drt.polarisation || apart < 70.0) continue;
    panel.markers.back().label = number(p.resistance) + " Ω";
    labelled = p.tau;
  }
  panel.keys.push_back({"peak with its area; hollow: at the end of the window", Ink::vermillion, Key::Sign::marker, Shape::diamond, true});
  figure.panels.push_back(std::move(panel));
  return render(figure);
}

std::string dc_figure(const DcAnswer& answer) {
  const Polarisation& p = answer.result;
  Figure figure;
  figure.id = "dc";
  figure.title = fmt::format("Current at constant voltage: {}", answer.name);
  figure.standalone = true;
  figure.x_name = "time since the voltage was applied";
  figure.x_unit = "s";
  const double first = answer.held.time.front() > 0.0 ? answer.held.time.front() : answer.held.time[1];
  figure.x = {first / 1.1, p.duration * 1.1, Scale::log};
  figure.x_ticks = log_ticks(figure.x.low, figure.x.high);
  Panel panel;
  panel.name = "|current|";
  panel.height = 300.0;
  panel.unit = std::string("nA"); // not assigned as characters: a false alarm of GCC 12
  Curve read;
  double low = 1e300, high = 0.0;
  for (std::size_t k = 0; k < answer.held.time.size(); ++k) {
    const double i = 1e9 * std::abs(answer.held.current[k] - answer.options.leakage.value);
    if (!(i > 0.0) || !(answer.held.time[k] > 0.0)) continue;
    read.x.push_back(answer.held.time[k]);
    read.y.push_back(i);
    low = std::min(low, i);
    high = std::max(high, i);
  }
  const double steady = 1e9 * std::abs(p.steady.value), error = 1e9 * p.steady.error;
  low = std::max(std::min(low, 0.7 * steady), 1e-5 * high);
  panel.y = {low / 1.2, std::max(high, steady) * 1.2, Scale::log};
  panel.lines.push_back({read.x, read.y, {}, {}, Ink::blue, answer.options.leakage.value != 0.0 ? "measured, less the leakage" : "measured", false, 1.2});
  panel.levels.push_back({steady, fmt::format("steady {} +- {} nA", number(steady), number(error, 2)), Ink::vermillion});
  if (steady > error) {
    panel.levels.push_back({std::max(steady - 1.96 * error, panel.y.low), "95 % from", Ink::grey});
    panel.levels.push_back({steady + 1.96 * error, "to", Ink::grey});
  }
  panel.note = p.stationary ? "stationary" : "not stationary";
  figure.panels.push_back(std::move(panel));
  return render(figure);
}

} // namespace platen::report

#include "report/impedance.hpp"

#include "report/format.hpp"
#include "report/svg_plot.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace platen::report {
namespace {

using namespace impedance;

/// Test time of each spectrum, or its number where a time is missing.
std::vector<double> places(const EisSeries& series, bool& timed) {
  std::vector<double> x;
  timed = !series.spectra.empty();
  for (const SpectrumData& s : series.spectra) timed = timed && std::isfinite(s.start);
  for (std::size_t k = 0; k < series.spectra.size(); ++k) x.push_back(timed ? series.spectra[k].start : static_cast<double>(k + 1));
  return x;
}

void axis(Figure& figure, std::vector<double>& x, bool timed) {
  const auto [low, high] = std::minmax_element(x.begin(), x.end());
  const double from = *low, to = *high;
  if (timed) {
    const TimeUnit unit = time_unit(std::max(to - from, 1.0));
    for (double& v : x) v /= unit.seconds;
    figure.x_name = "test time";
    figure.x_unit = unit.name;
    figure.x = padded(from / unit.seconds, to / unit.seconds, 1.0 / unit.seconds);
    figure.x_ticks = time_ticks(figure.x.low, figure.x.high, unit, 9);
  } else {
    figure.x_name = "spectrum";
    figure.x = padded(from, to, 1.0);
    figure.x_ticks = linear_ticks(figure.x.low, figure.x.high, 9);
  }
}

} // namespace

std::string eis_series_figure(const EisSeries& series, const std::string& id) {
  Figure figure;
  figure.id = id.empty() ? "eis-series" : id;
  figure.title = fmt::format("Elements over the series: {}", series.fits.front().circuit);
  figure.standalone = id.empty();
  bool timed = false;
  std::vector<double> x = places(series, timed);
  axis(figure, x, timed);
  const std::size_t count = series.fits.front().parameters.size();
  std::vector<std::vector<double>> values(count); // the lines point into it
  for (std::size_t p = 0; p < count; ++p) {
    Panel panel;
    panel.name = series.fits.front().parameters[p].name;
    panel.unit = std::string(series.fits.front().parameters[p].unit);
    panel.height = 110.0;
    double low = 1e300, high = -1e300;
    for (std::size_t k = 0; k < series.fits.size(); ++k) {
      const FittedParameter& f = series.fits[k].parameters[p];
      values[p].push_back(f.value);
      low = std::min(low, f.value);
      high = std::max(high, f.value);
      const bool known = std::isfinite(f.standard_error) && f.standard_error > 0.0;
      panel.markers.push_back({x[k], f.value, Shape::circle, Ink::blue, known, fmt::format("{}: {}", series.spectra[k].name, number(f.value, 4)), ""});
      if (known) panel.intervals.push_back({x[k], f.low, f.high, Ink::blue, false, false, false, ""});
    }
    panel.lines.push_back({x, values[p], {}, {}, Ink::blue, "", false, 0.9});
    const bool log = low > 0.0 && high > 30.0 * low;
    panel.y = log ? Range{low / 1.5, high * 1.5, Scale::log} : padded(low, high, 0.1 * std::max(std::abs(high), 1e-12));
    figure.panels.push_back(std::move(panel));
  }
  return render(figure);
}

std::string contact_figure(const EisSeries& series, const std::string& id) {
  Figure figure;
  figure.id = id.empty() ? "contact" : id;
  figure.title = fmt::format("Contact fraction from {}", series.contact_parameter);
  figure.standalone = id.empty();
  std::vector<double> x, theta;
  for (const ContactPoint& p : series.contact->points) {
    x.push_back(p.time);
    theta.push_back(p.theta);
  }
  axis(figure, x, true);
  figure.x_name = "hold";
  Panel panel;
  panel.name = "theta";
  panel.height = 260.0;
  panel.y = {0.0, 1.05};
  for (std::size_t k = 0; k < x.size(); ++k) {
    const ContactPoint& p = series.contact->points[k];
    panel.markers.push_back({x[k], p.theta, Shape::circle, Ink::green, series.contact->settled, fmt::format("{}: {}", duration(p.time), number(p.theta)), ""});
    panel.intervals.push_back({x[k], p.low, p.high, Ink::green, false, !series.contact->settled, false, ""});
  }
  panel.lines.push_back({x, theta, {}, {}, Ink::green, "", false, 0.9});
  panel.keys.push_back({"theta with its 95 % interval", Ink::green, Key::Sign::interval, Shape::circle, true});
  if (!series.contact->settled) panel.note = "the series does not show where it ends: upper limits";
  figure.panels.push_back(std::move(panel));
  return render(figure);
}

} // namespace platen::report

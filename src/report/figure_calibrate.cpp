#include "report/calibrate.hpp"
#include "report/format.hpp"
#include "report/svg_plot.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace platen::report {
namespace {

using calibrate::Calibration;
using calibrate::Number;
using calibrate::Observed;

constexpr double rise_95 = 3.8414588206941236;

struct Shown {
  std::string name, unit;
  double factor; ///< SI to the unit
};

Shown shown_of(Observed o, double magnitude) {
  switch (o) {
  case Observed::voltage: return magnitude < 1.0 ? Shown{"voltage", "mV", 1e3} : Shown{"voltage", "V", 1.0};
  case Observed::stack_pressure: return {"stack pressure", "MPa", 1e-6};
  case Observed::dc_resistance: return {"resistance at switches", "ohm", 1.0};
  case Observed::high_frequency_resistance: return {"high-frequency resistance", "ohm", 1.0};
  case Observed::ccd: return {"critical current density", "mA/cm2", 0.1};
  case Observed::life: return {"life", "cycles", 1.0};
  case Observed::first_swing: return {"first swing", "MPa", 1e-6};
  case Observed::pressure_after_half_cycle: return {"pressure after the first half cycle", "MPa", 1e-6};
  }
  return {"", "", 1.0};
}

/// An axis for a fitted number, in the unit people read.
void number_axis(Figure& figure, const Number& n, double low, double high) {
  const bool pure = n.shown_in.empty() || n.shown_in == "1";
  figure.x_name = n.key;
  figure.x_unit = pure ? "" : n.shown_in;
  const double from = pure ? low : in_unit(low, n.shown_in), to = pure ? high : in_unit(high, n.shown_in);
  const bool log = n.logarithmic && from > 0.0 && to / from > 3.0;
  figure.x = log ? Range{from / std::pow(to / from, 0.04), to * std::pow(to / from, 0.04), Scale::log} : padded(from, to, 1e-12);
  figure.x_ticks = log ? log_ticks(figure.x.low, figure.x.high) : linear_ticks(figure.x.low, figure.x.high, 6);
}

double shown_value(const Number& n, double si) { return n.shown_in.empty() || n.shown_in == "1" ? si : in_unit(si, n.shown_in); }

/// Stretches without a gap in time: lines are not drawn across what was left out.
std::vector<std::size_t> breaks_of(const std::vector<double>& time) {
  std::vector<double> gaps;
  for (std::size_t k = 1; k < time.size(); ++k) gaps.push_back(time[k] - time[k - 1]);
  if (gaps.empty()) return {};
  std::vector<double> sorted = gaps;
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2), sorted.end());
  const double usual = sorted[sorted.size() / 2];
  std::vector<std::size_t> out;
  for (std::size_t k = 0; k < gaps.size(); ++k)
    if (gaps[k] > 6.0 * usual) out.push_back(k + 1);
  return out;
}

} // namespace

std::string fit_figure(const Calibration& c, std::size_t index, const std::string& id) {
  const calibrate::Compared& s = c.comparison.series[index];
  if (s.time.size() < 2) return "";
  double largest = 0.0;
  for (const double v : s.measured) largest = std::max(largest, std::abs(v));
  const Shown shown = shown_of(s.observed, largest);
  const TimeUnit unit = time_unit(s.time.back() - s.time.front());
  Figure figure;
  figure.id = id;
  figure.title = fmt::format("{}: {} measured and fitted", s.record, shown.name);
  figure.x_name = "time in the study";
  figure.x_unit = std::string(unit.name);
  figure.x = padded(s.time.front() / unit.seconds, s.time.back() / unit.seconds, 1e-9);
  figure.x_ticks = time_ticks(figure.x.low, figure.x.high, unit, 8);
  Panel top, below;
  top.name = shown.name, top.unit = shown.unit, top.height = 190.0;
  below.name = "residual", below.unit = "deviations", below.height = 90.0;
  double low = 1e300, high = -1e300, worst = 3.0;
  for (std::size_t k = 0; k < s.time.size(); ++k) {
    const double x = s.time[k] / unit.seconds, y = shown.factor * s.measured[k], z = (s.measured[k] - s.predicted[k]) / s.deviation[k];
    if (index < c.series_bands.size()) {
      const calibrate::Band& b = c.series_bands[index];
      top.intervals.push_back({x, shown.factor * b.predictive_low[k], shown.factor * b.predictive_high[k], Ink::sky, false, false, true, "95 % of new readings"});
    }
    top.markers.push_back({x, y, Shape::circle, Ink::ink, false, fmt::format("{} {}", number(y, 4), shown.unit)});
    below.markers.push_back({x, z, Shape::circle, Ink::ink, false, fmt::format("{:.2f} deviations", z)});
    low = std::min({low, y, shown.factor * s.predicted[k]});
    high = std::max({high, y, shown.factor * s.predicted[k]});
    worst = std::max(worst, std::abs(z));
  }
  top.y = padded(low, high, 1e-9);
  below.y = {-1.1 * worst, 1.1 * worst, Scale::linear};
  below.levels.push_back({0.0, "", Ink::grey});
  std::vector<double> x, y;
  for (std::size_t k = 0; k < s.time.size(); ++k) x.push_back(s.time[k] / unit.seconds), y.push_back(shown.factor * s.predicted[k]);
  std::vector<std::size_t> edges = breaks_of(s.time);
  edges.push_back(x.size());
  std::size_t from = 0;
  for (const std::size_t to : edges) {
    top.lines.push_back({.x = std::span(x).subspan(from, to - from), .y = std::span(y).subspan(from, to - from), .ink = Ink::vermillion, .label = from == 0 ? "fit" : "", .width = 1.6});
    from = to;
  }
  top.keys.push_back({"mean of readings", Ink::ink, Key::Sign::marker, Shape::circle, false});
  if (index < c.series_bands.size()) top.keys.push_back({"95 % of new readings", Ink::sky, Key::Sign::broad});
  figure.panels.push_back(std::move(top));
  figure.panels.push_back(std::move(below));
  return render(figure);
}

std::string profile_figure(const Calibration& c, std::size_t index, const std::string& id) {
  const calibrate::Profile& p = c.profiles->profiles[index];
  const Number& n = c.problem.numbers[p.number];
  if (p.points.size() < 2) return "";
  Figure figure;
  figure.id = id;
  figure.title = fmt::format("Profile of {}", n.key);
  figure.width = 400.0;
  number_axis(figure, n, p.points.front().values[p.number], p.points.back().values[p.number]);
  Panel panel;
  panel.name = "rise of the minimum";
  panel.height = 150.0;
  std::vector<double> x, y;
  double top = 1.3 * rise_95;
  for (const calibrate::ProfilePoint& point : p.points) {
    x.push_back(shown_value(n, point.values[p.number]));
    y.push_back(std::max(point.rise, 0.0));
    panel.markers.push_back({x.back(), y.back(), Shape::circle, Ink::blue, true, fmt::format("{}: {:.2f}", shown_quantity(n, point.values[p.number]), point.rise)});
  }
  top = std::max(top, std::min(1.1 * *std::max_element(y.begin(), y.end()), 4.0 * rise_95));
  panel.y = {0.0, top, Scale::linear};
  panel.lines.push_back({.x = x, .y = y, .ink = Ink::blue, .label = "", .width = 1.6});
  panel.levels.push_back({rise_95, "95 %", Ink::grey});
  figure.panels.push_back(std::move(panel));
  return render(figure);
}

std::string events_figure(const Calibration& c, Observed observed, const std::string& id) {
  std::vector<std::size_t> which;
  for (std::size_t e = 0; e < c.comparison.events.size(); ++e)
    if (c.comparison.events[e].observed == observed) which.push_back(e);
  if (which.empty()) return "";
  const Shown shown = shown_of(observed, 0.0);
  Figure figure;
  figure.id = id;
  figure.title = fmt::format("{}: seen and fitted", shown.name);
  figure.x_name = "test";
  figure.x = {0.0, static_cast<double>(which.size()), Scale::linear};
  Panel panel;
  panel.name = shown.name, panel.unit = shown.unit, panel.height = 230.0;
  double top = 0.0;
  for (std::size_t k = 0; k < which.size(); ++k) {
    const calibrate::ComparedEvent& e = c.comparison.events[which[k]];
    const double x = static_cast<double>(k) + 0.5;
    figure.x_ticks.push_back({x, e.group.size() > 14 ? e.group.substr(0, 12) + ".." : e.group});
    const double predicted = shown.factor * e.predicted;
    if (which[k] < c.event_bands.size()) {
      const calibrate::Band& b = c.event_bands[which[k]];
      panel.intervals.push_back({x + 0.12, shown.factor * b.predictive_low[0], shown.factor * b.predictive_high[0], Ink::sky, false, false, true, "95 % of new cells"});
      panel.intervals.push_back({x + 0.12, shown.factor * b.low[0], shown.factor * b.high[0], Ink::vermillion, false, false, false, "95 % of the median cell"});
      top = std::max(top, shown.factor * b.predictive_high[0]);
    }
    panel.markers.push_back({x + 0.12, predicted, Shape::diamond, Ink::vermillion, true, fmt::format("{}: {} {}", e.label, number(predicted), shown.unit)});
    const double low = e.value ? *e.value - 1.96 * *e.deviation : e.seen->low;
    const double high = e.value ? *e.value + 1.96 * *e.deviation : e.seen->high;
    const bool open = !std::isfinite(high);
    panel.intervals.push_back({x - 0.12, shown.factor * low, shown.factor * (open ? low : high), Ink::ink, open, false, false, e.label});
    top = std::max({top, predicted, shown.factor * (open ? low : high)});
  }
  panel.y = {0.0, 1.15 * top, Scale::linear};
  panel.keys = {{"seen", Ink::ink, Key::Sign::interval}, {"fit, median cell", Ink::vermillion, Key::Sign::marker, Shape::diamond, true}, {"95 % of new cells", Ink::sky, Key::Sign::broad}};
  figure.panels.push_back(std::move(panel));
  return render(figure);
}

std::string correlation_figure(const Calibration& c, const std::string& id) {
  std::vector<std::size_t> laws;
  for (std::size_t j = 0; j < c.problem.numbers.size(); ++j)
    if (of_laws(c.problem.numbers[j])) laws.push_back(j);
  if (laws.size() < 2) return "";
  const double count = static_cast<double>(laws.size());
  Figure figure;
  figure.id = id;
  figure.title = "Correlations of the fitted numbers";
  figure.width = std::max(480.0, 120.0 + 40.0 * count);
  figure.x_name = "number, as in the table";
  figure.x = {0.5, count + 0.5, Scale::linear};
  Panel panel;
  panel.name = "number";
  panel.height = std::min(36.0 * count, 720.0);
  panel.y = {0.5, count + 0.5, Scale::linear};
  for (std::size_t a = 0; a < laws.size(); ++a) {
    figure.x_ticks.push_back({static_cast<double>(a + 1), std::to_string(a + 1)});
    for (std::size_t b = 0; b < laws.size(); ++b) {
      const double r = c.fit.correlation[laws[a] * c.problem.numbers.size() + laws[b]];
      const double x = static_cast<double>(a + 1), y = static_cast<double>(b + 1), half = 0.46 * std::sqrt(std::abs(r));
      const std::string tip = fmt::format("{} and {}: {:.2f}", c.problem.numbers[laws[a]].key, c.problem.numbers[laws[b]].key, r);
      if (half > 0.02) panel.zones.push_back({x - half, x + half, y - half, y + half, r > 0.0 ? Ink::blue : Ink::vermillion, tip, std::abs(r) > 0.5});
    }
  }
  panel.keys = {{"positive", Ink::blue, Key::Sign::broad}, {"negative", Ink::vermillion, Key::Sign::broad}};
  figure.panels.push_back(std::move(panel));
  return render(figure);
}

std::string posterior_figure(const Calibration& c, std::size_t j, const std::string& id) {
  if (!c.posterior || c.posterior->draws.size() < 20) return "";
  const Number& n = c.problem.numbers[j];
  const double low = c.posterior->quantile(j, 0.002), high = c.posterior->quantile(j, 0.998);
  if (!(low < high)) return "";
  Figure figure;
  figure.id = id;
  figure.title = fmt::format("Posterior of {}", n.key);
  figure.width = 400.0;
  number_axis(figure, n, low, high);
  Panel panel;
  panel.name = "density";
  panel.height = 130.0;
  constexpr std::size_t bins = 24;
  const double from = n.scaled(low), width = (n.scaled(high) - from) / bins;
  std::vector<double> counts(bins, 0.0);
  for (const auto& d : c.posterior->draws) {
    const double place = (n.scaled(d[j]) - from) / width;
    if (place >= 0.0 && place < bins) counts[static_cast<std::size_t>(place)] += 1.0 / (static_cast<double>(c.posterior->draws.size()) * width);
  }
  double top = *std::max_element(counts.begin(), counts.end());
  std::vector<double> x, y;
  if (n.prior)
    for (std::size_t k = 0; k <= 100; ++k) {
      const double at = from + width * bins * static_cast<double>(k) / 100.0, z = (at - n.prior->mean) / n.prior->deviation;
      x.push_back(shown_value(n, n.unscaled(at)));
      y.push_back(0.3989422804014327 * std::exp(-0.5 * z * z) / n.prior->deviation);
    }
  for (const double v : y) top = std::max(top, v);
  for (std::size_t k = 0; k < bins; ++k)
    panel.zones.push_back({shown_value(n, n.unscaled(from + width * static_cast<double>(k))), shown_value(n, n.unscaled(from + width * static_cast<double>(k + 1))), 0.0, counts[k],
                           Ink::blue, "", true});
  if (!x.empty()) panel.lines.push_back({.x = x, .y = y, .ink = Ink::ink, .label = "prior", .dashed = true});
  panel.y = {0.0, 1.1 * top, Scale::linear};
  figure.panels.push_back(std::move(panel));
  return render(figure);
}

} // namespace platen::report

#include "report/figure_corpus.hpp"

#include "report/format.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace platen::report {
namespace {

using referee::Rate;
using referee::Summary;

constexpr double judged_at = 0.5; ///< the score from which the judge calls a half cycle shorted

Ink ink_of(const std::string& name) { return name == "simulated" ? Ink::blue : Ink::vermillion; }
Shape shape_of(const std::string& name) { return name == "simulated" ? Shape::circle : Shape::square; }

Panel percent_panel(std::string name, double height) {
  Panel p;
  p.name = std::move(name);
  p.unit = "%";
  p.height = height;
  p.y = {-3.0, 103.0, Scale::linear};
  return p;
}

/// The figure of a rate with its bounds, at `x`.
void add(Panel& panel, double x, const Rate& rate, Ink ink, Shape shape, const std::string& what) {
  if (rate.of == 0) return;
  const numerics::Bounds b = rate.bounds();
  const std::string tip = fmt::format("{}: {}", what, rate_phrase(rate));
  panel.intervals.push_back({x, 100.0 * b.low, 100.0 * b.high, ink, false, false, false, tip});
  panel.markers.push_back({x, 100.0 * rate.value(), shape, ink, true, tip});
}

std::vector<const Summary*> single(const std::vector<Summary>& all) {
  std::vector<const Summary*> out;
  for (const Summary& s : all)
    if (s.name != "all") out.push_back(&s);
  return out;
}

std::string finish(Figure figure, std::string id, std::string title, std::string x_name, std::string x_unit) {
  figure.id = std::move(id);
  figure.title = std::move(title);
  figure.x_name = std::move(x_name);
  figure.x_unit = std::move(x_unit);
  return render(figure);
}

} // namespace

std::string score_figure(const Summary& s) {
  Figure figure;
  Panel found = percent_panel("shorts found", 150.0), alarms = percent_panel("healthy cells called shorted", 110.0);
  double most = 1.0;
  for (const referee::OperatingPoint& p : s.curve) {
    add(found, p.score - 0.006, p.hard, Ink::vermillion, Shape::circle, fmt::format("hard shorts at {:.2f}", p.score));
    add(found, p.score + 0.006, p.soft, Ink::blue, Shape::square, fmt::format("soft shorts longer than 2 min at {:.2f}", p.score));
    add(alarms, p.score, p.alarms, Ink::ink, Shape::diamond, fmt::format("false alarms at {:.2f}", p.score));
    most = std::max(most, 100.0 * p.alarms.bounds().high);
  }
  alarms.y = {-0.03 * most, 1.05 * most, Scale::linear};
  found.keys = {{"hard", Ink::vermillion, Key::Sign::marker, Shape::circle, true}, {"soft, longer than 2 min", Ink::blue, Key::Sign::marker, Shape::square, true}};
  figure.x = {0.0, 1.0, Scale::linear};
  figure.x_ticks = linear_ticks(0.0, 1.0, 10);
  figure.panels = {std::move(found), std::move(alarms)};
  figure.marks.push_back({judged_at, "judged here", Ink::grey});
  return finish(std::move(figure), "score-" + s.name, "Shorts found and false alarms against the score that counts as a short, " + s.name + " cells",
                "least score that counts as a short", "");
}

std::string operating_figure(const std::vector<Summary>& all) {
  Figure figure;
  Panel panel = percent_panel("soft shorts longer than 2 min found", 230.0);
  std::vector<std::vector<double>> xs, ys;
  double most = 1.0;
  for (const Summary* s : single(all)) {
    auto& x = xs.emplace_back();
    auto& y = ys.emplace_back();
    for (const referee::OperatingPoint& p : s->curve) {
      if (p.soft.of == 0 || p.alarms.of == 0) continue;
      x.push_back(100.0 * p.alarms.value());
      y.push_back(100.0 * p.soft.value());
      most = std::max(most, x.back());
      const bool here = std::abs(p.score - judged_at) < 1e-9;
      panel.markers.push_back({x.back(), y.back(), shape_of(s->name), ink_of(s->name), here,
                               fmt::format("score {:.2f}: {} of false alarms, {} found", p.score, rate_phrase(p.alarms), rate_phrase(p.soft))});
    }
    panel.keys.push_back({fmt::format("{} cells; filled: where the judge stands", s->name), ink_of(s->name), Key::Sign::marker, shape_of(s->name), true});
  }
  const auto singles = single(all);
  for (std::size_t k = 0; k < xs.size(); ++k) panel.lines.push_back({xs[k], ys[k], {}, {}, ink_of(singles[k]->name), "", false, 1.2});
  figure.x = {-0.02 * most, 1.03 * most, Scale::linear};
  figure.x_ticks = linear_ticks(0.0, most, 9);
  figure.panels.push_back(std::move(panel));
  return finish(std::move(figure), "operating", "Operating curve", "healthy cells called shorted", "%");
}

std::string severity_figure(const std::vector<Summary>& all) {
  Figure figure;
  Panel panel = percent_panel("found", 190.0);
  double aside = -0.7;
  for (const Summary* s : single(all)) {
    for (const referee::Bin& b : s->by_share)
      add(panel, 50.0 * (b.low + b.high) + aside, b.rate, ink_of(s->name), shape_of(s->name), fmt::format("{} cells, {}", s->name, share_bin(b)));
    panel.keys.push_back({s->name, ink_of(s->name), Key::Sign::marker, shape_of(s->name), true});
    aside += 1.4;
  }
  figure.x = {0.0, 100.0, Scale::linear};
  figure.x_ticks = linear_ticks(0.0, 100.0, 10);
  figure.panels.push_back(std::move(panel));
  return finish(std::move(figure), "severity", "Shorts found against the share of the current beside the electrolyte", "current beside the electrolyte while shorted", "%");
}

std::string duration_figure(const std::vector<Summary>& all) {
  Figure figure;
  Panel panel = percent_panel("found", 190.0);
  double aside = 0.93;
  for (const Summary* s : single(all)) {
    for (const referee::Bin& b : s->by_duration) {
      const double low = std::max(b.low, 8.0), high = std::isfinite(b.high) ? b.high : 20.0 * b.low;
      add(panel, std::sqrt(low * high) * aside, b.rate, ink_of(s->name), shape_of(s->name), fmt::format("{} cells, {}", s->name, duration_bin(b)));
    }
    panel.keys.push_back({s->name, ink_of(s->name), Key::Sign::marker, shape_of(s->name), true});
    aside = 1.0 / aside;
  }
  figure.x = {5.0, 1e5, Scale::log};
  figure.x_ticks = log_time_ticks(5.0, 1e5);
  figure.panels.push_back(std::move(panel));
  return finish(std::move(figure), "duration", "Shorts found against their duration under current", "time under current while shorted", "");
}

std::string onset_figure(const Measurement& m) {
  Figure figure;
  Panel panel = percent_panel("found shorts whose onset is that near", 190.0);
  std::vector<std::vector<double>> xs, ys;
  std::vector<Ink> inks;
  for (const corpus::Generator g : m.plan.generators) {
    std::vector<double> errors;
    for (const referee::Judged& j : m.cells)
      if (j.generator == g && j.answer.found && j.answer.onset_error) errors.push_back(std::abs(*j.answer.onset_error));
    if (errors.size() < 2) continue;
    std::sort(errors.begin(), errors.end());
    auto& x = xs.emplace_back();
    auto& y = ys.emplace_back();
    for (std::size_t k = 0; k < errors.size(); ++k) {
      x.push_back(std::clamp(errors[k], 1.0, 1e6));
      y.push_back(100.0 * static_cast<double>(k + 1) / static_cast<double>(errors.size()));
    }
    inks.push_back(ink_of(std::string(label(g))));
    panel.keys.push_back({std::string(label(g)), inks.back(), Key::Sign::line, Shape::circle, true});
  }
  for (std::size_t k = 0; k < xs.size(); ++k) panel.lines.push_back({xs[k], ys[k], {}, {}, inks[k], "", false, 1.5});
  if (xs.empty()) return "";
  figure.x = {1.0, 1e6, Scale::log};
  figure.x_ticks = log_time_ticks(1.0, 1e6);
  figure.panels.push_back(std::move(panel));
  figure.marks.push_back({referee::onset_tolerance, "30 s", Ink::grey});
  return finish(std::move(figure), "onset", "Distribution of the onset's errors", "error of the onset, at most", "");
}

} // namespace platen::report

#include "report/figures.hpp"

#include "report/format.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <map>

namespace platen::report {
namespace {

constexpr double top = 2.0;              ///< thresholds; what lies beyond is cut off
constexpr std::size_t most_bars = 400;   ///< per strip: thinner ones would be less than two pixels

/// How far a figure went towards its threshold and beyond: 1 at the threshold, whichever side a short lies on.
double beyond(const Evidence& e) {
  if (!std::isfinite(e.figure) || !std::isfinite(e.threshold)) return 0.0;
  const double over = e.side > 0 ? e.figure / e.threshold : e.figure > 0 ? e.threshold / e.figure : top;
  return std::isfinite(over) ? std::clamp(over, 0.0, top) : 0.0;
}

struct Bar {
  double from = 0, to = 0; ///< s
  double height = 0;       ///< thresholds
  const Evidence* evidence = nullptr;
  std::size_t half_cycle = 0;
};

/// Bars of one test, neighbours merged into the strongest of them where there are too many.
std::vector<Bar> merged(std::vector<Bar> bars) {
  const std::size_t together = bars.size() / most_bars + 1;
  std::vector<Bar> out;
  for (std::size_t k = 0; k < bars.size(); k += together) {
    Bar bar = bars[k];
    for (std::size_t i = k; i < std::min(bars.size(), k + together); ++i) {
      const bool stronger = bars[i].evidence->fired > bar.evidence->fired ||
                            (bars[i].evidence->fired == bar.evidence->fired && bars[i].height > bar.height);
      const double from = bar.from;
      if (stronger) bar = bars[i];
      bar.from = from;
      bar.to = bars[i].to;
    }
    out.push_back(bar);
  }
  return out;
}

Panel strip(const std::string& name, const std::vector<Bar>& bars, const ToPixel& to_time) {
  Panel panel;
  panel.height = 30.0; // too low for a name beside its axis
  panel.y = {0.0, top, Scale::linear};
  panel.levels.push_back({1.0, "", Ink::ink});
  panel.keys.push_back({name, Ink::ink, Key::Sign::none, Shape::circle, true});
  for (const Bar& b : bars) {
    const Evidence& e = *b.evidence;
    panel.zones.push_back({to_time(b.from), to_time(b.to), 0.0, std::max(b.height, 0.04), e.fired ? Ink::vermillion : Ink::blue,
                           fmt::format("half cycle {}: {}; probability beyond the threshold {}, weight {}", b.half_cycle + 1, e.reason,
                                       probability(e.strength), number(e.weight, 2)), e.fired});
  }
  return panel;
}

} // namespace

std::string evidence_figure(const Page& page, const Window& window, const std::string& id) {
  const Assessment& a = page.assessment;
  const ToPixel to_time = time_axis(window);
  std::vector<std::string> names;
  std::map<std::string, std::vector<Bar>> bars;
  for (std::size_t k = 0; k < a.half_cycles.size(); ++k) {
    const HalfCycleAssessment& h = a.half_cycles[k];
    const double from = std::max(h.half_cycle.start, window.from), to = std::min(h.half_cycle.end, window.to);
    if (!(to > from)) continue;
    for (const Evidence& e : h.evidence) {
      if (!std::isfinite(e.figure)) continue;
      if (!bars.contains(e.name)) names.push_back(e.name);
      bars[e.name].push_back({from, to, beyond(e), &e, k});
    }
  }
  if (names.empty()) return "";
  const auto place = [](const std::string& name) { return std::find(evidence_names().begin(), evidence_names().end(), name); };
  std::sort(names.begin(), names.end(), [&](const std::string& one, const std::string& other) { return place(one) < place(other); });
  Figure figure = time_figure(page, window, id, fmt::format("What each small test said against time: {}", page.title));
  for (const std::string& name : names) figure.panels.push_back(strip(name, merged(bars[name]), to_time));
  if (a.window && std::isfinite(a.window->earliest) && a.window->latest > window.from && a.window->earliest < window.to)
    figure.bands.push_back({to_time(std::max(a.window->earliest, window.from)), to_time(std::min(a.window->latest, window.to))});
  return render(figure);
}

std::vector<std::string> tests_not_made(const Assessment& a) {
  std::vector<std::string> out;
  for (const std::string_view name : evidence_names()) {
    bool asked = false, made = false;
    for (const HalfCycleAssessment& h : a.half_cycles)
      for (const Evidence& e : h.evidence)
        if (e.name == name) {
          asked = true;
          made = made || std::isfinite(e.figure);
        }
    if (asked && !made) out.emplace_back(name);
  }
  return out;
}

} // namespace platen::report

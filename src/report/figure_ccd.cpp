#include "report/figures.hpp"

#include "report/format.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace platen::report {
namespace {

struct Bar {
  double hold; ///< s
  double low, high;
  bool no_upper, no_lower;
  bool simulated; ///< straight from the simulator, nothing between
  std::string tip;
};

std::vector<Bar> cell_bars(const std::vector<Page>& pages) {
  std::vector<Bar> bars;
  for (const Page& page : pages) {
    const auto& ccd = page.assessment.ccd;
    const auto hold = page.record.cell.contact_hold_time;
    if (!ccd || !hold || !(*hold > 0.0) || (!ccd->last_passed && !ccd->failing_step)) continue;
    const double low = in_unit(ccd->last_passed.value_or(0.0), "mA/cm2");
    const double high = in_unit(ccd->failing_step.value_or(ccd->last_passed.value_or(0.0)), "mA/cm2");
    bars.push_back({*hold, low, high, !ccd->failing_step, !ccd->last_passed, page.record.provenance.origin == "simulated",
                    fmt::format("{}: {}", page.title, ccd_phrase(page.assessment))});
  }
  std::stable_sort(bars.begin(), bars.end(), [](const Bar& a, const Bar& b) { return a.hold < b.hold; });
  return bars;
}

void add_cells(Panel& panel, const std::vector<Bar>& bars, double longest_over_shortest) {
  const double shift = std::pow(longest_over_shortest, 0.016); // about 13 px: cells of one hold stand side by side
  bool simulated = false, other = false;
  double place = 0.0;
  for (std::size_t k = 0; k < bars.size(); ++k) {
    const Bar& bar = bars[k];
    place = k > 0 && bars[k - 1].hold == bar.hold ? place * shift : bar.hold;
    (bar.simulated ? simulated : other) = true;
    // a lower bound has no height of its own: an arrow upwards
    const double reach = bar.no_upper ? bar.high + 0.12 * (panel.y.high - panel.y.low) : bar.high;
    panel.intervals.push_back({place, bar.low, reach, bar.simulated ? Ink::blue : Ink::green, bar.no_upper, bar.no_lower, false, bar.tip});
  }
  if (simulated) panel.keys.push_back({"simulated: last passed to failing step", Ink::blue, Key::Sign::interval, Shape::circle, true});
  if (other) panel.keys.push_back({"read from a file", Ink::green, Key::Sign::interval, Shape::circle, true});
}

void add_targets(Panel& panel, const std::vector<TargetResult>& targets) {
  bool band = false, stated = false;
  for (const TargetResult& result : targets) {
    const Target& t = result.target;
    const auto hold = hold_time(t);
    if (!hold || !t.low || !t.high) continue;
    band = true;
    panel.intervals.push_back({*hold, *t.low, *t.high, Ink::orange, false, false, true,
                               fmt::format("{} {}: accepted {} to {} mA/cm²", t.id, t.study, number(*t.low), number(*t.high))});
    if (!t.value || t.basis != "stated") continue;
    stated = true;
    panel.markers.push_back({*hold, *t.value, Shape::diamond, Ink::ink, false,
                             fmt::format("{}: {} mA/cm², stated", t.id, number(*t.value))});
  }
  if (stated) panel.keys.push_back({"paper, stated (failing step)", Ink::ink, Key::Sign::marker, Shape::diamond, false});
  if (band) panel.keys.push_back({"accepted band of a target", Ink::orange, Key::Sign::broad, Shape::circle, true});
}

} // namespace

std::optional<double> hold_time(const Target& target) {
  if (target.quantity != "CCD" || target.study.find("holds") != std::string::npos) return std::nullopt;
  const std::size_t end = target.study.find(" hold");
  if (end == std::string::npos) return std::nullopt;
  // the two words before " hold": "30 min", "24 h"
  const std::size_t unit = target.study.rfind(' ', end - 1);
  if (unit == std::string::npos || unit == 0) return std::nullopt;
  const std::size_t space = target.study.rfind(' ', unit - 1);
  const std::size_t begin = space == std::string::npos ? 0 : space + 1;
  const auto parsed = parse_quantity(std::string_view(target.study).substr(begin, end - begin), dim::time);
  if (parsed.fault != QuantityFault::none || !(parsed.quantity.value > 0.0)) return std::nullopt;
  return parsed.quantity.value;
}

std::string ccd_figure(const std::vector<Page>& pages, const std::vector<TargetResult>& targets, const std::string& id) {
  const auto bars = cell_bars(pages);
  if (bars.empty()) return "";
  double shortest = bars.front().hold, longest = bars.back().hold, top = 0.0;
  for (const Bar& bar : bars) top = std::max(top, bar.high);
  for (const TargetResult& result : targets) {
    const auto hold = hold_time(result.target);
    if (!hold) continue;
    shortest = std::min(shortest, *hold);
    longest = std::max(longest, *hold);
    top = std::max(top, result.target.high.value_or(0.0));
  }
  Figure figure;
  figure.id = id;
  figure.title = "Critical current density against contact hold time";
  figure.x_name = "contact hold before cycling (logarithmic)";
  figure.x = {shortest / 1.6, longest * 1.6, Scale::log};
  figure.x_ticks = log_time_ticks(figure.x.low, figure.x.high);

  Panel panel;
  panel.name = "critical current density";
  panel.unit = "mA/cm2";
  panel.height = 300.0;
  panel.y = {0.0, 1.15 * top, Scale::linear};
  add_targets(panel, targets);
  add_cells(panel, bars, figure.x.high / figure.x.low);
  figure.panels.push_back(std::move(panel));
  return render(figure);
}

} // namespace platen::report

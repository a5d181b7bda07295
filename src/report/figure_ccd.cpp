#include "report/figures.hpp"

#include "report/format.hpp"
#include "report/paper.hpp"

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

std::vector<Bar> cell_bars(const std::vector<const Page*>& pages) {
  std::vector<Bar> bars;
  for (const Page* each : pages) {
    const Page& page = *each;
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

} // namespace

std::string ccd_figure(const std::vector<const Page*>& pages, const PaperMarks* paper, const std::string& id) {
  const auto bars = cell_bars(pages);
  if (bars.empty()) return "";
  double shortest = bars.front().hold, longest = bars.back().hold, top = 0.0;
  for (const Bar& bar : bars) top = std::max(top, bar.high);
  if (paper != nullptr) {
    shortest = std::min(shortest, targets::minute);
    longest = std::max(longest, 24.0 * targets::hour);
    top = std::max(top, 2.4); // mA/cm2, above the highest that the paper states
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
  if (paper != nullptr) {
    const MarkStyle style{.x_factor = targets::minute};
    paper->draw(panel, "range", style);
    paper->draw(panel, "cell", style);
  }
  add_cells(panel, bars, figure.x.high / figure.x.low);
  figure.panels.push_back(std::move(panel));
  return render(figure);
}

} // namespace platen::report

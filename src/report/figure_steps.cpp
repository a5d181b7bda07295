#include "report/figures.hpp"

#include "report/format.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <set>

namespace platen::report {
namespace {

Shape verdict_shape(Verdict verdict) {
  switch (verdict) {
    case Verdict::healthy: return Shape::circle;
    case Verdict::soft_short: return Shape::triangle;
    case Verdict::hard_short: return Shape::cross;
    case Verdict::fake_stable: return Shape::square;
    case Verdict::contact_loss: return Shape::diamond;
    case Verdict::cannot_tell: return Shape::circle;
  }
  return Shape::circle;
}

bool verdict_filled(Verdict verdict) { return verdict != Verdict::cannot_tell && verdict != Verdict::fake_stable; }

/// From zero to a little above the largest healthy value: a contact lost near the end would flatten all the rest.
Range from_zero(std::vector<double> values) {
  if (values.empty()) return {0.0, 1.0, Scale::linear};
  std::sort(values.begin(), values.end());
  const double usual = values[static_cast<std::size_t>(0.9 * static_cast<double>(values.size() - 1))];
  const double top = std::min(values.back(), 3.0 * std::max(usual, 1e-12));
  return {0.0, std::max(1.12 * top, 1e-9), Scale::linear};
}

} // namespace

Ink verdict_ink(Verdict verdict) {
  switch (verdict) {
    case Verdict::healthy: return Ink::blue;
    case Verdict::soft_short: return Ink::orange;
    case Verdict::hard_short: return Ink::vermillion;
    case Verdict::fake_stable: return Ink::purple;
    case Verdict::contact_loss: return Ink::green;
    case Verdict::cannot_tell: return Ink::grey;
  }
  return Ink::grey;
}

std::string asr_figure(const Assessment& assessment, const std::string& id) {
  Panel panel;
  panel.name = "area-specific resistance";
  panel.unit = "ohm cm2";
  panel.height = 190.0;
  std::vector<double> x, y;
  bool failed = false, after = false;
  for (const StepAssessment& s : assessment.steps) {
    const bool later = failed && !s.failed;
    failed = failed || s.failed;
    if (!s.asr || !std::isfinite(*s.asr) || !std::isfinite(s.current_density)) continue;
    x.push_back(in_unit(s.current_density, "mA/cm2"));
    y.push_back(in_unit(*s.asr, "ohm cm2"));
    after = after || later;
    panel.markers.push_back({x.back(), y.back(), s.failed ? Shape::cross : later ? Shape::square : Shape::circle,
                             s.failed ? Ink::vermillion : later ? Ink::grey : Ink::blue, !later,
                             fmt::format("{} mA/cm²: {} Ω cm²{}", number(x.back()), number(y.back()),
                                         s.failed ? ", the failing step" : later ? ", after the short" : "")});
  }
  if (x.size() < 2) return "";
  std::vector<double> scale = y;
  if (assessment.ionic_floor) {
    const double floor = in_unit(*assessment.ionic_floor, "ohm cm2");
    scale.push_back(floor);
    panel.levels.push_back({floor, fmt::format("what the electrolyte alone must have: {} Ω cm²", number(floor)), Ink::grey});
  }
  panel.y = from_zero(scale);
  panel.lines.push_back({x, y, {}, {}, Ink::blue, "", false, 1.2});
  panel.keys.push_back({"step passed", Ink::blue, Key::Sign::marker, Shape::circle, true});
  if (failed) panel.keys.push_back({"failing step", Ink::vermillion, Key::Sign::marker, Shape::cross, true});
  if (after) panel.keys.push_back({"after the short", Ink::grey, Key::Sign::marker, Shape::square, false});

  Figure figure;
  figure.id = id;
  figure.title = "Area-specific resistance against current density of each step";
  figure.x_name = "current density of the step";
  figure.x_unit = "mA/cm2";
  const double top = *std::max_element(x.begin(), x.end());
  figure.x = {0.0, 1.05 * top, Scale::linear};
  figure.x_ticks = linear_ticks(figure.x.low, figure.x.high, 9);
  figure.panels.push_back(std::move(panel));
  return render(figure);
}

std::string half_cycle_figure(const Page& page, const std::string& id) {
  const auto& half_cycles = page.assessment.half_cycles;
  if (half_cycles.size() < 3) return "";
  const auto area = page.record.cell.area;
  Panel panel;
  panel.name = area ? "resistance × area" : "resistance";
  panel.unit = area ? "ohm cm2" : "ohm";
  panel.height = 190.0;
  const double factor = area ? in_unit(*area, "cm2") : 1.0;
  // at most 600 markers: beyond, healthy ones are thinned and the others kept
  const std::size_t stride = half_cycles.size() / 600 + 1;
  std::vector<double> values;
  std::set<Verdict> verdicts;
  for (std::size_t k = 0; k < half_cycles.size(); ++k) {
    const HalfCycleAssessment& h = half_cycles[k];
    if (!std::isfinite(h.resistance) || (h.verdict == Verdict::healthy && k % stride != 0)) continue;
    values.push_back(h.resistance * factor);
    verdicts.insert(h.verdict);
    panel.markers.push_back({static_cast<double>(k + 1), values.back(), verdict_shape(h.verdict), verdict_ink(h.verdict),
                             verdict_filled(h.verdict),
                             fmt::format("half cycle {}: {} {}, {}, score {}", k + 1, number(values.back()),
                                         typeset_unit(panel.unit), label(h.verdict), number(h.score, 2))});
  }
  if (values.size() < 3) return "";
  panel.y = from_zero(values);
  for (const Verdict v : verdicts)
    panel.keys.push_back({std::string(label(v)), verdict_ink(v), Key::Sign::marker, verdict_shape(v), verdict_filled(v)});

  Figure figure;
  figure.id = id;
  figure.title = "Resistance in every half cycle, marked by verdict";
  figure.x_name = "half cycle";
  figure.x = {0.0, static_cast<double>(half_cycles.size()) + 1.0, Scale::linear};
  figure.x_ticks = linear_ticks(figure.x.low, figure.x.high, std::min<int>(9, static_cast<int>(half_cycles.size())));
  if (page.assessment.onset_half_cycle)
    figure.marks.push_back({static_cast<double>(*page.assessment.onset_half_cycle + 1),
                            fmt::format("half cycle {}", *page.assessment.onset_half_cycle + 1), Ink::vermillion});
  figure.panels.push_back(std::move(panel));
  return render(figure);
}

} // namespace platen::report

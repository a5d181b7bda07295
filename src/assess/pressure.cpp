#include "assess/pressure.hpp"

#include "assess/pressure_cycles.hpp"
#include "assess/pressure_series.hpp"
#include "assess/relaxation.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <cmath>

namespace platen {

std::string_view label(JumpKind kind) {
  return kind == JumpKind::by_hand ? "by hand" : kind == JumpKind::thermal ? "thermal" : "spike";
}
std::string_view label(FixtureBehaviour behaviour) {
  return behaviour == FixtureBehaviour::fixed_gap           ? "fixed gap"
         : behaviour == FixtureBehaviour::constant_pressure ? "constant pressure"
                                                            : "cannot tell";
}
std::string_view label(RelaxationKind kind) {
  return kind == RelaxationKind::logarithmic ? "logarithmic" : kind == RelaxationKind::stretched ? "stretched exponential" : "two exponentials";
}

namespace assessing {
namespace {

/// Medians of three neighbours that were measured.
std::vector<double> measured(std::span<const double> column, std::size_t first, std::size_t last) {
  std::vector<double> raw;
  for (std::size_t k = first; k <= last; ++k)
    if (std::isfinite(column[k])) raw.push_back(column[k]);
  return medians_of_three(raw);
}

/// Half cycles that ended before the short and passed what such half cycles usually pass.
std::vector<char> intact_half_cycles(const Segments& segments, const std::optional<double>& onset) {
  std::vector<double> charges;
  for (const HalfCycle& h : segments.half_cycles) charges.push_back(std::abs(h.charge));
  const double usual = charges.empty() ? 0.0 : numerics::median(charges);
  std::vector<char> out;
  for (std::size_t k = 0; k < charges.size(); ++k)
    out.push_back((!onset || segments.half_cycles[k].end < *onset) && charges[k] < 1.8 * usual ? 1 : 0);
  return out;
}

} // namespace

PressureAssessment assess_pressure(const Record& record, const Segments& segments) {
  PressureAssessment out;
  if (!record.has(col::stack_pressure) || segments.half_cycles.empty()) return out;
  const std::span<const double> column = record.real(col::stack_pressure);
  const auto& hs = segments.half_cycles;
  if (const std::vector<double> first = measured(column, hs.front().first, hs.front().last); !first.empty())
    out.after_first_half_cycle = first.back();
  double lowest = INFINITY, highest = -INFINITY;
  for (std::size_t k = 0; k < hs.size();) { // (A20, R4)
    const bool pair = k + 1 < hs.size() && hs[k + 1].direction != hs[k].direction;
    const std::size_t end = pair ? k + 1 : k;
    const std::vector<double> pressure = measured(column, hs[k].first, hs[end].last);
    const double from = hs[k].start, to = hs[end].end;
    k = end + 1;
    if (pressure.empty()) continue;
    if (!out.after_release) out.after_release = pressure.front();
    const auto [low, high] = std::minmax_element(pressure.begin(), pressure.end());
    PressureCycle cycle{.cycle = out.cycles.size() + 1, .minimum = *low, .maximum = *high, .swing = *high - *low, .start = from, .end = to};
    cycle.drift = pressure.back() - pressure.front();
    out.cycles.push_back(cycle);
    lowest = std::min(lowest, *low);
    highest = std::max(highest, *high);
  }
  if (!out.cycles.empty()) out.largest_change_while_cycling = highest - lowest;
  return out;
}

std::vector<HalfCyclePressure> pressure_of_half_cycles(const Record& record, const Segments& segments) {
  if (!record.has(col::stack_pressure) || !record.has(col::current)) return {};
  PressureSeries series = pressure_series(record, segments);
  find_pressure_jumps(series);
  return half_cycle_slopes(series, segments);
}

PressureAssessment analyse_pressure(const Record& record, const Segments& segments, const std::optional<double>& onset) {
  PressureAssessment out = assess_pressure(record, segments);
  if (!record.has(col::stack_pressure)) return out;
  PressureSeries series = pressure_series(record, segments);
  out.noise = series.noise;
  out.resolution = series.resolution;
  if (series.size() < 3) return out;
  find_pressure_jumps(series);
  out.thermal = find_thermal_response(series);
  out.jumps = series.jumps;
  describe_cycles(series, out.cycles);
  const std::vector<char> intact = intact_half_cycles(segments, onset);
  out.half_cycles = half_cycle_slopes(series, segments);
  out.regression = regress_pressure(series, segments, intact);
  if (record.cell.configuration != Configuration::symmetric)
    out.loops = pressure_loops(series, segments, intact);
  else if (out.regression)
    out.regression->stiffness.reset(); // one side strips what the other plates
  out.fixture = judge_fixture(record, out.half_cycles, intact, series.per_area);
  for (FoundHold& found : find_holds(series)) {
    fit_relaxation(found, series);
    out.holds.push_back(std::move(found.hold));
  }
  return out;
}

double pressure_by(const RelaxationLaw& law, double t) {
  std::vector<double> x;
  for (const NamedNumber& p : law.parameters) x.push_back(p.unit == "s" ? std::log(p.number.value) : p.number.value);
  return relaxation_law(law.kind, t, x.data());
}

void look_closely_at_pressure(const Record& record, Assessment& assessment) {
  if (!record.has(col::stack_pressure)) return;
  assessment.pressure = analyse_pressure(record, find_segments(record), assessment.onset);
}

} // namespace assessing
} // namespace platen

#include "assess/merit.hpp"

#include "assess/merit_parts.hpp"
#include "assess/thresholds.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace platen {

std::string_view label(Bound bound) {
  switch (bound) {
  case Bound::exact: return "exact";
  case Bound::between: return "between";
  case Bound::at_least: return "at least";
  case Bound::at_most: break;
  }
  return "at most";
}

const Merit* Merits::find(std::string_view key) const {
  const auto found = std::find_if(figures.begin(), figures.end(), [&](const Merit& m) { return m.key == key; });
  return found != figures.end() ? &*found : nullptr;
}

namespace assessing {
namespace {

namespace th = thresholds;

/// Which thing that can be measured a key is, for the uncertainty that is assumed where none is stated.
double assumed(std::string_view key) {
  if (key == "area") return th::assumed_area;
  if (key.ends_with("thickness") || key == "diameter") return th::assumed_length;
  if (key.ends_with("mass") || key == "cathode_loading") return th::assumed_mass;
  return th::assumed_other;
}

/// Smallest change of the recorded current within half cycles of a step, A: its last digit, or less.
double last_digit(const Rows& rows, const Segments& segments, const CurrentStep& step) {
  double least = std::numeric_limits<double>::infinity();
  const auto& i = rows.current;
  for (std::size_t k = step.first_half_cycle; k <= step.last_half_cycle; ++k)
    for (std::size_t row = segments.half_cycles[k].first + 1; row <= segments.half_cycles[k].last; ++row)
      if (i[row] != i[row - 1]) least = std::min(least, std::abs(i[row] - i[row - 1]));
  return std::isfinite(least) ? least : 0.0;
}

/// The upper part of a half cycle's current: where a held voltage makes it taper, its mean is not what was set.
double set_current(const Rows& rows, const HalfCycle& h) {
  std::vector<double> magnitudes;
  for (std::size_t row = h.first; row <= h.last; ++row) magnitudes.push_back(std::abs(rows.current[row]));
  return numerics::quantile(magnitudes, 0.9);
}

/// Median of what was measured in the rows [first, last]; empty when nothing was.
std::optional<double> measured(const Record& record, std::string_view column, std::size_t first, std::size_t last) {
  if (!record.has(column)) return std::nullopt;
  std::vector<double> values;
  const std::span<const double> all = record.real(column);
  for (std::size_t k = first; k <= last; ++k)
    if (std::isfinite(all[k])) values.push_back(all[k]);
  return values.empty() ? std::nullopt : std::optional(numerics::median(values));
}

Condition condition(std::string key, std::string name, const std::optional<double>& value, std::string unit, std::string from) {
  return {std::move(key), std::move(name), value, std::move(unit), {}, value ? std::move(from) : std::string()};
}

std::string from_of(const CellInfo& cell, std::string_view key) {
  const auto found = cell.known_from.find(key);
  return found != cell.known_from.end() ? found->second.kind : "data file";
}

/// From the record's own column, or as the cell file states it.
Condition measured_or_stated(const Subject& s, std::string_view column, std::string_view key, std::string name, std::string unit, std::size_t first,
                             std::size_t last) {
  if (const auto value = measured(s.record, column, first, last)) return condition(std::string(key), std::move(name), value, std::move(unit), "data");
  const CellField* field = find_cell_field(key);
  return condition(std::string(key), std::move(name), s.record.cell.*field->member, std::move(unit), from_of(s.record.cell, key));
}

} // namespace

bool Subject::shorted_before() const {
  return !judged.onset && (judged.verdict == Verdict::fake_stable || judged.verdict == Verdict::soft_short || judged.verdict == Verdict::hard_short);
}

const HalfCycle* Subject::failing() const {
  return judged.onset && judged.onset_half_cycle ? &segments.half_cycles[*judged.onset_half_cycle] : nullptr;
}

std::size_t Subject::end() const { return failing() != nullptr ? *judged.onset_half_cycle : segments.half_cycles.size(); }

Relative relative_uncertainty(const CellInfo& cell, std::string_view key) { // (U1)
  const CellField* field = find_cell_field(key);
  const auto stated = cell.uncertainty.find(key);
  if (field != nullptr && stated != cell.uncertainty.end() && cell.*field->member && *(cell.*field->member) != 0.0)
    return {stated->second / std::abs(*(cell.*field->member)), true};
  return {assumed(key), false};
}

std::vector<double> current_uncertainties(const Rows& rows, const Segments& segments) { // (U2)
  std::vector<double> out;
  for (const CurrentStep& s : segments.current_steps) {
    std::vector<double> magnitudes;
    for (std::size_t k = s.first_half_cycle; k <= s.last_half_cycle; ++k) magnitudes.push_back(set_current(rows, segments.half_cycles[k]));
    const double scatter = magnitudes.size() >= 2 ? numerics::standard_deviation(magnitudes) : 0.0;
    out.push_back(std::max(scatter, last_digit(rows, segments, s) / std::sqrt(12.0)));
  }
  return out;
}

double onset_uncertainty(const Subject& subject) { // (U3)
  const auto& t = subject.rows.time;
  const auto at = std::lower_bound(t.begin(), t.end(), *subject.judged.onset) - t.begin();
  if (at <= 0 || static_cast<std::size_t>(at) >= t.size()) return 0.0;
  return std::max(0.0, t[static_cast<std::size_t>(at)] - t[static_cast<std::size_t>(at) - 1]) / std::sqrt(12.0);
}

double density_uncertainty(const Subject& subject, std::size_t step) {
  return std::hypot(relative_uncertainty(subject.record.cell, "area").value, subject.current_errors[step] / subject.segments.current_steps[step].current);
}

double row_noise(const Subject& subject, const HalfCycle& h) {
  const auto& v = subject.rows.voltage;
  return noise_of({v.begin() + static_cast<std::ptrdiff_t>(h.first), v.begin() + static_cast<std::ptrdiff_t>(h.last) + 1});
}

std::string say_direction(const Subject& subject, int direction) {
  if (subject.full()) return direction > 0 ? "charging" : "discharging";
  return direction > 0 ? "plating right (positive current)" : "plating left (negative current)";
}

Ran as_run(const Segments& segments, std::size_t half_cycle) {
  constexpr double one_row = 0.05; // of the half cycle; more is a pause
  const HalfCycle& h = segments.half_cycles[half_cycle];
  Ran out{h.end - h.start, std::abs(h.charge)};
  if (half_cycle + 1 == segments.half_cycles.size()) return out;
  const HalfCycle& next = segments.half_cycles[half_cycle + 1];
  const double more = next.start - h.end;
  if (next.first != h.last + 1 || !(more > 0) || more > one_row * out.time) return out;
  return {out.time + more, out.charge + std::abs(h.current) * more};
}

std::vector<Condition> conditions(const Subject& s, std::size_t first, std::size_t last) {
  const auto& hs = s.segments.half_cycles;
  std::vector<double> times, capacities;
  std::size_t row = hs[last].last;
  for (std::size_t k = first; k <= last; ++k) { // what came after the short is no condition of a figure
    const Ran ran = as_run(s.segments, k);
    const bool failing = s.failing() == &hs[k];
    const double share = failing && ran.time > 0 ? std::clamp((*s.judged.onset - hs[k].start) / ran.time, 0.0, 1.0) : 1.0;
    times.push_back(share * ran.time);
    if (s.area) capacities.push_back(share * ran.charge / *s.area);
    if (failing)
      while (row > hs[k].first && s.rows.time[row] > *s.judged.onset) --row;
  }
  std::vector<Condition> out;
  out.push_back(measured_or_stated(s, col::temperature, "temperature", "temperature", "K", hs[first].first, row));
  out.push_back(measured_or_stated(s, col::stack_pressure, "stack_pressure", "stack pressure", "Pa", hs[first].first, row));
  out.push_back(condition("area", "area", s.area, "m2", from_of(s.record.cell, "area")));
  out.push_back(condition("half_cycle_time", "time per half cycle", numerics::median(times), "s", "data"));
  out.push_back(condition("half_cycle_capacity", "areal capacity per half cycle", capacities.empty() ? std::nullopt : std::optional(numerics::median(capacities)), "C/m2", "data"));
  return out;
}

std::vector<Condition> step_conditions(const Subject& s, std::size_t half_cycle) {
  std::vector<Condition> out = conditions(s, half_cycle, half_cycle);
  if (s.failing() == nullptr || half_cycle != s.end() || half_cycle == 0) return out;
  const std::vector<Condition> before = conditions(s, half_cycle - 1, half_cycle - 1);
  for (std::size_t k = 0; k < out.size(); ++k)
    if (out[k].key.starts_with("half_cycle")) out[k] = before[k];
  return out;
}

Condition at_current(const Subject& s, std::size_t step) {
  const double current = s.segments.current_steps[step].current;
  return s.area ? condition("current_density", "current density", current / *s.area, "A/m2", "data") : condition("current", "current", current, "A", "data");
}

Merit named(std::string key, std::string name, std::string unit) {
  Merit out;
  out.key = std::move(key);
  out.name = std::move(name);
  out.unit = std::move(unit);
  return out;
}

Merit refused(Merit merit, std::string why) {
  merit.refused = std::move(why);
  return merit;
}

void set_exact(Merit& merit, double value, std::optional<double> uncertainty) {
  merit.bound = Bound::exact;
  merit.low = merit.high = value;
  merit.uncertainty = uncertainty;
}

void set_ends(Merit& merit, std::optional<double> low, std::optional<double> high) {
  merit.bound = low && high ? Bound::between : low ? Bound::at_least : Bound::at_most;
  merit.low = low;
  merit.high = high;
}

Merits find_merits(const Record& record, const Rows& rows, const Segments& segments, const Assessment& judged) {
  Merits out;
  if (segments.half_cycles.empty()) {
    out.figures.push_back(refused(named("ccd", "critical current density", "A/m2"), judged.ccd_refused));
    return out;
  }
  const auto& area = record.cell.area;
  const Subject subject{record, rows, segments, judged, area && *area > 0 ? area : std::nullopt, current_uncertainties(rows, segments)};
  add_ccd(subject, out);
  add_stripping(subject, out);
  add_capacities(subject, out);
  add_resistances(subject, out);
  add_life(subject, out);
  return out;
}

} // namespace assessing
} // namespace platen

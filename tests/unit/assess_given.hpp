#pragma once
// Half cycles given one by one, with the judgement given too: what is made of them can be worked out by hand, and no short is looked for.

#include "assess/merit_parts.hpp"
#include "assess/trace.hpp"

#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace platen::given {

inline constexpr double interval = 10.0; ///< s between rows
inline constexpr double area = 1e-4;     ///< m2
inline constexpr double resistance = 60.0; ///< ohm

/// Rows at its start and every 10 s after it; the last one comes one interval before the next switch.
struct Half {
  int direction = 1;
  double milliamperes = 1.0;
  double duration = 900.0; ///< s, to the switch that ends it
  std::size_t step = 0;
  double pause = 0.0;      ///< s without rows before it
};

struct Case {
  Record record;
  assessing::Rows rows;
  Segments segments;
  Assessment judged;

  const HalfCycle& half(std::size_t k) const { return segments.half_cycles.at(k); }
  assessing::Subject subject() const {
    const auto known = record.cell.area;
    return {record, rows, segments, judged, known, assessing::current_uncertainties(rows, segments)};
  }
  assessing::Ramp ramp(const assessing::Outcome& outcome) const { return {record, rows, segments, outcome}; }
  Merits merits() const { return assessing::find_merits(record, rows, segments, judged); }
  /// The figure of that name.
  Merit figure(std::string_view key) const {
    const Merits all = merits();
    if (const Merit* found = all.find(key)) return *found;
    throw std::runtime_error("no figure " + std::string(key));
  }
  /// A short in half cycle k, `after` s from its start.
  void fail(std::size_t k, double after, std::optional<double> last_passed = {}, std::optional<double> failing_step = {}) {
    judged.verdict = Verdict::hard_short;
    judged.onset_half_cycle = k;
    judged.onset = half(k).start + after;
    if (failing_step) judged.ccd = CriticalCurrentDensity{last_passed, failing_step, last_passed ? *failing_step - *last_passed : *failing_step, 0.0};
  }
  /// Fills a column with one value per half cycle; what lies in none has `outside`.
  void set_each(std::string_view column, const std::function<double(std::size_t)>& value, double outside = 298.15) {
    std::vector<double> values(rows.time.size(), outside);
    for (std::size_t k = 0; k < segments.half_cycles.size(); ++k)
      for (std::size_t row = half(k).first; row <= half(k).last; ++row) values[row] = value(k);
    record.set(column, values);
  }
  /// Every other row of a step shows that much more current.
  void flicker(std::size_t step, double more) {
    const CurrentStep& c = segments.current_steps.at(step);
    for (std::size_t k = c.first_half_cycle; k <= c.last_half_cycle; ++k)
      for (std::size_t row = half(k).first + 1; row <= half(k).last; row += 2) rows.current[row] += half(k).direction * more;
  }
  /// A voltage of its own for every row of every half cycle: V at row `n` of half cycle `k`.
  void set_voltage(const std::function<double(std::size_t k, std::size_t n)>& volts) {
    for (std::size_t k = 0; k < segments.half_cycles.size(); ++k)
      for (std::size_t row = half(k).first; row <= half(k).last; ++row) rows.voltage[row] = volts(k, row - half(k).first);
  }
};

/// `rest`: rows without current before the first half cycle.
inline Case make(const std::vector<Half>& all, std::size_t rest = 0) {
  Case out;
  double clock = 0.0;
  const auto row = [&](double t, double i) {
    out.rows.time.push_back(t);
    out.rows.current.push_back(i);
    out.rows.voltage.push_back(i * resistance);
  };
  for (std::size_t k = 0; k < rest; ++k, clock += interval) row(clock, 0.0);
  for (const Half& p : all) {
    clock += p.pause;
    HalfCycle h;
    h.first = out.rows.time.size();
    h.direction = p.direction;
    h.current = p.direction * p.milliamperes * 1e-3;
    h.start = clock;
    for (double t = 0.0; t < p.duration - 0.5 * interval; t += interval) row(clock + t, h.current);
    h.last = out.rows.time.size() - 1;
    h.end = out.rows.time.back();
    h.charge = h.current * (h.end - h.start);
    h.step = p.step;
    clock += p.duration;
    const std::size_t index = out.segments.half_cycles.size();
    if (out.segments.current_steps.size() == p.step) out.segments.current_steps.push_back({index, index, p.milliamperes * 1e-3});
    out.segments.current_steps.at(p.step).last_half_cycle = index;
    out.segments.half_cycles.push_back(h);
  }
  out.record.set(col::test_time, out.rows.time);
  out.record.set(col::current, out.rows.current);
  out.record.set(col::voltage, out.rows.voltage);
  out.record.cell.configuration = Configuration::symmetric;
  out.record.cell.area = area;
  out.judged.verdict = Verdict::healthy;
  for (const HalfCycle& h : out.segments.half_cycles) {
    HalfCycleAssessment a;
    a.half_cycle = h;
    a.resistance = resistance;
    out.judged.half_cycles.push_back(a);
  }
  for (const CurrentStep& s : out.segments.current_steps)
    out.judged.steps.push_back({s.current / area, s.current, s.last_half_cycle - s.first_half_cycle + 1, resistance * area, resistance, 0.0, false});
  return out;
}

/// Both directions, `cycles` times in every step of 1, 2, 3 ... mA, each half cycle for 15 min.
inline std::vector<Half> both_ways(std::size_t steps, int cycles = 1) {
  std::vector<Half> out;
  for (std::size_t s = 0; s < steps; ++s)
    for (int k = 0; k < 2 * cycles; ++k) out.push_back({k % 2 == 0 ? 1 : -1, 1.0 + static_cast<double>(s), 900.0, s});
  return out;
}

inline Condition condition(const Merit& m, std::string_view key) {
  for (const Condition& c : m.conditions)
    if (c.key == key) return c;
  throw std::runtime_error("no condition " + std::string(key) + " of " + m.key);
}

inline Condition condition(const std::vector<Condition>& all, std::string_view key) {
  Merit m;
  m.conditions = all;
  return condition(m, key);
}

} // namespace platen::given

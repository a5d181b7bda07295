#pragma once
// A made-up ramp with a short, so that the report's tests know every number they look for.

#include "report/report.hpp"

#include <cmath>
#include <string>
#include <vector>

namespace platen::made_up {

inline constexpr double area = 1e-4;          // m2: 1 cm2, so mA and mA/cm2 read alike
inline constexpr double half_duration = 900;  // s
inline constexpr double interval = 10;        // s

inline HalfCycleAssessment half_cycle(std::size_t first, std::size_t last, double start, double current, double voltage) {
  HalfCycleAssessment h;
  h.half_cycle = {first, last, current > 0 ? 1 : -1, current, start, start + half_duration, current * half_duration, 0};
  h.mean_voltage = h.end_voltage = voltage;
  h.resistance = std::abs(voltage / current);
  return h;
}

/// `steps` steps of two half cycles each, 1 mA more per step, 20 ohm; the last half cycle shorts half-way (2 ohm).
inline report::Page ramp(std::size_t steps = 4) {
  report::Page page;
  page.title = "Made-up ramp";
  std::vector<double> time, current, voltage, pressure;
  Assessment& a = page.assessment;
  double now = 0.0;
  for (std::size_t s = 1; s <= steps; ++s) {
    StepAssessment step;
    step.current = 1e-3 * static_cast<double>(s);
    step.current_density = step.current / area;
    step.half_cycles = 2;
    step.asr = 20.0 * area;
    step.resistance = 20.0;
    step.failed = s == steps;
    for (const int sign : {1, -1}) {
      const bool shorts = s == steps && sign < 0;
      const double i = sign * step.current;
      const std::size_t first = time.size();
      const double start = now;
      for (; now < start + half_duration; now += interval) {
        const bool after = shorts && now >= start + 450.0;
        time.push_back(now);
        current.push_back(i);
        voltage.push_back(i * (after ? 2.0 : 20.0));
        pressure.push_back(5e6 + sign * 1e4);
        if (after && !a.onset) a.onset = now;
      }
      a.half_cycles.push_back(half_cycle(first, time.size() - 1, start, i, i * 20.0));
      a.half_cycles.back().half_cycle.step = s - 1;
    }
    a.steps.push_back(step);
    a.pressure.cycles.push_back({s, 4.99e6, 5.01e6, 0.02e6});
  }
  a.half_cycles.back().verdict = a.verdict = Verdict::hard_short;
  a.reason = "the voltage fell by 90 % at constant current";
  a.onset_half_cycle = a.half_cycles.size() - 1;
  a.ccd = CriticalCurrentDensity{10.0 * static_cast<double>(steps - 1), 10.0 * static_cast<double>(steps), 10.0, 36000.0};
  a.capacity_to_failure = 1.5e5;
  a.voltage_offset = 2e-4;
  a.voltage_offset_error = 1.2e-5;
  a.ionic_floor = 1e-3;
  a.evidence = {{"voltage drop at constant current", 0.9, 0.3, "1", true, *a.onset, "fell from 80 to 8 mV"},
                {"resistance below the ionic floor", std::nan(""), 7e-4, "ohm m2", false, 0.0, "geometry not known"}};
  Record& r = page.record;
  r.set(col::test_time, time);
  r.set(col::current, current);
  r.set(col::voltage, voltage);
  r.set(col::stack_pressure, pressure);
  r.cell.name = "ramp";
  r.cell.configuration = Configuration::symmetric;
  r.cell.area = area;
  r.cell.contact_hold_time = 1800.0;
  r.events = {{900.0, "step", "second half cycle"}, {*a.onset, "hard short", "bridged"}};
  r.provenance = {"measured", "platen 0.1.0 (test)", "delimited text", {{"ramp.csv", std::string(64, 'a')}}, 7};
  return page;
}

} // namespace platen::made_up

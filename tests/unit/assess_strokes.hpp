#pragma once
// Made-up charges and discharges of full cells.

#include "assess/full_cell.hpp"
#include "numerics/random.hpp"

namespace platen::assessing {

/// A charge or discharge of 600 rows, 10 s apart, at 0.3 mA, with 0.1 mV of noise; `voltage` of a row's number.
template <class Voltage> Stroke stroke(Voltage voltage, int direction = 1) {
  numerics::RandomStream draws(4, "stroke");
  Stroke s;
  s.half_cycle.direction = direction;
  s.half_cycle.current = direction * 3e-4;
  s.noise = 1e-4;
  for (std::size_t k = 0; k < 600; ++k) {
    s.time.push_back(10.0 * static_cast<double>(k + 1));
    s.charge.push_back(3e-3 * static_cast<double>(k + 1));
    s.current.push_back(3e-4);
    s.voltage.push_back(voltage(static_cast<double>(k)) + s.noise * draws.normal());
  }
  s.raw = s.voltage;
  s.quiet = s.noise;
  s.half_cycle.end = s.time.back();
  s.run_passed = s.charge.back();
  s.half_cycle.charge = direction * s.run_passed;
  s.end_voltage = s.voltage.back();
  return s;
}

inline double rising(double row) { return 3.6 + 5e-4 * row; }

} // namespace platen::assessing

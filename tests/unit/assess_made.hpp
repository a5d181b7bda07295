#pragma once
// A symmetric cell of known resistance whose rows a test may change, and spectra to lay beside it.

#include "assess_waveforms.hpp"

#include <functional>

namespace platen::waveforms {

/// A cell of 60 ohm at 1 mA, half cycles of 600 s with a row every 5 s, `rest` seconds without current in between. `change` may change the
/// voltage of a row: half cycle (from 0), seconds since its start, voltage.
struct Made {
  std::size_t half_cycles = 10;
  double rest = 0.0;
  double noise = 1e-4;
  std::function<double(std::size_t, double, double)> change = [](std::size_t, double, double v) { return v; };

  Record record() const {
    numerics::RandomStream draws(11, "evidence");
    std::vector<double> t, i, v;
    double clock = 0.0;
    const auto row = [&](double current, double voltage) {
      t.push_back(clock);
      i.push_back(current);
      v.push_back(voltage + noise * draws.normal());
    };
    for (int k = 0; k < 10; ++k, clock += 60.0) row(0.0, 0.0);
    for (std::size_t h = 0; h < half_cycles; ++h) {
      const double current = h % 2 == 0 ? 1e-3 : -1e-3, start = clock;
      for (double x = 5.0; x <= 600.0; x += 5.0) {
        clock = start + x;
        row(current, change(h, x, 60.0 * current * (1.0 + 0.1 * x / 600.0)));
      }
      for (double x = 10.0; x <= rest; x += 10.0) {
        clock += 10.0;
        row(0.0, 0.0);
      }
    }
    return symmetric_record(std::move(t), std::move(i), std::move(v));
  }
};

/// Of one half cycle the voltage is multiplied.
inline Made scaled(std::size_t half_cycle, double factor) {
  Made m;
  m.change = [=](std::size_t h, double, double v) { return h == half_cycle ? factor * v : v; };
  return m;
}

/// Ohm; six points from 1 MHz to 1 Hz.
inline Spectrum spectrum(double time, double electrolyte, double interface) {
  Spectrum s;
  s.start = time;
  for (double f = 1e6; f >= 0.9; f /= 10.0) {
    const double w = 2.0 * 3.14159265358979 * f * 1e-3; // interface in parallel to 1 ms / its resistance
    s.frequency.push_back(f);
    s.real.push_back(electrolyte + interface / (1.0 + w * w));
    s.imaginary.push_back(-interface * w / (1.0 + w * w));
  }
  return s;
}

} // namespace platen::waveforms

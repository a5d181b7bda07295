#pragma once
// Pressures with known laws under load cells with known noise, for the tests of the pressure's analysis. Nothing here knows
// the estimators.

#include "numerics/random.hpp"
#include "record/record.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

namespace platen::pressure_test {

using numerics::RandomStream;

inline double between(RandomStream& r, double a, double b) { return a + (b - a) * r.uniform(); }
inline double log_between(RandomStream& r, double a, double b) { return a * std::pow(b / a, r.uniform()); }

/// A load cell: white noise, noise that remembers, steps of its converter, missing readings.
struct LoadCellNoise {
  double interval = 10, white = 3e3, slow = 0, memory = 300, quantum = 0, lost = 0;
};

inline LoadCellNoise draw_noise(RandomStream& r, double interval) {
  LoadCellNoise out;
  out.interval = interval;
  out.white = log_between(r, 1e3, 2e4);
  out.slow = r.uniform() < 0.5 ? 0.0 : out.white * between(r, 0.3, 1.5);
  out.memory = interval * log_between(r, 3.0, 40.0);
  out.quantum = r.uniform() < 0.5 ? 0.0 : out.white * between(r, 0.3, 2.0);
  out.lost = r.uniform() < 0.5 ? 0.0 : 0.05;
  return out;
}

struct Readings {
  std::vector<double> time, pressure;
};

inline Readings read_out(const LoadCellNoise& n, double from, double to, const std::function<double(double)>& truth, RandomStream& r) {
  Readings out;
  double state = n.slow * r.normal();
  const double keep = std::exp(-n.interval / n.memory);
  for (double t = from; t <= to; t += n.interval) {
    double p = truth(t) + state + n.white * r.normal();
    state = keep * state + n.slow * std::sqrt(1.0 - keep * keep) * r.normal();
    if (n.quantum > 0.0) p = n.quantum * std::round(p / n.quantum);
    if (r.uniform() < n.lost) continue;
    out.time.push_back(t);
    out.pressure.push_back(p);
  }
  return out;
}

inline Record record_of(Readings readings) {
  Record out;
  out.set(col::test_time, std::move(readings.time));
  out.set(col::stack_pressure, std::move(readings.pressure));
  return out;
}

/// How often an interval held the truth.
struct Coverage {
  int asked = 0, inside = 0;
  void add(double truth, double low, double high) {
    ++asked;
    if (truth >= low && truth <= high) ++inside;
  }
  void add(double truth, double value, double error, double factor) { add(truth, value - factor * error, value + factor * error); }
  double share() const { return asked > 0 ? static_cast<double>(inside) / asked : 0.0; }
};

} // namespace platen::pressure_test

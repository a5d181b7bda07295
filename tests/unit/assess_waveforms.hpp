#pragma once
// Made-up voltage traces of symmetric cells, as phenomenology: a resistance that drifts, voids that open and are refilled,
// shorts in parallel. Nothing here knows the simulator's laws or the assessment's thresholds.

#include "assess/assessment.hpp"
#include "numerics/random.hpp"
#include "record/record.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace platen::waveforms {

enum class Fault { none, hard, soft, shorted_before, contact };

struct Ramp {
  double area = 0.785e-4;        ///< m2
  double first = 1.27;           ///< A/m2
  double increment = 1.27;       ///< A/m2
  std::size_t steps = 17;
  int cycles_per_step = 1;
  double half_cycle = 900.0;     ///< s
  double interval = 10.0;        ///< s
  double rest_before = 1800.0;   ///< s
  double rest_between = 0.0;     ///< s, after every half cycle
  double resistance = 60.0;      ///< ohm, of which the electrolyte has `floor_share`
  double floor_share = 0.5;
  double drift = 0.0;            ///< 1, relative change of the interface part over the whole ramp (contact improves: < 0)
  double voids = 0.0;            ///< 1, relative rise of the resistance within a half cycle at the last step
  double peak = 0.0;             ///< 1, relative rise at the start of a half cycle that decays within minutes (nucleation)
  double charging = 0.0;         ///< s, the overpotential builds up with this time constant (capacitances)
  double asymmetry = 0.0;        ///< 1, by which the interface part is larger in one direction and smaller in the other
  double flutter = 0.0;          ///< 1, relative noise of the interface part
  double stated_floor = 1.0;     ///< 1, what the cell file makes of the electrolyte's resistance
  double offset = 0.0;           ///< V
  double offset_drift = 0.0;     ///< V/s
  double noise = 0.0;            ///< V
  double quantum = 0.0;          ///< V
  double current_noise = 0.0;    ///< A
  Fault fault = Fault::none;
  std::size_t failing_step = 0;
  int failing_direction = 1;
  double failing_moment = 0.5;   ///< share of the half cycle
  double short_resistance = 5.0; ///< ohm
  double collapse = 0.0;         ///< s, time constant of the short's closing
  std::optional<double> life_after = std::nullopt; ///< s recorded after the short; empty: the ramp goes on to its end
  std::uint64_t seed = 1;
};

/// A cell of which nothing is known but its rows, s, A, V, and perhaps its area, m2.
inline Record record_of(Configuration kind, std::vector<double> time, std::vector<double> current, std::vector<double> voltage, std::optional<double> area = std::nullopt) {
  Record out;
  out.set(col::test_time, std::move(time));
  out.set(col::current, std::move(current));
  out.set(col::voltage, std::move(voltage));
  out.cell.configuration = kind;
  out.cell.area = area;
  return out;
}
inline Record symmetric_record(std::vector<double> time, std::vector<double> current, std::vector<double> voltage) {
  return record_of(Configuration::symmetric, std::move(time), std::move(current), std::move(voltage));
}

/// A symmetric cell of 60 ohm at 1 mA, 16 half cycles of 600 s with a row every 5 s; `factor` of half cycle (from 0) and s into it.
inline Record symmetric(const std::function<double(std::size_t, double)>& factor, double noise = 1e-4, std::uint64_t seed = 11) {
  numerics::RandomStream draws(seed, "dips");
  std::vector<double> t, i, v;
  double clock = 0.0;
  for (std::size_t h = 0; h < 16; ++h) {
    const double current = h % 2 == 0 ? 1e-3 : -1e-3, start = clock;
    for (double x = 5.0; x <= 600.0; x += 5.0) {
      clock = start + x;
      t.push_back(clock);
      i.push_back(current);
      v.push_back(60.0 * current * (1.0 + 0.1 * x / 600.0) * factor(h, x) + noise * draws.normal());
    }
  }
  return symmetric_record(std::move(t), std::move(i), std::move(v));
}

/// A piece of evidence on a half cycle, by its name.
inline const Evidence& evidence_of(const Assessment& a, std::size_t half_cycle, std::string_view name) {
  for (const Evidence& e : a.half_cycles.at(half_cycle).evidence)
    if (e.name == name) return e;
  throw std::runtime_error("no such evidence: " + std::string(name));
}

struct Waveform {
  Record record;
  double onset = -1.0;          ///< s
  double failing_density = 0.0; ///< A/m2
};

/// Leakage through a soft short, 1: log-normal steps every 20 to 80 s between partly open and nearly closed.
class SoftContact {
public:
  explicit SoftContact(std::uint64_t seed) : draws_(seed, "soft contact") {}
  double at(double time) {
    while (time >= until_) {
      until_ += 20.0 + 60.0 * draws_.uniform();
      leak_ = 0.6 + 1.4 * draws_.uniform(); // of the cell's own conductance: 37 to 67 % of the voltage is lost
      if (draws_.uniform() < 0.25) leak_ = 0.05;
    }
    return leak_;
  }
  void start(double time) {
    until_ = time + 40.0;
    leak_ = 1.2;
  }

private:
  numerics::RandomStream draws_;
  double until_ = 0.0, leak_ = 0.0;
};

inline Waveform make(const Ramp& p) {
  Waveform out;
  numerics::RandomStream draws(p.seed, "instrument");
  SoftContact soft(p.seed);
  std::vector<double> time, current, voltage;
  double clock = 0.0;
  bool shorted = p.fault == Fault::shorted_before, stopped = false;
  double memory_of_voids = 0.0; // opened by the half cycle before, refilled by this one
  const double total = static_cast<double>(p.steps * 2 * static_cast<std::size_t>(p.cycles_per_step));
  double done = 0.0;
  const auto record = [&](double i, double v) {
    v += p.offset + p.offset_drift * clock + p.noise * draws.normal();
    if (p.quantum > 0) v = p.quantum * std::round(v / p.quantum);
    time.push_back(clock);
    current.push_back(i == 0.0 ? 0.0 : i + p.current_noise * draws.normal());
    voltage.push_back(std::clamp(v, -5.0, 5.0));
  };
  for (double t = 0; t < p.rest_before; t += 60.0, clock += 60.0) record(0.0, 0.0);
  for (std::size_t s = 0; s < p.steps && !stopped; ++s) {
    const double density = p.first + p.increment * static_cast<double>(s);
    for (int c = 0; c < 2 * p.cycles_per_step && !stopped; ++c) {
      const int direction = c % 2 == 0 ? 1 : -1;
      const double opening = p.voids * std::pow(static_cast<double>(s + 1) / static_cast<double>(p.steps), 3.0);
      const double begin = clock;
      bool lost = false;
      for (double t = p.interval; t <= p.half_cycle + 1e-9 && !stopped; t += p.interval) {
        clock = begin + t;
        const double x = t / p.half_cycle;
        const double rest = p.resistance * (1.0 - p.floor_share) * (1.0 + p.drift * (done + x) / total) *
                            (1.0 + direction * p.asymmetry) * (1.0 + p.flutter * draws.normal());
        double cell = p.resistance * p.floor_share + rest * (1.0 + opening * x * x + memory_of_voids * std::exp(-6.0 * x) +
                                                             p.peak * std::exp(-t / 100.0));
        if (p.charging > 0) cell *= 1.0 - std::exp(-t / p.charging);
        const bool here = s == p.failing_step && direction == p.failing_direction && c >= 2 * p.cycles_per_step - 2;
        if (here && x >= p.failing_moment && !shorted && p.fault != Fault::none && !lost) {
          out.onset = clock;
          out.failing_density = density;
          if (p.fault == Fault::contact) lost = true;
          else shorted = true;
          if (p.fault == Fault::soft) soft.start(clock);
        }
        if (lost) cell *= std::exp(std::min(20.0, (clock - out.onset) / 30.0));
        if (shorted) {
          const double closed = p.collapse > 0 && out.onset >= 0 ? 1.0 - std::exp(-(clock - out.onset + 0.5 * p.interval) / p.collapse) : 1.0;
          const double leak = p.fault == Fault::soft ? soft.at(clock) : cell / p.short_resistance * closed;
          cell /= 1.0 + leak;
        }
        record(direction * density * p.area, direction * density * p.area * cell);
        if (out.onset >= 0 && p.life_after && clock - out.onset >= *p.life_after) stopped = true;
        if (std::abs(voltage.back()) >= 5.0) stopped = true;
      }
      memory_of_voids = opening;
      done += 1.0;
      for (double t = 0; t < p.rest_between && !stopped; t += 60.0) {
        clock += 60.0;
        record(0.0, 0.0);
      }
    }
  }
  out.record = symmetric_record(std::move(time), std::move(current), std::move(voltage));
  out.record.cell.area = p.area;
  // the floor as a cell file gives it: thickness and conductivity at 25 degC, cycled at 25 degC
  out.record.cell.electrolyte_conductivity = 0.2;
  out.record.cell.electrolyte_thickness = p.stated_floor * p.resistance * p.floor_share * p.area * 0.2;
  out.record.cell.temperature = 298.15;
  return out;
}

/// A cell, an instrument and a ramp drawn at random; `fault` decides what happens to it.
inline Ramp draw(std::uint64_t seed, Fault fault) {
  numerics::RandomStream draws(seed, "ramps");
  Ramp p;
  p.seed = seed;
  p.fault = fault;
  p.resistance = 30.0 + 90.0 * draws.uniform();
  p.floor_share = 0.35 + 0.4 * draws.uniform();
  p.steps = 6 + static_cast<std::size_t>(12.0 * draws.uniform());
  p.cycles_per_step = draws.uniform() < 0.75 ? 1 : 3;
  p.half_cycle = draws.uniform() < 0.7 ? 900.0 : 3600.0;
  p.interval = draws.uniform() < 0.7 ? 10.0 : 1.0 + std::floor(29.0 * draws.uniform());
  p.rest_between = draws.uniform() < 0.7 ? 0.0 : 300.0;
  p.drift = -0.6 + 0.9 * draws.uniform();
  p.voids = 1.5 * draws.uniform();
  p.offset = 4e-3 * (2.0 * draws.uniform() - 1.0);
  const double hours = static_cast<double>(p.steps) * 2.0 * p.cycles_per_step * p.half_cycle / 3600.0;
  p.offset_drift = 1e-3 / (3600.0 * hours) * (2.0 * draws.uniform() - 1.0);
  p.noise = 1e-3 * std::pow(draws.uniform(), 2.0);
  p.quantum = draws.uniform() < 0.5 ? 1e-4 : 0.0;
  p.current_noise = draws.uniform() < 0.5 ? 1e-7 : 0.0;
  p.failing_step = 1 + static_cast<std::size_t>(static_cast<double>(p.steps - 1) * draws.uniform());
  p.failing_direction = draws.uniform() < 0.5 ? 1 : -1;
  p.failing_moment = draws.uniform();
  p.short_resistance = 1.0 + 9.0 * draws.uniform();
  p.collapse = draws.uniform() < 0.5 ? 0.0 : 10.0 * draws.uniform();
  p.peak = draws.uniform() < 0.6 ? 0.0 : 0.6 * draws.uniform();
  p.charging = draws.uniform() < 0.6 ? 0.0 : 20.0 * draws.uniform();
  p.asymmetry = draws.uniform() < 0.5 ? 0.0 : 0.2 * (2.0 * draws.uniform() - 1.0);
  p.flutter = draws.uniform() < 0.6 ? 0.0 : 0.01 * draws.uniform();
  p.stated_floor = 0.85 + 0.3 * draws.uniform();
  const double after = draws.uniform();
  if (after < 0.6) p.life_after = after < 0.2 ? 2.0 * p.interval : 600.0 * draws.uniform();
  return p;
}

/// A symmetric ramp that ends with a hard short.
inline Record ended_by_a_short() {
  Ramp p = draw(7, Fault::hard);
  p.life_after.reset();
  return make(p).record;
}

} // namespace platen::waveforms

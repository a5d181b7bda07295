#pragma once
// Readings of the pressure given one by one, with the half cycles they lie in: what is made of them can be worked out by hand.

#include "assess/pressure_cycles.hpp"
#include "assess/pressure_series.hpp"
#include "numerics/random.hpp"

#include <cmath>
#include <cstddef>
#include <functional>
#include <vector>

namespace platen::given {

/// White noise of one standard deviation, the same for every run.
inline std::vector<double> white(std::size_t count, std::uint64_t seed = 1) {
  numerics::RandomStream draws(seed, "readings");
  std::vector<double> out(count);
  for (double& v : out) v = draws.normal();
  return out;
}

struct Pressures {
  assessing::PressureSeries series;
  Segments segments;

  void add(double time, double pressure, int half_cycle, double charge) {
    series.time.push_back(time);
    series.pressure.push_back(pressure);
    series.clean.push_back(pressure);
    series.half_cycle.push_back(half_cycle);
    series.charge.push_back(charge);
    series.level.push_back(0);
    series.spoiled.push_back(0);
  }
  /// `readings` 10 s apart from the last time on, the charge going from `from` to `to`; P of charge and time.
  void stroke(std::size_t readings, double from, double to, const std::function<double(double q, double t)>& law) {
    const int index = static_cast<int>(segments.half_cycles.size());
    HalfCycle h;
    h.direction = to > from ? 1 : -1;
    h.first = series.size();
    const double start = series.time.empty() ? 0.0 : series.time.back() + 10.0;
    h.start = start;
    for (std::size_t k = 0; k < readings; ++k) {
      const double t = start + 10.0 * static_cast<double>(k), q = from + (to - from) * static_cast<double>(k) / static_cast<double>(readings - 1);
      add(t, law(q, t), index, q);
    }
    h.last = series.size() - 1;
    h.end = series.time.back();
    h.charge = to - from;
    segments.half_cycles.push_back(h);
  }
  void rest(std::size_t readings, double charge, const std::function<double(double t)>& law) {
    for (std::size_t k = 0; k < readings; ++k) {
      const double t = series.time.empty() ? 0.0 : series.time.back() + 10.0;
      add(t, law(t), -1, charge);
    }
  }
  /// White noise of that many Pa on every reading.
  void shake(double deviation, std::uint64_t seed = 1) {
    const std::vector<double> noise = white(series.size(), seed);
    for (std::size_t k = 0; k < series.size(); ++k) {
      series.pressure[k] += deviation * noise[k];
      series.clean[k] += deviation * noise[k];
    }
  }
  std::vector<char> all_intact() const { return std::vector<char>(segments.half_cycles.size(), 1); }
  Pressures() {
    series.interval = 10.0;
    series.per_area = true;
  }
};

} // namespace platen::given

#pragma once
// What wanders with the room: smooth in time, alike within a few hours.

#include <cmath>
#include <numbers>

namespace platen::assessing {

/// A Gaussian process of size 1 between two times (s) by its harmonics: calls add(size, wave), wave a function of the time.
template <class Add> void each_harmonic(double begin, double end, Add&& add) {
  constexpr int most = 32;
  constexpr double least = 1e-3, margin = 0.1;
  constexpr double day = 86400.0 / (2.0 * std::numbers::pi); // s, over which a room's temperature is alike
  const double length = (1.0 + 2.0 * margin) * std::fmax(1.0, end - begin);
  for (int k = 1; k <= most; ++k) {
    const double frequency = std::numbers::pi * k / length;
    const double size = std::sqrt(2.0 / length * std::sqrt(2.0 * std::numbers::pi) * day) * std::exp(-0.25 * std::pow(frequency * day, 2));
    if (size < least) break;
    add(size, [=](double time) { return std::sin(frequency * (time - begin + margin * length)); });
  }
}

} // namespace platen::assessing

#pragma once
// Frequencies of made-up spectra.

#include <cmath>
#include <vector>

namespace platen {

/// `points` values from `from` to `to`, evenly spaced in their logarithm.
inline std::vector<double> decades(double from, double to, std::size_t points) {
  std::vector<double> f;
  for (std::size_t k = 0; k < points; ++k)
    f.push_back(from * std::pow(to / from, static_cast<double>(k) / static_cast<double>(points - 1)));
  return f;
}

} // namespace platen

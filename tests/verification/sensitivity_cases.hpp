#pragma once
// Functions of the unit cube with known sensitivity, and studies of them.

#include "numerics/designs.hpp"

#include <cmath>
#include <functional>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

namespace sensitivity_cases {

struct Case {
  std::string name;
  std::size_t factors;
  std::function<double(const std::vector<double>&)> value;
  std::vector<double> first, total;
  double mean, variance;
};

/// sin x1 + 7 sin^2 x2 + 0.1 x3^4 sin x1, every x in (-pi, pi). Ishigami and Homma, ISUMA '90 (1990) 398.
inline Case ishigami() {
  const double pi = std::numbers::pi, a = 7.0, b = 0.1, pi4 = std::pow(pi, 4);
  const double v1 = 0.5 * std::pow(1.0 + b * pi4 / 5.0, 2), v2 = a * a / 8.0, v13 = 8.0 * b * b * pi4 * pi4 / 225.0;
  const double v = v1 + v2 + v13;
  return {"Ishigami", 3,
          [=](const std::vector<double>& u) {
            const auto x = [&](std::size_t k) { return pi * (2.0 * u[k] - 1.0); };
            return std::sin(x(0)) * (1.0 + b * std::pow(x(2), 4)) + a * std::pow(std::sin(x(1)), 2);
          },
          {v1 / v, v2 / v, 0.0}, {(v1 + v13) / v, v2 / v, v13 / v}, a / 2.0, v};
}

/// prod (|4 u - 2| + a) / (1 + a). Saltelli and Sobol, Reliab. Eng. Syst. Saf. 50 (1995) 225.
inline Case sobol_g() {
  const std::vector<double> a{0.0, 1.0, 4.5, 9.0, 99.0, 99.0};
  Case c{"Sobol g", a.size(),
         [a](const std::vector<double>& u) {
           double product = 1.0;
           for (std::size_t k = 0; k < a.size(); ++k) product *= (std::abs(4.0 * u[k] - 2.0) + a[k]) / (1.0 + a[k]);
           return product;
         },
         {}, {}, 1.0, 0.0};
  double product = 1.0;
  const auto part = [&](std::size_t k) { return 1.0 / 3.0 / std::pow(1.0 + a[k], 2); };
  for (std::size_t k = 0; k < a.size(); ++k) product *= 1.0 + part(k);
  c.variance = product - 1.0;
  for (std::size_t k = 0; k < a.size(); ++k) {
    c.first.push_back(part(k) / c.variance);
    c.total.push_back(part(k) * product / (1.0 + part(k)) / c.variance);
  }
  return c;
}

inline std::vector<double> saltelli(const Case& c, std::uint64_t rows, std::uint64_t seed) {
  const platen::numerics::SaltelliDesign design(rows, c.factors, seed);
  std::vector<double> y(design.points()), u(c.factors);
  for (std::uint64_t i = 0; i < design.points(); ++i) {
    design.point(i, u);
    y[i] = c.value(u);
  }
  return y;
}

/// Coordinates and results of a Morris study.
inline std::pair<std::vector<double>, std::vector<double>> morris(const platen::numerics::MorrisDesign& design,
                                                                   const std::function<double(const std::vector<double>&)>& value) {
  std::vector<double> points, y, u(design.dimensions());
  for (std::uint64_t i = 0; i < design.points(); ++i) {
    design.point(i, u);
    points.insert(points.end(), u.begin(), u.end());
    y.push_back(value(u));
  }
  return {points, y};
}

struct GridEffect {
  double mean = 0.0, mean_absolute = 0.0, deviation = 0.0;
};

/// What Morris's design estimates, from every point of its grid of three factors: the middles of `levels` cells.
inline std::vector<GridEffect> grid_effects(const Case& c, int levels) {
  std::vector<GridEffect> out(c.factors);
  for (std::size_t f = 0; f < c.factors; ++f) {
    double once = 0.0, magnitude = 0.0, twice = 0.0, count = 0.0;
    for (int p = 0; p < levels / 2; ++p)
      for (int q = 0; q < levels; ++q)
        for (int r = 0; r < levels; ++r) {
          std::vector<double> u(3);
          u[f] = (p + 0.5) / levels;
          u[(f + 1) % 3] = (q + 0.5) / levels;
          u[(f + 2) % 3] = (r + 0.5) / levels;
          const double before = c.value(u);
          u[f] += 0.5;
          const double effect = 2.0 * (c.value(u) - before);
          once += effect;
          magnitude += std::abs(effect);
          twice += effect * effect;
          count += 1.0;
        }
    out[f] = {once / count, magnitude / count, std::sqrt(twice / count - once * once / count / count)};
  }
  return out;
}

} // namespace sensitivity_cases

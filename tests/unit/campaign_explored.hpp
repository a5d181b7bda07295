#pragma once
// Made-up campaigns: runs whose results follow a rule.

#include "campaign/findings.hpp"
#include "numerics/designs.hpp"

#include <cmath>
#include <functional>
#include <vector>

namespace made_up {

using platen::campaign::Explored;
using platen::campaign::ExploredAxis;
using platen::campaign::Sampling;
using Rule = std::function<double(const std::vector<double>&)>; ///< of the values of the axes

inline ExploredAxis axis(std::string name, std::string unit, double low, double high, bool log = false) { return {std::move(name), std::move(unit), {}, log, low, high, {}}; }
inline ExploredAxis words(std::string name, std::vector<std::string> list) { return {std::move(name), "", std::move(list), false, 0.0, 1.0, {}}; }

inline double value_at(const ExploredAxis& a, double u) {
  if (!a.words.empty()) return std::floor(u * static_cast<double>(a.words.size()));
  return a.log ? a.low * std::pow(a.high / a.low, u) : a.low + u * (a.high - a.low);
}

inline void add(Explored& e, const std::vector<double>& values, double result) {
  for (std::size_t k = 0; k < values.size(); ++k) e.axes[k].values.push_back(values[k]);
  e.result.values.push_back(result);
  e.result.beyond.push_back(0);
}

/// Every point of a design of the unit cube.
template <class Design>
Explored sampled(const Design& design, std::uint64_t count, Sampling sampling, std::vector<ExploredAxis> axes, const Rule& rule) {
  Explored e{sampling, std::move(axes), {"critical current density", "mA/cm2", {}, {}}, {}};
  std::vector<double> u(e.axes.size()), values(e.axes.size());
  for (std::uint64_t i = 0; i < count; ++i) {
    design.point(i, u);
    for (std::size_t k = 0; k < u.size(); ++k) values[k] = value_at(e.axes[k], u[k]);
    e.points.insert(e.points.end(), u.begin(), u.end());
    add(e, values, rule(values));
  }
  return e;
}

/// Every pair of the levels of two axes, `replicates` times; the last argument of the rule is the replicate.
inline Explored crossed(ExploredAxis a, const std::vector<double>& x, ExploredAxis b, const std::vector<double>& y, int replicates, const Rule& rule) {
  Explored e{Sampling::grid, {std::move(a), std::move(b)}, {"critical current density", "mA/cm2", {}, {}}, {}};
  for (const double v : y)
    for (const double u : x)
      for (int r = 0; r < replicates; ++r) add(e, {u, v}, rule({u, v, static_cast<double>(r)}));
  return e;
}

} // namespace made_up

#include "simulate/sampling.hpp"

#include <algorithm>

namespace platen::simulation {
namespace {

constexpr std::size_t nodes = sample_nodes.size();

/// Of Lagrange's polynomial of each node: one over the product of its distances to the others.
constexpr std::array<double, nodes> scale = [] {
  std::array<double, nodes> out{};
  for (std::size_t j = 0; j < nodes; ++j) {
    double product = 1.0;
    for (std::size_t m = 0; m < nodes; ++m)
      if (m != j) product *= sample_nodes[j] - sample_nodes[m];
    out[j] = 1.0 / product;
  }
  return out;
}();

} // namespace

void sample_weights(std::span<const double> places, std::span<double> weights) {
  const std::size_t count = places.size();
  for (std::size_t j = 1; j < nodes; ++j) {
    double* __restrict to = weights.data() + (j - 1) * count;
    for (std::size_t k = 0; k < count; ++k) {
      double product = scale[j];
      for (std::size_t m = 0; m < nodes; ++m)
        if (m != j) product *= places[k] - sample_nodes[m];
      to[k] = product;
    }
  }
}

void interpolate_samples(const std::array<double, nodes>& values, std::span<const double> weights, std::span<double> out) {
  std::array<double, nodes - 1> above;
  bool constant = true;
  for (std::size_t j = 1; j < nodes; ++j) {
    above[j - 1] = values[j] - values[0];
    constant = constant && values[j] == values[0];
  }
  if (constant) {
    std::fill(out.begin(), out.end(), values[0]);
    return;
  }
  static_assert(nodes == 6);
  const std::size_t count = out.size();
  const double *a = weights.data(), *b = a + count, *c = b + count, *d = c + count, *e = d + count;
  double* __restrict to = out.data();
  for (std::size_t k = 0; k < count; ++k)
    to[k] = values[0] + (above[0] * a[k] + above[1] * b[k] + above[2] * c[k] + above[3] * d[k] + above[4] * e[k]);
}

} // namespace platen::simulation

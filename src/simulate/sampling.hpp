#pragma once
// Rows inside a smooth step from a few of its instants. Theory: docs/theory/numerics.md, "Rows".

#include <array>
#include <cstddef>
#include <span>

namespace platen::simulation {

/// Chebyshev's extrema on [0, 1]: a polynomial through them errs by little more than the best of its degree.
inline constexpr std::array<double, 6> sample_nodes{0.0, 0.09549150281252627, 0.34549150281252633, 0.6545084971874737, 0.9045084971874737, 1.0};
/// Where the polynomial is compared with the columns: near the largest of its error on either side.
inline constexpr std::array<double, 2> sample_checks{0.20610737385376343, 0.7938926261462366};

/// Weights of the nodes but the first at a few places, node after node, `places.size()` each: the polynomial at a place is
/// v_0 + sum_j w_j (v_j - v_0), so that what is constant stays so to the bit.
void sample_weights(std::span<const double> places, std::span<double> weights);

/// The polynomial through the nodes' `values`, with such weights: equation (J2).
void interpolate_samples(const std::array<double, sample_nodes.size()>& values, std::span<const double> weights, std::span<double> out);

} // namespace platen::simulation

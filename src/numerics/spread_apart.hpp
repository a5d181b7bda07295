#pragma once
// The search behind maximin Latin hypercubes.

#include <cstddef>
#include <cstdint>
#include <span>

namespace platen::numerics {

/// Pushes the nearest points of a Latin hypercube apart: swaps of two points' slices in one dimension are tried at random
/// and kept where the sum over pairs of distance^-10 falls (Morris and Mitchell 1995). `slices` holds the points one after
/// the other, `dimensions` whole numbers each; every column stays a permutation. Deterministic for a seed.
void spread_apart(std::span<std::uint32_t> slices, std::size_t dimensions, std::uint64_t seed);

} // namespace platen::numerics

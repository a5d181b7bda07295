#include "numerics/designs.hpp"

#include "base/error.hpp"
#include "numerics/random.hpp"
#include "numerics/sobol_directions.hpp"
#include "numerics/spread_apart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <numeric>
#include <utility>

namespace platen::numerics {
namespace {

void need(bool holds, std::string_view what) {
  if (!holds) throw Error("B004", fmt::format("a design of experiments needs {}", what));
}

void check_point(std::uint64_t index, std::uint64_t points, std::size_t given, std::size_t dimensions) {
  if (index >= points || given != dimensions)
    throw Error("B004", fmt::format("a design of {} points in {} dimensions was asked for point {} in {}", points,
                                    dimensions, index, given));
}

/// One key per dimension, from a seed.
std::vector<std::uint64_t> keys(std::size_t dimensions, std::uint64_t seed, std::string_view name) {
  std::vector<std::uint64_t> result(dimensions);
  for (std::size_t d = 0; d < dimensions; ++d) result[d] = RandomStream(seed, name, d).bits();
  return result;
}

/// A number that looks random for every (key, counter): the finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
std::uint64_t mix(std::uint64_t key, std::uint64_t counter) {
  std::uint64_t z = key + (counter + 1) * 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

double open_unit(std::uint64_t bits) { return (static_cast<double>(bits >> 12) + 0.5) * 0x1p-52; }

/// Owen's nested permutation of the digits: digit k is flipped or not by chance, for each string of digits before it anew.
double scrambled(std::uint32_t digits, std::uint64_t key) {
  std::uint32_t result = 0;
  for (unsigned k = 0; k < 32; ++k) {
    // The digits before digit k behind a leading one: a number of its own for every string of every length.
    const std::uint64_t before = (std::uint64_t{1} << k) | (std::uint64_t{digits} >> (32 - k));
    result = (result << 1) | (((digits >> (31 - k)) ^ static_cast<std::uint32_t>(mix(key, before) >> 63)) & 1u);
  }
  const std::uint64_t tail = mix(key, (std::uint64_t{1} << 32) | digits);
  return open_unit((std::uint64_t{result} << 32) | (tail >> 32));
}

/// A permutation of 0 ... count - 1 chosen by the key: eight rounds of Feistel's network on the smallest even number of
/// binary digits that holds count, walked on until the image is below count.
std::uint64_t permuted(std::uint64_t index, std::uint64_t count, std::uint64_t key) {
  const int half = std::max(1, (static_cast<int>(std::bit_width(count - 1)) + 1) / 2);
  const std::uint64_t mask = (std::uint64_t{1} << half) - 1;
  do {
    std::uint64_t left = index >> half, right = index & mask;
    for (std::uint64_t round = 0; round < 8; ++round)
      left = std::exchange(right, left ^ (mix(key, (round << 58) | right) & mask));
    index = (left << half) | right;
  } while (index >= count);
  return index;
}

} // namespace

SobolSequence::SobolSequence(std::size_t dimensions, std::optional<std::uint64_t> seed) {
  need(dimensions >= 1 && dimensions <= most_dimensions,
       fmt::format("1 to {} dimensions for a Sobol sequence, got {}", most_dimensions, dimensions));
  directions_.resize(32 * dimensions);
  for (std::size_t d = 0; d < dimensions; ++d)
    sobol_directions(d, std::span<std::uint32_t, 32>(directions_.data() + 32 * d, 32));
  if (seed) keys_ = keys(dimensions, *seed, "sobol scramble");
}

void SobolSequence::point(std::uint64_t index, std::span<double> x) const {
  check_point(index, most_points, x.size(), dimensions());
  const std::uint64_t gray = index ^ (index >> 1);
  for (std::size_t d = 0; d < x.size(); ++d) {
    std::uint32_t digits = 0;
    for (std::uint64_t left = gray; left != 0; left &= left - 1)
      digits ^= directions_[32 * d + static_cast<std::size_t>(std::countr_zero(left))];
    x[d] = keys_.empty() ? static_cast<double>(digits) * 0x1p-32 : scrambled(digits, keys_[d]);
  }
}

LatinHypercube::LatinHypercube(std::uint64_t points, std::size_t dimensions, std::uint64_t seed, Pairing pairing)
    : points_(points), keys_(keys(dimensions, seed, "latin hypercube")) {
  need(points >= 1 && points <= SobolSequence::most_points && dimensions >= 1,
       "1 to 2^32 points in at least one dimension for a Latin hypercube");
  if (pairing == Pairing::plain) return;
  need(points <= most_maximin_points,
       fmt::format("at most {} points for a maximin Latin hypercube, got {}", most_maximin_points, points));
  slices_.resize(points * dimensions);
  for (std::size_t i = 0; i < points; ++i)
    for (std::size_t d = 0; d < dimensions; ++d)
      slices_[i * dimensions + d] = static_cast<std::uint32_t>(permuted(i, points, keys_[d]));
  spread_apart(slices_, dimensions, seed);
}

void LatinHypercube::point(std::uint64_t index, std::span<double> x) const {
  check_point(index, points_, x.size(), dimensions());
  for (std::size_t d = 0; d < x.size(); ++d) {
    const double slice = slices_.empty() ? static_cast<double>(permuted(index, points_, keys_[d]))
                                         : slices_[index * x.size() + d];
    const double within = slices_.empty() ? open_unit(mix(~keys_[d], index)) : 0.5;
    x[d] = std::min((slice + within) / static_cast<double>(points_), 1.0 - 0x1p-53);
  }
}

MorrisDesign::MorrisDesign(std::uint64_t trajectories, std::size_t factors, std::uint64_t seed, std::uint64_t levels)
    : trajectories_(trajectories), seed_(seed), levels_(levels), factors_(factors) {
  need(trajectories >= 1 && trajectories <= SobolSequence::most_points && factors >= 1 && factors <= 1'000'000,
       "at least one trajectory and one factor for Morris's design");
  need(levels >= 2 && levels % 2 == 0 && levels <= 1'000'000,
       fmt::format("an even number of levels for Morris's design, got {}", levels));
}

void MorrisDesign::point(std::uint64_t index, std::span<double> x) const {
  check_point(index, points(), x.size(), factors_);
  const std::uint64_t trajectory = index / (factors_ + 1), moved = index % (factors_ + 1);
  const std::uint64_t order = RandomStream(seed_, "morris order", trajectory).bits();
  RandomStream start(seed_, "morris start", trajectory);
  for (std::size_t f = 0; f < factors_; ++f) {
    const std::uint64_t level = std::min(static_cast<std::uint64_t>(start.uniform() * static_cast<double>(levels_)), levels_ - 1);
    x[f] = (static_cast<double>(level) + 0.5) / static_cast<double>(levels_);
    if (permuted(f, factors_, order) < moved) x[f] += 2 * level < levels_ ? step : -step;
  }
}

SaltelliDesign::SaltelliDesign(std::uint64_t rows, std::size_t factors, std::uint64_t seed)
    : rows_(rows), sequence_(2 * factors, seed) {
  need(rows >= 1 && rows <= SobolSequence::most_points, "1 to 2^32 rows for Saltelli's design");
}

void SaltelliDesign::point(std::uint64_t index, std::span<double> x) const {
  const std::size_t k = dimensions();
  check_point(index, points(), x.size(), k);
  std::vector<double> both(2 * k);
  sequence_.point(index / (k + 2), both);
  const std::size_t part = static_cast<std::size_t>(index % (k + 2));
  for (std::size_t f = 0; f < k; ++f) x[f] = both[part == k + 1 || part == f + 1 ? k + f : f];
}

} // namespace platen::numerics

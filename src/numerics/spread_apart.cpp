#include "numerics/spread_apart.hpp"

#include "numerics/random.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace platen::numerics {
namespace {

/// distance^-10 from the squared distance.
double nearness(std::int64_t squared) {
  const double t = 1.0 / static_cast<double>(squared);
  return t * t * t * t * t;
}

class Search {
public:
  Search(std::span<std::uint32_t> slices, std::size_t dimensions)
      : s_(slices), d_(dimensions), n_(slices.size() / dimensions), squared_(n_ * n_) {
    for (std::size_t a = 0; a < n_; ++a)
      for (std::size_t b = 0; b < a; ++b) {
        std::int64_t sum = 0;
        for (std::size_t k = 0; k < d_; ++k) sum += square(at(a, k), at(b, k));
        squared_[a * n_ + b] = squared_[b * n_ + a] = sum;
      }
  }

  /// Swaps slice k of points a and b when that lowers the criterion. Their own distance does not change.
  void try_swap(std::size_t a, std::size_t b, std::size_t k) {
    double change = 0.0;
    for (std::size_t j = 0; j < n_; ++j) {
      if (j == a || j == b) continue;
      const std::int64_t shift = square(at(b, k), at(j, k)) - square(at(a, k), at(j, k));
      const std::int64_t to_a = squared_[a * n_ + j], to_b = squared_[b * n_ + j];
      change += nearness(to_a + shift) - nearness(to_a) + nearness(to_b - shift) - nearness(to_b);
    }
    if (!(change < 0.0)) return;
    for (std::size_t j = 0; j < n_; ++j) {
      if (j == a || j == b) continue;
      const std::int64_t shift = square(at(b, k), at(j, k)) - square(at(a, k), at(j, k));
      squared_[j * n_ + a] = squared_[a * n_ + j] += shift;
      squared_[j * n_ + b] = squared_[b * n_ + j] -= shift;
    }
    std::swap(s_[a * d_ + k], s_[b * d_ + k]);
  }

  std::size_t points() const { return n_; }

private:
  std::int64_t at(std::size_t point, std::size_t k) const { return s_[point * d_ + k]; }
  static std::int64_t square(std::int64_t a, std::int64_t b) { return (a - b) * (a - b); }

  std::span<std::uint32_t> s_;
  std::size_t d_, n_;
  std::vector<std::int64_t> squared_;
};

} // namespace

void spread_apart(std::span<std::uint32_t> slices, std::size_t dimensions, std::uint64_t seed) {
  Search search(slices, dimensions);
  const std::size_t n = search.points();
  if (n < 3 || dimensions < 2) return;
  RandomStream draws(seed, "maximin swaps");
  const auto below = [&](std::size_t count) {
    return std::min(static_cast<std::size_t>(draws.uniform() * static_cast<double>(count)), count - 1);
  };
  const std::size_t trials = std::max<std::size_t>(2000, 50 * n);
  for (std::size_t t = 0; t < trials; ++t) {
    const std::size_t a = below(n), other = below(n - 1), b = other < a ? other : other + 1;
    search.try_swap(a, b, below(dimensions));
  }
}

} // namespace platen::numerics

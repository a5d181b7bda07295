#pragma once
// Seeded random streams whose draws depend on the seed, a name and an index alone, never on who draws first or on how
// many cores: the k-th draw is a function of (seed, name, index, k).

#include <array>
#include <cstdint>
#include <string_view>

namespace platen::numerics {

/// Philox4x32 with ten rounds: a bijection of 128-bit counters chosen by a 64-bit key.
/// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11 (2011).
std::array<std::uint32_t, 4> philox4x32_10(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key);

/// Quantile of the standard normal distribution for 0 < p < 1; relative error about 1e-16 (-inf, +inf at 0 and 1).
/// Source: Wichura, algorithm AS 241 (PPND16), Applied Statistics 37 (1988) 477.
double normal_quantile(double p);

/// One stream of draws. Copying it copies its position.
class RandomStream {
public:
  /// `name` says what the draws are for ("flaws left"), `index` counts alike things. For one seed, streams of different
  /// (name, index) are different parts of one bijection unless two names share a 64-bit FNV-1a hash.
  RandomStream(std::uint64_t seed, std::string_view name, std::uint64_t index = 0);

  std::uint64_t bits();
  /// The next draw is the one of this number, from 0.
  void move_to(std::uint64_t draw);
  /// Uniform on the open interval (0, 1): midpoints of 2^52 equal cells.
  double uniform();
  /// Standard normal; one draw takes one `bits`. Equal on every machine up to the rounding of std::log in the tails.
  double normal();
  /// exp(N(ln median, sigma)); `median` > 0 in the unit of the result, `sigma` >= 0 is the deviation of the logarithm.
  double log_normal(double median, double sigma);
  /// P(X > x) = exp(-(x/scale)^shape); `scale` > 0 in the unit of the result, `shape` > 0.
  double weibull(double scale, double shape);

private:
  std::array<std::uint32_t, 2> key_{};
  std::array<std::uint32_t, 2> high_{};
  std::uint64_t block_ = 0;
  std::array<std::uint32_t, 4> words_{};
  bool half_used_ = false; ///< the upper half of words_ is still to be drawn
};

} // namespace platen::numerics

#pragma once
// Draws of one labelled cell: everything about it follows from its seed.

#include "numerics/random.hpp"

#include <array>
#include <cmath>
#include <cstddef>

namespace platen::corpus {

class Draws {
public:
  Draws(std::uint64_t seed, std::string_view name) : stream_(seed, name) {}
  double uniform() { return stream_.uniform(); }
  double normal() { return stream_.normal(); }
  double between(double low, double high) { return low + (high - low) * stream_.uniform(); }
  double log_between(double low, double high) { return low * std::pow(high / low, stream_.uniform()); }
  bool chance(double p) { return stream_.uniform() < p; }
  /// 0 .. count - 1.
  std::size_t below(std::size_t count) { return static_cast<std::size_t>(static_cast<double>(count) * stream_.uniform()); }
  template <std::size_t N> double one_of(const std::array<double, N>& values) { return values[below(N)]; }
  /// Time to the next of events that come at random, of mean `mean`.
  double waiting(double mean) { return -mean * std::log(stream_.uniform()); }
  /// Heavy-tailed duration: P(X > x) = (least/x)^exponent.
  double pareto(double least, double exponent) { return least * std::pow(stream_.uniform(), -1.0 / exponent); }

private:
  numerics::RandomStream stream_;
};

} // namespace platen::corpus

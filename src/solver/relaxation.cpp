#include "solver/relaxation.hpp"

#include <cmath>
#include <utility>

namespace platen::solver {
namespace {

using Powers = std::array<double, Relaxation::samples>;

/// Integrals of s^m exp(-z (share - s)) from 0 to `share`, m = 0 ..., by the recurrence z I_m = share^m - m I_(m-1), upwards
/// where the decay is fast and downwards from a series where it is slow: the other way round roundings grow.
Powers moments(double z, double share, double decayed) {
  constexpr double fast = 2.0;
  constexpr std::size_t last = Relaxation::samples - 1;
  Powers out{}, power{1.0};
  for (std::size_t m = 1; m <= last; ++m) power[m] = power[m - 1] * share;
  if (z * share > fast) {
    out[0] = (1.0 - decayed) / z;
    for (std::size_t m = 1; m <= last; ++m) out[m] = (power[m] - static_cast<double>(m) * out[m - 1]) / z;
    return out;
  }
  double term = power[last] * share / (last + 1.0), sum = term;
  for (double n = last + 2.0; std::abs(term) > 1e-17 * std::abs(sum); n += 1.0) sum += term *= -z * share / n;
  out[last] = sum;
  for (std::size_t m = last; m > 0; --m) out[m - 1] = (power[m] - z * out[m]) / static_cast<double>(m);
  return out;
}

} // namespace

void Relaxation::sample(double b) {
  double next = b;
  for (std::size_t k = 0; k < count_; ++k) {
    const double difference = (next - differences_[k]) / (places_[count_] - places_[count_ - 1 - k]);
    differences_[k] = std::exchange(next, difference);
  }
  differences_[count_] = next;
  for (std::size_t m = 0; m <= count_; ++m) powers_[m] += next * newton_[m];
  for (std::size_t m = samples - 1; m > 0; --m) newton_[m] = newton_[m - 1] - places_[count_] * newton_[m];
  newton_[0] *= -places_[count_];
  ++count_;
}

double Relaxation::at(double share) const {
  const double z = rate_ * h_, decayed = std::exp(-z * share);
  const Powers integrals = moments(z, share, decayed);
  double forced = 0.0;
  for (std::size_t m = 0; m < count_; ++m) forced += powers_[m] * integrals[m];
  return decayed * y_ + h_ * forced;
}

} // namespace platen::solver

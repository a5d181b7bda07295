#include "simulate/flicker.hpp"

#include <algorithm>
#include <cmath>

namespace platen::simulation {
namespace {

constexpr double points_per_correlation_time = 4.0;
/// After so many points what came before counts less than a rounding: exp(-40). Nobody has to draw from the start of a test.
constexpr std::uint64_t points_remembered = 160;

} // namespace

Flicker::Flicker(std::uint64_t seed, double sigma, double time)
    : stream_(seed, "soft short flicker"), sigma_(time > 0.0 ? std::max(sigma, 0.0) : 0.0), spacing_(time / points_per_correlation_time),
      memory_(std::exp(-1.0 / points_per_correlation_time)), fresh_(std::sqrt(1.0 - memory_ * memory_)) {}

void Flicker::move_to(std::uint64_t index) {
  const bool near = drawn_ && index >= index_ && index - index_ < points_remembered;
  if (!near) {
    index_ = index - std::min(index, points_remembered);
    stream_.move_to(index_);
    from_ = stream_.normal();
    to_ = memory_ * from_ + fresh_ * stream_.normal();
    drawn_ = true;
  }
  for (; index_ < index; ++index_) {
    from_ = to_;
    to_ = memory_ * from_ + fresh_ * stream_.normal();
  }
}

double Flicker::at(double t) {
  if (sigma_ <= 0.0) return 0.0;
  const double position = std::max(t, 0.0) / spacing_;
  const auto index = static_cast<std::uint64_t>(position);
  move_to(index);
  const double share = position - static_cast<double>(index);
  return sigma_ * ((1.0 - share) * from_ + share * to_);
}

} // namespace platen::simulation

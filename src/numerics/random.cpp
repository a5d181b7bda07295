#include "numerics/random.hpp"

#include <cmath>
#include <limits>

namespace platen::numerics {
namespace {

std::uint32_t low(std::uint64_t x) { return static_cast<std::uint32_t>(x); }
std::uint32_t high(std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32); }

std::uint64_t fnv1a(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3u;
  }
  return hash;
}

/// Numerator over denominator of AS 241, both of degree seven, lowest power first; the denominator starts with one.
double ratio(const std::array<double, 8>& n, const std::array<double, 7>& d, double r) {
  double top = n[7];
  double bottom = d[6];
  for (std::size_t k = 7; k-- > 0;) top = top * r + n[k];
  for (std::size_t k = 6; k-- > 0;) bottom = bottom * r + d[k];
  return top / (bottom * r + 1.0);
}

constexpr std::array<double, 8> centre_n{3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
                                         1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
                                         3.3430575583588128105e4, 2.5090809287301226727e3};
constexpr std::array<double, 7> centre_d{4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
                                         2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4,
                                         5.2264952788528545610e3};
constexpr std::array<double, 8> near_n{1.42343711074968357734e0,  4.63033784615654529590e0, 5.76949722146069140550e0,
                                       3.64784832476320460504e0,  1.27045825245236838258e0, 2.41780725177450611770e-1,
                                       2.27238449892691845833e-2, 7.74545014278341407640e-4};
constexpr std::array<double, 7> near_d{2.05319162663775882187e0,  1.67638483018380384940e0,  6.89767334985100004550e-1,
                                       1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
                                       1.05075007164441684324e-9};
constexpr std::array<double, 8> far_n{6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,
                                      2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                      2.71155556874348757815e-5, 2.01033439929228813265e-7};
constexpr std::array<double, 7> far_d{5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
                                      7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
                                      2.04426310338993978564e-15};

} // namespace

std::array<std::uint32_t, 4> philox4x32_10(std::array<std::uint32_t, 4> c, std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = std::uint64_t{0xD2511F53u} * c[0];
    const std::uint64_t p1 = std::uint64_t{0xCD9E8D57u} * c[2];
    c = {high(p1) ^ c[1] ^ key[0], low(p1), high(p0) ^ c[3] ^ key[1], low(p0)};
    key[0] += 0x9E3779B9u; // Weyl sequences of the golden ratio and of sqrt(3) - 1
    key[1] += 0xBB67AE85u;
  }
  return c;
}

double normal_quantile(double p) {
  if (std::isnan(p) || p < 0.0 || p > 1.0) return std::numeric_limits<double>::quiet_NaN();
  if (p == 0.0 || p == 1.0) return p == 0.0 ? -HUGE_VAL : HUGE_VAL;
  const double q = p - 0.5;
  if (std::abs(q) <= 0.425) return q * ratio(centre_n, centre_d, 0.180625 - q * q);
  const double r = std::sqrt(-std::log(q < 0.0 ? p : 1.0 - p));
  const double x = r <= 5.0 ? ratio(near_n, near_d, r - 1.6) : ratio(far_n, far_d, r - 5.0);
  return q < 0.0 ? -x : x;
}

RandomStream::RandomStream(std::uint64_t seed, std::string_view name, std::uint64_t index) {
  const std::uint64_t hash = fnv1a(name);
  const auto identity = philox4x32_10({low(hash), high(hash), low(index), high(index)}, {low(seed), high(seed)});
  key_ = {identity[0], identity[1]};
  high_ = {identity[2], identity[3]};
}

std::uint64_t RandomStream::bits() {
  half_used_ = !half_used_;
  if (half_used_) {
    words_ = philox4x32_10({low(block_), high(block_), high_[0], high_[1]}, key_);
    ++block_;
    return (std::uint64_t{words_[1]} << 32) | words_[0];
  }
  return (std::uint64_t{words_[3]} << 32) | words_[2];
}

void RandomStream::move_to(std::uint64_t draw) {
  block_ = draw / 2;
  half_used_ = false;
  if (draw % 2 == 1) bits();
}

double RandomStream::uniform() { return (static_cast<double>(bits() >> 12) + 0.5) * 0x1p-52; }

double RandomStream::normal() { return normal_quantile(uniform()); }

double RandomStream::log_normal(double median, double sigma) { return median * std::exp(sigma * normal()); }

double RandomStream::weibull(double scale, double shape) { return scale * std::pow(-std::log(uniform()), 1.0 / shape); }

} // namespace platen::numerics

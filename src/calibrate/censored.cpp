#include "calibrate/censored.hpp"

#include "groups/aft_likelihood.hpp"

#include <algorithm>
#include <cmath>

namespace platen::calibrate {
namespace {

/// The interval about the model's value in units of the scatter.
struct Standard {
  double low, high;
};

Standard standardised(double value, double low, double high, double sigma) {
  const double bounded = std::clamp(value, 1e-6 * (low > 0.0 ? low : high), 1e6 * (std::isfinite(high) ? high : low));
  return {std::log(low / bounded) / sigma, std::log(high / bounded) / sigma};
}

double deviance(const Standard& s) { return std::max(-2.0 * groups::log_share(groups::Distribution::log_normal, s.low, s.high).value, 0.0); }

} // namespace

double censored_deviance(double value, double low, double high, double sigma) { return deviance(standardised(value, low, high, sigma)); }

std::array<double, 2> censored_residuals(double value, double low, double high, double sigma) {
  const Standard s = standardised(value, low, high, sigma);
  const double all = deviance(s);
  if (!std::isfinite(s.high)) return {-std::sqrt(all), 0.0};
  if (!std::isfinite(s.low)) return {std::sqrt(all), 0.0};
  const double half = 0.5 * (s.high - s.low);
  const double least = deviance({-half, half});
  const double above = -0.5 * (s.low + s.high); // of the value over the middle of the interval
  return {std::copysign(std::sqrt(std::max(all - least, 0.0)), above), std::sqrt(least)};
}

} // namespace platen::calibrate

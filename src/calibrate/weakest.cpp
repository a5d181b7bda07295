#include "calibrate/weakest.hpp"

#include "groups/aft_likelihood.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace platen::calibrate {
namespace {

/// Weibull modulus of numbers whose logarithms have the standard deviation sigma.
double modulus(double sigma) { return std::numbers::pi / (std::sqrt(6.0) * sigma); }

/// Logarithms of the hazard that cells have passed at the two ends of an interval; that of the median is ln 2.
struct Hazard {
  double low, high;
};

Hazard hazard(const Population& cells, double low, double high) {
  const double median = std::clamp(cells.median, 1e-6 * (low > 0.0 ? low : high), 1e6 * (std::isfinite(high) ? high : low)), m = modulus(cells.sigma);
  const double at_median = std::log(std::numbers::ln2);
  return {at_median + m * std::log(low / median), at_median + m * std::log(high / median)};
}

double deviance(const Hazard& h) { return std::max(-2.0 * groups::log_share(groups::Distribution::weibull, h.low, h.high).value, 0.0); }

bool plates(const std::vector<Step>& steps, int direction) {
  return std::any_of(steps.begin(), steps.end(), [&](const Step& s) {
    if (const auto* repeat = std::get_if<step::Repeat>(&s.kind)) return plates(repeat->steps, direction);
    if (const auto* every = std::get_if<step::Every>(&s.kind)) return plates(every->steps, direction);
    if (const auto* constant = std::get_if<step::ConstantCurrent>(&s.kind)) return constant->direction == direction;
    if (const auto* hold = std::get_if<step::HoldVoltage>(&s.kind)) return hold->voltage * direction > 0.0;
    if (const auto* polarise = std::get_if<step::Polarise>(&s.kind)) return polarise->voltage * direction > 0.0;
    return std::holds_alternative<step::Ramp>(s.kind);
  });
}

} // namespace

Population Population::of_flaws(double flaw, std::size_t flaws, double sigma) {
  return {flaw * std::pow(static_cast<double>(flaws), -1.0 / modulus(sigma)), sigma};
}

double Population::quantile(double p) const { return median * std::pow(-std::log1p(-p) / std::numbers::ln2, 1.0 / modulus(sigma)); }

std::size_t loaded_flaws(const Study& study) {
  if (study.cell.configuration != Configuration::symmetric) return 1;
  return plates(study.test, +1) && plates(study.test, -1) ? 2 : 1;
}

double weakest_deviance(const Population& cells, double low, double high) { return deviance(hazard(cells, low, high)); }

std::array<double, 2> weakest_residuals(const Population& cells, double low, double high) {
  const Hazard h = hazard(cells, low, high);
  const double all = deviance(h);
  if (!std::isfinite(h.high)) return {-std::sqrt(all), 0.0};
  if (!std::isfinite(h.low)) return {std::sqrt(all), 0.0};
  const double width = h.high - h.low;
  // (B4): P is highest where the lower end has passed the hazard width/(exp(width) - 1).
  const double best = std::log(width) - width - std::log1p(-std::exp(-width));
  const double least = deviance({best, best + width});
  return {std::copysign(std::sqrt(std::max(all - least, 0.0)), best - h.low), std::sqrt(least)};
}

} // namespace platen::calibrate

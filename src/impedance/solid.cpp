#include "impedance/solid.hpp"

#include "base/constants.hpp"
#include "base/error.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace platen::impedance {
namespace {

void need_positive(const char* what, Uncertain x) {
  if (!(x.value > 0.0) || !std::isfinite(x.value) || !(x.error >= 0.0))
    throw Error("D213", fmt::format("{} must be positive, got {} with an error of {}", what, x.value, x.error));
}

double relative(Uncertain x) { return x.error / x.value; }

/// y = a + b x with weights; the height at the mean of x is independent of the slope.
struct Line {
  double mean = 0.0, height = 0.0, slope = 0.0, height_error = 0.0, slope_error = 0.0, scatter = 0.0;
};

Line weighted_line(std::span<const double> x, std::span<const double> y, std::span<const double> error) {
  Line line;
  double weights = 0.0, sxx = 0.0, sxy = 0.0, misfit = 0.0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    const double w = 1.0 / (error[k] * error[k]);
    weights += w;
    line.mean += w * x[k];
    line.height += w * y[k];
  }
  line.mean /= weights;
  line.height /= weights;
  for (std::size_t k = 0; k < x.size(); ++k) {
    const double w = 1.0 / (error[k] * error[k]), away = x[k] - line.mean;
    sxx += w * away * away;
    sxy += w * away * (y[k] - line.height);
  }
  line.slope = sxx > 0.0 ? sxy / sxx : 0.0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    const double off = (y[k] - line.height - line.slope * (x[k] - line.mean)) / error[k];
    misfit += off * off;
  }
  line.scatter = x.size() > 2 ? std::sqrt(misfit / static_cast<double>(x.size() - 2)) : 0.0;
  const double grown = std::max(1.0, line.scatter);
  line.height_error = grown / std::sqrt(weights);
  line.slope_error = grown / std::sqrt(sxx);
  return line;
}

} // namespace

Uncertain conductivity(Uncertain resistance, Uncertain thickness, Uncertain area) {
  need_positive("a resistance", resistance);
  need_positive("a thickness", thickness);
  need_positive("an area", area);
  const double value = thickness.value / (resistance.value * area.value); // (Y1)
  return {value, value * std::hypot(relative(resistance), relative(thickness), relative(area))};
}

Uncertain interface_resistance(Uncertain resistance, Uncertain area) {
  need_positive("a resistance", resistance);
  need_positive("an area", area);
  const double value = 0.5 * resistance.value * area.value; // (Y2)
  return {value, value * std::hypot(relative(resistance), relative(area))};
}

Uncertain Activation::at(double temperature) const {
  const double x = 1.0 / temperature;
  const double log_value = at_mean_ - energy.value / constants::R * (x - mean_) - (times_temperature ? std::log(temperature) : 0.0);
  const double value = std::exp(log_value);
  return {value, value * std::hypot(at_mean_error_, energy.error / constants::R * (x - mean_))};
}

Activation arrhenius(std::span<const double> temperature, std::span<const Uncertain> value, bool times_temperature) {
  if (temperature.size() != value.size() || temperature.size() < 2)
    throw Error("D214", fmt::format("an activation energy needs two temperatures or more with as many values, got {} and {}",
                                    temperature.size(), value.size()));
  const bool without = std::all_of(value.begin(), value.end(), [](Uncertain v) { return v.error == 0.0; });
  std::vector<double> x, y, error;
  for (std::size_t k = 0; k < value.size(); ++k) {
    if (!(temperature[k] > 0.0) || !(value[k].value > 0.0) || (!without && !(value[k].error > 0.0)))
      throw Error("D214", fmt::format("temperatures, values and errors must be positive: {} K, {} with an error of {}",
                                      temperature[k], value[k].value, value[k].error));
    x.push_back(1.0 / temperature[k]);
    y.push_back(std::log(value[k].value) + (times_temperature ? std::log(temperature[k]) : 0.0));
    error.push_back(without ? 1e-9 : relative(value[k]));
  }
  if (*std::max_element(x.begin(), x.end()) == *std::min_element(x.begin(), x.end()))
    throw Error("D214", "an activation energy needs two different temperatures");
  const Line line = weighted_line(x, y, error); // (Y3)
  Activation result;
  result.energy = {-constants::R * line.slope, constants::R * line.slope_error};
  result.log_prefactor = {line.height - line.slope * line.mean, std::hypot(line.height_error, line.slope_error * line.mean)};
  result.scatter = without ? 0.0 : line.scatter;
  result.points = x.size();
  result.times_temperature = times_temperature;
  result.mean_ = line.mean;
  result.at_mean_ = line.height;
  result.at_mean_error_ = line.height_error;
  return result;
}

namespace {

constexpr double distinct = 3.0, sharp = 5e3; // standard errors; J/mol

void judge_energies(ArcVerdict& verdict, const ArcEvidence& e) {
  if (e.arc.points < 2 || e.electrolyte.points < 2) {
    verdict.reasons.push_back("no series of temperatures: the activation energies are not known");
    return;
  }
  constexpr double kJ = 1e3;
  const double difference = e.arc.energy.value - e.electrolyte.energy.value;
  const double error = std::hypot(e.arc.energy.error, e.electrolyte.energy.error);
  verdict.separation = std::abs(difference) / error;
  verdict.reasons.push_back(fmt::format("activation energy of the arc {:.1f} +- {:.1f} kJ/mol, of the electrolyte {:.1f} +- {:.1f} kJ/mol",
                                        std::abs(e.arc.energy.value) / kJ, e.arc.energy.error / kJ,
                                        std::abs(e.electrolyte.energy.value) / kJ, e.electrolyte.energy.error / kJ));
  if (verdict.separation > distinct) {
    verdict.kind = ArcVerdict::Kind::charge_transfer;
    verdict.reasons.push_back("they differ, so the arc is not the electrolyte's crowded current");
  } else if (error < sharp) {
    verdict.kind = ArcVerdict::Kind::constriction;
    verdict.reasons.push_back("they agree within 5 kJ/mol: what crowded current in the electrolyte asks for; a charge transfer with by chance the "
                              "same energy is not excluded");
  } else {
    verdict.reasons.push_back("they agree only within an error so large that charge transfer may have either");
  }
}

} // namespace

ArcVerdict constriction_or_transfer(const ArcEvidence& e) {
  ArcVerdict verdict;
  judge_energies(verdict, e);
  if (e.areas.size() < 2 || e.areas.size() != e.resistances.size()) {
    verdict.reasons.push_back("no series of areas: whether one contact or many cannot be told");
    return verdict;
  }
  std::vector<double> x, y, errors;
  for (std::size_t k = 0; k < e.areas.size(); ++k) {
    need_positive("an area", {e.areas[k], 0.0});
    need_positive("a resistance", e.resistances[k]);
    x.push_back(std::log(e.areas[k]));
    y.push_back(std::log(e.resistances[k].value));
    errors.push_back(std::max(relative(e.resistances[k]), 1e-6));
  }
  const Line line = weighted_line(x, y, errors); // (Y4)
  verdict.area_exponent = -line.slope;
  verdict.area_exponent_error = line.slope_error;
  const auto near = [&](double m) { return std::abs(verdict.area_exponent - m) < 2.0 * line.slope_error; };
  verdict.reasons.push_back(fmt::format(
      "R ~ A^-{:.2f} (+- {:.2f}): {}", verdict.area_exponent, line.slope_error,
      near(1.0) && near(0.5) ? "fits one contact as well as many"
      : near(1.0)            ? "proportional to 1/A, as charge transfer and many contact spots both are"
      : near(0.5)            ? "as 1/sqrt(A), which only the constriction of a single contact is"
                             : "neither 1/A nor 1/sqrt(A): the contact differs between the cells"));
  if (near(0.5) && !near(1.0) && verdict.kind == ArcVerdict::Kind::cannot_tell) verdict.kind = ArcVerdict::Kind::constriction;
  return verdict;
}

std::string_view label(ArcVerdict::Kind kind) {
  switch (kind) {
  case ArcVerdict::Kind::constriction:
    return "constriction";
  case ArcVerdict::Kind::charge_transfer:
    return "charge transfer";
  case ArcVerdict::Kind::cannot_tell:
    break;
  }
  return "cannot tell";
}

} // namespace platen::impedance

#include "advise/spring_law.hpp"

#include "base/constants.hpp"
#include "physics/cathode.hpp"
#include "physics/fixture.hpp"

#include <algorithm>
#include <cmath>

namespace platen::advise {
namespace {

/// The root of a rising function between two places; the nearer end where it does not change its sign.
template <class Function> double rising_root(double low, double high, const Function& f) {
  for (int k = 0; k < 200 && high - low > 1e-13 * (std::abs(low) + std::abs(high)); ++k) {
    const double middle = 0.5 * (low + high);
    (f(middle) < 0.0 ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

double taken_by_frame(const physics::Parameters& p, double from, double to) {
  return physics::frame_displacement(from, to, p.elastic_stiffness, p.joint_stiffness, p.joint_exponent);
}

/// Travel of the springs when the stack grows by `growth` and the pressure is `pressure(travel)`, equation (O2).
template <class Pressure> double travel_of(const physics::Parameters& p, double set, double growth, const Pressure& pressure) {
  const double bracket = std::abs(growth) + 1e-3; // m; no frame gives way by a millimetre
  return rising_root(-bracket, bracket, [&](double X) { return X + taken_by_frame(p, set, pressure(X)) - growth; });
}

/// Stress on the slider after a first travel `X`, equation (O3).
double first_friction(const physics::Parameters& p, double X) {
  if (!(p.friction > 0.0)) return 0.0;
  return std::copysign(-p.friction * std::expm1(-p.friction_stiffness * std::abs(X) / p.friction), X);
}

} // namespace

Breathing breathing_of(const Study& study, double areal_capacity) {
  if (!study.cell.cathode) return {};
  const Cathode& cathode = *study.cell.cathode;
  const physics::Parameters& p = study.parameters;
  const double capacity = areal_capacity > 0.0 ? areal_capacity : cathode.areal_capacity;
  const double lithium = capacity * p.lithium_molar_volume / constants::F;
  const double active = cathode.active_thickness * capacity / cathode.areal_capacity;
  return {lithium - active * physics::volume_loss(1.0, p.cathode_volume_change), lithium * (1.0 - p.cathode_first_efficiency)};
}

PressureLoop loop_on_springs(const physics::Parameters& p, double stiffness, double set, const Breathing& breathing) {
  PressureLoop out;
  out.set = set;
  const double first = travel_of(p, set, breathing.thickest, [&](double X) { return set + stiffness * X + first_friction(p, X); });
  out.first = set + stiffness * first + first_friction(p, first);
  const auto top = [&](double f) { return travel_of(p, set, breathing.thickest, [&](double X) { return set + stiffness * X + f; }); };
  const auto bottom = [&](double f) { return travel_of(p, set, breathing.thinnest, [&](double X) { return set + stiffness * X - f; }); };
  // (O4): the amplitude of the slider's stress in a loop that closes. More stress, less travel: one root.
  double f = 0.0;
  if (p.friction > 0.0)
    f = rising_root(0.0, p.friction, [&](double s) { return s - p.friction * std::tanh(0.5 * p.friction_stiffness * std::max(top(s) - bottom(s), 0.0) / p.friction); });
  out.highest = set + stiffness * top(f) + f;
  out.lowest = set + stiffness * bottom(f) - f;
  return out;
}

PressureLoop loop_in_gap(const physics::Parameters& p, double set, const Breathing& breathing) {
  const auto at = [&](double growth) {
    return rising_root(0.0, set + 1e9, [&](double P) { return taken_by_frame(p, set, P) - growth; });
  };
  const double highest = at(breathing.thickest);
  return {set, highest, highest, at(breathing.thinnest)};
}

double pressure_after(const physics::Parameters& p, double stiffness, double set, double growth, double softening) {
  const auto pressure = [&](double X) { return (set + stiffness * X) * (1.0 + softening) + first_friction(p, X); };
  return pressure(travel_of(p, set, growth, pressure));
}

} // namespace platen::advise

#include "advise/springs.hpp"

#include "base/error.hpp"
#include "base/units.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <tuple>

namespace platen::advise {
namespace {

std::string in(double si, std::string_view unit) { return show(si, unit); }

/// The highest pressure that the cell reaches, with what errors of the preload add.
double most_pressure(const SpringChoice& c, const SpringDemand& d, double drift) {
  return c.loop.most() + c.preload_error + (d.set_again_when_warm ? 0.0 : std::max(drift, 0.0));
}

void refuse_overload(SpringChoice& c, const SpringDemand& d) {
  if (c.load_used > 1.0 - d.load_reserve)
    c.refused.push_back(fmt::format("load limit: at {} each spring bears {}, {:.0f} % of its {}; {:.0f} % are to stay free", in(c.highest.force * c.count / d.area, "MPa"),
                                    in(c.highest.force, "lbf"), 100.0 * c.load_used, in(c.spring.load_limit, "lbf"), 100.0 * d.load_reserve));
  if (c.travel_used > 1.0 - d.travel_reserve)
    c.refused.push_back(fmt::format("travel: it would be compressed by {}, {:.0f} % of its travel of {} ({}); {:.0f} % are to stay free", in(c.highest.compression, "mm"),
                                    100.0 * c.travel_used, in(c.spring.travel, "mm"), c.spring.travel_from, 100.0 * d.travel_reserve));
  if (d.hold_pressure > 0.0 && d.hold_on_springs && !c.bears_hold)
    c.refused.push_back(fmt::format("contact hold: {} on springs would be {} on each, its limit is {}; fit the springs after the hold", in(d.hold_pressure, "MPa"),
                                    in(c.hold_force, "lbf"), in(c.spring.load_limit, "lbf")));
}

void refuse_swing(SpringChoice& c, const SpringDemand& d) {
  if (d.largest_swing && c.loop.swing() > *d.largest_swing)
    c.refused.push_back(fmt::format("stiffness: the pressure would swing by {}, {} are tolerated ({} without friction)", in(c.loop.swing(), "MPa"),
                                    in(*d.largest_swing, "MPa"), in(c.swing_without_friction, "MPa")));
}

void refuse_geometry(SpringChoice& c, const SpringDemand& d) {
  const CatalogueSpring& s = c.spring;
  const auto fits = [&](const std::optional<double>& limit, const std::optional<double>& size, bool larger, std::string_view what, std::string_view against) {
    if (!limit) return;
    if (!size) c.notes.push_back(fmt::format("not checked: the catalogue has no {}", what));
    else if (larger ? *size <= *limit : *size > *limit)
      c.refused.push_back(fmt::format("{}: {} against {} of {}", what, in(*size, "mm"), against, in(*limit, "mm")));
  };
  fits(d.rod_diameter, s.inner_diameter, true, "inner diameter", "a rod");
  fits(d.room, s.outer_diameter, false, "outer diameter", "room");
  fits(d.rod_length, s.free_length, false, "free length", "room along the rod");
}

Span90 span_of(const std::vector<double>& sample) { return {numerics::quantile(sample, 0.05), numerics::quantile(sample, 0.95)}; }

double drift_of(const SpringChoice& c, const SpringDemand& d, const physics::Parameters& p, bool mismatch, bool rate) {
  const double warmer = d.cycling_temperature - d.loading_temperature;
  const double growth = mismatch ? -p.thermal_mismatch * warmer : 0.0, softening = rate ? c.spring.drift.value_or(d.drift) * warmer : 0.0;
  return pressure_after(p, c.stiffness, d.pressure, growth, softening) - d.pressure;
}

void add_ranges(SpringChoice& c, const SpringDemand& d, std::span<const physics::Parameters> ensemble) {
  if (ensemble.empty()) return;
  std::vector<double> swing, highest, drift;
  for (const physics::Parameters& p : ensemble) {
    const PressureLoop loop = loop_on_springs(p, c.stiffness, d.pressure, d.breathing);
    swing.push_back(loop.swing());
    highest.push_back(loop.most());
    drift.push_back(drift_of(c, d, p, true, true));
  }
  c.swing_range = span_of(swing);
  c.highest_range = span_of(highest);
  c.drift_range = span_of(drift);
}

} // namespace

SpringChoice spring_choice(const CatalogueSpring& spring, int count, const SpringDemand& d, const physics::Parameters& p, std::span<const physics::Parameters> ensemble) {
  SpringChoice c;
  c.spring = spring;
  c.count = count;
  c.stiffness = count * spring.rate / d.area;
  c.set = spring_load(c.springs(), d.pressure, d.area);
  c.loop = loop_on_springs(p, c.stiffness, d.pressure, d.breathing);
  physics::Parameters frictionless = p;
  frictionless.friction = 0.0;
  c.swing_without_friction = loop_on_springs(frictionless, c.stiffness, d.pressure, d.breathing).swing();
  c.drift_mismatch = drift_of(c, d, p, true, false);
  c.drift_rate = drift_of(c, d, p, false, true);
  c.drift = drift_of(c, d, p, true, true);
  c.preload_error = d.pressure * spring.tolerance.value_or(0.0);
  c.highest = spring_load(c.springs(), most_pressure(c, d, c.drift), d.area);
  c.load_used = c.highest.force / spring.load_limit;
  c.travel_used = c.highest.compression / spring.travel;
  c.hold_force = d.hold_pressure * d.area / count;
  c.bears_hold = c.hold_force <= spring.load_limit && c.hold_force / spring.rate <= spring.travel;
  if (spring.price) c.price = *spring.price * count;
  refuse_overload(c, d);
  refuse_swing(c, d);
  refuse_geometry(c, d);
  if (!spring.tolerance) c.notes.push_back("the catalogue states no tolerance of the force");
  add_ranges(c, d, ensemble);
  return c;
}

std::vector<SpringChoice> rank_springs(const Catalogue& catalogue, const SpringDemand& d, const physics::Parameters& p, std::span<const physics::Parameters> ensemble) {
  const int step = std::max(d.rods, 1), first = std::max((d.fewest + step - 1) / step * step, step);
  if (d.fewest > d.most || first > d.most)
    throw Error("U006", fmt::format("no number of springs from {} to {}{} is possible", d.fewest, d.most, d.rods > 0 ? fmt::format(" in multiples of {} rods", d.rods) : ""));
  std::vector<SpringChoice> out;
  for (const CatalogueSpring& spring : catalogue.springs)
    for (int count = first; count <= d.most; count += step) {
      out.push_back(spring_choice(spring, count, d, p));
      if (out.back().refused.empty()) add_ranges(out.back(), d, ensemble);
    }
  const auto worst = [](const SpringChoice& c) { return std::max(c.load_used, c.travel_used); };
  const auto order = [&](const SpringChoice& c) {
    const bool good = c.refused.empty();
    return std::tuple(!good, good ? std::round(c.loop.swing() / swing_resolution) : static_cast<double>(c.refused.size()), good ? c.price.value_or(0.0) : 0.0, good ? c.count : 0, worst(c), c.spring.name);
  };
  std::stable_sort(out.begin(), out.end(), [&](const SpringChoice& a, const SpringChoice& b) { return order(a) < order(b); });
  return out;
}

SpringDemand demand_of(const Study& study, double areal_capacity) {
  SpringDemand out;
  out.area = study.cell.area;
  out.breathing = breathing_of(study, areal_capacity);
  double T = study.temperature;
  out.loading_temperature = T;
  out.set_again_when_warm = true;
  for (const Step& s : study.test) {
    if (const auto* hold = std::get_if<step::Hold>(&s.kind)) {
      T = hold->temperature.value_or(T);
      out.hold_pressure = std::max(out.hold_pressure, hold->pressure);
    } else if (const auto* release = std::get_if<step::Release>(&s.kind)) {
      out.pressure = release->pressure;
      out.loading_temperature = T;
    } else if (const auto* heat = std::get_if<step::Heat>(&s.kind)) {
      out.set_again_when_warm = out.set_again_when_warm && heat->temperature == T;
      T = heat->temperature;
    } else if (const auto* set = std::get_if<step::SetStackPressure>(&s.kind)) {
      out.pressure = set->pressure;
      out.set_again_when_warm = true;
    }
  }
  out.cycling_temperature = T;
  return out;
}

} // namespace platen::advise

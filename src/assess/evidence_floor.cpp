#include "assess/evidence.hpp"
#include "assess/thresholds.hpp"

#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen::assessing {

std::optional<double> ionic_floor(const CellInfo& cell) {
  if (!cell.electrolyte_thickness || !cell.electrolyte_conductivity) return std::nullopt;
  if (!(*cell.electrolyte_thickness > 0 && *cell.electrolyte_conductivity > 0)) return std::nullopt;
  return *cell.electrolyte_thickness / *cell.electrolyte_conductivity;
}

Evidence below_floor(const Trace& trace, const Context& context) {
  Evidence e{"resistance below the ionic floor", std::numeric_limits<double>::quiet_NaN(), 0.0, "ohm m2", false,
             trace.half_cycle.start, {}};
  if (!context.area) {
    e.reason = "not made: the area of the cell is not known";
    return e;
  }
  const bool geometry = context.floor.has_value();
  const double floor = geometry ? *context.floor / trace.thermal / context.hottest : thresholds::any_separator;
  if (!trace.has_levels()) {
    e.reason = "not made: too few rows, or a voltage against the current: it was read before the switch";
    return e;
  }
  e.figure = trace.low * *context.area;
  e.threshold = geometry ? thresholds::floor_share * floor : floor;
  weigh(e, std::hypot(trace.level_noise, trace.offset_error) / trace.mean_current() * *context.area, -1);
  const double least = e.threshold / *context.area; // ohm
  const auto below = [&](double level, double error) {
    return (least - level) * trace.mean_current() > thresholds::level_noise * error + trace.offset_error;
  };
  // the median is known much better at small currents, the lowest level sees a short that lasts for part of the half cycle
  e.fired = below(trace.low, trace.level_noise) || below(trace.middle, trace.middle_noise);
  if (e.fired) e.time = first_below(trace, least);
  const std::string what = geometry ? fmt::format("{:.0f} % of the {:.3g} ohm cm2 that the electrolyte alone must have at {:.0f} degC",
                                                  thresholds::floor_share * 100, floor * 1e4, (context.hottest > 1.0 ? thresholds::unknown_temperature : trace.temperature) - 273.15)
                                    : "that of any separator in use (the geometry of this one is not known)";
  e.reason = fmt::format("at {} the area-specific resistance was {:.3g} ohm cm2, {} {:.3g} ohm cm2, {}",
                         say_current(trace.mean_current(), context.area), e.figure * 1e4,
                         e.fired ? "below" : "not clearly below", e.threshold * 1e4, what);
  return e;
}

Evidence below_impedance(const Trace& trace, const Context& context) {
  Evidence e{"resistance below the high-frequency impedance", std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN(), "ohm", false,
             trace.half_cycle.start, {}};
  if (!context.impedance_floor) {
    e.reason = "not made: no spectrum before it shows the resistance of the electrolyte";
    return e;
  }
  if (!trace.has_levels()) {
    e.reason = "not made: too few rows, or a voltage against the current: it was read before the switch";
    return e;
  }
  using Source = ImpedanceFloor::Source;
  const auto [level, source] = *context.impedance_floor;
  const double floor = level.value / trace.thermal, floor_error = thresholds::floor_share * level.error / trace.thermal;
  const std::string current = say_current(trace.mean_current(), context.area);
  if (source == Source::bound) {
    e.reason = fmt::format("not made: at {} the resistance was {:.3g} ohm, and by the cell's own impedance the electrolyte has at most {:.3g} ohm: no circuit "
                           "was fitted to know it better", current, trace.low, floor);
    return e;
  }
  const double offset = trace.offset_error / trace.mean_current();
  e.figure = trace.low;
  e.threshold = thresholds::floor_share * floor;
  weigh(e, std::hypot(trace.level_noise / trace.mean_current(), offset, floor_error), -1);
  // a fit's error is statistical, a reading's the most that it can be off by
  const double noise = std::hypot(trace.level_noise / trace.mean_current(), source == Source::fitted ? floor_error : 0.0);
  e.fired = e.threshold - e.figure > thresholds::level_noise * noise + offset;
  if (e.fired) e.time = first_below(trace, e.threshold);
  e.reason = fmt::format("at {} the resistance was {:.3g} ohm, {} {:.3g} ohm, {:.0f} % of the {:.3g} ohm that {}", current, e.figure,
                         e.fired ? "below" : "not clearly below", e.threshold, thresholds::floor_share * 100, floor,
                         source == Source::read ? "the cell's own impedance had at high frequency"
                                                : "a circuit fitted to the cell's own impedance gives the electrolyte");
  return e;
}

bool clearly_above_floor(const Trace& trace, const Evidence& floor, double area) {
  const double spare = (trace.middle - floor.threshold / area) * trace.mean_current();
  return spare > thresholds::level_noise * trace.middle_noise + trace.offset_error;
}

} // namespace platen::assessing

#include "assess/evidence.hpp"
#include "assess/thresholds.hpp"

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
  const double floor = geometry ? *context.floor / trace.thermal : thresholds::any_separator;
  e.figure = trace.low * *context.area;
  e.threshold = geometry ? thresholds::floor_share * floor : floor;
  const double least = e.threshold / *context.area; // ohm
  const auto below = [&](double level, double error) {
    return (least - level) * trace.mean_current() > thresholds::level_noise * error + trace.offset_error;
  };
  // the median is known much better at small currents, the lowest level sees a short that lasts for part of the half cycle
  e.fired = below(trace.low, trace.level_noise) || below(trace.middle, trace.middle_noise);
  if (e.fired) e.time = first_below(trace, least);
  const std::string what = geometry ? fmt::format("{:.0f} % of the {:.3g} ohm cm2 that the electrolyte alone must have at {:.0f} degC",
                                                  thresholds::floor_share * 100, floor * 1e4, trace.temperature - 273.15)
                                    : "that of any separator in use (the geometry of this one is not known)";
  e.reason = fmt::format("at {} the area-specific resistance was {:.3g} ohm cm2, {} {:.3g} ohm cm2, {}",
                         say_current(trace.mean_current(), context.area), e.figure * 1e4,
                         e.fired ? "below" : "not clearly below", e.threshold * 1e4, what);
  return e;
}

bool clearly_above_floor(const Trace& trace, const Evidence& floor, double area) {
  const double spare = (trace.middle - floor.threshold / area) * trace.mean_current();
  return spare > thresholds::level_noise * trace.middle_noise + trace.offset_error;
}

} // namespace platen::assessing

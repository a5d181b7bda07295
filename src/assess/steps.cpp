#include "assess/ccd.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace platen::assessing {
namespace {

/// Median voltage over the last `share` of a half cycle's time.
double late_voltage(const Rows& rows, const HalfCycle& h, double share) {
  const double from = rows.time[h.last] - share * (rows.time[h.last] - rows.time[h.first]);
  std::size_t first = h.last;
  while (first > h.first && rows.time[first - 1] >= from) --first;
  return numerics::median(std::span(rows.voltage).subspan(first, h.last - first + 1));
}

/// Mean over time; over the rows when time stands still.
double mean_voltage(const Rows& rows, const HalfCycle& h) {
  double sum = 0, span = 0, plain = rows.voltage[h.first];
  for (std::size_t k = h.first + 1; k <= h.last; ++k) {
    const double dt = std::max(0.0, rows.time[k] - rows.time[k - 1]);
    sum += 0.5 * (rows.voltage[k] + rows.voltage[k - 1]) * dt;
    span += dt;
    plain += rows.voltage[k];
  }
  return span > 0 ? sum / span : plain / static_cast<double>(h.last - h.first + 1);
}

/// A neighbour in the other direction within the same step, the one before preferred.
const HalfCycle* opposite(const Segments& segments, std::size_t k) {
  const HalfCycle& h = segments.half_cycles[k];
  const auto fits = [&](const HalfCycle& o) { return o.step == h.step && o.direction == -h.direction; };
  if (k > 0 && fits(segments.half_cycles[k - 1])) return &segments.half_cycles[k - 1];
  if (k + 1 < segments.half_cycles.size() && fits(segments.half_cycles[k + 1])) return &segments.half_cycles[k + 1];
  return nullptr;
}

} // namespace

std::vector<StepAssessment> assess_steps(const Rows& rows, const Segments& segments, const std::optional<double>& area) {
  std::vector<StepAssessment> out;
  for (const CurrentStep& step : segments.current_steps) {
    std::vector<double> forward, back;
    for (std::size_t k = step.first_half_cycle; k <= step.last_half_cycle; ++k) {
      const HalfCycle& h = segments.half_cycles[k];
      (h.direction > 0 ? forward : back).push_back(late_voltage(rows, h, 0.5));
    }
    StepAssessment a;
    a.current = step.current;
    a.current_density = area ? step.current / *area : std::numeric_limits<double>::quiet_NaN();
    a.half_cycles = step.last_half_cycle - step.first_half_cycle + 1;
    if (!forward.empty() && !back.empty()) {
      const double plus = numerics::median(forward), minus = numerics::median(back);
      a.resistance = 0.5 * (plus - minus) / step.current;
      a.offset = 0.5 * (plus + minus);
    } else {
      a.resistance = forward.empty() ? -numerics::median(back) / step.current : numerics::median(forward) / step.current;
    }
    if (area) a.asr = a.resistance * *area;
    out.push_back(a);
  }
  return out;
}

void describe_half_cycle(const Rows& rows, const Segments& segments, const Offset& offset, const std::optional<double>& area,
                         std::size_t index, HalfCycleAssessment& out) {
  const HalfCycle& h = segments.half_cycles[index];
  out.mean_voltage = mean_voltage(rows, h) - offset.at(h.start);
  const double end = late_voltage(rows, h, 0.05);
  out.end_voltage = end - offset.at(h.start);
  if (h.current == 0.0) return;
  out.resistance = std::abs(out.mean_voltage / h.current);
  if (!area) return;
  const HalfCycle* other = opposite(segments, index);
  out.asr = *area * (other != nullptr ? (end - late_voltage(rows, *other, 0.05)) / (h.current - other->current)
                                      : out.end_voltage / h.current);
}

} // namespace platen::assessing

#include "assess/full_cell.hpp"
#include "assess/thresholds.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace platen::assessing {
namespace {

constexpr std::size_t left_out = 3; ///< rows after a switch of the current
constexpr double touched = 0.4;     ///< of a dip or a rise that a single row counts: somebody may have touched a cable

} // namespace

void count_dips(Stroke& s, const std::vector<double>& raw) {
  const std::vector<double>& v = s.voltage;
  const std::size_t n = v.size();
  if (n < 2 * left_out + 1) return;
  const double jump = std::max(thresholds::dip_least, std::sqrt(2.0) * thresholds::jump_noise * s.noise);
  const double single = std::max(thresholds::dip_least, std::sqrt(1.5) * thresholds::jump_noise * s.noise);
  const double against = s.charging() ? -1.0 : 1.0; // charging raises the voltage and discharging lowers it: a short makes it go the other way
  for (std::size_t k = std::max(left_out, n / 20); k + 1 < n; ++k) {
    // while voids are refilled the voltage falls fast as well, but not all of a sudden
    const double least = jump + std::abs(v[k - 1] - v[k - 3]);
    const bool jumped = against * (v[k] - v[k - 1]) > least && against * (v[k + 1] - v[k - 1]) > least;
    const bool dipped = raw[k] < std::min(raw[k - 1], raw[k + 1]) - single;
    if (raw[k] > std::max(raw[k - 1], raw[k + 1]) + single) s.bumps += touched;
    if (!jumped && !dipped) continue;
    if (s.dips == 0.0) s.first_dip = s.time[k];
    s.dips += jumped ? 1.0 : touched;
  }
}

Evidence charge_dips(const Stroke& stroke, double earlier_dips, double earlier_bumps, const Earlier& earlier) {
  Evidence e{"brief dips of the voltage", stroke.dips + earlier_dips, thresholds::jump_count, "1", false, stroke.half_cycle.start, {}};
  weigh(e, std::sqrt(std::max(1.0, e.figure)), 1); // of a count
  const double bumps = stroke.bumps + earlier_bumps;
  e.fired = stroke.dips > 0.0 && e.figure >= e.threshold && 2.0 * bumps <= e.figure;
  if (stroke.dips > 0.0) e.time = stroke.first_dip;
  e.reason = fmt::format("up to the {} at {} the voltage dipped briefly, or jumped against what the current does to it, {:.3g} times, and rose so {:.3g} times (single rows count {:.1g}; threshold {:.0f}, and "
                         "half as many rises)", stroke.charging() ? "charge" : "discharge", say_current(stroke.half_cycle.current, earlier.area), e.figure, bumps, touched, e.threshold);
  return e;
}

} // namespace platen::assessing

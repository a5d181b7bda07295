// When the steps of a record are no ramp that a critical current density can be read from.

#include "assess/ccd.hpp"
#include "assess/thresholds.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace platen::assessing {
namespace {

std::size_t count(const CurrentStep& step) { return step.last_half_cycle - step.first_half_cycle + 1; }

/// One half cycle as the cycler ran it: a pause cuts it in two of one direction and step.
struct Course {
  std::size_t first = 0, last = 0; ///< half cycles
  double duration = 0, charge = 0; ///< s, C
};

std::vector<Course> courses(const Segments& segments, std::size_t end) {
  std::vector<Course> out;
  for (std::size_t k = 0; k < end; ++k) {
    const HalfCycle& h = segments.half_cycles[k];
    const bool goes_on = k > 0 && segments.half_cycles[k - 1].direction == h.direction && segments.half_cycles[k - 1].step == h.step;
    // test for one direction only: there every half cycle follows one of the same direction
    const bool alternates = k >= 2 && segments.half_cycles[k - 2].direction != segments.half_cycles[k - 1].direction;
    if (goes_on && alternates) {
      out.back().last = k;
      out.back().duration += h.end - h.start;
      out.back().charge += std::abs(h.charge);
    } else {
      out.push_back({k, k, h.end - h.start, std::abs(h.charge)});
    }
  }
  return out;
}

double end_voltage(const Rows& rows, const HalfCycle& h) { return std::abs(rows.voltage[h.last > h.first ? h.last - 1 : h.last]); }

/// The voltage that several half cycles ended at; empty when they did not.
std::optional<double> common_limit(const Rows& rows, const Segments& segments, const std::vector<Course>& cut) {
  std::vector<double> ends;
  for (const Course& c : cut) ends.push_back(end_voltage(rows, segments.half_cycles[c.last]));
  const double middle = numerics::median(ends);
  const auto near = std::count_if(ends.begin(), ends.end(), [&](double v) { return std::abs(v - middle) <= thresholds::same_limit * middle; });
  return ends.size() >= 2 && 2 * static_cast<std::size_t>(near) > ends.size() ? std::optional(middle) : std::nullopt;
}

bool is_cut(const Course& c, double duration, double charge) {
  return c.duration < thresholds::complete_share * duration && c.charge < thresholds::complete_share * charge;
}

/// The current fell below what had been passed before.
std::string falling(const Ramp& ramp, const std::optional<double>& area, std::size_t failing) {
  double most = 0;
  for (std::size_t k = 0; k < failing; ++k) most = std::max(most, ramp.segments.current_steps[k].current);
  const double current = ramp.segments.current_steps[failing].current;
  if (most <= 1.01 * current) return {};
  return fmt::format("it shorted at {} although {} had been passed before: the currents are no rising ramp", say_current(current, area),
                     say_current(most, area));
}

/// The failing current had been passed as often as every current before it.
std::string passed_already(const Ramp& ramp, const std::optional<double>& area, std::size_t failing) {
  if (failing == 0) return {};
  const auto& steps = ramp.segments.current_steps;
  std::size_t usual = 0;
  for (std::size_t k = 0; k < failing; ++k) usual = std::max(usual, count(steps[k]));
  const std::size_t before = *ramp.outcome.half_cycle - steps[failing].first_half_cycle;
  if (before < usual) return {};
  std::string why = fmt::format("{} half cycles had been passed at {} before the short, at most {} at any current below: the ramp had stopped rising", before,
                                say_current(steps[failing].current, area), usual);
  if (failing < 2) return why;
  const double last = steps[failing].current - steps[failing - 1].current, earlier = steps[failing - 1].current - steps[failing - 2].current;
  if (last < thresholds::complete_share * earlier) why += fmt::format(" at the current limit (the last step was {} instead of {})", say_current(last, area), say_current(earlier, area));
  return why;
}

/// The longest time without rows between two half cycles.
double unseen(const Rows& rows, const HalfCycle& before, const HalfCycle& after) {
  double most = 0;
  for (std::size_t k = before.last + 1; k <= after.first; ++k) most = std::max(most, rows.time[k] - rows.time[k - 1]);
  return most;
}

/// Steps that the ramp must have had and the record has not.
std::string missing(const Ramp& ramp, const std::optional<double>& area, std::size_t failing) {
  const auto& steps = ramp.segments.current_steps;
  const auto& hs = ramp.segments.half_cycles;
  std::vector<double> increments;
  for (std::size_t k = 1; k < failing; ++k) increments.push_back(steps[k].current - steps[k - 1].current);
  const CellInfo& cell = ramp.record.cell;
  const std::optional<double> stated = area && cell.ramp_increment ? std::optional(*cell.ramp_increment * *area) : std::nullopt;
  if (!stated && increments.size() < 2) return {};
  const double usual = stated ? *stated : numerics::median(increments);
  if (failing == 0) {
    if (!area || !cell.ramp_start || !(steps[0].current > *cell.ramp_start * *area + thresholds::steps_missing * usual)) return {};
    return fmt::format("steps are missing: the ramp is stated to begin at {}, the record begins at {} and is shorted there", say_current(*cell.ramp_start * *area, area),
                       say_current(steps[0].current, area));
  }
  const HalfCycle &before = hs[steps[failing - 1].last_half_cycle], &after = hs[steps[failing].first_half_cycle];
  const double jump = steps[failing].current - steps[failing - 1].current;
  if (!(usual > 0) || jump < (1.0 + thresholds::steps_missing) * usual || unseen(ramp.rows, before, after) < 0.5 * (before.end - before.start)) return {};
  return fmt::format("steps are missing: between {} and {}, where the short was, the record has no rows for {:.3g} min, and the ramp rises by {}", say_current(steps[failing - 1].current, area),
                     say_current(steps[failing].current, area), unseen(ramp.rows, before, after) / 60.0, say_current(usual, area));
}

std::string cut_short(const Ramp& ramp, const std::optional<double>& area, std::size_t failing) {
  if (ramp.record.cell.configuration == Configuration::full) return {}; // cut-offs end every half cycle there
  const auto cut = first_cut_short(ramp.rows, ramp.segments, *ramp.outcome.half_cycle);
  if (!cut) return {};
  const auto& steps = ramp.segments.current_steps;
  const std::string where = say_current(steps[ramp.segments.half_cycles[cut->half_cycle].step].current, area);
  return fmt::format("half cycles were cut short by a voltage limit of {:.3g} V from {} on (the first after {:.3g} of {:.3g} min), so that the steps up to {}, where it "
                     "shorted, were not passed", cut->voltage, where, cut->duration / 60.0, cut->usual_duration / 60.0, say_current(steps[failing].current, area));
}

} // namespace

std::optional<CutShort> first_cut_short(const Rows& rows, const Segments& segments, std::size_t end) {
  std::vector<double> durations, charges;
  std::vector<Course> cut;
  CutShort out;
  for (const Course& c : courses(segments, end)) {
    const bool last_of_record = c.last + 1 == segments.half_cycles.size(); // the test may have been stopped in it
    if (durations.size() < 2 || last_of_record || !is_cut(c, numerics::median(durations), numerics::median(charges))) {
      durations.push_back(c.duration);
      charges.push_back(c.charge);
      continue;
    }
    if (cut.empty()) out = {c.first, c.duration, numerics::median(durations), 0.0};
    cut.push_back(c);
  }
  if (cut.size() < 2) return std::nullopt; // an interruption
  const auto [shortest, longest] = std::minmax_element(cut.begin(), cut.end(), [](const Course& a, const Course& b) { return a.duration < b.duration; });
  if (longest->duration <= (1.0 + thresholds::same_limit) * shortest->duration) return std::nullopt; // a shorter half cycle was wanted
  const auto limit = common_limit(rows, segments, cut);
  if (!limit) return std::nullopt;
  out.voltage = *limit;
  return out;
}

std::string no_ramp(const Ramp& ramp, const std::optional<double>& area) {
  const std::size_t failing = ramp.segments.half_cycles[*ramp.outcome.half_cycle].step;
  for (const auto check : {falling, cut_short, passed_already, missing})
    if (std::string why = check(ramp, area, failing); !why.empty()) return why;
  return {};
}

} // namespace platen::assessing

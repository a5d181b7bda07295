#include "assess/onset.hpp"
#include "assess/thresholds.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen::assessing {
namespace {

/// A hard short stays: no later half cycle is healthy again.
bool stays(const std::vector<Judged>& judged, std::size_t from) {
  return std::all_of(judged.begin() + static_cast<std::ptrdiff_t>(from), judged.end(), [](const Judged& j) { return j.shorted; });
}

/// (A15)
Verdict of_cell(const std::vector<Judged>& judged, std::size_t first) {
  for (std::size_t k = first; k < judged.size(); ++k)
    if (judged[k].result.verdict == Verdict::hard_short) return stays(judged, k) ? Verdict::hard_short : Verdict::soft_short;
  const bool soft = std::any_of(judged.begin() + static_cast<std::ptrdiff_t>(first), judged.end(),
                                [](const Judged& j) { return j.result.verdict == Verdict::soft_short; });
  return soft ? Verdict::soft_short : Verdict::fake_stable;
}

const Evidence& what_decided(const Judged& j) {
  for (const Evidence* e : {&j.drop, &j.small_drop, &j.sinking, &j.dips, &j.course, &j.floor, &j.impedance_floor, &j.follow, &j.mean, &j.impedance, &j.jumps, &j.noise, &j.flat, &j.recovery, &j.asymmetry, &j.bursts})
    if (e->fired) return *e;
  return j.follow;
}

std::string reason_of_short(const std::vector<Judged>& judged, std::size_t first, const Outcome& outcome) {
  const Judged& j = judged[first];
  std::string reason = what_decided(j).reason;
  if (outcome.from_start) return "already shorted when cycling began: " + reason;
  const auto later = std::count_if(judged.begin() + static_cast<std::ptrdiff_t>(first) + 1, judged.end(),
                                   [](const Judged& x) { return x.shorted; });
  const std::size_t rest = judged.size() - first - 1;
  if (rest > 0) {
    const std::string which = static_cast<std::size_t>(later) == rest ? (rest == 1 ? "the half cycle" : fmt::format("all {} half cycles", rest))
                                                                      : fmt::format("{} of {} half cycles", later, rest);
    reason += fmt::format("; {} after it {} shorted as well", which, later == 1 && rest == 1 ? "is" : "are");
  }
  return reason;
}

std::string reason_of_health(const std::vector<Trace>& traces, const std::vector<Judged>& judged, const Context& cell) {
  double least = traces.front().mean_current(), most = least, resistance = traces.front().low;
  for (const Trace& t : traces) {
    least = std::min(least, t.mean_current());
    most = std::max(most, t.mean_current());
    resistance = std::min(resistance, t.low);
  }
  const std::string range = most > 1.01 * least ? fmt::format("from {} to {}", say_current(least, cell.area), say_current(most, cell.area))
                                                : fmt::format("at {}", say_current(most, cell.area));
  std::string reason = fmt::format("no sign of a short in {} half cycle{} {}: the resistance never fell below {}", traces.size(),
                                   traces.size() == 1 ? "" : "s", range,
                                   cell.area ? fmt::format("{:.3g} ohm cm2", resistance * *cell.area * 1e4)
                                             : fmt::format("{:.3g} ohm", resistance));
  if (cell.floor)
    reason += fmt::format(", the electrolyte alone has {:.3g} ohm cm2 at {:.0f} degC", *cell.floor / traces.back().thermal * 1e4,
                          traces.back().temperature - 273.15);
  else if (std::none_of(judged.begin(), judged.end(), [](const Judged& j) { return std::isfinite(j.impedance_floor.figure); }))
    reason += "; a short older than the record would not show: neither the electrolyte's geometry nor a spectrum is known";
  return reason;
}

/// Below the floor with nothing seen to fall, and no half cycle before that was clearly above it: at the small currents that a ramp
/// begins with, noise may hide a short that is older than the cycling.
bool older_than_the_cycling(const std::vector<Trace>& traces, const std::vector<Judged>& judged, const Context& cell, std::size_t first) {
  if (!cell.area || !judged[first].floor.fired || judged[first].fall.found) return false;
  for (std::size_t k = 0; k < first; ++k)
    if (clearly_above_floor(traces[k], judged[k].floor, *cell.area)) return false;
  return true;
}

/// Contact that pressure brings back was contact, not a short.
std::string came_back(const std::vector<Trace>& traces, const std::vector<Judged>& judged, std::size_t lost) {
  for (std::size_t k = lost + 1; k < traces.size(); ++k) {
    const bool pressed = traces[lost].pressure > 0 && traces[k].pressure > (1.0 + thresholds::pressure_change) * traces[lost].pressure;
    if (!pressed || judged[k].contact.fired || judged[k].shorted) continue;
    return fmt::format("; it came back when the stack pressure was raised from {:.3g} to {:.3g} MPa", traces[lost].pressure * 1e-6,
                       traces[k].pressure * 1e-6);
  }
  return {};
}

/// A level that falls between two half cycles in both directions and is as steady as before: screws that somebody turned do that as well, and no
/// pressure was recorded that would tell.
bool may_be_contact(const std::vector<Trace>& traces, const std::vector<Judged>& judged, std::size_t first) {
  for (std::size_t k = first; k < judged.size(); ++k) {
    const Judged& j = judged[k];
    for (const Evidence* e : {&j.drop, &j.small_drop, &j.sinking, &j.dips, &j.course, &j.floor, &j.impedance_floor, &j.asymmetry, &j.recovery, &j.impedance})
      if (e->fired) return false;
    if (j.shorted && began_on_course(traces, judged, k)) return false;
    if (j.shorted && (j.result.verdict != Verdict::fake_stable || traces[k].pressure > 0)) return false;
  }
  // both directions, and to no less than half
  const bool both = first + 1 < judged.size() && judged[first + 1].follow.figure < 1.0 - thresholds::unequal_interfaces;
  return judged[first].had_reference && both && judged[first].share > thresholds::open_share;
}

void conclude_short(const std::vector<Trace>& traces, std::vector<Judged>& judged, const Context& cell, std::size_t first,
                    Outcome& out) {
  out.half_cycle = first;
  out.from_start = older_than_the_cycling(traces, judged, cell, first);
  out.verdict = out.from_start ? Verdict::fake_stable : of_cell(judged, first);
  out.reason = reason_of_short(judged, first, out);
  if (out.from_start) {
    for (std::size_t k = 0; k < first; ++k) judged[k].result.verdict = Verdict::cannot_tell;
    out.window = TimeWindow{-std::numeric_limits<double>::infinity(), traces.front().half_cycle.start};
    return;
  }
  if (out.verdict == Verdict::fake_stable && may_be_contact(traces, judged, first)) {
    out.verdict = Verdict::cannot_tell;
    out.half_cycle.reset();
    out.reason = "an old short or contact that got better, no stack pressure tells: " + out.reason;
    return;
  }
  const Onset onset = find_onset(traces, judged, first);
  out.half_cycle = onset.half_cycle;
  out.onset = onset.time;
  out.window = onset.window;
  judged[onset.half_cycle].result.window = onset.window;
  if (onset.half_cycle == first) return;
  HalfCycleAssessment& began = judged[onset.half_cycle].result;
  began.verdict = Verdict::soft_short;
  began.score = std::max(began.score, thresholds::score_short);
}

} // namespace

Outcome conclude(const std::vector<Trace>& traces, std::vector<Judged>& judged, const Context& cell) {
  Outcome out;
  for (std::size_t k = 0; k < judged.size(); ++k)
    if (judged[k].shorted || judged[k].result.verdict == Verdict::contact_loss) judged[k].result.window = window_in(traces, judged[k], k);
  const auto lost = std::find_if(judged.begin(), judged.end(), [](const Judged& j) { return j.result.verdict == Verdict::contact_loss; });
  if (lost != judged.end()) out.contact_lost = static_cast<std::size_t>(lost - judged.begin());
  const auto first = std::find_if(judged.begin(), judged.end(), [](const Judged& j) { return j.shorted; });
  if (first != judged.end()) {
    conclude_short(traces, judged, cell, static_cast<std::size_t>(first - judged.begin()), out);
  } else if (out.contact_lost) {
    out.verdict = Verdict::contact_loss;
    out.reason = "no short, but contact was lost: " + lost->contact.reason + came_back(traces, judged, *out.contact_lost);
    out.window = lost->result.window;
  } else if (judged.size() == 1 && !(cell.floor && cell.area)) {
    out.reason = "a single half cycle without a sudden fall, and no ionic floor to compare its resistance with (area, thickness and "
                 "conductivity of the electrolyte are needed)";
  } else {
    out.verdict = Verdict::healthy;
    out.reason = reason_of_health(traces, judged, cell);
  }
  return out;
}

std::vector<Evidence> strongest(const std::vector<Judged>& judged, const Outcome& outcome) {
  std::vector<Evidence> out;
  const auto pick = [&](Evidence Judged::*test, bool largest) {
    if (outcome.half_cycle && (judged[*outcome.half_cycle].*test).fired) return judged[*outcome.half_cycle].*test;
    const Evidence* best = nullptr;
    for (const Judged& j : judged) {
      const Evidence& e = j.*test;
      if (best == nullptr || (e.fired && !best->fired)) best = &e;
      else if (e.fired == best->fired && !e.fired && std::isfinite(e.figure) &&
               (!std::isfinite(best->figure) || (largest ? e.figure > best->figure : e.figure < best->figure)))
        best = &e;
    }
    return *best;
  };
  if (judged.empty()) return out;
  for (const auto test : {&Judged::floor, &Judged::impedance_floor, &Judged::follow, &Judged::mean, &Judged::asymmetry, &Judged::impedance})
    out.push_back(pick(test, false));
  for (const auto test : {&Judged::small_drop, &Judged::sinking, &Judged::dips, &Judged::course, &Judged::noise, &Judged::bursts, &Judged::jumps, &Judged::flat, &Judged::recovery, &Judged::arc, &Judged::contact})
    out.push_back(pick(test, true));
  out.insert(out.begin(), pick(&Judged::drop, true));
  return out;
}

} // namespace platen::assessing

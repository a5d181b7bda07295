#include "base/units.hpp"
#include "report/advise.hpp"
#include "report/format.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace platen::report {
namespace {

using advise::Advice;
using advise::Candidate;

std::string between(const Candidate& c) {
  return fmt::format("{:.2f} ({:.2f} to {:.2f} for what is not known)", c.odds.probability, c.odds.unknown.low, c.odds.unknown.high);
}

/// What nobody has measured of a change, to be put behind a sentence about it.
std::string beyond(const Candidate& c) { return c.untested.empty() ? "" : fmt::format(" Nobody has measured that: {}.", fmt::join(c.untested, "; ")); }

std::string_view remedy(std::string_view limit) {
  if (limit == "threshold") return "better contact, a lower interface resistance, smaller flaws";
  if (limit == "supply") return "more stack pressure or temperature, shorter half cycles";
  if (limit == "intrusion") return "a shorter hold, steadier pressure, a denser pellet";
  if (limit == "reservoir") return "more lithium or capacity";
  if (limit == "swing of the pressure") return "springs, less friction, a softer fixture";
  return "";
}

} // namespace

std::string goal_in_words(const Advice& a) {
  const advise::Goal& g = a.question.goal;
  std::vector<std::string> parts;
  if (!a.about_swing) parts.push_back(fmt::format("carries {} without a contact", show(a.target, "mA/cm2", 3)));
  if (g.areal_capacity) parts.push_back(fmt::format("{} in a half cycle", show(*g.areal_capacity, "mAh/cm2", 3)));
  if (g.swing) parts.push_back(fmt::format("the pressure swings by no more than {}", show(*g.swing, "MPa", 3)));
  return fmt::format("{}; wanted in {:.0f} % of cells", fmt::join(parts, ", "), 100.0 * g.probability);
}

std::string what_to_do(const Advice& a) {
  std::string out;
  const Candidate& now = a.as_it_is;
  if (now.odds.probability >= a.question.goal.probability) out += fmt::format("The study as it is reaches the goal with probability {}.\n", between(now));
  else out += fmt::format("The study as it is reaches the goal with probability {}: less than wanted.\n", between(now));
  if (!now.limits.empty()) {
    const std::string& law = now.limits.front().first;
    out += fmt::format("What stands in the way, in {:.0f} % of the cells that miss it: {}{}.\n", 100.0 * now.limits.front().second, law,
                       remedy(law).empty() ? "" : fmt::format(" (what helps against it: {})", remedy(law)));
  }
  const auto change = [&](std::size_t k) -> const Candidate& { return a.changes[k]; };
  if (a.cheapest_help) {
    const Candidate& c = change(*a.cheapest_help);
    out += fmt::format("Cheapest change that helps: {}. Probability {}, {:+.2f} +- {:.2f}, at a cost of {:.2f}.{}\n", c.change, between(c), c.gain.mean, c.gain.error, c.cost, beyond(c));
  } else if (now.odds.probability < a.question.goal.probability) {
    out += "None of the changes tried helps by more than the simulation's error.\n";
  }
  if (now.odds.probability < a.question.goal.probability) {
    if (a.cheapest_reach) {
      const Candidate& c = change(*a.cheapest_reach);
      out += fmt::format("Cheapest way to the wanted probability: {}. Probability {}, at a cost of {:.2f}.{}\n", c.change, between(c), c.cost, beyond(c));
      if (a.cheapest_measured && a.cheapest_measured != a.cheapest_reach) {
        const Candidate& m = change(*a.cheapest_measured);
        out += fmt::format("The cheapest within what has been measured: {}. Probability {}, at a cost of {:.2f}.\n", m.change, between(m), m.cost);
      }
    } else if (a.best) {
      const Candidate& c = change(*a.best);
      out += fmt::format("Nothing that was tried reaches the wanted probability; nearest: {}, {}.{}\n", c.change, between(c), beyond(c));
    }
  }
  if (now.failed > 0) out += fmt::format("{} of {} runs of the study as it is could not be simulated.\n", now.failed, now.runs);
  if (!out.empty()) out.pop_back();
  return out;
}

std::string springs_in_words(const Advice& a) {
  const auto good = std::count_if(a.springs.begin(), a.springs.end(), [](const advise::SpringChoice& c) { return c.refused.empty(); });
  std::string out;
  if (good == 0) {
    out = "None of these springs will do.";
  } else {
    const advise::SpringChoice& c = a.springs.front();
    out = fmt::format("{} x {}: {} ({}) on each, compressed by {}; the pressure swings by {}{}, {} of it by the springs, the rest by friction.", c.count, c.spring.name,
                      show(c.set.force, "lbf", 4), show(c.set.force, "N", 4), show(c.set.compression, "mm", 4), show(c.loop.swing(), "MPa", 3),
                      c.swing_range ? fmt::format(" (90 %: {} to {})", show(c.swing_range->low, "MPa", 3), show(c.swing_range->high, "MPa", 3)) : "",
                      show(c.swing_without_friction, "MPa", 2));
    if (c.drift != 0.0)
      out += fmt::format("\nSet cold, the preload drifts by {}{} on the way to the cycling temperature ({} by the frame, {} by the springs): set it again when warm.",
                         show(c.drift, "MPa", 2), c.drift_range ? fmt::format(" (90 %: {} to {})", show(c.drift_range->low, "MPa", 2), show(c.drift_range->high, "MPa", 2)) : "",
                         show(c.drift_mismatch, "MPa", 2), show(c.drift_rate, "MPa", 2));
  }
  const bool bears = std::any_of(a.springs.begin(), a.springs.end(), [](const advise::SpringChoice& c) { return c.refused.empty() && c.bears_hold; });
  if (a.demand.hold_pressure > 0.0 && !a.demand.hold_on_springs && good > 0 && !a.springs.front().bears_hold) {
    const advise::SpringChoice& c = a.springs.front();
    out += fmt::format("\nNot with the springs fitted: the contact hold at {} would be {} on each, against a limit of {}. Hold in a fixed gap, then fit them.{}",
                       show(a.demand.hold_pressure, "MPa", 3), show(c.hold_force, "lbf", 4), show(c.spring.load_limit, "lbf", 4), bears ? " Others of the list would bear it." : "");
  }
  return out;
}

} // namespace platen::report

#include "base/units.hpp"
#include "report/advise.hpp"
#include "report/format.hpp"
#include "report/text_columns.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace platen::report {
namespace {

using advise::Advice;
using advise::Candidate;
using advise::SpringChoice;
using Rows = std::vector<std::vector<std::string>>;

/// Choices and changes that a terminal shows; JSON and page have all.
constexpr std::size_t good_springs_shown = 8, refused_springs_shown = 4, singles_shown = 14, pairs_shown = 8;

std::string in(double si, std::string_view unit, int digits = 3) { return number(in_unit(si, unit), digits); }
std::string percent(double share) { return fmt::format("{:.0f} %", 100.0 * share); }
std::string chance(double p) { return fmt::format("{:.2f}", p); }
std::string_view unit_of(const Advice& a) { return a.about_swing ? "MPa" : "mA/cm2"; }

std::string range(const advise::Span90& r, std::string_view unit) { return fmt::format("{} to {}", in(r.low, unit), in(r.high, unit)); }

// --- springs

std::string spring_demand(const Advice& a) {
  const advise::SpringDemand& d = a.demand;
  Rows rows{{"stack pressure", fmt::format("{} on {}: {} ({}) in all", show(d.pressure, "MPa"), show(d.area, "cm2"), show(d.pressure * d.area, "N"), show(d.pressure * d.area, "lbf"))},
            {"the cell grows", fmt::format("{} to full charge, {} when discharged again", show(d.breathing.thickest, "um", 3), show(d.breathing.thinnest, "um", 3))},
            {"in a fixed gap", fmt::format("{} to {}", show(a.gap.lowest, "MPa"), show(a.gap.most(), "MPa"))},
            {"temperature", fmt::format("nuts turned at {}, cycled at {}{}", show(d.loading_temperature, "degC", 3), show(d.cycling_temperature, "degC", 3),
                                        d.set_again_when_warm ? "; the pressure is set again when warm" : "")}};
  if (d.hold_pressure > 0.0) rows.push_back({"contact hold", fmt::format("{}, {}", show(d.hold_pressure, "MPa"), d.hold_on_springs ? "with the springs fitted" : "before the springs are fitted")});
  rows.push_back({"reserves", fmt::format("{} of the load limit, {} of the travel stay free at the highest pressure", percent(d.load_reserve), percent(d.travel_reserve))});
  return columns(rows, "ll");
}

std::vector<std::string> spring_row(const SpringChoice& c) {
  return {fmt::format("{} x {}", c.count, plain(c.spring.name)), in(c.set.force, "lbf", 4), in(c.set.compression, "mm", 4), percent(c.load_used), percent(c.travel_used),
          in(c.loop.swing(), "MPa"), c.swing_range ? range(*c.swing_range, "MPa") : "-", in(c.swing_without_friction, "MPa", 2), in(c.loop.most(), "MPa"),
          in(c.drift, "MPa", 2), c.spring.tolerance ? in(c.preload_error, "MPa", 2) : "-", c.price ? fmt::format("{:.2f}", *c.price) : "-"};
}

std::string springs(const Advice& a) {
  if (a.springs.empty()) return "";
  std::string out = fmt::format("\nSprings ({})\n{}\n{}\n", plain(a.catalogue), spring_demand(a), springs_in_words(a));
  Rows good{{"springs", "each lbf", "mm", "of limit", "of travel", "swing MPa", "90 %", "without friction", "highest MPa", "drift MPa", "tolerance MPa", "price"}};
  std::string refused;
  std::size_t left_good = 0, left_refused = 0, shown = 0;
  for (const SpringChoice& c : a.springs) {
    if (c.refused.empty()) {
      if (good.size() <= good_springs_shown) good.push_back(spring_row(c));
      else ++left_good;
    } else if (shown < refused_springs_shown) {
      ++shown;
      refused += fmt::format("  {} x {}: {}\n", c.count, plain(c.spring.name), fmt::join(c.refused, "; "));
    } else {
      ++left_refused;
    }
  }
  if (good.size() > 1) out += columns(good, "lrrrrrrrrrrr");
  if (left_good > 0) out += fmt::format("and {} more that will do\n", left_good);
  if (!refused.empty()) out += fmt::format("refused\n{}", refused);
  if (left_refused > 0) out += fmt::format("  and {} more\n", left_refused);
  return out;
}

// --- the goal

std::string limits(const Candidate& c) {
  std::vector<std::string> out;
  for (const auto& [law, share] : c.limits)
    if (out.size() < 2) out.push_back(fmt::format("{} {}", law, percent(share)));
  return fmt::format("{}", fmt::join(out, ", "));
}

std::string split_in_words(const advise::VarianceSplit& v) {
  if (!(v.total() > 0.0)) return "no variance";
  return fmt::format("cells {}, parameters {}, mechanisms {}", percent(v.cells / v.total()), percent(v.parameters / v.total()), percent(v.mechanisms / v.total()));
}

std::string head(const Advice& a) {
  const Candidate& c = a.as_it_is;
  std::vector<std::string> mechanisms;
  for (const auto& [name, weight] : a.mechanisms) mechanisms.push_back(fmt::format("{} {}", name, percent(weight)));
  Rows rows{{"goal", goal_in_words(a)},
            {"unknown", fmt::format("{}{}", a.ensemble, a.conditioned ? "" : " (not held against data: wider than measurements would leave it)")},
            {"mechanisms", fmt::format("{}", fmt::join(mechanisms, "; "))},
            {"runs", fmt::format("{} parameter sets, {} cells of each, the same cells in every setting", a.sets, a.cells)},
            {"as it is", fmt::format("probability {}, {} to {} for what is not known (90 %); simulation error +- {} (90 %: {} to {})", chance(c.odds.probability),
                                     chance(c.odds.unknown.low), chance(c.odds.unknown.high), chance(c.odds.error), chance(c.odds.simulated.low), chance(c.odds.simulated.high))},
            {a.about_swing ? "swing" : "CCD", fmt::format("median {} {}, 90 % of cells {} to {}{}", in(c.median, unit_of(a)), unit_of(a), in(c.quantity.low, unit_of(a)),
                                                          in(c.quantity.high, unit_of(a)), c.bounded ? " or more (the ramp ends there)" : "")},
            {"its variance", split_in_words(c.odds.quantity)}};
  if (!c.limits.empty()) rows.push_back({"held back by", limits(c)});
  return columns(rows, "ll");
}

std::string table(const Advice& a, std::size_t knobs, std::size_t most) {
  Rows rows{{"change", "probability", "unknown, 90 %", "+-", "gain", "+-", "cost", "cost per gain", a.about_swing ? "swing MPa" : "CCD mA/cm2", "held back by", "untested"}};
  std::size_t left = 0, same = 0;
  for (const Candidate& c : a.changes) {
    if (c.knobs.size() != knobs) continue;
    if (!c.differs()) {
      ++same;
      continue;
    }
    if (rows.size() > most) {
      ++left;
      continue;
    }
    rows.push_back({plain(c.change), chance(c.odds.probability), fmt::format("{} - {}", chance(c.odds.unknown.low), chance(c.odds.unknown.high)), chance(c.odds.error),
                    fmt::format("{:+.2f}", c.gain.mean), chance(c.gain.error), fmt::format("{:.2f}", c.cost), c.helps() ? fmt::format("{:.2f}", c.cost_per_gain()) : "-",
                    in(c.median, unit_of(a)), limits(c), c.untested.empty() ? "" : "yes"});
  }
  if (rows.size() == 1 && same == 0) return "";
  std::string out = fmt::format("\n{}\n", knobs == 1 ? "Single changes" : "Pairs of changes");
  if (rows.size() > 1) out += columns(rows, "lrrrrrrrrll");
  if (left > 0) out += fmt::format("and {} more\n", left);
  if (same > 0) out += fmt::format("{} that make no difference which the simulation could tell\n", rows.size() > 1 ? fmt::format("and {}", same) : std::to_string(same));
  return out;
}

std::string extrapolations(const Advice& a) {
  std::vector<std::string> all = a.untested;
  for (const Candidate& c : a.changes)
    for (const std::string& words : c.untested)
      if (c.helps() && std::find(all.begin(), all.end(), words) == all.end()) all.push_back(words);
  std::string out = "\nBeyond the measurements that the laws were held against\n";
  if (all.empty()) return out + "  nothing\n";
  for (const std::string& words : all) out += fmt::format("  {}\n", words);
  return out;
}

} // namespace

std::string text_advice(const Advice& a) {
  std::string out = plain(a.study) + "\n";
  if (!a.description.empty()) out += plain(a.description) + "\n";
  if (a.question.goal.stated()) {
    out += head(a) + "\n" + what_to_do(a) + "\n";
    out += table(a, 1, singles_shown) + table(a, 2, pairs_shown);
    if (!a.changes.empty()) out += "cost in the goal file's own unit; without one, hours of work (assumed)\n";
    out += extrapolations(a);
  }
  return out + springs(a);
}

} // namespace platen::report

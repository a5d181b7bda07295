#include "report/pressure.hpp"

#include "report/format.hpp"
#include "report/text_columns.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace platen::report {
namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string mpa(double si, int digits = 3) { return number(si * 1e-6, digits); }
std::string plus_minus(const Measured& m, double unit) { return with_error(m.value * unit, m.error * unit); }
std::string span(const std::optional<Forecast>& f) {
  if (!f) return "-";
  const auto say = [](double t) { return std::isfinite(t) ? duration(t) : "never"; };
  return fmt::format("{} ({} to {})", say(f->value), say(f->low), std::isfinite(f->high) ? duration(f->high) : "no bound");
}

constexpr double per_mAh_cm2 = 36000.0 * 1e-6, per_mAh = 3.6 * 1e-6; // Pa m2/C -> MPa per mAh/cm2; Pa/C -> MPa/mAh

void add_jumps(std::string& out, const std::vector<PressureJump>& jumps) {
  constexpr std::size_t shown = 20;
  if (jumps.empty()) return;
  Rows rows{{"jump", "at", "MPa", "why it is not the cell"}};
  for (const RowRange& range : rows_shown(jumps.size(), shown, 5))
    for (std::size_t k = range.first; k <= range.last; ++k)
      rows.push_back({std::string(label(jumps[k].kind)), duration(jumps[k].start), plus_minus({jumps[k].size, jumps[k].error}, 1e-6), jumps[k].reason});
  out += "\n" + columns(rows, "lrrl");
}

void add_cycles(std::string& out, const std::vector<PressureCycle>& cycles) {
  if (cycles.empty()) return;
  Rows rows{{"cycle", "from", "minimum MPa", "maximum MPa", "swing MPa", "of noise MPa", "drift MPa", "jumps"}};
  for (const RowRange& range : rows_shown(cycles.size(), 12, 6)) {
    if (range.first > 0) rows.push_back({"...", "", "", "", "", "", "", ""});
    for (std::size_t k = range.first; k <= range.last; ++k) {
      const PressureCycle& c = cycles[k];
      rows.push_back({std::to_string(c.cycle), duration(c.start), mpa(c.minimum, 4), mpa(c.maximum, 4), mpa(c.swing), mpa(c.swing_of_noise, 2),
                      plus_minus({c.drift, c.drift_error}, 1e-6), c.jumps > 0 ? std::to_string(c.jumps) + ", taken out" : "-"});
    }
  }
  out += "\n" + columns(rows, "rrrrrrrl");
}

void add_loops(std::string& out, const std::vector<PressureLoop>& loops, bool per_area) {
  if (loops.empty()) return;
  Rows rows{{"loop of cycle", per_area ? "area MPa mAh/cm2" : "area MPa mAh", "gap at mid charge MPa"}};
  for (const RowRange& range : rows_shown(loops.size(), 6, 3)) {
    if (range.first > 0) rows.push_back({"...", "", ""});
    for (std::size_t k = range.first; k <= range.last; ++k)
      rows.push_back({std::to_string(loops[k].cycle), plus_minus(loops[k].area, 1e-6 / (per_area ? 36000.0 : 3.6)), plus_minus(loops[k].gap, 1e-6)});
  }
  out += "\n" + columns(rows, "rrr");
}

/// Weights of laws that the data exclude are no numbers that anybody reads.
std::string weight_of(const RelaxationLaw& law) { return law.weight < 0.001 ? "< 0.001" : number(law.weight, 2); }

std::string parameters_of(const RelaxationLaw& law) {
  std::string out;
  for (const NamedNumber& p : law.parameters) {
    const std::string shown = p.unit == "s"      ? fmt::format("{} (x/ {})", duration(p.number.value), number(1.0 + p.number.error / p.number.value, 3))
                              : p.unit == "Pa"   ? plus_minus(p.number, 1e-6) + " MPa"
                              : p.unit == "Pa/K" ? plus_minus(p.number, 1e-6) + " MPa/K"
                                                 : plus_minus(p.number, 1.0);
    out += fmt::format("{}{} = {}", out.empty() ? "" : ", ", p.name, shown);
  }
  return out;
}

void add_hold(std::string& out, const PressureHold& h, std::size_t number_of) {
  out += fmt::format("\nhold {}: {} from {}, {} to {} MPa, {} readings\n", number_of, duration(h.end - h.start), duration(h.start),
                     mpa(h.first, 4), mpa(h.last, 4), h.readings);
  if (!h.refused.empty()) {
    out += fmt::format("no law fitted: {}\n", h.refused);
    return;
  }
  out += h.saturation + "\n";
  if (h.next)
    out += fmt::format("change in as long again: {} MPa (95 %: {} to {})\n", mpa(h.next->value), mpa(h.next->low), mpa(h.next->high));
  Rows rows{{"law", "behind", "weight", "90 % after", "rest below the reading after", "parameters"}};
  for (const RelaxationLaw& law : h.laws)
    rows.push_back({std::string(label(law.kind)), number(law.behind), weight_of(law),
                    law.kind == RelaxationKind::logarithmic ? "never" : span(law.ninety),
                    law.kind == RelaxationKind::logarithmic ? "never" : span(law.below_noise), parameters_of(law)});
  out += columns(rows, "lrrlll");
}

void add_comparison(std::string& out, const FixtureComparison& c) {
  out += fmt::format("\nempty fixture ({}): {}\n", plain(c.file), c.reason);
  for (const std::string& note : c.notes) out += fmt::format("but {}\n", note);
  if (c.share) out += fmt::format("the empty fixture explains {} % of the change\n", plus_minus(*c.share, 100.0));
  Rows rows{{"after", "loaded MPa", "empty MPa", "remains MPa"}};
  for (const PressureRemainder& r : c.at) rows.push_back({duration(r.time), mpa(r.loaded), mpa(r.empty), plus_minus(r.remains, 1e-6)});
  out += columns(rows, "rrrr");
}

/// Jumps, slope, stiffness, drift and fixture: what the text of an assessment shows too.
Rows overview(const PressureAssessment& p) {
  Rows rows;
  const auto by_hand = std::count_if(p.jumps.begin(), p.jumps.end(), [](const PressureJump& j) { return j.kind == JumpKind::by_hand; });
  if (!p.jumps.empty()) rows.push_back({"jumps", fmt::format("{}, {} of them by hand", p.jumps.size(), by_hand)});
  if (p.thermal)
    rows.push_back({"temperature", !p.thermal->refused.empty() ? p.thermal->refused : fmt::format("{} MPa/K over {} K{}", plus_minus(p.thermal->coefficient, 1e-6), number(p.thermal->range),
                                               p.thermal->removed ? ", taken out of cycles and slopes" : ", not certain, left in")});
  if (const auto& r = p.regression) {
    rows.push_back({"per charge", r->per_area ? plus_minus(r->slope, per_mAh_cm2) + " MPa per mAh/cm2" : plus_minus(r->slope, per_mAh) + " MPa/mAh, area not known"});
    if (r->stiffness) rows.push_back({"stiffness", plus_minus(*r->stiffness, 1e-12) + " MPa per um of plated lithium"});
    rows.push_back({"drift", plus_minus(r->drift, 3600e-6) + " MPa/h"});
  }
  if (!p.fixture.reason.empty() && !p.cycles.empty())
    rows.push_back({"fixture", fmt::format("{}: {}", label(p.fixture.behaviour), p.fixture.reason)});
  return rows;
}

} // namespace

std::vector<std::vector<std::string>> pressure_rows(const PressureAssessment& p) {
  Rows rows;
  if (p.regression && p.regression->stiffness && p.fixture.figure)
    rows.push_back({"fixture", fmt::format("{}; {} MPa per mAh/cm2", label(p.fixture.behaviour), plus_minus(p.regression->slope, per_mAh_cm2))});
  for (const PressureHold& h : p.holds) {
    if (!h.relaxes) continue;
    const std::string end = h.ninety ? ", 90 % of it over after " + span(h.ninety) : ", no end in sight";
    rows.push_back({"hold", fmt::format("{} at {} MPa, changed by {} MPa{}", duration(h.end - h.start), mpa(h.first), mpa(h.last - h.first), end)});
    break;
  }
  return rows;
}

std::string text_pressure(const PressurePage& page) {
  const PressureAssessment& p = page.pressure;
  Rows rows{{"reading", fmt::format("noise {} MPa, resolution {} MPa", mpa(p.noise, 2), mpa(p.resolution, 2))}};
  for (std::vector<std::string>& row : overview(p)) rows.push_back(std::move(row));
  const bool per_area = p.regression && p.regression->per_area;
  std::string out = plain(page.title) + "\n" + columns(rows, "ll");
  add_jumps(out, p.jumps);
  add_cycles(out, p.cycles);
  add_loops(out, p.loops, per_area);
  for (std::size_t k = 0; k < p.holds.size(); ++k) add_hold(out, p.holds[k], k + 1);
  if (p.holds.empty()) out += "\nno hold: no minute and 20 readings without current and without a jump\n";
  if (p.empty_fixture) add_comparison(out, *p.empty_fixture);
  return out;
}

} // namespace platen::report

#include "report/report.hpp"

#include "report/checklist.hpp"
#include "report/format.hpp"
#include "report/mechanisms.hpp"
#include "report/pressure.hpp"
#include "report/text_columns.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>

namespace platen::report {
namespace {

std::string megapascal(double si) { return number(in_unit(si, "MPa"), 4); }

std::string pressure_range(const PressureAssessment& p) {
  if (p.cycles.empty()) return "-";
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const PressureCycle& c : p.cycles) {
    low = std::min(low, c.minimum);
    high = std::max(high, c.maximum);
  }
  return megapascal(low) + " to " + megapascal(high);
}

std::string evidence_rows(const std::vector<Evidence>& evidence) {
  std::vector<std::vector<std::string>> rows{{"evidence", "figure", "+-", "threshold", "beyond", "fired", "at"}};
  for (const Evidence& e : evidence) {
    const bool made = std::isfinite(e.figure);
    rows.push_back({plain(e.name), quantity(e.figure, e.unit), made ? quantity(e.error, e.unit, 2) : "-", quantity(e.threshold, e.unit),
                    made ? probability(e.strength) : "-", e.fired ? "yes" : made ? "no" : "not tested", e.fired ? duration(e.time) : "-"});
  }
  return columns(rows, "lrrrrlr");
}

std::string names(const std::vector<std::string_view>& thresholds) { return fmt::format("{}", fmt::join(thresholds, ", ")); }

std::string window_phrase(const TimeWindow& window) {
  if (!std::isfinite(window.earliest)) return fmt::format("before {}", duration(window.latest));
  const double width = window.latest - window.earliest;
  return fmt::format("{:.7g} to {:.7g} s of the test ({} wide)", window.earliest, window.latest, duration(width));
}

std::string overruled_phrase(const Overruled& o) {
  return fmt::format("{}: {}, {}; the program: {}, {}", o.half_cycle ? fmt::format("half cycle {}", *o.half_cycle + 1) : "cell", label(o.given),
                     o.reason, label(o.program), o.program_reason);
}

/// Half cycles that are not healthy, as runs: "24-28 soft short, 30-37 fake stable".
std::string runs_of_verdicts(const std::vector<HalfCycleAssessment>& half_cycles) {
  std::string out;
  for (std::size_t k = 0; k < half_cycles.size();) {
    std::size_t end = k + 1;
    while (end < half_cycles.size() && half_cycles[end].verdict == half_cycles[k].verdict) ++end;
    if (half_cycles[k].verdict != Verdict::healthy) {
      if (!out.empty()) out += ", ";
      out += end - k == 1 ? fmt::format("{} {}", k + 1, label(half_cycles[k].verdict))
                          : fmt::format("{}-{} {}", k + 1, end, label(half_cycles[k].verdict));
    }
    k = end;
  }
  return out;
}

std::string number_or_dash(const std::optional<double>& value) { return value ? number(*value) : "-"; }

std::string band(const Target& t) {
  if (t.low && t.high) return fmt::format("{} - {}", number(*t.low), number(*t.high));
  if (t.low) return ">= " + number(*t.low);
  if (t.high) return "<= " + number(*t.high);
  return "-";
}

} // namespace

std::string text(const Assessment& a, const Record& record) {
  std::vector<std::vector<std::string>> rows;
  rows.push_back({"verdict", std::string(label(a.verdict)) + (a.reason.empty() ? "" : ": " + plain(a.reason))});
  rows.push_back({"CCD", plain(ccd_phrase(a))});
  rows.push_back({"onset", a.onset ? duration(*a.onset) + (a.onset_half_cycle ? fmt::format(" (half cycle {})", *a.onset_half_cycle + 1) : "")
                                   : onset_missing(a)});
  if (a.window) rows.push_back({"began", window_phrase(*a.window)});
  for (const Overruled& o : a.overruled) rows.push_back({"overruled", plain(overruled_phrase(o))});
  if (!a.decided_by.empty()) rows.push_back({"thresholds", names(a.decided_by)});
  rows.push_back({"capacity", a.capacity_to_failure ? quantity(*a.capacity_to_failure, "C/m2") + (a.onset ? " passed until the short" : " passed")
                                                    : record.cell.area ? "-" : "- (area not known)"});
  if (!a.pressure.cycles.empty()) rows.push_back({"pressure", pressure_range(a.pressure) + " MPa while current flows"});
  for (std::vector<std::string>& row : pressure_rows(a.pressure)) rows.push_back(std::move(row));
  if (a.ionic_floor) rows.push_back({"ionic floor", quantity(*a.ionic_floor, "ohm m2")});
  if (a.voltage_offset_error) rows.push_back({"offset", with_error(1e3 * a.voltage_offset, 1e3 * *a.voltage_offset_error) + " mV"});
  if (const std::string runs = runs_of_verdicts(a.half_cycles); !runs.empty()) rows.push_back({"half cycles", runs});
  rows.push_back({"record", fmt::format("{}, {} rows{}", record.provenance.origin.empty() ? "origin not stated" : plain(record.provenance.origin),
                                        record.rows(), record.provenance.format.empty() ? "" : ", " + plain(record.provenance.format))});
  std::string out = (record.cell.name.empty() ? "" : plain(record.cell.name) + "\n") + columns(rows, "ll");
  if (!a.evidence.empty()) out += "\n" + evidence_rows(a.evidence);
  if (!a.merit.figures.empty()) out += "\n" + text(a.merit);
  if (!a.checklist.items.empty()) out += "\nchecklist: " + plain(summary(a.checklist)) + "\n";
  return out;
}

std::string text(const std::vector<Page>& pages) {
  std::vector<std::vector<std::string>> rows{{"cell", "record", "hold", "verdict", "CCD mA/cm2", "onset", "mAh/cm2", "pressure MPa"}};
  for (const Page& page : pages) {
    const Assessment& a = page.assessment;
    const auto hold = page.record.cell.contact_hold_time;
    rows.push_back({plain(page.title), plain(page.record.provenance.origin), hold ? duration(*hold) : "-", std::string(label(a.verdict)),
                    ccd_interval(a.ccd), a.onset ? duration(*a.onset) : "-",
                    a.capacity_to_failure ? number(in_unit(*a.capacity_to_failure, "mAh/cm2")) : "-", pressure_range(a.pressure)});
  }
  return columns(rows, "llrlrrrr");
}

std::string text(const Study& study) {
  std::vector<std::vector<std::string>> rows{{"key", "value", "SI", "from", "basis"}};
  for (const config::Resolved& r : study.resolved)
    rows.push_back({plain(r.key), plain(r.text), std::isfinite(r.si) ? number(r.si, 4) + (r.unit.empty() ? "" : " " + r.unit) : "-",
                    plain(r.origin), plain(r.basis)});
  std::string out = study.name.empty() ? "" : plain(study.name) + "\n";
  if (!study.test.empty()) out += "test\n";
  for (const Step& s : study.test) out += "  " + plain(s.sentence) + "\n";
  return out + columns(rows, "lrrll");
}

namespace {

/// Rows grouped by class, the one that can be evidence first.
std::vector<const TargetResult*> by_class(const std::vector<TargetResult>& targets) {
  constexpr std::array<std::string_view, 4> classes{"model", "fitted", "input", "arithmetic"};
  std::vector<const TargetResult*> out;
  for (const std::string_view name : classes)
    for (const TargetResult& r : targets)
      if (r.target.target_class == name) out.push_back(&r);
  for (const TargetResult& r : targets)
    if (std::find(classes.begin(), classes.end(), r.target.target_class) == classes.end()) out.push_back(&r);
  return out;
}

std::string shown(const std::optional<double>& value, const std::string& word) { return word.empty() ? number_or_dash(value) : plain(word); }

constexpr std::string_view evidence = "Only rows of the class model can be evidence for the physics, and only where no parameter was fitted to them.\n";

} // namespace

std::string text(const std::vector<TargetResult>& targets) {
  std::vector<std::vector<std::string>> rows{{"target", "class", "quantity", "Platen", "paper", "accepted", "unit", "verdict"}};
  for (const TargetResult* r : by_class(targets)) {
    const Target& t = r->target;
    rows.push_back({t.id, t.target_class, plain(t.quantity), shown(r->platen, r->platen_text), shown(t.value, t.value_text), band(t), t.unit,
                    std::string(label(r->verdict))});
  }
  return columns(rows, "lllrrrll") + std::string(evidence);
}

std::string text_reproduce(const std::vector<TargetResult>& targets) {
  std::vector<std::vector<std::string>> rows;
  std::string out, group = "none";
  const auto flush = [&] {
    if (!rows.empty()) out += fmt::format("{}{}\n{}", out.empty() ? "" : "\n", group.empty() ? "without a class" : "class " + group, columns(rows, "llrrrlll"));
    rows = {{"target", "quantity", "paper", "Platen", "accepted", "unit", "verdict", "cell"}};
  };
  for (const TargetResult* r : by_class(targets)) {
    const Target& t = r->target;
    if (t.target_class != group) flush();
    group = t.target_class;
    // one digit more than the band has, or a miss looks like a hit
    const std::string found = r->platen ? number(*r->platen, 4) : shown(r->platen, r->platen_text);
    rows.push_back({t.id, plain(t.quantity), shown(t.value, t.value_text), found, band(t), t.unit,
                    fmt::format("{}{}", label(r->verdict), r->fitted.empty() ? "" : " *"), plain(t.study)});
  }
  flush();
  std::string tried;
  for (const TargetResult* r : by_class(targets))
    if (!r->tried.empty()) tried += fmt::format("{} missed, tried: {}\n", r->target.id, plain(r->tried));
  if (!tried.empty()) out += "\n" + tried;
  return out + fmt::format("\n{}{}* Numbers of the set were fitted to this row, or derived from it.\n{}", headline(calibrate::stored_left_out()), in_sample(targets), evidence);
}

} // namespace platen::report

#include "report/html_parts.hpp"

#include "report/checklist.hpp"
#include "report/figures.hpp"
#include "report/format.hpp"
#include "report/pressure.hpp"
#include "simulate/limits.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace platen::report {
namespace {

std::string duration_html(double seconds) { return escape(typeset(duration(seconds))); }

std::string fact(std::string_view name, const std::string& html) {
  return fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", escape(name), html);
}

std::string ccd_line(const Assessment& a) {
  if (!a.ccd) return "CCD not stated";
  std::string phrase = ccd_phrase(a);
  if (const std::size_t unit = phrase.find("mA/cm2"); unit != std::string::npos) phrase.replace(unit, 6, "mA/cm²");
  return "CCD: " + escape(phrase);
}

/// As a sentence: a capital in front, a full stop behind.
std::string sentence(std::string text) {
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') text.front() = static_cast<char>(text.front() - 'a' + 'A');
  if (!text.empty() && text.back() != '.') text += '.';
  return text;
}

std::string verdict_header(const Page& page) {
  const Assessment& a = page.assessment;
  std::string out = fmt::format("<header class=\"verdict\">{} <span class=\"ccd\">{}</span></header>\n", badge(a.verdict), ccd_line(a));
  if (!a.ccd && !a.ccd_refused.empty()) out += fmt::format("<p>Why no CCD is stated: {}.</p>\n", typeset_words(a.ccd_refused));
  if (!a.reason.empty()) out += fmt::format("<p class=\"reason\">{}</p>\n", typeset_words(sentence(a.reason)));
  return out;
}

/// The areal capacity that goes with the CCD, with the step that it is of.
std::string of_the_deciding_step(const Page& page) {
  const CriticalCurrentDensity& ccd = *page.assessment.ccd;
  if (!ccd.capacity_per_half_cycle) return "";
  const bool failing = ccd.failing_step && page.record.cell.configuration != Configuration::full;
  return fmt::format(", {} per half cycle of the {} step", quantity_html(*ccd.capacity_per_half_cycle, "C/m2"), failing ? "failing" : ccd.failing_step ? "last passed" : "last");
}

std::string facts(const Page& page, const std::string& id) {
  const Assessment& a = page.assessment;
  const CellInfo& cell = page.record.cell;
  std::string out = "<dl class=\"facts\">\n";
  out += fact("configuration", escape(label(cell.configuration)) + (cell.electrolyte.empty() ? "" : ", " + escape(cell.electrolyte)) +
                                   (cell.fixture.empty() ? "" : ", " + escape(cell.fixture)));
  out += fact("onset of the short", a.onset ? duration_html(*a.onset) + (a.onset_half_cycle ? fmt::format(", half cycle {}", *a.onset_half_cycle + 1) : "") : onset_missing(a));
  out += fact(a.onset ? "areal capacity until the short" : "areal capacity passed",
              a.capacity_to_failure ? quantity_html(*a.capacity_to_failure, "C/m2") : page.record.cell.area ? "–" : "– (area not known)");
  if (a.ccd && a.ccd->grid > 0)
    out += fact("ramp", fmt::format("steps of {}{}", quantity_html(a.ccd->grid, "A/m2"), of_the_deciding_step(page)));
  if (cell.contact_hold_time)
    out += fact("contact hold", duration_html(*cell.contact_hold_time) +
                                    (cell.contact_hold_pressure ? " at " + quantity_html(*cell.contact_hold_pressure, "Pa") : ""));
  if (cell.stack_pressure) out += fact("stack pressure as set", quantity_html(*cell.stack_pressure, "Pa"));
  if (a.pressure.largest_change_while_cycling)
    out += fact("pressure change while cycling", quantity_html(*a.pressure.largest_change_while_cycling, "Pa"));
  if (cell.temperature) out += fact("temperature while cycling", typeset(number(in_unit(*cell.temperature, "degC"))) + " °C");
  if (const auto law = limiting_law(page.record)) out += fact(a.onset ? "limited, before the short, by" : "limited in the end by", escape(label(*law)));
  if (a.ionic_floor) out += fact("ASR of the electrolyte alone", quantity_html(*a.ionic_floor, "ohm m2"));
  if (a.voltage_offset_error)
    out += fact("offset of the voltage", typeset_words(with_error(1e3 * a.voltage_offset, 1e3 * *a.voltage_offset_error) + " mV"));
  out += fact("origin of the record", escape(page.record.provenance.origin.empty() ? "not stated" : page.record.provenance.origin));
  if (const std::size_t warnings = page.record.warnings.size() + a.warnings.size(); warnings > 0)
    out += fact("warnings", fmt::format("<a href=\"#{}-warnings\">{}, below</a>", id, warnings));
  return out + "</dl>\n";
}

std::string time_figures(const Page& page, const std::string& id) {
  std::string out;
  const std::string key = "Grey stretches: every second half cycle. Small ticks above: events of the record. "
                          "Dashed line: onset of the short.";
  const auto whole = whole_test(page.record);
  if (!whole) return "";
  out += figure(test_figure(page, *whole, id + "-whole"), "The whole test. " + key);
  if (const auto window = while_current_flows(page))
    out += figure(test_figure(page, *window, id + "-cycling"), "The part in which current flows.");
  if (const auto window = around_short(page))
    out += figure(test_figure(page, *window, id + "-short"),
                  fmt::format("Around the short, counted from its onset at a test time of {}.", duration_html(*window->zero)));
  out += figure(half_cycle_figure(page, id + "-halves"),
                "Resistance in every half cycle (mean voltage over current). The shape of a marker is the verdict on that half cycle.");
  out += figure(asr_figure(page.assessment, id + "-asr"),
                "Area-specific resistance of each step of the ramp, half the difference of the two directions.");
  out += figure(states_figure(page, *whole, id + "-states"),
                "What the simulator knows and no instrument sees, for the left and the right electrode. A filament grows while an "
                "electrode's overpotential exceeds the one that opens its flaw.");
  if (const auto window = while_current_flows(page))
    out += figure(states_figure(page, *window, id + "-cycled"), "The same while current flows.");
  return out;
}

/// What of a simulated cell goes where; a measured record has no columns for it.
std::string parts_figures(const Page& page, const std::string& id) {
  const auto whole = whole_test(page.record);
  if (!whole) return "";
  const auto& half_cycles = page.assessment.half_cycles;
  Window cycling = *whole;
  if (!half_cycles.empty()) cycling = {half_cycles.front().half_cycle.start, half_cycles.back().half_cycle.end, std::nullopt};
  Window before = cycling; // a short's noise would flatten what led to it
  if (const auto onset = page.assessment.onset) {
    before.to = std::min(cycling.to, *onset);
    cycling.to = std::min(cycling.to, *onset + 0.02 * (*onset - cycling.from));
  }
  if (!(before.to > before.from)) return "";
  std::string out;
  out += figure(limit_figure(page, cycling, id + "-limit"),
                "Which law limits: <b>threshold</b>, the current through the contact there is, against the flaw as pressed; <b>supply</b>, voids "
                "because stripping outruns creep; <b>intrusion</b>, the flaw's growth and the filament; <b>reservoir</b>, the lithium of the half cycle. "
                "Each is measured as the share that it has used up, and the largest limits.");
  out += figure(current_parts_figure(page, cycling, id + "-current-parts"),
                "Where the current goes. Above, per area of the cell: what ions carry and what filaments take. Below, where lithium touches: the same "
                "current through less contact. Leakage is electronic conduction of the electrolyte.");
  out += figure(voltage_parts_figure(page, before, id + "-voltage-parts"),
                "Where the voltage goes. Each part is counted positive where it costs voltage, whichever way the current flows; they add up to the "
                "recorded voltage. It ends where a short begins.");
  out += figure(pressure_parts_figure(page, *whole, id + "-pressure-parts"),
                "Where the stack pressure comes from. Every setting of the pressure starts the parts anew; they add up to what the load cell reads.");
  if (cycling.from > whole->from)
    out += figure(pressure_parts_figure(page, cycling, id + "-pressure-cycling"), "The same while current flows.");
  return out.empty() ? "" : "<h3>Where it goes</h3>\n" + out;
}

Table evidence_table(const std::vector<Evidence>& evidence) {
  Table table({{"evidence", false}, {"figure", true}, {"±", true}, {"threshold", true}, {"beyond", true}, {"weight", true}, {"fired", false},
               {"at", true}});
  for (const Evidence& e : evidence) {
    const bool tested = std::isfinite(e.figure);
    table.row({escape(e.name), quantity_html(e.figure, e.unit), tested ? quantity_html(e.error, e.unit, 2) : "–",
               quantity_html(e.threshold, e.unit), tested ? escape(probability(e.strength)) : "–", tested ? typeset(number(e.weight, 2)) : "–",
               e.fired ? "yes" : tested ? "no" : "not tested", e.fired ? duration_html(e.time) : "–"},
              e.fired ? "fired" : "");
    table.note(typeset_words(e.reason));
  }
  return table;
}

std::string window_html(const TimeWindow& window) {
  const std::string latest = fmt::format("{:.7g} s", window.latest);
  if (!std::isfinite(window.earliest)) return "before " + latest;
  return fmt::format("between {} and {} of the test", fmt::format("{:.7g} s", window.earliest), latest);
}

/// Both verdicts where a person disagreed, and the thresholds behind the program's.
std::string judged_by(const Assessment& a) {
  std::string out;
  for (const Overruled& o : a.overruled)
    out += fmt::format("<p class=\"reason\"><b>Overruled</b>, {}: a person says <b>{}</b>, {}. The program said <b>{}</b>: {}</p>\n",
                       o.half_cycle ? fmt::format("half cycle {}", *o.half_cycle + 1) : "the cell", escape(label(o.given)), escape(o.reason),
                       escape(label(o.program)), typeset_words(sentence(o.program_reason)));
  if (a.window) out += fmt::format("<p>It began {}.</p>\n", window_html(*a.window));
  if (!a.decided_by.empty())
    out += fmt::format("<p class=\"soft\">Thresholds that decided: <code>{}</code></p>\n", fmt::join(a.decided_by, "</code>, <code>"));
  return out;
}

std::string evidence_part(const Page& page, const std::string& id) {
  const Assessment& a = page.assessment;
  std::string out = "<h3>Evidence</h3>\n";
  if (a.evidence.empty()) return out + "<p>No test could be made on this record.</p>\n";
  out += judged_by(a);
  out += "<p class=\"soft\">Figure with its standard error; <i>beyond</i>: probability that it lies on the short's side of the threshold; "
         "<i>weight</i>: what it gave to the score of its half cycle. Of each test the half cycle of the onset, else the one that came nearest.</p>\n";
  out += evidence_table(a.evidence).html();
  const auto window = while_current_flows(page) ? while_current_flows(page) : whole_test(page.record);
  if (!window) return out;
  std::string key = "One strip per test: each half cycle's figure in units of its threshold (dashed), cut off at two. Orange: it fired.";
  if (a.window && std::isfinite(a.window->earliest)) key += " Shaded: between these times it began.";
  if (const std::vector<std::string> none = tests_not_made(a); !none.empty()) key += fmt::format(" Without a strip, because the record does not have what they ask for: {}.", escape(fmt::format("{}", fmt::join(none, "; "))));
  out += figure(evidence_figure(page, *window, id + "-evidence"), key);
  if (const auto around = around_short(page)) out += figure(evidence_figure(page, *around, id + "-evidence-short"), "The same around the short.");
  return out;
}

template <class Row> void rows_with_gaps(Table& table, const std::vector<RowRange>& ranges, Row&& row) {
  for (std::size_t k = 0; k < ranges.size(); ++k) {
    if (k > 0) table.gap(ranges[k].first - ranges[k - 1].last - 1);
    for (std::size_t i = ranges[k].first; i <= ranges[k].last; ++i) row(i);
  }
}

std::string steps_part(const Assessment& a) {
  if (a.steps.empty()) return "";
  Table table({{"step", true}, {"current density (mA/cm²)", true}, {"current (mA)", true}, {"half cycles", true},
               {"ASR (Ω cm²)", true}, {"resistance (Ω)", true}, {"offset (mV)", true}, {"", false}});
  const auto first_failed = std::find_if(a.steps.begin(), a.steps.end(), [](const StepAssessment& s) { return s.failed; });
  const auto failed_at = static_cast<std::size_t>(first_failed - a.steps.begin());
  rows_with_gaps(table, rows_shown(a.steps.size(), 60, 20), [&](std::size_t k) {
    const StepAssessment& s = a.steps[k];
    table.row({std::to_string(k + 1), typeset(number(in_unit(s.current_density, "mA/cm2"))), typeset(number(in_unit(s.current, "mA"))),
               std::to_string(s.half_cycles), s.asr ? typeset(number(in_unit(*s.asr, "ohm cm2"))) : "–", typeset(number(s.resistance)),
               typeset(number(in_unit(s.offset, "mV"))), s.failed ? "failed" : k > failed_at ? "after the short" : "passed"},
              s.failed ? "failed" : "");
  });
  return folded(fmt::format("Steps of the current <span class=\"soft\">({})</span>", a.steps.size()), table.html());
}

std::string fired_names(const HalfCycleAssessment& h) {
  std::string out;
  for (const Evidence& e : h.evidence)
    if (e.fired) out += (out.empty() ? "" : ", ") + e.name;
  return out;
}

std::string half_cycles_part(const Assessment& a) {
  if (a.half_cycles.empty()) return "";
  Table table({{"half cycle", true}, {"start", true}, {"current (mA)", true}, {"charge (mAh)", true}, {"mean voltage (mV)", true},
               {"end voltage (mV)", true}, {"resistance (Ω)", true}, {"noise (mV)", true}, {"score", true}, {"verdict", false},
               {"evidence", false}});
  rows_with_gaps(table, rows_shown(a.half_cycles.size(), 120, 60, a.onset_half_cycle, 40), [&](std::size_t k) {
    const HalfCycleAssessment& h = a.half_cycles[k];
    const auto shown = [](double si, std::string_view unit) { return typeset(number(in_unit(si, unit))); };
    table.row({std::to_string(k + 1), duration_html(h.half_cycle.start), shown(h.half_cycle.current, "mA"), shown(h.half_cycle.charge, "mAh"),
               shown(h.mean_voltage, "mV"), shown(h.end_voltage, "mV"), typeset(number(h.resistance)), shown(h.noise, "mV"),
               typeset(number(h.score, 2)), escape(label(h.verdict)), escape(fired_names(h))},
              h.verdict == Verdict::healthy ? "" : "fired");
  });
  return folded(fmt::format("Half cycles <span class=\"soft\">({})</span>", a.half_cycles.size()), table.html());
}

/// Residuals of the conservation laws, which a simulated record carries as columns named "..._balance...".
std::string balances_part(const Record& record) {
  Table table({{"balance", false}, {"largest residual", true}, {"of what", false}});
  for (const Column& column : record.columns()) {
    const auto* values = std::get_if<std::vector<double>>(&column.values);
    if (values == nullptr || column.name.find("_balance") == std::string::npos) continue;
    double largest = -1.0;
    for (const double v : *values)
      if (std::isfinite(v)) largest = std::max(largest, std::abs(v));
    if (largest < 0.0) continue;
    table.row({fmt::format("<code>{}</code>", escape(column.name)), quantity_html(largest, column.unit), escape(column.description)});
  }
  return table.empty() ? "" : folded("Balances of the simulation", table.html());
}

std::string cell_info_part(const CellInfo& cell) {
  Table table({{"what is known of the cell", false}, {"value", true}, {"key in cell files", false}});
  for (const CellField& field : cell_fields())
    if (const auto& value = cell.*field.member)
      table.row({escape(field.description),
                 typeset(number(in_unit(*value, field.shown_in))) + " " + escape(typeset_unit(field.shown_in)),
                 fmt::format("<code>{}</code>", escape(field.key))});
  return table.empty() ? "" : folded("The cell", table.html());
}

std::string study_part(const Page& page) {
  if (!page.resolved.empty()) {
    Table table({{"key", false}, {"value", true}, {"SI", true}, {"from", false}, {"basis", false}, {"source", false}}, "wide");
    for (const config::Resolved& r : page.resolved)
      table.row({fmt::format("<code>{}</code>", escape(r.key)), escape(r.text),
                 std::isfinite(r.si) ? typeset(number(r.si, 4)) + (r.unit.empty() ? "" : " " + escape(typeset_unit(r.unit))) : "–",
                 escape(r.origin), escape(r.basis), escape(r.source)});
    return folded(fmt::format("Resolved study <span class=\"soft\">({} values)</span>", page.resolved.size()), table.html());
  }
  if (page.record.study.empty()) return "";
  return folded("Resolved study", fmt::format("<pre>{}</pre>\n", escape(page.record.study)));
}

std::string warnings_part(const Page& page, const std::string& id) {
  std::vector<Diagnostic> all = page.record.warnings;
  all.insert(all.end(), page.assessment.warnings.begin(), page.assessment.warnings.end());
  if (all.empty()) return "";
  std::string out = fmt::format("<h3 id=\"{}-warnings\">Warnings</h3>\n<ul class=\"warnings\">\n", id);
  for (const auto& range : rows_shown(all.size(), 40, 10))
    for (std::size_t k = range.first; k <= range.last; ++k) {
      const Diagnostic& d = all[k];
      out += fmt::format("<li><code>{}</code> {}", escape(d.code), escape(d.message));
      if (d.place && !d.place->file.empty())
        out += fmt::format(" <span class=\"soft\">({}{})</span>", escape(d.place->file), d.place->line > 0 ? fmt::format(", line {}", d.place->line) : "");
      for (const std::string& hint : d.hints) out += fmt::format("<br/><span class=\"soft\">{}</span>", escape(hint));
      out += "</li>\n";
    }
  return out + "</ul>\n";
}

std::string provenance_part(const Record& record) {
  const Provenance& p = record.provenance;
  Table table({{"", false}, {"", false}}, "narrow");
  const auto row = [&](std::string_view name, const std::string& html) {
    if (!html.empty()) table.row({escape(name), html});
  };
  row("record", escape(p.origin));
  row("written by", escape(p.program));
  row("format", escape(p.format));
  row("rows", std::to_string(record.rows()));
  if (p.seed != 0) row("seed", std::to_string(p.seed));
  for (const auto& source : p.sources)
    row("file read", fmt::format("{}<br/><span class=\"mono soft\">SHA-256 {}</span>", escape(source.path), escape(source.sha256)));
  return "<h3>Provenance</h3>\n" + table.html();
}

} // namespace

std::string cell_section(const Page& page, const std::string& id, int level) {
  std::string out = fmt::format("<section class=\"cell\" id=\"{}\">\n<h{}>{}</h{}>\n", id, level, escape(page.title), level);
  out += verdict_header(page);
  out += facts(page, id);
  out += merit_section(page, id);
  out += time_figures(page, id);
  out += parts_figures(page, id);
  out += evidence_part(page, id);
  out += impedance_part(page.record, id);
  out += warnings_part(page, id);
  out += pressure_section(page.record, page.assessment.pressure, id + "-pressure");
  out += steps_part(page.assessment);
  out += half_cycles_part(page.assessment);
  out += checklist_section(page);
  out += cell_info_part(page.record.cell);
  out += study_part(page);
  out += balances_part(page.record);
  out += provenance_part(page.record);
  return out + "</section>\n";
}

} // namespace platen::report

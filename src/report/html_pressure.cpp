#include "report/pressure.hpp"

#include "report/format.hpp"
#include "report/html_parts.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace platen::report {
namespace {

std::string mpa(double si, int digits = 3) { return typeset(number(si * 1e-6, digits)); }

std::string plus_minus(const Measured& m, double unit) { return typeset_words(with_error(m.value * unit, m.error * unit)); }

std::string time_html(double seconds) { return std::isfinite(seconds) ? escape(typeset(duration(seconds))) : "never"; }

std::string forecast_html(const std::optional<Forecast>& f) {
  if (!f) return "–";
  return fmt::format("{} <span class=\"soft\">({} to {})</span>", time_html(f->value), time_html(f->low),
                     std::isfinite(f->high) ? time_html(f->high) : "no bound");
}

std::string fact(std::string_view name, const std::string& html) { return fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", escape(name), html); }

/// As a sentence begins.
std::string capital(std::string text) {
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') text.front() = static_cast<char>(text.front() - 'a' + 'A');
  return text;
}

std::string facts(const PressureAssessment& p) {
  std::string out = "<dl class=\"facts\">\n";
  if (p.after_release) out += fact("when cycling starts", quantity_html(*p.after_release, "Pa", 4));
  if (p.largest_change_while_cycling) out += fact("largest minus smallest while cycling", quantity_html(*p.largest_change_while_cycling, "Pa"));
  if (p.resolution > 0) out += fact("noise or step of one reading", mpa(p.resolution, 2) + " MPa");
  if (const auto& r = p.regression) {
    out += r->per_area ? fact("pressure per charge", plus_minus(r->slope, 0.036) + " MPa per mAh/cm²")
                       : fact("pressure per charge", plus_minus(r->slope, 3.6e-6) + " MPa/mAh (area not known)");
    if (r->stiffness) out += fact("effective stiffness", plus_minus(*r->stiffness, 1e-12) + " MPa per µm of plated lithium");
    out += fact("drift", plus_minus(r->drift, 3600e-6) + " MPa/h");
  }
  if (p.thermal && !p.thermal->refused.empty()) out += fact("follows the temperature", "cannot be told: " + p.thermal->refused);
  else if (p.thermal) out += fact("follows the temperature by", plus_minus(p.thermal->coefficient, 1e-6) + " MPa/K" + (p.thermal->removed ? ", taken out" : ", not certain, left in"));
  return out + "</dl>\n";
}

template <class Row> void rows_with_gaps(Table& table, std::size_t count, std::size_t head, std::size_t tail, Row&& row) {
  std::size_t next = 0;
  for (const RowRange& range : rows_shown(count, head, tail)) {
    if (range.first > next) table.gap(range.first - next);
    for (std::size_t i = range.first; i <= range.last; ++i) row(i);
    next = range.last + 1;
  }
}

std::string jumps_part(const std::vector<PressureJump>& jumps) {
  if (jumps.empty()) return "";
  Table table({{"jump", false}, {"at", true}, {"size (MPa)", true}, {"temperature (K)", true}, {"why it is not the cell", false}});
  rows_with_gaps(table, jumps.size(), 20, 5, [&](std::size_t k) {
    const PressureJump& j = jumps[k];
    table.row({escape(label(j.kind)), time_html(j.start), plus_minus({j.size, j.error}, 1e-6),
               j.temperature_change ? typeset(number(*j.temperature_change, 2)) : "–", typeset_words(j.reason)});
  });
  return folded(fmt::format("Jumps that are not the cell <span class=\"soft\">({})</span>", jumps.size()), table.html(), jumps.size() <= 6);
}

std::string cycles_part(const std::vector<PressureCycle>& cycles) {
  if (cycles.empty()) return "";
  Table table({{"cycle", true}, {"minimum (MPa)", true}, {"maximum (MPa)", true}, {"swing (MPa)", true}, {"of noise alone (MPa)", true}, {"drift (MPa)", true}, {"jumps taken out", true}}, "narrow");
  rows_with_gaps(table, cycles.size(), 12, 6, [&](std::size_t k) {
    const PressureCycle& c = cycles[k];
    table.row({std::to_string(c.cycle), mpa(c.minimum, 4), mpa(c.maximum, 4), mpa(c.swing), mpa(c.swing_of_noise, 2), plus_minus({c.drift, c.drift_error}, 1e-6), c.jumps > 0 ? std::to_string(c.jumps) : "–"});
  });
  return table.html();
}

std::string loops_part(const PressureAssessment& p) {
  if (p.loops.empty()) return "";
  const bool per_area = p.regression && p.regression->per_area;
  Table table({{"cycle", true}, {per_area ? "loop area (MPa mAh/cm²)" : "loop area (MPa mAh)", true}, {"gap at mid charge (MPa)", true}}, "narrow");
  rows_with_gaps(table, p.loops.size(), 6, 3, [&](std::size_t k) {
    const PressureLoop& l = p.loops[k];
    table.row({std::to_string(l.cycle), plus_minus(l.area, 1e-6 / (per_area ? 36000.0 : 3.6)), plus_minus(l.gap, 1e-6)});
  });
  return table.html();
}

std::string parameter_html(const NamedNumber& p) {
  const std::string name = fmt::format("<i>{}</i> = ", escape(p.name));
  if (p.unit == "s")
    return fmt::format("{}{} (×/÷ {})", name, time_html(p.number.value), typeset(number(1.0 + p.number.error / p.number.value, 3)));
  if (p.unit == "Pa") return name + plus_minus(p.number, 1e-6) + " MPa";
  if (p.unit == "Pa/K") return name + plus_minus(p.number, 1e-6) + " MPa/K";
  return name + plus_minus(p.number, 1.0);
}

std::string hold_part(const PressureHold& h, std::size_t k, const std::string& id) {
  std::string out = fmt::format("<h4>Hold {}: {} at {} MPa</h4>\n", k + 1, time_html(h.end - h.start), mpa(h.first, 4));
  if (!h.refused.empty()) return out + fmt::format("<p>No law was fitted: {}.</p>\n", typeset_words(h.refused));
  out += fmt::format("<p>From {} to {} MPa. {}.", mpa(h.first, 4), mpa(h.last, 4), capital(typeset_words(h.saturation)));
  if (h.next)
    out += fmt::format(" If it lasted as long again, it would change by {} MPa (95 %: {} to {}).", mpa(h.next->value), mpa(h.next->low), mpa(h.next->high));
  out += "</p>\n" + figure(relaxation_figure(h, id), "Circles: readings, merged where they are dense, temperature taken out. The laws go on to ten times the hold; "
                                                     "dashed ones are excluded by the data (weight below 5 %). Below: measured minus the best law.");
  Table table({{"law", false}, {"AICc behind", true}, {"weight", true}, {"90 % after", true}, {"rest below a reading after", true}, {"parameters", false}});
  for (const RelaxationLaw& law : h.laws) {
    std::string parameters;
    for (const NamedNumber& p : law.parameters) parameters += (parameters.empty() ? "" : ", ") + parameter_html(p);
    const bool never = law.kind == RelaxationKind::logarithmic;
    table.row({escape(label(law.kind)), typeset(number(law.behind)), law.weight < 0.001 ? "&lt; 0.001" : typeset(number(law.weight, 2)), never ? "never" : forecast_html(law.ninety),
               never ? "never" : forecast_html(law.below_noise), parameters});
  }
  return out + table.html();
}

std::string comparison_part(const FixtureComparison& c, const std::string& id) {
  std::string out = fmt::format("<h4>Against the empty fixture</h4>\n<p>{}: {}.", escape(c.file), typeset_words(c.reason));
  if (c.share) out += fmt::format(" The empty fixture explains {} % of the change.", plus_minus(*c.share, 100.0));
  for (const std::string& note : c.notes) out += fmt::format(" But {}.", typeset_words(note));
  out += "</p>\n" + figure(empty_fixture_figure(c, id), "Both counted from the start of their holds. Bars: 95 % intervals of what remains.");
  Table table({{"after", true}, {"with the cell (MPa)", true}, {"empty (MPa)", true}, {"remains (MPa)", true}}, "narrow");
  for (const PressureRemainder& r : c.at) table.row({time_html(r.time), mpa(r.loaded), mpa(r.empty), plus_minus(r.remains, 1e-6)});
  return out + table.html();
}

} // namespace

std::string pressure_section(const Record& record, const PressureAssessment& p, const std::string& id) {
  if (p.cycles.empty() && !p.after_release && p.holds.empty() && p.jumps.empty()) return "";
  std::string out = "<h3>Stack pressure</h3>\n" + facts(p);
  if (!p.cycles.empty() && !p.fixture.reason.empty())
    out += fmt::format("<p>The fixture behaved as: <b>{}</b>. {}.</p>\n", escape(label(p.fixture.behaviour)), capital(typeset_words(p.fixture.reason)));
  if (!p.jumps.empty() || !p.holds.empty())
    out += figure(pressure_time_figure(record, p, id + "-time"),
                  p.jumps.empty() ? "The whole test." : "Blue lines: changes by hand. Orange stretches: the temperature moved. Ticks: single readings left out.");
  out += jumps_part(p.jumps);
  out += figure(pressure_loop_figure(p, id + "-loop"), "Charging (full) and discharging (dashed). A gap between them is friction or lag in the fixture.");
  out += loops_part(p);
  out += figure(pressure_swing_figure(p, id + "-swing"), "Swing of each cycle without jumps and temperature, dashed what the noise of the readings alone would show; lowest and highest pressure as read.");
  out += cycles_part(p.cycles);
  for (std::size_t k = 0; k < p.holds.size(); ++k) out += hold_part(p.holds[k], k, fmt::format("{}-hold-{}", id, k + 1));
  if (p.empty_fixture) out += comparison_part(*p.empty_fixture, id + "-empty");
  return out;
}

std::string html_pressure(const PressurePage& page) {
  std::string body = fmt::format("<h1>{}</h1>\n", escape(page.title));
  const std::string section = pressure_section(page.record, page.pressure, "pressure");
  body += section.empty() ? "<p>Nothing can be said of this pressure: it has no hold, no jump and no cycle.</p>\n" : section;
  body += "<h3>Provenance</h3>\n";
  Table table({{"", false}, {"", false}}, "narrow");
  for (const auto& source : page.record.provenance.sources)
    table.row({"file read", fmt::format("{}<br/><span class=\"mono soft\">SHA-256 {}</span>", escape(source.path), escape(source.sha256))});
  table.row({"read by", escape(page.record.provenance.program)});
  return document(page.title, body + table.html());
}

} // namespace platen::report

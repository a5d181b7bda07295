// Figures of merit, the checklist and the paragraph on a cell's page.

#include "report/checklist.hpp"
#include "report/figures.hpp"
#include "report/format.hpp"
#include "report/html_parts.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace platen::report {
namespace {

std::string conditions_html(const Merit& m) {
  std::string out;
  for (const Condition& c : m.conditions) out += (out.empty() ? "" : ", ") + escape(shown(c, Letters::typeset));
  return out;
}

std::string where(const Statement& s) { return escape(s.from) + (s.place.empty() ? "" : " <span class=\"soft\">" + escape(s.place) + "</span>"); }

/// Charge of half cycles against their current: what was passed, and where the short began.
std::string capacity_figure(const Merits& merits, const std::string& id) {
  if (merits.capacity.size() < 2 || !merits.capacity.front().capacity) return "";
  double fastest = 0, most = 0;
  for (const CapacityPoint& p : merits.capacity) {
    fastest = std::max(fastest, in_unit(*p.current_density, "mA/cm2"));
    most = std::max(most, in_unit(*p.capacity, "mAh/cm2"));
  }
  if (!(fastest > 0) || !(most > 0)) return "";
  Figure figure;
  figure.id = id;
  figure.title = "Areal capacity passed in a half cycle against its current density";
  figure.x_name = "current density";
  figure.x_unit = "mA/cm2";
  figure.x = {0.0, 1.08 * fastest, Scale::linear};
  figure.x_ticks = linear_ticks(figure.x.low, figure.x.high, 8);
  Panel panel;
  panel.name = "passed in a half cycle";
  panel.unit = "mAh/cm2";
  panel.height = 220.0;
  panel.y = {-0.04 * most, 1.15 * most, Scale::linear}; // a mark at nothing is whole
  bool plus = false, minus = false;
  for (const CapacityPoint& p : merits.capacity) {
    const double x = in_unit(*p.current_density, "mA/cm2"), y = in_unit(*p.capacity, "mAh/cm2");
    const bool positive = p.direction > 0;
    const std::string tip = fmt::format("half cycle {}: {} mAh/cm2 at {} mA/cm2{}", p.half_cycle + 1, number(y), number(x), p.failed ? ", the short began" : "");
    if (p.failed) panel.markers.push_back({.x = x, .y = y, .shape = Shape::cross, .ink = Ink::vermillion, .filled = true, .tip = tip});
    else // squares first: both directions of a step often pass the same
      panel.markers.insert(positive ? panel.markers.end() : panel.markers.begin(),
                           {.x = x, .y = y, .shape = positive ? Shape::circle : Shape::square, .ink = positive ? Ink::blue : Ink::green, .filled = positive, .tip = tip});
    if (!p.failed) (positive ? plus : minus) = true;
  }
  if (plus) panel.keys.push_back({"passed, positive current", Ink::blue, Key::Sign::marker, Shape::circle, true});
  if (minus) panel.keys.push_back({"passed, negative current", Ink::green, Key::Sign::marker, Shape::square, false});
  if (merits.capacity.back().failed) panel.keys.push_back({"when the short began", Ink::vermillion, Key::Sign::marker, Shape::cross, true});
  figure.panels.push_back(std::move(panel));
  return render(figure);
}

} // namespace

std::string merit_section(const Page& page, const std::string& id) {
  const Merits& merits = page.assessment.merit;
  if (merits.figures.empty()) return "";
  Table table({{"figure of merit", false}, {"value", true}, {"obtained at", false}});
  for (std::size_t k = 0; k < merits.figures.size(); ++k) {
    const Merit& m = merits.figures[k];
    if (!m.refused.empty()) {
      table.row({escape(m.name), "–", typeset_words(why_not(merits, k))});
      continue;
    }
    table.row({escape(m.name), escape(shown(m, Letters::typeset)), conditions_html(m)});
    if (!m.remark.empty()) table.note(escape(m.remark));
  }
  std::string out = "<h3>Figures of merit</h3>\n" + table.html();
  out += figure(capacity_figure(merits, id + "-capacity"),
                "Areal capacity of half cycles against their current density: the most that each step passed in each direction, and what the failing half cycle had passed "
                "when the short began.");
  return out;
}

std::string checklist_section(const Page& page) {
  const Checklist& checklist = page.assessment.checklist;
  if (checklist.items.empty()) return "";
  Table table({{"condition", false}, {"", false}, {"value", true}, {"known from", false}});
  for (const ChecklistItem& item : checklist.items) {
    const std::string_view css = item.knowledge == Knowledge::contradicted ? "failed" : "";
    if (item.statements.empty()) {
      table.row({escape(item.name), escape(label(item.knowledge)), "–",
                 item.knowledge == Knowledge::missing ? fmt::format("<span class=\"soft\">state <code>{}</code> in the cell file</span>", escape(item.key)) : ""});
      continue;
    }
    for (std::size_t k = 0; k < item.statements.size(); ++k)
      table.row({k == 0 ? escape(item.name) : "", k == 0 ? escape(label(item.knowledge)) : "", escape(shown(item, item.statements[k], Letters::typeset)), where(item.statements[k])}, css);
  }
  std::string out = fmt::format("<h3>Checklist</h3>\n<p>{}.</p>\n", escape(summary(checklist)));
  if (!checklist.contradictions.empty()) {
    out += "<ul class=\"warnings\">\n";
    for (const Contradiction& c : checklist.contradictions)
      out += fmt::format("<li>Contradiction: {}{}</li>\n", escape(c.text),
                         std::isfinite(c.deviation) ? fmt::format(" <span class=\"soft\">({:.1f} times their combined standard uncertainty{})</span>", c.deviation, c.assumed ? ", some of it assumed" : "") : "");
    out += "</ul>\n";
  }
  out += folded("Conditions, and where they are known from", table.html());
  return out + fmt::format("<h3>For a methods section</h3>\n<p class=\"methods\">{}</p>\n", escape(methods_paragraph(std::span(&page, 1))));
}

} // namespace platen::report

#include "report/report.hpp"

#include "report/figures.hpp"
#include "report/format.hpp"
#include "report/mechanisms.hpp"
#include "report/html_parts.hpp"
#include "simulate/limits.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <limits>

namespace platen::report {
namespace {

std::string pressure_cell(const PressureAssessment& pressure) {
  if (pressure.cycles.empty()) return "–";
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const PressureCycle& c : pressure.cycles) {
    low = std::min(low, c.minimum);
    high = std::max(high, c.maximum);
  }
  return fmt::format("{} – {}", typeset(number(in_unit(low, "MPa"))), typeset(number(in_unit(high, "MPa"))));
}

/// "2.03 - 2.15" with the signs that books use.
std::string interval_html(const Assessment& a) {
  std::string text = ccd_interval(a.ccd);
  if (const std::size_t dash = text.find(" - "); dash != std::string::npos) text.replace(dash, 3, " – ");
  return escape(text == "-" ? "–" : text);
}

std::string cells_part(const std::vector<Page>& pages) {
  Table table({{"cell", false}, {"record", false}, {"contact hold", true}, {"verdict", false}, {"CCD (mA/cm²)", true},
               {"onset", true}, {"passed (mAh/cm²)", true}, {"pressure (MPa)", true}, {"limited by", false}}, "cells");
  for (std::size_t k = 0; k < pages.size(); ++k) {
    const Page& page = pages[k];
    const Assessment& a = page.assessment;
    const auto hold = page.record.cell.contact_hold_time;
    const auto law = limiting_law(page.record);
    table.row({fmt::format("<a href=\"#cell-{}\">{}</a>", k + 1, escape(page.title)), escape(page.record.provenance.origin),
               hold ? escape(duration(*hold)) : "–", badge(a.verdict), interval_html(a), a.onset ? escape(duration(*a.onset)) : "–",
               a.capacity_to_failure ? typeset(number(in_unit(*a.capacity_to_failure, "mAh/cm2"))) : "–", pressure_cell(a.pressure),
               escape(law ? label(*law) : "–")});
  }
  return "<h2>Cells</h2>\n<p class=\"soft\">CCD: last passed – failing step of the ramp; &gt; is a lower bound (no short seen). "
         "The field quotes the failing step. Passed: areal capacity until the short or the end. Pressure: lowest – highest while cycling. Limited by: the law before a filament grew, of simulated cells.</p>\n" + table.html();
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> classes{{
    {"model", "model: what the laws give; evidence where no parameter was fitted to the row (its note says so)"},
    {"fitted", "fitted: used to choose parameters, so meeting it proves nothing"},
    {"input", "input: goes in and comes out again; checks the path, not the physics"},
    {"arithmetic", "arithmetic: checks a conversion"}}};

std::string value_html(const std::optional<double>& value) { return value ? typeset(number(*value)) : "–"; }
std::string value_html(const std::optional<double>& value, const std::string& word) { return word.empty() ? value_html(value) : escape(word); }

std::string band_html(const Target& t) {
  if (t.low && t.high) return fmt::format("{} – {}", value_html(t.low), value_html(t.high));
  if (t.low) return "≥ " + value_html(t.low);
  if (t.high) return "≤ " + value_html(t.high);
  return "–";
}

void target_row(Table& table, const TargetResult& r) {
  const Target& t = r.target;
  table.row({escape(t.id), escape(t.figure), fmt::format("{}<br/><span class=\"soft\">{}</span>", escape(t.quantity), escape(t.study)),
             value_html(r.platen, r.platen_text), value_html(t.value, t.value_text), band_html(t), escape(typeset_unit(t.unit)), escape(t.basis),
             badge(r.verdict)});
  if (!r.note.empty()) table.note(escape(r.note));
  if (!r.tried.empty()) table.note("tried: " + escape(r.tried));
}

std::string targets_part(const std::vector<TargetResult>& targets) {
  if (targets.empty()) return "";
  Table table({{"", false}, {"figure", false}, {"quantity and cell", false}, {"Platen", true}, {"paper", true},
               {"accepted", true}, {"unit", false}, {"basis", false}, {"verdict", false}});
  const auto known = [](std::string_view name) {
    return std::any_of(classes.begin(), classes.end(), [&](const auto& c) { return c.first == name; });
  };
  for (const auto& [name, heading] : classes) {
    bool any = false;
    for (const TargetResult& r : targets) {
      if (r.target.target_class != name) continue;
      if (!any) table.section(escape(heading));
      any = true;
      target_row(table, r);
    }
  }
  bool other = false;
  for (const TargetResult& r : targets) {
    if (known(r.target.target_class)) continue;
    if (!other) table.section("without a class");
    other = true;
    target_row(table, r);
  }
  return "<h2>Targets</h2>\n<p>Only rows of the class <em>model</em> can be evidence for the physics, and only where no parameter was "
         "fitted to them. Fitted rows were used to choose parameters, input rows come out as they went in, and arithmetic rows only check a conversion.</p>\n" + table.html();
}

/// At the head of a page that has every model row: what left-out figures say, and beside it what was met because it was fitted.
std::string headline_part(const std::vector<TargetResult>& targets) {
  const TargetCounts n = count(targets);
  if (n.model == 0 || n.model_evaluated < n.model) return "";
  return fmt::format("<p><b>{}</b></p>\n<p>{}</p>\n", escape(headline(calibrate::stored_left_out())), escape(in_sample(targets)));
}

std::string programs(const std::vector<Page>& pages) {
  for (const Page& page : pages)
    if (!page.record.provenance.program.empty()) return escape(page.record.provenance.program);
  return "Platen";
}

} // namespace

std::string html(const Page& page) {
  return document(page.title, cell_section(page, "cell-1", 1));
}

std::string html(const std::vector<Page>& pages, const std::vector<TargetResult>& targets, std::string_view title) {
  std::string body = fmt::format("<h1>{}</h1>\n<p class=\"soft\">{}</p>\n", escape(title), programs(pages));
  body += headline_part(targets) + cells_part(pages);
  const std::string paper = targets.empty() ? std::string() : paper_part(pages, targets);
  if (paper.empty()) {
    std::vector<const Page*> all;
    for (const Page& page : pages) all.push_back(&page);
    if (const std::string svg = ccd_figure(all, nullptr, "ccd"); !svg.empty())
      body += "<h2>CCD against contact hold</h2>\n" +
              figure(svg, "Bars: from the last step passed to the failing step; an arrow upwards is a lower bound.");
  }
  body += paper;
  body += targets_part(targets);
  for (std::size_t k = 0; k < pages.size(); ++k) body += cell_section(pages[k], fmt::format("cell-{}", k + 1), 2);
  return document(title, body);
}

} // namespace platen::report

#include "report/corpus.hpp"

#include "report/figure_corpus.hpp"
#include "report/format.hpp"
#include "report/html_parts.hpp"

#include <cmath>
#include <fmt/format.h>

namespace platen::report {
namespace {

using referee::Rate;
using referee::Summary;

std::string rate_html(const Rate& rate) { return escape(typeset(rate_phrase(rate))); }

std::string aims(const std::vector<Summary>& all) {
  Table table({{"what was asked", false}, {"aim", true}, {"figure (counts; 95 % bounds)", false}, {"", false}});
  for (const Summary& s : all) {
    table.section(escape(s.name) + fmt::format(" cells ({})", s.cells));
    for (const referee::Aim& a : s.aims) {
      const auto met = a.met();
      table.row({escape(a.name), fmt::format("{} {:g} %", a.at_least ? "≥" : "≤", 100.0 * a.wanted), rate_html(a.rate), !met ? "no such cells" : *met ? "met" : "<b>missed</b>"}, met && !*met ? "fired" : "");
    }
  }
  return table.html();
}

std::string confusion(const Summary& s) {
  std::vector<Table::Head> heads{{"what it is", false}};
  for (const Verdict v : referee::verdicts) heads.push_back({std::string(label(v)), true});
  Table table(heads);
  for (std::size_t r = 0; r < referee::conditions.size(); ++r) {
    std::vector<std::string> row{escape(label(referee::conditions[r]))};
    for (const std::size_t n : s.confusion[r]) row.push_back(n == 0 ? "·" : std::to_string(n));
    table.row(row);
  }
  return table.html();
}

std::string kinds(const Summary& s) {
  Table table({{"kind", false}, {"cells", true}, {"shorts found", false}, {"false alarms", false}, {"faint leaks seen", false}});
  for (const referee::KindRow& k : s.kinds) table.row({escape(k.kind), std::to_string(k.cells), rate_html(k.found), rate_html(k.alarms), rate_html(k.faint)});
  return table.html();
}

std::string tests(const Summary& s) {
  if (s.tests.empty()) return "";
  Table table({{"without this test", false}, {"made on", true}, {"shorts lost", true}, {"gained", true}, {"found then (counts; 95 % bounds)", false},
               {"alarms more", true}, {"less", true}});
  for (const referee::Worth& w : s.tests)
    table.row({escape(w.test), std::to_string(w.made), std::to_string(w.lost), std::to_string(w.gained), rate_html(w.found), std::to_string(w.alarms_more),
               std::to_string(w.alarms_less)});
  return "<h3>What each test contributes</h3>\n<p>The same cells, judged again without the test.</p>\n" + table.html();
}

std::string half_cycles(const Summary& s) {
  return fmt::format("<p>Half cycles called shorted: before a short or without one {}; shorted ones {}; after the last short {}.</p>\n", rate_html(s.before),
                     rate_html(s.during), rate_html(s.after));
}

std::string summary_part(const Summary& s) {
  std::string out = fmt::format("<h2>{} cells</h2>\n<p class=\"soft\">{} cells, {} rows.</p>\n", escape(s.name), s.cells, s.rows);
  out += "<h3>What it was called</h3>\n" + confusion(s) + half_cycles(s);
  out += figure(score_figure(s), "Every cell judged by its highest score. Bars: 95 % bounds (Clopper and Pearson).");
  out += "<h3>Kinds of cells</h3>\n" + kinds(s);
  return out + tests(s);
}

} // namespace

std::string html(const Measurement& m, std::string_view program) {
  std::string body = "<h1>The judge, measured on labelled cells</h1>\n";
  body += fmt::format("<p class=\"soft\">{} cells, numbers {} to {} of the {} set ({}). {}.</p>\n", m.cells.size(), m.plan.first,
                      m.plan.first + m.plan.cells - 1, label(m.plan.set), escape(set_phrase(m.plan.set)), escape(program));
  body += "<h2>What was asked</h2>\n" + aims(m.summaries);
  body += "<h2>How it finds and how it errs</h2>\n";
  body += figure(operating_figure(m.summaries), "Found against false alarms as the decisive score moves from 0.05 (right) to 0.95 (left).");
  body += figure(severity_figure(m.summaries), "Shorts found against what they take of the current. Below 10 % a leak is faint: no verdict is asked for.");
  body += figure(duration_figure(m.summaries), "Shorts found against their duration under current.");
  body += figure(onset_figure(m), "How far the judged onset is from the truth, over found shorts. Nearer than 1 s is drawn at 1 s.");
  for (const Summary& s : m.summaries)
    if (s.name != "all") body += summary_part(s);
  return document("The judge, measured", body);
}

} // namespace platen::report

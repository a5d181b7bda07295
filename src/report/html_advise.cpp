#include "base/units.hpp"
#include "report/advise.hpp"
#include "report/format.hpp"
#include "report/html_parts.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace platen::report {
namespace {

using advise::Advice;
using advise::Candidate;
using advise::SpringChoice;

std::string in(double si, std::string_view unit, int digits = 3) { return typeset(number(in_unit(si, unit), digits)); }
std::string percent(double share) { return fmt::format("{:.0f} %", 100.0 * share); }
std::string chance(double p) { return fmt::format("{:.2f}", p); }
std::string between(double low, double high) { return fmt::format("{} – {}", chance(low), chance(high)); }

std::string paragraphs(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out += fmt::format("<p>{}</p>\n", escape(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string limits(const Candidate& c) {
  std::string out;
  for (std::size_t k = 0; k < std::min<std::size_t>(c.limits.size(), 2); ++k)
    out += fmt::format("{}{} {:.0f}&#160;%", out.empty() ? "" : ", ", escape(c.limits[k].first), 100.0 * c.limits[k].second);
  return out;
}

/// Numbers stay with their units when a line is broken.
std::string unbroken(std::string_view words) {
  std::string out;
  for (std::size_t k = 0; k < words.size(); ++k) {
    const bool after_number = k > 0 && words[k] == ' ' && words[k - 1] >= '0' && words[k - 1] <= '9';
    out += after_number ? "\xC2\xA0" : std::string(1, words[k]);
  }
  return escape(out);
}

/// The change with arrows as printed in books, one knob per line.
std::string arrows(std::string_view change) {
  std::string out = unbroken(change);
  const auto replace = [&](std::string_view what, std::string_view with) {
    for (std::size_t at = out.find(what); at != std::string::npos; at = out.find(what, at + with.size())) out.replace(at, what.size(), with);
  };
  replace("\xC2\xA0-&gt;", " →");
  replace("-&gt;", "→");
  replace(", ", ",<br/>");
  return out;
}

std::vector<std::string> row_of(const Advice& a, const Candidate& c, std::size_t number_of) {
  const std::string_view unit = a.about_swing ? "MPa" : "mA/cm2";
  return {std::to_string(number_of), arrows(c.change), chance(c.odds.probability) + " ± " + chance(c.odds.error), between(c.odds.unknown.low, c.odds.unknown.high),
          number_of == 0 ? "" : typeset(fmt::format("{:+.2f}", c.gain.mean)) + " ± " + chance(c.gain.error), c.helps() ? fmt::format("{:.2f} ({:.2f})", c.cost, c.cost_per_gain()) : fmt::format("{:.2f}", c.cost),
          fmt::format("{} ({} – {})", in(c.median, unit), in(c.quantity.low, unit), in(c.quantity.high, unit)), limits(c)};
}

std::string changes_table(const Advice& a) {
  Table table({{"", true}, {"change", false}, {"probability ± simulation", true}, {"what is not known, 90 %", true}, {"gain", true}, {"cost (per gain)", true},
               {a.about_swing ? "swing, 90 % of cells (MPa)" : "CCD, 90 % of cells (mA/cm²)", true}, {"held back by", false}});
  table.row(row_of(a, a.as_it_is, 0));
  std::size_t knobs = 0;
  for (std::size_t k = 0; k < a.changes.size(); ++k) {
    const Candidate& c = a.changes[k];
    if (c.knobs.size() != knobs) table.section(c.knobs.size() == 1 ? "Single changes" : "Pairs of changes");
    knobs = c.knobs.size();
    table.row(row_of(a, c, k + 1));
    std::string untested;
    for (const std::string& words : c.untested) untested += fmt::format("{}{}", untested.empty() ? "" : "; ", escape(words));
    if (!untested.empty()) table.note("beyond what was measured: " + untested);
  }
  return table.html();
}

std::string variance_table(const Advice& a) {
  Table table({{"variance of", false}, {"between cells", true}, {"parameters", true}, {"mechanisms", true}}, "narrow");
  const auto add = [&](std::string_view name, const advise::VarianceSplit& v) {
    const auto share = [&](double part) { return v.total() > 0.0 ? percent(part / v.total()) : std::string("–"); };
    table.row({escape(name), share(v.cells), share(v.parameters), share(v.mechanisms)});
  };
  add("reaching the goal, yes or no", a.as_it_is.odds.reached);
  add(a.about_swing ? "ln swing" : "ln CCD", a.as_it_is.odds.quantity);
  return table.html();
}

std::string goal_part(const Advice& a) {
  if (!a.question.goal.stated()) return "";
  std::string out = fmt::format("<p class=\"reason\">Goal: {}.</p>\n", escape(goal_in_words(a))) + paragraphs(what_to_do(a));
  out += figure(candidates_figure(a, "changes"), "Every change by its number in the table below. Pale: where the chance itself may lie, given what is not known of parameters and mechanisms. "
                                                 "Thin: what more simulated cells could change.");
  out += figure(hold_figure(a, "hold"), "The contact hold alone. The wanted probability is dotted.");
  out += "<h2>Changes</h2>\n" + changes_table(a) + "<p class=\"soft\">Costs are in the goal file's own unit; without one, hours of work (assumed).</p>\n";
  out += "<h2>What the uncertainty is made of</h2>\n" + variance_table(a);
  std::string mechanisms;
  for (const auto& [name, weight] : a.mechanisms) mechanisms += fmt::format("{}{} ({})", mechanisms.empty() ? "" : ", ", escape(name), percent(weight));
  out += fmt::format("<p>{}; {} sets, {} cells of each, the same cells in every setting. Mechanisms: {}.</p>\n", escape(a.ensemble), a.sets, a.cells, mechanisms);
  if (!a.conditioned) out += "<p>These sets have not been held against data: the range is wider than measurements would leave it.</p>\n";
  out += "<h2>Beyond the measurements that the laws were held against</h2>\n";
  if (a.untested.empty()) return out + "<p>Nothing in the study as it is; changes say it in the table.</p>\n";
  out += "<ul>\n";
  for (const std::string& words : a.untested) out += fmt::format("<li>{}</li>\n", escape(words));
  return out + "</ul>\n";
}

std::string springs_part(const Advice& a) {
  if (a.springs.empty()) return "";
  std::string out = "<h2>Springs</h2>\n" + paragraphs(springs_in_words(a));
  out += figure(springs_figure(a, "springs"), "Springs that will do, by their number in the table, beside a fixed gap.");
  Table table({{"", true}, {"springs", false}, {"each (lbf)", true}, {"compressed (mm)", true}, {"of limit", true}, {"of travel", true}, {"swing (MPa)", true}, {"without friction (MPa)", true},
               {"highest (MPa)", true}, {"drift when heated (MPa)", true}, {"tolerance (MPa)", true}, {a.currency.empty() ? "price" : "price (" + a.currency + ")", true}});
  Table refused({{"springs", false}, {"refused", false}});
  std::size_t k = 0;
  for (const SpringChoice& c : a.springs) {
    const std::string name = unbroken(fmt::format("{} x {}", c.count, c.spring.name));
    if (!c.refused.empty()) {
      std::string why;
      for (const std::string& words : c.refused) why += fmt::format("{}{}", why.empty() ? "" : "; ", escape(words));
      refused.row({name, why});
      continue;
    }
    table.row({std::to_string(++k), name, in(c.set.force, "lbf", 4), in(c.set.compression, "mm", 4), percent(c.load_used), percent(c.travel_used),
               c.swing_range ? fmt::format("{} ({} – {})", in(c.loop.swing(), "MPa"), in(c.swing_range->low, "MPa"), in(c.swing_range->high, "MPa")) : in(c.loop.swing(), "MPa"),
               in(c.swing_without_friction, "MPa", 2), in(c.loop.most(), "MPa"), in(c.drift, "MPa", 2), c.spring.tolerance ? "± " + in(c.preload_error, "MPa", 2) : "–",
               c.price ? fmt::format("{:.2f}", *c.price) : "–"});
  }
  if (!table.empty()) out += table.html();
  if (!refused.empty()) out += folded("Springs that will not do, and why", refused.html());
  return out;
}

} // namespace

std::string html_advice(const Advice& a, std::string_view program) {
  std::string body = fmt::format("<h1>Advice: {}</h1>\n<p class=\"soft\">{}{}</p>\n", escape(a.study), a.description.empty() ? "" : escape(a.description) + ". ", escape(program));
  body += goal_part(a) + springs_part(a);
  if (!a.warnings.empty()) {
    body += "<h2>To keep in mind</h2>\n<ul class=\"warnings\">\n";
    for (const Diagnostic& d : a.warnings) body += fmt::format("<li>{}</li>\n", escape(d.message));
    body += "</ul>\n";
  }
  return document("Advice: " + a.study, body);
}

} // namespace platen::report

#include "report/format.hpp"
#include "report/groups.hpp"
#include "report/html_parts.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <functional>

namespace platen::report {
namespace {

std::string density(double si) { return std::isfinite(si) ? typeset(number(in_unit(si, "mA/cm2"))) : "open"; }
std::string p_html(double p) { return p < 1e-4 ? typeset(fmt::format("{:.1e}", p)) : fmt::format("{:.3g}", p); }
std::string interval_html(const groups::Interval& i) {
  std::string out = interval_text(i);
  if (const std::size_t dash = out.find(" - "); dash != std::string::npos) out.replace(dash, 3, " – ");
  return escape(out);
}
std::string between(double low, double high) { return fmt::format("{} – {}", density(low), density(high)); }

std::string groups_table(const groups::Comparison& c) {
  Table table({{c.by.empty() ? "group" : in_words(c.by), false}, {"cells", true}, {"short seen", true}, {"in first step", true}, {"median in (mA/cm²)", true},
               {"best fit", false}, {"median, 95\u00a0% (mA/cm²)", true}, {"nine of ten pass, 95\u00a0% (mA/cm²)", true}, {"scatter of ln CCD, 95\u00a0%", true}});
  for (const groups::Group& g : c.groups) {
    std::vector<std::string> row{escape(g.name), std::to_string(g.counts.cells), std::to_string(g.counts.failed()), std::to_string(g.counts.left),
                                 interval_html(g.turnbull.quantile(0.5))};
    if (g.fits.empty()) {
      row.insert(row.end(), {"none", "–", "–", "–"});
      table.row(row);
      table.note(escape(g.no_fit));
      continue;
    }
    const groups::GroupFit& f = g.fits.front();
    const bool regular = f.fit.standing == groups::Standing::regular;
    row.push_back(escape(label(f.fit.distribution)));
    row.push_back(fmt::format("{} ({})", regular ? density(f.median) : "–", between(f.median_bounds.low, f.median_bounds.high)));
    row.push_back(fmt::format("{} ({})", regular ? density(f.tenth) : "–", between(f.tenth_bounds.low, f.tenth_bounds.high)));
    const auto scatter = [](double v) { return std::isfinite(v) ? typeset(number(v)) : std::string("open"); };
    row.push_back(fmt::format("{} ({} – {})", regular ? scatter(f.fit.sigma) : escape(label(f.fit.standing)), scatter(f.sigma_bounds.low), scatter(f.sigma_bounds.high)));
    table.row(row);
  }
  return table.html();
}

std::string tests_part(const groups::Comparison& c) {
  std::string out = "<h2>Do the groups differ?</h2>\n";
  if (!c.log_rank) return out + fmt::format("<p>Not tested: {}.</p>\n", escape(c.no_test));
  Table table({{"permutation test", false}, {"p", true}, {"deals", true}, {"smallest possible p", true}}, "narrow");
  const auto add = [&](std::string_view name, const groups::PermutationTest& t) {
    table.row({escape(name), t.exact ? p_html(t.p_value) : fmt::format("{} ± {}", p_html(t.p_value), p_html(t.error)),
               fmt::format("{} {}", t.deals, t.exact ? "(all)" : "(random)"), p_html(t.smallest)});
  };
  add("log-rank scores", *c.log_rank);
  add("Wilcoxon scores", *c.wilcoxon);
  if (c.trend) add("trend of log-rank scores with " + in_words(c.by), *c.trend);
  return out + table.html();
}

std::string regression_part(const groups::Comparison& c) {
  std::string out = "<h2>By how much?</h2>\n";
  if (c.regressions.empty()) return out + fmt::format("<p>No model: {}.</p>\n", escape(c.no_regression));
  for (const groups::Regression& r : c.regressions) {
    const bool regular = r.fit.standing == groups::Standing::regular;
    Table table({{"condition", false}, {"CCD times", true}, {"95 %", true}, {"standard error of ln", true}});
    for (const groups::Coefficient& k : r.coefficients) {
      const auto value = [&](double v) { return !std::isfinite(v) ? std::string("open") : typeset(number(k.exponent ? v : std::exp(v))); };
      table.row({escape(in_words(k.name)), regular ? value(k.beta) + (k.exponent ? " (power)" : "") : "–", fmt::format("{} – {}", value(k.bounds.low), value(k.bounds.high)),
                 regular ? typeset(number(k.error)) : "–"});
    }
    for (const groups::TermTest& t : r.tests)
      table.note(fmt::format("{}: likelihood ratio {} on {} of freedom, p = {}", escape(in_words(t.term)), typeset(number(t.ratio)), t.freedom == 1 ? "1 degree" : fmt::format("{} degrees", t.freedom), p_html(t.p_value)));
    out += fmt::format("<h3>{} model</h3>\n<p class=\"soft\">Median of {}: {}; scatter of ln CCD {}; AICc {}.</p>\n", escape(label(r.distribution)), escape(in_words(r.baseline)),
                       regular ? density(std::exp(r.fit.beta[0])) + " mA/cm²" : escape(label(r.fit.standing)), typeset(number(r.fit.sigma)),
                       std::isfinite(r.aicc) ? typeset(number(r.aicc, 4)) : "not defined for so few cells") + table.html();
  }
  return out;
}

std::string plan_part(const groups::Comparison& c) {
  std::string out = "<h2>How many cells?</h2>\n";
  if (!c.plan) return out + fmt::format("<p>No plan: {}.</p>\n", escape(c.no_plan));
  const groups::Plan& p = *c.plan;
  const groups::PlanQuestion& q = p.question;
  out += fmt::format("<p class=\"reason\">To see {} mA/cm² (a median of {} against {}): {} cells per group.</p>\n", density(q.difference), density(q.median),
                     density(q.median + q.difference), p.needed ? std::to_string(*p.needed) : fmt::format("more than {}", p.points.empty() ? q.most : p.points.back().per_group));
  out += figure(power_figure(p, "power"),
                fmt::format("Share of {} simulated comparisons with p ≤ {}: {} CCDs with a scatter of {} of ln CCD, ramps from {} in steps of {} up to {} mA/cm², "
                            "permutation test on log-rank scores.",
                            q.simulations, q.level, escape(label(q.distribution)), typeset(number(q.sigma)), density(q.ramp.start), density(q.ramp.increment), density(q.ramp.cap)));
  return out;
}

/// Whether every cell says the same of a condition.
bool shared(const groups::Comparison& c, const groups::Factor& factor) {
  return std::all_of(c.rows.begin(), c.rows.end(), [&](const groups::CcdRow& row) {
    const groups::Factor* other = row.find(factor.name);
    return other != nullptr && groups::same_level(*other, factor);
  });
}

std::string conditions(const groups::CcdRow& row, const std::function<bool(const groups::Factor&)>& wanted) {
  std::string out;
  for (const groups::Factor& f : row.factors)
    if (wanted(f)) out += fmt::format("{}{} {}", out.empty() ? "" : ", ", escape(in_words(f.name)), typeset_words(groups::shown(f)));
  return out;
}

std::string cells_part(const groups::Comparison& c) {
  Table table({{"cell", false}, {"group", false}, {"CCD (mA/cm²)", true}, {"what differs between cells", false}}, "cells");
  for (const groups::Group& g : c.groups)
    for (std::size_t k = 0; k < g.members.size(); ++k) {
      const groups::CcdRow& row = c.rows[g.members[k]];
      table.row({escape(row.name), escape(g.name), interval_html(g.sample[k]),
                 conditions(row, [&](const groups::Factor& f) { return f.name != c.by && !shared(c, f); })});
    }
  std::string out = "<h2>Cells</h2>\n" + table.html();
  if (const std::string common = conditions(c.rows.front(), [&](const groups::Factor& f) { return shared(c, f); }); !common.empty() && c.rows.size() > 1)
    out += fmt::format("<p class=\"soft\">The same in all cells: {}.</p>\n", common);
  if (c.left_out.empty()) return out;
  Table left({{"left out", false}, {"why", false}});
  for (const groups::LeftOut& l : c.left_out) left.row({escape(l.name), escape(l.reason)});
  return out + "<h3>Left out</h3>\n" + left.html();
}

std::string literature_table(const Published& literature) {
  Table table({{"", true}, {"cell", false}, {"°C", true}, {"MPa", true}, {"mAh/cm²", true}, {"CCD (mA/cm²)", true}, {"basis", false}, {"reference", false}});
  for (const groups::Published& p : literature) {
    const groups::Factor* pressure = p.row.find("stack_pressure");
    const auto in = [](const std::optional<double>& v, std::string_view unit) { return v ? typeset(number(in_unit(*v, unit))) : std::string("–"); };
    table.row({p.row.name, escape(p.electrolyte + "; " + p.stack + (p.preparation.empty() ? "" : "; " + p.preparation)), in(p.temperature, "degC"),
               in(pressure != nullptr ? pressure->number : std::nullopt, "MPa"), in(p.row.capacity_per_half_cycle, "mAh/cm2"), escape(p.as_stated), escape(p.basis),
               escape(p.reference + (p.note.empty() ? "" : " (" + p.note + ")"))});
  }
  return table.html();
}

std::string literature_part(const Published& literature, const groups::Comparison* c) {
  if (literature.empty()) return "";
  std::string out = fmt::format("<h2>Published CCDs{}</h2>\n", c != nullptr ? " and these cells" : "");
  const std::string bounds = "Arrows are bounds: no short up to there, or shorted below. Marks at one place stand side by side.";
  out += figure(literature_by_temperature(literature, c, "literature-temperature"),
                "Counterpart of Figure S1 of Ham et al. (2022), which collects the CCDs of the literature; the paper reads from it that warm cells bear more. " + bounds);
  out += figure(literature_by_capacity(literature, c, "literature-capacity"),
                "The same against the areal capacity that passes in a half cycle, where it is known: the other condition that the paper asks for. " + bounds);
  return out + folded(fmt::format("The {} published CCDs with basis and reference", literature.size()), literature_table(literature));
}

} // namespace

std::string in_words(std::string condition) {
  std::replace(condition.begin(), condition.end(), '_', ' ');
  return condition;
}

std::string html_compare(const groups::Comparison& c, const Published& literature, std::string_view program) {
  std::string body = fmt::format("<h1>{}</h1>\n<p class=\"soft\">{}</p>\n", c.by.empty() ? "Critical current densities of a group of cells" : escape("Cells compared by " + in_words(c.by)), escape(program));
  body += fmt::format("<p>{} cells in {} group{}{}. A ramp tells between which two steps a cell fails: every CCD is an interval, open where no short was seen or the "
                      "first step failed.</p>\n",
                      c.rows.size(), c.groups.size(), c.groups.size() == 1 ? "" : "s", c.left_out.empty() ? "" : fmt::format(", {} left out", c.left_out.size()));
  body += groups_table(c);
  body += figure(cells_figure(c, "cells"), "Each cell from the last step passed to the failing step. An arrow upwards: no short seen; downwards: failed in the first step.");
  body += "<h2>How many cells pass a current density</h2>\n";
  if (c.groups.size() > 1)
    body += figure(survival_overview(c, "survival"), "Turnbull's estimate. Slopes stand where the estimate falls somewhere within a step: where, no ramp can tell.");
  std::vector<Picture> pictures;
  for (std::size_t k = 0; k < c.groups.size(); ++k) pictures.push_back({escape(c.groups[k].name), survival_figure(c, k, fmt::format("group-{}", k + 1))});
  body += figure(pictures, "Each group with its 95 % band (at each point, not for the whole curve; between two points the wider of both) and its fits; the better one is darker.");
  if (!c.by.empty()) body += tests_part(c) + regression_part(c);
  body += plan_part(c) + literature_part(literature, &c) + cells_part(c);
  if (!c.notes.empty()) {
    body += "<h2>To keep in mind</h2>\n<ul class=\"warnings\">\n";
    for (const std::string& note : c.notes) body += fmt::format("<li>{}</li>\n", escape(note));
    body += "</ul>\n";
  }
  return document(c.by.empty() ? "Group of cells" : "Cells by " + in_words(c.by), body);
}

std::string html_literature(const Published& literature, std::string_view program) {
  return document("Published CCDs", fmt::format("<h1>Published critical current densities</h1>\n<p class=\"soft\">{}</p>\n", escape(program)) + literature_part(literature, nullptr));
}

} // namespace platen::report

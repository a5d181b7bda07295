#include "report/format.hpp"
#include "report/groups.hpp"
#include "report/text_columns.hpp"

#include <cmath>
#include <fmt/format.h>

namespace platen::report {
namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string density(double si, int digits = 3) { return std::isfinite(si) ? number(in_unit(si, "mA/cm2"), digits) : si > 0 ? "open" : "-"; }
std::string percent(double share) { return fmt::format("{:.0f} %", 100.0 * share); }
std::string p_text(double p) { return p < 1e-4 ? fmt::format("{:.1e}", p) : fmt::format("{:.3g}", p); }

std::string range(double low, double high, double (*map)(double)) {
  const auto shown = [&](double v) { return std::isfinite(v) ? number(map(v)) : "open"; };
  return fmt::format("{} to {}", shown(low), shown(high));
}
double to_milli(double si) { return in_unit(si, "mA/cm2"); }
double as_is(double v) { return v; }
double as_factor(double v) { return std::exp(v); }

std::string group_rows(const groups::Comparison& c) {
  Rows rows{{"group", "cells", "short seen", "in first step", "median in", "best fit", "median (95 %)", "nine of ten pass (95 %)", "scatter of ln CCD (95 %)"}};
  for (const groups::Group& g : c.groups) {
    std::vector<std::string> row{plain(g.name), std::to_string(g.counts.cells), std::to_string(g.counts.failed()), std::to_string(g.counts.left),
                                 interval_text(g.turnbull.quantile(0.5))};
    if (g.fits.empty()) {
      row.insert(row.end(), {"none", "-", "-", "-"});
    } else {
      const groups::GroupFit& f = g.fits.front();
      const bool regular = f.fit.standing == groups::Standing::regular;
      const auto with = [&](double value, const groups::Bounds& b) {
        return fmt::format("{} ({})", regular ? density(value) : "-", range(b.low, b.high, to_milli));
      };
      row.push_back(std::string(label(f.fit.distribution)));
      row.push_back(with(f.median, f.median_bounds));
      row.push_back(with(f.tenth, f.tenth_bounds));
      row.push_back(fmt::format("{} ({})", regular ? number(f.fit.sigma) : "-", range(f.sigma_bounds.low, f.sigma_bounds.high, as_is)));
    }
    rows.push_back(std::move(row));
  }
  std::string out = columns(rows, "lrrrlllll");
  for (const groups::Group& g : c.groups)
    if (!g.no_fit.empty()) out += fmt::format("{}: no fit, {}\n", plain(g.name), g.no_fit);
  return out;
}

std::string fit_rows(const groups::Comparison& c) {
  Rows rows{{"group", "distribution", "AICc", "parameters (standard error)"}};
  for (const groups::Group& g : c.groups)
    for (const groups::GroupFit& f : g.fits) {
      const bool regular = f.fit.standing == groups::Standing::regular;
      const double se = f.fit.standard_error(1), sigma = f.fit.sigma;
      std::string parameters(label(f.fit.standing));
      if (regular && f.fit.distribution == groups::Distribution::weibull)
        parameters = fmt::format("shape {} ({}), scale {}", number(1.0 / sigma), number(se / sigma),
                                 density(std::exp(f.fit.beta[0] - sigma * groups::standard_quantile(f.fit.distribution, 0.5))));
      else if (regular)
        parameters = fmt::format("sigma {} ({}), median {} ({})", number(sigma), number(se * sigma), density(f.median), density(f.median * f.fit.standard_error(0)));
      rows.push_back({plain(g.name), std::string(label(f.fit.distribution)), std::isfinite(f.aicc) ? number(f.aicc, 4) : "too few cells", parameters});
    }
  return rows.size() > 1 ? "\nFits\n" + columns(rows, "llrl") : "";
}

std::string share_rows(const groups::Comparison& c) {
  std::string out = "\nShare of cells that pass (Turnbull; 95 % at each point)\n";
  for (const groups::Group& g : c.groups) {
    Rows rows{{"mA/cm2", "pass", "95 %", "from"}};
    for (const groups::BandPoint& p : g.band) {
      const bool spread = p.estimate.high - p.estimate.low > 1e-9;
      rows.push_back({density(p.at), spread ? fmt::format("{} to {}", percent(p.estimate.low), percent(p.estimate.high)) : percent(p.estimate.low),
                      fmt::format("{} to {}", percent(p.band.low), percent(p.band.high)), p.counted ? "counted" : "resampled"});
    }
    out += fmt::format("{}\n{}", plain(g.name), columns(rows, "rrrl"));
  }
  return out;
}

std::string test_text(std::string_view name, const groups::PermutationTest& t) {
  return t.exact ? fmt::format("{:<18} p = {} (exact: all {} deals)\n", name, p_text(t.p_value), t.deals)
                 : fmt::format("{:<18} p = {} +- {} ({} random deals)\n", name, p_text(t.p_value), p_text(t.error), t.deals);
}

std::string tests(const groups::Comparison& c) {
  if (!c.log_rank) return fmt::format("\nDo the groups differ?\nnot tested: {}\n", c.no_test);
  std::string out = "\nDo the groups differ? (permutation tests)\n" + test_text("log-rank scores", *c.log_rank) + test_text("Wilcoxon scores", *c.wilcoxon);
  if (c.trend) out += test_text("trend of log-rank", *c.trend);
  return out;
}

std::string regression(const groups::Comparison& c) {
  if (c.regressions.empty()) return c.no_regression.empty() ? "" : fmt::format("\nBy how much?\nno model: {}\n", c.no_regression);
  const groups::Regression& r = c.regressions.front();
  Rows rows{{"condition", "CCD times", "95 %", "standard error of ln"}};
  for (const groups::Coefficient& k : r.coefficients) {
    const bool regular = r.fit.standing == groups::Standing::regular;
    rows.push_back({plain(k.name), !regular ? "-" : k.exponent ? number(k.beta) + " (power)" : number(std::exp(k.beta)),
                    k.exponent ? range(k.bounds.low, k.bounds.high, as_is) : range(k.bounds.low, k.bounds.high, as_factor), regular ? number(k.error) : "-"});
  }
  const bool regular_fit = r.fit.standing == groups::Standing::regular;
  std::string out = fmt::format("\nBy how much? ({} accelerated-failure model)\n", label(r.distribution)) + columns(rows, "lrrr");
  out += fmt::format("median {} where {}; scatter of ln CCD {}; {}\n", regular_fit ? density(std::exp(r.fit.beta[0])) : std::string(label(r.fit.standing)), plain(r.baseline),
                     number(r.fit.sigma),
                     c.regressions.size() > 1 && std::isfinite(c.regressions[1].aicc)
                         ? fmt::format("AICc {} lower than {}", number(c.regressions[1].aicc - r.aicc), label(c.regressions[1].distribution))
                         : "too few cells to choose a distribution");
  for (const groups::TermTest& t : r.tests)
    out += fmt::format("{}: likelihood ratio {} on {} degree{} of freedom, p = {}\n", plain(t.term), number(t.ratio), t.freedom, t.freedom == 1 ? "" : "s", p_text(t.p_value));
  return out;
}

std::string planning(const groups::Comparison& c) {
  if (!c.plan) return c.no_plan.empty() ? "" : fmt::format("\nHow many cells?\nno plan: {}\n", c.no_plan);
  const groups::Plan& p = *c.plan;
  const groups::PlanQuestion& q = p.question;
  std::string out = fmt::format("\nHow many cells per group to see {} mA/cm2?\n", density(q.difference));
  out += fmt::format("assumed: medians {} and {} mA/cm2, {} with a scatter of ln CCD of {}, ramps from {} in steps of {} up to {} mA/cm2\n", density(q.median),
                     density(q.median + q.difference), label(q.distribution), number(q.sigma), density(q.ramp.start), density(q.ramp.increment), density(q.ramp.cap));
  if (p.needed)
    out += fmt::format("{} cells per group give p <= {} in {} of comparisons ({} to {} within the simulation's error)\n", *p.needed, q.level, percent(q.wanted), p.at_least ? std::to_string(*p.at_least) : "?",
                       p.at_most ? std::to_string(*p.at_most) : "more");
  else
    out += fmt::format("more than {} cells per group for p <= {} in {} of comparisons\n", p.points.empty() ? q.most : p.points.back().per_group, q.level, percent(q.wanted));
  Rows rows{{"cells per group", "found", "+-"}};
  for (const groups::PowerPoint& point : p.points) rows.push_back({std::to_string(point.per_group), percent(point.power), fmt::format("{:.1f} %", 100.0 * point.error)});
  return out + columns(rows, "rrr");
}

std::string left_out(const groups::Comparison& c) {
  if (c.left_out.empty()) return "";
  Rows rows{{"left out", "why"}};
  for (const groups::LeftOut& l : c.left_out) rows.push_back({plain(l.name), plain(l.reason)});
  return "\n" + columns(rows, "ll");
}

} // namespace

std::string interval_text(const groups::Interval& i) {
  if (i.exact()) return density(i.high);
  if (i.right_censored()) return i.left_censored() ? "-" : "> " + density(i.low);
  return i.left_censored() ? "< " + density(i.high) : fmt::format("{} - {}", density(i.low), density(i.high));
}

std::string text_compare(const groups::Comparison& c) {
  std::string out = fmt::format("{} cell{}", c.rows.size(), c.rows.size() == 1 ? "" : "s");
  if (!c.by.empty()) out += " by " + plain(c.by);
  out += c.left_out.empty() ? "; CCDs in mA/cm2\n" : fmt::format(", {} left out; CCDs in mA/cm2\n", c.left_out.size());
  out += group_rows(c) + tests(c) + regression(c) + share_rows(c) + fit_rows(c) + planning(c) + left_out(c);
  for (const std::string& note : c.notes) out += fmt::format("note: {}\n", plain(note));
  return out;
}

std::string text_against(const Published& literature, const groups::Comparison& c) {
  constexpr double warm = 303.15; // K: published as room temperature up to there
  Rows rows{{"published (lithium metal)", "cells", "bounds alone", "median in", "of our groups above it"}};
  for (const bool is_warm : {false, true}) {
    std::vector<groups::Interval> sample;
    for (const groups::Published& p : literature)
      if (p.lithium_metal && p.temperature && (*p.temperature > warm) == is_warm) sample.push_back(groups::interval_of(p.row));
    if (sample.empty()) continue;
    const groups::Interval median = groups::turnbull(sample).quantile(0.5);
    std::size_t bounds = 0, above = 0;
    for (const groups::Interval& i : sample) bounds += i.right_censored() || i.left_censored() ? 1 : 0;
    for (const groups::Group& g : c.groups) above += g.turnbull.quantile(0.5).low >= median.high ? 1 : 0;
    rows.push_back({is_warm ? "above 30 degC" : "up to 30 degC", std::to_string(sample.size()), std::to_string(bounds), interval_text(median),
                    fmt::format("{} of {}", above, c.groups.size())});
  }
  return "\nAgainst the literature (CCDs in mA/cm2; the report draws them, `--literature-only` lists them)\n" + columns(rows, "lrrrr");
}

std::string text_literature(const Published& literature) {
  Rows rows{{"no", "electrolyte", "cell", "preparation", "degC", "stack MPa", "mAh/cm2", "CCD mA/cm2", "basis", "reference"}};
  for (const groups::Published& p : literature) {
    const groups::Factor* pressure = p.row.find("stack_pressure");
    rows.push_back({p.row.name, p.electrolyte, p.stack, p.preparation, p.temperature ? number(in_unit(*p.temperature, "degC")) : "-",
                    pressure ? number(in_unit(*pressure->number, "MPa")) : "-", p.row.capacity_per_half_cycle ? number(in_unit(*p.row.capacity_per_half_cycle, "mAh/cm2")) : "-",
                    p.as_stated, p.basis, p.reference});
  }
  return columns(rows, "rlllrrrrll");
}

} // namespace platen::report

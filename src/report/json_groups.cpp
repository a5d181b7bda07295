#include "report/groups.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace platen::report {
namespace {

using Json = nlohmann::ordered_json;

std::string answer(const Json& j) { return j.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }
Json real(double v) { return std::isfinite(v) ? Json(v) : Json(nullptr); }
Json measured(double v, std::string_view unit) { return {{"value", real(v)}, {"unit", std::string(unit)}}; }
Json density(double v) { return measured(v, "A/m2"); }
Json density(const std::optional<double>& v) { return v ? density(*v) : Json(nullptr); }
Json words(const std::string& s) { return s.empty() ? Json(nullptr) : Json(s); }

Json factor_json(const groups::Factor& f) {
  return f.number ? measured(*f.number, f.dimension == dim::none ? "1" : si_unit(f.dimension)) : Json(f.word);
}

Json factors_json(const groups::CcdRow& row) {
  Json out = Json::object();
  for (const groups::Factor& f : row.factors) out[f.name] = factor_json(f);
  return out;
}

Json row_json(const groups::CcdRow& row) {
  return {{"name", row.name},
          {"source", words(row.source)},
          {"last_passed", density(row.last_passed)},
          {"failing_step", density(row.failing_step)},
          {"grid", density(row.grid)},
          {"capacity_per_half_cycle", row.capacity_per_half_cycle ? measured(*row.capacity_per_half_cycle, "C/m2") : Json(nullptr)},
          {"conditions", factors_json(row)}};
}

Json bounds_json(const groups::Bounds& b, std::string_view unit) { return {{"low", real(b.low)}, {"high", real(b.high)}, {"unit", std::string(unit)}}; }

Json group_fit_json(const groups::GroupFit& f) {
  const bool regular = f.fit.standing == groups::Standing::regular;
  return {{"distribution", label(f.fit.distribution)},
          {"standing", label(f.fit.standing)},
          {"aicc", real(f.aicc)},
          {"log_likelihood", real(f.fit.log_likelihood)},
          {"median", regular ? density(f.median) : Json(nullptr)},
          {"median_95", bounds_json(f.median_bounds, "A/m2")},
          {"nine_of_ten_pass", regular ? density(f.tenth) : Json(nullptr)},
          {"nine_of_ten_pass_95", bounds_json(f.tenth_bounds, "A/m2")},
          {"sigma", regular ? real(f.fit.sigma) : Json(nullptr)},
          {"sigma_95", bounds_json(f.sigma_bounds, "1")},
          {"standard_error_ln_median", real(f.fit.standard_error(0))},
          {"standard_error_ln_sigma", real(f.fit.standard_error(1))}};
}

Json group_json(const groups::Comparison& c, const groups::Group& g) {
  Json masses = Json::array(), band = Json::array(), fits = Json::array(), members = Json::array();
  for (const groups::Mass& m : g.turnbull.masses)
    masses.push_back({{"above", density(m.low)}, {"to", density(m.high)}, {"probability", m.probability}});
  for (const groups::BandPoint& p : g.band)
    band.push_back({{"at", density(p.at)}, {"pass_low", p.estimate.low}, {"pass_high", p.estimate.high}, {"band_low", p.band.low}, {"band_high", p.band.high}, {"counted", p.counted}});
  for (const groups::GroupFit& f : g.fits) fits.push_back(group_fit_json(f));
  for (const std::size_t k : g.members) members.push_back(c.rows[k].name);
  const groups::Interval median = g.turnbull.quantile(0.5);
  return {{"name", g.name},
          {"cells", std::move(members)},
          {"short_seen", g.counts.failed()},
          {"failed_in_first_step", g.counts.left},
          {"no_short_seen", g.counts.right},
          {"median_above", density(median.low)},
          {"median_to", density(median.high)},
          {"turnbull", {{"masses", std::move(masses)}, {"log_likelihood", g.turnbull.log_likelihood}, {"gap", g.turnbull.gap}}},
          {"band", std::move(band)},
          {"fits", std::move(fits)},
          {"no_fit", words(g.no_fit)}};
}

Json test_json(const std::optional<groups::PermutationTest>& t) {
  if (!t) return nullptr;
  return {{"statistic", t->statistic}, {"p", t->p_value}, {"exact", t->exact}, {"standard_error", t->error}, {"deals", t->deals}, {"smallest_p", t->smallest}};
}

Json regression_json(const groups::Regression& r) {
  Json coefficients = Json::array(), tests = Json::array();
  for (const groups::Coefficient& k : r.coefficients)
    coefficients.push_back({{"name", k.name}, {"kind", k.exponent ? "power" : "factor"}, {"ln", real(k.beta)}, {"standard_error", real(k.error)}, {"ln_95", {{"low", real(k.bounds.low)}, {"high", real(k.bounds.high)}}}});
  for (const groups::TermTest& t : r.tests)
    tests.push_back({{"term", t.term}, {"likelihood_ratio", t.ratio}, {"degrees_of_freedom", t.freedom}, {"p", t.p_value}});
  return {{"distribution", label(r.distribution)},
          {"standing", label(r.fit.standing)},
          {"aicc", real(r.aicc)},
          {"log_likelihood", real(r.fit.log_likelihood)},
          {"baseline", r.baseline},
          {"baseline_median", density(std::exp(r.fit.beta[0]))},
          {"sigma", real(r.fit.sigma)},
          {"coefficients", std::move(coefficients)},
          {"tests", std::move(tests)}};
}

Json plan_json(const std::optional<groups::Plan>& plan) {
  if (!plan) return nullptr;
  const groups::PlanQuestion& q = plan->question;
  const auto count = [](const std::optional<std::size_t>& n) { return n ? Json(*n) : Json(nullptr); };
  Json points = Json::array();
  for (const groups::PowerPoint& p : plan->points) points.push_back({{"cells_per_group", p.per_group}, {"power", p.power}, {"standard_error", p.error}});
  return {{"difference", density(q.difference)},
          {"median", density(q.median)},
          {"sigma", q.sigma},
          {"distribution", label(q.distribution)},
          {"start", density(q.ramp.start)},
          {"increment", density(q.ramp.increment)},
          {"cap", density(q.ramp.cap)},
          {"level", q.level},
          {"wanted_power", q.wanted},
          {"simulations", q.simulations},
          {"cells_per_group", count(plan->needed)},
          {"at_least", count(plan->at_least)},
          {"at_most", count(plan->at_most)},
          {"points", std::move(points)}};
}

Json published_json(const groups::Published& p) {
  Json out = row_json(p.row);
  out["as_stated"] = p.as_stated;
  out["electrolyte"] = words(p.electrolyte);
  out["stack"] = words(p.stack);
  out["preparation"] = words(p.preparation);
  out["lithium_metal"] = p.lithium_metal;
  out["temperature"] = p.temperature ? measured(*p.temperature, "K") : Json(nullptr);
  out["method"] = words(p.method);
  out["reference"] = p.reference;
  out["confidence"] = p.confidence;
  out["basis"] = p.basis;
  out["note"] = words(p.note);
  return out;
}

Json literature_json(const Published& literature) {
  Json out = Json::array();
  for (const groups::Published& p : literature) out.push_back(published_json(p));
  return out;
}

/// A field of a CSV: quoted where it must be, on one line.
std::string csv_field(std::string_view text) {
  std::string out;
  bool must = false;
  for (const char ch : text) {
    must = must || ch == ',' || ch == '"';
    out += ch == '\n' || ch == '\r' ? " " : ch == '"' ? "\"\"" : std::string(1, ch);
  }
  return must ? "\"" + out + "\"" : out;
}

} // namespace

std::string json_compare(const groups::Comparison& c, const Published& literature) {
  Json cells = Json::array(), out = Json::array(), all = Json::array(), models = Json::array();
  for (const groups::CcdRow& row : c.rows) cells.push_back(row_json(row));
  for (const groups::LeftOut& l : c.left_out) out.push_back({{"name", l.name}, {"source", words(l.source)}, {"reason", l.reason}});
  for (const groups::Group& g : c.groups) all.push_back(group_json(c, g));
  for (const groups::Regression& r : c.regressions) models.push_back(regression_json(r));
  return answer({{"schema", "platen.compare/1"},
                 {"by", words(c.by)},
                 {"cells", std::move(cells)},
                 {"left_out", std::move(out)},
                 {"groups", std::move(all)},
                 {"tests", {{"log_rank", test_json(c.log_rank)}, {"wilcoxon", test_json(c.wilcoxon)}, {"trend", test_json(c.trend)}}},
                 {"no_test", words(c.no_test)},
                 {"regressions", std::move(models)},
                 {"no_regression", words(c.no_regression)},
                 {"plan", plan_json(c.plan)},
                 {"no_plan", words(c.no_plan)},
                 {"literature", literature_json(literature)},
                 {"notes", c.notes}});
}

std::string json_literature(const Published& literature) { return answer({{"schema", "platen.literature/1"}, {"rows", literature_json(literature)}}); }

std::string csv_compare(const groups::Comparison& c) {
  std::vector<const groups::Factor*> heads;
  for (const groups::CcdRow& row : c.rows)
    for (const groups::Factor& f : row.factors)
      if (std::none_of(heads.begin(), heads.end(), [&](const groups::Factor* h) { return h->name == f.name; })) heads.push_back(&f);
  const auto unit = [](const groups::Factor& f) { return f.shown_in.empty() ? si_unit(f.dimension) : f.shown_in; };
  std::string out = "cell,group,last_passed / mA/cm2,failing_step / mA/cm2,grid / mA/cm2,capacity_per_half_cycle / mAh/cm2";
  for (const groups::Factor* h : heads) out += "," + csv_field(h->number && !unit(*h).empty() ? h->name + " / " + unit(*h) : h->name);
  out += ",source\n";
  const auto cell = [](const std::optional<double>& v, std::string_view in) { return v ? fmt::format("{:.9g}", in_unit(*v, in)) : std::string(); };
  for (const groups::Group& g : c.groups)
    for (const std::size_t k : g.members) {
      const groups::CcdRow& row = c.rows[k];
      out += fmt::format("{},{},{},{},{},{}", csv_field(row.name), csv_field(g.name), cell(row.last_passed, "mA/cm2"), cell(row.failing_step, "mA/cm2"),
                         cell(row.grid, "mA/cm2"), cell(row.capacity_per_half_cycle, "mAh/cm2"));
      for (const groups::Factor* h : heads) {
        const groups::Factor* f = row.find(h->name);
        out += ",";
        if (f == nullptr) continue;
        if (!f->number) out += csv_field(f->word);
        else out += unit(*h).empty() ? fmt::format("{:.9g}", *f->number) : fmt::format("{:.9g}", in_unit(*f->number, unit(*h)));
      }
      out += "," + csv_field(row.source) + "\n";
    }
  return out;
}

} // namespace platen::report

#include "report/explore.hpp"

#include "base/units.hpp"

#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace platen::report {
namespace {

using Json = nlohmann::ordered_json;
using campaign::Findings;

/// From a table's unit to SI, for values and for differences.
class Si {
public:
  explicit Si(const std::string& unit) {
    if (const auto known = parse_unit(unit); known && !unit.empty()) {
      map_ = *known;
      name_ = si_unit(known->dimension);
    }
    if (name_.empty()) name_ = "1";
  }
  Json value(double v) const { return with(map_.factor * v + map_.offset, name_); }
  Json difference(double v) const { return with(map_.factor * v, name_); }
  Json bounded(const numerics::Bounded& b) const {
    return {{"value", real(map_.factor * b.value)}, {"low", real(map_.factor * b.low)}, {"high", real(map_.factor * b.high)}, {"unit", name_}};
  }
  static Json real(double v) { return std::isfinite(v) ? Json(v) : Json(nullptr); }

private:
  static Json with(double v, const std::string& unit) { return {{"value", real(v)}, {"unit", unit}}; }
  Unit map_{};
  std::string name_;
};

Json share(const numerics::Bounded& b) { return Si("").bounded(b); }

Json axis_json(const campaign::ExploredAxis& axis) {
  Json out{{"name", axis.name}};
  if (!axis.words.empty()) {
    out["words"] = axis.words;
    return out;
  }
  const Si si(axis.unit);
  out["low"] = si.value(axis.low);
  out["high"] = si.value(axis.high);
  out["logarithmic"] = axis.log;
  return out;
}

Json level_json(const campaign::ExploredAxis& axis, double v) { return axis.words.empty() ? Si(axis.unit).value(v) : Json(axis.words[static_cast<std::size_t>(v)]); }

Json spot_json(const campaign::Spot& s, const Si& si) {
  return {{"median", si.value(s.middle)}, {"lower_bound", s.beyond}, {"least", si.value(s.low)}, {"greatest", si.value(s.high)},
          {"runs", s.tally.runs}, {"missing", s.tally.missing}, {"no_short_seen", s.tally.beyond + s.tally.open}};
}

Json sobol_json(const Findings& f, const Si& si) {
  Json factors = Json::array();
  for (std::size_t a = 0; a < f.explored.axes.size(); ++a) {
    const numerics::SobolIndex& i = f.sobol->factors[a];
    factors.push_back({{"factor", f.explored.axes[a].name}, {"first", share(i.first)}, {"total", share(i.total)}, {"rows", i.rows}, {"missing", i.missing}});
  }
  return {{"rows", f.sobol->rows}, {"mean", si.value(f.sobol->mean)}, {"standard_deviation", si.difference(std::sqrt(f.sobol->variance))},
          {"interactions", share(f.sobol->interactions)}, {"factors", std::move(factors)}};
}

Json morris_json(const Findings& f, const Si& si) {
  Json out = Json::array();
  for (std::size_t a = 0; a < f.morris.size(); ++a) {
    const numerics::MorrisEffect& e = f.morris[a];
    out.push_back({{"factor", f.explored.axes[a].name}, {"mean_absolute", si.bounded(e.mean_absolute)}, {"mean", si.bounded(e.mean)}, {"deviation", si.bounded(e.deviation)},
                   {"effects", e.effects}, {"missing", e.missing}});
  }
  return out;
}

Json curves_json(const Findings& f, const Si& si) {
  const campaign::ExploredAxis& axis = f.explored.axes[f.curve_axis];
  Json out = Json::array();
  for (const campaign::Curve& curve : f.curves) {
    Json points = Json::array();
    for (std::size_t k = 0; k < curve.x.size(); ++k) {
      Json point = spot_json(curve.spots[k], si);
      point["at"] = level_json(axis, curve.x[k]);
      points.push_back(std::move(point));
    }
    out.push_back({{"over", axis.name}, {"group", curve.name.empty() ? Json(nullptr) : Json(curve.name)}, {"points", std::move(points)}});
  }
  return out;
}

Json map_json(const Findings& f, const Si& si) {
  const campaign::ExploredAxis &x = f.explored.axes[f.chart_x], &y = f.explored.axes[f.chart_y];
  Json cells = Json::array();
  for (std::size_t k = 0; k < f.chart->spots.size(); ++k) {
    if (f.chart->spots[k].tally.runs == 0) continue;
    Json cell = spot_json(f.chart->spots[k], si);
    cell["x"] = level_json(x, f.chart->x[k % f.chart->x.size()]);
    cell["y"] = level_json(y, f.chart->y[k / f.chart->x.size()]);
    cells.push_back(std::move(cell));
  }
  return {{"x", x.name}, {"y", y.name}, {"cells", std::move(cells)}};
}

Json surface_json(const Findings& f, const Si& si) {
  if (!f.surface->surface) return {{"fitted", false}, {"why_not", f.surface->why_not}};
  const numerics::ResponseSurface& s = *f.surface->surface;
  Json factors = Json::array();
  const auto shares = s.shares();
  for (std::size_t a = 0; a < shares.size(); ++a) factors.push_back({{"factor", f.explored.axes[a].name}, {"first", shares[a].first}, {"total", shares[a].total}});
  return {{"fitted", true}, {"shape", numerics::label(s.shape())}, {"terms", s.terms()}, {"runs", s.results()}, {"foreseen", Si::real(s.foreseen())},
          {"error", si.difference(s.error())}, {"shares", std::move(factors)}};
}

Json result_json(const Findings& f) {
  const Si si(f.explored.result.unit);
  Json axes = Json::array();
  for (const campaign::ExploredAxis& axis : f.explored.axes) axes.push_back(axis_json(axis));
  Json out{{"result", f.explored.result.name}, {"runs", f.tally.runs}, {"missing", f.tally.missing}, {"lower_bounds", f.tally.beyond}, {"no_short_unknown_bound", f.tally.open}, {"axes", std::move(axes)}};
  if (f.sobol) out["sobol"] = sobol_json(f, si);
  if (!f.morris.empty()) out["morris"] = morris_json(f, si);
  if (!f.curves.empty()) out["curves"] = curves_json(f, si);
  if (f.chart) out["map"] = map_json(f, si);
  if (f.surface) out["surface"] = surface_json(f, si);
  out["notes"] = f.notes;
  return out;
}

} // namespace

std::string json_explored(std::string_view title, const std::vector<Findings>& results) {
  Json out{{"schema", "platen.campaign-findings/1"}, {"title", std::string(title)}, {"results", Json::array()}};
  for (const Findings& f : results) out["results"].push_back(result_json(f));
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace platen::report

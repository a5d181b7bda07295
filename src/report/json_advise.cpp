#include "report/advise.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

namespace platen::report {
namespace {

using Json = nlohmann::ordered_json;
using advise::Advice;
using advise::Candidate;
using advise::SpringChoice;

Json some(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }
Json amount(const std::optional<double>& value, std::string_view unit) {
  return value ? Json{{"value", some(*value)}, {"unit", std::string(unit)}} : Json(nullptr);
}
Json words(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }
Json span(const advise::Span90& s, std::string_view unit) { return {{"low", some(s.low)}, {"high", some(s.high)}, {"unit", std::string(unit)}}; }
Json span(const std::optional<advise::Span90>& s, std::string_view unit) { return s ? span(*s, unit) : Json(nullptr); }

Json load(const SpringLoad& l) {
  return {{"force", amount(l.force, "N")}, {"compression", amount(l.compression, "m")}, {"to_load_limit", amount(l.force_margin, "N")}, {"to_travel", amount(l.travel_margin, "m")}};
}

Json spring(const SpringChoice& c, const std::string& currency) {
  const advise::CatalogueSpring& s = c.spring;
  return {{"name", s.name}, {"count", c.count}, {"will_do", c.refused.empty()}, {"refused", c.refused}, {"notes", c.notes},
          {"rate", amount(s.rate, "N/m")}, {"load_limit", amount(s.load_limit, "N")}, {"travel", amount(s.travel, "m")}, {"travel_from", s.travel_from},
          {"basis", words(s.basis)}, {"source", words(s.source)}, {"stiffness", amount(c.stiffness, "Pa/m")},
          {"at_set_pressure", load(c.set)}, {"at_highest_pressure", load(c.highest)}, {"load_used", some(c.load_used)}, {"travel_used", some(c.travel_used)},
          {"swing", amount(c.loop.swing(), "Pa")}, {"swing_90", span(c.swing_range, "Pa")}, {"swing_without_friction", amount(c.swing_without_friction, "Pa")},
          {"after_first_charge", amount(c.loop.first, "Pa")}, {"lowest", amount(c.loop.lowest, "Pa")}, {"highest", amount(c.loop.most(), "Pa")}, {"highest_90", span(c.highest_range, "Pa")},
          {"drift", amount(c.drift, "Pa")}, {"drift_90", span(c.drift_range, "Pa")}, {"drift_by_frame", amount(c.drift_mismatch, "Pa")}, {"drift_by_springs", amount(c.drift_rate, "Pa")},
          {"preload_error", c.spring.tolerance ? amount(c.preload_error, "Pa") : Json(nullptr)},
          {"contact_hold", {{"force", amount(c.hold_force, "N")}, {"borne", c.bears_hold}}},
          {"price", c.price ? Json{{"value", *c.price}, {"unit", currency}} : Json(nullptr)}};
}

Json springs(const Advice& a) {
  if (a.springs.empty()) return nullptr;
  Json choices = Json::array();
  for (const SpringChoice& c : a.springs) choices.push_back(spring(c, a.currency));
  return {{"catalogue", a.catalogue}, {"stack_pressure", amount(a.demand.pressure, "Pa")}, {"area", amount(a.demand.area, "m2")},
          {"thickest", amount(a.demand.breathing.thickest, "m")}, {"thinnest", amount(a.demand.breathing.thinnest, "m")},
          {"fixed_gap", {{"lowest", amount(a.gap.lowest, "Pa")}, {"highest", amount(a.gap.most(), "Pa")}, {"swing", amount(a.gap.swing(), "Pa")}}},
          {"summary", springs_in_words(a)}, {"choices", std::move(choices)}};
}

Json split(const advise::VarianceSplit& v) { return {{"cells", some(v.cells)}, {"parameters", some(v.parameters)}, {"mechanisms", some(v.mechanisms)}}; }

Json knob(advise::Knob k, double value, const Advice& a) {
  if (k == advise::Knob::fixture) return advise::value_in_words(k, value, a.fixtures);
  return amount(value, si_unit(advise::info(k).dimension));
}

Json candidate(const Candidate& c, const Advice& a) {
  const std::string_view unit = a.about_swing ? "Pa" : "A/m2";
  Json knobs = Json::object(), limits = Json::array();
  for (const advise::Knob k : c.knobs) knobs[std::string(advise::info(k).key)] = knob(k, advise::at(c.setting, k), a);
  for (const auto& [law, share] : c.limits) limits.push_back({{"what", law}, {"share", share}});
  return {{"change", c.change}, {"knobs", std::move(knobs)}, {"probability", some(c.odds.probability)},
          {"unknown_90", {{"low", some(c.odds.unknown.low)}, {"high", some(c.odds.unknown.high)}}},
          {"simulation", {{"standard_error", some(c.odds.error)}, {"low_90", some(c.odds.simulated.low)}, {"high_90", some(c.odds.simulated.high)}}},
          {"gain", {{"mean", some(c.gain.mean)}, {"standard_error", some(c.gain.error)}, {"helps", c.helps()}}},
          {"cost", some(c.cost)}, {"cost_per_gain", c.helps() ? some(c.cost_per_gain()) : Json(nullptr)},
          {a.about_swing ? "swing" : "ccd", {{"median", amount(c.median, unit)}, {"of_cells_90", span(c.quantity, unit)}, {"upper_end_is_a_bound", c.bounded}}},
          {"variance_of_reaching", split(c.odds.reached)}, {"variance_of_ln", split(c.odds.quantity)},
          {"held_back_by", std::move(limits)}, {"untested", c.untested}, {"runs", c.runs}, {"failed", c.failed}};
}

Json goal(const Advice& a) {
  const advise::Goal& g = a.question.goal;
  return {{"ccd", amount(g.ccd, "A/m2")}, {"areal_capacity", amount(g.areal_capacity, "C/m2")}, {"swing", amount(g.swing, "Pa")},
          {"current_density", a.about_swing ? Json(nullptr) : amount(a.target, "A/m2")}, {"probability", g.probability}, {"summary", goal_in_words(a)}};
}

Json numbered(const std::optional<std::size_t>& k) { return k ? Json(*k + 1) : Json(nullptr); }

Json odds(const Advice& a) {
  if (!a.question.goal.stated()) return nullptr;
  Json mechanisms = Json::array(), changes = Json::array();
  for (const auto& [name, weight] : a.mechanisms) mechanisms.push_back({{"name", name}, {"weight", weight}});
  for (const Candidate& c : a.changes) changes.push_back(candidate(c, a));
  return {{"goal", goal(a)}, {"ensemble", {{"name", a.ensemble}, {"held_against_data", a.conditioned}, {"sets", a.sets}, {"cells", a.cells}, {"seed", a.question.ensemble.seed}, {"mechanisms", std::move(mechanisms)}}},
          {"summary", what_to_do(a)}, {"as_it_is", candidate(a.as_it_is, a)}, {"changes", std::move(changes)},
          {"cheapest_help", numbered(a.cheapest_help)}, {"cheapest_reach", numbered(a.cheapest_reach)}, {"cheapest_measured", numbered(a.cheapest_measured)}, {"best", numbered(a.best)}, {"untested", a.untested}};
}

} // namespace

std::string json_advice(const Advice& a) {
  Json warnings = Json::array();
  for (const Diagnostic& d : a.warnings) warnings.push_back({{"code", d.code}, {"message", d.message}});
  const Json answer = {{"schema", "platen.advise/1"}, {"study", a.study}, {"odds", odds(a)}, {"springs", springs(a)}, {"warnings", std::move(warnings)}};
  return answer.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace platen::report

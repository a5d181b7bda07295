#include "report/pressure.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

namespace platen::report {
namespace {

using Json = nlohmann::ordered_json;

Json real(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }
Json amount(double value, std::string_view unit) { return {{"value", real(value)}, {"unit", std::string(unit)}}; }
Json amount(const std::optional<double>& value, std::string_view unit) { return value ? amount(*value, unit) : Json(nullptr); }
Json measured(const Measured& m, std::string_view unit) {
  return {{"value", real(m.value)}, {"unit", std::string(unit)}, {"standard_error", real(m.error)}};
}
Json measured(const std::optional<Measured>& m, std::string_view unit) { return m ? measured(*m, unit) : Json(nullptr); }
Json forecast(const std::optional<Forecast>& f, std::string_view unit) {
  if (!f) return nullptr;
  return {{"value", real(f->value)}, {"low", real(f->low)}, {"high", real(f->high)}, {"unit", std::string(unit)}};
}
Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

std::string slope_unit(bool per_area) { return per_area ? "Pa m2/C" : "Pa/C"; }

Json cycle_json(const PressureCycle& c) {
  return {{"cycle", c.cycle},
          {"start", amount(c.start, "s")},
          {"end", amount(c.end, "s")},
          {"minimum", amount(c.minimum, "Pa")},
          {"maximum", amount(c.maximum, "Pa")},
          {"swing", amount(c.swing, "Pa")},
          {"swing_of_noise", amount(c.swing_of_noise, "Pa")},
          {"drift", measured(Measured{c.drift, c.drift_error}, "Pa")},
          {"jumps", c.jumps}};
}

Json jump_json(const PressureJump& j) {
  return {{"kind", label(j.kind)},
          {"start", amount(j.start, "s")},
          {"end", amount(j.end, "s")},
          {"size", measured(Measured{j.size, j.error}, "Pa")},
          {"temperature_change", amount(j.temperature_change, "K")},
          {"reason", j.reason}};
}

Json thermal_json(const std::optional<ThermalResponse>& t) {
  if (!t) return nullptr;
  return {{"coefficient", measured(t->coefficient, "Pa/K")},
          {"correlation", real(t->correlation)},
          {"range", amount(t->range, "K")},
          {"thermometer", amount(t->thermometer, "K")},
          {"removed", t->removed},
          {"refused", text_or_null(t->refused)}};
}

Json regression_json(const std::optional<PressureRegression>& r) {
  if (!r) return nullptr;
  return {{"slope", measured(r->slope, slope_unit(r->per_area))},
          {"stiffness", measured(r->stiffness, "Pa/m")},
          {"drift", measured(r->drift, "Pa/s")},
          {"noise", amount(r->noise, "Pa")},
          {"slow_noise", amount(r->slow_noise, "Pa")},
          {"memory", amount(r->memory, "s")},
          {"readings", r->readings},
          {"half_cycles", r->half_cycles},
          {"levels", r->levels}};
}

Json half_cycle_json(const HalfCyclePressure& h, bool per_area) {
  return {{"half_cycle", h.half_cycle + 1},
          {"direction", h.direction},
          {"pressure", amount(h.pressure, "Pa")},
          {"charge", amount(h.charge, per_area ? "C/m2" : "C")},
          {"slope", measured(h.slope, slope_unit(per_area))},
          {"end_slope", measured(h.end_slope, slope_unit(per_area))},
          {"readings", h.readings}};
}

Json loop_json(const PressureLoop& l, bool per_area) {
  return {{"cycle", l.cycle},
          {"area", measured(l.area, per_area ? "Pa C/m2" : "Pa C")},
          {"gap", measured(l.gap, "Pa")},
          {"swing", amount(l.swing, "Pa")}};
}

Json fixture_json(const FixtureJudgement& f) {
  Json figure = nullptr;
  if (f.figure) {
    figure = measured(*f.figure, "m2/C");
    figure["low"] = real(f.low);
    figure["high"] = real(f.high);
  }
  return {{"behaviour", label(f.behaviour)}, {"figure", std::move(figure)}, {"reason", text_or_null(f.reason)}};
}

Json law_json(const RelaxationLaw& law) {
  Json parameters = Json::object();
  for (const NamedNumber& p : law.parameters) parameters[p.name] = measured(p.number, p.unit);
  return {{"law", label(law.kind)},
          {"parameters", std::move(parameters)},
          {"aicc", real(law.aicc)},
          {"behind", real(law.behind)},
          {"weight", real(law.weight)},
          {"final_pressure", amount(law.final_pressure, "Pa")},
          {"ninety_percent", forecast(law.ninety, "s")},
          {"below_resolution", forecast(law.below_noise, "s")},
          {"next", forecast(law.next, "Pa")},
          {"noise", amount(law.noise, "Pa")},
          {"slow_noise", amount(law.slow_noise, "Pa")},
          {"memory", amount(law.memory, "s")}};
}

Json hold_json(const PressureHold& h) {
  Json laws = Json::array();
  for (const RelaxationLaw& law : h.laws) laws.push_back(law_json(law));
  return {{"start", amount(h.start, "s")},
          {"end", amount(h.end, "s")},
          {"first", amount(h.first, "Pa")},
          {"last", amount(h.last, "Pa")},
          {"readings", h.readings},
          {"resolution", amount(h.resolution, "Pa")},
          {"temperature", amount(h.temperature, "K")},
          {"temperature_range", amount(h.temperature_range, "K")},
          {"refused", text_or_null(h.refused)},
          {"relaxes", h.relaxes},
          {"may_not_saturate", h.may_not_saturate},
          {"hindcast", amount(h.hindcast, "Pa")},
          {"hindcast_failed", h.hindcast_failed},
          {"ninety_percent", forecast(h.ninety, "s")},
          {"below_resolution", forecast(h.below_noise, "s")},
          {"next", forecast(h.next, "Pa")},
          {"saturation", text_or_null(h.saturation)},
          {"laws", std::move(laws)}};
}

Json comparison_json(const std::optional<FixtureComparison>& c) {
  if (!c) return nullptr;
  Json at = Json::array();
  for (const PressureRemainder& r : c->at)
    at.push_back({{"time", amount(r.time, "s")},
                  {"loaded", amount(r.loaded, "Pa")},
                  {"empty", amount(r.empty, "Pa")},
                  {"remains", measured(r.remains, "Pa")}});
  return {{"file", c->file},
          {"loaded_start", amount(c->loaded_start, "Pa")},
          {"empty_start", amount(c->empty_start, "Pa")},
          {"at", std::move(at)},
          {"share", measured(c->share, "1")},
          {"notes", c->notes},
          {"reason", c->reason}};
}

template <class Items, class Make> Json each(const Items& items, Make&& make) {
  Json out = Json::array();
  for (const auto& item : items) out.push_back(make(item));
  return out;
}

Json object_of(const PressureAssessment& p) {
  const bool per_area = p.regression && p.regression->per_area;
  return {{"after_release", amount(p.after_release, "Pa")},
          {"after_first_half_cycle", amount(p.after_first_half_cycle, "Pa")},
          {"largest_change_while_cycling", amount(p.largest_change_while_cycling, "Pa")},
          {"cycles", each(p.cycles, cycle_json)},
          {"noise", amount(p.noise, "Pa")},
          {"resolution", amount(p.resolution, "Pa")},
          {"jumps", each(p.jumps, jump_json)},
          {"thermal", thermal_json(p.thermal)},
          {"half_cycles", each(p.half_cycles, [&](const HalfCyclePressure& h) { return half_cycle_json(h, per_area); })},
          {"regression", regression_json(p.regression)},
          {"loops", each(p.loops, [&](const PressureLoop& l) { return loop_json(l, per_area); })},
          {"fixture", fixture_json(p.fixture)},
          {"holds", each(p.holds, hold_json)},
          {"empty_fixture", comparison_json(p.empty_fixture)}};
}

} // namespace

std::string pressure_object(const PressureAssessment& pressure) {
  return object_of(pressure).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string json_pressure(const PressurePage& page) {
  Json warnings = Json::array();
  for (const Diagnostic& d : page.record.warnings) warnings.push_back({{"code", d.code}, {"message", d.message}, {"hints", d.hints}});
  const Json answer = {{"schema", "platen.pressure/1"},
                       {"title", page.title},
                       {"configuration", label(page.record.cell.configuration)},
                       {"rows", page.record.rows()},
                       {"pressure", object_of(page.pressure)},
                       {"warnings", std::move(warnings)}};
  return answer.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace platen::report

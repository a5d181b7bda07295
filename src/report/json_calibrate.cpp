#include "report/calibrate.hpp"

#include "physics/parameters.hpp"

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

namespace platen::report {
namespace {

using Json = nlohmann::ordered_json;
using calibrate::Calibration;
using calibrate::Number;
using calibrate::Observed;

Json real(double v) { return std::isfinite(v) ? Json(v) : Json(nullptr); }
Json measured(double v, const std::string& unit) { return {{"value", real(v)}, {"unit", unit}}; }
Json reals(const std::vector<double>& v) {
  Json out = Json::array();
  for (const double x : v) out.push_back(real(x));
  return out;
}

std::string unit_of(const Number& n) {
  const physics::ParameterInfo* row = physics::find_parameter(n.key);
  if (row != nullptr) return row->dimension == dim::none ? "1" : si_unit(row->dimension);
  if (n.shown_in == "mV") return "V";
  return n.shown_in == "MPa" ? "Pa" : n.shown_in == "s" ? "s" : "1";
}

std::string unit_of(Observed o) {
  switch (o) {
  case Observed::voltage: return "V";
  case Observed::stack_pressure:
  case Observed::first_swing:
  case Observed::pressure_after_half_cycle: return "Pa";
  case Observed::dc_resistance:
  case Observed::high_frequency_resistance: return "ohm";
  case Observed::ccd: return "A/m2";
  case Observed::life: return "1";
  }
  return "1";
}

Json profile_json(const Calibration& c, std::size_t j) {
  if (!c.profiles) return nullptr;
  static constexpr std::array<std::string_view, 4> open{"", "bound", "unbounded", "not simulated"};
  for (const calibrate::Profile& p : c.profiles->profiles) {
    if (p.number != j) continue;
    Json points = Json::array();
    for (const calibrate::ProfilePoint& point : p.points) points.push_back({{"value", measured(point.values[j], unit_of(c.problem.numbers[j]))}, {"rise", real(point.rise)}});
    const auto side = [&](calibrate::Open o) { return o == calibrate::Open::closed ? Json(nullptr) : Json(open[static_cast<std::size_t>(o)]); };
    return {{"points", std::move(points)}, {"low_open", side(p.low_open)}, {"high_open", side(p.high_open)}};
  }
  return nullptr;
}

Json number_json(const Calibration& c, std::size_t j) {
  const Number& n = c.problem.numbers[j];
  const std::string unit = unit_of(n);
  const calibrate::Knowledge& k = c.knowledge[j];
  const auto bound = [&](const std::optional<double>& v) { return v ? measured(*v, unit) : Json(nullptr); };
  Json prior = nullptr;
  if (n.prior) prior = {{"mean", measured(n.unscaled(n.prior->mean), unit)}, {"deviation", n.prior->deviation}};
  Json out{{"key", n.key},
           {"of_laws", calibrate::of_laws(n)},
           {"scale", n.logarithmic ? "logarithmic" : "linear"},
           {"value", measured(c.fit.values[j], unit)},
           {"low_95", bound(k.low)},
           {"high_95", bound(k.high)},
           {"interval_from", k.from},
           {"deviation", real(c.fit.deviation(j))},
           {"bounds", {{"low", measured(n.low, unit)}, {"high", measured(n.high, unit)}}},
           {"at_bound", c.fit.at_bound[j] != calibrate::AtBound::inside},
           {"prior", std::move(prior)},
           {"learnt", k.learnt},
           {"standing", label(k.standing)},
           {"words", k.words},
           {"profile", profile_json(c, j)}};
  if (c.posterior) out["posterior"] = {{"median", measured(c.posterior->quantile(j, 0.5), unit)}, {"low_95", measured(c.posterior->quantile(j, 0.025), unit)},
                                       {"high_95", measured(c.posterior->quantile(j, 0.975), unit)}, {"r_hat", real(c.posterior->convergence[j].r_hat)},
                                       {"effective_draws", c.posterior->convergence[j].effective}};
  else out["posterior"] = nullptr;
  return out;
}

Json term_json(const Calibration& c, const calibrate::Term& t) {
  double sum = 0.0;
  for (std::size_t i = 0; i < t.count; ++i) sum += c.fit.residuals[t.first + i] * c.fit.residuals[t.first + i];
  return {{"label", t.label}, {"group", t.group}, {"residuals", t.count}, {"squares", sum}};
}

Json series_json(const Calibration& c, std::size_t s) {
  const calibrate::Compared& v = c.comparison.series[s];
  Json out{{"record", v.record},           {"quantity", label(v.observed)},       {"unit", unit_of(v.observed)},
           {"time", reals(v.time)},        {"measured", reals(v.measured)},       {"predicted", reals(v.predicted)},
           {"deviation", reals(v.deviation)}, {"noise", {{"white", std::sqrt(v.noise.variance)}, {"slow_over_white", v.noise.shape.slow}, {"memory", measured(v.noise.shape.time, "s")}, {"effective_points", v.noise.effective}}}};
  if (s < c.series_bands.size())
    out["band_95"] = {{"low", reals(c.series_bands[s].low)}, {"high", reals(c.series_bands[s].high)}, {"predictive_low", reals(c.series_bands[s].predictive_low)}, {"predictive_high", reals(c.series_bands[s].predictive_high)}};
  else out["band_95"] = nullptr;
  return out;
}

Json event_json(const Calibration& c, std::size_t e) {
  const calibrate::ComparedEvent& v = c.comparison.events[e];
  const std::string unit = unit_of(v.observed);
  const auto some = [&](const std::optional<double>& x) { return x ? measured(*x, unit) : Json(nullptr); };
  Json out{{"label", v.label}, {"group", v.group}, {"quantity", label(v.observed)}, {"low", v.seen ? measured(v.seen->low, unit) : Json(nullptr)},
           {"high", v.seen ? measured(v.seen->high, unit) : Json(nullptr)}, {"value", some(v.value)}, {"deviation", some(v.deviation)},
           {"predicted", measured(v.predicted, unit)}, {"scatter", v.scatter}};
  if (e < c.event_bands.size()) {
    const calibrate::Band& b = c.event_bands[e];
    out["band_95"] = {{"low", real(b.low[0])}, {"high", real(b.high[0])}, {"predictive_low", real(b.predictive_low[0])}, {"predictive_high", real(b.predictive_high[0])}, {"unit", unit}};
  } else {
    out["band_95"] = nullptr;
  }
  return out;
}

} // namespace

std::string json_calibration(const Calibration& c, const calibrate::Inputs& inputs, std::string_view program) {
  const std::size_t n = c.problem.numbers.size();
  Json numbers = Json::array(), terms = Json::array(), series = Json::array(), events = Json::array(), starts = Json::array(), read = Json::array(), correlation = Json::array();
  for (std::size_t j = 0; j < n; ++j) {
    numbers.push_back(number_json(c, j));
    correlation.push_back(reals({c.fit.correlation.begin() + static_cast<std::ptrdiff_t>(j * n), c.fit.correlation.begin() + static_cast<std::ptrdiff_t>((j + 1) * n)}));
  }
  for (const calibrate::Term& t : c.problem.terms) terms.push_back(term_json(c, t));
  for (std::size_t s = 0; s < c.comparison.series.size(); ++s) series.push_back(series_json(c, s));
  for (std::size_t e = 0; e < c.comparison.events.size(); ++e) events.push_back(event_json(c, e));
  for (const calibrate::Start& s : c.fit.starts)
    starts.push_back({{"cost", real(s.cost)}, {"iterations", s.iterations}, {"converged", s.converged}, {"simulated", s.simulated}});
  for (const auto& [name, checksum] : inputs) read.push_back({{"file", name}, {"sha256", checksum}});
  Json out{{"schema", "platen.calibrate/1"},
           {"program", std::string(program)},
           {"name", c.file.name},
           {"description", c.file.description},
           {"inputs", std::move(read)},
           {"residuals", c.problem.residuals},
           {"cost", real(c.fit.cost)},
           {"deviance", real(c.fit.deviance)},
           {"converged", c.fit.converged},
           {"interrupted", c.interrupted},
           {"starts", std::move(starts)},
           {"numbers", std::move(numbers)},
           {"correlation", std::move(correlation)},
           {"terms", std::move(terms)},
           {"series", std::move(series)},
           {"events", std::move(events)},
           {"not_determined", c.words}};
  if (c.posterior) out["posterior"] = {{"draws", c.posterior->draws.size()}, {"steps_per_chain", c.posterior->steps}, {"acceptance", c.posterior->acceptance}, {"converged", c.posterior->converged}};
  else out["posterior"] = nullptr;
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace platen::report

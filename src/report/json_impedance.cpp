#include "report/impedance.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

namespace platen::report {
namespace {

using namespace impedance;
using Json = nlohmann::ordered_json;

std::string answer_text(const Json& answer) { return answer.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

Json real(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }
Json measured(double value, std::string_view unit) { return {{"value", real(value)}, {"unit", std::string(unit)}}; }
Json uncertain(const Uncertain& x, std::string_view unit) {
  return {{"value", real(x.value)}, {"unit", std::string(unit)}, {"standard_error", real(x.error)}};
}

Json numbers(const std::vector<double>& values) {
  Json out = Json::array();
  for (const double v : values) out.push_back(real(v));
  return out;
}

Json curve(const std::vector<double>& values, std::string_view unit) { return {{"values", numbers(values)}, {"unit", std::string(unit)}}; }

std::string_view why(DropProposal::Why reason) {
  using Why = DropProposal::Why;
  switch (reason) {
  case Why::invalid:
    return "invalid";
  case Why::repeated:
    return "repeated";
  case Why::inductive:
    return "inductive";
  case Why::outlier:
    return "outlier";
  case Why::mains:
    break;
  }
  return "mains";
}

Json quality_json(const SpectrumQuality& q) {
  Json drops = Json::array();
  for (const DropProposal& d : q.drops)
    drops.push_back({{"point", d.point + 1}, {"frequency", measured(d.frequency, "Hz")}, {"why", why(d.why)}, {"reason", d.reason}});
  return {{"consistent", q.consistent},
          {"verdict", q.verdict},
          {"noise", real(q.kk.noise)},
          {"violation", real(q.kk.violation)},
          {"drift", real(q.hit.drift)},
          {"drops", std::move(drops)}};
}

Json spectrum_json(const SpectrumData& data) {
  Json left_out = Json::array();
  for (const std::size_t k : data.left_out) left_out.push_back(k + 1);
  return {{"name", data.name}, {"points", data.frequency.size()}, {"start", measured(data.start, "s")}, {"left_out", std::move(left_out)}};
}

Json elements_json(const CircuitFit& fit, const NamedModel* model) {
  Json out = Json::array();
  for (const FittedParameter& p : fit.parameters) {
    Json one = {{"name", p.name},
                {"value", real(p.value)},
                {"unit", std::string(p.unit)},
                {"standard_error", real(p.standard_error)},
                {"low", real(p.low)},
                {"high", real(p.high)},
                {"standing", label(p.standing)}};
    const std::string_view role = model ? meaning(*model, p.name.substr(0, p.name.find('.'))) : "";
    one["meaning"] = role.empty() ? Json(nullptr) : Json(std::string(role));
    out.push_back(std::move(one));
  }
  return out;
}

Json fit_json(const CircuitFit& fit, const NamedModel* model) {
  return {{"circuit", fit.circuit},
          {"elements", elements_json(fit, model)},
          {"residual", real(fit.residual)},
          {"worst", real(fit.worst)},
          {"aicc", real(fit.aicc)},
          {"starts", fit.starts},
          {"agreeing", fit.agreeing},
          {"converged", fit.converged}};
}

} // namespace

std::string json_eis_inspect(const std::vector<SpectrumData>& spectra, const std::vector<SpectrumQuality>& quality) {
  Json all = Json::array();
  for (std::size_t k = 0; k < spectra.size(); ++k) {
    Json one = spectrum_json(spectra[k]);
    one.update(quality_json(quality[k]));
    all.push_back(std::move(one));
  }
  return answer_text({{"schema", "platen.eis.inspect/1"}, {"spectra", std::move(all)}});
}

std::string json_eis_kk(const SpectrumData& data, const SpectrumQuality& q) {
  Json answer = {{"schema", "platen.eis.kk/1"}, {"spectrum", spectrum_json(data)}};
  answer.update(quality_json(q));
  std::vector<double> used;
  for (const std::size_t k : q.usable) used.push_back(data.frequency[k]);
  answer["linear"] = {{"elements", q.kk.elements},
                      {"mu", real(q.kk.mu)},
                      {"residual", real(q.kk.residual)},
                      {"inductance", uncertain({q.kk.inductance, q.kk.inductance_error}, "H")},
                      {"residual_real", numbers(q.kk.residual_real)},
                      {"residual_imaginary", numbers(q.kk.residual_imaginary)}};
  answer["z_hit"] = {{"residual", real(q.hit.residual)}, {"deviation", numbers(q.hit.deviation)}};
  answer["frequency"] = curve(used, "Hz");
  return answer_text(answer);
}

std::string json_eis_fit(const SpectrumData& data, const EisFit& a) {
  const NamedModel* model = a.tried.empty() ? nullptr : a.tried.front().model;
  Json answer = {{"schema", "platen.eis.fit/1"}, {"spectrum", spectrum_json(data)}};
  answer.update(fit_json(a.fit, model));
  answer["weighting"] = a.weighting;
  answer["interval"] = a.profiled ? "profile" : "covariance";
  answer["model"] = a.model.empty() ? Json(nullptr) : Json(a.model);
  Json conductivities = Json::array();
  for (const ElementConductivity& c : a.conductivities) {
    Json one = {{"element", c.element}};
    one.update(uncertain(c.value, "S/m"));
    conductivities.push_back(std::move(one));
  }
  answer["conductivities"] = std::move(conductivities);
  Json interfaces = Json::array();
  for (const ElementInterface& i : a.interfaces) {
    Json one = {{"element", i.element}};
    one.update(uncertain(i.value, "ohm m2"));
    interfaces.push_back(std::move(one));
  }
  answer["interfaces"] = std::move(interfaces);
  Json tried = Json::array();
  for (const ModelResult& r : a.tried)
    tried.push_back({{"model", r.model ? Json(std::string(r.model->name)) : Json(nullptr)},
                     {"circuit", r.fit.circuit},
                     {"residual", real(r.fit.residual)},
                     {"aicc_above_lowest", real(r.delta)},
                     {"sound", r.sound}});
  answer["tried"] = std::move(tried);
  return answer_text(answer);
}

std::string json_eis_drt(const SpectrumData& data, const Drt& drt) {
  Json peaks = Json::array();
  for (const DrtPeak& p : drt.peaks)
    peaks.push_back({{"tau", measured(p.tau, "s")},
                     {"tau_low", measured(p.tau_low, "s")},
                     {"tau_high", measured(p.tau_high, "s")},
                     {"resistance", measured(p.resistance, "ohm")},
                     {"resistance_low", measured(p.resistance_low, "ohm")},
                     {"resistance_high", measured(p.resistance_high, "ohm")},
                     {"at_edge", p.at_edge}});
  return answer_text({{"schema", "platen.eis.drt/1"},
                      {"spectrum", spectrum_json(data)},
                      {"residual", real(drt.residual)},
                      {"noise", real(drt.noise)},
                      {"smoothing", real(drt.smoothing)},
                      {"resistance", measured(drt.resistance, "ohm")},
                      {"polarisation", measured(drt.polarisation, "ohm")},
                      {"inductance", measured(drt.inductance, "H")},
                      {"elastance", measured(drt.elastance, "1/F")},
                      {"peaks", std::move(peaks)},
                      {"tau", curve(drt.tau, "s")},
                      {"gamma", curve(drt.gamma, "ohm")},
                      {"gamma_low", curve(drt.low, "ohm")},
                      {"gamma_high", curve(drt.high, "ohm")}});
}

std::string json_eis_series(const EisSeries& series) {
  Json spectra = Json::array();
  for (std::size_t k = 0; k < series.fits.size(); ++k) {
    Json one = spectrum_json(series.spectra[k]);
    one.update(fit_json(series.fits[k], nullptr));
    spectra.push_back(std::move(one));
  }
  Json answer = {{"schema", "platen.eis.series/1"}, {"spectra", std::move(spectra)}, {"contact", nullptr}};
  if (series.contact) {
    const ContactSeries& c = *series.contact;
    Json points = Json::array();
    for (const ContactPoint& p : c.points)
      points.push_back({{"time", measured(p.time, "s")},
                        {"stack_pressure", measured(p.pressure, "Pa")},
                        {"theta", real(p.theta)},
                        {"theta_low", real(p.low)},
                        {"theta_high", real(p.high)},
                        {"constriction", real(p.constriction)}});
    answer["contact"] = {{"parameter", series.contact_parameter},
                         {"full_contact", uncertain(c.perfect, "ohm m2")},
                         {"settled", c.settled},
                         {"initial", uncertain(c.initial, "1")},
                         {"time_constant", uncertain(c.time, "s")},
                         {"points", std::move(points)},
                         {"assumes", c.assumes}};
  }
  return answer_text(answer);
}

std::string json_eis_arrhenius(const EisArrhenius& a) {
  Json spectra = Json::array(), lines = Json::array();
  for (std::size_t k = 0; k < a.fits.size(); ++k) {
    Json one = spectrum_json(a.spectra[k]);
    one["temperature"] = measured(a.temperature[k], "K");
    one.update(fit_json(a.fits[k], nullptr));
    spectra.push_back(std::move(one));
  }
  for (const auto& line : a.lines) {
    Json values = Json::array();
    for (std::size_t k = 0; k < line.value.size(); ++k) {
      Json one = {{"temperature", measured(a.temperature[k], "K")}};
      one.update(uncertain(line.value[k], line.unit));
      values.push_back(std::move(one));
    }
    lines.push_back({{"what", line.what},
                     {"values", std::move(values)},
                     {"activation_energy", line.activation ? uncertain(line.activation->energy, "J/mol") : Json(nullptr)},
                     {"at_298_15_K", line.activation ? uncertain(line.at(298.15), line.unit) : Json(nullptr)},
                     {"scatter", line.activation ? real(line.activation->scatter) : Json(nullptr)}});
  }
  Json verdict = nullptr;
  if (a.verdict) {
    const bool areas = a.verdict->area_exponent_error > 0.0;
    verdict = {{"arc", a.arc},
               {"electrolyte", a.electrolyte.empty() ? Json(nullptr) : Json(a.electrolyte)},
               {"kind", label(a.verdict->kind)},
               {"area_exponent", areas ? uncertain({a.verdict->area_exponent, a.verdict->area_exponent_error}, "1") : Json(nullptr)},
               {"reasons", a.verdict->reasons}};
  }
  return answer_text({{"schema", "platen.eis.arrhenius/1"}, {"spectra", std::move(spectra)}, {"lines", std::move(lines)}, {"verdict", std::move(verdict)}});
}

std::string json_dc(const DcAnswer& a) {
  const Polarisation& p = a.result;
  Json transients = Json::array();
  for (const Transient& t : p.transients)
    transients.push_back({{"amplitude", measured(t.amplitude, "A")}, {"time", measured(t.time, "s")}, {"what", t.what}});
  return answer_text({{"schema", "platen.dc/1"},
                      {"voltage", measured(a.held.voltage, "V")},
                      {"duration", measured(p.duration, "s")},
                      {"steady", uncertain(p.steady, "A")},
                      {"last", uncertain(p.last, "A")},
                      {"stationary", p.stationary},
                      {"significant", p.significant},
                      {"conductivity", p.conductivity ? uncertain(*p.conductivity, "S/m") : Json(nullptr)},
                      {"law", p.law},
                      {"transients", std::move(transients)},
                      {"trend", uncertain({p.trend, p.trend_error}, "A/s")},
                      {"noise", measured(p.noise, "A")},
                      {"resolution", measured(p.resolution, "A")},
                      {"needed", p.needed > 0.0 ? measured(p.needed, "s") : Json(nullptr)},
                      {"warnings", p.warnings}});
}

} // namespace platen::report

#include "impedance/stored.hpp"

#include "base/constants.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace platen::impedance {
namespace {

constexpr double none = AnalysisValue::none;

std::string yes(bool is) { return is ? "yes" : "no"; }

AnalysisValue uncertain(std::string name, std::string unit, Uncertain x, std::string note = "") {
  return {std::move(name), std::move(unit), x.value, x.error, none, none, std::move(note)};
}
AnalysisValue plain(std::string name, std::string unit, double value) { return {std::move(name), std::move(unit), value, none, none, none, ""}; }

void put_model(Analysis& a, std::span<const double> frequency, const std::vector<std::complex<double>>& model) {
  AnalysisCurve real{"model_real", "ohm", {}}, imaginary{"model_imaginary", "ohm", {}};
  for (const auto& z : model) {
    real.values.push_back(z.real());
    imaginary.values.push_back(z.imag());
  }
  a.curves.push_back({"frequency", "Hz", {frequency.begin(), frequency.end()}});
  a.curves.push_back(std::move(real));
  a.curves.push_back(std::move(imaginary));
}

double number(const Analysis& a, std::string_view name) {
  const AnalysisValue* v = a.value(name);
  return v != nullptr ? v->value : 0.0;
}
Uncertain both(const Analysis& a, std::string_view name) {
  const AnalysisValue* v = a.value(name);
  return v != nullptr ? Uncertain{v->value, v->error} : Uncertain{};
}

} // namespace

Analysis stored(const SpectrumQuality& q, std::span<const double> frequency, std::size_t spectrum) {
  Analysis a{std::string(kind::kramers_kronig), spectrum, "linear Kramers-Kronig and Z-HIT", q.verdict, {{"consistent", yes(q.consistent)}}, {}, {}};
  a.values = {plain("noise", "1", q.kk.noise), plain("violation", "1", q.kk.violation), plain("drift", "1", q.hit.drift),
              plain("residual", "1", q.kk.residual), plain("relaxations", "1", static_cast<double>(q.kk.elements)),
              uncertain("inductance", "H", {q.kk.inductance, q.kk.inductance_error})};
  for (const DropProposal& d : q.drops) {
    a.values.push_back(plain("point to drop", "1", static_cast<double>(d.point + 1)));
    a.values.back().note = fmt::format("{:.4g} Hz: {}", d.frequency, d.reason);
  }
  put_model(a, frequency, q.kk.model);
  a.curves.push_back({"z_hit_modulus", "ohm", q.hit.modulus});
  return a;
}

Analysis stored(const CircuitFit& fit, const FitFacts& facts, std::span<const double> frequency, std::size_t spectrum) {
  Analysis a{std::string(kind::circuit), spectrum, fit.circuit, "", {}, {}, {}};
  a.verdict = fmt::format("{} misses by {:.2g} % of |Z|{}", fit.circuit, 100.0 * fit.residual, fit.converged ? "" : "; the fit did not converge");
  a.settings = {{"weights", std::string(label(facts.weighting))},
                {"interval", facts.profiled ? "profile" : "covariance"},
                {"starts", fmt::format("{}", fit.starts)},
                {"agreeing", fmt::format("{}", fit.agreeing)},
                {"converged", yes(fit.converged)}};
  if (facts.model != nullptr) a.settings["model"] = std::string(facts.model->name);
  for (const FittedParameter& p : fit.parameters) {
    a.values.push_back({p.name, std::string(p.unit), p.value, p.standard_error, p.low, p.high, std::string(label(p.standing))});
    if (facts.model == nullptr) continue;
    const std::string element = p.name.substr(0, p.name.find('.'));
    if (const auto role = meaning(*facts.model, element); !role.empty()) a.settings["meaning of " + element] = std::string(role);
  }
  a.values.push_back(plain("residual", "1", fit.residual));
  a.values.push_back(plain("worst", "1", fit.worst));
  a.values.push_back(plain("aicc", "1", fit.aicc));
  for (const auto& c : facts.conductivities) a.values.push_back(uncertain("conductivity from " + c.element, "S/m", c.value));
  for (const auto& i : facts.interfaces) a.values.push_back(uncertain("one interface from " + i.element, "ohm m2", i.value));
  put_model(a, frequency, fit.model);
  return a;
}

Analysis stored(const Drt& drt, std::span<const double> frequency, std::size_t spectrum) {
  Analysis a{std::string(kind::relaxation_times), spectrum, "regularised, non-negative", "", {}, {}, {}};
  const double least = 0.01 * drt.polarisation;
  const auto seen = std::count_if(drt.peaks.begin(), drt.peaks.end(), [&](const DrtPeak& p) { return p.resistance >= least; });
  a.verdict = fmt::format("{} peak{} with a hundredth or more of {:.4g} ohm", seen, seen == 1 ? "" : "s", drt.polarisation);
  a.values = {plain("resistance", "ohm", drt.resistance), plain("polarisation", "ohm", drt.polarisation), plain("inductance", "H", drt.inductance),
              plain("elastance", "1/F", drt.elastance),   plain("smoothing", "1", drt.smoothing),         plain("noise", "1", drt.noise),
              plain("residual", "1", drt.residual)};
  const bool bands = !drt.low.empty();
  for (std::size_t k = 0; k < drt.peaks.size(); ++k) {
    const DrtPeak& p = drt.peaks[k];
    const std::string note = p.at_edge ? "at the end of the window" : "";
    a.values.push_back({fmt::format("tau of peak {}", k + 1), "s", p.tau, none, bands ? p.tau_low : none, bands ? p.tau_high : none, note});
    a.values.push_back({fmt::format("resistance of peak {}", k + 1), "ohm", p.resistance, none, bands ? p.resistance_low : none,
                        bands ? p.resistance_high : none, note});
  }
  put_model(a, frequency, drt.model);
  a.curves.push_back({"tau", "s", drt.tau});
  a.curves.push_back({"gamma", "ohm", drt.gamma});
  if (bands) {
    a.curves.push_back({"gamma_low", "ohm", drt.low});
    a.curves.push_back({"gamma_high", "ohm", drt.high});
  }
  return a;
}

Analysis stored(const ContactSeries& c, const std::string& parameter) {
  Analysis a{std::string(kind::contact), 0, parameter, "", {{"settled", yes(c.settled)}, {"assumes", fmt::format("{}", fmt::join(c.assumes, "; "))}}, {}, {}};
  const ContactPoint& last = c.points.back();
  a.verdict = c.settled ? fmt::format("contact rose from {:.3g} to {:.3g} (95 %: {:.3g} to {:.3g})", c.points.front().theta, last.theta, last.low, last.high)
                        : std::string("the series does not show where it ends: theta has upper limits only");
  a.values = {uncertain("full_contact", "ohm m2", c.perfect), uncertain("initial", "1", c.initial), uncertain("time_constant", "s", c.time),
              plain("stretch", "1", c.stretch), plain("residual", "1", c.residual)};
  const auto curve = [&](const char* name, const char* unit, double ContactPoint::*member) {
    AnalysisCurve out{name, unit, {}};
    for (const ContactPoint& p : c.points) out.values.push_back(p.*member);
    a.curves.push_back(std::move(out));
  };
  curve("time", "s", &ContactPoint::time);
  curve("stack_pressure", "Pa", &ContactPoint::pressure);
  curve("theta", "1", &ContactPoint::theta);
  curve("theta_error", "1", &ContactPoint::error);
  curve("theta_low", "1", &ContactPoint::low);
  curve("theta_high", "1", &ContactPoint::high);
  curve("constriction", "1", &ContactPoint::constriction);
  return a;
}

Analysis stored(const Polarisation& p, const PolarisationOptions& o) {
  Analysis a{std::string(kind::polarisation), 0, "", "", {}, {}, {}};
  a.verdict = fmt::format("{:.3g} +- {:.2g} nA at {:.4g} mV, {}", 1e9 * p.steady.value, 1e9 * p.steady.error, 1e3 * o.voltage.value,
                          p.stationary ? "stationary" : "not stationary");
  a.settings = {{"law", p.law}, {"stationary", yes(p.stationary)}, {"significant", yes(p.significant)}};
  for (std::size_t k = 0; k < p.warnings.size(); ++k) a.settings[fmt::format("warning {}", k + 1)] = p.warnings[k];
  a.values = {uncertain("voltage", "V", o.voltage), plain("duration", "s", p.duration), uncertain("steady", "A", p.steady), uncertain("last", "A", p.last),
              uncertain("leakage", "A", o.leakage), uncertain("trend", "A/s", {p.trend, p.trend_error}), plain("noise", "A", p.noise),
              plain("resolution", "A", p.resolution)};
  if (p.needed > 0.0) a.values.push_back(plain("needed", "s", p.needed));
  if (p.conductivity) a.values.push_back(uncertain("electronic conductivity", "S/m", *p.conductivity));
  for (std::size_t k = 0; k < p.transients.size(); ++k) {
    a.values.push_back(plain(fmt::format("amplitude of transient {}", k + 1), "A", p.transients[k].amplitude));
    a.values.back().note = p.transients[k].what;
    a.values.push_back(plain(fmt::format("time of transient {}", k + 1), "s", p.transients[k].time));
    a.values.back().note = p.transients[k].what;
  }
  return a;
}

Analysis stored(const Activation& line, const std::string& what, std::string_view unit, std::span<const double> temperature,
                std::span<const Uncertain> value) {
  Analysis a{std::string(kind::activation), 0, what, "", {{"line", line.times_temperature ? "ln(value times T) over 1/T" : "ln(value) over 1/T"}}, {}, {}};
  a.verdict = fmt::format("{}: {:.4g} +- {:.2g} kJ/mol from {} temperatures", what, std::abs(line.energy.value) / 1e3, line.energy.error / 1e3, line.points);
  const Uncertain room = line.at(constants::T_ref);
  a.values = {uncertain("activation energy", "J/mol", line.energy), plain("scatter", "1", line.scatter),
              uncertain("at 298.15 K", std::string(unit), room, "by the line")};
  AnalysisCurve kelvin{"temperature", "K", {temperature.begin(), temperature.end()}}, values{"value", std::string(unit), {}}, errors{"value_error", std::string(unit), {}};
  for (const Uncertain& v : value) {
    values.values.push_back(v.value);
    errors.values.push_back(v.error);
  }
  a.curves = {std::move(kelvin), std::move(values), std::move(errors)};
  return a;
}

CircuitFit fit_of(const Analysis& a) {
  const Circuit circuit = Circuit::parse(a.method);
  CircuitFit fit;
  fit.circuit = a.method;
  for (const Parameter& p : circuit.parameters()) {
    FittedParameter out{p.name, p.unit};
    if (const AnalysisValue* v = a.value(p.name)) {
      out.value = v->value;
      out.standard_error = v->error;
      out.low = v->low;
      out.high = v->high;
      for (const Standing s : {Standing::free, Standing::fixed, Standing::tied, Standing::at_bound, Standing::undetermined})
        if (label(s) == v->note) out.standing = s;
    }
    fit.parameters.push_back(std::move(out));
  }
  fit.residual = number(a, "residual");
  fit.worst = number(a, "worst");
  fit.aicc = number(a, "aicc");
  fit.converged = a.setting("converged") == "yes";
  fit.model = model_of(a);
  return fit;
}

std::vector<std::complex<double>> model_of(const Analysis& a) {
  const auto &real = a.curve("model_real"), &imaginary = a.curve("model_imaginary");
  std::vector<std::complex<double>> out;
  for (std::size_t k = 0; k < std::min(real.size(), imaginary.size()); ++k) out.emplace_back(real[k], imaginary[k]);
  return out;
}

Drt drt_of(const Analysis& a) {
  Drt drt;
  drt.tau = a.curve("tau");
  drt.gamma = a.curve("gamma");
  drt.low = a.curve("gamma_low");
  drt.high = a.curve("gamma_high");
  if (drt.gamma.size() != drt.tau.size()) drt.gamma.clear(), drt.tau.clear(); // not as it was written
  if (drt.low.size() != drt.tau.size() || drt.high.size() != drt.tau.size()) drt.low.clear(), drt.high.clear();
  drt.resistance = number(a, "resistance");
  drt.polarisation = number(a, "polarisation");
  drt.inductance = number(a, "inductance");
  drt.elastance = number(a, "elastance");
  drt.smoothing = number(a, "smoothing");
  drt.noise = number(a, "noise");
  drt.residual = number(a, "residual");
  drt.model = model_of(a);
  for (std::size_t k = 1;; ++k) {
    const AnalysisValue *tau = a.value(fmt::format("tau of peak {}", k)), *R = a.value(fmt::format("resistance of peak {}", k));
    if (tau == nullptr || R == nullptr) return drt;
    drt.peaks.push_back({tau->value, R->value, tau->low, tau->high, R->low, R->high, !tau->note.empty()});
  }
}

ContactSeries contact_of(const Analysis& a) {
  ContactSeries c;
  c.perfect = both(a, "full_contact");
  c.initial = both(a, "initial");
  c.time = both(a, "time_constant");
  c.stretch = number(a, "stretch");
  c.residual = number(a, "residual");
  c.settled = a.setting("settled") == "yes";
  if (const std::string said = a.setting("assumes"); !said.empty()) c.assumes.push_back(said);
  const auto at = [&](const char* name, std::size_t k) {
    const auto& values = a.curve(name);
    return k < values.size() ? values[k] : none;
  };
  for (std::size_t k = 0; k < a.curve("time").size(); ++k)
    c.points.push_back({at("time", k), at("stack_pressure", k), at("theta", k), at("theta_error", k), at("theta_low", k), at("theta_high", k), at("constriction", k)});
  return c;
}

} // namespace platen::impedance

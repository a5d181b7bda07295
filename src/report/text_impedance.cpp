#include "report/impedance.hpp"

#include "base/units.hpp"
#include "report/format.hpp"
#include "report/text_columns.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace platen::report {
namespace {

using namespace impedance;

std::string percent(double share, int digits = 2) { return number(100.0 * share, digits) + " %"; }

std::string frequencies(const SpectrumData& data) {
  const auto [low, high] = std::minmax_element(data.frequency.begin(), data.frequency.end());
  std::string out = fmt::format("{} points, {} to {} Hz", data.frequency.size(), number(*high), number(*low));
  for (std::size_t k = 0; k < data.left_out.size(); ++k) out += fmt::format("{}{}", k == 0 ? "; left out: " : ", ", data.left_out[k] + 1);
  return out;
}

std::string with_unit(double value, std::string_view unit, int digits = 4) {
  return unit == "1" ? number(value, digits) : fmt::format("{} {}", number(value, digits), unit);
}

void add_drops(std::string& out, const SpectrumQuality& q) {
  if (q.drops.empty()) return;
  out += "proposed to be left out (nothing was):\n";
  std::vector<std::vector<std::string>> rows{{"  point", "Hz", "reason"}};
  for (const DropProposal& d : q.drops) rows.push_back({fmt::format("  {}", d.point + 1), number(d.frequency, 4), d.reason});
  out += columns(rows, "rr ");
}

void add_parameters(std::string& out, const CircuitFit& fit, const NamedModel* model, bool profiled) {
  std::vector<std::vector<std::string>> rows{{"element", "value", "standard error", profiled ? "profile from" : "95 % from", "to", "unit", model ? "stands for" : ""}};
  for (const FittedParameter& p : fit.parameters) {
    const std::string element = p.name.substr(0, p.name.find('.'));
    std::string error = number(p.standard_error), low = number(p.low, 4), high = number(p.high, 4);
    if (p.standing != Standing::free && p.standing != Standing::tied) {
      error = std::string(label(p.standing));
      if (!profiled) low = high = "-";
    }
    rows.push_back({p.name, number(p.value, 5), error, low, high, std::string(p.unit), model ? std::string(meaning(*model, element)) : ""});
  }
  out += columns(rows, " rrrr  ");
}

} // namespace

SpectrumData spectrum_data(const Spectrum& spectrum, std::string name) {
  SpectrumData data{std::move(name), spectrum.frequency, {}, spectrum.start, {}};
  for (std::size_t k = 0; k < spectrum.size(); ++k) data.impedance.emplace_back(spectrum.real[k], spectrum.imaginary[k]);
  return data;
}

std::string text_eis_inspect(const std::vector<SpectrumData>& spectra, const std::vector<SpectrumQuality>& quality) {
  std::string out;
  for (std::size_t k = 0; k < spectra.size(); ++k) {
    out += fmt::format("{}{}: {}\n{}\n", k > 0 ? "\n" : "", plain(spectra[k].name), frequencies(spectra[k]), quality[k].verdict);
    add_drops(out, quality[k]);
  }
  return out;
}

std::string text_eis_kk(const SpectrumData& data, const SpectrumQuality& q) {
  const LinearKK& kk = q.kk;
  std::string out = fmt::format("{}: {}\n{}\n\n", plain(data.name), frequencies(data), q.verdict);
  const bool wires = kk.inductance > 3.0 * kk.inductance_error;
  out += columns({{"test", "figure", ""},
                  {"linear Kramers-Kronig", fmt::format("{}", kk.elements), fmt::format("relaxations, mu {}", number(kk.mu))},
                  {"  residual", percent(kk.residual, 3), "of |Z|, root mean square of both parts"},
                  {"  noise", percent(kk.noise, 3), "the part that changes from point to point"},
                  {"  violation", percent(kk.violation, 3), fmt::format("the rest; consistent below {}", percent(quality_limit))},
                  {"  inductance", wires ? number(kk.inductance) : "-", wires ? fmt::format("H, +- {}", number(kk.inductance_error)) : "none seen"},
                  {"Z-HIT", percent(q.hit.residual, 3), "modulus against the one made of the phase"},
                  {"  drift", percent(q.hit.drift, 3), "of the modulus in the lowest decade"}},
                 " r ");
  add_drops(out, q);
  return out;
}

std::string text_eis_fit(const SpectrumData& data, const EisFit& answer) {
  const CircuitFit& fit = answer.fit;
  const NamedModel* model = answer.tried.empty() ? nullptr : answer.tried.front().model;
  std::string out = fmt::format("{}: {}\n", plain(data.name), frequencies(data));
  out += fmt::format("circuit   {}\n", fit.circuit);
  if (model) out += fmt::format("model     {}\n", model->name);
  out += fmt::format("residual  {} of |Z| (worst point {}), weights {}{}\n", percent(fit.residual, 3), percent(fit.worst, 2), answer.weighting,
                     fit.converged ? "" : "; NOT CONVERGED");
  out += fmt::format("starts    {} of {} ended in this minimum\n\n", fit.agreeing, fit.starts);
  add_parameters(out, fit, model, answer.profiled);
  if (!answer.conductivities.empty()) out += "\n";
  for (const ElementConductivity& c : answer.conductivities)
    out += fmt::format("conductivity from {}: {} +- {} mS/cm\n", c.element, number(10.0 * c.value.value, 4), number(10.0 * c.value.error, 2));
  if (!answer.interfaces.empty()) out += "\n";
  for (const ElementInterface& i : answer.interfaces)
    out += fmt::format("one side of the interfaces from {}: {} +- {} ohm cm2\n", i.element, number(1e4 * i.value.value, 4), number(1e4 * i.value.error, 2));
  if (answer.tried.size() > 1) {
    out += "\nall that were tried, by how much their AICc is higher than the lowest:\n";
    std::vector<std::vector<std::string>> rows{{"  model", "circuit", "residual", "AICc", ""}};
    for (const ModelResult& r : answer.tried)
      rows.push_back({fmt::format("{} {}", &r == &answer.tried.front() ? ">" : " ", r.model ? r.model->name : "-"), r.fit.circuit, percent(r.fit.residual, 3),
                      fmt::format("{:+.1f}", r.delta), r.sound ? "" : "not sound"});
    out += columns(rows, "  rr ");
  }
  return out;
}

std::string text_eis_drt(const SpectrumData& data, const Drt& drt) {
  std::string out = fmt::format("{}: {}\n", plain(data.name), frequencies(data));
  out += fmt::format("residual      {} of |Z|, noise {}, smoothing {}\n", percent(drt.residual, 3), percent(drt.noise, 3), number(drt.smoothing));
  out += fmt::format("resistance    {} at infinite frequency\npolarisation  {}\n", with_unit(drt.resistance, "ohm"), with_unit(drt.polarisation, "ohm"));
  if (drt.inductance > 0.0) out += fmt::format("inductance    {}\n", with_unit(drt.inductance, "H", 3));
  if (drt.elastance > 0.0) out += fmt::format("capacitance   {} in series\n", with_unit(1.0 / drt.elastance, "F", 3));
  std::vector<std::vector<std::string>> rows{{"peak", "tau s", "95 % from", "to", "ohm", "95 % from", "to", ""}};
  for (std::size_t k = 0; k < drt.peaks.size(); ++k) {
    const DrtPeak& p = drt.peaks[k];
    const bool bands = !drt.low.empty();
    rows.push_back({fmt::format("{}", k + 1), number(p.tau), bands ? number(p.tau_low) : "-", bands ? number(p.tau_high) : "-", number(p.resistance, 4),
                    bands ? number(p.resistance_low, 4) : "-", bands ? number(p.resistance_high, 4) : "-", p.at_edge ? "at the end of the window" : ""});
  }
  return out + "\n" + columns(rows, "rrrrrrr ");
}

std::string text_eis_series(const EisSeries& series) {
  std::string out;
  if (series.fits.empty()) return "no spectra\n";
  out += fmt::format("circuit  {}\n\n", series.fits.front().circuit);
  std::vector<std::string> head{"spectrum", "start"};
  std::string right = " r";
  for (const FittedParameter& p : series.fits.front().parameters) {
    head.push_back(p.unit == "1" ? p.name : fmt::format("{} {}", p.name, p.unit));
    head.push_back("+-");
    right += "rr";
  }
  head.push_back("residual");
  std::vector<std::vector<std::string>> rows{head};
  for (std::size_t k = 0; k < series.fits.size(); ++k) {
    std::vector<std::string> row{plain(series.spectra[k].name), std::isfinite(series.spectra[k].start) ? duration(series.spectra[k].start) : "-"};
    for (const FittedParameter& p : series.fits[k].parameters) {
      row.push_back(number(p.value, 4));
      row.push_back(p.standing == Standing::free || p.standing == Standing::tied ? number(p.standard_error, 2) : std::string(label(p.standing)));
    }
    row.push_back(percent(series.fits[k].residual, 3));
    rows.push_back(std::move(row));
  }
  out += columns(rows, right + "r");
  if (!series.contact) return out;
  const ContactSeries& c = *series.contact;
  out += fmt::format("\ncontact from {}, one side; full contact {} +- {} ohm cm2{}\n", series.contact_parameter, number(1e4 * c.perfect.value),
                     c.settled ? number(1e4 * c.perfect.error, 2) : "unknown", c.settled ? "" : " (the series does not show where it ends)");
  std::vector<std::vector<std::string>> points{{"hold", "MPa", "theta", "95 % from", "to", "constriction"}};
  for (const ContactPoint& p : c.points)
    points.push_back({duration(p.time), number(p.pressure / 1e6, 3), number(p.theta, 3), number(p.low, 3), number(p.high, 3), percent(p.constriction)});
  out += columns(points, "rrrrrr");
  out += "assumed: ";
  for (std::size_t k = 0; k < c.assumes.size(); ++k) out += (k > 0 ? "; " : "") + c.assumes[k];
  return out + "\n";
}

std::string text_dc(const DcAnswer& answer) {
  const Polarisation& p = answer.result;
  const auto amperes_text = [](double amperes) { // "23.4 nA", and larger units where nanoamperes get long
    const double size = std::abs(amperes);
    const auto [unit, factor] = size >= 1e-3 ? std::pair{"mA", 1e3} : size >= 1e-6 ? std::pair{"uA", 1e6} : std::pair{"nA", 1e9};
    return fmt::format("{} {}", number(factor * amperes), unit);
  };
  std::string out = fmt::format("{}: {} readings over {} at {} mV\n", plain(answer.name), answer.held.time.size(), duration(p.duration),
                                number(1e3 * answer.held.voltage, 4));
  out += fmt::format("steady      {} +- {} (95 %: {} to {}), {}\n", amperes_text(p.steady.value), amperes_text(p.steady.error), amperes_text(p.steady.value - 1.96 * p.steady.error),
                     amperes_text(p.steady.value + 1.96 * p.steady.error), p.stationary ? "stationary" : "NOT STATIONARY");
  out += fmt::format("last tenth  {} +- {}\n", amperes_text(p.last.value), amperes_text(p.last.error));
  out += fmt::format("fall        {}\n", p.law);
  for (const Transient& t : p.transients) out += fmt::format("            {} dying away in {} s: {}\n", amperes_text(t.amplitude), number(t.time), t.what);
  out += fmt::format("readings    noise {}{}\n", amperes_text(p.noise), p.resolution > 0.0 ? fmt::format(", steps of {}", amperes_text(p.resolution)) : "");
  if (answer.options.leakage.value != 0.0 || answer.options.leakage.error != 0.0)
    out += fmt::format("leakage     {} +- {} taken off\n", amperes_text(answer.options.leakage.value), amperes_text(answer.options.leakage.error));
  if (p.conductivity)
    out += fmt::format("electronic conductivity  {} +- {} S/cm\n", number(p.conductivity->value / 100.0), number(p.conductivity->error / 100.0, 2));
  for (const std::string& w : p.warnings) out += fmt::format("warning: {}\n", w);
  return out;
}

} // namespace platen::report

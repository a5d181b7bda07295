// Impedance on a page: what the record's analyses say, over its spectra. Nothing is analysed here.

#include "report/html_parts.hpp"

#include "impedance/stored.hpp"
#include "report/format.hpp"
#include "report/impedance.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <set>

namespace platen::report {
namespace {

namespace kind = impedance::kind;

/// The points of a spectrum that an analysis used: those at its frequencies.
SpectrumData used_points(const SpectrumData& all, const Analysis& analysis) {
  const std::vector<double>& wanted = analysis.curve("frequency");
  SpectrumData out{all.name, {}, {}, all.start, {}};
  std::size_t at = 0;
  for (std::size_t k = 0; k < all.frequency.size() && at < wanted.size(); ++k) {
    if (all.frequency[k] != wanted[at]) continue;
    out.frequency.push_back(all.frequency[k]);
    out.impedance.push_back(all.impedance[k]);
    ++at;
  }
  return out;
}

/// Points and model of an analysis, when both are there and fit together and can be drawn.
struct Drawn {
  SpectrumData data;
  std::vector<std::complex<double>> model;
};
std::optional<Drawn> drawable(const SpectrumData& all, const Analysis* analysis) {
  if (analysis == nullptr) return std::nullopt;
  Drawn out{used_points(all, *analysis), impedance::model_of(*analysis)};
  const auto bad = [](const std::complex<double>& z) { return !std::isfinite(z.real()) || !std::isfinite(z.imag()) || z == 0.0; };
  if (out.data.frequency.empty() || out.model.size() != out.data.frequency.size() || std::any_of(out.model.begin(), out.model.end(), bad) ||
      std::any_of(out.data.impedance.begin(), out.data.impedance.end(), bad) ||
      std::any_of(out.data.frequency.begin(), out.data.frequency.end(), [](double f) { return !(f > 0.0) || !std::isfinite(f); }))
    return std::nullopt;
  return out;
}

std::string sentence(const Analysis* a) { return a != nullptr && !a->verdict.empty() ? "<p>" + escape(a->verdict) + ".</p>\n" : ""; }

std::string shown_value(const AnalysisValue& v, double x) {
  return v.unit == "1" ? typeset(number(x, 4)) : typeset(number(x, 4)) + " " + escape(typeset_unit(v.unit));
}

/// Numbers of an analysis with their errors.
std::string values_table(const Analysis& a) {
  Table table({{"", false}, {"value", true}, {"standard error", true}, {"95 % from", true}, {"to", true}, {"", false}});
  for (const AnalysisValue& v : a.values) {
    const auto cell = [&](double x) { return std::isfinite(x) ? shown_value(v, x) : std::string("–"); };
    const std::string meaning = a.setting("meaning of " + v.name.substr(0, v.name.find('.')));
    const std::string note = v.note == impedance::label(impedance::Standing::free) ? "" : v.note;
    table.row({escape(v.name), cell(v.value), cell(v.error), cell(v.low), cell(v.high),
               escape(meaning.empty() || note.empty() ? meaning + note : meaning + "; " + note)});
  }
  return table.html();
}

std::string drt_part(const SpectrumData& all, const Analysis& a, const std::string& id) {
  const impedance::Drt drt = impedance::drt_of(a);
  const auto fits = [](const std::vector<double>& values) { return std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); }); };
  if (drt.tau.size() < 2 || !(drt.tau.front() > 0.0) || !(drt.tau.back() > drt.tau.front()) || !fits(drt.tau) || !fits(drt.gamma)) return "";
  return figure(drt_figure(all, drt, id), "Distribution of relaxation times; dashed: 95 % of the samples. Area under a peak is its resistance.");
}

/// One spectrum in full.
std::string spectrum_part(const Record& record, std::size_t number, const std::string& id) {
  const SpectrumData all = spectrum_data(record.spectra[number - 1], fmt::format("spectrum {}", number));
  const Analysis *kk = find_analysis(record.analyses, kind::kramers_kronig, number), *fit = find_analysis(record.analyses, kind::circuit, number),
                 *drt = find_analysis(record.analyses, kind::relaxation_times, number);
  const std::string start = std::isfinite(all.start) ? fmt::format(" <span class=\"soft\">at {}</span>", escape(duration(all.start))) : "";
  std::string out = fmt::format("<h4>Spectrum {}{}</h4>\n{}{}", number, start, sentence(kk), sentence(fit));
  if (const auto d = drawable(all, fit)) {
    out += figure(nyquist_figure(d->data, d->model, fit->method, id + "-nyquist"), "Impedance plane, equal lengths for equal ohms. Line: the circuit.");
    out += figure(bode_figure(d->data, d->model, fit->method, id + "-bode"), "Modulus and phase.");
    out += folded("Elements of the circuit", values_table(*fit));
  }
  if (const auto d = drawable(all, kk))
    out += figure(residual_figure(d->data, d->model, "against a sum of relaxations", id + "-kk"),
                  "Kramers-Kronig: what no sum of relaxations explains. Without a pattern it is noise.");
  if (kk != nullptr) {
    Table drops({{"point proposed to be left out", true}, {"reason", false}});
    for (const AnalysisValue& v : kk->values)
      if (v.name == "point to drop") drops.row({typeset(fmt::format("{:.0f}", v.value)), escape(v.note)});
    if (!drops.empty()) out += folded("Points proposed to be left out; nothing was", drops.html());
  }
  if (drt != nullptr) out += drt_part(all, *drt, id + "-drt");
  return out;
}

/// Spectra with a fit of the commonest circuit, as a series; empty with fewer than two.
EisSeries series_of(const Record& record) {
  std::map<std::string, std::size_t> counts;
  for (const Analysis& a : record.analyses)
    if (a.kind == kind::circuit && a.spectrum >= 1 && a.spectrum <= record.spectra.size() && !a.values.empty()) ++counts[a.method];
  EisSeries series;
  if (counts.empty()) return series;
  const std::string& circuit = std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.second < b.second; })->first;
  for (std::size_t number = 1; number <= record.spectra.size(); ++number)
    for (const Analysis& a : record.analyses) {
      if (a.kind != kind::circuit || a.spectrum != number || a.method != circuit || a.values.empty()) continue;
      series.fits.push_back(impedance::fit_of(a));
      series.spectra.push_back(spectrum_data(record.spectra[number - 1], fmt::format("spectrum {}", number)));
    }
  return series;
}

bool finite_fits(const EisSeries& series) {
  for (const auto& fit : series.fits)
    for (const auto& p : fit.parameters)
      if (!std::isfinite(p.value)) return false;
  return true;
}

std::string series_part(const Record& record, const std::string& id) {
  if (record.spectra.size() < 2) return "";
  std::vector<SpectrumData> all;
  for (std::size_t k = 0; k < record.spectra.size(); ++k) {
    SpectrumData data = spectrum_data(record.spectra[k], fmt::format("spectrum {}", k + 1));
    if (const auto d = drawable(data, find_analysis(record.analyses, kind::kramers_kronig, k + 1))) all.push_back(d->data);
  }
  std::string out = all.size() > 1 ? figure(spectra_figure(all, id + "-spectra"), "Up to eight of the spectra, evenly chosen, with the first and the last.") : "";
  try {
    EisSeries series = series_of(record);
    if (series.fits.size() > 1 && finite_fits(series))
      out += figure(eis_series_figure(series, id + "-series"), "Elements over the series. Filled: determined, with its 95 % interval.");
    if (const Analysis* a = find_analysis(record.analyses, kind::contact, 0); a != nullptr && a->curves.size() > 1) {
      series.contact = impedance::contact_of(*a);
      series.contact_parameter = a->method;
      const auto& points = series.contact->points;
      const bool whole = std::all_of(points.begin(), points.end(), [](const impedance::ContactPoint& p) { return std::isfinite(p.time + p.theta + p.low + p.high); });
      if (!points.empty() && whole) out += sentence(a) + figure(contact_figure(series, id + "-contact"), "Contact fraction of one side. Assumed: " + escape(a->setting("assumes")) + ".");
    }
  } catch (const Error&) {
    return out; // a record that another program wrote, with a circuit that is none
  }
  return out;
}

/// Results that are no picture here: activation energies, direct current.
std::string others_part(const Record& record) {
  std::string out;
  for (const Analysis& a : record.analyses)
    if (a.kind == kind::activation || a.kind == kind::polarisation)
      out += folded(fmt::format("{}{}: {}", escape(a.kind), a.method.empty() ? "" : " of " + escape(a.method), escape(a.verdict)), values_table(a));
  return out;
}

} // namespace

std::string impedance_part(const Record& record, const std::string& id) {
  std::string body = series_part(record, id);
  std::set<std::size_t> shown; // the first and the last; all when they are few
  for (std::size_t n = 1; n <= record.spectra.size(); ++n)
    if (record.spectra.size() <= 3 || n == 1 || n == record.spectra.size()) shown.insert(n);
  for (const std::size_t n : shown) body += spectrum_part(record, n, fmt::format("{}-z{}", id, n));
  body += others_part(record);
  if (body.empty()) return "";
  const std::size_t count = record.spectra.size();
  const std::string soft = count == 0 ? "" : fmt::format(" <span class=\"soft\">({} spectr{})</span>", count, count == 1 ? "um" : "a");
  return fmt::format("<h3 id=\"{}-impedance\">Impedance{}</h3>\n", id, soft) + body;
}

} // namespace platen::report

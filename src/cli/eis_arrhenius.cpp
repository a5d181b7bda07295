#include "base/constants.hpp"
#include "base/error.hpp"
#include "cli/eis.hpp"
#include "cli/terminal.hpp"
#include "impedance/stored.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace platen::cli {
namespace {

using impedance::Uncertain;

/// Temperature of every spectrum, K: the option's, the spectrum's own, or its cell's. @throws Error U005, U006.
std::vector<double> temperatures(const Arguments& arguments, const SpectraInput& input) {
  std::vector<double> out = quantities_given(arguments, "--temperatures", dim::temperature);
  if (!out.empty() && out.size() != input.spectra.size())
    throw Error("U006", fmt::format("`--temperatures` has {} for {} spectra", out.size(), input.spectra.size()));
  for (std::size_t k = 0; out.size() < input.spectra.size(); ++k) {
    const auto own = input.of(k).spectra[input.sources[k].spectrum].temperature;
    const auto T = own ? own : input.of(k).cell.temperature;
    if (!T)
      throw Error("U005", fmt::format("the temperature of {} is not known", input.spectra[k].name), std::nullopt,
                  {"--temperatures \"140 degC, 160 degC\", one for each spectrum, or temperature in its cell file"});
    out.push_back(*T);
  }
  return out;
}

/// Areas of `--areas`, one for each spectrum; else empty. @throws Error U006.
std::vector<double> areas(const Arguments& arguments, const SpectraInput& input) {
  std::vector<double> out = quantities_given(arguments, "--areas", dim::area);
  if (!out.empty() && out.size() != input.spectra.size())
    throw Error("U006", fmt::format("`--areas` has {} for {} spectra", out.size(), input.spectra.size()));
  return out;
}

/// Every resistance of the circuit, or those of `--of`.
std::vector<std::string> resistances(const Arguments& arguments, const impedance::Circuit& circuit) {
  std::vector<std::string> out = names_given(arguments, "--of");
  for (const std::string& name : out)
    if (circuit.parameters()[circuit.find(name)].unit != "ohm") throw Error("U006", fmt::format("`--of`: {} is no resistance", name));
  if (out.empty())
    for (const auto& p : circuit.parameters())
      if (p.unit == "ohm") out.push_back(p.name);
  return out;
}

/// Resistances of one parameter over the spectra; NaN where the data do not determine it.
std::vector<Uncertain> resistance_of(const report::EisArrhenius& answer, const std::string& name) {
  std::vector<Uncertain> out;
  for (const impedance::CircuitFit& fit : answer.fits)
    for (const auto& p : fit.parameters)
      if (p.name == name) out.push_back(p.standing == impedance::Standing::free ? Uncertain{p.value, p.standard_error} : Uncertain{NAN, NAN});
  return out;
}

std::optional<impedance::Activation> line_through(const std::vector<double>& T, const std::vector<Uncertain>& values, const std::vector<bool>& which, bool times_temperature) {
  std::vector<double> x;
  std::vector<Uncertain> y;
  for (std::size_t k = 0; k < T.size(); ++k)
    if (which[k] && values[k].value > 0.0 && std::isfinite(values[k].value + values[k].error)) x.push_back(T[k]), y.push_back(values[k]);
  if (x.size() < 2 || *std::max_element(x.begin(), x.end()) == *std::min_element(x.begin(), x.end())) return std::nullopt;
  return impedance::arrhenius(x, y, times_temperature);
}

void add_line(const Arguments& arguments, const SpectraInput& input, report::EisArrhenius& answer, const std::string& name, const std::vector<Uncertain>& R) {
  report::EisArrhenius::Line line{name, "S", {}, {}, 0.0};
  std::vector<Uncertain> fitted; // with the errors of the fits alone: those of the geometry shift all points alike
  for (std::size_t k = 0; k < R.size(); ++k) {
    const Geometry g = geometry_given(arguments, input.of(k).cell);
    const bool whole = g.thickness && g.area;
    if (whole) line.unit = "S/m";
    if (whole) line.geometry = std::hypot(g.thickness->error / g.thickness->value, g.area->error / g.area->value);
    const bool known = R[k].value > 0.0;
    const double conductance = known ? 1.0 / R[k].value : NAN, relative = known ? R[k].error / R[k].value : NAN;
    line.value.push_back(whole && known ? impedance::conductivity(R[k], *g.thickness, *g.area) : Uncertain{conductance, relative * conductance});
    fitted.push_back({line.value.back().value, relative * line.value.back().value});
  }
  line.activation = line_through(answer.temperature, fitted, std::vector<bool>(R.size(), true), true);
  answer.lines.push_back(std::move(line));
}

/// Spectra whose value in `of` (temperature, area) is the commonest one: at those the other may vary alone.
std::vector<bool> at_commonest(const std::vector<double>& of, std::size_t count) {
  if (of.empty()) return std::vector<bool>(count, true);
  const auto same = [](double a, double b) { return std::abs(a / b - 1.0) < 3e-3; }; // 1 K at room temperature
  double best = of.front();
  std::ptrdiff_t most = 0;
  for (const double v : of)
    if (const auto n = std::count_if(of.begin(), of.end(), [&](double w) { return same(v, w); }); n > most) most = n, best = v;
  std::vector<bool> out;
  for (const double v : of) out.push_back(same(v, best));
  return out;
}

void judge_arc(const Arguments& arguments, const SpectraInput& input, report::EisArrhenius& answer) {
  const auto arc = arguments.value("--arc"), electrolyte = arguments.value("--electrolyte");
  if (!arc) return;
  impedance::ArcEvidence evidence;
  const std::vector<double> A = areas(arguments, input);
  const std::vector<Uncertain> R = resistance_of(answer, *arc);
  if (electrolyte) {
    const auto one_area = at_commonest(A, R.size());
    evidence.arc = line_through(answer.temperature, R, one_area, false).value_or(impedance::Activation{});
    evidence.electrolyte = line_through(answer.temperature, resistance_of(answer, *electrolyte), one_area, false).value_or(impedance::Activation{});
    answer.electrolyte = *electrolyte;
  }
  const auto one_temperature = at_commonest(answer.temperature, R.size());
  for (std::size_t k = 0; k < A.size(); ++k)
    if (one_temperature[k] && R[k].value > 0.0) evidence.areas.push_back(A[k]), evidence.resistances.push_back(R[k]);
  answer.verdict = impedance::constriction_or_transfer(evidence);
  answer.arc = *arc;
}

std::vector<Found> kept(const report::EisArrhenius& answer, impedance::Weighting weighting) {
  std::vector<Found> found;
  for (std::size_t k = 0; k < answer.fits.size(); ++k)
    found.push_back({0, impedance::stored(answer.fits[k], {.weighting = weighting}, answer.spectra[k].frequency, k + 1)});
  for (const auto& line : answer.lines) {
    if (!line.activation) continue;
    Analysis a = impedance::stored(*line.activation, line.what, line.unit, answer.temperature, line.value);
    if (answer.verdict && answer.arc == line.what) a.settings["arc"] = std::string(label(answer.verdict->kind));
    found.push_back({0, std::move(a)});
  }
  return found;
}

int run_eis_arrhenius(const Arguments& arguments) {
  const impedance::FitOptions options = fit_options(arguments);
  const impedance::Circuit circuit = impedance::Circuit::parse(arguments.value("--circuit").value());
  const std::vector<std::string> names = resistances(arguments, circuit);
  for (const char* option : {"--arc", "--electrolyte"})
    if (const auto name = arguments.value(option)) (void)circuit.find(*name);
  if (!arguments.has("--arc") && (arguments.has("--areas") || arguments.has("--electrolyte")))
    throw Error("U007", "--electrolyte and --areas are evidence on an arc: --arc R2 says which");
  SpectraInput input = read_spectra(arguments);
  report::EisArrhenius answer;
  answer.temperature = temperatures(arguments, input);
  answer.spectra = input.spectra;
  for (const report::SpectrumData& s : input.spectra) answer.fits.push_back(impedance::fit(circuit, s.frequency, s.impedance, options));
  std::vector<Uncertain> sum(answer.fits.size());
  for (const std::string& name : names) {
    const std::vector<Uncertain> R = resistance_of(answer, name);
    add_line(arguments, input, answer, name, R);
    for (std::size_t k = 0; k < R.size(); ++k) sum[k] = {sum[k].value + R[k].value, std::hypot(sum[k].error, R[k].error)};
  }
  if (names.size() > 1) add_line(arguments, input, answer, "total", sum);
  judge_arc(arguments, input, answer);
  if (!answer.lines.empty() && answer.lines.front().unit == "S")
    note("without thickness and area there are conductances only: --thickness, --area, or a cell file\n");
  print(arguments.has("--json") ? report::json_eis_arrhenius(answer) : report::text_eis_arrhenius(answer));
  write_plots(arguments, {{"arrhenius", report::arrhenius_figure(answer)}, {"spectra", report::spectra_figure(answer.spectra)}});
  if (!arguments.has("--output")) return 0;
  join(input);
  write_output(arguments, input, kept(answer, options.weighting));
  return 0;
}

} // namespace

const Verb verb::eis_arrhenius{
    .name = "eis arrhenius",
    .summary = "tells conductivities and activation energies from spectra at several temperatures, and what an arc is",
    .positional = {.name = "FILE", .help = "files with spectra, or folders of them; one per temperature, or all in one", .several = true},
    .options = {{"--circuit", "CIRCUIT", "as in 'p(R1,CPE1)-p(R2,CPE2)-CPE9'", true},
                {"--of", "LIST", "which resistances, R1,R2 (default: all of the circuit), and their sum"},
                {"--temperatures", "LIST", "of each spectrum, \"140 degC, 160 degC\"; default: from the files or their cell files"},
                thickness_option, area_option,
                {"--arc", "R2", "say whether this arc is constriction or charge transfer"},
                {"--electrolyte", "R1", "the electrolyte's resistance, whose activation energy the arc's is held against"},
                {"--areas", "LIST", "area of the contact of each spectrum, \"0.2 cm2, 0.785 cm2\": how the arc depends on it"},
                drop_option, weights_option, fix_option, tie_option, bounds_option, starts_option, fit_seed_option, cell_option,
                {"--output", "PATH", "write one record of all spectra with the results in it (.h5, .xlsx or .csv)"},
                plots_option, {"--json", "", "answer as JSON (docs/formats/json.md)"}},
    .examples = "Errors of resistance, thickness and area go into each conductivity; the line is that of ln(conductivity times T) over 1/T.\n"
                "\n"
                "Examples:\n"
                "  platen eis arrhenius pellet-*.txt --circuit 'p(R1,CPE1)-p(R2,CPE2)-CPE9' --thickness '1.20 +- 0.02 mm' --area '0.785 cm2'\n"
                "  platen eis arrhenius cell-*.mpr --circuit 'R0-p(R1,CPE1)' --arc R1 --electrolyte R0",
    .run = run_eis_arrhenius,
};

} // namespace platen::cli

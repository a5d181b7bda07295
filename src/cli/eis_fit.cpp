#include "base/error.hpp"
#include "cli/eis.hpp"
#include "cli/terminal.hpp"

namespace platen::cli {
namespace {

impedance::CellKind kind_of(const Arguments& arguments, const Record& record) {
  if (arguments.has("--kind"))
    return *impedance::parse_cell_kind(arguments.choice("--kind", {"unknown", "blocking", "symmetric", "full"}));
  if (record.cell.configuration == Configuration::symmetric) return impedance::CellKind::symmetric;
  return record.cell.configuration == Configuration::full ? impedance::CellKind::full : impedance::CellKind::unknown;
}

/// The intervals of free parameters by profile, which needs no linearity.
void take_profiles(report::EisFit& answer, const report::SpectrumData& data, const impedance::FitOptions& options) {
  const impedance::Circuit circuit = impedance::Circuit::parse(answer.fit.circuit);
  const impedance::CircuitFit best = answer.fit;
  for (impedance::FittedParameter& p : answer.fit.parameters) {
    if (p.standing == impedance::Standing::fixed || p.standing == impedance::Standing::tied) continue;
    const impedance::ProfileInterval interval = impedance::profile(circuit, data.frequency, data.impedance, options, best, p.name);
    p.low = interval.low;
    p.high = interval.high;
  }
  answer.profiled = true;
}

int run_eis_fit(const Arguments& arguments) {
  const impedance::FitOptions options = fit_options(arguments);
  const auto text = arguments.value("--circuit");
  const auto circuit = text ? std::optional(impedance::Circuit::parse(*text)) : std::nullopt;
  if (!circuit && !options.constraints.empty())
    throw Error("U007", "--fix, --tie and --bounds need a --circuit whose parameters they name");
  if (circuit && arguments.has("--kind")) throw Error("U007", "--kind is for the search of a circuit; --circuit names one");
  const SpectraInput input = read_spectra(arguments);
  const report::SpectrumData& data = chosen(arguments, input);
  report::EisFit answer;
  answer.weighting = label(options.weighting);
  if (circuit) {
    answer.fit = impedance::fit(*circuit, data.frequency, data.impedance, options);
  } else {
    answer.tried = impedance::find_model(data.frequency, data.impedance, kind_of(arguments, input.record), options);
    if (answer.tried.empty()) throw Error("D209", "the spectrum has too few points for any of the named circuits");
    answer.fit = answer.tried.front().fit;
    answer.model = answer.tried.front().model->name;
    const CellInfo& cell = input.record.cell;
    if (cell.area && cell.electrolyte_thickness)
      answer.conductivities = impedance::conductivities(answer.tried.front(), {*cell.electrolyte_thickness, 0.0}, {*cell.area, 0.0});
  }
  if (arguments.has("--profile")) take_profiles(answer, data, options);
  print(arguments.has("--json") ? report::json_eis_fit(data, answer) : report::text_eis_fit(data, answer));
  const std::string& what = answer.fit.circuit;
  write_plots(arguments, {{"nyquist", report::nyquist_figure(data, answer.fit.model, what)},
                          {"bode", report::bode_figure(data, answer.fit.model, what)},
                          {"residuals", report::residual_figure(data, answer.fit.model, what)}});
  return 0;
}

} // namespace

const Verb verb::eis_fit{
    .name = "eis fit",
    .summary = "fits an equivalent circuit to a spectrum, or finds one with names for its parts",
    .positional = {.name = "FILE", .help = "a file with spectra; the format is found by content"},
    .options = {circuit_option,
                {"--kind", "KIND", "blocking, symmetric or full: which named circuits are tried; default: from the cell file, or all"},
                spectrum_option, weights_option, fix_option, tie_option, bounds_option, starts_option, fit_seed_option,
                {"--profile", "", "intervals by profile: every other parameter is fitted anew along them"}, cell_option, plots_option, eis_json_option},
    .examples = "Elements: R C L CPE W Ws Wo G ZARC HN K TL(...); a dash joins in series, p(...,...) in parallel. What they are:\n"
                "docs/theory/impedance.md.\n"
                "\n"
                "Examples:\n"
                "  platen eis fit peis.mpr\n"
                "  platen eis fit spectrum.z --circuit 'R0-p(R1,C1)' --json\n"
                "  platen eis fit spectrum.z --circuit 'L0-R0-p(R1,CPE1)' --fix L0=1e-6 --bounds CPE1.n=0.7:1 --plots figures",
    .run = run_eis_fit,
};

} // namespace platen::cli

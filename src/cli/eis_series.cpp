#include "base/error.hpp"
#include "cli/eis.hpp"
#include "cli/terminal.hpp"

namespace platen::cli {
namespace {

double pressure_of(const Arguments& arguments, const Record& record) {
  if (const auto text = arguments.value("--pressure")) return quantity_given(*text, "--pressure", dim::pressure);
  for (const auto& p : {record.cell.contact_hold_pressure, record.cell.stack_pressure})
    if (p) return *p;
  throw Error("U005", "contact needs the stack pressure of the hold", std::nullopt, {"--pressure \"25 MPa\", or contact_hold_pressure in the cell file"});
}

/// Readings of one side of a symmetric cell: half the resistance times the area.
std::vector<impedance::ContactReading> readings(const Arguments& arguments, const SpectraInput& input, const report::EisSeries& series, std::size_t parameter) {
  const auto area = input.record.cell.area;
  if (!area) throw Error("U005", "contact needs the area of the cell", std::nullopt, {"area = \"0.785 cm2\" in the cell file"});
  const double pressure = pressure_of(arguments, input.record);
  std::vector<impedance::ContactReading> all;
  for (std::size_t k = 0; k < series.fits.size(); ++k) {
    const impedance::FittedParameter& p = series.fits[k].parameters[parameter];
    if (p.standing != impedance::Standing::free) {
      note(series.spectra[k].name + ": left out of the contact, its resistance is not determined\n");
      continue;
    }
    all.push_back({series.spectra[k].start - series.spectra.front().start, pressure, impedance::interface_resistance({p.value, p.standard_error}, {*area, 0.0})});
  }
  return all;
}

int run_eis_series(const Arguments& arguments) {
  const impedance::FitOptions options = fit_options(arguments);
  const auto text = arguments.value("--circuit");
  if (!text) throw Error("U005", "`platen eis series` needs `--circuit CIRCUIT`", std::nullopt, {"`platen eis fit` finds one for a single spectrum"});
  const impedance::Circuit circuit = impedance::Circuit::parse(*text);
  const auto contact = arguments.value("--contact");
  const std::size_t parameter = contact ? circuit.find(*contact) : 0;
  const SpectraInput input = read_spectra(arguments);
  report::EisSeries series;
  series.spectra = input.spectra;
  std::vector<std::vector<double>> frequencies;
  std::vector<std::vector<std::complex<double>>> impedances;
  for (const report::SpectrumData& s : input.spectra) {
    frequencies.push_back(s.frequency);
    impedances.push_back(s.impedance);
  }
  series.fits = impedance::fit_series(circuit, frequencies, impedances, options);
  if (contact) {
    impedance::ContactAssumptions assumptions;
    assumptions.conductivity = input.record.cell.electrolyte_conductivity.value_or(0.0);
    series.contact = impedance::contact_series(readings(arguments, input, series, parameter), assumptions);
    series.contact_parameter = *contact;
  }
  print(arguments.has("--json") ? report::json_eis_series(series) : report::text_eis_series(series));
  std::vector<std::pair<std::string, std::string>> figures{{"series", report::eis_series_figure(series)}};
  if (series.contact) figures.emplace_back("contact", report::contact_figure(series));
  write_plots(arguments, figures);
  return 0;
}

} // namespace

const Verb verb::eis_series{
    .name = "eis series",
    .summary = "fits one circuit to spectra taken one after another, and tells contact from it",
    .positional = {.name = "FILE", .help = "files with spectra, in order of time", .several = true},
    .options = {circuit_option,
                {"--contact", "R1", "tell the contact fraction of a symmetric cell's interfaces from this resistance"},
                {"--pressure", "P", "stack pressure of the hold, \"25 MPa\"; default: from the cell file"},
                weights_option, fix_option, tie_option, bounds_option, starts_option, fit_seed_option, cell_option, plots_option,
                eis_json_option},
    .examples = "Each spectrum starts from the fit before. Alike branches keep their order, so R1 stays R1.\n"
                "\n"
                "Example:\n"
                "  platen eis series hold.mpr --circuit 'R0-p(R1,CPE1)' --contact R1 --pressure '25 MPa' --plots figures",
    .run = run_eis_series,
};

} // namespace platen::cli

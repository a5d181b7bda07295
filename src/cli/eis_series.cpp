#include "base/error.hpp"
#include "cli/eis.hpp"
#include "cli/terminal.hpp"
#include "impedance/analyse.hpp"
#include "impedance/stored.hpp"

#include <cmath>

namespace platen::cli {
namespace {

/// Stack pressure when the spectrum began. @throws Error U005.
double pressure_of(const Arguments& arguments, const Record& record, double time) {
  if (const auto text = arguments.value("--pressure")) return quantity_given(*text, "--pressure", dim::pressure);
  if (const auto p = impedance::pressure_at(record, time)) return *p;
  throw Error("U005", "contact needs the stack pressure of the hold", std::nullopt, {"--pressure \"25 MPa\", or contact_hold_pressure in the cell file"});
}

/// Readings of one side of a symmetric cell: half the resistance times the area.
std::vector<impedance::ContactReading> readings(const Arguments& arguments, const SpectraInput& input, const report::EisSeries& series, std::size_t parameter) {
  const auto area = geometry_given(arguments, input.records.back().cell).area;
  if (!area) throw Error("U005", "contact needs the area of the cell", std::nullopt, {"--area \"0.785 cm2\", or area in the cell file"});
  if (!std::isfinite(series.spectra.front().start))
    throw Error("U005", "contact needs the times of the spectra, which the files do not say", std::nullopt, {"--every \"20 min\" when they are evenly apart"});
  std::vector<impedance::ContactReading> all;
  for (std::size_t k = 0; k < series.fits.size(); ++k) {
    const impedance::FittedParameter& p = series.fits[k].parameters[parameter];
    if (p.standing != impedance::Standing::free) {
      note(series.spectra[k].name + ": left out of the contact, its resistance is not determined\n");
      continue;
    }
    all.push_back({series.spectra[k].start - series.spectra.front().start, pressure_of(arguments, input.of(k), input.of(k).spectra[input.sources[k].spectrum].start),
                   impedance::interface_resistance({p.value, p.standard_error}, {area->value, 0.0})});
  }
  return all;
}

void tell_contact(const Arguments& arguments, const SpectraInput& input, const impedance::Circuit& circuit, const std::string& name, report::EisSeries& series) {
  impedance::ContactAssumptions assumptions;
  assumptions.conductivity = input.records.back().cell.electrolyte_conductivity.value_or(0.0);
  if (const auto text = arguments.value("--electrolyte")) assumptions.conductivity = quantity_given(*text, "--electrolyte", dim::conductivity);
  if (const auto text = arguments.value("--spot")) assumptions.spot = quantity_given(*text, "--spot", dim::length);
  series.contact = impedance::contact_series(readings(arguments, input, series, circuit.find(name)), assumptions);
  series.contact_parameter = name;
}

report::EisSeries series_of(const impedance::Circuit& circuit, const impedance::FitOptions& options, const SpectraInput& input) {
  report::EisSeries series;
  series.spectra = input.spectra;
  std::vector<std::vector<double>> frequencies;
  std::vector<std::vector<std::complex<double>>> impedances;
  for (const report::SpectrumData& s : input.spectra) {
    frequencies.push_back(s.frequency);
    impedances.push_back(s.impedance);
  }
  series.fits = impedance::fit_series(circuit, frequencies, impedances, options);
  return series;
}

int run_eis_series(const Arguments& arguments) {
  const impedance::FitOptions options = fit_options(arguments);
  const auto text = arguments.value("--circuit");
  if (!text) throw Error("U005", "`platen eis series` needs `--circuit CIRCUIT`", std::nullopt, {"`platen eis fit` finds one for a single spectrum"});
  const impedance::Circuit circuit = impedance::Circuit::parse(*text);
  const auto contact = arguments.value("--contact");
  if (contact) (void)circuit.find(*contact);
  if (!contact && (arguments.has("--pressure") || arguments.has("--electrolyte") || arguments.has("--spot")))
    throw Error("U007", "--pressure, --electrolyte and --spot are for --contact");
  SpectraInput input = read_spectra(arguments);
  report::EisSeries series = series_of(circuit, options, input);
  if (contact) tell_contact(arguments, input, circuit, *contact, series);
  print(arguments.has("--json") ? report::json_eis_series(series) : report::text_eis_series(series));
  std::vector<std::pair<std::string, std::string>> figures{{"series", report::eis_series_figure(series)}, {"spectra", report::spectra_figure(series.spectra)}};
  if (series.contact) figures.emplace_back("contact", report::contact_figure(series));
  write_plots(arguments, figures);
  if (!arguments.has("--output")) return 0;
  join(input);
  std::vector<Found> found;
  for (std::size_t k = 0; k < series.fits.size(); ++k)
    found.push_back({0, impedance::stored(series.fits[k], {.weighting = options.weighting}, series.spectra[k].frequency, k + 1)});
  if (series.contact) found.push_back({0, impedance::stored(*series.contact, *contact)});
  write_output(arguments, input, std::move(found));
  return 0;
}

} // namespace

const Verb verb::eis_series{
    .name = "eis series",
    .summary = "fits one circuit to spectra taken one after another, and tells contact from it",
    .positional = {.name = "FILE", .help = "files with spectra in order of time, or folders of them", .several = true},
    .options = {{"--circuit", "CIRCUIT", "as in 'R0-p(R1,CPE1)'"},
                {"--contact", "R1", "tell the contact fraction of a symmetric cell's interfaces from this resistance"},
                {"--every", "T", "time from one spectrum to the next, \"20 min\"; default: from the files"},
                {"--pressure", "P", "stack pressure of the hold, \"25 MPa\"; default: the record's own at the time, or from the cell file"},
                {"--electrolyte", "K", "conductivity of the electrolyte, \"2.2 mS/cm\", for the constriction; default: from the cell file"},
                {"--spot", "R", "radius of the contact spots (default \"2 um\")"},
                drop_option, weights_option, fix_option, tie_option, bounds_option, starts_option, fit_seed_option, area_option, cell_option,
                {"--output", "PATH", "write one record of all spectra with the results in it (.h5, .xlsx or .csv)"},
                plots_option, {"--json", "", "answer as JSON (docs/formats/json.md)"}},
    .examples = "Each spectrum starts from the fit before. Alike branches keep their order, so R1 stays R1.\n"
                "\n"
                "Examples:\n"
                "  platen eis series hold.mpr --circuit 'R0-p(R1,CPE1)' --contact R1 --pressure '25 MPa' --plots figures\n"
                "  platen eis series hold/*.txt --every '20 min' --circuit 'R0-p(R1,CPE1)' --output hold.h5",
    .run = run_eis_series,
};

} // namespace platen::cli

#include "cli/eis.hpp"
#include "cli/terminal.hpp"

namespace platen::cli {
namespace {

int run_eis_kk(const Arguments& arguments) {
  const SpectraInput input = read_spectra(arguments);
  const report::SpectrumData& data = chosen(arguments, input);
  const impedance::SpectrumQuality quality = impedance::inspect(data.frequency, data.impedance);
  print(arguments.has("--json") ? report::json_eis_kk(data, quality) : report::text_eis_kk(data, quality));
  report::SpectrumData used{data.name, {}, {}, data.start};
  for (const std::size_t k : quality.usable) {
    used.frequency.push_back(data.frequency[k]);
    used.impedance.push_back(data.impedance[k]);
  }
  write_plots(arguments, {{"kramers-kronig", report::residual_figure(used, quality.kk.model, "against a sum of relaxations")}});
  return 0;
}

} // namespace

const Verb verb::eis_kk{
    .name = "eis kk",
    .summary = "tests a spectrum by Kramers and Kronig and by Z-HIT: noise, drift, wires",
    .positional = {.name = "FILE", .help = "a file with spectra; the format is found by content"},
    .options = {spectrum_option, cell_option, plots_option, eis_json_option},
    .examples = "Example:\n"
                "  platen eis kk peis.mpr --plots figures",
    .run = run_eis_kk,
};

} // namespace platen::cli

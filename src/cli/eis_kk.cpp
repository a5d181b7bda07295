#include "cli/eis.hpp"
#include "impedance/analyse.hpp"
#include "impedance/stored.hpp"

namespace platen::cli {
namespace {

int run_eis_kk(const Arguments& arguments) {
  SpectraInput input = read_spectra(arguments);
  return answer_chosen(arguments, input, [&](std::size_t k) -> SpectrumAnswer {
    const report::SpectrumData& data = input.spectra[k];
    const impedance::SpectrumQuality quality = impedance::inspect(data.frequency, data.impedance);
    const impedance::Points points = impedance::picked({data.frequency, data.impedance}, quality.usable);
    const report::SpectrumData used{data.name, points.frequency, points.impedance, data.start, {}};
    return {arguments.has("--json") ? report::json_eis_kk(data, quality) : report::text_eis_kk(data, quality),
            {{"kramers-kronig", report::residual_figure(used, quality.kk.model, "against a sum of relaxations")}},
            impedance::stored(quality, used.frequency, input.sources[k].spectrum + 1)};
  });
}

} // namespace

const Verb verb::eis_kk{
    .name = "eis kk",
    .summary = "tests a spectrum by Kramers and Kronig and by Z-HIT: noise, drift, wires",
    .positional = {.name = "FILE", .help = "files with spectra, or folders of them; the format is found by content", .several = true},
    .options = {spectrum_option, cell_option, output_option, plots_option, eis_json_option},
    .examples = "Example:\n"
                "  platen eis kk peis.mpr --plots figures",
    .run = run_eis_kk,
};

} // namespace platen::cli

#include "cli/eis.hpp"
#include "impedance/stored.hpp"

namespace platen::cli {
namespace {

int run_eis_drt(const Arguments& arguments) {
  impedance::DrtOptions options;
  options.samples = arguments.count("--samples", 0, 100000).value_or(options.samples);
  options.seed = arguments.count("--seed", 0, UINT64_MAX).value_or(options.seed);
  SpectraInput input = read_spectra(arguments);
  return answer_chosen(arguments, input, [&](std::size_t k) -> SpectrumAnswer {
    const report::SpectrumData& data = input.spectra[k];
    const impedance::Drt drt = impedance::relaxation_times(data.frequency, data.impedance, options);
    return {arguments.has("--json") ? report::json_eis_drt(data, drt) : report::text_eis_drt(data, drt),
            {{"drt", report::drt_figure(data, drt)}, {"drt-residuals", report::residual_figure(data, drt.model, "relaxation times")}},
            impedance::stored(drt, data.frequency, input.sources[k].spectrum + 1)};
  });
}

} // namespace

const Verb verb::eis_drt{
    .name = "eis drt",
    .summary = "tells the distribution of relaxation times of a spectrum, with bands and peaks",
    .positional = {.name = "FILE", .help = "files with spectra, or folders of them; the format is found by content", .several = true},
    .options = {spectrum_option, drop_option,
                {"--samples", "N", "samples for the bands (default 200; 0: no bands)"},
                {"--seed", "N", "seed of the samples (default 1)"},
                cell_option, output_option, plots_option, eis_json_option},
    .examples = "Example:\n"
                "  platen eis drt peis.mpr --plots figures",
    .run = run_eis_drt,
};

} // namespace platen::cli

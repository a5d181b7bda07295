#include "cli/eis.hpp"
#include "cli/terminal.hpp"
#include "impedance/analyse.hpp"
#include "impedance/stored.hpp"

namespace platen::cli {
namespace {

int run_eis_inspect(const Arguments& arguments) {
  SpectraInput input = read_spectra(arguments);
  std::vector<impedance::SpectrumQuality> quality;
  std::vector<Found> found;
  for (std::size_t k = 0; k < input.spectra.size(); ++k) {
    const report::SpectrumData& s = input.spectra[k];
    quality.push_back(impedance::inspect(s.frequency, s.impedance));
    const impedance::Points used = impedance::picked({s.frequency, s.impedance}, quality.back().usable);
    found.push_back({input.sources[k].record, impedance::stored(quality.back(), used.frequency, input.sources[k].spectrum + 1)});
  }
  print(arguments.has("--json") ? report::json_eis_inspect(input.spectra, quality) : report::text_eis_inspect(input.spectra, quality));
  write_output(arguments, input, std::move(found));
  return 0;
}

} // namespace

const Verb verb::eis_inspect{
    .name = "eis inspect",
    .summary = "says how far impedance spectra can be trusted, and which points to leave out",
    .positional = {.name = "FILE", .help = "files with spectra, or folders of them; the format is found by content", .several = true},
    .options = {cell_option, output_option, {"--json", "", "answer as JSON (docs/formats/json.md)"}},
    .examples = "Points are proposed to be left out, with the reason; none is left out. `eis fit --drop proposed` leaves them out.\n"
                "\n"
                "Examples:\n"
                "  platen eis inspect peis.mpr\n"
                "  platen eis inspect spectra/*.DTA --json",
    .run = run_eis_inspect,
};

} // namespace platen::cli

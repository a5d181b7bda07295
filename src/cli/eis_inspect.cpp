#include "cli/eis.hpp"
#include "cli/terminal.hpp"

namespace platen::cli {
namespace {

int run_eis_inspect(const Arguments& arguments) {
  const SpectraInput input = read_spectra(arguments);
  std::vector<impedance::SpectrumQuality> quality;
  for (const report::SpectrumData& s : input.spectra) quality.push_back(impedance::inspect(s.frequency, s.impedance));
  print(arguments.has("--json") ? report::json_eis_inspect(input.spectra, quality) : report::text_eis_inspect(input.spectra, quality));
  return 0;
}

} // namespace

const Verb verb::eis_inspect{
    .name = "eis inspect",
    .summary = "says how far impedance spectra can be trusted, and which points to leave out",
    .positional = {.name = "FILE", .help = "files with spectra; the format is found by content", .several = true},
    .options = {cell_option, eis_json_option},
    .examples = "Points are proposed to be left out, with the reason; none is left out.\n"
                "\n"
                "Examples:\n"
                "  platen eis inspect peis.mpr\n"
                "  platen eis inspect spectra/*.DTA --json",
    .run = run_eis_inspect,
};

} // namespace platen::cli

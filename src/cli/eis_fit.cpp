#include "base/error.hpp"
#include "cli/eis.hpp"
#include "cli/terminal.hpp"
#include "impedance/analyse.hpp"
#include "impedance/stored.hpp"

namespace platen::cli {
namespace {

/// What the user wants to have fitted, the same for every spectrum.
struct Wish {
  impedance::FitOptions options;
  std::vector<impedance::Circuit> circuits; ///< none: named ones are tried
  std::vector<std::string> conductive, interfaces;
};

std::vector<impedance::Circuit> circuits_given(const Arguments& arguments) {
  std::vector<impedance::Circuit> out;
  const auto text = arguments.value("--circuit");
  for (std::size_t from = 0; text && from <= text->size();) {
    const std::size_t end = std::min(text->find(';', from), text->size());
    out.push_back(impedance::Circuit::parse(std::string_view(*text).substr(from, end - from)));
    from = end + 1;
  }
  return out;
}

Wish wish_of(const Arguments& arguments) {
  Wish wish{fit_options(arguments), circuits_given(arguments), names_given(arguments, "--conductivity"), names_given(arguments, "--interfaces")};
  if (wish.circuits.empty() && !wish.options.constraints.empty())
    throw Error("U007", "--fix, --tie and --bounds need a --circuit whose parameters they name");
  if (wish.circuits.empty() && (arguments.has("--conductivity") || arguments.has("--interfaces")))
    throw Error("U007", "--conductivity and --interfaces name resistances of a --circuit", std::nullopt,
                {"without --circuit, the parts of the circuit that is found have names, and follow by themselves"});
  if (!wish.circuits.empty() && arguments.has("--kind")) throw Error("U007", "--kind is for the search of a circuit; --circuit names one");
  for (const impedance::Circuit& circuit : wish.circuits)
    for (const auto* names : {&wish.conductive, &wish.interfaces})
      for (const std::string& name : *names) (void)circuit.find(name);
  return wish;
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

report::EisFit fitted(const Arguments& arguments, const Wish& wish, const report::SpectrumData& data, const Record& record) {
  report::EisFit answer;
  answer.weighting = label(wish.options.weighting);
  if (wish.circuits.empty()) {
    const auto kind = arguments.has("--kind")
                          ? *impedance::parse_cell_kind(arguments.choice("--kind", {"unknown", "blocking", "symmetric", "full"}))
                          : impedance::kind_of(record);
    answer.tried = impedance::find_model(data.frequency, data.impedance, kind, wish.options);
    if (answer.tried.empty()) throw Error("D209", "the spectrum has too few points for any of the named circuits");
    answer.model = answer.tried.front().model->name;
  } else {
    answer.tried = impedance::compare(wish.circuits, data.frequency, data.impedance, wish.options);
  }
  const impedance::ModelResult& best = answer.tried.front();
  answer.fit = best.fit;
  const bool own = best.model == nullptr;
  const Geometry geometry = geometry_given(arguments, record.cell);
  const auto conductive = own ? wish.conductive : impedance::electrolyte_resistances(best), sides = own ? wish.interfaces : impedance::interface_resistances(best);
  if (own && !conductive.empty() && !(geometry.thickness && geometry.area))
    throw Error("U005", "--conductivity needs the geometry of the pellet", std::nullopt, {"--thickness \"0.6 mm\" --area \"0.785 cm2\", or a cell file"});
  if (own && !sides.empty() && !geometry.area) throw Error("U005", "--interfaces needs the area", std::nullopt, {"--area \"0.785 cm2\", or a cell file"});
  if (geometry.thickness && geometry.area) answer.conductivities = impedance::conductivities(answer.fit, conductive, *geometry.thickness, *geometry.area);
  if (geometry.area) answer.interfaces = impedance::interfaces(answer.fit, sides, *geometry.area);
  if (arguments.has("--profile")) take_profiles(answer, data, wish.options);
  return answer;
}

int run_eis_fit(const Arguments& arguments) {
  const Wish wish = wish_of(arguments);
  SpectraInput input = read_spectra(arguments);
  return answer_chosen(arguments, input, [&](std::size_t k) -> SpectrumAnswer {
    const report::SpectrumData& data = input.spectra[k];
    const report::EisFit answer = fitted(arguments, wish, data, input.of(k));
    const std::string& what = answer.fit.circuit;
    return {arguments.has("--json") ? report::json_eis_fit(data, answer) : report::text_eis_fit(data, answer),
            {{"nyquist", report::nyquist_figure(data, answer.fit.model, what)},
             {"bode", report::bode_figure(data, answer.fit.model, what)},
             {"residuals", report::residual_figure(data, answer.fit.model, what)}},
            impedance::stored(answer.fit, {wish.options.weighting, answer.profiled, answer.tried.front().model, answer.conductivities, answer.interfaces},
                              data.frequency, input.sources[k].spectrum + 1)};
  });
}

} // namespace

const Verb verb::eis_fit{
    .name = "eis fit",
    .summary = "fits an equivalent circuit to a spectrum, or finds one with names for its parts",
    .positional = {.name = "FILE", .help = "files with spectra, or folders of them; the format is found by content", .several = true},
    .options = {{"--circuit", "CIRCUIT", "as in 'R0-p(R1,CPE1)-W1'; several, with ; between them, are compared; default: named circuits are tried"},
                {"--kind", "KIND", "blocking, symmetric or full: which named circuits are tried; default: from the cell file, or all"},
                spectrum_option, drop_option, weights_option, fix_option, tie_option, bounds_option, starts_option, fit_seed_option,
                {"--profile", "", "intervals by profile: every other parameter is fitted anew along them"},
                {"--conductivity", "LIST", "resistances of the circuit that are electrolyte, R1,R2: conductivity of each and in all"},
                {"--interfaces", "LIST", "resistances of both interfaces of a symmetric cell: area-specific resistance of one side"},
                thickness_option, area_option, cell_option, output_option, plots_option, eis_json_option},
    .examples = "Elements: R C L CPE W Ws Wo G ZARC HN K TL(...); a dash joins in series, p(...,...) in parallel. What they are:\n"
                "docs/theory/impedance.md.\n"
                "\n"
                "Examples:\n"
                "  platen eis fit peis.mpr\n"
                "  platen eis fit spectrum.z --circuit 'R0-p(R1,C1)' --json\n"
                "  platen eis fit spectrum.z --circuit 'L0-R0-p(R1,CPE1)' --fix L0=1e-6 --bounds CPE1.n=0.7:1 --plots figures\n"
                "  platen eis fit spectrum.z --circuit 'R0-p(R1,CPE1); R0-p(R1,CPE1)-p(R2,CPE2)'\n"
                "  platen eis fit pellet.txt --circuit 'p(R1,CPE1)-p(R2,CPE2)-CPE9' --conductivity R1,R2 --thickness '1.20 +- 0.02 mm' --area '0.785 cm2'",
    .run = run_eis_fit,
};

} // namespace platen::cli

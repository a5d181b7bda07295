#include "base/error.hpp"
#include "cli/eis.hpp"
#include "cli/terminal.hpp"
#include "impedance/stored.hpp"

#include <fmt/format.h>

namespace platen::cli {
namespace {

using impedance::Uncertain;

std::optional<double> given(const Arguments& arguments, std::string_view option, const Dimension& dimension) {
  const auto text = arguments.value(option);
  return text ? std::optional(quantity_given(*text, option, dimension)) : std::nullopt;
}

/// What the instrument reads without a cell: stated, or judged from a file of the empty fixture at the same voltage.
Uncertain leakage_of(const Arguments& arguments, double voltage) {
  const auto stated = uncertain_given(arguments, "--leakage", dim::current);
  const auto error = given(arguments, "--leakage-error", dim::current);
  const auto file = arguments.value("--empty");
  if (error && !(*error >= 0.0)) throw Error("U006", "`--leakage-error`: a standard error is not negative");
  if (!file) return {stated.value_or(Uncertain{}).value, error.value_or(stated.value_or(Uncertain{}).error)};
  if (stated || error) throw Error("U007", "--empty and --leakage both say what the instrument reads without a cell");
  Progress progress("reading", 1);
  const Input input = read_input(Paths{*file}, std::nullopt, progress.task(0));
  tell(input);
  const impedance::Held held = impedance::held_voltage(input.record, voltage);
  const impedance::Polarisation empty = impedance::polarisation(held.time, held.current, {.voltage = {voltage, 0.0}, .leakage = {}, .thickness = {}, .area = {}});
  note(fmt::format("{}: {:.3g} +- {:.2g} nA without a cell\n", *file, 1e9 * empty.steady.value, 1e9 * empty.steady.error));
  return empty.steady;
}

int run_dc(const Arguments& arguments) {
  std::optional<Uncertain> voltage;
  EachOption each; // before the reading
  each([&] { voltage = uncertain_given(arguments, "--voltage", dim::voltage); })([&] { (void)geometry_given(arguments, {}); });
  each([&] { (void)uncertain_given(arguments, "--leakage", dim::current); })([&] { (void)given(arguments, "--leakage-error", dim::current); }).done();
  SpectraInput files; // one record, whose rows matter here
  Progress progress("reading", 1);
  Input input = read_input(Paths{arguments.words.front()}, cell_given(arguments), progress.task(0));
  tell(input);
  const Geometry geometry = geometry_given(arguments, input.record.cell);
  report::DcAnswer answer;
  answer.name = std::filesystem::path(arguments.words.front()).filename().string();
  answer.held = impedance::held_voltage(input.record, voltage ? std::optional(voltage->value) : std::nullopt);
  answer.options.voltage = {answer.held.voltage, voltage.value_or(Uncertain{}).error};
  answer.options.leakage = leakage_of(arguments, answer.held.voltage);
  answer.options.thickness = geometry.thickness;
  answer.options.area = geometry.area;
  if (!geometry.thickness || !geometry.area) note("without thickness and area there is no conductivity: --thickness, --area, or a cell file\n");
  answer.result = impedance::polarisation(answer.held.time, answer.held.current, answer.options);
  print(arguments.has("--json") ? report::json_dc(answer) : report::text_dc(answer));
  write_plots(arguments, {{"dc", report::dc_figure(answer)}});
  files.records.push_back(std::move(input.record));
  files.files.emplace_back(arguments.words.front());
  write_output(arguments, files, {{0, impedance::stored(answer.result, answer.options)}});
  return 0;
}

} // namespace

const Verb verb::dc{
    .name = "dc",
    .summary = "tells the electronic conductivity of a pellet from its current at constant voltage",
    .positional = {.name = "FILE", .help = "a measured file or a record; the longest stretch at one voltage is taken"},
    .options = {{"--voltage", "V", "the voltage that was applied, \"100 mV\"; default: from the data"},
                thickness_option, area_option,
                {"--leakage", "I", "current of the instrument with an empty fixture at that voltage, \"3.0 +- 0.5 nA\""},
                {"--leakage-error", "I", "its standard error, where +- is not given"},
                {"--empty", "FILE", "a measurement of the empty fixture at that voltage, from which the leakage is told"},
                cell_option,
                {"--output", "PATH", "write the record with this result in it (.h5, .xlsx or .csv)"},
                plots_option, {"--json", "", "answer as JSON (docs/formats/json.md)"}},
    .examples = "Warns when the time was not enough, and says where the fall leads to. A file in which a current was held is refused.\n"
                "\n"
                "Examples:\n"
                "  platen dc polarisation.csv --thickness '0.6 mm' --area '0.785 cm2' --leakage '3.0 +- 0.5 nA'\n"
                "  platen dc polarisation.csv --empty empty-fixture.csv --thickness '0.60 +- 0.02 mm' --area '0.785 cm2'",
    .run = run_dc,
};

} // namespace platen::cli

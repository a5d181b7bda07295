#include "cli/eis.hpp"
#include "cli/terminal.hpp"

namespace platen::cli {
namespace {

std::optional<double> given(const Arguments& arguments, std::string_view option, const Dimension& dimension) {
  const auto text = arguments.value(option);
  return text ? std::optional(quantity_given(*text, option, dimension)) : std::nullopt;
}

int run_dc(const Arguments& arguments) {
  const auto voltage = given(arguments, "--voltage", dim::voltage);
  const auto leakage = given(arguments, "--leakage", dim::current), error = given(arguments, "--leakage-error", dim::current);
  auto thickness = given(arguments, "--thickness", dim::length), area = given(arguments, "--area", dim::area);
  Progress progress("reading", 1);
  const Input input = read_input(Paths{arguments.words.front()}, cell_given(arguments), progress.task(0));
  tell(input);
  if (!thickness) thickness = input.record.cell.electrolyte_thickness;
  if (!area) area = input.record.cell.area;
  report::DcAnswer answer;
  answer.name = std::filesystem::path(arguments.words.front()).filename().string();
  answer.held = impedance::held_voltage(input.record, voltage);
  answer.options.voltage = {answer.held.voltage, 0.0};
  answer.options.leakage = {leakage.value_or(0.0), error.value_or(0.0)};
  if (thickness && area) {
    answer.options.thickness = impedance::Uncertain{*thickness, 0.0};
    answer.options.area = impedance::Uncertain{*area, 0.0};
  } else {
    note("without thickness and area there is no conductivity: --thickness, --area, or a cell file\n");
  }
  answer.result = impedance::polarisation(answer.held.time, answer.held.current, answer.options);
  print(arguments.has("--json") ? report::json_dc(answer) : report::text_dc(answer));
  write_plots(arguments, {{"dc", report::dc_figure(answer)}});
  return 0;
}

} // namespace

const Verb verb::dc{
    .name = "dc",
    .summary = "tells the electronic conductivity of a pellet from its current at constant voltage",
    .positional = {.name = "FILE", .help = "a measured file or a record; the longest stretch at one voltage is taken"},
    .options = {{"--voltage", "V", "the voltage that was applied, \"100 mV\"; default: from the data"},
                {"--thickness", "L", "of the pellet, \"0.6 mm\"; default: from the cell file"},
                {"--area", "A", "of the pellet, \"0.785 cm2\"; default: from the cell file"},
                {"--leakage", "I", "current of the instrument with an empty fixture at that voltage, \"3 nA\""},
                {"--leakage-error", "I", "its standard error"},
                cell_option, plots_option, eis_json_option},
    .examples = "Warns when the time was not enough, and says where the fall leads to.\n"
                "\n"
                "Example:\n"
                "  platen dc polarisation.csv --thickness '0.6 mm' --area '0.785 cm2' --leakage '3 nA' --leakage-error '0.5 nA'",
    .run = run_dc,
};

} // namespace platen::cli

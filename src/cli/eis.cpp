#include "cli/eis.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "cli/terminal.hpp"

#include <charconv>
#include <fmt/format.h>

namespace platen::cli {
namespace {

/// "a=b,c=d" as pairs. @throws Error U006.
std::vector<std::pair<std::string, std::string>> pairs(const Arguments& arguments, std::string_view option) {
  std::vector<std::pair<std::string, std::string>> out;
  const auto text = arguments.value(option);
  if (!text) return out;
  for (std::size_t from = 0; from <= text->size();) {
    const std::size_t end = std::min(text->find(',', from), text->size());
    const std::string part = text->substr(from, end - from);
    const std::size_t equals = part.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == part.size())
      throw Error("U006", fmt::format("`{} {}`: NAME=VALUE was expected, found \"{}\"", option, *text, part));
    out.emplace_back(part.substr(0, equals), part.substr(equals + 1));
    from = end + 1;
  }
  return out;
}

double number_of(std::string_view option, std::string_view text) {
  double value = 0.0;
  const auto [stop, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || stop != text.data() + text.size())
    throw Error("U006", fmt::format("`{}`: \"{}\" is not a number", option, text));
  return value;
}

} // namespace

SpectraInput read_spectra(const Arguments& arguments) {
  SpectraInput all;
  const auto cell = cell_given(arguments);
  Progress progress("reading", arguments.words.size());
  for (std::size_t k = 0; k < arguments.words.size(); ++k) {
    Input input = read_input(Paths{arguments.words[k]}, cell, progress.task(k));
    tell(input);
    if (input.record.spectra.empty())
      throw Error("D217", fmt::format("`{}` holds no impedance spectrum", arguments.words[k]), std::nullopt,
                  {"`platen inspect` shows what it holds"});
    const std::string name = std::filesystem::path(arguments.words[k]).filename().string();
    for (std::size_t s = 0; s < input.record.spectra.size(); ++s)
      all.spectra.push_back(report::spectrum_data(
          input.record.spectra[s], input.record.spectra.size() > 1 ? fmt::format("{}, spectrum {}", name, s + 1) : name));
    all.record = std::move(input.record);
  }
  return all;
}

const report::SpectrumData& chosen(const Arguments& arguments, const SpectraInput& input) {
  const std::size_t count = input.spectra.size();
  const auto number = arguments.count("--spectrum", 1, count);
  if (!number && count > 1) note(fmt::format("the first of {} spectra; --spectrum N takes another\n", count));
  return input.spectra[number.value_or(1) - 1];
}

impedance::FitOptions fit_options(const Arguments& arguments) {
  impedance::FitOptions options;
  const std::string weights = arguments.choice("--weights", {"modulus", "unit", "proportional"});
  options.weighting = weights == "unit"           ? impedance::Weighting::unit
                      : weights == "proportional" ? impedance::Weighting::proportional
                                                  : impedance::Weighting::modulus;
  options.starts = arguments.count("--starts", 1, 100000).value_or(options.starts);
  options.seed = arguments.count("--seed", 0, UINT64_MAX).value_or(options.seed);
  for (const auto& [name, value] : pairs(arguments, "--fix"))
    options.constraints.push_back({.parameter = name, .fixed = number_of("--fix", value)});
  for (const auto& [name, value] : pairs(arguments, "--tie")) options.constraints.push_back({.parameter = name, .tied_to = value});
  for (const auto& [name, value] : pairs(arguments, "--bounds")) {
    const std::size_t colon = value.find(':');
    if (colon == std::string::npos) throw Error("U006", fmt::format("`--bounds`: {}={} needs two numbers: 0.7:1", name, value));
    options.constraints.push_back({.parameter = name,
                                   .lower = number_of("--bounds", std::string_view(value).substr(0, colon)),
                                   .upper = number_of("--bounds", std::string_view(value).substr(colon + 1))});
  }
  return options;
}

void write_plots(const Arguments& arguments, const std::vector<std::pair<std::string, std::string>>& named) {
  const auto folder = arguments.value("--plots");
  if (!folder) return;
  for (const auto& [name, svg] : named) {
    const std::filesystem::path path = std::filesystem::path(*folder) / (name + ".svg");
    make_folder_of(path);
    write_file(path, svg);
    note(fmt::format("{} written\n", path.string()));
  }
}

} // namespace platen::cli

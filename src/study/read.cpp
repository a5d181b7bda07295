#include "study/read.hpp"

#include "config/table.hpp"
#include "study/cell.hpp"
#include "study/check.hpp"
#include "study/parameters.hpp"
#include "study/sections.hpp"
#include "study/sentence.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen {
namespace {

using config::Document;
using config::Table;
using config::Text;

/// @returns whether every sentence was understood.
bool read_test(Study& study, const Table& root) {
  const std::size_t faults_before = root.diagnostics().items().size();
  const std::vector<Text> sentences = root.texts("test");
  if (!root.has("test"))
    root.diagnostics().error("C005", "missing key `test` in the file", root.place(),
                             {"for example `test = [\"Hold at 25 MPa for 30 min\", \"Release to 5 MPa\"]`"});
  else if (sentences.empty() && root.diagnostics().items().size() == faults_before)
    root.diagnostics().error("C067", "the test has no sentences", root.value_place("test"),
                             {"for example `test = [\"Hold at 25 MPa for 30 min\"]`"});
  for (std::size_t k = 0; k < sentences.size(); ++k) {
    const Text& text = sentences[k];
    const PlaceOf place_of = [&](std::size_t offset, std::size_t length) {
      return text.place(offset, length);
    };
    auto step = parse_sentence(text.value(), place_of, root.diagnostics());
    const Place place = text.place();
    study.resolved.push_back({fmt::format("test[{}]", k), text.value(),
                              std::numeric_limits<double>::quiet_NaN(), "",
                              fmt::format("{}:{}", place.file, place.line), "stated", ""});
    if (step) study.test.push_back(std::move(*step));
  }
  return !sentences.empty() && study.test.size() == sentences.size();
}

/// The layers' cards; where a cell lacks one (the empty fixture) the built-in's numbers stand in unused.
ParameterRequest request_of(const Table& root, const std::vector<Layer>& layers, const Text& set) {
  ParameterRequest out{
      root, {.name = "Li"}, {.name = "LPSCl"}, {.name = set.value(), .folder = root.folder("set")}, std::nullopt};
  if (set.present()) out.set.place = set.place();
  for (const Layer& layer : layers) {
    if (layer.kind == "lithium")
      out.lithium = layer.material;
    else if (layer.kind == "electrolyte")
      out.electrolyte = layer.material;
    else if (layer.kind == "cathode")
      out.cathode = layer.material;
  }
  return out;
}

void take_parameters(Study& study, ParameterResult&& result) {
  study.parameters = result.parameters;
  study.parameter_set = std::move(result.set);
  study.cell.lithium = std::move(result.lithium);
  study.cell.electrolyte = std::move(result.electrolyte);
  study.sources.insert(study.sources.end(), result.sources.begin(), result.sources.end());
  study.resolved.insert(study.resolved.end(), result.resolved.begin(), result.resolved.end());
}

/// Values of the sections; those that are parameters are listed among the parameters instead.
std::vector<config::Resolved> section_values(const Document& document) {
  std::vector<config::Resolved> out;
  for (const config::Resolved& value : document.resolved()) {
    const std::string parent = value.key.substr(0, value.key.rfind('.'));
    const bool parameter =
        physics::find_parameter(value.key) != nullptr || physics::find_parameter(parent) != nullptr;
    if (!parameter && !value.key.starts_with("override.")) out.push_back(value);
  }
  return out;
}

/// Top-level keys and [fabrication]. @returns the thickness of foils that state none.
std::optional<double> read_top(Study& study, const Table& root, const std::string& stem) {
  study.name = root.text("name", stem).value();
  study.description = root.text("description", "").value();
  study.seed =
      static_cast<std::uint64_t>(root.integer("seed", 0, std::numeric_limits<std::int64_t>::max(), 0));
  study.temperature = root.quantity({.key = "temperature",
                                     .dimension = dim::temperature,
                                     .unit = "degC",
                                     .low = 200.0,
                                     .high = 453.0,
                                     .fallback = "25 degC"});
  const Table fabrication = root.table("fabrication");
  const auto pressed = fabrication.optional_quantity({.key = "densification_pressure",
                                                      .dimension = dim::pressure,
                                                      .unit = "MPa",
                                                      .high = 2e9,
                                                      .above = 0.0});
  study.fabrication.densification_pressure = pressed.value_or(0.0);
  return fabrication.optional_quantity(
      {.key = "foil_thickness", .dimension = dim::length, .unit = "um", .high = 0.01, .above = 0.0});
}

Study build(const Document& document, const std::string& stem) {
  const Table root = document.root();
  Study study;
  const auto foil = read_top(study, root, stem);
  const Text set = root.text("set", "Ham2022");
  const Table cell = root.table("cell");
  study.cell.area =
      cell.quantity({.key = "area", .dimension = dim::area, .unit = "cm2", .high = 1.0, .above = 0.0});
  const std::size_t faults_before = root.diagnostics().items().size();
  const std::vector<Layer> layers = read_layers(cell, foil);
  const bool empty = layers.empty() && root.diagnostics().items().size() == faults_before;
  read_fixture(study, root.table("fixture"));
  read_mechanisms(study, root.table("mechanisms"));
  read_output(study, root.table("output"));

  ParameterResult parameters = resolve_parameters(request_of(root, layers, set));
  const std::string cathode = parameters.cathode;
  take_parameters(study, std::move(parameters));
  build_cell(study, cell, layers);
  if (study.cell.cathode) study.cell.cathode->material = cathode;
  const bool understood = read_test(study, root);
  // where the cell is not known, what it lacks is not known either
  if (understood && (empty || study.cell.configuration != Configuration::empty_fixture))
    check_test(study, root.diagnostics());
  document.finish();

  std::vector<config::Resolved> all = section_values(document);
  all.insert(all.end(), study.resolved.begin(), study.resolved.end());
  study.resolved = std::move(all);
  study.warnings = document.diagnostics().warnings();
  auto sources = document.sources();
  sources.insert(sources.end(), study.sources.begin(), study.sources.end());
  study.sources = std::move(sources);
  return study;
}

} // namespace

Study read_study(const std::filesystem::path& path) {
  return build(Document::read(path), path.stem().string());
}

Study parse_study(std::string text, std::string name, const std::filesystem::path& folder, const config::FindBuiltIn& find) {
  const std::string stem = std::filesystem::path(name).stem().string();
  return build(Document::parse(std::move(text), std::move(name), folder, find), stem);
}

} // namespace platen

#include "study/read.hpp"

#include "config/table.hpp"
#include "study/cell.hpp"
#include "study/check.hpp"
#include "study/draft.hpp"
#include "study/fields.hpp"
#include "study/parameters.hpp"
#include "study/sections.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen {
namespace {

using config::Document;
using config::Table;
using config::Text;

/// [values], whose keys are free. Every one is text or a number, as it would stand in the sentence.
void read_values(Draft& draft, const Table& values) {
  for (const std::string& key : values.keys()) {
    values.has(key);
    std::string text = values.written(key);
    if (text.empty() || text.front() == '[') {
      values.text(key); // says what is wrong with a table or a list
      continue;
    }
    draft.study.resolved.push_back({fmt::format("values.{}", key), text, std::numeric_limits<double>::quiet_NaN(), "",
                                    values.origin(key), "stated", ""});
    draft.values.emplace_back(key, std::move(text));
  }
}

void read_sentences(Draft& draft, const Table& root) {
  const std::size_t faults_before = root.diagnostics().items().size();
  const std::vector<Text> sentences = root.texts("test");
  if (!root.has("test"))
    root.diagnostics().error("C005", "missing key `test` in the file", root.place(),
                             {"for example `test = [\"Hold at 25 MPa for 30 min\", \"Release to 5 MPa\"]`"});
  else if (sentences.empty() && root.diagnostics().items().size() == faults_before)
    root.diagnostics().error("C067", "the test has no sentences", root.value_place("test"),
                             {"for example `test = [\"Hold at 25 MPa for 30 min\"]`"});
  for (const Text& text : sentences) {
    const std::size_t before = root.diagnostics().items().size();
    Pattern pattern(text, root.diagnostics());
    Pattern::Filled filled;
    if (root.diagnostics().items().size() == before) filled = pattern.fill(draft.values, root.diagnostics());
    draft.sentences.push_back({std::move(pattern), std::move(filled)});
  }
  for (const auto& [name, value] : draft.values)
    if (std::none_of(draft.sentences.begin(), draft.sentences.end(), [&](const auto& s) { return s.pattern.uses(name); }))
      root.diagnostics().warning("C072", fmt::format("no sentence of the test uses `{{{}}}`", name), root.table("values").key_place(name),
                                 {"a value stands in a sentence by its name in braces, \"Hold at 25 MPa for {hold}\""});
}

/// "Fit springs if any" in a fixed gap.
bool left_out(const Study& study, const Step& step) {
  const auto* fit = std::get_if<step::FitSprings>(&step.kind);
  return fit != nullptr && fit->if_any && study.fixture.kind == FixtureKind::fixed_gap;
}

std::vector<Step> without_left_out(const Study& study, std::vector<Step> steps) {
  std::erase_if(steps, [&](const Step& step) { return left_out(study, step); });
  for (Step& step : steps) {
    if (auto* repeat = std::get_if<step::Repeat>(&step.kind)) repeat->steps = without_left_out(study, std::move(repeat->steps));
    if (auto* every = std::get_if<step::Every>(&step.kind)) every->steps = without_left_out(study, std::move(every->steps));
  }
  return steps;
}

/// @returns whether every sentence was understood.
bool complete_test(const Draft& draft, const Values& values, Study& study, Diagnostics& diagnostics) {
  const auto changed = [&](const Pattern& pattern) {
    return std::any_of(values.begin(), values.end(), [&](const auto& value) {
      if (!pattern.uses(value.first)) return false;
      const std::string* drafted = find_value(draft.values, value.first);
      return drafted == nullptr || *drafted != value.second;
    });
  };
  std::vector<Step> steps;
  for (std::size_t k = 0; k < draft.sentences.size(); ++k) {
    const DraftSentence& sentence = draft.sentences[k];
    Pattern::Filled filled = changed(sentence.pattern) ? sentence.pattern.fill(values, diagnostics) : sentence.filled;
    const Place place = sentence.pattern.text().place();
    study.resolved.push_back({fmt::format("test[{}]", k), std::move(filled.sentence), std::numeric_limits<double>::quiet_NaN(), "",
                              fmt::format("{}:{}", place.file, place.line), "stated", ""});
    if (filled.step) steps.push_back(std::move(*filled.step));
  }
  const bool understood = !steps.empty() && steps.size() == draft.sentences.size();
  study.test = without_left_out(study, std::move(steps));
  return understood;
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
  study.temperature = root.quantity(fields::temperature);
  const Table fabrication = root.table("fabrication");
  study.fabrication.densification_pressure = fabrication.optional_quantity(fields::densification_pressure).value_or(0.0);
  return fabrication.optional_quantity(fields::foil_thickness);
}

Study build(Document document, const std::string& stem) {
  const Draft draft = draft_of(std::move(document), stem);
  Study study = draft.study;
  complete(draft, draft.layers, draft.values, study, draft.document.diagnostics());
  draft.document.finish();
  study.warnings = draft.document.diagnostics().warnings();
  return study;
}

} // namespace

Draft draft_of(Document document, const std::string& stem) {
  const Table root = document.root();
  Draft draft{std::move(document), {}, root.table("cell"), {}, false, {}, {}, {}};
  Study& study = draft.study;
  const auto foil = read_top(study, root, stem);
  const Text set = root.text("set", "Ham2022");
  study.cell.area = draft.cell.quantity(fields::area);
  const std::size_t faults_before = root.diagnostics().items().size();
  draft.layers = read_layers(draft.cell, foil);
  draft.empty_fixture = draft.layers.empty() && root.diagnostics().items().size() == faults_before;
  read_fixture(study, root.table("fixture"));
  read_mechanisms(study, root.table("mechanisms"));
  read_output(study, root.table("output"));
  read_values(draft, root.table("values"));

  ParameterResult parameters = resolve_parameters(request_of(root, draft.layers, set));
  draft.cathode = parameters.cathode;
  take_parameters(study, std::move(parameters));
  read_sentences(draft, root);

  std::vector<config::Resolved> all = section_values(draft.document);
  all.insert(all.end(), study.resolved.begin(), study.resolved.end());
  study.resolved = std::move(all);
  study.warnings = draft.document.diagnostics().warnings();
  auto sources = draft.document.sources();
  sources.insert(sources.end(), study.sources.begin(), study.sources.end());
  study.sources = std::move(sources);
  return draft;
}

void complete(const Draft& draft, const std::vector<Layer>& layers, const Values& values, Study& study, Diagnostics& diagnostics) {
  build_cell(study, draft.cell, layers, diagnostics);
  if (study.cell.cathode) study.cell.cathode->material = draft.cathode;
  const bool understood = complete_test(draft, values, study, diagnostics);
  // where the cell is not known, what it lacks is not known either
  if (understood && (draft.empty_fixture || study.cell.configuration != Configuration::empty_fixture)) check_test(study, diagnostics);
}

Study read_study(const std::filesystem::path& path) {
  return build(Document::read(path), path.stem().string());
}

Study parse_study(std::string text, std::string name, const std::filesystem::path& folder, const config::FindBuiltIn& find) {
  const std::string stem = std::filesystem::path(name).stem().string();
  return build(Document::parse(std::move(text), std::move(name), folder, find), stem);
}

} // namespace platen

#include "study/variants.hpp"

#include "study/draft.hpp"
#include "study/sections.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen {
namespace {

using Kind = OverrideKey::Kind;

/// A column ready for use.
struct Setter {
  OverrideKey key;
  double factor = 1.0, offset = 0.0;        ///< from the column's unit to SI
  std::string si_unit;
  std::optional<std::size_t> resolved;      ///< where the study lists the value
  std::vector<std::size_t> layers;          ///< of Kind::layer and foil_thickness
  std::string value_name;                   ///< of Kind::value

  double si(double number) const { return number * factor + offset; }
};

/// "30 min": a value as a file would say it.
std::string in_words(const OverrideColumn& column, double value) {
  return column.words.empty() && !column.unit.empty() && column.unit != "1" ? fmt::format("{} {}", value, column.unit) : column.shown(value);
}

void read_unit(Setter& setter, const OverrideColumn& column) {
  setter.si_unit = platen::si_unit(setter.key.field.dimension);
  if (column.unit.empty() || !column.words.empty() || setter.key.kind == Kind::value) return;
  const auto unit = parse_unit(column.unit);
  if (unit && unit->dimension == setter.key.field.dimension) {
    setter.factor = unit->factor;
    setter.offset = unit->offset;
  } else { // pounds where a force is wanted
    setter.factor = parse_quantity(fmt::format("1 {}", column.unit), setter.key.field.dimension).quantity.value;
  }
}

/// "cell.cathode.loading" of the first of the layers is listed as "cell.layers[0].loading".
std::string listed_as(const Setter& setter, const Draft& draft) {
  if (setter.key.kind == Kind::layer && !setter.layers.empty())
    return fmt::format("{}.{}", draft.layers[setter.layers.front()].table.path(), setter.key.field.key);
  return setter.key.name;
}

/// Refuses what the study has not (C125).
void check_present(const Setter& setter, const OverrideColumn& column, const Draft& draft, Diagnostics& diagnostics) {
  const auto lacks = [&](std::string what, std::string hint) {
    diagnostics.error("C125", fmt::format("`{}` cannot be overridden: the study has no {}", column.key, what), column.place, {std::move(hint)});
  };
  switch (setter.key.kind) {
  case Kind::layer:
    if (setter.layers.empty()) lacks(fmt::format("layer of {}", setter.key.layer_kind), "take a study with such a layer, or leave the column out");
    break;
  case Kind::foil_thickness:
    if (setter.layers.empty()) lacks("lithium layer without a thickness of its own", "override `cell.lithium.thickness` instead");
    break;
  case Kind::springs:
  case Kind::spring_count:
    if (!draft.study.fixture.springs) lacks("springs", "add `springs = { count, rate, load_limit, travel }` to [fixture]; with `kind = \"fixed gap\"` they are not used");
    break;
  case Kind::value:
    if (find_value(draft.values, setter.value_name) == nullptr)
      lacks(fmt::format("`{}` in [values]", setter.value_name), fmt::format("write `{{{}}}` into a sentence of the test and `{} = \"...\"` into [values]", setter.value_name, setter.value_name));
    break;
  default: break;
  }
}

Setter setter_of(const OverrideColumn& column, OverrideKey key, const Draft& draft, Diagnostics& diagnostics) {
  Setter out{.key = std::move(key), .si_unit = {}, .resolved = {}, .layers = {}, .value_name = {}};
  read_unit(out, column);
  if (out.key.kind == Kind::value) out.value_name = out.key.name.substr(out.key.name.find('.') + 1);
  for (std::size_t k = 0; k < draft.layers.size(); ++k)
    if (out.key.kind == Kind::foil_thickness ? draft.layers[k].of_foil : out.key.kind == Kind::layer && draft.layers[k].kind == out.key.layer_kind)
      out.layers.push_back(k);
  const auto& listed = draft.study.resolved;
  const auto found = std::find_if(listed.begin(), listed.end(), [name = listed_as(out, draft)](const config::Resolved& r) { return r.key == name; });
  if (found != listed.end()) out.resolved = static_cast<std::size_t>(found - listed.begin());
  check_present(out, column, draft, diagnostics);
  return out;
}

/// What a variant starts from and changes.
struct Changing {
  Study study;
  std::vector<Layer> layers;
  Values values;
};

void set(const Setter& setter, const OverrideColumn& column, double number, Changing& out) {
  const double si = setter.si(number);
  Study& study = out.study;
  switch (setter.key.kind) {
  case Kind::parameter: study.parameters.*setter.key.parameter = si; break;
  case Kind::mechanism: study.mechanisms.*setter.key.mechanism = number != 0.0; break;
  case Kind::seed: study.seed = static_cast<std::uint64_t>(number); break;
  case Kind::temperature: study.temperature = si; break;
  case Kind::area: study.cell.area = si; break;
  case Kind::densification_pressure: study.fabrication.densification_pressure = si; break;
  case Kind::tolerance: study.output.relative_tolerance = si; break;
  case Kind::fixture_kind: study.fixture.kind = number != 0.0 ? FixtureKind::springs : FixtureKind::fixed_gap; break;
  case Kind::springs: (*study.fixture.springs).*setter.key.spring = si; break;
  case Kind::spring_count: study.fixture.springs->count = static_cast<int>(number); break;
  case Kind::layer:
    for (const std::size_t k : setter.layers) out.layers[k].*setter.key.layer = si;
    break;
  case Kind::foil_thickness:
    for (const std::size_t k : setter.layers) out.layers[k].thickness = si;
    break;
  case Kind::value:
    for (auto& [name, text] : out.values)
      if (name == setter.value_name) text = in_words(column, number);
    break;
  }
}

/// Lists the value with where it came from.
void list(const Setter& setter, const OverrideColumn& column, double number, std::string_view origin, Study& study) {
  const bool words = !column.words.empty() || setter.key.kind == Kind::value;
  config::Resolved listed{setter.key.name, in_words(column, number), words ? std::numeric_limits<double>::quiet_NaN() : setter.si(number),
                          words ? std::string() : setter.si_unit, std::string(origin), "stated", ""};
  if (!setter.resolved) {
    study.resolved.push_back(std::move(listed));
    return;
  }
  listed.key = study.resolved[*setter.resolved].key;
  study.resolved[*setter.resolved] = std::move(listed);
}

} // namespace

struct Variants::Parts {
  Draft draft;
  Study base;
  std::vector<OverrideColumn> columns;
  std::vector<Setter> setters;
};

Variants::Variants(std::unique_ptr<const Parts> parts) : parts_(std::move(parts)) {}
Variants::Variants(Variants&&) noexcept = default;
Variants& Variants::operator=(Variants&&) noexcept = default;
Variants::~Variants() = default;

Variants Variants::of(config::Document document, const std::string& stem, std::vector<OverrideColumn> columns) {
  auto parts = std::make_unique<Parts>(Parts{draft_of(std::move(document), stem), {}, std::move(columns), {}});
  parts->base = parts->draft.study;
  Diagnostics& faults = parts->draft.document.diagnostics();
  complete(parts->draft, parts->draft.layers, parts->draft.values, parts->base, faults);
  parts->draft.document.finish();
  parts->base.warnings = faults.warnings();
  Diagnostics own;
  for (const OverrideColumn& column : parts->columns)
    if (auto key = check_override(column, own)) parts->setters.push_back(setter_of(column, std::move(*key), parts->draft, own));
  own.throw_if_errors();
  return Variants(std::move(parts));
}

Variants Variants::read(const std::filesystem::path& study, std::vector<OverrideColumn> columns) {
  return of(config::Document::read(study), study.stem().string(), std::move(columns));
}

Variants Variants::parse(std::string text, std::string name, const std::filesystem::path& folder, std::vector<OverrideColumn> columns) {
  const std::string stem = std::filesystem::path(name).stem().string();
  return of(config::Document::parse(std::move(text), std::move(name), folder), stem, std::move(columns));
}

const std::vector<OverrideColumn>& Variants::columns() const noexcept { return parts_->columns; }
const Study& Variants::base() const noexcept { return parts_->base; }

Study Variants::study(std::span<const double> values, std::string_view origin) const {
  if (values.size() != parts_->setters.size())
    throw Error("B004", fmt::format("{} values for {} columns of overrides", values.size(), parts_->setters.size()));
  Changing out{parts_->draft.study, parts_->draft.layers, parts_->draft.values};
  for (std::size_t k = 0; k < values.size(); ++k) {
    if (std::isnan(values[k])) continue;
    set(parts_->setters[k], parts_->columns[k], values[k], out);
    list(parts_->setters[k], parts_->columns[k], values[k], origin, out.study);
  }
  Diagnostics diagnostics;
  complete(parts_->draft, out.layers, out.values, out.study, diagnostics);
  if (diagnostics.has_errors()) {
    std::string said;
    for (std::size_t k = 0; k < values.size(); ++k)
      if (!std::isnan(values[k])) said += fmt::format("{}{} = {}", said.empty() ? "" : ", ", parts_->columns[k].key, in_words(parts_->columns[k], values[k]));
    std::vector<Diagnostic> errors;
    for (Diagnostic d : diagnostics.items()) {
      if (d.severity != Severity::error) continue;
      d.hints.push_back(fmt::format("with the overrides of {}: {}", origin, said));
      errors.push_back(std::move(d));
    }
    throw Error(std::move(errors));
  }
  const std::vector<Diagnostic> warnings = diagnostics.warnings();
  out.study.warnings.insert(out.study.warnings.end(), warnings.begin(), warnings.end());
  return std::move(out.study);
}

} // namespace platen

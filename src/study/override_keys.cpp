#include "study/override_keys.hpp"

#include "study/fields.hpp"
#include "study/sections.hpp"

#include <fmt/format.h>

namespace platen {
namespace {

using Kind = OverrideKey::Kind;

constexpr std::string_view values_prefix = "values.", mechanisms_prefix = "mechanisms.";
/// Beyond it a number of a table may not be whole any more.
constexpr double largest_whole = 9007199254740992.0;

/// The keys outside parameters, switches and values.
const std::vector<OverrideKey>& stated_keys() {
  static const std::vector<OverrideKey> keys = [] {
    std::vector<OverrideKey> out;
    const auto add = [&](Kind kind, std::string name, const config::Field& field) -> OverrideKey& {
      out.push_back({.kind = kind, .name = std::move(name), .field = field});
      return out.back();
    };
    add(Kind::seed, "seed", {.key = "seed", .low = 0.0, .high = largest_whole});
    add(Kind::temperature, "temperature", fields::temperature);
    add(Kind::area, "cell.area", fields::area);
    const auto layer = [&](const char* kind, const config::Field& field, std::optional<double> Layer::*member) {
      OverrideKey& key = add(Kind::layer, fmt::format("cell.{}.{}", kind, field.key), field);
      key.layer_kind = kind;
      key.layer = member;
    };
    layer("lithium", fields::thickness, &Layer::thickness);
    layer("electrolyte", fields::thickness, &Layer::thickness);
    layer("electrolyte", fields::mass, &Layer::mass);
    layer("cathode", fields::loading, &Layer::loading);
    add(Kind::densification_pressure, "fabrication.densification_pressure", fields::densification_pressure);
    add(Kind::foil_thickness, "fabrication.foil_thickness", fields::foil_thickness);
    add(Kind::fixture_kind, "fixture.kind", {.key = "kind"});
    add(Kind::spring_count, "fixture.springs.count", {.key = "count", .low = 1.0, .high = static_cast<double>(fields::most_springs)});
    add(Kind::springs, "fixture.springs.rate", fields::spring_rate).spring = &Springs::rate;
    add(Kind::springs, "fixture.springs.load_limit", fields::spring_load_limit).spring = &Springs::load_limit;
    add(Kind::springs, "fixture.springs.travel", fields::spring_travel).spring = &Springs::travel;
    add(Kind::tolerance, "output.tolerance", fields::tolerance);
    return out;
  }();
  return keys;
}

} // namespace

std::vector<std::string> OverrideKey::words() const {
  if (kind == Kind::mechanism) return {"false", "true"};
  if (kind == Kind::fixture_kind) return fixture_kinds();
  return {};
}

std::optional<OverrideKey> find_override_key(std::string_view name) {
  if (const physics::ParameterInfo* row = physics::find_parameter(name))
    return OverrideKey{.kind = Kind::parameter,
                       .name = std::string(row->name),
                       .field = {.key = row->name, .dimension = row->dimension, .unit = row->shown_in, .low = row->low, .high = row->high},
                       .parameter = row->member};
  for (const OverrideKey& key : stated_keys())
    if (key.name == name) return key;
  if (name.starts_with(mechanisms_prefix))
    for (const MechanismInfo& row : mechanism_registry())
      if (row.name == name.substr(mechanisms_prefix.size()))
        return OverrideKey{.kind = Kind::mechanism, .name = std::string(name), .field = {.key = row.name}, .mechanism = row.member};
  if (name.starts_with(values_prefix) && name.size() > values_prefix.size())
    return OverrideKey{.kind = Kind::value, .name = std::string(name)};
  return std::nullopt;
}

std::vector<std::string> override_key_names() {
  std::vector<std::string> out;
  for (const OverrideKey& key : stated_keys()) out.push_back(key.name);
  for (const MechanismInfo& row : mechanism_registry()) out.push_back(fmt::format("{}{}", mechanisms_prefix, row.name));
  for (const physics::ParameterInfo& row : physics::parameter_registry()) out.emplace_back(row.name);
  return out;
}

std::vector<std::string> override_key_hints(std::string_view name) {
  if (const auto meant = did_you_mean(name, override_key_names())) return {fmt::format("did you mean `{}`?", *meant)};
  return {"the keys are listed in docs/formats/overrides.md; a value of a sentence is `values.hold`"};
}

} // namespace platen

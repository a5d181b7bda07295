#include "study/parameters.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <map>

namespace platen {
namespace {

using config::Resolved;
using config::Table;
using physics::Home;
using physics::ParameterInfo;

std::string last_part(std::string_view name) { return std::string(name.substr(name.find('.') + 1)); }

std::vector<material::Wanted> wanted_of_kind(std::string_view kind) {
  std::vector<material::Wanted> out;
  for (const ParameterInfo& row : physics::parameter_registry()) {
    const bool mine = (kind == "lithium" && row.home == Home::lithium_card) ||
                      (kind == "electrolyte" && row.home == Home::electrolyte_card) ||
                      (kind == "cathode" && row.home == Home::cathode_card);
    if (mine)
      out.push_back({last_part(row.name), row.dimension, std::string(row.shown_in), row.low, row.high, true});
  }
  return out;
}

void collect(const Error& error, Diagnostics& diagnostics) {
  for (const Diagnostic& d : error.diagnostics()) diagnostics.add(d);
}

Resolved to_resolved(const std::string& key, const ParameterInfo& row, const material::Property& p) {
  return {key, p.text, p.value, si_unit(row.dimension), p.origin, p.basis, p.source};
}

config::Field field_of(std::string_view key, const ParameterInfo& row) {
  return {.key = key, .dimension = row.dimension, .unit = row.shown_in, .low = row.low, .high = row.high};
}

/// One number of the study file: `key = "20 min"` or `key = { value = "20 min", basis = "assumed", source =
/// "..." }`.
std::optional<Resolved> read_own(const Table& table, std::string_view key, const ParameterInfo& row) {
  Resolved out{std::string(row.name), table.written(key), 0.0, si_unit(row.dimension),
               table.origin(key),     "stated",           ""};
  std::optional<double> value;
  if (table.is_table(key)) {
    const Table entry = table.table(key);
    value = entry.quantity(field_of("value", row));
    out.text = entry.written("value");
    out.origin = entry.origin("value");
    out.basis = entry.choice("basis", material::bases(), "stated");
    out.source = entry.text("source", "").value();
  } else {
    value = table.optional_quantity(field_of(key, row));
  }
  if (!value || std::isnan(*value)) return std::nullopt;
  out.si = *value;
  return out;
}

class Collector {
public:
  explicit Collector(const ParameterRequest& request)
      : request_(request), diagnostics_(request.root.diagnostics()) {}

  ParameterResult run() {
    add_card(request_.lithium, "lithium", result_.lithium);
    add_card(request_.electrolyte, "electrolyte", result_.electrolyte);
    if (request_.cathode) add_card(*request_.cathode, "cathode", result_.cathode);
    add_set();
    add_fixture();
    add_overrides();
    for (const ParameterInfo& row : physics::parameter_registry()) {
      const auto found = values_.find(row.name);
      if (found == values_.end()) continue; // its fault has been reported
      result_.parameters.*row.member = found->second.si;
      result_.resolved.push_back(found->second);
    }
    return std::move(result_);
  }

private:
  void add_card(const material::Request& request, std::string_view kind, std::string& own_name) {
    own_name = request.name;
    try {
      const material::Card card = material::read_card(request, wanted_of_kind);
      own_name = card.name;
      result_.sources.insert(result_.sources.end(), card.sources.begin(), card.sources.end());
      for (const ParameterInfo& row : physics::parameter_registry())
        if (row.name.starts_with(fmt::format("{}.", kind)))
          if (const material::Property* p = card.find(last_part(row.name)))
            values_[row.name] = to_resolved(std::string(row.name), row, *p);
    } catch (const Error& error) {
      collect(error, diagnostics_);
    }
  }

  void add_set() {
    result_.set = request_.set.name;
    try {
      const std::vector<material::Wanted> wanted = wanted_of_set();
      const material::ParameterSet set = material::read_set(request_.set, wanted);
      result_.set = set.name;
      result_.sources.insert(result_.sources.end(), set.sources.begin(), set.sources.end());
      for (const ParameterInfo& row : physics::parameter_registry())
        if (const material::Property* p = set.find(row.name))
          values_[row.name] = to_resolved(std::string(row.name), row, *p);
    } catch (const Error& error) {
      collect(error, diagnostics_);
    }
  }

  void add_own(const Table& table, std::string_view key, const ParameterInfo& row) {
    if (auto own = read_own(table, key, row)) values_[row.name] = std::move(*own);
  }

  void add_fixture() {
    const Table fixture = request_.root.table("fixture");
    for (const ParameterInfo& row : physics::parameter_registry())
      if (const std::string key = last_part(row.name); row.name.starts_with("fixture.") && fixture.has(key))
        add_own(fixture, key, row);
  }

  void add_overrides() {
    const Table overrides = request_.root.table("override");
    for (const std::string& key : overrides.keys()) {
      if (const ParameterInfo* row = physics::find_parameter(key)) {
        add_own(overrides, key, *row);
        continue;
      }
      if (!overrides.is_table(key)) { // also makes the key known, so that it is not reported twice
        unknown(overrides, key, key);
        continue;
      }
      // unquoted `contact.closure_time = ...` is a table in TOML
      const Table group = overrides.table(key);
      for (const std::string& member : group.keys()) {
        const std::string name = fmt::format("{}.{}", key, member);
        if (const ParameterInfo* row = physics::find_parameter(name)) {
          add_own(group, member, *row);
        } else {
          group.has(member);
          unknown(group, member, name);
        }
      }
    }
  }

  void unknown(const Table& table, const std::string& key, const std::string& name) {
    std::vector<std::string> names;
    for (const ParameterInfo& row : physics::parameter_registry()) names.emplace_back(row.name);
    std::vector<std::string> hints;
    if (const auto meant = did_you_mean(name, names))
      hints.push_back(fmt::format("did you mean `\"{}\"`?", *meant));
    else
      hints.emplace_back("the parameters are listed in docs/formats/parameter-set.md");
    diagnostics_.error("C055", fmt::format("there is no parameter `{}`", name), table.key_place(key),
                       std::move(hints));
  }

  const ParameterRequest& request_;
  Diagnostics& diagnostics_;
  ParameterResult result_;
  std::map<std::string_view, Resolved> values_;
};

} // namespace

std::vector<material::Wanted> wanted_of_set() {
  std::vector<material::Wanted> out;
  for (const ParameterInfo& row : physics::parameter_registry())
    out.push_back({std::string(row.name), row.dimension, std::string(row.shown_in), row.low, row.high,
                   row.home == Home::set});
  return out;
}

ParameterResult resolve_parameters(const ParameterRequest& request) { return Collector(request).run(); }

std::string card_kind(const material::Request& request, Diagnostics& diagnostics) {
  try {
    return material::read_card(request, wanted_of_kind).kind;
  } catch (const Error& error) {
    collect(error, diagnostics);
    return {};
  }
}

} // namespace platen

#include "advise/goal.hpp"

#include "base/file.hpp"
#include "config/table.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace platen::advise {
namespace {

const std::array<KnobInfo, knob_count>& infos() {
  static const std::array<KnobInfo, knob_count> table{{
      {"hold_time", "hold time", dim::time, "min", "1 h", true},
      {"hold_pressure", "hold pressure", dim::pressure, "MPa", "1 MPa", true},
      {"hold_temperature", "hold temperature", dim::temperature, "degC", "1 K", true},
      {"stack_pressure", "stack pressure", dim::pressure, "MPa", "1 MPa", true},
      {"loading", "cathode loading", dim::areal_mass, "mg/cm2", "1 mg/cm2", false},
      {"fixture", "fixture", dim::none, "", "1", true},
  }};
  return table;
}

/// Values (in the knob's unit) that are tried when none are stated, and costs: hours of work, assumed.
struct Usual {
  std::vector<double> values;
  double change, up, down;
};
Usual usual(Knob knob) {
  switch (knob) {
  case Knob::hold_time: return {{1, 5, 10, 20, 30, 45, 60, 120}, 0.05, 1.0, 0.0};
  case Knob::hold_pressure: return {{10, 15, 20, 25, 30, 40}, 0.1, 0.02, 0.0};
  case Knob::hold_temperature: return {{25, 40, 60}, 0.5, 0.02, 0.02};
  case Knob::stack_pressure: return {{1, 2, 3, 5, 7, 10}, 0.1, 0.1, 0.0};
  case Knob::loading: return {{6.4, 12.8, 25.5, 51.0}, 1.0, 0.1, 0.5};
  default: return {{}, 4.0, 0.0, 0.0};
  }
}

KnobRange usual_range(Knob knob) {
  const KnobInfo& k = info(knob);
  const Usual u = usual(knob);
  KnobRange out;
  out.knob = knob;
  out.change = u.change;
  if (knob == Knob::fixture) return out;
  const double unit = parse_quantity(k.cost_per, knob == Knob::hold_temperature ? dim::temperature : k.dimension).quantity.value;
  out.up = u.up / unit;
  out.down = u.down / unit;
  for (const double v : u.values) out.values.push_back(from_unit(v, k.unit));
  return out;
}

config::Field quantity_of(Knob knob, std::string_view key) {
  const KnobInfo& k = info(knob);
  return {.key = key, .dimension = k.dimension, .unit = k.unit, .above = 0.0};
}

/// `values = ["5 min", "1 h"]`, or `from`, `to` and `steps`.
void read_values(const config::Table& table, KnobRange& out) {
  const KnobInfo& k = info(out.knob);
  const bool listed = table.has("values"), from_there = table.has("from"), to_there = table.has("to"), ends = from_there || to_there;
  if (listed && ends) table.diagnostics().error("C081", "`values` and `from`, `to` contradict each other", table.key_place("values"), {"either the values one by one, or both ends"});
  if (listed) {
    out.values.clear();
    for (const config::Text& text : table.texts("values")) {
      const QuantityResult read = parse_quantity(text.value(), k.dimension);
      if (read.fault != QuantityFault::none) {
        Diagnostic fault = config::quantity_fault(k.words, k.dimension, k.unit, text.value(), read);
        fault.place = text.place();
        table.diagnostics().add(std::move(fault));
      } else if (!(read.quantity.value > 0.0)) {
        table.diagnostics().error("C081", fmt::format("no {} is `{}`", k.words, text.value()), text.place());
      } else {
        out.values.push_back(read.quantity.value);
      }
    }
  } else if (ends) {
    const double from = table.quantity(quantity_of(out.knob, "from")), to = table.quantity(quantity_of(out.knob, "to"));
    const auto steps = static_cast<std::size_t>(table.integer("steps", 2, static_cast<std::int64_t>(most_values), 6));
    if (!std::isfinite(from) || !std::isfinite(to)) return;
    if (from >= to) {
      table.diagnostics().error("C081", "`from` is not below `to`", table.value_place("from"));
      return;
    }
    out.values.clear();
    const bool even_in_log = out.knob == Knob::hold_time && to / from > 4.0;
    for (std::size_t i = 0; i < steps; ++i) {
      const double share = static_cast<double>(i) / static_cast<double>(steps - 1);
      out.values.push_back(even_in_log ? from * std::pow(to / from, share) : from + (to - from) * share);
    }
  }
  std::sort(out.values.begin(), out.values.end());
  out.values.erase(std::unique(out.values.begin(), out.values.end()), out.values.end());
  if (out.values.size() > most_values) table.diagnostics().error("C081", fmt::format("{} values are too many for one knob (at most {})", out.values.size(), most_values), table.place());
}

void read_costs(const config::Table& table, KnobRange& out) {
  const auto number = [&](std::string_view key) { return table.optional_quantity({.key = key, .low = 0.0, .high = 1e9}); };
  if (const auto change = number("change"); change && std::isfinite(*change)) out.change = *change;
  if (out.knob == Knob::fixture) return;
  const KnobInfo& k = info(out.knob);
  const double per = table.quantity({.key = "cost_per", .dimension = k.dimension, .unit = k.unit, .above = 0.0, .fallback = k.cost_per});
  if (const auto cost = number("cost"); cost && std::isfinite(*cost) && std::isfinite(per)) out.up = *cost / per;
  if (const auto cost = number("cost_down"); cost && std::isfinite(*cost) && std::isfinite(per)) out.down = *cost / per;
}

void read_fixtures(const config::Table& table, KnobRange& out) {
  if (!table.has("allowed")) return;
  out.gap = out.springs = false;
  for (const config::Text& text : table.texts("allowed")) {
    if (text.value() == "fixed gap") out.gap = true;
    else if (text.value() == "springs") out.springs = true;
    else table.diagnostics().error("C081", fmt::format("no fixture is `{}`", text.value()), text.place(), {"`allowed = [\"fixed gap\", \"springs\"]`"});
  }
}

void read_knobs(const config::Table& root, Question& out) {
  const config::Table knobs = root.table("knobs");
  if (!knobs.exists()) return;
  out.knobs.clear();
  for (std::size_t k = 0; k < knob_count; ++k) {
    const auto knob = static_cast<Knob>(k);
    if (!knobs.has(info(knob).key)) continue;
    const config::Table table = knobs.table(info(knob).key);
    KnobRange range = usual_range(knob);
    if (knob == Knob::fixture) read_fixtures(table, range);
    else read_values(table, range);
    read_costs(table, range);
    out.knobs.push_back(std::move(range));
  }
}

void read_spring_demand(const config::Table& table, Question& out) {
  SpringDemand& d = out.springs;
  d.fewest = static_cast<int>(table.integer("fewest", 1, most_in_parallel, d.fewest));
  d.most = static_cast<int>(table.integer("most", 1, most_in_parallel, d.most));
  d.rods = static_cast<int>(table.integer("rods", 1, most_in_parallel, 1));
  if (!table.has("rods")) d.rods = 0;
  const auto length = [&](std::string_view key) { return table.optional_quantity({.key = key, .dimension = dim::length, .unit = "mm", .high = 10.0, .above = 0.0}); };
  d.rod_diameter = length("rod_diameter");
  d.rod_length = length("rod_length");
  d.room = length("room");
  d.load_reserve = table.quantity({.key = "load_reserve", .low = 0.0, .high = 0.9, .fallback = "15 %"});
  d.travel_reserve = table.quantity({.key = "travel_reserve", .low = 0.0, .high = 0.9, .fallback = "15 %"});
  d.largest_swing = table.optional_quantity({.key = "largest_swing", .dimension = dim::pressure, .unit = "MPa", .above = 0.0});
  d.hold_on_springs = table.flag("hold_on_springs", false);
  d.drift = table.quantity({.key = "drift", .dimension = dim::none / dim::temperature, .unit = "1/K", .low = -0.01, .high = 0.01, .fallback = "-2.6e-4 1/K"});
  out.price_weight = table.quantity({.key = "price_weight", .low = 0.0, .high = 1e9, .fallback = "0"});
  const auto grows = table.optional_quantity({.key = "growth", .dimension = dim::length, .unit = "um", .low = 0.0, .high = 1e-2});
  const auto shrinks = table.optional_quantity({.key = "shrinkage", .dimension = dim::length, .unit = "um", .low = 0.0, .high = 1e-2});
  out.own_breathing = grows || shrinks;
  d.breathing = {grows.value_or(0.0), -shrinks.value_or(0.0)};
}

void read_target(const config::Table& table, Goal& goal) {
  goal.ccd = table.optional_quantity({.key = "ccd", .dimension = dim::current_density, .unit = "mA/cm2", .low = 0.0, .high = 1e5});
  goal.areal_capacity = table.optional_quantity({.key = "areal_capacity", .dimension = dim::areal_capacity, .unit = "mAh/cm2", .high = 1e7, .above = 0.0});
  goal.swing = table.optional_quantity({.key = "swing", .dimension = dim::pressure, .unit = "MPa", .low = 0.0, .high = 1e9});
  goal.current_density = table.optional_quantity({.key = "current_density", .dimension = dim::current_density, .unit = "mA/cm2", .high = 1e5, .above = 0.0});
  goal.probability = table.quantity({.key = "probability", .low = 0.01, .high = 0.999, .fallback = "0.8"});
}

} // namespace

const KnobInfo& info(Knob knob) { return infos()[static_cast<std::size_t>(knob)]; }

double KnobRange::cost(double from, double to) const {
  if (from == to) return 0.0;
  return change + (to > from ? up * (to - from) : down * (from - to));
}

std::vector<KnobRange> default_knobs() {
  std::vector<KnobRange> out;
  for (std::size_t k = 0; k < knob_count; ++k)
    if (const auto knob = static_cast<Knob>(k); info(knob).by_default) out.push_back(usual_range(knob));
  return out;
}

Question parse_goal(std::string text, const std::string& name, const std::filesystem::path& folder) {
  const auto document = config::Document::parse(std::move(text), name, folder);
  const config::Table root = document.root();
  Question out;
  out.knobs = default_knobs();
  read_target(root.table("goal"), out.goal);
  read_knobs(root, out);
  const config::Table springs = root.table("springs");
  if (springs.exists()) {
    const std::string catalogue = springs.text("catalogue", "built-in").value();
    out.catalogue = catalogue == "built-in" ? catalogue : (folder / catalogue).string();
  }
  read_spring_demand(springs, out);
  const config::Table ensemble = root.table("ensemble");
  if (const auto table = ensemble.optional_text("table")) out.ensemble.table = (folder / table->value()).string();
  out.ensemble.sets = static_cast<std::size_t>(ensemble.integer("sets", 2, static_cast<std::int64_t>(most_sets), usual_sets));
  out.ensemble.cells = static_cast<std::size_t>(ensemble.integer("cells", 2, static_cast<std::int64_t>(most_cells), usual_cells));
  out.ensemble.seed = static_cast<std::uint64_t>(ensemble.integer("seed", 0, 1'000'000'000, 1));
  if (!out.goal.stated() && out.catalogue.empty())
    document.diagnostics().error("C080", "the file states no goal", root.key_place("goal"), {"[goal] with `ccd`, `areal_capacity` or `swing`, or [springs]"});
  document.finish();
  return out;
}

Question read_goal(const std::filesystem::path& path) {
  return parse_goal(read_file(path), path.string(), path.parent_path());
}

} // namespace platen::advise

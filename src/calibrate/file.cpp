#include "calibrate/file.hpp"

#include "calibrate/rival_file.hpp"
#include "physics/parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace platen::calibrate {
namespace {

using config::Field;
using config::Table;

struct ObservedInfo {
  Observed observed;
  std::string_view name;
  Dimension dimension;
  std::string_view unit; ///< people use
  bool of_record, of_target;
};
constexpr std::array<ObservedInfo, 8> infos{{{Observed::voltage, "voltage", dim::voltage, "V", true, false},
                                             {Observed::stack_pressure, "stack pressure", dim::pressure, "MPa", true, false},
                                             {Observed::dc_resistance, "resistance", dim::resistance, "ohm", true, false},
                                             {Observed::high_frequency_resistance, "high-frequency resistance", dim::resistance, "ohm", true, false},
                                             {Observed::ccd, "ccd", dim::current_density, "mA/cm2", true, true},
                                             {Observed::life, "life", dim::none, "", true, true},
                                             {Observed::first_swing, "first swing", dim::pressure, "MPa", false, true},
                                             {Observed::pressure_after_half_cycle, "pressure after first half cycle", dim::pressure, "MPa", false, true}}};

const ObservedInfo& info(Observed observed) {
  return *std::find_if(infos.begin(), infos.end(), [&](const ObservedInfo& i) { return i.observed == observed; });
}

/// Numbers from which a study derives thicknesses and capacities when it is read: changing them afterwards would change half of the cell.
constexpr std::array<std::string_view, 7> geometry{"electrolyte.density", "electrolyte.compaction_strength", "electrolyte.compaction_offset",
                                                   "cathode.capacity", "cathode.active_density", "cathode.active_share", "cathode.composite_density"};

constexpr std::array<std::string_view, 6> number_keys{"low", "high", "start", "scale", "prior", "factor"};

/// What is known of a number before the file says anything.
struct Kind {
  Dimension dimension;
  std::string shown_in;
  double low, high;
};

std::optional<Kind> kind_of(std::string_view key) {
  if (key == ccd_scatter || key == life_scatter) return Kind{dim::none, "1", 1e-3, 3.0};
  const physics::ParameterInfo* row = physics::find_parameter(key);
  if (row == nullptr) return std::nullopt;
  return Kind{row->dimension, std::string(row->shown_in), row->low, row->high};
}

std::vector<std::string> known_keys() {
  std::vector<std::string> out{std::string(ccd_scatter), std::string(life_scatter)};
  for (const physics::ParameterInfo& row : physics::parameter_registry()) out.emplace_back(row.name);
  return out;
}

void refuse_key(const Table& parent, std::string_view key, const std::string& full) {
  std::vector<std::string> hints;
  if (const auto near = did_you_mean(full, known_keys())) hints.push_back(fmt::format("did you mean `{}`?", *near));
  else hints.emplace_back("the names of docs/formats/parameter-set.md, scatter.ccd and scatter.life");
  parent.diagnostics().error("C200", fmt::format("`{}` is no number that can be fitted", full), parent.key_place(key), hints);
}

std::optional<Prior> prior_of(const Table& t, const Kind& kind, bool logarithmic) {
  const auto centre = t.optional_quantity({.key = "prior", .dimension = kind.dimension, .unit = kind.shown_in, .low = kind.low, .high = kind.high});
  const auto factor = t.optional_quantity({.key = "factor", .above = 1.0});
  const auto deviation = t.optional_quantity({.key = "deviation", .dimension = kind.dimension, .unit = kind.shown_in, .above = 0.0});
  if (!centre && !factor && !deviation) return std::nullopt;
  const bool fits = centre && (logarithmic ? factor && !deviation && *centre > 0.0 : deviation && !factor);
  if (!fits) {
    t.diagnostics().error("C201", fmt::format("the prior of {} is not complete", t.title()), t.place(),
                          {logarithmic ? "of a number fitted as a logarithm: `prior = \"...\", factor = 2`: two cells of three lie within this factor"
                                       : "of a number on a linear scale: `prior = \"...\", deviation = \"...\"`"});
    return std::nullopt;
  }
  return logarithmic ? Prior{std::log(*centre), std::log(*factor)} : Prior{*centre, *deviation};
}

std::optional<Number> number_of(const Table& t, const std::string& key, const Kind& kind) {
  const Field limit{.key = "low", .dimension = kind.dimension, .unit = kind.shown_in, .low = kind.low, .high = kind.high};
  Field high = limit, start = limit;
  high.key = "high", start.key = "start";
  Number out;
  out.key = key;
  out.shown_in = kind.shown_in;
  out.low = t.quantity(limit);
  out.high = t.quantity(high);
  out.start = t.optional_quantity(start).value_or(std::numeric_limits<double>::quiet_NaN());
  out.logarithmic = t.choice("scale", {"logarithmic", "linear"}, out.low > 0.0 ? "logarithmic" : "linear") == "logarithmic";
  out.prior = prior_of(t, kind, out.logarithmic);
  if (std::isnan(out.low) || std::isnan(out.high)) return std::nullopt; // already told
  const bool start_inside = std::isnan(out.start) || (out.start >= out.low && out.start <= out.high);
  if (!(out.low < out.high) || !start_inside || (out.logarithmic && !(out.low > 0.0))) {
    t.diagnostics().error("C202", fmt::format("low, high and start of `{}` do not go together", key), t.place(),
                          {"low < high, start between them; a number fitted as a logarithm needs low > 0"});
    return std::nullopt;
  }
  return out;
}

bool is_number(const Table& t) {
  const std::vector<std::string> keys = t.keys();
  return std::any_of(number_keys.begin(), number_keys.end(), [&](std::string_view k) { return std::find(keys.begin(), keys.end(), k) != keys.end(); });
}

/// `"flaw.depth" = { ... }` and `[numbers.flaw] depth = { ... }` alike.
void read_numbers(const Table& table, const std::string& prefix, std::vector<Number>& out) {
  for (const std::string& key : table.keys()) {
    const std::string full = prefix + key;
    const std::optional<Kind> kind = kind_of(full);
    if (!table.is_table(key)) {
      table.has(key);
      table.diagnostics().error("C200", fmt::format("`{}` is not a table of bounds", full), table.value_place(key),
                                {"for example { low = \"1 um\", high = \"14 um\", prior = \"4 um\", factor = 2 }"});
      continue;
    }
    const Table inner = table.table(key);
    if (!kind && !is_number(inner)) {
      read_numbers(inner, full + ".", out);
    } else if (!kind || std::find(geometry.begin(), geometry.end(), full) != geometry.end()) {
      if (kind) table.diagnostics().error("C203", fmt::format("`{}` cannot be fitted: a study derives thickness and capacity from it", full), table.key_place(key), {});
      else refuse_key(table, key, full);
      for (const std::string& k : inner.keys()) inner.has(k); // one fault for the number, none for its keys
    } else if (auto number = number_of(inner, full, *kind)) {
      out.push_back(std::move(*number));
    }
  }
}

std::vector<std::string> names(bool record) {
  std::vector<std::string> out;
  for (const ObservedInfo& i : infos)
    if (record ? i.of_record : i.of_target) out.emplace_back(i.name);
  return out;
}

std::optional<Observed> observed_of(std::string_view text, bool record) {
  for (const ObservedInfo& i : infos)
    if (i.name == text && (record ? i.of_record : i.of_target)) return i.observed;
  return std::nullopt;
}

std::filesystem::path path_of(const Table& t, std::string_view key) { return t.folder(key) / t.text(key).value(); }

RecordEntry record_of(const Table& t) {
  RecordEntry out;
  out.place = t.place();
  out.name = t.text("file").value();
  out.file = path_of(t, "file");
  out.study = path_of(t, "study");
  for (const config::Text& text : t.texts("quantities")) {
    if (const auto o = observed_of(text.value(), true)) out.observed.push_back(*o);
    else t.diagnostics().error("C204", fmt::format("`{}` is no quantity of a record", text.value()), text.place(), {fmt::format("one of: {}", fmt::join(names(true), ", "))});
  }
  if (!t.has("quantities")) t.diagnostics().error("C005", "missing key `quantities` in " + t.title(), t.place(), {"for example `quantities = [\"voltage\", \"stack pressure\", \"ccd\"]`"});
  const auto has = [&](Observed o) { return std::find(out.observed.begin(), out.observed.end(), o) != out.observed.end(); };
  if (has(Observed::voltage) && has(Observed::dc_resistance))
    t.diagnostics().error("C204", "`voltage` and `resistance` of one record are the same readings", t.value_place("quantities"), {"leave one of them out"});
  out.own_current = t.choice("current", {"record", "study"}, "record") == "record";
  out.points = static_cast<std::size_t>(t.integer("points", 1, 1000, 6));
  const auto at_least_zero = [&](std::string_view key, const Dimension& dimension, std::string_view unit) {
    return t.optional_quantity({.key = key, .dimension = dimension, .unit = unit, .low = 0.0});
  };
  Systematic& s = out.systematic;
  s.voltage_offset = at_least_zero("voltage_offset", dim::voltage, "mV").value_or(s.voltage_offset);
  s.voltage_gain = at_least_zero("voltage_gain", dim::none, "").value_or(s.voltage_gain);
  s.pressure_offset = at_least_zero("pressure_offset", dim::pressure, "MPa").value_or(s.pressure_offset);
  s.pressure_clock = at_least_zero("pressure_clock", dim::time, "s").value_or(s.pressure_clock);
  s.pressure_gain = at_least_zero("pressure_gain", dim::none, "").value_or(s.pressure_gain);
  out.voltage_noise = t.optional_quantity({.key = "voltage_noise", .dimension = dim::voltage, .unit = "mV", .above = 0.0});
  out.pressure_noise = t.optional_quantity({.key = "pressure_noise", .dimension = dim::pressure, .unit = "kPa", .above = 0.0});
  return out;
}

TargetEntry target_of(const Table& t, std::size_t number) {
  TargetEntry out;
  out.place = t.place();
  out.study = path_of(t, "study");
  const std::string what = t.choice("quantity", names(false));
  out.name = t.text("name", fmt::format("target {}", number)).value();
  out.group = t.text("group", out.name).value();
  if (what.empty()) return out;
  out.observed = *observed_of(what, false);
  const ObservedInfo& i = info(out.observed);
  const auto read = [&](std::string_view key) { return t.optional_quantity({.key = key, .dimension = i.dimension, .unit = i.unit, .low = 0.0}); };
  out.low = read("low"), out.high = read("high"), out.value = read("value"), out.deviation = read("deviation");
  const bool interval = out.observed == Observed::ccd || out.observed == Observed::life;
  const bool fits = interval ? (out.low || out.high) && !out.value && !out.deviation && out.low.value_or(0.0) < out.high.value_or(std::numeric_limits<double>::infinity())
                             : out.value && out.deviation && *out.deviation > 0.0 && !out.low && !out.high;
  if (!fits)
    t.diagnostics().error("C205", fmt::format("`{}` does not say what was observed", out.name), t.place(),
                          {interval ? "`low` (last passed) and `high` (failed), or one of them" : "`value` and its standard `deviation`"});
  return out;
}

} // namespace

std::string_view label(Observed observed) { return info(observed).name; }

namespace {

CalibrationFile build(const config::Document& document, const std::string& stem) {
  const Table root = document.root();
  CalibrationFile out;
  out.name = root.text("name", stem).value();
  out.description = root.text("description", "").value();
  out.extends = root.text("set", "Ham2022").value();
  if (root.has("published")) out.published = root.choice("published", {"ham2022"}, "ham2022");
  read_numbers(root.table("numbers"), "", out.numbers);
  for (const Table& t : root.tables("record")) out.records.push_back(record_of(t));
  for (const Table& t : root.tables("target")) out.entries.push_back(target_of(t, out.entries.size() + 1));
  read_rivals(root, out);
  if (out.records.empty() && out.entries.empty() && out.published.empty())
    root.diagnostics().error("C005", "there is nothing to fit to", root.place(), {"add a `[[record]]`, a `[[target]]` or `published = \"ham2022\"`"});
  if (!root.has("numbers") && out.published.empty())
    root.diagnostics().error("C005", "missing section `[numbers]`", root.place(), {"for example `\"flaw.depth\" = { low = \"1 um\", high = \"14 um\" }` in `[numbers]`"});
  if (out.numbers.size() > 100) root.diagnostics().error("C200", "more than 100 numbers are fitted", root.key_place("numbers"), {});
  document.finish();
  out.sources = document.sources();
  return out;
}

} // namespace

CalibrationFile read_calibration(const std::filesystem::path& path) { return build(config::Document::read(path), path.stem().string()); }

CalibrationFile parse_calibration(std::string text, std::string name, const std::filesystem::path& folder) {
  const std::string stem = std::filesystem::path(name).stem().string();
  return build(config::Document::parse(std::move(text), std::move(name), folder), stem);
}

} // namespace platen::calibrate

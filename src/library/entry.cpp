#include "library/entry.hpp"

#include "assess/thresholds.hpp"
#include "base/constants.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/number.hpp"
#include "base/text.hpp"
#include "base/units.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace platen::library {
namespace {

std::string unit_of(const Dimension& dimension) {
  const std::string unit = si_unit(dimension);
  return unit.empty() ? "1" : unit;
}

constexpr std::string_view any_example = "as in `--preparation stack_pressure=\"5 MPa\"` or `--preparation batch=B7`";

Error bad_fact(std::string message, std::string hint) { return Error("U026", std::move(message), std::nullopt, {std::move(hint)}); }

Fact quantity_fact(const CellField& field, const std::string& text) {
  const QuantityResult result = parse_quantity(text, field.dimension);
  const bool fits = result.fault == QuantityFault::none && result.quantity.value >= field.low && result.quantity.value <= field.high;
  if (!fits)
    throw bad_fact(fmt::format("`{}` is no value of `{}`", text, field.key),
                   fmt::format("wanted: {} above nothing, as \"{}\"", describe(field.dimension), example_quantity(field.dimension)));
  return {std::string(field.key), result.quantity.value, unit_of(field.dimension), text, "given"};
}

/// A key that Platen does not know: a quantity keeps its number, anything else its words.
Fact free_fact(std::string key, std::string text) {
  double number = 0.0;
  const char* end = text.data() + text.size();
  const char* after = scan_number(text.data(), end, '.', number);
  const std::string unit = after != nullptr ? std::string(trim({after, static_cast<std::size_t>(end - after)})) : std::string();
  if (const auto known = unit.empty() ? std::nullopt : parse_unit(unit))
    return {std::move(key), known->factor * number + known->offset, unit_of(known->dimension), std::move(text), "given"};
  return {std::move(key), std::nullopt, "", std::move(text), "given"};
}

Fact word_fact(std::string key, const std::string& text) {
  if (key == "configuration" && !parse_configuration(text))
    throw bad_fact(fmt::format("`{}` is no configuration", text), "symmetric, full or empty fixture");
  if (key == "fixture" && text != "fixed gap" && text != "springs" && text != "constant pressure")
    throw bad_fact(fmt::format("`{}` is no fixture", text), "fixed gap, springs or constant pressure");
  return {std::move(key), std::nullopt, "", text, "given"};
}

/// What a cell is said to be in words, by the key of cell files.
std::vector<std::pair<std::string_view, std::string>> words_of(const CellInfo& cell) {
  std::vector<std::pair<std::string_view, std::string>> out;
  if (cell.configuration != Configuration::unknown) out.emplace_back("configuration", label(cell.configuration));
  for (const CellText& text : cell_texts())
    if (text.key != "name" && !(cell.*text.member).empty()) out.emplace_back(text.key, cell.*text.member);
  return out;
}

std::vector<Fact> facts_of(const CellInfo& cell, const Stated& stated) {
  std::vector<Fact> out = stated.given;
  const auto given = [&](std::string_view key) {
    return std::any_of(stated.given.begin(), stated.given.end(), [&](const Fact& f) { return f.key == key; });
  };
  const auto in_file = words_of(stated.cell_info);
  for (const auto& [key, text] : words_of(cell)) {
    const std::string_view k = key;
    const bool said = std::any_of(in_file.begin(), in_file.end(), [&](const auto& word) { return word.first == k; });
    if (!given(key)) out.push_back({std::string(key), std::nullopt, "", text, said ? "cell file" : "data"});
  }
  for (const CellField& field : cell_fields())
    if (const auto& value = cell.*field.member; value && !given(field.key))
      out.push_back({std::string(field.key), *value, unit_of(field.dimension), "", stated.cell_info.*field.member ? "cell file" : "data"});
  std::sort(out.begin(), out.end(), [](const Fact& a, const Fact& b) { return a.key < b.key; });
  return out;
}

/// The data as they were given, and whatever the reader says it read as well.
std::vector<File> files_of(const Record& record, const Inputs& inputs, const Stated& stated) {
  std::vector<File> out = inputs.data;
  const auto sum_known = [&](const std::string& sum) {
    return std::any_of(inputs.data.begin(), inputs.data.end(), [&](const File& f) { return f.sha256 == sum; });
  };
  const auto& sources = record.provenance.sources;
  const bool record_of_platen = std::none_of(sources.begin(), sources.end(), [&](const auto& s) { return sum_known(s.sha256); });
  bool after_cell_file = false; // a record brings the sources it was made of; only what comes behind the cell file was read now
  for (const auto& source : sources) {
    if (sum_known(source.sha256)) continue;
    const bool is_cell = !stated.cell_file.empty() && source.path == stated.cell_file;
    after_cell_file = after_cell_file || is_cell;
    const bool origin = record_of_platen && !after_cell_file;
    const std::string role = is_cell ? "cell file" : origin ? "origin" : "beside";
    const std::string path = origin ? source.path : std::filesystem::absolute(source.path).lexically_normal().string();
    if (!path.empty()) out.push_back({role, path, source.sha256, std::nullopt, is_cell ? stated.cell_text : ""});
  }
  return out;
}

std::optional<double> finite(double value) { return std::isfinite(value) ? std::optional(value) : std::nullopt; }

} // namespace

Rules make_rules(std::vector<Rules::Threshold> thresholds) {
  std::string text;
  for (const auto& t : thresholds) text += fmt::format("{} = {} {}\n", t.name, t.value, t.unit);
  return {sha256(text), std::move(thresholds)};
}

Rules current_rules() {
  std::vector<Rules::Threshold> out;
  for (const thresholds::Row& row : thresholds::table) out.push_back({std::string(row.name), row.value, std::string(row.unit)});
  return make_rules(std::move(out));
}

Fact parse_fact(std::string_view text) {
  const auto equals = text.find('=');
  std::string key(trim(text.substr(0, equals)));
  std::string value = equals == std::string_view::npos ? std::string() : std::string(trim(text.substr(equals + 1)));
  if (key.empty() || value.empty()) throw bad_fact(fmt::format("`{}` is no `key=value`", text), std::string(any_example));
  if (const CellField* field = find_cell_field(key)) return quantity_fact(*field, value);
  if (key == "configuration" || key == "fixture" || key == "electrolyte" || key == "cathode") return word_fact(std::move(key), value);
  return free_fact(std::move(key), std::move(value));
}

void apply(const Fact& fact, CellInfo& cell) {
  if (const CellField* field = find_cell_field(fact.key)) cell.*field->member = fact.value;
  if (fact.key == "configuration") cell.configuration = parse_configuration(fact.text).value_or(cell.configuration);
  for (const CellText& text : cell_texts())
    if (fact.key == text.key && text.key != "name") cell.*text.member = fact.text;
}

Judgement make_judgement(const Assessment& a, std::string answer, std::string program, Rules rules) {
  Judgement out;
  out.program = std::move(program);
  out.rules = std::move(rules);
  out.verdict = label(a.verdict);
  out.reason = a.reason;
  out.onset = a.onset;
  if (a.onset_half_cycle) out.onset_half_cycle = static_cast<std::int64_t>(*a.onset_half_cycle) + 1;
  if (a.onset_cycle) out.onset_cycle = static_cast<std::int64_t>(*a.onset_cycle);
  if (a.ccd) {
    out.ccd_last_passed = a.ccd->last_passed;
    out.ccd_failing_step = a.ccd->failing_step;
    out.ccd_grid = finite(a.ccd->grid);
    out.capacity_per_half_cycle = a.ccd->capacity_per_half_cycle;
  } else {
    out.ccd_refused = a.ccd_refused;
  }
  out.capacity_to_failure = a.capacity_to_failure;
  if (a.voltage_offset_error) out.voltage_offset = finite(a.voltage_offset);
  out.ionic_floor = a.ionic_floor;
  out.half_cycles = static_cast<std::int64_t>(a.half_cycles.size());
  for (const PressureCycle& c : a.pressure.cycles) {
    out.pressure_minimum = std::min(c.minimum, out.pressure_minimum.value_or(c.minimum));
    out.pressure_maximum = std::max(c.maximum, out.pressure_maximum.value_or(c.maximum));
    out.pressure_largest_swing = std::max(c.swing, out.pressure_largest_swing.value_or(c.swing));
  }
  out.pressure_largest_change = a.pressure.largest_change_while_cycling;
  out.pressure_after_release = a.pressure.after_release;
  out.answer = std::move(answer);
  return out;
}

Inputs make_inputs(const std::vector<std::filesystem::path>& paths, const std::vector<std::filesystem::path>& data_files) {
  Inputs out;
  for (const auto& path : paths) out.paths.push_back(std::filesystem::absolute(path).lexically_normal());
  std::vector<std::string> sums;
  for (const auto& path : data_files) {
    const std::string bytes = read_file(path);
    sums.push_back(sha256(bytes));
    out.data.push_back({"data", std::filesystem::absolute(path).lexically_normal().string(), sums.back(), static_cast<std::int64_t>(bytes.size()), ""});
  }
  std::sort(sums.begin(), sums.end());
  out.fingerprint = sums.size() == 1 ? sums.front() : sha256(fmt::format("{}\n", fmt::join(sums, "\n")));
  return out;
}

Entry make_entry(const Record& record, Inputs inputs, const Stated& stated) {
  Entry out;
  out.name = record.cell.name;
  out.origin = record.provenance.origin;
  out.format = record.provenance.format;
  out.study = record.study;
  out.rows = static_cast<std::int64_t>(record.rows());
  out.files = files_of(record, inputs, stated);
  out.facts = facts_of(record.cell, stated);
  out.metadata = record.metadata;
  out.inputs = std::move(inputs);
  if (out.name.empty() && !out.inputs.paths.empty()) {
    const auto& path = out.inputs.paths.front();
    out.name = (path.has_filename() ? path : path.parent_path()).stem().string();
  }
  return out;
}

} // namespace platen::library

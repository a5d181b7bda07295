#include "calibrate/set_file.hpp"

#include "config/table.hpp"
#include "physics/parameters.hpp"
#include "study/variants.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace platen::calibrate {
namespace {

/// In the unit people read, with digits enough that nothing is lost beside an interval.
std::string shown(const physics::ParameterInfo& row, double si) {
  if (row.dimension == dim::none) return fmt::format("{:.7g}", si);
  return config::quoted(fmt::format("{:.7g} {}", in_unit(si, row.shown_in), row.shown_in));
}

std::string source_of(const Calibration& c, std::string_view program) {
  std::vector<std::string> to;
  for (const RecordEntry& r : c.file.records) to.push_back(r.name);
  for (const TargetEntry& t : c.file.entries) to.push_back(t.name);
  if (to.empty()) // published rows
    for (const Term& t : c.problem.terms) to.push_back(t.label);
  return fmt::format("calibration {} to {} by {}", c.file.name, fmt::join(to, ", "), program);
}

/// One line of the set. Digits are cut, so that an end of the range could pass the value by one of them.
std::string entry(const Calibration& c, std::size_t j, const physics::ParameterInfo& row, const std::string& source) {
  const Number& n = c.problem.numbers[j];
  const Knowledge& k = c.knowledge[j];
  const double value = c.fit.values[j], digit = 1e-6 * std::abs(value);
  const double low = std::max(std::min(k.low.value_or(n.low), value) - digit, row.low);
  const double high = std::min(std::max(k.high.value_or(n.high), value) + digit, row.high);
  return fmt::format("{} = {{ value = {}, range = [{}, {}], basis = \"fitted\", source = {}, note = {} }}\n", n.key.substr(n.key.find('.') + 1), shown(row, value),
                     shown(row, low), shown(row, high), config::quoted(source), config::quoted(fmt::format("95 % from the {}: {}", k.from, k.words)));
}

} // namespace

std::string fitted_set_toml(const Calibration& c, const Inputs& inputs, std::string_view program) {
  std::string out = fmt::format("# Written by `platen calibrate`. {} residuals, {} numbers; -2 ln likelihood (but for a constant) {:.4f}.\n", c.problem.residuals,
                                c.problem.numbers.size(), c.fit.deviance);
  for (const auto& [name, checksum] : inputs) out += fmt::format("# {} sha256 {}\n", config::quoted(name), checksum);
  for (std::size_t j = 0; j < c.problem.numbers.size(); ++j)
    if (of_laws(c.problem.numbers[j]) && physics::find_parameter(c.problem.numbers[j].key) == nullptr)
      out += fmt::format("# {} (no number of the laws): {:.4g}. {}\n", c.problem.numbers[j].key, c.fit.values[j], c.knowledge[j].words);
  out += fmt::format("name = {}\nextends = {}\ndescription = {}\n", config::quoted(c.file.name), config::quoted(c.file.extends),
                     config::quoted(c.file.description.empty() ? "fitted by platen calibrate" : c.file.description));
  const std::string source = source_of(c, program);
  std::map<std::string, std::string> sections;
  for (std::size_t j = 0; j < c.problem.numbers.size(); ++j) {
    const std::string& key = c.problem.numbers[j].key;
    if (const physics::ParameterInfo* row = physics::find_parameter(key)) sections[key.substr(0, key.find('.'))] += entry(c, j, *row, source);
  }
  for (const auto& [section, entries] : sections) out += fmt::format("\n[{}]\n{}", section, entries);
  return out;
}

std::string draws_csv(const Calibration& c) {
  OverrideTable table;
  std::vector<std::size_t> places;
  std::vector<double> factors;
  for (std::size_t j = 0; j < c.problem.numbers.size(); ++j) {
    const physics::ParameterInfo* row = physics::find_parameter(c.problem.numbers[j].key);
    if (row == nullptr) continue;
    table.columns.push_back({.key = std::string(row->name), .unit = row->dimension == dim::none ? "" : std::string(row->shown_in), .words = {}});
    places.push_back(j);
    factors.push_back(row->dimension == dim::none ? 1.0 : from_unit(1.0, row->shown_in));
  }
  for (std::size_t k = 0; k < c.draws.size(); ++k) {
    for (std::size_t i = 0; i < places.size(); ++i) table.values.push_back(c.draws[k][places[i]] / factors[i]);
    table.lines.push_back(k + 2);
  }
  return overrides_csv(table);
}

} // namespace platen::calibrate

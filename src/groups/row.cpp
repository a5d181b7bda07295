#include "groups/row.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace platen::groups {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 8> other_names{{{"hold_time", "contact_hold_time"},
                                                                                    {"hold", "contact_hold_time"},
                                                                                    {"hold_pressure", "contact_hold_pressure"},
                                                                                    {"hold_temperature", "contact_hold_temperature"},
                                                                                    {"loading", "cathode_loading"},
                                                                                    {"gap", "fixture"},
                                                                                    {"pressure", "stack_pressure"},
                                                                                    {"cell_type", "configuration"}}};

void add_word(std::vector<Factor>& out, std::string_view name, std::string_view word) {
  if (word.empty()) return;
  out.push_back({.name = std::string(name), .number = std::nullopt, .dimension = {}, .shown_in = {}, .word = std::string(word)});
}

} // namespace

const Factor* CcdRow::find(std::string_view factor) const noexcept {
  const auto found = std::find_if(factors.begin(), factors.end(), [&](const Factor& f) { return f.name == factor; });
  return found != factors.end() ? &*found : nullptr;
}

void CcdRow::set(Factor factor) {
  const auto found = std::find_if(factors.begin(), factors.end(), [&](const Factor& f) { return f.name == factor.name; });
  if (found != factors.end()) *found = std::move(factor);
  else factors.push_back(std::move(factor));
}

std::string_view factor_key(std::string_view name) {
  for (const auto& [other, key] : other_names)
    if (other == name) return key;
  return name;
}

std::optional<Dimension> factor_dimension(std::string_view key) {
  for (const CellField& field : cell_fields())
    if (field.key == key) return field.dimension;
  return std::nullopt;
}

std::vector<Factor> factors_of(const CellInfo& cell) {
  std::vector<Factor> out;
  if (cell.configuration != Configuration::unknown) add_word(out, "configuration", label(cell.configuration));
  add_word(out, "electrolyte", cell.electrolyte);
  add_word(out, "fixture", cell.fixture);
  for (const CellField& field : cell_fields())
    if (const auto& value = cell.*field.member)
      out.push_back({std::string(field.key), *value, field.dimension, std::string(field.shown_in), {}});
  return out;
}

CcdRow row_of(std::string name, std::string source, const Assessment& assessment, const CellInfo& cell) {
  CcdRow row{.name = std::move(name), .source = std::move(source), .last_passed = {}, .failing_step = {}, .grid = {},
             .capacity_per_half_cycle = {}, .refused = {}, .factors = factors_of(cell)};
  if (!assessment.ccd) {
    row.refused = assessment.ccd_refused.empty() ? "no CCD" : assessment.ccd_refused;
    return row;
  }
  row.last_passed = assessment.ccd->last_passed;
  row.failing_step = assessment.ccd->failing_step;
  if (assessment.ccd->grid > 0) row.grid = assessment.ccd->grid;
  if (assessment.ccd->capacity_per_half_cycle.value_or(0.0) > 0.0) row.capacity_per_half_cycle = assessment.ccd->capacity_per_half_cycle;
  if (!row.last_passed && !row.failing_step) row.refused = "no step of the ramp was completed";
  return row;
}

} // namespace platen::groups

#include "campaign/results.hpp"

#include "base/units.hpp"
#include "simulate/limits.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

namespace platen::campaign {
namespace {

constexpr std::string_view final_prefix = "final.", judged_prefix = "judged.";
constexpr std::string_view current_density = "mA/cm2", areal_capacity = "mAh/cm2", pressure = "MPa", hours = "h";

std::string shown(const std::optional<double>& si, std::string_view unit) {
  return si && std::isfinite(*si) ? fmt::format("{:.12g}", unit.empty() ? *si : in_unit(*si, unit)) : std::string();
}

std::string limit_of(const Ran& ran) {
  const auto law = limiting_law(ran.record);
  return law ? std::string(label(*law)) : std::string();
}

/// As in docs/formats/campaign.md.
constexpr std::array table = std::to_array<Result>({
    {"ccd", current_density, [](const Ran& r) { return shown(r.outcome.failing_step, current_density); }},
    {"last_passed", current_density, [](const Ran& r) { return shown(r.outcome.last_passed, current_density); }},
    {"ccd_continuous", current_density, [](const Ran& r) { return shown(r.outcome.continuous_ccd, current_density); }},
    {"life", "", [](const Ran& r) { return shown(r.outcome.cycles, ""); }},
    {"first_swing", pressure, [](const Ran& r) { return shown(r.outcome.first_swing, pressure); }},
    {"largest_swing", pressure, [](const Ran& r) { return shown(r.outcome.largest_swing, pressure); }},
    {"pressure_after_charge", pressure, [](const Ran& r) { return shown(r.outcome.after_first_half_cycle, pressure); }},
    {"capacity", areal_capacity, [](const Ran& r) { return shown(r.outcome.charge_to_contact, areal_capacity); }},
    {"contact_time", hours, [](const Ran& r) { return shown(r.outcome.contact_time, hours); }},
    {"bridge_time", hours, [](const Ran& r) { return shown(r.outcome.bridge_time, hours); }},
    {"duration", hours, [](const Ran& r) { return shown(r.outcome.duration, hours); }},
    {"end", "", [](const Ran& r) { return std::string(label(r.outcome.end)); }},
    {"shorted_on", "", [](const Ran& r) { return std::string(!r.outcome.contact_time ? "" : r.outcome.shorted_on_charge ? "charge" : "discharge"); }},
    {"limit", "", limit_of},
    {"judged.verdict", "", [](const Ran& r) { return std::string(label(r.assessment->verdict)); }},
    {"judged.ccd", current_density, [](const Ran& r) { return r.assessment->ccd ? shown(r.assessment->ccd->failing_step, current_density) : std::string(); }},
    {"judged.last_passed", current_density, [](const Ran& r) { return r.assessment->ccd ? shown(r.assessment->ccd->last_passed, current_density) : std::string(); }},
    {"judged.onset", hours, [](const Ran& r) { return shown(r.assessment->onset, hours); }},
});

const Result* find_result(std::string_view name) {
  const auto found = std::find_if(table.begin(), table.end(), [&](const Result& r) { return r.name == name; });
  return found != table.end() ? &*found : nullptr;
}

std::string last_value(const Record& record, std::string_view name) {
  const Column* column = record.find(name);
  if (column == nullptr || record.rows() == 0) return {};
  if (const auto* whole = std::get_if<std::vector<std::int32_t>>(&column->values)) return fmt::format("{}", whole->back());
  return shown(std::get<std::vector<double>>(column->values).back(), "");
}

} // namespace

std::vector<std::string> default_results() {
  return {"ccd", "last_passed", "ccd_continuous", "life", "first_swing", "limit", "end", "duration"};
}

bool is_result(std::string_view name) {
  return find_result(name) != nullptr || (name.starts_with(final_prefix) && name.size() > final_prefix.size());
}

std::vector<std::string> result_names() {
  std::vector<std::string> out;
  for (const Result& r : table) out.emplace_back(r.name);
  return out;
}

std::vector<std::string> result_hints(std::string_view name) {
  const std::vector<std::string> names = result_names();
  if (const auto meant = did_you_mean(name, names)) return {fmt::format("did you mean \"{}\"?", *meant)};
  return {fmt::format("known: {}, and final.COLUMN for any column of the record", fmt::join(names, ", "))};
}

Results::Results(const std::vector<std::string>& names, const std::vector<Place>& places, const Record& plain, const Record& with_parts) : names_(names) {
  Diagnostics faults;
  for (std::size_t k = 0; k < names.size(); ++k) {
    Bound bound{.result = find_result(names[k]), .final_column = {}, .unit = {}};
    if (bound.result != nullptr) {
      bound.unit = bound.result->unit;
      judged_ = judged_ || names[k].starts_with(judged_prefix);
      parts_ = parts_ || bound.result->value == limit_of;
    } else {
      bound.final_column = names[k].substr(final_prefix.size());
      const Column* column = with_parts.find(bound.final_column);
      parts_ = parts_ || (column != nullptr && !plain.has(bound.final_column));
      if (column == nullptr) {
        std::vector<std::string> known;
        for (const Column& c : with_parts.columns()) known.push_back(c.name);
        const auto meant = did_you_mean(bound.final_column, known);
        faults.error("C132", fmt::format("the record of this study has no column `{}`", bound.final_column), places[k],
                     {meant ? fmt::format("did you mean \"final.{}\"?", *meant) : fmt::format("it has {}", fmt::join(known, ", "))});
      } else if (column->unit != "1") {
        bound.unit = column->unit;
      }
    }
    bound_.push_back(std::move(bound));
  }
  faults.throw_if_errors();
}

std::vector<TableColumn> Results::columns() const {
  std::vector<TableColumn> out;
  for (std::size_t k = 0; k < names_.size(); ++k) out.push_back({names_[k], bound_[k].unit});
  return out;
}

std::vector<std::string> Results::values(const Ran& ran) const {
  std::vector<std::string> out;
  for (const Bound& bound : bound_) out.push_back(bound.result != nullptr ? bound.result->value(ran) : last_value(ran.record, bound.final_column));
  return out;
}

} // namespace platen::campaign

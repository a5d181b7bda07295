#include "assess/checklist.hpp"

#include "assess/checklist_parts.hpp"
#include "assess/merit_parts.hpp"
#include "assess/thresholds.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

namespace platen {
namespace {

enum class For { all, full, ramp };

/// What a referee asks for, in the order of a methods section.
struct Wanted {
  std::string_view key, name;
  For when = For::all;
};
constexpr std::array wanted{
    Wanted{"configuration", "kind of cell"},
    Wanted{"number_of_cells", "number of cells"},
    Wanted{"electrolyte", "electrolyte"},
    Wanted{"electrolyte_mass", "electrolyte mass"},
    Wanted{"electrolyte_thickness", "electrolyte thickness"},
    Wanted{"electrolyte_density", "electrolyte density"},
    Wanted{"area", "area of the electrodes"},
    Wanted{"fabrication_pressure", "fabrication pressure"},
    Wanted{"fabrication_time", "fabrication time"},
    Wanted{"lithium_thickness", "lithium thickness"},
    Wanted{"cathode", "cathode composition", For::full},
    Wanted{"cathode_loading", "cathode loading", For::full},
    Wanted{"areal_capacity", "areal capacity of the cathode", For::full},
    Wanted{"contact_hold_pressure", "contact hold pressure"},
    Wanted{"contact_hold_time", "contact hold time"},
    Wanted{"contact_hold_temperature", "contact hold temperature"},
    Wanted{"fixture", "how the stack pressure was kept"},
    Wanted{"stack_pressure", "stack pressure"},
    Wanted{"temperature", "temperature"},
    Wanted{"half_cycle_capacity", "areal capacity per half cycle"},
    Wanted{"half_cycle_time", "time per half cycle"},
    Wanted{"ramp_start", "current density of the first step"},
    Wanted{"ramp_increment", "grid of the ramp", For::ramp},
    Wanted{"lower_voltage", "lower cut-off voltage"},
    Wanted{"upper_voltage", "upper cut-off voltage"},
};

std::optional<Statement> stated(const CellInfo& cell, std::string_view key) {
  Statement out;
  if (const CellField* field = find_cell_field(key)) {
    out.value = cell.*field->member;
    if (!out.value) return std::nullopt;
    if (const auto u = cell.uncertainty.find(key); u != cell.uncertainty.end()) out.uncertainty = u->second;
  } else if (key == "configuration") {
    if (cell.configuration == Configuration::unknown) return std::nullopt;
    out.text = label(cell.configuration);
  } else {
    for (const CellText& text : cell_texts())
      if (text.key == key) out.text = cell.*text.member;
    if (out.text.empty()) return std::nullopt;
  }
  const auto from = cell.known_from.find(key);
  out.from = from != cell.known_from.end() ? from->second.kind : "data file";
  out.place = from != cell.known_from.end() ? from->second.place : "";
  return out;
}

/// What the rows themselves say of a condition.
class Data {
public:
  Data(const Record& record, const Segments& segments, const Assessment& judged) : record_(record), segments_(segments), judged_(judged) {
    if (record.cell.area && *record.cell.area > 0) area_ = record.cell.area;
    const std::size_t end = judged.onset_half_cycle.value_or(segments.half_cycles.size());
    for (std::size_t k = 0; k < end; ++k) {
      if (k + 1 == segments.half_cycles.size() && end > 1) continue; // the test may have been stopped in it
      const assessing::Ran ran = assessing::as_run(segments, k);
      times_.push_back(ran.time);
      charges_.push_back(ran.charge);
    }
  }

  std::optional<Statement> operator()(std::string_view key) const {
    if (segments_.half_cycles.empty()) return std::nullopt;
    if (key == "stack_pressure") return range_of(col::stack_pressure, judged_.pressure.after_release);
    if (key == "temperature") return range_of(col::temperature, std::nullopt);
    if (key == "half_cycle_time") return range(times_, 1.0);
    if (!area_) return std::nullopt;
    if (key == "half_cycle_capacity") return range(charges_, *area_);
    if (key == "ramp_start") return single(segments_.current_steps.front().current / *area_);
    if (key == "ramp_increment") return increment();
    return std::nullopt;
  }

private:
  static Statement single(double value) { return {.value = value, .high = {}, .text = {}, .uncertainty = {}, .from = "data", .place = {}}; }

  /// One number where all agree within 2 %, else from the lowest to the highest.
  static std::optional<Statement> range(const std::vector<double>& values, double divisor) {
    if (values.empty()) return std::nullopt;
    const double low = numerics::quantile(values, 0.05) / divisor, high = numerics::quantile(values, 0.95) / divisor;
    if (high - low <= thresholds::same_limit * high) return single(numerics::median(values) / divisor);
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    Statement out = single(*least / divisor);
    out.high = *most / divisor;
    return out;
  }

  /// The median while current flowed, or `at_start`; the uncertainty is not how far it moved.
  std::optional<Statement> range_of(std::string_view column, const std::optional<double>& at_start) const {
    if (!record_.has(column)) return std::nullopt;
    if (at_start) return single(*at_start);
    std::vector<double> values;
    const auto all = record_.real(column);
    for (const HalfCycle& h : segments_.half_cycles)
      for (std::size_t k = h.first; k <= h.last; ++k)
        if (std::isfinite(all[k])) values.push_back(all[k]);
    return values.empty() ? std::nullopt : std::optional(single(numerics::median(values)));
  }

  std::optional<Statement> increment() const {
    std::vector<double> increments;
    for (std::size_t k = 1; k < segments_.current_steps.size(); ++k) {
      const double d = segments_.current_steps[k].current - segments_.current_steps[k - 1].current;
      if (d > 0) increments.push_back(d);
    }
    return range(increments, *area_);
  }

  const Record& record_;
  const Segments& segments_;
  const Assessment& judged_;
  std::optional<double> area_;
  std::vector<double> times_, charges_;
};

/// Mass over area and thickness, where nobody states the density.
std::optional<Statement> derived(const CellInfo& cell, std::string_view key) {
  if (key != "electrolyte_density" || !cell.area || !cell.electrolyte_thickness || !cell.electrolyte_mass) return std::nullopt;
  if (!(*cell.area > 0) || !(*cell.electrolyte_thickness > 0)) return std::nullopt;
  return Statement{.value = *cell.electrolyte_mass / (*cell.area * *cell.electrolyte_thickness), .high = {}, .text = {}, .uncertainty = {}, .from = "derived", .place = {}};
}

bool needed(For when, const Record& record, const Segments& segments) {
  if (when == For::full) return record.cell.configuration == Configuration::full;
  if (when == For::ramp) return segments.current_steps.size() > 1;
  return true;
}

ChecklistItem make_item(const Wanted& w, const Record& record, const Segments& segments, const Data& data) {
  ChecklistItem item{.key = std::string(w.key), .name = std::string(w.name), .unit = {}, .shown_in = {}, .knowledge = Knowledge::missing, .statements = {}};
  if (const CellField* field = find_cell_field(w.key)) {
    item.unit = field->dimension == dim::none ? "1" : si_unit(field->dimension);
    item.shown_in = field->shown_in;
  }
  for (const auto& statement : {stated(record.cell, w.key), data(w.key)})
    if (statement) item.statements.push_back(*statement);
  if (item.statements.empty())
    if (const auto d = derived(record.cell, w.key)) item.statements.push_back(*d);
  if (!item.statements.empty()) item.knowledge = Knowledge::known;
  else if (!needed(w.when, record, segments)) item.knowledge = Knowledge::not_needed;
  return item;
}

/// Whether two statements of a condition say the same within 2 %, or word for word.
bool same(const Statement& a, const Statement& b) {
  if (a.value.has_value() != b.value.has_value() || a.text != b.text) return false;
  if (!a.value) return true;
  const auto near = [](double x, double y) { return std::abs(x - y) <= thresholds::same_limit * std::max(std::abs(x), std::abs(y)); };
  const auto within = [&](double x, double y) { return near(x, y) || std::abs(x - y) <= thresholds::contradiction * std::hypot(a.uncertainty.value_or(0.0), b.uncertainty.value_or(0.0)); };
  return within(*a.value, *b.value) && within(a.high.value_or(*a.value), b.high.value_or(*b.value));
}

} // namespace

std::string_view label(Knowledge knowledge) {
  switch (knowledge) {
  case Knowledge::known: return "known";
  case Knowledge::missing: return "missing";
  case Knowledge::contradicted: return "contradicted";
  case Knowledge::not_needed: break;
  }
  return "not needed";
}

std::size_t Checklist::count(Knowledge knowledge) const {
  return static_cast<std::size_t>(std::count_if(items.begin(), items.end(), [&](const ChecklistItem& i) { return i.knowledge == knowledge; }));
}

const ChecklistItem* Checklist::find(std::string_view key) const {
  const auto found = std::find_if(items.begin(), items.end(), [&](const ChecklistItem& i) { return i.key == key; });
  return found != items.end() ? &*found : nullptr;
}

ChecklistSet compare(std::span<const Checklist* const> cells) {
  ChecklistSet out;
  out.cells = cells.size();
  if (cells.empty()) return out;
  for (const ChecklistItem& item : cells.front()->items) {
    ChecklistDifference row{item.key, item.name, {}};
    bool everywhere = true, needed = false, differs = false;
    const Statement* first = nullptr;
    for (const Checklist* cell : cells) {
      const ChecklistItem* own = cell->find(item.key);
      const bool known = own != nullptr && !own->statements.empty();
      row.each.push_back(known ? std::optional(own->statements.front()) : std::nullopt);
      everywhere = everywhere && known;
      needed = needed || known || own == nullptr || own->knowledge != Knowledge::not_needed;
      if (!known) continue;
      if (first == nullptr) first = &own->statements.front();
      else differs = differs || !same(*first, own->statements.front());
    }
    if (!everywhere && needed) out.missing_somewhere.push_back(item.key);
    if (differs) out.differences.push_back(std::move(row));
    else if (everywhere) out.alike.push_back(item.key);
  }
  return out;
}

namespace assessing {

const Statement* found_in_data(const std::vector<ChecklistItem>& items, std::string_view key) {
  for (const ChecklistItem& item : items)
    if (item.key == key)
      for (const Statement& s : item.statements)
        if (s.from == "data") return &s;
  return nullptr;
}

Checklist make_checklist(const Record& record, const Segments& segments, const Assessment& judged) {
  Checklist out;
  const Data data(record, segments, judged);
  for (const Wanted& w : wanted) out.items.push_back(make_item(w, record, segments, data));
  out.contradictions = find_contradictions(record, segments, judged, out.items);
  for (const Contradiction& c : out.contradictions)
    for (ChecklistItem& item : out.items)
      if (std::find(c.keys.begin(), c.keys.end(), item.key) != c.keys.end() && !item.statements.empty()) item.knowledge = Knowledge::contradicted;
  return out;
}

} // namespace assessing
} // namespace platen

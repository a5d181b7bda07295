#include "report/checklist.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

namespace platen::report {
namespace {

using Json = nlohmann::ordered_json;

std::string dumped(const Json& answer, int indent = -1) { return answer.dump(indent, ' ', false, Json::error_handler_t::replace); }

Json some(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }
Json amount(const std::optional<double>& value, const std::string& unit) {
  return value ? Json{{"value", some(*value)}, {"unit", unit}} : Json(nullptr);
}
Json words(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json condition(const Condition& c) {
  return {{"key", c.key}, {"name", c.name}, {"quantity", amount(c.value, c.unit)}, {"text", words(c.text)}, {"from", words(c.from)}};
}

Json merit(const Merit& m) {
  Json conditions = Json::array();
  for (const Condition& c : m.conditions) conditions.push_back(condition(c));
  const bool stated = m.refused.empty();
  return {{"key", m.key},
          {"name", m.name},
          {"bound", stated ? Json(label(m.bound)) : Json(nullptr)},
          {"low", amount(stated ? m.low : std::nullopt, m.unit)},
          {"high", amount(stated ? m.high : std::nullopt, m.unit)},
          {"uncertainty", amount(stated ? m.uncertainty : std::nullopt, m.unit)},
          {"refused", words(m.refused)},
          {"remark", words(m.remark)},
          {"conditions", std::move(conditions)}};
}

Json resistance(const ResistancePoint& p) {
  return {{"step", p.step + 1},
          {"current", amount(p.current, "A")},
          {"current_density", amount(p.current_density, "A/m2")},
          {"resistance", amount(p.resistance, "ohm")},
          {"resistance_uncertainty", amount(p.resistance_uncertainty, "ohm")},
          {"asr", amount(p.asr, "ohm m2")},
          {"asr_uncertainty", amount(p.asr_uncertainty, "ohm m2")},
          {"shorted", p.shorted}};
}

Json capacity(const CapacityPoint& p) {
  return {{"half_cycle", p.half_cycle + 1},
          {"direction", p.direction},
          {"current", amount(p.current, "A")},
          {"current_density", amount(p.current_density, "A/m2")},
          {"charge", amount(p.charge, "C")},
          {"capacity", amount(p.capacity, "C/m2")},
          {"failed", p.failed}};
}

Json statement(const Statement& s, const std::string& unit) {
  return {{"low", amount(s.value, unit)},
          {"high", amount(s.high ? s.high : s.value, unit)},
          {"text", words(s.text)},
          {"uncertainty", amount(s.uncertainty, unit)},
          {"from", words(s.from)},
          {"place", words(s.place)}};
}

Json checklist_json(const Checklist& checklist) {
  Json items = Json::array(), contradictions = Json::array();
  for (const ChecklistItem& item : checklist.items) {
    Json statements = Json::array();
    for (const Statement& s : item.statements) statements.push_back(statement(s, item.unit));
    items.push_back({{"key", item.key}, {"name", item.name}, {"knowledge", label(item.knowledge)}, {"statements", std::move(statements)}});
  }
  for (const Contradiction& c : checklist.contradictions)
    contradictions.push_back({{"keys", c.keys},
                              {"text", c.text},
                              {"found", amount(c.found, c.unit)},
                              {"expected", amount(c.expected, c.unit)},
                              {"deviation", some(c.deviation)},
                              {"assumed", c.assumed}});
  return {{"known", checklist.count(Knowledge::known)},
          {"missing", checklist.count(Knowledge::missing)},
          {"contradicted", checklist.count(Knowledge::contradicted)},
          {"items", std::move(items)},
          {"contradictions", std::move(contradictions)}};
}

Json set_json(std::span<const Page> pages) {
  std::vector<const Checklist*> cells;
  for (const Page& page : pages) cells.push_back(&page.assessment.checklist);
  const ChecklistSet set = compare(cells);
  Json differences = Json::array();
  for (const ChecklistDifference& d : set.differences) {
    Json each = Json::array();
    const ChecklistItem* item = cells.front()->find(d.key);
    for (const auto& s : d.each) each.push_back(s ? statement(*s, item->unit) : Json(nullptr));
    differences.push_back({{"key", d.key}, {"name", d.name}, {"each", std::move(each)}});
  }
  return {{"cells", set.cells}, {"differences", std::move(differences)}, {"alike", set.alike}, {"missing_somewhere", set.missing_somewhere}};
}

} // namespace

std::string merit_object(const Merits& merits) {
  Json figures = Json::array(), resistances = Json::array(), capacities = Json::array();
  for (const Merit& m : merits.figures) figures.push_back(merit(m));
  for (const ResistancePoint& p : merits.resistance) resistances.push_back(resistance(p));
  for (const CapacityPoint& p : merits.capacity) capacities.push_back(capacity(p));
  return dumped({{"figures", std::move(figures)}, {"resistance", std::move(resistances)}, {"capacity", std::move(capacities)}});
}

std::string checklist_object(const Checklist& checklist) { return dumped(checklist_json(checklist)); }

std::string json_checklist(std::span<const Page> pages) {
  Json cells = Json::array();
  for (const Page& page : pages) {
    Json cell = {{"file", page.title}, {"name", words(page.record.cell.name)}, {"paragraph", methods_paragraph(std::span(&page, 1))}};
    cell.update(checklist_json(page.assessment.checklist));
    cells.push_back(std::move(cell));
  }
  return dumped({{"schema", "platen.checklist/1"}, {"cells", std::move(cells)}, {"set", pages.size() > 1 ? set_json(pages) : Json(nullptr)}, {"paragraph", methods_paragraph(pages)}}, 2) + "\n";
}

} // namespace platen::report

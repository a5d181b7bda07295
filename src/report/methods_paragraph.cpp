// The paragraph for a methods section, written from the checklist.

#include "report/checklist.hpp"
#include "report/format.hpp"
#include "report/text_columns.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen::report {
namespace {

constexpr Letters typeset_letters = Letters::typeset;

/// One checklist for all cells: what they share as it is, what differs as the list of what there is.
class Told {
public:
  explicit Told(std::span<const Page> pages) : pages_(pages) {
    for (const Page& page : pages) cells_.push_back(&page.assessment.checklist);
    set_ = compare(cells_);
  }

  bool known(std::string_view key) const {
    return std::any_of(cells_.begin(), cells_.end(), [&](const Checklist* c) { return !statements(*c, key).empty(); });
  }
  bool needed(std::string_view key) const {
    return std::any_of(cells_.begin(), cells_.end(), [&](const Checklist* c) {
      const ChecklistItem* item = c->find(key);
      return item != nullptr && item->knowledge != Knowledge::not_needed;
    });
  }

  bool needed_by_all(std::string_view key) const {
    return std::all_of(cells_.begin(), cells_.end(), [&](const Checklist* c) {
      const ChecklistItem* item = c->find(key);
      return item != nullptr && item->knowledge != Knowledge::not_needed;
    });
  }

  /// "5 MPa", "1 min, 30 min or 24 h", "[not reported: stack pressure]".
  std::string operator()(std::string_view key) const {
    std::vector<std::string> values;
    bool missing = false;
    std::string name(key);
    for (const Checklist* cell : cells_) {
      const ChecklistItem* item = cell->find(key);
      if (item != nullptr) name = item->name;
      if (statements(*cell, key).empty()) {
        missing = missing || item == nullptr || item->knowledge != Knowledge::not_needed;
        continue;
      }
      std::string value = plain(shown(*item, item->statements.front(), typeset_letters));
      const bool differs = std::any_of(set_.differences.begin(), set_.differences.end(), [&](const auto& d) { return d.key == key; });
      if (values.empty() || (differs && std::find(values.begin(), values.end(), value) == values.end())) values.push_back(std::move(value));
    }
    if (values.empty()) return fmt::format("[not reported: {}]", name);
    if (missing) values.push_back(fmt::format("[not reported for every cell: {}]", name));
    return listed(values);
  }

  /// As stated, and behind it what the rows show where that is something else.
  std::string with_measured(std::string_view key) const {
    const std::string rows = measured(key);
    return (*this)(key) + (rows.empty() ? "" : " (measured: " + rows + ")");
  }

  /// What the rows show, where somebody stated something else as well; empty otherwise.
  std::string measured(std::string_view key) const {
    if (cells_.size() != 1) return {};
    const auto& all = statements(*cells_.front(), key);
    if (all.size() < 2) return {};
    const ChecklistItem& item = *cells_.front()->find(key);
    std::string rows = plain(shown(item, all.back(), typeset_letters));
    return rows != plain(shown(item, all.front(), typeset_letters)) ? rows : std::string();
  }

  static std::string listed(const std::vector<std::string>& values) {
    std::string out = values.front();
    for (std::size_t k = 1; k < values.size(); ++k) out += (k + 1 == values.size() ? " or " : ", ") + values[k];
    return out;
  }

  std::span<const Page> pages() const { return pages_; }

private:
  static const std::vector<Statement>& statements(const Checklist& cell, std::string_view key) {
    static const std::vector<Statement> none;
    const ChecklistItem* item = cell.find(key);
    return item != nullptr ? item->statements : none;
  }

  std::span<const Page> pages_;
  std::vector<const Checklist*> cells_;
  ChecklistSet set_;
};

std::string kind_of(const Told& told) {
  const std::string kind = told("configuration");
  if (kind == "symmetric") return "Symmetric cells Li | " + told("electrolyte") + " | Li";
  if (kind == "full") return "Full cells " + told("cathode") + " | " + told("electrolyte") + " | Li";
  return "Cells (" + kind + ") with " + told("electrolyte");
}

std::string number_of(const Told& told) {
  if (told.known("number_of_cells")) return "number of cells: " + told("number_of_cells");
  if (told.pages().size() == 1) return told("number_of_cells");
  return fmt::format("number of cells: {} in these records, [not reported: number of cells made]", told.pages().size());
}

std::string made(const Told& told) {
  if (told("configuration") == "empty fixture") return "The fixture held no cell. ";
  std::string out = fmt::format("{} ({}) were made from {} of electrolyte, pressed at {} for {} to a thickness of {} and a density of {}", kind_of(told), number_of(told),
                                told("electrolyte_mass"), told("fabrication_pressure"), told("fabrication_time"), told("electrolyte_thickness"), told("electrolyte_density"));
  out += fmt::format(", with electrodes of {}. ", told("area"));
  if (told.needed("cathode_loading")) out += fmt::format("The cathode{} had a loading of {} (composite) and an areal capacity of {}. ", told.needed_by_all("cathode_loading") ? "" : " of the full cells",
                                                         told("cathode_loading"), told("areal_capacity"));
  out += fmt::format("Lithium of {} thickness was held against the electrolyte at {} for {} at {}. ", told("lithium_thickness"), told("contact_hold_pressure"), told("contact_hold_time"),
                     told("contact_hold_temperature"));
  return out;
}

/// "in a fixed gap", "by springs" ...
std::string kept(const Told& told) {
  const std::string fixture = told("fixture");
  if (fixture == "fixed gap") return "in a fixed gap";
  if (fixture == "constant pressure") return "kept constant";
  return (fixture.find(" or ") == std::string::npos ? "kept by " : "kept in one of these ways: ") + fixture;
}

std::string tested(const Told& told) {
  const std::string pressure = told.measured("stack_pressure");
  std::string out = fmt::format("The stack pressure was {}{}, {}, the temperature {}. ", told("stack_pressure"), pressure.empty() ? "" : " (measured when cycling began: " + pressure + ")",
                                kept(told), told.with_measured("temperature"));
  if (told.needed("ramp_increment"))
    out += fmt::format("The current density was raised from {} in steps of {}", told.with_measured("ramp_start"), told.with_measured("ramp_increment"));
  else
    out += fmt::format("The current density was {}", told.with_measured("ramp_start"));
  return out + fmt::format(", {} and {} per half cycle, with cut-offs at {} and {}. ", told.with_measured("half_cycle_time"), told.with_measured("half_cycle_capacity"), told("lower_voltage"), told("upper_voltage"));
}

/// What was found in one cell.
std::string found(const Page& page) {
  const Assessment& a = page.assessment;
  const Merit* ccd = a.merit.find("ccd");
  std::string out = std::string(label(a.verdict));
  if (ccd == nullptr || !ccd->refused.empty()) return out + ", no critical current density is stated (" + typeset_prose(plain(a.ccd_refused)) + ")";
  out += ", critical current density " + shown(*ccd, typeset_letters);
  if (ccd->bound == Bound::between) out += " (last step passed to failing step)";
  if (ccd->bound == Bound::at_least) out += " (lower bound: no short was seen)";
  if (ccd->bound == Bound::at_most) out += " (the first step failed)";
  if (const Merit* q = a.merit.find("capacity_to_failure"); q != nullptr && q->refused.empty() && a.onset)
    out += fmt::format(", after {} in both directions", shown(*q, typeset_letters));
  return out;
}

std::string results(std::span<const Page> pages) {
  if (pages.size() == 1) return "Result: " + found(pages.front()) + ".";
  std::string out = "Results: ";
  for (std::size_t k = 0; k < pages.size(); ++k) out += fmt::format("{}{}: {}", k > 0 ? "; " : "", plain(pages[k].title), found(pages[k]));
  return out + ".";
}

std::string contradictions(std::span<const Page> pages) {
  std::string out;
  for (const Page& page : pages)
    for (const Contradiction& c : page.assessment.checklist.contradictions)
      out += fmt::format(" [contradiction{}: {}]", pages.size() > 1 ? " in " + plain(page.title) : "", typeset_prose(plain(c.text)));
  return out;
}

} // namespace

std::string methods_paragraph(std::span<const Page> pages) {
  const Told told(pages);
  return made(told) + tested(told) + results(pages) + contradictions(pages);
}

std::string text_checklist(std::span<const Page> pages) {
  if (pages.size() == 1) {
    const Page& page = pages.front();
    return (page.record.cell.name.empty() ? "" : plain(page.record.cell.name) + "\n") + text(page.assessment.checklist) + "\n" + summary(page.assessment.checklist) + "\n";
  }
  std::vector<const Checklist*> cells;
  std::vector<std::vector<std::string>> rows{{"cell", "known", "missing", "contradictions"}};
  for (const Page& page : pages) {
    const Checklist& c = page.assessment.checklist;
    cells.push_back(&c);
    rows.push_back({plain(page.title), std::to_string(c.count(Knowledge::known) + c.count(Knowledge::contradicted)), std::to_string(c.count(Knowledge::missing)),
                    std::to_string(c.contradictions.size())});
  }
  const ChecklistSet set = compare(cells);
  std::string out = fmt::format("{} cells\n", set.cells) + columns(rows, "lrrr");
  std::vector<std::vector<std::string>> different{{"differs"}};
  for (const Page& page : pages) different.front().push_back(plain(page.title));
  for (const ChecklistDifference& d : set.differences) {
    different.push_back({d.name});
    for (const auto& s : d.each) different.back().push_back(s ? plain(shown(*cells.front()->find(d.key), *s, Letters::ascii)) : "-");
  }
  if (different.size() > 1) out += "\n" + columns(different, "l" + std::string(pages.size(), 'r'));
  const auto named = [&](const std::vector<std::string>& keys) {
    std::vector<std::string> names;
    for (const std::string& key : keys) names.push_back(cells.front()->find(key)->name);
    return fmt::format("{}", fmt::join(names, ", "));
  };
  if (!set.alike.empty()) out += "\nalike: " + named(set.alike) + "\n";
  if (!set.missing_somewhere.empty()) out += "missing in at least one: " + named(set.missing_somewhere) + "\n";
  for (const Page& page : pages)
    for (const Contradiction& c : page.assessment.checklist.contradictions) out += fmt::format("contradiction in {}: {}\n", plain(page.title), plain(c.text));
  return out;
}

} // namespace platen::report

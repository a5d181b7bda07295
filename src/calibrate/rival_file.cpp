#include "calibrate/rival_file.hpp"

#include "calibrate/mechanisms.hpp"
#include "study/sections.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>

namespace platen::calibrate {
namespace {

using config::Table;

/// Numbers that a switched-off law has no use for, by how their names begin.
struct OfSwitch {
  std::string_view start;
  bool Mechanisms::*member;
};
constexpr std::array of_switches{OfSwitch{"fixture.seating", &Mechanisms::seating},
                                 OfSwitch{"fixture.yield", &Mechanisms::yielding_gap},
                                 OfSwitch{"squeeze.", &Mechanisms::lithium_squeeze},
                                 OfSwitch{"contact.closure_time", &Mechanisms::contact_closure},
                                 OfSwitch{"interface.current_focus", &Mechanisms::uneven_current},
                                 OfSwitch{"void.", &Mechanisms::stripping_voids},
                                 OfSwitch{"supply.", &Mechanisms::stripping_voids},
                                 OfSwitch{"intrusion.", &Mechanisms::intrusion},
                                 OfSwitch{"flaw.swing_extension", &Mechanisms::pressure_swing},
                                 OfSwitch{"flaw.fatigue_exponent", &Mechanisms::fatigue},
                                 OfSwitch{"filament.", &Mechanisms::filament},
                                 OfSwitch{"interphase.", &Mechanisms::interphase}};

/// A switch that makes no difference to such a cell counts as off.
Mechanisms effective(const Study& study, const RivalEntry& rival) {
  Mechanisms out = with_switches(study.mechanisms, rival.switches);
  out.uneven_current = out.uneven_current && study.cell.cathode.has_value();
  out.yielding_gap = out.yielding_gap && study.fixture.kind == FixtureKind::fixed_gap;
  return out;
}

void read_numbers(const Table& t, const CalibrationFile& file, RivalEntry& out) {
  if (!t.has("numbers")) return;
  out.numbers.emplace();
  for (const config::Text& text : t.texts("numbers")) {
    if (std::any_of(file.numbers.begin(), file.numbers.end(), [&](const Number& n) { return n.key == text.value(); })) {
      out.numbers->push_back(text.value());
      continue;
    }
    std::vector<std::string> keys;
    for (const Number& n : file.numbers) keys.push_back(n.key);
    t.diagnostics().error("C207", fmt::format("`{}` is none of the numbers that this file fits", text.value()), text.place(), {fmt::format("those of [numbers]: {}", fmt::join(keys, ", "))});
  }
}

void refuse_twins(const Table& root, const std::vector<RivalEntry>& rivals) {
  for (std::size_t a = 0; a < rivals.size(); ++a)
    for (std::size_t b = 0; b < a; ++b) {
      if (rivals[a].name == rivals[b].name) root.diagnostics().error("C207", fmt::format("two explanations are called `{}`", rivals[a].name), rivals[a].place, {});
      else if (rivals[a].switches == rivals[b].switches && rivals[a].numbers == rivals[b].numbers)
        root.diagnostics().error("C207", fmt::format("`{}` and `{}` say the same", rivals[b].name, rivals[a].name), rivals[a].place,
                                 {"explanations differ in `mechanisms`, or in the `numbers` that they fit"});
    }
}

RivalEntry rival_of(const Table& t, const CalibrationFile& file) {
  RivalEntry out;
  out.place = t.place();
  out.name = t.text("name").value();
  out.meaning = t.text("meaning", "").value();
  const Table mechanisms = t.table("mechanisms");
  for (const MechanismInfo& row : mechanism_registry())
    if (mechanisms.has(row.name)) out.switches.emplace_back(row.member, mechanisms.flag(row.name, false));
  read_numbers(t, file, out);
  return out;
}

} // namespace

void read_rivals(const Table& root, CalibrationFile& file) {
  for (const Table& t : root.tables("explanation")) file.rivals.push_back(rival_of(t, file));
  for (const Table& t : root.tables("experiment")) file.experiments.push_back({t.folder("study") / t.text("study").value(), t.place()});
  if (file.rivals.size() == 1) root.diagnostics().error("C207", "one explanation has no rival", file.rivals.front().place, {"state two or more, or none: then those of docs/theory/mechanisms.md are compared"});
  if (file.rivals.size() > most_rivals) root.diagnostics().error("C207", fmt::format("more than {} explanations", most_rivals), root.key_place("explanation"), {});
  refuse_twins(root, file.rivals);
}

std::vector<RivalEntry> default_rivals(std::span<const Study> studies) {
  std::vector<RivalEntry> out;
  std::set<std::vector<bool>> known;
  for (const Explanation& e : ham2022_explanations()) {
    RivalEntry rival{e.name, e.meaning, rival_switches(e.mechanisms), std::nullopt, {}};
    std::vector<bool> says;
    for (const Study& study : studies)
      for (const MechanismInfo& row : mechanism_registry()) says.push_back(effective(study, rival).*row.member);
    if (known.insert(std::move(says)).second) out.push_back(std::move(rival));
  }
  return out;
}

bool acts(std::string_view number, const RivalEntry& rival, std::span<const Study> studies) {
  if (rival.numbers && std::find(rival.numbers->begin(), rival.numbers->end(), number) == rival.numbers->end()) return false;
  const auto row = std::find_if(of_switches.begin(), of_switches.end(), [&](const OfSwitch& s) { return number.starts_with(s.start); });
  return row == of_switches.end() || std::any_of(studies.begin(), studies.end(), [&](const Study& s) { return effective(s, rival).*row->member; });
}

} // namespace platen::calibrate

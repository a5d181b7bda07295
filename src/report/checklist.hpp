#pragma once
// Figures of merit and the checklist as people and programs read them.

#include "report/report.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace platen::report {

enum class Letters { ascii, typeset }; ///< "mA/cm2", "+-" or "mA/cm²", "±"

/// A number with its unit as people read it, rounded to its uncertainty (two digits of it) or to three digits, without zeros that
/// say nothing: "0.785 +- 0.010 cm2", "370 MPa", "15 min", "40 degC". `shown_in` empty: the unit people read for that SI unit.
std::string sensible(double si, std::string_view si_unit, std::string_view shown_in, const std::optional<double>& uncertainty, Letters letters);

/// Why figure `k` is not stated, once where several in a row share the reason.
std::string why_not(const Merits& merits, std::size_t k);
std::string shown(const Merit& merit, Letters letters);          ///< "0.889 to 1.016 +- 0.021 mA/cm2", ">= 1.27 ...", "-" when refused
std::string shown(const Condition& condition, Letters letters);  ///< "40 degC", "15 min per half cycle", "temperature not reported"
std::string shown(const ChecklistItem& item, const Statement& statement, Letters letters);

/// Tables for a terminal, ending in a newline.
std::string text(const Merits& merits);
std::string text(const Checklist& checklist);
/// One line: how many conditions are known, which are missing or contradicted.
std::string summary(const Checklist& checklist);

/// JSON objects (docs/formats/json.md), for the answers of several verbs.
std::string merit_object(const Merits& merits);
std::string checklist_object(const Checklist& checklist);

/// Parts of a cell's page; empty when there is nothing to show.
std::string merit_section(const Page& page, const std::string& id);
std::string checklist_section(const Page& page);

/// What a methods section should say of these cells, in UTF-8, one line; what is not known stands in it as "[not reported: ...]".
/// Numbers are those of the checklist, results those of the assessment. Needs at least one page.
std::string methods_paragraph(std::span<const Page> pages);

/// Answers of `platen checklist`.
std::string text_checklist(std::span<const Page> pages);
std::string json_checklist(std::span<const Page> pages);

} // namespace platen::report

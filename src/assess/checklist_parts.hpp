#pragma once
// How the checklist of a judged record is made.

#include "assess/assessment.hpp"

namespace platen::assessing {

/// Everything but `judged.checklist` must be there.
Checklist make_checklist(const Record& record, const Segments& segments, const Assessment& judged);

/// (U9) to (U14): which statements of `items` contradict each other, or the data.
std::vector<Contradiction> find_contradictions(const Record& record, const Segments& segments, const Assessment& judged,
                                               const std::vector<ChecklistItem>& items);

/// The statement that was found in the rows; nullptr when there is none.
const Statement* found_in_data(const std::vector<ChecklistItem>& items, std::string_view key);

} // namespace platen::assessing

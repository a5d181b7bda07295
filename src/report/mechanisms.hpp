#pragma once
// Rival explanations and predictions of left-out rows: text, JSON, HTML. What they mean: docs/guide/mechanisms.md.

#include "calibrate/left_out.hpp"
#include "calibrate/mechanisms.hpp"

#include <string>
#include <string_view>

namespace platen::report {

std::string text(const calibrate::MechanismComparison& comparison);
/// platen.mechanisms/1 of docs/formats/json.md.
std::string json(const calibrate::MechanismComparison& comparison);
/// A page with two plots and the tables; `program` is named at its head.
std::string html(const calibrate::MechanismComparison& comparison, std::string_view program);

/// Every predicted row, and what it comes to.
std::string text(const calibrate::LeftOut& left_out);
/// platen.left-out/1.
std::string json(const calibrate::LeftOut& left_out);
/// The headline in one or two sentences.
std::string headline(const calibrate::LeftOut& left_out);
/// What stands beside it: how many rows are met by the numbers that were fitted to them, and which model rows are missed even so.
std::string in_sample(const std::vector<TargetResult>& targets);

/// What the comparison says in words: can the data tell, what survives, which experiment first.
std::string conclusion(const calibrate::MechanismComparison& comparison);

} // namespace platen::report

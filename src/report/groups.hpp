#pragma once
// Comparisons of groups of cells, and the published CCDs, in words, as JSON, as CSV and as a page.

#include "groups/compare.hpp"
#include "groups/published.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace platen::report {

using Published = std::vector<groups::Published>;

/// Keys of cell files as people write them: "contact hold time".
std::string in_words(std::string condition);

std::string text_compare(const groups::Comparison& comparison); ///< tables for a terminal
std::string json_compare(const groups::Comparison& comparison, const Published& literature); ///< platen.compare/1
/// One row per cell, read back by `platen compare` (docs/formats/groups.md).
std::string csv_compare(const groups::Comparison& comparison);
/// A page of its own; the published CCDs are drawn when there are any. `program` made it.
std::string html_compare(const groups::Comparison& comparison, const Published& literature, std::string_view program);

/// What the published CCDs of lithium cells come to, near room temperature and warm, beside the medians of these groups.
std::string text_against(const Published& literature, const groups::Comparison& comparison);
std::string text_literature(const Published& literature);
std::string json_literature(const Published& literature); ///< platen.literature/1
std::string html_literature(const Published& literature, std::string_view program);

/// "1.0 - 1.1", "> 2.1", "< 0.13", "1.4": mA/cm2.
std::string interval_text(const groups::Interval& interval);

// Figures, each one <svg>; empty without groups.
/// Share of cells that pass against current density, every group in one panel.
std::string survival_overview(const groups::Comparison& comparison, const std::string& id);
/// One group with its band and fits.
std::string survival_figure(const groups::Comparison& comparison, std::size_t group, const std::string& id);
/// The interval of every cell, by group.
std::string cells_figure(const groups::Comparison& comparison, const std::string& id);
/// Power against cells per group.
std::string power_figure(const groups::Plan& plan, const std::string& id);
/// Published CCDs with these cells over them, against temperature and against areal capacity per half cycle.
std::string literature_by_temperature(const Published& literature, const groups::Comparison* comparison, const std::string& id);
std::string literature_by_capacity(const Published& literature, const groups::Comparison* comparison, const std::string& id);

} // namespace platen::report

#pragma once
// Which of the conditions that decide a critical current density are known, from where, which are missing, which contradict
// each other. docs/theory/merit.md

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace platen {

enum class Knowledge { known, missing, contradicted, not_needed };
std::string_view label(Knowledge knowledge); ///< "known", "missing", "contradicted", "not needed"

/// One statement of a condition.
struct Statement {
  std::optional<double> value; ///< SI; the low end of a range
  std::optional<double> high;  ///< SI, the high end of a range
  std::string text;            ///< instead of a number
  std::optional<double> uncertainty; ///< standard, SI; empty: none was stated
  std::string from;            ///< "cell file", "study", "data file", "data" (found in the rows), "derived"
  std::string place;           ///< "a12.cell.toml:7"; may be empty
};

struct ChecklistItem {
  std::string key;      ///< that of the cell file which would state it
  std::string name;     ///< for people
  std::string unit;     ///< SI; "1" for pure numbers, empty for words
  std::string shown_in; ///< unit people read
  Knowledge knowledge = Knowledge::missing;
  std::vector<Statement> statements; ///< the stated ones first
};

/// Two statements that differ by more than their uncertainties allow.
struct Contradiction {
  std::vector<std::string> keys;
  std::string text;        ///< one sentence with both figures
  double found = 0, expected = 0;
  std::string unit;        ///< SI, of both
  double deviation = 0;    ///< combined standard uncertainties; infinite where there is nothing to weigh
  bool assumed = false;    ///< some of these uncertainties are assumed
};

struct Checklist {
  std::vector<ChecklistItem> items; ///< in the order of a methods section; all of them, whatever the cell
  std::vector<Contradiction> contradictions;
  std::size_t count(Knowledge knowledge) const;
  const ChecklistItem* find(std::string_view key) const; ///< nullptr when there is no such item
};

/// What differs between the cells of a set.
struct ChecklistDifference {
  std::string key, name;
  std::vector<std::optional<Statement>> each; ///< one per cell; empty where it is not known
};
struct ChecklistSet {
  std::size_t cells = 0;
  std::vector<ChecklistDifference> differences; ///< stated or measured, by more than the contradictions of one cell allow
  std::vector<std::string> alike;               ///< keys that every cell knows and that agree
  std::vector<std::string> missing_somewhere;   ///< keys that at least one cell lacks
};
ChecklistSet compare(std::span<const Checklist* const> cells);

} // namespace platen

#pragma once
// Figures of merit of one record, each with its uncertainty and the conditions under which it was obtained. docs/theory/merit.md

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace platen {

/// What is said of a figure: its value, an interval (low, high] that holds it, or one end of it.
enum class Bound { exact, between, at_least, at_most };
std::string_view label(Bound bound); ///< "exact", "between", "at least", "at most"

/// One condition under which a figure was obtained: a number with its unit, or words.
struct Condition {
  std::string key, name;
  std::optional<double> value; ///< SI
  std::string unit;            ///< SI; "1" for pure numbers
  std::string text;            ///< instead of a number; both empty: not known
  std::string from;            ///< "data", "cell file", "study", "data file"; empty when not known
};

struct Merit {
  std::string key;  ///< "ccd", "capacity_to_failure" ...
  std::string name; ///< for people
  std::string unit; ///< SI
  Bound bound = Bound::exact;
  std::optional<double> low, high;    ///< SI; exact: both are the value; at_least: low alone; at_most: high alone
  std::optional<double> uncertainty;  ///< standard uncertainty of either end, SI; empty: not known
  std::string refused;                ///< why there is no figure; empty when there is one
  std::string remark;                 ///< what a reader must know beside it
  std::vector<Condition> conditions;
  std::optional<double> value() const { return bound == Bound::exact ? high : std::nullopt; }
};

/// The resistance of one step of the current.
struct ResistancePoint {
  std::size_t step = 0;                   ///< index into Assessment::steps
  double current = 0;                     ///< A
  std::optional<double> current_density;  ///< A/m2
  double resistance = 0;                  ///< ohm
  double resistance_uncertainty = 0;      ///< ohm
  std::optional<double> asr, asr_uncertainty; ///< ohm m2; the area's uncertainty included
  bool shorted = false;                   ///< at or after the step in which the short began
};

/// The most that was passed in one half cycle of a step in one direction, or what had been passed when the short began.
struct CapacityPoint {
  std::size_t half_cycle = 0;             ///< index into Assessment::half_cycles
  int direction = 0;
  double current = 0;                     ///< A, magnitude
  double charge = 0;                      ///< C, magnitude
  std::optional<double> current_density;  ///< A/m2
  std::optional<double> capacity;         ///< C/m2
  bool failed = false;                    ///< false: passed without a short
};

struct Merits {
  std::vector<Merit> figures; ///< in the order in which they are shown
  std::vector<ResistancePoint> resistance;
  std::vector<CapacityPoint> capacity;
  /// @returns nullptr when there is no such figure.
  const Merit* find(std::string_view key) const;
};

} // namespace platen

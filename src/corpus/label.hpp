#pragma once
// What is true of a labelled cell, and how it follows from the leak that was in it. Theory: docs/theory/corpus.md.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace platen::corpus {

/// `faint_leak`: a short that never takes a tenth of the current; no verdict is asked for, what is found of them is shown.
enum class Condition { healthy, faint_leak, soft_short, hard_short, fake_stable, contact_loss };
std::string_view label(Condition condition); ///< "healthy", "faint leak", "soft short" ...

inline constexpr double leak_begins = 0.02; ///< share of the current beside the electrolyte that counts as a leak
inline constexpr double leak_counts = 0.10; ///< share from which it is a short
inline constexpr double leak_hard = 0.60;   ///< share of a hard one: the short has two thirds of the cell's resistance or less
inline constexpr double driving_voltage = 3.5; ///< V that drives a full cell's leak, whatever is left of its own
inline constexpr double unseen = 30.0;      ///< s, a short younger than that, or than two rows, when the current starts was never seen to begin
inline constexpr double lost_rise = 4.0;    ///< times its resistance with contact: three quarters of it are gone

/// A stretch of test time.
struct Stretch {
  double start = 0.0, end = 0.0; ///< s
  double share = 0.0;            ///< largest share of the current that went beside the electrolyte
};

struct Label {
  Condition condition = Condition::healthy;
  std::string kind;                ///< what was made, "dissolves at reversal"
  std::vector<Stretch> shorts;     ///< while at least `leak_counts` (of a faint leak: `leak_begins`) goes beside the electrolyte
  std::vector<Stretch> lost_contact;
  std::optional<double> onset_from; ///< s, the leak began
  std::optional<double> onset_to;   ///< s, it first took `leak_counts` of a current that flowed (of a faint one: its most)
  double duration = 0.0;           ///< s under current during `shorts`
  double share = 0.0;              ///< mean share of the current during `shorts`
  double conductance = 0.0;        ///< S, largest
  std::size_t half_cycles = 0;     ///< with a short in them
  double interval = 0.0;           ///< s, usual time between rows
  bool full_cell = false;
  bool geometry_known = false;     ///< area, thickness and conductivity are in the record
};

/// One instant of a cell whose leak is known.
struct Moment {
  double time = 0.0;        ///< s
  double share = 0.0;       ///< of the current beside the electrolyte, 0 to 1
  double conductance = 0.0; ///< of the leak, S
  int half_cycle = -1;      ///< number of the half cycle; -1: no current flows
};

/// Share of the current that a leak of `conductance` (S) takes beside a symmetric cell of `resistance` (ohm).
inline double share_beside(double conductance, double resistance) { return conductance * resistance / (1.0 + conductance * resistance); }
/// The same of a full cell at `current` (A): 0.5 where the leak takes all of a charging current, more where it empties the cell meanwhile.
double share_of_full(double conductance, double current);

/// Fills everything about shorts from the leak's course, moments in the order of time; `label.interval` is known.
void describe_leak(const std::vector<Moment>& course, Label& label);

} // namespace platen::corpus

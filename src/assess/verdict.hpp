#pragma once
// From small tests to a score and a verdict: of each half cycle, then of the cell.

#include "assess/evidence.hpp"

#include <deque>
#include <optional>
#include <vector>

namespace platen::assessing {

/// One half cycle with what its tests said.
struct Judged {
  HalfCycleAssessment result;
  Fall fall;
  Evidence drop, floor, follow, mean, noise, jumps, flat, contact;
  bool shorted = false;
  bool had_reference = false;
  double share = 1.0; ///< what is left of the earlier resistance, 1
};

/// The last healthy half cycles, which every new one is compared with.
class Memory {
public:
  void add(const Trace& trace);
  /// The level before a fall in a half cycle that had nothing to be compared with.
  void add_before_fall(const Trace& trace, const Fall& fall);
  void clear() { kept_.clear(); }
  /// For a half cycle in `direction`: with only the other one known, its resistance counts less by unequal_interfaces.
  Reference reference(int direction) const;
  double pressure() const { return kept_.empty() ? 0.0 : kept_.back().pressure; }

private:
  struct Kept {
    double low, middle, current, scatter, shape, error_share, pressure;
    int direction;
  };
  std::deque<Kept> kept_;
  std::size_t added_ = 0;
};

/// Score of a deciding test: 0.6 at its threshold, 1 where `one` is reached; below it at most unfired_cap.
double deciding(bool fired, double figure, double zero, double threshold, double one);

/// Judges all half cycles in order of time (A13). `open_voltage[k]`: largest |V| without current after half cycle k.
std::vector<Judged> judge(const std::vector<Trace>& traces, const std::vector<double>& open_voltage, const Context& cell,
                          std::vector<Diagnostic>& warnings);

/// The judgement of the cell (A15).
struct Outcome {
  Verdict verdict = Verdict::cannot_tell;
  std::string reason;
  std::optional<double> onset;
  std::optional<std::size_t> half_cycle; ///< first shorted one
  bool from_start = false;               ///< shorted before the first half cycle
  std::optional<std::size_t> contact_lost; ///< first half cycle that lost contact
};
/// Where the short began at the end of a half cycle that was judged healthy, that half cycle is marked too.
Outcome conclude(const std::vector<Trace>& traces, std::vector<Judged>& judged, const Context& cell);

/// The evidence of the whole cell: of each test where it fired first, else where it came nearest.
std::vector<Evidence> strongest(const std::vector<Judged>& judged, const Outcome& outcome);

} // namespace platen::assessing

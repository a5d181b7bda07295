#pragma once
// From small tests to a score and a verdict: of each half cycle, then of the cell.

#include "assess/evidence.hpp"
#include "assess/spectra.hpp"

#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace platen::assessing {

/// One half cycle with what its tests said.
struct Judged {
  HalfCycleAssessment result;
  Fall fall; ///< of (A5), else of (A45)
  std::optional<EventCounts> events; ///< none where nothing came before to compare with
  Evidence drop, small_drop, sinking, dips, floor, impedance_floor, follow, mean, noise, bursts, jumps, flat, asymmetry, recovery, impedance, arc, contact, course;
  std::shared_ptr<const CourseLeak> course_leak; ///< of the record
  bool shorted = false;
  bool stated = false; ///< a person gave the verdict
  bool had_reference = false;
  double share = 1.0; ///< what is left of the earlier resistance, 1
};

/// The last healthy half cycles, which every new one is compared with.
class Memory {
public:
  /// `previous`, `next`: the half cycles before and after; none when there is no such one.
  /// `sunk`: what `sunk_with` made of it; `events`: what `count_events` did.
  void add(const Trace& trace, const Trace* previous, const Trace* next, double sunk = 0.0, const EventCounts& events = {});
  /// The level before a fall in a half cycle that had nothing to be compared with.
  void add_before_fall(const Trace& trace, const Fall& fall);
  void clear();
  /// For a half cycle in `direction` at `current` (A): with only the other direction known, its resistance counts less by
  /// unequal_interfaces.
  Reference reference(int direction, double current) const;
  /// Sums of the events of the healthy half cycles, of the first, of the first two, and so on.
  const std::vector<EventCounts>& events() const { return events_; }
  double pressure() const { return kept_.empty() ? 0.0 : kept_.back().pressure; }

private:
  struct Kept {
    double low, middle, current, scatter, burst, shape, pressure; ///< ohm, ohm, A, V, V, 1, Pa
    double low_error, middle_error; ///< ohm, of noise
    double noise, offset_error;     ///< V, of the level; of the zero
    std::vector<double> course;     ///< ohm
    double ratio;                   ///< 1, over the other direction; NaN when not known
    int direction;
    double sunk; ///< 1
    double error_share(double at_current) const;
  };
  std::size_t compared_from() const; ///< first of `kept_` that counts

  std::vector<Kept> kept_;
  std::size_t added_ = 0;
  double sunk_so_far_ = 0.0;
  std::vector<EventCounts> events_; ///< sums of the first, of the first two ...
  bool settled_ = false; ///< a healthy half cycle has not fallen much below the one before
};

/// Score of a deciding test: 0.6 at its threshold, 1 where `one` is reached; below it at most unfired_cap.
double deciding(bool fired, double figure, double zero, double threshold, double one);

/// What the tests of half cycles need besides their rows.
struct Surroundings {
  std::vector<double> open_voltage; ///< V, largest |V| without current after each half cycle
  SpectraBeside spectra;
  double began = 0.0; ///< s, first row of the record
  std::vector<std::optional<Verdict>> overruled; ///< by a person, of each half cycle; empty when none was
};

/// Judges all half cycles in order of time (A13).
std::vector<Judged> judge(const std::vector<Trace>& traces, const Surroundings& surroundings, const Context& cell,
                          std::vector<Diagnostic>& warnings);

bool is_short(Verdict verdict); ///< soft, hard or fake stable

/// Names of the thresholds that a small test uses, deciding or not.
std::span<const std::string_view> thresholds_of(std::string_view test);
/// Of a judged half cycle: those of the tests that fired, or of all tests that were made and did not; `kind`: those that tell hard from soft.
std::vector<std::string_view> what_decided_by(const HalfCycleAssessment& half_cycle, std::span<const std::string_view> kind);

/// The judgement of the cell (A15).
struct Outcome {
  Verdict verdict = Verdict::cannot_tell;
  std::string reason;
  std::optional<double> onset;
  std::optional<std::size_t> half_cycle; ///< first shorted one
  std::optional<TimeWindow> window;      ///< when the short began, or contact was lost
  bool from_start = false;               ///< shorted before the first half cycle
  std::optional<std::size_t> contact_lost; ///< first half cycle that lost contact
};
/// Where the short began at the end of a half cycle that was judged healthy, that half cycle is marked too.
Outcome conclude(const std::vector<Trace>& traces, std::vector<Judged>& judged, const Context& cell);

/// The evidence of the whole cell: of each test where it fired first, else where it came nearest.
std::vector<Evidence> strongest(const std::vector<Judged>& judged, const Outcome& outcome);

} // namespace platen::assessing

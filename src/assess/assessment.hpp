#pragma once
// What the assessment says of one record, whether it was measured or simulated.

#include "assess/checklist.hpp"
#include "assess/merit.hpp"
#include "assess/pressure_result.hpp"
#include "record/record.hpp"
#include "record/segments.hpp"

#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace platen {

enum class Verdict { healthy, soft_short, hard_short, fake_stable, contact_loss, cannot_tell };
std::string_view label(Verdict verdict); ///< "healthy", "soft short", "hard short", "fake stable", "contact loss", "cannot tell"

/// One small test: a figure compared with a threshold.
struct Evidence {
  std::string name;      ///< "voltage drop at constant current", "resistance below the ionic floor" ...
  double figure = 0.0;   ///< SI, NaN when the test could not be made
  double threshold = 0.0;
  std::string unit;
  bool fired = false;
  double time = 0.0;     ///< test time at which it fired first, s
  std::string reason;    ///< one sentence with the numbers
  double error = std::numeric_limits<double>::quiet_NaN(); ///< standard error of the figure, in its unit; NaN: not known
  int side = 1;          ///< +1: a short lies above the threshold, -1: below
  double strength = 0.0; ///< 1, probability that the figure lies on the short's side of the threshold (A32)
  double weight = 0.0;   ///< 1, what the test gave to the score of its half cycle
};

/// When something began: after `earliest`, the last row that was clearly without it, and before `latest`, the first that clearly had it.
struct TimeWindow {
  double earliest = 0.0, latest = 0.0; ///< test time, s
};

/// A verdict that a person gave with a reason, beside the one of the program.
struct Overruled {
  std::optional<std::size_t> half_cycle; ///< empty: of the cell
  Verdict given = Verdict::cannot_tell, program = Verdict::cannot_tell;
  std::string reason, program_reason;
};

/// What was found in one half cycle (or loop).
struct HalfCycleAssessment {
  HalfCycle half_cycle;
  double mean_voltage = 0.0, end_voltage = 0.0; ///< V, offset removed where two directions exist
  std::optional<double> asr;      ///< ohm m2, end of the half cycle, half-difference of neighbours where possible
  double resistance = 0.0;        ///< ohm, |mean voltage / current|; NaN for a full cell
  double noise = 0.0;             ///< V, robust scatter of the voltage about its own trend
  double score = 0.0;             ///< 0 healthy ... 1 certainly shorted
  Verdict verdict = Verdict::healthy;
  std::optional<Verdict> program_verdict;   ///< the program's own, where a person overruled something
  std::optional<TimeWindow> window;         ///< of a short or a lost contact: when it began in this half cycle
  std::vector<std::string_view> decided_by; ///< names of the thresholds (thresholds.hpp) that decided
  std::vector<Evidence> evidence;
};

/// One step of the ramp: both directions together.
struct StepAssessment {
  double current_density = 0.0;  ///< A/m2; NaN when the area is not known
  double current = 0.0;          ///< A
  std::size_t half_cycles = 0;
  std::optional<double> asr;     ///< ohm m2
  double resistance = 0.0;       ///< ohm, half-difference of the two directions over the current; NaN for a full cell
  double offset = 0.0;           ///< V, half-sum of the two directions: the cycler's offset; NaN for a full cell
  bool failed = false;
};

/// The CCD as what it is: an interval on the ramp's grid, or a lower bound.
struct CriticalCurrentDensity {
  std::optional<double> last_passed;   ///< A/m2
  std::optional<double> failing_step;  ///< A/m2; empty: no short seen, last_passed is a lower bound
  double grid = 0.0;                   ///< A/m2, the ramp's increment
  /// C/m2 that a half cycle of the failing (or last) step passes. Of a full cell that shorted, of the last step passed: a short lets a charge
  /// go on and on. Empty when the first one failed.
  std::optional<double> capacity_per_half_cycle;
};

struct Assessment {
  Verdict verdict = Verdict::cannot_tell;
  std::string reason;                         ///< one sentence: what decided
  std::optional<double> onset;                ///< s, test time of the short
  std::optional<TimeWindow> window;           ///< when the short began, or contact was lost first
  std::vector<std::string_view> decided_by;   ///< names of the thresholds (thresholds.hpp) that decided
  std::vector<Overruled> overruled;           ///< verdicts that a person gave; `verdict` and what follows from it is theirs
  std::optional<std::size_t> onset_half_cycle; ///< of a full cell its direction says charge (+1) or discharge (-1)
  std::optional<std::size_t> onset_cycle;      ///< cycle of the short, from 1 over the whole record
  std::optional<CriticalCurrentDensity> ccd;  ///< empty: refused
  std::string ccd_refused;                    ///< why
  std::optional<double> capacity_to_failure;  ///< C/m2, cumulative areal capacity passed (both directions) until onset or end
  double voltage_offset = 0.0;                ///< V, median over the test
  std::optional<double> voltage_offset_error; ///< V, standard error of that for any moment of the test; empty: the zero was not seen
  std::optional<double> ionic_floor;          ///< ohm m2, L/kappa(T): what the electrolyte alone must have
  std::vector<Evidence> evidence;             ///< of the whole cell
  std::vector<HalfCycleAssessment> half_cycles;
  std::vector<StepAssessment> steps;
  PressureAssessment pressure;
  Merits merit;
  Checklist checklist;
  std::vector<Diagnostic> warnings;
};

struct AssessOptions {
  std::vector<std::string> without; ///< small tests that are not made, by the names of `evidence_names`
};

/// Every small test there is, of symmetric and of full cells.
std::span<const std::string_view> evidence_names();

/// Judges one record. Does not know whether it was measured or simulated. The same record gives the same answer.
/// @throws Error D060 when test_time, voltage or current is missing (current may come from record.cell.current).
/// @throws Error D105 when `options.without` names no test.
Assessment assess(const Record& record, const AssessOptions& options = {});

} // namespace platen

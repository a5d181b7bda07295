#pragma once
// One labelled cell before the judge: what was true, what was said.

#include "assess/assessment.hpp"
#include "corpus/corpus.hpp"
#include "referee/bound.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace platen::referee {

/// The least time that an onset may be off by and still count as right, s; or one sample, if that is longer.
inline constexpr double onset_tolerance = 30.0;
/// Soft shorts longer than this are asked for, s under current.
inline constexpr double soft_asked_for = 120.0;

/// What the judge said of a cell.
struct Answer {
  Verdict verdict = Verdict::cannot_tell;
  bool alarm = false;           ///< the verdict is a short of any kind
  bool found = false;           ///< an alarm, and a half cycle that was shorted is called so
  double score = 0.0;           ///< highest score of any half cycle
  double score_in_short = 0.0;  ///< highest score of a half cycle that was shorted
  std::optional<double> onset;  ///< s, test time
  std::optional<double> onset_error; ///< s, to the nearest instant between the leak's beginning and its first tenth; where there are both
  bool early = false;           ///< an alarm before the leak began, by more than the tolerance
};

/// Half cycles by what was true of them; `called` are those that were called shorted.
struct HalfCycles {
  std::size_t before = 0, before_called = 0; ///< over before the leak began, or of a cell without one
  std::size_t during = 0, during_called = 0; ///< with at least ten seconds and a tenth of the half cycle shorted
  std::size_t after = 0, after_called = 0;   ///< begun after the last short was over
};

/// An answer without one of the tests.
struct Ablation {
  std::string test;
  bool alarm = false, found = false;
};

struct Judged {
  corpus::Generator generator = corpus::Generator::described;
  std::uint64_t seed = 0;
  std::size_t rows = 0;
  corpus::Label label;
  Answer answer;
  HalfCycles half_cycles;
  std::string reason; ///< the judge's
  std::optional<Bound> bound; ///< what could be known of it; of shorts, where asked for
  std::vector<Ablation> without; ///< tests that were made on this cell; empty unless asked for
};

/// s by which the onset of this cell may be off.
double tolerance(const corpus::Label& label);

/// The answer of an assessment to a label.
Answer answer_of(const Assessment& assessment, const corpus::Label& label);

/// Judges a labelled cell, with `ablation` also without each test that was made on it.
Judged judge_cell(const corpus::Cell& cell, bool ablation);

} // namespace platen::referee

#pragma once
// The headline: rows of the paper predicted by fits that never saw their figure. Theory: docs/theory/fit.md.

#include "calibrate/refits.hpp"
#include "numerics/distributions.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace platen::calibrate {

/// One row, as a fit without its figure predicts it.
struct LeftOutRow {
  std::string figure; ///< that was left out
  std::string row, row_class;
  std::string platen, unit;      ///< the number, or the word
  TargetVerdict verdict = TargetVerdict::not_evaluated;
  std::optional<double> in_band; ///< probability that the fit gave to meeting the row

  bool operator==(const LeftOutRow&) const = default;
};

struct LeftOut {
  std::string program;     ///< that computed it
  std::size_t numbers = 0; ///< fitted
  std::vector<LeftOutRow> rows;

  bool operator==(const LeftOut&) const = default;
};

/// Of one explanation's refits, those to all rows among them. Rows in the order of the targets.
LeftOut left_out_of(std::span<const Refit> refits, std::string_view program);

/// What it comes to, over the rows of class model.
struct LeftOutCount {
  std::size_t rows = 0, hits = 0;
  numerics::ProbabilityRange bounds;  ///< of the hit rate, 95 %, Clopper and Pearson
  std::size_t with_probability = 0;   ///< rows that have one
  double expected = 0.0;              ///< hits that the probabilities of those rows add up to
  double brier = 0.0;                 ///< mean of (probability - hit)^2 over them: 0 the best, 0.25 for a coin
};
LeftOutCount count(const LeftOut& left_out);

/// "18 of 22 model rows (82 %; 95 % bounds 60 to 95 %)".
std::string phrase(const LeftOutCount& count);

/// As data/calibrations/ham2022-left-out.csv has it, and back. @throws Error B041 when the text is none.
std::string left_out_csv(const LeftOut& left_out);
LeftOut parse_left_out(std::string_view text);

/// What is stored with the program.
const LeftOut& stored_left_out();

} // namespace platen::calibrate

#pragma once
// What Ham et al. (2022) say of their figures: points, levels and ranges to be drawn over a model's curves.

#include <optional>
#include <string>
#include <vector>

namespace platen {

/// One row of data/targets/ham2022-figures.csv. A number that is a row of the targets is taken from there, with its basis.
struct PublishedMark {
  std::string figure; ///< "3c"
  std::string series; ///< which of its curves: "springs"; "range" where the paper states one for all of them
  std::string place;  ///< where x is no number: "start" of cycling, end of the "first charge", while "cycling"; else empty
  std::optional<double> x, x_to; ///< in `x_unit`; with `x_to` a range
  std::optional<double> y, y_to; ///< in `y_unit`; with `y_to` a range; empty: an upright line at x
  std::string x_unit, y_unit;
  std::string basis;  ///< stated, read or derived
  std::string source; ///< the paper's words, or how the number was inferred
  std::vector<std::string> rows; ///< targets ("T14") whose numbers these are
  bool at_least = false;         ///< the number is a lower bound
};

/// Every mark, in the order of the file. @throws Error B020 when the file does not fit the targets.
std::vector<PublishedMark> ham2022_marks();

} // namespace platen

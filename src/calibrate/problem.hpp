#pragma once
// What is fitted to what: numbers with bounds and priors, and a likelihood as a sum of squares. Theory: docs/theory/calibration.md.

#include "work/work.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace platen::calibrate {

/// Normal, in the fitted scale: of the logarithm for logarithmic numbers.
struct Prior {
  double mean = 0.0, deviation = 1.0;
};

/// One number that is fitted. Values and bounds are SI; a logarithmic number and its bounds are positive.
struct Number {
  std::string key;               ///< "contact.initial"
  double start = 0.0;            ///< where the first start begins
  double low = 0.0, high = 0.0;  ///< what the fit may not leave
  bool logarithmic = false;
  std::optional<Prior> prior;
  std::string shown_in;          ///< unit people read; "" or "1" for a pure number

  double scaled(double value) const;    ///< SI to the fitted scale
  double unscaled(double scaled) const; ///< and back
};

/// Residuals that belong together.
struct Term {
  std::string label; ///< "T08", "a.csv voltage"
  std::string group; ///< figure or file: left out together
  std::size_t first = 0, count = 0;
};

struct Problem {
  std::vector<Number> numbers;
  std::vector<Term> terms; ///< cover the residuals
  std::size_t residuals = 0;
  /// -2 ln likelihood = sum of squares of the residuals + a constant; the priors are no part of it. Values are SI, one per number. A pure
  /// function, safe from several threads; false where a cell could not be simulated. @throws Cancelled.
  std::function<bool(std::span<const double> values, std::span<double> residuals, const work::Task& task)> evaluate;
  std::vector<Problem> parts; ///< what `joined` put together; else empty
};

/// All of them at once. Numbers of one key are one number: the first to name it gives start, bounds and prior. Each part remembers its last
/// answers, so that a number that a part does not have costs no evaluation of it.
/// @throws Error B040 when parts disagree on the scale of a number.
Problem joined(std::vector<Problem> parts);

/// The problem without the terms of a group; the numbers stay. Parts whose every term is left out are evaluated no more.
/// @throws Error B040 when no term is of this group.
Problem without(const Problem& problem, std::string_view group);

/// Groups in the order of their first terms.
std::vector<std::string> groups_of(const Problem& problem);

} // namespace platen::calibrate

#pragma once
// How CCDs move with several conditions at once.

#include "groups/aft.hpp"
#include "groups/row.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace platen::groups {

/// A condition in the model: a number, its logarithm, or one level per value.
struct Term {
  enum class Kind { number, logarithm, category };
  std::string factor;
  Kind kind = Kind::category;
};
/// "stack_pressure", "log(hold_time)", "group(hold_time)"; a number is taken as it is, words are categories whatever is said.
/// @throws Error U013 when it is none of these.
Term parse_term(std::string_view text);

struct Coefficient {
  std::string name;   ///< "fixture = springs against fixed gap", "stack_pressure per MPa", "exponent of contact_hold_time"
  double beta = 0.0;  ///< of ln CCD
  double error = 0.0; ///< NaN unless regular
  Bounds bounds;      ///< by profile, cut as (X8)
  bool exponent = false; ///< of a logarithm: CCD goes as the condition to this power; otherwise exp(beta) is a factor of the CCD
};

/// What a term adds to the likelihood (X7).
struct TermTest {
  std::string term;
  double ratio = 0.0; ///< twice the logarithm of the likelihood ratio
  std::size_t freedom = 0;
  double p_value = 1.0;
};

struct Regression {
  Distribution distribution = Distribution::weibull;
  AftFit fit;
  double aicc = 0.0;
  std::vector<Coefficient> coefficients; ///< without the intercept
  std::vector<TermTest> tests;
  std::string baseline; ///< what the intercept stands for: "fixture = fixed gap, stack_pressure = 5 MPa ..."
};

/// Both distributions over the same rows, the better AICc first. Every row must have every factor.
/// @throws Error D460 as `fit_aft`, D468 when there are too few cells for the terms.
std::vector<Regression> regress(std::span<const CcdRow> rows, std::span<const Interval> sample, std::span<const Term> terms);

/// "30 min", "springs": a condition as people read it.
std::string shown(const Factor& factor);
/// Whether two conditions are the same level.
bool same_level(const Factor& a, const Factor& b);
/// Numbers by size, then words by letters.
bool lower_level(const Factor& a, const Factor& b);

} // namespace platen::groups

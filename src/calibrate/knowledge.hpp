#pragma once
// In words what data and priors say of each number.

#include "calibrate/calibrate.hpp"

#include <array>

namespace platen::calibrate {

/// What an interval comes from, the first that is there before the others.
enum class Source { profile, posterior, covariance };
inline constexpr std::array sources{Source::profile, Source::posterior, Source::covariance};
std::string_view label(Source source); ///< "profile", "posterior", "covariance"

struct Interval95 {
  std::optional<double> low, high; ///< SI; empty: open
};
/// Empty where there is no profile of this number, or no posterior.
std::optional<Interval95> interval_from(Source source, const Calibration& calibration, std::size_t number);

/// Fills `knowledge` and `words` from the fit, the profiles and the posterior as far as they are there.
void tell_knowledge(Calibration& calibration);

} // namespace platen::calibrate

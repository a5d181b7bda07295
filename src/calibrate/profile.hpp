#pragma once
// How much worse the best fit becomes when one number is held elsewhere. Theory: docs/theory/calibration.md.

#include "calibrate/fit.hpp"
#include "calibrate/kept.hpp"

#include <optional>
#include <vector>

namespace platen::calibrate {

struct ProfileOptions {
  double rise = 3.8414588206941236; ///< of C at the ends of the interval: 95 % of the chi-square distribution with one degree of freedom
  double step = 0.7;                ///< wanted between points, in the root of the rise
  std::size_t points = 16;          ///< at most, on each side
  FitOptions descent;               ///< its threads are those of all profiles
};

struct ProfilePoint {
  std::vector<double> values; ///< SI, all numbers re-optimised but the profiled one
  double rise = 0.0;          ///< C - C at the fit, (B8)
};

/// Why a side of a profile has no end.
enum class Open { closed, bound, unbounded, not_simulated };

struct Profile {
  std::size_t number = 0;
  std::vector<ProfilePoint> points;    ///< by rising value of the number, the fit among them
  double low = 0.0, high = 0.0;        ///< SI, where the rise is that of the options; of an open side the last value looked at
  Open low_open = Open::closed, high_open = Open::closed;
};

struct Profiles {
  std::vector<Profile> profiles;                ///< one per number asked for
  std::optional<std::vector<double>> better;    ///< SI: a point found on the way whose C is lower than the fit's by more than 0.05; fit again from it
};

/// Profiles of `numbers` (their places; empty: all), side by side on several threads. Points are found again by their key in `kept`.
/// @throws Cancelled.
Profiles profile(const Problem& problem, const Fit& fit, std::span<const std::size_t> numbers = {}, const ProfileOptions& options = {},
                 const Kept& kept = {}, const work::Task& task = {});

} // namespace platen::calibrate

#pragma once
// The clock of a load-cell log found from the data: how far it is from the cycler's and how fast it drifts.
// Model, likelihood, intervals and the reasons to refuse: docs/theory/clocks.md.

#include "align/log.hpp"
#include "record/record.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace platen::align {

/// What the pressure is expected to follow.
enum class Follows {
  charge, ///< the charge in a full cell: it rises while the cell is charged
  edges   ///< the edges at which the current is switched
};
std::string_view label(Follows what); ///< "plated charge", "step edges"

/// What the cycler did over the clock of the data.
struct Course {
  std::vector<double> time;    ///< s, rising
  std::vector<double> current; ///< A, of the stretch that begins at the row
  std::vector<double> charge;  ///< C in the cell, counted from the first row
};
/// The course of a record over one of its columns of time ("test_time", "unix_time"). Rows whose time is no
/// number or does not rise are left out. The charge is `net_capacity`, or the integral of the current.
/// @throws Error D420 when the record has no current.
Course course_of(const Record& record, std::string_view axis);

struct Question {
  std::optional<Follows> follows; ///< empty: charge for a full or unknown cell, edges for others
  Configuration configuration = Configuration::unknown;
  std::optional<double> around; ///< s: the offset that is stated (log's clock to the data's)
  std::optional<double> within; ///< s: the offset lies no further than this from `around`
  Place place;                  ///< of the log, for messages
};

/// The answer. Uncertainties are standard deviations; the offset is that at `clock.pivot`, where it is known
/// best.
struct Estimate {
  Follows follows = Follows::charge;
  ClockMap clock;
  double offset_sigma = 0.0; ///< s
  double drift_sigma = 0.0;  ///< s per s
  double correlation = 0.0;  ///< of offset and drift
  double swing = 0.0;        ///< Pa, largest difference that the course explains
  double noise = 0.0;        ///< Pa, standard deviation of one reading about the model
  double memory = 0.0;       ///< correlation of neighbouring residuals
  double evidence = 0.0;     ///< by how much chi squared falls when the pressure may follow the course (W7)
  double runner_up = 0.0; ///< by how much chi squared is larger at the next best offset (W8); infinite: none
  std::size_t readings = 0;                ///< that the fit rests on
  std::vector<double> fitted_time, fitted; ///< s on the log's clock and Pa: what was fitted, for a picture
};

/// Finds the clock of `log` in `course`, which must be on one clock.
/// @throws Error D421 (too little in common), D422 (the pressure does not follow), D423 (several answers fit;
/// they are
///   named), D424 (the best answer lies at the end of the search), D425 (the two halves disagree), D426 (too
///   uncertain).
Estimate estimate(const Log& log, const Course& course, const Question& question);

} // namespace platen::align

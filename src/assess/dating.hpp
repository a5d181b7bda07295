#pragma once
// When did a short begin that is established by now? What a half cycle was expected to show, from those before it in the same direction, and where
// it left that course: with the odds changed, far less is asked for than of a test that finds a short (A73 to A76).

#include "assess/beside.hpp"
#include "assess/verdict.hpp"

#include <optional>

namespace platen::assessing {

/// Where a half cycle left its expected course.
struct Left {
  std::size_t row = 0;
  bool from_the_start = false; ///< no row was seen on the course
  std::size_t averaged = 1;    ///< rows over which noise had to be averaged
};

/// (A74) Back from row `until`, at which the cell was shorted: the first row of the stretch up to there in which the resistance lies below the expected course by
/// `by` (1). Empty where the rows just before `until` do not.
std::optional<Left> low_up_to(const Trace& trace, const Beside& beside, std::size_t until, double by);

/// What is known of a short when one looks for what it did before.
struct Habit {
  double reach = 0.0;  ///< rows: how often it shows sudden falls leads one to expect the next within them
  bool opens = false;  ///< it was seen to open again
  double least = 0.0;  ///< 1, depth of the smallest falls that it may have
};
/// (A75) The last sudden fall before row `until`, by left_course below the expected course, that is rather the short's than a healthy cell's: of a kind that a healthy cell
/// seldom has within the rows up to what is known, which begins `away` rows after `until`. None where the voltage rises as suddenly and as far.
std::optional<Left> last_sudden(const Trace& trace, const Beside& beside, std::size_t until, std::size_t away, const Habit& habit);
/// Rows beyond which `last_sudden` finds nothing.
double farthest_sudden(const Habit& habit);

} // namespace platen::assessing

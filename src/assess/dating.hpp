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

/// (A75) The last sudden fall before row `until`, by left_course, below the expected course, and by the more standard deviations the further it lies from what is known
/// already, which is `away` rows after `until`. None where the voltage rises as suddenly and as far.
struct Sudden {
  bool lasting = false; ///< only such as nobody's hand on a cable explains: three rows or more
  double depth = 0.0;   ///< 1, at least
};
std::optional<Left> last_sudden(const Trace& trace, const Beside& beside, std::size_t until, std::size_t away, Sudden wanted);

} // namespace platen::assessing

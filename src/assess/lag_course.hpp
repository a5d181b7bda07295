#pragma once
// A leak beside the electrolyte seen as charge that does not arrive: how far each half cycle of a full cell lags behind the first of its
// direction at equal voltage (A62), and when a leak that grows slowly took its share (A63).

#include "assess/full_cell.hpp"

#include <limits>
#include <optional>

namespace platen::assessing {

/// The leak that explains the lags best.
struct LagCourse {
  double gain = 0;   ///< 1, by which it lessens chi squared beside what half cycles differ by anyway
  double counts = 0; ///< s, where it takes leak_counts of the current
  TimeWindow window; ///< where all courses do that are about as likely
};

/// Whether a half cycle has enough rows, none missing, and does not go on with the one before.
bool comparable(const Stroke& stroke);

/// Whether there is a leak, which may have begun suddenly: then a voltage that other things lower must not pass for one. Or when one began that grew slowly, once a short is established.
enum class LagQuestion { whether, when };

/// The first half cycle that the one `found` is compared with: at most twelve before it, with a known charge in between, at currents that are
/// at most `ratio` times larger or smaller.
std::size_t first_alike(const std::vector<Stroke>& strokes, std::size_t found, double ratio = std::numeric_limits<double>::infinity());

/// Of the half cycles `first` to `found`, as far as the rows before `until` (s). None where they cannot be compared, or lag less and not more.
std::optional<LagCourse> lag_course(const std::vector<Stroke>& strokes, std::size_t first, std::size_t found, double until, LagQuestion question);

/// (A63) The same of as few rows as show it, none where no growing leak shows; `seen`: s, up to where.
std::optional<LagCourse> leak_growth(const std::vector<Stroke>& strokes, std::size_t found, double seen);

} // namespace platen::assessing

#pragma once
// The small tests. Each looks at one half cycle and says a figure, a threshold and one sentence; none decides alone.

#include "assess/events.hpp"
#include "assess/evidence_names.hpp"
#include "assess/switches.hpp"
#include "assess/trace.hpp"

#include <optional>

namespace platen::assessing {

/// A level that a zero error of the voltage moves alike: of a half cycle in the same direction.
struct Own {
  double low = 0;     ///< ohm; 0 where there is none
  double current = 0; ///< A
};

/// What the cell itself was like in its last healthy half cycles; resistances at 25 degC (times Trace::thermal).
struct Reference {
  bool known = false;
  bool settled = false; ///< more than the very first half cycle, in which native layers break and the interface forms
  double low = 0;     ///< ohm, lowest level
  double low_error = 0;    ///< ohm, its standard error
  double current = 0; ///< A, of the half cycle with that level
  int direction = 0;  ///< of that half cycle
  Own own;            ///< the lowest level in the same direction
  double middle = 0;  ///< ohm, lowest median
  double middle_error = 0; ///< ohm, its standard error
  double scatter = 0; ///< V, median
  double burst = 0;   ///< V, median of the largest scatter of a stretch
  double shape = 0;   ///< 1, median
  double shape_spread = 0; ///< 1, by which shapes of healthy half cycles differ
  std::vector<double> course; ///< ohm, lowest resistance in each part of a half cycle (Trace::course); NaN where none is known
  std::optional<double> ratio; ///< 1, usual resistance in this direction over that of the half cycles before and after in the other one
  std::size_t ratios = 0;  ///< from how many half cycles that is known
  double ratio_spread = 0; ///< 1, by which that ratio differed, relative
  double own_middle = 0;   ///< ohm, lowest median in this direction; 0 where there is none
  double lowest = 0;       ///< ohm, lowest level of all healthy half cycles that are still known
  std::vector<double> sunk; ///< 1, falls within half cycles in this direction (Trace::sunk)
  double sunk_so_far = 0;  ///< 1, what they fell more than usual (A47)
  std::vector<double> own_course; ///< ohm, as course, of the half cycles in this direction
};

/// A number and its standard error.
struct Level {
  double value = 0, error = 0;
};

/// What the spectra say of the electrolyte's resistance (A33).
struct ImpedanceFloor {
  enum class Source { read, fitted, bound }; ///< off the spectrum; by a circuit; at most that, so that no fit was worth it
  Level level; ///< ohm at 25 degC
  Source source = Source::read;
};

/// (A32): error and strength of a figure; `side` +1 when a short lies above the threshold, -1 below.
void weigh(Evidence& evidence, double error, int side);

/// What a test needs besides the half cycle.
struct Context {
  Reference before;               ///< the cell's own earlier half cycles
  std::optional<double> area;     ///< m2
  std::optional<double> floor;    ///< ohm m2 at 25 degC, from geometry
  double hottest = 1.0;           ///< 1, kappa at unknown_temperature over that at the temperature taken, where none is known
  std::optional<ImpedanceFloor> impedance_floor; ///< of the spectra before
  bool temperature_logged = false; ///< row by row
  bool shorted_before = false;    ///< an earlier half cycle was
  const Beside* beside = nullptr; ///< like half cycles before; none where there are none
  const std::vector<EventCounts>* events_before = nullptr; ///< sums over the healthy half cycles
  Switches switches;
};

/// A sudden fall of the overpotential at constant current (A5).
struct Fall {
  bool found = false;
  double before = 0, after = 0; ///< V
  double share = 0;             ///< 1, (before - after) / before; the largest one seen when none was found
  double time = 0;              ///< s, first row after the fall
  double span = 0;              ///< s, over which it fell
  std::size_t row = 0;          ///< within the half cycle
  std::size_t rows = 1;         ///< that were averaged on either side
  double error = 0;             ///< 1, standard error of the share
};
/// The first fall by at least `share`; when there is none, the largest significant one with found = false.
Fall first_fall(const Trace& trace, const Reference& before, double share);

/// The first fall by small_fall that ends below the lowest that the cell had at the same point of its earlier half cycles (A45).
Fall fall_below_course(const Trace& trace, const Reference& before);

Evidence voltage_drop(const Trace& trace, const Fall& fall, const Context& context);        ///< (A5)
Evidence small_drop(const Trace& trace, const Fall& fall, const Context& context);          ///< (A45)
Evidence sinking(const Trace& trace, const Context& context);                               ///< (A47)
/// What `sinking` makes of a half cycle: the sum of falls beyond the usual, 0 or less.
double sunk_with(const Trace& trace, const Reference& before);
/// `here`: none where no like half cycle came before.
Evidence dips_that_come_back(const Trace& trace, const std::optional<EventCounts>& here, const Context& context); ///< (A82)
Evidence below_floor(const Trace& trace, const Context& context);                           ///< (A6)
/// Whether the median resistance is so far above the threshold of (A6) that the half cycle cannot have been shorted that low.
bool clearly_above_floor(const Trace& trace, const Evidence& floor, double area);
Evidence follows_current(const Trace& trace, const Context& context);                       ///< (A7)
Evidence mean_resistance(const Trace& trace, const Context& context);                       ///< (A8)
Evidence noise(const Trace& trace, const Context& context);                                 ///< (A9)
Evidence noise_bursts(const Trace& trace, const Context& context);                          ///< (A37)
Evidence jumps(const Trace& trace, const Context& context);                                 ///< (A10)
Evidence flatness(const Trace& trace, const Context& context);                              ///< (A11)
/// `open_voltage`: largest |V| of the rows without current that follow, V. `due`: ohm, what (A80) says that the cell must
/// have got at least, infinity where it says nothing.
Evidence contact(const Trace& trace, const Context& context, double open_voltage, double due); ///< (A12)

Evidence below_impedance(const Trace& trace, const Context& context);                       ///< (A33)
/// 1, median resistance over the lower one of those before and after in the other direction; NaN where one of them is none.
double over_neighbours(const Trace& trace, const Trace* previous, const Trace* next);
/// `previous`, `next`: the half cycles before and after; none for the first and the last.
Evidence asymmetry(const Trace& trace, const Trace* previous, const Trace* next, const Context& context); ///< (A35)
/// `next`: the half cycle after; none for the last.
Evidence recovery(const Trace& trace, const Trace* next, const Context& context);           ///< (A36)

/// What the course of the resistance over the whole record says of a leak (A57, A58).
struct CourseLeak {
  bool made = false, found = false;
  std::size_t blocks = 0;       ///< half cycles, or groups of them, that were looked at
  double odds = 0, needed = 0;  ///< logarithms: of the likelihood of a leak over that of the best other explanation; of what is asked for
  std::vector<double> shares;   ///< 1, of the current, that the leak takes in each half cycle at most
  double error = 0;             ///< 1, standard error of the largest
  std::size_t half_cycle = 0;   ///< in which it began
  double onset = 0;             ///< s
  TimeWindow window{};          ///< s
  std::string_view how;         ///< it shows
};
/// `counts`: half cycles that may be looked at; `temperature_logged`: row by row, so that resistances at 25 degC are known to follow it.
CourseLeak find_course_leak(const std::vector<Trace>& traces, const std::vector<bool>& counts, bool temperature_logged);
/// Of one half cycle, in which the leak takes `share`.
Evidence in_course(const Trace& trace, const CourseLeak& leak, double share);

/// (A6): L / kappa(T) at the temperature of `trace`. Empty when the cell's geometry or conductivity is not known.
std::optional<double> ionic_floor(const CellInfo& cell);

} // namespace platen::assessing

#pragma once
// What the figures of merit are made of. Each function looks at one judged record.

#include "assess/ccd.hpp"

#include <optional>
#include <string>
#include <vector>

namespace platen::assessing {

/// A judged record with what was found in it on the way.
struct Subject {
  const Record& record;
  const Rows& rows;
  const Segments& segments;
  const Assessment& judged;
  std::optional<double> area; ///< m2
  std::vector<double> current_errors; ///< standard uncertainty of the current of each step (U2), A
  bool full() const { return record.cell.configuration == Configuration::full; }
  /// Shorted, and nobody saw it happen.
  bool shorted_before() const;
  const HalfCycle* failing() const; ///< nullptr when no onset was seen
  /// First half cycle that does not count as passed: the failing one, or one past the end.
  std::size_t end() const;
};

/// A standard uncertainty relative to its value (U1): as stated in the cell file, or the one assumed in thresholds.hpp.
struct Relative {
  double value = 0; ///< 1
  bool stated = false;
};
Relative relative_uncertainty(const CellInfo& cell, std::string_view key);

/// Standard uncertainty of the current of each step, A: scatter of its half cycles and the last digit of the record (U2).
std::vector<double> current_uncertainties(const Rows& rows, const Segments& segments);
/// Standard uncertainty of the time of the onset, s: the rows beside it (U3).
double onset_uncertainty(const Subject& subject);
/// Standard deviation of one row of the voltage within a half cycle (A2), V.
double row_noise(const Subject& subject, const HalfCycle& half_cycle);
/// Relative uncertainty of a current density of a step (U2).
double density_uncertainty(const Subject& subject, std::size_t step);

/// Time and charge of a half cycle up to the switch that ended it: its last row comes one interval earlier where the first row of
/// the next one is the switch itself.
struct Ran {
  double time = 0, charge = 0; ///< s, C (magnitude)
};
Ran as_run(const Segments& segments, std::size_t half_cycle);

/// Temperature, stack pressure, area, half cycles and direction while the half cycles [first, last] ran.
std::vector<Condition> conditions(const Subject& subject, std::size_t first, std::size_t last);
/// Of one half cycle; time and charge are those of the one before it when the short ended it.
std::vector<Condition> step_conditions(const Subject& subject, std::size_t half_cycle);
/// The current density (the current when the area is not known) of a step.
Condition at_current(const Subject& subject, std::size_t step);
/// "plating right", "charging" ...
std::string say_direction(const Subject& subject, int direction);

/// Merit with its names and no figure yet.
Merit named(std::string key, std::string name, std::string unit);
Merit refused(Merit merit, std::string why);
void set_exact(Merit& merit, double value, std::optional<double> uncertainty);
/// What the ends that are there make of it: between, at least or at most.
void set_ends(Merit& merit, std::optional<double> low, std::optional<double> high);

void add_ccd(const Subject& subject, Merits& out);            ///< the CCD, of each direction, or the current without an area
void add_stripping(const Subject& subject, Merits& out);      ///< critical stripping and plating currents apart (U6)
void add_capacities(const Subject& subject, Merits& out);     ///< capacity to failure and threshold capacity (U4, U5)
void add_resistances(const Subject& subject, Merits& out);    ///< resistance against step (U7)
void add_life(const Subject& subject, Merits& out);           ///< life at constant current (U8)

/// Every figure of merit.
Merits find_merits(const Record& record, const Rows& rows, const Segments& segments, const Assessment& judged);

} // namespace platen::assessing

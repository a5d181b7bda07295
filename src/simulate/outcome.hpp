#pragma once
// What a simulated test came to, as the simulator itself knows it: no instrument between, no judgement.

#include "record/record.hpp"
#include "study/study.hpp"

#include <optional>
#include <string_view>

namespace platen {

enum class TestEnd {
  shorted,       ///< a filament made contact
  completed,     ///< every sentence was carried out, no filament made contact
  voltage_limit, ///< the cell could not carry the current within the instrument's voltage
  seat_lost,     ///< the fixture no longer held the cell
};
std::string_view label(TestEnd end); ///< "shorted", "completed", "voltage limit", "seat lost"

/// Current densities are magnitudes in A/m2. Numbers of a ramp are empty for tests without one.
struct TestOutcome {
  TestEnd end = TestEnd::completed;
  double duration = 0.0;              ///< of the whole test, s
  std::optional<double> contact_time; ///< s: a filament makes its first contact, be it soft
  std::optional<double> bridge_time;  ///< s: a filament spans the electrolyte
  bool shorted_on_charge = false;     ///< the current was positive at first contact

  std::optional<double> last_passed;  ///< highest current density of the ramp carried through all its half cycles without a contact
  std::optional<double> failing_step; ///< current density at first contact
  /// The failing step made continuous, in (last passed, failing step]: where between the two currents the load of an electrode
  /// (overpotential over critical one) reaches 1, by its peak in the half cycle before and by what it is, or would have become, at the failing
  /// current; no less than the share of the half cycle that passed before contact. It moves nearly without jumps while a parameter moves, which
  /// the failing step does not.
  std::optional<double> continuous_ccd;

  /// Cycles until first contact, made continuous the same way (cycle 3 begins at 2); all cycles where there was none. A cycle
  /// begins with a half cycle of positive current.
  double cycles = 0.0;
  double charge_to_contact = 0.0;     ///< areal charge passed in both directions until first contact, or in the whole test, C/m2

  std::optional<double> first_swing;  ///< Pa: highest less lowest stack pressure of the first cycle
  std::optional<double> largest_swing; ///< Pa: of any whole cycle before contact
  std::optional<double> after_first_half_cycle; ///< Pa: stack pressure
};

/// `record` is what `simulate` made of `study`, on any output grid: `output.events_only` is enough.
TestOutcome test_outcome(const Study& study, const Record& record);

} // namespace platen

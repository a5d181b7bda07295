#pragma once
// Full cells: half cycles as charges and discharges, the small tests on them, and the judgement (A21 to A31).

#include "assess/trace.hpp"
#include "assess/verdict.hpp"

#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace platen::assessing {

/// One charge or discharge. The rows are those at constant current; what tapers at a held voltage is left out.
struct Stroke {
  HalfCycle half_cycle;
  bool last_of_record = false;
  std::vector<double> time;    ///< s
  std::vector<double> voltage; ///< V, single outliers removed
  std::vector<double> charge;  ///< C passed since the half cycle's start, magnitude
  double net = 0;              ///< C in the cell when it starts, counted from the record's first row
  double before = std::numeric_limits<double>::quiet_NaN(); ///< V, last row before; NaN when a charge or nothing precedes
  double at_switch = std::numeric_limits<double>::quiet_NaN(); ///< ohm, jump of the voltage over that of the current at its start
  double after_switch = std::numeric_limits<double>::quiet_NaN(); ///< ohm, the same at its end
  double end_voltage = 0;      ///< V, highest (charge) or lowest (discharge) of the last rows
  double noise = 0;            ///< V, standard deviation of one row (A2), median over the record
  bool charging() const { return half_cycle.direction > 0; }
  double passed() const;       ///< C, magnitude
};
std::vector<Stroke> make_strokes(const Rows& rows, const Segments& segments);

/// What the cell itself was like in its healthy half cycles so far.
struct Earlier {
  std::vector<const Stroke*> charges, discharges;
  std::vector<double> efficiencies;      ///< of complete cycles, 1
  std::optional<double> stated_capacity; ///< C
  std::optional<double> area;            ///< m2
  Switches switches;
  double largest_charge() const;         ///< C, 0 when there is none
  double usual_end() const;              ///< V, NaN when there is none: where charges end
  /// Largest charge passed in `direction`, C.
  double usual_passed(int direction) const;
  double least_jump(int direction, double Stroke::*jump) const; ///< ohm, NaN when there is none
  /// Voltage of the last healthy charge at the same charge in the cell, V; NaN outside of what it covered.
  double voltage_at(double net) const;
};

/// A fall of the voltage in a charge.
struct ChargeFall {
  bool found = false;
  double highest = 0, lowest = 0; ///< V
  double time = 0;                ///< s, where it passed the threshold
  double onset = 0;               ///< s, where the voltage began to leave its highest value
};
ChargeFall find_charge_fall(const Stroke& charge, const Earlier& earlier);

Evidence voltage_fall(const Stroke& charge, const ChargeFall& fall, const Earlier& earlier);  ///< (A21)
Evidence below_start(const Stroke& charge, const Earlier& earlier);                           ///< (A22)
Evidence excess_charge(const Stroke& charge, const Earlier& earlier);                         ///< (A23)
Evidence cutoff_missed(const Stroke& charge, const Earlier& earlier);                         ///< (A24)
Evidence stalled(const Stroke& charge, const Earlier& earlier);                               ///< (A25)
Evidence charge_jumps(const Stroke& charge, const Earlier& earlier);                          ///< (A26)
/// `discharge`: the half cycle after the charge; none when there is no complete one.
Evidence efficiency(const Stroke& charge, const Stroke* discharge, const Earlier& earlier);   ///< (A27)
Evidence stroke_contact(const Stroke& stroke, const Earlier& earlier);                        ///< (A28), charge or discharge

/// Judges a full cell: fills verdict, reason, onset, evidence and half cycles; `out.steps` and pressure are there already.
void judge_full_cell(const Record& record, const Rows& rows, const Segments& segments, const Switches& switches, Assessment& out);

} // namespace platen::assessing

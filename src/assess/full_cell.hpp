#pragma once
// Full cells: half cycles as charges and discharges, the small tests on them, and the judgement (A21 to A31, A60 to A63).

#include "assess/trace.hpp"
#include "assess/verdict.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace platen::assessing {

/// What the voltage did from one row to the next beside its course (A60).
struct SuddenChange {
  double time = 0;    ///< s, of the later row
  double size = 0;    ///< V
  double beside = 0;  ///< V, of all of them so far: where the voltage is beside its course
};

/// One charge or discharge. The rows are those at constant current; what tapers at a held voltage is left out.
struct Stroke {
  HalfCycle half_cycle;
  bool last_of_record = false;
  std::vector<double> time;    ///< s
  std::vector<double> voltage; ///< V, single outliers removed
  std::vector<double> raw;     ///< V, as recorded
  std::vector<double> current; ///< A, magnitude
  double restless = std::numeric_limits<double>::quiet_NaN(); ///< V (A60); NaN for too few rows
  double quiet = std::numeric_limits<double>::quiet_NaN();    ///< V, standard deviation of one row (A2), of the quieter parts of this half cycle
  double dips = 0, bumps = 0;  ///< brief dips of the voltage, and brief rises (A49)
  double first_dip = 0;        ///< s
  double first_fall = std::numeric_limits<double>::infinity(); ///< s, of all sudden falls beside the course, also of about half the size that counts
  std::vector<SuddenChange> changes; ///< beyond what noise and the bend of the course explain
  std::vector<double> charge;  ///< C passed since the half cycle's start, magnitude
  std::size_t gaps = 0;        ///< stretches of the record without rows before it: what passed there is not known
  bool after_gap = false;      ///< its run began after one
  bool broken = false;         ///< rows are missing within it: what passed meanwhile is a guess
  bool run_broken = false;     ///< within it or what came before in its run, or in the run before
  double net = 0;              ///< C in the cell when it starts, counted from the record's first row
  // A run is all half cycles of one direction up to the next reversal: a charge, and what tapers at a held voltage after it.
  double passed_before = 0;    ///< C in its run before it, magnitude
  double constant_passed = 0;  ///< C, magnitude: in its run so far at constant current
  double run_passed = 0;       ///< C in all of its run, magnitude
  bool run_ends_record = false;
  double run_current = 0;      ///< A, set current of the run's first half cycle, magnitude
  double other_run = 0;        ///< C in the run before, in the other direction, magnitude
  double end_slope = std::numeric_limits<double>::quiet_NaN(); ///< V/C at the end of the run's first half cycle
  double least_current = std::numeric_limits<double>::infinity(); ///< A, least so far of the run at this held voltage
  double highest_before = -std::numeric_limits<double>::infinity(); ///< V, of all rows of the record before
  double before = std::numeric_limits<double>::quiet_NaN(); ///< V, last row before; NaN when a charge or nothing precedes
  double at_switch = std::numeric_limits<double>::quiet_NaN(); ///< ohm, jump of the voltage over that of the current at its start
  double after_switch = std::numeric_limits<double>::quiet_NaN(); ///< ohm, the same at its end
  double cycle_resistance = std::numeric_limits<double>::quiet_NaN(); ///< ohm, between this half cycle and that before at equal charge in the cell
  double end_voltage = 0;      ///< V, highest (charge) or lowest (discharge) of the last rows
  double noise = 0;            ///< V, standard deviation of one row (A2), median over the record
  std::vector<double> hold_time, hold_current; ///< s, A (magnitude): rows at held voltage, after the current began to taper
  std::vector<double> rest_time, rest_voltage; ///< s, V: rows without current after it
  std::optional<numerics::LineFit> push;       ///< Pa per C: stack pressure against charge, over the later half of the rows
  double hold_noise = 0;       ///< A, standard deviation of one row at held voltage, median over the record
  bool charging() const { return half_cycle.direction > 0; }
  double passed() const;       ///< C, magnitude
};
/// V after `charge` (C, magnitude) of a half cycle, between its rows at constant current; NaN outside of them.
double voltage_after(const Stroke& stroke, double charge);
/// Half of what two half cycles in a row differ by at equal charge in the cell, over their mean current.
struct Apart {
  std::vector<double> charge;     ///< C, magnitude, passed by the later one
  std::vector<double> resistance; ///< ohm; NaN where a row is missing
};
/// At the ends of `parts` equal parts of the charge that both passed, in the order of the later one; empty where they cannot be compared.
Apart apart_at_equal_charge(const Stroke& before, const Stroke& stroke, int parts);
std::vector<Stroke> make_strokes(const Record& record, const Rows& rows, const Segments& segments);

/// The least of a figure over charges to which ever more are added: only those that came since the last question are looked at, or
/// the time for a record would grow with the square of its cycles.
class LeastSoFar {
public:
  /// `key`: what the figure depends on besides the charge. Infinity when there is none; a figure that is NaN does not count.
  template <class Figure> double of(const std::vector<const Stroke*>& charges, double key, const Figure& figure) {
    if (key != key_ || seen_ > charges.size() || (seen_ > 0 && charges[seen_ - 1] != last_)) {
      *this = {};
      key_ = key;
    }
    for (; seen_ < charges.size(); ++seen_) {
      last_ = charges[seen_];
      least_ = std::min(least_, figure(*last_));
    }
    return least_;
  }

private:
  double key_ = 0.0, least_ = std::numeric_limits<double>::infinity();
  std::size_t seen_ = 0;
  const Stroke* last_ = nullptr;
};

/// What the cell itself was like in its healthy half cycles so far.
struct Earlier {
  std::vector<double> of_last(double Stroke::*figure) const; ///< of the last healthy charges and discharges, where it is known
  double quiet_noise(const Stroke& now) const; ///< V, median of `Stroke::quiet` over the last half cycles; without any, that of `now`
  double least_change() const;           ///< V, three times what the voltage of the last half cycles did suddenly by itself
  std::vector<const Stroke*> charges, discharges;
  std::vector<double> efficiencies;      ///< of complete cycles, 1
  std::optional<double> stated_capacity; ///< C
  std::optional<double> area;            ///< m2
  double began = 0.0;                    ///< s, first row of the record
  Switches switches;
  double largest_charge() const;         ///< C, 0 when there is none
  double usual_end() const { return usual_end_of(1); } ///< V, NaN when there is none: where charges end
  double usual_end_of(int direction) const;
  /// Largest charge passed in `direction`, C.
  double usual_passed(int direction) const;
  double usual_run(int direction) const; ///< C, the most of a run in that direction
  double largest_run() const;            ///< C, the most that passed in one direction between two reversals; 0 when there is none
  double highest_net(std::size_t gaps) const; ///< C, most charge in the cell since that many gaps of the record; -infinity when not known
  bool charged_as_slowly(double current) const; ///< A: an earlier charge was at that current or a smaller one
  double highest_end() const;            ///< V, -infinity when there is none
  double lowest_in_charges() const;      ///< V, infinity when there is none
  mutable LeastSoFar least_rises, lowest_voltages; ///< kept for (A25) and for `lowest_in_charges`
  double usual_jump(int direction, double Stroke::*jump) const; ///< ohm, NaN when there is none
  double recent_cycle_resistance() const; ///< ohm, median of the last healthy half cycles; NaN when there is none
  /// Voltage of the last healthy charge at the same charge in the cell, V; NaN outside of what it covered.
  double voltage_at(double net, std::size_t gaps) const;
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
/// `discharge`: as below.
Evidence excess_charge(const Stroke& charge, const Stroke* discharge, const Earlier& earlier); ///< (A23)
Evidence cutoff_missed(const Stroke& charge, const Earlier& earlier);                         ///< (A24)
Evidence stalled(const Stroke& charge, const Earlier& earlier);                               ///< (A25)
Evidence charge_jumps(const Stroke& charge, const Earlier& earlier);                          ///< (A26)
/// V, what 99 % of the changes from row to row beside the course stay below; NaN for too few rows.
double restless(const Stroke& stroke);
/// Counts (A49) into `stroke`. `like`: the last healthy one in its direction, or none; `usual`: V, least change beside the course that counts in this cell; `quiet`: V, standard deviation of a row;
/// `end`: V, where charges end: a cycler that begins to hold it is left out. NaN when not known.
void count_dips(Stroke& stroke, const Stroke* like, double usual, double quiet, double end);
/// `earlier_dips`, `earlier_bumps`: of the half cycles before that it is counted together with.
Evidence charge_dips(const Stroke& stroke, double earlier_dips, double earlier_bumps, const Earlier& earlier); ///< (A49), charge or discharge
Evidence fallen(const Stroke& stroke, const Earlier& earlier);                                ///< (A64), charge or discharge
Evidence unbalanced(const std::vector<Stroke>& strokes, std::size_t k, const Earlier& earlier); ///< (A61), charge or discharge
/// `asked`: whether another test fired that this one can go with; it takes a while.
Evidence lagging(const std::vector<Stroke>& strokes, std::size_t k, bool asked, const Earlier& earlier); ///< (A62), charge or discharge
/// `discharge`: the half cycle after the charge; none when there is no complete one.
Evidence efficiency(const Stroke& charge, const Stroke* discharge, const Earlier& earlier);   ///< (A27)
Evidence self_discharge(const Stroke& charge, const Earlier& earlier);                        ///< (A38)
Evidence current_in_hold(const Stroke& charge, const Earlier& earlier);                       ///< (A39)
Evidence pressure_follows(const Stroke& charge, const Earlier& earlier);                      ///< (A40)
/// (A80) in the rest after the run of stroke `k`, against those after earlier ones in its direction that ended at the same voltage.
GrownArc arc_of_stroke(const std::vector<Stroke>& strokes, std::size_t k, const SpectraBeside& spectra, const Earlier& earlier);
/// `before`: the half cycle before it, or none. `arc`: (A80) of the rest after its run.
Evidence stroke_contact(const Stroke& stroke, const Stroke* before, const Earlier& earlier, const GrownArc& arc); ///< (A28, A90), charge or discharge

/// (A46) s, where a charge first left its course by a step down before `seen` (s), else that: least squares of a step and a bend beside a parabola,
/// or beside the course of the last healthy charge.
double departure(const Stroke& charge, const Earlier& earlier, double seen);

/// (A50) s, where the voltage of a charge first fell from one row to the next two, before `until` (s), by more than eight standard deviations of the
/// rows before, its trend and dip_least; none where it did not.
std::optional<double> first_jump(const Stroke& charge, double until);

/// Judges a full cell: fills verdict, reason, onset, evidence and half cycles; `out.steps` and pressure are there already.
void judge_full_cell(const Record& record, const Rows& rows, const Segments& segments, const Switches& switches,
                     const std::vector<std::optional<Verdict>>& overruled, Assessment& out);

} // namespace platen::assessing

#pragma once
// The one table of thresholds. docs/theory/assessment.md explains each row; a test holds that page and this table together.
// None was chosen by looking at a measured short: each follows from the reason beside it.

#include <array>
#include <string_view>

namespace platen::thresholds {

// Zero error of the voltage (A1)
inline constexpr double unequal_interfaces = 0.15; ///< most by which the resistance depends on the direction; more is a short in one

inline constexpr double zero_drift = 1e-3;         ///< V; a cycler's zero drifts by up to that during a test (0.02 % of 5 V, assumed)
inline constexpr double zero_wander = 0.25 * zero_drift; ///< V; it wanders by that with the room's temperature (assumed)

inline constexpr double coarsest_step = 1.25e-3;   ///< V; 12 bits of 5 V. Nobody records a voltage in larger steps (A44)

// Sudden falls (A5)
inline constexpr double drop_share = 0.30;         ///< a short of at most 2.3 times the cell's own resistance takes 30 %
inline constexpr double drop_span = 60.0;          ///< s; slower falls are contact, temperature or refilled voids
inline constexpr double drop_noise = 6.0;          ///< standard deviations of the difference of two means
inline constexpr double drop_below_base = 0.80;    ///< a fall to above this share of the earlier resistance may be a refill
inline constexpr double drop_elevated = 1.5;       ///< above this multiple of the earlier resistance contact was being lost
inline constexpr double drop_over_history = 3.0;   ///< a refill is steepest at its start, a short is not
inline constexpr double small_fall = 0.10;         ///< a fall of that size counts where it ends below all that the cell had at that point (A45)
inline constexpr double below_course = 0.05;       ///< by which it must end below the lowest of the earlier half cycles at the same point
inline constexpr double sink_share = 0.06;         ///< falls within half cycles beyond the usual ones, summed up (A47); as below_course, and a little more
inline constexpr double sink_drift = 0.01;         ///< per half cycle, what temperature and ageing may do
inline constexpr double course_alarms = 1e-3;      ///< chance of a false alarm in a record, shared by all leaks that are tried (A58)
// Levels (A6 to A8)
inline constexpr double floor_share = 0.70;        ///< thickness and conductivity of a pellet are each known to about 15 %
inline constexpr double any_separator = 1e-4;      ///< ohm m2: 20 um at 2 mS/cm; used when the geometry is not known
inline constexpr double unknown_temperature = 333.15; ///< K; few solid cells are cycled hotter. Where no temperature is known (A6)
inline constexpr double follow_share = 0.70;       ///< as drop_share, seen between half cycles
inline constexpr double mean_share = 0.75;         ///< mean resistance against the cell's own earlier one (supporting)
inline constexpr double level_noise = 6.0;         ///< standard errors by which a level must miss its expectation
inline constexpr double unknown_offset = 5e-3;     ///< V; a cycler's zero error where only one direction was measured
// Fluctuation and shape (A9 to A11; supporting)
inline constexpr double noise_ratio = 4.0;         ///< scatter against that of the cell's own earlier half cycles
inline constexpr double noise_share = 0.01;        ///< and at least this share of the overpotential
inline constexpr double jump_share = 0.03;         ///< smallest sudden fall that is counted
inline constexpr double jump_noise = 8.0;          ///< standard deviations of the noise, for a counted fall
inline constexpr double jump_count = 3.0;          ///< counted falls per half cycle
inline constexpr double flat_ratio = 3.0;          ///< loss of shape against the cell's own earlier half cycles
inline constexpr double flat_least = 0.05;         ///< an earlier shape smaller than this says nothing
// Sudden events that come back (A81, A82)
inline constexpr double event_noise = 3.0;         ///< standard deviations; how often noise alone does that, events upwards tell
inline constexpr double event_share = 0.02;        ///< of the voltage; smaller leaks do not matter, whatever makes them
inline constexpr double event_steps = 1.5;         ///< steps of the recorded voltage; one may be a rounding
inline constexpr double event_rare = 400.0;        ///< rows; what happens as rarely, either way, may be somebody's hand
inline constexpr double event_change = 3.0;        ///< nats; in one record of twenty such a hand comes all of a sudden
inline constexpr double event_habit = 2e-3;        ///< share of healthy cells that depart suddenly as often as they like, either way, and were not yet seen to go up
inline constexpr double event_odds = 7.0;          ///< nats: one false alarm in a thousand records
// Neighbours in time (A35, A36; supporting)
inline constexpr double asymmetry_share = 0.85;    ///< resistance over that of the other direction, against the usual ratio
inline constexpr double recovery_share = 0.15;     ///< by which a half cycle ended below the cell's own, and came back at rest
inline constexpr double rest_least = 60.0;         ///< s without current, for a recovery to be its doing
inline constexpr double impedance_share = 0.70;    ///< as follow_share, of the impedance at the lowest common frequency (A34)
inline constexpr double electrolyte_frequency = 1e5; ///< Hz; interfaces answer below it (A33)
// Contact (A12)
inline constexpr double contact_ratio = 4.0;       ///< three quarters of the contact gone
inline constexpr double arc_share = 0.5;           ///< by Butler-Volmer an interface has 0.57 of its resistance at 0.1 V (A80)
inline constexpr double open_voltage = 0.5;        ///< V without current: no symmetric cell has one
// Judgement (A13 to A15)
inline constexpr double score_short = 0.50;        ///< a half cycle with at least this score is shorted
inline constexpr double unfired_cap = 0.30;        ///< most that a deciding test gives below its threshold
inline constexpr double weight_noise = 0.40;       ///< what a supporting test gives when it fires
inline constexpr double weight_jumps = 0.40;
inline constexpr double weight_flat = 0.35;
inline constexpr double weight_mean = 0.35;
inline constexpr double weight_asymmetry = 0.50;   ///< temperature, pressure and native layers act on both directions
inline constexpr double weight_recovery = 0.35;
inline constexpr double weight_impedance = 0.40;
inline constexpr double weight_bursts = 0.25;      ///< a short of noise; where the noise test fires too, only that one counts
inline constexpr double weight_history = 0.25;     ///< an earlier half cycle was shorted
inline constexpr double hard_share = 0.35;         ///< a short of at most half the cell's own resistance is a hard one
inline constexpr double open_share = 0.50;         ///< above this share the short has opened again: soft
inline constexpr double unseen_pause = 3600.0;     ///< s; a collapse found after a longer pause was not seen to happen
inline constexpr double onset_share = 0.10;        ///< the first sudden fall of this size before a short is its onset
inline constexpr double left_course = 0.05;        ///< below the expected course by that, once a short is established (A74): between a leak and a short
inline constexpr double memory = 6.0;              ///< healthy half cycles that a new one is compared with
// Conditions and completeness
inline constexpr double pressure_change = 0.20;    ///< share by which the stack pressure may change within the comparison
inline constexpr double activation = 34735.0;      ///< J/mol, 0.36 eV of Li6PS5Cl (read), where the cell file gives none
inline constexpr double complete_share = 0.90;     ///< of the usual duration or charge, for a half cycle to count as passed
inline constexpr double full_cell_voltage = 1.0;   ///< V; both directions above it: not a symmetric cell

// Full cells (A21 to A28)
inline constexpr double charge_fall = 0.05;        ///< V; noise and voids are smaller, a short that matters is not
inline constexpr double charge_below = 0.02;       ///< V; a cell being charged has more than before it was
inline constexpr double charge_excess = 1.20;      ///< times the largest earlier charge
inline constexpr double stated_excess = 1.30;      ///< times the stated capacity, which is that of the weighed mass
inline constexpr double cutoff_missed = 0.05;      ///< V below the usual end of a charge
inline constexpr double stall_window = 0.10;       ///< of the usual charge, over which a rise is looked for
inline constexpr double stall_share = 0.20;        ///< of the least rise in earlier charges
inline constexpr double efficiency_share = 0.85;   ///< of the usual coulombic efficiency
inline constexpr double efficiency_fall = 0.05;    ///< below the usual efficiency, where that is known to a sixth of this
inline constexpr double efficiency_least = 0.01;   ///< below the usual efficiency, however alike earlier cycles were
inline constexpr double dip_least = 2e-3;          ///< V; smallest brief dip that is counted while no earlier half cycle shows what the reading does by itself (assumed)
inline constexpr double change_least = 5e-4;       ///< V; smallest sudden change beside the course that is counted: 0.01 % of 5 V, what cyclers state of their linearity
inline constexpr double leak_counts = 0.06;        ///< of the current beside the electrolyte: where one that grows is said to begin, half-way between 2 % and 10 %
inline constexpr double lag_gain = 30.0;           ///< by which a leak must lessen chi squared: one false alarm in 10^6 for three numbers
inline constexpr double charge_jump = 0.02;        ///< V; smallest sudden fall while charging that is counted
inline constexpr double collapse_share = 0.50;     ///< of the voltage before the fall: below it the short is a hard one
inline constexpr double contact_capacity = 0.50;   ///< of the usual charge: less was passed
inline constexpr double contact_rise = 2.0;        ///< times the usual jump at a switch of the current
inline constexpr double leak_ratio = 3.0;          ///< self-discharge at rest against the usual one
inline constexpr double leak_persists = 0.80;      ///< slope in the last quarter of a rest over that in the third: relaxation slows down
inline constexpr double leak_rest = 600.0;         ///< s; a shorter rest is all relaxation
inline constexpr double hold_rise = 0.05;          ///< of the set current, by which it rises while a voltage is held
inline constexpr double push_share = 0.70;         ///< MPa per charge against the usual; the leak of a third of the current
inline constexpr double push_resolved = 0.10;      ///< a standard error of the usual MPa per charge above this share says nothing
inline constexpr double weight_leak = 0.40;
inline constexpr double weight_hold = 0.35;
inline constexpr double weight_push = 0.40;
inline constexpr double weight_balance = 0.40;
inline constexpr double weight_fallen = 0.35;
inline constexpr double weight_lag = 0.40;
inline constexpr double weight_cutoff = 0.35;      ///< what a supporting test gives when it fires
inline constexpr double weight_stall = 0.35;
inline constexpr double weight_efficiency = 0.40;
inline constexpr double life_cycles = 5.0;         ///< at one current, and three times as many as before: no ramp

// Figures of merit (docs/theory/merit.md)
inline constexpr double same_limit = 0.02;         ///< half cycles that end within this share of one voltage met one limit
inline constexpr double steps_missing = 0.9;       ///< increments beyond the usual one by which a ramp skips a step
inline constexpr double stripping_rise = 0.10;     ///< of the overpotential within a half cycle: the stripped electrode loses contact
inline constexpr double rise_noise = 6.0;          ///< standard errors of that rise
inline constexpr double steady_temperature = 1.0;  ///< K; more moves a resistance by 4 % and hides what stripping does
// Standard uncertainties where the cell file states none (docs/theory/merit.md); relative unless a unit is given
inline constexpr double assumed_area = 0.02;       ///< a die or punch of 10 mm is known to 0.1 mm
inline constexpr double assumed_length = 0.03;     ///< a pellet of 0.6 mm by calliper or micrometer, and its unevenness
inline constexpr double assumed_mass = 0.01;       ///< 75 mg, weighed to 0.1 mg, less what sticks to the die
inline constexpr double assumed_other = 0.05;      ///< densities, specific capacities, pressures
inline constexpr double assumed_temperature = 2.0; ///< K; within a chamber
inline constexpr double contradiction = 2.0;       ///< combined standard uncertainties from which two statements contradict each other

struct Row {
  std::string_view name;
  double value;
  std::string_view unit;
};
inline constexpr std::array table{
    Row{"unequal_interfaces", unequal_interfaces, "1"}, Row{"zero_drift", zero_drift, "V"},   Row{"zero_wander", zero_wander, "V"},
    Row{"coarsest_step", coarsest_step, "V"},
    Row{"drop_share", drop_share, "1"},         Row{"drop_span", drop_span, "s"},
    Row{"drop_noise", drop_noise, "1"},         Row{"drop_below_base", drop_below_base, "1"},
    Row{"drop_elevated", drop_elevated, "1"},   Row{"drop_over_history", drop_over_history, "1"},
    Row{"small_fall", small_fall, "1"},         Row{"below_course", below_course, "1"},
    Row{"sink_share", sink_share, "1"},         Row{"sink_drift", sink_drift, "1"},
    Row{"course_alarms", course_alarms, "1"},
    Row{"floor_share", floor_share, "1"},       Row{"any_separator", any_separator, "ohm m2"},
    Row{"follow_share", follow_share, "1"},     Row{"mean_share", mean_share, "1"},
    Row{"level_noise", level_noise, "1"},       Row{"unknown_offset", unknown_offset, "V"},
    Row{"noise_ratio", noise_ratio, "1"},       Row{"noise_share", noise_share, "1"},
    Row{"jump_share", jump_share, "1"},         Row{"jump_noise", jump_noise, "1"},
    Row{"event_noise", event_noise, "1"},       Row{"event_share", event_share, "1"},
    Row{"event_steps", event_steps, "1"},       Row{"event_odds", event_odds, "1"},
    Row{"event_rare", event_rare, "1"},         Row{"event_change", event_change, "1"},
    Row{"event_habit", event_habit, "1"},
    Row{"left_course", left_course, "1"},
    Row{"jump_count", jump_count, "1"},         Row{"flat_ratio", flat_ratio, "1"},
    Row{"flat_least", flat_least, "1"},         Row{"contact_ratio", contact_ratio, "1"},
    Row{"arc_share", arc_share, "1"},
    Row{"open_voltage", open_voltage, "V"},     Row{"score_short", score_short, "1"},
    Row{"unfired_cap", unfired_cap, "1"},       Row{"weight_noise", weight_noise, "1"},
    Row{"weight_jumps", weight_jumps, "1"},     Row{"weight_flat", weight_flat, "1"},
    Row{"weight_mean", weight_mean, "1"},       Row{"weight_history", weight_history, "1"},
    Row{"asymmetry_share", asymmetry_share, "1"}, Row{"recovery_share", recovery_share, "1"},
    Row{"rest_least", rest_least, "s"},         Row{"impedance_share", impedance_share, "1"},
    Row{"unknown_temperature", unknown_temperature, "K"},
    Row{"electrolyte_frequency", electrolyte_frequency, "Hz"},
    Row{"weight_asymmetry", weight_asymmetry, "1"}, Row{"weight_recovery", weight_recovery, "1"},
    Row{"weight_impedance", weight_impedance, "1"}, Row{"weight_bursts", weight_bursts, "1"},
    Row{"hard_share", hard_share, "1"},
    Row{"open_share", open_share, "1"},         Row{"onset_share", onset_share, "1"},
    Row{"unseen_pause", unseen_pause, "s"},
    Row{"memory", memory, "1"},                 Row{"pressure_change", pressure_change, "1"},
    Row{"activation", activation, "J/mol"},     Row{"complete_share", complete_share, "1"},
    Row{"full_cell_voltage", full_cell_voltage, "V"},
    Row{"charge_fall", charge_fall, "V"},       Row{"charge_below", charge_below, "V"},
    Row{"charge_excess", charge_excess, "1"},   Row{"stated_excess", stated_excess, "1"},
    Row{"cutoff_missed", cutoff_missed, "V"},   Row{"stall_window", stall_window, "1"},
    Row{"stall_share", stall_share, "1"},       Row{"efficiency_share", efficiency_share, "1"},
    Row{"efficiency_fall", efficiency_fall, "1"},
    Row{"efficiency_least", efficiency_least, "1"}, Row{"dip_least", dip_least, "V"},
    Row{"change_least", change_least, "V"},
    Row{"leak_counts", leak_counts, "1"},       Row{"lag_gain", lag_gain, "1"},
    Row{"weight_balance", weight_balance, "1"}, Row{"weight_fallen", weight_fallen, "1"}, Row{"weight_lag", weight_lag, "1"},
    Row{"charge_jump", charge_jump, "V"},       Row{"collapse_share", collapse_share, "1"},
    Row{"contact_capacity", contact_capacity, "1"}, Row{"contact_rise", contact_rise, "1"},
    Row{"leak_ratio", leak_ratio, "1"},         Row{"leak_persists", leak_persists, "1"},
    Row{"leak_rest", leak_rest, "s"},           Row{"hold_rise", hold_rise, "1"},
    Row{"push_share", push_share, "1"},         Row{"push_resolved", push_resolved, "1"},
    Row{"weight_leak", weight_leak, "1"},       Row{"weight_hold", weight_hold, "1"},
    Row{"weight_push", weight_push, "1"},
    Row{"weight_cutoff", weight_cutoff, "1"},   Row{"weight_stall", weight_stall, "1"},
    Row{"weight_efficiency", weight_efficiency, "1"}, Row{"life_cycles", life_cycles, "1"},
    // figures of merit and checklist
    Row{"same_limit", same_limit, "1"},         Row{"steps_missing", steps_missing, "1"},
    Row{"stripping_rise", stripping_rise, "1"}, Row{"rise_noise", rise_noise, "1"},
    Row{"steady_temperature", steady_temperature, "K"}, Row{"assumed_area", assumed_area, "1"},
    Row{"assumed_length", assumed_length, "1"}, Row{"assumed_mass", assumed_mass, "1"},
    Row{"assumed_other", assumed_other, "1"},   Row{"assumed_temperature", assumed_temperature, "K"},
    Row{"contradiction", contradiction, "1"}};

} // namespace platen::thresholds

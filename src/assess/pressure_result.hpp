#pragma once
// What the stack pressure says of a cell and of what holds it. Equations: docs/theory/pressure.md.

#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace platen {

/// A number with its standard error.
struct Measured {
  double value = 0.0, error = 0.0;
};

struct PressureCycle {
  std::size_t cycle = 0;
  double minimum = 0, maximum = 0, swing = 0; ///< Pa; the swing is without `jumps` and without what temperature did
  double start = 0, end = 0;                  ///< test time, s
  double drift = 0;                           ///< Pa from its first to its last readings, without jumps
  std::size_t jumps = 0;                      ///< in it, taken out of swing and drift
  double swing_of_noise = 0;                  ///< Pa: swing that the noise of the readings makes of a pressure that stands still, about
  double drift_error = 0;                     ///< Pa, standard error by that noise
};

enum class JumpKind { by_hand, thermal, spike };
std::string_view label(JumpKind kind); ///< "by hand", "thermal", "spike"

/// A change of the pressure that the cell did not make (R3).
struct PressureJump {
  JumpKind kind = JumpKind::by_hand;
  double start = 0, end = 0; ///< s: last reading before, first one after
  double size = 0;           ///< Pa
  double error = 0;          ///< Pa, standard error
  std::optional<double> temperature_change; ///< K, where there is a channel
  std::string reason;        ///< one sentence
};

/// How the pressure follows the temperature (R5).
struct ThermalResponse {
  Measured coefficient{std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}; ///< Pa/K
  double correlation = 0;    ///< of pressure and temperature once everything else is taken out of both
  double range = 0;          ///< K, over which the temperature moved
  double thermometer = 0;    ///< K, noise of one reading of it (R1)
  std::string refused;       ///< why no coefficient can be told; empty when it can
  bool removed = false;      ///< taken out of cycles and regressions
};

/// dP/dQ in one half cycle (R6). Per area of the cell where that is known, else per coulomb.
struct HalfCyclePressure {
  std::size_t half_cycle = 0; ///< index
  int direction = 0;          ///< sign of the current
  double pressure = 0;        ///< Pa, mean
  double charge = 0;          ///< C/m2 (C without an area), magnitude
  Measured slope;             ///< Pa per C/m2 (Pa/C), over the whole half cycle
  Measured end_slope;         ///< the same over its last two fifths: past what friction holds back
  std::size_t readings = 0;
};

/// (R7): all half cycles together.
struct PressureRegression {
  bool per_area = false;      ///< slopes in Pa per C/m2; else Pa/C
  Measured slope;
  Measured drift;             ///< Pa/s that charge does not explain
  std::optional<Measured> stiffness; ///< Pa/m of lithium plated; known with the area
  double noise = 0;           ///< Pa, of one reading, the white part
  double memory = 0;          ///< s, of the part that decays; 0: none
  double slow_noise = 0;      ///< Pa, standard deviation of that part
  std::size_t readings = 0, half_cycles = 0, levels = 0; ///< one level before and after every jump
};

/// (R8): charge and discharge of one cycle.
struct PressureLoop {
  std::size_t cycle = 0;
  Measured area;              ///< Pa C/m2 (Pa C): positive when the pressure is higher while charging
  Measured gap;               ///< Pa at mid charge, charging minus discharging, the drift taken out
  double swing = 0;           ///< Pa
  std::vector<double> charge, charging, discharging; ///< C/m2 (C) and Pa on an even grid, for a picture
};

enum class FixtureBehaviour { fixed_gap, constant_pressure, cannot_tell };
std::string_view label(FixtureBehaviour behaviour); ///< "fixed gap", "constant pressure", "cannot tell"

struct FixtureJudgement {
  FixtureBehaviour behaviour = FixtureBehaviour::cannot_tell;
  std::optional<Measured> figure; ///< (R9): relative change of the pressure per C/m2, past friction, m2/C
  double low = 0, high = 0;       ///< 95 % interval of it
  std::string reason;             ///< one sentence with the figure that decided
};

/// What a law says of the future; an end that the data leave open is infinite.
struct Forecast {
  double value = 0, low = 0, high = 0; ///< 95 % band
};

enum class RelaxationKind { logarithmic, stretched, two_exponentials };
std::string_view label(RelaxationKind kind); ///< "logarithmic", "stretched exponential", "two exponentials"

struct NamedNumber {
  std::string name, unit; ///< SI
  Measured number;
};

/// One law fitted to one hold: (R11) to (R13).
struct RelaxationLaw {
  RelaxationKind kind = RelaxationKind::logarithmic;
  std::vector<NamedNumber> parameters;
  double noise = 0;             ///< Pa, white part of one reading
  double slow_noise = 0, memory = 0; ///< Pa, s: the part with memory
  double aicc = 0, behind = 0;  ///< (R14); behind the best law
  double weight = 0;            ///< Akaike's, over the three
  std::optional<double> final_pressure;  ///< Pa; none for the logarithm
  std::optional<Forecast> ninety;        ///< s after the start of the hold: 90 % of the whole change is over
  std::optional<Forecast> below_noise;   ///< s: what is still to come is less than `quiet`
  std::optional<Forecast> next;          ///< Pa: change while the hold lasts as long again; forecasts: laws of weight 5 % or more
  std::vector<double> fitted;   ///< Pa, at PressureHold::time
};

/// A stretch without current and without a jump.
struct PressureHold {
  double start = 0, end = 0;           ///< test time, s
  double first = 0, last = 0;          ///< Pa
  std::size_t readings = 0;
  double resolution = 0;               ///< Pa: noise or step of one reading, whichever is larger
  std::optional<double> temperature, temperature_range; ///< K, mean and from the 1st to the 99th percentile
  std::string refused;                 ///< why no law was fitted; empty when laws were
  std::vector<double> time, pressure;  ///< s since the start and Pa, what was fitted (merged readings), temperature taken out
  std::vector<RelaxationLaw> laws;     ///< the best first
  std::vector<double> change, change_error; ///< Pa, at `time`: what the best law says since the start, standard error
  double start_error = 0;              ///< Pa: what passed before the first reading is not known to within this
  bool relaxes = false;                ///< some law explains more than a constant level (R14)
  // Of all laws that the data do not exclude (weight of 5 % and more):
  bool may_not_saturate = false;       ///< the logarithm is among them
  std::optional<double> hindcast;      ///< Pa: measured end minus what the best law says of it from the first half alone
  bool hindcast_failed = false;        ///< further from zero than its error allows: upper ends are open then
  std::optional<Forecast> ninety, below_noise; ///< s; none when no law that saturates is among them
  std::optional<Forecast> next;        ///< Pa
  std::string saturation;              ///< one sentence
};

/// (R16): what is left of the change when that of the empty fixture is taken away.
struct PressureRemainder {
  double time = 0;          ///< s since the start of both holds
  double loaded = 0, empty = 0; ///< Pa, changes until then
  Measured remains;         ///< Pa
};

struct FixtureComparison {
  std::string file;         ///< of the empty fixture
  double loaded_start = 0, empty_start = 0; ///< Pa, where both holds begin
  std::vector<PressureRemainder> at;
  std::optional<Measured> share; ///< of the change at the last time that the empty fixture explains, 1
  std::vector<double> time, loaded, empty, remainder; ///< s, Pa: measured changes on one time base, for a picture
  std::vector<std::string> notes; ///< what makes it doubtful
  std::string reason;
};

struct PressureAssessment {
  std::vector<PressureCycle> cycles; ///< while current flows
  std::optional<double> largest_change_while_cycling; ///< Pa, max - min over all of the cycling
  std::optional<double> after_release; ///< Pa, when cycling starts
  std::optional<double> after_first_half_cycle; ///< Pa, at its end: of a full cell the end of the first charge
  double noise = 0;      ///< Pa, of one reading, from neighbours
  double resolution = 0; ///< Pa, noise or step of one reading, whichever is larger
  std::vector<PressureJump> jumps;
  std::optional<ThermalResponse> thermal;
  std::vector<HalfCyclePressure> half_cycles;
  std::optional<PressureRegression> regression;
  std::vector<PressureLoop> loops;
  FixtureJudgement fixture;
  std::vector<PressureHold> holds;
  std::optional<FixtureComparison> empty_fixture;
};

} // namespace platen

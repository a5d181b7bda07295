#pragma once
// Direct current through a pellet at constant voltage: what is left when ions have stopped is electrons. Theory:
// docs/theory/impedance.md, (D1) to (D4).

#include "impedance/solid.hpp"
#include "record/record.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace platen::impedance {

struct PolarisationOptions {
  Uncertain voltage;   ///< applied, V; negative voltages with negative currents are the same cell turned round
  Uncertain leakage;   ///< current of the instrument without a cell at that voltage, A
  std::optional<Uncertain> thickness, area; ///< m, m2: for the conductivity
};

struct Transient {
  double amplitude = 0.0; ///< at the start, A
  double time = 0.0;      ///< s
  std::string what;       ///< "capacitive": the fastest one; "ionic relaxation": slower ones
};

struct Polarisation {
  Uncertain steady;            ///< extrapolated to infinite time, leakage subtracted, A
  Uncertain last;              ///< mean of the last tenth of the time, leakage subtracted, A: what is usually quoted
  std::vector<Transient> transients;
  std::string law;             ///< of the fall that the data favour: "constant", "1 exponential" ..., "power of time"
  double noise = 0.0;          ///< standard deviation of a reading, A
  double resolution = 0.0;     ///< step of the readings, A; 0: finer than the noise
  double trend = 0.0, trend_error = 0.0; ///< slope over the last third, A/s
  bool stationary = false;     ///< the trend is not there, and last agrees with steady
  bool significant = false;    ///< steady is above its error by a factor of three
  double duration = 0.0;       ///< s
  std::optional<Uncertain> conductivity; ///< electronic, S/m
  double needed = 0.0;         ///< time after which the last reading would have been within 5 % of steady, s; 0: it was, or not known
  std::vector<std::string> warnings;
};

/// Judges a polarisation: `time` since the voltage was applied (s, rising), `current` (A), the same length, 20 readings or more.
/// @throws Error D216.
Polarisation polarisation(std::span<const double> time, std::span<const double> current, const PolarisationOptions& options);

/// The stretch of a record in which a voltage was held.
struct Held {
  std::vector<double> time, current; ///< s since the voltage was applied; A
  double voltage = 0.0;              ///< mean, V
};
/// The longest stretch at one voltage (within 5 % and 2 mV of its first reading) other than zero, or at `voltage` when given; the whole record
/// when it has no voltage but `voltage` is given. @throws Error D060 (no time or current), D216 (no such stretch), D218 (a current
/// was held there, not the voltage).
Held held_voltage(const Record& record, std::optional<double> voltage);

} // namespace platen::impedance

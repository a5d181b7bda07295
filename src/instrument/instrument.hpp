#pragma once
// Makes an ideal record look measured: sampling, noise, drift, offset, quantisation, range limits, clocks.

#include "record/record.hpp"

#include <cstdint>
#include <optional>

namespace platen {

/// What one channel of an instrument does to a value. Applied in this order: offset, gain, drift, noise, limits, quantum.
struct Channel {
  double offset = 0.0;   ///< SI of the channel
  double gain = 1.0;     ///< 1
  double drift = 0.0;    ///< SI per s
  double noise = 0.0;    ///< standard deviation, SI
  double quantum = 0.0;  ///< resolution, SI; 0: none
  std::optional<double> low, high; ///< saturation, SI
};

/// What an impedance analyser and its cables do to a spectrum (docs/formats/record.md).
struct Analyser {
  double noise = 0.0;      ///< standard deviation of the real and of the imaginary part, as a share of the modulus
  double gain = 1.0;       ///< 1
  double inductance = 0.0; ///< of the cables, H
  double delay = 0.0;      ///< phase error that grows with the frequency, s
};

struct Instrument {
  std::string name;
  Analyser impedance;
  Channel voltage, current, pressure, temperature;
  double sample_interval = 0.0;       ///< s; 0: every row of the ideal record
  double pressure_interval = 0.0;     ///< s; 0: as the cycler
  double pressure_clock_offset = 0.0; ///< s by which the logger's clock is ahead
  double dropout_share = 0.0;         ///< share of pressure samples that are missing (NaN)
};

/// A battery cycler (5 V, 10 mA range) and a load-cell reader as found in labs; every number with its basis in
/// docs/formats/record.md. @param voltage_offset of the cycler, V; a range of 5 V specified to 0.1 % allows 5 mV.
Instrument typical_instrument(double voltage_offset = 1e-3);

/// A potentiostat in its range of 1 uA with an impedance analyser: what a pellet's electronic conductivity is measured with.
Instrument sensitive_instrument();

/// The record such an instrument would have written. Deterministic for a seed. Drops what no instrument sees (states,
/// balances), keeps cell, study, events it can know (steps, spectra) and provenance with the seed; the seed of the simulation
/// goes to metadata["simulation_seed"].
///
/// At a sample the current and the step columns are those of the last ideal row before it; voltage, pressure and
/// temperature lie on the line to the next ideal row if that belongs to the same step, else they are those of the last
/// row, so that a switched current smears nothing. Capacities are integrals of the current with the channel's offset,
/// gain and drift (a cycler integrates much faster than it records, so that its noise averages out).
/// The pressure in a row is the logger's latest reading on its own clock. Spectra get the analyser's errors.
/// @throws Error D060 when test_time is missing, D061 when it runs backwards; B005 for a negative interval, noise or quantum, or a share of dropouts
///   outside [0, 1].
Record measure(const Record& ideal, const Instrument& instrument, std::uint64_t seed);

} // namespace platen

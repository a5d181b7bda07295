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

struct Instrument {
  std::string name;
  Channel voltage, current, pressure, temperature;
  double sample_interval = 0.0;       ///< s; 0: every row of the ideal record
  double pressure_interval = 0.0;     ///< s; 0: as the cycler
  double pressure_clock_offset = 0.0; ///< s by which the logger's clock is ahead
  double dropout_share = 0.0;         ///< share of pressure samples that are missing (NaN)
};

/// A battery cycler and load cell as found in labs: 5 V / 10 mA range, 0.1 mV quantum ... (sources in the docs).
Instrument typical_instrument();

/// The record such an instrument would have written. Deterministic for a seed. Drops what no instrument sees (states,
/// balances), keeps cell, events it can know (steps) and provenance with the seed.
Record measure(const Record& ideal, const Instrument& instrument, std::uint64_t seed);

} // namespace platen

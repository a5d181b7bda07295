#pragma once
// The readings of a record's stack pressure with what went on at them, jumps found and taken out.

#include "assess/pressure_result.hpp"
#include "record/record.hpp"
#include "record/segments.hpp"

#include <cstddef>
#include <vector>

namespace platen::assessing {

/// Readings of the load cell that are numbers, in order of time. Vectors are of one length, or empty where the record
/// does not have the channel.
struct PressureSeries {
  std::vector<double> time, pressure;  ///< s, Pa
  std::vector<double> charge;          ///< C/m2 or C in the cell, from the current; empty without one
  std::vector<double> temperature;     ///< K, single gaps bridged
  std::vector<int> half_cycle;         ///< index of the half cycle, -1 at rest
  std::vector<std::size_t> level;      ///< how many jumps by hand lie before
  std::vector<double> clean;           ///< Pa, jumps by hand taken out: as if the last level had always been set
  std::vector<char> spoiled;           ///< within a jump or a spike
  bool per_area = false;
  double interval = 0;                 ///< s, usual
  double noise = 0, resolution = 0;    ///< Pa, (R1) and (R2)
  std::vector<PressureJump> jumps;
  std::size_t size() const { return time.size(); }
};

/// Rows whose value differs from the one before: a cycler repeats the reading of a slower logger.
std::vector<std::size_t> fresh_rows(const std::vector<double>& values);

/// Medians of three neighbours, so that one bad sample of a load cell is not taken for a swing; an end has that of its neighbour.
std::vector<double> medians_of_three(const std::vector<double>& values);

/// Rows for which a reading of a slower logger stands, 1 where the logger is not slower: its stairs are no jumps.
std::size_t repeats_of(const std::vector<double>& pressure);

/// (R1): departure of a reading from the line between its neighbours, robustly, unit of the values; 0 for fewer than five that differ.
double noise_of_readings(const std::vector<double>& time, const std::vector<double>& values);

/// @throws Error D060 when test_time or stack_pressure is missing.
PressureSeries pressure_series(const Record& record, const Segments& segments);

/// Finds jumps (R3) and spikes and fills `jumps`, `level`, `clean` and `spoiled`.
void find_pressure_jumps(PressureSeries& series);

/// Pressure against temperature (R5), legs of the temperature added to the jumps as thermal ones, and the response taken
/// out of `clean` where it is certain. Puts in place of the temperature as read what it was, given all readings (R19).
std::optional<ThermalResponse> find_thermal_response(PressureSeries& series);

/// Readings merged to at most about `most`, evenly.
struct Merged {
  std::vector<double> time, pressure, charge, temperature, count;
  std::vector<std::size_t> level;
  std::size_t size() const { return time.size(); }
};
/// `rows` in order; merged readings are of one level and one half cycle.
Merged merge_readings(const PressureSeries& series, const std::vector<std::size_t>& rows, std::size_t most);

} // namespace platen::assessing

#pragma once
// A record cut into half cycles, each as overpotential and resistance with its noise, levels and shape.

#include "assess/assessment.hpp"
#include "assess/offset.hpp"

#include <array>
#include <limits>
#include <string>
#include <vector>

namespace platen::assessing {

/// Test time, voltage and current of a record as plain rows; gaps filled with the value before.
struct Rows {
  std::vector<double> time, voltage, current; ///< s, V, A
  std::size_t voltages_missing = 0;
  bool current_recorded = true;               ///< false: the constant current of the cell file
};
/// @throws Error D060 when test_time or voltage is missing, or current without a constant one in the cell file.
Rows rows_of(const Record& record);

/// Standard deviation of means of m neighbouring rows, measured for m = 1, 2, 4, 8, 16: noise that wanders does not average out.
struct NoiseModel {
  std::array<double, 5> deviation{}; ///< V
  double at(std::size_t rows) const; ///< V, for a mean of `rows` rows
};
inline constexpr std::array<std::size_t, 5> noise_rows{1, 2, 4, 8, 16};
/// 1, kappa(T) / kappa(25 degC) of the cell's electrolyte; a temperature (K) that cannot be is that of the cell file.
double thermal_factor(const CellInfo& cell, double temperature);

/// (A43) of one run of rows for m > 1, from second differences of means of m rows; 0 where there are too few, and for m = 1, see noise_of.
NoiseModel noise_model(const std::vector<double>& raw);

inline constexpr std::size_t course_parts = 24;

/// One half cycle. Overpotential is the voltage without offset, counted along the current, so that a healthy one is positive.
struct Trace {
  HalfCycle half_cycle;
  bool last_of_record = false;
  std::vector<double> time;     ///< s
  std::vector<double> u;        ///< V, overpotential, single outliers removed (median of three)
  std::vector<double> raw;      ///< V, overpotential as recorded
  std::vector<double> current;  ///< A, magnitude
  std::vector<double> recorded_time, recorded; ///< s, V: every row as recorded where some crowd, which `raw` does not have (make_even_in_time); else empty
  std::vector<double> r;        ///< ohm, u / current
  std::vector<double> log_course; ///< 1, logarithm of the resistance (ohm at 25 degC), averaged over five rows: later half cycles are held against it (A73)
  double interval = 0;          ///< s, usual time between rows
  double last_raw = 0;          ///< ohm, the last row as it stands
  NoiseModel noise_of_means;    ///< of the whole record
  std::vector<double> course;   ///< ohm, mean resistance in `course_parts` equal parts of the half cycle; NaN where a part has no rows
  double sunk = std::numeric_limits<double>::quiet_NaN(); ///< 1, logarithm of the mean resistance in the last 15 % of the half cycle over that in 30 to 50 %
  double late = 0;              ///< ohm, mean resistance in the last 15 % of the half cycle
  double sunk_error = 0;        ///< 1, of noise
  double burst = 0;             ///< V, largest noise (A2) of a stretch of 21 rows
  double noise = 0;             ///< V, standard deviation of one row over the whole record, from differences (A2)
  double own_noise = 0;         ///< V, as noise, of this half cycle
  double scatter = 0;           ///< V, robust scatter about the half cycle's own trend (A3)
  double low = 0, middle = 0, end = 0; ///< ohm, levels (A4)
  double level_noise = 0;       ///< V, standard error of r_low times the current
  double middle_noise = 0;      ///< V, standard error of r_med times the current
  double resolution = 0;        ///< V, smallest step of the recorded voltage; 0 when it is not seen
  double rounding = 0;          ///< V, by which steps of the recorded voltage blur a level however many rows it has
  double offset_error = 0;      ///< V, how well the zero of the voltage is known
  double shape = 0;             ///< 1, spread of the levels over the half cycle against their median
  double thermal = 1;           ///< 1, kappa(T) / kappa(25 degC): resistances times this are compared
  double temperature = 0;       ///< K
  double pressure = 0;          ///< Pa, median; 0 when not measured
  double pressure_change = 0;   ///< 1, from the first to the last tenth of the half cycle, over the median
  double mean_current() const;  ///< A, magnitude
  std::size_t part_of(std::size_t row) const; ///< of the course
  /// Whether its levels say something: four rows (fewer at the record's end), and no voltage against the current beyond noise and zero error.
  bool has_levels() const;
};
std::vector<Trace> make_traces(const Record& record, const Rows& rows, const Segments& segments, const Offset& offset);

/// V by which rounding blurs a level of rows with that noise (V, at least a step over sqrt 12): 0 where noise spreads them over steps.
double rounding_blur(const std::vector<double>& raw, double noise);

/// (A44) V, the step in which the instrument writes its voltage: the smallest change between neighbouring rows under current, where
/// the other small changes are whole multiples of it; 0 where they are not, where there are few, or above thresholds::coarsest_step.
double voltage_resolution(const Rows& rows, const Segments& segments);

/// (A2): standard deviation of one row of a trace.
double noise_of(const std::vector<double>& raw);

/// Median of three rows. The last row of a half cycle is often read after the current was switched; only where the record
/// ends is it taken as it stands, because there it may be all that is seen of a short.
std::vector<double> without_outliers(const std::vector<double>& raw, bool last_of_record);

/// Gives every row the same weight in time. Cyclers that also record on a change of the voltage crowd their rows where it jumps:
/// crowded rows are averaged over the usual interval, single ones (just after a switch) left out.
void make_even_in_time(Trace& trace);

/// Test time of the first row from which the resistance stays below `resistance` for a twentieth of the half cycle (or to its
/// end), so that the charging of capacitances is not meant; the half cycle's start when that is its first row, s.
double first_below(const Trace& trace, double resistance);

/// A number as it is said to people, with that many significant digits, but never 5e+03 for 5000.
std::string say_number(double value, int digits);
/// How a current is said to people: "2.15 mA/cm2", or "1.69 mA" when the area is not known.
std::string say_current(double current, const std::optional<double>& area);

} // namespace platen::assessing

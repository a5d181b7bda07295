#pragma once
// One impedance spectrum, as measured or simulated.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace platen {

/// What was modulated while a spectrum was taken.
enum class Modulation { unknown, voltage, current };

/// Impedance of the whole cell over frequency, in the order of measurement. Every vector has `size()` entries, but
/// `time`, which is empty when the points have no time of their own.
struct Spectrum {
  std::vector<double> frequency; ///< Hz
  std::vector<double> real;      ///< ohm
  std::vector<double> imaginary; ///< ohm; negative for a capacitor, whatever sign the file uses
  std::vector<double> time;      ///< test time of each point, s

  double start = std::numeric_limits<double>::quiet_NaN();     ///< test time of the first point, s; NaN: unknown
  double unix_time = std::numeric_limits<double>::quiet_NaN(); ///< s since 1970-01-01 UTC of the first point; NaN: unknown
  std::int32_t cycle_count = 0;                                ///< as the vendor shows it; 0: unknown
  Modulation modulation = Modulation::unknown;
  std::optional<double> amplitude;   ///< of the modulation, peak, V or A
  std::optional<double> dc_voltage;  ///< mean over the spectrum, V
  std::optional<double> dc_current;  ///< mean over the spectrum, A
  std::optional<double> temperature; ///< K
  std::string label;                 ///< what the file calls it: technique, loop, cell

  std::size_t size() const noexcept { return frequency.size(); }
};

} // namespace platen

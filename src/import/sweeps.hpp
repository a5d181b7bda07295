#pragma once
// Rows of an impedance measurement become spectra, one per sweep. Every reader of impedance ends here.

#include "record/spectrum.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace platen {

/// What a file holds of its impedance, row by row in the order of the file. A vector is empty when the file does not
/// have it, else as long as `frequency`.
struct ImpedanceRows {
  std::vector<double> frequency;   ///< Hz; a row without a positive one belongs to no sweep
  std::vector<double> real;        ///< ohm
  std::vector<double> imaginary;   ///< ohm; negative for a capacitor
  std::vector<double> time;        ///< test time, s
  std::vector<double> unix_time;   ///< s since 1970-01-01 UTC
  std::vector<double> dc_voltage;  ///< V
  std::vector<double> dc_current;  ///< A
  std::vector<double> temperature; ///< K
  std::vector<double> amplitude;   ///< of the modulation, peak, V or A; a spectrum gets its median
  std::vector<std::int32_t> cycle; ///< a new number begins a new sweep
  Modulation modulation = Modulation::unknown;
  std::string label; ///< of every spectrum
};

/// One spectrum per sweep: a sweep ends where the cycle number changes, where the frequency turns round, and where rows
/// without a frequency come between. Frequencies within 1 ppm of each other do not turn round. Rows whose impedance is
/// not finite are left out, and so are sweeps of which nothing is left.
std::vector<Spectrum> split_sweeps(const ImpedanceRows& rows);

/// Real and imaginary part from modulus and phase. @param phase of the impedance, rad; negative for a capacitor.
void set_polar(ImpedanceRows& rows, const std::vector<double>& modulus, const std::vector<double>& phase);

} // namespace platen

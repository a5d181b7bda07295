#pragma once
// What the spectra of a record say of a short: the resistance that no healthy cell falls below, and a low-frequency impedance that collapses.

#include "assess/evidence.hpp"

#include <optional>
#include <vector>

namespace platen::assessing {

/// One spectrum as two resistances.
struct SpectrumLevels {
  double time = 0;              ///< s
  std::optional<Level> high;    ///< ohm, of the electrolyte: where the imaginary part vanishes at high frequency
  Level low;                    ///< ohm, real part at the lowest frequency that the spectra of the record have in common
  double thermal = 1;           ///< 1, kappa(T) / kappa(25 degC) when it was taken
};

class SpectraBeside {
public:
  SpectraBeside() = default;
  /// Spectra with a time, in its order; others are left out.
  explicit SpectraBeside(const Record& record);

  /// Lowest high-frequency resistance of the spectra, ohm.
  /// The same between two times, at 25 degC.
  std::optional<Level> floor_between(double from, double to) const;
  /// (A34) `trace` and the spectra between its end and `until`, against those before its start; `frozen`: no later spectrum is a measure.
  Evidence collapsed(const Trace& trace, double until, double frozen, const Context& context) const;

  double common_frequency() const { return lowest_; } ///< Hz

private:
  std::vector<SpectrumLevels> levels_;
  double lowest_ = 0; ///< Hz
};

} // namespace platen::assessing
